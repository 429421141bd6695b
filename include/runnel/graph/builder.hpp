// SPDX-License-Identifier: MIT
// room: graph. Making a graph: say nodes and links, then `build()` checks and lays everything out.
//
// Why:  a chain of calls should not need a check each; the builder keeps the first fault with its
//       position and `build()` returns it. Nothing half-built escapes.
// Laws: the order in which links were added changes nothing. Self loops are legal, keep their id and
//       weight, and never carry energy. Parallel links are distinct.
// Cost: O(L) time, no links are compared; with what is kept of the links until then, at most twice the
//       memory of the result.
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <string_view>
#include <type_traits>

#include <runnel/core/array.hpp>
#include <runnel/core/ids.hpp>
#include <runnel/core/log_weight.hpp>
#include <runnel/core/math.hpp>
#include <runnel/core/result.hpp>
#include <runnel/graph/detail/pending.hpp>
#include <runnel/graph/store.hpp>
#include <runnel/graph/topology.hpp>

namespace runnel {

namespace faults {
inline constexpr fault_kind duplicate_name{"graph.duplicate_name", "two nodes carry this name"};
inline constexpr fault_kind two_types{
    "graph.two_types", "the node of this name was made with another type"};
inline constexpr fault_kind builder_spent{
    "graph.builder_spent", "this builder has built its graph: start a new one"};
inline constexpr fault_kind empty_name{"graph.empty_name", "a named node needs a name"};
inline constexpr fault_kind duplicate_type{"graph.duplicate_type", "this type is declared already"};
inline constexpr fault_kind too_many_types{
    "graph.too_many_types", "a graph declares at most 64 types"};
inline constexpr fault_kind too_many_nodes{
    "graph.too_many_nodes", "a graph holds at most 4294967294 nodes"};
inline constexpr fault_kind too_many_links{
    "graph.too_many_links",
    "a graph holds at most 4294967294 links, 2147483647 of them on one node"};
inline constexpr fault_kind bad_threshold{
    "graph.bad_threshold", "a threshold must lie in [0, 8388607]: a field holds no more"};
inline constexpr fault_kind dimension_mismatch{
    "graph.dimension_mismatch", "a vector's length differs from the first one's (expected, got)"};
inline constexpr fault_kind bad_vector{
    "graph.bad_vector", "a vector must hold finite numbers only"};
} // namespace faults

/// A link by its linear weight.
struct link_spec {
    node_id from{};
    node_id to{};
    double weight = 1;
    link_type type = link_type::relates;
};
/// A link by its log-weight.
struct log_link_spec {
    node_id from{};
    node_id to{};
    log_weight lw{};
    link_type type = link_type::relates;
};

struct graph::built {
    runnel::graph graph;
    runnel::graph::store store;
};

class graph::builder {
public:
    /// A node without a name.
    node_id node(node_type type = node_type::other) {
        if (types_.size() >= max_nodes) {
            refuse(fault{faults::too_many_nodes, types_.size(), types_.size()});
            return no_node;
        }
        types_.push_back(type);
        return node_id{static_cast<std::uint32_t>(types_.size() - 1)};
    }
    /// A node with a new name.
    node_id node(std::string_view name, node_type type = node_type::other) {
        if (name.empty()) refuse(fault{faults::empty_name, name, types_.size()});
        if (names_.find(name) != no_node)
            refuse(fault{faults::duplicate_name, name, types_.size()});
        return new_name(name, type);
    }
    /// The node of this name, made on first mention.
    node_id named(std::string_view name) {
        node_id const known = names_.find(name);
        if (known != no_node) return known;
        if (name.empty()) refuse(fault{faults::empty_name, name, types_.size()});
        return new_name(name, node_type::other);
    }
    /// Likewise, and of this type: a node of the name that has another one is a fault.
    node_id named(std::string_view name, node_type type) {
        node_id const known = names_.find(name);
        if (known == no_node) return node(name, type);
        if (types_[index(known)] != type) refuse(fault{faults::two_types, name, index(known)});
        return known;
    }
    /// This name will be asked for soon: who asks for two at once says so first, and waits for memory once.
    void expect(std::string_view name) const noexcept { names_.expect(name); }
    /// Many nameless nodes at once; returns the first.
    node_id nodes(std::uint32_t count, node_type type = node_type::other) {
        node_id const first{static_cast<std::uint32_t>(types_.size())};
        if (max_nodes - types_.size() < count)
            refuse(fault{faults::too_many_nodes, count, types_.size()});
        else
            types_.resize(types_.size() + count, type);
        return first;
    }
    /// A type of one's own, up to 64 of nodes and 64 of links.
    template <class = void> node_type declare_node_type(std::string_view name) {
        return node_type{declare(type_names_, name, node_types_, detail::node_type_names)};
    }
    template <class = void> link_type declare_link_type(std::string_view name) {
        return link_type{declare(link_type_names_, name, link_types_, detail::link_type_names)};
    }

