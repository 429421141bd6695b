// SPDX-License-Identifier: MIT
// room: recall. The vectors themselves, held once; everything else refers to them by slot.
//
// Why:  an index that keeps its own copy doubles the largest thing in memory and lets the two drift apart.
//       Rows are owned, or borrowed from a matrix that is there anyway, a graph's embeddings say: then
//       nothing but four bytes per row is kept.
// Laws: a row does not move. A slot is filled and only then `publish`ed; what is not published no search
//       sees. A slot freed last is used first, under another generation. A borrowed matrix outlives the rows,
//       and a vector put in is one of its rows.
// Cost: 8 bytes per row beside the vector, 28 bytes per 64 rows.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>

#include <runnel/core/array.hpp>
#include <runnel/recall/codes.hpp>
#include <runnel/recall/detail/slabs.hpp>
#include <runnel/recall/similarity.hpp>

namespace runnel::recall {

/// A matrix somebody else owns: rows of `dimension` numbers, one after the other.
struct borrowed {
    float const* numbers = nullptr;
    std::size_t count = 0; ///< of numbers, all rows together
};

class rows {
public:
    rows() = default;
    rows(rows&& other) noexcept
        : compare_(other.compare_),
          from_(other.from_),
          coded_(other.coded_),
          numbers_(std::move(other.numbers_)),
          cards_(std::move(other.cards_)),
          codes_(std::move(other.codes_)),
          live_(std::move(other.live_)),
          size_(std::exchange(other.size_, 0)),
          end_(std::exchange(other.end_, 0)),
          free_(std::exchange(other.free_, none)),
          after_free_(std::exchange(other.after_free_, none)) {}
    struct shape {
        metric by = metric::cosine;
        std::size_t dimension = 0;
        coding coded = coding::none;
        borrowed from = {}; ///< nothing: the rows own their numbers
    };
    explicit rows(shape of)
        : compare_(of.by, of.dimension),
          from_(of.from),
          coded_(of.coded),
          numbers_(
              of.from.numbers != nullptr ? sizeof(std::uint32_t) : of.dimension * sizeof(float)),
          cards_(sizeof(card)),
          codes_(compare_) {}

    [[nodiscard]] comparer const& compare() const noexcept { return compare_; }
    [[nodiscard]] std::size_t dimension() const noexcept { return compare_.dimension(); }
    /// Of published rows.
    [[nodiscard]] std::size_t size() const noexcept { return size_; }
    /// One above the highest slot ever given out.
    [[nodiscard]] std::uint32_t end() const noexcept { return end_; }
    /// Rows there is memory for.
    [[nodiscard]] std::size_t capacity() const noexcept { return numbers_.capacity(); }
    [[nodiscard]] bool owns() const noexcept { return from_.numbers == nullptr; }

    /// Codes of all rows, if there are any.
    [[nodiscard]] codes const* coded() const noexcept {
        return coded_ == coding::bytes ? &codes_ : nullptr;
    }
    [[nodiscard]] float const* numbers(std::uint32_t slot) const noexcept {
        std::byte const* const row = numbers_[slot];
        return owns()
                   ? reinterpret_cast<float const*>(row)
                   : from_.numbers
                         + std::size_t{*reinterpret_cast<std::uint32_t const*>(row)} * dimension();
    }
    [[nodiscard]] measured operator[](std::uint32_t slot) const noexcept {
        return {numbers(slot), at(slot).inverse_norm};
    }
    /// Four rows from a multiple of four.
    void four_from(std::size_t slot, measured* out) const noexcept {
        if (!owns()) {
            for (std::size_t r = 0; r < 4; ++r)
                out[r] = (*this)[static_cast<std::uint32_t>(slot + r)];
            return;
        }
        std::byte const* const row = numbers_[slot];
        auto const* const c = reinterpret_cast<card const*>(cards_[slot]);
        for (std::size_t r = 0; r < 4; ++r)
            out[r] = {
                reinterpret_cast<float const*>(row + r * numbers_.stride()), c[r].inverse_norm};
    }
    template <class = void>
    [[nodiscard]] std::span<float const> vector(std::uint32_t slot) const noexcept {
        return {numbers(slot), dimension()};
    }
    [[nodiscard]] bool live(std::uint32_t slot) const noexcept {
        return slot < end_ && (live_[slot / 64] >> slot % 64 & 1) != 0;
    }
    /// Which of 64 slots hold something.
    [[nodiscard]] std::uint64_t live_group(std::size_t group) const noexcept {
        return live_[group];
    }
    [[nodiscard]] entry_id entry(std::uint32_t slot) const noexcept {
        return {slot, at(slot).generation};
    }
    [[nodiscard]] bool holds(entry_id entry) const noexcept {
        return live(entry.slot) && at(entry.slot).generation == entry.generation;
    }
    void prefetch(std::uint32_t slot) const noexcept {
        float const* const row = numbers(slot);
        std::size_t const lines = dimension() < 128 ? (dimension() + 15) / 16 : 8;
        for (std::size_t i = 0; i < lines; ++i) __builtin_prefetch(row + i * 16);
    }

    /// The number of a borrowed row, if it is one.
    [[nodiscard]] bool is_row(float const* vector) const noexcept {
        auto const begin = reinterpret_cast<std::uintptr_t>(from_.numbers);
        auto const at = reinterpret_cast<std::uintptr_t>(vector);
        std::size_t const row = dimension() * sizeof(float);
        return at >= begin && (at - begin) % row == 0
               && (at - begin) / row < from_.count / dimension();
    }

