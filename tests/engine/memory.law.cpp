// SPDX-License-Identifier: MIT
// Memory follows what was touched, and steady frames ask for none.
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <new>
#include <set>
#include <utility>
#include <vector>

#include <runnel/runnel.hpp>

#include "engine/drawn_calls.hpp"
#include "engine/drawn_case.hpp"
#include "support/allocations.hpp"
#include "support/catch.hpp"
#include "support/law.hpp"

namespace {

using drawn::call;
using drawn::id_of;
using runnel::candidate;
using runnel::config;

/// Hears everything and keeps nothing.
struct deaf_ear {
    template <runnel::event::registered E> void operator()(E const&) const {}
};

/// A ring with chords, so that energy comes by everywhere and flips happen all the time.
runnel::graph::built ring(std::uint32_t nodes) {
    runnel::graph::builder b;
    b.nodes(nodes);
    for (std::size_t n = 0; n < nodes; ++n) {
        b.link({id_of(n), id_of((n + 1) % nodes)});
        b.link({id_of(n), id_of((n * 7 + 3) % nodes)});
        b.link({id_of(n), id_of((n * 31 + 11) % nodes)});
    }
    return std::move(b).build().value();
}
config restless() {
    config c{.alpha = .4, .transfer_cap = .5, .threshold = .02};
    c.decay.base = 1e-3;
    return c;
}

struct asked {
    std::size_t by_frames = 0;
    std::size_t by_stimuli = 0;
};
/// Allocations of fifty busy frames and their stimuli, the second time they are run.
template <class Policies> asked of_a_steady_life(Policies policies) {
    auto const built = ring(3'000);
    auto const engine = runnel::make_engine(built.graph, built.store, restless(), policies).value();
    auto field = engine.make_field();
    std::vector<runnel::stimulus> stimuli;
    for (std::size_t n = 0; n < 3'000; n += 10) stimuli.push_back({id_of(n), 1});
    asked count;
    for (int life = 0; life < 2; ++life) {
        field.reset();
        count = {};
        for (int query = 0; query < 2; ++query) {
            support::allocation_watch const stimulated;
            engine.inject(field, stimuli).value();
            count.by_stimuli += stimulated.count();
            support::allocation_watch const framed;
            for (int i = 0; i < 25; ++i) engine.tick(field, {}, runnel::report::full).value();
            field.settle().value();
            field.begin_query();
            count.by_frames += framed.count();
        }
    }
    return count;
}

} // namespace

TEST_CASE("the count sees an allocation planted in a frame", "[engine][memory]") {
    auto const planted = runnel::pipeline{}.with_cost([](candidate const& c) {
        ::operator delete(::operator new(8)); // called by name: a compiler may not drop the pair
        return -c.lw.log();
    });
    CHECK(of_a_steady_life(planted).by_frames > 50);
}

TEST_CASE("steady frames allocate nothing", "[engine][memory]") {
    auto const plain = of_a_steady_life(runnel::pipeline{});
    CHECK(plain.by_frames == 0);
    CHECK(plain.by_stimuli == 0);
    CHECK(of_a_steady_life(runnel::pipeline{}.with_sink(deaf_ear{})).by_frames == 0);
    auto const by_cost =
        runnel::pipeline{}.with_cost([](candidate const& c) { return -c.lw.log(); });
    CHECK(of_a_steady_life(by_cost).by_frames == 0);
}

TEST_CASE("a life led again on the same field allocates nothing", "[engine][memory]") {
    law::for_all(500, [](law::gen& g) {
        auto w = drawn::a_world(g);
        auto const built = w.build();
        auto const engine = runnel::make_engine(built.graph, built.store, w.settings).value();
        auto field = engine.make_field();
        auto const calls = drawn::a_life(g, w.size());
        drawn::make(engine, field, calls);
        auto const bytes = field.bytes();
        for (int again = 0; again < 2; ++again) {
            field.reset();
            support::allocation_watch const watch;
            drawn::make(engine, field, calls);
            auto const count = watch.count();
            // Pages given up by reset may come back from the pool; nothing new is asked for.
            g.holds(count == 0, "no allocation");
            g.holds(field.bytes() <= bytes, "no more bytes");
        }
    });
}

TEST_CASE("bytes are those that were allocated", "[engine][memory]") {
    auto const built = ring(100'000);
    for (auto kind : {runnel::storage::paged, runnel::storage::dense}) {
        auto settings = restless();
        settings.storage = kind;
        auto const engine = runnel::make_engine(built.graph, built.store, settings).value();
        support::allocation_watch const watch;
        auto field = engine.make_field();
        for (std::size_t n = 0; n < 100'000; n += 997) engine.inject(field, id_of(n), 10).value();
        for (int i = 0; i < 20; ++i) engine.tick(field).value();
        auto const kept = static_cast<double>(watch.kept_bytes());
        auto const told = static_cast<double>(field.bytes() - sizeof field);
        CAPTURE(kept, told);
        CHECK(kept <= 1.1 * told + 8'192); // the lease slot and the pool's own books
        CHECK(told <= 1.1 * kept + 8'192);
    }
}

TEST_CASE("memory follows what was touched", "[engine][memory]") {
    auto const built = ring(1'000'000);
    auto const engine = runnel::make_engine(built.graph, built.store, restless()).value();
    std::size_t const empty = engine.make_field().bytes();
    CHECK(empty <= 1'000'000 / 64 * 8 + 32'768);
    std::size_t last = empty;
    for (std::size_t touched : {10U, 100U, 1'000U}) {
        auto field = engine.make_field();
        for (std::size_t i = 0; i < touched; ++i)
            engine.inject(field, id_of(i * 999 % 1'000'000), .01).value();
        CHECK(field.bytes() >= last);
        CHECK(field.bytes() <= empty + touched * (64 * 32 + 64) + 65'536);
        last = field.bytes();
        field.reset();
        CHECK(field.total() == 0);
    }
}

TEST_CASE("ten million nodes, a hundred touched: at most a mebibyte", "[engine][memory][large]") {
    constexpr std::size_t nodes = 10'000'000;
    runnel::graph::builder b;
    b.nodes(static_cast<std::uint32_t>(nodes));
    law::gen random{20'26};
    std::set<std::size_t> touched;
    std::vector<std::size_t> sources;
    while (touched.size() < 100) { // fifty that send and fifty that receive
        std::size_t const from = random.choose(nodes - 1);
        std::size_t const to = random.choose(nodes - 1);
        if (!touched.insert(from).second || !touched.insert(to).second) continue;
        sources.push_back(from);
        b.link({id_of(from), id_of(to)});
    }
    auto const built = std::move(b).build().value();
    auto const engine = runnel::make_engine(built.graph, built.store).value();
    support::allocation_watch const watch;
    auto field = engine.make_field();
    for (std::size_t n : sources) engine.inject(field, id_of(n), 1).value();
    for (int i = 0; i < 10; ++i) engine.tick(field).value();
    for (std::size_t n : touched) CHECK(field.energy_of(id_of(n)) > 0);
    CHECK(field.bytes() <= 1'048'576);
    CHECK(watch.kept_bytes() <= 1'048'576);
    field.reset();
    CHECK(field.digest() == engine.make_field().digest());
}
