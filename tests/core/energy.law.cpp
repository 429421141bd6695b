// SPDX-License-Identifier: MIT
// Energy against integer arithmetic written out longhand: 32-bit limbs and shifts, no 128-bit type.
#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

#include <runnel/core/energy.hpp>

#include "support/catch.hpp"
#include "support/law.hpp"

using runnel::energy;
using runnel::fraction;
using exact = runnel::energy_traits<energy>;

namespace {

/// The high 64 bits of a*b, as on paper with base 2^32.
std::uint64_t high_by_limbs(std::uint64_t a, std::uint64_t b) {
    std::uint64_t const mask = 0xFFFF'FFFFU;
    std::uint64_t const low = (a & mask) * (b & mask);
    std::uint64_t const cross = (a >> 32) * (b & mask) + (low >> 32);
    std::uint64_t const other = (a & mask) * (b >> 32) + (cross & mask);
    return (a >> 32) * (b >> 32) + (cross >> 32) + (other >> 32);
}

/// A positive double as whole * 2^exponent.
struct scaled {
    std::uint64_t whole;
    int exponent;
};
scaled take_apart(double x) {
    int exponent = 0;
    double const mantissa = std::frexp(x, &exponent);
    return {static_cast<std::uint64_t>(std::ldexp(mantissa, 53)), exponent - 53};
}
/// floor(x * 2^bits), for results below 2^64.
std::uint64_t floor_scaled(double x, int bits) {
    if (x == 0) return 0;
    auto const [whole, exponent] = take_apart(x);
    int const shift = exponent + bits;
    if (shift >= 0) return whole << shift;
    return shift <= -64 ? 0 : whole >> -shift;
}
/// Whether x * 2^bits has a part behind the point, and how it compares with one half: -1, 0, 1.
int behind_the_point(double x, int bits) {
    double whole = 0;
    double const rest = std::modf(std::ldexp(x, bits), &whole);
    return rest < .5 ? -1 : rest > .5 ? 1 : 0;
}

double any_units(law::gen& g) {
    return g.flag() ? g.real(0, energy::limit, "units") : g.magnitude(-60, 21, "units");
}
fraction any_fraction(law::gen& g) {
    return fraction::of(g.flag() ? g.real(0, 1, "share") : g.magnitude(-64, -1, "share"));
}
energy any_energy(law::gen& g) {
    auto const bits = g.integer(0, 63);
    auto const most = bits == 63 ? std::numeric_limits<std::int64_t>::max()
                                 : static_cast<std::int64_t>((std::uint64_t{1} << bits) - 1);
    return energy::from_raw(g.integer(std::int64_t{0}, most, "quanta"));
}

} // namespace

TEST_CASE("units become the nearest quantum", "[core][energy]") {
    law::for_all(20'000, [](law::gen& g) {
        double const units = any_units(g);
        auto const raw = static_cast<std::uint64_t>(energy::from_units(units).value().raw());
        g.show("raw", raw);
        std::uint64_t const below = floor_scaled(units, energy::fraction_bits);
        int const rest = behind_the_point(units, energy::fraction_bits);
        g.holds(rest >= 0 || raw == below, "rounded down below the half");
        g.holds(rest <= 0 || raw == below + 1, "rounded up above the half");
        g.holds(raw == below || raw == below + 1, "a neighbour at the half");
    });
}

TEST_CASE("what fits a double survives the way out and back", "[core][energy]") {
    law::for_all(20'000, [](law::gen& g) {
        auto const raw = g.integer(std::int64_t{0}, std::int64_t{1} << 53, "raw");
        g.holds(
            energy::from_units(energy::from_raw(raw).units()).value().raw() == raw,
            "units() and from_units() are inverse");
    });
}

