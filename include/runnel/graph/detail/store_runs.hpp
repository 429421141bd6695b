// SPDX-License-Identifier: MIT
// room: graph. A row as runs of equal weight, heaviest first, whatever the number of link types.
//
// Why:  "the k heaviest" must not depend on how a row is cut into types, and must not cost what the row
//       costs: a run's end is found by galloping, and nothing behind the k-th link is looked at.
// Laws: the runs' links are the row's, each once; weights fall strictly from run to run; within a run links
//       stand in row order.
// Cost: O(types + log run) per run; in a tall row each look is O(blocks / 64 + 64).
#pragma once

#include <cstdint>

#include <runnel/core/expects.hpp>
#include <runnel/graph/fading.hpp>
#include <runnel/graph/runs.hpp>
#include <runnel/graph/store.hpp>

namespace runnel {

/// Calls f(first place, one past the last, type) for each stretch of a row.
template <class F> void graph::store::each_stretch(node_id node, F&& f) const {
    row_segments const stretches = segments(node);
    std::uint32_t first = begin(node);
    if (stretches.empty()) {
        f(first, first + degree(node), only_type_);
        return;
    }
    for (row_segment const& segment : stretches) {
        f(first, segment.end, segment.type);
        first = segment.end;
    }
}

/// Calls f(entry) for the entries of a stretch while it returns true.
template <class F>
void graph::store::each_entry(std::uint32_t first, std::uint32_t end, F&& f) const {
    auto const* const tall = talls_.at(first, end - first);
    if (tall == nullptr) {
        for (std::uint32_t p = first; p < end; ++p)
            if (!f(rows_[p])) return;
        return;
    }
    for (std::uint32_t b = 0; b < tall->used; ++b) {
        row_entry const* const rows = tall->rows(tall->slot_of[b]);
        std::uint32_t const count = tall->count[b];
        for (std::uint32_t i = 0; i < count; ++i)
            if (!f(rows[i])) return;
    }
}

/// How many of these are stored within a range that the first is not below. Expects stored weights that fall.
template <class Rows, class Range>
std::uint32_t graph::store::run_length(
    Rows const& rows, std::uint32_t count, Range stored) noexcept {
    auto const heavy = [&](std::uint32_t i) { return stored.holds(rows[i].lw); };
    if (count == 0 || !heavy(0)) return 0;
    if (heavy(count - 1)) return count; // a graph without weights: one look
    std::uint32_t low = 0;              // an entry known to be in the run
    std::uint32_t high = 1;
    while (high < count && heavy(high)) {
        low = high;
        high = high < count / 2 ? high * 2 : count;
    }
    while (high - low > 1) {
        std::uint32_t const middle = low + (high - low) / 2;
        (heavy(middle) ? low : high) = middle;
    }
    return high;
}

template <class Fades>
std::uint32_t graph::store::count_tied(node_id node, Fades const& fades) const noexcept {
    std::uint32_t ties = 0;
    log_weight const lw = heaviest(node, fades);
    each_stretch(node, [&](std::uint32_t first, std::uint32_t end, link_type type) {
        ties += run_length(stretch(first, end), end - first, fades.of(type).range_of(lw));
    });
    return ties;
}

template <class Fades>
out_link graph::store::find_tied(node_id node, std::uint32_t i, Fades const& fades) const noexcept {
    out_link found{};
    log_weight const lw = heaviest(node, fades);
    bool done = false;
    each_stretch(node, [&](std::uint32_t first, std::uint32_t end, link_type type) {
        if (done) return;
        auto const rows = stretch(first, end);
        std::uint32_t const ties = run_length(rows, end - first, fades.of(type).range_of(lw));
        if (i < ties) {
            found = {rows[i].target, lw, row_place{first + i}, type};
            done = true;
        } else {
            i -= ties;
        }
    });
    RUNNEL_EXPECTS(done, "graph: asked for a tied link beyond the run");
    return found;
}

inline std::uint32_t graph::store::tied(node_id node) const noexcept {
    if (fading_.started()) [[unlikely]]
        return count_tied(node, fading_.of(node));
    return count_tied(node, detail::no_fades{});
}
inline out_link graph::store::tied(node_id node, std::uint32_t i) const noexcept {
    if (fading_.started()) [[unlikely]]
        return find_tied(node, i, fading_.of(node));
    return find_tied(node, i, detail::no_fades{});
}
template <class F> void graph::store::each_run(node_id node, run_scratch& scratch, F&& f) const {
    if (fading_.started()) [[unlikely]]
        return walk_runs(node, scratch, f, fading_.of(node));
    walk_runs(node, scratch, f, detail::no_fades{});
}

template <class F, class Fades>
void graph::store::walk_runs(node_id node, run_scratch& scratch, F& f, Fades const& fades) const {
    scratch.clear();
    each_stretch(node, [&](std::uint32_t first, std::uint32_t end, link_type type) {
        if (first != end) scratch.push_back({first, end, 0, first, type, stretch(first, end)});
    });
    equal_links run{scratch.data()};
    for (;;) {
        bool any = false;
        log_weight heaviest{};
        for (detail::run_stretch const& s : scratch)
            if (s.at != s.end)
                if (auto const lw = fades.of(s.type).of(s[0].lw); !any || heaviest < lw) {
                    heaviest = lw;
                    any = true;
                }
        if (!any) return;
        std::uint32_t count = 0;
        for (detail::run_stretch& s : scratch) {
            s.equal = run_length(s, s.end - s.at, fades.of(s.type).range_of(heaviest));
            count += s.equal;
        }
        run.holds(count, heaviest);
        if (!f(static_cast<equal_links const&>(run))) return;
        for (detail::run_stretch& s : scratch) s.at += s.equal;
    }
}

} // namespace runnel
