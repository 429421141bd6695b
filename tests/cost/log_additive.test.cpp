// SPDX-License-Identifier: MIT
// Costs of goal, mood and hubs: figures worked out by hand, and an independent formula in long double.
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <utility>
#include <vector>

#include <runnel/cost.hpp>
#include <runnel/engine.hpp>

#include "support/catch.hpp"
#include "support/law.hpp"

namespace {

namespace cost = runnel::cost;
namespace event = runnel::event;
namespace faults = runnel::faults;
using runnel::candidate;
using runnel::log_weight;
using runnel::node_id;

using vec = std::vector<float>;

/// Two nodes; the second carries an affect and an embedding.
runnel::graph::built pair(vec const& affect, vec const& embedding = {}) {
    runnel::graph::builder b;
    b.nodes(2);
    if (!affect.empty()) b.affect(node_id{1}, affect);
    if (!embedding.empty()) b.embedding(node_id{1}, embedding);
    b.link({node_id{0}, node_id{1}});
    return std::move(b).build().value();
}
candidate link(double lw) {
    return {node_id{0}, node_id{1}, log_weight::from_log(lw).value(), {}, {}};
}
double cost_of(vec const& of_node, vec const& asked, cost::config const& c, double lw = .5) {
    auto const built = pair(of_node);
    cost::context now{built.graph};
    now.affect(asked).value();
    return cost::log_additive::of(now, c).value()(link(lw));
}

} // namespace

TEST_CASE("resonance attracts like to like, within bounds", "[cost]") {
    CHECK(cost::resonance(.989) == .6);
    CHECK(cost::resonance(-.579) == Approx(1.415).margin(5e-4));
    CHECK(cost::resonance(0) == 1);
    CHECK(cost::resonance(-1) == 1.6);
    CHECK(cost::resonance(-1, {.resonance = 0}) == 1);
}

TEST_CASE("mild opposition attracts, strong opposition repels", "[cost]") {
    auto const both = [](double r) { return cost::resonance(r) * cost::complementarity({r}); };
    CHECK(both(0) == 1);
    CHECK(both(-.28) == Approx(.9455).margin(5e-5));
    CHECK(both(-.446) == Approx(.9148).margin(5e-5));
    CHECK(both(-.783) == Approx(1.12).margin(5e-4));
    CHECK(both(-1) == Approx(1.12).margin(5e-5));
    CHECK(cost::complementarity({.r = -1, .intensity = 0}) == 1);
    CHECK(cost::complementarity({.r = -1, .intensity = 1, .context = 0}) == 1);
    CHECK(
        cost::complementarity({.r = -.2, .intensity = 9, .context = 9})
        == cost::complementarity({.r = -.2, .intensity = 1, .context = 2}));
}

TEST_CASE("check figures of the reciprocal form", "[cost]") {
    cost::config const c{.form = cost::form::reciprocal};
    vec const v{.8F, .6F};
    CHECK(cost_of(v, {}, c) == Approx(.6065).margin(5e-5));
    CHECK(cost_of(v, {.9F, .5F}, c) == Approx(.3639).margin(5e-5));
    CHECK(cost_of(v, {-.8F, .6F}, c) == Approx(.5735).margin(5e-5));
}

TEST_CASE("without goal, mood and hub the cost is the weight, bit for bit", "[cost]") {
    law::for_all(2'000, [](law::gen& g) {
        auto const built = pair({});
        cost::context const now{built.graph};
        cost::log_additive const model{now};
        auto const c = link(g.real(-100, 100, "lw"));
        g.holds(model(c) == cost::by_weight{}(c), "the plain cost");
        auto const a = model.breakdown(c);
        auto const b = cost::by_weight{}.breakdown(c);
        g.holds(a.total == b.total && a.base == b.base && a.why == b.why, "made of the same");
    });
}

TEST_CASE("a goal draws, an absent embedding counts as neither near nor far", "[cost]") {
    auto const cost_at = [](vec const& embedding, vec const& goal) {
        runnel::graph::builder b;
        b.nodes(3);
        b.embedding(node_id{2}, vec{1, 0});
        if (!embedding.empty()) b.embedding(node_id{1}, embedding);
        b.link({node_id{0}, node_id{1}});
        auto const built = std::move(b).build().value();
        cost::context now{built.graph};
        now.goal(goal).value();
        return cost::log_additive{now}.breakdown(link(.5));
    };
    CHECK(cost_at({1, 0}, {2, 0}).total == -.5);
    CHECK(cost_at({1, 0}, {2, 0}).why == event::cost_reason::strong_link);
    CHECK(cost_at({0, 1}, {2, 0}).total == 0);
    CHECK(cost_at({-3, 0}, {2, 0}).total == .5);
    CHECK(cost_at({}, {2, 0}).total == 0);
    CHECK(cost_at({0, 0}, {2, 0}).total == 0);
    CHECK(cost_at({1, 0}, {}).total == -.5);
    CHECK(cost_at({1, 0}, {2, 0}).goal_cosine == 1);
}

