// SPDX-License-Identifier: MIT
// Laws of a whole memory: whatever is done to it, it answers as a list of entries and a loop over them would.
//
// Why:  each part has its own laws; what breaks first in a whole is what the parts believe of each other: slots used
//       again, vectors replaced, copies, ties, a filter that leaves nothing.
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <set>
#include <span>
#include <utility>
#include <vector>

#include <runnel/recall.hpp>

#include "support/catch.hpp"
#include "support/law.hpp"

using namespace runnel;
using recall::entry_id;
using recall::metric;
using recall::wish;

namespace {

struct live {
    entry_id entry;
    std::vector<float> vector;
    std::uint64_t payload;
    std::uint16_t of_class;
    double told;
    double outcomes;
};

/// In double, by the textbook.
double nearness(metric by, std::vector<float> const& a, std::vector<float> const& b) {
    double ab = 0, aa = 0, bb = 0, away = 0;
    for (std::size_t i = 0; i < a.size(); ++i) {
        double const x = a[i], y = b[i];
        ab += x * y, aa += x * x, bb += y * y, away += (x - y) * (x - y);
    }
    if (by == metric::inner_product) return ab;
    return by == metric::l2 ? -away : ab / std::sqrt(aa) / std::sqrt(bb);
}
double slack(metric by, std::vector<float> const& a, std::vector<float> const& b) {
    if (by == metric::cosine) return 1e-6;
    double aa = 1, bb = 1;
    for (float const x : a) aa += double(x) * double(x);
    for (float const x : b) bb += double(x) * double(x);
    return 1e-6 * (by == metric::l2 ? aa + bb : std::sqrt(aa * bb));
}

struct told {
    metric by;
    recall::coding coding;
    std::size_t dimension;
    std::uint32_t cache;
    bool whole_numbers; // ties and copies by themselves
};

enum class promise { exact, exact_to_a_hundred, exact_with_effort };

template <class Index> class world {
    using plain = recall::memory<std::uint64_t, recall::flat>;

public:
    world(law::gen& g, told t, Index index, promise p)
        : g_(g),
          told_(t),
          promise_(p),
          m_(make(t, std::move(index))),
          flat_(make(t, recall::flat{}, true)) {}

    void step() {
        switch (g_.choose(23)) {
        case 0:
        case 1:
        case 2:
        case 3:
        case 4:
        case 5: add(); break;
        case 6: add_batch(); break;
        case 7:
        case 8: erase(); break;
        case 9: update(); break;
        case 10: pin(); break;
        case 11: tell(); break;
        case 12: refuse(); break;
        case 13:
        case 14:
        case 15:
        case 16: search(); break;
        case 17: filtered(); break;
        case 18: filtered_by_entry(); break;
        case 19: useful(); break;
        case 20: similar(); break;
        case 21: ranked(); break;
        case 22: diverse(); break;
        default:
            if (g_.choose(8) == 0) clear();
        }
        g_.holds(m_.size() == model_.size(), "as many entries as were added and not erased");
        g_.holds(m_.empty() == model_.empty(), "empty says what size says");
    }
    void finish() {
        search();
        g_.holds(m_.check().has_value(), "the memory finds itself in order");
        g_.holds(!m_.damaged(), "nothing is damaged");
        std::set<std::pair<std::uint32_t, std::uint32_t>> seen;
        std::size_t right = 0;
        m_.each([&](entry_id e, std::uint64_t const& payload) {
            seen.insert({e.slot, e.generation});
            auto const at = find(e);
            right += at != nullptr && at->payload == payload ? 1U : 0U;
        });
        g_.holds(
            seen.size() == model_.size() && right == seen.size(),
            "each shows every live entry, once");
        for (live const& l : model_) {
            g_.holds(m_.holds(l.entry), "a live entry is held");
            auto const payload = m_.payload(l.entry);
            g_.holds(payload != nullptr && *payload == l.payload, "a payload is that of its entry");
            auto const v = m_.vector(l.entry);
            g_.holds(
                v && std::equal(v->begin(), v->end(), l.vector.begin(), l.vector.end()),
                "a vector is kept as given");
            auto const u = m_.utility(l.entry);
            g_.holds(u && std::abs(*u - utility(l)) < 1e-12, "utility is prior and outcomes");
        }
        for (auto const& [slot, generation] : issued_) {
            entry_id const e{slot, generation};
            if (find(e) != nullptr) continue;
            g_.holds(!m_.holds(e) && m_.payload(e) == nullptr, "what was erased is not held");
            g_.holds(!m_.vector(e), "what was erased has no vector");
        }
    }

private:
    template <class I> static auto make(told t, I index, bool reference = false) {
        auto made = recall::make_memory<std::uint64_t>(
            {.dimension = t.dimension,
             .metric = t.by,
             .coding = reference ? recall::coding::none : t.coding,
             .cache = {.entries = reference ? 0U : t.cache}},
            std::move(index));
        return std::move(made.value());
    }
    std::vector<float> draw() {
        if (!model_.empty() && g_.choose(3) == 0) return model_[pick()].vector;
        std::vector<float> v(told_.dimension);
        for (float& x : v)
            x = told_.whole_numbers ? float(g_.integer(-2, 2)) : float(g_.real(-1, 1));
        bool const zero = std::all_of(v.begin(), v.end(), [](float x) { return x == 0; });
        if (zero) v[0] = 1;
        return v;
    }
    std::size_t pick() { return std::size_t(g_.choose(model_.size() - 1)); }
    live const* find(entry_id e) const {
        for (live const& l : model_)
            if (l.entry == e) return &l;
        return nullptr;
    }
    static double utility(live const& l) { return (.5 * 4 + l.outcomes) / (4 + l.told); }

    void enter(entry_id e, std::vector<float> v, std::uint16_t of_class) {
        g_.holds(issued_.insert({e.slot, e.generation}).second, "an id is given once");
        model_.push_back({e, std::move(v), next_++, of_class, 0, 0});
    }
    void add() {
        auto v = draw();
        auto const of_class = g_.integer<std::uint16_t>(0, 3);
        auto const e = m_.add(v, next_, {.of_class = of_class});
        auto const f = flat_.add(v, next_, {.of_class = of_class});
        g_.holds(e && f, "a good entry is taken");
        g_.holds(*e == *f, "ids do not depend on the index");
        enter(*e, std::move(v), of_class);
    }
    void add_batch() {
        auto const n = std::size_t(g_.choose(30));
        std::vector<float> rows;
        std::vector<std::uint64_t> payloads;
        std::vector<std::vector<float>> each;
        for (std::size_t i = 0; i < n; ++i) {
            each.push_back(draw());
            rows.insert(rows.end(), each.back().begin(), each.back().end());
            payloads.push_back(next_ + i);
        }
        auto const of_class = g_.integer<std::uint16_t>(0, 3);
        if (n != 0 && g_.choose(4) == 0) {
            auto bad = rows;
            bad[std::size_t(g_.choose(bad.size() - 1))] = std::numeric_limits<float>::quiet_NaN();
            g_.holds(
                !m_.add_batch(bad, payloads, {.of_class = of_class}), "one NaN refuses the batch");
            g_.holds(m_.size() == model_.size(), "a batch is taken whole or not at all");
        }
        auto const ids = m_.add_batch(rows, payloads, {.of_class = of_class});
        auto const same = flat_.add_batch(rows, payloads, {.of_class = of_class});
        g_.holds(ids && ids->size() == n, "a batch is taken, one id each");
        g_.holds(same && *same == *ids, "ids do not depend on the index");
        for (std::size_t i = 0; i < n; ++i) enter((*ids)[i], each[i], of_class);
    }
    void erase() {
        if (model_.empty()) return;
        std::size_t const times = g_.choose(5) == 0 ? model_.size() / 2 : 1;
        for (std::size_t t = 0; t < times; ++t) {
            auto const i = pick();
            entry_id const e = model_[i].entry;
            g_.holds(
                m_.erase(e).has_value() && flat_.erase(e).has_value(),
                "a live entry can be erased");
            auto const again = m_.erase(e);
            g_.holds(!again && again.error().is(recall::faults::stale_handle), "but once");
            model_.erase(model_.begin() + std::ptrdiff_t(i));
        }
    }
    void update() {
        if (model_.empty()) return;
        auto const i = pick();
        auto v = draw();
        entry_id const e = model_[i].entry;
        g_.holds(
            m_.update(e, v).has_value() && flat_.update(e, v).has_value(),
            "a vector can be replaced");
        model_[i].vector = std::move(v);
        if (g_.flag()) {
            model_[i].payload = next_++;
            g_.holds(
                m_.replace_payload(e, model_[i].payload).has_value(), "a payload can be replaced");
        }
    }
    void pin() {
        if (model_.empty()) return;
        entry_id const e = model_[pick()].entry;
        g_.holds(m_.pin(e).has_value(), "a live entry can be pinned");
        if (g_.flag()) g_.holds(m_.unpin(e).has_value(), "and unpinned");
    }
    void tell() {
        if (model_.empty()) return;
        auto const i = pick();
        double const outcome = g_.real(0, 1);
        g_.holds(m_.tell(model_[i].entry, outcome).has_value(), "an outcome is booked");
        g_.holds(!m_.tell(model_[i].entry, 1.5), "what is no outcome is not");
        model_[i].told += 1, model_[i].outcomes += outcome;
    }
    void refuse() {
        auto v = draw();
        v[std::size_t(g_.choose(v.size() - 1))] = std::numeric_limits<float>::infinity();
        g_.holds(!m_.add(v, 1), "infinity is refused");
        if (!model_.empty()) g_.holds(!m_.update(model_[pick()].entry, v), "also as a replacement");
        if (told_.by == metric::cosine)
            g_.holds(
                !m_.add(std::vector<float>(told_.dimension), 1), "a zero vector has no direction");
        for (auto const& [slot, generation] : issued_) {
            entry_id const e{slot, generation};
            if (find(e) != nullptr) continue;
            auto const no = m_.update(e, draw());
            g_.holds(
                !no && no.error().is(recall::faults::stale_handle),
                "an erased entry cannot be updated");
            g_.holds(
                !m_.pin(e) && !m_.tell(e, .5) && !m_.replace_payload(e, 1),
                "nor pinned, told, refilled");
            break;
        }
    }
    void clear() {
        m_.clear();
        flat_.clear();
        model_.clear();
        issued_.clear();
    }

    [[nodiscard]] wish draw_wish() {
        wish w;
        w.k = std::size_t(g_.integer(1, 12));
        if (g_.choose(6) == 0) w.k = model_.size() + 3;
        bool const needs_effort =
            promise_ == promise::exact_with_effort
            || (promise_ == promise::exact_to_a_hundred && model_.size() > 100);
        if (needs_effort || g_.choose(4) == 0)
            w.effort = std::max<std::size_t>(model_.size(), 1) + std::size_t(g_.choose(2));
        return w;
    }
    template <class Keep>
    void judge(
        std::vector<float> const& q, std::size_t k, std::vector<recall::hit> const& hits,
        Keep keep) {
        std::vector<live const*> candidates;
        for (live const& l : model_)
            if (keep(l)) candidates.push_back(&l);
        g_.show("hits", hits.size());
        g_.show("wanted", std::min(k, candidates.size()));
        g_.holds(hits.size() == std::min(k, candidates.size()), "k hits, or all there are");
        for (std::size_t i = 0; i + 1 < hits.size(); ++i)
            g_.holds(recall::before(hits[i], hits[i + 1]), "hits come in order, none twice");
        for (recall::hit const& h : hits) {
            live const* l = find(h.entry);
            g_.holds(l != nullptr, "a hit is a live entry");
            g_.holds(keep(*l), "a hit passes the filter");
            g_.holds(
                std::abs(double(h.similarity) - nearness(told_.by, q, l->vector))
                    <= slack(told_.by, q, l->vector),
                "similarity is what the metric says");
        }
        if (hits.empty()) return;
        for (live const* l : candidates) {
            if (std::any_of(
                    hits.begin(), hits.end(), [&](auto const& h) { return h.entry == l->entry; }))
                continue;
            g_.holds(
                nearness(told_.by, q, l->vector)
                    <= double(hits.back().similarity) + slack(told_.by, q, l->vector),
                "nothing nearer is left out");
            g_.holds(
                std::none_of(
                    hits.begin(), hits.end(),
                    [&](auto const& h) {
                        return find(h.entry)->vector == l->vector && l->entry < h.entry;
                    }),
                "of copies the lower entries are found");
        }
    }
    void same(recall::answer const& a, recall::answer const& exact) {
        g_.holds(a.hits.size() == exact.hits.size(), "as many as a scan finds");
        for (std::size_t i = 0; i < a.hits.size(); ++i)
            g_.holds(
                a.hits[i].entry == exact.hits[i].entry
                    && a.hits[i].similarity == exact.hits[i].similarity,
                "an exact answer is that of a scan, to the bit");
        if (model_.empty())
            g_.holds(
                a.info.by == recall::searched::nothing,
                "an empty memory says that nothing was searched");
        else
            g_.holds(
                a.info.exact && !a.info.truncated && !a.info.damaged,
                "and it says that it is exact");
    }
    void search() {
        auto const q = draw();
        auto const w = draw_wish();
        auto const a = m_.search(q, w);
        g_.holds(a.has_value(), "a good question is answered");
        judge(q, w.k, a->hits, [](live const&) { return true; });
        same(*a, flat_.search(q, w).value());
        auto const again = m_.search(q, w);
        g_.holds(again && again->hits == a->hits, "asked again, answered the same");
    }
    void filtered() {
        auto const q = draw();
        auto w = draw_wish();
        auto const of = g_.choose(4);
        auto const wants = [of](std::uint64_t payload) { return payload % 5 >= of; };
        if (g_.flag()) w.filter = 100 + of;
        auto const a = m_.search(q, w, wants);
        g_.holds(a.has_value(), "a good question is answered");
        judge(q, w.k, a->hits, [&](live const& l) { return wants(l.payload); });
    }
    void filtered_by_entry() {
        auto const q = draw();
        auto const w = draw_wish();
        auto const of = std::uint32_t(g_.choose(30));
        auto const a = m_.search(q, w, [of](entry_id e, std::uint64_t payload) {
            return e.slot >= of && payload % 2 == 0;
        });
        g_.holds(a.has_value(), "a good question is answered");
        judge(q, w.k, a->hits, [&](live const& l) {
            return l.entry.slot >= of && l.payload % 2 == 0;
        });
    }
    void useful() {
        auto const q = draw();
        auto const w = draw_wish();
        double const least = g_.one_of({.2, .45, .51, .6});
        auto const a = m_.useful(q, least, w);
        g_.holds(a.has_value(), "a good question is answered");
        judge(q, w.k, a->hits, [&](live const& l) { return utility(l) >= least; });
    }
    void similar() {
        if (model_.empty()) return;
        live const& of = model_[pick()];
        auto const w = draw_wish();
        auto const a = m_.similar(of.entry, w);
        g_.holds(a.has_value(), "a live entry has others like it");
        judge(of.vector, w.k, a->hits, [&](live const& l) { return l.entry != of.entry; });
    }
    void ranked() {
        auto const q = draw();
        wish w;
        w.k = std::max<std::size_t>(model_.size(), 1);
        w.effort = w.k;
        std::optional<std::uint16_t> of_class;
        if (g_.flag()) of_class = g_.integer<std::uint16_t>(0, 3);
        auto const a = m_.ranked(q, of_class, w);
        g_.holds(a && a->size() == model_.size(), "all are ranked when all are asked for");
        std::set<std::uint64_t> payloads;
        for (auto const& s : *a) {
            g_.holds(m_.holds(s.entry), "what is ranked is alive");
            payloads.insert(*m_.payload(s.entry));
        }
        g_.holds(payloads.size() == model_.size(), "each once");
        for (std::size_t i = 0; i + 1 < a->size(); ++i)
            g_.holds((*a)[i].score >= (*a)[i + 1].score, "the best first");
        if (told_.by != metric::cosine) return;
        for (auto const& s : *a) {
            live const& l = *find(s.entry);
            double const agrees = !of_class ? .5 : *of_class == l.of_class ? 1 : 0;
            double const score =
                .65 * (nearness(told_.by, q, l.vector) + 1) / 2 + .2 * utility(l) + .1 * agrees;
            g_.show("score", double(s.score));
            g_.show("by the formula", score);
            g_.holds(std::abs(double(s.score) - score) < 2e-6, "the score is the formula");
        }
    }
    void diverse() {
        auto const q = draw();
        auto const k = std::size_t(g_.integer(1, 6));
        auto const a = m_.diverse(q, {.k = k}, std::max<std::size_t>(model_.size(), 1));
        g_.holds(a && a->size() == std::min(k, model_.size()), "k picks, or all there are");
        std::set<std::uint64_t> payloads;
        for (auto const& p : *a) {
            g_.holds(m_.holds(p.entry), "what is picked is alive");
            payloads.insert(*m_.payload(p.entry));
        }
        g_.holds(payloads.size() == a->size(), "nothing is picked twice");
        if (a->empty()) return;
        auto const first = m_.search(q, {.k = 1, .effort = model_.size()});
        auto const& picked = find(a->front().entry)->vector;
        g_.holds(
            first
                && nearness(told_.by, q, picked)
                       >= double(first->hits[0].similarity) - 2 * slack(told_.by, q, picked),
            "the nearest is picked first");
        g_.holds(a->front().redundancy == 0, "the first pick is not redundant");
    }

    law::gen& g_;
    told told_;
    promise promise_;
    recall::memory<std::uint64_t, Index> m_;
    plain flat_;
    std::vector<live> model_;
    std::set<std::pair<std::uint32_t, std::uint32_t>> issued_;
    std::uint64_t next_ = 1;
};

template <class Make> void as_a_list(std::size_t cases, promise p, Make make) {
    law::for_all(cases, [&](law::gen& g) {
        told t{};
        t.by = g.one_of({metric::cosine, metric::inner_product, metric::l2}, "metric");
        t.coding = g.one_of({recall::coding::none, recall::coding::bytes}, "coding");
        t.dimension = g.integer<std::size_t>(1, 40, "dimension");
        t.cache = g.one_of({256U, 0U, 2U}, "cache");
        t.whole_numbers = g.flag("whole numbers");
        world w(g, t, make(g), p);
        auto const steps = g.integer(0, 160, "steps");
        for (int i = 0; i < steps; ++i) w.step();
        w.finish();
    });
}

} // namespace

