// SPDX-License-Identifier: MIT
// What a stride teaches its link, in figures worked out by hand.
#include <cmath>
#include <limits>

#include <runnel/graph/batch.hpp>
#include <runnel/learn.hpp>

#include "support/catch.hpp"

namespace {

namespace learn = runnel::learn;
namespace weight = runnel::weight;
using runnel::log_weight;
using runnel::event::tier;

log_weight lw_of(double lw) { return log_weight::from_log(lw).value(); }

/// A stride of 2 units between active nodes, of score 1.5, along a weak link.
weight::flow plain() {
    weight::flow f;
    f.lw = lw_of(-1);
    f.gross = 2;
    f.retained = 2;
    f.z_flow = 1.5;
    f.source_active = true;
    f.target_active = true;
    return f;
}
weight::flow flipping() {
    weight::flow f = plain();
    f.gap = 1;
    f.flipped = true;
    f.causal_share = .25;
    f.z_utility = .5;
    return f;
}
double delta(weight::flow const& f, learn::config const& c = {}) {
    return learn::strengthen{c}(f).delta;
}

} // namespace

TEST_CASE("co-activation teaches by flow and score", "[learn]") {
    auto const taught = learn::strengthen{}(plain());
    CHECK(taught.delta == Approx(.01 * 2 * 1 * 1.5));
    CHECK(taught.tier == tier::co_activation);
    CHECK(taught.utility == 1.5);
    CHECK(taught.affect_factor == 1);
    CHECK(taught.low == lw_of(-5));
    CHECK(taught.high == lw_of(2));
}

TEST_CASE("who brought the target over its threshold earns its share of it", "[learn]") {
    auto const taught = learn::strengthen{}(flipping());
    CHECK(taught.tier == tier::causal); // although both ends are active
    CHECK(taught.delta == Approx(.01 * 2 * (.6 * .25) * .5));
    CHECK(taught.utility == .5);
}

TEST_CASE("the rest is background: one end active, the other, none", "[learn]") {
    for (int ends = 0; ends < 3; ++ends) {
        weight::flow f = plain();
        f.source_active = ends == 1;
        f.target_active = ends == 2;
        auto const taught = learn::strengthen{}(f);
        CHECK(taught.tier == tier::background);
        CHECK(taught.delta == Approx(.01 * 2 * .3 * 1.5));
    }
}

TEST_CASE("a target that lacked something is judged by how much was filled", "[learn]") {
    weight::flow f = plain();
    f.target_active = false;
    f.gap = 5;
    f.z_utility = .25;
    CHECK(delta(f) == Approx(.01 * 2 * .3 * .25));
    f.gap = 0;
    CHECK(delta(f) == Approx(.01 * 2 * .3 * 1.5));
}

TEST_CASE("a score below minus one never learns, whatever the floor says", "[learn]") {
    learn::config lifted;
    lifted.utility_floor = .5;
    weight::flow f = plain();
    f.z_flow = -1;
    CHECK(delta(f) == 0); // the floor is 0
    CHECK(delta(f, lifted) == Approx(.01 * 2 * .5));
    f.z_flow = -1.0001;
    CHECK(delta(f, lifted) == 0);
    lifted.least_utility = -2;
    CHECK(delta(f, lifted) == Approx(.01 * 2 * .5));
    f.z_flow = .75;
    CHECK(delta(f, lifted) == Approx(.01 * 2 * .75));
    learn::config unlearning;
    unlearning.utility_floor = -10;
    f.z_flow = -.5;
    CHECK(delta(f, unlearning) == Approx(-.01 * 2 * .5));
}

TEST_CASE("a strong link learns half", "[learn]") {
    weight::flow f = plain();
    f.lw = lw_of(-.2232); // just below ln .8
    CHECK(delta(f) == Approx(.03));
    f.lw = lw_of(-.2231);
    CHECK(delta(f) == Approx(.015));
    f.lw = lw_of(1);
    CHECK(delta(f) == Approx(.015));
    learn::config c;
    c.strong_from = 4;
    CHECK(delta(f, c) == Approx(.03));
    c.strong_from = 1;
    c.strong_factor = 0;
    CHECK(delta(f, c) == 0);
}

TEST_CASE("affect makes learn more, up to a limit", "[learn]") {
    weight::flow f = plain();
    f.affect = 1;
    auto const taught = learn::strengthen{}(f);
    CHECK(taught.affect_factor == Approx(1 + .3 * std::tanh(1.0)));
    CHECK(taught.delta == Approx(.03 * (1 + .3 * std::tanh(1.0))));
    f.affect = 1e9;
    CHECK(delta(f) == Approx(.03 * 1.3));
}

