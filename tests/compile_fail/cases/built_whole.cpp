// expect: engine: pass the two parts of what was built: make_engine\(built.graph, built.store\)
#include <runnel/engine.hpp>

void user(runnel::graph::built const& built) {
#ifdef RUNNEL_CONTROL
    auto engine = runnel::make_engine(built.graph, built.store, {.alpha = 1});
#else
    auto engine = runnel::make_engine(built, {.alpha = 1});
#endif
}