    builder& link(link_spec const& spec) {
        if (spec.weight == last_weight_) return log_link({spec.from, spec.to, last_lw_, spec.type});
        if (spec.weight == 0) { // drop_zero may be asked for until the end
            zeros_.push_back({links_given(), spec.from, spec.to});
            return *this;
        }
        auto const lw = log_weight::from_weight(spec.weight);
        if (!lw) {
            refuse(fault_at(lw.error(), links_given()));
            return *this;
        }
        last_weight_ = spec.weight;
        last_lw_ = *lw;
        return log_link({spec.from, spec.to, *lw, spec.type});
    }
    builder& log_link(log_link_spec const& spec) {
        pending_.add({spec.from, spec.to, spec.lw}, spec.type);
        return *this;
    }
    /// So many links are about to be given: memory for them is taken once.
    builder& reserve(std::size_t links) {
        pending_.reserve(links);
        return *this;
    }
    /// Both ways, with the same weight.
    builder& both_ways(link_spec const& spec) {
        return link(spec).link({spec.to, spec.from, spec.weight, spec.type});
    }
    builder& links(std::span<link_spec const> specs) {
        reserve(specs.size());
        link_spec const* const first =
            specs.data(); // no iterators: a kind of them costs every file
        for (std::size_t i = 0; i < specs.size(); ++i) link(first[i]);
        return *this;
    }
    builder& links(std::initializer_list<link_spec> specs) {
        return links(std::span<link_spec const>{specs.begin(), specs.size()});
    }
    /// Leave out links of weight 0 (counted in `graph::dropped`) instead of refusing them, whether they
    /// were given before or are given after this.
    builder& drop_zero() {
        drop_zero_ = true;
        return *this;
    }

    template <class = void> builder& scope(node_id node, scope_id scope);
    /// The node's own threshold, in units.
    template <class = void> builder& threshold(node_id node, double units);
    /// This node's energy is held back more than that of its like.
    template <class = void> builder& consolidated(node_id node);
    /// The node's own log-weight, beside those of its links.
    template <class = void> builder& log_mass(node_id node, log_weight mass);
    template <class = void> builder& log_mass(node_id node, double log);
    /// To how many groups the node belongs; 1 for a node of which nothing is said.
    template <class = void> builder& groups(node_id node, std::uint16_t count);
    template <class = void> builder& embedding(node_id node, std::span<float const> row) {
        return set_row(embeddings_, embedding_calls_++, node, row);
    }
    template <class = void> builder& embedding(node_id node, std::initializer_list<float> row) {
        return embedding(node, std::span<float const>{row.begin(), row.size()});
    }
    template <class = void> builder& affect(node_id node, std::span<float const> row) {
        return set_row(affects_, affect_calls_++, node, row);
    }
    template <class = void> builder& affect(node_id node, std::initializer_list<float> row) {
        return affect(node, std::span<float const>{row.begin(), row.size()});
    }

    [[nodiscard]] std::uint32_t node_count() const noexcept {
        return static_cast<std::uint32_t>(types_.size());
    }
    /// The node of this name so far; a node without a name is not found by the empty one.
    [[nodiscard]] result<node_id> find(std::string_view name) const noexcept {
        node_id const node = names_.find(name);
        if (node == no_node) return fault{faults::unknown_name, name};
        return node;
    }

    /// The graph and its store, or the first fault with its position: for a link its number among all
    /// that were given, for what is wrong about a node the node, for a node that is not there which call
    /// of scope, threshold, consolidated, log_mass, groups, embedding or affect named it. The builder is
    /// spent.
    template <class = void> [[nodiscard]] result<built> build() &&;
    template <class Never = void> result<built> build() const& {
        static_assert(
            !std::is_void_v<Never>,
            "graph: build() uses the builder up; write std::move(builder).build()");
        return fault{faults::builder_spent};
    }

private:
    /// A link of weight 0: it is dropped or refused, its ends are checked.
    struct zero_link {
        std::uint64_t number; // among all that were given
        node_id from;
        node_id to;
    };
    template <class> class layout;

    [[nodiscard]] std::uint64_t links_given() const noexcept {
        return pending_.size() + zeros_.size();
    }
    node_id new_name(std::string_view name, node_type type) {
        node_id const id = node(type);
        if (!fault_seen_) names_.add(id, name);
        return id;
    }
    void refuse(fault what) noexcept {
        if (fault_seen_) return;
        fault_ = what;
        fault_seen_ = true;
        links_before_fault_ = links_given();
    }
    static fault fault_at(fault const& f, std::uint64_t position) noexcept {
        return fault{fault_kind{f.code(), f.sentence()}, f.offender(), position};
    }
    template <std::size_t Presets>
    std::uint16_t declare(
        name_column& names, std::string_view name, std::uint32_t& count,
        std::string_view const (&presets)[Presets]);
    template <class = void>
    builder& set_row(
        float_column& column, std::uint64_t call, node_id node, std::span<float const> row);
    [[nodiscard]] bool known(node_id node, std::uint64_t call) {
        if (index(node) < types_.size()) return true;
        refuse(fault{faults::unknown_node, index(node), call});
        return false;
    }
    template <class = void> [[nodiscard]] status check_links(std::uint64_t count) const;
    template <class = void> void give_columns(runnel::graph& g);

    detail::array<node_type> types_;
    detail::array<scope_id> scopes_;
    detail::array<double> thresholds_;
    detail::array<std::uint64_t> consolidated_;
    detail::array<log_weight> log_masses_;
    detail::array<std::uint16_t> groups_;
    name_column names_;
    name_column type_names_;
    name_column link_type_names_;
    std::uint32_t node_types_ = 0;
    std::uint32_t link_types_ = 0;
    float_column embeddings_;
    float_column affects_;
    detail::pending_links pending_;
    detail::array<zero_link> zeros_;
    std::uint64_t scope_calls_ = 0;
    std::uint64_t threshold_calls_ = 0;
    std::uint64_t consolidated_calls_ = 0;
    std::uint64_t log_mass_calls_ = 0;
    std::uint64_t groups_calls_ = 0;
    std::uint64_t embedding_calls_ = 0;
    std::uint64_t affect_calls_ = 0;
    std::uint64_t links_before_fault_ = 0;
    double last_weight_ = 1; // most graphs have few: the logarithm of the last one is known
    log_weight last_lw_{};
    bool drop_zero_ = false;
    bool fault_seen_ = false;
    fault fault_{};
};

} // namespace runnel

#include <runnel/graph/detail/build.hpp>
#include <runnel/graph/detail/lay_out.hpp>
