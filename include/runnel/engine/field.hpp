// SPDX-License-Identifier: MIT
// room: engine. A field: the state of one diffusion over a shared graph.
//
// Why:  graph and weights are shared and read-only while frames run, so everything a frame writes is
//       here: one field per query, user or thread, and no locks between them.
// Laws: memory and reset are O(touched), plus one directory word per 64 nodes. A reset field is
//       bit-identical to a new one. Only an engine writes energies.
// Cost: 22 KiB of books per field, and 16 KiB for the first nodes that hold something.
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <utility>

#include <runnel/core/expects.hpp>
#include <runnel/core/ids.hpp>
#include <runnel/core/result.hpp>
#include <runnel/engine/detail/field_state.hpp>
#include <runnel/engine/frame.hpp>
#include <runnel/engine/ledger.hpp>
#include <runnel/graph/batch.hpp>

namespace runnel {

namespace detail {
struct field_access;
} // namespace detail

namespace faults {
inline constexpr fault_kind frame_open{
    "engine.frame_open", "a stage of this field is open: commit it or drop it first"};
} // namespace faults

/// Made by `engine.make_field()`. It is run by that engine, by others of the same graph whose thresholds and decay are
/// the same, and by any other that has adopted it.
template <class Amount = energy> class basic_field {
public:
    using amount_type = Amount;

    basic_field(basic_field&&) noexcept = default;
    basic_field& operator=(basic_field&&) noexcept = default;

    /// Frames run since the last reset.
    [[nodiscard]] std::uint64_t frame() const noexcept { return state_.frame; }
    /// Time that has passed for it, in seconds.
    [[nodiscard]] double time() const noexcept { return state_.clock.seconds(); }
    /// Energy stored, units; what is pending decay included.
    [[nodiscard]] double total() const noexcept {
        using traits = energy_traits<Amount>;
        return traits::units_of_total(static_cast<typename traits::total>(state_.books.stored()));
    }
    /// The nodes above their thresholds, in no particular order.
    [[nodiscard]] std::span<node_id const> active() const noexcept {
        return {state_.active.begin(), state_.active.size()};
    }
    /// What a node holds now, units, pending decay taken off. Writes nothing.
    [[nodiscard]] double energy_of(node_id node) const noexcept {
        RUNNEL_EXPECTS(index(node) < state_.table.nodes(), "engine: a node of another graph");
        if (index(node) >= state_.table.nodes()) return 0;
        auto const* r = state_.table.find(node);
        return r == nullptr ? 0 : energy_traits<Amount>::units(state_.settled(node, *r));
    }
    /// The k nodes with the most, best first. O(touched).
    [[nodiscard]] ranking top(std::size_t k, rank_by by = rank_by::received) const;
    /// What strides brought a node since `reset` or `begin_query`, units; injections apart.
    [[nodiscard]] double received(node_id node) const noexcept {
        RUNNEL_EXPECTS(index(node) < state_.table.nodes(), "engine: a node of another graph");
        if (index(node) >= state_.table.nodes()) return 0;
        auto const* r = state_.table.find(node);
        return r == nullptr ? 0 : r->received();
    }
    /// The books since the last reset, all types or one.
    [[nodiscard]] balance<Amount> books() const noexcept { return state_.books.since_reset(); }
    [[nodiscard]] balance<Amount> books(node_type type) const noexcept {
        return state_.books.since_reset(per_type<int>::slot(type));
    }
    /// Injections so small that they were 0 quanta.
    [[nodiscard]] std::uint64_t rounded_to_zero() const noexcept { return state_.rounded_to_zero; }
    /// A stage of this field is open: it must be committed or dropped before anything else.
    [[nodiscard]] bool staged() const noexcept { return state_.staged; }

    /// Back to a new field, O(touched). Expects no open stage.
    void reset() noexcept {
        RUNNEL_EXPECTS(!state_.staged, "engine: reset of a field with an open stage");
        state_.clear();
    }
    /// Books all pending decay: after it the nodes' energies sum to the total exactly. O(touched).
    [[nodiscard]] status settle() noexcept {
        if (state_.staged) return fault{faults::frame_open};
        state_.settle_all();
        return {};
    }
    /// Forgets what was received; energies stay. O(touched).
    void begin_query() noexcept {
        RUNNEL_EXPECTS(!state_.staged, "engine: begin_query of a field with an open stage");
        state_.table.each([&](node_id node, auto& r) {
            r.forget_received();
            // Whoever has energy now is where the query begins.
            state_.radius.put(state_.table.slot(node), r.held == Amount{} ? 0 : 1);
        });
        state_.visits.clear();
    }
    /// How often energy reached a node of late, [0, 1): what novelty looks at. 0 where the cost asks for none.
    [[nodiscard]] double familiarity(node_id node) const noexcept {
        RUNNEL_EXPECTS(index(node) < state_.table.nodes(), "engine: a node of another graph");
        if (index(node) >= state_.table.nodes()) return 0;
        return state_.familiarity_of(node);
    }
    /// Hops from the nearest seed, where the engine tracks them; a node nothing reached says 0.
    [[nodiscard]] std::uint32_t radius(node_id node) const noexcept {
        RUNNEL_EXPECTS(index(node) < state_.table.nodes(), "engine: a node of another graph");
        if (index(node) >= state_.table.nodes()) return 0;
        std::uint32_t const hops = state_.radius.get(state_.table.slot(node));
        return hops == 0 ? 0 : hops - 1;
    }
    /// What the caller holds in working memory, all at once: consolidation, where it is on, lets it decay more slowly (so
    /// that it also sends for longer). Ids beyond the graph are a fault.
    [[nodiscard]] status hold(std::span<node_id const> nodes);
    [[nodiscard]] status hold(std::initializer_list<node_id> nodes) {
        return hold(std::span<node_id const>{nodes.begin(), nodes.size()});
    }
    /// From the next frame on with small steps; see `safe_mode` in the config. Reports say so.
    void enter_safe_mode() noexcept { state_.safe = true; }
    void leave_safe_mode() noexcept {
        state_.safe = false;
        state_.crowded = 0;
    }
    [[nodiscard]] bool safe() const noexcept { return state_.safe; }
    /// What orders its lessons among those of other fields.
    [[nodiscard]] field_key key() const noexcept { return state_.lessons.field; }
    /// What was learned and not yet applied: by an engine on a const store, all since the last `take_lessons`.
    [[nodiscard]] batch const& lessons() const noexcept { return state_.lessons; }
    /// Hands them over, for `store.apply`. Left alone they add up.
    [[nodiscard]] batch take_lessons() {
        batch taken{state_.lessons.field, state_.lessons.frame, {}};
        taken.changes.swap(state_.lessons.changes);
        return taken;
    }
    /// Bytes it holds.
    [[nodiscard]] std::size_t bytes() const noexcept {
        return sizeof *this + state_.table.bytes() + state_.active.bytes() + state_.received.bytes()
               + state_.strides.capacity() * sizeof(event::stride_exec)
               + state_.before.capacity() * sizeof(double)
               + state_.flips.capacity() * sizeof(event::node_flip) + state_.more_bytes();
    }
    /// A number that two fields share exactly when they are in the same state, however they got there.
    [[nodiscard]] std::uint64_t digest() const;

private:
    friend struct detail::field_access;
    explicit basic_field(detail::field_state<Amount> state) : state_(std::move(state)) {}
    detail::field_state<Amount> state_;
};

using field = basic_field<energy>;

namespace detail {
/// The engine's key to a field.
struct field_access {
    template <class Amount> static field_state<Amount>& of(basic_field<Amount>& f) noexcept {
        return f.state_;
    }
    template <class Amount>
    static field_state<Amount> const& of(basic_field<Amount> const& f) noexcept {
        return f.state_;
    }
    template <class Amount> static basic_field<Amount> make(field_state<Amount> state) {
        return basic_field<Amount>{std::move(state)};
    }
};
} // namespace detail

} // namespace runnel

#include <runnel/engine/detail/field_tell.hpp>
