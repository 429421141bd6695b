// SPDX-License-Identifier: MIT
// room: graph. Long stretches of rows that are written link by link: blocks with room in them.
//
// Why:  a link whose weight changes moves past others. In one long run that costs what it passes, a million at a
//       hub; in blocks of a hundred it costs two blocks. A stretch is cut into blocks by its first single write, and
//       is one run again after a batch that sorts it anew. Most blocks lie where the run lay.
// Laws: block after block, entries stand as in one run: a place is the row's begin and how many stand before. What is
//       stored in a block is not lighter than what is stored in the next. Blocks may be empty.
// Cost: half as much again as the stretch (12 B a link: entry and name). An entry by its place: O(blocks / 64 + 64);
//       a link: a scan of the names in its block.
#pragma once

#include <cstddef>
#include <cstdint>

#include <runnel/core/array.hpp>
#include <runnel/core/ids.hpp>
#include <runnel/graph/row_entry.hpp>

namespace runnel::detail {

/// Which block, and where in it.
struct tall_spot {
    std::uint32_t block;
    std::uint32_t offset;
};

/// One such stretch. Blocks have an order and lie in slots; the first `own` slots are the range of the row itself.
struct tall_stretch {
    static constexpr std::uint32_t block = 128; // entries that a block has room for
    static constexpr std::uint32_t group = 64;  // blocks counted together
    static constexpr std::uint32_t least =
        4 * block; // a stretch below moves links as fast in one run

    std::uint32_t first; // place of its first link
    std::uint32_t length;
    std::uint32_t own;
    std::uint32_t slots;
    std::uint32_t used; // blocks
    row_entry* own_rows;
    link_id* own_links;
    row_entry* more_rows;
    link_id* more_links;
    std::uint64_t*
        lowest; // of each block: no row_key in it is below, none of an earlier block above
    std::uint32_t* slot_of;  // of each block; then the free ones
    std::uint32_t* block_of; // of each slot in use
    std::uint32_t* in_group; // how many links
    std::uint8_t* count;     // of each block: how many links
    static_assert(block < 256);

    [[nodiscard]] row_entry* rows(std::uint32_t slot) const noexcept {
        return slot < own ? own_rows + std::size_t{slot} * block
                          : more_rows + std::size_t{slot - own} * block;
    }
    [[nodiscard]] link_id* links(std::uint32_t slot) const noexcept {
        return slot < own ? own_links + std::size_t{slot} * block
                          : more_links + std::size_t{slot - own} * block;
    }
    /// The entry that so many stand before. Expects fewer than there are: then no empty block is found.
    [[nodiscard]] tall_spot spot_of(std::uint32_t rank) const noexcept {
        std::uint32_t at = 0;
        if (rank >= count[0]) {
            std::uint32_t g = 0;
            for (; rank >= in_group[g]; ++g) rank -= in_group[g]; // ends: so does the next
            for (at = g * group; rank >= count[at]; ++at) rank -= count[at];
        }
        return {at, rank};
    }
    [[nodiscard]] std::uint32_t rank_of(tall_spot at) const noexcept {
        std::uint32_t rank = at.offset;
        std::uint32_t const g = at.block / group;
        for (std::uint32_t i = 0; i < g; ++i) rank += in_group[i];
        for (std::uint32_t i = g * group; i < at.block; ++i) rank += count[i];
        return rank;
    }
    [[nodiscard]] row_entry& entry(tall_spot at) const noexcept {
        return rows(slot_of[at.block])[at.offset];
    }
    [[nodiscard]] link_id link(tall_spot at) const noexcept {
        return links(slot_of[at.block])[at.offset];
    }
    /// Expects that the link lies in this slot.
    [[nodiscard]] tall_spot spot_of(std::uint32_t slot, link_id link) const noexcept {
        link_id const* const names = links(slot);
        std::int32_t left = 0; // of the names when it comes; all are compared, without a branch
        for (std::uint32_t i = 0; i < block; ++i) {
            std::int32_t const here = names[i] == link ? static_cast<std::int32_t>(block - i) : 0;
            left = left < here ? here : left; // what was left behind the last entry comes after it
        }
        return {block_of[slot], block - static_cast<std::uint32_t>(left)};
    }
    /// Fetches a block before it is looked for: what is found in it depends on what was read before.
    void fetch(std::uint32_t slot) const noexcept {
        auto const* const rows_at = reinterpret_cast<char const*>(rows(slot));
        auto const* const links_at = reinterpret_cast<char const*>(links(slot));
        for (std::uint32_t i = 0; i < block * 4; i += 64) __builtin_prefetch(links_at + i);
        for (std::uint32_t i = 0; i < block * 8; i += 64) __builtin_prefetch(rows_at + i);
    }
};

/// The entries of one stretch by their rank, however they lie.
struct stretch_rows {
    row_entry const* flat = nullptr;
    tall_stretch const* tall = nullptr; // null: one run

