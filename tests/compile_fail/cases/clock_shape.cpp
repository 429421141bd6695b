// expect: recall: a clock is callable as std::uint64_t.. on a const object and tells nanoseconds
#include <runnel/recall.hpp>

void user(runnel::recall::latency_histogram& latencies) {
#ifdef RUNNEL_CONTROL
    auto const clock = [] { return std::uint64_t{5}; };
#else
    auto const clock = [] { return 5.0; };
#endif
    runnel::recall::timed const guard{latencies, clock};
}
