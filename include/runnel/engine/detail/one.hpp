// SPDX-License-Identifier: MIT
// room: engine. Sources whose cheapest link of all takes everything.
//
// Why:  a look at each link and a memory for one of them will do: nothing is listed or sorted.
// Laws: the same moves, to the bit, as the chooser's. Equals that would be drawn, and rows of which fanout wants a part,
//       are the chooser's.
// Cost: the row and its costs; of most links one comparison.
#pragma once

#include <cstdint>

#include <runnel/engine/detail/few.hpp>

namespace runnel::detail {

template <class Engine, class Amount, bool Dense> struct one : few<Engine, Amount, Dense> {
    using base = few<Engine, Amount, Dense>;
    using base::never;
    using typename base::by;
    using typename base::few_rule;
    using typename base::state;

    /// Stages what a source sends; false if the chooser has to look. `odd` is the target of a link whose cost is no number.
    static bool send_one(
        Engine const& e, state& s, by& hand, node_id source, few_rule const& rule, node_id& odd) {
        cheapest best;
        std::uint32_t const degree = look_at_all(e, s, source, rule, best);
        odd = best.odd;
        if (degree == not_all || best.unsure || odd != no_node) return false;
        hand.counts.costs += degree;
        if (!(best.least <= never)) return true; // none may be taken
        double wishes[1] = {
            rule.reads ? rule.how_much.along(base::strength(e, hand, source, best.link))
                       : rule.how_much.plain()};
        node_id const targets[1] = {best.link.target};
        base::template stage<1>(s, hand, source, rule, targets, wishes);
        return true;
    }

private:
    static constexpr std::uint32_t not_all = ~std::uint32_t{0};
    struct cheapest {
        out_link link{};
        double least = __builtin_inf();
        bool unsure = false;   // the chooser may find another, or a fault
        node_id odd = no_node; // the first target whose cost is no number
    };
    /// How many links a row has, all of which were looked at; `not_all` if fanout wants fewer.
    static std::uint32_t look_at_all(
        Engine const& e, state const& s, node_id source, few_rule const& rule, cheapest& best) {
        using rows_type = typename Engine::rows_type;
        std::uint32_t const degree = e.rows().degree(source);
        if (degree == 0) return 0;
        if (rule.kept(degree) != degree) return not_all;
        if constexpr (has_whole_rows<rows_type>)
            if (!e.rows().forgot())
                if (whole_row const row = e.rows().whole_row(source); row.entries != nullptr) {
                    best = s.visit_rate > 0 ? cheapest_of<true>(e, s, source, rule, row)
                                            : cheapest_of<false>(e, s, source, rule, row);
                    return degree;
                }
        for (out_link const link : e.rows().links(source)) {
            if constexpr (!has_whole_rows<rows_type>)
                if (index(link.target) >= e.rows().node_count() || link.target == source) {
                    best.unsure = true; // a graph of one's own may be wrong about itself
                    return degree;
                }
            auto const said = static_cast<double>(e.cost()(
                {source, link.target, link.lw, link.place, link.type,
                 s.familiarity_of(link.target)}));
            best.unsure |= said == best.least && said <= never;
            if (!(said >= -never) && best.odd == no_node) best.odd = link.target;
            if (said < best.least) {
                best.least = said;
                best.link = link;
            }
        }
        return degree;
    }
    /// Of equal costs the heavier link, which comes first, is taken; equals in both are drawn, if anything is.
    template <bool Visited>
    static cheapest cheapest_of(
        Engine const& e, state const& s, node_id source, few_rule const& rule,
        whole_row const& row) {
        row_entry const* const entries = row.entries;
        double least = __builtin_inf();
        std::uint32_t at = 0;
        bool unsure = false;
        node_id odd = no_node;
        for (std::uint32_t i = 0; i < row.degree; ++i) {
            auto const said = static_cast<double>(e.cost()(
                {source, entries[i].target, entries[i].lw, row_place{row.first + i}, row.type,
                 Visited ? s.familiarity_of(entries[i].target) : 0.0}));
            if (said > least) [[likely]]
                continue; // one question of most links: what is no number is not above either
            if (!(said >= -never)) {
                if (odd == no_node) odd = entries[i].target;
            } else if (said < least) {
                least = said;
                at = i;
            } else {
                unsure |= rule.draws && said <= never && entries[i].lw == entries[at].lw;
            }
        }
        return {
            {entries[at].target, entries[at].lw, row_place{row.first + at}, row.type},
            least,
            unsure,
            odd};
    }
};

} // namespace runnel::detail
