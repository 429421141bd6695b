// expect: engine: a graph and its store make an engine together: make_engine\(graph, store\)
#include <runnel/engine.hpp>

void user(runnel::graph::built const& built) {
#ifdef RUNNEL_CONTROL
    auto engine = runnel::make_engine(built.graph, built.store, {.alpha = 1});
#else
    auto engine = runnel::make_engine(built.graph, {.alpha = 1});
#endif
}
