// SPDX-License-Identifier: MIT
// How many links are looked at: the table, pressure, tasks, and what holds for every degree.
#include <cmath>
#include <cstdint>
#include <limits>
#include <map>
#include <vector>

#include <runnel/fanout.hpp>

#include "support/catch.hpp"
#include "support/law.hpp"

namespace fanout = runnel::fanout;
using fanout::select_strategy;
using fanout::strategy;
using fanout::task;

namespace {

fanout::headroom room(double share) { return fanout::headroom::of(share).value(); }

} // namespace

TEST_CASE("the degree decides", "[fanout]") {
    fanout::config const c;
    auto const is = [&](std::uint32_t d, strategy s, std::uint32_t k) {
        auto const made = select_strategy(d, c);
        CHECK(made.strategy == s);
        CHECK(made.k == k);
        CHECK(made.structure_would_suggest == s);
        CHECK_FALSE(made.pressured);
    };
    is(0, strategy::exhaustive, 0);
    is(1, strategy::exhaustive, 1);
    is(2, strategy::exhaustive, 2);
    is(3, strategy::balanced, 2);
    is(5, strategy::balanced, 3);
    is(6, strategy::balanced, 3);
    is(10, strategy::balanced, 5);
    is(11, strategy::selective, 5);
    is(20, strategy::selective, 5);
    is(50, strategy::selective, 5);
    is(4'000'000'000U, strategy::selective, 5);
}

TEST_CASE("pressure takes at most two of five", "[fanout]") {
    fanout::config const c;
    auto const k_at = [&](std::uint32_t d, double h) { return select_strategy(d, c, room(h)).k; };
    CHECK(k_at(50, .5) == 5);
    CHECK(k_at(50, .2) == 5); // not below the threshold
    CHECK(k_at(50, .1) == 3);
    CHECK(select_strategy(50, c, room(.1)).pressured);
    CHECK(k_at(8, .1) == 3); // 4
    CHECK(k_at(6, .1) == 2); // 3
    CHECK(k_at(2, .1) == 2);
    CHECK(k_at(1, .1) == 1);
    CHECK_FALSE(select_strategy(1, c, room(.1)).pressured);
    CHECK(k_at(0, .1) == 0);
    fanout::config off;
    off.pressure_enabled = false;
    CHECK(select_strategy(50, off, room(0)).k == 5);
    fanout::config seven; // .07 * 100 is a little above 7 in doubles
    seven.high = 200;
    seven.selective_k = 100;
    seven.pressure_factor = .07;
    CHECK(select_strategy(1000, seven, room(0)).k == 7);
    fanout::config graded;
    graded.selective_k = 100;
    graded.high = 200;
    graded.pressure_graded = true;
    CHECK(select_strategy(1000, graded, room(.199999)).k == 80);
    CHECK(select_strategy(1000, graded, room(.1)).k == 70);
    CHECK(select_strategy(1000, graded, room(0)).k == 60);
}

TEST_CASE("a task overrides structure and pressure", "[fanout]") {
    fanout::config c;
    auto const k_of = [&](task t, std::uint32_t d) {
        c.task = t;
        return select_strategy(d, c, room(0)).k;
    };
    CHECK(k_of(task::focused, 50) == 2);
    CHECK(k_of(task::focused, 1) == 1);
    CHECK(k_of(task::divergent, 50) == 8);
    CHECK(k_of(task::divergent, 6) == 5);
    CHECK(k_of(task::divergent, 2) == 2);
    CHECK(k_of(task::methodical, 50) == 50);
    CHECK(k_of(task::balanced, 50) == 5);
    CHECK(k_of(task::by_structure, 50) == 3);
    c.task = task::methodical;
    CHECK(select_strategy(50, c).strategy == strategy::exhaustive);
    CHECK(select_strategy(50, c).structure_would_suggest == strategy::selective);
}

TEST_CASE("headroom is clipped, and must be a number", "[fanout]") {
    CHECK(room(7).share() == 1);
    CHECK(room(-7).share() == 0);
    CHECK(fanout::headroom::of(std::nan("")).error().is(runnel::faults::bad_headroom));
    using budget = fanout::headroom::budget;
    CHECK(fanout::headroom::of(budget{.used = 500, .capacity = 2000}).value().share() == .75);
    CHECK(fanout::headroom::of(budget{.used = 5, .capacity = 2}).value().share() == 0);
    CHECK(fanout::headroom::of(budget{.used = 0, .capacity = 0}).value().share() == 0);
    CHECK_FALSE(fanout::headroom::of(budget{.used = std::nan(""), .capacity = 1}));
    CHECK(fanout::headroom{}.share() == 1);
}

TEST_CASE("more links are never fewer looked at, nor fewer left out", "[fanout][law]") {
    for (double h : {1.0, .1, 0.0})
        for (task t : {task::by_structure, task::balanced, task::focused, task::methodical}) {
            fanout::config c;
            c.task = t;
            if (h == .1) c.low = 6; // at six links five are looked at, not three
            if (h == .1 && t == task::balanced) CHECK(select_strategy(6, c, room(h)).k == 5);
            double rate = 0;
            for (std::uint32_t d = 0; d < 3000; ++d) {
                auto const now = select_strategy(d, c, room(h));
                auto const next = select_strategy(d + 1, c, room(h));
                REQUIRE(now.k <= d);
                REQUIRE(next.k >= now.k);
                REQUIRE(d + 1 - next.k >= d - now.k);
                if (d < c.high) continue;
                double const pruned = static_cast<double>(d - now.k) / d;
                REQUIRE(pruned >= rate);
                rate = pruned;
            }
        }
}

TEST_CASE("pressure never widens, whatever the settings", "[fanout][law]") {
    std::size_t reduced = 0;
    law::for_all(20'000, [&](law::gen& g) {
        fanout::config c;
        c.low = 1 + static_cast<std::uint32_t>(g.choose(6));
        c.high = c.low + static_cast<std::uint32_t>(g.choose(20));
        c.selective_k = c.low + static_cast<std::uint32_t>(g.choose(10));
        c.min_k = 1 + static_cast<std::uint32_t>(g.choose(6));
        c.pressure_factor = g.real(.01, 1, "factor");
        c.pressure_graded = g.flag();
        g.holds(c.validate().has_value(), "settings that hold together");
        auto const d = static_cast<std::uint32_t>(g.choose(60));
        auto const free = select_strategy(d, c);
        auto const pressed = select_strategy(d, c, room(g.real(0, .3, "headroom")));
        g.holds(pressed.k <= free.k, "never more");
        g.holds(pressed.k >= std::min(free.k, c.min_k), "never below the floor");
        g.holds(pressed.pressured == (pressed.k < free.k), "and says so");
        reduced += pressed.pressured ? 1 : 0;
    });
    CHECK(reduced > 1000);
}

TEST_CASE("fanout settings that contradict each other are refused", "[fanout]") {
    auto const refused = [](auto change) {
        fanout::config c;
        change(c);
        return !c.validate() && c.validate().error().code() == "fanout.bad_config";
    };
    CHECK(refused([](auto& c) { c.low = 0; }));
    CHECK(refused([](auto& c) { c.high = 2; }));
    CHECK(refused([](auto& c) { c.selective_k = 0; }));
    CHECK(refused([](auto& c) { c.low = 7; }));
    CHECK(refused([](auto& c) { c.pressure_threshold = 1.5; }));
    CHECK(refused([](auto& c) { c.pressure_factor = 0; }));
    CHECK(refused([](auto& c) { c.pressure_factor = std::nan(""); }));
    CHECK(refused([](auto& c) { c.min_k = 0; }));
    CHECK(refused([](auto& c) { c.explore = -1; }));
    CHECK(refused([](auto& c) { c.task = static_cast<task>(9); }));
    CHECK(refused([](auto& c) { c.reduction = static_cast<fanout::reduction>(9); }));
    CHECK(refused([](auto& c) { c.ties = static_cast<fanout::ties>(9); }));
}
