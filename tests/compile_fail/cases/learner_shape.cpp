// expect: learn: a learning policy is callable as weight::lesson.weight::flow const&. on a const object
#include <runnel/engine.hpp>

void user(runnel::graph::built const& built) {
#ifdef RUNNEL_CONTROL
    auto const teacher = [](runnel::weight::flow const& f) {
        return runnel::weight::lesson{.delta = f.gross};
    };
#else
    auto const teacher = [](runnel::weight::flow const& f) { return f.gross; };
#endif
    auto engine = runnel::make_engine(
        built.graph, built.store, {}, runnel::pipeline{}.with_learning(teacher));
}
