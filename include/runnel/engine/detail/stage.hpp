// SPDX-License-Identifier: MIT
// room: engine. The first loop of a frame: who sends what to whom.
//
// Why:  when all that is asked for is the heaviest link, a source reads its row's head and nothing else;
//       everything more goes through the chooser, at its own price.
// Laws: reads the frame-start state and writes none of it. A source never sends more than the cap's share
//       of what it has, however many links share it. All memory the frame needs is taken here.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include <runnel/core/order.hpp>
#include <runnel/engine/detail/choose.hpp>
#include <runnel/engine/detail/drive.hpp>
#include <runnel/engine/detail/nodes.hpp>
#include <runnel/fanout/ties.hpp>
#include <runnel/split/softmax.hpp>

namespace runnel::detail {

template <class Engine, class Amount, bool Dense> struct staging : nodes<Engine, Amount, Dense> {
    using base = nodes<Engine, Amount, Dense>;
    using base::by_head;
    using base::flips_heard;
    using base::ordered;
    using base::selections_heard;
    using base::strides_heard;
    using typename base::state;
    using typename base::traits;

    static status stage(Engine const& e, state& s, open_frame& f) {
        config const& c = e.settings();
        if constexpr (ordered) sort(s.active.begin(), s.active.end());
        drive const how_much{c, f.dt};
        if constexpr (has_cohorts<typename Engine::rows_type>)
            s.readings.open(s.shape.engine, e.rows().weights_stamp());
        if (s.moves.size() < s.active.size()) s.moves.resize(s.active.size());
        if constexpr (strides_heard)
            if (s.picks.size() < s.active.size()) s.picks.resize(s.active.size());
        s.choice.told.clear();
        auto const headroom = fanout::headroom::of(f.headroom);
        if (!headroom) return headroom.error();
        bool heads = false;
        if constexpr (by_head) heads = e.head_is_enough();
        if constexpr (by_head)
            if (heads)
                e.reads() ? stage_heads<true>(e, s, f, how_much, *headroom)
                          : stage_heads<false>(e, s, f, how_much, *headroom);
        if (!heads)
            if (auto const ok = stage_choices(e, s, f, how_much, *headroom); !ok) return ok;
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

private:
    using look = typename chooser<Engine>::look;
    /// At most what is left of a share; takes it off.
    static fraction take(fraction& left, fraction wanted) noexcept {
        fraction const taken = wanted < left ? wanted : left;
        left = fraction::from_raw(left.raw() - taken.raw());
        return taken;
    }
    static double take(double& left, double wanted) noexcept {
        double const taken = wanted < left ? wanted : left;
        left -= taken;
        return taken;
    }
    /// What is told of a chosen link's cost; asks the model again only if it tells more than a number.
    [[nodiscard]] static event::cost_breakdown why(
        Engine const& e, candidate const& c, double price) {
        if constexpr (cost::tells<typename Engine::cost_type>) {
            return e.cost().breakdown(c);
        } else {
            event::cost_breakdown only;
            only.total = price;
            return only;
        }
    }
    struct landing {
        node_id target{};
        row_place place{};
        link_type type = link_type::relates; // of a drawn one
    };
    [[gnu::noinline]] static landing draw_tied(
        Engine const& e, state const& s, node_id source) noexcept {
        config const& c = e.settings();
        std::uint32_t const ties = e.rows().tied(source);
        out_link const link =
            e.rows().tied(source, fanout::pick_tie(c.fanout.ties, {c.seed, s.frame, source}, ties));
        return {link.target, link.place, link.type};
    }
    /// How strong a link is among its like.
    static double strength(
        Engine const& e, state& s, node_id source, link_type type, log_weight lw) {
        weight::config const& how = e.settings().reader;
        if constexpr (has_cohorts<typename Engine::rows_type>)
            return s.readings.of(e.rows().cohort_of(source, type), e.rows().cohorts(), how)(lw);
        return weight::reading_of({}, {}, how)(lw); // of raw weights: nobody else's matter
    }
    /// The cheapest link is the row's head: nothing to compute and nothing to refuse. `Read`: its strength counts.
    template <bool Read>
    static void stage_heads(
        Engine const& e, state& s, open_frame& f, drive const& how_much,
        fanout::headroom headroom) {
        double const cap = e.settings().transfer_cap;
        auto fraction = traits::share_of(how_much.plain() > cap ? cap : how_much.plain());
        Amount const skip = traits::floor_of(e.settings().min_transfer);
        move<Amount>* out = s.moves.data();
        for (node_id const source : s.active) {
            best_link const head = e.rows().best(source);
            bool const drawn = head.ties && e.settings().fanout.ties != fanout::ties::by_id;
            landing const to = drawn ? draw_tied(e, s, source) : landing{head.target, head.place};
            if constexpr (selections_heard) tell_head(e, s, source, headroom);
            if (to.target == no_node) continue;
            if constexpr (Read) {
                link_type type = to.type;
                if constexpr (has_cohorts<typename Engine::rows_type>)
                    if (!drawn) type = e.rows().type_at(source, to.place);
                double const wish = how_much.along(strength(e, s, source, type, head.lw));
                if (wish > cap) ++f.capped;
                fraction = traits::share_of(wish > cap ? cap : wish);
            }
            Amount const part_of_it = part(s.table.template at<Dense>(source).held, fraction);
            if (part_of_it <= skip) {
                ++f.skipped;
                continue;
            }
            s.table.template ensure<Dense>(to.target);
            out->source = source;
            out->target = to.target;
            out->amount = part_of_it;
            if constexpr (strides_heard) {
                out->place = to.place;
                // Which of the equals was drawn does not matter: a cost of the weight alone is the same.
                candidate const c{source, to.target, head.lw, to.place, link_type::relates};
                s.picks[static_cast<std::size_t>(out - s.moves.data())] = {
                    .cost = why(e, c, static_cast<double>(e.cost()(c)))};
            }
            ++out;
        }
        f.moves = static_cast<std::uint64_t>(out - s.moves.data());
        f.costs = f.moves + f.skipped;
        if constexpr (!Read) f.capped = how_much.plain() > cap ? f.costs : 0;
    }

    static void tell_head(Engine const& e, state& s, node_id source, fanout::headroom headroom) {
        fanout::config const& c = e.settings().fanout;
        look seen;
        seen.degree = e.rows().degree(source);
        seen.choice = fanout::select_strategy(seen.degree, c, headroom);
        seen.costs = seen.degree > 0 ? 1 : 0;
        seen.kept = c.reduction == fanout::reduction::none        ? seen.degree
                    : c.reduction == fanout::reduction::certified ? seen.costs
                                                                  : seen.choice.k;
        seen.certified = true;
        s.choice.told.push_back(told(e, s, source, seen, headroom));
    }
    [[nodiscard]] static event::stride_selection told(
        Engine const& e, state const& s, node_id source, look const& seen,
        fanout::headroom headroom) {
        fanout::config const& c = e.settings().fanout;
        event::stride_selection said;
        said.frame = s.frame;
        said.node = source;
        said.fanout = seen.degree;
        said.strategy = seen.choice.strategy;
        said.k = seen.kept;
        said.mode = c.task;
        said.mode_override = seen.choice.task_decided;
        said.structure_would_suggest = seen.choice.structure_would_suggest;
        said.headroom = headroom.share();
        if (seen.degree > 0)
            said.prune_rate = static_cast<double>(seen.degree - seen.kept) / seen.degree;
        said.costs_computed = seen.costs;
        said.certified = seen.certified;
        return said;
    }

    /// Every source looks at its links.
    static status stage_choices(
        Engine const& e, state& s, open_frame& f, drive const& how_much,
        fanout::headroom headroom) {
        chooser<Engine> choices{e, s.choice, headroom, s.frame};
        for (node_id const source : s.active) {
            auto const looked = choices.choose(source);
            if (!looked) return looked.error();
            f.costs += looked->costs;
            auto& parts = s.choice.parts;
            std::size_t const first = f.moves;
            if (first + parts.size() > s.moves.size()) grow(s, first + parts.size());
            if constexpr (strides_heard)
                for (std::size_t i = 0; i < parts.size(); ++i)
                    s.picks[first + i].cost.total = parts[i].share; // a cost until the next line
            split::softmax_of_sorted(
                std::span<split::part<double>>{parts.data(), parts.size()},
                e.settings().split.temperature);
            if constexpr (selections_heard) {
                s.choice.told.push_back(told(e, s, source, *looked, headroom));
                double& entropy = s.choice.told.back().entropy;
                for (auto const& p : parts)
                    if (p.share > 0) entropy -= p.share * math::log(p.share);
            }
            if (!parts.empty()) send(e, s, f, source, *looked, how_much);
        }
        return {};
    }
    /// Stages the parts of one source, never more than the cap together.
    static void send(
        Engine const& e, state& s, open_frame& f, node_id source, look const& seen,
        drive const& how_much) {
        config const& c = e.settings();
        auto& wishes = s.choice.wishes;
        wishes.clear();
        double all = 0;
        for (auto const& p : s.choice.parts) {
            out_link const& link = s.choice.kept[p.index];
            double const wish = e.reads()
                                    ? how_much.along(strength(e, s, source, link.type, link.lw))
                                    : how_much.plain();
            wishes.push_back(math::product(wish, p.share));
            all += wishes.back();
        }
        bool const capped = all > c.transfer_cap;
        if (capped) {
            ++f.capped;
            double const scale = c.transfer_cap / all;
            for (double& wish : wishes)
                wish = wishes.size() == 1 ? c.transfer_cap : math::product(wish, scale);
        }
        auto cap = traits::share_of(c.transfer_cap);
        Amount const skip = traits::floor_of(c.min_transfer);
        Amount const held = s.table.template at<Dense>(source).held;
        Amount left = held; // a sum of rounded doubles could be more than all of it
        auto const& parts = s.choice.parts;
        std::size_t const first = f.moves;
        for (std::uint32_t i = 0; i < parts.size(); ++i) {
            Amount amount = part(held, take(cap, traits::share_of(wishes[i])));
            if (left < amount) amount = left;
            if (amount <= skip) {
                ++f.skipped;
                continue;
            }
            left -= amount;
            out_link const& link = s.choice.kept[parts[i].index];
            s.table.template ensure<Dense>(link.target);
            move<Amount>& out = s.moves[f.moves];
            out.source = source;
            out.target = link.target;
            out.amount = amount;
            if constexpr (strides_heard) {
                out.place = link.place;
                bool const drawn = seen.explored && parts[i].index + 1 == seen.kept;
                double const price = s.picks[first + i].cost.total; // first + i >= f.moves
                s.picks[f.moves] = {
                    .cost = why(e, {source, link.target, link.lw, link.place, link.type}, price),
                    .share = parts[i].share,
                    .rank = i,
                    .reason = drawn              ? event::reason::explore
                              : parts.size() > 1 ? event::reason::top_k
                                                 : event::reason::argmin};
            }
            ++f.moves;
        }
    }
    [[gnu::noinline]] static void grow(state& s, std::size_t least) {
        std::size_t const size = least < 2 * s.moves.size() ? 2 * s.moves.size() : least;
        s.moves.resize(size);
        if constexpr (strides_heard) s.picks.resize(size);
    }
};

} // namespace runnel::detail
