// SPDX-License-Identifier: MIT
// Frames that several workers make: the bits of one, whatever their number and order, with any mechanism on.
#include <atomic>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <mutex>
#include <set>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <runnel/runnel.hpp>

#include "engine/crowd.hpp"
#include "support/allocations.hpp"
#include "support/catch.hpp"
#include "support/law.hpp"

namespace {

using namespace runnel;
using crowd::backwards;
using crowd::id_of;
using crowd::story;

/// One life by one thread, then by workers of each number; `policies(story)` makes the pipeline.
template <class Amount, class Policies, class Pool>
void the_same_by(
    law::gen& g, graph::built const& built, config const& c, crowd::plan const& plan,
    Policies&& policies, Pool& pool, story const& alone) {
    story told;
    auto const& store = built.store;
    auto const engine =
        make_engine(built.graph, store, c, policies(told).with_workers(pool)).value();
    auto const other = crowd::another(c, plan);
    auto const second = make_engine(built.graph, store, other, policies(told)).value();
    crowd::live<Amount>(plan, engine, second, told);
    g.show("lanes", pool.lanes());
    g.holds(told == alone, "several workers have the bits of one");
}
template <class Amount, class Policies>
std::uint64_t the_same(law::gen& g, Policies&& policies, std::vector<std::size_t> const& numbers) {
    auto const nodes = static_cast<std::size_t>(g.integer(200, 700, "nodes"));
    auto const built = crowd::a_graph(g, nodes);
    auto const c = crowd::a_config(g);
    auto const plan = crowd::a_plan(g, nodes);
    auto const& store = built.store;
    story alone;
    auto const engine = make_engine(built.graph, store, c, policies(alone)).value();
    auto const other = crowd::another(c, plan);
    auto const second = make_engine(built.graph, store, other, policies(alone)).value();
    crowd::live<Amount>(plan, engine, second, alone);
    for (std::size_t const n : numbers) {
        backwards pool{n};
        the_same_by<Amount>(g, built, c, plan, policies, pool, alone);
        bool const strides = c.implementation == implementation::stride;
        if (alone.strides > 0 && strides) // of a matrix step it depends on its links
            g.holds((pool.runs > 0) == (n > 1 && c.max_strides == 0), "they were asked, or not");
    }
    host::thread_pool pool{3};
    the_same_by<Amount>(g, built, c, plan, policies, pool, alone);
    return alone.strides;
}

auto plain = [](story&) { return pipeline{}; };
struct by_target {
    double operator()(candidate const& c) const {
        return -c.lw.log() + .3 * static_cast<double>(index(c.target) % 5) + c.familiarity;
    }
    [[nodiscard]] static double at_least(node_id, log_weight lw) { return -lw.log(); }
    [[nodiscard]] static bool asks_familiarity() { return true; }
};
auto by_cost = [](story&) { return pipeline{}.with_cost(by_target{}); };
auto heard = [](story& told) {
    return pipeline{}.with_learning(learn::strengthen{}).with_sink(crowd::chronicler{&told});
};

/// Hears what of a frame comes in no order: workers make it all the same.
struct listens_to_decay {
    story* of;
    void operator()(event::decay_tick const& e) const {
        of->add(e.decayed), of->add(e.flushed), of->add(e.consolidated), of->add(e.resistant);
        of->add(e.mean_resistance), of->add(e.mean_protection), of->add(e.nodes);
    }
};
auto decay_heard = [](story& told) { return pipeline{}.with_sink(listens_to_decay{&told}); };

constexpr int cases = 60;

} // namespace

