// SPDX-License-Identifier: MIT
// Hysteresis: on at the threshold, off below threshold * (1 - h), and the frontier is what a recount says.
#include <cstddef>
#include <set>
#include <utility>
#include <vector>

#include <runnel/runnel.hpp>

#include "engine/sown.hpp"
#include "support/catch.hpp"
#include "support/law.hpp"

namespace {

using namespace runnel;
using sown::id_of;

/// a and b, a -> b; half of a node goes each frame, exactly.
struct halving {
    graph::built built = [] {
        sown::bed bed;
        bed.nodes.resize(2);
        bed.links.push_back({0, 1, 1});
        return bed.build();
    }();
    config settings{.alpha = .5, .transfer_cap = .5, .threshold = 1};
    halving() {
        settings.reader.source = weight::source::unit;
        settings.decay.base = 0;
    }
    /// How many frames a stays active, from so many units.
    [[nodiscard]] int frames_active(double hysteresis, double units) const {
        config c = settings;
        c.hysteresis = hysteresis;
        c.threshold.set(node_type::other, 1);
        auto const engine = make_engine(built.graph, std::as_const(built.store), c).value();
        auto field = engine.make_field();
        engine.inject(field, id_of(0), units).value();
        int frames = 0;
        auto const on = [&] {
            for (auto const n : field.active())
                if (n == id_of(0)) return true;
            return false;
        };
        for (; on() && frames < 50; ++frames) engine.tick(field).value();
        return frames;
    }
};

} // namespace

TEST_CASE("on at the threshold, off below threshold * (1 - h)", "[engine][hysteresis]") {
    halving const world;
    CHECK(world.frames_active(0, .999) == 0);
    CHECK(world.frames_active(.5, .999) == 0); // on only at the threshold itself
    CHECK(world.frames_active(0, 1) == 1);
    CHECK(world.frames_active(.5, 1) == 2);  // .5 is not below .5, .25 is
    CHECK(world.frames_active(.75, 1) == 3); // .25 is not below .25
    CHECK(world.frames_active(.7, 1) == 2);  // .25 is below .3
    CHECK(world.frames_active(.49, 1) == 1); // .5 is below .51
    CHECK(world.frames_active(.5, 4) == 4);  // 2, 1, .5, .25
}

TEST_CASE("a node that fell asleep wakes at the threshold, not before", "[engine][hysteresis]") {
    halving world;
    world.settings.hysteresis = .5;
    auto const engine =
        make_engine(world.built.graph, std::as_const(world.built.store), world.settings).value();
    auto field = engine.make_field();
    engine.inject(field, id_of(0), 1).value();
    for (int i = 0; i < 2; ++i) engine.tick(field).value(); // .25 left
    CHECK(field.active().empty());
    engine.inject(field, id_of(0), .5).value(); // between the two
    CHECK(field.active().empty());
    engine.inject(field, id_of(0), .25).value();
    CHECK(field.active().size() == 1);
}

TEST_CASE(
    "the frontier is what a full recount says, after any calls", "[engine][hysteresis][law]") {
    law::for_all(300, [](law::gen& g) {
        auto const bed = sown::a_bed(g);
        auto const built = bed.build();
        config c{.alpha = .3, .transfer_cap = 1, .threshold = .5};
        c.hysteresis = g.one_of({0.0, .25, .5, .875}, "hysteresis");
        c.split.enabled = g.flag("split");
        c.decay.base = g.one_of({0.0, .05, .5}, "decay");
        c.decay.multiplier = 1;
        c.stickiness.mode = g.one_of({stickiness::off, stickiness::dissipative});
        c.storage = g.one_of({storage::paged, storage::dense});
        auto const engine = make_engine(built.graph, built.store, c).value();
        auto field = engine.make_field();
        std::vector<bool> on(bed.size());
        auto const recount = [&] {
            std::set<node_id> told(field.active().begin(), field.active().end());
            g.holds(told.size() == field.active().size(), "no node is active twice");
            for (std::size_t n = 0; n < bed.size(); ++n) {
                double const e = field.energy_of(id_of(n));
                double const at = bed.threshold(n, c);
                double const off = at * (1 - c.hysteresis);
                on[n] = e > 0 && (e >= at || (on[n] && e >= off));
                g.holds(told.count(id_of(n)) == (on[n] ? 1U : 0U), "active as recounted");
            }
        };
        static_cast<void>(g.list(15, [&] {
            switch (g.choose(6)) {
            case 0: engine.inject(field, sown::stimuli(g, bed)).value(); break;
            case 1: field.settle().value(); break;
            case 2: field.begin_query(); break;
            case 3:
                field.reset();
                on.assign(bed.size(), false);
                break;
            default: engine.tick(field, {.dt = g.one_of({1.0, .25, 3.0}, "dt")}).value(); break;
            }
            recount();
            return 0;
        }));
        g.holds(true, "every call was followed by a recount");
    });
}

TEST_CASE("the flips of a frame are the change of the frontier", "[engine][hysteresis][law]") {
    law::for_all(150, [](law::gen& g) {
        auto const bed = sown::a_bed(g);
        auto const built = bed.build();
        config c{.alpha = .4, .transfer_cap = 1, .threshold = .5, .hysteresis = .5};
        c.decay.base = .1;
        std::vector<event::node_flip> flips;
        auto const note = [&](event::node_flip const& e) { flips.push_back(e); };
        auto const engine =
            make_engine(built.graph, built.store, c, pipeline{}.with_sink(note)).value();
        auto field = engine.make_field();
        for (int frame = 0; frame < 10; ++frame) {
            engine.inject(field, sown::stimuli(g, bed)).value();
            std::set<node_id> now(field.active().begin(), field.active().end());
            flips.clear();
            auto const r = engine.tick(field).value();
            std::size_t rose = 0;
            for (auto const& f : flips) {
                g.holds(
                    f.active ? now.insert(f.node).second : now.erase(f.node) == 1,
                    "only a quiet node wakes, only an active one falls asleep");
                g.holds(f.threshold == bed.threshold(index(f.node), c), "told by its threshold");
                rose += f.active ? 1U : 0U;
            }
            g.holds(
                now == std::set<node_id>(field.active().begin(), field.active().end()),
                "the flips lead from the one frontier to the other");
            g.holds(
                r.switched_on == rose && r.switched_off == flips.size() - rose
                    && r.active == now.size(),
                "the report counts them");
        }
    });
}
