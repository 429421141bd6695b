// SPDX-License-Identifier: MIT
// What cost models must keep: ours do, and planted ones that do not are found.
#include <cmath>
#include <cstdint>
#include <limits>
#include <string_view>
#include <utility>

#include <runnel/cost.hpp>
#include <runnel/graph.hpp>

#include "support/catch.hpp"

namespace {

namespace cost = runnel::cost;
using runnel::candidate;
using runnel::log_weight;
using runnel::node_id;

log_weight lw_of(double lw) { return log_weight::from_log(lw).value(); }

double target_of(candidate const& c) { return static_cast<double>(index(c.target)); }

runnel::graph::built some_graph() {
    runnel::graph::builder b;
    for (int i = 0; i < 5; ++i) b.node();
    for (std::uint32_t from = 0; from < 5; ++from)
        for (std::uint32_t to = 0; to < 5; ++to)
            if (from != to)
                b.log_link({node_id{from}, node_id{to}, lw_of(((from + to) % 3) - 1.0)});
    return std::move(b).build().value();
}
struct by_target {
    using weight_monotone = void;
    double operator()(candidate const& c) const { return target_of(c); }
};
struct indifferent {
    using weight_monotone = void;
    double operator()(candidate const&) const { return 1; }
};
template <class Model> std::string_view sentence_of(Model const& model) {
    auto const built = some_graph();
    auto const& [graph, store] = built;
    auto const found = cost::check_laws(model, runnel::graph_rows{graph, store});
    return found ? "none" : found.error().sentence();
}

} // namespace

TEST_CASE("cost by weight keeps the laws, a lambda may", "[cost]") {
    CHECK(sentence_of(cost::by_weight{}) == "none");
    CHECK(sentence_of([](candidate const& c) { return target_of(c); }) == "none");
    CHECK(
        sentence_of([](candidate const&) { return std::numeric_limits<double>::infinity(); })
        == "none"); // never along any link
}

TEST_CASE("the log-additive cost keeps the laws, its bound among them", "[cost]") {
    auto const built = some_graph();
    auto const& [graph, store] = built;
    cost::context const now{graph};
    CHECK(cost::check_laws(cost::log_additive{now}, runnel::graph_rows{graph, store}));
}

TEST_CASE("a cost that is no number is found, and at which source", "[cost]") {
    auto const at_two = [](candidate const& c) {
        return c.source == node_id{2} ? std::nan("") : 0;
    };
    CHECK(sentence_of(at_two) == "a cost must be a number above minus infinity");
    auto const built = some_graph();
    auto const& [graph, store] = built;
    CHECK(cost::check_laws(at_two, runnel::graph_rows{graph, store}).error().position() == 2);
    CHECK(
        sentence_of([](candidate const&) { return -std::numeric_limits<double>::infinity(); })
        == "a cost must be a number above minus infinity");
}

TEST_CASE("a model that says of itself what is not so is found", "[cost]") {
    int calls = 0;
    CHECK(
        sentence_of([&calls](candidate const&) { return ++calls; })
        == "the same link must cost the same each time");
    struct tells_less : cost::by_weight {
        [[nodiscard]] runnel::event::cost_breakdown breakdown(candidate const& c) const {
            auto b = by_weight::breakdown(c);
            b.total += 1;
            return b;
        }
    };
    CHECK(sentence_of(tells_less{}) == "a breakdown's total must be the cost");
    struct proud : cost::by_weight {
        [[nodiscard]] double at_least(node_id, log_weight lw) const { return .5 - lw.log(); }
    };
    CHECK(sentence_of(proud{}) == "at_least must not be above a link's cost");
    struct wavering : cost::by_weight {
        [[nodiscard]] double at_least(node_id, log_weight lw) const { return lw.log() - 9; }
    };
    CHECK(sentence_of(wavering{}) == "at_least must not fall as weights fall");
    CHECK(
        sentence_of(by_target{}) == "a model tagged weight_monotone must order links as -lw does");
    CHECK(
        sentence_of(indifferent{})
        == "a model tagged weight_monotone must order links as -lw does");
}
