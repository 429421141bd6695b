// SPDX-License-Identifier: MIT
// Colours: the figures of one visit, the lengths no visit exceeds, and a frame that paints.
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <utility>
#include <vector>

#include <runnel/cost.hpp>
#include <runnel/engine.hpp>

#include "support/allocations.hpp"
#include "support/catch.hpp"
#include "support/law.hpp"

namespace {

namespace cost = runnel::cost;
namespace event = runnel::event;
namespace faults = runnel::faults;
using runnel::node_id;
using runnel::node_type;
using vec = std::vector<float>;

/// Node 0 without an affect of its own, one node more for each affect given.
runnel::graph::built with_affects(std::vector<vec> const& affects) {
    runnel::graph::builder b;
    b.nodes(static_cast<std::uint32_t>(affects.size() + 1));
    for (std::uint32_t n = 0; n < affects.size(); ++n) {
        b.affect(node_id{n + 1}, affects[n]);
        b.link({node_id{0}, node_id{n + 1}});
    }
    return std::move(b).build().value();
}
vec seen(cost::context const& now, std::uint32_t node) {
    auto const row = now.affect_of(node_id{node});
    return {row.begin(), row.end()};
}
double length(std::span<float const> v) {
    double sum = 0;
    for (float const x : v) sum += double{x} * double{x};
    return std::sqrt(sum);
}
event::stride_exec stride_to(std::uint32_t node) {
    event::stride_exec e;
    e.target = node_id{node};
    return e;
}

} // namespace

TEST_CASE("a visit leaves a tenth of the mood", "[cost][colouring]") {
    auto const built = with_affects({{1, 0}, {0, -1}});
    cost::context now{built.graph};
    cost::colouring const paint{now};
    paint(stride_to(1));
    CHECK(now.coloured() == 0); // no mood, no colour
    now.affect(vec{0, 1}).value();
    paint(stride_to(1));
    CHECK(seen(now, 1) == vec{.9F, .1F});
    CHECK(seen(now, 2) == vec{0, -1});
    CHECK(now.coloured() == 1);
    paint(stride_to(1));
    CHECK(seen(now, 1)[0] == Approx(.81));
    CHECK(seen(now, 1)[1] == Approx(.19));
    paint(stride_to(0)); // a node without an affect takes its first from the mood
    CHECK(seen(now, 0) == vec{0, .1F});
    CHECK(now.coloured() == 2);
    CHECK(built.graph.affects()[node_id{1}][0] == 1); // the graph knows nothing of it
}

TEST_CASE("strength and gate multiply; either at 0 leaves all as it was", "[cost][colouring]") {
    auto const built = with_affects({{1, 0}});
    cost::context now{built.graph};
    now.affect(vec{0, 1}).value();
    cost::colouring{now, {.strength = .5, .gate = 0}}(stride_to(1));
    cost::colouring{now, {.strength = 0}}(stride_to(1));
    CHECK(now.coloured() == 0);
    cost::colouring{now, {.strength = .5, .gate = .5}}(stride_to(1));
    CHECK(seen(now, 1) == vec{.75F, .25F});
}

TEST_CASE("a coloured node answers by its colour, at once", "[cost][colouring]") {
    auto const built = with_affects({{1, 0}});
    cost::context now{built.graph};
    now.affect(vec{0, 1}).value();
    CHECK(now.in_mood(node_id{1}) == 0);
    now.colour(node_id{1}, {.share = .5});
    CHECK(now.in_mood(node_id{1}) == Approx(std::sqrt(.5)));
    now.affect(vec{1, 0}).value(); // another mood, the same colour
    CHECK(now.in_mood(node_id{1}) == Approx(std::sqrt(.5)));
    now.forget_colours();
    CHECK(now.in_mood(node_id{1}) == 1);
    CHECK(now.coloured() == 0);
    CHECK(seen(now, 1) == vec{1, 0});
}

