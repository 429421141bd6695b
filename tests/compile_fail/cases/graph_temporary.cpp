// expect: engine: the graph must outlive the engine; give it a name and pass that
#include <runnel/engine.hpp>

void user(runnel::graph::built& built) {
#ifdef RUNNEL_CONTROL
    auto const& topology = built.graph;
    auto engine = runnel::make_engine(topology, built.store);
#else
    auto engine = runnel::make_engine(std::move(built.graph), built.store);
#endif
}
