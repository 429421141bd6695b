// SPDX-License-Identifier: MIT
#include <cmath>
#include <cstdint>
#include <limits>

#include <runnel/core/ticks.hpp>

#include "support/catch.hpp"
#include "support/law.hpp"

using runnel::instant;
namespace faults = runnel::faults;

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

} // namespace

TEST_CASE("a second is 2^32 clock ticks", "[core][ticks]") {
    STATIC_REQUIRE(instant{}.raw() == 0);
    STATIC_REQUIRE(instant::from_seconds(1).value().raw() == std::int64_t{1} << 32);
    STATIC_REQUIRE(instant::from_seconds(.5).value().seconds() == .5);
    STATIC_REQUIRE(sizeof(instant) == 8);
}

TEST_CASE("a step is rounded to the nearest clock tick", "[core][ticks]") {
    CHECK(instant::from_seconds(0x1.7p-32)->raw() == 1);
    CHECK(instant::from_seconds(0x1.9p-32)->raw() == 2);
}

TEST_CASE("a long step in whole clock ticks is taken as it is", "[core][ticks]") {
    auto const step = instant::from_raw((std::int64_t{1} << 52) + 1);
    CHECK(instant::from_seconds(step.seconds())->raw() == step.raw());
}

TEST_CASE("the shortest step is one clock tick", "[core][ticks]") {
    CHECK(instant::from_seconds(1e-300)->raw() == 1);
    CHECK(instant::from_seconds(std::numeric_limits<double>::denorm_min())->raw() == 1);
}

TEST_CASE("a step that is no step is refused by name", "[core][ticks]") {
    for (double const odd : {0.0, -0.0, -1.0, infinity, -infinity, not_a_number, 0x1p31, 1e300})
        CHECK(instant::from_seconds(odd).error().is(faults::duration_range));
    CHECK(instant::from_seconds(-2.5).error().offender() == "-2.5");
    CHECK(instant::from_seconds(not_a_number).error().offender() == "nan");
}

TEST_CASE("the longest step is just below 68 years", "[core][ticks]") {
    auto const longest = instant::from_seconds(std::nextafter(0x1p31, 0.0));
    REQUIRE(longest.has_value());
    CHECK(longest->raw() > 0);
    CHECK(longest->seconds() < 0x1p31);
}

TEST_CASE("instants add, subtract and compare as integers", "[core][ticks]") {
    constexpr auto a = instant::from_raw(5);
    constexpr auto b = instant::from_raw(3);
    STATIC_REQUIRE((a + b).raw() == 8);
    STATIC_REQUIRE((b - a).raw() == -2);
    STATIC_REQUIRE(b < a);
    STATIC_REQUIRE((b - a).seconds() == -0x1p-31);
}

TEST_CASE("a million small steps reach the instant of one large step", "[core][ticks]") {
    auto const small = instant::from_seconds(1.0 / 1024).value();
    instant now;
    for (int i = 0; i < 1'024'000; ++i) now = now + small;
    CHECK(now == instant::from_seconds(1000).value());
}

TEST_CASE("steps become the nearest clock tick, at least one", "[core][ticks]") {
    law::for_all(20'000, [](law::gen& g) {
        double const seconds =
            g.flag() ? g.real(1e-9, 2e9, "seconds") : g.magnitude(-40, 30, "seconds");
        auto const raw = instant::from_seconds(seconds).value().raw();
        g.show("raw", raw);
        double const ticks = std::ldexp(seconds, 32);
        auto const cut = static_cast<std::int64_t>(ticks);
        double const rest = ticks - static_cast<double>(cut); // exact: both have the same scale
        if (ticks < .5) return g.holds(raw == 1, "at least one");
        g.holds(raw == cut || raw == cut + 1, "a neighbour");
        g.holds(rest >= .5 || raw == cut, "down below the half");
        g.holds(rest <= .5 || raw == cut + 1, "up above the half");
    });
}

TEST_CASE("any double is a step or a fault", "[core][ticks]") {
    law::for_all(20'000, [](law::gen& g) {
        double const seconds = g.any_double("seconds");
        bool const legal = seconds > 0 && seconds < 0x1p31;
        g.holds(instant::from_seconds(seconds).has_value() == legal, "legal within (0, 2^31)");
    });
}

TEST_CASE("after a half-life half is left", "[core][ticks]") {
    STATIC_REQUIRE(runnel::half_life(1).per_second == 0x1.62e42fefa39efp-1);
    for (double const seconds : {1e-3, 1.0, 3600.0, 1e9}) {
        double const left = std::exp(-runnel::half_life(seconds).per_second * seconds);
        CHECK(std::abs(left - .5) < 1e-15);
    }
}

TEST_CASE("a half-life that never ends is no decay", "[core][ticks]") {
    STATIC_REQUIRE(runnel::half_life(infinity) == runnel::rate{0});
}

TEST_CASE("time elapsed is the step unless told otherwise", "[core][ticks]") {
    constexpr runnel::time_step usual{.dt = 2};
    STATIC_REQUIRE(usual.elapsed == 2);
    constexpr runnel::time_step after_idling{.dt = 2, .elapsed = 60};
    STATIC_REQUIRE(after_idling.elapsed == 60);
    STATIC_REQUIRE(runnel::time_step{}.dt == 1);
}
