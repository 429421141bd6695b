// SPDX-License-Identifier: MIT
#include <vector>

#include <runnel/recall/adaptive.hpp>

#include "recall/support.hpp"
#include "support/catch.hpp"
#include "support/law.hpp"

using namespace runnel;
using recall_test::box;
using recall_test::drawn;
using recall_test::same;

TEST_CASE("It scans, builds a net beside while it scans, walks, and scans again", "[recall]") {
    box<recall::adaptive> both{
        {.dimension = 4},
        recall::adaptive{{.walk = {.links = 4}, .walk_from = 40, .scan_below = 20, .pace = 2}}};
    std::vector<std::uint32_t> slots;
    std::size_t walked_from = 0;
    for (std::uint64_t i = 0; i < 120; ++i) {
        slots.push_back(both.add(drawn(4, i)));
        REQUIRE(both.index.check(both.rows));
        CHECK(both.search(drawn(4, i), {.k = 1})[0].slot == slots.back());
        CHECK((both.info.by == recall::searched::walk) == both.index.walks());
        if (both.index.walks() && walked_from == 0) walked_from = i + 1;
    }
    CHECK(walked_from > 60); // 40 earlier ones at two with each addition, while more arrive
    CHECK(walked_from < 100);
    for (std::size_t i = 0; i < 120; ++i) {
        both.erase(slots[i]);
        REQUIRE(both.index.check(both.rows));
        std::size_t const left = 119 - i;
        CHECK(both.index.walks() == (left >= 20));
    }
    CHECK(both.index.bytes() < 20'000); // the net is given up, not kept empty
}

TEST_CASE("Between the two sizes it stays what it was", "[recall]") {
    box<recall::adaptive> both{
        {.dimension = 4},
        recall::adaptive{{.walk = {.links = 4}, .walk_from = 40, .scan_below = 20, .pace = 100}}};
    std::vector<std::uint32_t> slots;
    for (std::uint64_t i = 0; i < 39; ++i) slots.push_back(both.add(drawn(4, i)));
    CHECK_FALSE(both.index.walks());
    slots.push_back(both.add(drawn(4, 39)));
    CHECK(both.index.walks());
    for (std::uint64_t round = 0; round < 50; ++round) {
        both.erase(slots.back());
        CHECK(both.index.walks());
        slots.back() = both.add(drawn(4, 100 + round));
        CHECK(both.index.walks());
    }
}

TEST_CASE("Whatever it does at the moment, nothing is missed", "[recall]") {
    law::for_all(200, [](law::gen& g) {
        box<recall::adaptive> both{
            {.dimension = 3},
            recall::adaptive{
                {.walk = {.links = 4, .build_effort = 10},
                 .walk_from = 30,
                 .scan_below = static_cast<std::uint32_t>(g.integer(0, 29, "below")),
                 .pace = static_cast<std::uint32_t>(g.integer(1, 9, "pace"))}}};
        std::vector<std::uint32_t> live;
        auto const steps = g.integer(1, 150, "steps");
        auto const erasing = g.integer(5, 55, "erasing");
        for (int step = 0; step < steps; ++step) {
            if (!live.empty() && g.integer(0, 99, "erase") < erasing) {
                auto const at = static_cast<std::size_t>(
                    g.integer(0, static_cast<int>(live.size()) - 1, "which"));
                both.erase(live[at]);
                live[at] = live.back();
                live.pop_back();
            } else {
                live.push_back(
                    both.add(drawn(3, static_cast<std::uint64_t>(g.integer(0, 50, "vector")))));
            }
            g.holds(both.index.check(both.rows).has_value(), "it holds together");
            auto const query = drawn(3, 999);
            auto const found = both.search(query, {.k = 7, .effort = 500});
            recall::scratch own;
            auto const m = both.rows.compare().measure(query).value();
            static_cast<void>(
                recall::flat{}.search(both.rows, m, {.k = 7}, recall::detail::anyone{}, own));
            own.best.settle();
            g.holds(same(found, {own.best.begin(), own.best.end()}), "it finds what a scan finds");
        }
        auto again = both.index.rebuilt(both.rows);
        g.holds(again.check(both.rows).has_value(), "and so when it is rebuilt");
    });
}

TEST_CASE("Sizes that contradict each other are refused", "[recall]") {
    auto const refused = [](recall::adaptive_config how) {
        return how.validate().error().is(recall::faults::invalid_config);
    };
    CHECK(recall::adaptive_config{}.validate());
    CHECK(refused({.walk_from = 10, .scan_below = 10}));
    CHECK(refused({.scan_below = 10})); // below what?
    CHECK(refused({.pace = 0}));
    CHECK(refused({.walk = {.links = 1}}));
}

TEST_CASE("Where nobody says, the longer the vectors the sooner it walks", "[recall]") {
    recall::adaptive const usual;
    auto const from = [&](std::size_t dimension, recall::coding coded = recall::coding::none) {
        recall::rows const rows{{.dimension = dimension, .coded = coded}};
        auto const turns = usual.turns(rows);
        CHECK(turns.scan_below == turns.walk_from / 2);
        return turns.walk_from;
    };
    CHECK(from(32) > from(128));
    CHECK(from(128) > from(768));
    CHECK(from(768) > 800);
    CHECK(from(65536) >= 64);
    CHECK(from(128, recall::coding::bytes) == 2 * from(128));
}
