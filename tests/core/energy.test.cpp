// SPDX-License-Identifier: MIT
#include <cmath>
#include <cstdint>
#include <limits>
#include <type_traits>

#include <runnel/core/energy.hpp>

#include "support/catch.hpp"
#include "support/stops.hpp"

using runnel::energy;
using runnel::fraction;
using exact = runnel::energy_traits<energy>;
using real = runnel::energy_traits<double>;
namespace faults = runnel::faults;

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

} // namespace

TEST_CASE("an energy starts at nothing and is eight bytes", "[core][energy]") {
    STATIC_REQUIRE(energy{}.raw() == 0);
    STATIC_REQUIRE(sizeof(energy) == 8);
    STATIC_REQUIRE(std::is_trivially_copyable_v<energy>);
}

TEST_CASE("a unit is 2^40 quanta", "[core][energy]") {
    STATIC_REQUIRE(energy::from_units(1).value().raw() == std::int64_t{1} << 40);
    STATIC_REQUIRE(energy::from_raw(1).units() == 0x1p-40);
    STATIC_REQUIRE(energy::quantum == 0x1p-40);
}

TEST_CASE("units are rounded to the nearest quantum", "[core][energy]") {
    CHECK(energy::from_units(0x1.8p-40)->raw() == 2);
    CHECK(energy::from_units(0x1.7p-40)->raw() == 1);
    CHECK(energy::from_units(0x0.9p-40)->raw() == 1);
    CHECK(energy::from_units(0x0.7p-40)->raw() == 0);
}

TEST_CASE("just under half a quantum is nothing", "[core][energy]") {
    CHECK(energy::from_units(std::nextafter(0x1p-41, 0.0))->raw() == 0);
}

TEST_CASE("an energy in whole quanta is taken as it is, however large", "[core][energy]") {
    for (std::int64_t const raw : {(std::int64_t{1} << 52) + 1, (std::int64_t{1} << 53) - 1})
        CHECK(energy::from_units(energy::from_raw(raw).units())->raw() == raw);
}

TEST_CASE("a field's limit is accepted, the next double is not", "[core][energy]") {
    CHECK(energy::from_units(8388607.0)->raw() == std::int64_t{8388607} << 40);
    auto const over = energy::from_units(std::nextafter(8388607.0, infinity));
    REQUIRE_FALSE(over.has_value());
    CHECK(over.error().is(faults::energy_over_limit));
}

TEST_CASE("what is no energy is refused by name", "[core][energy]") {
    CHECK(energy::from_units(not_a_number).error().is(faults::energy_not_finite));
    CHECK(energy::from_units(infinity).error().is(faults::energy_not_finite));
    CHECK(energy::from_units(-infinity).error().is(faults::energy_not_finite));
    CHECK(energy::from_units(-0.25).error().is(faults::energy_negative));
    CHECK(energy::from_units(-std::numeric_limits<double>::denorm_min())
              .error()
              .is(faults::energy_negative));
    CHECK(energy::from_units(1e300).error().is(faults::energy_over_limit));
}

TEST_CASE("a refused energy is the offender", "[core][energy]") {
    CHECK(energy::from_units(-0.25).error().offender() == "-0.25");
    CHECK(energy::from_units(not_a_number).error().offender() == "nan");
    CHECK(energy::from_units(8388608).error().offender() == "8388608");
}

TEST_CASE("minus zero is nothing", "[core][energy]") {
    CHECK(energy::from_units(-0.0)->raw() == 0);
    CHECK_FALSE(std::signbit(*real::from_units(-0.0)));
}

TEST_CASE("energies add, subtract and compare as integers", "[core][energy]") {
    constexpr auto a = energy::from_raw(5);
    constexpr auto b = energy::from_raw(3);
    STATIC_REQUIRE((a + b).raw() == 8);
    STATIC_REQUIRE((a - b).raw() == 2);
    STATIC_REQUIRE(b < a);
    STATIC_REQUIRE(a == energy::from_raw(5));
}

#if RUNNEL_TEST_CAN_STOP
TEST_CASE("negative energy stops a checked program", "[core][energy]") {
    std::int64_t const quanta = -1;
    CHECK(support::stops([&] { static_cast<void>(energy::from_raw(quanta)); }));
    CHECK(support::stops([&] { static_cast<void>(energy{} - energy::from_raw(-quanta)); }));
}
#endif

