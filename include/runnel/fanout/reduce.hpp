// SPDX-License-Identifier: MIT
// room: fanout. Which k links of a row are looked at: the heaviest.
//
// Why:  most of a hub's links could never win; they are dropped before a cost is computed. Works on any
//       structs: a projection says what a link weighs, and what comes back are positions.
// Laws: the k kept are the heaviest, in order of weight; among equals as `ties` says; the order of the
//       input only names the equals. The kept of k are among the kept of k + 1.
// Cost: O(d + k log k) on a row in any order, O(k) where it is ordered; never a full sort. No allocation
//       once its scratch has grown.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>

#include <runnel/core/array.hpp>
#include <runnel/core/expects.hpp>
#include <runnel/core/order.hpp>
#include <runnel/fanout/ties.hpp>

namespace runnel::fanout {

/// How the equals of one row are told apart.
struct tie_rule {
    fanout::ties ties = fanout::ties::sampled;
    tie_key key{};
};

class reducer {
public:
    /// The positions of the k heaviest of a vector, a span, anything with size() and []; heaviest first, valid until
    /// the next call. `weight_of` gives anything ordered by <, and no NaN.
    template <class Links, class WeightOf>
    [[nodiscard]] std::span<std::uint32_t const> operator()(
        Links const& links, std::size_t k, WeightOf&& weight_of, tie_rule rule = {}) {
        auto const heavier = [&](std::uint32_t a, std::uint32_t b) {
            auto const& wa = weight_of(links[a]);
            auto const& wb = weight_of(links[b]);
            if (wb < wa) return true;
            if (wa < wb) return false;
            return a < b;
        };
        kept_.clear();
        std::size_t const n = links.size() < k ? links.size() : k;
        if (n == 0) return {};
        RUNNEL_EXPECTS(links.size() < 0xFFFF'FFFFU, "fanout: a row has fewer than 2^32 links");
        all_.resize(links.size());
        for (std::size_t i = 0; i < all_.size(); ++i) all_[i] = static_cast<std::uint32_t>(i);
        std::uint32_t* const all = all_.data();
        runnel::detail::best_first(all, all + n, all + all_.size(), heavier);
        auto const equal = [&](std::uint32_t a, std::uint32_t b) {
            return !(weight_of(links[a]) < weight_of(links[b]))
                   && !(weight_of(links[b]) < weight_of(links[a]));
        };
        // The run of the last kept may go on among the others: all of it takes part in the draw.
        std::size_t end = n;
        for (std::size_t i = n; i < all_.size(); ++i)
            if (equal(all[i], all[n - 1])) std::swap(all[i], all[end++]);
        std::size_t first = n;
        while (first > 0 && equal(all[first - 1], all[n - 1])) --first;
        runnel::detail::sort(all + first, all + end);
        for (std::size_t from = 0; from < n;) {
            std::size_t to = from + 1;
            while (to < end && equal(all[to], all[from])) ++to;
            order_.draw(
                rule.ties, rule.key,
                {.count = static_cast<std::uint32_t>(to - from),
                 .wanted = static_cast<std::uint32_t>((to < n ? to : n) - from),
                 .drawn_before = static_cast<std::uint32_t>(from)},
                [&](std::uint32_t i) { kept_.push_back(all[from + i]); });
            from = to;
        }
        return {kept_.data(), kept_.size()};
    }

    /// Bytes its scratch holds.
    [[nodiscard]] std::size_t bytes() const noexcept {
        return (all_.capacity() + kept_.capacity()) * 4 + order_.bytes();
    }

private:
    runnel::detail::array<std::uint32_t> all_;
    runnel::detail::array<std::uint32_t> kept_;
    tie_order order_;
};

} // namespace runnel::fanout
