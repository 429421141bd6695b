#pragma once
#include <runnel/weight/flow.hpp>
namespace runnel::weight {
struct appraiser {
    void appraise(flow*, std::size_t, std::uint64_t) {}
};
struct pair_flows {
    void add(node_id, node_id, double, std::uint64_t) {}
    double dominance(node_id, node_id, std::uint64_t) { return .5; }
};
} // namespace runnel::weight
