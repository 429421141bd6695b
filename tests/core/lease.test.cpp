// SPDX-License-Identifier: MIT
#include <memory>
#include <type_traits>
#include <utility>

#include <runnel/core/lease.hpp>

#include "support/allocations.hpp"
#include "support/catch.hpp"
#include "support/stops.hpp"

using runnel::lease_board;
using runnel::lease_reader;

TEST_CASE("a reader enters and leaves", "[core][lease]") {
    lease_board const board;
    lease_reader reader = board.join();
    CHECK_FALSE(reader.inside());
    CHECK(reader.enter());
    CHECK(reader.inside());
    reader.leave();
    CHECK_FALSE(reader.inside());
}

#if RUNNEL_TEST_CAN_STOP
TEST_CASE("an empty reader enters nothing", "[core][lease]") {
    lease_reader empty;
    lease_board const board;
    lease_reader moved = board.join();
    lease_reader kept = std::move(moved);
    CHECK(support::stops([&] { static_cast<void>(empty.enter()); }));
    CHECK(support::stops(
        [&] { static_cast<void>(moved.enter()); })); // NOLINT(bugprone-use-after-move)
    CHECK_FALSE(support::stops([&] { static_cast<void>(kept.enter()); }));
}

TEST_CASE("a reader that is inside does not enter again", "[core][lease]") {
    lease_board const board;
    lease_reader reader = board.join();
    REQUIRE(reader.enter());
    CHECK(support::stops([&] { static_cast<void>(reader.enter()); }));
    reader.leave();
    CHECK_FALSE(support::stops([&] { static_cast<void>(reader.enter()); }));
}
#endif

TEST_CASE("readers do not exclude each other", "[core][lease]") {
    lease_board const board;
    lease_reader first = board.join();
    lease_reader second = board.join();
    CHECK(first.enter());
    CHECK(second.enter());
}

TEST_CASE("a reader inside keeps the writer out", "[core][lease]") {
    lease_board const board;
    lease_reader reader = board.join();
    REQUIRE(reader.enter());
    CHECK_FALSE(board.try_write());
    reader.leave();
    CHECK(board.try_write());
    board.end_write();
}

TEST_CASE("any one of many readers keeps the writer out", "[core][lease]") {
    lease_board const board;
    lease_reader readers[5] = {
        board.join(), board.join(), board.join(), board.join(), board.join()};
    for (lease_reader& reader : readers) {
        REQUIRE(reader.enter());
        CHECK_FALSE(board.try_write());
        reader.leave();
    }
    CHECK(board.try_write());
    board.end_write();
}

TEST_CASE("a writer inside refuses readers, and they are outside then", "[core][lease]") {
    lease_board const board;
    lease_reader reader = board.join();
    REQUIRE(board.try_write());
    CHECK_FALSE(reader.enter());
    CHECK_FALSE(reader.inside());
    board.end_write();
    CHECK(reader.enter());
}

TEST_CASE("a writer inside refuses a reader that joined after it", "[core][lease]") {
    lease_board const board;
    REQUIRE(board.try_write());
    lease_reader late = board.join();
    CHECK_FALSE(late.enter());
    board.end_write();
    CHECK(late.enter());
}

TEST_CASE("there is one writer", "[core][lease]") {
    lease_board const board;
    REQUIRE(board.try_write());
    CHECK_FALSE(board.try_write());
    board.end_write();
    CHECK(board.try_write());
    board.end_write();
}

TEST_CASE("a writer that was refused leaves no trace", "[core][lease]") {
    lease_board const board;
    lease_reader inside = board.join();
    lease_reader other = board.join();
    REQUIRE(inside.enter());
    REQUIRE_FALSE(board.try_write());
    CHECK(other.enter());
}

TEST_CASE("a reader destroyed inside has left", "[core][lease]") {
    lease_board const board;
    {
        lease_reader reader = board.join();
        REQUIRE(reader.enter());
        REQUIRE_FALSE(board.try_write());
    }
    CHECK(board.try_write());
    board.end_write();
}

TEST_CASE("a moved reader is still inside, once", "[core][lease]") {
    lease_board const board;
    auto first = std::make_unique<lease_reader>(board.join());
    REQUIRE(first->enter());
    lease_reader second = std::move(*first);
    first.reset();
    CHECK(second.inside());
    CHECK_FALSE(board.try_write());
    second.leave();
    CHECK(board.try_write());
    board.end_write();
}