TEST_CASE("a fraction is clipped to what is below one", "[core][energy]") {
    STATIC_REQUIRE(fraction{}.raw() == 0);
    STATIC_REQUIRE(fraction::of(0).raw() == 0);
    STATIC_REQUIRE(fraction::of(-1).raw() == 0);
    STATIC_REQUIRE(fraction::of(not_a_number).raw() == 0);
    STATIC_REQUIRE(fraction::of(.5).raw() == std::uint64_t{1} << 63);
    STATIC_REQUIRE(fraction::of(1).raw() == ~std::uint64_t{0});
    STATIC_REQUIRE(fraction::of(infinity).raw() == ~std::uint64_t{0});
    STATIC_REQUIRE(fraction::of(0x1p-65).raw() == 0);
    STATIC_REQUIRE(fraction::of(0x1p-64).raw() == 1);
}

TEST_CASE("a part is rounded down", "[core][energy]") {
    STATIC_REQUIRE(part(energy::from_raw(3), fraction::of(.5)).raw() == 1);
    STATIC_REQUIRE(part(energy::from_raw(1), fraction::of(1)).raw() == 0);
    STATIC_REQUIRE(part(energy::from_raw(100), fraction::of(.25)).raw() == 25);
    STATIC_REQUIRE(part(energy::from_raw(0), fraction::of(1)).raw() == 0);
}

TEST_CASE("a part of everything leaves at most one quantum", "[core][energy]") {
    constexpr auto most = energy::from_raw(std::numeric_limits<std::int64_t>::max());
    STATIC_REQUIRE(part(most, fraction::of(1)).raw() == most.raw() - 1);
}

TEST_CASE("floor_of and ceil_of meet on whole quanta", "[core][energy]") {
    STATIC_REQUIRE(exact::floor_of(0x3p-40).raw() == 3);
    STATIC_REQUIRE(exact::ceil_of(0x3p-40).raw() == 3);
    STATIC_REQUIRE(exact::floor_of(0x3.8p-40).raw() == 3);
    STATIC_REQUIRE(exact::ceil_of(0x3.8p-40).raw() == 4);
    STATIC_REQUIRE(exact::ceil_of(std::numeric_limits<double>::denorm_min()).raw() == 1);
    STATIC_REQUIRE(exact::floor_of(0).raw() == 0);
    STATIC_REQUIRE(exact::ceil_of(0).raw() == 0);
}

#if RUNNEL_TEST_CAN_STOP
TEST_CASE("floor_of and ceil_of take what a field may hold", "[core][energy]") {
    constexpr double nan = std::numeric_limits<double>::quiet_NaN();
    for (double const beyond : {-0x1p-40, 8388607.5, 1e300, nan}) {
        CAPTURE(beyond);
        CHECK(support::stops([&] { static_cast<void>(exact::floor_of(beyond)); }));
        CHECK(support::stops([&] { static_cast<void>(exact::ceil_of(beyond)); }));
    }
    STATIC_REQUIRE(exact::floor_of(energy::limit).units() == energy::limit);
    STATIC_REQUIRE(exact::ceil_of(energy::limit).units() == energy::limit);
}
#endif

TEST_CASE("the exact traits sum in 128 bits", "[core][energy]") {
    STATIC_REQUIRE(exact::exact);
    STATIC_REQUIRE(sizeof(exact::total) == 16);
    constexpr auto most = energy::from_raw(std::numeric_limits<std::int64_t>::max());
    constexpr exact::total sum = exact::raw(most) * 1000;
    STATIC_REQUIRE(sum / 1000 == most.raw());
    STATIC_REQUIRE(exact::units_of_total(exact::raw(energy::from_raw(1)) << 80) == 0x1p40);
    STATIC_REQUIRE(exact::units(energy::from_raw(std::int64_t{1} << 39)) == .5);
    STATIC_REQUIRE(exact::share_of(.5) == fraction::of(.5));
    STATIC_REQUIRE(exact::from_units(2)->units() == 2);
}

TEST_CASE("the double traits refuse the same inputs for the same reasons", "[core][energy]") {
    CHECK(real::from_units(not_a_number).error().is(faults::energy_not_finite));
    CHECK(real::from_units(-infinity).error().is(faults::energy_not_finite));
    CHECK(real::from_units(-1e-9).error().is(faults::energy_negative));
    CHECK(real::from_units(8388607.5).error().is(faults::energy_over_limit));
    CHECK(real::from_units(8388607.0).value() == 8388607.0);
}

TEST_CASE("the double traits change nothing", "[core][energy]") {
    STATIC_REQUIRE_FALSE(real::exact);
    STATIC_REQUIRE(real::raw(.3) == .3);
    STATIC_REQUIRE(real::units(.3) == .3);
    STATIC_REQUIRE(real::units_of_total(.3) == .3);
    STATIC_REQUIRE(real::share_of(.3) == .3);
    STATIC_REQUIRE(real::floor_of(.3) == .3);
    STATIC_REQUIRE(real::ceil_of(.3) == .3);
    STATIC_REQUIRE(runnel::part(.5, .25) == .125);
}
