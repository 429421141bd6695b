// SPDX-License-Identifier: MIT
// Every fault of the builder: its kind, its offender, its place.
#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <runnel/graph.hpp>

#include "support/catch.hpp"

using runnel::fault;
using runnel::node_id;
using builder = runnel::graph::builder;
namespace faults = runnel::faults;

namespace {

constexpr node_id a{0};
constexpr node_id b{1};
constexpr double infinity = std::numeric_limits<double>::infinity();

/// The fault `build()` returns; a default one (code "core.none") if it builds.
fault fault_of(builder& from) {
    auto built = std::move(from).build();
    return built ? fault{} : built.error();
}
fault fault_of_link(double weight) {
    builder g;
    g.nodes(2);
    g.link({a, b, weight});
    return fault_of(g);
}
std::string offender(fault const& what) { return std::string(what.offender()); }

} // namespace

TEST_CASE("two nodes of one name are refused; the place is the second node", "[graph][builder]") {
    builder g;
    g.node("Ada");
    g.node("Bob");
    g.node("Ada");
    fault const said = fault_of(g);
    CHECK(said.is(faults::duplicate_name));
    CHECK(said.offender() == "Ada");
    CHECK(said.position() == 2);
}

TEST_CASE("an empty name is refused; the place is the node", "[graph][builder]") {
    builder g;
    g.node("Ada");
    g.node("");
    fault const said = fault_of(g);
    CHECK(said.is(faults::empty_name));
    CHECK(said.offender().empty());
    CHECK(said.position() == 1);
}

TEST_CASE("an empty name is no name to mention either", "[graph][builder]") {
    builder g;
    g.named("");
    CHECK(fault_of(g).is(faults::empty_name));
}

TEST_CASE("a long offending name is cut", "[graph][builder]") {
    std::string const name(500, 'x');
    builder g;
    g.node(name);
    g.node(name);
    fault const said = fault_of(g);
    CHECK(said.is(faults::duplicate_name));
    CHECK(offender(said) == std::string(61, 'x') + "\xE2\x80\xA6");
}

TEST_CASE("a weight that is not finite is refused; the place is the link", "[graph][builder]") {
    for (double const bad : {infinity, -infinity, std::nan("")}) {
        builder g;
        g.nodes(2);
        g.link({a, b, 1}).link({b, a, 2}).link({a, b, bad});
        fault const said = fault_of(g);
        CHECK(said.is(faults::weight_not_finite));
        CHECK(said.position() == 2);
    }
    CHECK(offender(fault_of_link(std::nan(""))) == "nan");
    CHECK(offender(fault_of_link(-infinity)) == "-inf");
}

TEST_CASE("a weight of 0 or below is refused", "[graph][builder]") {
    for (double const bad : {0.0, -0.0, -1.5}) {
        fault const said = fault_of_link(bad);
        CHECK(said.is(faults::weight_not_positive));
        CHECK(said.position() == 0);
    }
    CHECK(offender(fault_of_link(0)) == "0");
    CHECK(offender(fault_of_link(-1.5)) == "-1.5");
}

TEST_CASE("a weight whose logarithm does not fit is refused", "[graph][builder]") {
    for (double const bad :
         {1e56, 1e-56, std::numeric_limits<double>::max(),
          std::numeric_limits<double>::denorm_min()}) {
        fault const said = fault_of_link(bad);
        CHECK(said.is(faults::log_weight_range));
        CHECK(said.position() == 0);
    }
    CHECK(offender(fault_of_link(1e56)) == "1e56");
}

TEST_CASE("a link in bulk is placed by its number among all", "[graph][builder]") {
    builder g;
    g.nodes(2);
    g.link({a, b, 1});
    std::vector<runnel::link_spec> const many{{a, b, 1}, {a, b, 1}, {a, b, -1}, {a, b, -2}};
    g.links(many);
    fault const said = fault_of(g);
    CHECK(said.is(faults::weight_not_positive));
    CHECK(said.offender() == "-1");
    CHECK(said.position() == 3);
}

TEST_CASE("a link from or to an unknown node is refused", "[graph][builder]") {
    for (auto const& bad : {runnel::link_spec{node_id{2}, a}, runnel::link_spec{a, node_id{2}}}) {
        builder g;
        g.nodes(2);
        g.link({a, b, 1}).link(bad);
        fault const said = fault_of(g);
        CHECK(said.is(faults::unknown_node));
        CHECK(said.offender() == "2");
        CHECK(said.position() == 1);
    }
}

TEST_CASE("a link to no node is refused", "[graph][builder]") {
    builder g;
    g.nodes(2);
    g.log_link({a, runnel::no_node});
    fault const said = fault_of(g);
    CHECK(said.is(faults::unknown_node));
    CHECK(said.offender() == "4294967295");
}

