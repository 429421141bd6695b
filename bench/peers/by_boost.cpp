// SPDX-License-Identifier: MIT
// The step as a loop over Boost's compressed_sparse_row_graph. It has no product of its own.
#include <utility>

#include <boost/graph/compressed_sparse_row_graph.hpp>

#include "peers/peer.hpp"

namespace peers {

namespace {

struct share_of {
    double share = 0;
};
using rows = boost::compressed_sparse_row_graph<
    boost::directedS, boost::no_property, share_of, boost::no_property, std::uint32_t,
    std::uint32_t>;

class loops final : public peer {
public:
    explicit loops(graph const& g) : y_(g.nodes) {
        std::vector<std::pair<std::uint32_t, std::uint32_t>> pairs;
        std::vector<share_of> shares;
        pairs.reserve(g.t.to.size());
        shares.reserve(g.t.to.size());
        for (std::uint32_t n = 0; n < g.nodes; ++n)
            for (auto i = static_cast<std::size_t>(g.t.first[n]);
                 i < static_cast<std::size_t>(g.t.first[n + 1]); ++i) {
                pairs.emplace_back(n, static_cast<std::uint32_t>(g.t.to[i]));
                shares.push_back({g.t.share[i]});
            }
        rows_ = rows(boost::edges_are_sorted, pairs.begin(), pairs.end(), shares.begin(), g.nodes);
    }
    std::string name() override { return "Boost.Graph"; }
    void start(std::vector<double> const& x) override { x_ = x; }
    void step() override {
        for (auto [n, end] = vertices(rows_); n != end; ++n) {
            double sum = 0;
            for (auto [e, last] = out_edges(*n, rows_); e != last; ++e)
                sum += rows_[*e].share * x_[target(*e, rows_)];
            y_[*n] = sum;
        }
        x_.swap(y_);
    }
    std::vector<double> state() override { return x_; }
    bool pushes() override { return false; }

private:
    rows rows_;
    std::vector<double> x_;
    std::vector<double> y_;
};

} // namespace

std::unique_ptr<peer> by_boost(graph const& g) { return std::make_unique<loops>(g); }

} // namespace peers
