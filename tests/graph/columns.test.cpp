// SPDX-License-Identifier: MIT
// Thresholds, scopes, embeddings, affect: what a node may carry.
#include <cstdint>
#include <utility>
#include <vector>

#include <runnel/graph.hpp>

#include "support/catch.hpp"

using runnel::node_id;
using builder = runnel::graph::builder;

namespace {

constexpr node_id a{0};
constexpr node_id b{1};
constexpr node_id c{2};

runnel::graph::built built(builder& from) { return std::move(from).build().value(); }
std::vector<float> row_of(runnel::float_column const& column, node_id node) {
    auto const row = column[node];
    return {row.begin(), row.end()};
}

} // namespace

TEST_CASE("a threshold of one's own, for whom it was said", "[graph][columns]") {
    builder g;
    g.nodes(2);
    g.threshold(b, .25);
    g.node();
    auto const made = built(g);
    CHECK(made.graph.threshold(a) < 0);
    CHECK(made.graph.threshold(b) == .25);
    CHECK(made.graph.threshold(c) < 0);
}

TEST_CASE("the lowest threshold is of the nodes and types there are", "[graph][columns]") {
    builder g;
    g.nodes(3);
    g.threshold(c, .75).threshold(a, .5).threshold(b, .25);
    CHECK(built(g).graph.lowest_threshold(.1) == .25); // all have their own
    builder mixed;
    mixed.nodes(1);
    static_cast<void>(mixed.node(runnel::node_type::task));
    mixed.threshold(a, .25);
    auto const made = built(mixed);
    auto const tasks = runnel::per_type<double>(.01).with(runnel::node_type::task, .125);
    CHECK(made.graph.lowest_threshold(tasks) == .125); // nobody follows another type
    CHECK(made.graph.lowest_threshold(3) == .25);
    builder zero;
    zero.nodes(3);
    zero.threshold(b, 0).threshold(c, 2);
    CHECK(built(zero).graph.lowest_threshold(.1) == 0);
    builder none;
    none.nodes(3);
    CHECK(built(none).graph.lowest_threshold(.1) == .1);
}

TEST_CASE("of two thresholds of one node the later counts", "[graph][columns]") {
    builder g;
    g.node();
    g.threshold(a, .25).threshold(a, 7);
    auto const made = built(g);
    CHECK(made.graph.threshold(a) == 7);
    CHECK(made.graph.lowest_threshold(.1) == 7);
}

TEST_CASE("a scope for whom it was said, 0 for all others", "[graph][columns]") {
    builder g;
    g.nodes(2);
    g.scope(b, runnel::scope_id{7});
    g.node();
    auto const made = built(g);
    CHECK(made.graph.scope(a) == runnel::scope_id{0});
    CHECK(made.graph.scope(b) == runnel::scope_id{7});
    CHECK(made.graph.scope(c) == runnel::scope_id{0});
    builder none;
    none.nodes(2);
    CHECK(built(none).graph.scope(b) == runnel::scope_id{0});
}

TEST_CASE("embeddings and affect are two tables, row by row", "[graph][columns]") {
    float const one[] = {1, 2, 3};
    float const two[] = {4, 5, 6};
    float const mood[] = {.5F};
    builder g;
    g.nodes(3);
    g.embedding(c, one).embedding(a, two).affect(b, mood);
    auto const made = built(g);
    CHECK(made.graph.embeddings().dimension() == 3);
    CHECK(made.graph.affects().dimension() == 1);
    CHECK(row_of(made.graph.embeddings(), c) == std::vector<float>{1, 2, 3});
    CHECK(row_of(made.graph.embeddings(), a) == std::vector<float>{4, 5, 6});
    CHECK(row_of(made.graph.affects(), b) == std::vector<float>{.5F});
}

TEST_CASE("rows and links are given in place", "[graph][columns]") {
    builder g;
    g.nodes(2);
    g.embedding(b, {1, .5}).affect(a, {.25}).links({{a, b, 2}, {b, a}});
    auto const made = built(g);
    CHECK(row_of(made.graph.embeddings(), b) == std::vector<float>{1, .5F});
    CHECK(row_of(made.graph.affects(), a) == std::vector<float>{.25F});
    CHECK(made.graph.link_count() == 2);
}

TEST_CASE("in a filled table a node without a row reads as zeros", "[graph][columns]") {
    float const row[] = {1, 2};
    builder g;
    g.nodes(2);
    g.embedding(b, row);
    g.node(); // behind the last row
    auto const made = built(g);
    CHECK(row_of(made.graph.embeddings(), a) == std::vector<float>{0, 0});
    CHECK(row_of(made.graph.embeddings(), c) == std::vector<float>{0, 0});
    CHECK(made.graph.embeddings().all().size() == 6);
}

TEST_CASE("a table nobody filled is empty", "[graph][columns]") {
    builder g;
    g.nodes(2);
    auto const made = built(g);
    CHECK(made.graph.embeddings().dimension() == 0);
    CHECK(made.graph.embeddings()[a].empty());
    CHECK(made.graph.embeddings().all().empty());
    CHECK(made.graph.embeddings().bytes() == 0);
}

