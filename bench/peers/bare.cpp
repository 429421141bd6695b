// SPDX-License-Identifier: MIT
// The jobs as bare loops over arrays.
#include <cmath>

#include "peers/peer.hpp"

namespace peers {

namespace {

/// y[n] = what arrives at n.
void pull(csr const& t, std::vector<double> const& x, std::vector<double>& y) {
    for (std::size_t n = 0; n < t.nodes(); ++n) {
        double sum = 0;
        for (auto i = static_cast<std::size_t>(t.first[n]);
             i < static_cast<std::size_t>(t.first[n + 1]); ++i)
            sum += t.share[i] * x[static_cast<std::size_t>(t.to[i])];
        y[n] = sum;
    }
}

class loops final : public peer {
public:
    explicit loops(graph const& g) : g_(g), y_(g.nodes), pushed_(g.nodes) {}
    std::string name() override { return "bare loop"; }
    void start(std::vector<double> const& x) override { x_ = x; }
    void step() override {
        pull(g_.t, x_, y_);
        x_.swap(y_);
    }
    std::vector<double> state() override { return x_; }
    void seed(std::span<std::uint32_t const> nodes) override {
        for (std::uint32_t const n : touched_) pushed_[n] = 0;
        touched_.clear();
        seeds_ = nodes;
    }
    void push() override {
        for (std::uint32_t const n : seeds_)
            for (auto i = static_cast<std::size_t>(g_.m.first[n]);
                 i < static_cast<std::size_t>(g_.m.first[n + 1]); ++i) {
                auto const to = static_cast<std::uint32_t>(g_.m.to[i]);
                if (pushed_[to] == 0) touched_.push_back(to);
                pushed_[to] += g_.m.share[i] * seed_units;
            }
    }
    std::vector<double> pushed() override { return pushed_; }

private:
    graph const& g_;
    std::vector<double> x_;
    std::vector<double> y_;
    std::span<std::uint32_t const> seeds_;
    std::vector<double> pushed_;
    std::vector<std::uint32_t> touched_;
};

} // namespace

std::unique_ptr<peer> bare(graph const& g) { return std::make_unique<loops>(g); }

bare_strides::bare_strides(graph const& g)
    : heads_(bench::floor::heads(g.list)), records_(g.nodes) {}
void bare_strides::seed(std::span<std::uint32_t const> nodes) {
    for (std::uint32_t const n : active_) records_[n].held = records_[heads_[n].best].held = 0;
    active_.assign(nodes.begin(), nodes.end());
    for (std::uint32_t const n : nodes)
        records_[n].held = static_cast<std::uint64_t>(seed_units) << 40;
}
void bare_strides::frame() {
    bench::floor::apart(heads_, records_, active_, std::uint64_t{1} << 60);
}

std::vector<double> bare_rank(graph const& g, rank_question const& q) {
    // The transpose without its diagonal, scaled back to shares that sum to one.
    std::vector<double> from(g.nodes);
    for (std::uint32_t const n : q.seeds) from[n] += 1 / static_cast<double>(q.seeds.size());
    std::vector<double> x = from;
    std::vector<double> y(g.nodes);
    double change = 1;
    while (change > 1e-10) {
        pull(g.t, x, y);
        change = 0;
        for (std::uint32_t n = 0; n < g.nodes; ++n) {
            // y = .9 x + .1 P'x, so P'x = (y - .9 x) / .1
            double const arrived = (y[n] - (1 - sent) * x[n]) / sent;
            double const next = q.damping * arrived + (1 - q.damping) * from[n];
            change += std::abs(next - x[n]);
            y[n] = next;
        }
        x.swap(y);
    }
    return x;
}

} // namespace peers
