// expect: engine: the graph must outlive the engine; give it a name and pass that
#include <vector>

#include <runnel/engine.hpp>

struct ring {
    std::vector<runnel::out_link> next;
    std::uint32_t node_count() const { return 1; }
    std::uint32_t degree(runnel::node_id) const { return 1; }
    std::vector<runnel::out_link> const& links(runnel::node_id) const { return next; }
    runnel::node_type type(runnel::node_id) const { return runnel::node_type::other; }
    runnel::version stamp(runnel::node_id) const { return {}; }
    bool ordered(runnel::node_id) const { return true; }
};

void user() {
#ifdef RUNNEL_CONTROL
    ring const rows;
    auto engine = runnel::make_engine(rows);
#else
    auto engine = runnel::make_engine(ring{});
#endif
}
