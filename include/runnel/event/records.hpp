// SPDX-License-Identifier: MIT
// room: event. What happens in a frame, as plain structs, and the one registry of them.
//
// Why:  a sink, a file and a test must mean the same thing by "a stride"; each struct carries its wire
//       name and version, and a struct outside the registry cannot be emitted.
// Laws: fields are only appended; a wire name never changes its meaning. Stride events come after
//       commit, in (source, rank) order.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <type_traits>

#include <runnel/core/ids.hpp>
#include <runnel/core/ticks.hpp>
#include <runnel/event/parts.hpp>

namespace runnel::event {

struct frame_start {
    static constexpr std::string_view wire = "frame.start";
    static constexpr int wire_version = 2;
    std::uint64_t frame = 0;
    double time = 0; ///< the field's clock before the frame, s
    double dt = 0;
    double elapsed = 0;
    double interval = 0; ///< what a tick clock had in mind; dt where the caller decides
    tick_reason reason = tick_reason::caller;
};

/// A source looked at its links. Comes after commit, before the strides it led to.
struct stride_selection {
    static constexpr std::string_view wire = "stride.selection";
    static constexpr int wire_version = 1;
    std::uint64_t frame = 0;
    node_id node{};
    std::uint32_t fanout = 0; ///< links it has, self loops left out
    event::strategy strategy = event::strategy::exhaustive;
    std::uint32_t k = 0; ///< links it looked at
    event::task mode = event::task::by_structure;
    bool mode_override = false; ///< the mode decided otherwise than structure and pressure would
    event::strategy structure_would_suggest = event::strategy::exhaustive;
    double headroom = 1;
    double prune_rate = 0; ///< (fanout - k) / fanout, 0 without links
    double entropy = 0;    ///< of the shares, in nats: 0 for a single link
    std::uint32_t costs_computed = 0;
    bool certified = true; ///< what was chosen is what looking at all links would have chosen
};

/// Energy moved along one link.
struct stride_exec {
    static constexpr std::string_view wire = "stride.exec";
    static constexpr int wire_version = 2;
    std::uint64_t frame = 0;
    node_id source{};
    node_id target{};
    link_id link = no_link;   ///< no_link where the graph does not name links
    double gross = 0;         ///< what left the source
    double retained = 0;      ///< what the target kept
    double loss = 0;          ///< gross - retained
    double source_before = 0; ///< at frame start
    double target_before = 0; ///< at frame start
    double target_after = 0;  ///< after commit, before decay
    double score = 0;         ///< the link's cost
    double share = 1;         ///< of what the source sent
    std::uint32_t rank = 0;   ///< 0: the cheapest
    event::reason reason = event::reason::argmin;
    cost_breakdown cost{}; ///< of a cost model that tells: it has breakdown(candidate)
    double utility =
        0; ///< phi: how much of what the target lacked to its threshold this stride filled
    double z_flow = 0; ///< rank of what it carried among its like, as a normal score
};

/// A node became active or ceased to be.
struct node_flip {
    static constexpr std::string_view wire = "node.flip";
    static constexpr int wire_version = 2;
    std::uint64_t frame = 0;
    node_id node{};
    bool active = false;
    double before = 0; ///< energy at frame start
    double after = 0;  ///< at frame end
    double threshold = 0;
    std::uint32_t senders = 0;    ///< how many brought it over its threshold
    row_of<credited, 4> credit{}; ///< the first of them, by share
};

/// What happened along one link in a frame.
struct link_flow {
    static constexpr std::string_view wire = "link.flow";
    static constexpr int wire_version = 1;
    std::uint64_t frame = 0;
    link_id link = no_link;
    node_id source{};
    node_id target{};
    double energy = 0;      ///< carried in this frame
    double max_utility = 0; ///< phi
    double z_flow = 0;
    double dominance =
        .5; ///< forward / (forward + reverse) of the averaged flows between the two nodes
};

/// A link has learned.
struct weight_update {
    static constexpr std::string_view wire = "weight.update";
    static constexpr int wire_version = 1;
    std::uint64_t frame = 0;
    link_id link = no_link;
    node_id source{};
    node_id target{};
    double delta = 0; ///< of the log-weight, before clamping
    double lw = 0;    ///< after
    event::tier tier = tier::background;
    double utility = 0; ///< the score it learned by
    double affect_factor = 1;
};

struct decay_tick {
    static constexpr std::string_view wire = "decay.tick";
    static constexpr int wire_version = 2;
    std::uint64_t frame = 0;
    double elapsed = 0;
    double decayed = 0; ///< pending decay settled since the last frame included
    double flushed = 0;
    std::uint64_t nodes = 0;        ///< how many the frame decayed
    listed<type_decay> types{};     ///< those that lost something
    std::uint64_t consolidated = 0; ///< nodes that were protected
    double mean_protection = 0;     ///< of those
    std::uint64_t resistant = 0;    ///< nodes whose rate was another than their type's
    double mean_resistance = 1;     ///< of those
};

struct stimulus_injected {
    static constexpr std::string_view wire = "stimulus.injected";
    static constexpr int wire_version = 2;
    node_id node{};
    double energy = 0;
    double gap_before = 0; ///< what the node lacked to its threshold
    double gap_after = 0;
    double before = 0; ///< what the node held
};

struct guard_acted {
    static constexpr std::string_view wire = "guard.acted";
    static constexpr int wire_version = 2;
    std::uint64_t frame = 0;
    /// "transfer_cap", "retry", "dt_cap", "budget", "newness_gate", "safe_mode_on", "safe_mode_off", in this order
    std::string_view guard;
    std::uint64_t count = 0;
    double figure = 0; ///< the limit that acted
};

/// A clock decided when to tick.
struct tick_interval {
    static constexpr std::string_view wire = "tick.interval";
    static constexpr int wire_version = 1;
    double interval = 0; ///< s
    double dt = 0;       ///< s, what the tick is told
    tick_reason reason = tick_reason::caller;
    bool capped = false; ///< dt is less than the interval
    double stimulus = 0; ///< the three wishes, s
    double activity = 0;
    double arousal = 0;
};

/// A frame as a whole; also what `tick` returns.
struct frame_end {
    static constexpr std::string_view wire = "frame.end";
    static constexpr int wire_version = 2;
    std::uint64_t frame = 0; ///< number of this frame, from 0
    double time = 0;         ///< the field's clock at its start, s
    double dt = 0;
    double elapsed = 0;

