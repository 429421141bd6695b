// expect: event: a temporary sink is called as const and would miss an event here; give the sink a name and pass that
#include <runnel/engine.hpp>
#include <runnel/event.hpp>

void user(runnel::graph::built const& built) {
#ifdef RUNNEL_CONTROL
    runnel::event::counters sink;
    auto const policies = runnel::pipeline{}.with_sink(sink);
#else
    auto const policies = runnel::pipeline{}.with_sink(runnel::event::counters{});
#endif
    auto engine = runnel::make_engine(built.graph, built.store, {}, policies);
}
