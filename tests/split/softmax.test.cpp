// SPDX-License-Identifier: MIT
// Shares of the cheapest: figures, limits, refusals, and the laws against a full sort.
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <numeric>
#include <span>
#include <vector>

#include <runnel/split.hpp>

#include "support/catch.hpp"
#include "support/law.hpp"

namespace split = runnel::split;
namespace faults = runnel::faults;

namespace {

template <class Real> using shares = std::vector<split::part<Real>>;
template <class Real>
shares<Real> split_of(std::vector<Real> const& costs, std::size_t k, Real temperature) {
    shares<Real> out(std::min(k, costs.size()));
    out.resize(
        split::top_k_split<Real>(costs, k, temperature, std::span<split::part<Real>>{out}).value());
    return out;
}
constexpr double never = std::numeric_limits<double>::infinity();

} // namespace

TEST_CASE("two costs half a unit apart", "[split]") {
    auto const s = split_of<double>({1.0, .5}, 2, 1);
    REQUIRE(s.size() == 2);
    CHECK(s[0].index == 1);
    CHECK(s[0].share == Approx(.6225).margin(5e-5));
    CHECK(s[1].share == Approx(.3775).margin(5e-5));
    auto const f = split_of<float>({1.0F, .5F}, 2, 1);
    CHECK(f[0].share == Approx(.6225).margin(5e-5));
    auto const l = split_of<long double>({1.0L, .5L}, 2, 1);
    CHECK(static_cast<double>(l[0].share) == Approx(.6225).margin(5e-5));
}

TEST_CASE("cold is the cheapest alone, hot is equal parts", "[split]") {
    auto const cold = split_of<double>({3, 1, 2}, 3, 1e-300);
    CHECK(cold[0].index == 1);
    CHECK(cold[0].share == 1);
    CHECK(cold[1].share == 0);
    auto const hot = split_of<double>({3, 1, 2}, 3, never);
    for (auto const& part : hot) CHECK(part.share == Approx(1.0 / 3).epsilon(1e-15));
    auto const equal = split_of<double>({7, 7}, 2, 1e-300);
    CHECK(equal[0].index == 0);
    CHECK(equal[0].share == .5);
}

TEST_CASE("nothing to share among is nothing", "[split]") {
    CHECK(split_of<double>({}, 3, 1).empty());
    CHECK(split_of<double>({1, 2}, 0, 1).empty());
    CHECK(split_of<double>({never, never}, 2, 1).empty());
    auto const one = split_of<double>({never, 4, never}, 3, 1);
    REQUIRE(one.size() == 1);
    CHECK(one[0].index == 1);
    CHECK(one[0].share == 1);
}

TEST_CASE("what cannot be shared by is refused", "[split]") {
    std::vector<split::part<double>> out(2);
    auto const said = [&](std::vector<double> costs, double t) {
        return split::top_k_split<double>(costs, 2, t, std::span{out}).error();
    };
    CHECK(said({1, 2}, 0).is(faults::bad_temperature));
    CHECK(said({1, 2}, -1).is(faults::bad_temperature));
    CHECK(said({1, 2}, std::nan("")).is(faults::bad_temperature));
    CHECK(said({1, std::nan("")}, 1).is(faults::bad_cost));
    CHECK(said({1, std::nan("")}, 1).position() == 1);
    CHECK(said({-never, 1}, 1).is(faults::bad_cost));
}

TEST_CASE("costs far apart share without overflow", "[split]") {
    auto const s = split_of<double>({-1e308, 1e308, 0}, 3, 1e-10);
    CHECK(s[0].share == 1);
    CHECK(s[1].share == 0);
    CHECK(s[2].share == 0);
}

TEST_CASE("shares are those of a full sort, whatever the order", "[split][law]") {
    law::for_all(20'000, [](law::gen& g) {
        auto const costs = g.list(30, [&] {
            return g.flag() ? static_cast<double>(g.choose(4)) : g.real(-20, 20, "cost");
        });
        std::size_t const k = g.choose(8);
        double const t = g.one_of({.01, .5, 1.0, 3.0});
        auto const s = split_of<double>(costs, k, t);
        std::vector<std::uint32_t> order(costs.size());
        std::iota(order.begin(), order.end(), 0U);
        std::stable_sort(
            order.begin(), order.end(), [&](auto a, auto b) { return costs[a] < costs[b]; });
        g.holds(s.size() == std::min(k, costs.size()), "as many as asked");
        double sum = 0;
        double weights = 0;
        for (std::size_t i = 0; i < s.size(); ++i)
            weights += std::exp(-(costs[order[i]] - costs[order[0]]) / t);
        for (std::size_t i = 0; i < s.size(); ++i) {
            g.holds(s[i].index == order[i], "the cheapest, equals in the order given");
            double const share = std::exp(-(costs[order[i]] - costs[order[0]]) / t) / weights;
            g.holds(std::fabs(s[i].share - share) < 1e-13, "the softmax");
            g.holds(i == 0 || s[i].share <= s[i - 1].share, "a cheaper one never gets less");
            sum += s[i].share;
        }
        g.holds(s.empty() || std::fabs(sum - 1) < 1e-14, "all of it");
    });
}

TEST_CASE("split settings that make no sense are refused", "[split]") {
    split::config c;
    CHECK(c.validate());
    c.k = 0;
    CHECK(c.validate().error().code() == "split.bad_config");
    c = {.temperature = 0};
    CHECK(c.validate().error().code() == "split.bad_config");
    c = {.temperature = never};
    CHECK_FALSE(c.validate());
}
