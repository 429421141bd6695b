// SPDX-License-Identifier: MIT
// Episodes: what they keep, their figures by hand, the gate, what is refused.
#include <cmath>
#include <type_traits>
#include <utility>
#include <vector>

#include <runnel/graph.hpp>
#include <runnel/recall/episode.hpp>

#include "support/allocations.hpp"
#include "support/catch.hpp"

using runnel::node_id;
namespace recall = runnel::recall;

namespace {

node_id node(std::uint32_t n) { return node_id{n}; }

runnel::graph::built ring(std::uint32_t nodes) {
    runnel::graph::builder b;
    (void)b.nodes(nodes);
    for (std::uint32_t n = 0; n < nodes; ++n)
        b.link({node(n), node((n + 1) % nodes), 1}).link({node((n + 1) % nodes), node(n), 1});
    return std::move(b).build().value();
}
recall::spectrum spectrum_of(runnel::graph::built const& g, recall::spectrum_config how = {}) {
    return recall::spectrum::of(runnel::graph_rows{g.graph, g.store}, how).value();
}
recall::features figures(recall::spectrum const& over, std::vector<recall::held> const& pattern) {
    return recall::imprinter{over}.take(pattern).value().figures();
}

} // namespace

TEST_CASE("one link: every figure by hand", "[recall]") {
    runnel::graph::builder b;
    (void)b.nodes(2);
    b.link({node(0), node(1), 2}).link({node(0), node(0), 9}); // the self loop counts nowhere
    auto const g = std::move(b).build().value();
    auto const spectrum = spectrum_of(g);
    CHECK(spectrum.node_count() == 2);
    CHECK(spectrum.degree(node(0)) == Approx(1).epsilon(1e-6)); // half of 2: nothing comes back
    CHECK(spectrum.lambda_max() == Approx(2).epsilon(1e-6));
    auto const even = figures(spectrum, {{node(0), 3}, {node(1), 3}});
    CHECK(even.quality == 1);
    CHECK(even.entropy == 1);
    CHECK(even.participation == 1);
    CHECK(even.energy == 6);
    CHECK(even.support == 2);
    CHECK(even.low > .999);
    auto const lone = figures(spectrum, {{node(1), 3}});
    CHECK(lone.quality == Approx(.5));
    CHECK(lone.entropy == 0);
    CHECK(lone.participation == 1);
    CHECK(lone.low == Approx(.5).margin(.001));
    CHECK(lone.high == Approx(.5).margin(.001));
    auto const third = figures(spectrum, {{node(0), 3}, {node(1), 1}});
    CHECK(third.participation == Approx(.8)); // 16 / (2 * 10)
    CHECK(third.quality == Approx(.8));       // 1 - 4 / (2 * 10)
    CHECK(third.entropy == Approx(.8112781244591328));
}

TEST_CASE("bands tell smooth from rough on a ring", "[recall]") {
    auto const g = ring(32);
    auto const spectrum = spectrum_of(g);
    CHECK(spectrum.lambda_max() == Approx(4).epsilon(1e-6)); // exact: regular and bipartite
    std::vector<recall::held> all, other, slow;
    for (std::uint32_t n = 0; n < 32; ++n) {
        all.push_back({node(n), 1});
        if (n % 2 == 0) other.push_back({node(n), 1});
        slow.push_back({node(n), 1 + std::cos(3.14159265358979 * n / 16)});
    }
    CHECK(figures(spectrum, all).low > .999);
    CHECK(figures(spectrum, slow).low > .999);
    CHECK(
        figures(spectrum, other).low
        == Approx(.5).margin(.001)); // a half stands still, a half jumps
    CHECK(figures(spectrum, other).high == Approx(.5).margin(.001));
    CHECK(figures(spectrum, other).quality == Approx(.5));
    auto const lone =
        figures(spectrum, {{node(5), 1}}); // every frequency alike: a third of the angles each
    CHECK(lone.low == Approx(1.0 / 3).margin(.02));
    CHECK(lone.high == Approx(1.0 / 3).margin(.02));
}

TEST_CASE("the order of the filters counts", "[recall]") {
    auto const g = ring(64);
    auto const figure = [&](std::uint32_t order) {
        return figures(spectrum_of(g, {.order = order}), {{node(0), 1}, {node(1), 1}}).low;
    };
    CHECK(figure(8) != figure(48));
    CHECK(std::abs(figure(200) - figure(400)) < std::abs(figure(8) - figure(400)));
    runnel::graph_rows const rows{g.graph, g.store};
    for (std::uint32_t const bad : {0U, 3U, 1025U})
        CHECK(
            recall::spectrum::of(rows, {.order = bad}).error().is(recall::faults::invalid_config));
}

TEST_CASE("a pattern is kept by node, once each, without zeros", "[recall]") {
    auto const g = ring(8);
    auto const spectrum = spectrum_of(g);
    recall::imprinter imprinter{spectrum};
    recall::held const said[] = {{node(6), 1}, {node(2), .5}, {node(4), 0}, {node(2), .25}};
    auto const made = imprinter.take(said, .25).value();
    REQUIRE(made.pattern().size() == 2);
    CHECK(made.pattern()[0] == recall::held{node(2), .75});
    CHECK(made.pattern()[1] == recall::held{node(6), 1});
    CHECK(made.outcome() == .25);
    CHECK(made.groups().empty());
}

TEST_CASE("energy is told by group", "[recall]") {
    auto const g = ring(8);
    auto const spectrum = spectrum_of(g);
    recall::imprinter imprinter{spectrum};
    recall::held const said[] = {{node(1), 1}, {node(2), 5}, {node(4), 2}, {node(3), 0}};
    enum class parity : std::uint8_t { even, odd };
    auto const made =
        imprinter.take(said, 0, [](node_id n) { return parity(index(n) % 2); }).value();
    REQUIRE(made.groups().size() == 2);
    CHECK(made.groups()[0] == recall::group_share{0, .875});
    CHECK(made.groups()[1] == recall::group_share{1, .125});
}

