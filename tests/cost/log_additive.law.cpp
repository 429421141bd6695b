// SPDX-License-Identifier: MIT
// No cost is below its bound, whatever matters right now; and what does not matter changes no bit.
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include <runnel/cost.hpp>
#include <runnel/graph.hpp>

#include "support/catch.hpp"
#include "support/law.hpp"

namespace {

namespace cost = runnel::cost;
using runnel::candidate;
using runnel::log_weight;
using runnel::node_id;
using runnel::scope_id;

constexpr std::uint32_t nodes = 12;
node_id id_of(std::size_t n) { return node_id{static_cast<std::uint32_t>(n)}; }

std::vector<float> any_vector(law::gen& g) {
    std::vector<float> v(2);
    for (float& x : v) x = static_cast<float>(g.real(-1.5, 1.5, "x"));
    return v;
}
/// A few nodes in four scopes, most of them with vectors, all linked to the first.
runnel::graph::built any_graph(law::gen& g) {
    runnel::graph::builder b;
    b.nodes(nodes);
    for (std::size_t n = 0; n < nodes; ++n) {
        b.scope(id_of(n), scope_id{static_cast<std::uint16_t>(g.choose(3))});
        if (n == 0 || g.choose(4) != 0) b.embedding(id_of(n), any_vector(g));
        if (n == 0 || g.choose(4) != 0) b.affect(id_of(n), any_vector(g));
        for (std::size_t many = g.choose(3); many > 0; --many) b.link({node_id{0}, id_of(n)});
    }
    return std::move(b).build().value();
}
void set_anything(law::gen& g, cost::context& now) {
    now.count_links();
    if (g.flag("aimed")) now.goal(any_vector(g)).value();
    if (g.flag("moody")) now.affect(any_vector(g)).value();
    if (g.flag("overlaid")) {
        std::vector<double> of_groups(g.choose(5));
        for (double& x : of_groups) x = g.one_of({0.0, 2.0, -2.0, g.real(-2, 2)}, "overlay");
        now.overlay(of_groups).value();
    }
    if (g.flag("coloured"))
        for (std::size_t n = g.choose(nodes - 1); n > 0; --n)
            now.colour(id_of(n), {g.real(0, 1, "share"), g.one_of({1.0, .5})});
}
cost::config any_cost(law::gen& g) {
    return {
        .form = g.one_of(
            {cost::form::log_additive, cost::form::multiplicative, cost::form::reciprocal}),
        .goal = g.one_of({1.0, 4.0, 0.0}, "goal"),
        .novelty = g.one_of({0.0, .5, 3.0}, "novelty"),
        .hub = g.one_of({0.0, .5}, "hub"),
        .resonance = g.real(0, 2, "resonance"),
        .complementarity = g.real(0, 2, "complementarity"),
        .complementarity_gate = g.real(0, 2, "gate")};
}

} // namespace

TEST_CASE("no cost is below its bound, and the bound does not fall with weight", "[cost][law]") {
    law::for_all(4'000, [](law::gen& g) {
        auto const built = any_graph(g);
        cost::context now{built.graph};
        set_anything(g, now);
        auto const model = cost::log_additive::of(now, any_cost(g)).value();
        double const size = g.one_of({1e-6, 1.0, 10.0});
        double least_before = -INFINITY;
        double lw = size;
        for (std::size_t n = 0; n < nodes; ++n) {
            auto const weight = log_weight::from_log(lw).value();
            candidate const c{node_id{0}, id_of(n), weight, {}, {}, g.real(0, 1, "familiarity")};
            double const least = model.at_least(node_id{0}, weight);
            g.show("cost", model(c));
            g.show("bound", least);
            g.holds(least <= model(c), "the bound is below the cost");
            g.holds(least >= least_before, "lighter links are bounded no lower");
            least_before = least;
            lw -= g.one_of({0.0, size, size / 8});
        }
    });
}

TEST_CASE("the bound is reached: a looser one would read more than it must", "[cost]") {
    runnel::graph::builder b;
    b.nodes(3);
    b.scope(node_id{1}, scope_id{1}).link({node_id{0}, node_id{1}}).link({node_id{0}, node_id{2}});
    auto const built = std::move(b).build().value();
    cost::context now{built.graph};
    cost::log_additive const model{now, {.novelty = 3}};
    auto const lw = log_weight::from_log(.25).value();
    CHECK(model.at_least(node_id{0}, lw) == -.25);
    now.overlay(std::vector<double>{0, 1.5}).value();
    CHECK(model.at_least(node_id{0}, lw) == -1.75);
    CHECK(model({node_id{0}, node_id{1}, lw, {}, {}}) == -1.75);
    // Where every group in the table loses, one that is not in it may still lead the row.
    now.overlay(std::vector<double>{-1, -2}).value();
    CHECK(model.at_least(node_id{0}, lw) == -.25);
}

TEST_CASE("an overlay is a change of the log-weight, in every form", "[cost][law]") {
    law::for_all(4'000, [](law::gen& g) {
        auto const built = any_graph(g);
        cost::context plain{built.graph};
        plain.count_links();
        cost::context overlaid{built.graph};
        overlaid.count_links();
        auto const goal = any_vector(g);
        auto const mood = any_vector(g);
        if (g.flag()) plain.goal(goal).value(), overlaid.goal(goal).value();
        if (g.flag()) plain.affect(mood).value(), overlaid.affect(mood).value();
        std::vector<double> of_groups(1 + g.choose(3));
        // Eighths: adding them to a log-weight loses nothing.
        for (double& x : of_groups) x = g.integer(-16, 16, "overlay, eighths") / 8.0;
        overlaid.overlay(of_groups).value();
        auto const settings = any_cost(g);
        cost::log_additive const a{plain, settings};
        cost::log_additive const b{overlaid, settings};
        for (std::size_t n = 0; n < nodes; ++n) {
            double const lw = g.integer(-2048, 2048, "lw, thousandth parts") / 1024.0;
            std::size_t const group = runnel::index(built.graph.scope(id_of(n)));
            double const added = group < of_groups.size() ? of_groups[group] : 0;
            double const familiarity = g.real(0, 1);
            candidate const lighter{node_id{0}, id_of(n), log_weight::from_log(lw).value(),
                                    {},         {},       familiarity};
            candidate heavier = lighter;
            heavier.lw = log_weight::from_log(lw + added).value();
            auto const told = b.breakdown(lighter);
            g.holds(told.total == a(heavier), "as if the link weighed more");
            g.holds(told.overlay == added, "and the breakdown says why");
            g.holds(told.base == -(lw + added), "base is of the sum");
        }
    });
}

TEST_CASE("what is off changes no bit", "[cost][law]") {
    law::for_all(2'000, [](law::gen& g) {
        auto const built = any_graph(g);
        cost::context now{built.graph};
        set_anything(g, now);
        now.overlay({}).value();
        auto settings = any_cost(g);
        settings.novelty = 0;
        cost::log_additive const model{now, settings};
        auto const lw = log_weight::from_log(g.real(-3, 3, "lw")).value();
        candidate const fresh{node_id{0}, id_of(g.choose(nodes - 1)), lw, {}, {}};
        candidate known = fresh;
        known.familiarity = g.real(0, 1, "familiarity");
        g.holds(model(fresh) == model(known), "no novelty, no familiarity");
        g.holds(!model.asks_familiarity(), "and none is asked for");
        now.overlay(std::vector<double>{0, 0, 0, 0}).value();
        g.holds(model(fresh) == model(known), "an overlay of nothing");
        g.holds(model.at_least(node_id{0}, lw) <= model(fresh), "bounded the same");
    });
}
