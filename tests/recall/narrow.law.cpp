// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cstdint>
#include <map>
#include <vector>

#include <runnel/recall/narrow.hpp>

#include "support/law.hpp"

using namespace runnel;
using recall::entry_id;
using recall::hit;

TEST_CASE("Narrowing by class does what queues per class do", "[recall]") {
    recall::narrowing<int> by; // one for all cases
    law::for_all(600, [&](law::gen& g) {
        std::vector<int> class_of_slot = g.list(120, [&] { return g.integer(-4, 4); });
        std::vector<hit> hits(class_of_slot.size());
        for (std::uint32_t i = 0; i < hits.size(); ++i) hits[i] = {{i, 1}, 0};
        g.shuffle(hits);
        auto const class_of = [&](entry_id e) { return class_of_slot[e.slot]; };
        std::size_t const few = g.integer<std::size_t>(0, 130, "few");

        std::vector<std::uint32_t> kept;
        std::map<int, std::size_t> seen;
        std::vector<int> order; // of classes, by their best
        std::map<int, std::vector<std::uint32_t>> queues;
        for (std::uint32_t i = 0; i < hits.size(); ++i) {
            int const its = class_of(hits[i].entry);
            if (seen[its]++ < few) kept.push_back(i);
            if (queues[its].empty()) order.push_back(its);
            queues[its].push_back(i);
        }
        auto const best = by.best_of_each(hits, few, class_of);
        g.holds(
            std::equal(best.begin(), best.end(), kept.begin(), kept.end()),
            "the first few of each class");

        std::vector<std::uint32_t> turns;
        for (std::size_t turn = 0; turns.size() < hits.size(); ++turn)
            for (int const its : order)
                if (turn < queues[its].size()) turns.push_back(queues[its][turn]);
        turns.resize(std::min(few, turns.size()));
        auto const balanced = by.in_turns(hits, few, class_of);
        g.holds(
            std::equal(balanced.begin(), balanced.end(), turns.begin(), turns.end()),
            "one of each class in turn");
    });
}
