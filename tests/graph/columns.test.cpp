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
