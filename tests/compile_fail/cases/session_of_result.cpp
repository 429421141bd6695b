// expect: engine: a session is made on an engine; make_engine returns a result
#include <runnel/engine.hpp>

void wrong(runnel::graph const& graph, runnel::graph::store const& store) {
    auto const made = runnel::make_engine(graph, store);
#ifdef RUNNEL_CONTROL
    runnel::session const s{made.value()};
#else
    runnel::session const s{made};
#endif
    static_cast<void>(s);
}
