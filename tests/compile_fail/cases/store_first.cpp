// expect: engine: the graph comes first: make_engine\(graph, store\)
#include <runnel/engine.hpp>

void user(runnel::graph::built const& built) {
#ifdef RUNNEL_CONTROL
    auto engine = runnel::make_engine(built.graph, built.store, {.alpha = 1}).value();
    runnel::session memory{engine};
#else
    auto engine = runnel::make_engine(built.store, built.graph, {.alpha = 1}).value();
    runnel::session memory{engine};
#endif
}