TEST_CASE("each form is its formula", "[cost][law]") {
    law::for_all(5'000, [](law::gen& g) {
        std::size_t const d = 1 + g.choose(9);
        auto const vector = [&] {
            vec v(d);
            for (float& x : v) x = static_cast<float>(g.real(-2, 2, "x"));
            return v;
        };
        vec const embedding = vector();
        vec const affect = vector();
        vec const goal = vector();
        vec const mood = vector();
        auto const built = pair(affect, embedding);
        cost::context now{built.graph};
        bool const aimed = g.flag();
        bool const moody = g.flag();
        if (aimed) now.goal(goal).value();
        if (moody) now.affect(mood).value();
        now.count_links();
        cost::config c;
        c.form = g.one_of(
            {cost::form::log_additive, cost::form::multiplicative, cost::form::reciprocal});
        c.goal = g.real(0, 3, "goal");
        c.novelty = g.one_of({0.0, .9});
        c.hub = g.one_of({0.0, .7});
        c.resonance = g.real(0, 2, "resonance");
        c.complementarity = g.real(0, 2, "complementarity");
        c.complementarity_gate = g.real(0, 2, "gate");
        auto lk = link(g.real(-3, 3, "lw"));
        lk.familiarity = g.real(0, 1, "familiarity");
        auto const b = cost::log_additive::of(now, c).value().breakdown(lk);

        using real = long double;
        auto const dot = [](vec const& x, vec const& y) {
            real sum = 0;
            for (std::size_t i = 0; i < x.size(); ++i) sum += real(x[i]) * real(y[i]);
            return sum;
        };
        auto const cosine = [&](vec const& x, vec const& y) {
            return dot(x, y) / std::sqrt(dot(x, x)) / std::sqrt(dot(y, y));
        };
        if (dot(embedding, embedding) < 1e-6L || dot(affect, affect) < 1e-6L
            || dot(goal, goal) < 1e-6L || dot(mood, mood) < 1e-6L)
            return;
        real const lw = lk.lw.log();
        real const cos = aimed ? cosine(goal, embedding) : 0;
        real const r = moody ? cosine(mood, affect) : 0;
        real const length = std::sqrt(dot(mood, mood));
        real const res =
            moody ? std::min<real>(1.6L, std::max<real>(.6L, std::exp(-c.resonance * r))) : 1;
        real const comp =
            moody ? std::min<real>(
                1, std::max<real>(
                       .7L, std::exp(
                                -c.complementarity * std::max<real>(0, -r)
                                * std::min<real>(1, length) * c.complementarity_gate)))
                  : 1;
        real const hub = c.hub * std::log(2.0L) + c.novelty * lk.familiarity;
        real expected = 0;
        if (c.form == cost::form::log_additive) {
            expected =
                -lw + (aimed ? c.goal * (1 - cos) / 2 : 0) + hub + std::log(res) + std::log(comp);
        } else {
            real const base = c.form == cost::form::multiplicative
                                  ? -lw + (aimed ? c.goal * (1 - cos) / 2 : 0) + hub
                                  : std::exp(-lw) - (aimed ? c.goal * cos : 0) + hub;
            expected = base < 0 ? base / (res * comp) : base * res * comp;
        }
        g.holds(std::fabs(b.total - static_cast<double>(expected)) < 1e-12, "the formula");
        g.holds(b.total == cost::log_additive::of(now, c).value()(lk), "asked again, the same");
    });
}

