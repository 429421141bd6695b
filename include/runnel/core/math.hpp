// SPDX-License-Identifier: MIT
// room: core. exp and log whose bits do not depend on compiler flags, and exact sums.
//
// Why:  same inputs, same bits, on every thread, rank and instruction set. A library exp differs
//       between versions and a fused multiply-add changes the last bit, so both are our own and every
//       product is rounded before it is added.
// Laws: |exp(x) - e^x| <= 1 ulp, |log(x) - ln x| <= 1 ulp (tests measure it); exp(0) = 1, log(1) = 0,
//       exp(-inf) = 0; both usable in constant expressions. `exact_sum` errs by the last bit; where terms
//       cancel, by n^2 2^-106 of the sum of their sizes more.
// Cost: about 20 ns from argument to result, no tables.
#pragma once

#include <bit>
#include <cstdint>
#include <limits>

namespace runnel {

__extension__ typedef __int128 int128;
__extension__ typedef unsigned __int128 uint128;

namespace math {

/// a*b, rounded: never the first half of a fused multiply-add.
[[nodiscard]] constexpr double product(double a, double b) noexcept {
#ifdef __clang__
#    pragma clang fp contract(off)
    return a * b;
#else
    return __builtin_assoc_barrier(a * b);
#endif
}

/// The high half of a 64 by 64 bit product: how a 64-bit fraction is taken of an integer.
[[nodiscard]] constexpr std::uint64_t high_product(std::uint64_t a, std::uint64_t b) noexcept {
    return static_cast<std::uint64_t>((uint128{a} * b) >> 64);
}

[[nodiscard]] constexpr bool finite(double x) noexcept {
    return (std::bit_cast<std::uint64_t>(x) & 0x7FF0'0000'0000'0000U) != 0x7FF0'0000'0000'0000U;
}

/// The nearest integer, halves away from 0, for |x| < 2^63. (Adding .5 first would round twice.)
[[nodiscard]] constexpr std::int64_t nearest(double x) noexcept {
    auto const whole = static_cast<std::int64_t>(x);
    double const rest = x - static_cast<double>(whole); // exact
    return whole + (rest >= .5 ? 1 : 0) - (rest <= -.5 ? 1 : 0);
}

namespace detail {
inline constexpr double ln2_high =
    0x1.62e42fee00000p-1; // 32 significant bits: k * ln2_high is exact
inline constexpr double ln2_low = 0x1.a39ef35793c76p-33;
inline constexpr double one_over_ln2 = 0x1.71547652b82fep+0;

constexpr double power_of_two(int k) noexcept { // -1022 <= k <= 1023
    return std::bit_cast<double>(static_cast<std::uint64_t>(k + 1023) << 52);
}

/// c[0] + c[1] x + ... + c[11] x^11, in pairs, pairs of pairs and so on: a third of the waiting of one term after another.
constexpr double polynomial(double const (&c)[12], double x) noexcept {
    double const x2 = product(x, x);
    double const x4 = product(x2, x2);
    double const x8 = product(x4, x4);
    auto const pair = [&](int i) { return c[i] + product(c[i + 1], x); };
    auto const four = [&](int i) { return pair(i) + product(pair(i + 2), x2); };
    return (four(0) + product(four(4), x4)) + product(four(8), x8);
}

/// e^r - 1 for |r| <= ln2/2: the Taylor sum to r^13, whose tail is below 2^-57.
constexpr double expm1_small(double r) noexcept {
    constexpr double over_factorial[12] = {1.0 / 2,        1.0 / 6,         1.0 / 24,
                                           1.0 / 120,      1.0 / 720,       1.0 / 5040,
                                           1.0 / 40320,    1.0 / 362880,    1.0 / 3628800,
                                           1.0 / 39916800, 1.0 / 479001600, 1.0 / 6227020800};
    return r + product(product(r, r), polynomial(over_factorial, r));
}

struct reduced {
    int k;
    double r;
};
constexpr reduced reduce(double x) noexcept {
    double const scaled = product(x, one_over_ln2);
    int const k = static_cast<int>(scaled + (scaled < 0 ? -.5 : .5));
    return {k, (x - product(k, ln2_high)) - product(k, ln2_low)};
}
} // namespace detail

[[nodiscard]] constexpr double exp(double x) noexcept {
    if (x != x) return x;
    if (x > 709.782712893384) return std::numeric_limits<double>::infinity();
    if (x < -745.1332191019412) return 0;
    auto const [k, r] = detail::reduce(x);
    double const mantissa = 1 + detail::expm1_small(r);
    if (k > 1022) return mantissa * 2 * detail::power_of_two(k - 1);
    if (k >= -1021) return mantissa * detail::power_of_two(k);
    return mantissa * detail::power_of_two(k + 100) * detail::power_of_two(-100);
}

/// 1 - e^-x without cancellation near 0.
[[nodiscard]] constexpr double one_minus_exp_of_minus(double x) noexcept {
    return x > -.34 && x < .34 ? -detail::expm1_small(-x) : 1 - exp(-x);
}

[[nodiscard]] constexpr double log(double x) noexcept {
    if (x != x || x < 0) return std::numeric_limits<double>::quiet_NaN();
    if (x == 0) return -std::numeric_limits<double>::infinity();
    if (!finite(x)) return x;
    int k = 0;
    if (x < 0x1p-1022) {
        x *= 0x1p54;
        k = -54;
    }
    auto bits = std::bit_cast<std::uint64_t>(x);
    k += static_cast<int>(bits >> 52) - 1023;
    bits = (bits & 0x000F'FFFF'FFFF'FFFFU) | 0x3FF0'0000'0000'0000U;
    double mantissa = std::bit_cast<double>(bits);
    if (mantissa > 1.4142135623730951) {
        mantissa *= .5;
        ++k;
    }
    // ln(1+f) = f - (h - s(h + R)), s = f/(2+f), h = f^2/2, R = 2(s^2/3 + s^4/5 + ...).
    double const f = mantissa - 1;
    double const s = f / (2 + f);
    double const s2 = product(s, s);
    constexpr double two_over_odd[12] = {2.0 / 3,  2.0 / 5,  2.0 / 7,  2.0 / 9,
                                         2.0 / 11, 2.0 / 13, 2.0 / 15, 2.0 / 17,
                                         2.0 / 19, 2.0 / 21, 2.0 / 23, 2.0 / 25};
    double const sum = product(s2, detail::polynomial(two_over_odd, s2));
    double const h = product(.5, product(f, f));
    double const inner = product(s, h + sum) + product(k, detail::ln2_low);
    return product(k, detail::ln2_high) - ((h - inner) - f);
}

/// Sum of doubles that carries the rounding of every addition along.
class exact_sum {
public:
    constexpr void add(double x) noexcept {
        double const next = sum_ + x;
        double const larger = absolute(sum_) >= absolute(x) ? sum_ : x;
        double const smaller = absolute(sum_) >= absolute(x) ? x : sum_;
        carried_ += (larger - next) + smaller;
        sum_ = next;
    }
    [[nodiscard]] constexpr double total() const noexcept { return sum_ + carried_; }

private:
    static constexpr double absolute(double x) noexcept { return x < 0 ? -x : x; }
    double sum_ = 0;
    double carried_ = 0;
};

} // namespace math
} // namespace runnel
