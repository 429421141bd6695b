// SPDX-License-Identifier: MIT
// room: engine. Sources that look at their links, and what they send.
//
// Why:  several links may share, several limits may cut: the shares a source asks for are scaled to its cap and taken
//       off it one by one, so that rounding never overdraws.
// Laws: a source never sends more than the cap's share of what it has, however many links share it. Under a budget
//       sources are asked in the order (energy falling, id), whole rows at a time.
#pragma once

#include <cstddef>
#include <cstdint>
#if defined(__cpp_exceptions)
#    include <exception>
#endif
#include <span>

#include <runnel/core/order.hpp>
#include <runnel/engine/detail/one.hpp>
#include <runnel/split/softmax.hpp>

namespace runnel::faults {
/// The position is the node's index.
inline constexpr fault_kind bad_divergence{
    "engine.bad_divergence", "a divergence must be an angle in [0, pi]"};
} // namespace runnel::faults

namespace runnel::detail {

template <class Engine, class Amount, bool Dense> struct choices : one<Engine, Amount, Dense> {
    using base = one<Engine, Amount, Dense>;
    using base::grow;
    using base::house;
    using base::ordered;
    using base::picked;
    using base::see;
    using base::selections_heard;
    using base::strength;
    using base::take;
    using base::why;
    using typename base::by;
    using typename base::look;
    using typename base::record;
    using typename base::state;
    using typename base::traits;

    /// Every source looks at its links.
    static status stage_choices(
        Engine const& e, state& s, open_frame& f, drive const& how_much,
        fanout::headroom headroom) {
        config const& c = *f.settings;
        bool const budget = c.max_strides > 0 || c.max_costs > 0;
        std::span<node_id const> const sources = to_ask(s, budget ? ask::by_energy : ask::by_id);
        by caller{s, f};
        std::size_t asked = 0;
        if (auto const ok =
                choose_first_offender(e, s, f, caller, sources, how_much, headroom, asked);
            !ok)
            return ok;
        if (asked < sources.size()) {
            f.truncated = true;
            f.limit = c.max_strides > 0 && f.moves >= c.max_strides ? c.max_strides : c.max_costs;
            f.unreached = sources.size() - asked;
        }
        if constexpr (ordered)
            if (budget) by_source(s, f);
        return {};
    }
    enum class ask : std::uint8_t { by_id, by_energy };
    /// All who send in this frame; in whatever order they come where none is asked for.
    [[nodiscard]] static std::span<node_id const> to_ask(state& s, ask order) {
        if (order == ask::by_id && s.extra.size() == 0) return {s.active.begin(), s.active.size()};
        list_sources(s, order);
        return {s.sources.data(), s.sources.size()};
    }
    /// Of several that offend, the source of the least id is told of, in whatever order they stood.
    static status choose_first_offender(
        Engine const& e, state& s, open_frame& f, by& caller, std::span<node_id const> sources,
        drive const& how_much, fanout::headroom headroom, std::size_t& asked) {
        bool const any_order = !ordered && sources.data() == s.active.begin();
        auto const by_id = [&] {
            sort(s.active.begin(), s.active.end());
            s.parted = 0;
            caller.counts = {};
            return choose_all(e, s, f, caller, sources, how_much, headroom, asked);
        };
        status ok;
#if defined(__cpp_exceptions)
        std::exception_ptr loud;
        try {
            ok = choose_all(e, s, f, caller, sources, how_much, headroom, asked);
        } catch (...) { loud = std::current_exception(); }
        if ((!ok || loud) && any_order)
            if (auto const first = by_id(); !first) return first;
        if (loud) std::rethrow_exception(loud);
#else
        ok = choose_all(e, s, f, caller, sources, how_much, headroom, asked);
        if (!ok && any_order)
            if (auto const first = by_id(); !first) return first;
#endif
        return ok;
    }
    /// Stages what these sources send, until a budget is spent; `asked` of them were looked at.
    static status choose_all(
        Engine const& e, state& s, open_frame const& f, by& hand, std::span<node_id const> sources,
        drive const& how_much, fanout::headroom headroom, std::size_t& asked) {
        config const& c = *f.settings;
        figures& counts = hand.counts;
        chooser<Engine, Amount> choice{e, s, c, headroom, hand.desk.choice};
        [[maybe_unused]] typename base::few_rule const few{e, f, how_much, headroom};
        for (asked = 0; asked < sources.size(); ++asked) {
            if ((c.max_strides > 0 && counts.moves >= c.max_strides)
                || (c.max_costs > 0 && counts.costs >= c.max_costs))
                break;
            node_id const source = sources[asked];
            node_id odd = no_node;
            if constexpr (base::by_one)
                if (few.one) {
                    base::ask_ahead(e, s, sources, asked);
                    if (base::send_one(e, s, hand, source, few, odd)) continue;
                }
            if constexpr (base::by_few)
                if (few.few) {
                    base::ask_ahead(e, s, sources, asked);
                    if (base::send_few(e, s, hand, source, few, odd)) continue;
                }
            if (odd != no_node) return choice.cost_fault(source, odd);
            double temperature = c.split.temperature;
            if (c.by_divergence.enabled) {
                double const far = e.divergence(source);
                if (!(far >= 0 && far < 4))
                    return fault{faults::bad_divergence, far, index(source)};
                temperature = split::temperature_of(far, c.by_divergence);
                if (c.by_divergence.explores)
                    choice.explores = split::explore_of(far, c.by_divergence);
            }
            auto const looked = choice.choose(source);
            if (!looked) return looked.error();
            counts.costs += looked->costs;
            auto& parts = hand.desk.choice.parts;
            std::size_t const first = counts.moves;
            if (first + parts.size() > hand.desk.moves.size())
                grow(hand.desk, first + parts.size());
            if constexpr (picked)
                for (std::size_t i = 0; i < parts.size(); ++i)
                    hand.desk.picks[first + i].cost.total =
                        parts[i].share; // a cost until the next line
            split::softmax_of_sorted(
                std::span<split::part<double>>{parts.data(), parts.size()}, temperature);
            if (selections_heard || f.full) {
                double entropy = 0;
                for (auto const& p : parts)
                    if (p.share > 0) entropy -= p.share * math::log(p.share);
                see(e, s, f, hand, source, *looked, headroom, entropy);
            }
            if (!parts.empty()) send(e, s, f, hand, source, *looked, how_much);
        }
        return {};
    }

private:
    static void list_sources(state& s, ask order) {
        s.sources.clear();
        s.sources.append(s.active.begin(), s.active.size());
        s.sources.append(s.extra.begin(), s.extra.size());
        if (order == ask::by_id) {
            sort(s.sources.begin(), s.sources.end());
            return;
        }
        auto const held = [&](node_id n) { return s.settled(n, s.table.template at<Dense>(n)); };
        sort(s.sources.begin(), s.sources.end(), [&](node_id a, node_id b) {
            Amount const x = held(a);
            Amount const y = held(b);
            return x == y ? a < b : y < x;
        });
    }
    /// Moves as if their sources had been asked in the order of ids.
    static void by_source(state& s, open_frame const& f) {
        auto& order = s.radii; // free until commit
        order.resize(f.moves);
        for (std::uint32_t i = 0; i < f.moves; ++i) order[i] = i;
        sort(order.begin(), order.begin() + f.moves, [&](std::uint32_t a, std::uint32_t b) {
            node_id const x = s.moves[a].source;
            node_id const y = s.moves[b].source;
            return x == y ? a < b : x < y;
        });
        array<move<Amount>> moves(s.moves.size());
        array<pick> picks(s.picks.size());
        for (std::size_t i = 0; i < f.moves; ++i) {
            moves[i] = s.moves[order[i]];
            if constexpr (picked) picks[i] = s.picks[order[i]];
        }
        moves.swap(s.moves);
        picks.swap(s.picks);
        if constexpr (selections_heard)
            sort(s.choice.told.begin(), s.choice.told.end(), [](auto const& a, auto const& b) {
                return a.node < b.node;
            });
    }
    /// Stages the parts of one source, never more than the cap together.
    static void send(
        Engine const& e, state& s, open_frame const& f, by& hand, node_id source, look const& seen,
        drive const& how_much) {
        config const& c = *f.settings;
        record const& from = s.table.template at<Dense>(source);
        figures& counts = hand.counts;
        auto const& kept = hand.desk.choice.kept;
        auto& wishes = hand.desk.choice.wishes;
        wishes.clear();
        double const loose =
            c.stickiness.mode != stickiness::retentive
                ? 1
                : math::clip(1 - stickiness_of(e.rows(), source, c.stickiness), .05, 1);
        double all = 0;
        for (auto const& p : hand.desk.choice.parts) {
            double const wish = e.reads() ? how_much.along(strength(e, hand, source, kept[p.index]))
                                          : how_much.plain();
            wishes.push_back(math::product(math::product(wish, p.share), loose));
            all += wishes.back();
        }
        bool const capped = all > c.transfer_cap;
        if (capped) {
            ++counts.capped;
            double const scale = c.transfer_cap / all;
            for (double& wish : wishes)
                wish = wishes.size() == 1 ? c.transfer_cap : math::product(wish, scale);
        }
        auto cap = traits::share_of(c.transfer_cap);
        Amount const skip = traits::floor_of(c.min_transfer);
        Amount const held = s.settled(source, from); // one below its threshold may lie still
        Amount left = held; // a sum of rounded doubles could be more than all of it
        auto const& parts = hand.desk.choice.parts;
        std::size_t const first = counts.moves;
        for (std::uint32_t i = 0; i < parts.size(); ++i) {
            Amount amount = part(held, take(cap, traits::share_of(wishes[i])));
            if (left < amount) amount = left;
            if (amount <= skip) {
                ++counts.skipped;
                continue;
            }
            left -= amount;
            out_link const& link = kept[parts[i].index];
            house(s, hand, link.target);
            move<Amount>& out = hand.desk.moves[counts.moves];
            out.source = source;
            out.target = link.target;
            out.amount = amount;
            if constexpr (picked) {
                out.place = link.place;
                bool const drawn = seen.explored && parts[i].index + 1 == seen.kept;
                bool const retried = (from.flags & active_flag) == 0;
                double const price =
                    hand.desk.picks[first + i].cost.total; // first + i >= counts.moves
                candidate const of{source,     link.target, link.lw,
                                   link.place, link.type,   s.familiarity_of(link.target)};
                hand.desk.picks[counts.moves] = {
                    .cost = why(e, of, price),
                    .share = parts[i].share,
                    .lw = link.lw,
                    .rank = i,
                    .type = link.type,
                    .reason = retried            ? event::reason::retry
                              : drawn            ? event::reason::explore
                              : parts.size() > 1 ? event::reason::top_k
                                                 : event::reason::argmin};
            }
            ++counts.moves;
        }
        if (counts.moves > first && (from.flags & active_flag) == 0) ++counts.retried;
    }
};

} // namespace runnel::detail
