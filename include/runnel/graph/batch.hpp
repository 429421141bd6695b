// SPDX-License-Identifier: MIT
// room: graph. What a frame wants to change about link weights: values, applied later by the owner.
//
// Why:  a frame never writes shared state. It yields a batch; one `store.apply` merges many in the
//       order (field, frame, source, link), because clamped sums do not commute and an order must be
//       somebody's.
// Laws: a rise ends at max(lw, min(lw + delta, high)), a fall at min(lw, max(lw + delta, low)): a
//       clamp never moves a weight against its delta.
#pragma once

#include <cstdint>
#include <limits>
#include <vector>

#include <runnel/core/ids.hpp>
#include <runnel/core/log_weight.hpp>

namespace runnel {

/// One wish: move this link's log-weight by `delta` quanta (2^-24), within [low, high].
struct weight_change {
    node_id source{};
    link_id link{};
    std::int64_t delta = 0;
    log_weight low = log_weight::from_raw(std::numeric_limits<std::int32_t>::min());
    log_weight high = log_weight::from_raw(std::numeric_limits<std::int32_t>::max());
};

/// The wishes of one frame of one field. Links go by their ids in one graph, as it was built: a graph that is built
/// anew gives other ids. Applied twice, wishes come true twice.
struct batch {
    field_key field{};
    std::uint64_t frame = 0;
    std::vector<weight_change> changes;
};

/// An owner's direct setting of one weight.
struct weight_setting {
    link_id link{};
    log_weight lw{};
};

/// The clamp law above, on one weight.
[[nodiscard]] constexpr log_weight moved(log_weight lw, weight_change const& change) noexcept {
    auto const wide = [](log_weight w) { return std::int64_t{w.raw()}; };
    std::int64_t next = wide(lw);
    // Deltas are first cut to what any weight can move, so that the sum cannot overflow.
    constexpr std::int64_t most = std::int64_t{1} << 33;
    std::int64_t const delta =
        change.delta > most ? most : (change.delta < -most ? -most : change.delta);
    if (delta > 0) {
        std::int64_t const aimed =
            next + delta < wide(change.high) ? next + delta : wide(change.high);
        next = aimed > next ? aimed : next;
    } else if (delta < 0) {
        std::int64_t const aimed =
            next + delta > wide(change.low) ? next + delta : wide(change.low);
        next = aimed < next ? aimed : next;
    }
    return log_weight::from_raw(static_cast<std::int32_t>(next));
}

} // namespace runnel
