// SPDX-License-Identifier: MIT
// room: weight. One stride as learning sees it, and what a learning policy answers.
//
// Why:  learning happens after commit, on what really moved; a policy is one call per stride, so that a lambda
//       is enough, and what it answers is a wish: the store's owner applies it.
// Laws: flows come in (source, link) order. A lesson whose delta is 0 changes nothing and is not told.
#pragma once

#include <concepts>
#include <limits>

#include <runnel/core/ids.hpp>
#include <runnel/core/log_weight.hpp>
#include <runnel/event/records.hpp>
#include <runnel/graph/cohorts.hpp>

namespace runnel::weight {

struct flow {
    node_id source{};
    node_id target{};
    link_id link = no_link;
    cohort of{};
    log_weight lw{}; ///< before
    double gross = 0;
    double retained = 0;
    double gap = 0;          ///< what the target lacked to its threshold when the frame began
    double utility = 0;      ///< phi: min(retained, gap) / gap; 0 without a gap
    double z_flow = 0;       ///< normal score of `gross` among its like
    double z_utility = 0;    ///< of `utility`, among strides to nodes that lacked something; else 0
    double causal_share = 0; ///< of the credit for bringing the target over its threshold
    double affect = 0;       ///< length of the target's affect
    bool source_active = false; ///< after commit
    bool target_active = false; ///< after commit
    bool flipped = false;       ///< the target was below its threshold and is not any more
};

/// What a stride teaches its link.
struct lesson {
    double delta = 0; ///< of the log-weight
    event::tier tier = event::tier::background;
    double utility = 0; ///< the score it learned by
    double affect_factor = 1;
    bool gated = false; ///< a gate kept it from teaching
    log_weight low = log_weight::from_raw(std::numeric_limits<std::int32_t>::min());
    log_weight high = log_weight::from_raw(std::numeric_limits<std::int32_t>::max());
};

/// `weight::lesson operator()(weight::flow const&) const`.
template <class Policy>
concept teaches = requires(Policy const& policy, flow const& seen) {
    { policy(seen) } -> std::same_as<lesson>;
};

/// Nothing is learned.
struct untaught {};

} // namespace runnel::weight
