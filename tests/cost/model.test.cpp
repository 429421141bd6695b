// SPDX-License-Identifier: MIT
#include <cstdint>
#include <limits>
#include <string>

#include <runnel/cost.hpp>

#include "support/catch.hpp"
#include "support/law.hpp"

namespace cost = runnel::cost;
using runnel::candidate;
using runnel::log_weight;

namespace {

candidate weighing(std::int32_t raw) { return {.lw = log_weight::from_raw(raw)}; }

struct float_model {
    float operator()(candidate const&) const { return 0; }
};
struct tagged {
    using weight_monotone = void;
    double operator()(candidate const& c) const { return 3 - c.lw.log(); }
};
struct tag_alone {
    using weight_monotone = void;
};

// Each has the wrong shape in one way.
struct not_const {
    double operator()(candidate const&) { return 0; }
};
struct no_arguments {
    double operator()() const { return 0; }
};
struct two_arguments {
    double operator()(candidate const&, double) const { return 0; }
};
struct changes_candidate {
    double operator()(candidate&) const { return 0; }
};
struct returns_nothing {
    void operator()(candidate const&) const {}
};
struct returns_text {
    std::string operator()(candidate const&) const { return {}; }
};
struct takes_weight {
    double operator()(double) const { return 0; }
};

} // namespace

TEST_CASE("a lambda is a cost model", "[cost][model]") {
    auto const plain = [](candidate const& c) { return -c.lw.log(); };
    auto const by_value = [](candidate) { return 1; };
    auto const generic = [](auto const& c) { return c.lw.log(); };
    double factor = 2;
    auto const capturing = [&](candidate const& c) { return factor * c.lw.log(); };
    STATIC_REQUIRE(cost::model<decltype(plain)>);
    STATIC_REQUIRE(cost::model<decltype(by_value)>);
    STATIC_REQUIRE(cost::model<decltype(generic)>);
    STATIC_REQUIRE(cost::model<decltype(capturing)>);
    CHECK(capturing(weighing(1 << 24)) == 2);
}

TEST_CASE("so is a function, and a class with the operator", "[cost][model]") {
    STATIC_REQUIRE(cost::model<double (*)(candidate const&)>);
    STATIC_REQUIRE(cost::model<float_model>);
    STATIC_REQUIRE(cost::model<tagged>);
    STATIC_REQUIRE(cost::model<cost::by_weight>);
}

TEST_CASE("a model of another shape is refused", "[cost][model]") {
    STATIC_REQUIRE_FALSE(cost::model<not_const>);
    STATIC_REQUIRE_FALSE(cost::model<no_arguments>);
    STATIC_REQUIRE_FALSE(cost::model<two_arguments>);
    STATIC_REQUIRE_FALSE(cost::model<changes_candidate>);
    STATIC_REQUIRE_FALSE(cost::model<returns_nothing>);
    STATIC_REQUIRE_FALSE(cost::model<returns_text>);
    STATIC_REQUIRE_FALSE(cost::model<takes_weight>);
    STATIC_REQUIRE_FALSE(cost::model<double>);
    auto const counting = [n = 0](candidate const&) mutable { return double(++n); };
    STATIC_REQUIRE_FALSE(cost::model<decltype(counting)>);
}

TEST_CASE("only a model that says so is taken to fall with weight", "[cost][model]") {
    STATIC_REQUIRE(cost::weight_monotone<cost::by_weight>);
    STATIC_REQUIRE(cost::weight_monotone<tagged>);
    STATIC_REQUIRE_FALSE(cost::weight_monotone<float_model>);
    STATIC_REQUIRE_FALSE(cost::weight_monotone<tag_alone>);
}

TEST_CASE("a model may ask for familiarity; one that does not say is not told", "[cost][model]") {
    STATIC_REQUIRE(cost::asks_familiarity<cost::log_additive>);
    STATIC_REQUIRE_FALSE(cost::asks_familiarity<cost::by_weight>);
    STATIC_REQUIRE_FALSE(cost::asks_familiarity<float_model>);
}

TEST_CASE("by weight, the cost is minus the log-weight", "[cost][by_weight]") {
    using limits = std::numeric_limits<std::int32_t>;
    STATIC_REQUIRE(cost::by_weight{}({}) == 0);
    CHECK(cost::by_weight{}(weighing(3 << 24)) == -3);
    CHECK(cost::by_weight{}(weighing(-(5 << 23))) == 2.5);
    CHECK(cost::by_weight{}(weighing(limits::min())) == 128);
    CHECK(cost::by_weight{}(weighing(limits::max())) == -(128 - 0x1p-24));
}

TEST_CASE("by weight, the heavier is the cheaper, to the last bit", "[cost][by_weight]") {
    using limits = std::numeric_limits<std::int32_t>;
    law::for_all(20'000, [](law::gen& g) {
        auto const a = g.integer(limits::min(), limits::max(), "a");
        auto const b = g.flag() ? g.integer(limits::min(), limits::max(), "b")
                                : a + (a == limits::max() ? -1 : g.integer(0, 1, "a bit more"));
        double const cost_a = cost::by_weight{}(weighing(a));
        double const cost_b = cost::by_weight{}(weighing(b));
        g.holds((a > b) == (cost_a < cost_b), "costs are ordered as weights fall");
        g.holds((a == b) == (cost_a == cost_b), "and equal for equals only");
    });
}

TEST_CASE("by weight, nothing but the weight counts", "[cost][by_weight]") {
    candidate const here{};
    candidate const there{
        runnel::node_id{7},
        runnel::node_id{9},
        {},
        runnel::row_place{3},
        runnel::link_type::blocks};
    CHECK(cost::by_weight{}(here) == cost::by_weight{}(there));
}
