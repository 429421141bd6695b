// SPDX-License-Identifier: MIT
#include <set>
#include <vector>

#include <runnel/recall/detail/scan.hpp>
#include <runnel/recall/rows.hpp>

#include "recall/support.hpp"
#include "support/allocations.hpp"
#include "support/catch.hpp"

using namespace runnel;
using recall_test::drawn;

namespace {

std::uint32_t add(recall::rows& rows, recall_test::vector const& v) {
    auto const m = rows.compare().measure(v).value();
    auto more = rows.more(std::size_t{rows.next()} + 1);
    rows.adopt(more);
    std::uint32_t const slot = rows.next();
    rows.write(m);
    rows.publish();
    return slot;
}

} // namespace

TEST_CASE("A row keeps its address and its numbers while others come and go", "[recall]") {
    recall::rows rows{{.dimension = 5}};
    auto const first = add(rows, drawn(5, 0));
    float const* const where = rows.numbers(first);
    for (std::uint64_t i = 1; i < 5000; ++i) add(rows, drawn(5, i));
    for (std::uint32_t slot = 1; slot < 5000; slot += 2) rows.withdraw(slot);
    CHECK(rows.numbers(first) == where);
    auto const numbers = rows.vector(first);
    CHECK(recall_test::vector(numbers.begin(), numbers.end()) == drawn(5, 0));
    CHECK(rows.size() == 2500);
}

TEST_CASE("A slot freed last is used first, and its former entry stays stale", "[recall]") {
    recall::rows rows{{.dimension = 2}};
    for (std::uint64_t i = 0; i < 100; ++i) add(rows, drawn(2, i));
    std::set<std::pair<std::uint32_t, std::uint32_t>> seen;
    std::vector<recall::entry_id> gone;
    for (std::uint32_t const slot : {7U, 3U, 90U}) {
        gone.push_back(rows.entry(slot));
        rows.withdraw(slot);
    }
    CHECK(rows.next() == 90);
    for (std::uint32_t const slot : {90U, 3U, 7U, 100U}) CHECK(add(rows, drawn(2, slot)) == slot);
    for (recall::entry_id const entry : gone) CHECK_FALSE(rows.holds(entry));
    CHECK(rows.holds(rows.entry(7)));
    CHECK_FALSE(rows.holds({101, 1}));
    CHECK_FALSE(rows.holds({}));
}

TEST_CASE("A row written and given up does not cut the list of free ones", "[recall]") {
    recall::rows rows{{.dimension = 2}};
    for (std::uint64_t i = 0; i < 20; ++i) add(rows, drawn(2, i));
    for (std::uint32_t slot = 0; slot < 20; ++slot) rows.withdraw(slot);
    for (std::uint32_t slot = 20; slot-- > 0;) {
        rows.write(rows.compare().measure(drawn(2, 50)).value()); // and not published
        CHECK(add(rows, drawn(2, 60)) == slot);
    }
    CHECK(add(rows, drawn(2, 61)) == 20);
}

TEST_CASE("What bytes() says is what was asked of the allocator", "[recall]") {
    for (auto const coded : {recall::coding::none, recall::coding::bytes}) {
        if (!support::counting()) return;
        support::allocation_watch const watch;
        recall::rows rows{{.dimension = 33, .coded = coded}};
        std::size_t told = 0;
        for (std::uint64_t i = 0; i < 3000; ++i) {
            if (i < 300 || i % 500 == 0) { // growth is foretold exactly
                std::size_t const grown = rows.bytes() + rows.growth(rows.next());
                add(rows, drawn(33, i));
                told += grown == rows.bytes() ? 1U : 0U;
                CHECK(rows.bytes() == grown);
            } else {
                add(rows, drawn(33, i));
            }
        }
        CHECK(told == 305);
        CHECK(static_cast<std::ptrdiff_t>(rows.bytes()) == watch.kept_bytes());
        double const needed = 3000. * static_cast<double>(rows.entry_bytes());
        CHECK(static_cast<double>(rows.bytes()) < 1.06 * needed);
        rows.clear();
        CHECK(rows.bytes() == 0);
        CHECK(watch.kept_bytes() == 0);
    }
}

TEST_CASE("Borrowed rows are not copied", "[recall]") {
    recall_test::vector const matrix = drawn(4 * 10, 3);
    recall::rows rows{{.dimension = 4, .from = {matrix.data(), matrix.size()}}};
    for (std::size_t row : {2U, 9U, 0U}) {
        float const* const at = matrix.data() + row * 4;
        REQUIRE(rows.is_row(at));
        auto const m = rows.compare().measure(std::span<float const>{at, 4}).value();
        auto more = rows.more(rows.next() + 1);
        rows.adopt(more);
        rows.write(m);
        rows.publish();
    }
    CHECK(rows.numbers(0) == matrix.data() + 8);
    CHECK(rows.numbers(1) == matrix.data() + 36);
    CHECK_FALSE(rows.is_row(matrix.data() + 1));
    CHECK_FALSE(rows.is_row(matrix.data() + 40));
    recall_test::vector const other(4);
    CHECK_FALSE(rows.is_row(other.data()));
    CHECK(rows.bytes() < 10 * 4 * sizeof(float) * 10);
}
