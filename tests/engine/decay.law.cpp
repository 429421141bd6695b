// SPDX-License-Identifier: MIT
// Decay: how much, when, to what end, and never before the moves are made.
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <string_view>
#include <utility>
#include <vector>

#include <runnel/runnel.hpp>

#include "engine/drawn_calls.hpp"
#include "engine/drawn_case.hpp"
#include "support/catch.hpp"
#include "support/law.hpp"

namespace {

using drawn::id_of;
using oracle::quanta;
using runnel::config;
using runnel::node_type;
using runnel::time_step;

/// One node nobody sends from, and how many quanta it stores.
struct lone_node {
    explicit lone_node(config const& settings)
        : built(make()),
          engine(runnel::make_engine(built.graph, built.store, settings).value()),
          field(engine.make_field()) {}
    static runnel::graph::built make() {
        runnel::graph::builder b;
        static_cast<void>(b.node());
        return std::move(b).build().value();
    }
    void pass(double seconds) { engine.tick(field, {.dt = 1, .elapsed = seconds}).value(); }
    [[nodiscard]] quanta settled() {
        field.settle().value();
        return field.books().after;
    }
    runnel::graph::built built;
    runnel::engine<runnel::graph_rows> engine;
    runnel::field field;
};

config decaying(double rate) {
    config c{.threshold = 8'388'607}; // quiet: settled when touched
    c.decay.base = rate;
    c.decay.multiplier = 1;
    c.decay.flush_below = 0;
    return c;
}
/// What an exponential's last bit may cost, in quanta.
quanta slack(quanta e) {
    return 1 + static_cast<quanta>(std::ceil(std::ldexp(static_cast<long double>(4 * e), -53)));
}
/// Adds up exactly on the clock.
double whole_ticks(law::gen& g, std::string_view name) {
    auto const ticks = g.integer(std::int64_t{1}, std::int64_t{1} << 42);
    double const seconds = std::ldexp(static_cast<double>(ticks), -32);
    g.show(name, seconds);
    return seconds;
}

} // namespace

TEST_CASE("moves are made before decay: two types tell the order", "[engine][decay]") {
    auto const run = [](auto amount) {
        runnel::graph::builder b;
        static_cast<void>(b.node(node_type::memory));
        static_cast<void>(b.node(node_type::task));
        b.link({id_of(0), id_of(1)});
        auto const built = std::move(b).build().value();
        config c{.alpha = .1};
        c.decay.base = .1;
        c.decay.multiplier = runnel::per_type<double>{1}.with(node_type::memory, 0);
        auto const engine = runnel::make_engine(built.graph, built.store, c).value();
        auto field = engine.template make_field<decltype(amount)>();
        engine.inject(field, id_of(0), 100).value();
        engine.tick(field, {.dt = 1}).value();
        CHECK(field.energy_of(id_of(0)) == Approx(90).epsilon(1e-12));
        CHECK(field.energy_of(id_of(1)) == Approx(9.048374180359595).epsilon(1e-11));
    };
    run(runnel::energy{});
    run(double{});
}

TEST_CASE("decay takes what the exponential says", "[engine][decay]") {
    law::for_all(5'000, [](law::gen& g) {
        double const rate = g.magnitude(-20, 6, "rate");
        lone_node node(decaying(rate));
        node.engine.inject(node.field, id_of(0), g.magnitude(-40, 21, "units")).value();
        quanta const before = node.field.books().after;
        double const span = whole_ticks(g, "span");
        node.pass(span);
        quanta const after = node.settled();
        auto const exact =
            static_cast<long double>(before)
            * std::exp(-static_cast<long double>(rate) * static_cast<long double>(span));
        g.holds(after <= before, "never more than before");
        // The rate times the span is a double: its own rounding weighs by the exponent.
        long double const product = static_cast<long double>(rate) * span;
        long double const off = std::fabs(static_cast<long double>(after) - exact);
        g.holds(
            off <= 1 + std::ldexp(static_cast<long double>(before), -51)
                       + exact * product * 0x1p-53L,
            "what is left");
    });
}

TEST_CASE("two spans take what their sum takes, to the stated quanta", "[engine][decay]") {
    law::for_all(5'000, [](law::gen& g) {
        double const rate = g.magnitude(-20, -1, "rate");
        double const units = g.magnitude(-40, 21, "units");
        double const a = whole_ticks(g, "a");
        double const b = whole_ticks(g, "b");
        lone_node twice(decaying(rate));
        lone_node once(decaying(rate));
        lone_node lazy(decaying(rate));
        for (lone_node* n : {&twice, &once, &lazy})
            n->engine.inject(n->field, id_of(0), units).value();
        quanta const before = once.field.books().after;
        twice.pass(a);
        static_cast<void>(twice.settled());
        twice.pass(b);
        lazy.pass(a);
        lazy.pass(b);
        once.pass(a + b);
        quanta const sum = once.settled();
        g.holds(lazy.settled() == sum, "a quiet node is settled once, over all its time");
        quanta const difference = twice.settled() - sum;
        g.holds(
            difference <= slack(before) && -difference <= slack(before),
            "a then b is a + b, within 1 + ceil(4E 2^-53) quanta");
    });
}