TEST_CASE("an assigned reader gives up what it held", "[core][lease]") {
    lease_board const board;
    lease_board const other;
    lease_reader reader = board.join();
    REQUIRE(reader.enter());
    {
        lease_reader replacement = other.join();
        reader = std::move(replacement);
    } // the old slot goes with the temporary
    CHECK(board.try_write());
    board.end_write();
    CHECK(reader.board() == other);
    CHECK(reader.enter());
    CHECK_FALSE(other.try_write());
}

TEST_CASE("a released slot is used again", "[core][lease]") {
    if (!support::counting()) return;
    lease_board const board;
    { lease_reader const first = board.join(); }
    support::allocation_watch watch;
    for (int i = 0; i < 100; ++i) lease_reader const again = board.join();
    std::size_t const allocations = watch.count();
    CHECK(allocations == 0);
}

TEST_CASE("a slot is not given to two readers", "[core][lease]") {
    if (!support::counting()) return;
    lease_board const board;
    support::allocation_watch watch;
    lease_reader first = board.join();
    lease_reader second = board.join();
    std::size_t const allocations = watch.count();
    CHECK(allocations == 2);
    REQUIRE(first.enter());
    REQUIRE(second.enter());
    first.leave();
    CHECK_FALSE(board.try_write());
}

TEST_CASE("entering and leaving allocate nothing", "[core][lease]") {
    if (!support::counting()) return;
    lease_board const board;
    lease_reader reader = board.join();
    support::allocation_watch watch;
    bool all = true;
    for (int i = 0; i < 100; ++i) {
        all = reader.enter() && all;
        reader.leave();
        all = board.try_write() && all;
        board.end_write();
    }
    std::size_t const allocations = watch.count();
    CHECK(all);
    CHECK(allocations == 0);
}

TEST_CASE("a board outlives its owner while a reader holds it", "[core][lease]") {
    if (!support::counting()) return;
    support::allocation_watch watch;
    {
        auto board = std::make_unique<lease_board>();
        lease_reader reader = board->join();
        board.reset();
        CHECK(reader.enter());
        CHECK_FALSE(reader.board().try_write());
    }
    std::ptrdiff_t const kept = watch.kept_bytes();
    CHECK(kept == 0);
}

TEST_CASE("copies of a board are the same board", "[core][lease]") {
    lease_board const board;
    lease_board const copy = board; // NOLINT(performance-unnecessary-copy-initialization)
    lease_board const other;
    CHECK(copy == board);
    CHECK_FALSE(copy == other);
    REQUIRE(copy.try_write());
    CHECK_FALSE(board.try_write());
    board.end_write();
}

TEST_CASE("an assigned board refers to the other one", "[core][lease]") {
    if (!support::counting()) return;
    support::allocation_watch watch;
    {
        lease_board board;
        lease_board const other;
        board = other;
        CHECK(board == other);
        board = std::move(board); // NOLINT(clang-diagnostic-self-move): must survive it
        CHECK(board == other);
    }
    std::ptrdiff_t const kept = watch.kept_bytes();
    CHECK(kept == 0);
}

TEST_CASE("one engine may claim a store until it disclaims", "[core][lease]") {
    lease_board const board;
    lease_board const same = board; // NOLINT(performance-unnecessary-copy-initialization)
    CHECK(board.claim());
    CHECK_FALSE(board.claim());
    CHECK_FALSE(same.claim());
    same.disclaim();
    CHECK(board.claim());
}

TEST_CASE("claiming does not write and writing does not claim", "[core][lease]") {
    lease_board const board;
    lease_reader reader = board.join();
    REQUIRE(board.claim());
    CHECK(reader.enter());
    reader.leave();
    CHECK(board.try_write());
    board.end_write();
    CHECK_FALSE(board.claim());
}

TEST_CASE("readers do not share a cache line", "[core][lease]") {
    STATIC_REQUIRE(alignof(runnel::detail::lease_slot) == 64);
    STATIC_REQUIRE(sizeof(runnel::detail::lease_slot) == 64);
    STATIC_REQUIRE(alignof(runnel::detail::lease_state) == 64);
    STATIC_REQUIRE_FALSE(std::is_copy_constructible_v<lease_reader>);
}