TEST_CASE("in an empty graph every end is unknown", "[graph][builder]") {
    builder g;
    g.link({a, a, 1});
    fault const said = fault_of(g);
    CHECK(said.is(faults::unknown_node));
    CHECK(said.offender() == "0");
    CHECK(said.position() == 0);
}

TEST_CASE("both faults of a link count links the same way", "[graph][builder]") {
    builder weight;
    weight.nodes(2);
    weight.drop_zero().link({a, b, 0}).link({a, b, 1}).link({a, b, -1});
    builder ends;
    ends.nodes(2);
    ends.drop_zero().link({a, b, 0}).link({a, b, 1}).link({a, node_id{9}, 1});
    CHECK(fault_of(weight).position() == 2);
    CHECK(fault_of(ends).position() == 2);
}

TEST_CASE("a link of weight 0 and other faults are told in their order", "[graph][builder]") {
    auto const said = [](auto... call) {
        builder g;
        g.nodes(2);
        (call(g), ...);
        return fault_of(g);
    };
    auto const zero = [](builder& g) { g.link({a, b, 0}); };
    auto const negative = [](builder& g) { g.link({a, b, -1}); };
    auto const nowhere = [](builder& g) { g.link({a, node_id{9}, 1}); };
    auto const threshold = [](builder& g) { g.threshold(a, -2); };
    CHECK(offender(said(zero, negative)) == "0");
    CHECK(offender(said(negative, zero)) == "-1");
    CHECK(offender(said(zero, threshold)) == "0");
    CHECK(offender(said(threshold, zero)) == "-2");
    CHECK(said(nowhere, zero).is(faults::unknown_node));
    CHECK(said(zero, nowhere).is(faults::weight_not_positive));
    CHECK(said([](builder& g) { g.link({a, b, 1}).link({a, b, -0.0}); }).position() == 1);
}

TEST_CASE("zeros are left out wherever that is asked for", "[graph][builder]") {
    for (int const when : {0, 1, 2, 3}) {
        builder g;
        g.nodes(2);
        if (when == 0) g.drop_zero();
        g.link({a, b, 0});
        if (when == 1) g.drop_zero();
        g.link({a, b, 1});
        if (when == 2) g.drop_zero();
        g.links({{b, a, -0.0}, {b, a, 2}});
        if (when == 3) g.drop_zero();
        auto const made = std::move(g).build();
        REQUIRE(made.has_value());
        CHECK(made->graph.dropped() == 2);
        CHECK(made->graph.link_count() == 2);
    }
}

TEST_CASE("a node of a name has one type", "[graph][builder]") {
    using runnel::node_type;
    builder g;
    node_id const first = g.named("Ada", node_type::person);
    g.named("Bob");
    CHECK(g.named("Bob", node_type::task) == node_id{1});
    CHECK(g.named("Ada", node_type::goal) == first);
    fault const said = fault_of(g);
    CHECK(said.is(faults::two_types));
    CHECK(said.offender() == "Bob");
    CHECK(said.position() == 1);
    builder same;
    same.named("Ada", node_type::person);
    same.named("Ada", node_type::person);
    same.named("Ada");
    same.node("Cleo", node_type::task);
    same.named("Cleo", node_type::task);
    same.named("Dan");
    same.named("Dan", node_type::other);
    CHECK(fault_of(same).code() == "core.none");
}

TEST_CASE("a link of weight 0 that is left out has ends all the same", "[graph][builder]") {
    builder g;
    g.nodes(2);
    g.drop_zero().link({a, node_id{9}, 0});
    CHECK(fault_of(g).is(faults::unknown_node));
}

TEST_CASE("more nodes than ids are refused without making them", "[graph][builder]") {
    builder g;
    g.node();
    g.nodes(runnel::max_nodes);
    CHECK(g.node_count() == 1);
    fault const said = fault_of(g);
    CHECK(said.is(faults::too_many_nodes));
    CHECK(said.offender() == "4294967294");
    CHECK(said.position() == 1);
}