TEST_CASE("a pattern of no energy has no figures", "[recall]") {
    auto const g = ring(8);
    auto const spectrum = spectrum_of(g);
    recall::imprinter imprinter{spectrum};
    CHECK(imprinter.take({}).value().figures() == recall::features{});
    recall::held const zero[] = {{node(1), 0}};
    CHECK(imprinter.take(zero).value().figures() == recall::features{});
    CHECK(imprinter.take(zero).value().pattern().empty());
}

TEST_CASE("without links everything is smooth", "[recall]") {
    runnel::graph::builder b;
    (void)b.nodes(3);
    auto const g = std::move(b).build().value();
    auto const f = figures(spectrum_of(g), {{node(0), 1}, {node(2), 4}});
    CHECK(f.quality == 1);
    CHECK(f.low == 1);
}

TEST_CASE("a node without links beside others is smooth", "[recall]") {
    runnel::graph::builder b;
    (void)b.nodes(3);
    b.link({node(0), node(1), 1});
    auto const g = std::move(b).build().value();
    auto const f = figures(spectrum_of(g), {{node(2), 4}});
    CHECK(f.quality == 1);
    CHECK(f.low > .999);
}

TEST_CASE("the gate is off, and refuses below its least when on", "[recall]") {
    recall::features smooth{.quality = .75};
    recall::features rough{.quality = .74};
    recall::quality_gate gate;
    CHECK(gate(rough));
    CHECK(gate(recall::features{}));
    gate.on = true;
    CHECK(gate(smooth));
    auto const refused = gate(rough);
    REQUIRE(!refused);
    CHECK(refused.error().is(recall::faults::low_quality));
    CHECK(refused.error().offender() == "0.74");
    CHECK_FALSE(gate(recall::features{})); // a field of zeros is worth nothing
    gate.least = .5;
    CHECK(gate(rough));
    for (double const bad : {-.1, 1.1, std::nan("")})
        CHECK(recall::quality_gate{.least = bad}.validate().error().is(
            recall::faults::invalid_config));
}

TEST_CASE("what is no pattern is refused with its place", "[recall]") {
    auto const g = ring(4);
    auto const spectrum = spectrum_of(g);
    recall::imprinter imprinter{spectrum};
    auto const refused = [&](recall::held bad, runnel::fault_kind kind) {
        recall::held const said[] = {{node(0), 1}, bad};
        auto const made = imprinter.take(said);
        REQUIRE(!made);
        CHECK(made.error().is(kind));
        CHECK(made.error().position() == 1);
    };
    refused({node(4), 1}, runnel::faults::unknown_node);
    refused({runnel::no_node, 1}, runnel::faults::unknown_node);
    refused({node(1), -1}, runnel::faults::energy_negative);
    refused({node(1), std::nan("")}, runnel::faults::energy_not_finite);
    refused({node(1), HUGE_VAL}, runnel::faults::energy_not_finite);
    refused({node(1), 8388608}, runnel::faults::energy_over_limit);
    recall::held const much[] = {{node(0), 8388607}, {node(1), 1}};
    CHECK(imprinter.take(much).error().is(runnel::faults::energy_over_limit));
    recall::held const fine[] = {{node(0), 1}};
    for (double const bad : {-.5, 1.5, std::nan("")})
        CHECK(imprinter.take(fine, bad).error().is(recall::faults::bad_outcome));
    CHECK(imprinter.take(fine));
    STATIC_REQUIRE_FALSE(std::is_constructible_v<recall::imprinter, recall::spectrum>);
}

TEST_CASE("a link beyond the graph is refused", "[recall]") {
    struct {
        runnel::out_link to[1] = {{node(7)}};
        [[nodiscard]] std::uint32_t node_count() const { return 2; }
        [[nodiscard]] std::uint32_t degree(node_id n) const { return index(n) == 1 ? 1 : 0; }
        [[nodiscard]] std::span<runnel::out_link const> links(node_id n) const {
            return {to, index(n)};
        }
        [[nodiscard]] runnel::node_type type(node_id) const { return {}; }
        [[nodiscard]] runnel::version stamp(node_id) const { return {}; }
        [[nodiscard]] bool ordered(node_id) const { return true; }
    } const rows;
    auto const made = recall::spectrum::of(rows);
    REQUIRE(!made);
    CHECK(made.error().is(runnel::faults::unknown_node));
    CHECK(made.error().offender() == "7");
    CHECK(made.error().position() == 1);
}

TEST_CASE("a warm imprinter allocates for the episode alone, and bytes are counted", "[recall]") {
    if (!support::counting()) return;
    auto const g = ring(50);
    auto const before_spectrum = support::allocated().live_bytes;
    auto const spectrum = spectrum_of(g);
    CHECK(support::allocated().live_bytes - before_spectrum == spectrum.bytes());
    recall::held const said[] = {{node(1), 1}, {node(2), 5}, {node(4), 2}};
    auto const cold = support::allocated().live_bytes;
    recall::imprinter imprinter{spectrum};
    (void)imprinter.take(said).value();
    CHECK(support::allocated().live_bytes - cold == imprinter.bytes());
    auto const warm = support::allocated();
    auto const made = imprinter.take(said, 0, [](node_id) { return 0; }).value();
    CHECK(support::allocated().count - warm.count == 2); // its pattern and its groups
    CHECK(support::allocated().live_bytes - warm.live_bytes == made.bytes());
}