    /// The slot the next row takes: the one freed last, or a new one.
    [[nodiscard]] std::uint32_t next() const noexcept { return free_ != none ? free_ : end_; }
    /// By how many bytes a row at that slot makes it grow.
    [[nodiscard]] std::size_t growth(std::uint32_t slot) const noexcept {
        if (slot < numbers_.capacity()) return 0;
        return numbers_.growth(slot) + cards_.growth(slot)
               + (coded() != nullptr ? codes_.growth(slot) : 0)
               + (live_capacity(slot) - live_.capacity()) * sizeof(std::uint64_t);
    }
    [[nodiscard]] std::size_t bytes() const noexcept {
        return numbers_.bytes() + cards_.bytes() + codes_.bytes()
               + live_.capacity() * sizeof(std::uint64_t);
    }

    /// What one row takes.
    [[nodiscard]] std::size_t entry_bytes() const noexcept {
        return numbers_.stride() + cards_.stride()
               + (coded() != nullptr ? codes_.entry_bytes() : 0);
    }

    /// Memory for `count` rows in all; taken aside, so that searches may go on.
    class room {
        friend class rows;
        detail::slabs::piece numbers_;
        detail::slabs::piece cards_;
        codes::room codes_;
        runnel::detail::array<std::uint64_t> live_;
    };
    [[nodiscard]] room more(std::size_t count) const {
        room fresh;
        if (count <= numbers_.capacity()) return fresh;
        fresh.numbers_ = numbers_.more(count);
        fresh.cards_ = cards_.more(count);
        if (coded() != nullptr) fresh.codes_ = codes_.more(count);
        fresh.live_.reserve(live_capacity(count - 1));
        fresh.live_.append(live_.data(), live_.size());
        return fresh;
    }
    /// No search is inside; `fresh` keeps what it replaced.
    void adopt(room& fresh) noexcept {
        numbers_.adopt(fresh.numbers_);
        cards_.adopt(fresh.cards_);
        codes_.adopt(fresh.codes_);
        if (fresh.live_.capacity() > live_.capacity()) live_.swap(fresh.live_);
    }
    /// Fills the next slot, which nobody sees yet. There is room, and the vector was measured.
    void write(measured vector) noexcept {
        std::uint32_t const slot = next();
        if (slot == end_) at(slot).generation = 0;
        rewrite(slot, vector);
    }
    /// Other numbers for a row. No search is inside, or nobody sees it.
    void rewrite(std::uint32_t slot, measured vector) noexcept {
        if (owns()) {
            __builtin_memmove(numbers_[slot], vector.numbers, dimension() * sizeof(float));
        } else {
            auto const row = static_cast<std::uint32_t>(
                static_cast<std::size_t>(vector.numbers - from_.numbers) / dimension());
            __builtin_memcpy(numbers_[slot], &row, sizeof row);
        }
        at(slot).inverse_norm = vector.inverse_norm;
        if (coded() != nullptr) codes_.write(compare_, (*this)[slot], slot);
    }
    /// The slot that was filled becomes an entry. No search is inside.
    void publish() noexcept {
        std::uint32_t const slot = next();
        if (slot == end_) {
            if (slot % 64 == 0) live_.push_back(0); // there is room
            ++end_;
        } else {
            free_ = after_free_;
            after_free_ = free_ != none ? link(free_) : none;
        }
        ++at(slot).generation;
        live_[slot / 64] |= std::uint64_t{1} << slot % 64;
        ++size_;
    }
    /// The entry is gone and its slot is the next. No search is inside.
    void withdraw(std::uint32_t slot) noexcept {
        ++at(slot).generation;
        live_[slot / 64] &= ~(std::uint64_t{1} << slot % 64);
        --size_;
        if (free_ != none) set_link(free_, after_free_);
        after_free_ = free_;
        free_ = slot;
    }
    /// As made. Entries of before mean nothing afterwards.
    void clear() noexcept {
        numbers_.clear();
        cards_.clear();
        codes_.clear();
        live_ = {};
        free_ = after_free_ = none;
        size_ = end_ = 0;
    }

private:
    struct card {
        float inverse_norm;
        std::uint32_t generation; // odd while taken
    };
    [[nodiscard]] card& at(std::uint32_t slot) const noexcept {
        return *reinterpret_cast<card*>(cards_[slot]);
    }

    // A free slot's link to the next lies where its inverse norm was. That of the first is kept here as well:
    // a row written there and then given up must not cut the list.
    [[nodiscard]] std::uint32_t link(std::uint32_t slot) const noexcept {
        return std::bit_cast<std::uint32_t>(at(slot).inverse_norm);
    }
    void set_link(std::uint32_t slot, std::uint32_t to) noexcept {
        at(slot).inverse_norm = std::bit_cast<float>(to);
    }
    [[nodiscard]] std::size_t live_capacity(std::size_t slot) const noexcept {
        std::size_t const needed = slot / 64 + 1;
        return needed <= live_.capacity() ? live_.capacity() : needed + needed / 4;
    }
    static constexpr std::uint32_t none = ~std::uint32_t{0};

    comparer compare_;
    borrowed from_;
    coding coded_ = coding::none;
    detail::slabs numbers_;
    detail::slabs cards_;
    codes codes_;
    runnel::detail::array<std::uint64_t> live_;
    std::size_t size_ = 0;
    std::uint32_t end_ = 0;
    std::uint32_t free_ = none;
    std::uint32_t after_free_ = none;
};

} // namespace runnel::recall
