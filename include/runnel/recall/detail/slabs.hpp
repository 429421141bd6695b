// SPDX-License-Identifier: MIT
// room: recall. Rows of bytes by slot that never move once given out.
//
// Why:  a memory lives within a budget. An array that doubles needs three times its size while it grows and
//       up to twice afterwards; here growth takes a sixty-fourth more, and nobody who reads a row has to
//       stop while it happens. A row is found through one pointer per 16 of them, which stays in cache.
//       Large pieces ask for large pages, so that a walk from row to row misses the cache, not the page table.
// Laws: a row keeps its address until `clear`. Growing is in two steps: `more` takes memory and changes
//       nothing, `adopt` cannot fail. Rows start on multiples of four bytes, pieces on lines.
#pragma once

#include <cstddef>
#include <cstdint>
#include <new>
#include <utility>

#include <runnel/core/array.hpp>
#include <runnel/core/large_pages.hpp>

namespace runnel::recall::detail {

inline constexpr std::uint32_t no_slot = ~std::uint32_t{0};

class slabs {
public:
    static constexpr std::size_t group = 16;

    /// Memory for more rows, not yet part of anything.
    class piece {
    public:
        piece() = default;
        piece(piece&& other) noexcept
            : begin_(std::exchange(other.begin_, nullptr)),
              bytes_(std::exchange(other.bytes_, 0)),
              slots_(std::exchange(other.slots_, 0)),
              table_(std::move(other.table_)),
              pieces_(std::move(other.pieces_)) {}
        piece& operator=(piece&& other) noexcept {
            piece taken{std::move(other)};
            std::swap(begin_, taken.begin_);
            std::swap(bytes_, taken.bytes_);
            std::swap(slots_, taken.slots_);
            table_.swap(taken.table_);
            pieces_.swap(taken.pieces_);
            return *this;
        }
        piece(piece const&) = delete;
        piece& operator=(piece const&) = delete;
        ~piece() { release(begin_, bytes_); }

    private:
        friend class slabs;
        std::byte* begin_ = nullptr;
        std::size_t bytes_ = 0;
        std::size_t slots_ = 0;
        runnel::detail::array<std::byte*> table_; // the new tables, written aside
        struct part {
            std::byte* begin;
            std::size_t bytes;
        };
        runnel::detail::array<part> pieces_;
    };

    slabs() = default;
    explicit slabs(std::size_t stride) noexcept : stride_((stride + 3) / 4 * 4) {}
    slabs(slabs&& other) noexcept
        : stride_(other.stride_),
          slots_(std::exchange(other.slots_, 0)),
          owned_(std::exchange(other.owned_, 0)),
          table_(std::move(other.table_)),
          pieces_(std::move(other.pieces_)) {}
    slabs& operator=(slabs&& other) noexcept {
        slabs taken{std::move(other)};
        std::swap(stride_, taken.stride_);
        std::swap(slots_, taken.slots_);
        std::swap(owned_, taken.owned_);
        table_.swap(taken.table_);
        pieces_.swap(taken.pieces_);
        return *this;
    }
    slabs(slabs const&) = delete;
    slabs& operator=(slabs const&) = delete;
    ~slabs() {
        for (auto const& p : pieces_) release(p.begin, p.bytes);
    }

    [[nodiscard]] std::byte* operator[](std::size_t slot) const noexcept {
        return table_[slot / group] + slot % group * stride_;
    }
    /// The rows of a group follow each other.
    [[nodiscard]] std::byte* rows_of(std::size_t group_number) const noexcept {
        return table_[group_number];
    }
    [[nodiscard]] std::size_t stride() const noexcept { return stride_; }
    [[nodiscard]] std::size_t capacity() const noexcept { return slots_; }
    [[nodiscard]] std::size_t bytes() const noexcept {
        return owned_ + table_.capacity() * sizeof(std::byte*)
               + pieces_.capacity() * sizeof(piece::part);
    }
    /// By how much `bytes` grows if `slot` has to be there.
    [[nodiscard]] std::size_t growth(std::size_t slot) const noexcept {
        if (slot < slots_) return 0;
        std::size_t const more = step(slot + 1);
        return more * stride_ + tables(more) * sizeof(std::byte*)
               + next_pieces() * sizeof(piece::part) - (bytes() - owned_);
    }

    /// Memory so that `slots` rows fit; an empty piece where they do.
    [[nodiscard]] piece more(std::size_t slots) const {
        piece fresh;
        if (slots <= slots_) return fresh;
        std::size_t const count = step(slots);
        fresh.table_.reserve(tables(count));
        fresh.table_.append(table_.data(), table_.size());
        fresh.pieces_.reserve(next_pieces());
        fresh.pieces_.append(pieces_.data(), pieces_.size());
        fresh.begin_ = take(count * stride_);
        fresh.bytes_ = count * stride_;
        fresh.slots_ = count;
        for (std::size_t i = 0; i < count; i += group)
            fresh.table_.push_back(fresh.begin_ + i * stride_);
        fresh.pieces_.push_back({fresh.begin_, fresh.bytes_});
        return fresh;
    }
    /// What it replaced stays with the piece, to be freed when nobody is locked out.
    void adopt(piece& fresh) noexcept {
        if (fresh.begin_ == nullptr) return;
        table_.swap(fresh.table_);
        pieces_.swap(fresh.pieces_);
        slots_ += std::exchange(fresh.slots_, 0);
        owned_ += std::exchange(fresh.bytes_, 0);
        fresh.begin_ = nullptr;
    }
    void clear() noexcept { *this = slabs{stride_}; }

private:
    static constexpr std::size_t line = 64;

    [[nodiscard]] std::size_t step(std::size_t slots) const noexcept {
        std::size_t const wanted = slots - slots_;
        std::size_t const steady = slots_ / 64;
        return ((wanted > steady ? wanted : steady) + group - 1) / group * group;
    }
    [[nodiscard]] std::size_t tables(std::size_t more_slots) const noexcept {
        std::size_t const needed = (slots_ + more_slots) / group;
        return needed <= table_.capacity() ? table_.capacity() : needed + needed / 4;
    }
    [[nodiscard]] std::size_t next_pieces() const noexcept {
        std::size_t const needed = pieces_.size() + 1;
        return needed <= pieces_.capacity() ? pieces_.capacity() : needed + needed / 4;
    }
    static std::align_val_t alignment(std::size_t bytes) noexcept {
        return std::align_val_t{
            bytes >= runnel::detail::large_page ? runnel::detail::large_page : line};
    }
    static std::byte* take(std::size_t bytes) {
        auto* const begin = static_cast<std::byte*>(::operator new(bytes, alignment(bytes)));
        runnel::detail::ask_for_large_pages(begin, bytes);
        return begin;
    }
    static void release(std::byte* begin, std::size_t bytes) noexcept {
        if (begin != nullptr) ::operator delete(begin, alignment(bytes));
    }

    std::size_t stride_ = 4;
    std::size_t slots_ = 0;
    std::size_t owned_ = 0;
    runnel::detail::array<std::byte*> table_;
    runnel::detail::array<piece::part> pieces_;
};

} // namespace runnel::recall::detail
