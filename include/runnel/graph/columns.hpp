// SPDX-License-Identifier: MIT
// room: graph. Optional columns: names with their index, and rows of floats.
//
// Why:  a column nobody filled costs nothing; a filled one is one allocation, not one per node.
// Laws: `find(name(n)) == n` for every named node. In a built graph a node without a row of floats reads
//       as zeros, or as empty if no node has one.
// Cost: find is O(length) expected; name is O(1). A name takes its letters, 16 bytes, and 21 to 43 of the table.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include <runnel/core/array.hpp>
#include <runnel/core/ids.hpp>
#include <runnel/core/rng.hpp>

namespace runnel {

/// Unique names, kept end to end, found through an open table. An entry holds what decides nearly every answer, a part of
/// the hash, and where the letters lie: two places of memory an answer.
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
        return table_[probe(name, hash(name))].node;
    }
    /// Somebody will soon ask for this name: its entry is on its way into the cache when this returns.
    void expect(std::string_view name) const noexcept {
        if (!table_.empty()) __builtin_prefetch(&table_[hash(name) & (table_.size() - 1)]);
    }
    /// Names are added once per node, unique, not empty; the caller has asked `find` before.
    void add(node_id node, std::string_view name) {
        if ((named_ + 1) * 4 > table_.size() * 3) grow();
        if (spans_.size() <= index(node)) spans_.resize(index(node) + 1);
        std::size_t const begin = letters_.size();
        letters_.append(name.data(), name.size());
        spans_[index(node)] = {begin, static_cast<std::uint32_t>(name.size())};
        enter(node, name);
        ++named_;
    }
    [[nodiscard]] std::size_t bytes() const noexcept {
        return letters_.capacity() + spans_.capacity() * sizeof(letter_span)
               + table_.capacity() * sizeof(entry);
    }

private:
    struct letter_span {
        std::size_t begin = 0;
        std::uint32_t length = 0;
    };
    struct entry {
        std::uint32_t tag = 0;
        node_id node = no_node;  // none: free
        std::uint64_t place = 0; // of the letters, and how many if that is a short length
    };
    static_assert(sizeof(entry) == 16);

    static constexpr unsigned length_bits = 20; // few names need more
    static constexpr std::uint64_t long_name = (std::uint64_t{1} << length_bits) - 1;
    [[nodiscard]] static std::uint64_t shortened(std::string_view name) noexcept {
        return name.size() < long_name ? name.size() : long_name;
    }

    [[nodiscard]] static std::uint32_t tag(std::uint64_t hash) noexcept {
        return static_cast<std::uint32_t>(hash >> 32);
    }
    [[nodiscard]] static std::uint64_t hash(std::string_view name) noexcept {
        std::uint64_t h = name.size();
        for (; name.size() > 8; name.remove_prefix(8)) h = mix(h ^ letters(name.data(), 8));
        return mix(h ^ letters(name.data(), name.size()));
    }
    /// At most eight, as a number.
    [[nodiscard]] static std::uint64_t letters(char const* from, std::size_t count) noexcept {
        std::uint64_t number = 0;
        if (count >= 8) {
            __builtin_memcpy(&number, from, 8);
        } else if (count >= 4) { // two fours that overlap
            std::uint32_t first = 0;
            std::uint32_t last = 0;
            __builtin_memcpy(&first, from, 4);
            __builtin_memcpy(&last, from + count - 4, 4);
            number = std::uint64_t{first} << 32 | last;
        } else {
            for (std::size_t i = 0; i < count; ++i)
                number = number << 8 | static_cast<unsigned char>(from[i]);
        }
        return number;
    }
    /// The place of `name`, or the free place where it belongs.
    [[nodiscard]] std::size_t probe(std::string_view name, std::uint64_t hashed) const noexcept {
        std::size_t const mask = table_.size() - 1;
        std::size_t place = hashed & mask;
        while (table_[place].node != no_node && !is(table_[place], name, tag(hashed)))
            place = (place + 1) & mask; // terminates: a quarter of the table is free
        return place;
    }
    [[nodiscard]] bool is(
        entry const& e, std::string_view name, std::uint32_t tagged) const noexcept {
        return e.tag == tagged && (e.place & long_name) == shortened(name)
               && (name.size() < long_name || spans_[index(e.node)].length == name.size())
               && __builtin_memcmp(
                      letters_.data() + (e.place >> length_bits), name.data(), name.size())
                      == 0;
    }
    void enter(node_id node, std::string_view name) noexcept {
        std::uint64_t const hashed = hash(name);
        std::size_t const begin = spans_[index(node)].begin;
        table_[probe(name, hashed)] = {tag(hashed), node, begin << length_bits | shortened(name)};
    }
    void grow() {
        table_ = detail::array<entry>(table_.empty() ? 16 : table_.size() * 2);
        for (std::uint32_t n = 0; n < spans_.size(); ++n) // along the letters, not along the table
            if (node_id const node{n}; spans_[n].length != 0) enter(node, (*this)[node]);
    }

    detail::array<char> letters_;
    detail::array<letter_span> spans_;
    detail::array<entry> table_;
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
