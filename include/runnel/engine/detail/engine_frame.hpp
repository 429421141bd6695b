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
    basic_field<Amount>& f, time_step step) const {
    if (auto const ok = ready(f); !ok) return ok.error();
    auto const dt = instant::from_seconds(step.dt);
    if (!dt) return fault{faults::bad_dt, step.dt};
    auto const elapsed = instant::from_seconds(step.elapsed);
    if (!elapsed) return fault{faults::bad_elapsed, step.elapsed};
    auto& s = state(f);
    detail::open_frame frame;
    frame.dt = step.dt;
    frame.elapsed = step.elapsed;
    frame.headroom = step.headroom;
    frame.span = config_.decay.clock == decay_clock::elapsed ? *elapsed : *dt;
    if (frame.span > instant::last() - s.clock) return fault{faults::clock_end, s.clock.seconds()};
    if (!(s.lease.board() == board_)) s.lease = board_.join_if_any();
    if (s.lease.joined() && !s.lease.enter()) return fault{faults::store_busy};
    s.staged = true;
    staged<engine, Amount> open{*this, f, frame}; // from here on, leaving closes
    auto const ok =
        with_work(f, [&](auto loops, auto& st) { return loops.stage(*this, st, open.frame_); });
    if (!ok) return ok.error();
    return open;
}

template <class Rows, class Pipeline>
template <class Amount>
void engine<Rows, Pipeline>::tell_committed(
    basic_field<Amount>& f, detail::open_frame const& frame) const {
    auto& s = state(f);
    event::emit<event::frame_start>(sink(), [&] {
        return event::frame_start{s.frame, s.clock.seconds(), frame.dt, frame.elapsed};
    });
    with_work(f, [&](auto loops, auto& st) { loops.tell_strides(*this, st, frame); });
}

/// The books of the frame; also what a dropped frame ends with.
template <class Rows, class Pipeline>
template <class Amount>
frame_report engine<Rows, Pipeline>::finish(
    basic_field<Amount>& f, detail::open_frame const& frame) const noexcept {
    auto& s = state(f);
    balance<Amount> const b = s.books.close();
    frame_report r;
    r.frame = s.frame++;
    r.time = s.clock.seconds() - frame.span.seconds();
    r.dt = frame.dt;
    r.elapsed = frame.elapsed;
    r.before = b.units(b.before);
    r.injected = b.units(b.injected);
    r.transferred = b.units(b.sent);
    r.decayed = b.units(b.decayed);
    r.dissipated = b.units(b.dissipated);
    r.flushed = b.units(b.flushed);
    r.after = b.units(b.after);
    r.residual = b.units(b.residual());
    r.active = s.active.size();
    r.touched = s.touched;
    r.strides = frame.moves;
    r.skipped = frame.skipped;
    r.capped = frame.capped;
    r.costs_computed = frame.costs;
    r.switched_on = frame.switched_on;
    r.switched_off = frame.switched_off;
    r.out_of_reach = r.active == 0 && r.after < lowest_threshold_;
    return r;
}

/// The figures only a reader of reports needs: O(touched since reset).
template <class Rows, class Pipeline>
template <class Amount>
void engine<Rows, Pipeline>::count(basic_field<Amount> const& f, frame_report& r) const noexcept {
    auto const& s = state(f);
    using traits = energy_traits<Amount>;
    typename traits::total sum{};
    s.table.each([&](node_id, auto const& node) {
        if (node.held == Amount{}) return;
        ++r.support;
        sum += traits::raw(node.held);
    });
    r.residual =
        traits::units_of_total(static_cast<typename traits::total>(s.books.stored()) - sum);
    double links = 0;
    for (node_id const node : s.active) links += rows_.degree(node);
    r.mean_degree_of_active =
        s.active.size() == 0 ? 0 : links / static_cast<double>(s.active.size());
}

template <class Rows, class Pipeline>
template <class Amount>
frame_report engine<Rows, Pipeline>::end_frame(
    basic_field<Amount>& f, detail::open_frame const& frame, report how) const {
    frame_report r = finish(f, frame);
    constexpr bool heard = event::hears<sink_type, event::frame_end>;
    if (heard || how == report::full) count(f, r);
    r.residual_relative = r.after > 0 ? r.residual / r.after : r.residual;
    close(f); // before anybody is told: a sink that throws finds the field whole
    auto const& s = state(f);
    if constexpr (event::hears<sink_type, event::node_flip>)
        for (std::size_t i = 0; i < s.flips.size(); ++i) {
            event::node_flip const flip = s.flips[i];
            event::emit<event::node_flip>(sink(), [&] { return flip; });
        }
    event::emit<event::decay_tick>(sink(), [&] {
        return event::decay_tick{
            r.frame, frame.span.seconds(), r.decayed, r.flushed, frame.decayed_nodes};
    });
    if (frame.capped != 0)
        event::emit<event::guard_acted>(sink(), [&] {
            return event::guard_acted{r.frame, "transfer_cap", frame.capped};
        });
    event::emit<event::frame_end>(sink(), [&]() -> event::frame_end const& { return r; });
    return r;
}

} // namespace runnel
