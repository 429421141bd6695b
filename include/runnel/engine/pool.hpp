// SPDX-License-Identifier: MIT
// room: engine. Memory that fields share: chunks of pages, taken and given back.
//
// Why:  a query's field lives for milliseconds; what it held should serve the next one, on whatever thread that runs.
// Laws: copies refer to the same pool; the last of them frees it. Any thread may use it.
// Cost: a lock for each 16 KiB, held for two words.
#pragma once

#include <cstddef>
#include <new>
#include <utility>

#include <runnel/core/trade.hpp>

namespace runnel {
namespace detail {

inline constexpr std::size_t page_nodes = 64;
inline constexpr std::size_t page_bytes = page_nodes * 32;
inline constexpr std::size_t chunk_pages = 8;
inline constexpr std::size_t chunk_bytes = chunk_pages * page_bytes;

struct pool_state {
    unsigned locked = 0;
    std::size_t holders = 1;
    void* free = nullptr; // a chunk's first word points to the next
    std::size_t chunks = 0;
};

} // namespace detail

/// Memory that fields take pages from and give them back to. Copies refer to the same pool; any thread
/// may use it.
class page_pool {
public:
    page_pool() : state_(new detail::pool_state) {}
    page_pool(page_pool const& other) noexcept : state_(other.state_) {
        if (state_ != nullptr) __atomic_add_fetch(&state_->holders, 1, __ATOMIC_RELAXED);
    }
    page_pool(page_pool&& other) noexcept : state_(detail::taken(other.state_)) {}
    page_pool& operator=(page_pool other) noexcept {
        detail::trade(state_, other.state_);
        return *this;
    }
    ~page_pool() {
        if (state_ == nullptr || __atomic_sub_fetch(&state_->holders, 1, __ATOMIC_ACQ_REL) != 0)
            return;
        trim();
        delete state_;
    }

    /// Returns unused memory to the system.
    void trim() noexcept {
        lock();
        for (void* chunk = detail::taken(state_->free); chunk != nullptr;) {
            void* const next = *static_cast<void**>(chunk);
            ::operator delete (chunk, std::align_val_t{64});
            --state_->chunks;
            chunk = next;
        }
        unlock();
    }
    /// Everything the pool has taken from the system, in use or not.
    [[nodiscard]] std::size_t bytes() const noexcept {
        lock();
        std::size_t const chunks = state_->chunks;
        unlock();
        return chunks * detail::chunk_bytes;
    }

    [[nodiscard]] void* take() {
        lock();
        void* chunk = state_->free;
        if (chunk != nullptr) state_->free = *static_cast<void**>(chunk);
        unlock();
        if (chunk != nullptr) return chunk;
        chunk = ::operator new (detail::chunk_bytes, std::align_val_t{64});
        lock();
        ++state_->chunks;
        unlock();
        return chunk;
    }
    void give(void* chunk) noexcept {
        lock();
        *static_cast<void**>(chunk) = state_->free;
        state_->free = chunk;
        unlock();
    }

private:
    void lock() const noexcept { // held for a few instructions, and taken once per 512 new nodes
        while (__atomic_exchange_n(&state_->locked, 1U, __ATOMIC_ACQUIRE) != 0) {}
    }
    void unlock() const noexcept { __atomic_store_n(&state_->locked, 0U, __ATOMIC_RELEASE); }

    detail::pool_state* state_;
};

} // namespace runnel
