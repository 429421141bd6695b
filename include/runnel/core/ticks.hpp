// SPDX-License-Identifier: MIT
// room: core. Time as the caller tells it: durations, half-lives, and a field's exact clock.
//
// Why:  the library reads no clock; time is the caller's dt. A field's own time is an integer, so that
//       a million small steps add up to the same instant as one large one.
// Laws: one tick of the clock is 2^-32 s; the clock spans 68 years. A half-life h is the rate ln2/h.
#pragma once

#include <compare>
#include <cstdint>

#include <runnel/core/math.hpp>
#include <runnel/core/result.hpp>

namespace runnel {

namespace faults {
inline constexpr fault_kind duration_range{
    "core.duration_range", "a time step must be finite, above 0 and below 2147483648 s"};
inline constexpr fault_kind clock_end{
    "core.clock_end", "a field's clock ends 2147483648 s after its last reset"};
} // namespace faults

/// An instant or a span of a field's own time.
class instant {
public:
    constexpr instant() = default;
    [[nodiscard]] static constexpr instant from_raw(std::int64_t raw) noexcept {
        instant t;
        t.raw_ = raw;
        return t;
    }
    /// The last there is.
    [[nodiscard]] static constexpr instant last() noexcept {
        return from_raw(0x7FFF'FFFF'FFFF'FFFF);
    }
    /// Nearest 2^-32 s, at least one. Refuses spans that are not finite, not positive or too long.
    [[nodiscard]] static constexpr result<instant> from_seconds(double seconds) noexcept {
        if (!fits(seconds)) return fault{faults::duration_range, seconds};
        return nearest(seconds);
    }
    /// Is it a span: above 0 and below 2^31 s?
    [[nodiscard]] static constexpr bool fits(double seconds) noexcept {
        return seconds > 0 && seconds < 0x1p31; // what is no number is neither
    }
    /// The span nearest to one that fits, at least a tick.
    [[nodiscard]] static constexpr instant nearest(double seconds) noexcept {
        auto const raw = math::nearest(seconds * 0x1p32);
        return from_raw(raw > 0 ? raw : 1);
    }
    [[nodiscard]] constexpr std::int64_t raw() const noexcept { return raw_; }
    [[nodiscard]] constexpr double seconds() const noexcept {
        return static_cast<double>(raw_) * 0x1p-32;
    }
    friend constexpr auto operator<=>(instant, instant) noexcept = default;
    friend constexpr instant operator-(instant a, instant b) noexcept {
        return from_raw(a.raw_ - b.raw_);
    }
    friend constexpr instant operator+(instant a, instant b) noexcept {
        return from_raw(a.raw_ + b.raw_);
    }

private:
    std::int64_t raw_ = 0;
};

/// A loss per second, as an exponential rate.
struct rate {
    double per_second = 0;
    friend constexpr bool operator==(rate, rate) noexcept = default;
};

/// The rate at which half is gone after `seconds`.
[[nodiscard]] constexpr rate half_life(double seconds) noexcept {
    return {0x1.62e42fefa39efp-1 / seconds};
}

/// Who decided when to tick.
enum class tick_reason : std::uint8_t { caller, stimulus, activity, arousal };

/// What one tick is told: `dt` drives transfers, `elapsed` drives decay (after idle time it is longer); `headroom` is
/// the share left of a capacity the caller watches, little of it makes fanout look at fewer links.
struct time_step {
    double dt = 1;
    double elapsed = dt;
    double headroom = 1;
    double interval = dt; ///< what a clock that decides when to tick had in mind
    tick_reason reason = tick_reason::caller;
};

} // namespace runnel
