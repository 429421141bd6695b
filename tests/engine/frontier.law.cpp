// SPDX-License-Identifier: MIT
// The frontier is what looking at every node would find, after any sequence of calls.
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <utility>
#include <vector>

#include <runnel/runnel.hpp>

#include "engine/drawn_calls.hpp"
#include "engine/drawn_case.hpp"
#include "support/catch.hpp"
#include "support/law.hpp"

namespace {

using drawn::call;
using drawn::id_of;
using drawn::world;

/// Every node looked at: energy above 0, and at least the threshold.
std::vector<bool> recomputed(runnel::field const& field, world const& w) {
    std::vector<bool> active;
    for (std::size_t n = 0; n < w.size(); ++n) {
        double const energy = field.energy_of(id_of(n));
        active.push_back(energy > 0 && energy >= w.threshold(n));
    }
    return active;
}
std::vector<bool> kept(law::gen& g, runnel::field const& field, world const& w) {
    std::vector<bool> active(w.size());
    for (auto node : field.active()) {
        g.holds(index(node) < w.size(), "only nodes of the graph are active");
        g.holds(!active[index(node)], "no node is active twice");
        active[index(node)] = true;
    }
    return active;
}
void frontier_is_right(law::gen& g, runnel::field const& field, world const& w) {
    if (!drawn::told_exactly(field)) return;
    g.holds(kept(g, field, w) == recomputed(field, w), "kept equals recomputed");
}

} // namespace

TEST_CASE("the frontier equals its recomputation after any calls", "[engine][frontier]") {
    std::size_t compared = 0;
    law::for_all(4'000, [&](law::gen& g) {
        auto const w = drawn::a_world(g);
        auto const built = w.build();
        auto const engine = runnel::make_engine(built.graph, built.store, w.settings).value();
        auto field = engine.make_field();
        for (call const& c : drawn::a_life(g, w.size(), 30)) {
            drawn::make(engine, field, c);
            frontier_is_right(g, field, w);
            if (!field.active().empty()) ++compared;
        }
    });
    CHECK(compared > 10'000);
}

TEST_CASE("dropped stages and refused calls do not move the frontier", "[engine][frontier]") {
    law::for_all(1'000, [](law::gen& g) {
        auto const w = drawn::a_world(g);
        auto const built = w.build();
        auto const engine = runnel::make_engine(built.graph, built.store, w.settings).value();
        auto field = engine.make_field();
        for (call const& c : drawn::a_life(g, w.size(), 12)) {
            drawn::make(engine, field, c);
            auto const before = kept(g, field, w);
            switch (g.choose(2)) {
            case 0: {
                auto const open = engine.stage(field, drawn::a_step(g)).value();
                break;
            }
            case 1: static_cast<void>(engine.inject(field, id_of(w.size()), 1)); break;
            default: static_cast<void>(engine.tick(field, {.dt = 0})); break;
            }
            g.holds(kept(g, field, w) == before, "as before");
            frontier_is_right(g, field, w);
        }
    });
}

TEST_CASE("what a frame reports as flips is the change of the frontier", "[engine][frontier]") {
    law::for_all(1'500, [](law::gen& g) {
        auto const w = drawn::a_world(g);
        auto const built = w.build();
        std::vector<runnel::event::node_flip> flips;
        auto const listen = [&flips](runnel::event::node_flip const& e) { flips.push_back(e); };
        auto const engine =
            runnel::make_engine(
                built.graph, built.store, w.settings, runnel::pipeline{}.with_sink(listen))
                .value();
        auto field = engine.make_field();
        for (call const& c : drawn::a_life(g, w.size(), 16)) {
            auto active = kept(g, field, w);
            flips.clear();
            if (c.what != call::kind::tick) {
                drawn::make(engine, field, c);
                continue;
            }
            auto const report = engine.tick(field, c.step).value();
            g.holds(
                report.switched_on + report.switched_off == flips.size(), "each flip is told once");
            for (auto const& flip : flips) {
                g.holds(active[index(flip.node)] != flip.active, "it did change");
                active[index(flip.node)] = flip.active;
            }
            g.holds(active == kept(g, field, w), "and nothing else did");
            g.holds(report.active == field.active().size(), "counted");
        }
    });
}

