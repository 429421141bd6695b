// SPDX-License-Identifier: MIT
// The cache of answers: what makes two questions one, what is forgotten first, what it counts and holds.
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <new>
#include <utility>
#include <vector>

#include <runnel/recall/query_cache.hpp>

#include "support/allocations.hpp"
#include "support/catch.hpp"

using namespace runnel;
using recall::cache_config;
using recall::hit;
using recall::metric;
using recall::query_cache;
using recall::question;

namespace {

using vec = std::vector<float>;
using hits = std::vector<hit>;

question about(vec const& v) { return {.numbers = v.data(), .dimension = v.size(), .k = 3}; }
hits some(std::uint32_t slot, std::size_t count = 2) {
    hits all;
    for (std::uint32_t i = 0; i < count; ++i)
        all.push_back({{slot + i, 1}, 1 - .1F * static_cast<float>(i)});
    return all;
}
template <class Answer> hits list(Answer const& a) { return {a.hits.begin(), a.hits.end()}; }
constexpr recall::search_info walked{
    .by = recall::searched::walk, .exact = false, .truncated = true, .compared = 7};
version at(std::uint64_t v) { return version{v}; }

/// The worst there is: all in one chain.
struct colliding {
    std::uint64_t operator()(question const&) const { return 5; }
};

} // namespace

TEST_CASE("A kept answer comes back whole and says that it was kept", "[recall][query_cache]") {
    query_cache cache{{}, 2};
    vec const v{1, 2};
    CHECK(!cache.find(about(v), at(4)));
    cache.store(about(v), some(10), walked, at(4));
    auto const found = cache.find(about(v), at(4));
    REQUIRE(found);
    CHECK(list(found) == some(10));
    auto info = walked;
    info.cached = true;
    CHECK(found.info == info);
    CHECK(cache.hits() == 1);
    CHECK(cache.misses() == 1);
    CHECK(cache.hit_rate() == .5);
}

TEST_CASE("An answer without hits is an answer", "[recall][query_cache]") {
    query_cache cache{{}, 1};
    vec const v{1};
    cache.store(about(v), hits{}, {}, at(1));
    auto const found = cache.find(about(v), at(1));
    CHECK(found);
    CHECK(found.hits.empty());
}

TEMPLATE_TEST_CASE(
    "Whatever differs makes another question, with any hash", "[recall][query_cache]",
    recall::question_hash, colliding) {
    recall::basic_query_cache<TestType> cache{{}, 5};
    vec const v{1, 2, 3, 4, 0};
    vec const others[] = {
        {1, 2, 3, 4, -0.F},
        {0, 2, 3, 4, 0},
        {1, 2, 3, std::nextafter(4.F, 5.F), 0},
        {2, 1, 3, 4, 0}};
    cache.store(about(v), some(1), {}, at(1));
    for (vec const& other : others) CHECK(!cache.find(about(other), at(1)));
    question const asked = about(v);
    question q = asked;
    CHECK(cache.find(q, at(1)));
    q.by = metric::l2;
    CHECK(!cache.find(q, at(1)));
    q = asked, q.k = 4;
    CHECK(!cache.find(q, at(1)));
    q = asked, q.effort = 1;
    CHECK(!cache.find(q, at(1)));
    q = asked, q.filter = 1;
    CHECK(!cache.find(q, at(1)));
    q = asked, q.encoder = 1;
    CHECK(!cache.find(q, at(1)));
    q = asked, q.dimension = 4; // of another length: never kept, never found
    CHECK(!cache.find(q, at(1)));
    cache.store(q, some(9), {}, at(1));
    CHECK(!cache.find(q, at(1)));
    CHECK(cache.size() == 1);
    CHECK(list(cache.find(asked, at(1))) == some(1));
}

TEST_CASE("Each input moves the hash", "[recall][query_cache]") {
    vec const v{1, 2, 3, 4, 5, 6};
    question const asked = about(v);
    std::vector<question> all(6, asked);
    all[1].k = 4;
    all[2].effort = 3;
    all[3].filter = 3;
    all[4].encoder = 3;
    all[5].by = metric::l2;
    std::vector<vec> vectors(v.size(), v);
    for (std::size_t i = 0; i < v.size(); ++i) {
        vectors[i][i] = std::nextafter(v[i], 9.F);
        all.push_back(about(vectors[i]));
    }
    recall::question_hash const hash;
    for (std::size_t i = 0; i < all.size(); ++i)
        for (std::size_t j = 0; j < i; ++j) CHECK(hash(all[i]) != hash(all[j]));
}

