// expect: engine: decay comes after commit; write std::move\(staged\).commit\(\) first
#include <runnel/engine.hpp>

void user(runnel::graph::built const& built) {
    auto const engine = runnel::make_engine(built.graph, built.store).value();
    auto field = engine.make_field();
    auto staged = engine.stage(field).value();
#ifdef RUNNEL_CONTROL
    static_cast<void>(std::move(staged).commit().decay());
#else
    static_cast<void>(std::move(staged).decay());
#endif
}
