// SPDX-License-Identifier: MIT
// Safe mode: what it changes, that it changes nothing else, that leaving undoes it, and what trips it.
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include <runnel/runnel.hpp>

#include "engine/sown.hpp"
#include "support/catch.hpp"
#include "support/law.hpp"

namespace {

using namespace runnel;
using sown::id_of;

config lively(law::gen& g) {
    config c{.alpha = .15, .transfer_cap = .6, .hysteresis = .25, .seed = 9};
    c.fanout.explore = g.one_of({0.0, .5}, "explore");
    c.fanout.task = g.one_of(
        {fanout::task::by_structure, fanout::task::methodical, fanout::task::divergent}, "task");
    c.split = {.enabled = g.flag("split"), .k = 3};
    c.stickiness.mode = g.one_of({stickiness::off, stickiness::dissipative});
    c.decay.base = .01;
    c.decay.clock = g.one_of({decay_clock::elapsed, decay_clock::capped}, "capped");
    return c;
}
/// The page's list, set by hand: alpha * .3, no split, selective from two links on, nothing drawn.
config as_listed(config c) {
    c.alpha *= .3;
    c.split.enabled = false;
    c.fanout.low = c.fanout.high = 1;
    c.fanout.task = fanout::task::by_structure;
    c.fanout.explore = 0;
    return c;
}
bool same_energies(field const& a, field const& b, std::size_t nodes) {
    for (std::size_t n = 0; n < nodes; ++n)
        if (a.energy_of(id_of(n)) != b.energy_of(id_of(n))
            || a.received(id_of(n)) != b.received(id_of(n)))
            return false;
    return true;
}
bool same_reports(frame_report a, frame_report b) {
    return a.strides == b.strides && a.transferred == b.transferred && a.decayed == b.decayed
           && a.active == b.active && a.costs_computed == b.costs_computed && a.after == b.after;
}

} // namespace

TEST_CASE("safe mode is the listed settings with a second at most", "[engine][safe_mode][law]") {
    law::for_all(200, [](law::gen& g) {
        auto const bed = sown::a_bed(g);
        auto const built = bed.build();
        auto const c = lively(g);
        auto const usual = make_engine(built.graph, std::as_const(built.store), c).value();
        auto const listed =
            make_engine(built.graph, std::as_const(built.store), as_listed(c)).value();
        auto a = usual.make_field();
        auto b = usual.make_field();
        a.enter_safe_mode();
        g.holds(a.safe() && !b.safe(), "a field says whether it is in safe mode");
        for (int frame = 0; frame < 6; ++frame) {
            auto const given = sown::stimuli(g, bed);
            usual.inject(a, given).value();
            usual.inject(b, given).value();
            double const dt = g.one_of({1.0, .5, 5.0, 2.0}, "dt");
            double const elapsed = dt * g.one_of({1.0, 3.0}, "elapsed / dt");
            auto const ra = usual.tick(a, {.dt = dt, .elapsed = elapsed}).value();
            auto const rb = listed.tick(b, {.dt = dt < 1 ? dt : 1, .elapsed = elapsed}).value();
            g.holds(ra.safe && !rb.safe, "the report says so");
            g.holds(ra.dt == rb.dt, "dt is a second at most");
            g.holds(ra.elapsed == elapsed, "time passes as it does");
            g.holds(same_energies(a, b, bed.size()) && same_reports(ra, rb), "bit for bit");
        }
        a.leave_safe_mode();
        for (int frame = 0; frame < 6; ++frame) {
            auto const given = sown::stimuli(g, bed);
            usual.inject(a, given).value();
            usual.inject(b, given).value();
            auto const ra = usual.tick(a, {.dt = 2}).value();
            auto const rb = usual.tick(b, {.dt = 2}).value();
            g.holds(!ra.safe, "left");
            g.holds(
                same_energies(a, b, bed.size()) && same_reports(ra, rb),
                "and everything is as if it had never been, from the same state on");
            g.holds(a.digest() == b.digest(), "to the last bit");
        }
    });
}

TEST_CASE("entered and left between two frames, it never was", "[engine][safe_mode][law]") {
    law::for_all(60, [](law::gen& g) {
        auto const bed = sown::a_bed(g);
        auto const built = bed.build();
        auto const engine = make_engine(built.graph, std::as_const(built.store), lively(g)).value();
        auto a = engine.make_field();
        auto b = engine.make_field();
        for (int frame = 0; frame < 6; ++frame) {
            auto const given = sown::stimuli(g, bed);
            engine.inject(a, given).value();
            engine.inject(b, given).value();
            a.enter_safe_mode();
            a.leave_safe_mode();
            engine.tick(a).value();
            engine.tick(b).value();
            g.holds(a.digest() == b.digest(), "no bit differs");
        }
    });
}

