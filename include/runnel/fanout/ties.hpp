// SPDX-License-Identifier: MIT
// room: fanout. Choosing among links that weigh the same (D-T).
//
// Why:  real graphs are full of equal weights. "Lowest id wins" is stable and ruinous: most of the
//       graph is never reached. A draw keyed by (seed, frame, source) reaches all of it over frames
//       and is still the same on every run, thread and machine.
// Laws: sampled and fixed are uniform over the ties; by_id takes the first in row order. `sampled`
//       depends on the frame, `fixed` does not.
// Cost: O(1).
#pragma once

#include <cstdint>

#include <runnel/core/ids.hpp>
#include <runnel/core/rng.hpp>

namespace runnel::fanout {

enum class ties : std::uint8_t { sampled, fixed, by_id };

/// Which of `count` equals a source takes; count > 0.
struct tie_key {
    std::uint64_t seed = 0;
    std::uint64_t frame = 0;
    node_id source{};
};
[[nodiscard]] constexpr std::uint32_t pick_tie(
    ties rule, tie_key key, std::uint32_t count) noexcept {
    if (rule == ties::by_id || count == 1) return 0;
    std::uint64_t const frame = rule == ties::sampled ? key.frame + 1 : 0;
    counter_rng const draws{{.seed = key.seed, .frame = frame, .node = index(key.source)}};
    return static_cast<std::uint32_t>(draws.bounded(count, 0));
}

} // namespace runnel::fanout
