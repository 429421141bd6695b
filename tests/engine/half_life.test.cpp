// SPDX-License-Identifier: MIT
// Half-lives: half is gone after exactly that time, in one step or many, watched or not; and what each type keeps.
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <utility>

#include <runnel/runnel.hpp>

#include "engine/sown.hpp"
#include "support/catch.hpp"
#include "support/law.hpp"

namespace {

using namespace runnel;
using sown::id_of;
using sown::quantum;

/// One node of every preset type, no links.
graph::built one_of_each() {
    graph::builder b;
    for (std::uint16_t t = 0; t < 12; ++t) static_cast<void>(b.node(node_type{t}));
    return std::move(b).build().value();
}
double after(config const& c, node_type type, time_step step, int frames = 1) {
    auto const built = one_of_each();
    auto const engine = make_engine(built.graph, std::as_const(built.store), c).value();
    session s{engine};
    s.inject(id_of(index(type)), 64).value();
    for (int f = 0; f < frames; ++f) s.tick(step).value();
    return s.energy_of(id_of(index(type)));
}

} // namespace

TEST_CASE("half is gone after a half-life, whatever the steps", "[engine][decay]") {
    for (double const h : {1.0, 3.0, 3600.0, 86400.0}) {
        config c;
        c.decay.half_life.set(node_type::memory, h);
        CHECK(std::fabs(after(c, node_type::memory, {.dt = 1, .elapsed = h}) - 32) <= 2 * quantum);
        CHECK(
            std::fabs(after(c, node_type::memory, {.dt = 1, .elapsed = h / 16}, 16) - 32)
            <= 32 * quantum);
        CHECK(
            std::fabs(after(c, node_type::memory, {.dt = 1, .elapsed = 6 * h}) - 1) <= 2 * quantum);
    }
}

TEST_CASE("a half-life is its type's own; others decay by base and multiplier", "[engine][decay]") {
    config c;
    c.decay.base = .01;
    c.decay.half_life.set(node_type::memory, 10);
    c.decay.half_life.set(node_type::task, 20);
    CHECK(after(c, node_type::memory, {.dt = 20}) == Approx(16).margin(1e-10));
    CHECK(after(c, node_type::task, {.dt = 20}) == Approx(32).margin(1e-10));
    CHECK(after(c, node_type::event, {.dt = 20}) == Approx(64 * std::exp(-.5)).margin(1e-10));
}

TEST_CASE("all types may have half-lives of their own at once", "[engine][decay]") {
    config c;
    for (std::uint16_t t = 0; t < 12; ++t) c.decay.half_life.set(node_type{t}, 1.0 + t);
    for (std::uint16_t t = 0; t < 12; ++t)
        CHECK(after(c, node_type{t}, {.dt = 1.0 + t}) == Approx(32).margin(1e-11));
}

TEST_CASE("the preset rates are the multiples that are documented", "[engine][decay]") {
    struct row {
        node_type type;
        double multiplier;
    };
    for (auto const& [type, multiplier] :
         {row{node_type::memory, .5}, row{node_type::episodic, .25}, row{node_type::concept_, 1},
          row{node_type::task, 5}, row{node_type::goal, .5}, row{node_type::event, 2.5},
          row{node_type::person, .5}, row{node_type::document, .75}, row{node_type::mechanism, 1},
          row{node_type::principle, .5}, row{node_type::realization, 1.5},
          row{node_type::other, 1}})
        CHECK(
            after({}, type, {.dt = 1, .elapsed = 10'000})
            == Approx(64 * std::exp(-2e-5 * multiplier * 10'000)).margin(1e-10));
}

TEST_CASE("a memory outlasts a task by the curves of its half-life", "[engine][decay]") {
    // rate 1e-5 against 1e-4 a second: half-lives of 69,315 s and 6,931 s
    for (int hours = 1; hours <= 24; hours += 5) {
        double const seconds = 3600.0 * hours;
        double const memory = after({}, node_type::memory, {.dt = 5, .elapsed = seconds});
        double const task = after({}, node_type::task, {.dt = 5, .elapsed = seconds});
        CHECK(memory == Approx(64 * std::exp(-1e-5 * seconds)).margin(1e-9));
        CHECK(task == Approx(64 * std::exp(-1e-4 * seconds)).margin(1e-9));
        CHECK(memory > task);
    }
}

TEST_CASE("quiet nodes halve as well, however late they are settled", "[engine][decay]") {
    auto const built = one_of_each();
    for (auto const scope : {decay_scope::touched, decay_scope::support}) {
        config c;
        c.threshold = 1;
        c.decay.half_life = 8;
        c.decay.scope = scope;
        auto const engine = make_engine(built.graph, std::as_const(built.store), c).value();
        session s{engine};
        s.inject(id_of(0), .5).value();
        s.inject(id_of(1), 64).value();
        double const first = s.total();
        for (int f = 0; f < 8; ++f) s.tick().value();
        CHECK(std::fabs(s.energy_of(id_of(0)) - .25) <= 9 * quantum);
        CHECK(std::fabs(s.energy_of(id_of(1)) - 32) <= 16 * quantum);
        s.tick({.dt = 8}).value();
        s.inject(id_of(0), .125).value(); // settles it
        CHECK(std::fabs(s.energy_of(id_of(0)) - .25) <= 10 * quantum);
        s.settle().value();
        CHECK(s.total() == s.energy_of(id_of(0)) + s.energy_of(id_of(1)));
        CHECK(balance<energy>::units(s.field().books().decayed) == first + .125 - s.total());
    }
}

TEST_CASE("any half-life, any steps", "[engine][decay][law]") {
    law::for_all(300, [](law::gen& g) {
        auto const built = one_of_each();
        config c;
        double const h = g.magnitude(-3, 20, "half-life");
        c.decay.half_life = h;
        c.threshold = g.one_of({.1, 1e6}, "threshold");
        c.decay.flush_below = 0;
        auto const engine = make_engine(built.graph, std::as_const(built.store), c).value();
        auto field = engine.make_field();
        double const units = g.magnitude(-10, 20, "units");
        engine.inject(field, id_of(0), units).value();
        double const start = field.energy_of(id_of(0));
        int const steps = g.integer(1, 8, "steps");
        for (int i = 0; i < steps; ++i) engine.tick(field, {.dt = 1, .elapsed = h / steps}).value();
        double const slack = quantum * steps * (1 + std::ceil(4 * start / quantum * 0x1p-53))
                             + start * std::log(2.0) * steps * 0x1p-33 * steps / h;
        g.holds(
            std::fabs(field.energy_of(id_of(0)) - start / 2) <= slack,
            "half is left, up to the quanta of its steps and the ticks of the clock");
    });
}
