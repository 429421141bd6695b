// SPDX-License-Identifier: MIT
// room: graph. The immutable graph: who links to whom, and what each node is.
//
// Why:  topology is shared by every frame, thread and field, so nothing can write it; weights, which
//       learn, live apart in `graph::store`. Links stand in canonical order (source, target, type,
//       weight), so that a link's id does not depend on the order it was added in.
// Laws: position = link id; the links of a node are contiguous; rows of the store are cut into one
//       segment per link type, each ordered by weight.
// Cost: 4 B per link and 6 B per node (8 with scopes; a column nobody filled costs nothing); + 2 B per link and one segment table once a
//       second link type exists.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include <runnel/core/array.hpp>
#include <runnel/core/expects.hpp>
#include <runnel/core/ids.hpp>
#include <runnel/core/log_weight.hpp>
#include <runnel/core/result.hpp>
#include <runnel/graph/cohorts.hpp>
#include <runnel/graph/columns.hpp>

namespace runnel {

namespace faults {
inline constexpr fault_kind unknown_node{"graph.unknown_node", "no node of this graph has this id"};
inline constexpr fault_kind unknown_name{
    "graph.unknown_name", "no node of this graph has this name"};
inline constexpr fault_kind unknown_link{"graph.unknown_link", "no link of this graph has this id"};
} // namespace faults

namespace detail {
inline constexpr std::string_view node_type_names[preset_node_types] = {
    "memory", "episodic", "concept",   "task",      "goal",        "event",
    "person", "document", "mechanism", "principle", "realization", "other"};
inline constexpr std::string_view link_type_names[preset_link_types] = {
    "relates", "enables", "blocks", "remembers", "other"};
/// Preset names first, then declared ones; "other" beyond.
template <std::size_t Presets>
std::string_view type_name(
    std::string_view const (&presets)[Presets], name_column const& declared,
    std::size_t type) noexcept {
    if (type < Presets) return presets[type];
    auto const own = declared[node_id{static_cast<std::uint32_t>(type - Presets)}];
    return own.empty() ? std::string_view{"other"} : own;
}
} // namespace detail

/// A stretch of a row whose links share a type.
struct row_segment {
    std::uint32_t end = 0; ///< one past its last place
    link_type type = link_type::relates;
};

/// The stretches of one row, in order. (Every walk along a row needs them: see `array::stretch` for why
/// this is no span.)
class row_segments {
public:
    constexpr row_segments() = default;
    constexpr row_segments(row_segment const* first, std::uint32_t count) noexcept
        : first_(first), count_(count) {}
    [[nodiscard]] constexpr row_segment const* begin() const noexcept { return first_; }
    [[nodiscard]] constexpr row_segment const* end() const noexcept { return first_ + count_; }
    [[nodiscard]] constexpr std::uint32_t size() const noexcept { return count_; }
    [[nodiscard]] constexpr bool empty() const noexcept { return count_ == 0; }
    [[nodiscard]] constexpr row_segment const& operator[](std::size_t i) const noexcept {
        return first_[i];
    }

private:
    row_segment const* first_ = nullptr;
    std::uint32_t count_ = 0;
};

/// Topology and node columns. Made by `graph::builder`; movable, never changed.
class graph {
public:
    class store;
    class builder;
    struct built;

    graph(graph&&) noexcept = default;
    graph& operator=(graph&&) noexcept = default;
    graph(graph const&) = delete;
    graph& operator=(graph const&) = delete;
    ~graph() = default;

    [[nodiscard]] std::uint32_t node_count() const noexcept {
        return static_cast<std::uint32_t>(offsets_.size() - 1);
    }
    [[nodiscard]] std::uint32_t link_count() const noexcept {
        return static_cast<std::uint32_t>(targets_.size());
    }
    [[nodiscard]] bool contains(node_id node) const noexcept { return index(node) < node_count(); }

