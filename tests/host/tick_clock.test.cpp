// SPDX-License-Identifier: MIT
// When to tick: the check figures, the laws of the interval, and an engine told by a clock.
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <utility>
#include <vector>

#include <runnel/engine.hpp>
#include <runnel/host.hpp>

#include "support/catch.hpp"
#include "support/law.hpp"
#include "support/stops.hpp"

namespace host = runnel::host;
namespace event = runnel::event;
namespace faults = runnel::faults;
using host::clock_config;
using host::moment;
using runnel::tick_reason;

namespace {

constexpr double never = std::numeric_limits<double>::infinity();

moment any_moment(law::gen& g) {
    return {
        .since_stimulus = g.one_of({never, 0.0, g.real(0, 100)}, "since stimulus"),
        .energy = g.one_of({0.0, g.real(0, 12), g.magnitude(-10, 20)}, "energy"),
        .arousal = g.one_of({0.0, g.real(0, 1), g.real(0, 5)}, "arousal"),
        .since_tick = g.one_of({never, 0.0, g.real(0, 1), g.real(0, 100)}, "since tick")};
}

} // namespace

TEST_CASE("the shortest of three wishes counts", "[host][clock]") {
    auto const a = host::shortest({.1, .5, .8});
    CHECK(a.interval == .1);
    CHECK(a.reason == tick_reason::stimulus);
    auto const b = host::shortest({1, .2, .8});
    CHECK(b.interval == .2);
    CHECK(b.reason == tick_reason::activity);
    auto const c = host::shortest({1, .5, .15});
    CHECK(c.interval == .15);
    CHECK(c.reason == tick_reason::arousal);
    CHECK(c.dt == .15);
    CHECK_FALSE(c.capped);
    auto const slow = host::shortest({120, 120, 120});
    CHECK(slow.interval == 120);
    CHECK(slow.dt == 5);
    CHECK(slow.capped);
    CHECK_FALSE(host::shortest({5, 5, 5}).capped);
    // Of equals the stimulus, then activity.
    CHECK(host::shortest({2, 2, 2}).reason == tick_reason::stimulus);
    CHECK(host::shortest({3, 2, 2}).reason == tick_reason::activity);
    CHECK(b.stimulus == 1);
    CHECK(b.activity == .2);
    CHECK(b.arousal == .8);
}

TEST_CASE("each figure has its wish", "[host][clock]") {
    auto const stimulus = [](double s) { return host::wishes_at({.since_stimulus = s}).stimulus; };
    CHECK(stimulus(0) == .1);
    CHECK(stimulus(.1) == .1);
    CHECK(stimulus(7) == 7);
    CHECK(stimulus(60) == 60);
    CHECK(stimulus(1e9) == 60);
    CHECK(host::wishes_at({}).stimulus == 60); // none yet
    auto const activity = [](double e) { return host::wishes_at({.energy = e}).activity; };
    CHECK(activity(0) == 60);
    CHECK(activity(.99) == 60);
    CHECK(activity(1) == 60);
    CHECK(activity(std::sqrt(10.0)) == Approx(std::sqrt(6.0))); // half-way between 60 and .1
    CHECK(activity(10) == Approx(.1));
    CHECK(activity(10) >= .1);
    CHECK(activity(1e6) == .1);
    auto const arousal = [](double a) { return host::wishes_at({.arousal = a}).arousal; };
    CHECK(arousal(0) == 60);
    CHECK(arousal(.3) == 60);
    CHECK(arousal(.5) == Approx(30.1));
    CHECK(arousal(.7) == Approx(.2));
    CHECK(arousal(.71) == .2);
    CHECK(arousal(3) == .2);
}

TEST_CASE("wishes lie in bounds and do not lengthen as more goes on", "[host][clock][law]") {
    law::for_all(10'000, [](law::gen& g) {
        clock_config c;
        c.least = g.magnitude(-10, 5, "least");
        c.most = c.least * g.one_of({2.0, g.real(2, 1000)}, "most, times least");
        c.energy_low = g.magnitude(-5, 5, "energy_low");
        c.energy_high = c.energy_low * (1 + g.magnitude(-10, 5, "more"));
        c.arousal_low = g.real(0, 1, "arousal_low");
        c.arousal_high = c.arousal_low + g.magnitude(-10, 0, "wider");
        g.holds(c.validate().has_value(), "valid");
        moment m = any_moment(g);
        auto const w = host::wishes_at(m, c);
        for (double const x : {w.stimulus, w.activity, w.arousal})
            g.holds(x >= c.least && x <= c.most, "in bounds");
        m.since_stimulus *= g.real(0, 1);
        m.energy *= 1 + g.magnitude(-5, 5);
        m.arousal *= 1 + g.magnitude(-5, 5);
        if (m.since_stimulus != m.since_stimulus) return; // infinity times 0
        auto const more = host::wishes_at(m, c);
        g.holds(more.stimulus <= w.stimulus, "fresher stimulus");
        g.holds(more.activity <= w.activity * (1 + 1e-14), "more energy");
        g.holds(more.arousal <= w.arousal * (1 + 1e-12), "stronger mood");
    });
}

