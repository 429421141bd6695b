// SPDX-License-Identifier: MIT
// room: recall. What searches write although they change nothing: answers kept, counts, times.
//
// Laws: behind one lock, held for a few hundred instructions and never while anything is searched.
#pragma once

#include <runnel/recall/metrics.hpp>
#include <runnel/recall/query_cache.hpp>

namespace runnel::recall::detail {

class books {
public:
    books() = default;
    explicit books(query_cache empty) noexcept : cache(static_cast<query_cache&&>(empty)) {}
    books(books&& other) noexcept
        : cache(static_cast<query_cache&&>(other.cache)),
          counts(other.counts),
          times(other.times) {}
    books& operator=(books&& other) noexcept {
        cache = static_cast<query_cache&&>(other.cache);
        counts = other.counts;
        times = other.times;
        return *this;
    }

    class held {
    public:
        explicit held(books& of) noexcept : of_(of) {
            while (__atomic_test_and_set(&of_.locked_, __ATOMIC_ACQUIRE)) {}
        }
        held(held const&) = delete;
        held& operator=(held const&) = delete;
        ~held() { __atomic_clear(&of_.locked_, __ATOMIC_RELEASE); }

    private:
        books& of_;
    };

    query_cache cache;
    counters counts;
    latency_histogram times;

private:
    char locked_ = 0;
};

} // namespace runnel::recall::detail
