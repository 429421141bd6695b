// SPDX-License-Identifier: MIT
// room: interop. A graph's float columns and rows as Eigen sees them.
//
// Why:  linear algebra belongs to Eigen; the embeddings stay where they are and are mapped, not copied.
// Laws: `map` shares the column's memory and lives as long as the graph. `transition_matrix` holds
//       exp(lw) row-normalised, parallel links added, self loops left out; a node without out-links
//       has an empty row.
#pragma once

#include <vector>

#include <Eigen/Core>
#include <Eigen/SparseCore>

#include <runnel/graph/columns.hpp>
#include <runnel/graph/concepts.hpp>

namespace runnel::interop {

using row_major_floats = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

/// One row per node; no rows where the column was never filled.
[[nodiscard]] inline Eigen::Map<row_major_floats const> map(float_column const& column) noexcept {
    auto const width = static_cast<Eigen::Index>(column.dimension());
    auto const height = width == 0 ? 0 : static_cast<Eigen::Index>(column.all().size()) / width;
    return {column.all().data(), height, width};
}

/// Where a unit of energy goes when it is split by weight: P with P(i, j) = w_ij / sum of row i.
template <weighted_rows Rows>
[[nodiscard]] Eigen::SparseMatrix<double, Eigen::RowMajor> transition_matrix(Rows const& rows) {
    std::vector<Eigen::Triplet<double>> entries;
    for (std::uint32_t n = 0; n < rows.node_count(); ++n) {
        node_id const source{n};
        auto&& links = rows.links(source);
        double sum = 0;
        for (auto at = links.begin(); at != links.end(); ++at) sum += out_link(*at).lw.weight();
        for (auto at = links.begin(); at != links.end(); ++at) {
            out_link const link = *at;
            entries.emplace_back(
                static_cast<int>(n), static_cast<int>(index(link.target)), link.lw.weight() / sum);
        }
    }
    auto const size = static_cast<Eigen::Index>(rows.node_count());
    Eigen::SparseMatrix<double, Eigen::RowMajor> matrix(size, size);
    matrix.setFromTriplets(entries.begin(), entries.end());
    return matrix;
}

} // namespace runnel::interop
