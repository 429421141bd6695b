// SPDX-License-Identifier: MIT
// room: graph. Optional columns: names with their index, and rows of floats.
//
// Why:  a column nobody filled costs nothing; a filled one is one allocation, not one per node.
// Laws: `find(name(n)) == n` for every named node. In a built graph a node without a row of floats reads
//       as zeros, or as empty if no node has one.
// Cost: find is O(length) expected; name is O(1).
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include <runnel/core/array.hpp>
#include <runnel/core/ids.hpp>
#include <runnel/core/rng.hpp>

namespace runnel {

/// Unique names, kept end to end, found through an open table of node numbers.
class name_column {
public:
    [[nodiscard]] std::string_view operator[](node_id node) const noexcept {
        std::size_t const i = index(node);
        if (i >= spans_.size()) return {};
        return {letters_.data() + spans_[i].begin, spans_[i].length};
    }
    /// no_node if nobody has the name; nobody has the empty one.
    [[nodiscard]] node_id find(std::string_view name) const noexcept {
        if (table_.empty() || name.empty()) return no_node;
        return node_id{table_[probe(name)]};
    }
    /// Names are added once per node, unique, not empty; the caller has asked `find` before.
    void add(node_id node, std::string_view name) {
        if ((named_ + 1) * 2 > table_.size()) grow();
        if (spans_.size() <= index(node)) spans_.resize(index(node) + 1);
        std::size_t const begin = letters_.size();
        letters_.append(name.data(), name.size());
        spans_[index(node)] = {begin, static_cast<std::uint32_t>(name.size())};
        table_[probe(name)] = static_cast<std::uint32_t>(node);
        ++named_;
    }
    [[nodiscard]] std::size_t bytes() const noexcept {
        return letters_.capacity() + spans_.capacity() * sizeof(letter_span)
               + table_.capacity() * sizeof(std::uint32_t);
    }

private:
    struct letter_span {
        std::size_t begin = 0;
        std::uint32_t length = 0;
    };
    static constexpr std::uint32_t free = static_cast<std::uint32_t>(no_node);

    static std::uint64_t hash(std::string_view name) noexcept {
        std::uint64_t h = name.size();
        for (char letter : name) h = mix(h ^ static_cast<unsigned char>(letter));
        return h;
    }
    /// The place of `name`, or the free place where it belongs.
    [[nodiscard]] std::size_t probe(std::string_view name) const noexcept {
        std::size_t const mask = table_.size() - 1;
        std::size_t place = hash(name) & mask;
        while (table_[place] != free && (*this)[node_id{table_[place]}] != name)
            place = (place + 1) & mask; // terminates: at most half of the table is taken
        return place;
    }
    void grow() {
        detail::array<std::uint32_t> old(table_.empty() ? 16 : table_.size() * 2, free);
        old.swap(table_);
        for (std::uint32_t node : old)
            if (node != free) table_[probe((*this)[node_id{node}])] = node;
    }

    detail::array<char> letters_;
    detail::array<letter_span> spans_;
    detail::array<std::uint32_t> table_;
    std::size_t named_ = 0;
};

/// One row of floats of a common length per node; rows never set read as zeros up to the last set one.
class float_column {
public:
    [[nodiscard]] std::size_t dimension() const noexcept { return dimension_; }
    template <class = void>
    [[nodiscard]] std::span<float const> operator[](node_id node) const noexcept {
        std::size_t const begin = index(node) * dimension_;
        if (begin + dimension_ > floats_.size()) return {};
        return floats_.stretch(begin, dimension_);
    }
    /// All rows, row-major: what a matrix library maps without a copy.
    template <class = void> [[nodiscard]] std::span<float const> all() const noexcept {
        return floats_.stretch(0, floats_.size());
    }

    /// The first row fixes the dimension; the caller has checked the later ones against it.
    void set(node_id node, std::span<float const> row) {
        dimension_ = row.size();
        std::size_t const begin = index(node) * dimension_;
        if (floats_.size() < begin + dimension_) floats_.resize(begin + dimension_);
        for (std::size_t i = 0; i < dimension_; ++i) floats_[begin + i] = row[i];
    }
    void pad(std::size_t nodes) { floats_.resize(nodes * dimension_); }
    [[nodiscard]] std::size_t bytes() const noexcept { return floats_.capacity() * sizeof(float); }

private:
    std::size_t dimension_ = 0;
    detail::array<float> floats_;
};

} // namespace runnel
