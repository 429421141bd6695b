// SPDX-License-Identifier: MIT
// room: recall. What one search needs for itself, and where searches get it from.
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>

#include <runnel/core/array.hpp>
#include <runnel/recall/detail/contenders.hpp>
#include <runnel/recall/nearest.hpp>

namespace runnel::recall {
namespace detail {

/// The nearest found so far, in order, and which of them were not yet looked around from.
class frontier {
public:
    void reset(std::size_t most) {
        most_ = most;
        next_ = 0;
        found_.clear();
        found_.reserve(most + 1);
    }
    [[nodiscard]] std::size_t size() const noexcept { return found_.size(); }
    [[nodiscard]] near operator[](std::size_t i) const noexcept {
        return {found_[i].similarity, found_[i].slot & ~looked};
    }
    /// What is not above this has no place.
    [[nodiscard]] bool admits(float similarity) const noexcept {
        return found_.size() < most_ || similarity >= found_[found_.size() - 1].similarity;
    }
    void add(near one) {
        std::size_t const size = found_.size();
        std::size_t low = 0;
        for (std::size_t high = size; low < high;) {
            std::size_t const middle = (low + high) / 2;
            if (nearer(one, (*this)[middle]))
                high = middle;
            else
                low = middle + 1;
        }
        if (low >= most_) return;
        std::size_t const keep = size < most_ ? size : most_ - 1;
        found_.resize(keep + 1);
        near* const at = found_.data() + low;
        __builtin_memmove(at + 1, at, (keep - low) * sizeof(near));
        *at = one;
        if (low < next_) next_ = low;
    }
    /// The nearest that was not looked around from, and marks it; false when there is none.
    [[nodiscard]] bool next(std::uint32_t& slot) noexcept {
        while (next_ < found_.size() && (found_[next_].slot & looked) != 0) ++next_;
        if (next_ == found_.size()) return false;
        slot = found_[next_].slot;
        found_[next_++].slot |= looked;
        return true;
    }
    /// Who comes next unless somebody nearer is found.
    [[nodiscard]] std::uint32_t peek() const noexcept {
        for (std::size_t i = next_; i < found_.size(); ++i)
            if ((found_[i].slot & looked) == 0) return found_[i].slot;
        return ~std::uint32_t{0};
    }
    /// To look around from all of them once more, on another layer.
    void forget_looking() noexcept {
        for (near& one : found_) one.slot &= ~looked;
        next_ = 0;
    }

    [[nodiscard]] std::size_t bytes() const noexcept { return found_.capacity() * sizeof(near); }

private:
    static constexpr std::uint32_t looked = 0x8000'0000U;
    std::size_t most_ = 0;
    std::size_t next_ = 0;
    runnel::detail::array<near> found_;
};

/// One bit per slot.
class marks {
public:
    void reset(std::size_t slots) {
        words_.clear();
        words_.resize((slots + 63) / 64);
    }
    /// True the first time.
    [[nodiscard]] bool mark(std::uint32_t slot) noexcept {
        std::uint64_t& word = words_[slot / 64];
        std::uint64_t const bit = std::uint64_t{1} << slot % 64;
        bool const fresh = (word & bit) == 0;
        word |= bit;
        return fresh;
    }
    [[nodiscard]] bool marked(std::uint32_t slot) const noexcept {
        return (words_[slot / 64] >> slot % 64 & 1) != 0;
    }

    [[nodiscard]] std::size_t bytes() const noexcept {
        return words_.capacity() * sizeof(std::uint64_t);
    }

private:
    runnel::detail::array<std::uint64_t> words_;
};

} // namespace detail

/// The memory of one search; kept and used again, so that searches do not allocate.
struct scratch {
    nearest best;
    detail::contenders who;
    codes::asked asked;
    detail::frontier found;
    detail::marks seen;
    runnel::detail::array<std::uint32_t> batch;
    scratch* next = nullptr;

    [[nodiscard]] std::size_t bytes() const noexcept {
        return sizeof(scratch) + best.bytes() + who.bytes() + asked.bytes() + found.bytes()
               + seen.bytes() + batch.capacity() * sizeof(std::uint32_t);
    }
};

namespace detail {

/// Lent to searches, and kept for the next.
class scratches {
public:
    scratches() = default;
    scratches(scratches&& other) noexcept : idle_(std::exchange(other.idle_, nullptr)) {}
    scratches& operator=(scratches&& other) noexcept {
        std::swap(idle_, other.idle_);
        return *this;
    }
    ~scratches() {
        while (idle_ != nullptr) delete std::exchange(idle_, idle_->next);
    }

    /// Gives back the memory of those that are not lent now.
    void drop() noexcept {
        lock();
        scratch* one = std::exchange(idle_, nullptr);
        unlock();
        while (one != nullptr) delete std::exchange(one, one->next);
    }
    /// Of those that are not lent now.
    [[nodiscard]] std::size_t bytes() const noexcept {
        lock();
        std::size_t sum = 0;
        for (scratch const* one = idle_; one != nullptr; one = one->next) sum += one->bytes();
        unlock();
        return sum;
    }

    class lent {
    public:
        explicit lent(scratches& from) : from_(from), one_(from.take()) {}
        lent(lent const&) = delete;
        lent& operator=(lent const&) = delete;
        ~lent() { from_.give(one_); }
        scratch& operator*() const noexcept { return *one_; }

    private:
        scratches& from_;
        scratch* one_;
    };

private:
    // A lock of one byte: the list is touched for a few instructions, twice per search.
    void lock() const noexcept {
        while (__atomic_test_and_set(&locked_, __ATOMIC_ACQUIRE)) {}
    }
    void unlock() const noexcept { __atomic_clear(&locked_, __ATOMIC_RELEASE); }
    scratch* take() {
        lock();
        scratch* one = idle_;
        if (one != nullptr) idle_ = one->next;
        unlock();
        return one != nullptr ? one : new scratch;
    }
    void give(scratch* one) noexcept {
        lock();
        one->next = idle_;
        idle_ = one;
        unlock();
    }
    scratch* idle_ = nullptr;
    mutable char locked_ = 0;
};

} // namespace detail
} // namespace runnel::recall
