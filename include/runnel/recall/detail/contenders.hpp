// SPDX-License-Identifier: MIT
// room: recall. Exact answers out of codes: who may be among the best is compared, nobody else.
//
// Laws: the k best of those offered, by their exact similarity: the slacks of codes bound what was not compared.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>

#include <runnel/recall/codes.hpp>
#include <runnel/recall/nearest.hpp>
#include <runnel/recall/rows.hpp>

namespace runnel::recall::detail {

/// Entries that may be among the k best, as far as their codes can tell.
class contenders {
public:
    void reset(std::size_t k) {
        sure_.reset(k);
        may_be_.clear();
        pruned_at_ = 1024 + 4 * k;
    }
    /// Who cannot be more similar than this need not be offered.
    [[nodiscard]] float floor() const noexcept { return sure_.floor(); }
    void offer(std::uint32_t slot, float least, float most) {
        if (most < sure_.floor()) return;
        sure_.offer({least, slot});
        may_be_.push_back({most, slot});
        if (may_be_.size() >= pruned_at_) prune();
    }
    /// Compares them, the most promising first, until no other can be better than the k best found.
    [[nodiscard]] std::uint32_t settle(rows const& all, measured query, nearest& best) {
        prune();
        // Most are never looked at: a heap, not an order.
        std::size_t left = may_be_.size();
        near* const heap = may_be_.data();
        constexpr auto farther = [](near a, near b) { return nearer(b, a); };
        runnel::detail::make_heap(heap, heap + left, farther);
        std::uint32_t compared = 0;
        while (left > 0 && heap[0].similarity >= best.floor()) {
            near const first = heap[0];
            --left;
            if (left > 0) runnel::detail::sink_into_heap(heap, 0, left, near{heap[left]}, farther);
            best.offer({all.compare()(all[first.slot], query), first.slot});
            ++compared;
        }
        return compared;
    }

    [[nodiscard]] std::size_t bytes() const noexcept {
        return sure_.bytes() + may_be_.capacity() * sizeof(near);
    }

private:
    void prune() {
        std::size_t kept = 0;
        for (near const one : may_be_)
            if (one.similarity >= sure_.floor()) may_be_[kept++] = one;
        may_be_.resize(kept);
        pruned_at_ = 2 * kept > pruned_at_ ? 2 * kept : pruned_at_;
    }
    nearest sure_;
    runnel::detail::array<near> may_be_;
    std::size_t pruned_at_ = 0;
};

} // namespace runnel::recall::detail
