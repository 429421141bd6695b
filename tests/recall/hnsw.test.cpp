// SPDX-License-Identifier: MIT
#include <vector>

#include <runnel/recall/hnsw.hpp>

#include "recall/support.hpp"
#include "support/catch.hpp"

using namespace runnel;
using recall_test::box;
using recall_test::drawn;

TEST_CASE(
    "A net that does not know of a row, or knows one that is gone, fails its check", "[recall]") {
    box<recall::hnsw> net{{.dimension = 4}};
    for (std::uint64_t i = 0; i < 30; ++i) net.add(drawn(4, i));
    CHECK(net.index.check(net.rows));
    box<recall::hnsw> fewer{{.dimension = 4}};
    for (std::uint64_t i = 0; i < 29; ++i) fewer.add(drawn(4, i));
    CHECK(fewer.index.check(net.rows).error().is(recall::faults::index_corrupt));
    CHECK(net.index.check(fewer.rows).error().is(recall::faults::index_corrupt));
    net.rows.withdraw(7);
    CHECK(net.index.check(net.rows).error().is(recall::faults::index_corrupt));
}

TEST_CASE("Equal vectors share a node: copies neither crowd out others nor get lost", "[recall]") {
    box<recall::hnsw> net{{.dimension = 8}, recall::hnsw{{.links = 4, .build_effort = 30}}};
    auto const copied = drawn(8, 1000);
    std::vector<std::uint32_t> copies;
    std::vector<std::uint32_t> others;
    for (std::uint64_t i = 0; i < 200; ++i) {
        copies.push_back(net.add(copied));
        others.push_back(net.add(drawn(8, i)));
    }
    CHECK(net.index.nodes() == 201);
    for (std::uint64_t i = 0; i < 200; ++i)
        CHECK(net.search(drawn(8, i), {.k = 1})[0].slot == others[i]);
    auto const found = net.search(copied, {.k = 150});
    REQUIRE(found.size() == 150);
    for (std::size_t i = 0; i < 150; ++i) CHECK(found[i].slot == copies[i]); // the lowest, in order
    for (std::size_t i = 0; i < 199; ++i) { // the one that stands in the net goes again and again
        net.erase(copies[i]);
        REQUIRE(net.index.check(net.rows));
        CHECK(net.search(copied, {.k = 1})[0].slot == copies[i + 1]);
    }
    CHECK(net.index.nodes() == 201);
    net.erase(copies[199]);
    CHECK(net.index.nodes() == 200);
    CHECK(net.index.check(net.rows));
}

TEST_CASE("A search says how it went", "[recall]") {
    box<recall::hnsw> net{{.dimension = 4}};
    CHECK(net.search(drawn(4, 0), {.k = 3}).empty());
    CHECK(net.info.by == recall::searched::nothing);
    for (std::uint64_t i = 0; i < 500; ++i) net.add(drawn(4, i));
    CHECK(net.search(drawn(4, 0), {.k = 3, .effort = 10}).size() == 3);
    CHECK(net.info.by == recall::searched::walk);
    CHECK_FALSE(net.info.exact);
    CHECK(net.info.compared > 10);
    CHECK(net.info.compared < 500);
    CHECK(net.search(drawn(4, 0), {.k = 3, .effort = 500}).size() == 3);
    CHECK(net.info.exact);
    auto const few = [](std::uint32_t slot) { return slot % 100 == 0; };
    CHECK(net.search(drawn(4, 0), {.k = 10}, few).size() == 5); // all there are
    CHECK(net.info.by == recall::searched::scan);
    CHECK(net.info.exact);
}

TEST_CASE("A filter in step with the slots is judged for what it admits", "[recall]") {
    box<recall::hnsw> net{{.dimension = 4}};
    for (std::uint64_t i = 0; i < 2000; ++i) net.add(drawn(4, i));
    for (std::uint32_t const step : {2U, 5U, 10U, 11U, 20U})
        for (std::uint32_t const at : {0U, 1U}) {
            auto const most = [=](std::uint32_t slot) { return slot % step != at; };
            CHECK(net.search(drawn(4, 7), {.k = 3, .effort = 10}, most).size() == 3);
            CHECK(net.info.by == recall::searched::walk); // half of them or more
        }
}

TEST_CASE("What is erased is gone, down to nothing, and its slots serve again", "[recall]") {
    box<recall::hnsw> net{{.dimension = 6}};
    std::vector<std::uint32_t> slots;
    for (std::uint64_t round = 0; round < 3; ++round) {
        slots.clear();
        for (std::uint64_t i = 0; i < 120; ++i) slots.push_back(net.add(drawn(6, 500 * round + i)));
        CHECK(net.rows.end() == 120);
        for (std::uint32_t const slot : slots) {
            net.erase(slot);
            REQUIRE(net.index.check(net.rows));
            for (auto const& one : net.search(drawn(6, slot), {.k = 5, .effort = 200}))
                CHECK(one.slot != slot);
        }
        CHECK(net.index.nodes() == 0);
        CHECK(net.search(drawn(6, 1), {.k = 5}).empty());
    }
}

TEST_CASE("Each setting of the net changes what can be seen", "[recall]") {
    auto const built = [](recall::hnsw_config how) {
        box<recall::hnsw> net{{.dimension = 6}, recall::hnsw{how}};
        for (std::uint64_t i = 0; i < 400; ++i) net.add(drawn(6, i));
        return net;
    };
    auto const seen = [](box<recall::hnsw> net) {
        std::uint32_t compared = 0;
        for (std::uint64_t q = 0; q < 40; ++q) {
            static_cast<void>(net.search(drawn(6, 9000 + q), {.k = 5}));
            compared += net.info.compared;
        }
        return compared;
    };
    recall::hnsw_config const usual{.links = 6, .build_effort = 40, .effort = 20};
    auto const base = seen(built(usual));
    CHECK(seen(built(usual)) == base);
    auto changed = usual;
    changed.links = 12;
    CHECK(seen(built(changed)) != base);
    changed = usual;
    changed.build_effort = 5;
    CHECK(seen(built(changed)) != base);
    changed = usual;
    changed.effort = 40;
    CHECK(seen(built(changed)) > base);
    changed = usual;
    changed.seed = 5;
    CHECK(seen(built(changed)) != base);
    auto const half = [](std::uint32_t slot) { return slot % 2 == 0; };
    auto scanning = usual;
    scanning.scan_rather = 1e9;
    auto walking = usual;
    walking.scan_rather = 1e-9;
    auto scan = built(scanning);
    auto walk = built(walking);
    static_cast<void>(scan.search(drawn(6, 1), {.k = 5}, half));
    static_cast<void>(walk.search(drawn(6, 1), {.k = 5}, half));
    CHECK(scan.info.by == recall::searched::scan);
    CHECK(walk.info.by == recall::searched::walk);
}

TEST_CASE("Settings of the net out of their range are named", "[recall]") {
    auto const refused = [](recall::hnsw_config how) {
        return how.validate().error().is(recall::faults::invalid_config);
    };
    CHECK(recall::hnsw_config{}.validate());
    CHECK(refused({.links = 1}));
    CHECK(refused({.links = 65}));
    CHECK(refused({.build_effort = 0}));
    CHECK(refused({.effort = 0}));
    CHECK(refused({.scan_rather = 0}));
}
