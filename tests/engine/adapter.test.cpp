// SPDX-License-Identifier: MIT
// A graph of one's own, through the eight lines of graph/concepts.hpp, ticks as graph and store do.
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include <runnel/engine.hpp>

#include "graph/cases.hpp"
#include "support/catch.hpp"
#include "support/law.hpp"

using graph_test::said_graph;
using runnel::node_id;

namespace {

/// Somebody's graph, with names of its own.
struct my_graph {
    struct person {
        std::vector<runnel::out_link> friends; // not oneself
        runnel::node_type kind = runnel::node_type::other;
        double courage = -1;
        bool sorted = false;
    };
    std::vector<person> people;

    [[nodiscard]] person const& at(node_id n) const { return people[runnel::index(n)]; }
};

// clang-format off
struct my_rows {
    my_graph const& g;
    std::uint32_t node_count() const { return static_cast<std::uint32_t>(g.people.size()); }
    std::uint32_t degree(node_id n) const { return static_cast<std::uint32_t>(g.at(n).friends.size()); }
    std::vector<runnel::out_link> const& links(node_id n) const { return g.at(n).friends; }
    runnel::node_type type(node_id n) const { return g.at(n).kind; }
    runnel::version stamp(node_id) const { return {}; } // it never changes
    bool ordered(node_id n) const { return g.at(n).sorted; }
};
// clang-format on

/// What a graph may offer besides.
struct rows_with_best : my_rows {
    runnel::graph::store const& store;
    [[nodiscard]] runnel::best_link best(node_id n) const { return store.best(n); }
    [[nodiscard]] std::uint32_t tied(node_id n) const { return store.tied(n); }
    [[nodiscard]] runnel::out_link tied(node_id n, std::uint32_t i) const {
        return store.tied(n, i);
    }
};
struct rows_with_thresholds : my_rows {
    [[nodiscard]] double threshold(node_id n) const { return g.at(n).courage; }
};
struct rows_with_lowest_threshold : rows_with_thresholds {
    [[nodiscard]] double lowest_threshold(runnel::per_type<double> const& of_types) const {
        double lowest = std::numeric_limits<double>::infinity();
        for (auto const& p : g.people)
            lowest = std::min(lowest, p.courage >= 0 ? p.courage : of_types[p.kind]);
        return lowest;
    }
};
struct rows_with_names : my_rows {
    [[nodiscard]] runnel::link_id link(node_id, runnel::row_place place) const {
        return runnel::link_id{1000 + static_cast<std::uint32_t>(place)};
    }
};

enum class order { as_stored, shuffled };

my_graph same_as(law::gen& g, runnel::graph::built const& b, order how) {
    my_graph mine;
    for (std::uint32_t i = 0; i < b.graph.node_count(); ++i) {
        node_id const n{i};
        auto& person = mine.people.emplace_back();
        for (auto const& link : b.store.links(n)) person.friends.push_back(link);
        person.kind = b.graph.type(n);
        person.courage = b.graph.threshold(n);
        person.sorted = b.store.ordered(n);
        if (how == order::as_stored) continue;
        person.sorted = false;
        g.shuffle(person.friends);
    }
    return mine;
}

/// No two links of a node weigh the same.
void make_distinct(said_graph& said) {
    std::int32_t lw = -100;
    for (auto& link : said.links) link.lw = lw += 1 << 20;
}

void make_tied(said_graph& said) {
    for (auto& link : said.links) link.lw &= 1 << 24;
}

runnel::config any_config(law::gen& g) {
    using namespace runnel; // NOLINT(google-build-using-namespace): settings are many
    return {
        .alpha = g.one_of({.3, .05}, "alpha"),
        .transfer_cap = g.one_of({.2, 1.0}, "cap"),
        .seed = g.integer(std::uint64_t{0}, 3U, "seed"),
        .storage = g.one_of({storage::paged, storage::dense}, "storage"),
        .reader = {.source = weight::source::unit}, // rows of one's own do not compare links
        .fanout =
            {.ties = g.one_of(
                 {fanout::ties::sampled, fanout::ties::fixed, fanout::ties::by_id}, "ties")},
        .decay = {.base = .01}};
}

/// What a frame reports, but for how many costs were asked: a head costs one, a scan one per link.
auto figures(runnel::frame_report const& r) {
    return std::tuple{r.frame,       r.time,
                      r.dt,          r.elapsed,
                      r.before,      r.injected,
                      r.after,       r.transferred,
                      r.decayed,     r.dissipated,
                      r.flushed,     r.active,
                      r.residual,    r.switched_off,
                      r.switched_on, r.touched,
                      r.strides,     r.skipped,
                      r.capped,      r.out_of_reach,
                      r.support,     r.mean_degree_of_active};
}

template <class Ours, class Theirs>
void tick_alike(law::gen& g, Ours const& ours, Theirs const& theirs) {
    auto field = ours.make_field();
    auto other = theirs.make_field();
    std::uint32_t const nodes = ours.rows().node_count();
    for (auto frames = g.integer(1, 8, "frames"); frames > 0; --frames) {
        for (auto many = g.integer(0, 2); many > 0; --many) {
            node_id const node{g.integer(0U, nodes - 1, "inject at")};
            double const units = g.real(.01, 5, "units");
            ours.inject(field, node, units).value();
            theirs.inject(other, node, units).value();
        }
        auto const a = ours.tick(field, {.dt = 1}, runnel::report::full).value();
        auto const b = theirs.tick(other, {.dt = 1}, runnel::report::full).value();
        g.holds(figures(a) == figures(b), "reports are equal");
        for (std::uint32_t n = 0; n < nodes; ++n)
            g.holds(
                field.energy_of(node_id{n}) == other.energy_of(node_id{n}),
                "every node holds the same");
        auto const top = field.top(nodes);
        auto const their_top = other.top(nodes);
        g.holds(
            std::equal(
                top.begin(), top.end(), their_top.begin(), their_top.end(),
                [](runnel::ranked const& x, runnel::ranked const& y) {
                    return x.node == y.node && x.received == y.received;
                }),
            "and has received the same");
    }
}

template <class Rows> void ticks_as_the_store_does(std::size_t cases, order how) {
    std::size_t ties = 0;
    law::for_all(cases, [&](law::gen& g) {
        said_graph said = graph_test::any_graph(g, 20, graph_test::types::several);
        how == order::shuffled ? make_distinct(said) : make_tied(said);
        auto builder = graph_test::said_to_builder(said);
        for (std::uint32_t n = 0;
             n < said.nodes && std::is_same_v<Rows, rows_with_lowest_threshold>; ++n)
            if (g.flag()) builder.threshold(node_id{n}, g.one_of({.02, .5}, "threshold"));
        runnel::graph::built const b = std::move(builder).build().value();
        for (std::uint32_t n = 0; n < said.nodes; ++n) ties += b.store.best(node_id{n}).ties;
        runnel::config const settings = any_config(g);
        auto const ours = runnel::make_engine(b.graph, b.store, settings).value();
        my_graph const mine = same_as(g, b, how);
        if constexpr (std::is_same_v<Rows, rows_with_best>) {
            Rows const rows{{mine}, b.store};
            tick_alike(g, ours, runnel::make_engine(rows, settings).value());
        } else {
            Rows const rows{mine};
            tick_alike(g, ours, runnel::make_engine(rows, settings).value());
        }
    });
    CHECK((ties > cases / 2) == (how == order::as_stored));
}

my_graph three_people() {
    my_graph mine;
    mine.people.resize(3);
    auto const lw = [](double w) { return runnel::log_weight::from_weight(w).value(); };
    mine.people[0].friends = {
        {.target = node_id{1}, .lw = lw(.2), .place = runnel::row_place{7}},
        {.target = node_id{2}, .lw = lw(.9), .place = runnel::row_place{8}}};
    return mine;
}

} // namespace

