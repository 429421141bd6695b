// SPDX-License-Identifier: MIT
// A certified look at a row chooses what a look at all of it would, and reads little of it.
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include <runnel/runnel.hpp>

#include "engine/drawn_case.hpp"
#include "support/catch.hpp"
#include "support/law.hpp"

namespace {

using drawn::id_of;
using runnel::config;
using runnel::node_id;
namespace cost = runnel::cost;
namespace event = runnel::event;
namespace fanout = runnel::fanout;

std::vector<float> any_vector(law::gen& g, std::size_t dimension) {
    std::vector<float> v(dimension);
    for (float& x : v) x = static_cast<float>(g.real(-1, 1, "x"));
    return v;
}
/// Nodes with embeddings and affects, most of them; links of few or many weights.
runnel::graph::built any_graph(law::gen& g) {
    auto const nodes = 2 + g.choose(40);
    runnel::graph::builder b;
    b.nodes(static_cast<std::uint32_t>(nodes));
    for (std::size_t n = 0; n < nodes; ++n) {
        if (g.choose(9) != 0) b.embedding(id_of(n), any_vector(g, 3));
        if (g.choose(9) != 0) b.affect(id_of(n), any_vector(g, 2));
    }
    bool const few = g.flag();
    for (std::size_t i = g.choose(200); i > 0; --i)
        b.link(
            {id_of(g.choose(nodes - 1)), id_of(g.choose(nodes - 1)),
             few ? g.one_of({1.0, .5}) : g.real(.1, 3, "weight"),
             runnel::link_type(static_cast<std::uint16_t>(g.choose(2)))});
    if (g.flag()) b.embedding(id_of(0), {1, 0, 0}).affect(id_of(0), {0, 1});
    return std::move(b).build().value();
}
cost::config any_cost(law::gen& g) {
    return {
        .form = g.one_of(
            {cost::form::log_additive, cost::form::multiplicative, cost::form::reciprocal}),
        .goal = g.one_of({1.0, 4.0, 0.0}),
        .hub = g.one_of({0.0, .5}),
        .resonance = g.real(0, 2, "resonance"),
        .complementarity = g.real(0, 2, "complementarity"),
        .complementarity_gate = g.real(0, 2, "gate")};
}
double normal(runnel::counter_rng const& draws, std::uint64_t i) {
    double sum = -6;
    for (std::uint64_t k = 0; k < 12; ++k) sum += draws.unit(12 * i + k);
    return sum;
}

} // namespace

TEST_CASE("certified without limit is exhaustive, bit for bit", "[engine][fanout][law]") {
    std::uint64_t spared = 0;
    law::for_all(3'000, [&](law::gen& g) {
        auto const built = any_graph(g);
        cost::context now{built.graph};
        now.count_links();
        if (built.graph.embeddings().dimension() == 3 && g.flag())
            now.goal(any_vector(g, 3)).value();
        if (built.graph.affects().dimension() == 2 && g.flag())
            now.affect(any_vector(g, 2)).value();
        auto const model = cost::log_additive::of(now, any_cost(g)).value();
        config c{.alpha = .3, .min_transfer = 0, .threshold = .001, .seed = g.choose(3)};
        c.fanout.ties = g.one_of({fanout::ties::sampled, fanout::ties::fixed, fanout::ties::by_id});
        c.fanout.selective_k = 4;
        c.fanout.low = 4;
        c.fanout.high = 4;
        c.fanout.certify_limit = 0;
        c.split = {.enabled = g.flag(), .k = static_cast<std::uint32_t>(1 + g.choose(2))};
        c.fanout.reduction = fanout::reduction::certified;
        auto const policies = runnel::pipeline{}.with_cost(model);
        auto const few =
            runnel::make_engine(built.graph, std::as_const(built.store), c, policies).value();
        c.fanout.reduction = fanout::reduction::none;
        auto const all =
            runnel::make_engine(built.graph, std::as_const(built.store), c, policies).value();
        auto a = few.make_field();
        auto b = all.make_field();
        for (std::size_t n = 0; n < built.graph.node_count(); ++n) {
            few.inject(a, id_of(n), 1).value();
            all.inject(b, id_of(n), 1).value();
        }
        for (int frame = 0; frame < 3; ++frame) {
            auto const x = few.tick(a).value();
            auto const y = all.tick(b).value();
            g.holds(a.digest() == b.digest(), "the same links, the same shares");
            g.holds(x.costs_computed <= y.costs_computed, "with no more costs");
            spared += y.costs_computed - x.costs_computed;
        }
    });
    CHECK(spared > 10'000);
}

