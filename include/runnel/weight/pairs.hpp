// SPDX-License-Identifier: MIT
// room: weight. Which way energy goes between two nodes, averaged over the last frames.
//
// Why:  two links that lie opposite each other may both carry; which of the two leads shows only over time.
//       The average is worked out when a pair is met or asked for, so that silent pairs cost nothing.
// Laws: an average moves a tenth of the way to what a frame carried: after n silent frames .9^n of it is left, by
//       squaring in a fixed order. Below 1e-12 it is nothing, for whoever asks: that such pairs are forgotten
//       when the table is full shows nowhere. dominance(a, b) + dominance(b, a) = 1; .5 where neither carried.
// Cost: two open tables in turn, each of 24 bytes a cell and at most half full; `room` takes all memory.
#pragma once

#include <cstddef>
#include <cstdint>

#include <runnel/core/array.hpp>
#include <runnel/core/ids.hpp>
#include <runnel/core/math.hpp>
#include <runnel/core/order.hpp>
#include <runnel/core/rng.hpp>

namespace runnel::weight {

/// What goes from one node to another.
struct directed {
    node_id from{};
    node_id to{};
    friend constexpr bool operator==(directed, directed) noexcept = default;
};

/// The averages a field keeps. Frames never go back.
class pair_flows {
public:
    static constexpr double rate = .1;     ///< of the average, per frame
    static constexpr double least = 1e-12; ///< below it an average is nothing

    /// Takes the memory that `more` pairs may need in this frame.
    void room(std::size_t more, std::uint64_t frame) {
        if (2 * (taken_ + more) > cells_.size()) sweep(more, frame);
    }
    /// Something moved; several times in a frame add up.
    void add(directed pair, double amount, std::uint64_t frame) {
        room(1, frame);
        cell& c = cells_[place(key_of(pair))];
        if (c.key == 0) {
            c = {key_of(pair), frame, 0};
            ++taken_;
        }
        c.average = now(c, frame) + math::product(rate, amount);
        c.frame = frame;
    }
    [[nodiscard]] double average(directed pair, std::uint64_t frame) const noexcept {
        return cells_.empty() ? 0 : now(cells_[place(key_of(pair))], frame);
    }
    /// The share of what goes between the two that goes this way.
    [[nodiscard]] double dominance(directed pair, std::uint64_t frame) const noexcept {
        double const forward = average(pair, frame);
        double const reverse = average({pair.to, pair.from}, frame);
        double const both = forward + reverse;
        if (!(both > 0)) return .5;
        // The lesser share is the quotient, the greater what is left: they sum to 1 exactly.
        return forward < reverse ? forward / both : 1 - reverse / both;
    }
    /// f(directed, average, frame it is of) of all that is something at this frame, by (from, to): for a digest or a
    /// snapshot, which `put` brings back. Takes memory for an order.
    template <class F> void each(std::uint64_t frame, F&& f) const {
        detail::array<cell> order;
        for (std::size_t i = 0; i < cells_.size(); ++i)
            if (now(cells_[i], frame) > 0) order.push_back(cells_[i]);
        detail::sort(order.begin(), order.end(), by_key{});
        for (cell const& c : order) f(pair_of(c.key), c.average, c.frame);
    }
    /// Puts back what `each` told.
    void put(directed pair, double average, std::uint64_t frame) {
        room(1, frame);
        cell& c = cells_[place(key_of(pair))];
        if (c.key == 0) ++taken_;
        c = {key_of(pair), frame, average};
    }
    /// Forgets all; keeps the memory.
    void clear() noexcept {
        for (std::size_t i = 0; i < cells_.size(); ++i) cells_[i] = {};
        taken_ = 0;
    }
    [[nodiscard]] std::size_t pairs() const noexcept { return taken_; }
    [[nodiscard]] std::size_t bytes() const noexcept {
        return (cells_.capacity() + spare_.capacity()) * sizeof(cell);
    }

private:
    struct cell {
        std::uint64_t key = 0; // 0: free
        std::uint64_t frame = 0;
        double average = 0; // of that frame
    };
    struct by_key {
        bool operator()(cell const& a, cell const& b) const noexcept { return a.key < b.key; }
    };

    // Ids end below 2^32 - 1: one more never wraps, and no pair has key 0.
    [[nodiscard]] static constexpr std::uint64_t key_of(directed pair) noexcept {
        return (std::uint64_t{index(pair.from)} << 32 | index(pair.to)) + 1;
    }
    [[nodiscard]] static constexpr directed pair_of(std::uint64_t key) noexcept {
        return {
            node_id(static_cast<std::uint32_t>((key - 1) >> 32)),
            node_id(static_cast<std::uint32_t>(key - 1))};
    }
    /// .9^frames.
    [[nodiscard]] static constexpr double kept(std::uint64_t frames) noexcept {
        return math::power(1 - rate, frames);
    }
    [[nodiscard]] static constexpr double now(cell const& c, std::uint64_t frame) noexcept {
        double const left =
            frame > c.frame ? math::product(c.average, kept(frame - c.frame)) : c.average;
        return left < least ? 0 : left;
    }
    [[nodiscard]] std::size_t place(std::uint64_t key) const noexcept {
        std::size_t const mask = cells_.size() - 1;
        std::size_t at = mix(key) & mask;
        while (cells_[at].key != 0 && cells_[at].key != key) at = (at + 1) & mask;
        return at; // ends: at most half of the cells are taken
    }
    /// Leaves out what is nothing by now; makes the table wider only if that leaves it more than a quarter full.
    [[gnu::noinline]] void sweep(std::size_t more, std::uint64_t frame) {
        std::size_t live = 0;
        for (std::size_t i = 0; i < cells_.size(); ++i)
            if (cells_[i].key != 0 && now(cells_[i], frame) > 0) ++live;
        std::size_t wide = cells_.empty() ? 16 : cells_.size();
        while (4 * (live + more) > wide) wide *= 2;
        spare_.clear();
        spare_.resize(wide);
        cells_.swap(spare_);
        taken_ = live;
        for (std::size_t i = 0; i < spare_.size(); ++i)
            if (spare_[i].key != 0 && now(spare_[i], frame) > 0)
                cells_[place(spare_[i].key)] = spare_[i];
        spare_.reserve(wide); // so that the next sweep that widens nothing takes no memory
    }

    detail::array<cell> cells_;
    detail::array<cell> spare_; // the other one of the two, so that forgetting takes no memory
    std::size_t taken_ = 0;
};

} // namespace runnel::weight
