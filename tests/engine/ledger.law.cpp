// SPDX-License-Identifier: MIT
// Nothing appears and nothing vanishes: the books close to the quantum, for all and for each type.
#include <algorithm>
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
using oracle::quanta;
using runnel::node_type;

constexpr std::size_t type_slots = runnel::per_type<int>::capacity;

node_type type(std::size_t t) { return node_type{static_cast<std::uint16_t>(t)}; }

/// Each line of the books, and all lines against the total.
void books_close(law::gen& g, runnel::field const& field) {
    auto const all = field.books();
    runnel::balance<runnel::energy> sum{};
    for (std::size_t t = 0; t < type_slots; ++t) {
        auto const book = field.books(type(t));
        g.holds(
            book.before + book.injected + book.arrived
                == book.after + book.sent + book.decayed + book.flushed,
            "a type's line closes");
        for (auto part : {book.injected, book.arrived, book.sent, book.decayed, book.flushed})
            g.holds(part >= 0, "no line is negative");
        g.holds(book.after >= 0, "no type holds less than nothing");
        sum += book;
    }
    g.holds(sum.injected == all.injected && sum.after == all.after, "the lines make the total");
    g.holds(sum.decayed == all.decayed && sum.flushed == all.flushed, "the lines make the losses");
    g.holds(sum.sent == sum.arrived + all.dissipated, "what was sent arrived");
    g.holds(
        all.before + all.injected == all.after + all.decayed + all.dissipated + all.flushed,
        "the total closes");
}

} // namespace

TEST_CASE("a hundred thousand frames leave no residual", "[engine][ledger]") {
    std::size_t frames = 0;
    std::size_t moved = 0;
    law::for_all(6'000, [&](law::gen& g) {
        auto const w = drawn::a_world(g);
        auto const built = w.build();
        auto const engine = runnel::make_engine(built.graph, built.store, w.settings).value();
        auto field = engine.make_field();
        auto const calls = drawn::a_life(g, w.size(), 12);
        for (std::size_t round = 0; round < 10; ++round)
            for (call const& c : calls) {
                if (c.what != call::kind::tick) {
                    drawn::make(engine, field, c);
                    continue;
                }
                auto const report = engine.tick(field, c.step, runnel::report::full).value();
                g.holds(report.residual == 0, "no residual, counted over all nodes");
                ++frames;
                if (report.strides > 0) ++moved;
                bool const settled = w.settings.decay.scope == runnel::decay_scope::support;
                if (settled && drawn::told_exactly(field))
                    g.holds(
                        drawn::recount(field, w.size()) == field.books().after,
                        "what the nodes tell adds up to the books");
            }
        books_close(g, field);
        field.settle().value();
        books_close(g, field);
        if (drawn::told_exactly(field))
            g.holds(
                drawn::recount(field, w.size()) == field.books().after,
                "settled nodes add up to the books");
        g.holds(field.books().residual() == 0, "the books close after settling");
    });
    CHECK(frames >= 100'000);
    CHECK(moved >= 20'000);
}

TEST_CASE("the recount sees a quantum that the books do not", "[engine][ledger]") {
    // The recount is no sum of the books: energy_of and books are told by different means, and the law
    // above would not notice if both were the same number.
    runnel::graph::builder b;
    b.nodes(2);
    b.link({id_of(0), id_of(1)});
    auto const built = std::move(b).build().value();
    auto const engine = runnel::make_engine(built.graph, built.store).value();
    auto field = engine.make_field();
    engine.inject(field, id_of(0), 1).value();
    engine.tick(field).value();
    quanta const kept = drawn::told_quanta(field.energy_of(id_of(0)));
    CHECK(kept < (quanta{1} << 40));
    CHECK(drawn::recount(field, 2) == field.books().after);
    CHECK(drawn::recount(field, 1) == kept);
    CHECK(field.books(type(11)).sent > 0);
}

TEST_CASE("without decay and flushing the total never changes", "[engine][ledger]") {
    law::for_all(500, [](law::gen& g) {
        auto w = drawn::a_world(g);
        w.settings.decay.base = 0;
        w.settings.decay.flush_below = 0;
        auto const built = w.build();
        auto const engine = runnel::make_engine(built.graph, built.store, w.settings).value();
        auto field = engine.make_field();
        engine.inject(field, drawn::stimuli(g, w.size(), 12)).value();
        auto const total = field.books().after;
        for (int i = 0; i < 30; ++i) {
            auto const report = engine.tick(field, drawn::a_step(g)).value();
            g.holds(report.decayed == 0 && report.flushed == 0, "nothing leaves");
            g.holds(field.books().after == total, "nothing comes or goes");
            if (drawn::told_exactly(field))
                g.holds(drawn::recount(field, w.size()) == total, "nor from the nodes");
        }
    });
}

TEST_CASE("no source sends more than the cap's share of what it has", "[engine][ledger]") {
    // Every node has its own type, so that the books tell its quanta exactly, however many.
    law::for_all(1'500, [](law::gen& g) {
        runnel::config settings = drawn::settings(g);
        settings.decay.base = 0;
        settings.decay.flush_below = 0;
        settings.min_transfer = 0;
        settings.threshold = 0;
        std::size_t const nodes = 2 + g.choose(20);
        runnel::graph::builder b;
        for (std::size_t n = 0; n < nodes; ++n) static_cast<void>(b.node(type(n)));
        for (std::size_t n = 0; n < nodes; ++n)
            for (std::size_t to : {g.choose(nodes - 1), std::uint64_t{0}})
                b.link({id_of(n), id_of(to)});
        auto const built = std::move(b).build().value();
        auto const engine = runnel::make_engine(built.graph, built.store, settings).value();
        auto field = engine.make_field();
        double const share =
            g.one_of({8000.0, 8388607.0, 1e-6, 100.0}) / static_cast<double>(nodes);
        for (std::size_t n = 0; n < nodes; ++n)
            engine.inject(field, id_of(n), g.real(0, share)).value();
        for (int i = 0; i < 20; ++i) {
            std::vector<runnel::balance<runnel::energy>> before;
            for (std::size_t n = 0; n < nodes; ++n) before.push_back(field.books(type(n)));
            engine.tick(field, {.dt = g.magnitude(-3, 8, "dt")}).value();
            for (std::size_t n = 0; n < nodes; ++n) {
                auto const now = field.books(type(n));
                auto const sent = now.sent - before[n].sent;
                g.holds(sent <= before[n].after, "no more than there was");
                g.holds(
                    static_cast<long double>(sent)
                        <= static_cast<long double>(before[n].after) * settings.transfer_cap,
                    "no more than the cap allows");
                g.holds(now.after >= 0, "never below nothing");
            }
        }
    });
}

