// SPDX-License-Identifier: MIT
// Questions nobody should ask and recordings with holes in them: what is told still adds up, and nothing is made up.
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <utility>
#include <vector>

#include <runnel/credit.hpp>
#include <runnel/runnel.hpp>

#include "credit/recorded_world.hpp"
#include "support/catch.hpp"
#include "support/law.hpp"
#include "support/stops.hpp"

namespace {

using namespace recorded;
namespace credit = runnel::credit;

constexpr node_id a{0};
constexpr node_id b{1};

/// Two nodes that hand all they hold to each other, or half of it.
struct pair_of_nodes {
    explicit pair_of_nodes(double alpha = .5)
        : built([] {
              runnel::graph::builder make;
              make.nodes(2);
              make.both_ways({a, b});
              return std::move(make).build().value();
          }()),
          engine(runnel::make_engine(
                     built.graph, std::as_const(built.store), settings(alpha),
                     runnel::pipeline{}.with_sink(flow))
                     .value()),
          run(engine) {}
    static runnel::config settings(double alpha) {
        runnel::config s;
        s.alpha = alpha;
        s.transfer_cap = 1;
        s.reader.source = runnel::weight::source::unit;
        s.decay.base = 0;
        return s;
    }

    credit::flow_recorder flow;
    runnel::graph::built built;
    decltype(runnel::make_engine(
                 built.graph, std::as_const(built.store), runnel::config{},
                 runnel::pipeline{}.with_sink(flow))
                 .value()) engine;
    runnel::session<decltype(engine)> run;
};

/// An amount no node can hold is the caller's mistake: it stops a checked program, or nothing is claimed.
bool refused(pair_of_nodes const& w, double units) {
#if RUNNEL_TEST_CAN_STOP
    if (support::stops([&] {
            credit::provenance trace{w.flow};
            static_cast<void>(trace.of_energy(b, units));
        }))
        return true;
#endif
    credit::provenance trace{w.flow};
    auto const from = trace.of_energy(b, units);
    return from.total() == 0 && from.unknown() == 0 && from.seeds().empty();
}

/// Nobody claims less than nothing, and all claims are the total.
void adds_up(law::gen& g, credit::origin const& from) {
    wide sum = from.unknown();
    g.holds(from.unknown() >= 0, "what is unknown is not less than nothing");
    for (auto const& seed : from.seeds()) {
        sum += seed.amount;
        g.holds(seed.amount > 0, "a seed's claim is more than nothing");
    }
    g.holds(sum == from.total(), "claims sum to the total");
    wide shown = 0;
    auto const ways = from.paths(10, {.looks = 100});
    for (auto const& way : ways.paths) shown += way.amount;
    g.holds(shown + ways.rest == from.total() && ways.rest >= 0, "and so do ways and the rest");
}

} // namespace

TEST_CASE("of less than nothing there is no origin", "[credit]") {
    pair_of_nodes w;
    w.run.inject(a, 1).value();
    w.run.run(3).value();
    CHECK(refused(w, -.25));
    CHECK(refused(w, -1e300));
    CHECK(refused(w, -std::numeric_limits<double>::infinity()));
}

TEST_CASE("a quantum less than nothing is not a question about what was received", "[credit]") {
    pair_of_nodes w;
    w.run.inject(a, 1).value();
    w.run.run(3).value();
    CHECK(refused(w, -0x1p-40));
}

TEST_CASE("of more than a field can hold there is no origin", "[credit]") {
    pair_of_nodes w;
    w.run.inject(a, 1).value();
    w.run.run(3).value();
    CHECK(refused(w, 8388608));
    CHECK(refused(w, 1e300));
    CHECK(refused(w, std::numeric_limits<double>::infinity()));
    CHECK(refused(w, std::numeric_limits<double>::quiet_NaN()));
}

TEST_CASE("asked of more than a node holds, claims grow in proportion", "[credit]") {
    pair_of_nodes w;
    w.run.inject(a, 1).value();
    w.run.inject(b, 3).value();
    w.run.run(1).value(); // a 1/2 + 3/2, b 3/2 + 1/2
    credit::provenance trace{w.flow};
    auto const from = trace.of_energy(b, 3 * w.run.energy_of(b));
    CHECK(credit::in_units(from.total()) == 6);
    REQUIRE(from.seeds().size() == 2);
    CHECK(credit::in_units(from.seeds()[0].amount) == 4.5);
    CHECK(credit::in_units(from.seeds()[1].amount) == 1.5);
    CHECK(from.unknown() == 0);
}

TEST_CASE("what a node held all along is a way, whoever else was heard of", "[credit]") {
    credit::flow_recorder flow;
    credit::provenance trace{flow};
    for (bool const other_heard : {true, false}) {
        flow.clear();
        if (other_heard) flow(runnel::event::stimulus_injected{node_id{5}, 1});
        auto const shown = trace.of_energy(b, 1.5).paths(3);
        CAPTURE(other_heard);
        CHECK(shown.rest == 0);
        CHECK(shown.paths.size() == 1);
        if (shown.paths.size() != 1) continue;
        CHECK(shown.paths[0].nodes == std::vector<node_id>{b});
        CHECK_FALSE(shown.paths[0].from_seed);
    }
}

