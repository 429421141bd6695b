// SPDX-License-Identifier: MIT
#include <cmath>
#include <cstdint>
#include <limits>
#include <string_view>
#include <type_traits>

#include <runnel/core/log_weight.hpp>

#include "support/catch.hpp"

using runnel::log_weight;
namespace faults = runnel::faults;

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

} // namespace

TEST_CASE("a log-weight starts at conductance one and is four bytes", "[core][log_weight]") {
    STATIC_REQUIRE(log_weight{}.raw() == 0);
    STATIC_REQUIRE(log_weight{}.weight() == 1);
    STATIC_REQUIRE(sizeof(log_weight) == 4);
    STATIC_REQUIRE(std::is_trivially_copyable_v<log_weight>);
}

TEST_CASE("a log-weight is 2^-24 steps", "[core][log_weight]") {
    STATIC_REQUIRE(log_weight::from_log(1).value().raw() == 1 << 24);
    STATIC_REQUIRE(log_weight::from_log(-2.5).value().log() == -2.5);
    STATIC_REQUIRE(log_weight::from_raw(1).log() == 0x1p-24);
}

TEST_CASE(
    "a logarithm is rounded to the nearest step, on both sides of zero", "[core][log_weight]") {
    CHECK(log_weight::from_log(0x1.7p-24)->raw() == 1);
    CHECK(log_weight::from_log(0x1.9p-24)->raw() == 2);
    CHECK(log_weight::from_log(-0x1.7p-24)->raw() == -1);
    CHECK(log_weight::from_log(-0x1.9p-24)->raw() == -2);
}

TEST_CASE("just under half a step is no step", "[core][log_weight]") {
    CHECK(log_weight::from_log(std::nextafter(0x1p-25, 0.0))->raw() == 0);
    CHECK(log_weight::from_log(-std::nextafter(0x1p-25, 0.0))->raw() == 0);
}

TEST_CASE("weights become their logarithm", "[core][log_weight]") {
    CHECK(log_weight::from_weight(1)->raw() == 0);
    CHECK(log_weight::from_weight(2)->raw() == std::lround(std::log(2.0) * 0x1p24));
    CHECK(log_weight::from_weight(.5)->raw() == -log_weight::from_weight(2)->raw());
    CHECK(std::abs(log_weight::from_weight(2)->weight() - 2) <= 0x1p-24);
}

TEST_CASE("the range is closed below and open above", "[core][log_weight]") {
    CHECK(log_weight::from_log(-128)->raw() == std::numeric_limits<std::int32_t>::min());
    CHECK(log_weight::from_log(128 - 0x1p-24)->raw() == std::numeric_limits<std::int32_t>::max());
    CHECK(log_weight::from_log(128).error().is(faults::log_weight_range));
    CHECK(
        log_weight::from_log(std::nextafter(-128.0, -200.0)).error().is(faults::log_weight_range));
}

TEST_CASE("what would round up to 128 is refused", "[core][log_weight]") {
    CHECK(log_weight::from_log(128 - 0x1p-25).error().is(faults::log_weight_range));
    CHECK(log_weight::from_log(128 - 0x1.8p-25)->raw() == std::numeric_limits<std::int32_t>::max());
}

TEST_CASE("the linear range that is told is the range", "[core][log_weight]") {
    std::string_view const told = faults::log_weight_range.sentence;
    CHECK(told.find("a linear weight in [2.58e-56, 3.88e55]") != std::string_view::npos);
    CHECK(log_weight::from_weight(2.58e-56).has_value());
    CHECK(log_weight::from_weight(3.88e55).has_value());
    CHECK_FALSE(log_weight::from_weight(2.57e-56).has_value());
    CHECK_FALSE(log_weight::from_weight(3.89e55).has_value());
}

TEST_CASE("a weight outside the range is refused and named as given", "[core][log_weight]") {
    auto const large = log_weight::from_weight(1e56);
    CHECK(large.error().is(faults::log_weight_range));
    CHECK(large.error().offender() == "1e56");
    CHECK(log_weight::from_weight(1e-56).error().is(faults::log_weight_range));
    CHECK(log_weight::from_weight(std::numeric_limits<double>::denorm_min())
              .error()
              .is(faults::log_weight_range));
    CHECK(log_weight::from_weight(1e55).has_value());
    CHECK(log_weight::from_weight(1e-55).has_value());
}

TEST_CASE("a weight of zero or less is refused", "[core][log_weight]") {
    CHECK(log_weight::from_weight(0).error().is(faults::weight_not_positive));
    CHECK(log_weight::from_weight(-0.0).error().is(faults::weight_not_positive));
    CHECK(log_weight::from_weight(-.5).error().is(faults::weight_not_positive));
    CHECK(log_weight::from_weight(-.5).error().offender() == "-0.5");
}

TEST_CASE("what is not finite is refused either way", "[core][log_weight]") {
    for (double const odd : {infinity, -infinity, not_a_number}) {
        CHECK(log_weight::from_log(odd).error().is(faults::weight_not_finite));
        CHECK(log_weight::from_weight(odd).error().is(faults::weight_not_finite));
    }
}

TEST_CASE("log-weights compare as their conductances do", "[core][log_weight]") {
    STATIC_REQUIRE(log_weight::from_raw(-1) < log_weight{});
    STATIC_REQUIRE(log_weight::from_raw(5) == log_weight::from_raw(5));
}
