// SPDX-License-Identifier: MIT
// Laws of a whole memory within a budget: never above it, the right ones leave, and a refusal leaves no trace.
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include <runnel/recall.hpp>

#include "support/catch.hpp"
#include "support/law.hpp"

using namespace runnel;
using recall::entry_id;
using recall::tenant;
using recall::tick;

namespace {

/// What a policy was asked and what it said.
struct said {
    tenant of;
    tick now;
    double score;
};
template <class Policy> struct recorded {
    Policy policy;
    std::vector<said>* log;
    double operator()(tenant const& t, tick now) const {
        double const score = policy(t, now);
        log->push_back({t, now, score});
        return score;
    }
};

struct by_utility {
    double operator()(tenant const& t, tick) const { return t.utility; }
};
struct by_size {
    double operator()(tenant const& t, tick) const { return -static_cast<double>(t.bytes); }
};
struct all_alike {
    double operator()(tenant const&, tick) const { return 0; }
};

/// What the policies promise, in other words than theirs.
double promised(recall::keep_score, tenant const& t, tick now) {
    auto const last = static_cast<double>(t.last_used), at = static_cast<double>(now);
    return .4 * t.utility + .4 / (1 + std::max(0., at - last))
           + .2 * std::log1p(static_cast<double>(t.uses)) / 10;
}
double promised(recall::least_recently_used, tenant const& t, tick) {
    return static_cast<double>(t.last_used);
}
double promised(recall::first_in_first_out, tenant const& t, tick) {
    return static_cast<double>(t.added);
}
template <class Own> double promised(Own own, tenant const& t, tick now) { return own(t, now); }

bool equal(tenant const& a, tenant const& b) {
    return a.entry == b.entry && a.utility == b.utility && a.uses == b.uses && a.added == b.added
           && a.last_used == b.last_used && a.bytes == b.bytes && a.pins == b.pins;
}

template <class Index, class Policy> class world {
public:
    world(law::gen& g, Index index, Index same)
        : g_(g),
          dimension_(g.integer<std::size_t>(1, 16, "dimension")),
          limit_(g.integer<std::size_t>(60'000, 150'000, "limit")),
          m_(make(recorded<Policy>{Policy{}, &log_}, std::move(index))),
          twin_(make(Policy{}, std::move(same))) {}
    world(world const&) = delete;

    void step() {
        switch (g_.choose(15)) {
        case 0:
        case 1:
        case 2:
        case 3:
        case 4: add(g_.integer<std::size_t>(0, 2000)); break;
        case 5: add(g_.integer<std::size_t>(0, 20000)); break;
        case 6: batch(); break;
        case 7: erase(); break;
        case 8: update(); break;
        case 9: pin(); break;
        case 10: unpin(); break;
        case 11: tell(); break;
        case 12: search(); break;
        case 13: oversize(); break;
        case 14: replace(); break;
        default:
            elapse();
            if (g_.choose(40) == 0) clear();
        }
        // What is told may take a place in the table of classes; the next addition makes up for it.
        g_.holds(m_.bytes() <= limit_ + m_.classes().bytes(), "within the budget");
    }
    [[nodiscard]] std::size_t evicted() const { return evicted_; }
    void pin_all() {
        for (auto const& [e, v] : live_) g_.holds(m_.pin(e) && twin_.pin(e), "pinned");
        if (live_.empty()) return;
        for (std::size_t i = 0; i < 3; ++i) {
            auto const before = state();
            std::string const large(limit_ - m_.bytes() + 20'000 + i, 'x');
            auto const no = m_.add(draw(), large);
            g_.holds(!no, "no room is made among the pinned");
            g_.holds(
                no.error().is(recall::faults::capacity_exceeded) || large.size() > limit_ / 2,
                "all pinned is a stated fault");
            unchanged(before);
        }
    }

private:
    template <class P> auto make(P policy, Index index) {
        return std::move(
            recall::make_memory<std::string>(
                {.dimension = dimension_, .budget = {.limit = limit_}}, std::move(index), policy)
                .value());
    }
    std::vector<float> draw() {
        std::vector<float> v(dimension_);
        for (float& x : v) x = float(g_.real(-1, 1));
        v[0] += 2;
        return v;
    }
    std::size_t pick() { return std::size_t(g_.choose(live_.size() - 1)); }

    struct snapshot {
        std::vector<recall::hit> hits;
        std::vector<tenant> facts;
        std::size_t size, bytes;
        version changes;
        std::vector<float> query;
    };
    std::vector<tenant> facts() {
        std::vector<tenant> all;
        for (auto const& [e, v] : live_) {
            auto const t = m_.facts(e);
            g_.holds(t.has_value(), "a live entry has its facts");
            all.push_back(*t);
        }
        return all;
    }
    snapshot state() {
        snapshot s{};
        s.query = draw();
        if (auto found = m_.search(s.query, {.k = 8})) s.hits = std::move(found->hits);
        if (auto found = twin_.search(s.query, {.k = 8}))
            g_.holds(found->hits == s.hits, "twins answer alike");
        s.facts = facts();
        s.size = m_.size(), s.bytes = m_.bytes(), s.changes = m_.changes();
        return s;
    }
    void unchanged(snapshot const& s) {
        g_.holds(m_.size() == s.size, "refused: as many entries");
        g_.holds(m_.bytes() == s.bytes, "refused: as many bytes");
        g_.holds(m_.changes() == s.changes, "refused: no change is counted");
        auto const now = facts();
        g_.holds(
            std::equal(now.begin(), now.end(), s.facts.begin(), s.facts.end(), equal),
            "refused: the same facts");
        auto const found = m_.search(s.query, {.k = 8});
        g_.holds(found && found->hits == s.hits, "refused: the same answers");
        auto const same = twin_.search(s.query, {.k = 8});
        g_.holds(same && same->hits == s.hits, "twins answer alike");
    }

    /// Who of those before is gone; checks that it had to be them.
    void judge(std::vector<tenant> const& before) {
        std::vector<entry_id> gone;
        bool any_pinned = false;
        for (tenant const& t : before) {
            g_.holds(m_.holds(t.entry) == twin_.holds(t.entry), "twins evict alike");
            any_pinned |= t.pins != 0;
            if (m_.holds(t.entry)) continue;
            g_.holds(t.pins == 0, "pinned entries stay");
            gone.push_back(t.entry);
        }
        std::erase_if(live_, [&](auto const& l) { return !m_.holds(l.first); });
        evicted_ += gone.size();
        if (gone.empty()) return;
        g_.holds(!log_.empty(), "the policy was asked");
        std::vector<said> asked;
        bool twice = false;
        constexpr bool by_order =
            std::is_same_v<
                Policy,
                recall::least_recently_used> || std::is_same_v<Policy, recall::first_in_first_out>;
        for (said s : log_) {
            auto const t = std::find_if(before.begin(), before.end(), [&](tenant const& x) {
                return x.entry == s.of.entry;
            });
            if (t == before.end()) continue; // of the same batch
            // Bytes as they count now: where a free slot would be of no help, an entry counts without its row.
            tenant shown = s.of;
            g_.holds(shown.bytes <= t->bytes, "an entry frees no more than it holds");
            shown.bytes = t->bytes;
            g_.holds(equal(*t, shown), "the policy was shown the facts");
            double const word = promised(Policy{}, s.of, s.now);
            if (by_order)
                s.score = word; // who goes is promised, not the number
            else
                g_.holds(std::abs(s.score - word) < 1e-12, "the score is what was promised");
            twice |= std::any_of(asked.begin(), asked.end(), [&](said const& x) {
                return x.of.entry == s.of.entry;
            });
            asked.push_back(s);
        }
        std::sort(asked.begin(), asked.end(), [](said const& a, said const& b) {
            if (a.score != b.score) return a.score < b.score;
            return a.of.added != b.of.added ? a.of.added < b.of.added : a.of.entry < b.of.entry;
        });
        if (twice) return; // two choices, one after the other
        std::uint64_t freed = 0, lower = 0, before_last = 0;
        for (said const& s : asked) {
            if (s.of.pins != 0) continue;
            if (std::find(gone.begin(), gone.end(), s.of.entry) != gone.end())
                freed += s.of.bytes, before_last = lower;
            lower += s.of.bytes;
        }
        g_.holds(before_last < freed, "the lowest go, and no more than must");
        std::uint64_t left = 0;
        for (auto const& [e, v] : live_) left += m_.facts(e)->bytes;
        g_.holds(any_pinned || left <= limit_ * 8 / 10 + 20'100, "down to the target");
    }

    void add(std::size_t length) {
        auto const before = state();
        log_.clear();
        auto const v = draw();
        auto const e = m_.add(v, std::string(length, 'a'));
        auto const f = twin_.add(v, std::string(length, 'a'));
        g_.holds(e.has_value() == f.has_value(), "twins take and refuse alike");
        if (!e) {
            bool const pinned =
                std::any_of(before.facts.begin(), before.facts.end(), [](auto const& t) {
                    return t.pins != 0;
                });
            g_.holds(
                e.error().is(recall::faults::capacity_exceeded),
                "what fits the budget is refused only for want of room");
            g_.show("entries", before.facts.size());
            g_.show("length", length);
            g_.holds(pinned || length > limit_ / 4, "nothing is pinned, so room can be made");
            unchanged(before);
            return;
        }
        g_.holds(m_.bytes() <= limit_, "an addition leaves it within the budget");
        auto all = before.facts;
        judge(all);
        live_.emplace_back(*e, v);
        g_.holds(m_.holds(*e), "the newcomer is there");
        g_.holds(*m_.payload(*e) == std::string(length, 'a'), "with its payload");
        g_.holds(m_.size() == live_.size(), "who is not evicted is there");
        for (auto const& [x, w] : live_) {
            auto const kept = m_.vector(x);
            g_.holds(
                kept && std::equal(kept->begin(), kept->end(), w.begin(), w.end()),
                "and is what it was");
        }
    }
    void batch() {
        auto const n = g_.integer<std::size_t>(0, 40);
        std::vector<float> rows;
        std::vector<std::string> payloads;
        for (std::size_t i = 0; i < n; ++i) {
            auto const v = draw();
            rows.insert(rows.end(), v.begin(), v.end());
            payloads.push_back(std::string(g_.integer<std::size_t>(0, 300), 'b'));
        }
        log_.clear();
        auto const before = facts();
        auto const ids = m_.add_batch(rows, payloads);
        auto const same = twin_.add_batch(rows, payloads);
        g_.holds(ids.has_value() == same.has_value(), "twins take and refuse alike");
        for (tenant const& t : before)
            g_.holds(t.pins == 0 || m_.holds(t.entry), "pinned entries stay");
        std::erase_if(live_, [&](auto const& l) { return !m_.holds(l.first); });
        if (ids)
            for (std::size_t i = 0; i < n; ++i)
                if (m_.holds((*ids)[i]))
                    live_.emplace_back(
                        (*ids)[i], std::vector<float>(
                                       rows.begin() + std::ptrdiff_t(i * dimension_),
                                       rows.begin() + std::ptrdiff_t((i + 1) * dimension_)));
        if (ids) g_.holds(m_.size() == live_.size(), "who is not evicted is there");
        if (!ids) resync();
    }
    void resync() { // a batch that ran out of room part of the way
        live_.clear();
        m_.each([&](entry_id e, std::string const&) {
            auto const v = m_.vector(e);
            live_.emplace_back(e, std::vector<float>(v->begin(), v->end()));
        });
    }
    void erase() {
        if (live_.empty()) return;
        auto const i = pick();
        auto const e = live_[i].first;
        g_.holds(m_.erase(e).has_value(), "erased");
        g_.holds(twin_.erase(e).has_value(), "the twin too");
        live_.erase(live_.begin() + std::ptrdiff_t(i));
    }
    void update() {
        if (live_.empty()) return;
        auto const i = pick();
        auto v = draw();
        if (m_.update(live_[i].first, v)) {
            live_[i].second = v;
            g_.holds(twin_.update(live_[i].first, v).has_value(), "the twin too");
        }
    }
    void replace() {
        if (live_.empty()) return;
        auto const i = pick();
        std::string const p(g_.integer<std::size_t>(0, 30'000), 'r');
        auto const before = state();
        auto const held = facts();
        auto const e = live_[i].first;
        auto const done = m_.replace_payload(e, p);
        g_.holds(twin_.replace_payload(e, p).has_value() == done.has_value(), "the twin too");
        if (done) {
            g_.holds(m_.holds(e) && *m_.payload(e) == p, "the payload is the new one");
            for (tenant const& t : held)
                g_.holds(t.pins == 0 || m_.holds(t.entry), "pinned entries stay");
            evicted_ += std::erase_if(live_, [&](auto const& l) { return !m_.holds(l.first); });
        } else {
            unchanged(before);
        }
    }
    void pin() {
        if (live_.empty() || g_.flag()) return;
        auto const e = live_[pick()].first;
        g_.holds(m_.pin(e).has_value(), "pinned");
        g_.holds(twin_.pin(e).has_value(), "the twin too");
    }
    void unpin() {
        for (auto const& [e, v] : live_)
            while (m_.facts(e)->pins != 0) {
                g_.holds(m_.unpin(e).has_value(), "unpinned");
                g_.holds(twin_.unpin(e).has_value(), "the twin too");
            }
    }
    void tell() {
        if (live_.empty()) return;
        auto const e = live_[pick()].first;
        double const outcome = g_.real(0, 1);
        g_.holds(m_.tell(e, outcome).has_value(), "told");
        g_.holds(twin_.tell(e, outcome).has_value(), "the twin too");
    }
    void search() {
        auto const q = draw();
        auto const a = m_.search(q, {.k = 4});
        g_.holds(a.has_value(), "answered");
        (void)twin_.search(q, {.k = 4});
    }
    void oversize() {
        auto const before = state();
        log_.clear();
        auto const no = m_.add(draw(), std::string(limit_ + g_.integer<std::size_t>(0, 100), 'o'));
        g_.holds(
            !no && no.error().is(recall::faults::entry_too_large),
            "larger than the budget is refused");
        unchanged(before);
    }
    void elapse() {
        auto const ticks = g_.integer<std::uint64_t>(1, 9);
        m_.elapse(ticks);
        twin_.elapse(ticks);
    }
    void clear() {
        m_.clear();
        twin_.clear();
        live_.clear();
        g_.holds(m_.size() == 0, "cleared");
    }

    law::gen& g_;
    std::size_t dimension_, limit_;
    std::vector<said> log_{};
    recall::memory<std::string, Index, recorded<Policy>> m_;
    recall::memory<std::string, Index, Policy> twin_;
    std::vector<std::pair<entry_id, std::vector<float>>> live_{};
    std::size_t evicted_ = 0;
};

template <class Policy, class Make> void in_budget(std::size_t cases, Make make) {
    std::size_t evicted = 0;
    law::for_all(cases, [&](law::gen& g) {
        auto [index, same] = make(g);
        world<decltype(index), Policy> w(g, std::move(index), std::move(same));
        auto const steps = g.integer(0, 200, "steps");
        for (int i = 0; i < steps; ++i) w.step();
        evicted += w.evicted();
        w.pin_all();
    });
    CHECK(evicted > 10 * cases); // or nothing was tried
}
std::pair<recall::flat, recall::flat> flats(law::gen&) { return {}; }
std::pair<recall::hnsw, recall::hnsw> nets(law::gen& g) {
    recall::hnsw_config const c{.links = g.one_of({16U, 4U}, "links"), .seed = g.choose(5)};
    return {recall::hnsw{c}, recall::hnsw{c}};
}
std::pair<recall::adaptive, recall::adaptive> either(law::gen& g) {
    recall::adaptive_config const c{
        .walk_from = 12, .scan_below = 8, .pace = g.one_of({8U, 1U}, "pace")};
    return {recall::adaptive{c}, recall::adaptive{c}};
}

} // namespace

TEST_CASE("Within a budget, the least worth keeping leave", "[recall][whole]") {
    in_budget<recall::keep_score>(150, flats);
}
TEST_CASE("Within a budget, the least recently used leave", "[recall][whole]") {
    in_budget<recall::least_recently_used>(150, flats);
}
TEST_CASE("Within a budget, the first in leave first", "[recall][whole]") {
    in_budget<recall::first_in_first_out>(150, flats);
}
TEST_CASE("Within a budget, an own policy decides", "[recall][whole]") {
    in_budget<by_utility>(100, flats);
    in_budget<by_size>(100, flats);
    in_budget<all_alike>(100, flats);
}
TEST_CASE("A net stays within the budget", "[recall][whole]") {
    in_budget<recall::keep_score>(100, nets);
    in_budget<by_size>(50, nets);
}
TEST_CASE("An index that changes its mind stays within the budget", "[recall][whole]") {
    in_budget<recall::keep_score>(100, either);
}

TEST_CASE("A net in a small budget stays within it for thousands of additions", "[recall][whole]") {
    for (std::size_t const limit : {12'000U, 20'000U, 50'000U, 100'000U})
        for (std::size_t const longest : {0U, 100U, 300U}) {
            CAPTURE(limit, longest);
            auto m = recall::make_memory<std::string>(
                {.dimension = 8, .budget = {.limit = limit}}, recall::hnsw{});
            REQUIRE(m);
            std::vector<float> v{1, 0, 0, 0, 0, 0, 0, 0};
            std::size_t over = 0, refused = 0;
            for (std::size_t i = 0; i < 4000 && over + refused == 0; ++i) {
                v[1] = float(i);
                if (!m->add(v, std::string(i % (longest + 1), 'x'))) ++refused;
                if (m->bytes() > limit) over = m->bytes();
            }
            CHECK(over == 0);
            CHECK(refused == 0);
        }
}
