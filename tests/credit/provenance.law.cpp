// SPDX-License-Identifier: MIT
// Tracing back closes exactly, whatever ran.
#include <vector>

#include <runnel/credit/provenance.hpp>
#include <runnel/engine.hpp>

#include "support/catch.hpp"
#include "support/law.hpp"

using namespace runnel;

namespace {

struct world {
    graph::built built;
    config settings;
};
world drawn(law::gen& g) {
    graph::builder b;
    auto const n = g.integer(2U, 40U, "nodes");
    b.nodes(n);
    for (int i = 0, links = g.integer(1, 200, "links"); i < links; ++i) {
        node_id const from{g.integer(0U, n - 1)};
        b.link({from, node_id{g.integer(0U, n - 1)}, g.real(.01, 1)});
    }
    config c;
    c.alpha = g.real(.01, 1);
    c.transfer_cap = g.real(.2, 1);
    c.threshold = g.real(0, .01);
    c.decay.base = g.real(0, .2);
    c.seed = g.integer(0U, 1000U);
    c.split = {.enabled = g.flag(), .k = g.integer(1U, 6U)};
    return {std::move(b).build().value(), c};
}

} // namespace

TEST_CASE("claims of seeds sum to what a node holds or received, to the quantum", "[credit]") {
    law::for_all(300, [](law::gen& g) {
        auto const w = drawn(g);
        credit::flow_recorder flow;
        auto const engine =
            make_engine(w.built.graph, w.built.store, w.settings, pipeline{}.with_sink(flow))
                .value();
        session run{engine};
        std::uint32_t const n = w.built.graph.node_count();
        for (int round = 0, rounds = g.integer(1, 4); round < rounds; ++round) {
            for (int i = 0, gifts = g.integer(0, 4); i < gifts; ++i)
                run.inject(node_id{g.integer(0U, n - 1)}, g.real(0, 3)).value();
            run.run(g.integer(1U, 6U)).value();
        }
        run.settle().value();
        credit::provenance why{flow};
        for (std::uint32_t i = 0; i < n; ++i) {
            node_id const node{i};
            for (bool const received : {false, true}) {
                double const units = received ? run.received(node) : run.energy_of(node);
                auto const from = received ? why.of_received(node) : why.of_energy(node, units);
                g.holds(from.total() == credit::in_quanta(units), "the total is the node's");
                credit::quanta seeds = 0;
                for (auto const& s : from.seeds()) {
                    seeds += s.amount;
                    g.holds(s.amount > 0, "a seed has a claim");
                    if (!received)
                        g.holds(
                            s.amount <= flow.gifts()[s.gift].amount,
                            "no seed has a claim on more than it gave");
                }
                g.holds(from.unknown() == 0, "nothing was there before");
                g.holds(seeds == from.total(), "claims of seeds sum to the total");
                auto const shown = from.paths(3);
                credit::quanta ways = shown.rest;
                for (auto const& p : shown.paths) {
                    ways += p.amount;
                    g.holds(p.nodes.back() == node, "a path ends at the node");
                    g.holds(p.links.size() + 1 == p.nodes.size(), "links lie between nodes");
                    for (std::size_t l = 0; l < p.links.size(); ++l) {
                        auto const first = index(w.built.graph.first_link(p.nodes[l]));
                        auto const all = w.built.graph.targets(p.nodes[l]);
                        auto const at = index(p.links[l]) - first;
                        g.holds(
                            at < all.size() && all[at] == p.nodes[l + 1],
                            "a path goes along links");
                    }
                }
                g.holds(ways == from.total(), "paths and the rest sum to the total");
                g.holds(shown.rest >= 0, "no quantum is on two paths");
            }
        }
    });
}
