// SPDX-License-Identifier: MIT
// room: recall. Answers kept for questions that come again.
//
// Why:  the same question is asked over and over between two writes, and a search costs hundreds of
//       times what looking it up does. A cache that answers a question with another's answer is worse than
//       none, so a place is found by its hash and believed only after every bit was compared: vectors as
//       they are, not rounded to a grid on which two questions could meet.
// Laws: with it or without it, the same answers under any interleaving of writes, searches and clears,
//       provided that whatever an answer depends on is in the question or moves the version (same filter
//       number, same filter). A stale answer is a miss; what is not of the current version is reused
//       first, since nothing has used it since. The hash decides how fast, never what. Answers longer
//       than `longest` are not kept. `entries` 0: nothing is looked up, counted or allocated.
// Cost: a find reads the question once for its hash and once to compare (about 0.2 us at 384 numbers); a
//       store copies it. Buffers double up to `entries` places; after that nothing is allocated.
//       Not for several threads at once: a find moves its place to the front.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include <runnel/core/array.hpp>
#include <runnel/core/expects.hpp>
#include <runnel/core/reflect.hpp>
#include <runnel/core/result.hpp>
#include <runnel/core/rng.hpp>
#include <runnel/core/versions.hpp>
#include <runnel/recall/faults.hpp>
#include <runnel/recall/hit.hpp>

namespace runnel::recall {

struct cache_config {
    std::uint32_t entries = 256; ///< answers kept at most, up to 2^24; 0: off
    std::uint32_t longest = 64;  ///< hits of an answer that is kept, [1, 2^16]

    friend bool operator==(cache_config const&, cache_config const&) = default;