TEST_CASE("A NaN is found again: bits are compared, not numbers", "[recall][query_cache]") {
    query_cache cache{{}, 1};
    vec const v{std::numeric_limits<float>::quiet_NaN()};
    cache.store(about(v), some(1), {}, at(1));
    CHECK(cache.find(about(v), at(1)));
}

TEST_CASE("A write makes what was kept stale; its place is reused", "[recall][query_cache]") {
    query_cache cache{{}, 1};
    vec const v{1};
    cache.store(about(v), some(1), {}, at(1));
    CHECK(!cache.find(about(v), at(2)));
    CHECK(cache.misses() == 1);
    cache.store(about(v), some(7), {}, at(2));
    CHECK(cache.size() == 1);
    CHECK(list(cache.find(about(v), at(2))) == some(7));
    SECTION("and an answer that took long does not undo it") {
        cache.store(about(v), some(1), {}, at(1));
        CHECK(list(cache.find(about(v), at(2))) == some(7));
        CHECK(!cache.find(about(v), at(1)));
    }
}

TEST_CASE("The least recently used answer makes room", "[recall][query_cache]") {
    query_cache cache{{.entries = 2}, 1};
    vec const a{1};
    vec const b{2};
    vec const c{3};
    cache.store(about(a), some(1), {}, at(1));
    cache.store(about(b), some(2), {}, at(1));
    REQUIRE(cache.find(about(a), at(1)));
    cache.store(about(c), some(3), {}, at(1));
    CHECK(cache.size() == 2);
    CHECK(cache.find(about(a), at(1)));
    CHECK(!cache.find(about(b), at(1)));
    CHECK(list(cache.find(about(c), at(1))) == some(3));
}

TEST_CASE("What was found stale goes before what is merely old", "[recall][query_cache]") {
    query_cache cache{{.entries = 2}, 1};
    vec const old{1};
    vec const stale{2};
    vec const fresh{3};
    cache.store(about(old), some(1), {}, at(2));
    cache.store(about(stale), some(2), {}, at(1)); // from a search that began before the write
    CHECK(!cache.find(about(stale), at(2)));
    cache.store(about(fresh), some(3), {}, at(2));
    CHECK(cache.find(about(old), at(2)));
    CHECK(cache.find(about(fresh), at(2)));
}

TEST_CASE("One place is a cache", "[recall][query_cache]") {
    query_cache cache{{.entries = 1}, 1};
    for (float x = 0; x < 5; ++x) {
        vec const v{x};
        cache.store(about(v), some(static_cast<std::uint32_t>(x)), {}, at(1));
        CHECK(list(cache.find(about(v), at(1))) == some(static_cast<std::uint32_t>(x)));
    }
    CHECK(cache.size() == 1);
    CHECK(!cache.find(about(vec{3}), at(1)));
}

TEST_CASE("Off is as if it were not there", "[recall][query_cache]") {
    for (query_cache cache : {query_cache{}, query_cache{{.entries = 0}, 1}}) {
        support::allocation_watch const watch;
        vec const v{1};
        std::size_t const own = watch.count();
        cache.store(about(v), hits{}, {}, at(1));
        CHECK(!cache.find(about(v), at(1)));
        CHECK(cache.misses() == 0);
        CHECK(cache.hit_rate() == 0);
        CHECK(cache.bytes() == 0);
        CHECK(cache.bytes_when_full() == 0);
        if (support::counting()) CHECK(watch.count() == own);
    }
}

TEST_CASE("Answers longer than the longest are not kept", "[recall][query_cache]") {
    query_cache cache{{.entries = 4, .longest = 3}, 1};
    vec const v{1};
    cache.store(about(v), some(1, 4), {}, at(1));
    CHECK(!cache.find(about(v), at(1)));
    CHECK(cache.size() == 0);
    cache.store(about(v), some(1, 3), {}, at(1));
    CHECK(list(cache.find(about(v), at(1))) == some(1, 3));
}

