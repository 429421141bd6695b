// SPDX-License-Identifier: MIT
// room: cost. The affects a line of thought has coloured: rows of floats, found by node.
//
// Why:  few of a graph's nodes are ever coloured, and a question about any other node must not pay for it.
// Laws: what throws (std::bad_alloc) has coloured nothing.
// Cost: memory grows with the coloured nodes alone; finding is O(1) expected, whatever was asked.
#pragma once

#include <cstddef>
#include <cstdint>

#include <runnel/core/array.hpp>
#include <runnel/core/ids.hpp>
#include <runnel/core/rng.hpp>

namespace runnel::cost::detail {

class colour_table {
public:
    [[nodiscard]] std::size_t size() const noexcept { return count_; }
    /// Where a node's row begins, in floats; nowhere for a node that has none.
    [[nodiscard]] std::size_t find(node_id node) const noexcept {
        if (count_ == 0) return nowhere;
        place const& at = table_[probe(node)];
        return at.node == no_node ? nowhere : at.begin;
    }
    /// Adds a row for a node that has none; `from` lies elsewhere.
    std::size_t add(node_id node, float const* from, std::size_t dimension) {
        if ((count_ + 1) * 2 > table_.size()) grow();
        std::size_t const begin = rows_.size();
        rows_.append(from, dimension);
        table_[probe(node)] = {begin, node};
        ++count_;
        return begin;
    }
    [[nodiscard]] float* row(std::size_t begin) noexcept { return rows_.data() + begin; }
    template <class = void> [[nodiscard]] auto row(std::size_t begin, std::size_t dimension) const {
        return rows_.stretch(begin, dimension);
    }
    static constexpr std::size_t nowhere = ~std::size_t{0};

private:
    struct place {
        std::size_t begin = 0;
        node_id node = no_node; // nobody's: the place is free
    };
    [[nodiscard]] std::size_t probe(node_id node) const noexcept {
        std::size_t const mask = table_.size() - 1;
        std::size_t at = mix(index(node) + 1) & mask;
        while (table_[at].node != no_node && table_[at].node != node)
            at = (at + 1) & mask; // terminates: at most half of the table is taken
        return at;
    }
    void grow() {
        runnel::detail::array<place> old(table_.empty() ? 16 : table_.size() * 2);
        old.swap(table_);
        for (place const& at : old)
            if (at.node != no_node) table_[probe(at.node)] = at;
    }

    runnel::detail::array<place> table_;
    runnel::detail::array<float> rows_;
    std::size_t count_ = 0;
};

} // namespace runnel::cost::detail
