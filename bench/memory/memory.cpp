// SPDX-License-Identifier: MIT
// How many bytes do a graph and a field keep, per link and per node?
//
// Why:  who holds a graph in a process wants to know what it takes before trying.
// How:  what operator new has given and not got back, of an even graph of 100 000 nodes with 5 and with 20 links each: the
//       difference is what a link takes, the rest what a node takes. Beside it, what the library says of itself.
// Limit: 12 bytes a link and 32 a node as built; 8 a link more for types and for weights that are written; 32 a node of a
//       dense field; no allocation in a thousand steady frames; what is said, within 2 %.
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <string>
#include <utility>
#include <vector>

#include <runnel/engine.hpp>
#include <runnel/learn/strengthen.hpp>

#include "support/graphs.hpp"
#include "support/harness.hpp"
#include "support/heap.hpp"

namespace {

using runnel::node_id;

constexpr std::uint32_t nodes = 100'000;

runnel::graph::built even(std::uint32_t links_per_node, std::uint16_t types) {
    bench::random_words draw{1};
    runnel::graph::builder b;
    b.nodes(nodes);
    for (std::uint32_t n = 0; n < nodes; ++n)
        for (std::uint32_t i = 0; i < links_per_node; ++i)
            b.link(
                {.from = node_id{n},
                 .to = node_id{draw.below(nodes)},
                 .weight = .01 + draw.unit(),
                 .type = runnel::link_type{static_cast<std::uint16_t>(draw.below(types))}});
    return std::move(b).build().value();
}

struct taken {
    double per_link = 0;
    double per_node = 0;
    double told = 0; // over held
};
/// Of graph and store, after `use` had them.
template <class Use> taken of_graph(std::uint16_t types, Use&& use) {
    constexpr std::uint32_t degrees[] = {5, 20};
    double held[2]{};
    taken found;
    for (int i = 0; i < 2; ++i) {
        std::size_t const before = bench::heap::held;
        auto made = even(degrees[i], types);
        use(made);
        held[i] = static_cast<double>(bench::heap::held - before);
        found.told = static_cast<double>(made.graph.bytes() + made.store.bytes()) / held[i];
    }
    found.per_link = (held[1] - held[0]) / (nodes * 15.);
    found.per_node = held[0] / nodes - 5 * found.per_link;
    return found;
}

void table_graphs(bench::suite& out) {
    if (!out.wants("graph")) return;
    std::vector<bench::row> rows;
    auto const add = [&](std::string const& name, taken const& t, double most) {
        rows.push_back({name, {t.per_link, t.per_node, t.told}});
        out.limit("bytes a link, " + name, t.per_link, most);
        out.limit("bytes told over held, " + name, t.told, 1.02);
        out.limit("bytes held over told, " + name, 1 / t.told, 1.02);
    };
    taken const plain = of_graph(1, [](auto&) {});
    add("as built", plain, 12);
    out.limit("bytes a node, as built", plain.per_node, 32);
    add("four types", of_graph(4, [](auto&) {}), 20);
    add("once a weight was written",
        of_graph(
            1,
            [](runnel::graph::built& made) {
                made.store.assign({{runnel::link_id{0}, runnel::log_weight::from_log(.5).value()}})
                    .value();
            }),
        20.1);
    add("once it learned",
        of_graph(
            1,
            [](runnel::graph::built& made) {
                auto const engine =
                    runnel::make_engine(
                        made.graph, made.store, {},
                        runnel::pipeline{}.with_learning(runnel::learn::strengthen{}))
                        .value();
                auto field = engine.make_field();
                engine.inject(field, node_id{0}, 1).value();
                for (int i = 0; i < 10; ++i) engine.tick(field).value();
            }),
        20.1);
    out.table("bytes of graph and store", {"a link", "a node", "told/held"}, rows);
}

void table_fields(bench::suite& out) {
    if (!out.wants("field")) return;
    auto const made = even(5, 1);
    std::vector<bench::row> rows;
    struct touched {
        char const* name;
        std::uint32_t every; // so many nodes one
    };
    for (runnel::storage const kind : {runnel::storage::dense, runnel::storage::paged})
        for (touched const t :
             {touched{"no node", nodes}, touched{"one node in 1000", 1000},
              touched{"one node in 64", 64}, touched{"all", 1}}) {
            auto const engine =
                runnel::make_engine(made.graph, std::as_const(made.store), {.storage = kind})
                    .value();
            std::vector<runnel::stimulus> seeds;
            for (std::uint32_t n = 0; n < nodes && t.every < nodes; n += t.every)
                seeds.push_back({node_id{n}, 10});
            std::size_t const before = bench::heap::held;
            auto field = engine.make_field();
            if (!seeds.empty()) engine.inject(field, seeds).value();
            auto const held = static_cast<double>(bench::heap::held - before);
            std::string const name =
                std::string{kind == runnel::storage::dense ? "dense, " : "paged, "} + t.name;
            rows.push_back(
                {name,
                 {held / nodes, seeds.empty() ? 0 : held / static_cast<double>(seeds.size()),
                  static_cast<double>(field.bytes() - sizeof field) / held}});
            if (t.every != 1) continue;
            out.limit("bytes a node, " + name, held / nodes, 42);
            std::size_t taken = 0;
            for (int life = 0; life < 2; ++life) { // the first makes what the second finds
                field.reset();
                engine.inject(field, seeds).value();
                std::size_t const from = bench::heap::count;
                for (int i = 0; i < 1000; ++i) engine.tick(field).value();
                taken = bench::heap::count - from;
            }
            out.limit("allocations in 1000 frames, " + name, static_cast<double>(taken), 0);
        }
    out.table("bytes of a field of 100 000 nodes", {"a node", "a touched", "told/held"}, rows);
}

} // namespace

int main(int argc, char** argv) {
    bench::suite out{argc, argv, "memory", "How many bytes do a graph and a field keep?"};
    if (!out.rest().empty()) {
        std::fprintf(
            stderr, "bench_memory: unknown option %s; --help lists them\n", out.rest()[0].c_str());
        return 2;
    }
    table_graphs(out);
    table_fields(out);
    return out.finish();
}
