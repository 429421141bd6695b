// SPDX-License-Identifier: MIT
#include <cmath>
#include <cstddef>
#include <vector>

#include <runnel/runnel.hpp>

#include "engine/drawn_case.hpp"
#include "support/catch.hpp"
#include "support/law.hpp"

namespace {

using drawn::id_of;
using runnel::compare_options;
using runnel::config;

/// Every pair, one by one.
double naive_tau(std::vector<double> const& a, std::vector<double> const& b) {
    double agree = 0;
    double pairs_a = 0;
    double pairs_b = 0;
    for (std::size_t i = 0; i < a.size(); ++i)
        for (std::size_t j = 0; j < i; ++j) {
            double const x = (a[i] > a[j]) - (a[i] < a[j]);
            double const y = (b[i] > b[j]) - (b[i] < b[j]);
            agree += x * y;
            pairs_a += x * x;
            pairs_b += y * y;
        }
    if (pairs_a == 0 || pairs_b == 0) return pairs_a == pairs_b ? 1 : 0;
    return agree / std::sqrt(pairs_a * pairs_b);
}
runnel::detail::array<double> column(std::vector<double> const& from) {
    runnel::detail::array<double> a;
    a.append(from.data(), from.size());
    return a;
}
runnel::graph::built ring(std::size_t nodes) {
    runnel::graph::builder b;
    b.nodes(static_cast<std::uint32_t>(nodes));
    for (std::size_t n = 0; n < nodes; ++n) {
        b.link({id_of(n), id_of((n + 1) % nodes), 2});
        for (std::size_t k = 2; k < 20; ++k)
            b.link({id_of(n), id_of((n + k) % nodes), 1.0 / static_cast<double>(k)});
    }
    return std::move(b).build().value();
}
config by_matrix() {
    config c;
    c.implementation = runnel::implementation::matrix;
    return c;
}
std::vector<runnel::stimulus> const seeds{{id_of(0), 1}, {id_of(7), 2}};

} // namespace

TEST_CASE("Kendall's tau by merging is tau by counting pairs", "[engine][compare]") {
    law::for_all(400, [](law::gen& g) {
        std::vector<double> a;
        std::vector<double> b;
        auto const n = g.integer<std::size_t>(0, 40, "n");
        for (std::size_t i = 0; i < n; ++i) {
            a.push_back(g.integer<int>(0, 9));
            b.push_back(g.flag() ? a.back() : g.integer<int>(0, 9));
        }
        g.holds(
            std::fabs(runnel::detail::kendall(column(a), column(b)) - naive_tau(a, b)) < 1e-12,
            "the same tau");
    });
    CHECK(runnel::detail::kendall(column({1, 2, 3}), column({3, 2, 1})) == -1);
    CHECK(runnel::detail::kendall(column({1, 2, 3}), column({1, 2, 3})) == 1);
}

TEST_CASE("a config compared with itself agrees with itself", "[engine][compare]") {
    auto const built = ring(40);
    auto const both =
        runnel::compare(built.graph, built.store, config{}, config{}, seeds, {.frames = 30})
            .value();
    CHECK(both.tau == 1);
    CHECK(both.overlap == 1);
    CHECK(both.a.stored == both.b.stored);
    CHECK(both.a.links == both.b.links);
    CHECK(both.a.seconds == 0);
    CHECK(both.a.regret == 0);
}

TEST_CASE(
    "strides look at fewer links than the matrix, and both keep their books", "[engine][compare]") {
    auto const built = ring(100);
    auto const both =
        runnel::compare(built.graph, built.store, config{}, by_matrix(), seeds, {.frames = 50})
            .value();
    CHECK(both.a.links < both.b.links / 10);
    CHECK(both.b.reached == 100);
    CHECK(both.a.residual == 0);
    CHECK(both.b.residual == 0);
    CHECK(both.a.stored + both.a.lost == Approx(3));
    CHECK(both.b.stored + both.b.lost == Approx(3));
    CHECK(both.tau > -1);
    CHECK(both.tau < 1);
}

TEST_CASE("regret is what pruning by weight misses", "[engine][compare]") {
    auto const built = ring(60);
    // The lightest link is the cheapest: pruning by weight never sees it.
    auto const contrary = [](runnel::candidate const& c) { return c.lw.log(); };
    compare_options const o{.frames = 5, .regret = compare_options::regrets::measured};
    config all;
    all.fanout.reduction = runnel::fanout::reduction::none;
    all.split.enabled = true; // so that the cost is asked
    config few = all;
    few.fanout.reduction = runnel::fanout::reduction::quick;
    auto const both =
        runnel::compare(built.graph, built.store, few, all, seeds, o, contrary).value();
    CHECK(both.b.regret == 0);
    CHECK(both.a.regret == Approx(std::log(19.0 / 5)));
}

TEST_CASE("what cannot be run is a fault", "[engine][compare]") {
    auto const built = ring(5);
    config bad;
    bad.alpha = -1;
    CHECK_FALSE(runnel::compare(built.graph, built.store, config{}, bad, seeds).has_value());
    std::vector<runnel::stimulus> const nobody{{id_of(99), 1}};
    auto const said = runnel::compare(built.graph, built.store, config{}, config{}, nobody);
    REQUIRE_FALSE(said.has_value());
    CHECK(said.error().code() == "graph.unknown_node");
}

TEST_CASE("time is told by the clock that is given", "[engine][compare]") {
    auto const built = ring(5);
    std::vector<runnel::stimulus> const one{{id_of(0), 1}};
    double t = 0;
    auto const both = runnel::compare(
                          built.graph, built.store, config{}, config{}, one, {.frames = 2},
                          runnel::cost::by_weight{}, [&t] { return t += 1; })
                          .value();
    CHECK(both.a.seconds == 1);
    CHECK(both.b.seconds == 1);
}
