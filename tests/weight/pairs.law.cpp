// SPDX-License-Identifier: MIT
// Which of two directions leads: averages against a table that decays everything every frame.
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <map>
#include <tuple>
#include <utility>
#include <vector>

#include <runnel/weight.hpp>

#include "support/allocations.hpp"
#include "support/catch.hpp"
#include "support/law.hpp"

namespace {

namespace weight = runnel::weight;
using runnel::node_id;
using weight::directed;

directed pair(std::uint32_t from, std::uint32_t to) { return {node_id{from}, node_id{to}}; }

} // namespace

TEST_CASE("averages are those of a table that is decayed every frame", "[weight][law]") {
    law::for_all(500, [](law::gen& g) {
        weight::pair_flows pairs;
        std::map<std::pair<std::uint32_t, std::uint32_t>, long double> model;
        std::uint64_t frame = 0;
        for (std::size_t step = g.choose(60); step > 0; --step) {
            std::size_t const silent = g.one_of<std::size_t>({0, 1, 3, 40, 300});
            for (std::size_t i = 0; i < silent; ++i)
                for (auto& [key, average] : model) average *= .9L;
            for (auto& [key, average] : model)
                if (average < 1e-12L) average = 0;
            frame += silent;
            for (std::size_t n = g.choose(5); n > 0; --n) {
                auto const from = static_cast<std::uint32_t>(g.choose(30));
                auto const to = static_cast<std::uint32_t>(g.choose(30));
                double const amount = static_cast<double>(g.choose(8)) / 4;
                pairs.add(pair(from, to), amount, frame);
                model[{from, to}] += .1L * amount;
            }
            for (auto const& [key, average] : model) {
                auto const [from, to] = key;
                double const is = pairs.average(pair(from, to), frame);
                g.show("is", is);
                g.holds(
                    std::fabs(is - static_cast<double>(average)) <= 1e-12 * is + 1.01e-12,
                    "average");
                double const there = pairs.dominance(pair(from, to), frame);
                double const back = pairs.dominance(pair(to, from), frame);
                g.holds(there + back == 1 && there >= 0 && there <= 1, "shares of two");
            }
        }
    });
}

TEST_CASE("dominance is the forward part, and half of nothing", "[weight]") {
    weight::pair_flows pairs;
    CHECK(pairs.dominance(pair(0, 1), 0) == .5);
    pairs.add(pair(0, 1), 3, 0);
    CHECK(pairs.average(pair(0, 1), 0) == Approx(.3));
    CHECK(pairs.dominance(pair(0, 1), 0) == 1);
    CHECK(pairs.dominance(pair(1, 0), 0) == 0);
    pairs.add(pair(1, 0), 1, 0);
    CHECK(pairs.dominance(pair(0, 1), 0) == Approx(.75));
    pairs.add(pair(0, 1), 2, 0); // the same frame: it adds up
    CHECK(pairs.average(pair(0, 1), 0) == Approx(.5));
    CHECK(pairs.average(pair(0, 1), 1) == Approx(.45));
    pairs.add(pair(0, 1), 1, 1);
    CHECK(pairs.average(pair(0, 1), 1) == Approx(.55));
    CHECK(pairs.dominance(pair(0, 1), 5000) == .5); // long forgotten
}

TEST_CASE("pairs that are nothing by now are forgotten, and it does not show", "[weight]") {
    weight::pair_flows pairs;
    for (std::uint32_t i = 0; i < 100; ++i) pairs.add(pair(i, i + 1), 1, 0);
    std::size_t const bytes = pairs.bytes();
    std::size_t const met = pairs.pairs();
    for (std::uint64_t round = 1; round < 50; ++round)
        for (std::uint32_t i = 0; i < 100; ++i)
            pairs.add(pair(static_cast<std::uint32_t>(round) * 1000 + i, i), 1, round * 1000);
    CHECK(pairs.pairs() < 3 * met);
    CHECK(pairs.bytes() <= 4 * bytes);
    CHECK(pairs.average(pair(1, 2), 49'000) == 0);
}

TEST_CASE("a steady traffic takes no memory", "[weight]") {
    weight::pair_flows pairs;
    auto const frames = [&](std::uint64_t from, std::uint64_t to) {
        for (std::uint64_t frame = from; frame < to; ++frame) {
            pairs.room(50, frame);
            for (std::uint32_t i = 0; i < 50; ++i)
                pairs.add(pair(static_cast<std::uint32_t>(frame) * 50 + i, i), 1, frame);
        }
    };
    frames(0, 400); // as wide as it will be, and not yet full for the first time
    if (!support::counting()) return;
    support::allocation_watch const watch;
    frames(400, 3000);
    CHECK(watch.count() == 0);
}

TEST_CASE("what pairs tell brings them back, in an order of their own", "[weight][law]") {
    law::for_all(200, [](law::gen& g) {
        using entry = std::tuple<std::size_t, std::size_t, double, std::uint64_t>;
        weight::pair_flows pairs;
        std::uint64_t frame = 0;
        for (std::size_t n = g.choose(200); n > 0; --n) {
            frame += g.choose(3);
            pairs.add(
                pair(
                    static_cast<std::uint32_t>(g.choose(50)),
                    static_cast<std::uint32_t>(g.choose(50))),
                1, frame);
        }
        auto const all = [frame](weight::pair_flows const& of) {
            std::vector<entry> told;
            of.each(frame, [&](directed d, double average, std::uint64_t at) {
                told.emplace_back(index(d.from), index(d.to), average, at);
            });
            return told;
        };
        auto const told = all(pairs);
        for (std::size_t i = 1; i < told.size(); ++i)
            g.holds(told[i - 1] < told[i], "by from and to");
        weight::pair_flows again;
        for (std::size_t i = told.size(); i-- > 0;) {
            auto const& [from, to, average, at] = told[i];
            again.put(
                pair(static_cast<std::uint32_t>(from), static_cast<std::uint32_t>(to)), average,
                at);
        }
        g.holds(all(again) == told, "the same");
        again.clear();
        g.holds(all(again).empty(), "cleared");
    });
}

TEST_CASE("the pair of the first nodes and that of the last are pairs like others", "[weight]") {
    weight::pair_flows pairs;
    pairs.add(pair(0, 0), 1, 3);
    pairs.add(pair(0xFFFF'FFFDU, 0xFFFF'FFFEU), 1, 3);
    CHECK(pairs.pairs() == 2);
    CHECK(pairs.average(pair(0, 0), 3) == Approx(.1));
    CHECK(pairs.average(pair(0xFFFF'FFFDU, 0xFFFF'FFFEU), 3) == Approx(.1));
}
