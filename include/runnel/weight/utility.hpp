// SPDX-License-Identifier: MIT
// room: weight. What a stride was good for: how much of a lack it filled, and who brought a node over its threshold.
//
// Why:  energy that arrives where nothing was lacking moved for nothing; learning asks what a stride achieved, in
//       comparison with its like, and in a flip only what was lacking counts: beyond it nobody gets credit.
// Laws: 0 <= utility <= 1, and 1 exactly when the lack was filled. The credit shares of a flipped target sum to 1
//       within 2^-51, equal senders have equal shares: each share is its part of a sum that carries its rounding,
//       none is "the rest". Without a flip there is no credit.
// Cost: a sort of the strides to flipped targets; no allocation beyond what `room` took.
#pragma once

#include <cstddef>
#include <limits>

#include <runnel/core/math.hpp>
#include <runnel/weight/flow.hpp>
#include <runnel/weight/ranks.hpp>

namespace runnel::weight {

/// What of `retained` was lacking, at most all of the gap.
[[nodiscard]] constexpr double filled(double retained, double gap) noexcept {
    return retained < gap ? retained : (gap > 0 ? gap : 0);
}

/// min(retained, gap) / (gap + epsilon), 0 without a gap. Epsilon is only there against a division by 0 and less than
/// the last bit of any gap that energies can make, so that a lack that was filled reads as 1.
[[nodiscard]] constexpr double utility(double retained, double gap) noexcept {
    constexpr double epsilon = std::numeric_limits<double>::min();
    return gap > 0 ? filled(retained, gap) / (gap + epsilon) : 0;
}

/// What a field keeps to appraise its strides: the past of their cohorts, and room to put them in order.
class appraiser {
public:
    /// Takes the memory that appraising these strides needs; of them only `of` has to be known.
    void room(flow const* flows, std::size_t count) {
        windows_.room(flows, count);
        if (causes_.size() < count) causes_.resize(count);
    }
    /// Fills utility, causal_share, z_flow and z_utility. Expects gross, retained, gap, flipped, target and of, and flows
    /// in (source, link) order.
    void operator()(flow* flows, std::size_t count) {
        room(flows, count);
        for (std::size_t i = 0; i < count; ++i)
            flows[i].utility = weight::utility(flows[i].retained, flows[i].gap);
        credit(flows, count);
        windows_.rank(flows, count);
    }
    /// What is remembered, for a digest or a snapshot.
    [[nodiscard]] rank_windows& windows() noexcept { return windows_; }
    [[nodiscard]] rank_windows const& windows() const noexcept { return windows_; }
    void clear() noexcept { windows_.clear(); }
    [[nodiscard]] std::size_t bytes() const noexcept {
        return windows_.bytes() + causes_.capacity() * sizeof(cause);
    }

private:
    struct cause {
        node_id target{};
        std::uint32_t flow = 0;
    };
    struct by_target {
        bool operator()(cause const& a, cause const& b) const noexcept {
            return a.target != b.target ? a.target < b.target : a.flow < b.flow;
        }
    };

    void credit(flow* flows, std::size_t count) noexcept {
        cause* const first = causes_.data();
        cause* last = first;
        for (std::size_t i = 0; i < count; ++i) {
            flows[i].causal_share = 0;
            if (flows[i].flipped) *last++ = {flows[i].target, static_cast<std::uint32_t>(i)};
        }
        detail::sort(first, last, by_target{});
        for (cause *group = first, *end = first; group != last; group = end) {
            math::exact_sum all;
            for (; end != last && end->target == group->target; ++end)
                all.add(filled(flows[end->flow].retained, flows[end->flow].gap));
            if (!(all.total() > 0)) continue;
            for (cause* c = group; c != end; ++c)
                flows[c->flow].causal_share =
                    filled(flows[c->flow].retained, flows[c->flow].gap) / all.total();
        }
    }

    rank_windows windows_;
    detail::array<cause> causes_;
};

} // namespace runnel::weight