TEST_CASE("A memory that scans answers as a list would", "[recall][whole]") {
    as_a_list(1200, promise::exact, [](law::gen&) { return recall::flat{}; });
}

TEST_CASE("A memory that walks with effort enough answers as a list would", "[recall][whole]") {
    as_a_list(1200, promise::exact_with_effort, [](law::gen& g) {
        recall::hnsw_config c;
        c.links = g.one_of({4U, 2U, 16U}, "links");
        c.build_effort = g.one_of({8U, 200U}, "build effort");
        c.effort = g.one_of({1U, 100U}, "effort");
        c.seed = g.choose(3);
        c.scan_rather = g.one_of({20U, 1U, 100000U}, "scan rather");
        return recall::hnsw{c};
    });
}

TEST_CASE(
    "A memory that walks at its defaults answers as a list would while it is small",
    "[recall][whole]") {
    as_a_list(1200, promise::exact_to_a_hundred, [](law::gen&) { return recall::hnsw{}; });
}

TEST_CASE("A memory that changes its mind answers as a list would", "[recall][whole]") {
    as_a_list(1200, promise::exact_with_effort, [](law::gen& g) {
        recall::adaptive_config c;
        c.walk.effort = g.one_of({5U, 100U}, "effort");
        c.walk.scan_rather = g.one_of({20U, 1U, 100000U}, "scan rather");
        c.walk_from = 40;
        c.scan_below = 20;
        c.pace = g.one_of({1U, 8U, 100U}, "pace");
        return recall::adaptive{c};
    });
}

TEST_CASE("An entry is updated while the index is about to change its mind", "[recall][whole]") {
    for (std::uint32_t const from : {2U, 3U, 10U}) {
        CAPTURE(from);
        auto m = recall::make_memory<std::uint64_t>(
            {.dimension = 2},
            recall::adaptive{recall::adaptive_config{.walk_from = from, .scan_below = 1}});
        REQUIRE(m);
        std::vector<entry_id> all;
        for (std::uint32_t i = 1; i < from; ++i)
            all.push_back(m->add(std::vector<float>{1, float(i)}, i).value());
        REQUIRE(m->check());
        REQUIRE(m->update(all.front(), std::vector<float>{1, 0}));
        CHECK(m->check().has_value());
        CHECK_FALSE(m->damaged());
    }
}
