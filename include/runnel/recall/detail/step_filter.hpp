// SPDX-License-Identifier: MIT
// room: recall. The coefficients of a polynomial that lets the lowest quarter of a spectrum through.
#pragma once

#include <cstddef>
#include <cstdint>

#include <runnel/core/array.hpp>
#include <runnel/core/math.hpp>

namespace runnel::recall::detail {

/// The step at t = -.5 on [-1, 1]: c_0 = 1/3, c_k = -2 sin(2 pi k / 3) / (k pi), times Jackson's
/// factors. The step at .5 is its mirror: odd terms change sign.
[[nodiscard]] inline runnel::detail::array<double> low_step(std::uint32_t order) {
    constexpr double pi = 3.14159265358979323846;
    double const width = order + 2;
    double const angle = pi / width; // at most .53
    double const square = math::product(angle, angle);
    double sine = 0;
    double cosine = 0;
    for (int i = 20; i > 0; i -= 2) { // Taylor, Horner's way: 1 - x^2/(i(i-1)) (...)
        cosine = 1 - math::product(square / (i * (i - 1)), i == 20 ? 1 : cosine);
        sine = 1 - math::product(square / (i * (i + 1)), i == 20 ? 1 : sine);
    }
    sine = math::product(sine, angle);
    double at_sine = 0;
    double at_cosine = 1;
    runnel::detail::array<double> c(std::size_t{order} + 1);
    c[0] = 1.0 / 3;
    constexpr double root = .86602540378443864676; // sin(2 pi / 3)
    for (std::uint32_t k = 1; k <= order; ++k) {
        double const next = math::product(at_cosine, cosine) - math::product(at_sine, sine);
        at_sine = math::product(at_sine, cosine) + math::product(at_cosine, sine);
        at_cosine = next;
        double const damping =
            (math::product(width - k, at_cosine) + math::product(at_sine, cosine / sine)) / width;
        double const step = k % 3 == 0 ? 0 : (k % 3 == 1 ? -root : root);
        c[k] = math::product(2 * step / (k * pi), damping);
    }
    return c;
}

} // namespace runnel::recall::detail
