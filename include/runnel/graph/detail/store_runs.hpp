// SPDX-License-Identifier: MIT
// room: graph. A row as runs of equal weight, heaviest first, whatever the number of link types.
//
// Why:  "the k heaviest" must not depend on how a row is cut into types, and must not cost what the row
//       costs: a run's end is found by galloping, and nothing behind the k-th link is looked at.
// Laws: the runs' links are the row's, each once; weights fall strictly from run to run; within a run links
//       stand in row order.
// Cost: O(types + log run) per run.
#pragma once

#include <cstdint>

#include <runnel/graph/runs.hpp>
#include <runnel/graph/store.hpp>

namespace runnel {

template <class F> void graph::store::each_run(node_id node, run_scratch& scratch, F&& f) const {
    scratch.clear();
    each_stretch(node, [&](std::uint32_t first, std::uint32_t end, link_type type) {
        if (first != end) scratch.push_back({first, end, 0, type});
    });
    equal_links run{rows_.data(), scratch.data()};
    for (;;) {
        bool any = false;
        log_weight heaviest{};
        for (detail::run_stretch const& s : scratch)
            if (s.at != s.end && (!any || heaviest < rows_[s.at].lw)) {
                heaviest = rows_[s.at].lw;
                any = true;
            }
        if (!any) return;
        std::uint32_t count = 0;
        for (detail::run_stretch& s : scratch) {
            s.equal = run_length(s.at, s.end, heaviest);
            count += s.equal;
        }
        run.holds(count);
        if (!f(static_cast<equal_links const&>(run))) return;
        for (detail::run_stretch& s : scratch) s.at += s.equal;
    }
}

} // namespace runnel