// A node receives again and again what it sends away: `received` of a field is 96 bits wide for that.
TEST_CASE("what was received is traced up to what a field can hold", "[credit]") {
    pair_of_nodes w{1}; // all of it, but for a quantum
    w.run.inject(a, 8'000).value();
    credit::provenance trace{w.flow};
    while (w.run.received(b) < 8'380'000) {
        w.run.run(200).value();
        if (w.run.received(b) > 8'388'607) break;
        auto const from = trace.of_received(b);
        REQUIRE(from.total() > 0);
        REQUIRE(std::abs(credit::in_units(from.total()) - w.run.received(b)) < 1);
        REQUIRE(from.seeds().size() == 1);
        REQUIRE(from.seeds()[0].amount == from.total());
    }
    w.run.run(200).value(); // beyond that a checked program stops, and nothing is claimed
    REQUIRE(w.run.received(b) > 8'388'607);
    bool stopped = false;
#if RUNNEL_TEST_CAN_STOP
    stopped = support::stops([&] { static_cast<void>(trace.of_received(b)); });
#endif
    if (!stopped) {
        auto const from = trace.of_received(b);
        CHECK(from.total() == 0);
        CHECK(from.seeds().empty());
    }
}

TEST_CASE("claims do not pass a hole in the recording", "[credit]") {
    pair_of_nodes w;
    auto const deaf =
        runnel::make_engine(w.built.graph, std::as_const(w.built.store), w.settings(.5)).value();
    w.run.inject(a, 1).value();
    w.run.run(1).value(); // a 1/2, b 1/2
    deaf.tick(w.run.field()).value();
    w.run.inject(b, 1).value();
    w.run.run(1).value(); // b held 1/2 before it was given 1; a third of what it had is not known
    credit::provenance trace{w.flow};
    auto const from = trace.of_energy(b, w.run.energy_of(b));
    REQUIRE(from.seeds().size() == 1);
    CHECK(from.seeds()[0].gift == 1);
    CHECK(from.unknown() > 0);
    CHECK(from.seeds()[0].amount + from.unknown() == from.total());
    // Without the hole all of it is known.
    pair_of_nodes whole;
    whole.run.inject(a, 1).value();
    whole.run.run(2).value();
    whole.run.inject(b, 1).value();
    whole.run.run(1).value();
    credit::provenance known{whole.flow};
    CHECK(known.of_energy(b, whole.run.energy_of(b)).unknown() == 0);
}
TEST_CASE("a field that is reset begins anew, also where nobody cleared", "[credit]") {
    pair_of_nodes w;
    w.run.inject(a, 1).value();
    w.run.run(2).value();
    w.run.reset();
    w.run.inject(b, 1).value();
    w.run.run(2).value();
    credit::provenance trace{w.flow};
    auto const from = trace.of_energy(a, w.run.energy_of(a));
    REQUIRE(from.seeds().size() == 1);
    CHECK(from.seeds()[0].gift == 1);
    CHECK(from.seeds()[0].amount == from.total());
}
TEST_CASE("a question that broke off leaves nothing to the next", "[credit]") {
    pair_of_nodes w;
    w.run.inject(a, 1).value();
    w.run.run(3).value();
    credit::provenance trace{w.flow};
    auto const first = trace.of_energy(b, w.run.energy_of(b));
    static_cast<void>(trace.of_received(a));
    static_cast<void>(trace.of_energy(a, w.run.energy_of(a)));
    auto const again = trace.of_energy(b, w.run.energy_of(b));
    REQUIRE(again.seeds().size() == first.seeds().size());
    CHECK(again.seeds()[0].amount == first.seeds()[0].amount);
    CHECK(again.paths(3).rest == first.paths(3).rest);
}

TEST_CASE("frames nobody heard leave what is told adding up", "[credit]") {
    law::for_all(600, [](law::gen& g) {
        auto const w = a_world(g, 6);
        auto const built = w.build();
        auto const& store = built.store;
        credit::flow_recorder flow;
        auto const heard =
            runnel::make_engine(built.graph, store, w.settings, runnel::pipeline{}.with_sink(flow))
                .value();
        auto const unheard = runnel::make_engine(built.graph, store, w.settings).value();
        runnel::session run{heard};
        static_cast<void>(g.list(20, [&] {
            if (g.choose(2) == 0)
                run.inject(id_of(g.choose(w.size() - 1)), an_amount(g)).value();
            else if (g.flag("heard"))
                run.tick(a_step(g)).value();
            else
                unheard.tick(run.field(), a_step(g)).value();
            return 0;
        }));
        credit::provenance trace{flow};
        for (std::size_t n = 0; n < w.size(); ++n) {
            double const units = run.energy_of(id_of(n));
            auto const from = trace.of_energy(id_of(n), units);
            g.holds(from.total() == exactly(units), "all that was asked for");
            adds_up(g, from);
            auto const received = trace.of_received(id_of(n));
            g.holds(received.total() <= exactly(run.received(id_of(n))), "what was heard of it");
            adds_up(g, received);
        }
    });
}

TEST_CASE("two fields in one recorder are a mistake that still adds up", "[credit]") {
    law::for_all(400, [](law::gen& g) {
        auto const w = a_world(g, 6);
        auto const built = w.build();
        credit::flow_recorder flow;
        auto const engine =
            runnel::make_engine(
                built.graph, built.store, w.settings, runnel::pipeline{}.with_sink(flow))
                .value();
        runnel::session one{engine};
        runnel::session two{engine};
        static_cast<void>(g.list(20, [&] {
            auto& run = g.flag("second") ? two : one;
            if (g.choose(2) == 0)
                run.inject(id_of(g.choose(w.size() - 1)), an_amount(g)).value();
            else
                run.tick(a_step(g)).value();
            return 0;
        }));
        credit::provenance trace{flow};
        for (std::size_t n = 0; n < w.size(); ++n) {
            adds_up(g, trace.of_energy(id_of(n), one.energy_of(id_of(n))));
            adds_up(g, trace.of_energy(id_of(n), two.energy_of(id_of(n))));
            auto const received = trace.of_received(id_of(n));
            adds_up(g, received);
            g.holds(
                received.total()
                    == exactly(one.received(id_of(n))) + exactly(two.received(id_of(n))),
                "both of what they received");
        }
    });
}
