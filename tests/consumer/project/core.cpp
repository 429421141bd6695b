// A program on runnel::core alone: one link, one frame.
#include <cstdio>
#include <utility>

#include <runnel/engine.hpp>
#include <runnel/graph.hpp>
#include <runnel/version.hpp>

int main() {
    runnel::graph::builder notes;
    auto const from = notes.node("from");
    auto const to = notes.node("to");
    notes.link({.from = from, .to = to, .weight = 1.0});
    auto const built = std::move(notes).build().value();
    auto const engine = runnel::make_engine(built.graph, built.store).value();

    runnel::session memory{engine};
    memory.inject(from, 1.0).value();
    auto const report = memory.tick({.dt = 1.0}).value();
    std::printf(
        "runnel %d.%d.%d moved %g\n", RUNNEL_VERSION_MAJOR, RUNNEL_VERSION_MINOR,
        RUNNEL_VERSION_PATCH, memory.received(to));
    return memory.received(to) > 0 && report.residual == 0 ? 0 : 1;
}
