// SPDX-License-Identifier: MIT
// Laws of the walk in a whole memory: near exact at its defaults, fresh and after half of it was exchanged; exact
// with effort enough; in order after every round; the same each time.
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <set>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <runnel/recall.hpp>

#include "support/catch.hpp"
#include "support/law.hpp"

using namespace runnel;
using recall::entry_id;

namespace {

constexpr std::size_t dimension = 32;
using floats = std::vector<float>;
using net = recall::memory<std::uint64_t, recall::hnsw>;
using scan = recall::memory<std::uint64_t, recall::flat>;

/// Points around centres that move a little with `drift`.
class clouds {
public:
    explicit clouds(std::uint64_t seed, std::size_t count = 50) : g_(seed) {
        for (std::size_t i = 0; i < count; ++i) centres_.push_back(point(1));
    }
    floats draw() {
        floats v = centres_[g_.choose(centres_.size() - 1)];
        for (float& x : v) x += float(normal() * .25);
        return v;
    }
    void drift() {
        for (floats& c : centres_)
            for (float& x : c) x += float(normal() * .5);
    }
    floats point(double wide) {
        floats v(dimension);
        for (float& x : v) x = float(normal() * wide);
        return v;
    }
    law::gen& gen() { return g_; }

private:
    double normal() {
        double sum = -6;
        for (int i = 0; i < 12; ++i) sum += g_.real(0, 1);
        return sum;
    }
    law::gen g_;
    std::vector<floats> centres_;
};

net walking(
    recall::metric by = recall::metric::cosine, recall::coding coding = recall::coding::none) {
    return recall::make_memory<std::uint64_t>(
               {.dimension = dimension, .metric = by, .coding = coding, .cache = {.entries = 0}},
               recall::hnsw{})
        .value();
}
scan scanning(recall::metric by = recall::metric::cosine) {
    return recall::make_memory<std::uint64_t>(
               {.dimension = dimension, .metric = by, .cache = {.entries = 0}}, recall::flat{})
        .value();
}

struct both {
    net walk;
    scan exact;
    std::vector<entry_id> live{};
    std::uint64_t next = 0;

    void add(floats const& v) {
        auto const a = walk.add(v, next), b = exact.add(v, next);
        REQUIRE(a.has_value());
        REQUIRE(*a == *b);
        live.push_back(*a);
        ++next;
    }
    void erase(std::size_t i) {
        REQUIRE(walk.erase(live[i]));
        REQUIRE(exact.erase(live[i]));
        live.erase(live.begin() + std::ptrdiff_t(i));
    }
    double recall_at_ten(clouds& from, int queries = 200) const {
        std::size_t found = 0, all = 0;
        for (int i = 0; i < queries; ++i) {
            auto const q = from.draw();
            auto const a = walk.search(q).value();
            REQUIRE(a.info.by == recall::searched::walk);
            REQUIRE(a.hits.size() == std::min<std::size_t>(10, live.size()));
            for (auto const& h : a.hits) REQUIRE(walk.holds(h.entry));
            for (auto const& h : exact.search(q).value())
                found += std::count(a.hits.begin(), a.hits.end(), h) != 0 ? 1U : 0U, ++all;
        }
        return double(found) / double(all);
    }
    void exact_with_effort(clouds& from, int queries = 20) const {
        for (int i = 0; i < queries; ++i) {
            auto const q = from.draw();
            auto const a = walk.search(q, {.effort = live.size()}).value();
            REQUIRE(a.hits == exact.search(q).value().hits);
            REQUIRE(a.info.exact);
        }
    }
};

both filled(clouds& from, std::size_t n, recall::metric by = recall::metric::cosine) {
    both b{walking(by), scanning(by)};
    for (std::size_t i = 0; i < n; ++i) b.add(from.draw());
    return b;
}

void churn(std::string const& how) {
    CAPTURE(how);
    clouds from(7);
    auto b = filled(from, 4000);
    REQUIRE(b.walk.check());
    auto const fresh = b.recall_at_ten(from);
    INFO("fresh " << fresh);
    CHECK(fresh >= .95);
    for (int round = 0; round < 4; ++round) {
        if (how == "drifting") from.drift();
        for (int i = 0; i < 500; ++i) {
            auto const n = b.live.size();
            b.erase(how == "random" ? std::size_t(from.gen().choose(n - 1)) : 0);
        }
        for (int i = 0; i < 500; ++i) b.add(from.draw());
        REQUIRE(b.walk.check());
        auto const now = b.recall_at_ten(from, 100);
        INFO("round " << round << " recall " << now);
        CHECK(now >= .95);
    }
    b.exact_with_effort(from);
}

} // namespace

