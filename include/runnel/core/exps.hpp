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

/// Rounded, like the one of two numbers. (GCC takes its own barrier apart, element by element; what a register holds
/// between two instructions is rounded too.)
[[gnu::always_inline]] inline two_doubles product(two_doubles a, two_doubles b) noexcept {
#if defined(__clang__)
#    pragma clang fp contract(off)
    return a * b;
#elif defined(__x86_64__)
    two_doubles rounded = a * b;
    asm("" : "+x"(rounded));
    return rounded;
#elif defined(__aarch64__)
    two_doubles rounded = a * b;
    asm("" : "+w"(rounded));
    return rounded;
#else
    return __builtin_assoc_barrier(a * b);
#endif
}
[[gnu::always_inline]] inline two_doubles product(two_doubles a, double b) noexcept {
    return product(a, two_doubles{b, b});
}
/// Two at a time: wider vectors are slow where the flags do not allow for them.
[[gnu::always_inline]] inline void two_exps(two_doubles& x) noexcept {
    two_doubles const scaled = product(x, one_over_ln2);
    two_doubles const half = scaled < 0 ? two_doubles{} - .5 : two_doubles{} + .5;
    two_ints const k = __builtin_convertvector(scaled + half, two_ints);
    two_doubles const whole = __builtin_convertvector(k, two_doubles);
    two_doubles const r = (x - product(whole, ln2_high)) - product(whole, ln2_low);
    constexpr auto& c = over_factorial;
    two_doubles const r2 = product(r, r);
    two_doubles const r4 = product(r2, r2);
    two_doubles const r8 = product(r4, r4);
    two_doubles const p0 = c[0] + product(r, c[1]);
    two_doubles const p2 = c[2] + product(r, c[3]);
    two_doubles const p4 = c[4] + product(r, c[5]);
    two_doubles const p6 = c[6] + product(r, c[7]);
    two_doubles const p8 = c[8] + product(r, c[9]);
    two_doubles const p10 = c[10] + product(r, c[11]);
    two_doubles const q0 = p0 + product(p2, r2);
    two_doubles const q4 = p4 + product(p6, r2);
    two_doubles const q8 = p8 + product(p10, r2);
    two_doubles const sum = (q0 + product(q4, r4)) + product(q8, r8);
    two_doubles const mantissa = 1 + (r + product(r2, sum));
    two_longs const power = (__builtin_convertvector(k, two_longs) + 1023) << 52;
    x = mantissa * reinterpret_cast<two_doubles>(power);
}
} // namespace detail

/// Puts e^x in the place of each x.
template <std::size_t N> [[gnu::always_inline]] inline void exps(double (&x)[N]) noexcept {
    static_assert(N % 2 == 0, "core: exponentials come in pairs");
    bool far = false;
    for (double const one : x) far |= !(one <= 700) | !(one >= -700); // as is what is no number
    if (far) {
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
