// SPDX-License-Identifier: MIT
// room: core. The logarithm of a link's conductance, 32-bit fixed point with 24 fractional bits.
//
// Why:  sums over cohorts must be exact, removable and independent of order; integers are, and half
//       the bytes of a double leave room for the target beside it in one 8-byte row entry.
// Laws: -128 <= lw < 128; outside is a fault. from_weight(w) is ln w to the nearest 2^-24.
#pragma once

#include <compare>
#include <cstdint>

#include <runnel/core/math.hpp>
#include <runnel/core/result.hpp>

namespace runnel {

namespace faults {
inline constexpr fault_kind weight_not_finite{
    "core.weight_not_finite", "a weight must be a finite number"};
inline constexpr fault_kind weight_not_positive{
    "core.weight_not_positive", "a linear weight must be above 0: leave the link out instead"};
inline constexpr fault_kind log_weight_range{
    "core.log_weight_range",
    "a log-weight must lie in [-128, 128), so a linear weight in [2.58e-56, 3.88e55]"};
} // namespace faults

class log_weight {
public:
    static constexpr int fraction_bits = 24;

    constexpr log_weight() = default; ///< 0: conductance 1
    [[nodiscard]] static constexpr log_weight from_raw(std::int32_t raw) noexcept {
        return log_weight{raw};
    }
    [[nodiscard]] static constexpr result<log_weight> from_log(double lw) noexcept {
        if (!math::finite(lw)) return fault{faults::weight_not_finite, lw};
        double const scaled = lw * 0x1p24;
        if (scaled < -0x1p31 || scaled >= 0x1p31 - .5) return fault{faults::log_weight_range, lw};
        return log_weight{static_cast<std::int32_t>(math::nearest(scaled))};
    }
    [[nodiscard]] static constexpr result<log_weight> from_weight(double w) noexcept {
        if (!math::finite(w)) return fault{faults::weight_not_finite, w};
        if (w <= 0) return fault{faults::weight_not_positive, w};
        auto lw = from_log(math::log(w));
        if (!lw) return fault{faults::log_weight_range, w};
        return *lw;
    }

    [[nodiscard]] constexpr std::int32_t raw() const noexcept { return raw_; }
    [[nodiscard]] constexpr double log() const noexcept { return raw_ * 0x1p-24; }
    [[nodiscard]] constexpr double weight() const noexcept { return math::exp(log()); }

    friend constexpr auto operator<=>(log_weight, log_weight) noexcept = default;

private:
    constexpr explicit log_weight(std::int32_t raw) noexcept : raw_(raw) {}
    std::int32_t raw_ = 0;
};
static_assert(sizeof(log_weight) == 4);

} // namespace runnel
