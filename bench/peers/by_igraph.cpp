// SPDX-License-Identifier: MIT
// Personalized PageRank of igraph, by PRPACK, its default.
#include <igraph.h>

#include "peers/peer.hpp"

namespace peers {

struct igraph_rank::copy {
    igraph_t of{};
    igraph_vector_t weights{};
    std::size_t nodes = 0;
};

igraph_rank::igraph_rank(graph const& g) : copy_(std::make_unique<copy>()) {
    auto const links = static_cast<igraph_integer_t>(g.links);
    igraph_vector_int_t ends;
    igraph_vector_int_init(&ends, 2 * links);
    igraph_vector_init(&copy_->weights, links);
    for (igraph_integer_t i = 0; i < links; ++i) {
        bench::link const& l = g.list.links[static_cast<std::size_t>(i)];
        VECTOR(ends)[2 * i] = l.from;
        VECTOR(ends)[2 * i + 1] = l.to;
        VECTOR(copy_->weights)[i] = l.weight;
    }
    igraph_create(&copy_->of, &ends, g.nodes, IGRAPH_DIRECTED);
    igraph_vector_int_destroy(&ends);
    copy_->nodes = g.nodes;
}
igraph_rank::~igraph_rank() {
    igraph_vector_destroy(&copy_->weights);
    igraph_destroy(&copy_->of);
}
std::vector<double> igraph_rank::operator()(rank_question const& q) {
    igraph_vector_t reset;
    igraph_vector_t found;
    igraph_vector_init(&reset, static_cast<igraph_integer_t>(copy_->nodes));
    igraph_vector_init(&found, 0);
    for (std::uint32_t const n : q.seeds) VECTOR(reset)[n] = 1;
    igraph_personalized_pagerank(
        &copy_->of, IGRAPH_PAGERANK_ALGO_PRPACK, &found, nullptr, igraph_vss_all(), IGRAPH_DIRECTED,
        q.damping, &reset, &copy_->weights, nullptr);
    std::vector<double> x(copy_->nodes);
    for (std::size_t n = 0; n < copy_->nodes; ++n)
        x[n] = VECTOR(found)[static_cast<igraph_integer_t>(n)];
    igraph_vector_destroy(&reset);
    igraph_vector_destroy(&found);
    return x;
}

} // namespace peers
