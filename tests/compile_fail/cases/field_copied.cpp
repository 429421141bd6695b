// expect: (use of|call to) (deleted|implicitly-deleted) (function|copy constructor)
#include <runnel/engine.hpp>

void user(runnel::field& field) {
#ifdef RUNNEL_CONTROL
    auto other = std::move(field);
#else
    auto other = field;
#endif
}
