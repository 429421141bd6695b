// SPDX-License-Identifier: MIT
// room: io. Names met so far, and the nodes they stand for.
//
// Why:  a file with names is mostly a question, "which node was that?", asked twice a line, in no order that a cache could
//       foresee. An entry holds what decides nearly every answer, the hash, and where the letters lie.
// Cost: two places of memory an answer; 16 bytes and the letters a name, at most half of the entries taken.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include <runnel/core/array.hpp>
#include <runnel/core/ids.hpp>
#include <runnel/core/rng.hpp>

namespace runnel::io::detail {

class name_table {
public:
    /// A name with its hash.
    struct key {
        std::string_view name;
        std::uint64_t hash;
    };
    /// Its entry is on its way into the cache when this returns.
    [[nodiscard]] key key_of(std::string_view name) const noexcept {
        key const k{name, hash(name)};
        if (!entries_.empty()) __builtin_prefetch(&entries_[k.hash & (entries_.size() - 1)]);
        return k;
    }
    /// no_node: the name is new.
    [[nodiscard]] node_id find(key const& k) const noexcept {
        return entries_.empty() ? no_node : entries_[probe(k)].node;
    }
    /// A name that `find` does not know. Below 2^21 letters.
    void add(key const& k, node_id node) {
        if ((taken_ + 1) * 2 > entries_.size()) grow();
        std::uint64_t const begin = letters_.size();
        letters_.append(k.name.data(), k.name.size());
        entries_[probe(k)] = {tag(k.hash), node, begin << length_bits | k.name.size()};
        ++taken_;
    }

private:
    static constexpr unsigned length_bits = 21; // a line has no more letters
    struct entry {
        std::uint32_t tag = 0;
        node_id node = no_node; // none: free
        std::uint64_t place = 0;
    };
    static_assert(sizeof(entry) == 16);

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
    /// The place of the name, or the free one where it belongs.
    [[nodiscard]] std::size_t probe(key const& k) const noexcept {
        std::size_t const mask = entries_.size() - 1;
        std::size_t place = k.hash & mask;
        while (entries_[place].node != no_node && !is(entries_[place], k))
            place = (place + 1) & mask; // terminates: at most half of the entries are taken
        return place;
    }
    [[nodiscard]] bool is(entry const& e, key const& k) const noexcept {
        std::size_t const length = e.place & ((std::uint64_t{1} << length_bits) - 1);
        return e.tag == tag(k.hash) && length == k.name.size()
               && __builtin_memcmp(
                      letters_.data() + (e.place >> length_bits), k.name.data(), length)
                      == 0;
    }
    void grow() {
        runnel::detail::array<entry> old(entries_.empty() ? 64 : entries_.size() * 2);
        old.swap(entries_);
        for (entry const& e : old) {
            if (e.node == no_node) continue;
            std::size_t const length = e.place & ((std::uint64_t{1} << length_bits) - 1);
            std::string_view const name{letters_.data() + (e.place >> length_bits), length};
            entries_[probe({name, hash(name)})] = e;
        }
    }

    runnel::detail::array<entry> entries_;
    runnel::detail::array<char> letters_;
    std::size_t taken_ = 0;
};

} // namespace runnel::io::detail
