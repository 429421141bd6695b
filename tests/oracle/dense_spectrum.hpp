// SPDX-License-Identifier: MIT
// A graph's Laplacian as a dense matrix with all its eigenvectors, and figures of a pattern from their definitions.
//
// Why:  the library applies polynomials to what a few hops reach; here every eigenvalue is known and a filter is a
//       function of it.
// Laws: nothing here comes from the library.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

#include <Eigen/Dense>

namespace oracle {

struct weighted_arc {
    std::size_t from = 0;
    std::size_t to = 0;
    double weight = 1;
};

/// The step 1[t < cut] on [-1, 1] as a Chebyshev sum of `order`, with Jackson's damping, at one t.
[[nodiscard]] inline double damped_step(double cut, int order, double t) {
    double const pi = std::acos(-1.0);
    double const edge = std::acos(cut);
    double const angle = std::acos(std::clamp(t, -1.0, 1.0));
    double sum = 1 - edge / pi;
    int const n = order + 2;
    for (int k = 1; k <= order; ++k) {
        double const c = -2 * std::sin(k * edge) / (k * pi);
        double const damping = ((n - k) * std::cos(pi * k / n)
                                + std::sin(pi * k / n) * std::cos(pi / n) / std::sin(pi / n))
                               / n;
        sum += c * damping * std::cos(k * angle);
    }
    return sum;
}

struct three {
    double low = 0;
    double mid = 0;
    double high = 0;
};

class dense_spectrum {
public:
    dense_spectrum(std::size_t nodes, std::vector<weighted_arc> const& arcs) {
        auto const n = static_cast<Eigen::Index>(nodes);
        Eigen::MatrixXd w = Eigen::MatrixXd::Zero(n, n);
        for (auto const& a : arcs)
            if (a.from != a.to)
                w(static_cast<Eigen::Index>(a.from), static_cast<Eigen::Index>(a.to)) += a.weight;
        Eigen::MatrixXd const both = (w + w.transpose()) / 2;
        degrees_ = both.rowwise().sum();
        laplacian_ = -both;
        laplacian_.diagonal() += degrees_;
        solved_.compute(laplacian_);
        for (Eigen::Index i = 0; i < n; ++i) {
            if (!(degrees_[i] > 0)) continue;
            double around = 0;
            for (Eigen::Index j = 0; j < n; ++j) around += both(i, j) * degrees_[j] / degrees_[i];
            bound_ = std::max(bound_, degrees_[i] + around);
        }
    }
    [[nodiscard]] double largest() const {
        return solved_.eigenvalues()[solved_.eigenvalues().size() - 1];
    }
    [[nodiscard]] double bound() const { return bound_; }
    [[nodiscard]] double degree(std::size_t n) const {
        return degrees_[static_cast<Eigen::Index>(n)];
    }
    [[nodiscard]] double quality(Eigen::VectorXd const& x) const {
        return 1 - x.dot(laplacian_ * x) / (bound_ * x.squaredNorm());
    }
    /// Shares by a function of (eigenvalue / bound).
    template <class Low, class High>
    [[nodiscard]] three shares(Eigen::VectorXd const& x, Low const& low, High const& high) const {
        Eigen::VectorXd const along = solved_.eigenvectors().transpose() * x;
        three all;
        for (Eigen::Index i = 0; i < along.size(); ++i) {
            double const energy = along[i] * along[i] / x.squaredNorm();
            double const at = solved_.eigenvalues()[i] / bound_;
            all.low += energy * low(at);
            all.high += energy * high(at);
            all.mid += energy * (1 - low(at) - high(at));
        }
        return all;
    }
    [[nodiscard]] three filtered(Eigen::VectorXd const& x, int order) const {
        return shares(
            x, [&](double at) { return damped_step(-.5, order, 2 * at - 1); },
            [&](double at) { return 1 - damped_step(.5, order, 2 * at - 1); });
    }
    [[nodiscard]] three ideal(Eigen::VectorXd const& x) const {
        return shares(
            x, [](double at) { return at < .25 ? 1 : 0; },
            [](double at) { return at > .75 ? 1 : 0; });
    }
    /// Of x's energy, how much lies within `width` of a cut, as a share of lambda_max.
    [[nodiscard]] double near_cuts(Eigen::VectorXd const& x, double width) const {
        auto const is_near = [&](double at) {
            return std::abs(at - .25) < width || std::abs(at - .75) < width ? 1 : 0;
        };
        return shares(x, is_near, [](double) { return 0; }).low;
    }

private:
    Eigen::MatrixXd laplacian_;
    Eigen::VectorXd degrees_;
    Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solved_;
    double bound_ = 0;
};

} // namespace oracle
