// SPDX-License-Identifier: MIT
#include <cmath>
#include <vector>

#include <runnel/recall/codes.hpp>
#include <runnel/recall/flat.hpp>

#include "recall/support.hpp"
#include "support/catch.hpp"
#include "support/law.hpp"

using namespace runnel;
using recall_test::box;
using recall_test::same;

namespace {

/// From vectors that fit their codes exactly to ones with a single large number, at every size.
recall_test::vector any_vector(law::gen& g, std::size_t dimension) {
    recall_test::vector v(dimension);
    auto const kind = g.integer(0, 3, "kind");
    double const size = std::pow(10., static_cast<double>(g.integer(-8, 8, "size")));
    for (float& x : v) {
        double const unit = g.real(-1, 1);
        x = static_cast<float>(size * (kind == 0 ? std::round(unit * 3) : unit));
    }
    if (kind == 1) v[0] = static_cast<float>(size * 1000);
    if (kind == 2)
        for (float& x : v) x = static_cast<float>(size);
    if (v[0] == 0) v[0] = static_cast<float>(size);
    return v;
}

} // namespace

TEST_CASE("A code is never off by more than its slack", "[recall]") {
    law::for_all(2000, [](law::gen& g) {
        auto const dimension = static_cast<std::size_t>(g.integer(1, 200, "dimension"));
        auto const by = static_cast<recall::metric>(g.integer(0, 2, "metric"));
        recall::comparer const compare{by, dimension};
        recall::codes codes{compare};
        auto room = codes.more(1);
        codes.adopt(room);
        auto const row = any_vector(g, dimension);
        auto const query = g.integer(0, 4, "same") == 0 ? row : any_vector(g, dimension);
        auto const m = compare.measure(row).value();
        auto const q = compare.measure(query).value();
        codes.write(compare, m, 0);
        recall::codes::asked asked;
        asked.set(codes, compare, q);
        auto const guess = codes(asked, 0);
        double const off =
            std::abs(static_cast<double>(guess.similarity) - static_cast<double>(compare(m, q)));
        g.holds(off <= static_cast<double>(guess.slack), "within the slack");
        // And the slack says something: for two vectors alike it is a small part of their size.
        if (by == recall::metric::cosine)
            g.holds(guess.slack < .13F, "a cosine is known to .13 or better");
    });
}

TEST_CASE("A scan by codes answers what a scan of the rows answers, to the bit", "[recall]") {
    law::for_all(150, [](law::gen& g) {
        auto const dimension = static_cast<std::size_t>(g.integer(1, 40, "dimension"));
        auto const by = static_cast<recall::metric>(g.integer(0, 2, "metric"));
        box<recall::flat> coded{{.by = by, .dimension = dimension, .coded = recall::coding::bytes}};
        box<recall::flat> plain{{.by = by, .dimension = dimension}};
        auto const n = g.integer(0, 200, "entries");
        auto const middle = any_vector(g, dimension);
        for (int i = 0; i < n; ++i) {
            auto v = middle; // near each other, so that codes cannot tell them apart
            for (float& x : v) x *= static_cast<float>(1 + 1e-4 * g.real(-1, 1));
            if (g.integer(0, 3, "other") == 0) v = any_vector(g, dimension);
            coded.add(v);
            plain.add(v);
        }
        for (int i = 0; i < n; ++i)
            if (g.integer(0, 9, "erase") == 0) {
                coded.erase(static_cast<std::uint32_t>(i));
                plain.erase(static_cast<std::uint32_t>(i));
            }
        auto const k = static_cast<std::size_t>(g.integer(1, 20, "k"));
        auto const query = g.integer(0, 1, "near") == 0 ? middle : any_vector(g, dimension);
        auto const found = coded.search(query, {.k = k});
        g.holds(same(found, plain.search(query, {.k = k})), "the same entries, the same bits");
        g.holds(coded.info.exact, "and it says so");
    });
}

TEST_CASE("Codes let most rows go unread", "[recall]") {
    box<recall::flat> coded{{.dimension = 64, .coded = recall::coding::bytes}};
    for (std::uint64_t i = 0; i < 3000; ++i) coded.add(recall_test::drawn(64, i));
    CHECK(coded.search(recall_test::drawn(64, 99'999), {.k = 10}).size() == 10);
    CHECK(coded.info.compared >= 10);
    CHECK(coded.info.compared < 100);
}
