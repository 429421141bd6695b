// expect: engine: the engine must outlive the session; give it a name and pass that
#include <runnel/engine.hpp>

void user(runnel::graph::built const& built) {
#ifdef RUNNEL_CONTROL
    auto const engine = runnel::make_engine(built.graph, built.store).value();
    runnel::session memory{engine};
#else
    runnel::session memory{runnel::make_engine(built.graph, built.store).value()};
#endif
}
