// SPDX-License-Identifier: MIT
// What a fall leaves alone: rows, memory, self loops, frozen links.
#include <cstddef>
#include <cstdint>
#include <limits>
#include <utility>
#include <vector>

#include <runnel/graph.hpp>

#include "support/allocations.hpp"
#include "support/catch.hpp"

using runnel::link_id;
using runnel::link_type;
using runnel::log_weight;
using runnel::node_id;

namespace {

log_weight lw(double log) { return log_weight::from_log(log).value(); }

/// Node 0 sends to 1, 2, 3, ...
runnel::graph::built star(std::vector<double> const& weights) {
    runnel::graph::builder g;
    g.node();
    for (double const w : weights) g.log_link({node_id{0}, g.node(), lw(w)});
    return std::move(g).build().value();
}
std::vector<std::int32_t> stored(runnel::graph::store const& s) {
    std::vector<std::int32_t> all;
    s.each_stored(
        node_id{0}, [&](runnel::row_entry const& entry) { all.push_back(entry.lw.raw()); });
    return all;
}
std::vector<double> read(runnel::graph::store const& s) {
    std::vector<double> all;
    for (auto const& link : s.links(node_id{0})) all.push_back(link.lw.log());
    return all;
}

} // namespace

TEST_CASE("a fall touches no row", "[graph][fading]") {
    auto made = star({3, 1, -4.5, -6});
    auto const before = stored(made.store);
    REQUIRE(made.store.forget({.of_links = 1.0}, 2).has_value());
    CHECK(stored(made.store) == before);
    CHECK(read(made.store) == std::vector<double>{1, -1, -5, -6});
    support::allocation_watch const watch;
    REQUIRE(made.store.forget({.of_links = 1.0}, 1).has_value());
    std::ptrdiff_t const kept = watch.kept_bytes();
    CHECK(kept == 0);
    CHECK(stored(made.store) == before);
    CHECK(read(made.store) == std::vector<double>{0, -2, -5, -6});
}

TEST_CASE("after 32 units what has gone is worked in", "[graph][fading]") {
    auto made = star({100, 30, 30.5});
    for (int i = 0; i < 5; ++i) REQUIRE(made.store.forget({.of_links = 8.0}, 1).has_value());
    CHECK(read(made.store) == std::vector<double>{60, -5, -5});
    CHECK(stored(made.store)[0] == 60 << 24);
    CHECK(made.store.cohorts().all().mean() == Approx(50.0 / 3));
    REQUIRE(made.store.forget({.of_links = 1e300}, 2e9).has_value());
    CHECK(read(made.store) == std::vector<double>{-5, -5, -5});
    CHECK(made.store.tied(node_id{0}) == 3);
    CHECK(made.store.best(node_id{0}).ties);
}

TEST_CASE("a weight that does not fit beside what has gone makes room", "[graph][fading]") {
    auto made = star({3, 1});
    REQUIRE(made.store.forget({.of_links = 2.0}, 1).has_value());
    auto const top = log_weight::from_raw(std::numeric_limits<std::int32_t>::max());
    REQUIRE(made.store.assign({{link_id{1}, top}}).has_value());
    CHECK(made.store.lw(link_id{1}) == top);
    CHECK(made.store.lw(link_id{0}).log() == 1);
    CHECK(made.store.best(node_id{0}).target == node_id{2});
}

TEST_CASE("a write starts from what is left and sets the floor anew", "[graph][fading]") {
    auto made = star({2, -5.5});
    REQUIRE(made.store.forget({.of_links = 1.0}, 3).has_value());
    runnel::batch learned;
    learned.changes = {
        {node_id{0}, link_id{0}, std::int64_t{1} << 23},
        {node_id{0}, link_id{1}, std::int64_t{1} << 24}};
    REQUIRE(made.store.apply({learned}).has_value());
    CHECK(made.store.lw(link_id{0}).log() == -.5);
    CHECK(made.store.lw(link_id{1}).log() == -4.5); // it was frozen, and is not any more
    REQUIRE(made.store.forget({.of_links = 1.0}, 100).has_value());
    CHECK(made.store.lw(link_id{0}).log() == -5);
    CHECK(made.store.lw(link_id{1}).log() == -5);
    REQUIRE(made.store.assign({{link_id{0}, lw(-6)}}).has_value());
    REQUIRE(made.store.forget({.of_links = 1.0}, 100).has_value());
    CHECK(made.store.lw(link_id{0}).log() == -6);
}