TEST_CASE("any double is an energy or a fault", "[core][energy]") {
    law::for_all(20'000, [](law::gen& g) {
        double const units = g.any_double("units");
        auto const taken = energy::from_units(units);
        bool const legal = std::isfinite(units) && units >= 0 && units <= 8388607.0;
        g.holds(taken.has_value() == legal, "legal exactly within [0, limit]");
        if (taken) g.holds(taken->raw() <= std::int64_t{8388607} << 40, "never above the limit");
        g.holds(
            runnel::energy_traits<double>::from_units(units).has_value() == legal,
            "the doubles agree");
    });
}

TEST_CASE("a fraction is the floor of 2^64 times the share", "[core][energy]") {
    law::for_all(20'000, [](law::gen& g) {
        double const share = g.flag() ? g.real(0, 1, "share") : g.magnitude(-70, -1, "share");
        g.assume(share < 1);
        g.holds(fraction::of(share).raw() == floor_scaled(share, 64), "floor");
    });
}

TEST_CASE("a part is the floor of energy times fraction", "[core][energy]") {
    law::for_all(20'000, [](law::gen& g) {
        energy const whole = any_energy(g);
        fraction const share = any_fraction(g);
        auto const expected = high_by_limbs(static_cast<std::uint64_t>(whole.raw()), share.raw());
        g.holds(
            static_cast<std::uint64_t>(part(whole, share).raw()) == expected,
            "equal to the longhand product");
        g.holds(part(whole, share) <= whole, "never more than the whole");
    });
}

TEST_CASE("fractions that sum below one never overdraw", "[core][energy]") {
    law::for_all(5'000, [](law::gen& g) {
        energy const whole = any_energy(g);
        std::uint64_t room = ~std::uint64_t{0}; // shares clipped in order, as a source clips them
        energy left = whole;
        std::size_t moves = 0;
        for (double const wish : g.list(40, [&] { return g.real(0, .5); })) {
            double const taken = std::min(wish, std::ldexp(static_cast<double>(room), -64) * .999);
            fraction const share = fraction::of(taken);
            g.holds(share.raw() <= room, "the test clips its shares");
            room -= share.raw();
            energy const moved = part(whole, share);
            g.holds(moved <= left, "what moves is there");
            left -= moved;
            ++moves;
        }
        // everything that was not in a share stayed, and rounding only ever added to it
        auto const kept = high_by_limbs(static_cast<std::uint64_t>(whole.raw()), room);
        auto const stayed = static_cast<std::uint64_t>(left.raw());
        g.holds(stayed >= kept, "the remainder is not touched");
        g.holds(stayed - kept <= moves + 1, "each part leaves less than a quantum behind");
    });
}

TEST_CASE("a greater share is no smaller part", "[core][energy]") {
    law::for_all(5'000, [](law::gen& g) {
        energy const whole = any_energy(g);
        fraction const a = any_fraction(g);
        fraction const b = any_fraction(g);
        g.holds(
            (a < b) ? part(whole, a) <= part(whole, b) : part(whole, b) <= part(whole, a),
            "monotone");
    });
}

TEST_CASE("sums of energies do not depend on order", "[core][energy]") {
    law::for_all(1'000, [](law::gen& g) {
        auto const sum = [](std::vector<energy> const& all) {
            energy total;
            for (energy const e : all) total += e;
            return total;
        };
        auto some = g.list(50, [&] { return energy::from_raw(g.integer(0, 1'000'000'000)); });
        auto const before = sum(some);
        g.shuffle(some);
        g.holds(sum(some) == before, "same sum");
    });
}

TEST_CASE("floor_of and ceil_of enclose their units", "[core][energy]") {
    law::for_all(20'000, [](law::gen& g) {
        double const units = any_units(g);
        std::uint64_t const below = floor_scaled(units, energy::fraction_bits);
        bool const whole = std::ldexp(static_cast<double>(below), -40) == units;
        auto const floor = static_cast<std::uint64_t>(exact::floor_of(units).raw());
        auto const ceil = static_cast<std::uint64_t>(exact::ceil_of(units).raw());
        g.holds(floor == below, "the largest quantum not above");
        g.holds(ceil == below + (whole ? 0 : 1), "the smallest quantum not below");
    });
}
