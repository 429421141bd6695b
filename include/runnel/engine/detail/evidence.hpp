// SPDX-License-Identifier: MIT
// room: engine. Evidence that nodes matter, gathered before their decay.
//
// Why:  what is held in working memory, felt strongly or served by an active goal should fade more slowly; a frame
//       protects a bounded number of nodes, those with the best evidence.
// Laws: protection is monotone in each kind of evidence and at most its type's limit; at most `most_nodes` nodes, ties by
//       id. Nodes the frame does not decay are not protected by it, nor are those below their threshold that only retried.
// Cost: O(active + received + links of active goals); nothing unless consolidation is on.
#pragma once

#include <cstddef>
#include <cstdint>

#include <runnel/core/order.hpp>
#include <runnel/engine/detail/nodes.hpp>
#include <runnel/engine/detail/temperament.hpp>

namespace runnel::detail {

template <class Rows> [[nodiscard]] double affect_length(Rows const& rows, node_id node) noexcept {
    if constexpr (requires { rows.affect(node); }) { return math::length(rows.affect(node)); }
    return 0;
}

template <class Engine, class Amount, bool Dense>
[[gnu::noinline]] void gather_evidence(
    Engine const& e, field_state<Amount>& s, open_frame const& f, consolidation_config const& c) {
    auto& found = s.guarded;
    found.clear();
    // Whoever the frame may decay, and who of them an active goal leads to.
    for (node_id const node : s.active) found.push_back({node, 0});
    for (std::size_t i = 0; i < f.moves; ++i) found.push_back({s.moves[i].target, 0});
    if (f.settings->decay.scope == decay_scope::support)
        s.table.each([&](node_id node, auto const& r) {
            if (r.held != Amount{}) found.push_back({node, 0});
        });
    std::size_t const decayed = found.size();
    for (node_id const node : s.active)
        if (e.rows().type(node) == node_type::goal)
            for (out_link const link : e.rows().links(node)) found.push_back({link.target, c.goal});
    sort(found.begin(), found.begin() + decayed, [](protection const& a, protection const& b) {
        return a.node < b.node;
    });
    sort(found.begin() + decayed, found.end(), [](protection const& a, protection const& b) {
        return a.node < b.node;
    });
    auto const among = [](auto const* first, auto const* end, node_id node, auto&& id_of) {
        while (end - first > 0) {
            auto const* const middle = first + (end - first) / 2;
            if (id_of(*middle) < node)
                first = middle + 1;
            else if (node < id_of(*middle))
                end = middle;
            else
                return true;
        }
        return false;
    };
    auto const id = [](protection const& p) { return p.node; };
    auto const self = [](node_id node) { return node; };
    for (std::size_t i = 0; i < decayed; ++i) {
        node_id const node = found[i].node;
        if (i > 0 && found[i - 1].node == node) continue; // its first copy has been looked at
        double p =
            math::product(c.affect, math::clip((affect_length(e.rows(), node) - .7) / .3, 0, 1));
        if (among(s.working_memory.begin(), s.working_memory.end(), node, self))
            p += c.working_memory;
        if (among(found.begin() + decayed, found.end(), node, id)) p += c.goal;
        double const most = c.most[e.rows().type(node)];
        if (p > 0) s.evidence.push_back({node, p < most ? p : most});
    }
    found.swap(s.evidence);
    s.evidence.clear();
    std::size_t const n = found.size() < c.most_nodes ? found.size() : c.most_nodes;
    best_first(
        found.begin(), found.begin() + n, found.end(),
        [](protection const& a, protection const& b) {
            return a.share == b.share ? a.node < b.node : b.share < a.share;
        });
    found.resize(n);
    sort(found.begin(), found.end(), [](protection const& a, protection const& b) {
        return a.node < b.node;
    });
}

} // namespace runnel::detail
