// SPDX-License-Identifier: MIT
// room: engine. The first loop of a frame: who sends what to whom.
//
// Why:  which way a frame goes is decided once, here: by row heads where those are all there is to ask for, by choosing
//       otherwise, along every link in matrix mode.
// Laws: reads the frame-start state and writes none of it. All memory the frame needs is taken here.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include <runnel/core/order.hpp>
#include <runnel/engine/detail/choices.hpp>
#include <runnel/engine/detail/evidence.hpp>
#include <runnel/engine/detail/matrix.hpp>

namespace runnel::detail {

template <class Engine, class Amount, bool Dense> struct staging : choices<Engine, Amount, Dense> {
    using base = choices<Engine, Amount, Dense>;
    using base::by_head;
    using base::flips_heard;
    using base::ordered;
    using base::picked;
    using base::selections_heard;
    using base::stage_choices;
    using base::stage_heads;
    using base::strides_heard;
    using typename base::by;
    using typename base::record;
    using typename base::state;
    using typename base::traits;

    static status stage(Engine const& e, state& s, open_frame& f) {
        config const& c = *f.settings;
        auto const headroom = fanout::headroom::of(f.headroom);
        if (!headroom) return headroom.error();
        if constexpr (ordered) {
            sort(s.active.begin(), s.active.end());
            s.parted = 0;
        }
        open_readings(e, s, c.reader);
        s.choice.told.clear();
        s.extra.shrink(0);
        s.guarded.clear();
        s.learns = Engine::learns;
        s.visit_rate = e.visited() ? c.visit_rate : 0;
        std::size_t const least = s.active.size() + c.retry_budget;
        if (s.moves.size() < least) s.moves.resize(least);
        if constexpr (picked)
            if (s.picks.size() < s.moves.size()) s.picks.resize(s.moves.size());
        if (c.implementation == implementation::matrix) {
            f.special = e.special_;
            if constexpr (may_flatten<Engine, Amount, Dense>)
                if (flattens(f)) {
                    stage_flat_matrix<Engine, Amount, Dense>(e, s, f);
                    s.received.room(s.flat.reach().size() + 1);
                    s.active.room(s.active.size() + s.flat.reach().size() + 1);
                    return {};
                }
            stage_matrix<Engine, Amount, Dense>(e, s, f);
        } else {
            if (s.active.size() < c.retry_below && c.retry_budget > 0) find_extra(e, s, c);
            drive const how_much{c, f.dt};
            bool done = false;
            if constexpr (Engine::has_workers)
                done = sharing<Engine, Amount, Dense>::stage(e, s, f, how_much, *headroom);
            if (!done)
                if (auto const ok = stage_alone(e, s, f, how_much, *headroom); !ok) return ok;
        }
        if (c.consolidation.enabled)
            gather_evidence<Engine, Amount, Dense>(e, s, f, c.consolidation);
        rest_of_memory(e, s, f);
        return {};
    }

    /// Can all that comes of a row be its head?
    [[nodiscard]] static bool heads_do(Engine const& e, state const& s, config const& c) noexcept {
        return by_head && e.head_is_enough(c) && s.extra.size() == 0;
    }
    static status stage_alone(
        Engine const& e, state& s, open_frame& f, drive const& how_much,
        fanout::headroom headroom) {
        if constexpr (by_head)
            if (heads_do(e, s, *f.settings)) {
                by hand{s, f};
                by_heads(e, s, f, hand, {s.active.begin(), s.active.size()}, how_much, headroom);
                return {};
            }
        return stage_choices(e, s, f, how_much, headroom);
    }
    static void by_heads(
        Engine const& e, state& s, open_frame const& f, by& hand, std::span<node_id const> of,
        drive const& how_much, fanout::headroom headroom) {
        bool rare = selections_heard || f.full;
        if constexpr (requires { e.rows().forgot(); }) rare |= e.rows().forgot();
        if (rare)
            e.reads()
                ? base::template stage_heads<true, true>(e, s, f, hand, of, how_much, headroom)
                : base::template stage_heads<false, true>(e, s, f, hand, of, how_much, headroom);
        else
            e.reads()
                ? base::template stage_heads<true, false>(e, s, f, hand, of, how_much, headroom)
                : base::template stage_heads<false, false>(e, s, f, hand, of, how_much, headroom);
    }

private:
    static void open_readings(Engine const& e, state& s, weight::config const& how) noexcept {
        using rows_type = typename Engine::rows_type;
        if constexpr (has_cohorts<rows_type>)
            if (weight::compares_links(how.source))
                s.readings.open(
                    s.shape.engine, e.rows().weights_stamp(), e.rows().cohorts(), how, s.frame);
        if constexpr (has_masses<rows_type>)
            if (weight::compares_targets(how.source)) // what nodes weigh is never written
                s.of_targets.open(s.shape.engine, version{}, e.rows().masses(), how, s.frame);
    }
    /// The nodes below their thresholds that are nearest to them, in proportion. O(nodes with energy).
    [[gnu::noinline]] static void find_extra(Engine const& e, state& s, config const& c) {
        auto& nearest = s.guarded; // used for evidence only after this
        s.table.each([&](node_id node, record const& r) {
            if ((r.flags & active_flag) != 0) return;
            Amount const held = s.settled(node, r);
            if (held == Amount{}) return;
            nearest.push_back({node, traits::units(held) / traits::units(e.threshold(r, node))});
        });
        std::size_t const n = nearest.size() < c.retry_budget ? nearest.size() : c.retry_budget;
        best_first(
            nearest.begin(), nearest.begin() + n, nearest.end(),
            [](protection const& a, protection const& b) {
                return a.share == b.share ? a.node < b.node : b.share < a.share;
            });
        s.extra.room(n);
        for (std::size_t i = 0; i < n; ++i) s.extra.push(nearest[i].node);
        nearest.clear();
    }
    static void rest_of_memory(Engine const& e, state& s, open_frame& f) {
        config const& c = *f.settings;
        f.special = e.special_ || s.extra.size() > 0 || !s.guarded.empty();
        if (!f.shared) s.received.room(f.moves + s.extra.size());
        s.active.room(s.active.size() + f.moves);
        if (f.special) s.columns_room(c);
        if (c.track_radius && !f.shared && s.radii.size() < f.moves) s.radii.resize(f.moves);
        if constexpr (picked)
            if (s.flow_log.size() < f.moves) s.flow_log.resize(f.moves);
        if constexpr (strides_heard)
            if (s.strides.size() < f.moves) s.strides.resize(f.moves);
        if constexpr (flips_heard) {
            std::size_t const most = s.active.size() + s.extra.size() + f.moves;
            if (s.before.size() < most) s.before.resize(most);
            s.flips.reserve(most);
        }
    }
};

} // namespace runnel::detail
