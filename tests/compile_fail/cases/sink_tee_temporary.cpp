// expect: event: a temporary sink in a tee is called as const and would miss an event here
#include <runnel/event.hpp>

#ifdef RUNNEL_CONTROL
#    define KIND
#else
#    define KIND mutable
#endif

void wrong(runnel::event::counters& counted) {
    runnel::event::tee const both{
        counted, [heard = 0](runnel::event::frame_end const&) KIND { static_cast<void>(heard); }};
    both(runnel::event::frame_end{});
}
