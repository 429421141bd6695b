// expect: graph: this type is not a graph the engine can read; it needs node_count, degree, links
#include <vector>

#include <runnel/engine.hpp>

struct ring {
    std::vector<runnel::out_link> next;
    std::uint32_t node_count() const { return 1; }
    std::uint32_t degree(runnel::node_id) const { return 1; }
    std::vector<runnel::out_link> const& links(runnel::node_id) const { return next; }
    runnel::node_type type(runnel::node_id) const { return runnel::node_type::other; }
    runnel::version stamp(runnel::node_id) const { return {}; }
#ifdef RUNNEL_CONTROL
    bool ordered(runnel::node_id) const { return true; }
#endif
};

void user(ring const& rows) { auto engine = runnel::make_engine(rows); }
