// SPDX-License-Identifier: MIT
// Encoders: the identity, functions, and what they refuse.
#include <cmath>
#include <vector>

#include <runnel/recall/encoder.hpp>

#include "support/catch.hpp"

namespace recall = runnel::recall;

TEST_CASE("the identity copies and never changes", "[recall]") {
    recall::identity_encoder const encode{3};
    std::vector<float> const input{1, -2, .5F};
    std::vector<float> out(3);
    REQUIRE(encode(input, out));
    CHECK(out == input);
    CHECK(encode.dimension() == 3);
    CHECK(encode.version() == 0);
}

TEST_CASE("what the identity refuses it has not written", "[recall]") {
    recall::identity_encoder const encode{3};
    std::vector<float> out(3, 7);
    auto const refused = encode(std::vector<float>{1, 2}, out);
    REQUIRE(!refused);
    CHECK(refused.error().is(recall::faults::dimension_mismatch));
    CHECK(refused.error().offender() == "expected 3, got 2");
    auto const odd = encode(std::vector<float>{1, 2, std::nanf("")}, out);
    REQUIRE(!odd);
    CHECK(odd.error().is(recall::faults::non_finite));
    CHECK(odd.error().position() == 2);
    CHECK(out == std::vector<float>(3, 7));
    std::vector<float> small(2, 7);
    CHECK(encode(std::vector<float>{1, 2, 3}, small).error().offender() == "expected 3, got 2");
    CHECK(small == std::vector<float>(2, 7));
}

TEST_CASE("a function is an encoder", "[recall]") {
    recall::fixed_encoder const halves{2, [](std::span<float const> in, std::span<float> out) {
                                           for (std::size_t i = 0; i < out.size(); ++i)
                                               out[i] = in[i] / 2;
                                       }};
    STATIC_REQUIRE(recall::encoder<decltype(halves)>);
    STATIC_REQUIRE_FALSE(recall::encoder<int>);
    std::vector<float> out(2);
    REQUIRE(halves(std::vector<float>{2, 4, 6}, out));
    CHECK(out == std::vector<float>{1, 2});
    CHECK(halves.dimension() == 2);
    std::vector<float> large(3);
    CHECK(halves(out, large).error().is(recall::faults::dimension_mismatch));
    recall::fixed_encoder const refuses{
        2, [](std::span<float const>, std::span<float>) -> runnel::status {
            return runnel::fault{recall::faults::zero_norm};
        }};
    CHECK(refuses(out, out).error().is(recall::faults::zero_norm));
}
