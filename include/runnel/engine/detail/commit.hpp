// SPDX-License-Identifier: MIT
// room: engine. The second loop of a frame: the moves are made.
//
// Why:  a frame's moves are made at once, after all are known; what few frames do beside moving is decided by a type
//       outside the loop.
// Laws: commit only adds and subtracts integers, so the order of sources changes nothing; nothing here can fail or
//       allocate. A radius is one more than the least of its senders' before the frame.
#pragma once

#include <cstddef>
#include <cstdint>

#include <runnel/engine/detail/stage.hpp>

namespace runnel::detail {

template <class Engine, class Amount, bool Dense>
struct committing : staging<Engine, Amount, Dense> {
    using base = nodes<Engine, Amount, Dense>;
    using base::flips_heard;
    using base::learns;
    using base::picked;
    using base::raw;
    using base::strides_heard;
    using base::touch;
    using typename base::record;
    using typename base::state;
    using typename base::traits;

    static void commit(Engine const& e, state& s, open_frame const& f) noexcept {
        if constexpr (picked) note_before(e, s, f);
        if constexpr (flips_heard) {
            std::size_t i = 0;
            for (node_id const node : s.active)
                s.before[i++] = traits::units(s.table.template at<Dense>(node).held);
        }
        s.received.shrink(0);
        if constexpr (may_flatten<Engine, Amount, Dense>)
            if (f.flat) return make_sums(e, s);
        if constexpr (Engine::has_workers)
            if (f.shared) return sharing<Engine, Amount, Dense>::commit(e, s, f);
        f.special ? make_moves<true>(e, s, f) : make_moves<false>(e, s, f);
        if constexpr (picked) note_after(e, s, f);
    }

