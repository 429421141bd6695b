// SPDX-License-Identifier: MIT
// room: engine. The loops of a frame together: nodes, heads, choices, stage, commit, decay.
//
// Why:  whatever a frame could do but does not (events, custom costs, paging) is decided by types outside the loops; one
//       type stands for one combination.
#pragma once

#include <runnel/engine/detail/decaying.hpp>
#include <runnel/engine/detail/sharing.hpp>

namespace runnel::detail {

/// For one kind of amount and one kind of storage.
template <class Engine, class Amount, bool Dense> struct work : decaying<Engine, Amount, Dense> {};

} // namespace runnel::detail