TEST_CASE("no quantum is immortal", "[engine][decay]") {
    law::for_all(500, [](law::gen& g) {
        config c = decaying(g.magnitude(-70, 0, "rate"));
        c.decay.scope = g.one_of({runnel::decay_scope::support, runnel::decay_scope::touched});
        c.threshold = 0; // active: decayed each frame in either scope
        lone_node node(c);
        quanta const few = g.integer(1, 60, "quanta");
        node.engine.inject(node.field, id_of(0), oracle::units_of(few)).value();
        quanta left = few;
        for (int frame = 0; frame < 60; ++frame) {
            node.pass(0x1p-10);
            quanta const now = node.field.books().after;
            g.holds(left == 0 ? now == 0 : now < left, "each frame takes at least one");
            left = now;
        }
        g.holds(left == 0, "and so the last");
        g.holds(node.field.books().decayed == few, "all booked as decayed");
        g.holds(node.field.active().empty(), "nobody is active");
    });
}

TEST_CASE("a rate of 0 takes nothing, ever", "[engine][decay]") {
    law::for_all(500, [](law::gen& g) {
        lone_node node(decaying(0));
        node.engine.inject(node.field, id_of(0), g.magnitude(-40, 21, "units")).value();
        quanta const before = node.field.books().after;
        for (int i = 0; i < 5; ++i) node.pass(drawn::seconds(g, "span"));
        g.holds(node.settled() == before && node.field.books().decayed == 0, "not a quantum");
    });
}

TEST_CASE("less than flush_below goes to 0, flush_below itself stays", "[engine][decay]") {
    law::for_all(1'000, [](law::gen& g) {
        quanta const limit = g.integer(1, 1 << 20, "limit in quanta");
        config c = decaying(0);
        c.decay.flush_below = oracle::units_of(limit);
        quanta const held = limit - 1 + g.integer(0, 1, "above");
        lone_node node(c);
        node.engine.inject(node.field, id_of(0), oracle::units_of(held)).value();
        g.holds(node.settled() == held, "at the instant of injection nothing is flushed");
        node.pass(1);
        quanta const left = node.settled();
        g.holds(left == (held < limit ? 0 : held), "flushed below the limit only");
        g.holds(node.field.books().flushed == held - left, "and booked");
    });
}

TEST_CASE("energy decays from its injection on", "[engine][decay]") {
    law::for_all(1'000, [](law::gen& g) {
        double const rate = g.magnitude(-10, 2, "rate");
        lone_node late(decaying(rate));
        lone_node early(decaying(rate));
        early.engine.inject(early.field, id_of(0), 3).value();
        late.pass(whole_ticks(g, "before"));
        late.engine.inject(late.field, id_of(0), 3).value();
        double const span = whole_ticks(g, "after");
        late.pass(span);
        early.pass(span);
        g.holds(late.settled() == early.settled(), "time before it does not count");
    });
}

TEST_CASE("preset types decay at their multiples of the base", "[engine][decay]") {
    struct preset {
        node_type type;
        double multiplier;
    };
    constexpr preset presets[] = {
        {node_type::memory, .5},    {node_type::episodic, .25},    {node_type::concept_, 1},
        {node_type::task, 5},       {node_type::goal, .5},         {node_type::event, 2.5},
        {node_type::person, .5},    {node_type::document, .75},    {node_type::mechanism, 1},
        {node_type::principle, .5}, {node_type::realization, 1.5}, {node_type::other, 1},
        {node_type{60'000}, 1}};
    runnel::graph::builder b;
    for (auto const& p : presets) static_cast<void>(b.node(p.type));
    auto const built = std::move(b).build().value();
    auto const engine = runnel::make_engine(built.graph, built.store).value();
    auto field = engine.make_field();
    for (std::size_t n = 0; n < std::size(presets); ++n) engine.inject(field, id_of(n), 1).value();
    engine.tick(field, {.dt = 1, .elapsed = 10'000}).value();
    for (std::size_t n = 0; n < std::size(presets); ++n) {
        CAPTURE(n);
        double const left = std::exp(-2e-5 * presets[n].multiplier * 10'000);
        CHECK(field.energy_of(id_of(n)) == Approx(left).epsilon(1e-11));
    }
}

TEST_CASE("a share of 1 - e^-x for every x", "[engine][decay]") {
    law::for_all(3'000, [](law::gen& g) {
        double const alpha = g.magnitude(-30, 3, "alpha");
        config c{
            .alpha = alpha,
            .step = runnel::step_rule::exponential,
            .transfer_cap = 1,
            .min_transfer = 0,
            .threshold = 0};
        c.decay.base = 0;
        runnel::graph::builder b;
        b.nodes(2);
        b.link({id_of(0), id_of(1)});
        auto const built = std::move(b).build().value();
        auto const engine = runnel::make_engine(built.graph, built.store, c).value();
        auto field = engine.make_field();
        engine.inject(field, id_of(0), 4'000).value();
        engine.tick(field).value();
        double const sent = field.received(id_of(1));
        double const exact = -4'000 * std::expm1(-alpha);
        g.holds(std::fabs(sent - exact) <= 0x1p-40 + 4'000 * alpha * 0x1p-51, "of what it has");
    });
}

TEST_CASE("decay is that of the engine that runs", "[engine][decay]") {
    auto const built = lone_node::make();
    auto const& store = built.store;
    auto const decays = runnel::make_engine(built.graph, store, {.decay = {.base = .1}}).value();
    auto const keeps = runnel::make_engine(built.graph, store, {.decay = {.base = 0}}).value();
    auto field = decays.make_field();
    decays.inject(field, id_of(0), 1).value();
    decays.tick(field).value();
    double const before = field.energy_of(id_of(0));
    CHECK(keeps.tick(field).error().is(runnel::faults::other_settings));
    keeps.adopt(field).value();
    keeps.tick(field).value(); // the same span, for which the field remembers what the other kept
    CHECK(field.energy_of(id_of(0)) == before);
}
