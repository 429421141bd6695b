// SPDX-License-Identifier: MIT
// Fields of doubles: the same diffusion in floating point, close to the exact one and as orderly.
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include <runnel/runnel.hpp>

#include "engine/drawn_calls.hpp"
#include "engine/drawn_case.hpp"
#include "support/catch.hpp"
#include "support/law.hpp"

namespace {

using drawn::call;
using drawn::id_of;
using drawn::world;
using runnel::stimulus;

using field_of_doubles = runnel::basic_field<double>;

/// Cut-offs of a quantum's size would make the two kinds differ where they must not.
void without_cuts(world& w) {
    w.settings.min_transfer = 0;
    w.settings.decay.flush_below = 0;
}
template <class Field> std::vector<bool> active(Field const& field, std::size_t nodes) {
    std::vector<bool> all(nodes);
    for (auto node : field.active()) all[index(node)] = true;
    return all;
}
/// Distinct nodes: several stimuli of one node would add up in the order they come.
std::vector<stimulus> one_each(law::gen& g, std::size_t nodes) {
    std::vector<stimulus> many;
    for (std::size_t n = 0; n < nodes; ++n)
        if (g.flag()) many.push_back({id_of(n), g.real(0, 3)});
    return many;
}

} // namespace

TEST_CASE("doubles and quanta tell the same story", "[engine][double]") {
    std::size_t compared = 0;
    law::for_all(3'000, [&](law::gen& g) {
        auto w = drawn::a_world(g);
        without_cuts(w);
        auto const built = w.build();
        auto const engine = runnel::make_engine(built.graph, built.store, w.settings).value();
        auto exact = engine.make_field();
        auto approximate = engine.make_field<double>();
        for (call const& c : drawn::a_life(g, w.size(), 20)) {
            drawn::make(engine, exact, c);
            drawn::make(engine, approximate, c);
            for (std::size_t n = 0; n < w.size(); ++n) {
                double const e = exact.energy_of(id_of(n));
                double const d = approximate.energy_of(id_of(n));
                g.holds(std::fabs(e - d) <= 1e-8, "energies agree");
                g.holds(
                    std::fabs(exact.received(id_of(n)) - approximate.received(id_of(n))) <= 1e-7,
                    "so does what was received");
            }
            if (active(exact, w.size()) != active(approximate, w.size())) {
                bool at_the_edge = false;
                for (std::size_t n = 0; n < w.size(); ++n) {
                    double const e = exact.energy_of(id_of(n));
                    if (std::fabs(e - w.threshold(n)) < 1e-8) at_the_edge = true;
                }
                g.holds(at_the_edge, "frontiers part only within a hair of a threshold");
                return;
            }
            ++compared;
        }
    });
    CHECK(compared > 10'000);
}

TEST_CASE("a field of doubles loses at most rounding", "[engine][double]") {
    law::for_all(2'000, [](law::gen& g) {
        auto const w = drawn::a_world(g);
        auto const built = w.build();
        auto const engine = runnel::make_engine(built.graph, built.store, w.settings).value();
        auto field = engine.make_field<double>();
        double most = 0; // what a rounding error weighs against: all that ever came in
        for (call const& c : drawn::a_life(g, w.size(), 30)) {
            if (c.what != call::kind::tick) {
                drawn::make(engine, field, c);
                continue;
            }
            auto const report = engine.tick(field, c.step, runnel::report::full).value();
            double const scale = std::max(most += report.injected, 1e-300);
            g.holds(std::fabs(report.residual) <= 1e-9 * scale, "a residual of at most 1e-9");
            for (std::size_t n = 0; n < w.size(); ++n)
                g.holds(field.energy_of(id_of(n)) >= 0, "no energy below nothing");
        }
        field.settle().value();
        double sum = 0;
        for (std::size_t n = 0; n < w.size(); ++n) sum += field.energy_of(id_of(n));
        auto const books = field.books();
        double const scale = std::max(books.injected, 1e-300);
        g.holds(std::fabs(sum - books.after) <= 1e-9 * scale, "the nodes add up to the books");
        g.holds(std::fabs(books.residual()) <= 1e-9 * scale, "the books close");
    });
}

TEST_CASE("doubles gather in one order, whatever the order of sources", "[engine][double]") {
    law::for_all(2'000, [](law::gen& g) {
        auto const w = drawn::a_world(g);
        auto const built = w.build();
        auto const engine = runnel::make_engine(built.graph, built.store, w.settings).value();
        auto forwards = engine.make_field<double>();
        auto otherwise = engine.make_field<double>();
        auto many = one_each(g, w.size());
        for (auto const& s : many) engine.inject(forwards, s.node, s.units).value();
        g.shuffle(many);
        for (auto const& s : many) engine.inject(otherwise, s.node, s.units).value();
        for (int i = 0; i < 6; ++i) {
            auto const step = drawn::a_step(g);
            engine.tick(forwards, step).value();
            engine.tick(otherwise, step).value();
            for (std::size_t n = 0; n < w.size(); ++n) {
                g.holds(
                    forwards.energy_of(id_of(n)) == otherwise.energy_of(id_of(n)),
                    "the same bits in every node");
                g.holds(
                    forwards.received(id_of(n)) == otherwise.received(id_of(n)),
                    "the same bits received");
            }
        }
    });
}

TEST_CASE("doubles keep the field's other laws", "[engine][double]") {
    law::for_all(1'000, [](law::gen& g) {
        auto w = drawn::a_world(g);
        w.settings.storage = runnel::storage::paged;
        auto const built = w.build();
        auto const& store = built.store;
        auto const paged = runnel::make_engine(built.graph, store, w.settings).value();
        w.settings.storage = runnel::storage::dense;
        auto const dense = runnel::make_engine(built.graph, store, w.settings).value();
        auto a = paged.make_field<double>();
        auto b = dense.make_field<double>();
        for (call const& c : drawn::a_life(g, w.size(), 12)) {
            drawn::make(paged, a, c);
            drawn::make(dense, b, c);
            g.holds(a.digest() == b.digest(), "pages or one array: the same bits");
            auto const before = a.digest();
            g.holds(!paged.inject(a, id_of(w.size()), 1), "an unknown node is refused");
            g.holds(!paged.inject(a, id_of(0), -1), "so is less than nothing");
            g.holds(!paged.inject(a, id_of(0), 9e6), "so is too much");
            { auto const dropped = paged.stage(a, drawn::a_step(g)).value(); }
            g.holds(a.digest() == before, "and nothing changed");
        }
        a.reset();
        g.holds(a.digest() == paged.make_field<double>().digest(), "reset is new");
    });
}

TEST_CASE("doubles with the cap at 1 leave nothing behind", "[engine][double]") {
    law::for_all(1'000, [](law::gen& g) {
        runnel::config settings{.alpha = 1, .transfer_cap = 1, .min_transfer = 0, .threshold = 0};
        settings.decay.base = 0;
        runnel::graph::builder b;
        b.nodes(2);
        b.link({id_of(0), id_of(1)});
        auto const built = std::move(b).build().value();
        auto const engine = runnel::make_engine(built.graph, built.store, settings).value();
        auto field = engine.make_field<double>();
        double const units = g.magnitude(-18, 21, "units");
        engine.inject(field, id_of(0), units).value();
        engine.tick(field, {.dt = g.one_of({1.0, 3.0})}).value();
        g.holds(field.energy_of(id_of(0)) == 0, "nothing stays");
        g.holds(field.energy_of(id_of(1)) == units, "all arrives");
    });
}