TEST_CASE("a node that becomes active in a frame sends in the next", "[engine][frontier]") {
    runnel::graph::builder b;
    b.nodes(3);
    b.link({id_of(0), id_of(1)}).link({id_of(1), id_of(2)});
    auto const built = std::move(b).build().value();
    runnel::config settings{.alpha = .5, .transfer_cap = .5};
    settings.decay.base = 0;
    auto const engine = runnel::make_engine(built.graph, built.store, settings).value();
    auto field = engine.make_field();
    engine.inject(field, id_of(0), 1).value();
    CHECK(engine.tick(field).value().strides == 1);
    CHECK(field.energy_of(id_of(2)) == 0);
    CHECK(field.active().size() == 2);
    CHECK(engine.tick(field).value().strides == 2);
    CHECK(field.energy_of(id_of(2)) == .25);
}

TEST_CASE("nodes that merely received are no sources", "[engine][frontier]") {
    // A chain whose nodes never get above the threshold: the wave must not run down it.
    runnel::graph::builder b;
    b.nodes(50);
    for (std::size_t n = 0; n + 1 < 50; ++n) b.link({id_of(n), id_of(n + 1)});
    auto const built = std::move(b).build().value();
    runnel::config settings{.alpha = .01, .threshold = .5};
    settings.decay.base = 0;
    auto const engine = runnel::make_engine(built.graph, built.store, settings).value();
    auto field = engine.make_field();
    engine.inject(field, id_of(0), .6).value();
    for (int i = 0; i < 10; ++i) CHECK(engine.tick(field).value().strides == 1);
    CHECK(field.energy_of(id_of(1)) > 0);
    CHECK(field.energy_of(id_of(2)) == 0);
    CHECK(field.active().size() == 1);
}

TEST_CASE("thresholds are met exactly at their quantum", "[engine][frontier]") {
    law::for_all(2'000, [](law::gen& g) {
        double const threshold =
            g.flag() ? g.magnitude(-44, 10, "threshold") : g.real(0, 4, "threshold");
        runnel::graph::builder b;
        b.nodes(2);
        bool const own = g.flag("own");
        if (own) b.threshold(id_of(0), threshold);
        auto const built = std::move(b).build().value();
        runnel::config settings;
        if (!own) settings.threshold = threshold;
        auto const engine = runnel::make_engine(built.graph, built.store, settings).value();
        auto field = engine.make_field();
        double const at = std::ldexp(std::max(1.0, std::ceil(std::ldexp(threshold, 40))), -40);
        engine.inject(field, id_of(0), at - 0x1p-40).value();
        g.holds(field.active().empty(), "one quantum below it a node rests");
        engine.inject(field, id_of(0), 0x1p-40).value();
        g.holds(field.active().size() == 1, "at it the node is active");
    });
}

TEST_CASE("out of reach is said only when nothing could ever send", "[engine][frontier]") {
    std::size_t said = 0;
    law::for_all(2'000, [&](law::gen& g) {
        auto const w = drawn::a_world(g);
        auto const built = w.build();
        auto const engine = runnel::make_engine(built.graph, built.store, w.settings).value();
        auto field = engine.make_field();
        for (call const& c : drawn::a_life(g, w.size(), 8)) {
            drawn::make(engine, field, c);
            auto const report = engine.tick(field).value();
            if (!report.out_of_reach) continue;
            ++said;
            for (std::size_t n = 0; n < w.size(); ++n)
                g.holds(field.total() < w.threshold(n), "no node could be active");
        }
    });
    CHECK(said > 100);
}

TEST_CASE("out of reach is said whenever nothing could ever send", "[engine][frontier]") {
    // Types that no node has, and types whose nodes all have thresholds of their own, do not count.
    runnel::graph::builder b;
    b.nodes(1); // of type other
    auto const built = std::move(b).build().value();
    runnel::config settings;
    settings.threshold = runnel::per_type<double>(5).with(runnel::node_type::task, .1);
    auto const engine = runnel::make_engine(built.graph, built.store, settings).value();
    auto field = engine.make_field();
    engine.inject(field, id_of(0), 1).value();
    CHECK(engine.tick(field).value().out_of_reach);

    runnel::graph::builder own;
    own.nodes(2);
    own.threshold(id_of(0), 3).threshold(id_of(1), 2);
    auto const theirs = std::move(own).build().value();
    auto const lower = runnel::make_engine(theirs.graph, theirs.store).value();
    auto low = lower.make_field();
    lower.inject(low, id_of(0), 1).value();
    CHECK(lower.tick(low).value().out_of_reach);
    lower.inject(low, id_of(0), 1.5).value();
    CHECK_FALSE(lower.tick(low).value().out_of_reach);
}

