// SPDX-License-Identifier: MIT
#include <cmath>
#include <cstddef>
#include <utility>
#include <vector>

#include <runnel/runnel.hpp>

#include "support/catch.hpp"

namespace {

using runnel::node_id;
using runnel::preset;

/// Passages around a topic, and a few beside it.
runnel::graph::built notes() {
    runnel::graph::builder b;
    b.nodes(40);
    for (std::uint32_t n = 0; n < 40; ++n) {
        b.embedding(node_id{n}, {n < 20 ? 1.F : 0.F, n < 20 ? 0.F : 1.F});
        for (std::uint32_t k = 1; k <= 15; ++k)
            b.link({node_id{n}, node_id{(n + k * k) % 40}, 1.0 / (1 + k % 4)});
    }
    return std::move(b).build().value();
}

} // namespace

TEST_CASE("every preset is valid", "[engine][presets]") {
    for (preset const& p :
         {runnel::presets::faithful(), runnel::presets::exploratory(),
          runnel::presets::associate()}) {
        CHECK(p.engine.validate().has_value());
        CHECK(p.cost.validate().has_value());
        CHECK(p.ticks > 0);
    }
    CHECK(runnel::weight::decay_config{}.validate().has_value());
    CHECK(runnel::fall_rates{}.validate().has_value());
}

TEST_CASE("faithful is the defaults", "[engine][presets]") {
    CHECK(runnel::presets::faithful().engine == runnel::config{});
    CHECK(runnel::presets::faithful().cost == runnel::cost::config{});
}

TEST_CASE("exploratory shares among three at a higher temperature", "[engine][presets]") {
    auto const c = runnel::presets::exploratory().engine;
    CHECK(c.split.enabled);
    CHECK(c.split.k == 3);
    CHECK(c.split.temperature == 1.5);
    auto rest = c;
    rest.split = {};
    CHECK(rest == runnel::config{});
}

TEST_CASE("associate decays a tenth a tick, whatever the type", "[engine][presets]") {
    auto p = runnel::presets::associate();
    p.engine.alpha = 1e-300;
    runnel::graph::builder b;
    for (std::uint16_t t = 0; t < 12; ++t) static_cast<void>(b.node(runnel::node_type{t}));
    auto const built = std::move(b).build().value();
    auto const engine = runnel::make_engine(built.graph, built.store, p.engine).value();
    auto field = engine.make_field();
    for (std::uint32_t n = 0; n < 12; ++n) engine.inject(field, node_id{n}, 1).value();
    engine.tick(field).value();
    for (std::uint32_t n = 0; n < 12; ++n) CHECK(field.energy_of(node_id{n}) == Approx(.9));
}

TEST_CASE("associate finds what lies towards the goal", "[engine][presets]") {
    auto const built = notes();
    auto const p = runnel::presets::associate();
    auto const towards = [&](float x, float y) {
        runnel::cost::context now{built.graph};
        float const goal[] = {x, y};
        now.goal(goal).value();
        auto const& store = built.store;
        auto const engine =
            runnel::make_engine(
                built.graph, store, p.engine,
                runnel::pipeline{}.with_cost(runnel::cost::log_additive{now, p.cost}))
                .value();
        runnel::session memory{engine};
        memory.inject({{node_id{5}, .5}, {node_id{30}, .5}}).value();
        memory.run(p.ticks).value();
        double here = 0;
        double there = 0;
        for (std::uint32_t n = 0; n < 40; ++n)
            (n < 20 ? here : there) += memory.received(node_id{n});
        return here / there;
    };
    CHECK(towards(1, 0) > 1.5);
    CHECK(towards(0, 1) < 1 / 1.5);
}

TEST_CASE(
    "associate answers alike every time: nothing is drawn by the frame", "[engine][presets]") {
    auto const built = notes();
    auto const p = runnel::presets::associate();
    auto const& store = built.store;
    auto const engine = runnel::make_engine(built.graph, store, p.engine).value();
    auto const answer = [&](int idle_frames) {
        auto field = engine.make_field();
        for (int i = 0; i < idle_frames; ++i) engine.tick(field).value(); // frames go by
        engine.inject(field, node_id{5}, 1).value();
        for (std::uint32_t i = 0; i < p.ticks; ++i) engine.tick(field).value();
        std::vector<double> all;
        for (std::uint32_t n = 0; n < 40; ++n) all.push_back(field.received(node_id{n}));
        return all;
    };
    CHECK(answer(0) == answer(7));
}
