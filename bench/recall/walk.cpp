// SPDX-License-Identifier: MIT
// What does a walk find, how fast, and what does its net take?
//
// Why:  speed without recall says nothing: figures are given at the least effort that reaches .95 and .99.
//       The net is the same with codes and without, so one is built and asked over both kinds of rows. `compared`
//       counts vectors; codes are not counted.
// Limit: 165 bytes per entry above the vector: the goal is 160, and growth keeps a thirty-second in hand.
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "recall/judged.hpp"
#include "recall/tables.hpp"

namespace bench {
namespace {

struct walk_case {
    std::string what;
    cloud_spec spec;
    recall::metric by = recall::metric::cosine;
};

/// Rows as they are and coded, and a net over either.
struct netted {
    netted(recall::metric by, std::size_t dimension)
        : plain({by, dimension}), coded({by, dimension, recall::coding::bytes}) {}
    void reserve(std::size_t count) {
        for (recall::rows* const r : {&plain, &coded}) {
            auto room = r->more(count);
            r->adopt(room);
        }
    }
    /// ns
    double add(std::span<float const> vector) {
        auto const m = plain.compare().measure(vector).value();
        coded.write(m);
        coded.publish();
        double const begin = thread_time();
        std::uint32_t const slot = plain.next();
        plain.write(m);
        net.plan_add(plain, slot);
        net.apply();
        plain.publish();
        return thread_time() - begin;
    }
    recall::search_info ask(recall::rows const& over, recall::measured query, std::size_t effort) {
        auto const info =
            net.search(over, query, {.k = 10, .effort = effort}, recall::detail::anyone{}, own);
        own.best.settle();
        return info;
    }
    recall::rows plain;
    recall::rows coded;
    recall::hnsw net;
    recall::scratch own;
};

struct asked_with {
    std::string name;
    recall::rows const* over;
    std::size_t effort;
    quality found;
};

void one_case(suite& out, walk_case const& with) {
    std::string const title =
        "walk " + with.what + " " + size_text(with.spec.count, with.spec.dimension);
    if (!out.wants(title)) return;
    cloud const base = make_cloud(with.spec);
    cloud_spec other = with.spec;
    other.count = 500;
    other.seed = 2;
    cloud const queries = make_cloud(other);
    netted in{with.by, with.spec.dimension};
    in.reserve(base.size());
    double build = 0;
    for (std::size_t i = 0; i < base.size(); ++i) {
        build += in.add(base[i]);
        if (i % 256 == 0) out.progress(title, static_cast<int>(i), static_cast<int>(base.size()));
    }
    double const n = static_cast<double>(base.size());
    double const vectors = n * static_cast<double>(with.spec.dimension) * sizeof(float);
    double const above = (static_cast<double>(in.plain.bytes() + in.net.bytes()) - vectors) / n;
    out.limit("bytes per entry above the vector, " + title, above, 160);
    if (out.check()) return;

    auto const truth = truth_of(in.plain, queries, 10);
    auto const measured = measured_all(in.plain, queries);
    auto const judge = [&](recall::rows const& over, std::size_t effort) {
        recall_count count;
        double compared = 0;
        for (std::size_t q = 0; q < measured.size(); ++q) {
            compared += in.ask(over, measured[q], effort).compared;
            for (recall::near const one : in.own.best) count.found(one.slot, truth[q]);
            count.asked(truth[q]);
        }
        return quality{count.share(), compared / static_cast<double>(measured.size())};
    };
    std::vector<asked_with> all;
    for (recall::rows const* const over : {&in.plain, &in.coded}) {
        double goal = .95;
        for (std::size_t effort = 10; effort <= 2000 && goal < 1;
             effort += effort < 100 ? 2 : effort / 20) {
            quality const found = judge(*over, effort);
            for (; found.recall >= goal && goal < 1; goal += goal < .99 ? .04 : 1)
                all.push_back(
                    {(over == &in.plain ? "exact, " : "codes, ")
                         + std::string(goal < .99 ? ".95" : ".99"),
                     over, effort, found});
        }
    }
    std::vector<candidate> candidates;
    for (asked_with const& a : all)
        candidates.push_back({a.name, [&in, &measured, a] {
                                  for (recall::measured const q : measured)
                                      do_not_optimise(in.ask(*a.over, q, a.effort));
                              }});
    auto const times =
        out.measure({.title = title, .per = static_cast<double>(measured.size())}, candidates);
    std::vector<row> rows;
    for (std::size_t i = 0; i < all.size(); ++i)
        rows.push_back(
            {all[i].name,
             {static_cast<double>(all[i].effort), all[i].found.recall,
              1e9 / times.found[i].figure.median, all[i].found.compared, build / n * 1e-3, above}});
    out.table(
        title + " (" + std::to_string(times.rounds) + " rounds)",
        {"effort", "recall@10", "queries/s", "compared", "us/added", "bytes above"}, rows);
}

} // namespace

void table_walk(suite& out) {
    std::size_t const many = out.full() || out.check() ? 20'000 : 10'000;
    one_case(out, {"heaps", {.count = many, .dimension = 128}});
    if (out.check() || !out.full()) return;
    one_case(out, {"heaps", {.count = 100'000, .dimension = 128}});
    one_case(out, {"heaps", {.count = 10'000, .dimension = 768}});
    one_case(out, {"cube", {.count = 20'000, .dimension = 32, .centres = 0}, recall::metric::l2});
}

} // namespace bench
