// SPDX-License-Identifier: MIT
// room: core. Energy: a non-negative fixed-point amount, 2^-40 of a unit each quantum (D-E).
//
// Why:  integers add in any order to the same bits, so one thread, many threads and many processes
//       agree and a ledger closes with residual exactly 0. Doubles cannot promise either.
// Laws: 0 <= raw <= 2^63 - 1. `part(e, f)` = floor(e * f) for a 64-bit fraction f < 1, so a set of
//       fractions that sums below 1 never overdraws. A field holds at most 2^23 - 1 units in total;
//       energy is conserved and non-negative, hence no node and no partial sum can overflow.
// Cost: one 64x64 multiply per part; the same as a double.
#pragma once

#include <compare>
#include <cstdint>

#include <runnel/core/expects.hpp>
#include <runnel/core/math.hpp>
#include <runnel/core/result.hpp>

namespace runnel {

namespace faults {
inline constexpr fault_kind energy_not_finite{
    "core.energy_not_finite", "an energy must be a finite number"};
inline constexpr fault_kind energy_negative{"core.energy_negative", "an energy is never negative"};
inline constexpr fault_kind energy_over_limit{
    "core.energy_over_limit", "a field holds at most 8388607 units of energy in total"};
} // namespace faults

class energy {
public:
    static constexpr int fraction_bits = 40;
    static constexpr double quantum = 0x1p-40;
    /// What one field may hold in total, in units.
    static constexpr double limit = 8388607.0;

    constexpr energy() = default;
    [[nodiscard]] static constexpr energy from_raw(std::int64_t quanta) noexcept {
        RUNNEL_EXPECTS(quanta >= 0, "core: an energy is never negative");
        return energy{quanta};
    }
    /// Nearest quantum. Refuses what is not finite, negative, or above the limit of a field.
    [[nodiscard]] static constexpr result<energy> from_units(double units) noexcept {
        if (!math::finite(units)) return fault{faults::energy_not_finite, units};
        if (units < 0) return fault{faults::energy_negative, units};
        if (units > limit) return fault{faults::energy_over_limit, units};
        return energy{math::nearest(units * 0x1p40)};
    }
    [[nodiscard]] constexpr std::int64_t raw() const noexcept { return raw_; }
    [[nodiscard]] constexpr double units() const noexcept {
        return static_cast<double>(raw_) * quantum;
    }

    friend constexpr auto operator<=>(energy, energy) noexcept = default;
    constexpr energy& operator+=(energy other) noexcept {
        raw_ += other.raw_;
        return *this;
    }
    constexpr energy& operator-=(energy other) noexcept {
        RUNNEL_EXPECTS(other.raw_ <= raw_, "core: more energy taken than there is");
        raw_ -= other.raw_;
        return *this;
    }
    friend constexpr energy operator+(energy a, energy b) noexcept { return a += b; }
    friend constexpr energy operator-(energy a, energy b) noexcept { return a -= b; }

private:
    constexpr explicit energy(std::int64_t raw) noexcept : raw_(raw) {}
    std::int64_t raw_ = 0;
};
static_assert(sizeof(energy) == 8);

/// A share of an energy, as a 64-bit numerator over 2^64; the largest stands just below 1.
class fraction {
public:
    constexpr fraction() = default;
    /// floor(2^64 * a), clipped to [0, 2^64 - 1]; exact, since scaling by a power of two is.
    [[nodiscard]] static constexpr fraction of(double a) noexcept {
        if (!(a > 0)) return fraction{0};
        if (a >= 1) return fraction{~std::uint64_t{0}};
        return fraction{static_cast<std::uint64_t>(a * 0x1p64)};
    }
    [[nodiscard]] static constexpr fraction from_raw(std::uint64_t raw) noexcept {
        return fraction{raw};
    }
    [[nodiscard]] constexpr std::uint64_t raw() const noexcept { return raw_; }
    friend constexpr auto operator<=>(fraction, fraction) noexcept = default;

private:
    constexpr explicit fraction(std::uint64_t raw) noexcept : raw_(raw) {}
    std::uint64_t raw_ = 0;
};

[[nodiscard]] constexpr energy part(energy whole, fraction share) noexcept {
    return energy::from_raw(static_cast<std::int64_t>(
        math::high_product(static_cast<std::uint64_t>(whole.raw()), share.raw())));
}
[[nodiscard]] constexpr double part(double whole, double share) noexcept {
    return math::product(whole, share);
}

/// What an engine needs to know of the number it moves: `energy` (exact) or `double` (for oracles).
template <class Amount> struct energy_traits;

template <> struct energy_traits<energy> {
    static constexpr bool exact = true;
    using share = fraction;
    using total = int128; ///< ledger sums, in quanta
    [[nodiscard]] static constexpr fraction share_of(double a) noexcept { return fraction::of(a); }
    [[nodiscard]] static constexpr result<energy> from_units(double units) noexcept {
        return energy::from_units(units);
    }
    [[nodiscard]] static constexpr total raw(energy e) noexcept { return e.raw(); }
    [[nodiscard]] static constexpr double units(energy e) noexcept { return e.units(); }
    [[nodiscard]] static constexpr double units_of_total(total sum) noexcept {
        // What fits a word, as nearly all do, is not sent through a library call; the rounding is the same.
        auto const word = static_cast<std::int64_t>(sum);
        return (word == sum ? static_cast<double>(word) : static_cast<double>(sum))
               * energy::quantum;
    }
    /// The largest amount that is not above `units`: for "skip what is <= this". 0 <= units <= limit.
    [[nodiscard]] static constexpr energy floor_of(double units) noexcept {
        RUNNEL_EXPECTS(
            units >= 0 && units <= energy::limit, "core: an amount lies in [0, 8388607] units");
        return energy::from_raw(static_cast<std::int64_t>(units * 0x1p40));
    }
    /// The smallest amount that is not below `units`: for "at least this". 0 <= units <= limit.
    [[nodiscard]] static constexpr energy ceil_of(double units) noexcept {
        RUNNEL_EXPECTS(
            units >= 0 && units <= energy::limit, "core: an amount lies in [0, 8388607] units");
        auto const below = static_cast<std::int64_t>(units * 0x1p40);
        return energy::from_raw(below + (static_cast<double>(below) < units * 0x1p40 ? 1 : 0));
    }
};

template <> struct energy_traits<double> {
    static constexpr bool exact = false;
    using share = double;
    using total = double;
    [[nodiscard]] static constexpr double share_of(double a) noexcept { return a; }
    [[nodiscard]] static constexpr result<double> from_units(double units) noexcept {
        if (!math::finite(units)) return fault{faults::energy_not_finite, units};
        if (units < 0) return fault{faults::energy_negative, units};
        if (units > energy::limit) return fault{faults::energy_over_limit, units};
        return units + 0.0; // -0 becomes 0
    }
    [[nodiscard]] static constexpr double raw(double e) noexcept { return e; }
    [[nodiscard]] static constexpr double units(double e) noexcept { return e; }
    [[nodiscard]] static constexpr double units_of_total(double sum) noexcept { return sum; }
    [[nodiscard]] static constexpr double floor_of(double units) noexcept { return units; }
    [[nodiscard]] static constexpr double ceil_of(double units) noexcept { return units; }
};

} // namespace runnel
