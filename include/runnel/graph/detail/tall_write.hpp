// SPDX-License-Identifier: MIT
// room: graph. Moving links within tall stretches.
//
// Why:  a link leaves its block and enters another; what stands between does not move. A full block is cut in two; when all slots are taken, all blocks are filled
//       evenly again, in place. Memory is taken when a stretch becomes tall, and never later.
// Laws: a link stands before the links of its stretch that come later by (stored weight falling, link), also where
//       decay left equals in another order: then among them.
// Cost: a move O(block + log blocks). A cut O(blocks), after half a block of moves at least; spreading O(links), after a
//       twelfth of the links have moved at least.
#pragma once

#include <cstddef>
#include <cstdint>
#include <new>

#include <runnel/graph/concepts.hpp>
#include <runnel/graph/detail/tall.hpp>

namespace runnel::detail {

/// Sorts by weight falling, then by link: one integer carries both.
[[nodiscard]] constexpr std::uint64_t row_key(log_weight lw, link_id link) noexcept {
    auto const falling = ~(static_cast<std::uint32_t>(lw.raw()) ^ 0x8000'0000U);
    return (std::uint64_t{falling} << 32) | static_cast<std::uint32_t>(link);
}
[[nodiscard]] constexpr log_weight key_weight(std::uint64_t key) noexcept {
    return log_weight::from_raw(
        static_cast<std::int32_t>(~static_cast<std::uint32_t>(key >> 32) ^ 0x8000'0000U));
}
[[nodiscard]] constexpr link_id key_link(std::uint64_t key) noexcept {
    return link_id{static_cast<std::uint32_t>(key)};
}

template <class> void tall_rows::add(std::uint32_t first, std::uint32_t length) {
    constexpr std::uint32_t block = tall_stretch::block;
    reserve(1);
    std::uint32_t const own = length / block;
    std::uint32_t const slots = own + own / 16 * 7 + own % 16 * 7 / 16 + 2;
    std::size_t const more = std::size_t{slots - own} * block;
    auto* const memory = static_cast<unsigned char*>(::operator new(bytes_of(own, slots)));
    auto* const t = ::new (static_cast<void*>(memory)) tall_stretch{};
    std::size_t at = sizeof(tall_stretch);
    auto const part = [&](auto*& pointer, std::size_t count) {
        pointer = reinterpret_cast<std::remove_reference_t<decltype(pointer)>>(memory + at);
        at += count * sizeof *pointer;
    };
    t->first = first;
    t->length = length;
    t->own = own;
    t->slots = slots;
    part(t->lowest, slots);
    part(t->more_rows, more);
    part(t->more_links, more);
    part(t->slot_of, slots);
    part(t->block_of, slots);
    part(t->in_group, std::size_t{slots / tall_stretch::group} + 1);
    part(t->count, slots);
    for (std::size_t i = 0; i < more; ++i) { // names are compared without asking where they end
        t->more_links[i] = no_link;
    }
    all_.push_back({first, t});
}

template <class> void tall_rows::reserve(std::size_t more) {
    std::size_t const needed = all_.size() + more;
    if (needed > all_.capacity())
        all_.reserve(needed > 2 * all_.capacity() ? needed : 2 * all_.capacity());
}

template <class> void tall_rows::take(tall_rows& fresh) noexcept {
    for (item const& t : fresh.all_) {
        all_.push_back(t);
        for (std::size_t i = all_.size() - 1; i > 0 && all_[i - 1].first > t.first; --i) {
            all_[i] = all_[i - 1];
            all_[i - 1] = t;
        }
    }
    fresh.all_.clear();
}

template <class> void tall_rows::drop(std::uint32_t first) noexcept {
    std::size_t at = place(first);
    ::operator delete(all_[at].stretch);
    for (; at + 1 < all_.size(); ++at) all_[at] = all_[at + 1];
    all_.pop_back();
    if (all_.empty()) all_ = {};
}

/// Writes into one; what tells links from places learns which slot a link is in: first + slot.
template <class Place> class tall_writer {
public:
    tall_writer(tall_stretch& stretch, Place* place_of) noexcept
        : t_(stretch), place_of_(place_of) {}

    /// Cuts a run into blocks. Expects one that was just added, of a row with these links.
    void start(
        row_entry* rows, link_id* links, std::uint32_t first_link, std::uint32_t end) noexcept {
        t_.own_rows = rows + t_.first;
        t_.own_links = links + t_.first;
        for (std::uint32_t s = 0; s < t_.slots; ++s) t_.slot_of[s] = s;
        // As many full blocks as the range has room for; what is left in a block of its own.
        std::uint32_t const left = t_.length % block;
        std::uint32_t const full = t_.length - left;
        copy(t_.own, 0, t_.own_rows + full, t_.own_links + full, left);
        lay_out(t_.length);
        for (std::uint32_t id = first_link; id < end;
             ++id) { // one after another, as memory likes it
            std::uint32_t const rank = static_cast<std::uint32_t>(place_of_[id]) - t_.first;
            if (rank < t_.length) place_of_[id] = Place{t_.first + rank / filled};
        }
    }

    /// Gives the entry there this weight, and the place that goes with it.
    void move(tall_spot from, log_weight lw) noexcept {
        std::uint32_t const slot = t_.slot_of[from.block];
        row_entry const entry{t_.rows(slot)[from.offset].target, lw};
        link_id const link = t_.links(slot)[from.offset];
        std::uint64_t const key = row_key(lw, link);
        std::uint32_t to = block_for(key);
        take(from);
        if (t_.count[to] == block) to = make_room(key);
        put(to, key, entry);
        place_of_[index(link)] = Place{t_.first + t_.slot_of[to]};
    }

    /// After stored weights have changed, but not their order.
    void find_lowest() noexcept {
        std::uint64_t next = ~std::uint64_t{0};
        for (std::uint32_t b = t_.used; b-- > 0;) {
            if (t_.count[b] != 0) next = key_at(b, 0);
            t_.lowest[b] = next;
        }
        t_.lowest[0] = 0;
    }

private:
    static constexpr std::uint32_t block = tall_stretch::block;
    static constexpr std::uint32_t filled =
        block / 5 * 4; // after spreading; the last may have fewer

    [[nodiscard]] std::uint64_t key_at(std::uint32_t b, std::uint32_t offset) const noexcept {
        std::uint32_t const slot = t_.slot_of[b];
        return row_key(t_.rows(slot)[offset].lw, t_.links(slot)[offset]);
    }
    [[nodiscard]] std::uint32_t block_for(std::uint64_t key) const noexcept {
        std::uint64_t const* low = t_.lowest;
        for (std::uint32_t n = t_.used; n > 1;) { // low[0] <= key; the rest halves
            std::uint32_t const half = n / 2;
            low = low[half] <= key ? low + half : low;
            n -= half;
        }
        return static_cast<std::uint32_t>(low - t_.lowest);
    }
    /// How many of the first so many in a slot come before a key.
    [[nodiscard]] std::uint32_t find(
        std::uint32_t slot, std::uint32_t count, std::uint64_t key) const noexcept {
        row_entry const* const rows = t_.rows(slot);
        link_id const* const links = t_.links(slot);
        std::uint32_t low = 0;
        while (count
               != 0) { // halves. With branches: where they are guessed right, memory is asked ahead
            std::uint32_t const half = count / 2;
            if (row_key(rows[low + half].lw, links[low + half]) < key) {
                low += half + 1;
                count -= half + 1;
            } else {
                count = half;
            }
        }
        return low;
    }
    void copy(
        std::uint32_t slot, std::uint32_t to, row_entry const* rows, link_id const* links,
        std::uint32_t count) noexcept {
        __builtin_memmove(t_.rows(slot) + to, rows, count * sizeof(row_entry));
        __builtin_memmove(t_.links(slot) + to, links, count * sizeof(link_id));
    }
    void shift(
        std::uint32_t slot, std::uint32_t to, std::uint32_t from, std::uint32_t count) noexcept {
        copy(slot, to, t_.rows(slot) + from, t_.links(slot) + from, count);
    }
    void take(tall_spot at) noexcept {
        --t_.in_group[at.block / tall_stretch::group];
        std::uint32_t const left = --t_.count[at.block];
        shift(t_.slot_of[at.block], at.offset, at.offset + 1, left - at.offset);
    }
    void put(std::uint32_t b, std::uint64_t key, row_entry entry) noexcept {
        std::uint32_t const slot = t_.slot_of[b];
        std::uint32_t const count = t_.count[b]++;
        ++t_.in_group[b / tall_stretch::group];
        std::uint32_t const at = find(slot, count, key);
        shift(slot, at + 1, at, count - at);
        t_.rows(slot)[at] = entry;
        t_.links(slot)[at] = key_link(key);
    }
    void name_slot(std::uint32_t b, std::uint32_t count) noexcept {
        std::uint32_t const slot = t_.slot_of[b];
        link_id const* const links = t_.links(slot);
        for (std::uint32_t i = 0; i < count; ++i)
            place_of_[index(links[i])] = Place{t_.first + slot};
    }

    /// A block for this key that is not full. Expects that the one it belongs to is.
    [[nodiscard]] std::uint32_t make_room(std::uint64_t key) noexcept {
        if (t_.used == t_.slots) {
            lay_out(gather());
            for (std::uint32_t b = 0; b < t_.used; ++b) name_slot(b, t_.count[b]);
            return block_for(key);
        }
        std::uint32_t const b = block_for(key);
        std::uint32_t const slot = t_.slot_of[b];
        std::uint32_t const at = find(slot, block, key);
        if (at == block) { // behind all of them: the next takes it, or one between
            if (b + 1 == t_.used || t_.count[b + 1] == block) open(b + 1);
            t_.lowest[b + 1] = key;
            return b + 1;
        }
        if (at == 0 && b == 0) { // a new head
            open(0);
            t_.lowest[1] = key_at(1, 0);
            return 0;
        }
        constexpr std::uint32_t half = block / 2;
        open(b + 1);
        copy(t_.slot_of[b + 1], 0, t_.rows(slot) + half, t_.links(slot) + half, block - half);
        t_.count[b] = half;
        t_.count[b + 1] = block - half;
        if ((b + 1) % tall_stretch::group == 0) {
            t_.in_group[b / tall_stretch::group] -= block - half;
            t_.in_group[(b + 1) / tall_stretch::group] += block - half;
        }
        t_.lowest[b + 1] = key_at(b + 1, 0);
        name_slot(b + 1, block - half);
        return at > half ? b + 1 : b;
    }
    /// An empty block there. Expects a free slot.
    void open(std::uint32_t b) noexcept {
        std::uint32_t const slot = t_.slot_of[t_.used];
        std::size_t const behind = t_.used - b;
        __builtin_memmove(t_.lowest + b + 1, t_.lowest + b, behind * sizeof *t_.lowest);
        __builtin_memmove(t_.slot_of + b + 1, t_.slot_of + b, behind * sizeof *t_.slot_of);
        __builtin_memmove(t_.count + b + 1, t_.count + b, behind * sizeof *t_.count);
        t_.slot_of[b] = slot;
        t_.count[b] = 0;
        // The last of each group goes over to the next.
        if (t_.used % tall_stretch::group == 0) t_.in_group[t_.used / tall_stretch::group] = 0;
        ++t_.used;
        for (std::uint32_t g = b / tall_stretch::group + 1; g * tall_stretch::group < t_.used;
             ++g) {
            std::uint32_t const over = t_.count[g * tall_stretch::group];
            t_.in_group[g - 1] -= over;
            t_.in_group[g] += over;
        }
        for (; b < t_.used; ++b) t_.block_of[t_.slot_of[b]] = b;
    }
    /// Moves all to the front, into full blocks. In place: as many stood before an entry as it finds room for, or more.
    /// Says how many they are.
    std::uint32_t gather() noexcept {
        std::uint32_t to = 0;
        for (std::uint32_t b = 0; b < t_.used; ++b) {
            std::uint32_t const slot = t_.slot_of[b];
            for (std::uint32_t at = 0, left = t_.count[b]; left != 0;) {
                std::uint32_t const room = block - to % block;
                std::uint32_t const now = left < room ? left : room;
                copy(
                    t_.slot_of[to / block], to % block, t_.rows(slot) + at, t_.links(slot) + at,
                    now);
                to += now;
                at += now;
                left -= now;
            }
        }
        return to;
    }
    /// From full blocks into such with room, from the last to the first. In place: an entry goes where no earlier one
    /// stands, for a block never begins with a later one than the full block there did.
    void lay_out(std::uint32_t total) noexcept {
        std::uint32_t const blocks = (total + filled - 1) / filled;
        t_.used = blocks;
        for (std::uint32_t g = 0; g * tall_stretch::group < blocks; ++g) t_.in_group[g] = 0;
        std::uint32_t end = total;
        for (std::uint32_t b = blocks; b-- > 0;) {
            std::uint32_t const begin = b * filled;
            for (std::uint32_t left = end; left > begin;) {
                std::uint32_t const full = (left - 1) / block;
                std::uint32_t const from = full * block > begin ? full * block : begin;
                std::uint32_t const slot = t_.slot_of[full];
                copy(
                    t_.slot_of[b], from - begin, t_.rows(slot) + from % block,
                    t_.links(slot) + from % block, left - from);
                left = from;
            }
            t_.count[b] = static_cast<std::uint8_t>(end - begin);
            t_.in_group[b / tall_stretch::group] += end - begin;
            t_.block_of[t_.slot_of[b]] = b;
            t_.lowest[b] = b == 0 ? 0 : key_at(b, 0);
            end = begin;
        }
    }

    tall_stretch& t_;
    Place* place_of_;
};

} // namespace runnel::detail