TEST_CASE("a type's cap holds whatever the node was", "[cost][colouring]") {
    runnel::graph::builder b;
    b.node("task", node_type::task);
    b.node("person", node_type::person);
    b.affect(node_id{0}, {3, 4}).affect(node_id{1}, {3, 4});
    auto const built = std::move(b).build().value();
    cost::context now{built.graph};
    now.affect(vec{3, 4}).value();
    auto const caps = runnel::per_type<double>{1}.with(node_type::task, .5);
    cost::colouring const paint{now, {.longest = caps}};
    paint(stride_to(0));
    paint(stride_to(1));
    CHECK(length(now.affect_of(node_id{0})) == Approx(.5));
    CHECK(length(now.affect_of(node_id{0})) <= .5);
    CHECK(length(now.affect_of(node_id{1})) == Approx(1));
    CHECK(length(now.affect_of(node_id{1})) <= 1);
    cost::colouring{now, {.longest = 0.0}}(stride_to(1));
    CHECK(length(now.affect_of(node_id{1})) == 0);
}

TEST_CASE("visits are a blend, never longer than the longer of the two", "[cost][colouring][law]") {
    law::for_all(5'000, [](law::gen& g) {
        std::size_t const d = 1 + g.choose(4);
        auto const vector = [&] {
            double const size = g.one_of({1.0, 1e-3, 30.0});
            vec v(d);
            for (float& x : v) x = static_cast<float>(g.real(-size, size, "x"));
            return v;
        };
        std::vector<vec> affects;
        for (std::size_t n = 1 + g.choose(40); n > 0; --n) affects.push_back(vector());
        auto const built = with_affects(affects);
        cost::context now{built.graph};
        vec const mood = g.choose(3) == 0 ? affects[0] : vector();
        now.affect(mood).value();
        if (!now.has_affect()) return;
        for (std::size_t visits = g.choose(60); visits > 0; --visits) {
            auto const n = static_cast<std::uint32_t>(1 + g.choose(affects.size() - 1));
            vec const was = seen(now, n);
            double const share = g.one_of({.1, 0.0, 1.0, g.real(0, 1)}, "share");
            double const cap = g.one_of({1e9, 1.0, .01}, "cap");
            if (g.flag()) static_cast<void>(now.in_mood(node_id{n}));
            now.colour(node_id{n}, {share, cap});
            if (share == 0) {
                g.holds(seen(now, n) == was, "no share, no change");
                continue;
            }
            vec const is = seen(now, n);
            double const before = length(was);
            double const longer = before > length(mood) ? before : length(mood);
            g.holds(length(is) <= (longer < cap ? longer : cap), "no longer than it may be");
            long double sum = 0;
            vec blend(d);
            for (std::size_t i = 0; i < d; ++i) {
                blend[i] = static_cast<float>((1 - share) * was[i] + share * mood[i]);
                sum += static_cast<long double>(blend[i]) * static_cast<long double>(blend[i]);
            }
            double const unscaled = static_cast<double>(std::sqrt(sum));
            double const scale = unscaled > cap ? cap / unscaled : 1;
            for (std::size_t i = 0; i < d; ++i)
                g.holds(
                    std::abs(double{is[i]} - scale * double{blend[i]}) <= 1e-6 * (1e-6 + longer),
                    "a blend of the two");
            auto const expected = cost::detail::angle_of(mood, is).cosine;
            g.holds(now.in_mood(node_id{n}) == expected, "remembered is computed afresh");
        }
        now.forget_colours();
        for (std::uint32_t n = 1; n <= affects.size(); ++n)
            g.holds(seen(now, n) == affects[n - 1], "forgotten, all are the graph's");
    });
}

TEST_CASE("what is coloured already takes no more memory", "[cost][colouring]") {
    std::vector<vec> const affects(100, vec{1, 0, 0});
    auto const built = with_affects(affects);
    cost::context now{built.graph};
    now.affect(vec{0, 1, 0}).value();
    cost::colouring const paint{now};
    for (std::uint32_t n = 1; n <= 100; ++n) paint(stride_to(n));
    CHECK(now.coloured() == 100);
    support::allocation_watch const watch;
    for (std::uint32_t n = 1; n <= 100; ++n) paint(stride_to(n));
    std::size_t const count = watch.count();
    CHECK(count == 0);
    for (std::uint32_t n = 1; n <= 100; ++n) CHECK(seen(now, n)[1] == Approx(.19));
}

