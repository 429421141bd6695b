// SPDX-License-Identifier: MIT
// What strategies and reducers must keep: ours do under any settings, and planted ones that do not are found.
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include <runnel/fanout.hpp>

#include "support/catch.hpp"
#include "support/law.hpp"

namespace {

namespace fanout = runnel::fanout;
using fanout::choice;
using fanout::headroom;

std::string_view strategy_says(auto const& strategy) {
    auto const found = fanout::check_strategy(strategy);
    return found ? "none" : found.error().sentence();
}
std::string_view reducer_says(auto&& reducer) {
    auto const found = fanout::check_reducer(reducer);
    return found ? "none" : found.error().sentence();
}
choice of(std::uint32_t k) {
    choice made;
    made.k = k;
    return made;
}
std::uint32_t least(std::uint32_t a, std::uint32_t b) { return a < b ? a : b; }

/// The heaviest by looking k times for the next.
struct plain_reducer {
    std::vector<std::size_t> operator()(std::span<double const> weights, std::size_t k) const {
        std::vector<std::size_t> kept;
        std::vector<bool> taken(weights.size());
        while (kept.size() < k && kept.size() < weights.size()) {
            std::size_t best = weights.size();
            for (std::size_t i = 0; i < weights.size(); ++i)
                if (!taken[i] && (best == weights.size() || weights[i] > weights[best])) best = i;
            taken[best] = true;
            kept.push_back(best);
        }
        return kept;
    }
};

} // namespace

TEST_CASE("the choice of k keeps the laws of strategies, under any settings", "[fanout][law]") {
    law::for_all(60, [](law::gen& g) {
        fanout::config c;
        c.low = static_cast<std::uint32_t>(1 + g.choose(8));
        c.high = c.low + static_cast<std::uint32_t>(g.choose(20));
        c.selective_k = (c.low > 2 ? c.low - 1 : 1) + static_cast<std::uint32_t>(g.choose(6));
        c.task = fanout::task(static_cast<std::uint8_t>(g.choose(4)));
        c.pressure_factor = g.real(.01, 1);
        c.pressure_threshold = g.real(0, 1);
        c.pressure_graded = g.flag();
        c.min_k = static_cast<std::uint32_t>(1 + g.choose(4));
        if (!c.validate()) return;
        auto const found = fanout::check_strategy([&](std::uint32_t degree, headroom left) {
            return fanout::select_strategy(degree, c, left);
        });
        g.holds(found.has_value(), "all laws");
    });
    CHECK(
        strategy_says([](std::uint32_t degree, headroom left) {
            return fanout::select_strategy(degree, {}, left);
        })
        == "none");
}

TEST_CASE("a strategy that breaks a law is found, and which", "[fanout]") {
    CHECK(
        strategy_says([](std::uint32_t, headroom) { return of(3); })
        == "k must be at most the degree");
    CHECK(
        strategy_says([](std::uint32_t degree, headroom) { return of(degree > 100 ? 0 : degree); })
        == "k must be at least 1 where there are links");
    CHECK(
        strategy_says([](std::uint32_t d, headroom) { return of(d > 100 ? 5 : d); })
        == "k must not fall as the degree grows");
    CHECK(
        strategy_says(
            [](std::uint32_t d, headroom h) { return of(least(d, h.share() < .5 ? 9 : 5)); })
        == "k must not grow as headroom shrinks");
    std::uint32_t calls = 0;
    CHECK(
        strategy_says([&](std::uint32_t d, headroom) { return of(least(d, 1 + calls++ % 2)); })
        == "the same row must be met the same");
}

TEST_CASE("our reducer keeps the laws of reducers, for every way to treat equals", "[fanout]") {
    for (auto const ties : {fanout::ties::sampled, fanout::ties::fixed, fanout::ties::by_id}) {
        fanout::reducer reduce;
        CHECK(
            reducer_says([&](std::span<double const> weights, std::size_t k) {
                return reduce(weights, k, [](double w) { return w; }, {ties, {7, 3, {}}});
            })
            == "none");
    }
    CHECK(reducer_says(plain_reducer{}) == "none");
}

TEST_CASE("a reducer that breaks a law is found, and which", "[fanout]") {
    using weights = std::span<double const>;
    plain_reducer const good;
    CHECK(
        reducer_says([&](weights w, std::size_t k) { return good(w, k < 5 ? k : 5); })
        == "a reducer keeps k links, or all of a shorter row");
    CHECK(
        reducer_says([&](weights w, std::size_t k) {
            auto kept = good(w, k);
            if (kept.size() > 3) kept[3] = w.size();
            return kept;
        })
        == "what is kept must be of the row");
    CHECK(
        reducer_says([&](weights w, std::size_t k) {
            auto kept = good(w, k);
            if (kept.size() > 3) kept[3] = kept[2];
            return kept;
        })
        == "no link is kept twice");
    CHECK(
        reducer_says([&](weights w, std::size_t k) {
            auto kept = good(w, k);
            if (kept.size() > 1) std::swap(kept.front(), kept.back());
            return kept;
        })
        == "the heaviest must come first");
    CHECK(
        reducer_says([](weights w, std::size_t k) { // the last of the row are not looked at
            auto kept = plain_reducer{}(w.first(w.size() - w.size() / 9), k);
            for (std::size_t i = w.size() - w.size() / 9; i < w.size() && kept.size() < k; ++i)
                kept.push_back(i);
            return kept;
        })
        != "none");
    CHECK(
        reducer_says([&](weights w, std::size_t k) { // the heaviest of the last k
            std::size_t const before = w.size() - (k < w.size() ? k : w.size());
            auto kept = good(w.subspan(before), k);
            for (std::size_t& i : kept) i += before;
            return kept;
        })
        == "what is dropped must not be heavier than what is kept");
    // Among equals the first for odd k, the last for even ones.
    CHECK(
        reducer_says([&](weights w, std::size_t k) {
            if (k % 2 == 0) return good(w, k);
            std::vector<double> const turned(w.rbegin(), w.rend());
            auto kept = good(turned, k);
            for (std::size_t& i : kept) i = w.size() - 1 - i;
            return kept;
        })
        == "the kept of k must be among the kept of k + 1");
    std::size_t calls = 0;
    CHECK(
        reducer_says([&](weights w, std::size_t k) {
            if (++calls % 3 != 2) return good(w, k);
            std::vector<double> const turned(w.rbegin(), w.rend());
            auto kept = good(turned, k);
            for (std::size_t& i : kept) i = w.size() - 1 - i;
            return kept;
        })
        == "the same row must be cut the same");
}