TEST_CASE("self loops keep their weight", "[graph][fading]") {
    runnel::graph::builder g;
    g.nodes(2);
    g.log_link({node_id{0}, node_id{0}, lw(2)}).log_link({node_id{0}, node_id{1}, lw(2)});
    auto made = std::move(g).build().value();
    REQUIRE(made.store.forget({.of_links = 1.0}, 3).has_value());
    CHECK(made.store.lw(made.graph.find({node_id{0}, node_id{0}})).log() == 2);
    CHECK(made.store.lw(made.graph.find({node_id{0}, node_id{1}})).log() == -1);
    runnel::graph::builder loops;
    loops.node();
    loops.link({node_id{0}, node_id{0}, 3});
    auto alone = std::move(loops).build().value();
    CHECK(alone.store.forget({.of_links = 1.0}, 3).has_value());
    CHECK(alone.store.best(node_id{0}).target == runnel::no_node);
    runnel::graph::builder nothing;
    CHECK(std::move(nothing).build().value().store.forget({.of_links = 1.0}, 3).has_value());
}

TEST_CASE("what relaxes keeps its mean and halves its distance", "[graph][fading]") {
    auto made = star({3, 1, -1, -7});
    runnel::fall_rates rates{.of_links = .6931471805599453, .relax = true};
    REQUIRE(made.store.forget(rates, 1).has_value());
    auto const left = read(made.store);
    CHECK(left[0] == Approx(2).margin(1e-6));
    CHECK(left[1] == Approx(1).margin(1e-6));
    CHECK(left[2] == Approx(0).margin(1e-6));
    CHECK(left[3] == -7);
    CHECK(made.store.cohorts().all().mean() == -1); // of all four
}

TEST_CASE("what relaxes is worked in once, not with every low weight", "[graph][fading]") {
    auto made = star({3, 1, 0, 2});
    runnel::fall_rates const rates{.of_links = .01, .relax = true};
    REQUIRE(made.store.forget(rates, 1).has_value());
    REQUIRE(
        made.store.assign({{link_id{0}, lw(-5)}}).has_value()); // below what the others came up by
    REQUIRE(made.store.forget(rates, 1).has_value());
    auto const before = stored(made.store);
    for (double low : {-4.0, -5.0, -4.5, -5.0}) {
        REQUIRE(made.store.assign({{link_id{0}, lw(low)}}).has_value());
        CHECK(made.store.lw(link_id{0}).log() == low);
        auto const after = stored(made.store);
        for (std::size_t i = 0; i + 1 < after.size(); ++i) CHECK(after[i] == before[i]);
        REQUIRE(made.store.forget(rates, 1).has_value());
    }
}

TEST_CASE("a store that forgot says what it holds", "[graph][fading]") {
    auto made = star({3, 1});
    auto const before = made.store.bytes();
    REQUIRE(made.store.forget({}, 3).has_value()); // no rates: nothing to keep
    CHECK(made.store.bytes() == before);
    REQUIRE(made.store.forget({.of_links = 1.0}, 0).has_value());
    CHECK(made.store.bytes() == before);
    REQUIRE(made.store.forget({.of_links = 1.0}, 3).has_value());
    CHECK(made.store.bytes() > before);
}

TEST_CASE("a store that forgot can be moved", "[graph][fading]") {
    auto made = star({3, 1});
    REQUIRE(made.store.forget({.of_links = 1.0}, 1).has_value());
    auto moved = std::move(made.store);
    CHECK(read(moved) == std::vector<double>{2, 0});
    REQUIRE(moved.assign({{link_id{1}, lw(5)}}).has_value());
    REQUIRE(moved.forget({.of_links = 1.0}, 1).has_value());
    CHECK(read(moved) == std::vector<double>{4, 1});
    auto other = star({7});
    other.store = std::move(moved);
    CHECK(other.store.lw(link_id{1}).log() == 4);
}
