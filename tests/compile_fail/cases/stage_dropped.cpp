// expect: ignoring return(ed)? value .*nodiscard
#include <runnel/engine.hpp>

void user(runnel::graph::built const& built, runnel::field& field) {
    auto const engine = runnel::make_engine(built.graph, built.store).value();
#ifdef RUNNEL_CONTROL
    auto const staged = engine.stage(field);
#else
    engine.stage(field);
#endif
}
