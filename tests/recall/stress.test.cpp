// SPDX-License-Identifier: MIT
// A hundred thousand entries: what small numbers do not show.
#include <vector>

#include <runnel/recall/memory.hpp>

#include "recall/support.hpp"
#include "support/catch.hpp"

using namespace runnel;
using recall_test::drawn;

TEST_CASE("A hundred thousand entries come, are found, and half of them go", "[recall]") {
    constexpr std::size_t dimension = 8;
    constexpr std::uint64_t entries = 100'000;
    auto m = recall::make_memory<std::uint32_t>(
                 {.dimension = dimension, .coding = recall::coding::bytes},
                 recall::adaptive{
                     {.walk = {.links = 6, .build_effort = 16, .effort = 60},
                      .walk_from = 1000,
                      .scan_below = 500,
                      .pace = 4}})
                 .value();
    std::vector<recall::entry_id> ids;
    ids.reserve(entries);
    for (std::uint64_t i = 0; i < entries; ++i) // a tenth of them equal
        ids.push_back(
            m.add(drawn(dimension, i % 10 == 9 ? 5 : i), static_cast<std::uint32_t>(i)).value());
    REQUIRE(m.index().walks());
    REQUIRE(m.check());
    std::size_t first = 0;
    for (std::uint64_t i = 0; i < entries; i += 1001) {
        if (i % 10 == 9) continue;
        auto const found = m.search(drawn(dimension, i), {.k = 1}).value();
        first += found[0].entry == ids[i] ? 1U : 0U;
        CHECK(found.info.compared < 200); // of a hundred thousand
    }
    CHECK(first >= 88); // of 90
    auto const equal = m.search(drawn(dimension, 5), {.k = 2000}).value();
    REQUIRE(equal.size() == 2000);
    CHECK(equal[0].entry == ids[5]);
    for (std::size_t i = 1; i < 2000; ++i) CHECK(equal[i].entry == ids[10 * i - 1]);

    for (std::uint64_t i = 0; i < entries; i += 2) REQUIRE(m.erase(ids[i]));
    CHECK(m.size() == entries / 2);
    REQUIRE(m.check());
    for (std::uint64_t i = 0; i < entries; i += 1001) {
        auto const found = m.search(drawn(dimension, i), {.k = 5}).value();
        for (auto const& h : found) CHECK(*m.payload(h.entry) % 2 == 1);
    }
    std::size_t const held = m.bytes();
    for (std::uint64_t i = 0; i < entries / 2; ++i)
        REQUIRE(m.add(drawn(dimension, 1'000'000 + i), 1));
    CHECK(m.bytes() < held + held / 50); // slots serve again
    REQUIRE(m.check());
}
