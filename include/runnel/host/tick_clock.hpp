// SPDX-License-Identifier: MIT
// room: host. When to tick next, and by how much: soon after a stimulus, when much is active, or in
//       a strong mood; seldom when nothing goes on.
//
// Why:  a diffusion that ticks at a fixed rate wastes most of its ticks and is late for the rest. Three
//       figures each wish for an interval, and the shortest counts. The clock reads no clock: its
//       caller measures, so that a run can be told again.
// Laws: every wish and the interval lie in [least, most]. A stimulus ticks at once, and an interval that
//       shortens does so at once; one that lengthens goes a share of the way per tick. dt is the
//       interval, at most dt_cap; elapsed is the true time since the last tick. Of equal wishes the
//       stimulus is the reason, then activity, then arousal. A call that is not due changes nothing.
// Cost: a logarithm and an exponential; no memory.
//
//   runnel::host::tick_clock clock;
//   auto const now = clock.decide({.since_stimulus = 2, .energy = e, .arousal = a, .since_tick = 1}).value();
//   if (now.due) engine.tick(field, now.step).value();      // then sleep now.wait seconds, or until a stimulus
#pragma once

#include <cstdint>
#include <string_view>

#include <runnel/core/expects.hpp>
#include <runnel/core/math.hpp>
#include <runnel/core/reflect.hpp>
#include <runnel/core/result.hpp>
#include <runnel/core/ticks.hpp>
#include <runnel/event/records.hpp>
#include <runnel/event/sink.hpp>

namespace runnel::faults {
inline constexpr fault_kind bad_clock{
    "host.bad_clock", "these settings of a tick clock contradict each other"};
inline constexpr fault_kind bad_moment{
    "host.bad_moment", "what a tick clock is told must be a number that is not negative"};
} // namespace runnel::faults

namespace runnel::host {

struct clock_config {
    double least = .1;       ///< shortest interval, s, > 0
    double most = 60;        ///< longest, s, >= 2 least
    double energy_low = 1;   ///< units of active energy below which activity wishes for `most`, > 0
    double energy_high = 10; ///< above which it wishes for `least`, > energy_low
    double arousal_low = .3; ///< mean length of affect below which arousal wishes for `most`, >= 0
    double arousal_high = .7; ///< above which it wishes for 2 least, > arousal_low
    double smoothing =
        .3; ///< share of the way a longer interval goes per tick, (0, 1]; 1 goes it at once
    double dt_cap = 5; ///< most a tick is told, s, > 0

    friend bool operator==(clock_config const&, clock_config const&) = default;

