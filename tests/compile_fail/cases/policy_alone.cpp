// expect: engine: policies come in a pipeline: runnel::pipeline\{\}\.with_cost
#include <runnel/engine.hpp>

void user(runnel::graph::built const& built) {
    auto const heavy = [](runnel::candidate const& c) { return -c.lw.log(); };
#ifdef RUNNEL_CONTROL
    auto engine = runnel::make_engine(
        built.graph, built.store, {.alpha = 1}, runnel::pipeline{}.with_cost(heavy));
#else
    auto engine = runnel::make_engine(built.graph, built.store, {.alpha = 1}, heavy);
#endif
    static_cast<void>(engine.has_value());
}
