// SPDX-License-Identifier: MIT
// room: recall. What an entry stands for: a node, or an episode; and whether its nodes are still there.
//
// Why:  a memory finds entries, a diffusion knows nodes; between them stands what the caller meant by an
//       entry, which may have changed its graph since.
#pragma once

#include <concepts>
#include <cstdint>
#include <span>

#include <runnel/core/ids.hpp>
#include <runnel/core/result.hpp>
#include <runnel/recall/faults.hpp>
#include <runnel/recall/hit.hpp>

namespace runnel::recall {

/// A node and the energy it held: what episodes are made of.
struct held {
    node_id node{};
    double energy = 0; ///< in [0, 8388607]
    friend constexpr bool operator==(held const&, held const&) noexcept = default;
};

/// A hit and what its entry stands for: `{.found = hit, .node = n}` or `{.found = hit, .episode = pattern}`.
/// One that says neither is dropped like one whose nodes are gone.
struct meaning {
    hit found{};
    node_id node = no_node;
    std::span<held const> episode{}; ///< read during the call only
};

/// A figure that says whether a node is still there: how many there are, or a callable that is asked.
template <class Exists>
concept tells_nodes =
    std::convertible_to<Exists const&, std::uint32_t> || std::predicate<Exists const&, node_id>;

namespace detail {
template <tells_nodes Exists> [[nodiscard]] bool is_there(Exists const& exists, node_id node) {
    if (node == no_node) return false;
    if constexpr (std::predicate<Exists const&, node_id>)
        return exists(node);
    else
        return runnel::index(node) < static_cast<std::uint32_t>(exists);
}

} // namespace detail

} // namespace runnel::recall
