// SPDX-License-Identifier: MIT
// Several threads ask while one changes: every answer is one of before or after, none is torn.
#include <algorithm>
#include <atomic>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <runnel/recall.hpp>

#include "support/catch.hpp"
#include "support/gen.hpp"

using namespace runnel;
using recall::entry_id;

namespace {

constexpr std::size_t dimension = 12;
using floats = std::vector<float>;

floats draw(law::gen& g) {
    floats v(dimension);
    for (float& x : v) x = float(g.real(-1, 1));
    v[0] += 2;
    return v;
}
double cosine(floats const& a, floats const& b) {
    double ab = 0, aa = 0, bb = 0;
    for (std::size_t i = 0; i < a.size(); ++i) {
        double const x = a[i], y = b[i];
        ab += x * y, aa += x * x, bb += y * y;
    }
    return ab / std::sqrt(aa * bb);
}

/// Entries whose erasure was complete; a search that begins later must not find them.
class graveyard {
public:
    void bury(entry_id e) {
        std::scoped_lock const lock(mutex_);
        gone_.insert({e.slot, e.generation});
    }
    [[nodiscard]] auto now() const {
        std::scoped_lock const lock(mutex_);
        return gone_;
    }

private:
    mutable std::mutex mutex_;
    std::set<std::pair<std::uint32_t, std::uint32_t>> gone_;
};

struct complaints {
    std::atomic<int> unsorted{0}, dead{0}, wrong{0}, refused{0}, many{0}, unfiltered{0}, hidden{0};
    std::atomic<std::size_t> searches{0};
};

template <class Memory> class scene {
public:
    explicit scene(Memory& m) : m_(m) {
        law::gen g(1);
        for (std::size_t i = 0; i < steady_count; ++i) { // these never change
            steady_.push_back(draw(g));
            auto const e = m_.add(steady_.back(), std::to_string(i)).value();
            REQUIRE(m_.pin(e));
            ids_.push_back(e);
        }
    }
    void run(int searchers, int changes) {
        std::vector<std::thread> all;
        for (int t = 0; t < searchers; ++t)
            all.emplace_back([this, t] { ask(std::uint64_t(t) + 10); });
        change(changes);
        over_ = true;
        for (auto& t : all) t.join();
        CHECK(said_.unsorted == 0);
        CHECK(said_.dead == 0);
        CHECK(said_.wrong == 0);
        CHECK(said_.refused == 0);
        CHECK(said_.many == 0);
        CHECK(said_.unfiltered == 0);
        CHECK(said_.hidden == 0);
        CHECK(said_.searches > std::size_t(searchers) * 20);
        CHECK(m_.check().has_value());
        CHECK_FALSE(m_.damaged());
    }

private:
    static constexpr std::size_t steady_count = 60;

    void change(int changes) {
        law::gen g(2);
        std::vector<entry_id> passing;
        auto const drop = [&](std::size_t i) {
            auto const e = passing[i];
            passing.erase(passing.begin() + std::ptrdiff_t(i));
            if (m_.erase(e)) graves_.bury(e); // it may have been evicted
        };
        for (int i = 0; i < changes || said_.searches < 400; ++i) {
            auto const some = passing.empty() ? 0 : std::size_t(g.choose(passing.size() - 1));
            switch (g.choose(7)) {
            case 0:
            case 1:
            case 2:
                if (auto const e = m_.add(draw(g), "-" + std::to_string(i))) passing.push_back(*e);
                break;
            case 3:
            case 4:
                if (!passing.empty()) drop(some);
                break;
            case 5:
                if (!passing.empty()) (void)m_.update(passing[some], draw(g));
                break;
            case 6:
                if (!passing.empty()) (void)m_.tell(passing[some], .9);
                break;
            default:
                if (!passing.empty())
                    (void)m_.replace_payload(
                        passing[some], "-" + std::to_string(i) + std::string(40, 'x'));
            }
            while (passing.size() > 150) drop(0);
        }
    }
    /// Similarity if the entry is one of those that never change.
    void weigh(floats const& q, recall::hit const& h) {
        for (std::size_t i = 0; i < ids_.size(); ++i)
            if (ids_[i] == h.entry && std::abs(double(h.similarity) - cosine(q, steady_[i])) > 1e-5)
                ++said_.wrong;
    }
    template <class Hits>
    void judge(floats const& q, Hits const& hits, std::size_t k, auto const& gone) {
        if (hits.size() > k) ++said_.many;
        for (std::size_t i = 0; i < hits.size(); ++i) {
            if (i + 1 < hits.size() && !recall::before(hits[i], hits[i + 1])) ++said_.unsorted;
            if (gone.contains({hits[i].entry.slot, hits[i].entry.generation})) ++said_.dead;
            weigh(q, hits[i]);
        }
    }
    void ask(std::uint64_t seed) {
        law::gen g(seed);
        while (!over_) {
            auto const gone = graves_.now();
            auto q = draw(g);
            auto const mine = std::size_t(g.choose(steady_count - 1));
            if (g.flag()) q = steady_[mine];
            auto const steady_only = [](std::string const& p) { return !p.empty() && p[0] != '-'; };
            switch (g.choose(5)) {
            case 0: {
                auto const a = m_.search(q, {.k = 7});
                if (!a || a->size() != 7) ++said_.refused;
                if (a) judge(q, a->hits, 7, gone);
                break;
            }
            case 1: {
                auto const a = m_.search(q, {.k = 5, .filter = g.flag() ? 3U : 0U}, steady_only);
                if (!a || a->size() != 5) ++said_.refused;
                if (!a) break;
                judge(q, a->hits, 5, gone);
                for (auto const& h : a->hits)
                    if (std::find(ids_.begin(), ids_.end(), h.entry) == ids_.end())
                        ++said_.unfiltered;
                break;
            }
            case 2: {
                auto const a = m_.diverse(q, {.k = 4});
                if (!a || a->size() != 4) ++said_.refused;
                if (!a) break;
                for (auto const& p : *a)
                    if (gone.contains({p.entry.slot, p.entry.generation})) ++said_.dead;
                break;
            }
            case 3: { // exact, so what never changes is found
                auto const a = m_.search(steady_[mine], {.k = 3, .effort = 100000});
                if (!a) ++said_.refused;
                if (!a) break;
                judge(steady_[mine], a->hits, 3, gone);
                if (std::none_of(a->hits.begin(), a->hits.end(), [&](auto const& h) {
                        return h.entry == ids_[mine];
                    }))
                    ++said_.hidden;
                break;
            }
            case 4: {
                auto const a = m_.similar(ids_[mine], {.k = 4});
                if (!a || a->size() != 4) ++said_.refused;
                if (a) judge(steady_[mine], a->hits, 4, gone);
                break;
            }
            default: {
                std::string read;
                if (!m_.read(ids_[mine], [&](std::string const& p) { read = p; })) ++said_.refused;
                if (read != std::to_string(mine)) ++said_.wrong;
                if (m_.bytes() == 0 || m_.size() < steady_count || !m_.holds(ids_[mine]))
                    ++said_.wrong;
                if (!m_.ranked(q, std::uint16_t{1}) || !m_.balanced(q) || !m_.useful(q, .4))
                    ++said_.refused;
            }
            }
            ++said_.searches;
        }
    }

    Memory& m_;
    std::vector<floats> steady_{};
    std::vector<entry_id> ids_{};
    graveyard graves_{};
    complaints said_{};
    std::atomic<bool> over_{false};
};

template <class Index> void together(Index index, recall::memory_config c, int changes = 1500) {
    c.dimension = dimension;
    auto m = recall::make_memory<std::string>(c, std::move(index));
    REQUIRE(m);
    scene s(*m);
    s.run(3, changes);
}

} // namespace

TEST_CASE("Threads scan while one changes", "[recall][whole]") { together(recall::flat{}, {}); }

TEST_CASE("Threads scan codes while one changes", "[recall][whole]") {
    together(recall::flat{}, {.coding = recall::coding::bytes});
}

TEST_CASE("Threads walk while one changes", "[recall][whole]") {
    together(recall::hnsw{recall::hnsw_config{.links = 6, .build_effort = 40, .effort = 20}}, {});
    together(recall::hnsw{}, {.coding = recall::coding::bytes, .cache = {.entries = 0}}, 600);
}

TEST_CASE("Threads ask while an index changes its mind", "[recall][whole]") {
    together(
        recall::adaptive{recall::adaptive_config{.walk_from = 130, .scan_below = 110, .pace = 3}},
        {});
}

TEST_CASE("Threads ask while entries are evicted", "[recall][whole]") {
    together(recall::flat{}, {.budget = {.limit = 40'000}});
    together(recall::hnsw{recall::hnsw_config{.links = 4}}, {.budget = {.limit = 90'000}}, 600);
}
