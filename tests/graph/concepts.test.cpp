// SPDX-License-Identifier: MIT
// What is a graph to the engine, and what is not.
#include <cstdint>
#include <forward_list>
#include <span>
#include <type_traits>
#include <vector>

#include <runnel/graph.hpp>

#include "support/catch.hpp"

using runnel::link_id;
using runnel::node_id;
using runnel::out_link;
using runnel::row_place;

namespace {

struct rows {
    std::vector<std::vector<out_link>> out;
    [[nodiscard]] std::uint32_t node_count() const { return std::uint32_t(out.size()); }
    [[nodiscard]] std::uint32_t degree(node_id n) const {
        return std::uint32_t(out[runnel::index(n)].size());
    }
    [[nodiscard]] std::vector<out_link> const& links(node_id n) const {
        return out[runnel::index(n)];
    }
    [[nodiscard]] runnel::node_type type(node_id) const { return runnel::node_type::other; }
    [[nodiscard]] runnel::version stamp(node_id) const { return {}; }
    [[nodiscard]] bool ordered(node_id) const { return false; }
};
struct with_best : rows {
    [[nodiscard]] runnel::best_link best(node_id) const { return {}; }
    [[nodiscard]] std::uint32_t tied(node_id) const { return 1; }
    [[nodiscard]] out_link tied(node_id, std::uint32_t) const { return {}; }
};
struct with_thresholds : rows {
    [[nodiscard]] double threshold(node_id) const { return .5; }
};
struct with_names : rows {
    [[nodiscard]] link_id link(node_id, row_place place) const {
        return link_id{static_cast<std::uint32_t>(place)};
    }
};

struct with_columns : rows {
    [[nodiscard]] bool consolidated(node_id) const { return true; }
    [[nodiscard]] std::uint16_t groups(node_id) const { return 4; }
    [[nodiscard]] std::vector<float> affect(node_id) const { return {1, 2}; }
};

// Each lacks or bends one thing.
struct no_stamp : rows {
    runnel::version stamp(node_id) const = delete;
};
struct number_type : rows {
    [[nodiscard]] int type(node_id) const { return 0; }
};
struct number_stamp : rows {
    [[nodiscard]] std::uint64_t stamp(node_id) const { return 0; }
};
struct not_const : rows {
    std::uint32_t degree(node_id) { return 0; }
};
struct number_node {
    [[nodiscard]] std::uint32_t node_count() const { return 0; }
    [[nodiscard]] std::uint32_t degree(std::uint32_t) const { return 0; }
};
struct wrong_links : rows {
    [[nodiscard]] std::vector<int> const& links(node_id) const;
};

} // namespace

TEST_CASE("six members make a graph", "[graph][concepts]") {
    STATIC_REQUIRE(runnel::weighted_rows<rows>);
    STATIC_REQUIRE(runnel::weighted_rows<runnel::graph_rows>);
    STATIC_REQUIRE(runnel::weighted_rows<runnel::rows_reference<rows>>);
}

TEST_CASE("a type that lacks or bends one of them is no graph", "[graph][concepts]") {
    STATIC_REQUIRE_FALSE(runnel::weighted_rows<no_stamp>);
    STATIC_REQUIRE_FALSE(runnel::weighted_rows<number_type>);
    STATIC_REQUIRE_FALSE(runnel::weighted_rows<number_stamp>);
    STATIC_REQUIRE_FALSE(runnel::weighted_rows<not_const>);
    STATIC_REQUIRE_FALSE(runnel::weighted_rows<number_node>);
    STATIC_REQUIRE_FALSE(runnel::weighted_rows<wrong_links>);
    STATIC_REQUIRE_FALSE(runnel::weighted_rows<int>);
    STATIC_REQUIRE_FALSE(runnel::weighted_rows<runnel::graph>);
}

TEST_CASE("any forward range of links will do", "[graph][concepts]") {
    STATIC_REQUIRE(runnel::link_range<std::vector<out_link>>);
    STATIC_REQUIRE(runnel::link_range<std::span<out_link const>>);
    STATIC_REQUIRE(runnel::link_range<std::forward_list<out_link>>);
    STATIC_REQUIRE(runnel::link_range<runnel::row_links>);
    STATIC_REQUIRE_FALSE(runnel::link_range<std::vector<node_id>>);
    STATIC_REQUIRE_FALSE(runnel::link_range<out_link>);
}

TEST_CASE("what a graph may offer besides is seen", "[graph][concepts]") {
    STATIC_REQUIRE(runnel::weighted_rows<with_best>);
    STATIC_REQUIRE(runnel::has_best<with_best>);
    STATIC_REQUIRE(runnel::has_thresholds<with_thresholds>);
    STATIC_REQUIRE(runnel::names_links<with_names>);
    STATIC_REQUIRE_FALSE(runnel::has_best<rows>);
    STATIC_REQUIRE_FALSE(runnel::has_thresholds<rows>);
    STATIC_REQUIRE_FALSE(runnel::names_links<rows>);
}

TEST_CASE("a reference offers what its graph offers, and nothing more", "[graph][concepts]") {
    STATIC_REQUIRE(runnel::has_best<runnel::rows_reference<with_best>>);
    STATIC_REQUIRE(runnel::has_thresholds<runnel::rows_reference<with_thresholds>>);
    STATIC_REQUIRE(runnel::names_links<runnel::rows_reference<with_names>>);
    STATIC_REQUIRE_FALSE(runnel::has_best<runnel::rows_reference<rows>>);
    STATIC_REQUIRE_FALSE(runnel::has_thresholds<runnel::rows_reference<with_best>>);
    STATIC_REQUIRE_FALSE(runnel::names_links<runnel::rows_reference<with_thresholds>>);
    using held = runnel::rows_reference<with_columns>;
    STATIC_REQUIRE(runnel::has_consolidated<held>);
    STATIC_REQUIRE(runnel::has_groups<held>);
    STATIC_REQUIRE(runnel::has_affect<held>);
    STATIC_REQUIRE_FALSE(runnel::has_masses<held>);
    using bare = runnel::rows_reference<rows>;
    STATIC_REQUIRE_FALSE(runnel::has_consolidated<bare>);
    STATIC_REQUIRE_FALSE(runnel::has_groups<bare>);
    STATIC_REQUIRE_FALSE(runnel::has_affect<bare>);
}

TEST_CASE("a reference forwards and does not copy the rows", "[graph][concepts]") {
    with_thresholds mine;
    mine.out.resize(2);
    mine.out[0].push_back({.target = node_id{1}});
    runnel::rows_reference<with_thresholds> const held{mine};
    CHECK(held.node_count() == 2);
    CHECK(held.degree(node_id{0}) == 1);
    CHECK(&held.links(node_id{0}) == &mine.links(node_id{0}));
    CHECK_FALSE(held.ordered(node_id{0}));
    CHECK(held.threshold(node_id{0}) == .5);
    CHECK(held.identity() == &mine);
}
