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

template <class Engine, class Amount> struct chooser {
    Engine const& engine;
    field_state<Amount> const& field;
    config const& settings;
    fanout::headroom headroom;
    choosing& scratch;
    fanout::tie_key tie_key{}; // of the source that is looked at
    std::uint64_t frame = field.frame;
    double explores = settings.fanout.explore; // the source that is looked at

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
        bool certified = false;
    };

    /// Leaves the chosen in `scratch.parts`: which of `scratch.kept`, and its cost.
    [[nodiscard]] result<look> choose(node_id source) {
        config const& c = settings;
        look seen;
        seen.degree = engine.rows().degree(source);
        seen.choice = fanout::select_strategy(seen.degree, c.fanout, headroom);
        std::uint32_t const k =
            c.fanout.reduction == fanout::reduction::none ? seen.degree : seen.choice.k;
        scratch.kept.clear();
        scratch.places.clear();
        scratch.parts.clear();
        if (k == 0) return seen;
        tie_key = {c.seed, frame, source};
        std::size_t const wanted =
            !c.split.enabled ? 1 : (c.split.all_kept || c.split.k > k ? k : c.split.k);
        if (c.fanout.reduction == fanout::reduction::certified) {
            if (auto const ok = certify(source, wanted, k, seen); !ok) return ok.error();
        } else {
            keep(source, k);
            if (k < seen.degree && explores > 0) seen.explored = explore(source);
            for (std::uint32_t i = 0; i < scratch.kept.size(); ++i)
                if (auto const ok = price(source, i, seen); !ok) return ok.error();
            seen.kept = static_cast<std::uint32_t>(scratch.kept.size());
            seen.certified = seen.kept == seen.degree;
        }
        std::size_t const all = scratch.parts.size();
        std::size_t const n = wanted < all ? wanted : all;
        auto* const parts = scratch.parts.data();
        best_first(parts, parts + n, parts + all, cheaper);
        scratch.parts.resize(n);
        return seen;
    }

    [[nodiscard, gnu::cold, gnu::noinline]] fault cost_fault(
        node_id source, node_id target) const noexcept {
        return fault{
            faults::cost_not_finite, told(engine.rows(), source, target).view(), index(source)};
    }

