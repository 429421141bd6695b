// SPDX-License-Identifier: MIT
// What a stride was good for: the lack it filled, and its share in a flip.
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <map>
#include <vector>

#include <runnel/weight.hpp>

#include "support/allocations.hpp"
#include "support/catch.hpp"
#include "support/law.hpp"

namespace {

namespace weight = runnel::weight;
using runnel::node_id;

weight::flow stride(std::uint32_t target, double retained, double gap, bool flipped) {
    weight::flow f;
    f.target = node_id{target};
    f.gross = retained;
    f.retained = retained;
    f.gap = gap;
    f.flipped = flipped;
    return f;
}
std::vector<weight::flow> appraised(std::vector<weight::flow> flows) {
    weight::appraiser appraise;
    appraise(flows.data(), flows.size());
    return flows;
}

} // namespace

TEST_CASE("utility is the part of the lack that was filled", "[weight]") {
    CHECK(weight::utility(1, 4) == .25);
    CHECK(weight::utility(4, 4) == 1);
    CHECK(weight::utility(9, 4) == 1);
    CHECK(weight::utility(0, 4) == 0);
    CHECK(weight::utility(3, 0) == 0);
    CHECK(weight::utility(3, -1) == 0);
    CHECK(weight::utility(0x1p-40, 0x1p-40) == 1); // the least energy there is
    STATIC_REQUIRE(weight::filled(1, 4) == 1);
    STATIC_REQUIRE(weight::filled(5, 4) == 4);
    STATIC_REQUIRE(weight::filled(5, -4) == 0);
}

TEST_CASE("utility lies between 0 and 1 and does not fall with what was kept", "[weight][law]") {
    law::for_all(20'000, [](law::gen& g) {
        double const gap = g.flag() ? g.real(0, 10, "gap") : g.magnitude(-40, 20, "gap");
        double const less = g.flag() ? g.real(0, 10, "less") : g.magnitude(-40, 20, "less");
        double const more = less + g.real(0, 10, "on top");
        g.holds(weight::utility(less, gap) >= 0 && weight::utility(more, gap) <= 1, "a share");
        g.holds(weight::utility(less, gap) <= weight::utility(more, gap), "monotone");
        g.holds(
            (weight::utility(less, gap) == 1) == (less >= gap && gap > 0)
                || less / gap > 1 - 0x1p-52,
            "1 exactly when filled");
    });
}

TEST_CASE("credit goes by what was lacking, and beyond it nobody gets any", "[weight]") {
    auto const flows = appraised(
        {stride(7, 1, 4, true), stride(3, 9, 2, false), stride(7, 6, 4, true),
         stride(7, 3, 4, true), stride(5, 2, 1, true)});
    CHECK(flows[0].causal_share == .125); // 1 of 1 + 4 + 3
    CHECK(flows[1].causal_share == 0);
    CHECK(flows[2].causal_share == .5);
    CHECK(flows[3].causal_share == .375);
    CHECK(flows[4].causal_share == 1);
    CHECK(flows[0].utility == .25);
    CHECK(flows[2].utility == 1);
}

TEST_CASE("who kept nothing has no credit, and nobody divides by nothing", "[weight]") {
    auto const flows = appraised({stride(1, 0, 2, true), stride(1, 0, 2, true)});
    CHECK(flows[0].causal_share == 0);
    CHECK(flows[1].causal_share == 0);
}

TEST_CASE("the credit for a flip sums to 1, equals share equally", "[weight][law]") {
    law::for_all(2'000, [](law::gen& g) {
        std::vector<weight::flow> flows;
        std::map<std::uint32_t, double> gaps;
        for (std::size_t n = g.choose(80); n > 0; --n) {
            auto const target = static_cast<std::uint32_t>(g.choose(6));
            if (gaps.find(target) == gaps.end()) gaps[target] = g.magnitude(-30, 5);
            bool const flips = target % 2 == 0;
            flows.push_back(stride(
                target, g.flag() && !flows.empty() ? flows.back().retained : g.magnitude(-30, 5),
                gaps[target], flips));
        }
        flows = appraised(flows);
        std::map<std::uint32_t, long double> sums;
        for (auto const& a : flows) {
            auto const target = static_cast<std::uint32_t>(index(a.target));
            sums[target] += a.causal_share;
            g.holds(a.causal_share >= 0 && a.causal_share <= 1, "a share");
            if (a.flipped) g.holds(a.causal_share > 0, "who filled a lack has a share");
            for (auto const& b : flows)
                if (a.flipped && a.target == b.target && a.retained == b.retained)
                    g.holds(a.causal_share == b.causal_share, "equals");
        }
        for (auto const& [target, sum] : sums)
            g.holds(
                std::fabs(static_cast<double>(sum) - (target % 2 == 0 ? 1 : 0)) <= 0x1p-51,
                "all of it");
    });
}

TEST_CASE("appraising fills the scores of flow and utility", "[weight]") {
    std::vector<weight::flow> flows;
    for (int i = 0; i < 12; ++i)
        flows.push_back(stride(static_cast<std::uint32_t>(i), 1 + i, i % 2 == 0 ? 20 : 0, false));
    flows = appraised(flows);
    CHECK(flows[11].z_flow == Approx(runnel::math::normal_quantile(12.0 / 13)));
    CHECK(flows[11].z_utility == 0);
    // Six lacked something: fewer than ten, so among all of those, which are the same six.
    CHECK(flows[10].z_utility == Approx(runnel::math::normal_quantile(6.0 / 7)));
    CHECK(flows[0].z_utility == Approx(runnel::math::normal_quantile(1.0 / 7)));
}

TEST_CASE("appraising allocates nothing after room was made", "[weight]") {
    std::vector<weight::flow> flows;
    for (std::uint32_t i = 0; i < 100; ++i) flows.push_back(stride(i % 9, i, 5, i % 2 == 0));
    weight::appraiser appraise;
    appraise.room(flows.data(), flows.size());
    std::size_t const bytes = appraise.bytes();
    if (!support::counting()) return;
    support::allocation_watch const watch;
    appraise(flows.data(), flows.size());
    CHECK(watch.count() == 0);
    CHECK(appraise.bytes() == bytes);
}
