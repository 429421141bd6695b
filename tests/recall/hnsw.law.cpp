// SPDX-License-Identifier: MIT
#include <vector>

#include <runnel/recall/flat.hpp>
#include <runnel/recall/hnsw.hpp>

#include "recall/support.hpp"
#include "support/catch.hpp"
#include "support/law.hpp"

using namespace runnel;
using recall_test::box;
using recall_test::drawn;
using recall_test::same;

namespace {

/// A few values per number, so that vectors are often equal and similarities tie.
recall_test::vector coarse(law::gen& g, std::size_t dimension) {
    recall_test::vector v(dimension);
    for (float& x : v) x = static_cast<float>(g.integer(-2, 2, "number"));
    v[0] += .5F; // a direction under cosine
    return v;
}

} // namespace

TEST_CASE(
    "However narrow the net, it holds together after every change, and all of it is searched",
    "[recall]") {
    law::for_all(1500, [](law::gen& g) {
        auto const dimension = static_cast<std::size_t>(g.integer(1, 6, "dimension"));
        recall::rows::shape const of{
            .by = static_cast<recall::metric>(g.integer(0, 2, "metric")),
            .dimension = dimension,
            .coded = static_cast<recall::coding>(g.integer(0, 1, "coding"))};
        recall::hnsw_config const how{
            .links = g.integer(0, 3, "wider") == 0 ? 4U : 2U,
            .build_effort = static_cast<std::uint32_t>(g.integer(1, 20, "build effort")),
            .seed = static_cast<std::uint64_t>(g.integer(0, 1000, "seed"))};
        box<recall::hnsw> net{of, recall::hnsw{how}};
        recall::flat const all;
        recall::scratch own;
        std::vector<std::uint32_t> live;
        auto const steps = g.integer(1, 150, "steps");
        for (int step = 0; step < steps; ++step) {
            if (!live.empty() && g.integer(0, 99, "erase") < 40) {
                auto const at = static_cast<std::size_t>(
                    g.integer(0, static_cast<int>(live.size()) - 1, "which"));
                net.erase(live[at]);
                live[at] = live.back();
                live.pop_back();
            } else {
                live.push_back(net.add(coarse(g, dimension)));
            }
            g.holds(net.index.check(net.rows).has_value(), "the net holds together");
            auto const query = coarse(g, dimension);
            auto const k = static_cast<std::size_t>(g.integer(1, 12, "k"));
            auto const found = net.search(query, {.k = k, .effort = live.size() + 1});
            g.holds(live.empty() || net.info.exact, "a search of everything says it is exact");
            auto const m = net.rows.compare().measure(query).value();
            static_cast<void>(all.search(net.rows, m, {.k = k}, recall::detail::anyone{}, own));
            own.best.settle();
            g.holds(
                same(found, {own.best.begin(), own.best.end()}),
                "with effort for all, a walk finds what a scan finds, to the bit");
        }
    });
}

TEST_CASE("A filtered search finds of the admitted what a scan finds", "[recall]") {
    law::for_all(60, [](law::gen& g) {
        recall::hnsw_config const how{
            .links = 4,
            .build_effort = 20,
            .scan_rather = g.integer(0, 1, "way") == 0 ? 1e-9 : 1e9};
        box<recall::hnsw> net{{.dimension = 3}, recall::hnsw{how}};
        auto const n = g.integer(1, 120, "entries");
        for (int i = 0; i < n; ++i) net.add(coarse(g, 3));
        auto const share = static_cast<std::uint32_t>(g.integer(1, 7, "one in"));
        auto const admits = [&](std::uint32_t slot) { return slot % share == 0; };
        auto const query = coarse(g, 3);
        auto const found = net.search(query, {.k = 5, .effort = 500}, admits);
        recall::scratch own;
        auto const m = net.rows.compare().measure(query).value();
        static_cast<void>(recall::flat{}.search(net.rows, m, {.k = 5}, admits, own));
        own.best.settle();
        g.holds(same(found, {own.best.begin(), own.best.end()}), "either way, the same entries");
    });
}

TEST_CASE("The same sequence of changes and seed makes the same answers", "[recall]") {
    auto const run = [](std::uint64_t seed) {
        box<recall::hnsw> net{{.dimension = 8}, recall::hnsw{{.links = 4, .seed = seed}}};
        for (std::uint64_t i = 0; i < 600; ++i) {
            net.add(drawn(8, i));
            if (i % 3 == 2) net.erase(net.search(drawn(8, 1000 + i), {.k = 1})[0].slot);
        }
        std::vector<std::vector<recall::near>> answers;
        for (std::uint64_t q = 0; q < 50; ++q)
            answers.push_back(net.search(drawn(8, 5000 + q), {.k = 5, .effort = 6}));
        return answers;
    };
    auto const first = run(1);
    auto const again = run(1);
    auto const other = run(2);
    bool differs = false;
    for (std::size_t i = 0; i < first.size(); ++i) {
        CHECK(same(first[i], again[i]));
        differs = differs || !same(first[i], other[i]);
    }
    CHECK(differs); // the seed is not ignored
}
