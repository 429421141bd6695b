// SPDX-License-Identifier: MIT
// room: graph. Links of one row that weigh the same.
//
// Why:  "the k heaviest" must not depend on how a row is cut into link types, and equals are drawn by
//       number: a run says how many there are and gives any of them.
// Laws: within a run links stand in row order.
// Cost: [i] is O(types of the row); in a tall row O(blocks / 64 + 64) more.
#pragma once

#include <cstddef>
#include <cstdint>

#include <runnel/core/array.hpp>
#include <runnel/core/expects.hpp>
#include <runnel/graph/concepts.hpp>
#include <runnel/graph/rows.hpp>

namespace runnel {

namespace detail {
/// Where a run lies in the stretch of one link type.
struct run_stretch {
    std::uint32_t at = 0;
    std::uint32_t end = 0;   // of the stretch
    std::uint32_t equal = 0; // how many of the run are here
    std::uint32_t first = 0; // of the stretch
    link_type type = link_type::relates;
    stretch_rows rows;

    [[nodiscard]] row_entry const& operator[](std::uint32_t i) const noexcept {
        return rows[at - first + i];
    }
};
} // namespace detail

/// What a walk over a row's runs remembers; kept by the caller, so that the next walk allocates nothing.
using run_scratch = detail::array<detail::run_stretch>;

class equal_links {
public:
    explicit equal_links(detail::run_stretch const* stretches) noexcept : stretches_(stretches) {}

    [[nodiscard]] std::uint32_t count() const noexcept { return count_; }
    /// The i-th of them.
    [[nodiscard]] out_link operator[](std::uint32_t i) const noexcept {
        RUNNEL_EXPECTS(i < count_, "graph: asked for an equal link beyond the run");
        detail::run_stretch const* in = stretches_;
        while (i >= in->equal) i -= in++->equal;
        return {(*in)[i].target, lw_, row_place{in->at + i}, in->type};
    }
    void holds(std::uint32_t count, log_weight lw) noexcept {
        count_ = count;
        lw_ = lw;
    }

private:
    detail::run_stretch const* stretches_;
    std::uint32_t count_ = 0;
    log_weight lw_{};
};

/// A row that lies in one piece, weights falling, as it was written; `entries` is null for any other.
struct whole_row {
    row_entry const* entries = nullptr;
    std::uint32_t degree = 0;
    std::uint32_t first = 0; // its first place
    link_type type = link_type::relates;
};
template <class Rows>
concept has_whole_rows = requires(Rows const& rows, node_id node) {
    { rows.whole_row(node) } -> std::same_as<whole_row>;
    { rows.forgot() } -> std::convertible_to<bool>;
};

template <class Rows>
concept has_runs = requires(Rows const& rows, node_id node, run_scratch& scratch) {
    rows.each_run(node, scratch, [](equal_links const&) { return true; });
};

} // namespace runnel