TEST_CASE("Cleared is as new", "[recall][query_cache]") {
    query_cache cache{{.entries = 4}, 1};
    vec const v{1};
    cache.store(about(v), some(1), {}, at(1));
    (void)cache.find(about(v), at(1));
    (void)cache.find(about(v), at(2));
    cache.clear();
    CHECK(cache.size() == 0);
    CHECK(cache.hits() == 0);
    CHECK(cache.misses() == 0);
    CHECK(cache.bytes() == 0);
    CHECK(cache.settings() == cache_config{.entries = 4});
    CHECK(!cache.find(about(v), at(1)));
    cache.store(about(v), some(2), {}, at(1));
    CHECK(list(cache.find(about(v), at(1))) == some(2));
}

TEST_CASE("Its bytes are those it took, and once warm it takes none", "[recall][query_cache]") {
    for (std::uint32_t const entries : {1U, 5U, 16U, 40U}) {
        CAPTURE(entries);
        std::vector<vec> questions;
        for (float x = 0; x < 100; ++x) questions.push_back({x, -x, 1});
        hits const answer = some(1, 5);
        support::allocation_watch const watch;
        query_cache cache{{.entries = entries, .longest = 5}, 3};
        for (std::size_t i = 0; i < entries; ++i) {
            cache.store(about(questions[i]), answer, {}, at(1));
            if (support::counting())
                CHECK(watch.kept_bytes() == static_cast<std::ptrdiff_t>(cache.bytes()));
            CHECK(cache.bytes() <= cache.bytes_when_full());
        }
        CHECK(cache.bytes() == cache.bytes_when_full());
        std::size_t const warm = watch.count();
        for (vec const& v : questions) {
            (void)cache.find(about(v), at(2));
            cache.store(about(v), answer, {}, at(2));
        }
        if (support::counting()) CHECK(watch.count() == warm);
    }
}

TEST_CASE("A store that finds no memory changes nothing", "[recall][query_cache]") {
    if (!support::counting()) return;
    std::vector<vec> questions;
    for (float x = 0; x < 17; ++x) questions.push_back({x});
    query_cache filled{{.entries = 40}, 1};
    for (std::uint32_t i = 0; i < 16; ++i) filled.store(about(questions[i]), some(i), {}, at(1));
    hits const last = some(99);
    std::size_t failures = 0;
    for (std::size_t after = 0;; ++after) {
        query_cache cache = filled;
        bool failed = false;
        {
            support::failing_allocation const fail{after};
            try {
                cache.store(about(questions[16]), last, {}, at(1));
            } catch (std::bad_alloc const&) { failed = true; }
        }
        if (!failed) break;
        ++failures;
        CHECK(cache.size() == 16);
        for (std::uint32_t i = 0; i < 16; ++i)
            CHECK(list(cache.find(about(questions[i]), at(1))) == some(i));
        CHECK(!cache.find(about(questions[16]), at(1)));
        cache.store(about(questions[16]), last, {}, at(1));
        CHECK(list(cache.find(about(questions[16]), at(1))) == last);
    }
    CHECK(failures == 4);
}

TEST_CASE("What was moved from is an empty cache", "[recall][query_cache]") {
    query_cache cache{{.entries = 2}, 1};
    vec const v{1};
    for (float x = 0; x < 3; ++x) cache.store(about(vec{x}), some(1), {}, at(1));
    query_cache const taken = std::move(cache);
    CHECK(taken.size() == 2);
    CHECK(!cache.find(about(v), at(1))); // NOLINT(bugprone-use-after-move): that is the point
    cache.store(about(v), some(2), {}, at(1));
    CHECK(list(cache.find(about(v), at(1))) == some(2));
    for (float x = 5; x < 7; ++x) cache.store(about(vec{x}), some(1), {}, at(1));
    CHECK(!cache.find(about(v), at(1)));
    CHECK(cache.find(about(vec{5}), at(1)));
}

TEST_CASE("A cache setting out of range is named", "[recall][query_cache]") {
    auto const told = [](cache_config c) {
        auto const ok = c.validate();
        REQUIRE(!ok);
        CHECK(ok.error().is(recall::faults::invalid_config));
        return ok.error().sentence();
    };
    CHECK(told({.entries = (1U << 24) + 1}) == "recall.cache.entries must not be above 16777216");
    CHECK(told({.longest = 0}) == "recall.cache.longest must lie in [1, 65536]");
    CHECK(told({.longest = 65537}) == "recall.cache.longest must lie in [1, 65536]");
    CHECK(cache_config{.entries = 0}.validate());
    CHECK(cache_config{.entries = 1U << 24, .longest = 65536}.validate());
}