TEST_CASE("an interval shortens at once and lengthens by a share", "[host][clock]") {
    host::tick_clock clock;
    auto const tick = [&](double energy, double since) {
        auto const d = clock.decide({.energy = energy, .since_tick = since}).value();
        CHECK(d.due);
        CHECK(d.wait == d.step.interval);
        CHECK(d.told.interval == d.step.interval);
        return d.step.interval;
    };
    CHECK(tick(100, never) == .1); // the first interval is taken as it is
    CHECK(tick(0, .1) == Approx(.1 + .3 * 59.9));
    double const second = .1 + .3 * 59.9;
    CHECK(tick(0, 20) == Approx(second + .3 * (60 - second)));
    CHECK(tick(100, 50) == .1);
    CHECK(tick(0, .1) == Approx(second));
    clock.reset();
    CHECK(tick(0, .1) == 60);
}

TEST_CASE(
    "what a tick is told: capped dt, true elapsed time, interval and reason", "[host][clock]") {
    host::tick_clock clock;
    auto const first = clock.decide({.energy = .5}).value();
    CHECK(first.due);
    CHECK(first.step.dt == 5);
    CHECK(first.step.elapsed == 5); // there was no tick to count from
    CHECK(first.step.interval == 60);
    CHECK(first.step.headroom == 1);
    CHECK(first.told.capped);
    CHECK(first.wait == 60);
    auto const second = clock.decide({.arousal = .9, .since_tick = 12}).value();
    CHECK(second.due); // a mood shortened the interval meanwhile
    CHECK(second.step.dt == .2);
    CHECK(second.step.elapsed == 12);
    CHECK(second.step.reason == tick_reason::arousal);
    CHECK(second.wait == .2);
}

TEST_CASE("a stimulus ticks at once; what is not due changes nothing", "[host][clock]") {
    host::tick_clock clock;
    static_cast<void>(clock.decide({.energy = 3}).value());
    host::tick_clock const before = clock;
    double const interval = host::wishes_at({.energy = 3}).activity;
    auto const early = clock.decide({.energy = 3, .since_tick = 1}).value();
    CHECK_FALSE(early.due);
    CHECK(early.wait == interval - 1);
    CHECK(early.step.interval == interval);
    auto const later = clock.decide({.energy = .1, .since_tick = 2}).value();
    CHECK_FALSE(later.due); // quieter: the interval in force still ends when it said
    CHECK(later.wait == interval - 2);
    auto const at_once =
        clock.decide({.since_stimulus = .01, .energy = 3, .since_tick = 1}).value();
    CHECK(at_once.due);
    CHECK(at_once.step.interval == .1);
    CHECK(at_once.step.reason == tick_reason::stimulus);
    CHECK(at_once.step.elapsed == 1);
    // One that the last tick has seen does not tick again by itself.
    auto const seen = clock.decide({.since_stimulus = .06, .energy = 3, .since_tick = .05}).value();
    CHECK_FALSE(seen.due);
    auto again = before;
    CHECK(again.decide({.energy = 3, .since_tick = interval}).value().due);
}

TEST_CASE("a clock's decisions follow from what it is told", "[host][clock][law]") {
    law::for_all(3'000, [](law::gen& g) {
        clock_config c;
        c.smoothing = g.one_of({.3, 1.0, g.real(.01, 1)}, "smoothing");
        c.dt_cap = g.one_of({5.0, .15, 100.0}, "dt_cap");
        auto clock = host::tick_clock::of(c).value();
        std::vector<event::tick_interval> heard;
        auto const listen = [&](event::tick_interval const& t) { heard.push_back(t); };
        double in_force = -1; // none
        for (std::size_t calls = 1 + g.choose(12); calls > 0; --calls) {
            moment const m = any_moment(g);
            auto const before = heard.size();
            auto const d = clock.decide(m, listen).value();
            auto const wished = host::shortest(host::wishes_at(m, c), c);
            bool const first = in_force < 0 || m.since_tick == never;
            bool const due = first || m.since_stimulus < m.since_tick || m.since_tick >= in_force
                             || m.since_tick >= wished.interval;
            g.holds(d.due == due, "due when the time has come, or before it for a reason");
            g.holds(heard.size() == before + (due ? 1 : 0), "told once, when due");
            g.holds(d.wait >= 0 && d.wait <= c.most, "the wait is bounded");
            if (!due) {
                g.holds(
                    d.wait
                        == (wished.interval < in_force ? wished.interval : in_force) - m.since_tick,
                    "until the interval ends");
                continue;
            }
            double expected = wished.interval;
            if (!first && expected > in_force)
                expected = in_force + c.smoothing * (expected - in_force);
            g.holds(std::abs(d.step.interval - expected) <= 1e-13 * expected, "the interval");
            g.holds(d.step.dt == std::min(d.step.interval, c.dt_cap), "dt is the interval, capped");
            g.holds(d.told.capped == (d.step.dt < d.step.interval), "and says so");
            g.holds(d.step.reason == wished.reason && d.told.reason == wished.reason, "the reason");
            g.holds(d.step.elapsed > 0, "time has passed");
            g.holds(heard.back().interval == d.step.interval, "what is told is what is done");
            in_force = d.step.interval;
        }
    });
}