TEST_CASE("colours out of range are refused", "[cost][colouring]") {
    auto const built = with_affects({{1, 0}});
    cost::context now{built.graph};
    double const nan = std::numeric_limits<double>::quiet_NaN();
    auto const refused = [&](cost::colours const& c) {
        auto const made = cost::colouring::of(now, c);
        return !made && made.error().is(faults::bad_colours);
    };
    CHECK(refused({.strength = -.1}));
    CHECK(refused({.strength = 1.1}));
    CHECK(refused({.strength = nan}));
    CHECK(refused({.gate = 2}));
    CHECK(refused({.gate = nan}));
    CHECK(refused({.longest = nan}));
    auto const longest = runnel::per_type<double>{1}.with(node_type::task, -1);
    CHECK(refused({.longest = longest}));
    CHECK(
        cost::colouring::of(now, {.longest = longest}).error().position()
        == index(node_type::task));
    CHECK(cost::colouring::of(now, {}).value().settings() == cost::colours{});
}

TEST_CASE("a frame paints where energy went, and later ones choose by it", "[cost][engine]") {
    runnel::graph::builder b;
    b.nodes(3);
    b.affect(node_id{1}, {0, 1});
    b.link({node_id{0}, node_id{1}, 1}).link({node_id{0}, node_id{2}, .95});
    auto const built = std::move(b).build().value();
    auto const targets_of = [&](double gate) {
        cost::context now{built.graph};
        now.affect(vec{1, 0}).value();
        cost::colouring const paint{now, {.strength = .5, .gate = gate}};
        std::vector<std::uint32_t> went;
        auto const listen = [&](event::stride_exec const& e) {
            went.push_back(static_cast<std::uint32_t>(e.target));
            CHECK(e.cost.total == e.score); // told as it was decided, whatever is painted meanwhile
            paint(e);
        };
        auto const engine =
            runnel::make_engine(
                built.graph, std::as_const(built.store), {},
                runnel::pipeline{}.with_cost(cost::log_additive{now}).with_sink(listen))
                .value();
        auto field = engine.make_field();
        engine.inject(field, node_id{0}, 1).value();
        for (int frame = 0; frame < 4; ++frame) engine.tick(field).value();
        now.affect(vec{-1, 0}).value(); // what took on the first mood now repels
        engine.tick(field).value();
        return went;
    };
    CHECK(targets_of(0) == std::vector<std::uint32_t>{1, 1, 1, 1, 1});
    CHECK(targets_of(1) == std::vector<std::uint32_t>{1, 1, 1, 1, 2});
}

TEST_CASE("a colouring is a sink, named or not", "[cost][engine]") {
    STATIC_REQUIRE(event::sink<cost::colouring>);
    STATIC_REQUIRE(event::hears<cost::colouring const, event::stride_exec>);
    STATIC_REQUIRE_FALSE(event::hears<cost::colouring, event::frame_end>);
    auto const built = with_affects({{1, 0}});
    cost::context now{built.graph};
    now.affect(vec{0, 1}).value();
    cost::colouring paint{now};
    auto const run = [&](auto const& policies) {
        auto const engine =
            runnel::make_engine(built.graph, std::as_const(built.store), {}, policies).value();
        auto field = engine.make_field();
        engine.inject(field, node_id{0}, 1).value();
        engine.tick(field).value();
        vec const is = seen(now, 1);
        now.forget_colours();
        return is;
    };
    auto const policies = runnel::pipeline{}.with_cost(cost::log_additive{now});
    CHECK(run(policies.with_sink(paint)) == vec{.9F, .1F});
    CHECK(run(policies.with_sink(cost::colouring{now})) == vec{.9F, .1F});
}
