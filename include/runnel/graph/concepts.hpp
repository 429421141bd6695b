// SPDX-License-Identifier: MIT
// room: graph. What the engine asks of a graph, and how your own graph joins.
//
// Why:  few members, checked by one concept, no customization points: an adapter is a small class
//       that forwards to your data, and the engine treats it like ours.
// Laws: `links(n)` yields every out-link of n except self loops, in the same order each time, and
//       `degree(n)` of them; every target is below `node_count()`. While a frame runs nothing changes.
//
//   struct my_rows {                                  // 8 lines make a graph of your own
//       my_graph const& g;
//       std::uint32_t node_count() const;
//       std::uint32_t degree(runnel::node_id) const;             // without self loops
//       std::vector<runnel::out_link> const& links(runnel::node_id) const; // or any forward range
//       runnel::node_type type(runnel::node_id) const;
//       runnel::version stamp(runnel::node_id) const;            // bumped when the node's row changes
//       bool ordered(runnel::node_id) const;                     // true: links come heaviest first
//   };
//
// Optional members the engine uses when they are there: `best(n)` (the row head in O(1)) together with
// `tied(n)` and `tied(n, i)` (how many weigh as much, and the i-th of them), `threshold(n)` (below 0: the
// type's; at most 8388607) and `lowest_threshold(per_type<double> const& of_types)` (of all nodes),
// `link(source, place)` (names the link at a place), `each_run(n, scratch, f)` (the row as runs of equal weight,
// runnel/graph/runs.hpp: without it a choice of the k heaviest reads the whole row), and the four of `has_cohorts`
// (runnel/graph/cohorts.hpp: without them every link is as strong as any other). Of nodes: `consolidated(n)` (no node
// is, without it), `groups(n)` (how many it belongs to; 1), `affect(n)` (a range of floats; empty) and the three of
// `has_masses` (runnel/graph/cohorts.hpp; every log-mass is 0).
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <utility>

#include <runnel/core/ids.hpp>
#include <runnel/core/log_weight.hpp>
#include <runnel/core/versions.hpp>

namespace runnel {

/// One way out of a node. `place` is where the row keeps it; an adapter may put its own number there.
struct out_link {
    node_id target{};
    log_weight lw{};
    row_place place{};
    link_type type = link_type::relates;
    friend constexpr bool operator==(out_link const&, out_link const&) noexcept = default;
};

/// One link a source may send along: what a cost is asked about.
struct candidate {
    node_id source{};
    node_id target{};
    log_weight lw{};
    row_place place{};
    link_type type = link_type::relates;
    double familiarity =
        0; ///< of the target, [0, 1): how often energy reached it of late; 0 unless the model asks
};

/// The heaviest link of a row; `ties` says that others weigh the same.
struct best_link {
    node_id target = no_node; ///< no_node: the row is empty
    log_weight lw{};
    row_place place{};
    bool ties = false;
};

/// A forward range of links: walked twice, it yields the same.
template <class Range>
concept link_range =
    requires(Range const& range, decltype(std::declval<Range const&>().begin()) at) {
    { *at } -> std::convertible_to<out_link>;
    { at == range.end() } -> std::convertible_to<bool>;
    ++at;
    requires std::copyable<decltype(at)>;
};

/// Everything the engine needs of a graph with weights.
template <class Rows>
concept weighted_rows = requires(Rows const& rows, node_id node) {
    { rows.node_count() } -> std::convertible_to<std::uint32_t>;
    { rows.degree(node) } -> std::convertible_to<std::uint32_t>;
    { rows.links(node) } -> link_range;
    { rows.type(node) } -> std::same_as<node_type>;
    { rows.stamp(node) } -> std::same_as<version>;
    { rows.ordered(node) } -> std::convertible_to<bool>;
};

template <class Rows>
concept has_best = requires(Rows const& rows, node_id node) {
    { rows.best(node) } -> std::same_as<best_link>;
    { rows.tied(node) } -> std::convertible_to<std::uint32_t>;
    { rows.tied(node, std::uint32_t{}) } -> std::same_as<out_link>;
};

template <class Rows>
concept has_thresholds = requires(Rows const& rows, node_id node) {
    { rows.threshold(node) } -> std::convertible_to<double>;
};

template <class Rows>
concept has_consolidated = requires(Rows const& rows, node_id node) {
    { rows.consolidated(node) } -> std::same_as<bool>;
};

template <class Rows>
concept has_groups = requires(Rows const& rows, node_id node) {
    { rows.groups(node) } -> std::convertible_to<std::uint16_t>;
};

template <class Rows>
concept has_affect = requires(Rows const& rows, node_id node) {
    { *rows.affect(node).data() } -> std::convertible_to<float>;
    { rows.affect(node).size() } -> std::convertible_to<std::size_t>;
};

template <class Rows>
concept names_links = requires(Rows const& rows, node_id source, row_place place) {
    { rows.link(source, place) } -> std::same_as<link_id>;
};

} // namespace runnel
