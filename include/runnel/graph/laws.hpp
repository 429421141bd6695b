// SPDX-License-Identifier: MIT
// room: graph. What rows must keep, checked on a graph of your own.
//
// Why:  an adapter is a few lines, and the engine believes what they say: a degree that is off by one or a row said
//       to be in order that is not makes wrong choices, not errors.
// Laws: names the first broken law; the position is the node, the offender what was found there.
// Cost: a few walks over every row and a sort; memory for the longest. No test framework.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include <runnel/core/array.hpp>
#include <runnel/core/order.hpp>
#include <runnel/core/result.hpp>
#include <runnel/graph/cohorts.hpp>
#include <runnel/graph/concepts.hpp>
#include <runnel/graph/runs.hpp>

namespace runnel {

namespace detail {

template <weighted_rows Rows> class row_laws {
public:
    explicit row_laws(Rows const& rows) noexcept : rows_(rows) {}

    [[nodiscard]] status check(node_id node) {
        node_ = node;
        read(links_);
        auto const degree = static_cast<std::size_t>(rows_.degree(node));
        if (degree != links_.size())
            return broken("degree must be the number of links", rows_.degree(node));
        read(others_);
        for (std::size_t i = 0; i < links_.size(); ++i) {
            out_link const& link = links_[i];
            if (link.target == node)
                return broken("a row has no link to its own node", index(node));
            if (!(index(link.target) < static_cast<std::size_t>(rows_.node_count())))
                return broken("a target must be a node of the graph", index(link.target));
            if (i >= others_.size() || !(others_[i] == link))
                return broken("a row must be the same each time", i);
            if (rows_.ordered(node) && i > 0 && links_[i - 1].lw < link.lw)
                return broken("a row said to be in order must be heaviest first", i);
        }
        if (others_.size() != links_.size())
            return broken("a row must be the same each time", others_.size());
        sort(links_.begin(), links_.end(), heavier{});
        if (auto const ok = best(); !ok) return ok;
        if (auto const ok = runs(); !ok) return ok;
        return columns();
    }
    [[nodiscard]] std::size_t degree() const noexcept { return links_.size(); }

private:
    struct heavier {
        bool operator()(out_link const& a, out_link const& b) const noexcept {
            if (a.lw != b.lw) return a.lw > b.lw;
            if (a.target != b.target) return a.target < b.target;
            return a.place != b.place ? a.place < b.place : a.type < b.type;
        }
    };

    [[nodiscard]] fault broken(std::string_view sentence, auto offender) const {
        return fault{fault_kind{"graph.law", sentence}, offender, index(node_)};
    }
    void read(array<out_link>& into) {
        into.clear();
        auto const& row = rows_.links(node_);
        for (auto at = row.begin(); !(at == row.end()); ++at)
            into.push_back(static_cast<out_link>(*at));
    }
    /// Are the first `count` of `links_` what `others_` holds?
    [[nodiscard]] bool same(std::size_t count) {
        if (others_.size() != count) return false;
        sort(others_.begin(), others_.end(), heavier{});
        for (std::size_t i = 0; i < count; ++i)
            if (!(others_[i] == links_[i])) return false;
        return true;
    }
    [[nodiscard]] status best() {
        if constexpr (has_best<Rows>) {
            best_link const head = rows_.best(node_);
            if (links_.empty() != (head.target == no_node))
                return broken(
                    "best must name a link where there is one, no_node where there is none",
                    index(head.target));
            if (links_.empty()) return {};
            std::uint32_t ties = 0;
            bool found = false;
            for (; ties < links_.size() && links_[ties].lw == links_[0].lw; ++ties)
                found |= links_[ties].target == head.target && links_[ties].place == head.place;
            if (head.lw != links_[0].lw || !found)
                return broken("best must be a heaviest link", index(head.target));
            if (head.ties != (ties > 1))
                return broken("best must say whether others weigh the same", ties);
            if (rows_.tied(node_) != ties)
                return broken("tied must count the heaviest links", rows_.tied(node_));
            others_.clear();
            for (std::uint32_t i = 0; i < ties; ++i) others_.push_back(rows_.tied(node_, i));
            if (!same(ties)) return broken("tied must name each of the heaviest once", ties);
        }
        return {};
    }
    [[nodiscard]] status runs() {
        if constexpr (has_runs<Rows>) {
            others_.clear();
            bool heaviest_first = true;
            bool equal = true;
            rows_.each_run(node_, scratch_, [&](equal_links const& run) {
                for (std::uint32_t i = 0; i < run.count(); ++i) {
                    out_link const link = run[i];
                    if (!others_.empty() && i == 0)
                        heaviest_first = heaviest_first && link.lw < others_.back().lw;
                    if (i > 0) equal = equal && link.lw == others_.back().lw;
                    others_.push_back(link);
                }
                return true;
            });
            if (!heaviest_first) return broken("runs must come heaviest first", others_.size());
            if (!equal) return broken("the links of a run must weigh the same", others_.size());
            if (!same(links_.size()))
                return broken("runs must hold every link of the row once", others_.size());
        }
        return {};
    }
    [[nodiscard]] status columns() const {
        if constexpr (has_thresholds<Rows>) {
            double const own = rows_.threshold(node_);
            if (!(own <= 8388607.0)) return broken("a threshold is at most 8388607", own);
        }
        for (out_link const& link : links_) {
            if constexpr (names_links<Rows>)
                if (rows_.link(node_, link.place) == no_link)
                    return broken("link must name every link", index(link.place));
            if constexpr (has_cohorts<Rows>) {
                if (rows_.type_at(node_, link.place) != link.type)
                    return broken("type_at must be the type of the link", index(link.place));
                if (rows_.cohort_of(node_, link.type).type != link.type)
                    return broken("a link's cohort is of its type", index(link.type));
            }
        }
        return {};
    }

    Rows const& rows_;
    node_id node_{};
    array<out_link> links_;
    array<out_link> others_;
    run_scratch scratch_;
};

} // namespace detail

/// Good, or the first law that the rows break.
template <weighted_rows Rows> [[nodiscard]] status check_rows(Rows const& rows) {
    detail::row_laws<Rows> laws{rows};
    std::int64_t links = 0;
    auto const nodes = static_cast<std::uint32_t>(rows.node_count());
    for (std::uint32_t n = 0; n < nodes; ++n) {
        if (auto const ok = laws.check(node_id{n}); !ok) return ok;
        links += static_cast<std::int64_t>(laws.degree());
    }
    if constexpr (has_cohorts<Rows>)
        if (rows.cohorts().all().count != links)
            return fault{
                fault_kind{"graph.law", "cohorts must count every link once, self loops left out"},
                rows.cohorts().all().count};
    return {};
}

} // namespace runnel
