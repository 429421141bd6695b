// SPDX-License-Identifier: MIT
// What every library here is asked to do, so that all do the same.
//
// The job: y = M'x, where M has .9 on its diagonal and shares .1 of each row among its links in proportion to their
// weights: a step of diffusion. Once with all of x, step after step; once with an x of few nodes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <runnel/engine.hpp>

#include "support/floor.hpp"
#include "support/graphs.hpp"

namespace peers {

inline constexpr double sent = .1; // of what a node holds, per step

/// A matrix by rows, columns rising within a row.
struct csr {
    std::vector<std::int32_t> first; // nodes + 1
    std::vector<std::int32_t> to;
    std::vector<double> share;
    [[nodiscard]] std::size_t nodes() const { return first.size() - 1; }
};

/// One graph in all forms; the shares are worked out from the weights as the library stores them.
struct graph {
    explicit graph(int scale);
    std::size_t links = 0;
    std::uint32_t nodes = 0;
    csr m;                            // rows: who sends
    csr t;                            // its transpose: who receives
    bench::link_list list;            // with weights as stored
    std::vector<std::uint32_t> seeds; // nodes with links, in random order
    std::optional<runnel::graph::built> built;
};

class peer {
public:
    peer() = default;
    peer(peer const&) = delete;
    peer& operator=(peer const&) = delete;
    virtual ~peer() = default;
    virtual std::string name() = 0;
    // All of x.
    virtual void start(std::vector<double> const& x) = 0;
    virtual void step() = 0;
    virtual std::vector<double> state() = 0;
    // An x of some nodes, 10 each.
    virtual bool pushes() { return true; }
    virtual void seed(std::span<std::uint32_t const>) {}
    virtual void push() {}
    virtual std::vector<double> pushed() { return {}; }
};
inline constexpr double seed_units = 10;

std::unique_ptr<peer> bare(graph const& g);
std::unique_ptr<peer> ours(graph const& g);
std::unique_ptr<peer> by_eigen(graph const& g);
std::unique_ptr<peer> by_graphblas(graph const& g);
std::unique_ptr<peer> by_boost(graph const& g);

/// A frame of strides, one link each: not the same job.
class strides {
public:
    explicit strides(graph const& g);
    void seed(std::span<std::uint32_t const> nodes);
    void frame();
    [[nodiscard]] std::uint64_t links() const { return links_; } // used by the last frame

private:
    runnel::engine<runnel::graph_rows> engine_;
    runnel::field field_;
    std::vector<runnel::stimulus> stimuli_;
    std::uint64_t links_ = 0;
};
/// The same by a loop over arrays.
class bare_strides {
public:
    explicit bare_strides(graph const& g);
    void seed(std::span<std::uint32_t const> nodes);
    void frame();

private:
    std::vector<bench::floor::row_head> heads_;
    std::vector<bench::floor::energy_record> records_;
    std::vector<std::uint32_t> active_;
};

struct rank_question {
    std::vector<std::uint32_t> seeds;
    double damping = .85;
};
/// By power iteration until the sum of all changes is below 1e-10.
std::vector<double> bare_rank(graph const& g, rank_question const& q);
/// igraph's personalized PageRank; the graph is copied once.
class igraph_rank {
public:
    explicit igraph_rank(graph const& g);
    ~igraph_rank();
    igraph_rank(igraph_rank const&) = delete;
    igraph_rank& operator=(igraph_rank const&) = delete;
    std::vector<double> operator()(rank_question const& q);

private:
    struct copy;
    std::unique_ptr<copy> copy_;
};

} // namespace peers
