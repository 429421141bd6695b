// SPDX-License-Identifier: MIT
// room: engine. How a source finds its best link.
//
// Why:  with a cost that falls as weight rises, the row's head is the answer and the row need not be
//       read; any other cost is asked about each link.
// Laws: the same link whether found by head or by scan; ties are drawn among all equals, in row order
//       (D-T).
#pragma once

#include <cstdint>

#include <runnel/engine/engine.hpp>
#include <runnel/fanout/ties.hpp>

namespace runnel {

namespace detail {
/// A link as a fault names it: "Ada -> Bob", with numbers for nodes without a name.
template <class Rows>
[[gnu::cold, gnu::noinline]] short_text told(Rows const& rows, node_id from, node_id to) noexcept {
    auto const node = [&](node_id id) {
        if constexpr (requires { rows.topology().name(id); })
            if (auto const name = rows.topology().name(id); !name.empty())
                return short_text{name, 30}; // two of them and the arrow fit
        return short_text{index(id)};
    };
    return short_text::joined(node(from).view(), " -> ", node(to).view());
}
} // namespace detail

template <class Rows, class Pipeline>
template <class State>
status engine<Rows, Pipeline>::choose(
    State& s, node_id source, detail::chosen& best, std::uint64_t& costs) const {
    fanout::tie_key const key{config_.seed, s.frame, source};
    if constexpr (cost::weight_monotone<cost_type> && has_best<Rows>) {
        best_link const head = rows_.best(source);
        if (head.target == no_node) return {};
        ++costs;
        best = {head.target, head.place, -head.lw.log()};
        if (!head.ties) return {};
        out_link const link =
            rows_.tied(source, fanout::pick_tie(config_.ties, key, rows_.tied(source)));
        best.target = link.target;
        best.place = link.place;
        return {};
    } else {
        constexpr double lowest_cost = -1.7976931348623157e308;
        s.tied.clear();
        auto&& links = rows_.links(source);
        for (auto at = links.begin(); at != links.end(); ++at) {
            out_link const link = *at;
            // A graph of one's own may be wrong about itself; ours cannot.
            if (index(link.target) >= rows_.node_count())
                return fault{faults::unknown_node, index(link.target), index(source)};
            if (link.target == source) continue; // a self loop never carries energy
            candidate const c{source, link.target, link.lw, link.place, link.type};
            double const price = static_cast<double>(pipeline_.cost(c));
            ++costs;
            if (price != price || price < lowest_cost)
                return fault{
                    faults::cost_not_finite, detail::told(rows_, source, link.target).view(),
                    index(source)};
            if (price > -lowest_cost) continue; // never along this link
            if (s.tied.empty() || price < best.cost) {
                s.tied.clear();
                best.cost = price;
            } else if (best.cost < price) {
                if (cost::weight_monotone<cost_type> && rows_.ordered(source)) break;
                continue;
            }
            s.tied.push_back(link);
        }
        if (s.tied.empty()) return {};
        auto const ties = static_cast<std::uint32_t>(s.tied.size());
        out_link const& link = s.tied[fanout::pick_tie(config_.ties, key, ties)];
        best.target = link.target;
        best.place = link.place;
        return {};
    }
}

} // namespace runnel
