// SPDX-License-Identifier: MIT
// The k heaviest, on structs of one's own; equals drawn evenly and in O(k).
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <set>
#include <span>
#include <vector>

#include <runnel/fanout.hpp>

#include "support/catch.hpp"
#include "support/law.hpp"

namespace fanout = runnel::fanout;
using runnel::node_id;

namespace {

struct road {
    int to = 0;
    float width = 0;
};
float width_of(road const& r) { return r.width; }

std::vector<road> roads(law::gen& g, std::size_t most, std::size_t widths) {
    int at = 0;
    return g.list(most, [&] { return road{at++, static_cast<float>(g.choose(widths))}; });
}

} // namespace

TEST_CASE("kept are the heaviest, heaviest first", "[fanout][law]") {
    fanout::reducer keep;
    law::for_all(10'000, [&](law::gen& g) {
        auto const all = roads(g, 60, g.one_of<std::size_t>({0, 2, 1000}));
        std::size_t const k = g.choose(70);
        auto const rule =
            g.one_of({fanout::ties::sampled, fanout::ties::fixed, fanout::ties::by_id});
        fanout::tie_key const key{1, g.choose(5), node_id{static_cast<std::uint32_t>(g.choose(5))}};
        auto const kept = keep(all, k, width_of, {rule, key});
        std::vector<std::uint32_t> const first(kept.begin(), kept.end());
        g.holds(first.size() == std::min(k, all.size()), "as many as asked");
        std::vector<float> widths;
        for (road const& r : all) widths.push_back(r.width);
        std::sort(widths.begin(), widths.end(), std::greater<>{});
        for (std::size_t i = 0; i < first.size(); ++i)
            g.holds(all[first[i]].width == widths[i], "weight by weight");
        g.holds(std::set<std::uint32_t>(first.begin(), first.end()).size() == first.size(), "once");
        auto const more = keep(all, k + 1, width_of, {rule, key});
        g.holds(std::equal(first.begin(), first.end(), more.begin()), "and begin those of k + 1");
        if (rule == fanout::ties::by_id)
            for (std::size_t i = 1; i < first.size(); ++i)
                g.holds(
                    widths[i] < widths[i - 1] || first[i] > first[i - 1], "equals in their order");
    });
}

TEST_CASE("check figures of rows of a hundred", "[fanout]") {
    fanout::reducer keep;
    std::vector<road> all(100);
    for (std::size_t i = 0; i < all.size(); ++i) all[i] = {static_cast<int>(i), float(i % 37)};
    fanout::config const c;
    CHECK(keep(all, select_strategy(100, c).k, width_of).size() == 5);
    CHECK(keep(all, 50, width_of).size() == 50);
    CHECK(keep(std::span{all}.first(5), 5, width_of).size() == 5);
    CHECK(keep(std::span{all}.first(0), 5, width_of).empty());
}

TEST_CASE("the draw of one is the first of many", "[fanout][law]") {
    fanout::tie_order order;
    law::for_all(5'000, [&](law::gen& g) {
        auto const count = static_cast<std::uint32_t>(1 + g.choose(1000));
        fanout::tie_key const key{g.choose(9), g.choose(9), node_id{3}};
        auto const wanted = static_cast<std::uint32_t>(1 + g.choose(count - 1));
        std::vector<std::uint32_t> drawn;
        order.draw(
            fanout::ties::sampled, key, {count, wanted, 0}, [&](auto i) { drawn.push_back(i); });
        g.holds(drawn.size() == wanted, "as many as asked");
        g.holds(drawn[0] == pick_tie(fanout::ties::sampled, key, count), "the same first");
        std::set<std::uint32_t> const once(drawn.begin(), drawn.end());
        g.holds(once.size() == wanted && *once.rbegin() < count, "distinct, and in the run");
        // A full shuffle begins with the sparse one.
        std::vector<std::uint32_t> whole;
        order.draw(
            fanout::ties::sampled, key, {count, count, 0}, [&](auto i) { whole.push_back(i); });
        g.holds(std::equal(drawn.begin(), drawn.end(), whole.begin()), "a prefix of the whole");
    });
}

TEST_CASE("every pair of equals is drawn equally often", "[fanout][law]") {
    // 6 equals, 2 drawn: 30 ordered pairs, 60'000 draws, 2'000 expected each; chi-square with 29
    // degrees stays below 70 but once in 30'000 seeds, and the seeds are fixed.
    for (std::uint32_t count : {6U, 40U}) {
        fanout::tie_order order; // 6: the dense way, 40: the sparse one
        std::vector<double> seen(std::size_t{count} * count);
        std::uint32_t const frames = 2'000 * count * (count - 1) / (count > 6 ? 20 : 1);
        for (std::uint64_t frame = 0; frame < frames; ++frame) {
            std::vector<std::uint32_t> two;
            order.draw(fanout::ties::sampled, {7, frame, node_id{1}}, {count, 2, 0}, [&](auto i) {
                two.push_back(i);
            });
            ++seen[two[0] * count + two[1]];
        }
        double const expected = frames / static_cast<double>(count * (count - 1));
        double chi = 0;
        for (std::uint32_t a = 0; a < count; ++a)
            for (std::uint32_t b = 0; b < count; ++b)
                if (a != b)
                    chi += (seen[a * count + b] - expected) * (seen[a * count + b] - expected)
                           / expected;
        double const degrees = count * (count - 1) - 1;
        CHECK(chi < degrees + 5.4 * std::sqrt(2 * degrees));
        CHECK(chi > degrees - 4.0 * std::sqrt(2 * degrees));
    }
}

TEST_CASE("a few of a million equals do not cost a million", "[fanout]") {
    // Counted by what is remembered, not by a clock: the table holds a handful of places.
    fanout::tie_order order;
    std::set<std::uint32_t> drawn;
    for (std::uint64_t frame = 0; frame < 1000; ++frame)
        order.draw(fanout::ties::sampled, {1, frame, node_id{0}}, {1'000'000, 5, 0}, [&](auto i) {
            drawn.insert(i);
        });
    CHECK(drawn.size() > 4900);
    CHECK(*drawn.rbegin() > 990'000);
    CHECK(*drawn.begin() < 10'000);
    CHECK(order.bytes() < 1000);
}
