// SPDX-License-Identifier: MIT
// Copies and moves of results in constant expressions. Asked as a question, so that a no is a red test
// and not a file that does not compile.
#include <type_traits>
#include <utility>

#include <runnel/core/log_weight.hpp>
#include <runnel/core/result.hpp>

#include "support/catch.hpp"

using runnel::fault;
using runnel::result;

namespace {

template <auto Call>
concept constant = requires {
    typename std::bool_constant<(Call(), true)>;
};

constexpr runnel::fault_kind odd{"core.odd", "must be even"};

constexpr result<int> half_of(int whole) {
    if (whole % 2 != 0) return fault{odd, whole};
    return whole / 2;
}
constexpr int copied(int whole) {
    auto const first = half_of(whole);
    auto const second = first; // NOLINT(performance-unnecessary-copy-initialization): the subject
    return second.value_or(-1);
}
constexpr int moved(int whole) {
    auto first = half_of(whole);
    auto const second = std::move(first);
    return second.value_or(-1);
}

} // namespace

TEST_CASE("results are copied in constant expressions", "[core][result]") {
    CHECK(constant<[] { return copied(8); }>);
    CHECK(constant<[] { return copied(7); }>);
}

TEST_CASE("results are moved in constant expressions", "[core][result]") {
    CHECK(constant<[] { return moved(8); }>);
    CHECK(constant<[] { return moved(7); }>);
}

TEST_CASE("a weight becomes its logarithm in constant expressions", "[core][result]") {
    CHECK(constant<[] { return runnel::log_weight::from_weight(.5).value().raw(); }>);
    CHECK(constant<[] { return runnel::log_weight::from_weight(-1).has_value(); }>);
}

TEST_CASE("what may not be constant is known not to be", "[core][result]") {
    CHECK_FALSE(constant<[] { return half_of(7).value(); }>);
}
