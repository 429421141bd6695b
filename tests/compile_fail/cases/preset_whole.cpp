// expect: engine: a preset has settings of two rooms: pass preset.engine here, and preset.cost to the cost model
#include <runnel/engine.hpp>

void user(runnel::graph::built const& built) {
    auto const p = runnel::presets::associate();
#ifdef RUNNEL_CONTROL
    auto engine = runnel::make_engine(built.graph, built.store, p.engine);
#else
    auto engine = runnel::make_engine(built.graph, built.store, p);
#endif
}
