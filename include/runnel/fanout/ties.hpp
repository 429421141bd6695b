// SPDX-License-Identifier: MIT
// room: fanout. Choosing among links that weigh the same (D-T).
//
// Why:  real graphs are full of equal weights. "Lowest id wins" is stable and ruinous: most of the
//       graph is never reached. A draw keyed by (seed, frame, source) reaches all of it over frames
//       and is still the same on every run, thread and machine.
// Laws: sampled and fixed are uniform over the ties; by_id takes them in row order. `sampled` depends
//       on the frame, `fixed` does not. The first of many draws is the draw of one, and the draw of
//       k is the beginning of the draw of k + 1: taking fewer only removes.
// Cost: O(k) for k out of any number of equals, no allocation once its scratch has grown.
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>

#include <runnel/core/array.hpp>
#include <runnel/core/ids.hpp>
#include <runnel/core/rng.hpp>

namespace runnel::fanout {

enum class ties : std::uint8_t { sampled, fixed, by_id };

/// Whose draw it is.
struct tie_key {
    std::uint64_t seed = 0;
    std::uint64_t frame = 0;
    node_id source{};
};

namespace detail {
[[nodiscard]] constexpr counter_rng draws_of(ties rule, tie_key key) noexcept {
    std::uint64_t const frame = rule == ties::sampled ? key.frame + 1 : 0;
    return counter_rng{{.seed = key.seed, .frame = frame, .node = index(key.source)}};
}
} // namespace detail

/// Which of `count` equals a source takes; count > 0.
[[nodiscard]] constexpr std::uint32_t pick_tie(
    ties rule, tie_key key, std::uint32_t count) noexcept {
    if (rule == ties::by_id || count == 1) return 0;
    return static_cast<std::uint32_t>(detail::draws_of(rule, key).bounded(count, 0));
}

/// Draws several of a run of equals, without replacement: the beginning of a Fisher-Yates shuffle, of which only the
/// places that were swapped are kept.
class tie_order {
public:
    struct run {
        std::uint32_t count = 0;        ///< how many are equal
        std::uint32_t wanted = 0;       ///< how many of them, <= count
        std::uint32_t drawn_before = 0; ///< draws the source has made in this frame
    };
    /// Calls take(i) for each of `wanted` distinct i < count.
    template <class F> void draw(ties rule, tie_key key, run of, F&& take) {
        if (rule == ties::by_id || of.count == 1) {
            for (std::uint32_t i = 0; i < of.wanted; ++i) take(i);
            return;
        }
        counter_rng const draws = detail::draws_of(rule, key);
        bool const dense = of.count / 4 <= of.wanted;
        dense ? fill_order(of) : clear_table(of);
        for (std::uint32_t i = 0; i < of.wanted; ++i) {
            auto const at =
                i + static_cast<std::uint32_t>(draws.bounded(of.count - i, of.drawn_before + i));
            if (dense) {
                std::swap(order_[i], order_[at]);
                take(order_[i]);
            } else {
                std::uint32_t& there = slot(at);
                std::uint32_t const drawn = there;
                there = find(i); // what stood at i moves to where the drawn one stood
                take(drawn);
            }
        }
    }

    /// Bytes its scratch holds.
    [[nodiscard]] std::size_t bytes() const noexcept {
        return order_.capacity() * 4 + table_.capacity() * sizeof(moved);
    }

private:
    struct moved {
        std::uint32_t place = 0;
        std::uint32_t holds = 0;
    };
    static constexpr std::uint32_t nowhere = 0xFFFF'FFFFU;

    void fill_order(run of) {
        if (order_.size() < of.count) order_.resize(of.count);
        for (std::uint32_t i = 0; i < of.count; ++i) order_[i] = i;
    }
    void clear_table(run of) {
        std::size_t size = 8; // a table at most half full, so that looking up ends
        while (size < 2 * std::size_t{of.wanted} + 2) size *= 2;
        if (table_.size() < size) table_.resize(size);
        mask_ = size - 1;
        for (std::size_t i = 0; i < size; ++i) table_[i].place = nowhere;
    }
    [[nodiscard]] moved& cell(std::uint32_t place) noexcept {
        std::size_t i = mix(place) & mask_;
        while (table_[i].place != nowhere && table_[i].place != place) i = (i + 1) & mask_;
        return table_[i];
    }
    /// What stands at a place; makes the place one that may be written.
    [[nodiscard]] std::uint32_t& slot(std::uint32_t place) noexcept {
        moved& c = cell(place);
        if (c.place == nowhere) c = {place, place};
        return c.holds;
    }
    [[nodiscard]] std::uint32_t find(std::uint32_t place) noexcept {
        moved const& c = cell(place);
        return c.place == nowhere ? place : c.holds;
    }

    runnel::detail::array<std::uint32_t> order_;
    runnel::detail::array<moved> table_;
    std::size_t mask_ = 0;
};

} // namespace runnel::fanout
