// SPDX-License-Identifier: MIT
// room: recall. The one kernel: sums in sixteen lanes, the same bits on every machine.
//
// Why:  scan, walk and re-ranking must agree to the last bit, or "exact" means nothing. Sixteen lanes fill
//       one register of the widest instruction set and four of the narrowest; element i goes to lane
//       i mod 16, each product is rounded before it is added, and the lanes are folded in one fixed order.
//       The width of the registers is then a matter of speed alone, and chosen when the program runs.
// Laws: what a tile of four rows and four queries yields is what each pair yields alone.
#pragma once

#include <cstddef>
#include <cstdint>

namespace runnel::recall::detail {

using lanes16 = float __attribute__((vector_size(64)));
using lanes8 = float __attribute__((vector_size(32)));
using lanes4 = float __attribute__((vector_size(16)));
using codes16 = signed char __attribute__((vector_size(16)));
using words16 = short __attribute__((vector_size(32)));
using sums8 = int __attribute__((vector_size(32)));
#ifdef __clang__
using codes32 = signed char __attribute__((vector_size(32)));
#else
using codes32 = char __attribute__((vector_size(32))); // as its builtins want it
#endif
using words32 = short __attribute__((vector_size(64)));
using sums16 = int __attribute__((vector_size(64)));

/// What is summed: products of two vectors, or squares of their differences.
enum class measure : std::uint8_t { products, differences };

/// Sums for `rows` times `queries`: out[row * queries + query]. The shapes are 1x1, 4x1 and 4x4.
using tile_function = void (*)(
    float const* const* rows, float const* const* queries, std::size_t dimension, float* out);
/// The inner products of four rows of bytes with one of words; `padded` is a multiple of 32. No sum may leave
/// 32 bits, whatever the order: the caller has seen to it.
using codes_function = void (*)(
    signed char const* const* rows, short const* query, std::size_t padded, std::int32_t* out);

struct kernels {
    tile_function one[2];
    tile_function four[2];
    tile_function sixteen[2];
    codes_function codes;
};

// A product that has been in a register by itself cannot become the first half of a fused multiply-add. (The
// compiler's own barrier takes vectors apart.)
#if defined(__x86_64__) || defined(__i386__)
#    define RUNNEL_RECALL_REGISTER "x"
#elif defined(__aarch64__)
#    define RUNNEL_RECALL_REGISTER "w"
#else
#    define RUNNEL_RECALL_REGISTER "m"
#endif
#ifdef __clang__
#    define RUNNEL_RECALL_APART _Pragma("clang fp contract(off)")
#    define RUNNEL_RECALL_ROUNDED(x, reg)
#    define RUNNEL_RECALL_UNROLL _Pragma("unroll")
#else
#    define RUNNEL_RECALL_APART
#    define RUNNEL_RECALL_ROUNDED(x, reg) asm("" : "+" reg(x))
#    define RUNNEL_RECALL_UNROLL _Pragma("GCC unroll 16")
#endif

// The text of a kernel, compiled once per instruction set. A function template could not do it: a target is
// an attribute of a function, and a helper inlined into it has been cut to narrow registers before.
#define RUNNEL_RECALL_TILE(name, attribute, vector, reg)                                         \
    template <measure By, std::size_t Rows, std::size_t Queries>                                 \
    attribute void name(                                                                         \
        float const* const* rows, float const* const* queries, std::size_t dimension,            \
        float* out) {                                                                            \
        RUNNEL_RECALL_APART                                                                      \
        constexpr std::size_t width = sizeof(vector) / sizeof(float);                            \
        constexpr std::size_t parts = 16 / width;                                                \
        vector sum[Rows * Queries][parts]{};                                                     \
        float rest[(Rows + Queries) * 16];                                                       \
        std::size_t const whole = dimension / 16 * 16;                                           \
        if (whole != dimension) {                                                                \
            __builtin_memset(rest, 0, sizeof rest);                                              \
            std::size_t const bytes = (dimension - whole) * sizeof(float);                       \
            for (std::size_t r = 0; r < Rows; ++r)                                               \
                __builtin_memcpy(rest + r * 16, rows[r] + whole, bytes);                         \
            for (std::size_t q = 0; q < Queries; ++q)                                            \
                __builtin_memcpy(rest + (Rows + q) * 16, queries[q] + whole, bytes);             \
        }                                                                                        \
        for (std::size_t at = 0; at < dimension; at += 16) {                                     \
            bool const tail = at == whole;                                                       \
            RUNNEL_RECALL_UNROLL                                                                 \
            for (std::size_t p = 0; p < parts; ++p) {                                            \
                vector row[Rows];                                                                \
                RUNNEL_RECALL_UNROLL                                                             \
                for (std::size_t r = 0; r < Rows; ++r)                                           \
                    __builtin_memcpy(                                                            \
                        &row[r], (tail ? rest + r * 16 : rows[r] + at) + p * width,              \
                        sizeof(vector));                                                         \
                RUNNEL_RECALL_UNROLL                                                             \
                for (std::size_t q = 0; q < Queries; ++q) {                                      \
                    vector query;                                                                \
                    __builtin_memcpy(                                                            \
                        &query, (tail ? rest + (Rows + q) * 16 : queries[q] + at) + p * width,   \
                        sizeof(vector));                                                         \
                    RUNNEL_RECALL_UNROLL                                                         \
                    for (std::size_t r = 0; r < Rows; ++r) {                                     \
                        vector term = row[r];                                                    \
                        if constexpr (By == measure::products) {                                 \
                            term *= query;                                                       \
                        } else {                                                                 \
                            term -= query;                                                       \
                            term *= term;                                                        \
                        }                                                                        \
                        RUNNEL_RECALL_ROUNDED(term, reg);                                        \
                        sum[r * Queries + q][p] += term;                                         \
                    }                                                                            \
                }                                                                                \
            }                                                                                    \
        }                                                                                        \
        lanes4 quarters[Rows * Queries];                                                         \
        RUNNEL_RECALL_UNROLL                                                                     \
        for (std::size_t i = 0; i < Rows * Queries; ++i) {                                       \
            lanes4& quarter = quarters[i];                                                       \
            if constexpr (parts == 4) {                                                          \
                quarter = (sum[i][0] + sum[i][2]) + (sum[i][1] + sum[i][3]);                     \
            } else {                                                                             \
                lanes8 half;                                                                     \
                if constexpr (parts == 2)                                                        \
                    half = sum[i][0] + sum[i][1];                                                \
                else                                                                             \
                    half = __builtin_shufflevector(sum[i][0], sum[i][0], 0, 1, 2, 3, 4, 5, 6, 7) \
                           + __builtin_shufflevector(                                            \
                               sum[i][0], sum[i][0], 8, 9, 10, 11, 12, 13, 14, 15);              \
                quarter = __builtin_shufflevector(half, half, 0, 1, 2, 3)                        \
                          + __builtin_shufflevector(half, half, 4, 5, 6, 7);                     \
            }                                                                                    \
        }                                                                                        \
        if constexpr (Rows * Queries % 4 == 0) {                                                 \
            RUNNEL_RECALL_UNROLL                                                                 \
            for (std::size_t i = 0; i < Rows * Queries; i += 4) {                                \
                lanes4 const* const q = quarters + i;                                            \
                lanes4 const left = __builtin_shufflevector(q[0], q[1], 0, 1, 4, 5)              \
                                    + __builtin_shufflevector(q[0], q[1], 2, 3, 6, 7);           \
                lanes4 const right = __builtin_shufflevector(q[2], q[3], 0, 1, 4, 5)             \
                                     + __builtin_shufflevector(q[2], q[3], 2, 3, 6, 7);          \
                lanes4 const all = __builtin_shufflevector(left, right, 0, 2, 4, 6)              \
                                   + __builtin_shufflevector(left, right, 1, 3, 5, 7);           \
                __builtin_memcpy(out + i, &all, sizeof all);                                     \
            }                                                                                    \
        } else {                                                                                 \
            for (std::size_t i = 0; i < Rows * Queries; ++i)                                     \
                out[i] = (quarters[i][0] + quarters[i][2]) + (quarters[i][1] + quarters[i][3]);  \
        }                                                                                        \
    }

#define RUNNEL_RECALL_KERNELS(name, codes)                                           \
    {                                                                                \
        {name<measure::products, 1, 1>, name<measure::differences, 1, 1>},           \
            {name<measure::products, 4, 1>, name<measure::differences, 4, 1>},       \
            {name<measure::products, 4, 4>, name<measure::differences, 4, 4>}, codes \
    }

// Whole numbers add up to the same in any order: here the compiler may do as it likes.
inline void codes_plain(
    signed char const* const* rows, short const* query, std::size_t padded, std::int32_t* out) {
    for (std::size_t r = 0; r < 4; ++r) {
        std::int32_t sum = 0;
        for (std::size_t i = 0; i < padded; ++i) sum += rows[r][i] * query[i];
        out[r] = sum;
    }
}

RUNNEL_RECALL_TILE(tile_plain, , lanes4, RUNNEL_RECALL_REGISTER)
inline constexpr kernels plain_kernels = RUNNEL_RECALL_KERNELS(tile_plain, codes_plain);

#if defined(__x86_64__)
RUNNEL_RECALL_TILE(tile_avx2, [[gnu::target("avx2")]], lanes8, "x")
RUNNEL_RECALL_TILE(tile_avx512, [[gnu::target("avx512f")]], lanes16, "v")

// Four times eight sums become four: pairs side by side, then pairs of pairs.
#    define RUNNEL_RECALL_FOLD_EIGHT(sum)                                                         \
        sums8 const low = __builtin_shufflevector(sum[0], sum[1], 0, 8, 1, 9, 4, 12, 5, 13)       \
                          + __builtin_shufflevector(sum[0], sum[1], 2, 10, 3, 11, 6, 14, 7, 15);  \
        sums8 const high = __builtin_shufflevector(sum[2], sum[3], 0, 8, 1, 9, 4, 12, 5, 13)      \
                           + __builtin_shufflevector(sum[2], sum[3], 2, 10, 3, 11, 6, 14, 7, 15); \
        sums8 const all = __builtin_shufflevector(low, high, 0, 1, 8, 9, 4, 5, 12, 13)            \
                          + __builtin_shufflevector(low, high, 2, 3, 10, 11, 6, 7, 14, 15);       \
        for (std::size_t r = 0; r < 4; ++r) out[r] = all[r] + all[r + 4];

[[gnu::target("avx2")]] inline void codes_avx2(
    signed char const* const* rows, short const* query, std::size_t padded, std::int32_t* out) {
    sums8 sum[4]{};
    for (std::size_t at = 0; at < padded; at += 16) {
        words16 word;
        __builtin_memcpy(&word, query + at, sizeof word);
        RUNNEL_RECALL_UNROLL
        for (std::size_t r = 0; r < 4; ++r) {
            codes16 code;
            __builtin_memcpy(&code, rows[r] + at, sizeof code);
            sum[r] += __builtin_ia32_pmaddwd256(__builtin_convertvector(code, words16), word);
        }
    }
    RUNNEL_RECALL_FOLD_EIGHT(sum)
}
[[gnu::target("avx512f,avx512bw")]] inline void codes_avx512(
    signed char const* const* rows, short const* query, std::size_t padded, std::int32_t* out) {
    sums16 sum[4]{};
    for (std::size_t at = 0; at < padded; at += 32) {
        words32 word;
        __builtin_memcpy(&word, query + at, sizeof word);
        RUNNEL_RECALL_UNROLL
        for (std::size_t r = 0; r < 4; ++r) {
            codes32 code;
            __builtin_memcpy(&code, rows[r] + at, sizeof code);
#    ifdef __clang__
            sum[r] += __builtin_ia32_pmaddwd512(__builtin_convertvector(code, words32), word);
#    else
            sum[r] += __builtin_ia32_pmaddwd512_mask(
                __builtin_ia32_pmovsxbw512_mask(code, words32{}, ~0U), word, sums16{}, 0xFFFF);
#    endif
        }
    }
    sums8 half[4];
    RUNNEL_RECALL_UNROLL
    for (std::size_t r = 0; r < 4; ++r)
        half[r] = __builtin_shufflevector(sum[r], sum[r], 0, 1, 2, 3, 4, 5, 6, 7)
                  + __builtin_shufflevector(sum[r], sum[r], 8, 9, 10, 11, 12, 13, 14, 15);
    RUNNEL_RECALL_FOLD_EIGHT(half)
}
inline constexpr kernels avx2_kernels = RUNNEL_RECALL_KERNELS(tile_avx2, codes_avx2);
inline constexpr kernels avx512_kernels = RUNNEL_RECALL_KERNELS(tile_avx512, codes_avx512);

/// The widest the processor has.
inline kernels const& best_kernels() noexcept {
    static kernels const* const best = __builtin_cpu_supports("avx512bw") ? &avx512_kernels
                                       : __builtin_cpu_supports("avx2")   ? &avx2_kernels
                                                                          : &plain_kernels;
    return *best;
}
#else
inline kernels const& best_kernels() noexcept { return plain_kernels; }
#endif

#undef RUNNEL_RECALL_KERNELS
#undef RUNNEL_RECALL_FOLD_EIGHT
#undef RUNNEL_RECALL_TILE
#undef RUNNEL_RECALL_UNROLL
#undef RUNNEL_RECALL_ROUNDED
#undef RUNNEL_RECALL_APART
#undef RUNNEL_RECALL_REGISTER

} // namespace runnel::recall::detail
