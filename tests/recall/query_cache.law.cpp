// SPDX-License-Identifier: MIT
// Laws of the cache of answers: on or off nobody can tell; it counts and forgets as a naive list would.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <list>
#include <vector>

#include <runnel/recall/query_cache.hpp>

#include "support/catch.hpp"
#include "support/law.hpp"

using namespace runnel;
using recall::hit;
using recall::question;

namespace {

/// Few different ones, so that they come again, each in storage of its own.
struct asked {
    std::vector<float> vector;
    recall::metric by;
    std::uint64_t k, effort, filter, encoder;
    friend bool operator==(asked const&, asked const&) = default;
    [[nodiscard]] question view() const {
        return {vector.data(), vector.size(), by, k, effort, filter, encoder};
    }
};
asked draw(law::gen& g) {
    asked a;
    for (int i = 0; i < 5; ++i) a.vector.push_back(i % 4 == 0 ? g.one_of({0.F, 1.F}) : 2.F);
    a.by = g.one_of({recall::metric::cosine, recall::metric::l2});
    a.k = g.integer<std::uint64_t>(0, 2);
    a.effort = g.integer<std::uint64_t>(0, 1);
    a.filter = g.integer<std::uint64_t>(0, 1);
    a.encoder = g.integer<std::uint64_t>(0, 1);
    return a;
}

/// Something that depends on all of the question and on the version, as a search does.
struct reply {
    std::vector<hit> hits;
    recall::search_info info;
};
reply toy(asked const& a, version now) {
    std::uint64_t all = static_cast<std::uint64_t>(now);
    for (float const x : a.vector) all = all * 31 + static_cast<std::uint64_t>(x);
    for (std::uint64_t const x :
         {static_cast<std::uint64_t>(a.by), a.k, a.effort, a.filter, a.encoder})
        all = all * 31 + x;
    reply r;
    for (std::uint64_t i = 0; i < a.k; ++i)
        r.hits.push_back(
            {{static_cast<std::uint32_t>(all), static_cast<std::uint32_t>(i)},
             static_cast<float>(all % 1000)});
    r.info.compared = static_cast<std::uint32_t>(all % 97);
    r.info.exact = a.effort == 0;
    return r;
}

/// The newest in front; what is found stale goes to the back.
struct naive {
    struct place {
        asked key;
        version stamp;
    };
    std::size_t entries;
    std::uint64_t hits = 0, misses = 0;
    std::list<place> places{};

    bool find(asked const& key, version now) {
        auto const at = std::find_if(
            places.begin(), places.end(), [&](place const& p) { return p.key == key; });
        bool const hit = at != places.end() && at->stamp == now;
        ++(hit ? hits : misses);
        if (hit) places.splice(places.begin(), places, at);
        if (at != places.end() && at->stamp < now) places.splice(places.end(), places, at);
        return hit;
    }
    void store(asked const& key, version now) {
        auto const at = std::find_if(
            places.begin(), places.end(), [&](place const& p) { return p.key == key; });
        if (at != places.end() && at->stamp > now) return;
        if (at != places.end())
            places.erase(at);
        else if (places.size() == entries)
            places.pop_back();
        places.push_front({key, now});
    }
};

struct colliding {
    std::uint64_t operator()(question const&) const { return 5; }
};
struct nearly_colliding {
    std::uint64_t operator()(question const& q) const { return q.k + q.filter; }
};

template <class Hash> void as_if_absent(std::size_t cases) {
    law::for_all(cases, [](law::gen& g) {
        auto const entries = g.integer<std::uint32_t>(1, 40, "entries");
        recall::basic_query_cache<Hash> cache{{.entries = entries, .longest = 2}, 5};
        naive model{.entries = entries};
        version now{};
        auto const steps = g.list(200, [&] { return g.choose(31); });
        for (auto const step : steps) {
            if (step == 0) {
                cache.clear();
                model = {.entries = entries};
                g.holds(cache.bytes() == 0, "cleared is as new");
            } else if (step < 4) {
                now = next(now);
            } else {
                asked const a = draw(g);
                reply const plain = toy(a, now);
                auto const found = cache.find(a.view(), now);
                g.holds(found.known == model.find(a, now), "hits are those of a naive list");
                if (found) {
                    auto info = found.info;
                    g.holds(info.cached, "a kept answer says so");
                    info.cached = false;
                    g.holds(info == plain.info, "how it was found is as if found now");
                    g.holds(
                        std::equal(
                            found.hits.begin(), found.hits.end(), plain.hits.begin(),
                            plain.hits.end()),
                        "on or off, the same hits");
                } else {
                    // A search that began before the last write may end after it.
                    bool const late = step == 4 && now > version{};
                    version const of = late ? version{static_cast<std::uint64_t>(now) - 1} : now;
                    reply const answer = toy(a, of);
                    cache.store(a.view(), answer.hits, answer.info, of);
                    model.store(a, of);
                }
            }
            g.holds(
                cache.hits() == model.hits && cache.misses() == model.misses,
                "hits and misses are those of a naive list");
            g.holds(cache.size() == model.places.size(), "so is their number");
            g.holds(cache.bytes() <= cache.bytes_when_full(), "never more bytes than announced");
        }
    });
}

} // namespace

TEST_CASE("A cache on or off gives the same answers", "[recall][query_cache][law]") {
    as_if_absent<recall::question_hash>(400);
}
TEST_CASE("so it does when every hash collides", "[recall][query_cache][law]") {
    as_if_absent<colliding>(200);
    as_if_absent<nearly_colliding>(200);
}