TEST_CASE("of two rows of one node the later counts", "[graph][columns]") {
    float const one[] = {1, 2};
    float const two[] = {3, 4};
    builder g;
    g.node();
    g.embedding(a, one).embedding(a, two);
    CHECK(row_of(built(g).graph.embeddings(), a) == std::vector<float>{3, 4});
}

TEST_CASE("a column that is being filled ends at its last row", "[graph][columns]") {
    float const row[] = {1, 2};
    runnel::float_column column;
    CHECK(column[a].empty());
    column.set(b, row);
    CHECK(row_of(column, a) == std::vector<float>{0, 0});
    CHECK(row_of(column, b) == std::vector<float>{1, 2});
    CHECK(column[c].empty());
    column.pad(3);
    CHECK(row_of(column, c) == std::vector<float>{0, 0});
}

TEST_CASE("who is consolidated, for whom it was said", "[graph][columns]") {
    builder g;
    g.nodes(70);
    g.consolidated(b).consolidated(node_id{65}).consolidated(b);
    g.nodes(70);
    auto const made = built(g);
    for (std::uint32_t n = 0; n < 140; ++n)
        CHECK(made.graph.consolidated(node_id{n}) == (n == 1 || n == 65));
    CHECK(made.graph.bytes() == 6 * 140 + 4 + 3 * 8);
    builder none;
    none.nodes(3);
    CHECK_FALSE(built(none).graph.consolidated(b));
}

TEST_CASE("a node belongs to one group, if nobody said otherwise", "[graph][columns]") {
    builder g;
    g.nodes(2);
    g.groups(b, 7);
    g.node();
    auto const made = built(g);
    CHECK(made.graph.groups(a) == 1);
    CHECK(made.graph.groups(b) == 7);
    CHECK(made.graph.groups(c) == 1);
    CHECK(made.graph.bytes() == 6 * 3 + 4 + 2 * 3);
    builder none;
    none.node();
    CHECK(built(none).graph.groups(a) == 1);
}

TEST_CASE("log-masses are summed by type and scope, those of 0 too", "[graph][columns]") {
    using runnel::log_weight;
    using runnel::node_type;
    using runnel::scope_id;
    builder g;
    g.nodes(2, node_type::task);
    g.node(node_type::goal);
    g.node(node_type::task);
    g.log_mass(a, -1.5).log_mass(c, log_weight::from_log(4).value()).scope(b, scope_id{3});
    g.log_mass(a, -.5); // said twice: the later counts
    auto const made = built(g);
    CHECK(made.graph.has_log_masses());
    CHECK(made.graph.log_mass(a).log() == -.5);
    CHECK(made.graph.log_mass(b).log() == 0);
    CHECK(made.graph.log_mass(c).log() == 4);
    auto const& sums = made.graph.masses();
    CHECK(sums.all().count == 4);
    CHECK(sums.all().mean() == 3.5 / 4);
    CHECK(sums.of(node_type::task).count == 3);
    CHECK(sums.of(node_type::task).mean() == Approx(-.5 / 3));
    CHECK(sums.of(scope_id{3}).count == 1);
    CHECK(sums.of(runnel::node_cohort{node_type::task, scope_id{}}).mean() == -.25);
    CHECK(sums.of(made.graph.cohort_of(b)).count == 1);
    CHECK(made.graph.bytes() == 4 + 4 * (6 + 2 + 4) + sums.bytes());

    builder none;
    none.node();
    auto const bare = built(none);
    CHECK_FALSE(bare.graph.has_log_masses());
    CHECK(bare.graph.log_mass(a) == log_weight{});
    CHECK(bare.graph.masses().all().count == 0);
    CHECK(bare.graph.masses().bytes() == 0);
}

TEST_CASE("rows hand the columns on", "[graph][columns]") {
    builder g;
    g.nodes(2);
    g.consolidated(b).groups(b, 2).log_mass(b, 1).affect(b, {3, 4});
    auto const made = built(g);
    runnel::graph_rows const rows{made.graph, made.store};
    CHECK(rows.consolidated(b));
    CHECK_FALSE(rows.consolidated(a));
    CHECK(rows.groups(b) == 2);
    CHECK(rows.log_mass(b).log() == 1);
    CHECK(&rows.masses() == &made.graph.masses());
    CHECK(rows.cohort_of_target(b) == made.graph.cohort_of(b));
    CHECK(rows.affect(b).size() == 2);
    CHECK(rows.affect(b)[1] == 4);
    runnel::rows_reference<runnel::graph_rows> const held{rows};
    CHECK(held.consolidated(b));
    CHECK(held.groups(b) == 2);
    CHECK(held.log_mass(b).log() == 1);
    CHECK(&held.masses() == &made.graph.masses());
    CHECK(held.cohort_of_target(b) == made.graph.cohort_of(b));
    CHECK(held.affect(b)[0] == 3);
    STATIC_REQUIRE(runnel::has_affect<runnel::graph_rows>);
    builder none;
    none.node();
    auto const bare = built(none);
    CHECK(runnel::graph_rows{bare.graph, bare.store}.affect(a).empty());
}
