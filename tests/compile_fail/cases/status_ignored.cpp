// expect: ignoring return(ed)? value .*nodiscard
#include <runnel/core.hpp>

runnel::status act() { return {}; }

void user() {
#ifdef RUNNEL_CONTROL
    if (!act()) return;
#else
    act();
#endif
}