TEST_CASE("the frontier is that of the engine that runs", "[engine][frontier]") {
    runnel::graph::builder b;
    b.nodes(2);
    b.link({id_of(0), id_of(1)});
    auto const built = std::move(b).build().value();
    auto const& store = built.store;
    auto const low = runnel::make_engine(built.graph, store, {.threshold = .1}).value();
    auto const high = runnel::make_engine(built.graph, store, {.threshold = 5}).value();
    auto field = low.make_field();
    low.inject(field, id_of(0), 1).value();
    auto const before = field.digest();
    CHECK(high.tick(field).error().is(runnel::faults::other_settings));
    CHECK(high.inject(field, id_of(0), 1).error().is(runnel::faults::other_settings));
    CHECK(field.digest() == before);
    high.adopt(field).value();
    CHECK(field.active().empty());
    CHECK(high.tick(field).value().strides == 0);
    CHECK(low.tick(field).error().is(runnel::faults::other_settings));
    low.adopt(field).value();
    CHECK(field.active().size() == 1);
    CHECK(low.tick(field).value().strides == 1);
}

TEST_CASE("an engine of the same thresholds and decay needs no adoption", "[engine][frontier]") {
    law::for_all(300, [](law::gen& g) {
        auto const w = drawn::a_world(g);
        auto const built = w.build();
        auto const& store = built.store;
        auto const one = runnel::make_engine(built.graph, store, w.settings).value();
        auto const other = runnel::make_engine(built.graph, store, w.settings).value();
        auto alone = one.make_field();
        auto shared = one.make_field();
        for (call const& c : drawn::a_life(g, w.size(), 12)) {
            drawn::make(one, alone, c);
            drawn::make(g.flag() ? one : other, shared, c);
            g.holds(alone.digest() == shared.digest(), "whichever of the two runs it");
        }
    });
}

TEST_CASE("adoption is settling and a new frontier", "[engine][frontier]") {
    law::for_all(500, [](law::gen& g) {
        auto const w = drawn::a_world(g);
        auto const built = w.build();
        auto const& store = built.store;
        auto const first = runnel::make_engine(built.graph, store, w.settings).value();
        auto next_settings = drawn::settings(g);
        next_settings.storage = w.settings.storage;
        auto const next = runnel::make_engine(built.graph, store, next_settings).value();
        auto field = first.make_field();
        for (call const& c : drawn::a_life(g, w.size(), 8)) drawn::make(first, field, c);
        auto const books = [&] {
            field.settle().value();
            return field.books();
        }();
        next.adopt(field).value();
        g.holds(field.books().after == books.after, "nothing is lost");
        std::vector<runnel::node_id> active(field.active().begin(), field.active().end());
        std::sort(active.begin(), active.end());
        std::vector<runnel::node_id> all;
        for (std::size_t n = 0; n < w.size(); ++n) {
            double const held = field.energy_of(id_of(n));
            double const own = w.own_threshold[n];
            double const needed = own >= 0 ? own : next_settings.threshold[w.types[n]];
            if (held > 0 && held >= needed) all.push_back(id_of(n));
        }
        g.holds(active == all, "who is active by the new thresholds");
        auto const report = next.tick(field, {}, runnel::report::full).value();
        g.holds(report.residual == 0, "and the books close");
    });
}

TEST_CASE("a type without a figure of its own behaves as other", "[engine][frontier]") {
    runnel::graph::builder b;
    static_cast<void>(b.node(runnel::node_type{20}));
    auto const built = std::move(b).build().value();
    runnel::config settings;
    settings.threshold.set(runnel::node_type::other, 5);
    auto const engine = runnel::make_engine(built.graph, built.store, settings).value();
    auto field = engine.make_field();
    engine.inject(field, id_of(0), 1).value();
    CHECK(field.active().empty());

    settings.threshold.set(runnel::node_type{20}, .5); // in whatever order
    settings.threshold.set(runnel::node_type::other, 6);
    auto const given = runnel::make_engine(built.graph, built.store, settings).value();
    auto theirs = given.make_field();
    given.inject(theirs, id_of(0), 1).value();
    CHECK(theirs.active().size() == 1);
}
