// SPDX-License-Identifier: MIT
// room: engine. Nodes of a field as the loops of a frame see them.
//
// Why:  one node is one 32-byte record, met once, settled when touched after being quiet. Which amounts,
//       which storage and who listens is decided by types, outside the loops.
// Laws: a record is current (its stamp is the field's clock) from the touch on to the frame's end.
#pragma once

#include <cstdint>
#include <type_traits>

#include <runnel/cost/model.hpp>
#include <runnel/engine/detail/temperament.hpp>
#include <runnel/engine/field.hpp>
#include <runnel/event/sink.hpp>
#include <runnel/graph/concepts.hpp>

namespace runnel::detail {

/// For one kind of amount and one kind of storage.
template <class Engine, class Amount, bool Dense> struct nodes {
    using state = field_state<Amount>;
    using record = node_record<Amount>;
    using traits = energy_traits<Amount>;
    using sum = typename flows<Amount>::sum;
    using sink = typename Engine::sink_type;
    static constexpr bool selections_heard = event::hears<sink, event::stride_selection>;
    static constexpr bool strides_heard = event::hears<sink, event::stride_exec>;
    static constexpr bool flips_heard = event::hears<sink, event::node_flip>;
    static constexpr bool learns = Engine::learns;
    // Moves are remembered with their reasons, and looked at again after commit.
    static constexpr bool picked =
        strides_heard || flips_heard || learns || event::hears<sink, event::link_flow>;
    // A row's head may be all there is to ask for.
    static constexpr bool by_head =
        cost::weight_monotone<typename Engine::cost_type> && has_best<typename Engine::rows_type>;
    // Doubles must be added in one order; events come in (source, rank) order. Integers need neither.
    static constexpr bool ordered = selections_heard || picked || !traits::exact;

    static sum raw(Amount a) noexcept { return static_cast<sum>(traits::raw(a)); }

    /// The record of a node whose page exists, decayed up to the field's clock.
    static record& touch(Engine const& e, state& s, node_id node) noexcept {
        record& r = s.table.template at<Dense>(node);
        if ((r.flags & known_flag) == 0) [[unlikely]] {
            meet(e, s, node, r);
        } else if (r.stamp != s.clock.raw()) [[unlikely]] {
            s.settle(node, r);
        }
        return r;
    }
    // Rare next to the loops that call it, and kept out of those: it would take their registers.
    [[gnu::noinline]] static void meet(
        Engine const& e, state& s, node_id node, record& r) noexcept {
        describe(e, s, node, r);
        s.table.mark(node);
        s.books.saw(r.type);
    }
    /// Writes down what the graph says of a node that is met.
    static void describe(Engine const& e, state& s, node_id node, record& r) noexcept {
        r.type = static_cast<std::uint16_t>(per_type<int>::slot(e.rows().type(node)));
        r.flags = known_flag;
        if constexpr (has_thresholds<typename Engine::rows_type>)
            if (e.rows().threshold(node) >= 0) r.flags |= own_threshold_flag;
        r.stamp = s.clock.raw();
        if (s.shape.rules.resistance.enabled)
            s.resistance[s.table.template slot<Dense>(node)] =
                resistance_of(e.rows(), node, s.shape.rules.resistance);
    }
    /// From where on a node that is active stays so.
    static Amount release(Engine const& e, state const& s, record const& r, node_id node) noexcept {
        if constexpr (has_thresholds<typename Engine::rows_type>)
            if ((r.flags & own_threshold_flag) != 0)
                return s.shape.rules.released_below(e.rows().threshold(node));
        return s.shape.rules.release[r.type];
    }

    static void reserve(state& s, node_id node) { s.table.template ensure<Dense>(node); }
    /// Adds energy to a node whose page exists; returns what it held before.
    static Amount inject(Engine const& e, state& s, node_id node, Amount amount) noexcept {
        record& r = touch(e, s, node);
        Amount const before = r.held;
        r.held += amount;
        s.books.open[r.type].injected += raw(amount);
        if (amount == Amount{}) ++s.rounded_to_zero;
        if (e.settings().track_radius && amount != Amount{})
            s.radius[s.table.template slot<Dense>(node)] = 1;
        if ((r.flags & active_flag) == 0 && r.held >= e.threshold(r, node)) {
            r.flags |= active_flag;
            s.active.push(node);
        }
        return before;
    }
};

} // namespace runnel::detail
