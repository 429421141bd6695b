// SPDX-License-Identifier: MIT
// Claims against a naive tracing of the same past, watched from outside: seed by seed, quantum by quantum.
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include <runnel/credit.hpp>
#include <runnel/runnel.hpp>

#include "credit/recorded_world.hpp"
#include "oracle/claims.hpp"
#include "support/catch.hpp"
#include "support/law.hpp"

namespace {

using namespace recorded;
namespace credit = runnel::credit;

template <class Watched>
void same_answers(law::gen& g, credit::provenance& trace, Watched const& w, std::size_t nodes) {
    for (std::size_t n = 0; n < nodes; ++n) {
        auto const id = id_of(n);
        wide const held = exactly(w.run.energy_of(id));
        auto const energy = trace.of_energy(id, w.run.energy_of(id));
        auto const naive = w.past.of_energy(n, held);
        g.show("node", n);
        g.holds(energy.node() == id, "an answer names its node");
        g.holds(energy.total() == held, "claims are on all it holds");
        g.holds(said(energy).unknown == naive.unknown, "claims on what was there before");
        g.holds(said(energy) == naive, "each seed's claim on what a node holds");
        auto const received = trace.of_received(id);
        auto const naive_received = w.past.of_received(n);
        g.holds(said(received) == naive_received, "each seed's claim on what a node received");
        for (auto const* one : {&energy, &received}) {
            wide sum = one->unknown();
            for (auto const& seed : one->seeds()) {
                sum += seed.amount;
                g.holds(seed.amount > 0, "who has no claim is not listed");
                g.holds(seed.gift < w.poured, "a seed is one of the gifts");
            }
            g.holds(sum == one->total(), "claims sum to the total");
            for (std::size_t i = 1; i < one->seeds().size(); ++i)
                g.holds(one->seeds()[i - 1].amount >= one->seeds()[i].amount, "the largest first");
        }
    }
}

void a_life(law::gen& g, std::size_t most, std::size_t calls) {
    auto const w = a_world(g, most);
    auto const built = w.build();
    credit::flow_recorder flow;
    std::vector<runnel::event::stride_exec> ear;
    auto sink = two_ears(flow, ear);
    auto const engine =
        runnel::make_engine(
            built.graph, built.store, w.settings, runnel::pipeline{}.with_sink(sink))
            .value();
    watched life{engine, w.size(), ear};
    credit::provenance trace{flow};
    static_cast<void>(g.list(calls, [&] {
        any_call(g, life, w.size());
        if (g.choose(15) == 15) {
            g.show("recording starts anew", true);
            flow.clear();
            life.past.forget();
            life.poured = 0;
            life.run.begin_query();
        }
        return 0;
    }));
    same_answers(g, trace, life, w.size());
    for (std::size_t n = 0; n < w.size(); ++n)
        g.holds(
            trace.of_received(id_of(n)).total() == exactly(life.run.received(id_of(n))),
            "all a node received is accounted for");
}

} // namespace

TEST_CASE("claims are those of a naive tracing", "[credit][oracle]") {
    law::for_all(4'000, [](law::gen& g) { a_life(g, 8, 30); });
}

TEST_CASE("claims are those of a naive tracing in larger worlds", "[credit][oracle]") {
    law::for_all(60, [](law::gen& g) { a_life(g, 60, 60); });
}

TEST_CASE("any part of what a node holds is split like the whole", "[credit][oracle]") {
    law::for_all(1'000, [](law::gen& g) {
        auto const w = a_world(g, 6);
        auto const built = w.build();
        credit::flow_recorder flow;
        std::vector<runnel::event::stride_exec> ear;
        auto sink = two_ears(flow, ear);
        auto const engine =
            runnel::make_engine(
                built.graph, built.store, w.settings, runnel::pipeline{}.with_sink(sink))
                .value();
        watched life{engine, w.size(), ear};
        static_cast<void>(g.list(20, [&] { return any_call(g, life, w.size()), 0; }));
        credit::provenance trace{flow};
        for (std::size_t n = 0; n < w.size(); ++n) {
            double const units = life.run.energy_of(id_of(n)) * g.real(0, 1, "of what it holds");
            wide const part = exactly(units);
            g.show("node", n);
            g.holds(
                said(trace.of_energy(id_of(n), units)) == life.past.of_energy(n, part),
                "each seed's claim on a part");
        }
    });
}
