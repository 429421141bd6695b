// SPDX-License-Identifier: MIT
// room: engine. The third loop of a frame: what decay takes, and who is active after it.
//
// Why:  only sources and receivers can change side, so only they are looked at; the others keep a stamp and are settled
//       when met again.
// Laws: what goes is booked. After it the frontier is what a look at every node would find. Nothing here can fail or
//       allocate.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include <runnel/engine/detail/commit.hpp>

namespace runnel::detail {

template <class Engine, class Amount, bool Dense>
struct decaying : committing<Engine, Amount, Dense> {
    using base = nodes<Engine, Amount, Dense>;
    using base::flips_heard;
    using typename base::record;
    using typename base::state;
    using typename base::traits;

    static void decay(Engine const& e, state& s, open_frame& f) noexcept {
        config const& c = *f.settings;
        s.flips.clear();
        if (c.implementation == implementation::matrix) {
            for (auto& keep : s.keep) keep = keep_share<Amount>::keeping(1 - c.matrix.delta);
            s.keep_span = {};
            s.keeps_all = false;
        } else if (s.keep_span != f.span) {
            s.shape.rules.rates.fill(s.keep, f.span);
            s.keep_span = f.span;
            s.keeps_all = s.shape.rules.flush_below == Amount{};
            for (auto const& keep : s.keep) s.keeps_all &= keep.all();
        }
        for (protection const& p : s.guarded) mark(s, p.node, protected_flag);
        if constexpr (Engine::has_workers)
            if (f.shared) return sharing<Engine, Amount, Dense>::decay(e, s, f);
        booking<Amount> const into{f, s.books.page(0), s.books.page(1)};
        if (c.decay.scope == decay_scope::support || c.implementation == implementation::matrix)
            decay_others(e, s, f, into, [](std::uint32_t) { return true; });
        f.decayed_nodes += s.active.size() + s.received.size();
        std::size_t const were = s.active.size();
        node_id* const first = s.active.begin();
        node_id* const stay = decay_list(e, s, f, into, {first, were}, first, 0);
        node_id* const last =
            decay_list(e, s, f, into, {s.received.begin(), s.received.size()}, stay, were);
        s.parted = 0;
        s.clock = s.clock + f.span;
        s.active.shrink(static_cast<std::size_t>(last - first));
        f.switched_off = were - static_cast<std::size_t>(stay - first);
        f.switched_on = static_cast<std::size_t>(last - stay);
    }

    /// Decays the nodes with energy that neither send nor receive, of the blocks that are `mine`.
    template <class Mine>
    static void decay_others(
        Engine const& e, state& s, open_frame const& f, booking<Amount> into,
        Mine&& mine) noexcept {
        std::int64_t const then = (s.clock + f.span).raw();
        s.table.each_of(mine, [&](node_id node, record& r) {
            if ((r.flags & (active_flag | touched_flag | extra_flag)) != 0 || r.held == Amount{})
                return;
            flows<Amount>& book = into.page[r.type];
            if (r.stamp != s.clock.raw()) s.settle(node, r, book);
            s.lose(r, f.special ? keeps(e, s, f, into.counts, node, r) : s.keep[r.type], book);
            r.stamp = then;
            r.flags &= static_cast<std::uint16_t>(~protected_flag);
            ++into.counts.decayed_nodes;
        });
    }
    /// Decays the nodes of a list and puts those that are active now in front of `to`, which may be the list itself;
    /// returns the end of those. `first` is where their energies of before are noted.
    static node_id* decay_list(
        Engine const& e, state& s, open_frame const& f, booking<Amount> into,
        std::span<node_id const> nodes, node_id* to, std::size_t first) noexcept {
        if (f.special) return decay_all<decays::each_its_own>(e, s, f, into, nodes, to, first);
        return s.keeps_all ? decay_all<decays::nothing>(e, s, f, into, nodes, to, first)
                           : decay_all<decays::by_type>(e, s, f, into, nodes, to, first);
    }

private:
    enum class decays : std::uint8_t { nothing, by_type, each_its_own };

    static void mark(state& s, node_id node, node_flag flag) noexcept {
        record& r = s.table.template at<Dense>(node);
        r.flags |= flag;
    }
    static void note_flip(
        Engine const& e, state& s, node_id node, record const& r, double before) noexcept {
        event::node_flip flip;
        flip.frame = s.frame;
        flip.node = node;
        flip.active = (r.flags & active_flag) != 0;
        flip.before = before;
        flip.after = traits::units(r.held);
        flip.threshold = traits::units(e.threshold(r, node));
        s.flips.push_back(flip); // reserved by stage
    }
    /// What a node keeps that is not like the others of its type.
    [[gnu::noinline]] static keep_share<Amount> keeps(
        Engine const& e, state& s, open_frame const& f, figures& counts, node_id node,
        record const& r) noexcept {
        constexpr std::uint64_t refresh_frames = 10; // a graph of one's own may grow
        config const& c = *f.settings;
        if (c.implementation == implementation::matrix) return s.keep[r.type];
        if (s.shape.rules.resistance.enabled) {
            double& by = s.resistance[s.table.template slot<Dense>(node)];
            if (s.frame % refresh_frames == refresh_frames - 1)
                by = resistance_of(e.rows(), node, s.shape.rules.resistance);
            if (by != 1) {
                ++counts.resistant;
                counts.resistances.add(by);
            }
        }
        double rate = s.rate_of(node, r);
        if ((r.flags & protected_flag) != 0) {
            std::size_t low = 0;
            std::size_t high = s.guarded.size();
            while (high - low > 1) {
                std::size_t const middle = low + (high - low) / 2;
                (s.guarded[middle].node <= node ? low : high) = middle;
            }
            rate = math::product(rate, 1 - s.guarded[low].share);
        } else if (!s.shape.rules.resistance.enabled) {
            return s.keep[r.type];
        }
        return keep_share<Amount>::of(rate, f.span.seconds());
    }
    template <decays How>
    static node_id* decay_all(
        Engine const& e, state& s, [[maybe_unused]] open_frame const& f, booking<Amount> into,
        std::span<node_id const> nodes, node_id* to, [[maybe_unused]] std::size_t first) noexcept {
        std::int64_t const now = (s.clock + f.span).raw();
        flows<Amount>* page = into.page;
        flows<Amount>* other = into.other;
        for (node_id const node : nodes) {
            record& r = s.table.template at<Dense>(node);
            std::size_t const type = r.type;
            if constexpr (How == decays::each_its_own)
                s.lose(r, keeps(e, s, f, into.counts, node, r), page[type]);
            else if constexpr (How == decays::by_type)
                s.lose(r, s.keep[type], page[type]);
            flows<Amount>* const used = page;
            page = other;
            other = used;
            r.stamp = now;
            [[maybe_unused]] bool const was = (r.flags & active_flag) != 0;
            bool on = !(r.held < e.threshold(r, node));
            if constexpr (How == decays::each_its_own)
                if (was) on = !(r.held < base::release(e, s, r, node));
            r.flags = static_cast<std::uint16_t>(
                (r.flags & ~(active_flag | touched_flag | extra_flag | protected_flag))
                | (on ? active_flag : 0));
            *to = node; // whether it stays is anybody's guess: no branch
            to += on ? 1 : 0;
            if constexpr (flips_heard) {
                if (on != was) note_flip(e, s, node, r, s.before[first]);
                ++first;
            }
        }
        return to;
    }
};

} // namespace runnel::detail
