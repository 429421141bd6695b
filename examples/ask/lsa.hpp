// SPDX-License-Identifier: MIT
// Embeddings without a model: the words of all notes, weighed by how rare they are, along the directions in which notes
// differ most. A note, a phrase and a question are points in the same space.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <unordered_map>
#include <vector>

#include <Eigen/Eigenvalues>
#include <Eigen/QR>
#include <Eigen/SparseCore>

#include <runnel/core/rng.hpp>

#include "bm25.hpp"

namespace ask {

class lsa {
public:
    lsa(bm25 const& index, std::size_t dimension) : rarity_(index.terms()) {
        auto const notes = static_cast<Eigen::Index>(index.notes());
        auto const n = static_cast<double>(index.notes());
        for (term t = 0; t < index.terms(); ++t)
            rarity_[t] = static_cast<float>(std::log(n / static_cast<double>(index.notes_with(t))));
        Eigen::SparseMatrix<float, Eigen::RowMajor> all = weighed(index);
        // The few directions that matter, found by passing a random space through the matrix a few times; what is
        // decomposed in the end is small.
        auto const most = std::min(notes, static_cast<Eigen::Index>(index.terms()));
        auto const kept = std::min<Eigen::Index>(static_cast<Eigen::Index>(dimension), most);
        auto const looked_at = std::min<Eigen::Index>(kept + 16, most);
        Eigen::MatrixXf space = drawn(notes, looked_at);
        for (int pass = 0; pass < 3; ++pass) {
            Eigen::MatrixXf const through = all.transpose() * space;
            space.noalias() = all * through;
            Eigen::HouseholderQR<Eigen::MatrixXf> const qr(space);
            space = qr.householderQ() * Eigen::MatrixXf::Identity(notes, looked_at);
        }
        Eigen::MatrixXf const seen = all.transpose() * space;
        Eigen::SelfAdjointEigenSolver<Eigen::MatrixXf> const solved(seen.transpose() * seen);
        directions_ = seen * solved.eigenvectors().rightCols(kept);
        for (Eigen::Index d = 0; d < kept; ++d) directions_.col(d).normalize();
    }
    [[nodiscard]] std::size_t dimension() const noexcept {
        return static_cast<std::size_t>(directions_.cols());
    }
    /// Of length 1, or of length 0 where no word is known.
    [[nodiscard]] std::vector<float> operator()(std::vector<term> const& words) const {
        std::unordered_map<term, int> times;
        Eigen::RowVectorXf sum = Eigen::RowVectorXf::Zero(directions_.cols());
        for (term const t : words)
            if (t != no_term) ++times[t];
        // In the order of the words, so that sums do not depend on a hash.
        for (term const t : words) {
            if (t == no_term) continue;
            auto const found = times.find(t);
            if (found == times.end()) continue;
            sum += directions_.row(static_cast<Eigen::Index>(t)) * weight(t, found->second);
            times.erase(found);
        }
        float const length = sum.norm();
        if (length > 0) sum /= length;
        return {sum.data(), sum.data() + sum.size()};
    }

private:
    [[nodiscard]] float weight(term t, int times) const {
        return (1 + std::log(static_cast<float>(times))) * rarity_[t];
    }
    [[nodiscard]] Eigen::SparseMatrix<float, Eigen::RowMajor> weighed(bm25 const& index) const {
        std::vector<Eigen::Triplet<float>> entries;
        for (term t = 0; t < index.terms(); ++t)
            for (bm25::occurrence const& o : index.occurrences(t))
                entries.emplace_back(
                    static_cast<int>(o.note), static_cast<int>(t),
                    weight(t, static_cast<int>(o.times)));
        Eigen::SparseMatrix<float, Eigen::RowMajor> all(
            static_cast<Eigen::Index>(index.notes()), static_cast<Eigen::Index>(index.terms()));
        all.setFromTriplets(entries.begin(), entries.end());
        for (Eigen::Index row = 0; row < all.outerSize(); ++row) {
            float const length = all.row(row).norm();
            if (length > 0) all.row(row) /= length;
        }
        return all;
    }
    [[nodiscard]] static Eigen::MatrixXf drawn(Eigen::Index rows, Eigen::Index columns) {
        runnel::counter_rng const draw{{.seed = 5}};
        Eigen::MatrixXf out(rows, columns);
        for (Eigen::Index r = 0; r < rows; ++r)
            for (Eigen::Index c = 0; c < columns; ++c)
                out(r, c) = static_cast<float>(
                    draw.unit(static_cast<std::uint64_t>(r * columns + c)) * 2 - 1);
        return out;
    }

    std::vector<float> rarity_;
    Eigen::MatrixXf directions_; // terms by dimensions
};

} // namespace ask
