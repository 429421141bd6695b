// SPDX-License-Identifier: MIT
// The arctangent against wider arithmetic, over all shapes of triangles.
#include <cfloat>
#include <cmath>
#include <numbers>

#include <runnel/core.hpp>

#include "support/catch.hpp"
#include "support/law.hpp"
#include "support/stops.hpp"

namespace math = runnel::math;

namespace {

void within_two_ulps(law::gen& g, math::legs l) {
    double const computed = math::arctangent(l);
    long double const truth =
        std::atan2(static_cast<long double>(l.opposite), static_cast<long double>(l.adjacent));
    int exponent = truth == 0 ? -1022 : std::ilogb(truth);
    if (exponent < -1022) exponent = -1022;
    auto const off = static_cast<double>(
        std::fabs(static_cast<long double>(computed) - truth) / std::ldexp(1.0L, exponent - 52));
    g.show("ulps off", off);
    g.holds(off <= 2, "within two ulps");
    g.holds(computed >= 0 && computed <= std::numbers::pi / 2, "a quarter turn");
}

} // namespace

TEST_CASE("an arctangent is within two ulps", "[core][math][law]") {
    if (LDBL_MANT_DIG < 64) {
        WARN("not measured: no arithmetic wider than a double here");
        return;
    }
    law::for_all(100'000, [](law::gen& g) {
        within_two_ulps(g, {g.magnitude(-60, 60, "opposite"), g.magnitude(-60, 60, "adjacent")});
    });
    law::for_all(100'000, [](law::gen& g) {
        within_two_ulps(g, {g.real(0, 1, "opposite"), g.real(0, 1, "adjacent")});
    });
    law::for_all(50'000, [](law::gen& g) { // where one expansion ends and the next begins
        double const slope = g.one_of({.25, .75, 1.0, 4.0, 4.0 / 3});
        double const adjacent = g.magnitude(-3, 3, "adjacent");
        within_two_ulps(g, {adjacent * slope * (1 + g.real(-1e-12, 1e-12)), adjacent});
    });
    law::for_all(20'000, [](law::gen& g) {
        within_two_ulps(
            g, {g.magnitude(-1000, 999, "opposite"), g.magnitude(-1000, 999, "adjacent")});
    });
}

TEST_CASE("an arctangent is exact at the ends and in the middle", "[core][math]") {
    constexpr double quarter = std::numbers::pi / 4;
    STATIC_REQUIRE(math::arctangent({0, 0}) == 0);
    STATIC_REQUIRE(math::arctangent({0, 3}) == 0);
    STATIC_REQUIRE(math::arctangent({3, 0}) == 2 * quarter);
    STATIC_REQUIRE(math::arctangent({3, 3}) == quarter);
    STATIC_REQUIRE(math::arctangent({0x1p-1074, 1}) == 0x1p-1074);
    STATIC_REQUIRE(math::arctangent({1, 0x1p-1074}) == 2 * quarter);
    CHECK(math::arctangent({std::numbers::sqrt3, 1}) == Approx(std::numbers::pi / 3));
}

#if RUNNEL_TEST_CAN_STOP
TEST_CASE("legs that are none are a mistake", "[core][math]") {
    CHECK(support::stops([] { static_cast<void>(math::arctangent({-1, 1})); }));
    CHECK(support::stops([] { static_cast<void>(math::arctangent({1, std::nan("")})); }));
    CHECK_FALSE(support::stops([] { static_cast<void>(math::arctangent({1, 1})); }));
}
#endif
