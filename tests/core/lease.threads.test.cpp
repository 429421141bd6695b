// SPDX-License-Identifier: MIT
// Readers and a writer over data that is not atomic: without the lease this is a data race, which a
// thread checker reports and which tears the numbers apart for all to see.
#include <array>
#include <atomic>
#include <cstdint>
#include <thread>
#include <utility>
#include <vector>

#include <runnel/core/lease.hpp>

#include "support/catch.hpp"

namespace {

using runnel::lease_board;
using runnel::lease_reader;

constexpr std::size_t reader_threads = 2;
constexpr std::uint64_t enough_writes = 10'000;
constexpr std::uint64_t enough_reads = 50'000;
constexpr std::uint64_t patience = 20'000'000; // refusals before a broken lease is given up on

/// A moment the compiler cannot remove.
void linger(int moments) {
    for (int i = 0; i < moments; ++i) asm volatile("" : : : "memory");
}

/// All equal while nobody writes; not atomic on purpose.
struct shared_numbers {
    std::array<std::uint64_t, 32> numbers{};

    /// In two halves with a pause between, so that whoever should not be looking sees it.
    void advance() {
        for (std::size_t i = 0; i < numbers.size() / 2; ++i) ++numbers[i];
        linger(1000);
        for (std::size_t i = numbers.size() / 2; i < numbers.size(); ++i) ++numbers[i];
    }
    /// Looked at for a while, as a frame would.
    [[nodiscard]] bool whole() const {
        bool equal = true;
        for (int look = 0; look < 10; ++look) {
            for (auto const n : numbers) equal = equal && n == numbers[0];
            linger(20);
        }
        return equal;
    }
};

/// Threads that start together and are joined however the test ends.
class crew {
public:
    ~crew() { join(); }
    template <class Work> void add(Work work) {
        threads_.emplace_back([this, work = std::move(work)]() mutable {
            while (!go_.load(std::memory_order_acquire)) std::this_thread::yield();
            work();
        });
    }
    void run() {
        go_.store(true, std::memory_order_release);
        join();
    }

private:
    void join() {
        go_.store(true, std::memory_order_release);
        for (auto& thread : threads_)
            if (thread.joinable()) thread.join();
    }
    std::atomic<bool> go_{false};
    std::vector<std::thread> threads_;
};

/// Counts without ordering anything, so that no race hides behind the counting.
class counter {
public:
    counter& operator++() {
        count_.fetch_add(1, std::memory_order_relaxed);
        return *this;
    }
    operator std::uint64_t() const { return count_.load(std::memory_order_relaxed); }

private:
    std::atomic<std::uint64_t> count_{0};
};

/// What all threads did together.
struct tally {
    counter reads;
    counter writes;
    counter refused_reads;
    counter refused_writes;
    counter torn;

    [[nodiscard]] bool done() const {
        return (reads >= enough_reads && writes >= enough_writes)
               || refused_reads + refused_writes > patience;
    }
};

void read_until_done(lease_reader& reader, shared_numbers const& shared, tally& all) {
    std::uint64_t last = 0;
    while (!all.done()) {
        if (!reader.enter()) {
            ++all.refused_reads;
            std::this_thread::yield();
            continue;
        }
        bool const fine = shared.whole() && shared.numbers[0] >= last;
        last = shared.numbers[0];
        reader.leave();
        ++all.reads;
        if (!fine) ++all.torn;
        linger(1000); // outside, so that the writer gets its turn
    }
}

/// Joins, reads if it may, and leaves by being destroyed.
void visit_once(lease_board const& board, shared_numbers const& shared, tally& all) {
    lease_reader passing = board.join();
    if (!passing.enter()) {
        ++all.refused_reads;
        return;
    }
    if (!shared.whole()) ++all.torn;
    ++all.reads;
}

void write_until_done(lease_board const& board, shared_numbers& shared, tally& all) {
    while (!all.done()) {
        if (!board.try_write()) {
            ++all.refused_writes;
            std::this_thread::yield();
            continue;
        }
        shared.advance();
        board.end_write();
        ++all.writes;
        linger(500);
    }
}

} // namespace

TEST_CASE("readers never see half of a write", "[core][lease][threads]") {
    lease_board const board;
    shared_numbers shared;
    tally all;
    crew threads;
    for (std::size_t i = 0; i < reader_threads; ++i)
        threads.add([reader = board.join(), &shared, &all]() mutable {
            read_until_done(reader, shared, all);
        });
    threads.add([&] { write_until_done(board, shared, all); });
    threads.run();

    CHECK(all.reads >= enough_reads);
    CHECK(all.writes >= enough_writes);
    CHECK(all.torn == 0);
    CHECK(shared.whole());
    CHECK(shared.numbers[0] == all.writes);
}

TEST_CASE("readers that come and go never see half of a write", "[core][lease][threads]") {
    lease_board const board;
    shared_numbers shared;
    tally all;
    crew threads;
    for (std::size_t i = 0; i < reader_threads; ++i)
        threads.add([&] {
            while (!all.done()) {
                visit_once(board, shared, all);
                linger(1000);
            }
        });
    threads.add([&] { write_until_done(board, shared, all); });
    threads.run();

    CHECK(all.reads >= enough_reads);
    CHECK(all.writes >= enough_writes);
    CHECK(all.torn == 0);
    CHECK(shared.numbers[0] == all.writes);
}

TEST_CASE("writers keep each other out", "[core][lease][threads]") {
    lease_board const board;
    shared_numbers shared;
    tally all;
    for (std::uint64_t i = 0; i < enough_reads; ++i) ++all.reads; // nobody else reads
    crew threads;
    for (int i = 0; i < 3; ++i) threads.add([&] { write_until_done(board, shared, all); });
    threads.run();

    CHECK(shared.whole());
    CHECK(shared.numbers[0] == all.writes);
}

TEST_CASE("of many claims at once one succeeds", "[core][lease][threads]") {
    for (int round = 0; round < 50; ++round) {
        lease_board const board;
        std::atomic<int> claims{0};
        crew threads;
        for (int i = 0; i < 4; ++i)
            threads.add([&] {
                if (board.claim()) ++claims;
            });
        threads.run();
        CHECK(claims == 1);
    }
}

TEST_CASE("the last of many holders frees the board", "[core][lease][threads]") {
    for (int round = 0; round < 50; ++round) {
        crew threads;
        lease_board board;
        for (int i = 0; i < 4; ++i)
            threads.add([held = board]() mutable {
                lease_reader reader = held.join();
                static_cast<void>(reader.enter());
            });
        board = lease_board{};
        threads.run();
    }
    SUCCEED("the leak and thread checkers have the last word");
}
