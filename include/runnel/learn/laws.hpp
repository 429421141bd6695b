// SPDX-License-Identifier: MIT
// room: learn. What every policy of learning must keep, checked on one of yours.
//
// Why:  a policy is one call and easily wrong where nobody looks: a figure that is not a number, limits the wrong
//       way round, an answer that depends on what was asked before.
// Laws: names the first broken law and its offender; the position says which drawn stride. Same seed, same strides.
// Cost: two calls per drawn stride. No test framework.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>

#include <runnel/core/math.hpp>
#include <runnel/core/result.hpp>
#include <runnel/core/rng.hpp>
#include <runnel/weight/flow.hpp>
#include <runnel/weight/utility.hpp>

namespace runnel::learn {

/// Strides to try a policy on: of every tier, with and without a lack, weak and strong links, extremes among them.
[[nodiscard]] inline weight::flow drawn_flow(std::uint64_t seed, std::uint64_t number) noexcept {
    counter_rng const draw{{.seed = seed, .frame = number, .node = 0}};
    std::uint64_t next = 0;
    auto const up_to = [&](double most) { return math::product(most, draw.unit(next++)); };
    auto const flag = [&] { return draw.bounded(2, next++) == 0; };
    weight::flow f;
    f.source = node_id{1};
    f.target = node_id{2};
    f.link = link_id{0};
    bool const extreme = draw.bounded(4, next++) == 0;
    f.lw = extreme ? log_weight::from_raw(
               flag() ? std::numeric_limits<std::int32_t>::max()
                      : std::numeric_limits<std::int32_t>::min())
                   : log_weight::from_log(up_to(12) - 6).value_or(log_weight{});
    f.gross = up_to(extreme ? 8388607 : 1);
    f.retained = up_to(f.gross);
    f.gap = flag() ? up_to(2) : 0;
    f.utility = weight::utility(f.retained, f.gap);
    f.z_flow = up_to(6) - 3;
    f.z_utility = f.gap > 0 ? up_to(6) - 3 : 0;
    f.affect = flag() ? up_to(extreme ? 1e30 : 3) : 0;
    f.source_active = flag();
    f.flipped = f.gap > 0 && flag();
    f.target_active = f.flipped || (!(f.gap > 0) && flag());
    f.causal_share = f.flipped ? up_to(1) : 0;
    return f;
}

/// Good, or the first law that the policy breaks: the same stride teaches the same; what is taught is finite and of a
/// tier there is; the limits are in order.
template <weight::teaches Policy>
[[nodiscard]] status check_laws(
    Policy const& policy, std::uint64_t seed = 0, std::size_t strides = 1000) {
    auto const broken = [](auto sentence, auto offender, std::size_t at) {
        return fault{fault_kind{"learn.law", sentence}, offender, at};
    };
    for (std::size_t i = 0; i < strides; ++i) {
        weight::flow const f = drawn_flow(seed, i);
        weight::lesson const once = policy(f);
        if (!math::finite(once.delta)) return broken("a lesson must be finite", once.delta, i);
        if (!math::finite(once.utility))
            return broken("the score a link learns by must be finite", once.utility, i);
        if (!math::finite(once.affect_factor))
            return broken("the factor of affect must be finite", once.affect_factor, i);
        if (once.tier > event::tier::background)
            return broken("there are three tiers", static_cast<unsigned>(once.tier), i);
        if (once.high < once.low)
            return broken(
                "the upper limit of a weight must not be below the lower", once.high.log(), i);
        weight::lesson const again = policy(f);
        if (again.delta != once.delta || again.tier != once.tier || again.utility != once.utility
            || again.affect_factor != once.affect_factor || again.gated != once.gated
            || again.low != once.low || again.high != once.high)
            return broken("the same stride must teach the same", again.delta, i);
    }
    return {};
}

} // namespace runnel::learn
