// SPDX-License-Identifier: MIT
// room: engine. Sources whose cheapest link is their row's head.
//
// Why:  when all that is asked for is the heaviest link, a source reads 16 bytes of its row and nothing else.
// Laws: the same links as the chooser finds. Nothing here computes a cost or can refuse.
// Cost: the head, the source's record, and a strength where the reader is on.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include <runnel/engine/detail/choose.hpp>
#include <runnel/engine/detail/drive.hpp>
#include <runnel/engine/detail/nodes.hpp>
#include <runnel/fanout/ties.hpp>

namespace runnel::detail {

template <class Engine, class Amount, bool Dense> struct heads : nodes<Engine, Amount, Dense> {
    using base = nodes<Engine, Amount, Dense>;
    using base::by_head;
    using base::picked;
    using base::selections_heard;
    using typename base::state;
    using typename base::traits;
    using by = hand<Amount>;
    using look = typename chooser<Engine, Amount>::look;

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
    /// How strong a link is among its like, or its target among nodes alike.
    static double strength(Engine const& e, by& hand, node_id source, out_link const& link) {
        using rows_type = typename Engine::rows_type;
        weight::config const& how = e.settings().reader;
        weight::measured of_link{{}, link.lw};
        weight::measured of_target;
        if constexpr (has_cohorts<rows_type>)
            if (weight::compares_links(how.source))
                of_link.by = hand.desk.readings.of(
                    e.rows().cohort_of(source, link.type), e.rows().cohorts(), how);
        if constexpr (has_masses<rows_type>)
            if (weight::compares_targets(how.source))
                of_target = {
                    hand.desk.of_targets.of(
                        e.rows().cohort_of_target(link.target), e.rows().masses(), how),
                    e.rows().log_mass(link.target)};
        if (how.source == weight::source::raw) of_link.by = weight::reading_of({}, cohort{}, how);
        if (of_link.by.low_confidence || of_target.by.low_confidence) ++hand.counts.unsure;
        return weight::strength(how.source, of_link, of_target);
    }

    /// Makes sure that the target of a move has a page, or says that it has none.
    static void house(state& s, by& hand, node_id target) {
        if constexpr (!Dense)
            if (!s.table.template housed<Dense>(target)) [[unlikely]]
                hand.alone ? s.table.template ensure<Dense>(target) : void(hand.homeless = true);
    }

    /// Expects room for a move per source. `Read`: the link's strength counts. `Rare`: weights fade, or somebody hears or
    /// counts what was looked at.
    template <bool Read, bool Rare>
    static void stage_heads(
        Engine const& e, state& s, open_frame const& f, by& hand, std::span<node_id const> sources,
        drive const& how_much, fanout::headroom headroom) {
        double const cap = f.settings->transfer_cap;
        auto fraction = traits::share_of(how_much.plain() > cap ? cap : how_much.plain());
        Amount const skip = traits::floor_of(f.settings->min_transfer);
        move<Amount>* out = hand.desk.moves.data();
        std::uint64_t skipped = 0;
        std::uint64_t capped = 0;
        // A processor looks some dozen sources ahead by itself; of a frontier that does not fit its near caches it needs
        // to know more of them.
        node_id const* const first = sources.data();
        node_id const* const end = first + sources.size();
        node_id const* const far =
            s.active.size() > 1024 && sources.size() > ahead ? end - ahead : first;
        for (node_id const* at = first; at != end; ++at) {
            if (at < far) {
                s.table.template ask<Dense>(at[ahead]);
                if constexpr (requires { e.rows().ask_best(*at); }) e.rows().ask_best(at[ahead]);
            }
            node_id const source = *at;
            best_link const head = best<Rare>(e, source);
            bool const drawn = head.ties && f.settings->fanout.ties != fanout::ties::by_id;
            landing const to =
                drawn ? draw_tied(e, s, source, f) : landing{head.target, head.place};
            if constexpr (Rare)
                if (selections_heard || f.full) see_head(e, s, f, hand, source, headroom);
            if (to.target == no_node) continue;
            link_type type = to.type;
            if constexpr ((Read || picked) && has_cohorts<typename Engine::rows_type>)
                if (!drawn) type = e.rows().type_at(source, to.place);
            if constexpr (Read) {
                double const wish =
                    how_much.along(strength(e, hand, source, {to.target, head.lw, to.place, type}));
                if (wish > cap) ++capped;
                fraction = traits::share_of(wish > cap ? cap : wish);
            }
            Amount const part_of_it = part(s.table.template at<Dense>(source).held, fraction);
            if (part_of_it <= skip) {
                ++skipped;
                continue;
            }
            house(s, hand, to.target);
            s.table.template ask<Dense>(to.target); // for commit, after all have been staged
            out->source = source;
            out->target = to.target;
            out->amount = part_of_it;
            if constexpr (picked) {
                out->place = to.place;
                // Which of the equals was drawn does not matter: a cost of the weight alone is the same.
                candidate const c{source, to.target, head.lw, to.place, type};
                hand.desk.picks[static_cast<std::size_t>(out - hand.desk.moves.data())] = {
                    .cost = why(e, c, static_cast<double>(e.cost()(c))),
                    .lw = head.lw,
                    .type = type};
            }
            ++out;
        }
        figures& counts = hand.counts;
        counts.moves = static_cast<std::uint64_t>(out - hand.desk.moves.data());
        counts.skipped = skipped;
        counts.costs = counts.moves + skipped;
        if constexpr (!Read) capped = how_much.plain() > cap ? counts.costs : 0;
        counts.capped = capped;
    }

    /// Remembers what a source looked at, for those who hear it and for those who count.
    static void see(
        Engine const& e, state& s, open_frame const& f, by& hand, node_id source, look const& seen,
        fanout::headroom headroom, double entropy) {
        if constexpr (selections_heard) {
            hand.desk.choice.told.push_back(told(e, s, f, source, seen, headroom));
            hand.desk.choice.told.back().entropy = entropy;
        }
        if (!f.full) return;
        choice_counts& counts = hand.desk.counts;
        counts.links_of_sources += seen.degree;
        counts.links_kept += seen.kept;
        if (seen.kept < seen.degree) {
            ++counts.pruned_sources;
            counts.hub_entropy.add(entropy);
        }
        ++counts.k_histogram[seen.kept < 6 ? seen.kept : (seen.kept < 16 ? 6 : 7)];
    }

private:
    static constexpr std::size_t ahead = 24; // sources whose heads and records are on their way

    template <bool Rare> static best_link best(Engine const& e, node_id source) {
        if constexpr (!Rare && requires { e.rows().written_best(source); })
            return e.rows().written_best(source);
        else
            return e.rows().best(source);
    }
    struct landing {
        node_id target{};
        row_place place{};
        link_type type = link_type::relates; // of a drawn one
    };
    [[gnu::noinline]] static landing draw_tied(
        Engine const& e, state const& s, node_id source, open_frame const& f) noexcept {
        std::uint32_t const ties = e.rows().tied(source);
        out_link const link = e.rows().tied(
            source,
            fanout::pick_tie(f.settings->fanout.ties, {f.settings->seed, s.frame, source}, ties));
        return {link.target, link.place, link.type};
    }
    static void see_head(
        Engine const& e, state& s, open_frame const& f, by& hand, node_id source,
        fanout::headroom headroom) {
        fanout::config const& c = f.settings->fanout;
        look seen;
        seen.degree = e.rows().degree(source);
        seen.choice = fanout::select_strategy(seen.degree, c, headroom);
        seen.costs = seen.degree > 0 ? 1 : 0;
        seen.kept = c.reduction == fanout::reduction::none        ? seen.degree
                    : c.reduction == fanout::reduction::certified ? seen.costs
                                                                  : seen.choice.k;
        seen.certified = true;
        see(e, s, f, hand, source, seen, headroom, 0);
    }
    [[nodiscard]] static event::stride_selection told(
        Engine const&, state const& s, open_frame const& f, node_id source, look const& seen,
        fanout::headroom headroom) {
        event::stride_selection said;
        said.frame = s.frame;
        said.node = source;
        said.fanout = seen.degree;
        said.strategy = seen.choice.strategy;
        said.k = seen.kept;
        said.mode = f.settings->fanout.task;
        said.mode_override = seen.choice.task_decided;
        said.structure_would_suggest = seen.choice.structure_would_suggest;
        said.headroom = headroom.share();
        if (seen.degree > 0)
            said.prune_rate = static_cast<double>(seen.degree - seen.kept) / seen.degree;
        said.costs_computed = seen.costs;
        said.certified = seen.certified;
        return said;
    }
};

} // namespace runnel::detail
