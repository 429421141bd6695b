// SPDX-License-Identifier: MIT
// What Eigen and fmt see of a graph, an id, an energy, a fault.
#include <utility>

#include <runnel/graph.hpp>
#include <runnel/interop/eigen.hpp>
#include <runnel/interop/fmt.hpp>

#include "support/catch.hpp"

namespace {

runnel::graph::built small_graph() {
    runnel::graph::builder b;
    auto const x = b.nodes(3);
    runnel::node_id const y{1};
    runnel::node_id const z{2};
    float const row[] = {1, 2};
    b.embedding(y, row);
    b.link({x, y, 3}).link({x, z, .5}).link({x, z, .5}).link({x, x, 7}).link({y, x, 2});
    return std::move(b).build().value();
}

} // namespace

TEST_CASE("a column is mapped, not copied", "[interop]") {
    auto const g = small_graph();
    auto const m = runnel::interop::map(g.graph.embeddings());
    REQUIRE(m.rows() == 3);
    REQUIRE(m.cols() == 2);
    CHECK(m.data() == g.graph.embeddings().all().data());
    CHECK(m(1, 1) == 2.F);
    CHECK(m(0, 0) == 0.F);
}

TEST_CASE("a column nobody filled maps to nothing", "[interop]") {
    auto const g = small_graph();
    CHECK(runnel::interop::map(g.graph.affects()).rows() == 0);
}

TEST_CASE(
    "the transition matrix splits by weight, parallel links added, self loops left out",
    "[interop]") {
    auto const g = small_graph();
    auto const p = runnel::interop::transition_matrix(runnel::graph_rows{g.graph, g.store});
    CHECK(p.coeff(0, 1) == Approx(.75).epsilon(1e-6));
    CHECK(p.coeff(0, 2) == Approx(.25).epsilon(1e-6));
    CHECK(p.coeff(0, 0) == 0);
    CHECK(p.coeff(1, 0) == 1);
    CHECK(p.row(2).sum() == 0);
}

TEST_CASE("ids, energies, log-weights and faults print", "[interop]") {
    CHECK(fmt::format("{} {:>3}", runnel::node_id{7}, runnel::link_id{9}) == "7   9");
    CHECK(fmt::format("{:.2f}", runnel::energy::from_units(1.5).value()) == "1.50");
    CHECK(fmt::format("{}", runnel::log_weight::from_log(-.5).value()) == "-0.5");
    runnel::fault const f{runnel::faults::unknown_node, 17, 3};
    CHECK(
        fmt::format("{}", f)
        == "graph.unknown_node: no node of this graph has this id: '17' (at index 3)");
}