TEST_CASE("A walk finds nineteen in twenty, also after random churn", "[recall][whole]") {
    churn("random");
}
TEST_CASE("A walk finds nineteen in twenty, also when the oldest go", "[recall][whole]") {
    churn("oldest");
}
TEST_CASE("A walk finds nineteen in twenty, also when the clusters move", "[recall][whole]") {
    churn("drifting");
}

TEST_CASE("A walk finds nineteen in twenty by distance and by product", "[recall][whole]") {
    for (auto const by : {recall::metric::l2, recall::metric::inner_product}) {
        CAPTURE(int(by));
        clouds from(11);
        auto b = filled(from, 3000, by);
        CHECK(b.recall_at_ten(from) >= .95);
        for (int i = 0; i < 1500; ++i) b.erase(std::size_t(from.gen().choose(b.live.size() - 1)));
        for (int i = 0; i < 1500; ++i) b.add(from.draw());
        REQUIRE(b.walk.check());
        CHECK(b.recall_at_ten(from) >= .95);
        b.exact_with_effort(from);
    }
}

TEST_CASE("The same sequence makes the same net and the same answers", "[recall][whole]") {
    auto const make = [](std::uint64_t seed) {
        clouds from(3);
        auto m = recall::make_memory<std::uint64_t>(
            {.dimension = dimension},
            recall::hnsw{recall::hnsw_config{.effort = 12, .seed = seed}});
        std::vector<entry_id> ids;
        for (std::uint64_t i = 0; i < 1500; ++i) {
            ids.push_back(m->add(from.draw(), i).value());
            if (i % 3 == 2) {
                auto const at = std::size_t(from.gen().choose(ids.size() - 1));
                REQUIRE(m->erase(ids[at]));
                ids.erase(ids.begin() + std::ptrdiff_t(at));
            }
        }
        return std::move(*m);
    };
    for (std::uint64_t const seed : {0U, 5U}) {
        auto const a = make(seed), b = make(seed);
        clouds ask(4);
        for (int i = 0; i < 200; ++i) {
            auto const q = ask.draw();
            auto const x = a.search(q).value(), y = b.search(q).value();
            REQUIRE(x.hits == y.hits);
            REQUIRE(x.info.compared == y.info.compared);
        }
    }
}

TEST_CASE("A cleared memory makes the net a fresh one makes", "[recall][whole]") {
    auto used = walking(), fresh = walking();
    clouds before(1);
    for (std::uint64_t i = 0; i < 300; ++i) REQUIRE(used.add(before.draw(), i));
    used.clear();
    clouds a(2), b(2), ask(3);
    for (std::uint64_t i = 0; i < 600; ++i)
        REQUIRE(used.add(a.draw(), i).value() == fresh.add(b.draw(), i).value());
    for (int i = 0; i < 100; ++i) {
        auto const q = ask.draw();
        auto const x = used.search(q, {.effort = 10}).value(),
                   y = fresh.search(q, {.effort = 10}).value();
        REQUIRE(x.hits == y.hits);
        REQUIRE(x.info.compared == y.info.compared);
    }
}

TEST_CASE("The order of insertion does not change what a scan finds", "[recall][whole]") {
    law::for_all(40, [](law::gen& g) {
        std::vector<std::uint64_t> order;
        std::vector<floats> all;
        auto const n = g.integer<std::uint64_t>(1, 60, "entries");
        for (std::uint64_t i = 0; i < n; ++i) {
            order.push_back(i);
            floats v(dimension);
            for (float& x : v) x = float(g.real(-1, 1));
            v[0] += 2;
            all.push_back(std::move(v));
        }
        auto a = scanning(), b = scanning();
        for (auto const i : order) g.holds(a.add(all[i], i).has_value(), "taken");
        g.shuffle(order);
        for (auto const i : order) g.holds(b.add(all[i], i).has_value(), "taken");
        for (std::size_t t = 0; t < 5; ++t) {
            auto q = all[std::size_t(g.choose(n - 1))];
            q[1] += .5F;
            auto const x = a.search(q).value(), y = b.search(q).value();
            std::multiset<std::pair<float, std::uint64_t>> left, right;
            for (auto const& h : x) left.insert({h.similarity, *a.payload(h.entry)});
            for (auto const& h : y) right.insert({h.similarity, *b.payload(h.entry)});
            bool const tie =
                left.size() > 1 && left.begin()->first == std::next(left.begin())->first;
            g.holds(left == right || tie, "the same entries, as similar");
        }
    });
}

