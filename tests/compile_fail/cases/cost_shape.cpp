// expect: cost: a cost model is callable as double\(runnel::candidate const&\)
#include <runnel/engine.hpp>

void user(runnel::graph::built const& built) {
#ifdef RUNNEL_CONTROL
    auto cost = [](runnel::candidate const& c) { return -c.lw.log(); };
#else
    auto cost = [](runnel::node_id, runnel::node_id) { return 1.0; };
#endif
    auto engine =
        runnel::make_engine(built.graph, built.store, {}, runnel::pipeline{}.with_cost(cost));
}
