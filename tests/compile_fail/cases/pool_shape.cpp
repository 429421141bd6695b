// expect: engine: workers come in a pool with lanes\(\) and run\(f\)
#include <cstddef>

#include <runnel/engine.hpp>

struct pool {
    std::size_t lanes() { return 2; }
#ifdef RUNNEL_CONTROL
    template <class Work> void run(Work&& work) { work(0), work(1); }
#endif
};

void user() {
    pool mine;
    auto policies = runnel::pipeline{}.with_workers(mine);
    static_cast<void>(policies);
}
