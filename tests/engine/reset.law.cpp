// SPDX-License-Identifier: MIT
// What reset, begin_query and settle promise, and what a digest tells apart.
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <string>
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
using runnel::node_type;

/// All that can be seen of a field. Three nodes, each of its own type, so that quanta are exact.
std::string seen(runnel::field const& field) {
    std::string all;
    auto const add = [&all](auto const& figure) {
        all += std::to_string(static_cast<long long>(figure)) + ' ';
    };
    std::set<std::size_t> active;
    for (auto node : field.active()) active.insert(index(node));
    for (std::size_t n = 0; n < 3; ++n) {
        add(active.count(n));
        add(std::ldexp(field.energy_of(id_of(n)), 40));
        add(std::ldexp(field.received(id_of(n)), 40));
        auto const book = field.books(node_type{static_cast<std::uint16_t>(n)});
        for (auto part :
             {book.injected, book.arrived, book.sent, book.decayed, book.flushed, book.after})
            add(part);
    }
    add(field.frame());
    add(std::ldexp(field.time(), 32));
    add(field.rounded_to_zero());
    return all;
}

/// A triangle small enough that random lives meet.
runnel::graph::built triangle() {
    runnel::graph::builder b;
    for (std::uint16_t t = 0; t < 3; ++t) static_cast<void>(b.node(node_type{t}));
    b.link({id_of(0), id_of(1)}).link({id_of(1), id_of(2)}).link({id_of(2), id_of(0)});
    return std::move(b).build().value();
}
runnel::config lively() {
    runnel::config c{
        .alpha = .5, .transfer_cap = .5, .fanout = {.ties = runnel::fanout::ties::by_id}};
    c.decay.base = .01;
    return c;
}
call a_simple_call(law::gen& g) {
    call c;
    switch (g.choose(5)) {
    case 0: break; // a tick of one second
    case 1: c.what = call::kind::settle; break;
    case 2: c.what = call::kind::begin_query; break;
    default:
        c.what = call::kind::inject;
        c.stimuli = {{id_of(g.choose(2)), g.one_of({1.0, .25, 0x1p-40, 0.0})}};
    }
    return c;
}

} // namespace

TEST_CASE("a reset field is a new field", "[engine][reset]") {
    law::for_all(1'000, [](law::gen& g) {
        auto const w = drawn::a_world(g, drawn::weights::few, g.one_of<std::size_t>({40, 400}));
        auto const built = w.build();
        auto const engine = runnel::make_engine(built.graph, built.store, w.settings).value();
        auto field = engine.make_field();
        drawn::make(engine, field, drawn::a_life(g, w.size()));
        field.reset();
        auto fresh = engine.make_field();
        g.holds(field.digest() == fresh.digest(), "the same digest");
        g.holds(field.frame() == 0 && field.time() == 0 && field.total() == 0, "nothing remains");
        g.holds(field.active().empty() && field.rounded_to_zero() == 0, "nobody is active");
        for (std::size_t n = 0; n < w.size(); ++n) {
            g.holds(field.energy_of(id_of(n)) == 0, "no energy");
            g.holds(field.received(id_of(n)) == 0, "nothing received");
        }
        for (std::size_t t = 0; t < runnel::per_type<int>::capacity; ++t) {
            auto const book = field.books(node_type{static_cast<std::uint16_t>(t)});
            g.holds(
                book.injected == 0 && book.arrived == 0 && book.sent == 0 && book.decayed == 0
                    && book.flushed == 0 && book.after == 0,
                "empty books");
        }
        for (call const& c : drawn::a_life(g, w.size(), 12)) {
            drawn::make(engine, field, c);
            drawn::make(engine, fresh, c);
            g.holds(field.digest() == fresh.digest(), "the same digest in its second life");
        }
    });
}

TEST_CASE("begin_query forgets what was received and nothing else", "[engine][reset]") {
    law::for_all(1'000, [](law::gen& g) {
        auto const w = drawn::a_world(g);
        auto const built = w.build();
        auto const engine = runnel::make_engine(built.graph, built.store, w.settings).value();
        auto field = engine.make_field();
        auto other = engine.make_field();
        auto const calls = drawn::a_life(g, w.size());
        drawn::make(engine, field, calls);
        drawn::make(engine, other, calls);
        field.begin_query();
        for (std::size_t n = 0; n < w.size(); ++n) {
            g.holds(field.received(id_of(n)) == 0, "received restarts");
            g.holds(field.energy_of(id_of(n)) == other.energy_of(id_of(n)), "energies stay");
        }
        g.holds(field.top(5).nodes.empty(), "nothing ranks");
        g.holds(field.books().after == other.books().after, "the books stay");
        g.holds(field.frame() == other.frame() && field.time() == other.time(), "so does time");
        std::vector<double> before;
        for (std::size_t n = 0; n < w.size(); ++n) before.push_back(other.received(id_of(n)));
        auto const step = drawn::a_step(g);
        engine.tick(field, step).value();
        engine.tick(other, step).value();
        double most = 0;
        for (std::size_t n = 0; n < w.size(); ++n) {
            double const total = other.received(id_of(n));
            most = total > most ? total : most;
            g.holds(
                field.received(id_of(n)) == total - before[n] || total > 4'000,
                "from then on it counts as before");
        }
    });
}

