// SPDX-License-Identifier: MIT
// A pool does each lane's work once, on threads of its own, whoever asks and however often.
#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <set>
#include <thread>
#include <vector>

#include <runnel/host/thread_pool.hpp>

#include "support/allocations.hpp"
#include "support/catch.hpp"

using runnel::host::thread_pool;

TEST_CASE("every lane is called once, and run returns after all", "[host][thread_pool]") {
    for (std::size_t const lanes : {1U, 2U, 3U, 8U}) {
        thread_pool pool{lanes};
        REQUIRE(pool.lanes() == lanes);
        std::vector<std::uint64_t> calls(lanes * 16); // not atomic: run must order them
        for (int round = 0; round < 500; ++round) {
            pool.run([&](std::size_t lane) noexcept { ++calls[lane * 16]; });
            std::uint64_t all = 0;
            for (std::size_t i = 0; i < lanes; ++i) all += calls[i * 16];
            REQUIRE(all == lanes * static_cast<std::uint64_t>(round + 1));
        }
        for (std::size_t i = 0; i < lanes; ++i) CHECK(calls[i * 16] == 500);
    }
}

TEST_CASE("lane 0 is the caller's, the others are threads of the pool", "[host][thread_pool]") {
    thread_pool pool{3};
    std::array<std::thread::id, 3> who;
    auto const told = [&] {
        std::atomic<int> others{0};
        pool.run([&](std::size_t lane) noexcept {
            who[lane] = std::this_thread::get_id();
            if (lane != 0) ++others;
            while (lane == 0 && others != 2) std::this_thread::yield(); // what they begin is theirs
        });
    };
    told();
    CHECK(who[0] == std::this_thread::get_id());
    CHECK(std::set<std::thread::id>(who.begin(), who.end()).size() == 3);
    auto const first = who;
    for (int i = 0; i < 20; ++i) {
        told();
        CHECK(who == first);
    }
}

TEST_CASE("thousands of short runs, each lane once in each", "[host][thread_pool]") {
    // Threads that come late meet turns that are over: none may do a lane's work again, or of the wrong run.
    for (std::size_t const lanes : {2U, 5U, 16U}) {
        thread_pool pool{lanes};
        std::vector<std::uint64_t> sums(lanes);
        constexpr std::uint64_t runs = 3'000;
        for (std::uint64_t run = 1; run <= runs; ++run)
            pool.run([&, run](std::size_t lane) noexcept { sums[lane] += run; });
        for (std::uint64_t const sum : sums) CHECK(sum == runs * (runs + 1) / 2);
    }
}

TEST_CASE("threads that fell asleep are woken", "[host][thread_pool]") {
    thread_pool pool{2};
    std::atomic<int> calls{0};
    for (int i = 0; i < 3; ++i) {
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
        pool.run([&](std::size_t) noexcept { ++calls; });
    }
    CHECK(calls == 6);
}

TEST_CASE("a pool that is busy lets its caller do all the work", "[host][thread_pool]") {
    thread_pool pool{3};
    SECTION("asked from within its own work") {
        std::atomic<int> inner{0};
        std::atomic<int> elsewhere{0};
        pool.run([&](std::size_t) noexcept {
            auto const here = std::this_thread::get_id();
            pool.run([&](std::size_t) noexcept {
                ++inner;
                if (std::this_thread::get_id() != here) ++elsewhere;
            });
        });
        CHECK(inner == 9);
        CHECK(elsewhere == 0);
    }
    SECTION("asked by several threads") {
        std::atomic<std::uint64_t> calls{0};
        {
            std::vector<std::jthread> threads;
            for (int t = 0; t < 4; ++t)
                threads.emplace_back([&] {
                    for (int i = 0; i < 300; ++i) pool.run([&](std::size_t) noexcept { ++calls; });
                });
        }
        CHECK(calls == 4 * 300 * 3);
    }
}

TEST_CASE("pools come and go, asked or not", "[host][thread_pool]") {
    int calls = 0;
    for (int i = 0; i < 50; ++i) {
        thread_pool pool{4};
        if (i % 2 == 0)
            pool.run([&](std::size_t lane) noexcept {
                if (lane == 0) ++calls;
            });
    }
    CHECK(calls == 25);
}

TEST_CASE(
    "a pool without a number has what the machine runs; of none there is one",
    "[host][thread_pool]") {
    thread_pool const by_machine;
    CHECK(by_machine.lanes() >= 1);
    thread_pool none{0};
    CHECK(none.lanes() == 1);
    int calls = 0;
    none.run([&](std::size_t) noexcept { ++calls; });
    CHECK(calls == 1);
}

TEST_CASE("asking allocates nothing", "[host][thread_pool]") {
    if (!support::counting()) return;
    thread_pool pool{2};
    std::atomic<int> calls{0};
    support::allocation_watch const watch;
    for (int i = 0; i < 100; ++i) pool.run([&](std::size_t) noexcept { ++calls; });
    CHECK(watch.count() == 0);
    CHECK(calls == 200);
}

TEST_CASE("a pool of sixty-four, on whatever machine", "[host][thread_pool]") {
    STATIC_REQUIRE(thread_pool::most == 1024);
    thread_pool pool{64};
    std::atomic<int> calls{0};
    pool.run([&](std::size_t) noexcept { ++calls; });
    CHECK(calls == 64);
}