TEST_CASE("at a hub of ten thousand a certified look reads little", "[engine][fanout]") {
    constexpr std::uint32_t links = 10'000;
    auto const computed = [](double spread) {
        runnel::counter_rng const draws{{.seed = 5, .frame = 0, .node = 0}};
        runnel::graph::builder b;
        b.nodes(links + 1);
        std::uint64_t i = 0;
        for (std::uint32_t n = 1; n <= links; ++n) {
            std::vector<float> e(8);
            std::vector<float> v(3);
            for (float& x : e) x = static_cast<float>(normal(draws, ++i));
            for (float& x : v) x = static_cast<float>(normal(draws, ++i));
            b.embedding(id_of(n), e).affect(id_of(n), v);
            b.log_link(
                {id_of(0), id_of(n),
                 runnel::log_weight::from_log(spread * normal(draws, ++i)).value()});
        }
        auto const built = std::move(b).build().value();
        cost::context now{built.graph};
        std::vector<float> const goal{1, 0, .5F, 0, 0, -1, 0, 0};
        std::vector<float> const mood{.9F, .5F, 0};
        now.goal(goal).value();
        now.affect(mood).value();
        config c;
        c.fanout.reduction = fanout::reduction::certified;
        c.fanout.certify_limit = 0;
        bool certified = false;
        auto const listen = [&](event::stride_selection const& e) { certified = e.certified; };
        auto const engine =
            runnel::make_engine(
                built.graph, std::as_const(built.store), c,
                runnel::pipeline{}.with_cost(cost::log_additive{now}).with_sink(listen))
                .value();
        auto field = engine.make_field();
        engine.inject(field, id_of(0), 1).value();
        auto const costs = engine.tick(field).value().costs_computed;
        CHECK(certified);
        // With the default limit the look ends early and says so.
        c.fanout.certify_limit = 16;
        auto const limited =
            runnel::make_engine(
                built.graph, std::as_const(built.store), c,
                runnel::pipeline{}.with_cost(cost::log_additive{now}).with_sink(listen))
                .value();
        auto other = limited.make_field();
        limited.inject(other, id_of(0), 1).value();
        auto const most = limited.tick(other).value().costs_computed;
        CHECK(most == (costs < 80 ? costs : 80));
        CHECK(certified == (costs <= 80));
        return static_cast<double>(costs) / links;
    };
    for (double const spread : {.1, .5, 1.0, 2.0}) {
        double const share = computed(spread);
        UNSCOPED_INFO("spread " << spread << ": " << share << " of the row");
        if (spread >= 1) CHECK(share <= .1);
        CHECK(share > 0);
    }
}

TEST_CASE("what cannot be bounded cannot be certified", "[engine][fanout]") {
    runnel::graph::builder b;
    b.nodes(3);
    b.link({id_of(0), id_of(1), .5}).link({id_of(0), id_of(2), .25});
    auto const built = std::move(b).build().value();
    auto const& store = built.store;
    config c{.fanout = {.reduction = fanout::reduction::certified}};
    auto const plain = [](runnel::candidate const& k) { return -k.lw.log(); };
    auto const made =
        runnel::make_engine(built.graph, store, c, runnel::pipeline{}.with_cost(plain));
    CHECK(made.error().is(runnel::faults::no_bound));
    CHECK(runnel::make_engine(built.graph, store, c));
    struct half {
        double operator()(runnel::candidate const& k) const { return -k.lw.log() + .5; }
        double at_least(node_id, runnel::log_weight lw) const { return -lw.log(); }
    };
    c.split = {.enabled = true, .k = 1};
    c.fanout.low = 1;
    auto const mine =
        runnel::make_engine(built.graph, store, c, runnel::pipeline{}.with_cost(half{})).value();
    auto field = mine.make_field();
    mine.inject(field, id_of(0), 1).value();
    CHECK(mine.tick(field).value().costs_computed == 1); // ln 2 more is beyond half
    CHECK(field.received(id_of(1)) > 0);
}

TEST_CASE("rows in any order are certified too, by looking at all", "[engine][fanout]") {
    struct rows {
        std::vector<std::vector<runnel::out_link>> out;
        [[nodiscard]] std::uint32_t node_count() const {
            return static_cast<std::uint32_t>(out.size());
        }
        [[nodiscard]] std::uint32_t degree(node_id n) const {
            return static_cast<std::uint32_t>(out[index(n)].size());
        }
        [[nodiscard]] auto const& links(node_id n) const { return out[index(n)]; }
        [[nodiscard]] runnel::node_type type(node_id) const { return runnel::node_type::other; }
        [[nodiscard]] runnel::version stamp(node_id) const { return {}; }
        [[nodiscard]] bool ordered(node_id) const { return false; }
    };
    rows mine;
    mine.out.resize(40);
    for (std::uint32_t n = 1; n < 40; ++n)
        mine.out[0].push_back(
            {id_of(n), runnel::log_weight::from_log((n * 7 % 39) / 10.0).value(),
             runnel::row_place{n}});
    config c{.fanout = {.reduction = fanout::reduction::certified}, .split = {.enabled = true}};
    auto const engine = runnel::make_engine(mine, c).value();
    auto field = engine.make_field();
    engine.inject(field, id_of(0), 1).value();
    CHECK(engine.tick(field).value().costs_computed <= 4);
    CHECK(field.top(3).size() == 3);
    c.fanout.reduction = fanout::reduction::none;
    auto const all = runnel::make_engine(mine, c).value();
    auto other = all.make_field();
    all.inject(other, id_of(0), 1).value();
    all.tick(other).value();
    CHECK(other.digest() == field.digest());
}
