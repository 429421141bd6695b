// SPDX-License-Identifier: MIT
// room: core. exp, log, tanh and the normal quantile, bit for bit whatever the compiler flags; exact sums.
//
// Why:  same inputs, same bits, on every thread, rank and instruction set. A library exp differs
//       between versions and a fused multiply-add changes the last bit, so both are our own and every
//       product is rounded before it is added.
// Laws: |exp(x) - e^x| <= 1 ulp, |log(x) - ln x| <= 1 ulp, |tanh| <= 2 ulp (tests measure it); exp(0) = 1,
//       log(1) = 0, exp(-inf) = 0, tanh is odd; usable in constant expressions. `normal_quantile` errs by
//       1e-14 of itself and mirrors exactly: quantile(1 - p) = -quantile(p) where 1 - p is exact.
//       `exact_sum` errs by the last bit; where terms cancel, by n^2 2^-106 of the sum of their sizes more.
// Cost: about 20 ns from argument to result, no tables.
#pragma once

#include <bit>
#include <cstddef>
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

inline constexpr double over_factorial[12] = {
    1.0 / 2,     1.0 / 6,      1.0 / 24,      1.0 / 120,      1.0 / 720,       1.0 / 5040,
    1.0 / 40320, 1.0 / 362880, 1.0 / 3628800, 1.0 / 39916800, 1.0 / 479001600, 1.0 / 6227020800};

/// e^r - 1 for |r| <= ln2/2: the Taylor sum to r^13, whose tail is below 2^-57.
constexpr double expm1_small(double r) noexcept {
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
    // Above the root of 2 it is halved. As an integer: half of all branches here would be guessed wrong.
    std::uint64_t const high = bits > 0x3FF6'A09E'667F'3BCDU ? 1 : 0;
    k += static_cast<int>(high);
    double const mantissa = std::bit_cast<double>(bits - (high << 52));
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

/// The hyperbolic tangent, within 2 ulp; odd to the bit.
[[nodiscard]] constexpr double tanh(double x) noexcept {
    if (x == 0 || x != x) return x;
    double const size = x < 0 ? -x : x;
    double of_size = 0;
    if (size < .55) {
        // Lambert's continued fraction, cut after 15: off by less than 2^-59. What it takes off `size` is a tenth
        // of it at most, so the roundings of the fraction hardly count.
        double const y = product(size, size);
        double const y2 = product(y, y);
        double const less = (675675 + product(45045, y)) + product(y2, 594 + y);
        double const under =
            (2027025 + product(945945, y)) + product(y2, (51975 + product(630, y)) + y2);
        of_size = size - product(size, product(y, less) / under);
    } else {
        of_size = 1 - 2 / (exp(2 * size) + 1);
    }
    return x < 0 ? -of_size : of_size;
}

namespace detail {
/// c[0] + c[1] x + ... + c[7] x^7.
constexpr double polynomial(double const (&c)[8], double x) noexcept {
    double sum = c[7];
    for (int i = 6; i >= 0; --i) sum = c[i] + product(sum, x);
    return sum;
}
/// The three rational approximations of Wichura (Applied Statistics 37, 1988: PPND16), error below 1e-16.
struct over {
    double above[8];
    double below[8];

    [[nodiscard]] constexpr double operator()(double x) const noexcept {
        return polynomial(above, x) / polynomial(below, x);
    }
};
inline constexpr over quantile_middle{
    {3.3871328727963666080, 133.14166789178437745, 1971.5909503065514427, 13731.693765509461125,
     45921.953931549871457, 67265.770927008700853, 33430.575583588128105, 2509.0809287301226727},
    {1.0, 42.313330701600911252, 687.18700749205790830, 5394.1960214247511077,
     21213.794301586595867, 39307.895800092710610, 28729.085735721942674, 5226.4952788528545610}};
inline constexpr over quantile_side{
    {1.42343711074968357734, 4.63033784615654529590, 5.76949722146069140550, 3.64784832476320460504,
     1.27045825245236838258, .241780725177450611770, .0227238449892691845833,
     7.74545014278341407640e-4},
    {1.0, 2.05319162663775882187, 1.67638483018380384940, .689767334985100004550,
     .148103976427480074590, .0151986665636164571966, 5.47593808499534494600e-4,
     1.05075007164441684324e-9}};
inline constexpr over quantile_end{
    {6.65790464350110377720, 5.46378491116411436990, 1.78482653991729133580, .296560571828504891230,
     .0265321895265761230930, 1.24266094738807843860e-3, 2.71155556874348757815e-5,
     2.01033439929228813265e-7},
    {1.0, .599832206555887937690, .136929880922735805310, .0148753612908506148525,
     7.86869131145613259100e-4, 1.84631831751005468180e-5, 1.42151175831644588870e-7,
     2.04426310338993978564e-15}};
} // namespace detail

/// Phi^-1: the figure below which a standard normal lies with probability p. Infinite at 0 and 1, no number outside.
[[nodiscard]] inline double normal_quantile(double p) noexcept {
    if (!(p >= 0 && p <= 1)) return std::numeric_limits<double>::quiet_NaN();
    if (p > .5)
        return -normal_quantile(1 - p); // exact there, so that both sides are the same branch
    if (p == 0) return -std::numeric_limits<double>::infinity();
    double const q = p - .5;
    if (q >= -.425) return product(q, detail::quantile_middle(.180625 - product(q, q)));
    double const r = __builtin_sqrt(-log(p));
    return r <= 5 ? -detail::quantile_side(r - 1.6) : -detail::quantile_end(r - 5);
}

[[nodiscard]] constexpr double clip(double x, double low, double high) noexcept {
    return x < low ? low : (x > high ? high : x);
}

/// base^n for 0 <= base <= 1, by squaring: the same products in the same order everywhere.
[[nodiscard]] constexpr double power(double base, std::uint64_t n) noexcept {
    double all = 1;
    for (; n != 0 && all > 0; n >>= 1) {
        if ((n & 1) != 0) all = product(all, base);
        base = product(base, base);
    }
    return all;
}

/// Of a vector; from its first element to its last, each square rounded.
template <class Vector> [[nodiscard]] double length(Vector const& v) noexcept {
    double sum = 0;
    for (std::size_t i = 0; i < v.size(); ++i) {
        double const x = v[i];
        sum += product(x, x);
    }
    return __builtin_sqrt(sum);
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