TEST_CASE("a moment that is none is refused and changes nothing", "[host][clock]") {
    host::tick_clock clock;
    static_cast<void>(clock.decide({.energy = 100}).value());
    auto const refused = [&](moment const& m, std::uint64_t which) {
        auto const d = clock.decide(m);
        return !d && d.error().is(faults::bad_moment) && d.error().position() == which;
    };
    double const nan = std::nan("");
    CHECK(refused({.since_stimulus = -1}, 0));
    CHECK(refused({.since_stimulus = nan}, 0));
    CHECK(refused({.energy = -1}, 1));
    CHECK(refused({.energy = never}, 1));
    CHECK(refused({.energy = nan}, 1));
    CHECK(refused({.arousal = -.1}, 2));
    CHECK(refused({.arousal = never}, 2));
    CHECK(refused({.since_tick = -1}, 3));
    CHECK(refused({.since_tick = nan}, 3));
    CHECK(clock.decide({.energy = 100, .since_tick = .05}).value().wait == Approx(.05));
}

TEST_CASE("settings of a clock that contradict each other are refused", "[host][clock]") {
    auto const refused = [](clock_config const& c) {
        auto const made = host::tick_clock::of(c);
        return !made && made.error().is(faults::bad_clock);
    };
    double const nan = std::nan("");
    CHECK(refused({.least = 0}));
    CHECK(refused({.least = nan}));
    CHECK(refused({.least = 31}));
    CHECK(refused({.most = never}));
    CHECK(refused({.energy_low = 0}));
    CHECK(refused({.energy_low = 10}));
    CHECK(refused({.energy_high = never}));
    CHECK(refused({.arousal_low = -.1}));
    CHECK(refused({.arousal_low = .7}));
    CHECK(refused({.arousal_high = never}));
    CHECK(refused({.smoothing = 0}));
    CHECK(refused({.smoothing = 1.1}));
    CHECK(refused({.smoothing = nan}));
    CHECK(refused({.dt_cap = 0}));
    CHECK(refused({.dt_cap = nan}));
    CHECK(host::tick_clock::of({}).value().settings() == clock_config{});
}

TEST_CASE("an engine ticks by a clock, and says who decided", "[host][clock][engine]") {
    runnel::graph::builder b;
    b.nodes(2);
    b.link({runnel::node_id{0}, runnel::node_id{1}});
    auto const built = std::move(b).build().value();
    std::vector<event::frame_start> starts;
    auto const listen = [&](event::frame_start const& e) { starts.push_back(e); };
    auto const engine =
        runnel::make_engine(
            built.graph, std::as_const(built.store), {}, runnel::pipeline{}.with_sink(listen))
            .value();
    auto field = engine.make_field();
    host::tick_clock clock;
    event::counters counted;
    engine.inject(field, runnel::node_id{0}, 4).value();
    // One stimulus, then a minute of silence, told in steps of a twentieth of a second.
    double last = never;
    for (int i = 0; i < 1200; ++i) {
        double const now = i * .05;
        auto const d = clock
                           .decide(
                               {.since_stimulus = now,
                                .energy = field.energy_of(runnel::node_id{0}),
                                .since_tick = now - last < 0 ? never : now - last},
                               counted)
                           .value();
        if (!d.due) continue;
        engine.tick(field, d.step).value();
        last = now;
    }
    CHECK(counted.count<event::tick_interval>() == starts.size());
    CHECK(starts.size() > 5);
    CHECK(starts.size() < 60);
    CHECK(starts.front().interval == .1);
    CHECK(starts.front().reason == tick_reason::stimulus);
    CHECK(starts.back().interval > 1); // by and by it ticks more seldom
    for (std::size_t i = 1; i < starts.size(); ++i)
        CHECK(starts[i].interval >= starts[i - 1].interval);
}

#if RUNNEL_TEST_CAN_STOP
TEST_CASE("a clock made without asking has settings that are valid", "[host][clock]") {
    CHECK(support::stops([] { host::tick_clock{{.least = -1}}; }));
    CHECK_FALSE(support::stops([] { host::tick_clock{{.least = 1}}; }));
}
#endif