TEST_CASE("by heads: any number of workers has the bits of one", "[engine][workers]") {
    std::uint64_t strides = 0;
    law::for_all(cases, [&](law::gen& g) { strides += the_same<energy>(g, plain, {1, 2, 3, 8}); });
    CHECK(strides > 10'000);
}
TEST_CASE("by a cost of one's own: the same", "[engine][workers]") {
    std::uint64_t strides = 0;
    law::for_all(cases, [&](law::gen& g) {
        strides += the_same<energy>(g, by_cost, {1, 2, 3, 8});
    });
    CHECK(strides > 10'000);
}
TEST_CASE("learning and heard: the same, in the same order", "[engine][workers]") {
    std::uint64_t strides = 0;
    law::for_all(cases, [&](law::gen& g) { strides += the_same<energy>(g, heard, {2, 8}); });
    CHECK(strides > 10'000);
}
TEST_CASE("decay alone is heard: the same", "[engine][workers]") {
    std::uint64_t strides = 0;
    law::for_all(cases, [&](law::gen& g) { strides += the_same<energy>(g, decay_heard, {3, 8}); });
    CHECK(strides > 10'000);
}
TEST_CASE("with doubles: the same", "[engine][workers]") {
    std::uint64_t strides = 0;
    law::for_all(cases / 2, [&](law::gen& g) { strides += the_same<double>(g, plain, {2, 8}); });
    law::for_all(cases / 2, [&](law::gen& g) { strides += the_same<double>(g, by_cost, {3}); });
    CHECK(strides > 5'000);
}

namespace {
/// A hundred thousand links, and who looked at how many of them.
graph::built plain_of(std::uint32_t nodes, std::size_t links) {
    law::gen draw{5};
    graph::builder b;
    b.nodes(nodes);
    for (std::size_t i = 0; i < links; ++i)
        b.log_link(
            {id_of(draw.choose(nodes - 1)), id_of(draw.choose(nodes - 1)),
             log_weight::from_raw(static_cast<std::int32_t>(draw.choose(1 << 24)))});
    return std::move(b).build().value();
}
struct looks {
    std::mutex lock;
    std::set<std::thread::id> threads;
    std::atomic<std::uint64_t> by_others{0};
    std::thread::id caller = std::this_thread::get_id();
};
struct watched_cost {
    looks* seen;
    double operator()(candidate const& c) const {
        if (std::this_thread::get_id() != seen->caller && seen->by_others++ % 64 == 0) {
            std::lock_guard const mine{seen->lock};
            seen->threads.insert(std::this_thread::get_id());
        }
        return -c.lw.log();
    }
};
} // namespace

TEST_CASE(
    "two hundred frames, learning: every digest, and every worker works", "[engine][workers]") {
    auto by_one = plain_of(8'000, 100'000);
    auto by_many = plain_of(8'000, 100'000);
    config c{.alpha = .3, .threshold = .001};
    c.decay.base = 1e-4;
    c.split = {.enabled = true, .k = 3};
    c.weight_decay.every = 20;
    looks seen;
    crowd::a_thread_each pool{3};
    auto const learning = pipeline{}.with_learning(learn::strengthen{});
    auto const alone = make_engine(by_one.graph, by_one.store, c, learning).value();
    auto const shared = make_engine(
                            by_many.graph, by_many.store, c,
                            learning.with_cost(watched_cost{&seen}).with_workers(pool))
                            .value();
    auto a = alone.make_field();
    auto b = shared.make_field();
    std::uint64_t strides = 0;
    std::size_t differing = 0;
    for (std::uint64_t frame = 0; frame < 200; ++frame) {
        std::vector<stimulus> given;
        for (std::uint64_t k = 0; k < (frame == 0 ? 4'000U : 40U); ++k)
            given.push_back({id_of((k * 7919 + frame * 104'729) % 8'000), 1.5});
        alone.inject(a, given).value();
        shared.inject(b, given).value();
        strides += alone.tick(a).value().strides;
        shared.tick(b).value();
        differing += a.digest() == b.digest() ? 0U : 1U;
    }
    CHECK(differing == 0);
    CHECK(strides > 500'000);
    CHECK(seen.threads.size() >= 2); // besides the caller; one that has ended may lend its number
    CHECK(seen.by_others > 500'000);
    std::size_t links = 0;
    std::size_t unlike = 0;
    for (std::uint64_t n = 0; n < 8'000; ++n) {
        auto const l = by_one.store.links(id_of(n));
        auto const m = by_many.store.links(id_of(n));
        auto at = m.begin();
        for (auto const& link : l) unlike += link.lw == (*at).lw ? 0U : 1U, ++links, ++at;
    }
    CHECK(links > 99'000);
    CHECK(unlike == 0);
}

TEST_CASE("two fields of one engine share a pool", "[engine][workers]") {
    auto const built = plain_of(8'000, 40'000);
    auto const& store = built.store;
    host::thread_pool pool{2};
    config const c{.alpha = .3, .threshold = .001, .workers_from = 64};
    auto const alone = make_engine(built.graph, store, c).value();
    auto const shared = make_engine(built.graph, store, c, pipeline{}.with_workers(pool)).value();
    auto const life = [](auto const& engine, std::uint64_t which) {
        auto field = engine.make_field();
        std::vector<std::uint64_t> digests;
        for (std::uint64_t frame = 0; frame < 30; ++frame) {
            std::vector<stimulus> given;
            for (std::uint64_t k = 0; k < 300; ++k)
                given.push_back({id_of((k * 31 + frame * 17 + which) % 8'000), 1});
            engine.inject(field, given).value();
            engine.tick(field).value();
            digests.push_back(field.digest());
        }
        return digests;
    };
    std::vector<std::uint64_t> first;
    std::vector<std::uint64_t> second;
    {
        std::jthread const beside{[&] { second = life(shared, 2); }};
        first = life(shared, 1);
    }
    CHECK(first == life(alone, 1));
    CHECK(second == life(alone, 2));
    CHECK(first != second);
}

namespace {
struct failing_cost {
    std::atomic<std::int64_t>* left;
    bool throws;
    double operator()(candidate const& c) const {
        if (index(c.source) == 777 && left->fetch_sub(1) <= 0) {
            if (throws) throw std::runtime_error("a cost model");
            return -std::numeric_limits<double>::infinity();
        }
        return -c.lw.log();
    }
};
} // namespace

TEST_CASE("a worker's fault is the caller's, and nothing has moved", "[engine][workers]") {
    auto const built = plain_of(2'000, 12'000);
    auto const& store = built.store;
    bool const throws = GENERATE(true, false);
    bool const doubles = GENERATE(true, false);
    backwards pool{4};
    std::atomic<std::int64_t> left{0};
    config const c{.alpha = .3, .threshold = .001, .workers_from = 1};
    auto const engine = make_engine(
                            built.graph, store, c,
                            pipeline{}.with_cost(failing_cost{&left, throws}).with_workers(pool))
                            .value();
    auto const act = [&](auto field) {
        for (std::uint64_t n = 0; n < 2'000; ++n) engine.inject(field, id_of(n), 1).value();
        left = 1'000'000;
        engine.tick(field).value();
        auto const before = field.digest();
        left = 0;
        if (throws) {
            CHECK_THROWS_WITH(engine.tick(field), "a cost model");
        } else {
            auto const said = engine.tick(field);
            REQUIRE_FALSE(said);
            CHECK(said.error().position() == 777);
        }
        CHECK_FALSE(field.staged());
        CHECK(field.digest() == before);
        CHECK(field.books().residual() == 0);
        left = 1'000'000;
        CHECK(engine.tick(field).value().strides > 0);
    };
    if (doubles)
        act(engine.make_field<double>());
    else
        act(engine.make_field());
}

TEST_CASE(
    "shared frames: no memory in steady ones, none lost when it runs out", "[engine][workers]") {
    if (!support::counting()) return;
    auto const built = plain_of(4'000, 20'000);
    auto const& store = built.store;
    backwards pool{3};
    config c{.alpha = .3, .threshold = .001, .workers_from = 64};
    c.storage = GENERATE(storage::paged, storage::dense);
    c.decay.base = 1e-3;
    c.split.enabled = true;
    auto const engine = make_engine(built.graph, store, c, pipeline{}.with_workers(pool)).value();
    auto const alone = make_engine(built.graph, store, c).value();
    std::vector<stimulus> given;
    for (std::uint64_t n = 0; n < 4'000; n += 3) given.push_back({id_of(n), 1});
    SECTION("steady") {
        auto field = engine.make_field();
        std::size_t asked = 0;
        for (int life = 0; life < 3; ++life) {
            field.reset();
            engine.inject(field, given).value();
            support::allocation_watch const watch;
            for (int i = 0; i < 20; ++i) engine.tick(field, {}, report::full).value();
            asked = watch.count();
        }
        CHECK(asked == 0);
        CHECK(pool.runs > 100);
    }
    SECTION("it runs out") {
        auto expected = alone.make_field();
        alone.inject(expected, given).value();
        auto const start = expected.digest();
        alone.tick(expected).value();
        std::size_t refused = 0;
        for (std::size_t after = 0;; ++after) {
            auto field = engine.make_field();
            engine.inject(field, given).value();
            bool happened = false;
            {
                support::failing_allocation const planted{after};
                try {
                    engine.tick(field).value();
                } catch (std::bad_alloc const&) {
                    ++refused;
                    CHECK(field.digest() == start);
                    CHECK_FALSE(field.staged());
                }
                happened = planted.happened();
            }
            if (field.frame() == 0) engine.tick(field).value();
            CHECK(field.digest() == expected.digest());
            CHECK(field.books().residual() == 0);
            if (!happened) break;
        }
        CHECK(refused > 0);
    }
    SECTION("bytes are told") {
        support::allocation_watch const watch;
        auto field = engine.make_field();
        engine.inject(field, given).value();
        for (int i = 0; i < 5; ++i) engine.tick(field).value();
        auto const kept = static_cast<double>(watch.kept_bytes());
        auto const told = static_cast<double>(field.bytes() - sizeof field);
        CHECK(kept <= 1.1 * told + 8'192);
        CHECK(told <= 1.1 * kept + 8'192);
    }
}

TEST_CASE("matrix steps: any number of workers has the bits of one", "[engine][workers]") {
    constexpr std::uint32_t nodes = 3'000;
    auto built = plain_of(nodes, 60'000);
    auto const& store = built.store;
    config c{.implementation = implementation::matrix, .workers_from = 64};
    c.matrix = {.alpha = .7, .delta = .01};
    c.storage = GENERATE(storage::paged, storage::dense);
    auto const alone = make_engine(built.graph, store, c).value();
    std::vector<stimulus> given;
    for (std::uint64_t n = 0; n < nodes; ++n) // some hold too little for a part of it
        given.push_back({id_of(n), n % 3 == 0 ? 0x1p-37 : 1 + static_cast<double>(n % 11)});
    auto const lives = [&](auto& pool) {
        auto const shared =
            make_engine(built.graph, store, c, pipeline{}.with_workers(pool)).value();
        auto a = alone.make_field();
        auto b = shared.make_field();
        for (int life = 0; life < 2; ++life) {
            for (std::uint64_t frame = 0; frame < 6; ++frame) {
                if (frame % 2 == 0) {
                    alone.inject(a, given).value();
                    shared.inject(b, given).value();
                }
                if (frame == 3) { // looked at and dropped: nothing of it may stay
                    auto const dropped = shared.stage(b).value();
                    CHECK(dropped.residual() == 0);
                }
                if (frame == 4)
                    built.store
                        .assign(
                            {{link_id{static_cast<std::uint32_t>(life)},
                              log_weight::from_log(1 + life).value()}})
                        .value();
                auto const x = alone.tick(a).value();
                auto const y = shared.tick(b).value();
                CHECK(x.strides == y.strides);
                CHECK(x.skipped == y.skipped);
                CHECK(y.residual == 0);
                REQUIRE(a.digest() == b.digest());
            }
            a.reset();
            b.reset();
        }
    };
    for (std::size_t const n : {0U, 1U, 2U, 3U, 8U, 100U}) {
        backwards pool{n};
        lives(pool);
        CHECK(pool.runs == (n > 1 ? 2U * 14U : 0U)); // two meetings a frame, and what was dropped
    }
    host::thread_pool pool{3};
    lives(pool);
}

TEST_CASE("matrix steps of several: no memory in steady ones, none lost", "[engine][workers]") {
    if (!support::counting()) return;
    auto const built = plain_of(2'000, 40'000);
    auto const& store = built.store;
    config const c{.implementation = implementation::matrix, .workers_from = 64};
    backwards pool{3};
    auto const engine = make_engine(built.graph, store, c, pipeline{}.with_workers(pool)).value();
    std::vector<stimulus> given;
    for (std::uint64_t n = 0; n < 2'000; ++n) given.push_back({id_of(n), 1});
    auto expected = engine.make_field();
    engine.inject(expected, given).value();
    engine.tick(expected).value();
    {
        support::allocation_watch const watch;
        for (int i = 0; i < 20; ++i) engine.tick(expected).value();
        CHECK(watch.count() == 0);
    }
    std::size_t refused = 0;
    for (std::size_t after = 0;; ++after) {
        auto field = engine.make_field();
        engine.inject(field, given).value();
        bool happened = false;
        {
            support::failing_allocation const planted{after};
            try {
                engine.tick(field).value();
            } catch (std::bad_alloc const&) { ++refused; }
            happened = planted.happened();
        }
        while (field.frame() < 21) engine.tick(field).value();
        CHECK(field.digest() == expected.digest());
        if (!happened) break;
    }
    CHECK(refused > 5);
}

namespace {
/// Says it has four lanes and calls as it likes.
struct liar {
    enum class way { none, some, twice, too_many, never_the_same } how = way::none;
    mutable std::size_t asked = 0;
    [[nodiscard]] std::size_t lanes() const {
        return how == way::never_the_same ? 2 + ++asked % 5 : 4;
    }
    template <class Work> void run(Work&& work) {
        std::size_t const calls = how == way::none ? 0 : how == way::some ? 2 : 7;
        for (std::size_t i = 0; i < calls; ++i) work(how == way::twice ? i % 4 : i);
    }
};
} // namespace

TEST_CASE("a pool that is wrong about itself changes no bit", "[engine][workers]") {
    auto const built = plain_of(4'000, 80'000);
    auto const& store = built.store;
    config c{.alpha = .3, .threshold = .001, .workers_from = 64};
    c.implementation = GENERATE(implementation::stride, implementation::matrix);
    c.decay.base = 1e-3;
    std::vector<stimulus> given;
    for (std::uint64_t n = 0; n < 4'000; n += 3) given.push_back({id_of(n), 1});
    for (auto const how :
         {liar::way::none, liar::way::some, liar::way::twice, liar::way::too_many,
          liar::way::never_the_same}) {
        liar pool{how};
        auto const alone = make_engine(built.graph, store, c).value();
        auto const shared =
            make_engine(built.graph, store, c, pipeline{}.with_workers(pool)).value();
        auto a = alone.make_field();
        auto b = shared.make_field();
        alone.inject(a, given).value();
        shared.inject(b, given).value();
        for (int frame = 0; frame < 8; ++frame) {
            alone.tick(a).value();
            CHECK(shared.tick(b).value().residual == 0);
            CHECK(a.digest() == b.digest());
            CHECK(b.books().residual() == 0);
        }
    }
}

TEST_CASE("frames of few sources are the caller's", "[engine][workers]") {
    auto const built = plain_of(4'000, 20'000);
    auto const& store = built.store;
    backwards pool{2};
    config c{.threshold = .001};
    c.workers_from = 500;
    auto const engine = make_engine(built.graph, store, c, pipeline{}.with_workers(pool)).value();
    auto field = engine.make_field();
    for (std::uint64_t n = 0; n < 499; ++n) engine.inject(field, id_of(n), 1).value();
    engine.tick(field).value();
    CHECK(pool.runs == 0);
    for (std::uint64_t n = 0; n < 2'000; ++n) engine.inject(field, id_of(n), 1).value();
    engine.tick(field).value();
    CHECK(pool.runs == 3); // stage, commit, decay
}

namespace {
struct offends {
    double operator()(candidate const& c) const {
        if (index(c.source) % 97 == 5) return std::nan("");
        return -c.lw.log();
    }
};
struct offends_loudly {
    double operator()(candidate const& c) const {
        if (index(c.source) % 97 == 5) throw std::runtime_error(std::to_string(index(c.source)));
        return -c.lw.log();
    }
};
} // namespace

TEST_CASE(
    "of several that offend the first by number is told, by any number", "[engine][workers]") {
    auto const built = plain_of(3'000, 20'000);
    auto const& store = built.store;
    bool const split = GENERATE(false, true);
    config c{.alpha = .3, .threshold = .001, .workers_from = 1};
    c.split.enabled = split;
    c.fanout.reduction = GENERATE(fanout::reduction::none, fanout::reduction::quick);
    auto const quiet = make_engine(built.graph, store, c).value();
    std::vector<stimulus> given; // in no order: so is the frontier
    for (std::uint64_t n = 0; n < 3'000; ++n) given.push_back({id_of(n * 1'237 % 3'000), 1});
    for (std::size_t const lanes : {1U, 2U, 3U, 8U}) {
        backwards pool{lanes};
        auto const engine =
            make_engine(built.graph, store, c, pipeline{}.with_cost(offends{}).with_workers(pool))
                .value();
        auto const loud =
            make_engine(
                built.graph, store, c, pipeline{}.with_cost(offends_loudly{}).with_workers(pool))
                .value();
        auto field = engine.make_field();
        engine.inject(field, given).value();
        for (int frame = 0; frame < 3; ++frame) {
            std::uint64_t least = 3'000;
            for (node_id const n : field.active())
                if (index(n) % 97 == 5 && store.degree(n) > 0 && index(n) < least) least = index(n);
            auto const said = engine.tick(field);
            REQUIRE_FALSE(said);
            CHECK(said.error().position() == least);
            CHECK_THROWS_WITH(loud.tick(field), std::to_string(least));
            quiet.tick(field).value();
        }
    }
}

TEST_CASE("a pool that changes between two loops of a frame", "[engine][workers]") {
    auto const built = plain_of(4'000, 20'000);
    auto const& store = built.store;
    config const c{.alpha = .3, .threshold = .001, .workers_from = 1};
    auto const alone = make_engine(built.graph, store, c).value();
    auto expected = alone.make_field();
    backwards pool{2};
    auto const engine = make_engine(built.graph, store, c, pipeline{}.with_workers(pool)).value();
    auto field = engine.make_field();
    for (std::uint64_t n = 0; n < 2'000; ++n) {
        alone.inject(expected, id_of(n), 1).value();
        engine.inject(field, id_of(n), 1).value();
    }
    for (std::size_t const then : {6U, 1U, 0U, 3U, 64U}) {
        alone.tick(expected).value();
        pool.count = 5;
        auto open = engine.stage(field).value();
        pool.count = then;
        auto made = std::move(open).commit();
        pool.count = 2;
        static_cast<void>(std::move(made).decay());
        CHECK(field.digest() == expected.digest());
    }
}
