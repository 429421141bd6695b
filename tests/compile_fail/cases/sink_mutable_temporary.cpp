// expect: event: a temporary sink is called as const and would miss an event here
#include <runnel/engine.hpp>

#ifdef RUNNEL_CONTROL
#    define KIND
#else
#    define KIND mutable
#endif

void wrong(runnel::graph const& graph, runnel::graph::store const& store) {
    auto const policies = runnel::pipeline{}.with_sink([heard = 0](runnel::event::frame_end const&)
                                                           KIND { static_cast<void>(heard); });
    static_cast<void>(runnel::make_engine(graph, store, {}, policies));
}