TEST_CASE(
    "each effect by itself: step, cap on dt, one link, five looked at", "[engine][safe_mode]") {
    sown::bed bed;
    bed.nodes.resize(22);
    for (std::size_t n = 1; n <= 20; ++n) bed.links.push_back({0, n, 1.0 / static_cast<double>(n)});
    bed.links.push_back({1, 21, 1});
    auto const built = bed.build();
    config c{.alpha = .1, .transfer_cap = 1};
    c.decay.base = 0;
    c.reader.source = weight::source::unit;
    c.split = {.enabled = true, .all_kept = true};
    c.fanout.task = fanout::task::methodical;
    std::vector<event::stride_selection> looks;
    std::vector<event::guard_acted> guards;
    event::callback const note{
        [&](event::stride_selection const& e) { looks.push_back(e); },
        [&](event::guard_acted const& e) { guards.push_back(e); }};
    auto const engine =
        make_engine(built.graph, built.store, c, pipeline{}.with_sink(note)).value();
    session s{engine};
    s.inject(id_of(0), 100).value();
    s.field().enter_safe_mode();
    auto const r = s.tick({.dt = 5}).value();
    CHECK(r.safe);
    CHECK(r.dt == 1);
    CHECK(r.elapsed == 5);
    CHECK(r.strides == 1);
    CHECK(s.energy_of(id_of(0)) == Approx(97).margin(1e-9)); // .1 * .3 * 1 s
    REQUIRE(looks.size() == 1);
    CHECK(looks[0].k == 5);
    CHECK(looks[0].strategy == event::strategy::selective);
    auto const told = [&](std::string_view which) {
        std::size_t n = 0;
        for (auto const& e : guards)
            if (e.guard == which) ++n;
        return n;
    };
    CHECK(told("safe_mode_on") == 1);
    CHECK(told("dt_cap") == 1);
    for (auto const& e : guards)
        if (e.guard == "dt_cap") CHECK(e.figure == 1);
    guards.clear();
    s.tick({.dt = .5}).value();
    CHECK(told("safe_mode_on") == 0); // told when it begins
    CHECK(told("dt_cap") == 0);       // half a second is not cut
    s.field().leave_safe_mode();
    guards.clear();
    auto const back = s.tick({.dt = 2}).value();
    CHECK_FALSE(back.safe);
    CHECK(back.dt == 2);
    CHECK(back.strides > 1);
    CHECK(told("safe_mode_off") == 1);
    CHECK(told("dt_cap") == 0);
    guards.clear();
    s.tick().value();
    CHECK(told("safe_mode_off") == 0);
}

TEST_CASE("too many active nodes for too long trip it", "[engine][safe_mode]") {
    sown::bed bed;
    bed.nodes.resize(10);
    auto const built = bed.build();
    config c;
    c.decay.base = 0;
    c.safe_mode.tripwire = true;
    for (std::size_t const lit : {3U, 4U}) { // 30 % is not more than 30 %
        std::vector<event::guard_acted> guards;
        auto const note = [&](event::guard_acted const& e) { guards.push_back(e); };
        auto const engine =
            make_engine(built.graph, built.store, c, pipeline{}.with_sink(note)).value();
        session s{engine};
        for (std::size_t n = 0; n < lit; ++n) s.inject(id_of(n), 1).value();
        s.run(19).value();
        CHECK_FALSE(s.field().safe());
        s.tick().value(); // the twentieth
        CHECK(s.field().safe() == (lit > 3));
        auto const r = s.tick({.dt = 4}).value();
        CHECK(r.safe == (lit > 3));
        CHECK(r.dt == (lit > 3 ? 1 : 4));
        std::size_t on = 0;
        for (auto const& e : guards)
            if (e.guard == "safe_mode_on") ++on;
        CHECK(on == (lit > 3 ? 1U : 0U));
    }
}

TEST_CASE("the frames of a tripwire are on end", "[engine][safe_mode]") {
    sown::bed bed;
    bed.nodes.resize(10);
    auto const built = bed.build();
    config c;
    c.threshold = 1;
    c.decay.base = 0;
    c.safe_mode.tripwire = true;
    c.safe_mode.tripwire_frames = 5;
    c.safe_mode.tripwire_share = .1;
    c.decay.half_life = 1;
    auto const engine = make_engine(built.graph, std::as_const(built.store), c).value();
    session s{engine};
    for (int round = 0; round < 6; ++round) { // three frames of three lit nodes, then a dark one
        for (std::size_t n = 0; n < 3; ++n)
            s.inject(id_of(n), 14 - s.energy_of(id_of(n))).value(); // 7, 3.5, 1.75, .875
        CHECK(s.tick().value().active == 3);
        s.tick().value();
        CHECK(s.tick().value().active == 3);
        CHECK(s.tick().value().active == 0);
        CHECK_FALSE(s.field().safe());
    }
    for (std::size_t n = 0; n < 3; ++n) s.inject(id_of(n), 1e4).value();
    s.run(5).value();
    CHECK(s.field().safe());
}

TEST_CASE("without a tripwire a crowd is let be", "[engine][safe_mode]") {
    sown::bed bed;
    bed.nodes.resize(3);
    auto const built = bed.build();
    auto const engine = make_engine(built.graph, std::as_const(built.store), {}).value();
    session s{engine};
    for (std::size_t n = 0; n < 3; ++n) s.inject(id_of(n), 1).value();
    s.run(100).value();
    CHECK_FALSE(s.field().safe());
}
