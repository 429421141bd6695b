// SPDX-License-Identifier: MIT
// room: engine. The matrix step without a list of moves: what every node receives is summed on the way.
//
// Why:  a step along all links moves more often than there are nodes, and nobody who does not listen asks which link
//       brought what. Integers add in any order to the same bits, so the sum of a node's moves is all that commit needs,
//       and several may push at once, each into sums of its own.
// Laws: the same energies, books and counts as with the list, by one or by several. Sums are blank between frames.
// Cost: 12 bytes per link for shares and targets, 28 per node and 8 more for each further worker, kept by the field until
//       the weights change. A link is a product and two sums: whether all of a row's links move is asked of the least
//       share, not of each.
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
        least_.clear();
        targets_.clear();
        shares_.clear();
        receivers_.clear();
    }
    /// Rows come in order of their nodes; within one, targets that lie near each other are added to one after another.
    void add_row(array<cell>& row) {
        sort(row.begin(), row.end(), [](cell const& a, cell const& b) {
            return a.target != b.target ? a.target < b.target : a.share < b.share;
        });
        first_.push_back(shares_.size());
        std::uint64_t least = ~std::uint64_t{0};
        for (cell const& c : row) {
            if (c.share < least) least = c.share;
            targets_.push_back(c.target);
            shares_.push_back(c.share);
        }
        least_.push_back(least);
    }
    void end_rows() {
        std::size_t const nodes = first_.size();
        first_.push_back(shares_.size());
        sums_.clear();
        sums_.resize(nodes);
        for (std::uint32_t const target : targets_) sums_[target] = 1;
        for (std::uint32_t n = 0; n < nodes; ++n)
            if (sums_[n] != 0) receivers_.push_back(node_id{n});
        for (std::uint64_t& sum : sums_) sum = 0;
        for (std::size_t i = 0; i < ahead; ++i) targets_.push_back(0); // asked for behind the last
    }
    [[nodiscard]] std::size_t links_of(node_id node) const noexcept {
        return first_[index(node) + 1] - first_[index(node)];
    }

    /// A frame begins: who sends is told, in order, with what it holds; then all of them push.
    void begin() noexcept {
        sent_.clear();
        links_ = 0;
    }
    void add_source(node_id source, std::uint64_t held) {
        sent_.push_back(held);
        links_ += links_of(source);
    }
    /// Beyond a quarter of the nodes' number of links a list of who was reached costs more than it saves.
    [[nodiscard]] bool lists() const noexcept { return links_ < sums_.size() / 4; }
    void push_all(array<node_id> const& sources) {
        reached_.resize(lists() ? links_ + 1 : 0);
        blank();
        listed_ = lists();
        moves_ = listed_ ? push<true>(sources, 0, sources.size(), sums_.data())
                         : push<false>(sources, 0, sources.size(), sums_.data());
    }
    /// By several, without a list: each pushes a stretch of the sources, as many links as the others, into sums of its own;
    /// then each adds up a stretch of those. meet(begun, work) calls work(i) for all i below `workers` and waits for all;
    /// begun(i) is a mark of its own for each.
    template <class Meet>
    void push_all(array<node_id> const& sources, std::size_t workers, Meet&& meet) {
        std::size_t const nodes = sums_.size();
        if (others_.size() < (workers - 1) * nodes) others_.resize((workers - 1) * nodes);
        shares_of_work_.resize(workers);
        blank();
        listed_ = false;
        std::size_t at = 0;
        std::size_t before = 0;
        for (std::size_t w = 0; w < workers; ++w) {
            shares_of_work_[w] = {at, at, 0, false};
            for (; at < sources.size() && before < links_ * (w + 1) / workers; ++at)
                before += links_of(sources[at]);
            shares_of_work_[w].end = w + 1 < workers ? at : sources.size();
        }
        auto const begun = [&](std::size_t w) -> bool& { return shares_of_work_[w].begun; };
        meet(begun, [&](std::size_t w) noexcept {
            stretch& mine = shares_of_work_[w];
            std::uint64_t* const sums = w == 0 ? sums_.data() : &others_[(w - 1) * nodes];
            mine.moves = push<false>(sources, mine.begin, mine.end, sums);
        });
        meet(begun, [&](std::size_t w) noexcept {
            std::size_t const end = nodes * (w + 1) / workers;
            for (std::size_t other = 0; other + 1 < workers; ++other) {
                std::uint64_t* const from = &others_[other * nodes];
                for (std::size_t n = nodes * w / workers; n < end; ++n) {
                    sums_[n] += from[n];
                    from[n] = 0;
                }
            }
        });
        for (stretch const& s : shares_of_work_) moves_ += s.moves;
    }
    [[nodiscard]] std::uint64_t links() const noexcept { return links_; }
    [[nodiscard]] std::uint64_t moves() const noexcept { return moves_; }
    /// Those that may receive. (Not a span: one in a class of no parameters costs every file 50 million instructions.)
    struct reached {
        node_id const* first;
        std::size_t count;
        [[nodiscard]] std::size_t size() const noexcept { return count; }
        [[nodiscard]] node_id const* begin() const noexcept { return first; }
        [[nodiscard]] node_id const* end() const noexcept { return first + count; }
    };
    [[nodiscard]] reached reach() const noexcept {
        if (listed_) return {reached_.data(), count_};
        return {receivers_.data(), receivers_.size()};
    }
    /// What the i-th source sends, and f(node, sum) for every node that receives.
    [[nodiscard]] std::uint64_t sent(std::size_t i) const noexcept { return sent_[i]; }
    template <class F> void each_sum(F&& f) const {
        for (node_id const node : reach())
            if (std::uint64_t const sum = sums_[index(node)]; sum != 0) f(node, sum);
    }
    /// Likewise, and the frame is made: the sums are blank again.
    template <class F> void take_sums(F&& f) noexcept {
        std::uint64_t* const sums = sums_.data();
        for (node_id const node : reach())
            if (std::uint64_t const sum = sums[index(node)]; sum != 0) {
                sums[index(node)] = 0;
                f(node, sum);
            }
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
        return (first_.capacity() + least_.capacity() + shares_.capacity() + sums_.capacity()
                + others_.capacity() + sent_.capacity() + 4 * shares_of_work_.capacity())
                   * 8
               + (targets_.capacity() + reached_.capacity() + receivers_.capacity()) * 4;
    }