    double before = 0;   ///< stored at the last frame's end, units
    double injected = 0; ///< since then
    double transferred = 0;
    double decayed = 0;
    double dissipated = 0;
    double flushed = 0;
    double after = 0;
    double residual = 0; ///< what the books cannot explain: exactly 0 with fixed-point energy
    double residual_relative = 0;

    std::uint64_t active = 0;  ///< nodes at or above their threshold now
    std::uint64_t touched = 0; ///< nodes that received in this frame
    std::uint64_t strides = 0;
    std::uint64_t skipped = 0; ///< transfers not above min_transfer: the energy stayed
    std::uint64_t capped = 0;  ///< sources the transfer cap held back
    std::uint64_t costs_computed = 0;
    std::uint64_t switched_on = 0;
    std::uint64_t switched_off = 0;
    std::uint64_t support = 0;        ///< nodes with energy; full report only
    double mean_degree_of_active = 0; ///< full report only
    bool out_of_reach = false;        ///< all energy together is below every threshold

    bool truncated = false;           ///< a budget ended the frame before every source was asked
    bool safe = false;                ///< the frame ran in safe mode
    std::uint64_t unreached = 0;      ///< sources that were not asked
    std::uint64_t retried = 0;        ///< nodes below their threshold that sent
    std::uint64_t low_confidence = 0; ///< strengths read in a cohort of fewer than 3
    std::uint64_t learned = 0;        ///< links whose weight is to change
    std::uint64_t shadow = 0; ///< out-neighbours of active nodes that are not active; where tracked
    std::uint64_t shadow_left_out = 0; ///< active nodes with too many links to be counted
    // Full report only, as are support and mean degree:
    std::uint32_t radius =
        0;                  ///< hops from the seeds to the farthest node with energy; where tracked
    double mean_radius = 0; ///< weighted by energy; where tracked
    double prune_rate = 0;  ///< links not looked at, of all links of the sources
    row_of<std::uint64_t, 8>
        k_histogram{};      ///< sources by links looked at: 0, 1, 2, 3, 4, 5, 6 to 15, more
    double hub_entropy = 0; ///< mean entropy of the shares, of sources whose row was pruned; nats
    std::uint64_t senseless_lessons =
        0; ///< whose delta is no number, or whose low lies above high: nothing is learned
    std::uint64_t dropped = 0; ///< events a sink with `dropped()` could not keep
};

namespace detail {
template <class... Event> struct event_list {
    template <class E> static constexpr bool holds = (std::is_same_v<E, Event> || ...);
    static constexpr std::size_t count = sizeof...(Event);
    /// Calls f.template operator()<Event>() for each.
    template <class F> static constexpr void each(F&& f) { (f.template operator()<Event>(), ...); }
    template <class Sink>
    static constexpr bool any_heard = (std::is_invocable_v<Sink&, Event const&> || ...);
    template <class Sink>
    static constexpr bool none_lost_as_const =
        ((std::is_invocable_v<
              Sink const&, Event const&> || !std::is_invocable_v<Sink&, Event const&>)&&...);
    template <class E> static constexpr std::size_t position() {
        std::size_t at = 0;
        bool found = false;
        ((found = found || std::is_same_v<E, Event>, at += found ? 0 : 1), ...);
        return at;
    }
};
} // namespace detail

/// Every event there is; new ones are added behind the others.
using registry = detail::event_list<
    frame_start, stride_exec, node_flip, decay_tick, stimulus_injected, guard_acted, frame_end,
    stride_selection, link_flow, weight_update, tick_interval>;

template <class E>
concept registered = registry::holds<E>;

} // namespace runnel::event
