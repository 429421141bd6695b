// expect: event: this sink hears nothing; make it callable with at least one event
#include <runnel/engine.hpp>

struct rumour {};

void user(runnel::graph::built const& built) {
#ifdef RUNNEL_CONTROL
    using heard = runnel::event::stride_exec;
#else
    using heard = rumour;
#endif
    auto engine = runnel::make_engine(
        built.graph, built.store, {}, runnel::pipeline{}.with_sink([](heard const&) {}));
}
