// SPDX-License-Identifier: MIT
// Forgetting as its settings say: rates, half-lives, the slow clock, and what it changes for a reader.
#include <cmath>
#include <cstdint>
#include <limits>
#include <utility>
#include <vector>

#include <runnel/graph.hpp>
#include <runnel/weight.hpp>

#include "support/catch.hpp"

namespace weight = runnel::weight;
namespace faults = runnel::faults;
using runnel::link_id;
using runnel::link_type;
using runnel::log_weight;
using runnel::node_id;
using runnel::node_type;

namespace {

constexpr node_id hub{0};

struct to_say {
    link_type type;
    double lw;
};
/// A hub of this type and its links to 1, 2, ...
runnel::graph::built star(std::vector<to_say> const& links, node_type type = node_type::other) {
    runnel::graph::builder g;
    g.node(type);
    for (auto const& [of, lw] : links)
        g.log_link({hub, g.node(), log_weight::from_log(lw).value(), of});
    return std::move(g).build().value();
}
double lw_to(runnel::graph::built const& made, std::uint32_t target) {
    return made.store.lw(made.graph.find({hub, node_id{target}})).log();
}
void pass(runnel::graph::built& made, weight::decay_config const& c, double seconds) {
    REQUIRE(made.store.forget(c.rates(), seconds).has_value());
}

} // namespace

TEST_CASE("links fall at the rate of their type", "[weight]") {
    using enum link_type;
    auto made =
        star({{relates, 0}, {enables, 0}, {blocks, 0}, {remembers, 0}, {link_type::other, 0}});
    pass(made, {}, 1e6);
    CHECK(lw_to(made, 1) == Approx(-1).margin(1e-7));
    CHECK(lw_to(made, 2) == Approx(-1).margin(1e-7));
    CHECK(lw_to(made, 3) == Approx(-3).margin(1e-7));
    CHECK(lw_to(made, 4) == Approx(-.5).margin(1e-7));
    CHECK(lw_to(made, 5) == Approx(-1).margin(1e-7));
    pass(made, {}, 1e6);
    CHECK(lw_to(made, 3) == -5); // not below
    pass(made, {.base = 0}, 1e6);
    CHECK(lw_to(made, 1) == Approx(-2).margin(1e-7));
}

TEST_CASE("links of a type without a rate fall at that of their source", "[weight]") {
    weight::decay_config c;
    c.multiplier.set(link_type::relates, weight::by_source_type);
    double const of_preset[] = {.5, .25, 1, 3, .5, 2, .3, .7, .8, .3, 1.5, 1};
    for (std::uint16_t t = 0; t < runnel::preset_node_types; ++t) {
        auto made = star({{link_type::relates, 0}, {link_type::remembers, 0}}, node_type{t});
        pass(made, c, 1e6);
        CHECK(lw_to(made, 1) == Approx(-of_preset[t]).margin(1e-7));
        CHECK(lw_to(made, 2) == Approx(-.5).margin(1e-7));
    }
}

TEST_CASE("a half-life halves the weight, whatever the base", "[weight]") {
    weight::decay_config c;
    c.half_life.set(link_type::relates, 3600);
    for (double const base : {0.0, 1.0}) {
        c.base = base;
        auto made = star({{link_type::relates, 0}});
        pass(made, c, 2 * 3600);
        CHECK(std::exp(lw_to(made, 1)) == Approx(.25).margin(1e-7));
    }
}

TEST_CASE("forgetting changes which link of a row of mixed types is best", "[weight]") {
    auto made = star({{link_type::relates, 1}, {link_type::blocks, 2}, {link_type::relates, .5}});
    CHECK(made.store.best(hub).target == node_id{2});
    pass(made, {}, .6e6); // blocks: 2 - 1.8; relates: 1 - .6
    auto const best = made.store.best(hub);
    CHECK(best.target == node_id{1});
    CHECK(best.lw.log() == Approx(.4).margin(1e-7));
    std::vector<std::uint32_t> order;
    runnel::run_scratch scratch;
    made.store.each_run(hub, scratch, [&](runnel::equal_links const& run) {
        order.push_back(static_cast<std::uint32_t>(run[0].target));
        return true;
    });
    CHECK(order == std::vector<std::uint32_t>{1, 2, 3});
}

TEST_CASE("a reader is blind to a fall that all share, not to one of a type", "[weight]") {
    auto made = star({{link_type::relates, 1}, {link_type::relates, 2}, {link_type::blocks, 1.5}});
    auto const f = [&](std::uint32_t target, double shrinkage) {
        auto const link = made.graph.find({hub, node_id{target}});
        weight::config reader;
        reader.shrinkage = shrinkage;
        return weight::reading_of(
            made.store.cohorts(), made.store.cohort_of(hub, made.graph.type(link)),
            reader)(made.store.lw(link));
    };
    double const before[] = {f(1, 0), f(2, 0), f(1, 3), f(2, 3)};
    pass(made, {.multiplier = 1.0}, 1e6);
    CHECK(lw_to(made, 1) == Approx(0).margin(1e-7));
    CHECK(f(1, 0) == Approx(before[0]).epsilon(1e-9));
    CHECK(f(2, 0) == Approx(before[1]).epsilon(1e-9));
    CHECK(f(1, 3) == Approx(before[2]).epsilon(1e-9));
    CHECK(f(2, 3) == Approx(before[3]).epsilon(1e-9));
    pass(made, {}, .5e6); // blocks alone falls faster: what small cohorts lean on moves
    CHECK(f(1, 0) == Approx(before[0]).epsilon(1e-6));
    CHECK(std::fabs(f(1, 3) - before[2]) > .01);
}

