// expect: event: this sink hears nothing; make it callable with at least one event
#include <runnel/engine.hpp>

void user(runnel::graph::built const& built) {
#ifdef RUNNEL_CONTROL
    auto sink = [](runnel::event::stride_exec const&) {};
#else
    auto sink = [](int) {};
#endif
    auto engine =
        runnel::make_engine(built.graph, built.store, {}, runnel::pipeline{}.with_sink(sink));
}
