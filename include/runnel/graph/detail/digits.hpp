// SPDX-License-Identifier: MIT
// room: graph. Ordering links without comparing them: digit by digit, the least first.
//
// Why:  to compare is to guess, and half of the guesses about links in no order are wrong. Counting guesses nothing, keeps
//       the order of equals, and leaves out what all links share: the bits above the highest node, the weights of a
//       graph without weights.
//       Of short rows the leading digit puts nearly every link in its place, and comparing neighbours does the rest.
// Laws: stable.
// Cost: O(n) a digit of 11 bits that varies (8 of a leading one, and for a few links); O(n) for what is in order already. A second space as long
//       as what is ordered.
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>

#include <runnel/core/ids.hpp>
#include <runnel/graph/rows.hpp>

namespace runnel::detail {

/// A stretch of links, column by column.
struct link_columns {
    row_entry* links = nullptr;
    std::uint16_t* sources = nullptr; // counted from the stretch's first
    link_type* types = nullptr;       // null: of one type

    void take(std::size_t to, link_columns const& from, std::size_t i) const noexcept {
        links[to] = from.links[i];
        sources[to] = from.sources[i];
        if (types != nullptr) types[to] = from.types[i];
    }
    void exchange(std::size_t a, std::size_t b) const noexcept {
        std::swap(links[a], links[b]);
        std::swap(sources[a], sources[b]);
        if (types != nullptr) std::swap(types[a], types[b]);
    }
};

struct figure_of_target {
    std::uint32_t operator()(link_columns const& in, std::size_t i) const noexcept {
        return static_cast<std::uint32_t>(in.links[i].target);
    }
};
struct figure_of_type {
    std::uint32_t operator()(link_columns const& in, std::size_t i) const noexcept {
        return static_cast<std::uint32_t>(in.types[i]);
    }
};
/// Rises as weights fall.
struct figure_of_weight {
    std::uint32_t operator()(link_columns const& in, std::size_t i) const noexcept {
        return ~(static_cast<std::uint32_t>(in.links[i].lw.raw()) ^ 0x8000'0000U);
    }
};

enum class digits : std::uint8_t { all, leading };

struct link_sorter {
    link_columns now;   ///< where they lie
    link_columns other; ///< the second space; the two change places
    std::size_t count = 0;

    template <class Figure> void by(Figure figure, digits which) noexcept {
        std::uint32_t varies = 0;
        bool ordered = true;
        for (std::size_t i = 1; i < count; ++i) {
            varies |= figure(now, i) ^ figure(now, 0);
            ordered &= figure(now, i - 1) <= figure(now, i);
        }
        if (ordered) return;
        int const low = __builtin_ctz(varies);
        int const bits = 32 - __builtin_clz(varies) - low;
        int const most = which == digits::leading || count < 4096 ? 8 : most_bits;
        int const passes = (bits + most - 1) / most;
        int const width =
            which == digits::leading && bits > most ? most : (bits + passes - 1) / passes;
        std::uint32_t const mask = (std::uint32_t{1} << width) - 1;
        int shift = which == digits::leading ? low + bits - width : low;
        for (; shift < low + bits; shift += width) {
            for (std::uint32_t digit = 0; digit <= mask; ++digit) next[digit] = 0;
            for (std::size_t i = 0; i < count; ++i) ++next[figure(now, i) >> shift & mask];
            std::uint32_t sum = 0;
            for (std::uint32_t digit = 0; digit <= mask; ++digit)
                sum += std::exchange(next[digit], sum);
            for (std::size_t i = 0; i < count; ++i)
                other.take(next[figure(now, i) >> shift & mask]++, now, i);
            std::swap(now, other);
        }
    }
    /// Whose first places are known, and used up.
    void by_source(std::uint32_t* places) noexcept {
        for (std::size_t i = 0; i < count; ++i) other.take(places[now.sources[i]]++, now, i);
        std::swap(now, other);
    }

    static constexpr int most_bits = 11; // a cache keeps as many lines open
    std::uint32_t next[std::size_t{1} << most_bits];
};

} // namespace runnel::detail