    [[nodiscard]] node_type type(node_id node) const noexcept { return types_[at(node)]; }
    [[nodiscard]] scope_id scope(node_id node) const noexcept {
        std::size_t const i = at(node);
        return scopes_.empty() ? scope_id{} : scopes_[i];
    }
    /// Empty for a node without one.
    [[nodiscard]] std::string_view name(node_id node) const noexcept { return names_[node]; }
    /// The node of this name; a node without a name is not found by the empty one.
    [[nodiscard]] result<node_id> find(std::string_view name) const noexcept {
        node_id const node = names_.find(name);
        if (node == no_node) return fault{faults::unknown_name, name};
        return node;
    }
    /// The node's own threshold, in units; below 0: its type's counts.
    [[nodiscard]] double threshold(node_id node) const noexcept {
        std::size_t const i = at(node);
        return thresholds_.empty() ? -1 : thresholds_[i];
    }
    /// The lowest threshold of any node, its own or that of its type; infinity without nodes. O(types).
    [[nodiscard]] double lowest_threshold(per_type<double> const& of_types) const noexcept {
        double lowest = lowest_own_threshold_;
        without_own_threshold_.each([&](std::size_t slot) {
            double const of_type = of_types.begin()[slot];
            if (of_type < lowest) lowest = of_type;
        });
        return lowest;
    }
    /// Was this node said to be consolidated?
    [[nodiscard]] bool consolidated(node_id node) const noexcept {
        std::size_t const i = at(node);
        return !consolidated_.empty() && (consolidated_[i / 64] >> (i % 64) & 1) != 0;
    }
    /// How many groups the node belongs to; 1 if nobody said.
    [[nodiscard]] std::uint16_t groups(node_id node) const noexcept {
        std::size_t const i = at(node);
        return groups_.empty() ? std::uint16_t{1} : groups_[i];
    }
    /// The node's own log-weight; 0 if nobody said.
    [[nodiscard]] log_weight log_mass(node_id node) const noexcept {
        std::size_t const i = at(node);
        return log_masses_.empty() ? log_weight{} : log_masses_[i];
    }
    [[nodiscard]] bool has_log_masses() const noexcept { return !log_masses_.empty(); }
    /// How the log-masses are spread over all nodes, those of 0 included; empty if none was given.
    [[nodiscard]] cohort_sums const& masses() const noexcept { return masses_; }
    /// What a node's log-mass is compared with.
    [[nodiscard]] node_cohort cohort_of(node_id node) const noexcept {
        return {type(node), scope(node)};
    }
    [[nodiscard]] float_column const& embeddings() const noexcept { return embeddings_; }
    [[nodiscard]] float_column const& affects() const noexcept { return affects_; }

    /// Name of a declared or preset type; "other" for an unknown one.
    [[nodiscard]] std::string_view type_name(node_type type) const noexcept {
        return detail::type_name(detail::node_type_names, type_names_, runnel::index(type));
    }
    [[nodiscard]] std::string_view type_name(link_type type) const noexcept {
        return detail::type_name(detail::link_type_names, link_type_names_, runnel::index(type));
    }

    /// The targets of a node's links in canonical order; link ids are consecutive from `first_link`.
    template <class = void>
    [[nodiscard]] std::span<node_id const> targets(node_id node) const noexcept {
        std::uint32_t const first = offsets_[at(node)];
        return targets_.stretch(first, offsets_[at(node) + 1] - first);
    }
    [[nodiscard]] link_id first_link(node_id node) const noexcept {
        return link_id{offsets_[at(node)]};
    }
    [[nodiscard]] node_id source(link_id link) const noexcept;
    [[nodiscard]] node_id target(link_id link) const noexcept { return targets_[at(link)]; }
    [[nodiscard]] link_type type(link_id link) const noexcept {
        std::size_t const i = at(link);
        return link_types_.empty() ? only_link_type_ : link_types_[i];
    }
    /// The first link between two nodes in canonical order; no_link if there is none. O(log degree).
    struct ends {
        node_id from;
        node_id to;
    };
    [[nodiscard]] link_id find(ends pair) const noexcept;
    // Bare numbers name no nodes: without this, find({0, 1}) would be one letter at the null address.
    struct bare_numbers {
        int from;
        int to;
    };
    result<node_id> find(bare_numbers) const = delete;