TEST_CASE("an adapter's energy goes to the heaviest link", "[engine][adapter]") {
    my_graph const mine = three_people();
    my_rows const rows{mine};
    auto const engine = runnel::make_engine(rows, {.alpha = .1, .decay = {.base = 0}}).value();
    auto field = engine.make_field();
    engine.inject(field, node_id{0}, 8).value();
    auto const report = engine.tick(field, {.dt = 1}).value();
    CHECK(report.strides == 1);
    CHECK(report.costs_computed == 2);
    CHECK(field.energy_of(node_id{1}) == 0);
    CHECK(std::abs(field.energy_of(node_id{2}) - .8) < 1e-9);
    CHECK(report.residual == 0);
}

TEST_CASE("rows said to be ordered are read no further than the ties", "[engine][adapter]") {
    my_graph mine = three_people();
    auto& friends = mine.people[0].friends;
    std::swap(friends[0], friends[1]);
    friends.push_back(friends[1]);
    mine.people[0].sorted = true;
    my_rows const rows{mine};
    auto const engine = runnel::make_engine(rows).value();
    auto field = engine.make_field();
    engine.inject(field, node_id{0}, 8).value();
    CHECK(engine.tick(field, {.dt = 1}).value().costs_computed == 2); // the best and one beyond
}

TEST_CASE("with distinct weights any order of links gives the same", "[engine][adapter]") {
    ticks_as_the_store_does<my_rows>(150, order::shuffled);
}

TEST_CASE("with ties the order of the row gives the same", "[engine][adapter]") {
    ticks_as_the_store_does<my_rows>(300, order::as_stored);
}