    template <class Self, class F> static constexpr void visit(Self& self, F&& f) {
        static_assert(arity_is<clock_config, 8>, "host: a setting is missing from this walk");
        f("least", self.least);
        f("most", self.most);
        f("energy_low", self.energy_low);
        f("energy_high", self.energy_high);
        f("arousal_low", self.arousal_low);
        f("arousal_high", self.arousal_high);
        f("smoothing", self.smoothing);
        f("dt_cap", self.dt_cap);
    }
    [[nodiscard]] constexpr status validate() const noexcept {
        auto const bad = [](std::string_view sentence, double offender) {
            return fault{fault_kind{faults::bad_clock.code, sentence}, offender};
        };
        auto const above = [](double x, double low) { return math::finite(x) && x > low; };
        if (!above(least, 0)) return bad("clock.least must be finite and above 0", least);
        if (!math::finite(most) || !(most >= 2 * least))
            return bad("clock.most must be finite and at least twice clock.least", most);
        if (!above(energy_low, 0))
            return bad("clock.energy_low must be finite and above 0", energy_low);
        if (!above(energy_high, energy_low))
            return bad("clock.energy_high must be finite and above clock.energy_low", energy_high);
        if (!math::finite(arousal_low) || arousal_low < 0)
            return bad("clock.arousal_low must be finite and not negative", arousal_low);
        if (!above(arousal_high, arousal_low))
            return bad(
                "clock.arousal_high must be finite and above clock.arousal_low", arousal_high);
        if (!(smoothing > 0 && smoothing <= 1))
            return bad("clock.smoothing must lie in (0, 1]", smoothing);
        if (!above(dt_cap, 0)) return bad("clock.dt_cap must be finite and above 0", dt_cap);
        return {};
    }
};
static_assert(clock_config{}.validate().has_value());

/// What the caller measured, none of it negative.
struct moment {
    double since_stimulus = __builtin_inf(); ///< s; infinity: there was none yet
    double energy = 0;                       ///< of all active nodes together, units
    double arousal = 0;                      ///< mean length of the active nodes' affects
    double since_tick = __builtin_inf();     ///< s; infinity: there was none yet
};

/// The intervals the three figures ask for, s.
struct wishes {
    double stimulus = 0;
    double activity = 0;
    double arousal = 0;
};
[[nodiscard]] constexpr wishes wishes_at(moment const& m, clock_config const& c = {}) noexcept {
    auto const within = [&](double x) { return x < c.least ? c.least : (x > c.most ? c.most : x); };
    wishes w{within(m.since_stimulus), c.most, c.most};
    if (m.energy > c.energy_high)
        w.activity = c.least;
    else if (m.energy > c.energy_low) { // as many times shorter as it is many times more
        double const way =
            math::log(m.energy / c.energy_low) / math::log(c.energy_high / c.energy_low);
        double const times = math::log(c.least / c.most);
        w.activity = within(math::product(c.most, math::exp(math::product(way, times))));
    }
    if (m.arousal > c.arousal_high)
        w.arousal = 2 * c.least;
    else if (m.arousal > c.arousal_low) {
        double const way = (m.arousal - c.arousal_low) / (c.arousal_high - c.arousal_low);
        w.arousal = within(c.most - math::product(way, c.most - 2 * c.least));
    }
    return w;
}

/// The shortest wish, and what a tick is told of it.
[[nodiscard]] constexpr event::tick_interval shortest(
    wishes const& w, clock_config const& c = {}) noexcept {
    event::tick_interval t;
    t.stimulus = w.stimulus;
    t.activity = w.activity;
    t.arousal = w.arousal;
    t.interval = w.stimulus;
    t.reason = tick_reason::stimulus;
    if (w.activity < t.interval) {
        t.interval = w.activity;
        t.reason = tick_reason::activity;
    }
    if (w.arousal < t.interval) {
        t.interval = w.arousal;
        t.reason = tick_reason::arousal;
    }
    t.capped = t.interval > c.dt_cap;
    t.dt = t.capped ? c.dt_cap : t.interval;
    return t;
}

struct decision {
    bool due = false;            ///< tick now, with `step`
    double wait = 0;             ///< s from now (from the tick, where it is due) to ask again
    time_step step{};            ///< for `engine.tick`; set the headroom, if there is one
    event::tick_interval told{}; ///< how it came about
};

/// Decides for one field; remembers the interval in force.
class tick_clock {
public:
    /// Expects settings that are valid; `of` looks at them.
    explicit tick_clock(clock_config const& settings = {}) noexcept : settings_(settings) {
        RUNNEL_EXPECTS(
            settings.validate().has_value(), "host: a clock's settings are valid; ask of()");
    }
    [[nodiscard]] static result<tick_clock> of(clock_config const& settings) {
        if (auto const ok = settings.validate(); !ok) return ok.error();
        return tick_clock{settings};
    }

    /// Whether to tick now. If so, `to` hears of the interval, and the tick is taken to happen.
    template <class Sink> [[nodiscard]] result<decision> decide(moment const& m, Sink&& to) {
        double const told[] = {m.since_stimulus, m.energy, m.arousal, m.since_tick};
        for (std::uint64_t i = 0; i < 4; ++i) {
            bool const endless = i == 0 || i == 3;
            if (!(told[i] >= 0) || (!endless && !math::finite(told[i])))
                return fault{faults::bad_moment, told[i], i};
        }
        decision d;
        d.told = shortest(wishes_at(m, settings_), settings_);
        double const wished = d.told.interval;
        bool const first = !begun_ || !math::finite(m.since_tick);
        double const from_last = first || wished < interval_ ? wished : interval_;
        d.due = first || m.since_stimulus < m.since_tick || m.since_tick >= from_last;
        if (!first && wished > interval_)
            settle(
                d.told, d.due ? interval_ + math::product(settings_.smoothing, wished - interval_)
                              : interval_);
        d.wait = d.due ? d.told.interval : from_last - m.since_tick;
        d.step.dt = d.told.dt;
        d.step.elapsed = math::finite(m.since_tick) && m.since_tick > 0 ? m.since_tick : d.told.dt;
        d.step.interval = d.told.interval;
        d.step.reason = d.told.reason;
        if (d.due) {
            begun_ = true;
            interval_ = d.told.interval;
            event::emit<event::tick_interval>(
                to, [&]() -> event::tick_interval const& { return d.told; });
        }
        return d;
    }
    [[nodiscard]] result<decision> decide(moment const& m) { return decide(m, event::none{}); }

    /// Forgets the interval in force, as before the first tick.
    void reset() noexcept { begun_ = false; }
    [[nodiscard]] clock_config const& settings() const noexcept { return settings_; }

private:
    void settle(event::tick_interval& t, double interval) const noexcept {
        t.interval = interval;
        t.capped = interval > settings_.dt_cap;
        t.dt = t.capped ? settings_.dt_cap : interval;
    }

    clock_config settings_;
    double interval_ = 0; // in force since the last tick
    bool begun_ = false;
};

} // namespace runnel::host
