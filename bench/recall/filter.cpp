// SPDX-License-Identifier: MIT
// Does a filtered search take the better of its two ways?
//
// Why:  few admitted: a walk goes far to meet them, a scan is done soon. Many: the other way round. The share at
//       which they cross is guessed by `scan_rather`.
// Against: scanning what is admitted, and the walk alone (`scan_rather` out of reach). Goal: at least .8 of
//       the speed of the better one at every share.
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <string>
#include <utility>
#include <vector>

#include "recall/judged.hpp"
#include "recall/tables.hpp"

namespace bench {
namespace {

void one_size(suite& out, std::size_t count, std::size_t dimension) {
    std::string const title = "filter " + size_text(count, dimension);
    if (!out.wants(title)) return;
    cloud const base = make_cloud({.count = count, .dimension = dimension});
    cloud const queries = make_cloud({.count = 50, .dimension = dimension, .seed = 2});
    recall::rows rows{{recall::metric::cosine, dimension}};
    auto room = rows.more(count);
    rows.adopt(room);
    recall::hnsw usual;
    recall::hnsw walking{{.scan_rather = 1e-9}};
    for (std::size_t i = 0; i < count; ++i) {
        rows.write(rows.compare().measure(base[i]).value());
        std::uint32_t const slot = rows.next();
        for (recall::hnsw* const net : {&usual, &walking}) {
            net->plan_add(rows, slot);
            net->apply();
        }
        rows.publish();
        if (i % 256 == 0) out.progress(title, static_cast<int>(i), static_cast<int>(count));
    }
    auto const asked = measured_all(rows, queries);
    recall::scratch own;
    std::vector<row> table;
    double before_share = 0;
    double before_ratio = 0;
    double crossing = 0;
    double worst = 1;
    auto const one = [&](std::string const& name, double share, auto const& admits) {
        out.progress(title + ", " + name);
        auto const ask = [&](auto const& index, recall::measured q) {
            auto const info = index.search(rows, q, {.k = 10}, admits, own);
            own.best.settle();
            return info.by;
        };
        recall::flat const scan;
        auto const run = [&](auto const& index) {
            return [&] {
                for (recall::measured const q : asked) do_not_optimise(ask(index, q));
            };
        };
        auto const times = out.measure(
            {.title = title, .per = 1e3 * static_cast<double>(asked.size()), .rounds = 9},
            {{"ours", run(usual)}, {"scan", run(scan)}, {"walk", run(walking)}});
        auto const recall_by = [&](auto const& index) {
            recall_count found;
            for (recall::measured const q : asked) {
                ask(scan, q);
                slots truth;
                for (recall::near const n : own.best) truth.push_back(n.slot);
                std::sort(truth.begin(), truth.end());
                ask(index, q);
                for (recall::near const n : own.best) found.found(n.slot, truth);
                found.asked(truth);
            }
            return found.share();
        };
        double const by_scan = times.found[1].ratio.median;
        double const by_walk = times.found[2].ratio.median;
        double const better = std::min(by_scan, by_walk);
        worst = std::min(worst, better);
        table.push_back(
            {name,
             {times.found[0].figure.median, times.found[1].figure.median,
              times.found[2].figure.median, better,
              ask(usual, asked[0]) == recall::searched::scan ? 1.0 : 0.0, recall_by(usual),
              recall_by(walking)}});
        if (share <= 0) return;
        double const ratio = by_walk / by_scan; // falls with the share
        if (crossing == 0 && before_ratio > 0 && before_ratio < 1 && ratio >= 1) {
            double const at = std::log(1 / before_ratio) / std::log(ratio / before_ratio);
            crossing = std::exp(std::log(before_share) + at * std::log(share / before_share));
        }
        before_share = share;
        before_ratio = ratio;
    };
    for (double const percent : {100.0, 70.0, 50.0, 35.0, 20.0, 10.0, 5.0, 2.0, 1.0, .1}) {
        // A coin of the number's own: whom it admits is spread evenly.
        std::vector<char> admitted(count);
        random_words coin{77};
        for (char& a : admitted) a = coin.unit() * 100 < percent ? 1 : 0;
        char name[32];
        std::snprintf(name, sizeof name, "%g %%", percent);
        one(name, percent / 100, [&](std::uint32_t slot) { return admitted[slot] != 0; });
    }
    for (std::uint32_t const heaps : {30U, 10U, 1U}) // where the queries are not
        one("the last " + std::to_string(heaps) + " heaps of 100", 0,
            [&](std::uint32_t slot) { return base.heap[slot] >= 100 - heaps; });
    out.table(
        title + ", us/query; how fast against the better of scan and walk",
        {"ours", "scan", "walk", "of better", "scanned", "recall", "of walk"}, table);
    char text[160];
    if (crossing > 0)
        std::snprintf(
            text, sizeof text,
            "they cross where %.3g %% are admitted: scan_rather %.3g would scan from there on",
            100 * crossing,
            static_cast<double>(count) * crossing * crossing / recall::hnsw_config{}.effort);
    else
        std::snprintf(text, sizeof text, "they do not cross");
    out.say(text);
    std::snprintf(
        text, sizeof text, "%.2f of the better way at worst: the goal of .8 is %s", worst,
        worst >= .8 ? "reached" : "missed");
    out.say(text);
}

} // namespace

void table_filter(suite& out) {
    if (out.check()) return; // nothing here has a limit
    if (!out.full()) {
        one_size(out, 3'000, 128);
        return;
    }
    one_size(out, 10'000, 128);
    one_size(out, 10'000, 768);
    one_size(out, 100'000, 128);
}

} // namespace bench
