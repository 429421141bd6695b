// expect: graph: build\(\) uses the builder up; write std::move\(builder\).build\(\)
#include <runnel/graph.hpp>

void user(runnel::graph::builder& builder) {
#ifdef RUNNEL_CONTROL
    auto const [graph, store] = std::move(builder).build().value();
#else
    auto const [graph, store] = builder.build().value();
#endif
}