TEST_CASE("Copies do not crowd out the others", "[recall][whole]") {
    for (bool const copies_first : {true, false}) {
        CAPTURE(copies_first);
        clouds from(21);
        auto m = walking();
        std::vector<std::pair<entry_id, floats>> ordinary;
        auto const copies = [&] {
            for (int c = 0; c < 5; ++c) {
                auto const v = from.draw();
                for (int i = 0; i < 400; ++i) REQUIRE(m.add(v, 1));
            }
        };
        if (copies_first) copies();
        for (int i = 0; i < 2000; ++i) {
            auto v = from.draw();
            auto const e = m.add(v, 0);
            ordinary.emplace_back(e.value(), std::move(v));
        }
        if (!copies_first) copies();
        REQUIRE(m.check());
        std::size_t missed = 0;
        for (std::size_t i = 0; i < 300; ++i) {
            auto const& [e, v] = ordinary[i * 6];
            auto const a = m.search(v).value();
            REQUIRE(a.hits.size() == 10);
            missed += a.hits[0].entry == e ? 0U : 1U;
        }
        CHECK(missed == 0);
    }
}

TEST_CASE("All neighbours of an entry can go", "[recall][whole]") {
    clouds from(31);
    auto b = filled(from, 1500);
    for (int times = 0; times < 8; ++times) {
        auto const of = b.live[std::size_t(from.gen().choose(b.live.size() - 1))];
        auto const around = b.walk.similar(of, {.k = 100, .effort = b.live.size()}).value();
        REQUIRE(around.hits.size() == 100);
        for (auto const& h : around)
            if (h.entry != of)
                b.erase(
                    std::size_t(std::find(b.live.begin(), b.live.end(), h.entry) - b.live.begin()));
        REQUIRE(b.walk.check());
        auto const kept = b.walk.vector(of).value();
        auto const found = b.walk.search(floats(kept.begin(), kept.end())).value();
        CHECK(found.hits.at(0).entry == of);
        for (auto const& h : found) REQUIRE(b.walk.holds(h.entry));
    }
    CHECK(b.recall_at_ten(from, 100) >= .95);
    b.exact_with_effort(from);
}

TEST_CASE("Every slot can be used again, and a memory can start anew", "[recall][whole]") {
    clouds from(41);
    auto b = filled(from, 700);
    for (int round = 0; round < 3; ++round) {
        auto const old = b.live;
        if (round == 1) { // each slot by itself
            for (std::size_t i = 0; i < old.size(); ++i) b.erase(0), b.add(from.draw());
        } else {
            while (!b.live.empty()) b.erase(b.live.size() % 3 == 0 ? 0 : b.live.size() - 1);
            REQUIRE(b.walk.check());
            auto const none = b.walk.search(from.draw()).value();
            CHECK(none.hits.empty());
            CHECK(none.info.by == recall::searched::nothing);
            for (std::size_t i = 0; i < old.size(); ++i) b.add(from.draw());
        }
        REQUIRE(b.walk.check());
        for (entry_id const e : old) CHECK_FALSE(b.walk.holds(e));
        std::set<std::uint32_t> slots, before;
        for (entry_id const e : b.live) slots.insert(e.slot);
        for (entry_id const e : old) before.insert(e.slot);
        CHECK(slots == before);
        CHECK(b.recall_at_ten(from, 100) >= .95);
        b.exact_with_effort(from);
    }
}

TEST_CASE("A filter that leaves few still finds k of them", "[recall][whole]") {
    clouds from(51);
    auto b = filled(from, 3000);
    for (std::uint64_t const of : {2U, 10U, 100U, 290U}) {
        CAPTURE(of);
        auto const keep = [of](std::uint64_t payload) { return payload % of == 0; };
        std::size_t found = 0, all = 0;
        for (int i = 0; i < 60; ++i) {
            auto const q = from.draw();
            auto const a = b.walk.search(q, {}, keep).value(),
                       exact = b.exact.search(q, {}, keep).value();
            REQUIRE(a.hits.size() == exact.hits.size());
            for (auto const& h : exact)
                found += std::count(a.hits.begin(), a.hits.end(), h) != 0 ? 1U : 0U, ++all;
        }
        CHECK(double(found) / double(all) >= .95);
    }
}

TEST_CASE(
    "A walk over codes finds nineteen in twenty and proves what it calls exact",
    "[recall][whole]") {
    clouds from(61);
    both b{walking(recall::metric::cosine, recall::coding::bytes), scanning()};
    for (int i = 0; i < 2500; ++i) b.add(from.draw());
    CHECK(b.recall_at_ten(from) >= .95);
    b.exact_with_effort(from);
}
