// SPDX-License-Identifier: MIT
// room: core. Several exponentials at once: the bits of `math::exp`, in a fraction of the time.
//
// Why:  one exponential is a chain of thirty roundings, each of which waits for the one before; several of them wait together.
// Laws: exps(x)[i] is exp(x[i]) to the bit: the same sums and products in the same order, none of them fused.
// Cost: some 8 ns for four; what is beyond 700 in size goes one by one.
#pragma once

#include <cstddef>
#include <cstdint>

#include <runnel/core/math.hpp>

namespace runnel::math {

namespace detail {
typedef double two_doubles __attribute__((vector_size(16)));
typedef std::int32_t two_ints __attribute__((vector_size(8)));
typedef std::int64_t two_longs __attribute__((vector_size(16)));

#ifdef __clang__
#    define RUNNEL_ROUNDED(product) (product)
#else
#    define RUNNEL_ROUNDED(product) __builtin_assoc_barrier(product)
#endif
/// Two at a time: wider vectors are slow where the flags do not allow for them.
[[gnu::always_inline]] inline void two_exps(two_doubles& x) noexcept {
#ifdef __clang__
#    pragma clang fp contract(off)
#endif
    two_doubles const scaled = RUNNEL_ROUNDED(x * one_over_ln2);
    two_doubles const half = scaled < 0 ? two_doubles{} - .5 : two_doubles{} + .5;
    two_ints const k = __builtin_convertvector(scaled + half, two_ints);
    two_doubles const whole = __builtin_convertvector(k, two_doubles);
    two_doubles const r = (x - RUNNEL_ROUNDED(whole * ln2_high)) - RUNNEL_ROUNDED(whole * ln2_low);
    constexpr auto& c = over_factorial;
    two_doubles const r2 = RUNNEL_ROUNDED(r * r);
    two_doubles const r4 = RUNNEL_ROUNDED(r2 * r2);
    two_doubles const r8 = RUNNEL_ROUNDED(r4 * r4);
    two_doubles const p0 = c[0] + RUNNEL_ROUNDED(c[1] * r);
    two_doubles const p2 = c[2] + RUNNEL_ROUNDED(c[3] * r);
    two_doubles const p4 = c[4] + RUNNEL_ROUNDED(c[5] * r);
    two_doubles const p6 = c[6] + RUNNEL_ROUNDED(c[7] * r);
    two_doubles const p8 = c[8] + RUNNEL_ROUNDED(c[9] * r);
    two_doubles const p10 = c[10] + RUNNEL_ROUNDED(c[11] * r);
    two_doubles const q0 = p0 + RUNNEL_ROUNDED(p2 * r2);
    two_doubles const q4 = p4 + RUNNEL_ROUNDED(p6 * r2);
    two_doubles const q8 = p8 + RUNNEL_ROUNDED(p10 * r2);
    two_doubles const sum = (q0 + RUNNEL_ROUNDED(q4 * r4)) + RUNNEL_ROUNDED(q8 * r8);
    two_doubles const mantissa = 1 + (r + RUNNEL_ROUNDED(r2 * sum));
    two_longs const power = (__builtin_convertvector(k, two_longs) + 1023) << 52;
    x = mantissa * reinterpret_cast<two_doubles>(power);
}
#undef RUNNEL_ROUNDED
} // namespace detail

/// Puts e^x in the place of each x.
template <std::size_t N> [[gnu::always_inline]] inline void exps(double (&x)[N]) noexcept {
    static_assert(N % 2 == 0, "core: exponentials come in pairs");
    double largest = 0;
    for (double const one : x) { // what is no number is not below either
        double const size = one < 0 ? -one : one;
        largest = size <= largest ? largest : size;
    }
    if (!(largest <= 700)) {
        for (double& one : x) one = exp(one);
        return;
    }
    for (std::size_t i = 0; i < N; i += 2) {
        detail::two_doubles two = {x[i], x[i + 1]};
        detail::two_exps(two);
        x[i] = two[0];
        x[i + 1] = two[1];
    }
}

} // namespace runnel::math
