// expect: event: this struct is not in event::registry; only registered events can be emitted
#include <runnel/event.hpp>

struct rumour {
    int loudness = 0;
};

void user() {
    auto sink = [](runnel::event::frame_end const&) {};
#ifdef RUNNEL_CONTROL
    using said = runnel::event::frame_end;
#else
    using said = rumour;
#endif
    runnel::event::emit<said>(sink, [] { return said{}; });
}
