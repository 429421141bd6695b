// SPDX-License-Identifier: MIT
// room: engine. What is watched at a frame's end, and what is told of it.
//
// Why:  guards that act in silence are bugs in waiting: whatever cut, slowed or stopped something says so.
// Laws: the shadow is the set of out-neighbours of active nodes that are not active, of nodes below the degree cap; it
//       follows flips and is what a recount would find.
// Cost: O(active) where the shadow is tracked, links of the nodes that flipped included; else nothing.
#pragma once

#include <cstddef>
#include <cstdint>

#include <runnel/core/order.hpp>
#include <runnel/engine/engine.hpp>

namespace runnel {

/// Brings the counts from the nodes they were made for to the nodes that are active now.
template <class Rows, class Pipeline>
template <class Amount>
void engine<Rows, Pipeline>::follow_shadow(basic_field<Amount>& f, frame_report& r) const {
    auto& s = state(f);
    auto const small = [&](node_id n) { return rows_.degree(n) <= config_.shadow_degree_cap; };
    auto const is_active = [&](node_id n) {
        auto const* const record = s.table.find(n);
        return record != nullptr && (record->flags & detail::active_flag) != 0;
    };
    std::size_t kept = 0;
    for (std::size_t i = 0; i < s.shadow_of.size(); ++i) {
        node_id const node = s.shadow_of[i];
        if (is_active(node)) {
            s.shadow_of[kept++] = node;
        } else {
            for (out_link const link : rows_.links(node)) s.shadow.down(link.target);
        }
    }
    s.shadow_of.resize(kept);
    detail::sort(s.shadow_of.begin(), s.shadow_of.end());
    for (node_id const node : s.active) {
        if (!small(node)) {
            ++r.shadow_left_out;
            continue;
        }
        std::size_t low = 0;
        std::size_t high = kept; // those behind are of this frame
        while (low < high) {
            std::size_t const middle = low + (high - low) / 2;
            if (s.shadow_of[middle] < node)
                low = middle + 1;
            else
                high = middle;
        }
        if (low < kept && s.shadow_of[low] == node) continue;
        s.shadow.room(rows_.degree(node));
        s.shadow_of.push_back(node);
        for (out_link const link : rows_.links(node)) s.shadow.up(link.target);
    }
    r.shadow = s.shadow.size();
    for (node_id const node : s.active)
        if (s.shadow.counted(node)) --r.shadow;
}

/// The tripwire.
template <class Rows, class Pipeline>
template <class Amount>
void engine<Rows, Pipeline>::watch(basic_field<Amount>& f, frame_report& r) const {
    auto& s = state(f);
    safe_mode_config const& c = config_.safe_mode;
    bool const crowd = static_cast<double>(r.active)
                       > math::product(c.tripwire_share, static_cast<double>(rows_.node_count()));
    s.crowded = crowd ? s.crowded + 1 : 0;
    double const off = r.residual_relative < 0 ? -r.residual_relative : r.residual_relative;
    constexpr double rounding = energy_traits<Amount>::exact ? 0 : 1e-9;
    if (s.crowded >= c.tripwire_frames || off > rounding) s.safe = true;
}

/// Everything a frame's end says, in order: flips, decay, lessons, guards, the frame.
template <class Rows, class Pipeline>
template <class Amount>
void engine<Rows, Pipeline>::tell_end(
    basic_field<Amount>& f, frame_report const& r, detail::decay_figures const& losses) const {
    auto& s = state(f);
    detail::open_frame const& frame = s.open;
    if constexpr (event::hears<sink_type, event::node_flip>) {
        detail::telling<engine, Amount>::give_credit(s, frame);
        for (std::size_t i = 0; i < s.flips.size(); ++i) {
            event::node_flip const flip = s.flips[i];
            event::emit<event::node_flip>(sink(), [&] { return flip; });
        }
    }
    event::emit<event::decay_tick>(sink(), [&] {
        event::decay_tick tick;
        tick.frame = r.frame;
        tick.elapsed = frame.span.seconds();
        tick.decayed = r.decayed;
        tick.flushed = r.flushed;
        tick.nodes = frame.decayed_nodes;
        tick.types = {losses.types, losses.count};
        tick.consolidated = s.guarded.size();
        for (detail::protection const& p : s.guarded) tick.mean_protection += p.share;
        if (tick.consolidated > 0) tick.mean_protection /= static_cast<double>(tick.consolidated);
        tick.resistant = frame.resistant;
        if (frame.resistant > 0)
            tick.mean_resistance = frame.resistances.value() / static_cast<double>(frame.resistant);
        return tick;
    });
    if constexpr (event::hears<sink_type, event::weight_update>)
        for (std::size_t i = 0; i < s.updates.size(); ++i) {
            event::weight_update const update = s.updates[i];
            event::emit<event::weight_update>(sink(), [&] { return update; });
        }
    if constexpr (event::hears<sink_type, event::guard_acted>) {
        auto const acted = [&](std::string_view guard, std::uint64_t count, double figure) {
            if (count != 0)
                event::emit<event::guard_acted>(sink(), [&] {
                    return event::guard_acted{r.frame, guard, count, figure};
                });
        };
        acted("transfer_cap", frame.capped, frame.settings->transfer_cap);
        acted("retry", r.retried, config_.retry_budget);
        acted("dt_cap", frame.dt < frame.dt_asked ? 1 : 0, config_.safe_mode.dt_cap);
        acted("budget", r.unreached, static_cast<double>(frame.limit));
        acted("newness_gate", s.gated, 0);
        acted("safe_mode_on", s.safe && !s.safe_told ? 1 : 0, static_cast<double>(s.crowded));
        acted("safe_mode_off", !s.safe && s.safe_told ? 1 : 0, 0);
    }
    s.safe_told = s.safe;
    s.gated = 0;
    event::emit<event::frame_end>(sink(), [&]() -> event::frame_end const& { return r; });
}

} // namespace runnel
