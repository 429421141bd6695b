// expect: engine: the store must outlive the engine; give it a name and pass that
#include <runnel/engine.hpp>

void user(runnel::graph::built& built) {
#ifdef RUNNEL_CONTROL
    auto engine = runnel::make_engine(built.graph, built.store);
#else
    auto engine = runnel::make_engine(built.graph, std::move(built.store));
#endif
}
