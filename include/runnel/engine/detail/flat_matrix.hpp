// SPDX-License-Identifier: MIT
// room: engine. The matrix step without a list of moves: what every node receives is summed on the way.
//
// Why:  a step along all links moves more often than there are nodes, and nobody who does not listen asks which link
//       brought what. Integers add in any order to the same bits, so the sum of a node's moves is all that commit needs.
// Laws: the same energies, books and counts as with the list. Sums are blank between frames.
// Cost: 12 bytes per link for shares and targets, 8 per node for sums, kept by the field until the weights change.
#pragma once

#include <cstddef>
#include <cstdint>

#include <runnel/core/array.hpp>
#include <runnel/core/ids.hpp>
#include <runnel/core/math.hpp>
#include <runnel/core/order.hpp>

namespace runnel::detail {

class flat_matrix {
public:
    struct cell {
        std::uint32_t target = 0;
        std::uint64_t share = 0; // over 2^64
    };

    [[nodiscard]] bool empty() const noexcept { return first_.empty(); }
    void forget() noexcept {
        first_.clear();
        targets_.clear();
        shares_.clear();
    }
    /// Rows come in order of their nodes; within one, targets that lie near each other are added to one after another.
    void add_row(array<cell>& row) {
        sort(row.begin(), row.end(), [](cell const& a, cell const& b) {
            return a.target != b.target ? a.target < b.target : a.share < b.share;
        });
        first_.push_back(targets_.size());
        for (cell const& c : row) {
            targets_.push_back(c.target);
            shares_.push_back(c.share);
        }
    }
    void end_rows() { first_.push_back(targets_.size()); }
    [[nodiscard]] std::size_t links_of(node_id node) const noexcept {
        return first_[index(node) + 1] - first_[index(node)];
    }

    /// Before a frame's rows are pushed: `links` are in them all. Beyond a quarter of the nodes' number a list of who was
    /// reached costs more than it saves.
    void open(std::size_t sources, std::size_t links) {
        std::size_t const nodes = first_.size() - 1;
        if (sums_.size() < nodes) sums_.resize(nodes);
        if (dirty_)
            for (std::uint64_t& sum : sums_) sum = 0;
        sent_.clear();
        sent_.reserve(sources);
        listed_ = links < nodes / 4;
        reached_.resize(listed_ ? links + 1 : 0);
        count_ = 0;
        moves_ = 0;
        dirty_ = true;
    }
    /// A node that holds so much sends along all of its links.
    void push(node_id source, std::uint64_t held) {
        listed_ ? push_as<true>(source, held) : push_as<false>(source, held);
    }
    [[nodiscard]] std::uint64_t moves() const noexcept { return moves_; }
    /// How many nodes at most receive.
    [[nodiscard]] std::size_t reach() const noexcept {
        return listed_ ? count_ : first_.size() - 1;
    }
    /// What the i-th source sends, and f(node, sum) for every node that receives.
    [[nodiscard]] std::uint64_t sent(std::size_t i) const noexcept { return sent_[i]; }
    template <class F> void each_sum(F&& f) const {
        if (listed_)
            for (std::size_t i = 0; i < count_; ++i) f(reached_[i], sums_[index(reached_[i])]);
        else
            for (std::uint32_t n = 0; n + 1 < first_.size(); ++n)
                if (sums_[n] != 0) f(node_id{n}, sums_[n]);
    }
    /// The frame is made: the sums are blank again.
    void close() noexcept {
        if (listed_)
            for (std::size_t i = 0; i < count_; ++i) sums_[index(reached_[i])] = 0;
        else
            for (std::uint64_t& sum : sums_) sum = 0;
        dirty_ = false;
    }
    /// Of all moves, quanta taken less quanta given.
    [[nodiscard]] std::int64_t residual() const noexcept {
        std::uint64_t sum = 0;
        for (std::uint64_t const amount : sent_) sum += amount;
        each_sum([&](node_id, std::uint64_t amount) { sum -= amount; });
        return static_cast<std::int64_t>(sum);
    }
    [[nodiscard]] std::size_t bytes() const noexcept {
        return (first_.capacity() + shares_.capacity() + sums_.capacity() + sent_.capacity()) * 8
               + (targets_.capacity() + reached_.capacity()) * 4;
    }

private:
    template <bool Listed> void push_as(node_id source, std::uint64_t held) {
        std::size_t const end = first_[index(source) + 1];
        std::uint32_t const* const targets = targets_.data();
        std::uint64_t const* const shares = shares_.data();
        std::uint64_t* const sums = sums_.data();
        std::uint64_t all = 0;
        std::uint64_t moves = 0;
        for (std::size_t i = first_[index(source)]; i < end; ++i) {
            std::uint64_t const amount = math::high_product(held, shares[i]);
            std::uint32_t const target = targets[i];
            std::uint64_t const before = sums[target];
            if constexpr (Listed) {
                reached_[count_] = node_id{target};
                count_ += before == 0 && amount != 0 ? 1U : 0U;
            }
            sums[target] = before + amount;
            all += amount;
            moves += amount != 0 ? 1U : 0U;
        }
        sent_.push_back(all);
        moves_ += moves;
    }

    array<std::size_t> first_; // where a row begins, and where the last one ends
    array<std::uint32_t> targets_;
    array<std::uint64_t> shares_;
    array<std::uint64_t> sums_; // of the open frame, by node
    array<std::uint64_t> sent_; // likewise, by source in the order they were pushed
    array<node_id> reached_;
    std::size_t count_ = 0;
    std::uint64_t moves_ = 0;
    bool listed_ = false;
    bool dirty_ = false; // a frame was staged and not made
};

} // namespace runnel::detail
