// SPDX-License-Identifier: MIT
// One change of one weight: the clamp law.
#include <algorithm>
#include <cstdint>
#include <limits>

#include <runnel/graph/batch.hpp>

#include "graph/cases.hpp"
#include "support/catch.hpp"
#include "support/law.hpp"

using runnel::log_weight;
using runnel::moved;

namespace {

constexpr log_weight at(std::int32_t raw) { return log_weight::from_raw(raw); }
constexpr runnel::weight_change by(std::int64_t delta, std::int32_t low, std::int32_t high) {
    return {.delta = delta, .low = at(low), .high = at(high)};
}

} // namespace

TEST_CASE("a delta moves a weight", "[graph][batch]") {
    STATIC_REQUIRE(moved(at(10), {.delta = 5}) == at(15));
    STATIC_REQUIRE(moved(at(10), {.delta = -50}) == at(-40));
    STATIC_REQUIRE(moved(at(10), {}) == at(10));
}

TEST_CASE("a clamp stops a weight", "[graph][batch]") {
    STATIC_REQUIRE(moved(at(10), by(50, -20, 20)) == at(20));
    STATIC_REQUIRE(moved(at(10), by(-50, -20, 20)) == at(-20));
}

TEST_CASE("a weight beyond a clamp is not moved against its delta", "[graph][batch]") {
    STATIC_REQUIRE(moved(at(30), by(5, -20, 20)) == at(30));
    STATIC_REQUIRE(moved(at(-30), by(-5, -20, 20)) == at(-30));
    STATIC_REQUIRE(moved(at(-30), by(5, -20, 20)) == at(-25));
    STATIC_REQUIRE(moved(at(30), by(-5, -20, 20)) == at(25));
}

TEST_CASE("without clamps the range is the limit", "[graph][batch]") {
    using raw = std::numeric_limits<std::int32_t>;
    using delta = std::numeric_limits<std::int64_t>;
    STATIC_REQUIRE(moved(at(raw::min()), {.delta = delta::max()}) == at(raw::max()));
    STATIC_REQUIRE(moved(at(raw::max()), {.delta = delta::min()}) == at(raw::min()));
    STATIC_REQUIRE(moved(at(raw::max()), {.delta = 1}) == at(raw::max()));
    STATIC_REQUIRE(moved(at(raw::min()), {.delta = -1}) == at(raw::min()));
}

TEST_CASE("a moved weight equals the arithmetic of wider numbers", "[graph][batch]") {
    law::for_all(20'000, [](law::gen& g) {
        std::int32_t const lw = graph_test::any_raw(g);
        std::int32_t const a = graph_test::any_raw(g);
        std::int32_t const b = graph_test::any_raw(g);
        auto const change = by(graph_test::any_delta(g), std::min(a, b), std::max(a, b));
        g.show("lw", lw);
        g.show("delta", change.delta);
        g.show("low", change.low.raw());
        g.show("high", change.high.raw());
        g.holds(moved(at(lw), change).raw() == graph_test::folded(lw, change), "as in the model");
    });
}

TEST_CASE("a weight never moves against its delta, nor past a clamp", "[graph][batch]") {
    law::for_all(20'000, [](law::gen& g) {
        std::int32_t const lw = graph_test::any_raw(g);
        std::int32_t const a = graph_test::any_raw(g);
        std::int32_t const b = graph_test::any_raw(g);
        auto const change = by(graph_test::any_delta(g), std::min(a, b), std::max(a, b));
        log_weight const after = moved(at(lw), change);
        if (change.delta >= 0) {
            g.holds(after >= at(lw), "a rise does not lower");
            g.holds(after == at(lw) || after <= change.high, "and stops at high");
        }
        if (change.delta <= 0) {
            g.holds(after <= at(lw), "a fall does not raise");
            g.holds(after == at(lw) || after >= change.low, "and stops at low");
        }
    });
}
