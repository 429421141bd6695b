// SPDX-License-Identifier: MIT
#include <cmath>
#include <cstdint>
#include <limits>
#include <new>
#include <type_traits>
#include <utility>

#include <runnel/graph.hpp>

#include "graph/facts.hpp"
#include "support/allocations.hpp"
#include "support/catch.hpp"

using namespace graph_test;
using runnel::link_id;
using runnel::link_type;
using runnel::log_weight;
using runnel::node_id;
using builder = runnel::graph::builder;

namespace {

constexpr node_id a{0};
constexpr node_id b{1};
constexpr node_id c{2};

runnel::graph::built built(builder& from) { return std::move(from).build().value(); }

} // namespace

TEST_CASE("nothing said makes an empty graph", "[graph][builder]") {
    builder g;
    auto const made = built(g);
    CHECK(made.graph.node_count() == 0);
    CHECK(made.graph.link_count() == 0);
    CHECK_FALSE(made.graph.contains(a));
    CHECK(made.graph.find({a, b}) == runnel::no_link);
    CHECK_FALSE(made.graph.find("Ada"));
    CHECK(made.graph.lowest_threshold(.1) > 1e300); // no node, no threshold
}

TEST_CASE("an empty graph takes an empty write", "[graph][builder]") {
    builder g;
    auto made = built(g);
    CHECK(made.store.apply({}));
    CHECK(made.store.assign({}));
}

TEST_CASE("a single node has an empty row", "[graph][builder]") {
    builder g;
    CHECK(g.node() == a);
    auto const made = built(g);
    CHECK(made.graph.node_count() == 1);
    CHECK(made.graph.contains(a));
    CHECK_FALSE(made.graph.contains(b));
    CHECK(made.graph.targets(a).empty());
    CHECK(made.store.degree(a) == 0);
    CHECK(made.store.ordered(a));
    CHECK(made.store.best(a).target == runnel::no_node);
    CHECK_FALSE(made.store.best(a).ties);
    CHECK(made.store.tied(a) == 0);
    CHECK(made.store.links(a).begin() == made.store.links(a).end());
}

TEST_CASE("nodes are numbered as they are said", "[graph][builder]") {
    builder g;
    CHECK(g.node() == node_id{0});
    CHECK(g.node("Ada") == node_id{1});
    CHECK(g.nodes(3, runnel::node_type::task) == node_id{2});
    CHECK(g.nodes(0) == node_id{5});
    CHECK(g.named("Bob", runnel::node_type::person) == node_id{5});
    CHECK(g.node_count() == 6);
    auto const made = built(g);
    CHECK(made.graph.node_count() == 6);
    CHECK(made.graph.type(node_id{0}) == runnel::node_type::other);
    CHECK(made.graph.type(node_id{4}) == runnel::node_type::task);
    CHECK(made.graph.type(node_id{5}) == runnel::node_type::person);
}

TEST_CASE("a link may be said before its ends", "[graph][builder]") {
    builder g;
    g.link({a, b, 1});
    g.nodes(2);
    CHECK(built(g).store.best(a).target == b);
}

TEST_CASE("a link goes one way, both ways goes both", "[graph][builder]") {
    builder one;
    one.nodes(2);
    one.link({a, b, .5});
    auto const single = built(one);
    CHECK(single.store.degree(a) == 1);
    CHECK(single.store.degree(b) == 0);

    builder two;
    two.nodes(2);
    two.both_ways({a, b, .5, link_type::blocks});
    auto const pair = built(two);
    CHECK(pair.store.best(a).target == b);
    CHECK(pair.store.best(b).target == a);
    CHECK(pair.store.best(a).lw == pair.store.best(b).lw);
    CHECK(pair.graph.type(pair.graph.find({b, a})) == link_type::blocks);
}

TEST_CASE("a self loop has an id and a weight, and no part in the row", "[graph][builder]") {
    builder g;
    g.nodes(2);
    g.link({a, a, 100}).link({a, b, 1}).link({b, b, 3});
    auto const made = built(g);
    CHECK(made.graph.link_count() == 3);
    CHECK(made.store.degree(a) == 1);
    CHECK(made.store.best(a).target == b);
    CHECK(made.store.degree(b) == 0);
    CHECK(made.store.best(b).target == runnel::no_node);
    link_id const loop = made.graph.find({a, a});
    CHECK(made.graph.source(loop) == a);
    CHECK(made.graph.target(loop) == a);
    CHECK(made.store.lw(a, loop) == log_weight::from_weight(100).value());
}

TEST_CASE("parallel links are distinct and ordered by weight", "[graph][builder]") {
    builder g;
    g.nodes(2);
    g.link({a, b, 1}).link({a, b, 3}).link({a, b, 2}).link({a, b, 3});
    auto const made = built(g);
    CHECK(made.graph.link_count() == 4);
    CHECK(made.graph.find({a, b}) == link_id{0});
    double expected[] = {3, 3, 2, 1};
    std::uint32_t id = 0;
    for (auto const& link : made.store.links(a)) {
        CHECK(made.store.link(a, link.place) == link_id{id});
        CHECK(link.lw == log_weight::from_weight(expected[id++]).value());
    }
    CHECK(id == 4);
    CHECK(made.store.best(a).ties);
    CHECK(made.store.tied(a) == 2);
}