TEST_CASE("hubs cost more, if the links that lead in were counted", "[cost]") {
    runnel::graph::builder b;
    b.nodes(5);
    for (std::uint32_t n = 0; n < 4; ++n) b.link({node_id{n}, node_id{4}});
    b.link({node_id{4}, node_id{4}}).link({node_id{0}, node_id{1}});
    auto const built = std::move(b).build().value();
    cost::context now{built.graph};
    cost::config const c{.hub = 1};
    CHECK(cost::log_additive::of(now, c).error().is(faults::links_not_counted));
    now.count_links();
    auto const model = cost::log_additive::of(now, c).value();
    candidate const to_hub{node_id{0}, node_id{4}, {}, {}, {}};
    candidate const to_other{node_id{0}, node_id{1}, {}, {}, {}};
    CHECK(model(to_hub) == Approx(std::log(5)));
    CHECK(model(to_other) == Approx(std::log(2)));
    CHECK(model.breakdown(to_hub).why == event::cost_reason::crowded);
}

TEST_CASE("novelty makes dearer what is familiar, and is asked for only then", "[cost]") {
    auto const built = pair({});
    cost::context const now{built.graph};
    cost::log_additive const curious{now, {.novelty = 2}};
    auto known = link(.5);
    known.familiarity = .75;
    CHECK(curious(link(.5)) == -.5);
    CHECK(curious(known) == 1);
    CHECK(curious.breakdown(known).novelty == 1.5);
    CHECK(curious.breakdown(known).why == event::cost_reason::familiar);
    CHECK(curious.asks_familiarity());
    cost::log_additive const plain{now};
    CHECK(plain(known) == -.5);
    CHECK_FALSE(plain.asks_familiarity());
}

TEST_CASE("every reason can be given", "[cost]") {
    using event::cost_reason;
    auto const reason = [](vec const& affect, vec const& mood, double lw) {
        auto const built = pair(affect);
        cost::context now{built.graph};
        now.affect(mood).value();
        return cost::log_additive{now}.breakdown(link(lw)).why;
    };
    CHECK(reason({1, 0}, {}, 0) == cost_reason::neutral);
    CHECK(reason({1, 0}, {}, 2) == cost_reason::strong_link);
    CHECK(reason({1, 0}, {}, -2) == cost_reason::weak_link);
    CHECK(reason({1, 0}, {1, 0}, .1) == cost_reason::resonance_attracts);
    CHECK(reason({1, 0}, {-.1F, 0}, .1) == cost_reason::resonance_repels);
    CHECK(reason({1, 0}, {-.3F, 1}, .001) == cost_reason::complement);
    auto const aimed = [](vec const& goal) {
        auto const built = pair({}, {1, 0});
        cost::context now{built.graph};
        now.goal(goal).value();
        return cost::log_additive{now}.breakdown(link(.1)).why;
    };
    CHECK(aimed({1, 0}) == cost_reason::goal_aligned);
    CHECK(aimed({-1, 0}) == cost_reason::goal_opposed);
}

TEST_CASE("a vector that is none is refused and changes nothing", "[cost]") {
    auto const built = pair({}, {1, 0});
    cost::context now{built.graph};
    now.goal(vec{0, 1}).value();
    double const before = cost::log_additive{now}(link(0));
    CHECK(before == .5);
    auto const short_one = now.goal(vec{1});
    CHECK(short_one.error().is(faults::wrong_dimension));
    CHECK(short_one.error().offender() == "2, 1");
    constexpr float nan = std::numeric_limits<float>::quiet_NaN();
    auto const none = now.goal(vec{1, nan});
    CHECK(none.error().is(faults::not_a_vector));
    CHECK(none.error().position() == 1);
    CHECK(now.affect(vec{1, 0}).error().is(faults::no_vectors)); // this graph has no affects
    CHECK(cost::log_additive{now}(link(0)) == before);
    CHECK_FALSE(now.has_affect());
    now.goal({}).value();
    CHECK_FALSE(now.has_goal());
    CHECK(cost::log_additive{now}(link(0)) == 0);
}

TEST_CASE("a new goal is not answered from memory of the old", "[cost]") {
    auto const built = pair({}, {1, 0});
    cost::context now{built.graph};
    cost::log_additive const model{now};
    for (int turn = 0; turn < 3; ++turn) {
        now.goal(vec{1, 0}).value();
        CHECK(model(link(0)) == 0);
        CHECK(model(link(0)) == 0);
        now.goal(vec{-1, 0}).value();
        CHECK(model(link(0)) == 1);
        now.goal(vec{0, 1}).value();
        CHECK(model(link(0)) == .5); // a cosine of 0 is remembered too
    }
}

