// expect: engine: the pool must outlive the engine; give it a name and pass that
#include <runnel/engine.hpp>
#include <runnel/host/thread_pool.hpp>

void user() {
#ifdef RUNNEL_CONTROL
    runnel::host::thread_pool pool{2};
    auto policies = runnel::pipeline{}.with_workers(pool);
#else
    auto policies = runnel::pipeline{}.with_workers(runnel::host::thread_pool{2});
#endif
    static_cast<void>(policies);
}
