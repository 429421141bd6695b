// SPDX-License-Identifier: MIT
// Golden numbers were computed by an independent program from the definition: red means that every seed
// anyone wrote down now means something else. Right only in a release that says so.
#include <array>
#include <cstdint>
#include <limits>
#include <numeric>
#include <vector>

#include <runnel/core/rng.hpp>

#include "support/catch.hpp"
#include "support/stops.hpp"

using runnel::counter_rng;

namespace {

constexpr std::uint64_t most = ~std::uint64_t{0};

} // namespace

TEST_CASE("mix has its golden numbers", "[core][rng]") {
    STATIC_REQUIRE(runnel::mix(0) == 0);
    STATIC_REQUIRE(runnel::mix(1) == 0x5692161D100B05E5U);
    STATIC_REQUIRE(runnel::mix(most) == 0xB4D055FCF2CBBD7BU);
}

TEST_CASE("draws have their golden numbers", "[core][rng]") {
    constexpr counter_rng zero{{}};
    STATIC_REQUIRE(zero(0) == 0x9CE9044CF4430B33U);
    STATIC_REQUIRE(zero(1) == 0x7505F249B38B57FAU);
    STATIC_REQUIRE(zero(most) == 0xB2D1844CFD6A5548U);
    STATIC_REQUIRE(counter_rng{{.seed = 1}}(0) == 0x96C9F513020798B9U);
    STATIC_REQUIRE(counter_rng{{.frame = 1}}(0) == 0xECF79027CBD96584U);
    STATIC_REQUIRE(counter_rng{{.node = 1}}(0) == 0xDA31D8D27B39D645U);
    STATIC_REQUIRE(counter_rng{{1, 2, 3}}(0) == 0x3064C53251B62548U);
    STATIC_REQUIRE(counter_rng{{most, most, most}}(1) == 0x37FB82F46D3B8F2CU);
}

TEST_CASE("unit draws have their golden numbers", "[core][rng]") {
    STATIC_REQUIRE(counter_rng{{}}.unit(0) == 5520787630884961 * 0x1p-53);
    STATIC_REQUIRE(counter_rng{{1, 2, 3}}.unit(0) == 1702699624707780 * 0x1p-53);
}

TEST_CASE("bounded draws have their golden numbers", "[core][rng]") {
    constexpr counter_rng rng{{1, 2, 3}};
    STATIC_REQUIRE(rng.bounded(6, 0) == 1);
    STATIC_REQUIRE(rng.bounded(1000, 0) == 189);
    STATIC_REQUIRE(counter_rng{{0, 1, 0}}.bounded(1000, 0) == 925);
}

TEST_CASE("bounded draws that were rejected have their golden numbers", "[core][rng]") {
    constexpr counter_rng rng{{1, 2, 3}};
    constexpr std::uint64_t half = (std::uint64_t{1} << 63) + 1; // rejects almost every second word
    STATIC_REQUIRE(rng.bounded(half, 0) == 4940879068768925087U);
    STATIC_REQUIRE(rng.bounded(half, 8) == 6101102008524655101U);
    STATIC_REQUIRE(rng.bounded(half, 25) == 6682732228696450154U); // the tenth word
}

TEST_CASE("one choice is no choice", "[core][rng]") {
    constexpr counter_rng rng{{1, 2, 3}};
    for (std::uint64_t draw = 0; draw < 100; ++draw) CHECK(rng.bounded(1, draw) == 0);
}

TEST_CASE("seed, frame and node are not interchangeable", "[core][rng]") {
    std::array<std::uint64_t, 6> const firsts{counter_rng{{1, 2, 3}}(0), counter_rng{{1, 3, 2}}(0),
                                              counter_rng{{2, 1, 3}}(0), counter_rng{{2, 3, 1}}(0),
                                              counter_rng{{3, 1, 2}}(0), counter_rng{{3, 2, 1}}(0)};
    for (std::size_t i = 0; i < firsts.size(); ++i)
        for (std::size_t k = 0; k < i; ++k) CHECK(firsts[i] != firsts[k]);
}

TEST_CASE("a number does not depend on what was drawn before", "[core][rng]") {
    counter_rng const rng{{7, 8, 9}};
    std::vector<std::uint64_t> forwards(1000);
    std::vector<std::uint64_t> backwards(1000);
    for (std::size_t i = 0; i < 1000; ++i) forwards[i] = rng(i) + rng.bounded(10, i);
    for (std::size_t i = 1000; i-- > 0;) {
        static_cast<void>(rng.unit(i * 3));
        backwards[i] = counter_rng{{7, 8, 9}}(i) + rng.bounded(10, i);
    }
    CHECK(forwards == backwards);
}

#if RUNNEL_TEST_CAN_STOP
TEST_CASE("a bound of zero stops a checked program", "[core][rng]") {
    std::uint64_t const none = 0;
    CHECK(support::stops([&] { static_cast<void>(counter_rng{{}}.bounded(none, 0)); }));
}
#endif
