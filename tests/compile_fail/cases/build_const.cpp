// expect: graph: build\(\) uses the builder up; write std::move\(builder\).build\(\)
#include <runnel/graph.hpp>

#ifdef RUNNEL_CONTROL
#    define CONST
#else
#    define CONST const
#endif

void user(runnel::graph::builder CONST& builder) {
    auto const built = std::move(builder).build();
    static_cast<void>(built.has_value());
}
