// SPDX-License-Identifier: MIT
// room: engine. The matrix step as a stage: every node with energy sends along all of its links.
//
// Why:  the classical step is what strides are measured against; run as a frame of the same field it has the same
//       ledger, events and energies, so that nothing but the rule differs.
// Laws: a node sends alpha of what it has, in proportion to exp(lw) among its links without self loops; a node without
//       such links keeps all. Thresholds, fanout and costs take no part.
// Cost: O(links of nodes with energy). Shares are worked out once per change of the weights, 8 B per link, where the rows
//       say when their weights change.
#pragma once

#include <cstddef>
#include <cstdint>

#include <runnel/core/math.hpp>
#include <runnel/core/order.hpp>
#include <runnel/engine/detail/choices.hpp>

namespace runnel::detail {

/// Appends the shares of one row: alpha exp(lw) / sum, each rounded down, together at most alpha.
template <class Rows, class Share, class Of>
void append_row_shares(
    Rows const& rows, node_id node, array<double>& scratch, array<Share>& to, double alpha,
    Of&& share_of) {
    scratch.clear();
    double most = 0;
    for (out_link const link : rows.links(node)) {
        double const lw = link.lw.log();
        if (scratch.empty() || lw > most) most = lw;
        scratch.push_back(lw);
    }
    double sum = 0;
    for (double& x : scratch) sum += (x = math::exp(x - most));
    for (double const x : scratch) to.push_back(share_of(math::product(alpha, x / sum)));
}

template <class Engine, class Amount, bool Dense>
[[gnu::noinline]] void stage_matrix(Engine const& e, field_state<Amount>& s, open_frame& f) {
    using loops = choices<Engine, Amount, Dense>;
    using traits = energy_traits<Amount>;
    auto const& rows = e.rows();
    double const alpha = f.settings->matrix.alpha;
    auto const share_of = [](double a) { return traits::share_of(a); };
    constexpr bool remembers = has_cohorts<typename Engine::rows_type>;
    if constexpr (remembers)
        if (s.matrix_first.empty() || s.matrix_engine != e.id()
            || !(s.matrix_stamp == rows.weights_stamp())) {
            s.matrix.clear();
            s.matrix_first.clear();
            for (std::uint32_t n = 0; n < rows.node_count(); ++n) {
                s.matrix_first.push_back(s.matrix.size());
                append_row_shares(rows, node_id{n}, s.choice.wishes, s.matrix, alpha, share_of);
            }
            s.matrix_engine = e.id();
            s.matrix_stamp = rows.weights_stamp();
        }
    s.sources.clear();
    s.table.each([&](node_id node, auto const& r) {
        if (r.held != Amount{}) s.sources.push_back(node);
    });
    sort(s.sources.begin(), s.sources.end());
    for (node_id const source : s.sources) {
        std::size_t at = 0;
        if constexpr (remembers) {
            at = s.matrix_first[index(source)];
        } else {
            s.matrix.clear();
            append_row_shares(rows, source, s.choice.wishes, s.matrix, alpha, share_of);
        }
        Amount const held = s.table.template at<Dense>(source).held;
        std::size_t const degree = rows.degree(source);
        if (f.moves + degree > s.moves.size()) loops::grow(s, f.moves + degree);
        std::uint32_t rank = 0;
        Amount left = held;
        for (out_link const link : rows.links(source)) {
            Amount amount = part(held, s.matrix[at++]);
            if (left < amount) amount = left;
            ++f.costs;
            if (amount == Amount{}) {
                ++f.skipped;
                continue;
            }
            left -= amount;
            s.table.template ensure<Dense>(link.target);
            move<Amount>& out = s.moves[f.moves];
            out.source = source;
            out.target = link.target;
            out.amount = amount;
            if constexpr (loops::picked) {
                out.place = link.place;
                event::cost_breakdown cost;
                cost.total = cost.base = -link.lw.log();
                s.picks[f.moves] = {
                    .cost = cost,
                    .share = traits::units(amount) / math::product(alpha, traits::units(held)),
                    .lw = link.lw,
                    .rank = rank,
                    .type = link.type,
                    .reason = event::reason::top_k};
            }
            ++rank;
            ++f.moves;
        }
    }
}

} // namespace runnel::detail
