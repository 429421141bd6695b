// SPDX-License-Identifier: MIT
// Laws of strengthening, and the laws every policy must keep: ours does, planted ones that break them are found.
#include <cmath>
#include <cstdint>
#include <limits>
#include <string_view>

#include <runnel/learn.hpp>

#include "support/catch.hpp"
#include "support/law.hpp"

namespace {

namespace learn = runnel::learn;
namespace weight = runnel::weight;
using runnel::event::tier;

weight::lesson answer(double delta) {
    weight::lesson l;
    l.delta = delta;
    return l;
}
template <class Policy> std::string_view sentence_of(Policy const& policy) {
    auto const found = learn::check_laws(policy);
    return found ? "none" : found.error().sentence();
}

} // namespace

TEST_CASE("strengthening keeps the laws of learning, under any settings", "[learn][law]") {
    CHECK(learn::check_laws(learn::strengthen{}));
    law::for_all(50, [](law::gen& g) {
        learn::config c;
        c.eta = g.real(0, 10);
        c.utility_floor = g.real(-3, 3);
        c.least_utility = g.real(-3, 3);
        c.strong_from = g.real(.01, 5);
        c.newness_gate = g.flag();
        g.holds(
            learn::check_laws(learn::strengthen{c}, g.choose(1000), 200).has_value(), "all laws");
    });
}

TEST_CASE("drawn strides reach every tier, strong and weak, with a lack and without", "[learn]") {
    int tiers[3]{};
    int taught = 0;
    int strong = 0;
    int poor = 0;
    for (std::uint64_t i = 0; i < 1000; ++i) {
        auto const f = learn::drawn_flow(0, i);
        auto const l = learn::strengthen{}(f);
        ++tiers[static_cast<int>(l.tier)];
        taught += l.delta > 0 ? 1 : 0;
        strong += f.lw.weight() > .8 ? 1 : 0;
        poor += (f.gap > 0 ? f.z_utility : f.z_flow) < -1 ? 1 : 0;
    }
    CHECK(tiers[0] > 100);
    CHECK(tiers[1] > 50);
    CHECK(tiers[2] > 100);
    CHECK(taught > 300);
    CHECK(strong > 200);
    CHECK(poor > 100);
}

TEST_CASE(
    "more carried, a better score, a larger share, more affect: never less learned",
    "[learn][law]") {
    law::for_all(20'000, [](law::gen& g) {
        learn::strengthen const policy;
        weight::flow const f = learn::drawn_flow(g.choose(1U << 20), 0);
        double const before = policy(f).delta;
        g.holds(before >= 0, "with a floor of 0 nothing weakens");
        weight::flow more = f;
        switch (g.choose(4)) {
        case 0: more.gross *= 1 + g.real(0, 2); break;
        case 1: more.z_flow += g.real(0, 2); break;
        case 2: more.z_utility += g.real(0, 2); break;
        case 3: more.causal_share += g.real(0, 1); break;
        default: more.affect += g.real(0, 2); break;
        }
        g.holds(policy(more).delta >= before - 0x1p-50 * before, "monotone");
    });
}

TEST_CASE("tiers are tried in their order", "[learn][law]") {
    law::for_all(5'000, [](law::gen& g) {
        weight::flow const f = learn::drawn_flow(g.choose(1U << 20), 0);
        tier const expected = f.flipped                            ? tier::causal
                              : f.source_active && f.target_active ? tier::co_activation
                                                                   : tier::background;
        g.holds(learn::strengthen{}(f).tier == expected, "causal, co-activation, background");
    });
}

TEST_CASE("a policy that breaks a law is found, and which", "[learn]") {
    CHECK(sentence_of([](weight::flow const&) { return answer(.1); }) == "none");
    CHECK(
        sentence_of([](weight::flow const& f) { return answer(1 / f.gap); })
        == "a lesson must be finite");
    CHECK(
        sentence_of([](weight::flow const& f) {
            auto l = answer(0);
            l.utility = f.gap > 0 ? 0 : std::nan("");
            return l;
        })
        == "the score a link learns by must be finite");
    CHECK(
        sentence_of([](weight::flow const&) {
            auto l = answer(0);
            l.affect_factor = std::numeric_limits<double>::infinity();
            return l;
        })
        == "the factor of affect must be finite");
    CHECK(
        sentence_of([](weight::flow const&) {
            auto l = answer(0);
            l.tier = tier{3};
            return l;
        })
        == "there are three tiers");
    CHECK(
        sentence_of([](weight::flow const& f) {
            auto l = answer(0);
            l.high = f.lw; // no weight may rise, and heavy ones have to fall
            l.low = runnel::log_weight{};
            return l;
        })
        == "the upper limit of a weight must not be below the lower");
    int calls = 0;
    CHECK(
        sentence_of([&calls](weight::flow const&) { return answer(++calls); })
        == "the same stride must teach the same");
}
