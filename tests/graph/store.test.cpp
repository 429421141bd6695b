// SPDX-License-Identifier: MIT
// Heads, ties, names and places of links, stamps: what the store answers, case by case.
#include <cstdint>
#include <iterator>
#include <utility>
#include <vector>

#include <runnel/graph.hpp>

#include "graph/facts.hpp"
#include "support/catch.hpp"
#include "support/stops.hpp"

using namespace graph_test;
using runnel::link_id;
using runnel::link_type;
using runnel::log_weight;
using runnel::node_id;
using runnel::row_place;
using runnel::version;

namespace {

constexpr node_id hub{0};

log_weight lw(int whole) { return log_weight::from_raw(whole * (1 << 24)); }

/// A hub with links to 1, 2, 3, ... of these weights.
runnel::graph::built star(std::vector<int> const& weights) {
    runnel::graph::builder g;
    g.node();
    for (int const weight : weights) g.log_link({hub, g.node(), lw(weight)});
    return std::move(g).build().value();
}
void set(runnel::graph::store& store, std::uint32_t link, int weight) {
    runnel::weight_setting const setting{link_id{link}, lw(weight)};
    store.assign({&setting, 1}).value();
}
std::vector<std::uint32_t> targets(runnel::graph::store const& store) {
    std::vector<std::uint32_t> all;
    for (auto const& link : store.links(hub)) all.push_back(number(link.target));
    return all;
}

} // namespace

TEST_CASE("a row falls by weight; equals stand in canonical order", "[graph][store]") {
    CHECK(targets(star({1, 3, 2, 3, 0}).store) == std::vector<std::uint32_t>{2, 4, 3, 1, 5});
}

TEST_CASE("the head is the heaviest link, the first among equals", "[graph][store]") {
    auto const made = star({1, 3, 2, 3});
    runnel::best_link const best = made.store.best(hub);
    CHECK(best.target == node_id{2});
    CHECK(best.lw == lw(3));
    CHECK(best.ties);
    CHECK(made.store.link(hub, best.place) == link_id{1});
    CHECK_FALSE(star({1, 3, 2}).store.best(hub).ties);
}

TEST_CASE("ties are counted and named one by one", "[graph][store]") {
    auto const made = star({3, 1, 3, 3});
    REQUIRE(made.store.tied(hub) == 3);
    CHECK(made.store.tied(hub, 0).target == node_id{1});
    CHECK(made.store.tied(hub, 1).target == node_id{3});
    CHECK(made.store.tied(hub, 2).target == node_id{4});
    CHECK(star({1, 2}).store.tied(hub) == 1);
}

