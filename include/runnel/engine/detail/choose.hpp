// SPDX-License-Identifier: MIT
// room: engine. How a source chooses where its energy goes: fanout, cost, split.
//
// Why:  each step is a policy of its own and works alone; here they meet. When all that is asked for is
//       the heaviest link, the row's head is the answer and none of this runs.
// Laws: the same links whether found by head or by this; of equal costs the first in order of weight and
//       draw (D-T). An exception or a cost that is no number leaves nothing moved.
// Cost: O(k) of a row that keeps runs of equals, O(d + k log k) of any other.
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>

#include <runnel/core/order.hpp>
#include <runnel/cost/model.hpp>
#include <runnel/engine/config.hpp>
#include <runnel/engine/field.hpp>
#include <runnel/fanout/reduce.hpp>
#include <runnel/fanout/strategy.hpp>
#include <runnel/graph/concepts.hpp>
#include <runnel/graph/runs.hpp>
#include <runnel/split/softmax.hpp>

namespace runnel::detail {

/// A link as a fault names it: "Ada -> Bob", with numbers for nodes without a name.
template <class Rows>
[[nodiscard]] short_text told(Rows const& rows, node_id from, node_id to) noexcept {
    auto const node = [&](node_id id) {
        if constexpr (requires { rows.topology().name(id); })
            if (auto const name = rows.topology().name(id); !name.empty())
                return short_text{name, 30}; // two of them and the arrow fit
        return short_text{index(id)};
    };
    return short_text::joined(node(from).view(), " -> ", node(to).view());
}

template <class Engine> struct chooser {
    Engine const& engine;
    choosing& scratch;
    fanout::headroom headroom;
    std::uint64_t frame = 0;

    /// Draws of one source and frame beyond those among equals.
    static constexpr std::uint64_t explore_or_not = std::uint64_t{1} << 32;
    static constexpr std::uint64_t explore_where = explore_or_not + 1;

    /// What a source looked at.
    struct look {
        std::uint32_t degree = 0;
        fanout::choice choice{};
        std::uint32_t kept = 0;
        std::uint32_t costs = 0;
        bool explored = false; ///< the last kept link comes from those that were pruned
    };

    /// Leaves the chosen in `scratch.parts`: which of `scratch.kept`, and its cost.
    [[nodiscard]] result<look> choose(node_id source) {
        config const& c = engine.settings();
        look seen;
        seen.degree = engine.rows().degree(source);
        seen.choice = fanout::select_strategy(seen.degree, c.fanout, headroom);
        std::uint32_t const k =
            c.fanout.reduction == fanout::reduction::none ? seen.degree : seen.choice.k;
        fanout::tie_key const key{c.seed, frame, source};
        scratch.kept.clear();
        scratch.parts.clear();
        if (k == 0) return seen;
        keep(source, k, key);
        if (k < seen.degree && c.fanout.explore > 0) seen.explored = explore(source, key);
        seen.kept = static_cast<std::uint32_t>(scratch.kept.size());
        for (std::uint32_t i = 0; i < seen.kept; ++i) {
            out_link const& link = scratch.kept[i];
            // A graph of one's own may be wrong about itself; ours cannot.
            if (index(link.target) >= engine.rows().node_count())
                return fault{faults::unknown_node, index(link.target), index(source)};
            if (link.target == source) continue; // a self loop never carries energy
            auto const price = static_cast<double>(
                engine.cost()({source, link.target, link.lw, link.place, link.type}));
            ++seen.costs;
            if (price != price || price < -most) return cost_fault(source, link.target);
            if (price <= most) scratch.parts.push_back({i, price});
        }
        std::size_t const all = scratch.parts.size();
        std::size_t const wanted =
            !c.split.enabled ? 1 : (c.split.all_kept ? all : std::size_t{c.split.k});
        std::size_t const n = wanted < all ? wanted : all;
        auto const cheaper = [](split::part<double> const& a, split::part<double> const& b) {
            return a.share < b.share || (a.share == b.share && a.index < b.index);
        };
        auto* const parts = scratch.parts.data();
        best_first(parts, parts + n, parts + all, cheaper);
        scratch.parts.resize(n);
        return seen;
    }

private:
    static constexpr double most = 1.7976931348623157e308;

    /// The k heaviest, in order of weight and draw.
    void keep(node_id source, std::uint32_t k, fanout::tie_key key) {
        fanout::ties const rule = engine.settings().fanout.ties;
        auto const& rows = engine.rows();
        if constexpr (has_runs<typename Engine::rows_type>) {
            rows.each_run(source, scratch.runs, [&](equal_links const& run) {
                auto const before = static_cast<std::uint32_t>(scratch.kept.size());
                std::uint32_t const left = k - before;
                scratch.order.draw(
                    rule, key, {run.count(), run.count() < left ? run.count() : left, before},
                    [&](std::uint32_t i) { scratch.kept.push_back(run[i]); });
                return scratch.kept.size() < k;
            });
        } else {
            scratch.row.clear();
            auto&& links = rows.links(source);
            for (auto at = links.begin(); at != links.end(); ++at) scratch.row.push_back(*at);
            for (std::uint32_t const at : scratch.reduce(
                     scratch.row, k, [](out_link const& link) { return link.lw; }, {rule, key}))
                scratch.kept.push_back(scratch.row[at]);
        }
    }
    /// With the chance of `explore` puts one of the pruned in the last kept link's place. All of the row is walked, but
    /// only that often.
    [[nodiscard]] bool explore(node_id source, fanout::tie_key key) {
        config const& c = engine.settings();
        counter_rng const draws{{.seed = c.seed, .frame = key.frame + 1, .node = index(source)}};
        if (!(draws.unit(explore_or_not) < c.fanout.explore)) return false;
        std::uint32_t const degree = engine.rows().degree(source);
        auto const kept = static_cast<std::uint32_t>(scratch.kept.size());
        auto nth = static_cast<std::uint32_t>(draws.bounded(degree - kept, explore_where));
        // The nth of all that were not kept, in row order.
        scratch.places.clear();
        for (out_link const& link : scratch.kept) scratch.places.push_back(index(link.place));
        sort(scratch.places.data(), scratch.places.data() + kept);
        auto&& links = engine.rows().links(source);
        auto const is_kept = [&](row_place place) {
            std::uint32_t low = 0;
            std::uint32_t high = kept;
            while (high - low > 1) {
                std::uint32_t const middle = low + (high - low) / 2;
                (scratch.places[middle] <= index(place) ? low : high) = middle;
            }
            return scratch.places[low] == index(place);
        };
        for (auto at = links.begin(); at != links.end(); ++at) {
            out_link const link = *at;
            if (is_kept(link.place) || nth-- != 0) continue;
            scratch.kept.back() = link;
            return true;
        }
        return false; // only if a graph of one's own gives two links one place
    }
    [[gnu::cold, gnu::noinline]] fault cost_fault(node_id source, node_id target) const noexcept {
        return fault{
            faults::cost_not_finite, told(engine.rows(), source, target).view(), index(source)};
    }
};

} // namespace runnel::detail
