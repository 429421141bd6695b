// SPDX-License-Identifier: MIT
// room: recall. The best few so far, by slot.
//
// Why:  an index sees thousands of similarities and keeps ten; nearly all are dismissed by one comparison.
// Laws: what is kept does not depend on the order of offers. Slots stand for entries: a slot has one tenant, so
//       the order of slots is that of entries.
// Cost: O(1) for what is dismissed, O(log k) for what is kept.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>

#include <runnel/core/array.hpp>
#include <runnel/core/order.hpp>

namespace runnel::recall {

struct near {
    float similarity;
    std::uint32_t slot;
};
/// Nearest first, then the lower slot: the order of entries, since a slot has one tenant.
[[nodiscard]] constexpr bool nearer(near a, near b) noexcept {
    return a.similarity != b.similarity ? a.similarity > b.similarity : a.slot < b.slot;
}
struct by_nearness {
    constexpr bool operator()(near a, near b) const noexcept { return nearer(a, b); }
};

/// The k nearest of what was offered.
class nearest {
public:
    void reset(std::size_t k) {
        k_ = k;
        kept_.clear();
        floor_ = -std::numeric_limits<float>::infinity();
    }
    [[nodiscard]] bool full() const noexcept { return kept_.size() >= k_; }
    /// What is less similar than this changes nothing.
    [[nodiscard]] float floor() const noexcept { return floor_; }
    void offer(near one) {
        if (one.similarity < floor_) return; // nearly all
        keep(one);
    }
    /// Nearest first; nothing is offered afterwards until `reset`.
    void settle() noexcept { runnel::detail::sort(kept_.begin(), kept_.end(), by_nearness{}); }
    [[nodiscard]] std::size_t size() const noexcept { return kept_.size(); }
    [[nodiscard]] near operator[](std::size_t i) const noexcept { return kept_[i]; }
    [[nodiscard]] near const* begin() const noexcept { return kept_.begin(); }
    [[nodiscard]] near const* end() const noexcept { return kept_.end(); }
    [[nodiscard]] std::size_t bytes() const noexcept { return kept_.capacity() * sizeof(near); }

private:
    void keep(near one) {
        if (!full()) {
            kept_.push_back(one);
            if (!full()) return;
            runnel::detail::make_heap(kept_.begin(), kept_.end(), by_nearness{});
        } else if (nearer(one, kept_[0])) {
            runnel::detail::sink_into_heap(kept_.begin(), 0, kept_.size(), one, by_nearness{});
        }
        floor_ = kept_[0].similarity;
    }

    float floor_ = 0;
    std::size_t k_ = 0;
    runnel::detail::array<near> kept_;
};

} // namespace runnel::recall
