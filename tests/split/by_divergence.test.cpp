// SPDX-License-Identifier: MIT
// Temperatures by distance: figures worked out by hand, the formula in wider arithmetic, what is refused.
#include <cmath>
#include <limits>
#include <numbers>

#include <runnel/split.hpp>

#include "support/catch.hpp"
#include "support/law.hpp"
#include "support/stops.hpp"

namespace split = runnel::split;
using split::by_divergence;
using split::temperature_of;

TEST_CASE("near the origin cold, far from it warm", "[split][divergence]") {
    CHECK(temperature_of(0) == Approx(.43979).margin(5e-6)); // .1 + .9/(1 + e^.5)
    CHECK(temperature_of(.05) == Approx(.55).epsilon(1e-15));
    CHECK(temperature_of(.1) == Approx(.66021).margin(5e-6));
    CHECK(temperature_of(std::numbers::pi) == Approx(1).margin(1e-12));
    CHECK(temperature_of(std::numbers::pi) <= 1);
    CHECK(temperature_of(1, {.low = .5, .high = 2, .steepness = 0}) == 1.25);
    CHECK(temperature_of(3, {.low = .5, .high = .5}) == .5);
    CHECK(split::explore_of(.05) == Approx(.05).epsilon(1e-15));
    CHECK(split::explore_of(3, {.explore_low = .25, .explore_high = .25}) == .25);
    // Two roundings that meet: low and the rise from it add up to more than high.
    constexpr double low = 0x1.8p-52;
    constexpr double high = 1 + 0x3p-52;
    STATIC_REQUIRE(low + (high - low) > high);
    STATIC_REQUIRE(temperature_of(2, {.low = low, .high = high, .steepness = 1e300}) == high);
    STATIC_REQUIRE(temperature_of(2, {.low = .25, .high = 3, .steepness = 1e300}) == 3);
    STATIC_REQUIRE(temperature_of(.5, {.low = .25, .steepness = 1e300, .middle = 2}) == .25);
}

TEST_CASE("a temperature by distance is the formula, in bounds", "[split][divergence][law]") {
    law::for_all(20'000, [](law::gen& g) {
        by_divergence c;
        c.low = g.magnitude(-30, 30, "low");
        c.high = c.low + g.one_of({0.0, g.magnitude(-60, 30)}, "more");
        c.steepness = g.one_of({10.0, 0.0, g.magnitude(-10, 20)}, "steepness");
        c.middle = g.real(0, std::numbers::pi, "middle");
        c.explore_low = g.real(0, 1, "explore_low");
        c.explore_high = c.explore_low + (1 - c.explore_low) * g.real(0, 1);
        if (c.explore_high > 1) c.explore_high = 1;
        g.holds(c.validate().has_value(), "valid");
        double const theta = g.real(0, std::numbers::pi, "theta");
        double const t = temperature_of(theta, c);
        double const e = split::explore_of(theta, c);
        g.holds(t >= c.low && t <= c.high, "in bounds");
        g.holds(e >= c.explore_low && e <= c.explore_high, "so is the rate");
        long double const x =
            c.steepness * (static_cast<long double>(theta) - static_cast<long double>(c.middle));
        auto const rise = static_cast<double>(1 / (1 + std::exp(-x)));
        double const slack = 1e-15 + 4e-16 * (1 + c.steepness);
        g.holds(std::abs(t - (c.low + (c.high - c.low) * rise)) <= slack * c.high, "the formula");
        g.holds(
            std::abs(e - (c.explore_low + (c.explore_high - c.explore_low) * rise)) <= slack,
            "and again");
        double const farther = theta + (std::numbers::pi - theta) * g.real(0, 1, "farther");
        g.holds(temperature_of(farther, c) >= t * (1 - 1e-15), "no colder farther away");
    });
}

TEST_CASE("rises that make no sense are refused", "[split][divergence]") {
    auto const refused = [](by_divergence const& c) {
        auto const ok = c.validate();
        return !ok && ok.error().is(runnel::faults::bad_split);
    };
    double const nan = std::numeric_limits<double>::quiet_NaN();
    double const inf = std::numeric_limits<double>::infinity();
    CHECK(refused({.low = 0}));
    CHECK(refused({.low = -1}));
    CHECK(refused({.low = nan}));
    CHECK(refused({.low = inf, .high = inf}));
    CHECK(refused({.low = 2, .high = 1}));
    CHECK(refused({.high = inf}));
    CHECK(refused({.high = nan}));
    CHECK(refused({.steepness = -1}));
    CHECK(refused({.steepness = inf}));
    CHECK(refused({.middle = -.1}));
    CHECK(refused({.middle = 3.2}));
    CHECK(refused({.middle = nan}));
    CHECK(refused({.explore_low = -.1}));
    CHECK(refused({.explore_low = .5, .explore_high = .2}));
    CHECK(refused({.explore_high = 1.5}));
    CHECK(by_divergence{}.validate());
    CHECK_FALSE(by_divergence{}.enabled);
}

#if RUNNEL_TEST_CAN_STOP
TEST_CASE("what is no angle has no temperature", "[split][divergence]") {
    CHECK(support::stops([] { static_cast<void>(temperature_of(-.1)); }));
    CHECK(support::stops([] { static_cast<void>(temperature_of(std::nan(""))); }));
    CHECK_FALSE(support::stops([] { static_cast<void>(temperature_of(std::numbers::pi)); }));
}
#endif