TEST_CASE("settling changes what is booked, not what there is", "[engine][reset]") {
    law::for_all(2'000, [](law::gen& g) {
        auto const w = drawn::a_world(g);
        auto const built = w.build();
        auto const engine = runnel::make_engine(built.graph, built.store, w.settings).value();
        auto field = engine.make_field();
        drawn::make(engine, field, drawn::a_life(g, w.size()));
        std::vector<double> before;
        for (std::size_t n = 0; n < w.size(); ++n) before.push_back(field.energy_of(id_of(n)));
        field.settle().value();
        for (std::size_t n = 0; n < w.size(); ++n)
            g.holds(field.energy_of(id_of(n)) == before[n], "energy_of told it already");
        if (drawn::told_exactly(field))
            g.holds(
                drawn::recount(field, w.size()) == field.books().after,
                "the nodes add up to the books");
        auto const once = field.digest();
        field.settle().value();
        g.holds(field.digest() == once, "a second time does nothing");
    });
}

TEST_CASE("two settled fields share a digest exactly when they are alike", "[engine][digest]") {
    auto const built = triangle();
    auto const engine = runnel::make_engine(built.graph, built.store, lively()).value();
    std::map<std::uint64_t, std::string> by_digest;
    std::map<std::string, std::uint64_t> by_look;
    std::size_t met = 0;
    law::for_all(20'000, [&](law::gen& g) {
        auto field = engine.make_field();
        for (call const& c : g.list(6, [&] { return a_simple_call(g); }))
            drawn::make(engine, field, c);
        field.settle().value();
        auto const look = seen(field);
        auto const digest = field.digest();
        auto const [first, is_new] = by_digest.emplace(digest, look);
        g.show("one", first->second);
        g.show("other", look);
        g.holds(first->second == look, "one digest, one state");
        auto const [same, looks_new] = by_look.emplace(look, digest);
        g.holds(same->second == digest, "one state, one digest");
        if (!is_new) ++met;
    });
    CHECK(by_digest.size() > 3'000);
    CHECK(met > 3'000);
}

TEST_CASE("a digest tells permuted nodes apart", "[engine][digest]") {
    law::for_all(2'000, [](law::gen& g) {
        std::size_t const nodes = 2 + g.choose(300);
        runnel::graph::builder b;
        b.nodes(static_cast<std::uint32_t>(nodes));
        auto const built = std::move(b).build().value();
        auto const engine = runnel::make_engine(built.graph, built.store).value();
        auto const i = g.choose(nodes - 1);
        auto const j = g.choose(nodes - 1);
        double const x = drawn::units(g, "x");
        double const y = drawn::units(g, "y");
        auto field = engine.make_field();
        auto swapped = engine.make_field();
        engine.inject(field, id_of(i), x).value();
        engine.inject(field, id_of(j), y).value();
        engine.inject(swapped, id_of(i), y).value();
        engine.inject(swapped, id_of(j), x).value();
        bool const alike = i == j || oracle::quanta_of(x) == oracle::quanta_of(y);
        g.holds((field.digest() == swapped.digest()) == alike, "which node holds what");
    });
}

TEST_CASE("histories that end alike share a digest", "[engine][digest]") {
    auto const built = triangle();
    auto const engine = runnel::make_engine(built.graph, built.store, lively()).value();
    auto a = engine.make_field();
    auto b = engine.make_field();
    engine.inject(a, id_of(0), .75).value();
    engine.inject(a, id_of(1), .25).value();
    engine.inject(b, id_of(1), .25).value();
    engine.inject(b, id_of(0), .5).value();
    engine.inject(b, id_of(0), .25).value();
    CHECK(a.digest() == b.digest());
    engine.inject(b, id_of(2), 0).value(); // a page is touched, a count grows, no energy
    CHECK(a.digest() != b.digest());
    engine.inject(a, id_of(2), 0).value();
    CHECK(a.digest() == b.digest());
}

TEST_CASE("a digest tells decayed from flushed", "[engine][digest]") {
    auto const built = triangle();
    auto const& store = built.store;
    runnel::config decays{.decay = {.base = 1e9, .multiplier = 1, .flush_below = 0}};
    runnel::config flushes{.decay = {.base = 0, .flush_below = 1}};
    auto const decaying = runnel::make_engine(built.graph, store, decays).value();
    auto const flushing = runnel::make_engine(built.graph, store, flushes).value();
    auto a = decaying.make_field();
    auto b = flushing.make_field();
    decaying.inject(a, id_of(0), .5).value();
    flushing.inject(b, id_of(0), .5).value();
    decaying.tick(a).value();
    flushing.tick(b).value();
    REQUIRE(a.books().decayed != b.books().decayed);
    CHECK(a.digest() != b.digest());
}
