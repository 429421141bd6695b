// SPDX-License-Identifier: MIT
// The jobs with Eigen: sparse matrix times dense vector, and times sparse vector.
#include <algorithm>

#include <Eigen/SparseCore>

#include "peers/peer.hpp"

namespace peers {

namespace {

using by_row = Eigen::Map<Eigen::SparseMatrix<double, Eigen::RowMajor, std::int32_t> const>;
using by_column = Eigen::Map<Eigen::SparseMatrix<double, Eigen::ColMajor, std::int32_t> const>;
template <class Map> Map seen_as(csr const& a) {
    auto const n = static_cast<Eigen::Index>(a.nodes());
    return Map(
        n, n, static_cast<Eigen::Index>(a.to.size()), a.first.data(), a.to.data(), a.share.data());
}

class products final : public peer {
public:
    // What the rows of M say, column by column, is its transpose; both are the arrays of the bare loop.
    explicit products(graph const& g)
        : rows_(seen_as<by_row>(g.t)), columns_(seen_as<by_column>(g.m)), few_(g.nodes) {}
    std::string name() override { return "Eigen"; }
    void start(std::vector<double> const& x) override {
        x_ = Eigen::Map<Eigen::VectorXd const>(x.data(), static_cast<Eigen::Index>(x.size()));
        y_.resize(x_.size());
    }
    void step() override {
        y_.noalias() = rows_ * x_;
        x_.swap(y_);
    }
    std::vector<double> state() override { return {x_.data(), x_.data() + x_.size()}; }
    void seed(std::span<std::uint32_t const> nodes) override {
        std::vector<std::uint32_t> sorted(nodes.begin(), nodes.end());
        std::sort(sorted.begin(), sorted.end());
        few_.setZero();
        few_.reserve(static_cast<Eigen::Index>(sorted.size()));
        for (std::uint32_t const n : sorted)
            few_.insertBack(static_cast<Eigen::Index>(n)) = seed_units;
    }
    void push() override { arrived_ = columns_ * few_; }
    std::vector<double> pushed() override {
        Eigen::VectorXd const all = arrived_;
        return {all.data(), all.data() + all.size()};
    }

private:
    by_row rows_;
    by_column columns_;
    Eigen::VectorXd x_;
    Eigen::VectorXd y_;
    Eigen::SparseVector<double> few_;
    Eigen::SparseVector<double> arrived_;
};

} // namespace

std::unique_ptr<peer> by_eigen(graph const& g) { return std::make_unique<products>(g); }

} // namespace peers