TEST_CASE("ties are counted exactly, however many there are", "[graph][store]") {
    for (std::size_t count = 1; count <= 70; ++count)
        for (std::size_t const lighter : {0U, 1U, 2U, 50U}) {
            std::vector<int> weights(lighter, 1);
            weights.insert(weights.end(), count, 2);
            if (star(weights).store.tied(hub) != count) {
                CAPTURE(count, lighter);
                CHECK(star(weights).store.tied(hub) == count);
            }
        }
    CHECK(star(std::vector<int>(100'000, 2)).store.tied(hub) == 100'000);
}

TEST_CASE("ties reach over stretches of different types", "[graph][store]") {
    runnel::graph::builder g;
    g.nodes(4);
    g.log_link({hub, node_id{1}, lw(2), link_type::relates});
    g.log_link({hub, node_id{1}, lw(1), link_type::relates});
    g.log_link({hub, node_id{2}, lw(2), link_type::blocks});
    g.log_link({hub, node_id{3}, lw(0), link_type::other});
    auto const made = std::move(g).build().value();
    CHECK(made.store.best(hub).ties);
    REQUIRE(made.store.tied(hub) == 2);
    CHECK(made.store.tied(hub, 0).type == link_type::relates);
    CHECK(made.store.tied(hub, 1).type == link_type::blocks);
    CHECK(made.store.tied(hub, 1).target == node_id{2});
}

TEST_CASE("the best may stand in any stretch", "[graph][store]") {
    runnel::graph::builder g;
    g.nodes(3);
    g.log_link({hub, node_id{1}, lw(1), link_type::relates});
    g.log_link({hub, node_id{1}, lw(1), link_type::enables});
    g.log_link({hub, node_id{2}, lw(5), link_type::blocks});
    auto const made = std::move(g).build().value();
    CHECK(made.store.best(hub).target == node_id{2});
    CHECK(made.store.best(hub).place == row_place{2});
    CHECK_FALSE(made.store.best(hub).ties);
    CHECK(made.store.tied(hub) == 1);
    CHECK(made.store.tied(hub, 0).place == row_place{2});
}

#if RUNNEL_TEST_CAN_STOP
TEST_CASE("asking beyond the ties is a mistake of the program", "[graph][store]") {
    auto const made = star({1, 3, 3});
    CHECK(support::stops([&] { static_cast<void>(made.store.tied(hub, 2)); }));
    CHECK(support::stops([&] { static_cast<void>(made.store.tied(node_id{1}, 0)); }));
    CHECK_FALSE(support::stops([&] { static_cast<void>(made.store.tied(hub, 1)); }));
}

TEST_CASE("the place of another node's link is a mistake of the program", "[graph][store]") {
    auto made = star({1, 3, 3});
    auto const asks = [&](std::uint32_t node) {
        return support::stops(
            [&] { static_cast<void>(made.store.place(node_id{node}, link_id{0})); });
    };
    CHECK_FALSE(asks(0));
    CHECK(asks(1)); // the link's target
    CHECK(asks(2));
    set(made.store, 0, 2);
    CHECK_FALSE(asks(0));
    CHECK(asks(1));
    CHECK(asks(2));
}
#endif

#if RUNNEL_TEST_CAN_STOP
TEST_CASE("a link or place nobody has is a mistake of the program", "[graph][store]") {
    auto made = star({1, 3, 3});
    auto const stops_at = [&](std::uint32_t number) {
        bool const link =
            support::stops([&] { static_cast<void>(made.store.lw(link_id{number})); });
        bool const place =
            support::stops([&] { static_cast<void>(made.store.link(row_place{number})); });
        CHECK(link == place);
        return link;
    };
    CHECK_FALSE(stops_at(2));
    CHECK(stops_at(3));
    CHECK(stops_at(~0U));
}
#endif

TEST_CASE("a changed weight moves its link up and down", "[graph][store]") {
    auto made = star({5, 4, 3, 2});
    set(made.store, 3, 9);
    CHECK(targets(made.store) == std::vector<std::uint32_t>{4, 1, 2, 3});
    CHECK(made.store.best(hub).target == node_id{4});
    set(made.store, 3, -9);
    CHECK(targets(made.store) == std::vector<std::uint32_t>{1, 2, 3, 4});
    set(made.store, 0, 3);
    CHECK(targets(made.store) == std::vector<std::uint32_t>{2, 1, 3, 4});
    CHECK(made.store.lw(hub, link_id{0}) == lw(3));
}

TEST_CASE("a link that joins a tie stands where its id belongs", "[graph][store]") {
    auto made = star({3, 3, 1, 3});
    set(made.store, 2, 3);
    CHECK(targets(made.store) == std::vector<std::uint32_t>{1, 2, 3, 4});
    CHECK(made.store.tied(hub) == 4);
    set(made.store, 0, 1);
    set(made.store, 0, 3);
    CHECK(targets(made.store) == std::vector<std::uint32_t>{1, 2, 3, 4});
}

TEST_CASE("a link stays in the stretch of its type", "[graph][store]") {
    runnel::graph::builder g;
    g.nodes(3);
    g.log_link({hub, node_id{1}, lw(1), link_type::relates});
    g.log_link({hub, node_id{2}, lw(2), link_type::blocks});
    auto made = std::move(g).build().value();
    set(made.store, 1, 9);
    CHECK(targets(made.store) == std::vector<std::uint32_t>{1, 2});
    CHECK(made.store.best(hub).target == node_id{2});
}

TEST_CASE("a link keeps its name wherever it moves", "[graph][store]") {
    auto made = star({5, 4, 3});
    CHECK(made.store.place(hub, link_id{2}) == row_place{2});
    set(made.store, 2, 9);
    CHECK(made.store.place(hub, link_id{2}) == row_place{0});
    CHECK(made.store.link(hub, row_place{0}) == link_id{2});
    CHECK(made.graph.target(link_id{2}) == node_id{3});
}

TEST_CASE("parallel links that change places keep their names", "[graph][store]") {
    runnel::graph::builder g;
    g.nodes(2);
    g.log_link({hub, node_id{1}, lw(2)}).log_link({hub, node_id{1}, lw(1)});
    auto made = std::move(g).build().value();
    set(made.store, 1, 3);
    CHECK(made.store.link(hub, row_place{0}) == link_id{1});
    CHECK(made.store.lw(hub, link_id{0}) == lw(2));
    CHECK(made.store.lw(hub, link_id{1}) == lw(3));
}

TEST_CASE("the weight of a self loop changes, its place does not", "[graph][store]") {
    runnel::graph::builder g;
    g.nodes(2);
    g.log_link({hub, hub, lw(1)}).log_link({hub, node_id{1}, lw(2)});
    auto made = std::move(g).build().value();
    set(made.store, 0, 9);
    CHECK(made.store.lw(hub, link_id{0}) == lw(9));
    CHECK(made.store.place(hub, link_id{0}) == row_place{1});
    CHECK(made.store.best(hub).target == node_id{1});
    CHECK(made.store.degree(hub) == 1);
    CHECK(made.store.stamp(hub) == version{1});
}

TEST_CASE("a stamp counts the calls that changed its row", "[graph][store]") {
    auto made = star({1, 2});
    CHECK(made.store.stamp(hub) == version{0});
    set(made.store, 0, 1);
    CHECK(made.store.stamp(hub) == version{0});
    set(made.store, 0, 3);
    CHECK(made.store.stamp(hub) == version{1});
    runnel::weight_setting const both[] = {{link_id{0}, lw(5)}, {link_id{1}, lw(6)}};
    made.store.assign(both).value();
    CHECK(made.store.stamp(hub) == version{2});
    CHECK(made.store.stamp(node_id{1}) == version{0});
}

TEST_CASE("of two settings of one link the later counts", "[graph][store]") {
    auto made = star({1, 2});
    runnel::weight_setting const twice[] = {
        {link_id{0}, lw(7)}, {link_id{1}, lw(0)}, {link_id{0}, lw(-3)}};
    made.store.assign(twice).value();
    CHECK(made.store.lw(hub, link_id{0}) == lw(-3));
    CHECK(made.store.lw(hub, link_id{1}) == lw(0));
}

TEST_CASE("links and places are named without their source too", "[graph][store]") {
    runnel::graph::builder g;
    g.nodes(5); // the first, the third and the last have no links
    node_id const two{1};
    node_id const four{3};
    g.log_link({two, node_id{0}, lw(1)}).log_link({two, node_id{2}, lw(2)});
    g.log_link({four, four, lw(7)}).log_link({four, node_id{4}, lw(3)});
    auto made = std::move(g).build().value();
    auto const agree = [&] {
        for (std::uint32_t i = 0; i < made.graph.link_count(); ++i) {
            link_id const link{i};
            node_id const source = made.graph.source(link);
            CHECK(made.store.place(link) == made.store.place(source, link));
            CHECK(made.store.lw(link) == made.store.lw(source, link));
            CHECK(made.store.link(made.store.place(link)) == link);
        }
    };
    agree();
    CHECK(made.store.lw(link_id{1}) == lw(2));
    CHECK(made.store.place(link_id{1}) == row_place{0});
    CHECK(made.store.lw(link_id{2}) == lw(7)); // the self loop
    set(made.store, 0, 9);
    agree();
    CHECK(made.store.lw(link_id{0}) == lw(9));
    CHECK(made.store.place(link_id{1}) == row_place{1});
}

TEST_CASE("settings and batches are given in place", "[graph][store]") {
    auto made = star({1, 2});
    made.store.assign({{link_id{0}, lw(5)}, {link_id{1}, lw(6)}}).value();
    CHECK(made.store.lw(link_id{0}) == lw(5));
    CHECK(made.store.lw(link_id{1}) == lw(6));
    runnel::batch one;
    one.changes.push_back({hub, link_id{0}, std::int64_t{1} << 24});
    runnel::batch two = one;
    two.frame = 1;
    made.store.apply({one, two}).value();
    CHECK(made.store.lw(link_id{0}) == lw(7));
    made.store.assign({}).value();
    made.store.apply({}).value();
    CHECK(made.store.stamp(hub) == version{2});
}

TEST_CASE("a row is walked forward, more than once", "[graph][rows]") {
    auto const made = star({1, 3, 2});
    auto const links = made.store.links(hub);
    STATIC_REQUIRE(std::forward_iterator<decltype(links.begin())>);
    CHECK(links.size() == 3);
    auto at = links.begin();
    auto const first = at++;
    CHECK((*first).target == node_id{2});
    CHECK((*at).target == node_id{3});
    CHECK(first == links.begin());
    CHECK(std::distance(first, links.end()) == 3);
}

TEST_CASE("the stored row holds what the links say", "[graph][rows]") {
    auto const made = star({1, 3, 2});
    std::vector<runnel::row_entry> row;
    made.store.each_stored(hub, [&](runnel::row_entry const& entry) { row.push_back(entry); });
    REQUIRE(row.size() == 3);
    std::size_t i = 0;
    for (auto const& link : made.store.links(hub)) {
        CHECK(row[i].target == link.target);
        CHECK(row[i++].lw == link.lw);
    }
}

TEST_CASE("graph and store answer as one thing", "[graph][adapters]") {
    auto made = star({1, 3, 3});
    set(made.store, 0, 0);
    runnel::graph_rows const rows{made.graph, made.store};
    CHECK(rows.node_count() == 4);
    CHECK(rows.degree(hub) == 3);
    CHECK((*rows.links(hub).begin()) == (*made.store.links(hub).begin()));
    CHECK(rows.ordered(hub));
    CHECK(rows.type(hub) == made.graph.type(hub));
    CHECK(rows.stamp(hub) == version{1});
    CHECK(rows.best(hub).target == node_id{2});
    CHECK(rows.tied(hub) == 2);
    CHECK(rows.tied(hub, 1) == made.store.tied(hub, 1));
    CHECK(rows.threshold(hub) < 0);
    CHECK(rows.lowest_threshold(.1) == .1);
    CHECK(rows.link(hub, row_place{2}) == link_id{0});
    CHECK(rows.identity() == &made.graph);
    CHECK(&rows.topology() == &made.graph);
    CHECK(&rows.weights() == &made.store);
}
