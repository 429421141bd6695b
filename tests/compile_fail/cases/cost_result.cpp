// expect: cost: a cost model is callable as double\(runnel::candidate const&\)
#include <string>

#include <runnel/engine.hpp>

void user(runnel::graph::built const& built) {
#ifdef RUNNEL_CONTROL
    auto cost = [](runnel::candidate const&) { return 1.0; };
#else
    auto cost = [](runnel::candidate const&) { return std::string{"cheap"}; };
#endif
    auto engine =
        runnel::make_engine(built.graph, built.store, {}, runnel::pipeline{}.with_cost(cost));
}
