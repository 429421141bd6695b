// SPDX-License-Identifier: MIT
// Whatever links are said in whatever order: the graph is the model's, and always the same.
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include <runnel/graph.hpp>

#include "graph/cases.hpp"
#include "support/catch.hpp"
#include "support/law.hpp"

using namespace graph_test;

namespace {

void equals_model(law::gen& g, types kinds) {
    said_graph const said = any_graph(g, 40, kinds);
    runnel::graph::built const b = built(said);
    std::string const wrong = difference(observe(b), model{said.nodes, said.links}.expected());
    g.holds(wrong.empty(), wrong);
    g.holds(b.graph.node_count() == said.nodes, "as many nodes as said");
    g.holds(b.graph.link_count() == said.links.size(), "as many links as said");
}

} // namespace

TEST_CASE("a built graph of one link type equals the model", "[graph][builder]") {
    law::for_all(700, [](law::gen& g) { equals_model(g, types::one); });
}

TEST_CASE("a built graph of several link types equals the model", "[graph][builder]") {
    law::for_all(700, [](law::gen& g) { equals_model(g, types::several); });
}

TEST_CASE("the order in which links are said changes nothing", "[graph][builder]") {
    law::for_all(700, [](law::gen& g) {
        said_graph said = any_graph(g, 30, g.flag() ? types::several : types::one);
        runnel::graph::built const first = built(said);
        g.shuffle(said.links);
        runnel::graph::built const second = built(said);
        std::string const wrong = difference(observe(second), observe(first));
        g.holds(wrong.empty(), wrong);
        g.holds(first.graph.bytes() == second.graph.bytes(), "graphs of equal size in memory");
        g.holds(first.store.bytes() == second.store.bytes(), "stores of equal size in memory");
    });
}

TEST_CASE("what a graph calls its only link type does not depend on order", "[graph][builder]") {
    law::for_all(200, [](law::gen& g) {
        said_graph said = any_graph(g, 6, types::several);
        runnel::graph::built const first = built(said);
        g.shuffle(said.links);
        runnel::graph::built const second = built(said);
        g.holds(
            first.graph.only_link_type() == second.graph.only_link_type(),
            "only_link_type() is the same for every order of the links");
    });
}

TEST_CASE("one by one, both ways and in bulk say the same", "[graph][builder]") {
    law::for_all(300, [](law::gen& g) {
        auto const nodes = g.integer(1U, 5U, "nodes");
        auto const specs = g.list(12, [&] {
            return runnel::link_spec{
                node_at(g.integer(0U, nodes - 1)), node_at(g.integer(0U, nodes - 1)),
                g.one_of({1.0, .5, 1e-30, 3e30}),
                runnel::link_type{g.integer<std::uint16_t>(0, 5)}};
        });
        runnel::graph::builder singly;
        runnel::graph::builder in_bulk;
        runnel::graph::builder paired;
        std::vector<runnel::link_spec> twice;
        for (auto* b : {&singly, &in_bulk, &paired}) b->nodes(nodes);
        for (auto const& spec : specs) {
            twice.push_back(spec);
            twice.push_back({spec.to, spec.from, spec.weight, spec.type});
            paired.both_ways(spec);
        }
        for (auto const& spec : twice) singly.link(spec);
        in_bulk.links(twice);
        facts const expected = observe(std::move(singly).build().value());
        std::string wrong = difference(observe(std::move(in_bulk).build().value()), expected);
        g.holds(wrong.empty(), wrong);
        wrong = difference(observe(std::move(paired).build().value()), expected);
        g.holds(wrong.empty(), wrong);
    });
}

TEST_CASE("a link between two nodes is found, the first in canonical order", "[graph][topology]") {
    law::for_all(500, [](law::gen& g) {
        said_graph const said = any_graph(g, 20, types::several);
        runnel::graph::built const b = built(said);
        auto const canonical = model{said.nodes, said.links}.links();
        auto const from = g.integer(0U, said.nodes + 1, "find from");
        auto const to = g.integer(0U, said.nodes + 1, "find to");
        runnel::link_id expected = runnel::no_link;
        for (std::uint32_t i = 0; i < canonical.size() && expected == runnel::no_link; ++i)
            if (canonical[i].from == from && canonical[i].to == to) expected = runnel::link_id{i};
        g.holds(b.graph.find({node_at(from), node_at(to)}) == expected, "find is a search");
    });
}

TEST_CASE("graph and store may be moved apart, and know the same", "[graph][builder]") {
    law::for_all(200, [](law::gen& g) {
        said_graph const said = any_graph(g, 20, types::several);
        runnel::graph::built b = built(said);
        facts const before = observe(b);
        runnel::graph const graph = std::move(b.graph);
        runnel::graph::store const store = std::move(b.store);
        std::string const wrong = difference(observe(graph, store), before);
        g.holds(wrong.empty(), wrong);
    });
}

TEST_CASE("linear weights become their nearest log-weight", "[graph][builder]") {
    law::for_all(500, [](law::gen& g) {
        double const weight = g.magnitude(-180, 180, "weight");
        runnel::graph::builder b;
        b.nodes(2);
        b.link({node_at(0), node_at(1), weight});
        auto const said = runnel::log_weight::from_weight(weight).value();
        auto const made = std::move(b).build().value();
        g.holds(made.store.best(node_at(0)).lw == said, "the row holds ln w");
    });
}
