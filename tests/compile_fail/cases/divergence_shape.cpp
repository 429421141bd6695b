// expect: engine: a divergence is callable as double.runnel::node_id. on a const object
#include <runnel/engine.hpp>

void user(runnel::graph::built const& built) {
#ifdef RUNNEL_CONTROL
    auto const far = [](runnel::node_id) { return .5; };
#else
    auto const far = [](int) { return .5; };
#endif
    auto engine =
        runnel::make_engine(built.graph, built.store, {}, runnel::pipeline{}.with_divergence(far));
}
