// expect: engine: the engine must outlive the session; give it a name and pass that
#include <runnel/engine.hpp>

void user(runnel::graph::built const& built) {
    auto engine = runnel::make_engine(built.graph, built.store).value();
#ifdef RUNNEL_CONTROL
    runnel::session memory{engine};
#else
    runnel::session memory{std::move(engine)};
#endif
}
