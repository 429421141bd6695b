// expect: ignoring return(ed)? value .*nodiscard
#include <runnel/engine.hpp>

void user(runnel::session<runnel::engine<runnel::graph_rows>>& memory) {
#ifdef RUNNEL_CONTROL
    memory.tick().value();
#else
    memory.tick();
#endif
}
