// SPDX-License-Identifier: MIT
// Picking one of several equals: fair, repeatable, and of the kind asked for.
#include <cmath>
#include <cstdint>
#include <set>
#include <vector>

#include <runnel/fanout.hpp>

#include "support/catch.hpp"
#include "support/law.hpp"

using runnel::node_id;
using runnel::fanout::pick_tie;
using runnel::fanout::tie_key;
using runnel::fanout::ties;

namespace {

constexpr std::uint32_t draws = 20'000;

/// How far counts are from even, in standard deviations of the chi-square distribution.
double unevenness(std::vector<std::uint32_t> const& counts) {
    double total = 0;
    for (std::uint32_t const n : counts) total += n;
    double const expected = total / static_cast<double>(counts.size());
    double chi_square = 0;
    for (std::uint32_t const n : counts) chi_square += (n - expected) * (n - expected) / expected;
    double const freedom = static_cast<double>(counts.size() - 1);
    return (chi_square - freedom) / std::sqrt(2 * freedom);
}
template <class Pick> double unevenness_of(std::uint32_t count, Pick pick) {
    std::vector<std::uint32_t> counts(count);
    for (std::uint32_t i = 0; i < draws; ++i) ++counts.at(pick(i));
    return unevenness(counts);
}
tie_key any_key(law::gen& g) {
    auto const any = [&](char const* name) {
        return g.flag() ? g.integer(std::uint64_t{0}, ~std::uint64_t{0}, name)
                        : g.integer(std::uint64_t{0}, 9U, name);
    };
    return {
        .seed = any("seed"),
        .frame = any("frame"),
        .source = node_id{g.integer(0U, ~0U - 1, "source")}};
}

} // namespace

TEST_CASE("the measure of fairness sees a bias", "[fanout][ties]") {
    CHECK(unevenness_of(7, [](std::uint32_t i) { return i % 7; }) < 0);
    CHECK(unevenness_of(2, [](std::uint32_t i) { return i % 100 < 53 ? 0U : 1U; }) > 5);
    CHECK(unevenness_of(7, [](std::uint32_t i) { return i % 8 == 7 ? 0U : i % 8; }) > 5);
}

TEST_CASE("sampled picks evenly over frames", "[fanout][ties]") {
    for (std::uint32_t const count : {2U, 3U, 7U, 64U, 100U}) {
        CAPTURE(count);
        double const off = unevenness_of(count, [&](std::uint32_t frame) {
            return pick_tie(ties::sampled, {.seed = 1, .frame = frame, .source = {}}, count);
        });
        CHECK(std::abs(off) < 5);
    }
}

TEST_CASE("sampled and fixed pick evenly over sources and over seeds", "[fanout][ties]") {
    for (ties const rule : {ties::sampled, ties::fixed})
        for (std::uint32_t const count : {2U, 3U, 7U, 64U, 100U}) {
            CAPTURE(count, static_cast<int>(rule));
            double const sources = unevenness_of(count, [&](std::uint32_t n) {
                return pick_tie(rule, {.seed = 1, .frame = 0, .source = node_id{n}}, count);
            });
            CHECK(std::abs(sources) < 5);
            double const seeds = unevenness_of(count, [&](std::uint32_t seed) {
                return pick_tie(rule, {.seed = seed, .frame = 0, .source = {}}, count);
            });
            CHECK(std::abs(seeds) < 5);
        }
}

TEST_CASE("picks of successive frames know nothing of each other", "[fanout][ties]") {
    double const pairs = unevenness_of(25, [](std::uint32_t i) {
        auto const pick = [&](std::uint64_t frame) {
            return pick_tie(ties::sampled, {.seed = 1, .frame = frame, .source = {}}, 5);
        };
        return pick(i) * 5 + pick(i + 1);
    });
    CHECK(std::abs(pairs) < 5);
}

TEST_CASE("sampled reaches every one of the ties", "[fanout][ties]") {
    std::set<std::uint32_t> reached;
    for (std::uint64_t frame = 0; frame < 1000; ++frame)
        reached.insert(pick_tie(ties::sampled, {.seed = 0, .frame = frame, .source = {}}, 50));
    CHECK(reached.size() == 50);
}

TEST_CASE("fixed picks the same in every frame, sampled does not", "[fanout][ties]") {
    law::for_all(300, [](law::gen& g) {
        tie_key key = any_key(g);
        std::set<std::uint32_t> fixed;
        std::set<std::uint32_t> sampled;
        for (int i = 0; i < 40; ++i) {
            fixed.insert(pick_tie(ties::fixed, key, 1000));
            sampled.insert(pick_tie(ties::sampled, key, 1000));
            ++key.frame;
        }
        g.holds(fixed.size() == 1, "fixed does not depend on the frame");
        g.holds(sampled.size() > 20, "sampled does");
    });
}

TEST_CASE("another seed or source picks otherwise", "[fanout][ties]") {
    for (ties const rule : {ties::sampled, ties::fixed}) {
        std::set<std::uint32_t> picks;
        for (std::uint32_t i = 0; i < 40; ++i) {
            picks.insert(pick_tie(rule, {.seed = i, .frame = 3, .source = node_id{3}}, 1'000'000));
            picks.insert(pick_tie(rule, {.seed = 99, .frame = 3, .source = node_id{i}}, 1'000'000));
        }
        CHECK(picks.size() > 75);
    }
}

TEST_CASE("by id takes the first, always", "[fanout][ties]") {
    law::for_all(1000, [](law::gen& g) {
        g.holds(pick_tie(ties::by_id, any_key(g), g.integer(1U, ~0U, "count")) == 0, "the first");
    });
}

TEST_CASE("one alone is picked by every rule", "[fanout][ties]") {
    law::for_all(1000, [](law::gen& g) {
        auto const rule = g.one_of({ties::sampled, ties::fixed, ties::by_id}, "rule");
        g.holds(pick_tie(rule, any_key(g), 1) == 0, "the only one");
    });
}

TEST_CASE("a pick is one of the ties, and the same when asked again", "[fanout][ties]") {
    law::for_all(5000, [](law::gen& g) {
        auto const rule = g.one_of({ties::sampled, ties::fixed, ties::by_id}, "rule");
        tie_key const key = any_key(g);
        auto const count = g.flag() ? g.integer(1U, ~0U, "count") : g.integer(1U, 9U, "count");
        std::uint32_t const pick = pick_tie(rule, key, count);
        g.holds(pick < count, "in range");
        g.holds(pick == pick_tie(rule, key, count), "repeatable");
    });
}

TEST_CASE("a pick is known at compile time", "[fanout][ties]") {
    constexpr auto pick = pick_tie(ties::sampled, {.seed = 1, .frame = 2, .source = {}}, 10);
    STATIC_REQUIRE(pick < 10);
    CHECK(pick == pick_tie(ties::sampled, {.seed = 1, .frame = 2, .source = {}}, 10));
}
