// SPDX-License-Identifier: MIT
// room: engine. The three loops of a frame: stage, commit, decay.
//
// Why:  one node is visited once per phase, through one 32-byte record; whatever a frame could do but
//       does not (events, custom costs, paging) is decided by types outside the loops.
// Laws: stage reads the frame-start state and writes none of it; commit only adds and subtracts
//       integers, so the order of sources changes nothing; nothing after stage can fail or allocate.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include <runnel/core/order.hpp>
#include <runnel/cost/model.hpp>
#include <runnel/engine/field.hpp>
#include <runnel/engine/frame.hpp>
#include <runnel/event/sink.hpp>
#include <runnel/fanout/ties.hpp>
#include <runnel/graph/concepts.hpp>

namespace runnel {

namespace detail {

/// What one frame is told and what it counts.
struct open_frame {
    double dt = 0;
    double elapsed = 0;
    instant span{}; // what decay sees
    std::uint64_t moves = 0;
    std::uint64_t skipped = 0;
    std::uint64_t capped = 0;
    std::uint64_t costs = 0;
    std::uint64_t switched_on = 0;
    std::uint64_t switched_off = 0;
    std::uint64_t decayed_nodes = 0;
};

struct chosen {
    node_id target = no_node;
    row_place place{};
    double cost = 0;
};

/// The loops, for one kind of amount and one kind of storage.
template <class Engine, class Amount, bool Dense> struct work {
    using state = field_state<Amount>;
    using record = node_record<Amount>;
    using traits = energy_traits<Amount>;
    using sum = typename flows<Amount>::sum;
    using sink = typename Engine::sink_type;
    static constexpr bool strides_heard = event::hears<sink, event::stride_exec>;
    static constexpr bool flips_heard = event::hears<sink, event::node_flip>;
    // The cheapest link is the row's head: nothing to compute and nothing to refuse.
    static constexpr bool by_head =
        cost::weight_monotone<typename Engine::cost_type> && has_best<typename Engine::rows_type>;
    // Doubles must be added in one order; events come in (source, rank) order. Integers need neither.
    static constexpr bool ordered = strides_heard || flips_heard || !traits::exact;

    static sum raw(Amount a) noexcept { return static_cast<sum>(traits::raw(a)); }

    // -- nodes ------------------------------------------------------------------------------------

    /// The record of a node whose page exists, decayed up to the field's clock.
    static record& touch(Engine const& e, state& s, node_id node) noexcept {
        record& r = s.table.template at<Dense>(node);
        if ((r.flags & known_flag) == 0) [[unlikely]] {
            meet(e, s, node, r);
        } else if (r.stamp != s.clock.raw()) [[unlikely]] {
            s.settle(r);
        }
        return r;
    }
    // Rare next to the loops that call it, and kept out of those: it would take their registers.
    [[gnu::noinline]] static void meet(
        Engine const& e, state& s, node_id node, record& r) noexcept {
        r.type = static_cast<std::uint16_t>(per_type<int>::slot(e.rows().type(node)));
        r.flags = known_flag;
        if constexpr (has_thresholds<typename Engine::rows_type>)
            if (e.rows().threshold(node) >= 0) r.flags |= own_threshold_flag;
        r.stamp = s.clock.raw();
        s.table.mark(node);
        s.books.saw(r.type);
    }

    static void reserve(state& s, node_id node) { s.table.template ensure<Dense>(node); }
    /// Adds energy to a node whose page exists; returns what it held before.
    static Amount inject(Engine const& e, state& s, node_id node, Amount amount) noexcept {
        record& r = touch(e, s, node);
        Amount const before = r.held;
        r.held += amount;
        s.books.open[r.type].injected += raw(amount);
        if (amount == Amount{}) ++s.rounded_to_zero;
        if ((r.flags & active_flag) == 0 && r.held >= e.threshold(r, node)) {
            r.flags |= active_flag;
            s.active.push(node);
        }
        return before;
    }

    // -- stage ------------------------------------------------------------------------------------

    struct landing {
        node_id target{};
        row_place place{};
    };
    static chosen head_of(Engine const& e, state const& s, node_id source) noexcept {
        best_link const head = e.rows().best(source);
        landing const to = head.ties ? draw_tied(e, s, source) : landing{head.target, head.place};
        return {to.target, to.place, strides_heard ? -head.lw.log() : 0};
    }
    [[gnu::noinline]] static landing draw_tied(
        Engine const& e, state const& s, node_id source) noexcept {
        config const& c = e.settings();
        std::uint32_t const ties = e.rows().tied(source);
        out_link const link =
            e.rows().tied(source, fanout::pick_tie(c.ties, {c.seed, s.frame, source}, ties));
        return {link.target, link.place};
    }
    static status stage(Engine const& e, state& s, open_frame& f) {
        config const& c = e.settings();
        if constexpr (ordered) detail::sort(s.active.begin(), s.active.end());
        double const x = math::product(c.alpha, f.dt);
        double const wish = c.step == step_rule::linear ? x : math::one_minus_exp_of_minus(x);
        bool const capped = wish > c.transfer_cap;
        auto const share = traits::share_of(capped ? c.transfer_cap : wish);
        Amount const skip = traits::floor_of(c.min_transfer);
        if (s.moves.size() < s.active.size()) s.moves.resize(s.active.size());
        if constexpr (strides_heard)
            if (s.scores.size() < s.active.size()) s.scores.resize(s.active.size());
        move<Amount>* out = s.moves.data();
        for (node_id const source : s.active) {
            chosen link;
            if constexpr (by_head) {
                link = head_of(e, s, source);
            } else {
                if (auto const ok = e.choose(s, source, link, f.costs); !ok) return ok;
            }
            if (link.target == no_node) continue;
            Amount const part_of_it = part(s.table.template at<Dense>(source).held, share);
            if (part_of_it <= skip) {
                ++f.skipped;
                continue;
            }
            s.table.template ensure<Dense>(link.target);
            out->source = source;
            out->target = link.target;
            out->amount = part_of_it;
            if constexpr (strides_heard) {
                out->place = link.place;
                s.scores[static_cast<std::size_t>(out - s.moves.data())] = link.cost;
            }
            ++out;
        }
        f.moves = static_cast<std::uint64_t>(out - s.moves.data());
        f.capped = capped ? f.moves + f.skipped : 0;
        if constexpr (by_head) f.costs = f.moves + f.skipped;
        // All the memory the rest of the frame may need.
        s.received.room(f.moves);
        s.active.room(s.active.size() + f.moves);
        if constexpr (strides_heard)
            if (s.strides.size() < f.moves) s.strides.resize(f.moves);
        if constexpr (flips_heard) {
            std::size_t const most = s.active.size() + f.moves;
            if (s.before.size() < most) s.before.resize(most);
            s.flips.reserve(most);
        }
        return {};
    }

    // -- commit -----------------------------------------------------------------------------------

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
            stride.score = s.scores[i];
        }
    }
    static void tell_strides(Engine const& e, state& s, open_frame const& f) {
        if constexpr (strides_heard)
            for (std::size_t i = 0; i < f.moves; ++i) {
                event::stride_exec& stride = s.strides[i];
                stride.target_after = traits::units(s.table.template at<Dense>(stride.target).held);
                event::emit<event::stride_exec>(
                    e.sink(), [&]() -> event::stride_exec const& { return stride; });
            }
    }

    // -- decay ------------------------------------------------------------------------------------

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

} // namespace detail
} // namespace runnel
