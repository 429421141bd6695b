// SPDX-License-Identifier: MIT
// room: recall. What a search answers: entries, how similar they are, and how the answer was found.
//
// Why:  an approximate answer that does not say so is taken for an exact one; a list that ends early
//       without a reason is taken for all there is.
// Laws: hits come by (similarity descending, entry ascending): one order for every index. Similarity is
//       larger for nearer things under every metric: the cosine, the inner product, or the squared
//       distance below 0. `absolute` lies in [0, 1] and keeps the order.
#pragma once

#include <cstddef>
#include <cstdint>

#include <runnel/core/math.hpp>
#include <runnel/core/versions.hpp>

namespace runnel::recall {

struct entry_tag;
/// One remembered thing: its slot, and which of the slot's tenants it is.
using entry_id = handle<entry_tag>;

enum class metric : std::uint8_t { cosine, inner_product, l2 };

struct hit {
    entry_id entry;
    float similarity = 0;
    friend constexpr bool operator==(hit const&, hit const&) noexcept = default;
};

/// The order of all results: nearest first, then the lower entry.
[[nodiscard]] constexpr bool before(hit const& a, hit const& b) noexcept {
    return a.similarity != b.similarity ? a.similarity > b.similarity : a.entry < b.entry;
}

/// Which way a search took.
enum class searched : std::uint8_t { nothing, scan, walk };

/// How far an answer may be trusted.
struct search_info {
    searched by = searched::nothing;
    bool exact = true;      ///< no nearer entry exists than those returned
    bool truncated = false; ///< fewer than k, though more entries were there and allowed
    bool cached = false;
    bool damaged = false;       ///< the index failed its check: the rows were scanned instead
    std::uint32_t compared = 0; ///< vectors looked at, codes not counted
    friend constexpr bool operator==(search_info const&, search_info const&) noexcept = default;
};

/// A similarity on the scale [0, 1], so that it can be weighed against other figures.
[[nodiscard]] constexpr double absolute(metric by, double similarity) noexcept {
    switch (by) {
    case metric::cosine: return math::clip((similarity + 1) / 2, 0, 1);
    case metric::l2: return 1 / (1 - (similarity < 0 ? similarity : 0));
    case metric::inner_product: break;
    }
    double const size = similarity < 0 ? -similarity : similarity;
    return (similarity / (1 + size) + 1) / 2;
}

} // namespace runnel::recall
