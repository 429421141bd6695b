// SPDX-License-Identifier: MIT
// room: engine. The matrix step as a stage: every node with energy sends along all of its links.
//
// Why:  the classical step is what strides are measured against; run as a frame of the same field it has the same
//       ledger, events and energies, so that nothing but the rule differs.
// Laws: a node sends alpha of what it has, in proportion to exp(lw) among its links without self loops; a node without
//       such links keeps all. Thresholds, fanout and costs take no part.
// Cost: O(links of nodes with energy). Shares are worked out once per change of the weights, 8 B per link, where the rows
//       say when their weights change. Where nobody asks which link brought what, moves are not listed but summed
//       (runnel/engine/detail/flat_matrix.hpp).
#pragma once

#include <cstddef>
#include <cstdint>

#include <runnel/core/math.hpp>
#include <runnel/core/order.hpp>
#include <runnel/engine/detail/choices.hpp>
#include <runnel/engine/detail/flat_matrix.hpp>

namespace runnel::detail {

/// Frames that several workers make (runnel/engine/detail/sharing.hpp).
template <class Engine, class Amount, bool Dense> struct sharing;

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

/// Can the moves of a matrix step be summed instead of listed?
template <class Engine, class Amount, bool Dense>
inline constexpr bool may_flatten =
    has_cohorts<typename Engine::rows_type>&& energy_traits<Amount>::exact
    && !choices<Engine, Amount, Dense>::picked;
[[nodiscard]] inline bool flattens(open_frame const& f) noexcept {
    // Shares together below 1 by more than their roundings: nobody can be asked for more than it holds.
    constexpr double safe = 1 - 0x1p-20;
    return !f.special && !f.settings->consolidation.enabled && f.settings->matrix.alpha <= safe;
}

template <class Engine, class Amount, bool Dense>
[[gnu::noinline]] void stage_flat_matrix(Engine const& e, field_state<Amount>& s, open_frame& f) {
    auto const& rows = e.rows();
    flat_matrix& flat = s.flat;
    if (flat.empty() || s.flat_engine != e.id() || !(s.flat_stamp == rows.weights_stamp())) {
        flat.forget();
        s.flat_engine = 0; // nobody's, should memory run out on the way
        array<flat_matrix::cell> row;
        array<fraction> shares;
        for (std::uint32_t n = 0; n < rows.node_count(); ++n) {
            shares.clear();
            row.clear();
            append_row_shares(
                rows, node_id{n}, s.choice.wishes, shares, f.settings->matrix.alpha,
                [](double a) { return fraction::of(a); });
            std::size_t i = 0;
            for (out_link const link : rows.links(node_id{n}))
                row.push_back({static_cast<std::uint32_t>(link.target), shares[i++].raw()});
            flat.add_row(row);
        }
        flat.end_rows();
        s.flat_engine = e.id();
        s.flat_stamp = rows.weights_stamp();
    }
    s.sources.clear();
    flat.begin();
    s.table.each([&](node_id node, auto const& r) {
        if (r.held == Amount{}) return;
        s.sources.push_back(node);
        flat.add_source(node, static_cast<std::uint64_t>(r.held.raw()));
    });
    if constexpr (Engine::has_workers)
        sharing<Engine, Amount, Dense>::push(e, s.sources, flat, f.settings->workers_from);
    else
        flat.push_all(s.sources);
    if constexpr (!Dense)
        flat.each_sum([&](node_id node, std::uint64_t) { s.table.template ensure<Dense>(node); });
    f.flat = true;
    f.costs = flat.links();
    f.moves = flat.moves();
    f.skipped = f.costs - f.moves;
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