    /// Notes that a node receives; returns its flags of before.
    [[gnu::always_inline]] static std::uint16_t arrives(record& target) noexcept {
        std::uint16_t const flags = target.flags;
        target.flags = static_cast<std::uint16_t>(flags | touched_flag);
        return flags;
    }
    static constexpr std::uint16_t listed_flags =
        active_flag | extra_flag | touched_flag; // decay looks at it
    /// Gives a node, whose record is current, what is sent to it over so many hops; returns what it keeps of it.
    template <bool Special>
    [[gnu::always_inline]] static Amount give(
        Engine const& e, state& s, open_frame const& f, node_id node, record& target, Amount amount,
        [[maybe_unused]] bool again, [[maybe_unused]] std::uint32_t hops) noexcept {
        if constexpr (Special) {
            if (!again && s.visit_rate > 0)
                s.visits[s.table.template slot<Dense>(node)].visit(s.frame, s.visit_rate);
            if (f.settings->stickiness.mode == stickiness::dissipative)
                amount = sticks(e, node, amount, f.settings->stickiness);
            if (f.settings->track_radius) {
                std::uint32_t& least = s.radius[s.table.template slot<Dense>(node)];
                if (least == 0 || hops < least) least = hops;
            }
        }
        target.held += amount;
        target.receive(amount);
        return amount;
    }
    /// How far those are from the seeds to whom a source sends.
    static std::uint32_t hops_after(state const& s, node_id source) noexcept {
        std::uint32_t const hops = s.radius.get(s.table.template slot<Dense>(source));
        return hops == 0 ? 2 : hops + 1; // whoever had energy before is a seed
    }

private:
    template <bool Special>
    static void make_moves(Engine const& e, state& s, open_frame const& f) noexcept {
        if constexpr (Special) before_moves(e, s, f);
        move<Amount> const* const begin = s.moves.data();
        move<Amount> const* const end = begin + f.moves;
        flows<Amount>* page = s.books.page(0);
        flows<Amount>* other = s.books.page(1);
        std::uint64_t touched = 0;
        node_id* received =
            s.received.end(); // all in registers: a list would be read and written for every move
        for (move<Amount> const* m = begin; m != end; ++m) {
            Amount const amount = m->amount; // in a register: writing a record could change `*m`
            record& source = s.table.template at<Dense>(m->source);
            record& target = touch(e, s, m->target);
            std::uint16_t const flags = arrives(target);
            bool const again = (flags & touched_flag) != 0;
            bool const listed = (flags & listed_flags) != 0;
            touched += again ? 0U : 1U;
            if constexpr (flips_heard) {
                if (!listed) receives_first(s, m->target, target);
            } else {
                *received = m->target; // whether it is the first is anybody's guess: no branch
                received += listed ? 0 : 1;
            }
            auto const i = static_cast<std::size_t>(m - begin);
            std::uint32_t const hops = Special && f.settings->track_radius ? s.radii[i] : 0;
            source.held -= amount;
            Amount const kept = give<Special>(e, s, f, m->target, target, amount, again, hops);
            if constexpr (Special && picked) s.flow_log[i].retained = traits::units(kept);
            page[source.type].sent += raw(amount);
            page[target.type].arrived += raw(kept);
            flows<Amount>* const used = page;
            page = other;
            other = used;
        }
        s.touched = touched;
        if constexpr (!flips_heard)
            s.received.shrink(static_cast<std::size_t>(received - s.received.begin()));
    }
    /// What every source sends and every node receives, at once.
    [[gnu::noinline]] static void make_sums(Engine const& e, state& s) noexcept {
        for (std::size_t i = 0; i < s.sources.size(); ++i) {
            record& source = s.table.template at<Dense>(s.sources[i]);
            std::uint64_t const sent = s.flat.sent(i);
            source.held -= energy::from_raw(static_cast<std::int64_t>(sent));
            s.books.page(i)[source.type].sent += sent;
        }
        std::uint64_t touched = 0;
        s.flat.take_sums([&](node_id node, std::uint64_t sum) {
            record& target = touch(e, s, node);
            energy const all = energy::from_raw(static_cast<std::int64_t>(sum));
            if ((target.flags & active_flag) == 0) s.received.push(node);
            target.flags |= touched_flag;
            target.held += all;
            target.receive(all);
            s.books.page(touched++)[target.type].arrived += sum;
        });
        s.touched = touched;
    }
    static void receives_first(state& s, node_id node, [[maybe_unused]] record const& r) noexcept {
        if constexpr (flips_heard)
            s.before[s.active.size() + s.received.size()] = traits::units(r.held);
        s.received.push(node);
    }
    static Amount sticks(
        Engine const& e, node_id node, Amount amount, stickiness_config const& c) noexcept {
        double const share = stickiness_of(e.rows(), node, c);
        return share < 1 ? part(amount, traits::share_of(share))
                         : amount; // 1 is all, to the quantum
    }
    /// Nodes below their thresholds that send are settled first, and will decay like receivers.
    [[gnu::noinline]] static void before_moves(
        Engine const& e, state& s, open_frame const& f) noexcept {
        for (node_id const node : s.extra) {
            record& r = touch(e, s, node);
            receives_first(s, node, r);
            r.flags |= extra_flag;
        }
        if (f.settings->track_radius)
            for (std::size_t i = 0; i < f.moves; ++i) s.radii[i] = hops_after(s, s.moves[i].source);
    }
    /// What only the frame's start can say, before any of it changes.
    static void note_before(Engine const& e, state& s, open_frame const& f) noexcept {
        using rows_type = typename Engine::rows_type;
        for (std::size_t i = 0; i < f.moves; ++i) {
            move<Amount> const& m = s.moves[i];
            pick const& p = s.picks[i];
            record const& target = touch(e, s, m.target);
            Amount const needed = e.threshold(target, m.target);
            weight::flow& flow = s.flow_log[i];
            flow = {};
            flow.source = m.source;
            flow.target = m.target;
            if constexpr (names_links<rows_type>) flow.link = e.rows().link(m.source, m.place);
            flow.of.type = p.type;
            if constexpr (has_cohorts<rows_type>) flow.of = e.rows().cohort_of(m.source, p.type);
            flow.lw = p.lw;
            flow.gross = flow.retained = traits::units(m.amount);
            if (target.held < needed) flow.gap = traits::units(needed - target.held);
            flow.target_active = (target.flags & active_flag) != 0; // until after the moves
            if constexpr (learns) flow.affect = affect_length(e.rows(), m.target);
            if constexpr (strides_heard) {
                event::stride_exec& stride = s.strides[i];
                stride = {};
                stride.frame = s.frame;
                stride.source = m.source;
                stride.target = m.target;
                stride.link = flow.link;
                stride.gross = flow.gross;
                stride.source_before =
                    traits::units(s.settled(m.source, s.table.template at<Dense>(m.source)));
                stride.target_before = traits::units(target.held);
                stride.score = p.cost.total;
                stride.cost = p.cost;
                stride.share = p.share;
                stride.rank = p.rank;
                stride.reason = p.reason;
            }
        }
    }
    static void note_after(Engine const& e, state& s, open_frame const& f) noexcept {
        for (std::size_t i = 0; i < f.moves; ++i) {
            weight::flow& flow = s.flow_log[i];
            auto const on = [&](node_id node) {
                record const& r = s.table.template at<Dense>(node);
                bool const was = (r.flags & active_flag) != 0;
                return !(r.held < (was ? base::release(e, s, r, node) : e.threshold(r, node)));
            };
            bool const was = flow.target_active;
            flow.source_active = on(flow.source);
            flow.target_active = on(flow.target);
            flow.flipped = flow.target_active && !was;
            if constexpr (strides_heard) {
                event::stride_exec& stride = s.strides[i];
                stride.retained = flow.retained;
                stride.loss = flow.gross - flow.retained;
                stride.target_after = traits::units(s.table.template at<Dense>(flow.target).held);
            }
        }
    }
};

} // namespace runnel::detail