TEST_CASE("behind the gate only flips teach", "[learn]") {
    learn::config gated;
    gated.newness_gate = true;
    CHECK(delta(plain(), gated) == 0);
    CHECK(delta(flipping(), gated) == delta(flipping()));
    CHECK(delta(flipping(), gated) > 0);
    // Which strides it held back is said, of those that had something to teach.
    CHECK(learn::strengthen{gated}(plain()).gated);
    CHECK_FALSE(learn::strengthen{gated}(flipping()).gated);
    CHECK_FALSE(learn::strengthen{}(plain()).gated);
    gated.least_utility = 10;
    CHECK_FALSE(learn::strengthen{gated}(plain()).gated);
}

TEST_CASE("what is taught ends at the limits and never moves a weight against itself", "[learn]") {
    auto const applied = [](weight::flow const& f, learn::config const& c = {}) {
        weight::lesson const l = learn::strengthen{c}(f);
        runnel::weight_change change;
        change.delta = runnel::math::nearest(l.delta * 0x1p24);
        change.low = l.low;
        change.high = l.high;
        return runnel::moved(f.lw, change);
    };
    weight::flow f = plain();
    CHECK(applied(f) == lw_of(-1 + .03));
    f.lw = lw_of(1.99);
    CHECK(applied(f) == lw_of(2));
    f.lw = lw_of(3); // above the ceiling already: stays
    CHECK(applied(f) == lw_of(3));
    learn::config unlearning;
    unlearning.utility_floor = -10;
    f.z_flow = -1;
    f.lw = lw_of(-4.99);
    CHECK(applied(f, unlearning) == lw_of(-5));
    f.lw = lw_of(-6);
    CHECK(applied(f, unlearning) == lw_of(-6));
}

TEST_CASE("every setting is used", "[learn]") {
    // What else moves when one is moved: a setting that does nothing would leave all three as they are.
    auto const answers = [](learn::config const& c) {
        double sum = 0;
        weight::flow strong = plain();
        strong.lw = lw_of(1);
        weight::flow background = plain();
        background.target_active = false;
        weight::flow moved = plain();
        moved.affect = 1;
        weight::flow poor = plain();
        poor.z_flow = -1.5;
        weight::flow dull = plain();
        dull.z_flow = -.5;
        double weigh = 1;
        for (weight::flow const& f : {plain(), flipping(), strong, background, moved, poor, dull}) {
            auto const l = learn::strengthen{c}(f);
            sum += weigh * (l.delta + 1e-3 * l.low.log() + 1e-4 * l.high.log());
            weigh *= 3;
        }
        return sum;
    };
    double const usual = answers({});
    CHECK(answers({.eta = .02}) != usual);
    CHECK(answers({.strong_from = 4}) != usual);
    CHECK(answers({.strong_factor = .25}) != usual);
    CHECK(answers({.ceiling = 1}) != usual);
    CHECK(answers({.floor = -4}) != usual);
    CHECK(answers({.causal = .5}) != usual);
    CHECK(answers({.co_activation = .9}) != usual);
    CHECK(answers({.background = .1}) != usual);
    CHECK(answers({.utility_floor = .1}) != usual);
    CHECK(answers({.utility_floor = .1, .least_utility = -2}) != answers({.utility_floor = .1}));
    CHECK(answers({.affect = .5}) != usual);
    CHECK(answers({.newness_gate = true}) != usual);
}

TEST_CASE("learning settings out of range are refused", "[learn]") {
    auto const refused = [](learn::config const& c) {
        return !c.validate() && c.validate().error().code() == "learn.bad_config"
               && !learn::strengthen{c}.validate();
    };
    double const nan = std::nan("");
    double const infinity = std::numeric_limits<double>::infinity();
    for (double const x : {-1.0, nan, infinity}) {
        CHECK(refused({.eta = x}));
        CHECK(refused({.strong_from = x}));
        CHECK(refused({.strong_factor = x}));
        CHECK(refused({.causal = x}));
        CHECK(refused({.co_activation = x}));
        CHECK(refused({.background = x}));
        CHECK(refused({.affect = x}));
    }
    CHECK(refused({.strong_from = 0}));
    CHECK(refused({.strong_factor = 1.5}));
    CHECK(refused({.ceiling = 128}));
    CHECK(refused({.ceiling = nan}));
    CHECK(refused({.floor = -129}));
    CHECK(refused({.ceiling = -6}));
    CHECK(refused({.utility_floor = nan}));
    CHECK(refused({.least_utility = nan}));
    CHECK(learn::config{.least_utility = -infinity}.validate());
    CHECK(learn::config{}.validate());
}
