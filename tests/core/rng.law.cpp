// SPDX-License-Identifier: MIT
// Statistics of the draws. Keys are fixed, so a verdict never changes by chance; bounds are those of a
// one in a million event.
#include <array>
#include <bit>
#include <cmath>
#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include <runnel/core/rng.hpp>

#include "support/catch.hpp"
#include "support/law.hpp"

using runnel::counter_rng;

namespace {

double chi_square(std::vector<std::uint64_t> const& seen, std::uint64_t draws) {
    double const expected = static_cast<double>(draws) / static_cast<double>(seen.size());
    double sum = 0;
    for (std::uint64_t const count : seen) {
        double const off = static_cast<double>(count) - expected;
        sum += off * off / expected;
    }
    return sum;
}
/// What chi-square exceeds once in a million (Wilson and Hilferty).
double chi_limit(std::size_t bins) {
    double const k = static_cast<double>(bins - 1);
    double const c = 2.0 / (9 * k);
    return k * std::pow(1 - c + 4.753 * std::sqrt(c), 3);
}

/// Draws of `bounded(n)`, sorted into n bins, or for huge n into `bins` equal parts of [0, n).
void check_even(std::uint64_t n, std::uint64_t bins) {
    constexpr std::uint64_t draws = 60'000;
    counter_rng const rng{{.seed = 11, .frame = n, .node = 5}};
    std::uint64_t const width = n / bins; // exact for the n below, or off by less than 2^-58
    std::vector<std::uint64_t> seen(bins, 0);
    bool below = true;
    for (std::uint64_t i = 0; i < draws; ++i) {
        std::uint64_t const drawn = rng.bounded(n, i);
        below = below && drawn < n;
        ++seen[std::min(drawn / width, bins - 1)];
    }
    CAPTURE(n, bins);
    CHECK(below);
    CHECK(chi_square(seen, draws) < chi_limit(bins));
}

} // namespace

TEST_CASE("bounded draws favour no number", "[core][rng]") {
    for (std::uint64_t const n : {2U, 3U, 5U, 6U, 7U, 10U, 64U, 100U, 257U, 1000U})
        check_even(n, n);
}

TEST_CASE("bounded draws favour no part of a huge range", "[core][rng]") {
    std::uint64_t const half = std::uint64_t{1} << 63;
    std::uint64_t const quarter = std::uint64_t{1} << 62;
    for (std::uint64_t const n : {3 * quarter, half + 1, half + quarter / 2, ~std::uint64_t{0}})
        for (std::uint64_t const bins : {2U, 3U, 7U, 24U}) check_even(n, bins);
}

TEST_CASE("bounded draws favour no residue of a huge range", "[core][rng]") {
    constexpr std::uint64_t draws = 60'000;
    std::uint64_t const n = 3 * (std::uint64_t{1} << 62);
    counter_rng const rng{{.seed = 12}};
    std::vector<std::uint64_t> seen(3, 0);
    for (std::uint64_t i = 0; i < draws; ++i) ++seen[rng.bounded(n, i) % 3];
    CHECK(chi_square(seen, draws) < chi_limit(3));
}

TEST_CASE("bounded draws stay below any bound", "[core][rng]") {
    law::for_all(20'000, [](law::gen& g) {
        auto const bits = g.integer(0, 63);
        std::uint64_t const n = g.integer(std::uint64_t{1}, ~std::uint64_t{0} >> bits, "n");
        counter_rng const rng{{.seed = g.choose(~std::uint64_t{0})}};
        g.holds(rng.bounded(n, g.choose(99)) < n, "below");
    });
}

TEST_CASE("unit draws are evenly spread over [0, 1)", "[core][rng]") {
    constexpr std::uint64_t draws = 60'000;
    std::vector<std::uint64_t> seen(100, 0);
    bool inside = true;
    for (std::uint64_t i = 0; i < draws; ++i) {
        double const u = counter_rng{{.seed = 3, .frame = i / 100, .node = i % 100}}.unit(0);
        inside = inside && u >= 0 && u < 1;
        ++seen[static_cast<std::size_t>(u * 100)];
    }
    CHECK(inside);
    CHECK(chi_square(seen, draws) < chi_limit(100));
}