TEST_CASE("with heads of its own an adapter gives the same", "[engine][adapter]") {
    ticks_as_the_store_does<rows_with_best>(200, order::as_stored);
}

TEST_CASE("with thresholds of its own an adapter gives the same", "[engine][adapter]") {
    ticks_as_the_store_does<rows_with_lowest_threshold>(200, order::as_stored);
}

TEST_CASE(
    "an adapter's energy is out of reach only if below its own thresholds too",
    "[engine][adapter]") {
    my_graph mine = three_people();
    mine.people[2].courage = .02;
    rows_with_thresholds const rows{{mine}};
    auto const engine = runnel::make_engine(rows).value();
    auto field = engine.make_field();
    engine.inject(field, node_id{0}, .05).value();
    CHECK_FALSE(engine.tick(field, {.dt = 1}).value().out_of_reach);
}

TEST_CASE("a stride names its link if the graph names links", "[engine][adapter]") {
    my_graph const mine = three_people();
    runnel::link_id named = runnel::no_link;
    auto listen = [&](runnel::event::stride_exec const& e) { named = e.link; };
    auto const stride_over = [&](auto const& rows) {
        auto const engine =
            runnel::make_engine(rows, {}, runnel::pipeline{}.with_sink(listen)).value();
        auto field = engine.make_field();
        engine.inject(field, node_id{0}, 8).value();
        engine.tick(field, {.dt = 1}).value();
        return named;
    };
    CHECK(stride_over(my_rows{mine}) == runnel::no_link);
    CHECK(stride_over(rows_with_names{{mine}}) == runnel::link_id{1008});
}

TEST_CASE("a session runs on an adapter as well", "[engine][adapter]") {
    my_graph const mine = three_people();
    my_rows const rows{mine};
    auto const engine = runnel::make_engine(rows).value();
    runnel::session memory{engine};
    memory.inject(node_id{0}, 8).value();
    memory.tick({.dt = 1}).value();
    auto const top = memory.top(1);
    REQUIRE(top.size() == 1);
    CHECK(top[0].node == node_id{2});
}

TEST_CASE("an adapter's engine refuses what any engine refuses", "[engine][adapter]") {
    my_graph const mine = three_people();
    my_rows const rows{mine};
    CHECK_FALSE(runnel::make_engine(rows, {.alpha = -1}));
    auto const engine = runnel::make_engine(rows).value();
    auto field = engine.make_field();
    CHECK_FALSE(engine.inject(field, node_id{3}, 1));
}

TEST_CASE("a field of one adapter does not fit another", "[engine][adapter]") {
    my_graph const mine = three_people();
    my_rows const rows{mine};
    my_rows const others{mine};
    auto const engine = runnel::make_engine(rows).value();
    auto const other = runnel::make_engine(others).value();
    auto field = engine.make_field();
    auto const said = other.inject(field, node_id{0}, 1);
    REQUIRE_FALSE(said);
    CHECK(said.error().is(runnel::faults::foreign_field));
}

TEST_CASE(
    "a row that leads out of its graph is a fault; a self loop in it is passed over", "[engine]") {
    struct wrong_rows {
        std::uint32_t target;
        std::vector<runnel::out_link> row{{.target = runnel::node_id{target}}};
        [[nodiscard]] std::uint32_t node_count() const { return 2; }
        [[nodiscard]] std::uint32_t degree(runnel::node_id) const { return 1; }
        [[nodiscard]] std::vector<runnel::out_link> const& links(runnel::node_id) const {
            return row;
        }
        [[nodiscard]] runnel::node_type type(runnel::node_id) const {
            return runnel::node_type::other;
        }
        [[nodiscard]] runnel::version stamp(runnel::node_id) const { return {}; }
        [[nodiscard]] bool ordered(runnel::node_id) const { return true; }
    };
    wrong_rows const out{77};
    auto const engine = runnel::make_engine(out).value();
    runnel::session s{engine};
    s.inject(runnel::node_id{0}, 1).value();
    CHECK(s.tick().error().is(runnel::faults::unknown_node));
    CHECK_FALSE(s.field().staged());

    wrong_rows const unnamed{1};
    auto const costly =
        runnel::make_engine(unnamed, {}, runnel::pipeline{}.with_cost([](runnel::candidate const&) {
            return runnel::math::log(-1);
        })).value();
    runnel::session u{costly};
    u.inject(runnel::node_id{0}, 1).value();
    CHECK(u.tick().error().offender() == "0 -> 1");

    wrong_rows const loop{0};
    auto const engine_of_loop = runnel::make_engine(loop).value();
    runnel::session t{engine_of_loop};
    t.inject(runnel::node_id{0}, 1).value();
    CHECK(t.tick().value().strides == 0);
}
