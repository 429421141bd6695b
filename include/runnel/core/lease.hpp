// SPDX-License-Identifier: MIT
// room: core. Who reads and who writes a shared store: reader slots and one writer.
//
// Why:  a frame must not pay for other frames. A shared counter costs a bus round trip per frame and
//       thread; here each reader owns a padded slot, writes only that, and the rare writer scans all.
// Laws: while a reader is inside, no writer is; while a writer is inside, `enter` is refused, not
//       awaited. A released slot is reused. Atomics are compiler builtins, which thread checkers see.
// Cost: enter and leave are two stores and one load; a writer reads one line per registered reader.
#pragma once

#include <cstddef>
#include <new>
#include <utility>

#include <runnel/core/expects.hpp>
#include <runnel/core/trade.hpp>

namespace runnel {

namespace detail {
struct alignas(64) lease_slot {
    unsigned reading = 0;
    unsigned taken = 1;
    lease_slot* next = nullptr;
};
struct alignas(64) lease_state {
    unsigned writing = 0;
    unsigned owned = 0;
    std::size_t holders = 1;
    lease_slot* slots = nullptr;
};
} // namespace detail

class lease_reader;

/// The readers and the writer of one shared thing. Copies refer to the same board.
class lease_board {
public:
    lease_board() : state_(new detail::lease_state) {}
    /// A board nobody can join: what an empty reader refers to.
    explicit lease_board(std::nullptr_t) noexcept : state_(nullptr) {}
    lease_board(lease_board const& other) noexcept : state_(other.state_) {
        if (state_ != nullptr) __atomic_add_fetch(&state_->holders, 1, __ATOMIC_RELAXED);
    }
    lease_board(lease_board&& other) noexcept : state_(detail::taken(other.state_)) {}
    lease_board& operator=(lease_board other) noexcept {
        detail::trade(state_, other.state_);
        return *this;
    }
    ~lease_board() {
        if (state_ == nullptr || __atomic_sub_fetch(&state_->holders, 1, __ATOMIC_ACQ_REL) != 0)
            return;
        for (auto* slot = state_->slots; slot != nullptr;) delete detail::taken(slot, slot->next);
        delete state_;
    }

    /// Takes a slot of its own for one reader; the only call that allocates.
    [[nodiscard]] lease_reader join() const;

    /// A reader if there is a board, an empty one if not.
    [[nodiscard]] lease_reader join_if_any() const;
    /// Exclusive access, if nobody is inside: true, then `end_write` must follow.
    [[nodiscard]] bool try_write() const noexcept {
        unsigned idle = 0;
        if (!__atomic_compare_exchange_n(
                &state_->writing, &idle, 1U, false, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST))
            return false;
        // In the same total order as joining: a slot not seen here belongs to a reader that has yet
        // to look at `writing`.
        for (auto* slot = __atomic_load_n(&state_->slots, __ATOMIC_SEQ_CST); slot != nullptr;
             slot = slot->next)
            if (__atomic_load_n(&slot->reading, __ATOMIC_SEQ_CST) != 0) return end_write(), false;
        return true;
    }
    void end_write() const noexcept { __atomic_store_n(&state_->writing, 0U, __ATOMIC_SEQ_CST); }

    /// The one engine that may write; false if there is one already.
    [[nodiscard]] bool claim() const noexcept {
        return __atomic_exchange_n(&state_->owned, 1U, __ATOMIC_ACQ_REL) == 0;
    }
    void disclaim() const noexcept { __atomic_store_n(&state_->owned, 0U, __ATOMIC_RELEASE); }

    friend bool operator==(lease_board const& a, lease_board const& b) noexcept {
        return a.state_ == b.state_;
    }

private:
    friend class lease_reader;
    detail::lease_state* state_;
};

/// One reader's slot; give it back by destroying it. Not for use by two threads at once.
class lease_reader {
public:
    lease_reader() noexcept : board_(nullptr), slot_(nullptr) {}
    lease_reader(lease_reader&& other) noexcept
        : board_(std::move(other.board_)), slot_(detail::taken(other.slot_)) {}
    lease_reader& operator=(lease_reader&& other) noexcept {
        detail::trade(board_, other.board_);
        detail::trade(slot_, other.slot_);
        return *this;
    }
    lease_reader(lease_reader const&) = delete;
    lease_reader& operator=(lease_reader const&) = delete;
    ~lease_reader() {
        if (slot_ == nullptr) return;
        leave();
        __atomic_store_n(&slot_->taken, 0U, __ATOMIC_RELEASE);
    }

    [[nodiscard]] bool enter() noexcept {
        RUNNEL_EXPECTS(joined(), "core: an empty reader enters nothing; join a board first");
        RUNNEL_EXPECTS(!inside(), "core: a reader enters once; leave before entering again");
        // Store own slot, then look for a writer; the writer announces, then looks at the slots. In
        // one total order at least one of the two sees the other.
        __atomic_store_n(&slot_->reading, 1U, __ATOMIC_SEQ_CST);
        if (__atomic_load_n(&board_.state_->writing, __ATOMIC_SEQ_CST) == 0) return true;
        leave();
        return false;
    }
    void leave() noexcept { __atomic_store_n(&slot_->reading, 0U, __ATOMIC_RELEASE); }
    [[nodiscard]] bool joined() const noexcept { return slot_ != nullptr; }
    [[nodiscard]] bool inside() const noexcept {
        return __atomic_load_n(&slot_->reading, __ATOMIC_RELAXED) != 0;
    }
    [[nodiscard]] lease_board const& board() const noexcept { return board_; }

private:
    friend class lease_board;
    lease_reader(lease_board board, detail::lease_slot* slot) noexcept
        : board_(std::move(board)), slot_(slot) {}
    lease_board board_;
    detail::lease_slot* slot_;
};

/// The right to be a store's only writing engine, for as long as it is kept.
class lease_claim {
public:
    lease_claim() noexcept : board_(nullptr), held_(false) {}
    explicit lease_claim(lease_board board) noexcept
        : board_(std::move(board)), held_(board_.claim()) {}
    lease_claim(lease_claim&& other) noexcept
        : board_(std::move(other.board_)), held_(detail::taken(other.held_)) {}
    lease_claim& operator=(lease_claim&& other) noexcept {
        detail::trade(board_, other.board_);
        detail::trade(held_, other.held_);
        return *this;
    }
    lease_claim(lease_claim const&) = delete;
    lease_claim& operator=(lease_claim const&) = delete;
    ~lease_claim() {
        if (held_) board_.disclaim();
    }
    [[nodiscard]] bool held() const noexcept { return held_; }

private:
    lease_board board_;
    bool held_;
};

inline lease_reader lease_board::join_if_any() const {
    return state_ != nullptr ? join() : lease_reader{};
}

inline lease_reader lease_board::join() const {
    for (auto* slot = __atomic_load_n(&state_->slots, __ATOMIC_ACQUIRE); slot != nullptr;
         slot = slot->next) {
        unsigned free = 0;
        if (__atomic_compare_exchange_n(
                &slot->taken, &free, 1U, false, __ATOMIC_ACQ_REL, __ATOMIC_RELAXED))
            return {*this, slot};
    }
    auto* fresh = new detail::lease_slot;
    fresh->next = __atomic_load_n(&state_->slots, __ATOMIC_RELAXED);
    while (!__atomic_compare_exchange_n(
        &state_->slots, &fresh->next, fresh, false, __ATOMIC_SEQ_CST, __ATOMIC_RELAXED)) {}
    return {*this, fresh};
}

} // namespace runnel
