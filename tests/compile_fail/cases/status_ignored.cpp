// expect: (ignoring return value of function|ignoring returned value of type).*nodiscard
#include <runnel/core.hpp>

runnel::status act() { return {}; }

void user() {
#ifdef RUNNEL_CONTROL
    if (!act()) return;
#else
    act();
#endif
}
