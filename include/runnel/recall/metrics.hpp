// SPDX-License-Identifier: MIT
// room: recall. What a memory did, counted, and how long its searches took.
//
// Why:  a memory reads no clock; whoever has one hands it in, and without one not even the place for it is
//       left. A mean hides the searches people wait for, so latencies are kept as a histogram, whose
//       quantiles are as good after a billion searches as after ten, in a kilobyte.
// Laws: four buckets an octave from 64 ns to 2^34 ns (17 s): a quantile in there is off by 12.5 % of itself
//       at most, below 64 ns by 32 ns, above it yields the longest. `shortest`, `longest`, `count` and, below
//       584 years, `total` are exact; a quantile lies between the first two and does not fall as p grows.
//       Merging two histograms is adding all that went into either.
// Cost: an add is a count of leading zeros and an increment; not for several threads at once.
#pragma once

#include <bit>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <type_traits>

#include <runnel/core/expects.hpp>
#include <runnel/core/reflect.hpp>

namespace runnel::recall {

/// Since the start, or the last clear.
struct counters {
    std::uint64_t adds = 0;
    std::uint64_t erases = 0;    ///< by call
    std::uint64_t evictions = 0; ///< for the budget
    std::uint64_t searches = 0;  ///< answered, from the cache too
    std::uint64_t cache_hits = 0;
    std::uint64_t refused = 0; ///< calls that ended in a fault
    std::uint64_t scans = 0;   ///< searches that looked at all rows
    std::uint64_t walks = 0;   ///< searches that followed links

    friend constexpr bool operator==(counters const&, counters const&) noexcept = default;
    constexpr counters& operator+=(counters const& other) noexcept {
        adds += other.adds;
        erases += other.erases;
        evictions += other.evictions;
        searches += other.searches;
        cache_hits += other.cache_hits;
        refused += other.refused;
        scans += other.scans;
        walks += other.walks;
        return *this;
    }
    template <class Self, class F> static constexpr void visit(Self& self, F&& f) {
        static_assert(arity_is<counters, 8>, "recall: a counter is missing from this walk");
        f("adds", self.adds);
        f("erases", self.erases);
        f("evictions", self.evictions);
        f("searches", self.searches);
        f("cache_hits", self.cache_hits);
        f("refused", self.refused);
        f("scans", self.scans);
        f("walks", self.walks);
    }
};

/// Nobody measures.
struct no_clock {};

/// Any callable that tells nanoseconds from some beginning, or `no_clock`. It does not throw.
template <class Clock>
concept tells_time = std::same_as<Clock, no_clock> || requires(Clock const& now) {
    { now() } -> std::same_as<std::uint64_t>;
};

/// Measures from its making; the clock outlives it.
template <class Clock> class stopwatch {
    static constexpr bool fits =
        tells_time<Clock>; // so that the sentence is not followed by the parts
    static_assert(
        fits,
        "recall: a clock is callable as std::uint64_t() on a const object and tells nanoseconds; "
        "recall::no_clock{} measures nothing");

public:
    constexpr explicit stopwatch(Clock const& now) : now_(&now), started_(now()) {}
    /// 0 if the clock went back.
    [[nodiscard]] constexpr std::uint64_t nanoseconds() const {
        std::uint64_t const at = (*now_)();
        return at > started_ ? at - started_ : 0;
    }

private:
    Clock const* now_;
    std::uint64_t started_;
};
template <> class [[maybe_unused]] stopwatch<no_clock> {
public:
    constexpr explicit stopwatch(no_clock const& /*now*/) noexcept {}
};
static_assert(std::is_empty_v<stopwatch<no_clock>>);

class latency_histogram {
public:
    static constexpr unsigned first_octave = 6; ///< from 2^6 ns
    static constexpr unsigned end_octave = 34;  ///< to 2^34 ns
    static constexpr std::size_t buckets = 2 + 4 * (end_octave - first_octave);

