// SPDX-License-Identifier: MIT
#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

#include <runnel/core/rng.hpp>
#include <runnel/recall/similarity.hpp>

#include "support/catch.hpp"

using namespace runnel;
using recall::metric;

namespace {

std::vector<float> drawn(std::size_t dimension, std::uint64_t seed) {
    counter_rng const draw{{.seed = seed}};
    std::vector<float> numbers(dimension);
    for (std::size_t i = 0; i < dimension; ++i)
        numbers[i] = static_cast<float>(draw.unit(i) * 2 - 1);
    return numbers;
}

std::uint32_t bits(float x) { return std::bit_cast<std::uint32_t>(x); }

std::vector<recall::detail::kernels const*> paths() {
    std::vector<recall::detail::kernels const*> all{&recall::detail::plain_kernels};
#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx2")) all.push_back(&recall::detail::avx2_kernels);
    if (__builtin_cpu_supports("avx512f")) all.push_back(&recall::detail::avx512_kernels);
#endif
    return all;
}

} // namespace

TEST_CASE(
    "Every tile on every instruction set yields the bits of sixteen plain lanes", "[recall]") {
    for (std::size_t const dimension : {1U, 2U, 15U, 16U, 17U, 31U, 48U, 100U, 128U, 771U}) {
        CAPTURE(dimension);
        std::vector<std::vector<float>> vectors;
        for (std::uint64_t v = 0; v < 8; ++v) vectors.push_back(drawn(dimension, v));
        float const* rows[4];
        float const* queries[4];
        for (std::size_t i = 0; i < 4; ++i) {
            rows[i] = vectors[i].data();
            queries[i] = vectors[4 + i].data();
        }
        for (std::size_t what = 0; what < 2; ++what)
            for (auto const* path : paths()) {
                float sixteen[16];
                float four[4];
                float one;
                path->sixteen[what](rows, queries, dimension, sixteen);
                for (std::size_t q = 0; q < 4; ++q) {
                    path->four[what](rows, queries + q, dimension, four);
                    for (std::size_t r = 0; r < 4; ++r) {
                        path->one[what](rows + r, queries + q, dimension, &one);
                        float lane[16]{};
                        for (std::size_t i = 0; i < dimension; ++i) {
                            float const a = rows[r][i];
                            float const b = queries[q][i];
                            float volatile const term = what == 0 ? a * b : (a - b) * (a - b);
                            lane[i % 16] += term;
                        }
                        for (std::size_t width = 8; width > 0; width /= 2)
                            for (std::size_t i = 0; i < width; ++i) lane[i] += lane[i + width];
                        REQUIRE(bits(one) == bits(lane[0]));
                        REQUIRE(bits(four[r]) == bits(one));
                        REQUIRE(bits(sixteen[r * 4 + q]) == bits(one));
                    }
                }
            }
    }
}

TEST_CASE("Bytes against words are summed alike on every instruction set", "[recall]") {
    for (std::size_t const padded : {32U, 64U, 128U, 768U, 4096U}) {
        std::vector<signed char> bytes(4 * padded);
        std::vector<short> query(padded);
        counter_rng const draw{{.seed = padded}};
        auto const number = [&](std::uint64_t i, int most) {
            if (padded == 64) return most; // as large as it gets
            return static_cast<int>(draw.bounded(static_cast<std::uint64_t>(2 * most + 1), i))
                   - most;
        };
        int const largest = static_cast<int>(std::min<std::size_t>(32767, 16'900'000 / padded));
        for (std::size_t i = 0; i < padded; ++i) query[i] = static_cast<short>(number(i, largest));
        for (std::size_t i = 0; i < 4 * padded; ++i)
            bytes[i] = static_cast<signed char>(number(padded + i, 127));
        signed char const* rows[4];
        std::int64_t expected[4]{};
        for (std::size_t r = 0; r < 4; ++r) {
            rows[r] = bytes.data() + r * padded;
            for (std::size_t i = 0; i < padded; ++i) expected[r] += rows[r][i] * query[i];
        }
        for (auto const* path : paths()) {
            std::int32_t sums[4];
            path->codes(rows, query.data(), padded, sums);
            for (std::size_t r = 0; r < 4; ++r) CHECK(sums[r] == expected[r]);
        }
    }
}

TEST_CASE("The three metrics say what they should, nearer being larger", "[recall]") {
    std::vector<float> const a{3, 0, 4};
    std::vector<float> const b{0, 0, 2};
    auto const of = [&](metric by) {
        recall::comparer const compare{by, 3};
        return compare(compare.measure(a).value(), compare.measure(b).value());
    };
    CHECK(of(metric::cosine) == Approx(.8));
    CHECK(of(metric::inner_product) == 8);
    CHECK(of(metric::l2) == -(9 + 4));
}

TEST_CASE("Similarity is symmetric to the bit", "[recall]") {
    auto const a = drawn(77, 1);
    auto b = drawn(77, 2);
    for (float& x : b) x *= 1e-3F;
    for (metric const by : {metric::cosine, metric::inner_product, metric::l2}) {
        recall::comparer const compare{by, 77};
        auto const m = compare.measure(a).value();
        auto const n = compare.measure(b).value();
        CHECK(bits(compare(m, n)) == bits(compare(n, m)));
    }
}

TEST_CASE("A vector that cannot be compared is refused with its place", "[recall]") {
    recall::comparer const compare{metric::cosine, 3};
    auto const refused = [](recall::comparer const& by, std::vector<float> const& v) {
        auto const told = by.measure(v);
        REQUIRE(!told);
        return told.error();
    };
    float const nan = std::numeric_limits<float>::quiet_NaN();
    float const infinite = std::numeric_limits<float>::infinity();
    CHECK(refused(compare, {1, 2}).is(recall::faults::dimension_mismatch));
    CHECK(refused(compare, {1, 2}).offender() == "expected 3, got 2");
    CHECK(refused(compare, {1, nan, 0}).is(recall::faults::non_finite));
    CHECK(refused(compare, {1, nan, 0}).position() == 1);
    CHECK(refused(compare, {1, 0, -infinite}).position() == 2);
    CHECK(refused(compare, {1e19F, 0, 0}).is(recall::faults::non_finite));
    CHECK(refused(compare, {0, 0, 0}).is(recall::faults::zero_norm));
    CHECK(refused(compare, {1e-13F, 0, 0}).is(recall::faults::zero_norm));
    recall::comparer const inner{metric::inner_product, 3};
    CHECK(inner.measure(std::vector<float>{0, 0, 0}).has_value());
}

TEST_CASE("On the scale of absolute similarity order is kept and ends are 0 and 1", "[recall]") {
    CHECK(recall::absolute(metric::cosine, -1) == 0);
    CHECK(recall::absolute(metric::cosine, 1) == 1);
    CHECK(recall::absolute(metric::cosine, .5) == .75);
    CHECK(recall::absolute(metric::l2, 0) == 1);
    CHECK(recall::absolute(metric::l2, -3) == .25);
    CHECK(recall::absolute(metric::inner_product, 0) == .5);
    CHECK(recall::absolute(metric::inner_product, 1) == .75);
    CHECK(recall::absolute(metric::inner_product, -1) == .25);
}