    [[nodiscard]] row_entry const& operator[](std::uint32_t rank) const noexcept {
        if (tall != nullptr) [[unlikely]]
            return tall->entry(tall->spot_of(rank));
        return flat[rank];
    }
};

/// All tall stretches of a store, which it owns, by their first place.
class tall_rows {
public:
    tall_rows() = default;
    tall_rows(tall_rows&&) noexcept = default;
    tall_rows& operator=(tall_rows&& other) noexcept {
        all_.swap(other.all_); // what was here goes with the other
        return *this;
    }
    tall_rows(tall_rows const&) = delete;
    tall_rows& operator=(tall_rows const&) = delete;
    ~tall_rows() {
        for (item const& t : all_) ::operator delete(t.stretch);
    }

    [[nodiscard]] bool empty() const noexcept { return all_.empty(); }
    /// The stretch with this first place and so many links, if it is tall.
    [[nodiscard]] tall_stretch* at(std::uint32_t first, std::uint32_t length) const noexcept {
        if (length < tall_stretch::least || all_.empty()) return nullptr;
        item const& found = all_[place(first)];
        return found.first == first ? found.stretch : nullptr;
    }
    template <class F> void each(F&& f) const {
        for (item const& t : all_) f(*t.stretch);
    }
    [[nodiscard]] std::size_t bytes() const noexcept {
        std::size_t sum = all_.capacity() * sizeof(item);
        for (item const& t : all_) sum += bytes_of(t.stretch->own, t.stretch->slots);
        return sum;
    }

    /// A stretch with room for so many links and none in it yet. The only thing here that throws, with `reserve`.
    template <class = void> void add(std::uint32_t first, std::uint32_t length);
    template <class = void> void reserve(std::size_t more);
    /// Takes over another's; expects room, and that none is in both.
    template <class = void> void take(tall_rows& fresh) noexcept;
    template <class = void> void drop(std::uint32_t first) noexcept;
    [[nodiscard]] std::size_t size() const noexcept { return all_.size(); }

private:
    struct item {
        std::uint32_t first;
        tall_stretch* stretch;
    };
    /// The last that begins there or before; else the first.
    [[nodiscard]] std::size_t place(std::uint32_t first) const noexcept {
        std::size_t low = 0;
        for (std::size_t high = all_.size(); high - low > 1;) { // the gap halves
            std::size_t const middle = low + (high - low) / 2;
            (all_[middle].first <= first ? low : high) = middle;
        }
        return low;
    }
    [[nodiscard]] static constexpr std::size_t bytes_of(
        std::uint32_t own, std::uint32_t slots) noexcept {
        return sizeof(tall_stretch) + std::size_t{slots - own} * tall_stretch::block * 12
               + std::size_t{slots} * 17 + std::size_t{slots / tall_stretch::group + 1} * 4;
    }
    array<item> all_;
};

} // namespace runnel::detail