TEST_CASE("the store's clock forgets with every so-many-th frame", "[weight]") {
    auto made = star({{link_type::relates, 0}});
    auto whole = star({{link_type::relates, 0}});
    weight::decay_config const c{.base = 1e-3, .every = 4};
    auto const rates = c.rates();
    for (int frame = 1; frame <= 11; ++frame) {
        auto const before = made.store.stamp();
        REQUIRE(made.store.elapse(rates, 2).has_value());
        CHECK((made.store.stamp() != before) == (frame % 4 == 0));
    }
    pass(whole, c, 8);
    pass(whole, c, 8);
    CHECK(lw_to(made, 1) == lw_to(whole, 1));
    CHECK(lw_to(made, 1) == Approx(-.016).margin(1e-7));
}

TEST_CASE("the clock keeps its time while the store is in use", "[weight]") {
    auto made = star({{link_type::relates, 0}});
    auto const rates = weight::decay_config{.base = 1e-3, .every = 2}.rates();
    {
        auto reader = made.store.board().join();
        REQUIRE(reader.enter());
        CHECK(made.store.elapse(rates, 1).has_value()); // not due
        CHECK(made.store.elapse(rates, 1).error().is(faults::store_busy));
        CHECK(made.store.elapse(rates, 1).error().is(faults::store_busy));
        CHECK(made.store.forget(rates, 1).error().is(faults::store_busy));
        CHECK(lw_to(made, 1) == 0);
    }
    CHECK(made.store.elapse(rates, 1).has_value());
    CHECK(lw_to(made, 1) == Approx(-.004).margin(1e-7));
    CHECK(made.store.elapse(rates, 1).has_value());
    CHECK(lw_to(made, 1) == Approx(-.004).margin(1e-7));
}

TEST_CASE("a fall is one change, told by every stamp; none is none", "[weight]") {
    auto made = star({{link_type::relates, 0}, {link_type::blocks, 0}});
    auto const stamps = [&] { return std::pair{made.store.stamp(), made.store.stamp(node_id{1})}; };
    auto const at_first = stamps();
    pass(made, {.base = 0}, 100);
    pass(made, {}, 0);
    pass(made, {}, 1e-9); // less than a raw step
    CHECK(stamps() == at_first);
    pass(made, {}, 10);
    CHECK(made.store.stamp() == next(at_first.first));
    CHECK(made.store.stamp(hub) == runnel::version{1});
    CHECK(made.store.stamp(node_id{1}) == runnel::version{1});
    REQUIRE(made.store.assign({{link_id{0}, log_weight{}}}).has_value());
    CHECK(made.store.stamp(hub) == runnel::version{2});
    CHECK(made.store.stamp(node_id{1}) == runnel::version{1});
}

TEST_CASE("settings of weight decay out of range are refused", "[weight]") {
    constexpr double infinity = std::numeric_limits<double>::infinity();
    auto const refused = [](weight::decay_config const& c) { return !c.validate().has_value(); };
    CHECK(refused({.base = -1}));
    CHECK(refused({.base = infinity}));
    CHECK(refused({.base = 1e300, .multiplier = 1e300}));
    CHECK(refused({.multiplier = -2.0}));
    CHECK(refused({.multiplier = std::nan("")}));
    CHECK(refused({.by_source = -1.0}));
    CHECK(refused({.half_life = -1.0}));
    CHECK(refused({.half_life = 1e-310}));
    CHECK(refused({.every = 0}));
    CHECK(refused({.base = -1}));
    auto made = star({{link_type::relates, 0}});
    for (double const seconds : {-1.0, infinity, std::nan(""), 0x1p31}) {
        CHECK(made.store.forget({}, seconds).error().is(faults::bad_span));
        CHECK(made.store.elapse({}, seconds).error().is(faults::bad_span));
    }
    CHECK(made.store.forget({.of_sources = -1.0}, 1).error().is(faults::bad_fall));
    CHECK(made.store.forget({.of_links = std::nan("")}, 1).error().is(faults::bad_fall));
    CHECK(made.store.elapse({.every = 0}, 1).error().is(faults::bad_pause));
}

TEST_CASE("every setting of weight decay is walked", "[weight]") {
    weight::decay_config c;
    std::size_t seen = 0;
    runnel::for_each_field(c, [&](runnel::field_name, auto const&) { ++seen; });
    CHECK(seen == runnel::arity<weight::decay_config>());
}
