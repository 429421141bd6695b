// SPDX-License-Identifier: MIT
// What does a K = 1 stride cost, with all accounting, beside what the machine allows?
//
// Why:  a frame stages, commits, keeps books and looks after its frontier; the bare loop moves energy and no more.
// Against: `apart`, the loop over three lines (row head, source record, target record) that a library must touch when
//       many fields share one graph; `fused` is reported beside it. Eight fields of their own frontiers take turns, so
//       that a frame of 10 000 nodes does not find all of it in the second-level cache; the floor loops likewise. Nothing
//       decays, as in the bare loops; what decay adds is beside it.
//       In ns per active node. With --check the ratio to `apart` is judged: at most 2.
#include <cstdint>
#include <cstdio>
#include <string>
#include <utility>
#include <vector>

#include <runnel/cost.hpp>
#include <runnel/engine.hpp>

#include "support/built.hpp"
#include "support/floor.hpp"
#include "support/graphs.hpp"
#include "support/harness.hpp"

namespace {

using runnel::node_id;

constexpr std::size_t fields = 8;

/// Frames in which everybody sends a trifle and nobody switches.
struct by_engine {
    by_engine(
        runnel::graph::built const& on, std::vector<std::vector<std::uint32_t>> const& frontiers,
        runnel::storage kind, double decay = 0, std::uint32_t share = 0)
        : engine(runnel::make_engine(
                     on.graph, on.store,
                     {.min_transfer = 0,
                      .threshold = 1,
                      .storage = kind,
                      .reader = {.source = runnel::weight::source::unit},
                      .fanout = {.ties = runnel::fanout::ties::by_id},
                      .split = {.enabled = share > 0, .k = share > 0 ? share : 1},
                      .decay = {.base = decay, .flush_below = 0}})
                     .value()) {
        for (auto const& frontier : frontiers) {
            field.push_back(engine.make_field());
            for (std::uint32_t const node : frontier)
                engine.inject(field.back(), node_id{node}, 100).value();
            engine.tick(field.back(), {.dt = 1e-9}).value(); // pages are taken by the first
        }
    }
    void operator()() {
        bench::do_not_optimise(engine.tick(field[turn], {.dt = 1e-9}));
        turn = (turn + 1) % field.size();
    }
    runnel::engine<runnel::graph_rows> engine;
    std::vector<runnel::field> field;
    std::size_t turn = 0;
};

void compare(
    bench::suite& out, std::string const& name, bench::link_list const& list,
    runnel::graph::built const& on, std::uint32_t active) {
    std::string const title = name + ", " + std::to_string(active) + " active";
    if (!out.wants(title)) return;
    std::vector<std::vector<std::uint32_t>> frontiers;
    for (std::size_t i = 0; i < fields; ++i)
        frontiers.push_back(bench::some_nodes(list.nodes, active, 17 + i));
    auto const heads = bench::floor::heads(list);
    std::vector<std::vector<bench::floor::energy_record>> apart(
        fields, std::vector<bench::floor::energy_record>(list.nodes));
    std::vector<std::vector<bench::floor::fused_record>> fused(
        fields, std::vector<bench::floor::fused_record>(list.nodes));
    for (std::size_t i = 0; i < fields; ++i) {
        for (std::uint32_t n = 0; n < list.nodes; ++n) fused[i][n].head = heads[n];
        for (std::uint32_t const n : frontiers[i]) apart[i][n].held = fused[i][n].held = 1U << 30;
    }
    constexpr std::uint64_t share = 1U << 30; // 2^-34
    std::size_t turn = 0;
    std::size_t turn_fused = 0;
    by_engine dense{on, frontiers, runnel::storage::dense};
    by_engine paged{on, frontiers, runnel::storage::paged};
    by_engine decaying{on, frontiers, runnel::storage::dense, .01};
    by_engine four{on, frontiers, runnel::storage::dense, 0, 4};
    auto const found = out.compare(
        {.title = title, .unit = "ns/node", .per = static_cast<double>(active)},
        {{"bare, apart",
          [&] {
              bench::floor::apart(heads, apart[turn], frontiers[turn], share);
              bench::do_not_optimise(apart[turn][0]);
              turn = (turn + 1) % fields;
          }},
         {"bare, fused",
          [&] {
              bench::floor::fused(fused[turn_fused], frontiers[turn_fused], share);
              bench::do_not_optimise(fused[turn_fused][0]);
              turn_fused = (turn_fused + 1) % fields;
          }},
         {"engine, dense", [&] { dense(); }},
         {"engine, paged", [&] { paged(); }},
         {"engine, dense, decaying", [&] { decaying(); }},
         {"engine, dense, four share", [&] { four(); }}});
    if (!out.check()) return;
    out.limit(title + ": dense over apart", found[2].ratio.median, 2);
    out.limit(title + ": four over one", found[5].ratio.median / found[2].ratio.median, 2.5);
}

/// What does a look at every link cost, where no head tells which is the cheapest?
void compare_scans(
    bench::suite& out, std::string const& name, bench::link_list const& list,
    runnel::graph::built const& on) {
    constexpr std::uint32_t active = 10'000;
    std::string const title = name + ", rows scanned";
    if (!out.wants(title)) return;
    auto const frontier = bench::some_nodes(list.nodes, active, 17);
    auto const heads = bench::floor::heads(list);
    auto const rows = bench::floor::sorted_rows(list, heads);
    std::vector<bench::floor::energy_record> records(list.nodes);
    for (std::uint32_t const n : frontier) records[n].held = 1U << 30;
    auto const cost = [](runnel::candidate const& c) { return -c.lw.log(); };
    auto const engine = runnel::make_engine(
                            on.graph, on.store,
                            {.min_transfer = 0,
                             .threshold = 1,
                             .storage = runnel::storage::dense,
                             .reader = {.source = runnel::weight::source::unit},
                             .fanout =
                                 {.reduction = runnel::fanout::reduction::none,
                                  .ties = runnel::fanout::ties::by_id},
                             .decay = {.base = 0, .flush_below = 0}},
                            runnel::pipeline{}.with_cost(cost))
                            .value();
    auto field = engine.make_field();
    std::size_t links = 0;
    for (std::uint32_t const n : frontier) {
        engine.inject(field, node_id{n}, 100).value();
        links += on.store.degree(node_id{n});
    }
    auto const found = out.compare(
        {.title = title, .unit = "ns/link", .per = static_cast<double>(links)},
        {{"bare scan",
          [&] {
              bench::floor::scan({heads, rows}, records, frontier, 1U << 30);
              bench::do_not_optimise(records[0]);
          }},
         {"engine, a cost of one's own",
          [&] { bench::do_not_optimise(engine.tick(field, {.dt = 1e-9})); }}});
    if (out.check()) out.limit(title + ": over bare scan", found[1].ratio.median, 1.3);
}

/// The same frontier in a graph of seventeen times the links: what is not looked at should not matter.
void compare_degrees(bench::suite& out) {
    std::string const title = "17 times the links";
    if (!out.wants(title)) return;
    constexpr std::uint32_t active = 10'000;
    auto const thin = bench::rmat({.scale = 16, .links_per_node = 2});
    auto const thick = bench::rmat({.scale = 16, .links_per_node = 34});
    auto const on_thin = bench::built_of(thin);
    auto const on_thick = bench::built_of(thick);
    std::vector<std::vector<std::uint32_t>> frontier{bench::some_nodes(thin.nodes, active, 17)};
    by_engine few{on_thin, frontier, runnel::storage::dense};
    by_engine many{on_thick, frontier, runnel::storage::dense};
    auto const found = out.compare(
        {.title = title, .unit = "ns/node", .per = static_cast<double>(active)},
        {{"2 links a node", [&] { few(); }}, {"34 links a node", [&] { many(); }}});
    if (out.check()) out.limit(title + ": over few", found[1].ratio.median, 2.2);
}

/// A goal that comes again: its angle to a node is worked out once.
void compare_goals(bench::suite& out) {
    std::string const title = "A repeated goal";
    if (!out.wants(title)) return;
    constexpr std::uint32_t active = 3'000;
    auto const list = bench::rmat({.scale = 14});
    struct case_of {
        explicit case_of(bench::link_list const& links, std::uint32_t dimensions)
            : on([&] {
                  runnel::graph::builder b;
                  b.nodes(links.nodes);
                  bench::random_words words{dimensions};
                  std::vector<float> vector(dimensions);
                  for (std::uint32_t n = 0; n < links.nodes; ++n) {
                      for (float& x : vector) x = static_cast<float>(words.unit() - .5);
                      b.embedding(node_id{n}, vector);
                  }
                  for (bench::link const& l : links.links)
                      b.link({node_id{l.from}, node_id{l.to}, l.weight});
                  return std::move(b).build().value();
              }()),
              now(on.graph) {
            std::vector<float> aim(dimensions, 1.F);
            now.goal(aim).value();
        }
        runnel::graph::built on;
        runnel::cost::context now;
    };
    auto const of = [&](std::uint32_t dimensions) { return case_of{list, dimensions}; };
    auto const narrow = of(16);
    auto const wide = of(768);
    auto const engine_on = [](case_of const& c) {
        return runnel::make_engine(
                   c.on.graph, c.on.store,
                   {.min_transfer = 0,
                    .threshold = 1,
                    .storage = runnel::storage::dense,
                    .decay = {.base = 0, .flush_below = 0}},
                   runnel::pipeline{}.with_cost(runnel::cost::log_additive{c.now}))
            .value();
    };
    auto const by_narrow = engine_on(narrow);
    auto const by_wide = engine_on(wide);
    auto a = by_narrow.make_field();
    auto b = by_wide.make_field();
    for (std::uint32_t const n : bench::some_nodes(list.nodes, active, 17)) {
        by_narrow.inject(a, node_id{n}, 100).value();
        by_wide.inject(b, node_id{n}, 100).value();
    }
    auto const found = out.compare(
        {.title = title, .unit = "ns/node", .per = static_cast<double>(active)},
        {{"16 dimensions", [&] { bench::do_not_optimise(by_narrow.tick(a, {.dt = 1e-9})); }},
         {"768 dimensions", [&] { bench::do_not_optimise(by_wide.tick(b, {.dt = 1e-9})); }}});
    if (out.check()) out.limit(title + ": 768 over 16 dimensions", found[1].ratio.median, 1.3);
}

void compare_all(bench::suite& out, std::string const& name, bench::link_list const& list) {
    auto const on = bench::built_of(list);
    for (std::uint32_t const active : {100U, 10'000U}) compare(out, name, list, on, active);
    compare_scans(out, name, list, on);
}

} // namespace

int main(int argc, char** argv) {
    bench::suite out{
        argc, argv, "stride",
        "What does a K = 1 stride cost, with all accounting, beside what the machine allows?"};
    if (!out.rest().empty()) {
        std::fprintf(
            stderr, "bench_stride: unknown option %s; --help lists them\n", out.rest()[0].c_str());
        return 2;
    }
    if (out.wants("RMAT 16, 100 active") || out.wants("RMAT 16, 10000 active")
        || out.wants("RMAT 16, rows scanned"))
        compare_all(out, "RMAT 16", bench::rmat({.scale = 16}));
    if (out.wants("RMAT 20, 100 active") || out.wants("RMAT 20, 10000 active")
        || out.wants("RMAT 20, rows scanned"))
        compare_all(out, "RMAT 20", bench::rmat({.scale = 20}));
    if (out.wants("Grid, 100 active") || out.wants("Grid, 10000 active")
        || out.wants("Grid, rows scanned"))
        compare_all(out, "Grid", bench::grid({}));
    compare_degrees(out);
    compare_goals(out);
    return out.finish();
}