    template <class Self, class F> static constexpr void visit(Self& self, F&& f) {
        static_assert(arity_is<cache_config, 2>, "recall: a setting is missing from this walk");
        f("entries", self.entries);
        f("longest", self.longest);
    }
    [[nodiscard]] constexpr status validate() const noexcept {
        auto const bad = [](std::string_view sentence, std::uint32_t offender) {
            return fault{fault_kind{faults::invalid_config.code, sentence}, offender};
        };
        if (entries > 1U << 24)
            return bad("recall.cache.entries must not be above 16777216", entries);
        if (longest == 0 || longest > 1U << 16)
            return bad("recall.cache.longest must lie in [1, 65536]", longest);
        return {};
    }
};
static_assert(cache_config{}.validate().has_value());

/// All that an answer depends on, but for what is in the memory.
struct question {
    float const* numbers = nullptr; ///< borrowed for the call
    std::size_t dimension = 0;
    metric by = metric::cosine;
    std::uint64_t k = 0;
    std::uint64_t effort = 0; ///< how hard a walk looks; 0 where nothing walks
    std::uint64_t filter =
        0; ///< the caller's number for a filter; 0: none (what has no number is not asked here)
    std::uint64_t encoder = 0; ///< the version of what made the vector
};

/// Every bit of a question in 64.
struct question_hash {
    [[nodiscard]] std::uint64_t operator()(question const& q) const noexcept {
        std::uint64_t all = mix(q.k + step);
        all = mix(all ^ (q.effort + step));
        all = mix(all ^ (q.filter + step));
        all = mix(all ^ (q.encoder + step));
        all = mix(all ^ (q.dimension * 4 + static_cast<std::uint64_t>(q.by)));
        std::size_t i = 0;
        for (; i + 4 <= q.dimension; i += 4) {
            std::uint64_t words[2];
            __builtin_memcpy(words, q.numbers + i, sizeof words);
            uint128 const both = uint128{words[0] ^ all} * (words[1] ^ step);
            all = static_cast<std::uint64_t>(both) ^ static_cast<std::uint64_t>(both >> 64);
        }
        for (; i < q.dimension; ++i) {
            std::uint32_t word;
            __builtin_memcpy(&word, q.numbers + i, sizeof word);
            all = mix(all ^ (word + step));
        }
        return mix(all);
    }

private:
    static constexpr std::uint64_t step = 0x9E3779B97F4A7C15U;
};

/// The least recently used of at most `entries` answers makes room. `Hash`: any std::uint64_t(question const&).
template <class Hash = question_hash> class basic_query_cache {
public:
    /// What a find yields; `hits` last until the cache is next written or cleared.
    struct answer {
        std::span<hit const> hits;
        search_info info; ///< `cached` is set
        bool known = false;
        [[nodiscard]] explicit operator bool() const noexcept { return known; }
    };

    basic_query_cache() = default; ///< off
    /// For vectors of one dimension; expects a valid config. Allocates nothing yet.
    basic_query_cache(cache_config const& c, std::size_t dimension, Hash hash = {})
        : config_(c), dimension_(dimension), hash_(hash) {}

    /// The answer kept for the very same question and version, and it becomes the newest.
    [[nodiscard]] answer find(question const& q, version now) noexcept {
        if (config_.entries == 0) return {};
        std::uint32_t const at = place_of(q, hash_(q));
        if (at == none || places_[at].stamp != now) {
            ++misses_;
            if (at != none && places_[at].stamp < now) { // of no use to anyone any more
                unlink(at);
                link_oldest(at);
            }
            return {};
        }
        ++hits_;
        unlink(at);
        link_newest(at);
        search_info info = places_[at].info;
        info.cached = true;
        return {kept_.stretch(at * stride(), places_[at].count), info, true};
    }
    /// Keeps an answer, in the place of the same question or of the oldest; `hits` lie elsewhere. An answer
    /// of an older version never replaces a newer one. Strong guarantee.
    void store(question const& q, std::span<hit const> hits, search_info info, version now) {
        if (config_.entries == 0 || hits.size() > config_.longest || q.dimension != dimension_)
            return;
        std::uint64_t const hash = hash_(q);
        std::uint32_t at = place_of(q, hash);
        if (at != none) {
            if (places_[at].stamp > now) return;
            unlink(at);
        } else {
            at = free_place();
            place& fresh = places_[at];
            fresh.hash = hash;
            fresh.asked = header_of(q);
            if (dimension_ != 0) // memcpy wants a place even for nothing
                __builtin_memcpy(&numbers_[at * dimension_], q.numbers, vector_bytes());
            chain(at);
        }
        places_[at].stamp = now;
        places_[at].info = info;
        places_[at].count = static_cast<std::uint32_t>(hits.size());
        for (std::size_t i = 0; i < hits.size(); ++i) kept_[at * stride() + i] = hits[i];
        link_newest(at);
    }

    /// As new: no answers, no buffers, no counts.
    void clear() noexcept { *this = basic_query_cache{config_, dimension_, hash_}; }

    [[nodiscard]] cache_config const& settings() const noexcept { return config_; }
    [[nodiscard]] std::size_t dimension() const noexcept { return dimension_; }
    /// Answers kept, stale ones among them.
    [[nodiscard]] std::size_t size() const noexcept { return places_.size(); }
    [[nodiscard]] std::uint64_t hits() const noexcept { return hits_; }
    [[nodiscard]] std::uint64_t misses() const noexcept { return misses_; }
    /// Hits among all finds; 0 before the first.
    [[nodiscard]] double hit_rate() const noexcept {
        std::uint64_t const all = hits_ + misses_;
        return all == 0 ? 0 : static_cast<double>(hits_) / static_cast<double>(all);
    }
    /// Of its buffers, exactly.
    [[nodiscard]] std::size_t bytes() const noexcept {
        return places_.capacity() * sizeof(place) + numbers_.capacity() * sizeof(float)
               + kept_.capacity() * sizeof(hit) + heads_.capacity() * sizeof(std::uint32_t);
    }
    /// What bytes() never exceeds: for an owner who sets it aside beforehand.
    [[nodiscard]] std::size_t bytes_when_full() const noexcept {
        return config_.entries == 0 ? 0 : bytes_for(config_.entries);
    }

private:
    static constexpr std::uint32_t none = ~std::uint32_t{0};
    struct header {
        std::uint64_t k, effort, filter, encoder;
        metric by;
        friend bool operator==(header const&, header const&) = default;
    };
    struct place {
        std::uint64_t hash = 0;
        header asked{};
        version stamp{};
        search_info info;
        std::uint32_t count = 0;
        std::uint32_t newer = none, older = none; // the order of use
        std::uint32_t next = none;                // in the chain of its head
    };

    [[nodiscard]] static header header_of(question const& q) noexcept {
        return {q.k, q.effort, q.filter, q.encoder, q.by};
    }
    [[nodiscard]] std::size_t stride() const noexcept { return config_.longest; }
    [[nodiscard]] std::size_t vector_bytes() const noexcept { return dimension_ * sizeof(float); }
    [[nodiscard]] std::uint32_t& head_of(std::uint64_t hash) noexcept {
        return heads_[hash & (heads_.size() - 1)];
    }
    [[nodiscard]] std::uint32_t place_of(question const& q, std::uint64_t hash) const noexcept {
        if (heads_.empty() || q.dimension != dimension_) return none;
        header const asked = header_of(q);
        std::uint32_t at = heads_[hash & (heads_.size() - 1)];
        for (; at != none; at = places_[at].next) {
            place const& p = places_[at];
            if (p.hash == hash && p.asked == asked
                && (dimension_ == 0
                    || __builtin_memcmp(
                           numbers_.data() + at * dimension_, q.numbers, vector_bytes())
                           == 0))
                break;
        }
        return at;
    }

    // A place for another question: a new one, or the oldest, taken out of both lists.
    [[nodiscard]] std::uint32_t free_place() {
        if (places_.size() < config_.entries) {
            grow();
            places_.push_back({});
            numbers_.resize(places_.size() * dimension_);
            kept_.resize(places_.size() * stride());
            return static_cast<std::uint32_t>(places_.size() - 1);
        }
        std::uint32_t const at = oldest_;
        unlink(at);
        std::uint32_t* link = &head_of(places_[at].hash);
        while (*link != at) link = &places_[*link].next;
        *link = places_[at].next;
        return at;
    }
    // Room for one more in every buffer, or std::bad_alloc and none is lost.
    void grow() {
        std::size_t const used = places_.size();
        if (kept_.capacity() > used * stride()) return; // the last to be enlarged
        if (used == 0) newest_ = oldest_ = none;        // of one that was moved from, too
        std::size_t room = used == 0 ? 16 : 2 * used;
        if (room > config_.entries) room = config_.entries;
        places_.reserve(room);
        numbers_.reserve(room * dimension_);
        runnel::detail::array<std::uint32_t> heads(heads_for(room), none);
        kept_.reserve(room * stride());
        heads_ = static_cast<runnel::detail::array<std::uint32_t>&&>(heads);
        for (std::uint32_t at = 0; at < used; ++at) chain(at);
    }
    [[nodiscard]] static std::size_t heads_for(std::size_t room) noexcept {
        std::size_t heads = 1;
        while (heads < room) heads *= 2;
        return heads;
    }
    [[nodiscard]] std::size_t bytes_for(std::size_t room) const noexcept {
        return room * (sizeof(place) + vector_bytes() + stride() * sizeof(hit))
               + heads_for(room) * sizeof(std::uint32_t);
    }

    void chain(std::uint32_t at) noexcept {
        std::uint32_t& head = head_of(places_[at].hash);
        places_[at].next = head;
        head = at;
    }
    void unlink(std::uint32_t at) noexcept {
        place const& p = places_[at];
        (p.newer == none ? newest_ : places_[p.newer].older) = p.older;
        (p.older == none ? oldest_ : places_[p.older].newer) = p.newer;
    }
    void link_newest(std::uint32_t at) noexcept {
        places_[at].newer = none;
        places_[at].older = newest_;
        (newest_ == none ? oldest_ : places_[newest_].newer) = at;
        newest_ = at;
    }
    void link_oldest(std::uint32_t at) noexcept {
        places_[at].older = none;
        places_[at].newer = oldest_;
        (oldest_ == none ? newest_ : places_[oldest_].older) = at;
        oldest_ = at;
    }

    cache_config config_{.entries = 0};
    std::size_t dimension_ = 0;
    runnel::detail::array<place> places_;
    runnel::detail::array<float> numbers_; // `dimension_` per place
    runnel::detail::array<hit> kept_;      // `longest` per place
    runnel::detail::array<std::uint32_t> heads_;
    std::uint32_t newest_ = none, oldest_ = none;
    std::uint64_t hits_ = 0;
    std::uint64_t misses_ = 0;
    [[no_unique_address]] Hash hash_{};
};
using query_cache = basic_query_cache<>;

} // namespace runnel::recall
