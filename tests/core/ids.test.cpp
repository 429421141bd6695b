// SPDX-License-Identifier: MIT
#include <cstdint>
#include <type_traits>

#include <runnel/core/ids.hpp>

#include "support/catch.hpp"

using runnel::link_type;
using runnel::node_type;
using runnel::per_type;

TEST_CASE("an id is its index", "[core][ids]") {
    STATIC_REQUIRE(runnel::index(runnel::node_id{7}) == 7);
    STATIC_REQUIRE(runnel::index(runnel::link_id{0xFFFF'FFFEU}) == 0xFFFF'FFFEU);
    STATIC_REQUIRE(runnel::index(runnel::field_key{~std::uint64_t{0}}) == ~std::uint64_t{0});
}

TEST_CASE("ids of different things do not mix", "[core][ids]") {
    STATIC_REQUIRE_FALSE(std::is_convertible_v<runnel::node_id, runnel::link_id>);
    STATIC_REQUIRE_FALSE(std::is_convertible_v<runnel::link_id, runnel::row_place>);
    STATIC_REQUIRE_FALSE(std::is_convertible_v<std::uint32_t, runnel::node_id>);
    STATIC_REQUIRE(sizeof(runnel::node_id) == 4);
}

TEST_CASE("the mark for none is above every id", "[core][ids]") {
    STATIC_REQUIRE(runnel::index(runnel::no_node) > runnel::max_nodes);
    STATIC_REQUIRE(runnel::index(runnel::no_link) > runnel::max_links);
}

TEST_CASE("preset types have their fixed ids", "[core][ids]") {
    STATIC_REQUIRE(runnel::index(node_type::memory) == 0);
    STATIC_REQUIRE(runnel::index(node_type::concept_) == 2);
    STATIC_REQUIRE(runnel::index(node_type::other) == 11);
    STATIC_REQUIRE(runnel::index(node_type::other) + 1 == runnel::preset_node_types);
    STATIC_REQUIRE(runnel::index(link_type::other) + 1 == runnel::preset_link_types);
}

TEST_CASE("a figure for all types is every type's", "[core][ids]") {
    constexpr per_type<double> thresholds = .1;
    std::size_t count = 0;
    for (double const threshold : thresholds) {
        CHECK(threshold == .1);
        ++count;
    }
    CHECK(count == runnel::preset_node_types + 64);
}

TEST_CASE("an exception for one type leaves the others", "[core][ids]") {
    constexpr auto thresholds = per_type<double>{.1}.with(node_type::task, .2);
    STATIC_REQUIRE(thresholds[node_type::task] == .2);
    STATIC_REQUIRE(thresholds[node_type::goal] == .1);
    STATIC_REQUIRE(thresholds[node_type::other] == .1);
}

TEST_CASE("with() leaves the original alone and set() changes it", "[core][ids]") {
    per_type<int> figures{1};
    CHECK(figures.with(node_type::goal, 5)[node_type::goal] == 5);
    CHECK(figures[node_type::goal] == 1);
    figures.set(node_type::goal, 6).set(node_type::task, 7);
    CHECK(figures[node_type::goal] == 6);
    CHECK(figures[node_type::task] == 7);
}

TEST_CASE("the last declared type has a figure of its own", "[core][ids]") {
    constexpr auto last = static_cast<node_type>(per_type<int>::capacity - 1);
    constexpr auto figures = per_type<int>{1}.with(last, 9);
    STATIC_REQUIRE(figures[last] == 9);
    STATIC_REQUIRE(figures[node_type::other] == 1);
}

TEST_CASE("an unknown type behaves as other", "[core][ids]") {
    constexpr auto unknown = static_cast<node_type>(per_type<int>::capacity);
    constexpr auto far = node_type{0xFFFF};
    constexpr auto figures = per_type<int>{1}.with(node_type::other, 3);
    STATIC_REQUIRE(figures[unknown] == 3);
    STATIC_REQUIRE(figures[far] == 3);
    STATIC_REQUIRE(per_type<int>{1}.with(far, 4)[node_type::other] == 4);
}

TEST_CASE("link types have their own table and their own other", "[core][ids]") {
    using table = per_type<int, link_type>;
    STATIC_REQUIRE(table::capacity == runnel::preset_link_types + 64);
    STATIC_REQUIRE(table{1}.with(link_type::other, 3)[link_type{0xFFFF}] == 3);
}

TEST_CASE("tables are equal when every figure is", "[core][ids]") {
    constexpr per_type<double> a = .1;
    STATIC_REQUIRE(a == per_type<double>{.1});
    STATIC_REQUIRE(a != a.with(static_cast<node_type>(per_type<double>::capacity - 1), .2));
    STATIC_REQUIRE(per_type<double>{} == per_type<double>{0});
}

TEST_CASE("types beyond the presets follow other until they are given a figure", "[core][ids]") {
    using runnel::node_type;
    auto const first = runnel::per_type<int>(1).with(node_type{20}, 5).with(node_type::other, 3);
    auto const last = runnel::per_type<int>(1).with(node_type::other, 3).with(node_type{20}, 5);
    CHECK(first == last);
    CHECK(first[node_type{20}] == 5);
    CHECK(first[node_type{21}] == 3);
    CHECK(first[node_type{75}] == 3);
    CHECK(first[node_type{76}] == 3);
    CHECK(first[node_type::task] == 1);
}
