// SPDX-License-Identifier: MIT
// room: engine. The other two loops of a frame: commit and decay.
//
// Why:  a frame's moves are made at once, after all are known, and only then does anything decay; whatever
//       a frame could do but does not (events, custom costs, paging) is decided by types outside.
// Laws: commit only adds and subtracts integers, so the order of sources changes nothing; nothing here can
//       fail or allocate.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include <runnel/engine/detail/stage.hpp>

namespace runnel::detail {

/// The loops, for one kind of amount and one kind of storage.
template <class Engine, class Amount, bool Dense> struct work : staging<Engine, Amount, Dense> {
    using base = nodes<Engine, Amount, Dense>;
    using base::flips_heard;
    using base::raw;
    using base::selections_heard;
    using base::strides_heard;
    using base::touch;
    using typename base::record;
    using typename base::state;
    using typename base::traits;

    static void commit(Engine const& e, state& s, open_frame const& f) noexcept {
        if constexpr (strides_heard) note_before(e, s, f);
        if constexpr (flips_heard) {
            std::size_t i = 0;
            for (node_id const node : s.active)
                s.before[i++] = traits::units(s.table.template at<Dense>(node).held);
        }
        s.received.shrink(0);
        s.touched = 0;
        move<Amount> const* const end = s.moves.data() + f.moves;
        for (move<Amount> const* m = s.moves.data(); m != end; ++m) {
            Amount const amount = m->amount; // in a register: writing a record could change `*m`
            record& source = s.table.template at<Dense>(m->source);
            record& target = touch(e, s, m->target);
            if ((target.flags & touched_flag) == 0) {
                if ((target.flags & active_flag) == 0) {
                    if constexpr (flips_heard)
                        s.before[s.active.size() + s.received.size()] = traits::units(target.held);
                    s.received.push(m->target);
                }
                target.flags |= touched_flag;
                ++s.touched;
            }
            source.held -= amount;
            target.held += amount;
            target.receive(amount);
            s.books.open[source.type].sent += raw(amount);
            s.books.open[target.type].arrived += raw(amount);
        }
    }
    /// The energies at frame start, before any of them changes.
    static void note_before(Engine const& e, state& s, open_frame const& f) noexcept {
        for (std::size_t i = 0; i < f.moves; ++i) {
            move<Amount> const& m = s.moves[i];
            event::stride_exec& stride = s.strides[i];
            stride = {};
            stride.frame = s.frame;
            stride.source = m.source;
            stride.target = m.target;
            if constexpr (names_links<typename Engine::rows_type>)
                stride.link = e.rows().link(m.source, m.place);
            stride.gross = stride.retained = traits::units(m.amount);
            stride.source_before = traits::units(s.table.template at<Dense>(m.source).held);
            stride.target_before = traits::units(touch(e, s, m.target).held);
            stride.score = s.picks[i].cost.total;
            stride.cost = s.picks[i].cost;
            stride.share = s.picks[i].share;
            stride.rank = s.picks[i].rank;
            stride.reason = s.picks[i].reason;
        }
    }
    static void tell_strides(Engine const& e, state& s, open_frame const& f) {
        if constexpr (strides_heard)
            for (std::size_t i = 0; i < f.moves; ++i)
                s.strides[i].target_after =
                    traits::units(s.table.template at<Dense>(s.strides[i].target).held);
        // Each source: what it looked at, then what it sent.
        std::size_t next = 0;
        auto const tell_next = [&] {
            if constexpr (strides_heard)
                event::emit<event::stride_exec>(
                    e.sink(), [&]() -> event::stride_exec const& { return s.strides[next]; });
            ++next;
        };
        if constexpr (selections_heard)
            for (std::size_t i = 0; i < s.choice.told.size(); ++i) {
                event::emit<event::stride_selection>(
                    e.sink(), [&]() -> event::stride_selection const& { return s.choice.told[i]; });
                node_id const source = s.choice.told[i].node;
                while (next < f.moves && s.moves[next].source == source) tell_next();
            }
        if constexpr (strides_heard)
            while (next < f.moves) tell_next();
    }

    static void note_flip(
        Engine const& e, state& s, node_id node, record const& r, double before) noexcept {
        s.flips.push_back(
            {.frame = s.frame, // reserved by stage
             .node = node,
             .active = (r.flags & active_flag) != 0,
             .before = before,
             .after = traits::units(r.held),
             .threshold = traits::units(e.threshold(r, node))});
    }
    /// Decays the nodes of a list and puts those that are active now in front of `to`, which may be the
    /// list itself; returns the end of those. `first` is where their energies of before are noted.
    static node_id* decay_all(
        Engine const& e, state& s, std::span<node_id const> nodes, node_id* to,
        [[maybe_unused]] std::size_t first) noexcept {
        std::int64_t const now = s.clock.raw();
        for (node_id const node : nodes) {
            record& r = s.table.template at<Dense>(node);
            std::size_t const type = r.type;
            s.lose(r, s.keep[type]);
            r.stamp = now;
            [[maybe_unused]] bool const was = (r.flags & active_flag) != 0;
            bool const on = !(r.held < e.threshold(r, node));
            r.flags &= static_cast<std::uint16_t>(~(active_flag | touched_flag));
            if (on) {
                r.flags |= active_flag;
                *to++ = node;
            }
            if constexpr (flips_heard) {
                if (on != was) note_flip(e, s, node, r, s.before[first]);
                ++first;
            }
        }
        return to;
    }
    static void decay(Engine const& e, state& s, open_frame& f) noexcept {
        s.flips.clear();
        if (s.keep_span != f.span) {
            s.shape.rules.rates.fill(s.keep, f.span);
            s.keep_span = f.span;
        }
        std::int64_t const now = (s.clock + f.span).raw();
        if (e.settings().decay.scope == decay_scope::support)
            s.table.each([&](node_id, record& r) {
                if ((r.flags & (active_flag | touched_flag)) != 0 || r.held == Amount{}) return;
                if (r.stamp != s.clock.raw()) s.settle(r);
                s.lose(r, s.keep[r.type]);
                r.stamp = now;
                ++f.decayed_nodes;
            });
        f.decayed_nodes += s.active.size() + s.received.size();
        s.clock = s.clock + f.span;
        std::size_t const were = s.active.size();
        node_id* const first = s.active.begin();
        node_id* const stay = decay_all(e, s, {first, were}, first, 0);
        node_id* const last = decay_all(e, s, {s.received.begin(), s.received.size()}, stay, were);
        s.active.shrink(static_cast<std::size_t>(last - first));
        f.switched_off = were - static_cast<std::size_t>(stay - first);
        f.switched_on = static_cast<std::size_t>(last - stay);
    }
};

} // namespace runnel::detail
