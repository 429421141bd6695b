// SPDX-License-Identifier: MIT
// room: engine. What a field remembers of nodes beyond energy, where a mechanism asks for it.
//
// Why:  a record is half a cache line and full. What few programs ask for stands beside the pages, slot by slot, and
//       takes memory only once its mechanism is on.
// Laws: a column that was never given room reads as empty. Nothing here depends on the order of moves.
// Cost: one cell per slot of the node table; room is taken while a frame is staged, never later.
#pragma once

#include <cstddef>
#include <cstdint>

#include <runnel/core/array.hpp>
#include <runnel/core/ids.hpp>
#include <runnel/core/math.hpp>
#include <runnel/core/rng.hpp>

namespace runnel::detail {

template <class T> class cold_column {
public:
    void room(std::size_t slots) {
        if (cells_.size() < slots) cells_.resize(slots);
    }
    [[nodiscard]] T& operator[](std::size_t slot) noexcept { return cells_[slot]; }
    [[nodiscard]] T get(std::size_t slot) const noexcept {
        return slot < cells_.size() ? cells_[slot] : T{};
    }
    /// Where there is room; elsewhere nothing is remembered.
    void put(std::size_t slot, T value) noexcept {
        if (slot < cells_.size()) cells_[slot] = value;
    }
    void clear() noexcept { cells_.clear(); }
    [[nodiscard]] std::size_t bytes() const noexcept { return cells_.capacity() * sizeof(T); }

private:
    array<T> cells_;
};

/// The average of visits, as it was after the frame it was last changed in.
struct visit_cell {
    double average = 0;
    std::uint64_t frame = 0;

    [[nodiscard]] double after(std::uint64_t at, double rate) const noexcept {
        if (average == 0 || at == frame) return average;
        double const left =
            math::exp(math::product(math::log(1 - rate), static_cast<double>(at - frame)));
        return math::product(average, left);
    }
    /// Once per frame.
    void visit(std::uint64_t at, double rate) noexcept {
        average = after(at, rate) + rate;
        frame = at;
    }
};

/// How many active nodes lead to each node: a count goes up and down with theirs.
class neighbour_counts {
public:
    /// After this, `count` more nodes can be met without memory.
    void room(std::size_t count) {
        if (2 * (taken_ + count + 1) <= cells_.size()) return;
        std::size_t size = 16;
        while (size < 4 * (positive_ + count + 1)) size *= 2;
        array<cell> old(size, cell{});
        old.swap(cells_);
        taken_ = positive_;
        for (cell const& c : old)
            if (c.count != 0) cells_[place(c.node)] = c;
    }
    void up(node_id node) noexcept {
        cell& c = cells_[place(node)];
        if (c.node == no_node) {
            c.node = node;
            ++taken_;
        }
        if (c.count++ == 0) ++positive_;
    }
    void down(node_id node) noexcept {
        if (--cells_[place(node)].count == 0) --positive_;
    }
    [[nodiscard]] bool counted(node_id node) const noexcept {
        return !cells_.empty() && cells_[place(node)].count != 0;
    }
    /// Nodes some active node leads to.
    [[nodiscard]] std::size_t size() const noexcept { return positive_; }
    void clear() noexcept {
        cells_.clear();
        taken_ = positive_ = 0;
    }
    [[nodiscard]] std::size_t bytes() const noexcept { return cells_.capacity() * sizeof(cell); }

private:
    struct cell {
        node_id node = no_node;
        std::uint32_t count = 0;
    };
    [[nodiscard]] std::size_t place(node_id node) const noexcept {
        std::size_t const mask = cells_.size() - 1;
        std::size_t at = mix(index(node)) & mask;
        while (cells_[at].node != no_node && cells_[at].node != node) at = (at + 1) & mask;
        return at; // ends: at most half of the cells are taken
    }
    array<cell> cells_;
    std::size_t taken_ = 0;
    std::size_t positive_ = 0;
};

} // namespace runnel::detail