TEST_CASE("unit draws use all 53 bits", "[core][rng]") {
    counter_rng const rng{{.seed = 4}};
    std::uint64_t ever = 0;
    std::uint64_t always = ~std::uint64_t{0};
    for (std::uint64_t i = 0; i < 1000; ++i) {
        auto const bits = static_cast<std::uint64_t>(rng.unit(i) * 0x1p53);
        ever |= bits;
        always &= bits;
    }
    CHECK(ever == (std::uint64_t{1} << 53) - 1);
    CHECK(always == 0);
}

namespace {

/// Flips each bit of what `number_of` takes and counts how often each bit of the result flips with it.
template <class F> double worst_avalanche(F number_of) {
    constexpr int samples = 4000;
    double worst = 0;
    for (unsigned in = 0; in < 64; ++in) {
        std::array<int, 64> flips{};
        for (int s = 0; s < samples; ++s) {
            // small numbers, as seeds, frames and nodes are
            auto const key = static_cast<std::uint64_t>(s) * 3;
            std::uint64_t const changed =
                number_of(key) ^ number_of(key ^ (std::uint64_t{1} << in));
            for (unsigned out = 0; out < 64; ++out) flips[out] += (changed >> out) & 1U ? 1 : 0;
        }
        for (int const flipped : flips)
            worst = std::max(worst, std::abs(static_cast<double>(flipped) / samples - .5));
    }
    return worst;
}
constexpr double avalanche_limit = 6 * .5 / 63.2; // six standard deviations of 4000 coin flips

} // namespace

TEST_CASE("each bit of a key flips half the bits of its numbers", "[core][rng]") {
    CHECK(
        worst_avalanche([](std::uint64_t k) { return counter_rng{{.seed = k}}(0); })
        < avalanche_limit);
    CHECK(
        worst_avalanche([](std::uint64_t k) { return counter_rng{{.frame = k}}(0); })
        < avalanche_limit);
    CHECK(
        worst_avalanche([](std::uint64_t k) { return counter_rng{{.node = k}}(0); })
        < avalanche_limit);
    CHECK(worst_avalanche([](std::uint64_t k) { return counter_rng{{}}(k); }) < avalanche_limit);
}

TEST_CASE("neighbouring keys and draws do not collide", "[core][rng]") {
    std::set<std::uint64_t> seen;
    for (std::uint64_t seed = 0; seed < 10; ++seed)
        for (std::uint64_t frame = 0; frame < 10; ++frame)
            for (std::uint64_t node = 0; node < 20; ++node)
                for (std::uint64_t draw = 0; draw < 10; ++draw)
                    seen.insert(counter_rng{{seed, frame, node}}(draw));
    CHECK(seen.size() == 20'000);
}

TEST_CASE("mix is one to one", "[core][rng]") {
    // the inverse, from the inverses of its multipliers modulo 2^64
    auto const unmix = [](std::uint64_t x) {
        x = (x ^ (x >> 31) ^ (x >> 62)) * 0x319642B2D24D8EC3U;
        x = (x ^ (x >> 27) ^ (x >> 54)) * 0x96DE1B173F119089U;
        return x ^ (x >> 30) ^ (x >> 60);
    };
    law::for_all(10'000, [&](law::gen& g) {
        std::uint64_t const x = g.choose(~std::uint64_t{0});
        g.holds(unmix(runnel::mix(x)) == x, "undone");
    });
}

TEST_CASE("draws of neighbouring nodes are uncorrelated", "[core][rng]") {
    constexpr int pairs = 40'000;
    double sum = 0;
    for (std::uint64_t node = 0; node < pairs; ++node) {
        double const a = counter_rng{{.seed = 1, .frame = 1, .node = node}}.unit(0) - .5;
        double const b = counter_rng{{.seed = 1, .frame = 1, .node = node + 1}}.unit(0) - .5;
        sum += 12 * a * b;
    }
    CHECK(std::abs(sum) < 5 * std::sqrt(static_cast<double>(pairs)));
}