TEST_CASE("a row is cut by link type, each stretch heaviest first", "[graph][builder]") {
    builder g;
    g.nodes(3);
    g.link({a, b, 1, link_type::blocks}).link({a, c, 2, link_type::blocks});
    g.link({a, b, 3, link_type::relates}).link({a, c, 2, link_type::other});
    auto const made = built(g);
    REQUIRE(made.graph.segments(a).size() == 3);
    CHECK(made.graph.segments(a)[0].type == link_type::relates);
    CHECK(made.graph.segments(a)[1].type == link_type::blocks);
    CHECK(made.graph.segments(a)[2].type == link_type::other);
    CHECK(made.graph.segments(b).empty());
    CHECK_FALSE(made.store.ordered(a));
    CHECK(made.store.ordered(b));
    double const weights[] = {3, 2, 1, 2};
    std::size_t i = 0;
    for (auto const& link : made.store.links(a))
        CHECK(link.lw == log_weight::from_weight(weights[i++]).value());
    CHECK(i == 4);
}

TEST_CASE("a graph of one link type keeps it once, whichever it is", "[graph][builder]") {
    builder g;
    g.nodes(2);
    g.link({a, b, 1, link_type::remembers}).link({b, a, 1, link_type::remembers});
    auto const made = built(g);
    CHECK(made.graph.only_link_type() == link_type::remembers);
    CHECK(made.graph.segments(a).empty());
    CHECK(made.graph.type(link_id{1}) == link_type::remembers);
    CHECK((*made.store.links(a).begin()).type == link_type::remembers);
    CHECK(made.store.tied(a, 0).type == link_type::remembers);
}

TEST_CASE("links of weight 0 are left out on request, and counted", "[graph][builder]") {
    builder g;
    g.nodes(2);
    g.drop_zero().link({a, b, 0}).link({a, b, 1}).both_ways({a, b, -0.0});
    auto const made = built(g);
    CHECK(made.graph.dropped() == 3);
    CHECK(made.graph.link_count() == 1);
}

TEST_CASE("without the request nothing is left out", "[graph][builder]") {
    builder g;
    g.nodes(2);
    g.link({a, b, 1});
    CHECK(built(g).graph.dropped() == 0);
}

TEST_CASE("leaving out zeros spares nothing else", "[graph][builder]") {
    builder g;
    g.nodes(2);
    g.drop_zero().link({a, b, -1});
    CHECK(std::move(g).build().error().is(runnel::faults::weight_not_positive));
}

TEST_CASE("weights at the ends of the range are kept and ordered", "[graph][builder]") {
    using limits = std::numeric_limits<std::int32_t>;
    builder g;
    g.nodes(3);
    g.log_link({a, b, log_weight::from_raw(limits::min())});
    g.log_link({a, c, log_weight::from_raw(limits::max())});
    g.log_link({a, b, log_weight::from_raw(limits::min() + 1)});
    g.log_link({a, c, log_weight::from_raw(-1)});
    g.log_link({a, b, log_weight::from_raw(0)});
    auto const made = built(g);
    std::int32_t const expected[] = {limits::max(), 0, -1, limits::min() + 1, limits::min()};
    std::size_t i = 0;
    for (auto const& link : made.store.links(a)) CHECK(link.lw.raw() == expected[i++]);
    CHECK(i == 5);
}

TEST_CASE("the largest and smallest linear weights that fit are taken", "[graph][builder]") {
    builder g;
    g.nodes(2);
    g.link({a, b, std::exp(127.999999)}).link({a, b, std::exp(-128)});
    auto const made = built(g);
    CHECK(made.store.lw(a, link_id{0}).log() > 127.9999);
    CHECK(made.store.lw(a, link_id{1}).log() < -127.9999);
}

TEST_CASE("a graph is moved, never copied", "[graph][builder]") {
    STATIC_REQUIRE(std::is_nothrow_move_constructible_v<runnel::graph>);
    STATIC_REQUIRE(std::is_nothrow_move_assignable_v<runnel::graph>);
    STATIC_REQUIRE_FALSE(std::is_copy_constructible_v<runnel::graph>);
    STATIC_REQUIRE_FALSE(std::is_copy_assignable_v<runnel::graph>);
    STATIC_REQUIRE(std::is_nothrow_move_constructible_v<runnel::graph::store>);
    STATIC_REQUIRE_FALSE(std::is_copy_constructible_v<runnel::graph::store>);
    STATIC_REQUIRE_FALSE(std::is_default_constructible_v<runnel::graph>);
    STATIC_REQUIRE_FALSE(std::is_default_constructible_v<runnel::graph::store>);
}

TEST_CASE("memory that runs out while building is not kept", "[graph][builder]") {
    std::size_t failures = 0;
    for (std::size_t after = 0;; ++after) {
        support::allocation_watch watch;
        bool threw = false;
        bool ran_out = false;
        {
            builder g;
            for (int n = 0; n < 20; ++n) g.node();
            for (std::uint32_t n = 0; n < 20; ++n)
                g.link(
                    {node_id{n}, node_id{n / 2}, 1, link_type{static_cast<std::uint16_t>(n % 3)}});
            support::failing_allocation failing{after};
            try {
                static_cast<void>(std::move(g).build());
            } catch (std::bad_alloc const&) { threw = true; }
            ran_out = failing.happened();
        }
        std::ptrdiff_t const kept = watch.kept_bytes();
        CHECK(kept == 0);
        failures += threw ? 1 : 0;
        if (!ran_out) break;
    }
    CHECK(failures > 5);
}

TEST_CASE("a builder builds once", "[graph]") {
    runnel::graph::builder once;
    once.node("only");
    CHECK(std::move(once).build().has_value());
    auto const again = std::move(once).build(); // NOLINT(bugprone-use-after-move)
    REQUIRE_FALSE(again.has_value());
    CHECK(again.error().is(runnel::faults::builder_spent));
}
