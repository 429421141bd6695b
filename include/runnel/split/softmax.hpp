// SPDX-License-Identifier: MIT
// room: split. Divides one node's outgoing energy among its cheapest links.
//
// Why:  a temperature turns "best link" into "how sure are we", without a threshold (D6).
// Laws: shares >= 0 and sum to 1 (to the last bits) for non-empty input; a cheaper link never gets less;
//       adding a constant to all costs changes nothing but rounding. T -> 0 is the cheapest alone, the
//       first of equals; T -> infinity is equal parts.
// Cost: O(n log k), no allocation, stateless.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>

#include <runnel/core/expects.hpp>
#include <runnel/core/math.hpp>
#include <runnel/core/order.hpp>
#include <runnel/core/reflect.hpp>
#include <runnel/core/result.hpp>

namespace runnel::faults {
inline constexpr fault_kind bad_temperature{
    "split.bad_temperature", "a temperature must be above 0; infinity means equal parts"};
inline constexpr fault_kind bad_cost{
    "split.bad_cost", "a cost must be a number above minus infinity; plus infinity means never"};
inline constexpr fault_kind bad_split{
    "split.bad_config", "these split settings contradict each other"};
} // namespace runnel::faults

namespace runnel::split {

struct config {
    bool enabled = false;   ///< off: everything goes along the cheapest link
    std::uint32_t k = 3;    ///< how many links share, >= 1
    bool all_kept = false;  ///< all that fanout kept share; k does not count
    double temperature = 1; ///< of the softmax over costs, finite and > 0

    friend bool operator==(config const&, config const&) = default;

    template <class Self, class F> static constexpr void visit(Self& self, F&& f) {
        static_assert(arity_is<config, 4>, "split: a setting is missing from this walk");
        f("enabled", self.enabled);
        f("k", self.k);
        f("all_kept", self.all_kept);
        f("temperature", self.temperature);
    }
    [[nodiscard]] constexpr status validate() const noexcept {
        if (k < 1)
            return fault{fault_kind{faults::bad_split.code, "split.k must be at least 1"}, k};
        if (!(temperature > 0) || !math::finite(temperature))
            return fault{
                fault_kind{faults::bad_split.code, "split.temperature must be finite and above 0"},
                temperature};
        return {};
    }
};
static_assert(config{}.validate().has_value());

/// One of the chosen: which of the costs, and its share.
template <std::floating_point Real> struct part {
    std::uint32_t index = 0;
    Real share{};
};

/// Fills the shares of costs in ascending order, none of them infinite; expects temperature > 0.
template <std::floating_point Real>
constexpr void softmax_of_sorted(std::span<part<Real>> parts, Real temperature) noexcept {
    // On entry `share` holds the cost.
    if (parts.empty()) return;
    Real const least = parts[0].share;
    Real sum{};
    for (part<Real>& p : parts) {
        // The difference may be infinite, the quotient never 0/0: what costs the least gets e^0.
        Real const above = p.share - least;
        p.share = above > 0
                      ? static_cast<Real>(math::exp(-static_cast<double>(above / temperature)))
                      : Real{1};
        sum += p.share;
    }
    for (part<Real>& p : parts) p.share /= sum;
}

/// Shares among the k cheapest, cheapest first, equals in the order given; writes them to `out`, which has room for
/// min(k, costs.size()) and returns how many there are: fewer than k when fewer costs are finite, none for none.
template <std::floating_point Real>
[[nodiscard]] constexpr result<std::size_t> top_k_split(
    std::span<Real const> costs, std::size_t k, Real temperature, std::span<part<Real>> out) {
    if (!(temperature > 0)) return fault{faults::bad_temperature, static_cast<double>(temperature)};
    constexpr Real most = std::numeric_limits<Real>::max();
    for (std::size_t i = 0; i < costs.size(); ++i)
        if (!(costs[i] >= -most)) return fault{faults::bad_cost, static_cast<double>(costs[i]), i};
    RUNNEL_EXPECTS(
        out.size() >= (k < costs.size() ? k : costs.size()),
        "split: `out` has room for all shares");
    auto const worse = [](part<Real> const& a, part<Real> const& b) {
        return a.share < b.share || (a.share == b.share && a.index < b.index);
    };
    // `out` is a heap of the best so far, with the worst of them on top.
    std::size_t kept = 0;
    part<Real>* const heap = out.data();
    for (std::size_t i = 0; i < costs.size(); ++i) {
        if (costs[i] > most) continue;
        part<Real> const next{static_cast<std::uint32_t>(i), costs[i]};
        if (kept < k && kept < out.size()) {
            heap[kept++] = next;
            if (kept == k || kept == out.size())
                runnel::detail::make_heap(heap, heap + kept, worse);
        } else if (kept > 0 && worse(next, heap[0])) {
            runnel::detail::sink_into_heap(heap, 0, kept, next, worse);
        }
    }
    runnel::detail::sort(heap, heap + kept, worse);
    softmax_of_sorted(out.first(kept), temperature);
    return kept;
}

} // namespace runnel::split
