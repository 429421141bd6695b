// SPDX-License-Identifier: MIT
// An id of another graph where none is looked up is a mistake of the program: it stops, in checked
// builds, at the place where the mistake is.
#include <cstdint>
#include <utility>

#include <runnel/graph.hpp>

#include "support/catch.hpp"
#include "support/stops.hpp"

using runnel::link_id;
using runnel::node_id;
using runnel::row_place;

#if RUNNEL_TEST_CAN_STOP

namespace {

constexpr node_id mine{1};
constexpr node_id foreign{2};
constexpr link_id my_link{0};
constexpr link_id foreign_link{1};

/// Two nodes and a link, with every column.
runnel::graph::built pair() {
    runnel::graph::builder g;
    g.nodes(2);
    g.link({node_id{0}, mine, 1}).threshold(mine, 1).scope(mine, runnel::scope_id{1});
    return std::move(g).build().value();
}
template <class Call> bool stops(Call call) {
    return support::stops([&] { static_cast<void>(call()); });
}

} // namespace

TEST_CASE("a graph stops at a node of another", "[graph][topology]") {
    auto const made = pair();
    auto const& g = made.graph;
    CHECK_FALSE(stops([&] { return g.type(mine); }));
    CHECK(stops([&] { return g.type(foreign); }));
    CHECK_FALSE(stops([&] { return g.scope(mine); }));
    CHECK(stops([&] { return g.scope(foreign); }));
    CHECK_FALSE(stops([&] { return g.threshold(mine); }));
    CHECK(stops([&] { return g.threshold(foreign); }));
    CHECK_FALSE(stops([&] { return g.targets(mine); }));
    CHECK(stops([&] { return g.targets(foreign); }));
    CHECK_FALSE(stops([&] { return g.first_link(mine); }));
    CHECK(stops([&] { return g.first_link(runnel::no_node); }));
}

TEST_CASE("a graph stops at a link of another", "[graph][topology]") {
    auto const made = pair();
    auto const& g = made.graph;
    CHECK_FALSE(stops([&] { return g.source(my_link); }));
    CHECK(stops([&] { return g.source(foreign_link); }));
    CHECK_FALSE(stops([&] { return g.target(my_link); }));
    CHECK(stops([&] { return g.target(foreign_link); }));
    CHECK_FALSE(stops([&] { return g.type(my_link); }));
    CHECK(stops([&] { return g.type(foreign_link); }));
}

TEST_CASE("a store stops at a node of another", "[graph][store]") {
    auto const made = pair();
    auto const& s = made.store;
    CHECK_FALSE(stops([&] { return s.degree(mine); }));
    CHECK(stops([&] { return s.degree(foreign); }));
    CHECK_FALSE(stops([&] { return s.best(mine); }));
    CHECK(stops([&] { return s.best(foreign); }));
    CHECK_FALSE(stops([&] { return s.links(mine); }));
    CHECK(stops([&] { return s.links(foreign); }));
    CHECK_FALSE(stops([&] { return s.stamp(mine); }));
    CHECK(stops([&] { return s.stamp(foreign); }));
}

TEST_CASE("a store stops at a link or a place of another", "[graph][store]") {
    auto const made = pair();
    auto const& s = made.store;
    CHECK_FALSE(stops([&] { return s.lw(node_id{0}, my_link); }));
    CHECK(stops([&] { return s.lw(node_id{0}, foreign_link); }));
    CHECK_FALSE(stops([&] { return s.link(node_id{0}, row_place{0}); }));
    CHECK(stops([&] { return s.link(node_id{0}, row_place{1}); }));
    CHECK(stops([&] { return s.link(mine, row_place{0}); }));
}

#else
TEST_CASE("a mistake is only seen where a process can be forked", "[graph]") { SUCCEED(); }
#endif
