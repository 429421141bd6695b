// SPDX-License-Identifier: MIT
// room: split. A temperature, and a rate of exploring, that rise with the distance from where it began.
//
// Why:  near the origin of a thought the best link should win; far from it nobody knows, and the energy
//       should spread. The distance is a figure of the caller's (runnel/graph/divergence.hpp measures
//       it), so this room needs to know no graph.
// Laws: T = low + (high - low) sigmoid(steepness (theta - middle)), never outside [low, high]; half-way at
//       the middle; it does not fall with the distance but by the last digit of exp.
// Cost: one exponential.
#pragma once

#include <string_view>

#include <runnel/core/expects.hpp>
#include <runnel/core/math.hpp>
#include <runnel/core/reflect.hpp>
#include <runnel/core/result.hpp>
#include <runnel/split/softmax.hpp>

namespace runnel::split {

struct by_divergence {
    bool enabled = false;   ///< off: the temperature is the same everywhere
    double low = .1;        ///< temperature near the origin, finite and > 0
    double high = 1;        ///< far from it, finite and >= low
    double steepness = 10;  ///< of the rise, per radian, finite and >= 0; 0 is half-way everywhere
    double middle = .05;    ///< radians at which the rise is half done, [0, pi]
    bool explores = false;  ///< the rate of exploring rises likewise
    double explore_low = 0; ///< rate near the origin, [0, 1]
    double explore_high = .1; ///< far from it, [explore_low, 1]

    friend bool operator==(by_divergence const&, by_divergence const&) = default;

    template <class Self, class F> static constexpr void visit(Self& self, F&& f) {
        static_assert(arity_is<by_divergence, 8>, "split: a setting is missing from this walk");
        f("enabled", self.enabled);
        f("low", self.low);
        f("high", self.high);
        f("steepness", self.steepness);
        f("middle", self.middle);
        f("explores", self.explores);
        f("explore_low", self.explore_low);
        f("explore_high", self.explore_high);
    }
    [[nodiscard]] constexpr status validate() const noexcept {
        auto const bad = [](std::string_view sentence, double offender) {
            return fault{fault_kind{faults::bad_split.code, sentence}, offender};
        };
        if (!(low > 0) || !math::finite(low))
            return bad("by_divergence.low must be finite and above 0", low);
        if (!(high >= low) || !math::finite(high))
            return bad("by_divergence.high must be finite and at least low", high);
        if (!(steepness >= 0) || !math::finite(steepness))
            return bad("by_divergence.steepness must be finite and not negative", steepness);
        if (!(middle >= 0 && middle <= half_turn))
            return bad("by_divergence.middle must lie in [0, pi]", middle);
        if (!(explore_low >= 0 && explore_low <= 1))
            return bad("by_divergence.explore_low must lie in [0, 1]", explore_low);
        if (!(explore_high >= explore_low && explore_high <= 1))
            return bad("by_divergence.explore_high must lie in [explore_low, 1]", explore_high);
        return {};
    }

private:
    static constexpr double half_turn = 0x1.921fb54442d18p+1;
};
static_assert(by_divergence{}.validate().has_value());

namespace detail {
struct ends {
    double low = 0;
    double high = 0;
};
[[nodiscard]] constexpr double risen(double theta, by_divergence const& c, ends e) noexcept {
    RUNNEL_EXPECTS(theta >= 0 && theta < 4, "split: a divergence is an angle in [0, pi]");
    double const x = math::product(c.steepness, theta - c.middle);
    double const made = e.low + math::product(e.high - e.low, 1 / (1 + math::exp(-x)));
    return made > e.high ? e.high : made; // the sum of low and all of the rise may round above it
}
} // namespace detail

/// The temperature at a distance of `theta` radians, whether or not the settings are enabled.
[[nodiscard]] constexpr double temperature_of(double theta, by_divergence const& c = {}) noexcept {
    return detail::risen(theta, c, {c.low, c.high});
}
/// The chance with which a source there explores.
[[nodiscard]] constexpr double explore_of(double theta, by_divergence const& c = {}) noexcept {
    return detail::risen(theta, c, {c.explore_low, c.explore_high});
}

} // namespace runnel::split