private:
    static constexpr double most = 1.7976931348623157e308;

    static constexpr auto cheaper = [](split::part<double> const& a,
                                       split::part<double> const& b) noexcept {
        return a.share < b.share || (a.share == b.share && a.index < b.index);
    };

    /// Asks for the cost of a kept link.
    [[nodiscard]] status price(node_id source, std::uint32_t i, look& seen) {
        out_link const& link = scratch.kept[i];
        // A graph of one's own may be wrong about itself; ours cannot.
        if (index(link.target) >= engine.rows().node_count())
            return fault{faults::unknown_node, index(link.target), index(source)};
        if (link.target == source) return {}; // a self loop never carries energy
        auto const said = static_cast<double>(engine.cost()(
            {source, link.target, link.lw, link.place, link.type,
             field.familiarity_of(link.target)}));
        ++seen.costs;
        if (said != said || said < -most) return cost_fault(source, link.target);
        if (said <= most) scratch.parts.push_back({i, said});
        return {};
    }
    /// Looks at links heaviest first, until no lighter one can be among the `wanted` cheapest. `parts` stays a heap of
    /// those, the dearest on top.
    [[nodiscard]] status certify(node_id source, std::size_t wanted, std::uint32_t k, look& seen) {
        std::uint32_t const limit = settings.fanout.certify_limit;
        std::uint64_t const most_costs = limit == 0 ? ~std::uint64_t{0} : std::uint64_t{limit} * k;
        status failed;
        seen.certified = true;
        auto const take = [&](out_link const& link) {
            scratch.kept.push_back(link);
            auto const before = scratch.parts.size();
            failed = price(source, static_cast<std::uint32_t>(scratch.kept.size() - 1), seen);
            if (!failed || scratch.parts.size() == before) return;
            if (before < wanted) {
                if (before + 1 == wanted)
                    make_heap(scratch.parts.begin(), scratch.parts.end(), cheaper);
                return;
            }
            auto const last = scratch.parts.back();
            scratch.parts.pop_back();
            if (cheaper(last, scratch.parts[0]))
                sink_into_heap(scratch.parts.begin(), 0, wanted, last, cheaper);
        };
        auto const no_lighter = [&](log_weight lw) {
            if constexpr (cost::bounded<typename Engine::cost_type>)
                return scratch.parts.size() == wanted
                       && static_cast<double>(engine.cost().at_least(source, lw))
                              >= scratch.parts[0].share;
            else
                return false;
        };
        each_run(source, seen.degree, [&](auto const& run) {
            if (no_lighter(run[0].lw)) return false;
            std::uint64_t const left = most_costs - seen.costs;
            auto const looked = static_cast<std::uint32_t>(run.count() < left ? run.count() : left);
            scratch.order.draw(
                settings.fanout.ties, tie_key,
                {run.count(), looked, static_cast<std::uint32_t>(scratch.kept.size())},
                [&](std::uint32_t i) {
                    if (failed) take(run[i]);
                });
            if (looked < run.count()) seen.certified = false;
            return failed.has_value() && seen.certified;
        });
        seen.kept = static_cast<std::uint32_t>(scratch.kept.size());
        return failed;
    }

    /// The k heaviest, in order of weight and draw.
    void keep(node_id source, std::uint32_t k) {
        each_run(source, k, [&](auto const& run) {
            auto const before = static_cast<std::uint32_t>(scratch.kept.size());
            std::uint32_t const left = k - before;
            scratch.order.draw(
                settings.fanout.ties, tie_key,
                {run.count(), run.count() < left ? run.count() : left, before},
                [&](std::uint32_t i) { scratch.kept.push_back(run[i]); });
            if constexpr (!has_runs<typename Engine::rows_type>) scratch.places.push_back(run.at);
            return scratch.kept.size() < k;
        });
    }
    struct lone_link {
        out_link const& link;
        std::uint32_t at; // in the row
        [[nodiscard]] std::uint32_t count() const noexcept { return 1; }
        [[nodiscard]] out_link operator[](std::uint32_t) const noexcept { return link; }
    };
    /// The runs of equal weight, heaviest first, while `f` says so; `most` links of them will do. A row that does not
    /// know its runs is read whole, its equals are drawn before they are shown one by one.
    template <class F> void each_run(node_id source, std::uint32_t at_most, F&& f) {
        auto const& rows = engine.rows();
        if constexpr (has_runs<typename Engine::rows_type>) {
            static_cast<void>(at_most);
            rows.each_run(source, scratch.runs, static_cast<F&&>(f));
        } else {
            scratch.row.clear();
            auto&& links = rows.links(source);
            bool const ordered = rows.ordered(source);
            for (auto at = links.begin(); at != links.end(); ++at) {
                out_link const link = *at;
                std::size_t const seen = scratch.row.size();
                // Of an ordered row the k heaviest will do, and all that weigh as much as the last of them.
                if (ordered && seen >= at_most && link.lw < scratch.row[seen - 1].lw) break;
                scratch.row.push_back(link);
            }
            for (std::uint32_t const at : scratch.reduce(
                     scratch.row, at_most, [](out_link const& link) { return link.lw; },
                     {settings.fanout.ties, tie_key}))
                if (!f(lone_link{scratch.row[at], at})) return;
        }
    }
    /// With the chance of `explore` puts one of the pruned in the last kept link's place. All of the row is walked, but
    /// only that often.
    [[nodiscard]] bool explore(node_id source) {
        counter_rng const draws{{.seed = settings.seed, .frame = frame + 1, .node = index(source)}};
        if (!(draws.unit(explore_or_not) < explores)) return false;
        std::uint32_t const degree = engine.rows().degree(source);
        auto const kept = static_cast<std::uint32_t>(scratch.kept.size());
        auto nth = static_cast<std::uint32_t>(draws.bounded(degree - kept, explore_where));
        // The nth of all that were not kept, in row order.
        if constexpr (!has_runs<typename Engine::
                                    rows_type>) { // places may be anything, positions are known
            sort(scratch.places.begin(), scratch.places.end());
            for (std::uint64_t const taken : scratch.places)
                if (taken <= nth) ++nth;
            auto&& row = engine.rows().links(source);
            auto at = row.begin();
            for (std::uint32_t i = 0; i < nth; ++i) ++at;
            scratch.kept.back() = *at;
            return true;
        }
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
        return false;
    }
};

} // namespace runnel::detail
