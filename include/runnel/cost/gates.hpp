// SPDX-License-Identifier: MIT
// room: cost. Affect as gates: what mood does to a cost.
//
// Why:  a mood should draw like to like (resonance), and should also let opposites complete each other
//       (complementarity); both scale the conductance, so in a log-additive cost both are added as
//       logarithms.
// Laws: each gate alone is monotone in r, the cosine of the two moods; together they are not: mild opposition
//       attracts. A zero vector gives factor 1.
// Cost: two exponentials.
#pragma once

#include <cstddef>
#include <span>

#include <runnel/core/math.hpp>

namespace runnel::cost {

namespace detail {
struct angle {
    double cosine = 0; ///< clipped to [-1, 1]; 0 if either vector is shorter than 1e-9
    double length = 0; ///< of the first
};
/// Sums run from the first element to the last, each product rounded: the same on every machine.
template <class A, class B> [[nodiscard]] angle angle_of(A const& a, B const& b) noexcept {
    double ab = 0;
    double aa = 0;
    double bb = 0;
    std::size_t const n = a.size() < b.size() ? a.size() : b.size();
    for (std::size_t i = 0; i < n; ++i) {
        double const x = a[i];
        double const y = b[i];
        ab += math::product(x, y);
        aa += math::product(x, x);
        bb += math::product(y, y);
    }
    double const length = __builtin_sqrt(aa);
    double const other = __builtin_sqrt(bb);
    if (length < 1e-9 || other < 1e-9) return {0, length};
    return {math::clip(ab / math::product(length, other), -1, 1), length};
}
} // namespace detail

struct gates {
    double resonance = .6;       ///< lambda of resonance, >= 0
    double complementarity = .8; ///< lambda of complementarity, >= 0
};

/// What two moods at cosine `r` do to a cost: below 1 attracts.
[[nodiscard]] constexpr double resonance(double r, gates const& g = {}) noexcept {
    return math::clip(math::exp(-math::product(g.resonance, r)), .6, 1.6);
}

/// How much opposition completes: `intensity` is the length of the mood asked with, `context` in [0, 2].
struct opposition {
    double r = 0;
    double intensity = 1;
    double context = 1;
};
[[nodiscard]] constexpr double complementarity(opposition o, gates const& g = {}) noexcept {
    double const opposed = o.r < 0 ? -o.r : 0;
    double const gated = math::product(math::clip(o.intensity, 0, 1), math::clip(o.context, 0, 2));
    return math::clip(
        math::exp(-math::product(math::product(g.complementarity, opposed), gated)), .7, 1);
}

} // namespace runnel::cost
