// expect: engine: settings come before policies: make_engine
#include <runnel/engine.hpp>

void user(runnel::graph::built const& built) {
    auto const policies =
        runnel::pipeline{}.with_cost([](runnel::candidate const& c) { return -c.lw.log(); });
#ifdef RUNNEL_CONTROL
    auto engine = runnel::make_engine(built.graph, built.store, {}, policies);
#else
    auto engine = runnel::make_engine(built.graph, built.store, policies);
#endif
}