TEST_CASE("with the cap at 1 all goes but one quantum", "[engine][ledger]") {
    law::for_all(2'000, [](law::gen& g) {
        runnel::config settings{.alpha = 1, .transfer_cap = 1, .min_transfer = 0, .threshold = 0};
        settings.decay.base = 0;
        settings.decay.flush_below = 0;
        runnel::graph::builder b;
        static_cast<void>(b.node(type(0)));
        static_cast<void>(b.node(type(1)));
        b.link({id_of(0), id_of(1)});
        auto const built = std::move(b).build().value();
        auto const engine = runnel::make_engine(built.graph, built.store, settings).value();
        auto field = engine.make_field();
        double const much = g.flag() ? g.real(7999, 8001, "units") : g.magnitude(-30, 21, "units");
        engine.inject(field, id_of(0), much).value();
        auto const injected = field.books().injected;
        engine.tick(field, {.dt = g.one_of({1.0, 1.5, 1e6})}).value();
        g.holds(field.books(type(0)).after == 1, "one quantum stays");
        g.holds(field.books(type(1)).after == injected - 1, "the rest arrives");
    });
}

TEST_CASE("a field at its limit pours into one node without overflow", "[engine][ledger]") {
    runnel::config settings{.alpha = 1, .transfer_cap = 1, .min_transfer = 0, .threshold = 0};
    settings.decay.base = 0;
    settings.decay.flush_below = 0;
    runnel::graph::builder b;
    b.nodes(65);
    for (std::size_t n = 1; n < 65; ++n) b.both_ways({id_of(n), id_of(0)});
    auto const built = std::move(b).build().value();
    auto const engine = runnel::make_engine(built.graph, built.store, settings).value();
    auto field = engine.make_field();
    for (std::size_t n = 1; n < 64; ++n) engine.inject(field, id_of(n), 131'072).value();
    engine.inject(field, id_of(64), 131'071).value(); // 2^23 - 1 together
    CHECK(field.total() == 8'388'607);
    for (int i = 0; i < 400; ++i) {
        auto const report = engine.tick(field, {}, runnel::report::full).value();
        REQUIRE(report.residual == 0);
        REQUIRE(report.after == 8'388'607);
    }
    CHECK(field.received(id_of(0)) > 8'388'607.0 * 100); // received has room beyond any energy
    CHECK(field.books().after == oracle::most_quanta);
}
