// SPDX-License-Identifier: MIT
// room: cost. What every cost model must keep, checked on one of yours and the links of a graph.
//
// Why:  the engine believes what a model says of itself: a tag or a bound that is wrong makes it choose wrongly and
//       say nothing.
// Laws: names the first broken law; the position is the link's source, the offender the figure that broke it.
// Cost: two calls per link, a sort per row. No test framework.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include <runnel/core/array.hpp>
#include <runnel/core/order.hpp>
#include <runnel/core/result.hpp>
#include <runnel/cost/model.hpp>
#include <runnel/graph/concepts.hpp>

namespace runnel::cost {

/// Good, or the first law that the model breaks on a link of these rows: a cost is a number above minus infinity and
/// the same each time; a breakdown's total is the cost; `at_least` is a bound that does not fall as weights fall; a
/// model tagged `weight_monotone` prefers the heavier and costs the same for equals.
template <model Model, weighted_rows Rows>
[[nodiscard]] status check_laws(Model const& m, Rows const& rows) {
    struct priced {
        log_weight lw;
        double cost = 0;
    };
    auto const heavier = [](priced const& a, priced const& b) { return a.lw > b.lw; };
    auto const broken = [](std::string_view sentence, double offender, std::uint32_t source) {
        return fault{fault_kind{"cost.law", sentence}, offender, source};
    };
    runnel::detail::array<priced> row;
    auto const nodes = static_cast<std::uint32_t>(rows.node_count());
    for (std::uint32_t n = 0; n < nodes; ++n) {
        node_id const source{n};
        row.clear();
        auto const& links = rows.links(source);
        for (auto at = links.begin(); !(at == links.end()); ++at) {
            auto const link = static_cast<out_link>(*at);
            candidate const c{source, link.target, link.lw, link.place, link.type};
            auto const cost = static_cast<double>(m(c));
            if (!(cost > -__builtin_inf()))
                return broken("a cost must be a number above minus infinity", cost, n);
            if (static_cast<double>(m(c)) != cost)
                return broken("the same link must cost the same each time", cost, n);
            if constexpr (tells<Model>)
                if (m.breakdown(c).total != cost)
                    return broken("a breakdown's total must be the cost", m.breakdown(c).total, n);
            if constexpr (bounded<Model>)
                if (auto const least = static_cast<double>(m.at_least(source, link.lw));
                    !(least <= cost))
                    return broken("at_least must not be above a link's cost", least, n);
            row.push_back({link.lw, cost});
        }
        runnel::detail::sort(row.begin(), row.end(), heavier);
        for (std::size_t i = 1; i < row.size(); ++i) {
            [[maybe_unused]] priced const& heavy = row[i - 1];
            [[maybe_unused]] priced const& light = row[i];
            if constexpr (bounded<Model>)
                if (m.at_least(source, light.lw) < m.at_least(source, heavy.lw))
                    return broken("at_least must not fall as weights fall", light.lw.log(), n);
            if constexpr (weight_monotone<Model>)
                if (heavy.lw == light.lw ? heavy.cost != light.cost : !(heavy.cost < light.cost))
                    return broken(
                        "a model tagged weight_monotone must order links as -lw does", light.cost,
                        n);
        }
    }
    return {};
}

} // namespace runnel::cost