    constexpr void add(std::uint64_t nanoseconds) noexcept {
        ++counts_[bucket_of(nanoseconds)];
        ++count_;
        total_ = sum_or_most(total_, nanoseconds);
        if (nanoseconds < shortest_) shortest_ = nanoseconds;
        if (nanoseconds > longest_) longest_ = nanoseconds;
    }
    /// What a stopwatch shows; nothing without a clock.
    template <class Clock> constexpr void add(stopwatch<Clock> const& watch) {
        if constexpr (!std::is_same_v<Clock, no_clock>) add(watch.nanoseconds());
    }
    constexpr void merge(latency_histogram const& other) noexcept {
        for (std::size_t i = 0; i < buckets; ++i) counts_[i] += other.counts_[i];
        count_ += other.count_;
        total_ = sum_or_most(total_, other.total_);
        if (other.shortest_ < shortest_) shortest_ = other.shortest_;
        if (other.longest_ > longest_) longest_ = other.longest_;
    }
    constexpr void clear() noexcept { *this = latency_histogram{}; }

    [[nodiscard]] constexpr std::uint64_t count() const noexcept { return count_; }
    [[nodiscard]] constexpr std::uint64_t total() const noexcept { return total_; }
    /// 0 before the first, as is `longest`.
    [[nodiscard]] constexpr std::uint64_t shortest() const noexcept {
        return count_ == 0 ? 0 : shortest_;
    }
    [[nodiscard]] constexpr std::uint64_t longest() const noexcept { return longest_; }
    /// How long the fastest part p of all took at most: .5 for the median; p is in [0, 1]. 0 before the first.
    [[nodiscard]] constexpr std::uint64_t quantile(double p) const noexcept {
        RUNNEL_EXPECTS(p >= 0 && p <= 1, "recall: a quantile is asked for a part in [0, 1]");
        if (count_ == 0) return 0;
        double const rank = p * static_cast<double>(count_);
        std::uint64_t seen = 0;
        std::size_t at = 0;
        for (; at + 1 < buckets; ++at) {
            seen += counts_[at];
            if (seen != 0 && static_cast<double>(seen) >= rank) break;
        }
        std::uint64_t const middle = middle_of(at);
        return middle < shortest_ ? shortest_ : (middle > longest_ ? longest_ : middle);
    }

    /// How many fell into a bucket, and where it begins: for those who draw.
    [[nodiscard]] constexpr std::uint64_t in_bucket(std::size_t i) const noexcept {
        return counts_[i];
    }
    [[nodiscard]] static constexpr std::uint64_t begin_of(std::size_t bucket) noexcept {
        if (bucket == 0) return 0;
        std::size_t const octave = first_octave + (bucket - 1) / 4;
        return (4 + (bucket - 1) % 4) << (octave - 2);
    }
    [[nodiscard]] static constexpr std::size_t bucket_of(std::uint64_t nanoseconds) noexcept {
        auto const octave = static_cast<unsigned>(std::bit_width(nanoseconds | 1)) - 1;
        if (octave < first_octave) return 0;
        if (octave >= end_octave) return buckets - 1;
        return 1 + 4 * std::size_t{octave - first_octave} + ((nanoseconds >> (octave - 2)) & 3);
    }

private:
    [[nodiscard]] static constexpr std::uint64_t middle_of(std::size_t bucket) noexcept {
        return bucket + 1 == buckets ? ~std::uint64_t{0}
                                     : begin_of(bucket) / 2 + begin_of(bucket + 1) / 2;
    }
    [[nodiscard]] static constexpr std::uint64_t sum_or_most(
        std::uint64_t a, std::uint64_t b) noexcept {
        return a + b < a ? ~std::uint64_t{0} : a + b;
    }

    std::uint64_t counts_[buckets]{};
    std::uint64_t count_ = 0;
    std::uint64_t total_ = 0;
    std::uint64_t shortest_ = ~std::uint64_t{0};
    std::uint64_t longest_ = 0;
};

/// Adds the time it lived to a histogram, however its scope is left. Where the histogram has a lock, the lock is
/// taken first and so given back last; or a stopwatch is added by hand.
template <class Clock> class timed {
public:
    constexpr timed(latency_histogram& into, Clock const& now) : watch_(now), into_(into) {}
    timed(timed const&) = delete;
    timed& operator=(timed const&) = delete;
    constexpr ~timed() { into_.add(watch_); }

private:
    stopwatch<Clock> watch_;
    latency_histogram& into_;
};
template <> class [[maybe_unused]] timed<no_clock> {
public:
    constexpr timed(latency_histogram& /*into*/, no_clock const& /*now*/) noexcept {}
    timed(timed const&) = delete;
    timed& operator=(timed const&) = delete;
};
static_assert(std::is_empty_v<timed<no_clock>>);

} // namespace runnel::recall