TEST_CASE("cost settings out of range are refused", "[cost]") {
    auto const built = pair({});
    cost::context const now{built.graph};
    auto const refused = [&](cost::config const& c) {
        auto const made = cost::log_additive::of(now, c);
        return !made && made.error().code() == "cost.bad_config";
    };
    double const inf = std::numeric_limits<double>::infinity();
    CHECK(refused({.form = cost::form{7}}));
    CHECK(refused({.goal = -1}));
    CHECK(refused({.goal = inf}));
    CHECK(refused({.novelty = -1}));
    CHECK(refused({.novelty = std::nan("")}));
    CHECK(refused({.hub = std::nan("")}));
    CHECK(refused({.resonance = -1}));
    CHECK(refused({.complementarity = -1}));
    CHECK(refused({.complementarity_gate = 2.5}));
}

TEST_CASE(
    "an engine refuses a cost that looks at another graph, or has no sense", "[cost][engine]") {
    auto const built = pair({}, {1, 0});
    auto const other = pair({}, {1, 0});
    auto const& store = built.store;
    cost::context const here{built.graph};
    cost::context const there{other.graph};
    auto const made = [&](cost::log_additive const& model) {
        return runnel::make_engine(built.graph, store, {}, runnel::pipeline{}.with_cost(model));
    };
    CHECK(made(cost::log_additive{here}));
    CHECK(made(cost::log_additive{there}).error().is(faults::foreign_context));
    CHECK(made(cost::log_additive{here, {.goal = -1}}).error().code() == "cost.bad_config");
    CHECK(made(cost::log_additive{here, {.hub = 1}}).error().is(faults::links_not_counted));
}

TEST_CASE("a goal changes where energy goes, and strides say why", "[cost][engine]") {
    runnel::graph::builder b;
    b.nodes(3);
    b.embedding(node_id{1}, vec{1, 0}).embedding(node_id{2}, vec{0, 1});
    b.link({node_id{0}, node_id{1}, .6}).link({node_id{0}, node_id{2}, .4});
    auto const built = std::move(b).build().value();
    cost::context now{built.graph};
    std::vector<event::stride_exec> heard;
    auto const engine = runnel::make_engine(
                            built.graph, std::as_const(built.store), {},
                            runnel::pipeline{}
                                .with_cost(cost::log_additive{now})
                                .with_sink(event::callback{
                                    [&heard](event::stride_exec const& e) { heard.push_back(e); }}))
                            .value();
    auto const goes_to = [&](vec const& goal) {
        now.goal(goal).value();
        auto field = engine.make_field();
        engine.inject(field, node_id{0}, 1).value();
        engine.tick(field).value();
        return heard.back();
    };
    CHECK(goes_to({}).target == node_id{1});
    auto const drawn = goes_to({0, 1});
    CHECK(drawn.target == node_id{2});
    CHECK(drawn.cost.total == drawn.score);
    CHECK(drawn.cost.goal_cosine == 1);
    CHECK(drawn.cost.base == Approx(-std::log(.4)));
    CHECK(goes_to({1, 0}).target == node_id{1});
}

TEST_CASE("novelty leads elsewhere after a while, an overlay at once", "[cost][engine]") {
    runnel::graph::builder b;
    b.nodes(3);
    b.scope(node_id{2}, runnel::scope_id{1});
    b.link({node_id{0}, node_id{1}, 1}).link({node_id{0}, node_id{2}, .8});
    auto const built = std::move(b).build().value();
    cost::context now{built.graph};
    auto const went = [&](cost::config const& settings) {
        std::vector<std::uint32_t> targets;
        auto const listen = [&](event::stride_exec const& e) {
            targets.push_back(static_cast<std::uint32_t>(e.target));
            CHECK(e.cost.total == e.score);
        };
        auto const engine =
            runnel::make_engine(
                built.graph, std::as_const(built.store), {},
                runnel::pipeline{}.with_cost(cost::log_additive{now, settings}).with_sink(listen))
                .value();
        auto field = engine.make_field();
        engine.inject(field, node_id{0}, 1).value();
        for (int frame = 0; frame < 10; ++frame) engine.tick(field).value();
        return targets;
    };
    CHECK(went({}) == std::vector<std::uint32_t>(10, 1));
    auto const curious = went({.novelty = 1});
    REQUIRE(curious.size() == 10);
    CHECK(curious.front() == 1);
    CHECK(std::count(curious.begin(), curious.end(), 2U) > 2);
    now.overlay(std::vector<double>{0, .25}).value();
    CHECK(went({}) == std::vector<std::uint32_t>(10, 2));
    now.overlay({}).value();
    CHECK(went({}) == std::vector<std::uint32_t>(10, 1));
}
