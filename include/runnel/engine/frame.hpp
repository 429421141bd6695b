// SPDX-License-Identifier: MIT
// room: engine. What one frame reports, and what a ranking returns.
//
// Why:  a caller must see what a frame did and why a list is short, without listening to events.
// Laws: `residual` is the recount of all nodes against the books (full report) or of sent against
//       arrived (brief): exactly 0 in fixed point.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include <runnel/core/ids.hpp>

namespace runnel {

/// How much a tick works out for its caller.
enum class report : std::uint8_t {
    brief, ///< what the frame knows anyway
    full   ///< also support, mean degree, and a recount of every touched node
};

struct frame_report {
    std::uint64_t frame = 0; ///< number of this frame, from 0
    double time = 0;         ///< the field's clock at its start, s
    double dt = 0;
    double elapsed = 0;

    double before = 0;      ///< stored at the last frame's end, units
    double injected = 0;    ///< since then
    double transferred = 0; ///< over links
    double decayed = 0;
    double dissipated = 0;
    double flushed = 0;
    double after = 0;
    double residual = 0;

    std::uint64_t active = 0;  ///< nodes above threshold now
    std::uint64_t touched = 0; ///< nodes that received in this frame
    std::uint64_t strides = 0;
    std::uint64_t skipped = 0; ///< transfers not above min_transfer: the energy stayed
    std::uint64_t capped = 0;  ///< sources the transfer cap held back
    std::uint64_t costs_computed = 0;
    std::uint64_t switched_on = 0;
    std::uint64_t switched_off = 0;
    bool out_of_reach =
        false; ///< all the energy together is below every threshold: nothing can send

    std::uint64_t support = 0;        ///< full report: nodes with energy
    double mean_degree_of_active = 0; ///< full report
};

/// What `top` orders by.
enum class rank_by : std::uint8_t {
    received, ///< what strides brought: relevance. Seeds do not rank by what they were given.
    energy    ///< what is there now, decay up to now taken off
};

struct ranked {
    node_id node{};
    double energy = 0;
    double received = 0;
};

/// The best nodes, best first; ties by id.
struct ranking {
    enum class outcome : std::uint8_t {
        complete, ///< as many as asked
        fewer,    ///< fewer nodes have any
        empty     ///< nothing has reached any node yet
    };
    std::vector<ranked> nodes;
    outcome what = outcome::empty;

    [[nodiscard]] auto begin() const noexcept { return nodes.begin(); }
    [[nodiscard]] auto end() const noexcept { return nodes.end(); }
    [[nodiscard]] std::size_t size() const noexcept { return nodes.size(); }
    [[nodiscard]] ranked const& operator[](std::size_t i) const noexcept { return nodes[i]; }
};

} // namespace runnel