TEST_CASE("the mark for none is not a node", "[graph][builder]") {
    builder g;
    g.nodes(0xFFFF'FFFFU);
    CHECK(fault_of(g).is(faults::too_many_nodes));
}

TEST_CASE("a threshold must be finite and not negative", "[graph][builder]") {
    for (double const bad : {-.5, infinity, -infinity, std::nan("")}) {
        builder g;
        g.nodes(3);
        g.threshold(node_id{1}, bad);
        fault const said = fault_of(g);
        CHECK(said.is(faults::bad_threshold));
        CHECK(said.position() == 1);
    }
    builder g;
    g.node();
    g.threshold(a, -.5);
    CHECK(offender(fault_of(g)) == "-0.5");
}

TEST_CASE(
    "a log-mass that is no log-weight is refused; the place is the node", "[graph][builder]") {
    for (double const bad : {128.0, -128.5, infinity, std::nan("")}) {
        builder g;
        g.nodes(3);
        g.log_mass(node_id{1}, 127).log_mass(node_id{2}, bad);
        fault const said = fault_of(g);
        CHECK(said.is(
            bad == 128 || bad == -128.5 ? faults::log_weight_range : faults::weight_not_finite));
        CHECK(said.position() == 2);
    }
}

TEST_CASE("a column of an unknown node is refused; the place is the call", "[graph][builder]") {
    float const row[] = {1, 2};
    auto const refuses = [&](auto call) {
        for (std::uint64_t before = 0; before < 3; ++before) {
            builder g;
            g.nodes(7);
            g.scope(a, {}).threshold(a, 1).embedding(a, row).affect(a, row); // one of each
            g.consolidated(a).log_mass(a, .5).groups(a, 2);
            for (std::uint64_t i = 0; i < before; ++i) call(g, b);
            call(g, node_id{9});
            fault const said = fault_of(g);
            CHECK(said.is(faults::unknown_node));
            CHECK(said.offender() == "9");
            CHECK(said.position() == 1 + before);
        }
    };
    refuses([](builder& g, node_id n) { g.scope(n, runnel::scope_id{1}); });
    refuses([](builder& g, node_id n) { g.threshold(n, 1); });
    refuses([&](builder& g, node_id n) { g.embedding(n, row); });
    refuses([&](builder& g, node_id n) { g.affect(n, row); });
    refuses([](builder& g, node_id n) { g.consolidated(n); });
    refuses([](builder& g, node_id n) { g.log_mass(n, .5); });
    refuses([](builder& g, node_id n) { g.log_mass(n, n == b ? .5 : 500); });
    refuses([](builder& g, node_id n) { g.log_mass(n, runnel::log_weight{}); });
    refuses([](builder& g, node_id n) { g.groups(n, 3); });
}

TEST_CASE("a vector of another length is refused: expected, got", "[graph][builder]") {
    float const three[] = {1, 2, 3};
    float const two[] = {1, 2};
    builder embeddings;
    embeddings.nodes(2);
    embeddings.embedding(a, three).embedding(b, two);
    fault const said = fault_of(embeddings);
    CHECK(said.is(faults::dimension_mismatch));
    CHECK(said.offender() == "3, 2");
    CHECK(said.position() == 1);

    builder affects;
    affects.nodes(2);
    affects.affect(b, two).affect(a, three);
    fault const other = fault_of(affects);
    CHECK(other.is(faults::dimension_mismatch));
    CHECK(other.offender() == "2, 3");
    CHECK(other.position() == 0);
}

TEST_CASE("a vector of no numbers is refused", "[graph][builder]") {
    builder g;
    g.node();
    g.embedding(a, {});
    CHECK(fault_of(g).is(faults::dimension_mismatch));
}

TEST_CASE("a vector with a number that is not finite is refused", "[graph][builder]") {
    float const whole[] = {1, 2};
    float const nan[] = {1, std::nanf("")};
    float const inf[] = {-std::numeric_limits<float>::infinity(), 1};
    builder g;
    g.nodes(3);
    g.affect(a, whole).affect(node_id{2}, nan);
    fault const said = fault_of(g);
    CHECK(said.is(faults::bad_vector));
    CHECK(said.offender() == "nan");
    CHECK(said.position() == 2);
    builder other;
    other.node();
    other.embedding(a, inf);
    fault const infinite = fault_of(other);
    CHECK(infinite.is(faults::bad_vector));
    CHECK(infinite.offender() == "-inf");
}

TEST_CASE("the first of several faults is the one reported", "[graph][builder]") {
    builder g;
    g.node("Ada");
    g.threshold(a, -1).link({a, a, -2}).threshold(a, -3);
    g.node("Ada");
    fault const said = fault_of(g);
    CHECK(said.is(faults::bad_threshold));
    CHECK(said.offender() == "-1");
}

TEST_CASE("an unknown end is reported before what is wrong with a later link", "[graph][builder]") {
    builder g;
    g.nodes(2);
    g.link({a, node_id{9}, 1}).link({a, b, -1});
    fault const said = fault_of(g);
    CHECK(said.is(faults::unknown_node));
    CHECK(said.position() == 0);
}

TEST_CASE("after a fault the builder still gives out ids", "[graph][builder]") {
    builder g;
    g.node("Ada");
    g.node("Ada");
    CHECK(g.node("Bob") == node_id{2});
    CHECK(g.nodes(5) == node_id{3});
    CHECK(g.node_count() == 8);
}
