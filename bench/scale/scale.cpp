// SPDX-License-Identifier: MIT
// How does the cost of a frame grow: with the nodes, with the links, with how many are active?
//
// Why:  a frame should cost what it moves, not what the graph has. Three questions, one table each: graphs of 2^14 to
//       2^20 nodes (2^22 with --full) at a fixed frontier; 4 to 68 links per node at a fixed frontier; 1 to 10^5 active
//       nodes of one graph.
// Frame: the field is reset, seeds are injected, and one tick is timed alone: choose, stage, commit, decay, and the books
//       per node type. Each frame has other seeds than the one before, all nodes in turn, so that nothing waits in the
//       cache; every candidate gets the same ones. Seeds have four links or more: every frame is equally many strides.
// Against: bare loops over arrays (support/floor.hpp) on the same seeds, which move the energy and do nothing else.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <runnel/engine.hpp>

#include "support/calls.hpp"
#include "support/floor.hpp"
#include "support/graphs.hpp"
#include "support/harness.hpp"

namespace {

using runnel::node_id;

constexpr double seed_units = 50;
constexpr std::uint32_t least_links = 4;

/// A graph as the library has it and as bare loops do.
struct world {
    explicit world(bench::rmat_spec const& spec) {
        auto const list = bench::rmat(spec);
        nodes = list.nodes;
        links = list.links.size();
        heads = bench::floor::heads(list);
        rows = bench::floor::sorted_rows(list, heads);
        for (std::uint32_t const node : bench::some_nodes(nodes, nodes, 7))
            if (heads[node].degree >= least_links) seeds.push_back(node);
        runnel::graph::builder b;
        b.nodes(nodes);
        for (bench::link const& l : list.links) b.link({node_id{l.from}, node_id{l.to}, l.weight});
        built.emplace(std::move(b).build().value());
    }
    std::uint32_t nodes = 0;
    std::size_t links = 0;
    std::vector<bench::floor::row_head> heads;
    std::vector<bench::floor::row_entry> rows;
    std::vector<std::uint32_t> seeds; // in random order
    std::optional<runnel::graph::built> built;
};

enum class links_used : std::uint32_t { best = 1, four = 4, all = bench::floor::all_links };

runnel::config settings(links_used how, runnel::storage where) {
    runnel::config c;
    c.storage = where;
    c.decay.base = 1e-3; // so that there is something to decay
    if (how == links_used::four) {
        c.split = {.enabled = true, .k = 4};
        c.fanout.low = c.fanout.high =
            5; // four links or fewer: all of them; more: the four heaviest
        c.fanout.selective_k = 4;
    } else if (how == links_used::all) {
        c.split = {.enabled = true, .all_kept = true};
        c.fanout.reduction = runnel::fanout::reduction::none;
    }
    return c;
}

struct by_engine {
    by_engine(world const& w, std::size_t active, links_used how, runnel::storage where)
        : engine(
            runnel::make_engine(w.built->graph, std::as_const(w.built->store), settings(how, where))
                .value()),
          field(engine.make_field()),
          seeds(w.seeds, active) {}
    double operator()() {
        return bench::time_of_call(
            [&] {
                field.reset();
                stimuli.clear();
                for (std::uint32_t const n : seeds.next())
                    stimuli.push_back({node_id{n}, seed_units});
                engine.inject(field, stimuli).value();
            },
            [&] { strides = engine.tick(field, {.dt = 1}).value().strides; });
    }
    runnel::engine<runnel::graph_rows> engine;
    runnel::field field;
    bench::turns seeds;
    std::vector<runnel::stimulus> stimuli;
    std::uint64_t strides = 0; // of the last frame
};

struct by_loop {
    by_loop(world const& w, std::size_t active, links_used how)
        : on(w), links(static_cast<std::uint32_t>(how)), seeds(w.seeds, active), records(w.nodes) {}
    double operator()() {
        constexpr auto held = std::uint64_t{static_cast<std::uint64_t>(seed_units)} << 40;
        constexpr std::uint64_t sent = std::uint64_t{1} << 58; // 1/64
        return bench::time_of_call(
            [&] {
                for (std::uint32_t const n : now) {
                    bench::floor::row_head const& h = on.heads[n];
                    records[n].held = 0;
                    records[h.best].held = 0;
                    if (links == 1) continue;
                    for (std::uint32_t i = 0; i < std::min(links, h.degree); ++i)
                        records[on.rows[h.row + i].to].held = 0;
                }
                now = seeds.next();
                for (std::uint32_t const n : now) records[n].held = held;
            },
            [&] {
                if (links == 1)
                    bench::floor::apart(on.heads, records, now, sent);
                else
                    bench::floor::share({on.heads, on.rows}, records, now, sent, links);
                bench::do_not_optimise(records.data());
            });
    }
    world const& on;
    std::uint32_t links;
    bench::turns seeds;
    std::vector<bench::floor::energy_record> records;
    std::span<std::uint32_t const> now;
};

/// One row of a table: bare loop and engine, taking turns.
struct asked {
    std::string title; // what the --only option looks at
    std::string name;
    links_used how = links_used::best;
    std::size_t active = 0;
};
std::vector<std::string> const columns{"nodes",    "links", "active", "bare ns", "frame ns",
                                       "dense ns", "ratio", "p10",    "p90"};

void measure(bench::suite& out, world const& w, asked const& a, std::vector<bench::row>& to) {
    std::size_t const active = std::min(a.active, w.seeds.size());
    by_loop bare{w, active, a.how};
    by_engine paged{w, active, a.how, runnel::storage::paged};
    by_engine dense{w, active, a.how, runnel::storage::dense};
    // A round is 2 ms for each of the three, or three frames of each with what prepares them.
    double const round = std::max(6e6, 5000.0 * static_cast<double>(active));
    auto const m = out.measure(
        {.title = a.title + ", " + a.name,
         .per = static_cast<double>(active),
         .rounds = static_cast<int>(std::clamp(out.seconds() * 1e9 / round, 7.0, 1001.0))},
        {{"bare loop", {}, [&] { return bare(); }},
         {"frame", {}, [&] { return paged(); }},
         {"dense", {}, [&] { return dense(); }}});
    std::uint64_t const expected = a.how == links_used::best   ? active
                                   : a.how == links_used::four ? 4 * active
                                                               : paged.strides;
    out.expect(
        a.title + ", " + a.name + ": " + std::to_string(expected) + " strides a frame",
        paged.strides == expected && dense.strides == expected);
    auto const& ratio = m.found[1].ratio;
    to.push_back(
        {a.name,
         {static_cast<double>(w.nodes), static_cast<double>(w.links), static_cast<double>(active),
          m.found[0].figure.median, m.found[1].figure.median, m.found[2].figure.median,
          ratio.median, ratio.low, ratio.high}});
}

char const* words(links_used how) {
    return how == links_used::best   ? "K = 1"
           : how == links_used::four ? "top 4 by softmax"
                                     : "all links";
}

/// Graphs are made when first asked for; of two questions about one, the second finds it here.
class kept_worlds {
public:
    world const& at(bench::suite const& out, bench::rmat_spec const& spec) {
        if (made_ && spec.scale == spec_.scale && spec.links_per_node == spec_.links_per_node)
            return *made_;
        out.progress("a graph of 2^" + std::to_string(spec.scale) + " nodes");
        made_.reset();
        made_ = std::make_unique<world>(spec);
        spec_ = spec;
        return *made_;
    }

private:
    std::unique_ptr<world> made_;
    bench::rmat_spec spec_;
};

/// Cost against the size of the graph.
void against_nodes(bench::suite& out, kept_worlds& worlds) {
    struct table {
        links_used how;
        std::size_t active;
        std::vector<bench::row> rows = {};
    };
    std::vector<table> tables;
    for (links_used const how : {links_used::best, links_used::four})
        for (std::size_t const active : {100U, 10'000U}) tables.push_back({how, active});
    auto const title = [](table const& t) {
        return std::string("Against nodes, ") + words(t.how) + ", " + std::to_string(t.active)
               + " active: ns per active node";
    };
    for (int const scale : {14, 16, 18, 20, 22}) {
        if (scale > 20 && !out.full()) continue;
        for (table& t : tables)
            if (out.wants(title(t)))
                measure(
                    out, worlds.at(out, {.scale = scale}),
                    {title(t), "RMAT " + std::to_string(scale), t.how, t.active}, t.rows);
    }
    for (table const& t : tables)
        if (out.wants(title(t))) out.table(title(t), columns, t.rows);
}

/// Cost against the links of each node, beside frames that look at all of them.
void against_links(bench::suite& out, kept_worlds& worlds) {
    constexpr std::size_t active = 1000;
    std::vector<std::pair<links_used, std::vector<bench::row>>> tables{
        {links_used::best, {}}, {links_used::four, {}}, {links_used::all, {}}};
    auto const title = [](links_used how) {
        return std::string("Against links, ") + words(how) + ", 1000 active: ns per active node";
    };
    for (int const links : {4, 16, 68}) {
        for (auto& [how, rows] : tables)
            if (out.wants(title(how)))
                measure(
                    out, worlds.at(out, {.scale = 18, .links_per_node = links / 2}),
                    {title(how), std::to_string(links) + " links per node", how, active}, rows);
    }
    for (auto const& [how, rows] : tables)
        if (out.wants(title(how))) out.table(title(how), columns, rows);
}

/// Cost against how many are active.
void against_frontier(bench::suite& out, kept_worlds& worlds) {
    for (links_used const how : {links_used::best, links_used::four}) {
        std::string const title =
            std::string("Against the frontier, ") + words(how) + ", RMAT 18: ns per active node";
        if (!out.wants(title)) continue;
        std::vector<bench::row> rows;
        for (std::size_t active = 1; active <= 100'000; active *= 10)
            measure(
                out, worlds.at(out, {.scale = 18}),
                {title, std::to_string(active) + " active", how, active}, rows);
        out.table(title, columns, rows);
    }
}

} // namespace

int main(int argc, char** argv) {
    bench::suite out{
        argc, argv, "scale",
        "How does the cost of a frame grow: with the nodes, with the links, with how many are "
        "active?"};
    if (!out.rest().empty()) {
        std::fprintf(
            stderr, "bench_scale: unknown option %s; --help lists them\n", out.rest()[0].c_str());
        return 2;
    }
    out.say(
        "frame: one tick of a field that was reset and seeded: choose, stage, commit, decay, books "
        "per node type\nbare:  the same energy moved over arrays, and nothing else; dense: a field "
        "of "
        "one record per node\nratio: frame over bare loop, in turns, with its 10th and 90th "
        "percentile");
    kept_worlds worlds;
    against_frontier(out, worlds);
    against_links(out, worlds);
    against_nodes(out, worlds);
    return out.finish();
}
