// expect: engine: the field is gone with its session at the end of this line; give the session
#include <runnel/engine.hpp>

void user(runnel::graph::built const& built) {
    auto const engine = runnel::make_engine(built.graph, built.store).value();
#ifdef RUNNEL_CONTROL
    runnel::session memory{engine};
    auto& field = memory.field();
#else
    auto& field = runnel::session{engine}.field();
#endif
    static_cast<void>(field);
}