private:
    /// How many links ahead a sum is asked for, where rows are pushed one after another.
    static constexpr std::size_t ahead = 64;

    void blank() noexcept {
        if (dirty_)
            for (std::uint64_t& sum : sums_) sum = 0;
        dirty_ = true;
        count_ = 0;
        moves_ = 0;
    }
    /// A stretch of the sources, along all of their links; returns how many of those move something.
    template <bool Listed>
    std::uint64_t push(
        array<node_id> const& sources, std::size_t at, std::size_t last,
        std::uint64_t* sums) noexcept {
        std::uint32_t const* const targets = targets_.data();
        std::uint64_t const* const shares = shares_.data();
        std::uint64_t moves = 0;
        for (; at < last; ++at) {
            std::size_t const source = index(sources[at]);
            std::size_t const begin = first_[source];
            std::size_t const end = first_[source + 1];
            std::uint64_t const held = sent_[at];
            std::uint64_t all = 0;
            for (std::size_t i = begin; i < end; ++i) {
                std::uint64_t const amount = math::high_product(held, shares[i]);
                std::uint32_t const target = targets[i];
                if constexpr (Listed) {
                    reached_[count_] = node_id{target};
                    count_ += sums[target] == 0 && amount != 0 ? 1U : 0U;
                } else {
                    __builtin_prefetch(&sums[targets[i + ahead]], 1);
                }
                sums[target] += amount;
                all += amount;
            }
            sent_[at] = all;
            moves += end - begin;
            if (math::high_product(held, least_[source]) == 0)
                for (std::size_t i = begin; i < end; ++i)
                    moves -= math::high_product(held, shares[i]) == 0 ? 1U : 0U;
        }
        return moves;
    }

    struct stretch {
        std::size_t begin = 0;
        std::size_t end = 0;
        std::uint64_t moves = 0;
        bool begun = false;
    };
    array<std::size_t> first_;   // where a row begins, and where the last one ends
    array<std::uint64_t> least_; // share of a row
    array<std::uint32_t> targets_;
    array<std::uint64_t> shares_;
    array<std::uint64_t> sums_;   // of the open frame, by node
    array<std::uint64_t> others_; // likewise, of further workers; blank once added up
    array<stretch> shares_of_work_;
    array<std::uint64_t>
        sent_; // by source in the order they push: what it holds, then what it sends
    array<node_id> receivers_; // that any link leads to
    array<node_id> reached_;   // by the open frame, if listed
    std::size_t count_ = 0;
    std::uint64_t moves_ = 0;
    std::size_t links_ = 0; // of the open frame's sources
    bool listed_ = false;
    bool dirty_ = false; // a frame was staged and not made
};

} // namespace runnel::detail
