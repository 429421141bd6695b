// SPDX-License-Identifier: MIT
// Empty readers, and the claim that is an object.
#include <memory>
#include <type_traits>
#include <utility>

#include <runnel/core/lease.hpp>

#include "support/catch.hpp"

using runnel::lease_board;
using runnel::lease_claim;
using runnel::lease_reader;

TEST_CASE("an empty reader has joined nothing", "[core][lease]") {
    lease_reader const reader;
    CHECK_FALSE(reader.joined());
    CHECK(reader.board() == lease_board{nullptr});
}

TEST_CASE("joining where there is no board gives an empty reader", "[core][lease]") {
    CHECK_FALSE(lease_board{nullptr}.join_if_any().joined());
    CHECK(lease_board{}.join_if_any().joined());
}

TEST_CASE("an empty reader becomes a real one by assignment", "[core][lease]") {
    lease_board const board;
    lease_reader reader;
    reader = board.join();
    CHECK(reader.joined());
    REQUIRE(reader.enter());
    CHECK_FALSE(board.try_write());
}

TEST_CASE("a reader moved from is empty", "[core][lease]") {
    lease_board const board;
    lease_reader first = board.join();
    lease_reader const second = std::move(first);
    CHECK_FALSE(first.joined()); // NOLINT(bugprone-use-after-move): the subject
    CHECK(second.joined());
}

TEST_CASE("a claim is held as long as it lives", "[core][lease]") {
    lease_board const board;
    {
        lease_claim const claim{board};
        CHECK(claim.held());
        CHECK_FALSE(board.claim());
    }
    CHECK(board.claim());
}

TEST_CASE("a second claim is not held, and its end does not end the first", "[core][lease]") {
    lease_board const board;
    lease_claim const first{board};
    {
        lease_claim const second{board};
        CHECK_FALSE(second.held());
    }
    CHECK(first.held());
    CHECK_FALSE(board.claim());
}

TEST_CASE("a claim moves with its holder", "[core][lease]") {
    lease_board const board;
    auto first = std::make_unique<lease_claim>(board);
    lease_claim const second = std::move(*first);
    first.reset();
    CHECK(second.held());
    CHECK_FALSE(board.claim());
}

TEST_CASE("a claim that is assigned away takes the other's place", "[core][lease]") {
    lease_board const board;
    lease_board const other;
    lease_claim claim{board};
    claim = lease_claim{other};
    CHECK(claim.held());
    CHECK(board.claim());
    CHECK_FALSE(other.claim());
}

TEST_CASE("an empty claim holds nothing", "[core][lease]") {
    lease_claim const none;
    CHECK_FALSE(none.held());
    STATIC_REQUIRE_FALSE(std::is_copy_constructible_v<lease_claim>);
}
