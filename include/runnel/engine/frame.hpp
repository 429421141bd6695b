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
#include <runnel/event/records.hpp>

namespace runnel {

/// How much a tick works out for its caller.
enum class report : std::uint8_t {
    brief, ///< what the frame knows anyway
    full   ///< also support, mean degree, and a recount of every touched node
};

/// What `tick` returns is what a sink hears at the frame's end.
using frame_report = event::frame_end;

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
