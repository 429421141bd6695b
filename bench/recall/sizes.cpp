// SPDX-License-Identifier: MIT
// From how many entries on is a walk faster than a scan, and does `adaptive` know?
//
// Goal: adaptive within 1.2 times of the better one at every size.
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <string>
#include <vector>

#include "recall/judged.hpp"
#include "recall/tables.hpp"

namespace bench {

namespace {

void one_dimension(
    suite& out, std::size_t dimension, std::uint32_t centres,
    std::vector<std::size_t> const& sizes) {
    std::string const title = std::string("sizes, ") + (centres != 0 ? "heaps" : "cube") + " x "
                              + std::to_string(dimension);
    if (!out.wants(title)) return;
    cloud const base =
        make_cloud({.count = sizes.back(), .dimension = dimension, .centres = centres});
    cloud const queries =
        make_cloud({.count = 200, .dimension = dimension, .seed = 2, .centres = centres});
    auto flat = made_memory({.dimension = dimension}, recall::flat{});
    auto hnsw = made_memory({.dimension = dimension}, recall::hnsw{});
    auto either = made_memory({.dimension = dimension}, recall::adaptive{});
    std::vector<row> rows;
    std::size_t filled = 0;
    double before = 0;
    double crossing = 0;
    double worst = 0;
    for (std::size_t const size : sizes) {
        std::string const what = title + ", " + std::to_string(size);
        fill(out, what, flat, base, filled, size);
        fill(out, what, hnsw, base, filled, size);
        fill(out, what, either, base, filled, size);
        auto const run = [&](auto const& memory) {
            return [&] {
                for (std::size_t q = 0; q < queries.size(); ++q)
                    do_not_optimise(memory.search(queries[q]));
            };
        };
        auto const times = out.measure(
            {.title = what, .per = 1e3 * static_cast<double>(queries.size()), .rounds = 15},
            {{"flat", run(flat)}, {"hnsw", run(hnsw)}, {"adaptive", run(either)}});
        double const walk = times.found[1].ratio.median;
        double const mine = times.found[2].ratio.median / std::min(1.0, walk);
        worst = std::max(worst, mine);
        rows.push_back(
            {std::to_string(size),
             {times.found[0].figure.median, times.found[1].figure.median,
              times.found[2].figure.median, mine,
              quality_of(hnsw, queries, truth_of(hnsw.vectors(), queries, 10), {}).recall}});
        if (crossing == 0 && before > 1 && walk <= 1) {
            double const at = std::log(before) / std::log(before / walk);
            double const from = static_cast<double>(filled);
            crossing = from * std::exp(at * std::log(static_cast<double>(size) / from));
        }
        before = walk;
        filled = size;
    }
    out.table(title + ": us/query", {"flat", "hnsw", "adaptive", "to better", "walk recall"}, rows);
    char text[160];
    std::snprintf(
        text, sizeof text, "a walk is the faster one from about %.0f entries on", crossing);
    out.say(text);
    std::snprintf(
        text, sizeof text,
        "adaptive takes %.2f times the better one's time at worst: the goal of 1.2 is %s", worst,
        worst <= 1.2 ? "reached" : "missed");
    out.say(text);
}

} // namespace

void table_sizes(suite& out) {
    if (out.check()) return; // nothing here has a limit
    std::vector<std::size_t> sizes{100, 300, 1'000, 2'000, 3'000};
    if (out.full()) sizes.insert(sizes.end(), {5'000, 10'000, 30'000, 100'000});
    one_dimension(out, 128, 100, sizes);
    if (!out.full()) return;
    one_dimension(out, 768, 100, {1'000, 2'000, 3'000, 5'000, 10'000});
    one_dimension(out, 128, 0, {1'000, 2'000, 3'000, 5'000, 10'000, 30'000});
    one_dimension(out, 32, 100, {1'000, 2'000, 3'000, 5'000, 10'000});
}

} // namespace bench
