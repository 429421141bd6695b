// SPDX-License-Identifier: MIT
// room: engine. Opening and ending a frame.
//
// Why:  everything that can refuse a frame is asked before anything is written, and a frame that has
//       begun to write always ends.
#pragma once

#include <cstdint>
#include <utility>

#include <runnel/engine/engine.hpp>

namespace runnel {

template <class Rows, class Pipeline>
template <class Amount>
result<staged<engine<Rows, Pipeline>, Amount>> engine<Rows, Pipeline>::stage(
    basic_field<Amount>& f, time_step step, report how) const {
    if (auto const ok = ready(f); !ok) return ok.error();
    double const asked = step.dt;
    if (state(f).safe && step.dt > config_.safe_mode.dt_cap) step.dt = config_.safe_mode.dt_cap;
    if (!instant::fits(step.dt)) return fault{faults::bad_dt, asked};
    if (!instant::fits(step.elapsed)) return fault{faults::bad_elapsed, step.elapsed};
    auto& s = state(f);
    auto const span =
        instant::nearest(config_.decay.clock == decay_clock::elapsed ? step.elapsed : step.dt);
    if (span > instant::last() - s.clock) return fault{faults::clock_end, s.clock.seconds()};
    if (!(s.lease.board() == board_)) s.lease = board_.join_if_any();
    if (s.lease.joined() && !s.lease.enter()) return fault{faults::store_busy};
    detail::open_frame& frame = s.open;
    frame = {};
    frame.settings = s.safe ? &careful_ : &config_;
    frame.dt = step.dt;
    frame.dt_asked = asked;
    frame.elapsed = step.elapsed;
    frame.interval = step.interval;
    frame.reason = step.reason;
    frame.headroom = step.headroom;
    frame.span = span;
    frame.full = how == report::full || event::hears<sink_type, event::frame_end>;
    if (frame.full) s.counts = {};
    s.staged = true;
    staged<engine, Amount> open{*this, f}; // from here on, leaving closes
    auto const ok =
        with_work(f, [&](auto loops, auto& st) { return loops.stage(*this, st, frame); });
    if (!ok) return ok.error();
    return open;
}

template <class Rows, class Pipeline>
template <class Amount>
void engine<Rows, Pipeline>::tell_committed(basic_field<Amount>& f) const {
    auto& s = state(f);
    detail::open_frame const& frame = s.open;
    event::emit<event::frame_start>(sink(), [&] {
        return event::frame_start{s.frame,       s.clock.seconds(), frame.dt,
                                  frame.elapsed, frame.interval,    frame.reason};
    });
    using telling = detail::telling<engine, Amount>;
    if constexpr (detail::work<engine, Amount, false>::picked) telling::appraise(s, frame);
    telling::tell_strides(*this, s, frame);
    if constexpr (event::hears<sink_type, event::link_flow>) telling::tell_flows(*this, s, frame);
}

/// The books of the frame; also what a dropped frame ends with.
template <class Rows, class Pipeline>
template <class Amount>
frame_report engine<Rows, Pipeline>::finish(basic_field<Amount>& f) const noexcept {
    auto& s = state(f);
    detail::open_frame const& frame = s.open;
    detail::frame_account<Amount> const b = s.books.close();
    frame_report r;
    r.frame = s.frame++;
    r.time = s.clock.seconds() - frame.span.seconds();
    r.dt = frame.dt;
    r.elapsed = frame.elapsed;
    r.before = b.units(b.before);
    r.injected = b.units(b.during.injected);
    r.transferred = b.units(b.during.sent);
    r.decayed = b.units(b.during.decayed);
    r.dissipated = b.units(b.during.sent - b.during.arrived);
    r.flushed = b.units(b.during.flushed);
    r.after = b.units(b.after);
    r.residual = b.units_of_difference(b.residual());
    r.active = s.active.size();
    r.touched = s.touched;
    r.strides = frame.moves;
    r.skipped = frame.skipped;
    r.capped = frame.capped;
    r.costs_computed = frame.costs;
    r.switched_on = frame.switched_on;
    r.switched_off = frame.switched_off;
    r.out_of_reach = r.active == 0 && r.after < lowest_threshold_;
    r.truncated = frame.truncated;
    r.unreached = frame.unreached;
    r.retried = frame.retried;
    r.low_confidence = frame.unsure;
    r.safe = frame.settings == &careful_;
    return r;
}

/// What decay took from each type in this frame; asked before the books are closed.
template <class Rows, class Pipeline>
template <class Amount>
detail::decay_figures engine<Rows, Pipeline>::by_type(
    basic_field<Amount> const& f, instant span) const noexcept {
    auto const& s = state(f);
    using traits = energy_traits<Amount>;
    detail::decay_figures figures;
    for (std::size_t t = 0; t < detail::type_slots; ++t) {
        auto const flow = s.books.now(t);
        if (flow.decayed == 0 && flow.flushed == 0) continue;
        double rate = s.shape.rules.rates[t];
        if (config_.implementation == implementation::matrix) // per frame, whatever its length
            rate = -math::log(1 - config_.matrix.delta) / span.seconds();
        figures.types[figures.count++] = {
            node_type{static_cast<std::uint16_t>(t)},
            traits::units_of_total(static_cast<typename traits::total>(flow.decayed)),
            traits::units_of_total(static_cast<typename traits::total>(flow.flushed)),
            half_life(1).per_second / rate};
    }
    return figures;
}

template <class Rows, class Pipeline>
void engine<Rows, Pipeline>::tell_choices(
    detail::choice_counts const& counts, frame_report& r) noexcept {
    if (counts.links_of_sources > 0)
        r.prune_rate = static_cast<double>(counts.links_of_sources - counts.links_kept)
                       / static_cast<double>(counts.links_of_sources);
    for (std::size_t i = 0; i < 8; ++i) r.k_histogram[i] = counts.k_histogram[i];
    if (counts.pruned_sources > 0)
        r.hub_entropy = counts.hub_entropy.value() / static_cast<double>(counts.pruned_sources);
}

/// The figures only a reader of reports needs: O(touched since reset).
template <class Rows, class Pipeline>
template <class Amount>
void engine<Rows, Pipeline>::count(basic_field<Amount> const& f, frame_report& r) const noexcept {
    auto const& s = state(f);
    detail::open_frame const& frame = s.open;
    using traits = energy_traits<Amount>;
    typename traits::total sum{};
    // Added as integers, like all energies: the order of nodes is of no consequence.
    using weight = std::conditional_t<traits::exact, uint128, double>;
    weight hops{};
    weight weighed{};
    s.table.each([&](node_id id, auto const& node) {
        if (node.held == Amount{}) return;
        ++r.support;
        sum += traits::raw(node.held);
        if (!config_.track_radius) return;
        std::uint32_t const far = s.radius.get(s.table.slot(id));
        if (far > 1 && far - 1 > r.radius) r.radius = far - 1;
        auto const now = static_cast<weight>(traits::raw(s.settled(id, node)));
        if (far > 1) hops += now * (far - 1);
        weighed += now;
    });
    if (weighed > 0) r.mean_radius = static_cast<double>(hops) / static_cast<double>(weighed);
    if (frame.full) tell_choices(s.counts, r);
    r.residual =
        traits::units_of_total(static_cast<typename traits::total>(s.books.stored()) - sum);
    double links = 0;
    for (node_id const node : s.active) links += rows_.degree(node);
    r.mean_degree_of_active =
        s.active.size() == 0 ? 0 : links / static_cast<double>(s.active.size());
}

template <class Rows, class Pipeline>
template <class Amount>
frame_report engine<Rows, Pipeline>::end_frame(basic_field<Amount>& f) const {
    detail::open_frame const& frame = state(f).open;
    struct closing { // also when learning throws: a frame that has begun to write always ends
        engine const& by;
        basic_field<Amount>& on;
        bool open = true;
        void now() noexcept {
            if (std::exchange(open, false)) by.close(on);
        }
        ~closing() { now(); }
    } stage{*this, f};
    detail::decay_figures losses;
    if constexpr (event::hears<sink_type, event::decay_tick>) losses = by_type(f, frame.span);
    frame_report r = finish(f);
    if (frame.full || config_.safe_mode.tripwire) count(f, r);
    r.residual_relative = r.after > 0 ? r.residual / r.after : r.residual;
    if (config_.safe_mode.tripwire) watch(f, r);
    if (config_.track_shadow) follow_shadow(f, r);
    if constexpr (learns) learn(f, r);
    stage.now(); // before anybody is told: a sink that throws finds the field whole
    if constexpr (learns) apply_lessons(f);
    if constexpr (requires { sink().dropped(); }) r.dropped = sink().dropped();
    tell_end(f, r, losses);
    return r;
}

} // namespace runnel
