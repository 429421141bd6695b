// SPDX-License-Identifier: MIT
// Where energy goes is a cost: by weight, by a lambda of one's own, by a goal.
#include <array>
#include <utility>

#include <fmt/core.h>

#include <runnel/runnel.hpp>

namespace {

/// One frame from the first node; where its energy went, and why.
template <class Cost> void ask(char const* how, runnel::graph::built const& notes, Cost cost) {
    auto const tell = [&](runnel::event::stride_exec const& stride) {
        fmt::print(
            "{:<12} {:<18} cost {:.3f}, of which for the goal {:.3f}\n", how,
            notes.graph.name(stride.target), stride.score, stride.cost.goal);
    };
    auto const engine =
        runnel::make_engine(
            notes.graph, notes.store, {}, runnel::pipeline{}.with_cost(cost).with_sink(tell))
            .value();
    runnel::session memory{engine};
    memory.inject(runnel::node_id{0}, 1).value();
    memory.tick().value();
}

} // namespace

int main() {
    runnel::graph::builder b;
    auto const ada = b.node("Ada Lovelace");
    auto const engine = b.node("Analytical Engine");
    auto const byron = b.node("Lord Byron");
    b.embedding(engine, {1, 0}).embedding(byron, {0, 1}); // machines, poetry
    b.link({ada, engine, .9}).link({ada, byron, .4, runnel::link_type::remembers});
    auto const notes = std::move(b).build().value();

    ask("by weight", notes, runnel::cost::by_weight{});
    ask("by a lambda", notes, [](runnel::candidate const& c) {
        return -c.lw.log() - (c.type == runnel::link_type::remembers ? 1 : 0);
    });

    runnel::cost::context now{notes.graph};
    runnel::cost::log_additive const towards{now, {.goal = 4}};
    now.goal(std::array{.1F, .9F}).value(); // poetry
    ask("by a goal", notes, towards);
    now.goal(std::array{.9F, .1F}).value(); // machines
    ask("by another", notes, towards);
}
