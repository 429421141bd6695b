// SPDX-License-Identifier: MIT
// Many fields on many threads over one engine: the bits of one thread; and a writer beside them is
// either refused or seen whole.
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <thread>
#include <utility>
#include <vector>

#include <runnel/runnel.hpp>

#include "engine/drawn_calls.hpp"
#include "engine/drawn_case.hpp"
#include "support/catch.hpp"
#include "support/law.hpp"

namespace {

using drawn::id_of;
using runnel::log_weight;
using runnel::node_id;

constexpr std::size_t workers = 4;

/// A thousand nodes with a dozen links each, many of them of equal weight.
runnel::graph::built meadow() {
    law::gen random{77};
    runnel::graph::builder b;
    b.nodes(1'000);
    for (int i = 0; i < 12'000; ++i)
        b.log_link(
            {id_of(random.choose(999)), id_of(random.choose(999)),
             log_weight::from_raw(static_cast<std::int32_t>(random.choose(3)) * 1'000'000)});
    return std::move(b).build().value();
}

/// One session's life, told as its digest after each frame.
struct told {
    std::vector<std::uint64_t> digests;
    std::uint64_t strides = 0;
    friend bool operator==(told const&, told const&) = default;
};
template <class Engine> told life(Engine const& engine, std::uint64_t seed) {
    law::gen random{seed};
    told all;
    runnel::session session{engine};
    for (int round = 0; round < 6; ++round) {
        for (int i = 0; i < 20; ++i)
            session.inject(id_of(random.choose(999)), random.real(0, 5)).value();
        for (int i = 0; i < 15; ++i) {
            all.strides += session.tick({.dt = random.real(.1, 2)}).value().strides;
            all.digests.push_back(session.field().digest());
        }
        session.begin_query();
        if (round == 3) session.reset();
    }
    return all;
}

/// Runs work(i) for i below `count` on threads of their own, all started before any works.
template <class Work> void together(std::size_t count, Work&& work) {
    std::atomic<std::size_t> waiting{count};
    std::vector<std::thread> threads;
    for (std::size_t i = 0; i < count; ++i)
        threads.emplace_back([&, i] {
            --waiting;
            while (waiting.load() != 0) std::this_thread::yield();
            work(i);
        });
    for (std::thread& t : threads) t.join();
}

} // namespace

TEST_CASE("sessions on many threads have the bits of one", "[engine][threads]") {
    auto const built = meadow();
    for (auto kind : {runnel::storage::paged, runnel::storage::dense}) {
        runnel::config settings{.alpha = .3, .storage = kind};
        auto const engine = runnel::make_engine(built.graph, built.store, settings).value();
        constexpr std::size_t sessions = 4 * workers;
        std::vector<told> alone;
        for (std::size_t s = 0; s < sessions; ++s) alone.push_back(life(engine, s));
        std::vector<told> beside(sessions);
        together(workers, [&](std::size_t i) {
            for (std::size_t s = i; s < sessions; s += workers) beside[s] = life(engine, s);
        });
        for (std::size_t s = 0; s < sessions; ++s) {
            CHECK(beside[s].strides > 0);
            CHECK(beside[s] == alone[s]);
        }
        CHECK(alone[0].digests != alone[1].digests);
    }
}

TEST_CASE("a writer beside frames is refused or seen whole", "[engine][threads]") {
    // Every node prefers X in one version of the weights and Y in the other. Whatever a frame sees, all
    // its sources must agree; a torn read would send some each way.
    constexpr std::size_t nodes = 400;
    runnel::graph::builder b;
    b.nodes(nodes + 2);
    node_id const x = id_of(nodes);
    node_id const y = id_of(nodes + 1);
    for (std::size_t n = 0; n < nodes; ++n) b.link({id_of(n), x, .5}).link({id_of(n), y, .25});
    auto built = std::move(b).build().value();
    auto const& store = built.store;
    runnel::config settings{.alpha = 2e-5};
    settings.decay.base = 0;
    auto const engine = runnel::make_engine(built.graph, store, settings).value();

    std::vector<runnel::weight_setting> to_x;
    std::vector<runnel::weight_setting> to_y;
    for (std::size_t n = 0; n < nodes; ++n) {
        auto const first = static_cast<std::uint32_t>(built.graph.first_link(id_of(n)));
        runnel::link_id const toward_x{first};
        runnel::link_id const toward_y{first + 1};
        auto const high = log_weight::from_raw(1 << 24);
        auto const low = log_weight::from_raw(-(1 << 24));
        to_x.push_back({toward_x, high}), to_x.push_back({toward_y, low});
        to_y.push_back({toward_x, low}), to_y.push_back({toward_y, high});
    }

    std::atomic<std::size_t> reading{workers};
    std::atomic<std::uint64_t> torn{0};
    std::atomic<std::uint64_t> busy{0};
    std::atomic<std::uint64_t> frames{0};
    std::atomic<std::uint64_t> seen_x{0};
    std::atomic<std::uint64_t> seen_y{0};
    std::atomic<std::uint64_t> wrong{0};
    std::atomic<std::uint64_t> written{0};
    std::atomic<std::uint64_t> refused{0};
    auto const enough = [&] { return written >= 300 && refused + busy >= 5; };
    together(workers + 1, [&](std::size_t i) {
        if (i == workers) { // the writer
            while (reading.load() != 0) {
                auto const done = built.store.assign(written % 2 == 0 ? to_y : to_x);
                if (done)
                    ++written;
                else if (done.error().code() == "store.busy")
                    ++refused;
                else
                    ++wrong;
                std::this_thread::yield();
            }
            return;
        }
        auto field = engine.make_field();
        std::vector<runnel::stimulus> all;
        for (std::size_t n = 0; n < nodes; ++n) all.push_back({id_of(n), 10});
        engine.inject(field, all).value();
        double got_x = 0;
        double got_y = 0;
        for (int frame = 0; frame < 50'000 && !enough(); ++frame) {
            auto const before = field.frame();
            auto const report = engine.tick(field);
            if (!report) {
                if (report.error().code() != "store.busy" || field.frame() != before) ++wrong;
                ++busy;
                std::this_thread::yield();
                continue;
            }
            ++frames;
            bool const to_the_x = field.received(x) > got_x;
            bool const to_the_y = field.received(y) > got_y;
            if (to_the_x == to_the_y || report->strides < nodes) ++torn;
            ++(to_the_x ? seen_x : seen_y);
            got_x = field.received(x);
            got_y = field.received(y);
            // Whoever was refused is let in: on a slow build frames would follow each other without a gap.
            if (frame % 64 == 63)
                for (auto const had = written.load(); written == had && !enough();)
                    std::this_thread::yield();
        }
        --reading;
    });
    CHECK(torn == 0);
    CHECK(wrong == 0);
    CHECK(frames > 0);
    CHECK(written >= 20);
    CHECK(refused + busy > 0); // they did meet
    CHECK(seen_x > 0);
    CHECK(seen_y > 0);
    INFO(
        "written " << written.load() << ", refused " << refused.load() << ", busy " << busy.load());
    CHECK(store.board().try_write()); // nobody forgot to leave
    store.board().end_write();
}

TEST_CASE("engines and fields come and go on many threads", "[engine][threads]") {
    auto const built = meadow();
    auto const& store = built.store;
    runnel::config const settings{.alpha = .3};
    auto const lasting = runnel::make_engine(built.graph, store, settings).value();
    auto const alone = life(lasting, 5);
    std::atomic<std::uint64_t> differing{0};
    together(workers, [&](std::size_t i) {
        for (int round = 0; round < 6; ++round) {
            if (i % 2 == 0) {
                auto const own = runnel::make_engine(built.graph, store, settings).value();
                if (!(life(own, 5) == alone)) ++differing;
            } else if (!(life(lasting, 5) == alone)) {
                ++differing;
            }
        }
    });
    CHECK(differing == 0);
}