    /// The typed stretches of a node's row; empty when the graph has a single link type.
    [[nodiscard]] row_segments segments(node_id node) const noexcept {
        if (segments_.empty()) return {};
        std::uint32_t const first = segment_offsets_[index(node)];
        return {segments_.data() + first, segment_offsets_[index(node) + 1] - first};
    }
    [[nodiscard]] link_type only_link_type() const noexcept { return only_link_type_; }
    /// How many links of weight 0 the builder left out on request.
    [[nodiscard]] std::uint64_t dropped() const noexcept { return dropped_; }
    [[nodiscard]] std::size_t bytes() const noexcept;

private:
    graph() = default;
    [[nodiscard]] std::size_t at(node_id node) const noexcept {
        RUNNEL_EXPECTS(contains(node), "graph: a node of another graph");
        return index(node);
    }
    [[nodiscard]] std::size_t at(link_id link) const noexcept {
        RUNNEL_EXPECTS(index(link) < link_count(), "graph: a link of another graph");
        return index(link);
    }

    detail::array<std::uint32_t> offsets_ = detail::array<std::uint32_t>(1);
    detail::array<node_id> targets_;
    detail::array<link_type> link_types_; // empty: all are only_link_type_
    link_type only_link_type_ = link_type::relates;
    detail::array<std::uint32_t> segment_offsets_;
    detail::array<row_segment> segments_;
    detail::array<node_type> types_;
    detail::array<scope_id> scopes_;
    detail::array<double> thresholds_;
    double lowest_own_threshold_ = __builtin_inf();
    detail::slot_set without_own_threshold_;    // types of nodes that follow their type
    detail::array<std::uint64_t> consolidated_; // a bit a node
    detail::array<std::uint16_t> groups_;
    detail::array<log_weight> log_masses_;
    cohort_sums masses_;
    name_column names_;
    float_column embeddings_;
    float_column affects_;
    name_column type_names_;      // node_id{k}: name of the k-th declared node type
    name_column link_type_names_; // likewise for links
    std::uint64_t dropped_ = 0;
};

inline node_id graph::source(link_id link) const noexcept {
    auto const place = static_cast<std::uint32_t>(at(link));
    std::size_t low = 0;
    std::size_t high = node_count();
    while (high - low > 1) { // offsets_[low] <= place < offsets_[high]; the gap halves
        std::size_t const middle = low + (high - low) / 2;
        (offsets_[middle] <= place ? low : high) = middle;
    }
    return node_id{static_cast<std::uint32_t>(low)};
}

inline link_id graph::find(ends pair) const noexcept {
    if (!contains(pair.from)) return no_link;
    std::size_t low = offsets_[index(pair.from)];
    std::size_t const end = offsets_[index(pair.from) + 1];
    std::size_t high = end;
    while (low < high) {
        std::size_t const middle = low + (high - low) / 2;
        if (targets_[middle] < pair.to)
            low = middle + 1;
        else
            high = middle;
    }
    return low < end && targets_[low] == pair.to ? link_id{static_cast<std::uint32_t>(low)}
                                                 : no_link;
}

inline std::size_t graph::bytes() const noexcept {
    return offsets_.capacity() * 4 + targets_.capacity() * 4 + link_types_.capacity() * 2
           + segment_offsets_.capacity() * 4 + segments_.capacity() * sizeof(row_segment)
           + types_.capacity() * 2 + scopes_.capacity() * 2 + thresholds_.capacity() * 8
           + consolidated_.capacity() * 8 + groups_.capacity() * 2 + log_masses_.capacity() * 4
           + masses_.bytes() + names_.bytes() + embeddings_.bytes() + affects_.bytes()
           + type_names_.bytes() + link_type_names_.bytes();
}

} // namespace runnel
