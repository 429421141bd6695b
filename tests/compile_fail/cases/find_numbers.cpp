// expect: (ambiguous|deleted)
#include <runnel/graph.hpp>

runnel::link_id user(runnel::graph const& graph) {
#ifdef RUNNEL_CONTROL
    return graph.find({runnel::node_id{0}, runnel::node_id{1}});
#else
    auto const link = graph.find({0, 1});
    return runnel::link_id{index(link.value())};
#endif
}
