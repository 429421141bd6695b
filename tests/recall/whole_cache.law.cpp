// SPDX-License-Identifier: MIT
// Law of the cache in a whole memory: on or off, nobody can tell by the answers, nor by who is evicted.
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include <runnel/recall.hpp>

#include "support/catch.hpp"
#include "support/law.hpp"

using namespace runnel;
using recall::entry_id;

namespace {

using floats = std::vector<float>;

template <class Index> class twins {
    using memory = recall::memory<std::string, Index>;

public:
    template <class Make>
    twins(law::gen& g, Make make) : g_(g), limit_(g.flag("in budget") ? 90'000U : 0U) {
        auto const entries = g.one_of({256U, 1U, 3U}, "entries");
        auto const longest = g.one_of({64U, 4U}, "longest");
        auto const by = g.one_of(
            {recall::metric::cosine, recall::metric::inner_product, recall::metric::l2}, "metric");
        on_.push_back(build({.entries = entries, .longest = longest}, by, make(), limit_));
        off_.push_back(build({.entries = 0, .longest = longest}, by, make(), limit_));
        for (int i = 0; i < 6; ++i) questions_.push_back(draw());
    }
    void step() {
        memory &a = on_.front(), &b = off_.front();
        switch (g_.choose(18)) {
        case 0:
        case 1:
        case 2: {
            auto const v = draw();
            std::string const p(g_.integer<std::size_t>(0, limit_ != 0 ? 900 : 20), 'p');
            recall::details const d{.of_class = g_.integer<std::uint16_t>(0, 2)};
            auto const x = a.add(v, p, d), y = b.add(v, p, d);
            g_.holds(x.has_value() == y.has_value(), "both take or both refuse");
            if (!x) break;
            g_.holds(*x == *y, "both give the same id");
            ids_.push_back(*x);
            break;
        }
        case 3:
            with_one([&](entry_id e) {
                return std::pair{a.erase(e).has_value(), b.erase(e).has_value()};
            });
            break;
        case 4: {
            auto const v = draw();
            with_one([&](entry_id e) {
                return std::pair{a.update(e, v).has_value(), b.update(e, v).has_value()};
            });
            break;
        }
        case 5: {
            auto const o = g_.real(0, 1);
            with_one([&](entry_id e) {
                return std::pair{a.tell(e, o).has_value(), b.tell(e, o).has_value()};
            });
            break;
        }
        case 6: {
            std::string const p(g_.integer<std::size_t>(0, 30), 'r');
            with_one([&](entry_id e) {
                return std::pair{
                    a.replace_payload(e, p).has_value(), b.replace_payload(e, p).has_value()};
            });
            break;
        }
        case 7: {
            auto const v = ask();
            auto const of = std::size_t(g_.choose(2));
            auto const w = wished(10 + of);
            auto const keep = [of](std::string const& p) { return p.size() % 3 != of; };
            for (int times = 0; times < 2; ++times)
                same(a.search(v, w, keep), b.search(v, w, keep), w);
            break;
        }
        case 8: {
            auto const v = ask();
            auto const of = std::size_t(g_.choose(2));
            auto const w = wished(0); // nobody knows which filter it is
            auto const keep = [of](entry_id e, std::string const&) { return e.slot % 3 != of; };
            same(a.search(v, w, keep), b.search(v, w, keep), w);
            break;
        }
        case 9: {
            auto const v = ask();
            auto const w = wished(0);
            auto const least = g_.one_of({.5, .3, .55});
            same(a.useful(v, least, w), b.useful(v, least, w), w);
            break;
        }
        case 10: {
            auto const v = ask();
            auto const w = wished(0);
            auto const x = a.ranked(v, {}, w), y = b.ranked(v, {}, w);
            g_.holds(x && y && x->size() == y->size(), "as many ranked");
            for (std::size_t i = 0; i < x->size(); ++i)
                g_.holds(
                    (*x)[i].entry == (*y)[i].entry && (*x)[i].score == (*y)[i].score,
                    "the same order");
            auto const s = a.balanced(v, w), t = b.balanced(v, w);
            g_.holds(s && t && s->hits == t->hits, "the same from each class");
            break;
        }
        case 11: {
            auto const v = ask();
            auto const x = a.diverse(v, {.k = 3}), y = b.diverse(v, {.k = 3});
            g_.holds(x && y && x->size() == y->size(), "as many picks");
            for (std::size_t i = 0; i < x->size(); ++i)
                g_.holds(
                    (*x)[i].entry == (*y)[i].entry && (*x)[i].score == (*y)[i].score,
                    "the same picks");
            break;
        }
        case 12:
            if (g_.choose(12) == 0) a.clear(), b.clear(), ids_.clear();
            break;
        case 13: a.elapse(3), b.elapse(3); break;
        case 14:
            with_one([&](entry_id e) {
                auto const w = wished(0);
                auto const x = a.similar(e, w), y = b.similar(e, w);
                if (x && y) same(x, y, w);
                return std::pair{x.has_value(), y.has_value()};
            });
            break;
        default: {
            auto const v = ask();
            auto const w = wished(0);
            for (auto times = g_.choose(3) + 1; times > 0; --times)
                same(a.search(v, w), b.search(v, w), w);
        }
        }
        g_.holds(a.size() == b.size(), "as many entries: the same were evicted");
        for (entry_id const e : ids_) {
            g_.holds(a.holds(e) == b.holds(e), "the same were evicted");
            if (!a.holds(e)) continue;
            auto const x = a.facts(e).value(), y = b.facts(e).value();
            g_.holds(
                x.uses == y.uses && x.last_used == y.last_used,
                "an answer from the cache is a use too");
            g_.holds(x.utility == y.utility, "the same utility");
        }
        if (limit_ != 0) g_.holds(a.bytes() <= limit_ && b.bytes() <= limit_, "within the budget");
    }
    [[nodiscard]] std::size_t cached() const { return cached_; }

private:
    template <class Made>
    memory build(recall::cache_config cache, recall::metric by, Made index, std::size_t limit) {
        return std::move(
            recall::make_memory<std::string>(
                {.dimension = 4, .metric = by, .budget = {.limit = limit}, .cache = cache},
                std::move(index))
                .value());
    }
    floats draw() {
        floats v(4);
        for (float& x : v) x = float(g_.integer(-3, 3));
        v[0] += 4;
        return v;
    }
    floats ask() { return questions_[std::size_t(g_.choose(questions_.size() - 1))]; }
    recall::wish wished(std::uint64_t filter) {
        // Drawn from the same few, so that questions come again.
        return {
            .k = g_.one_of({std::size_t{5}, std::size_t{1}, std::size_t{70}}),
            .effort = g_.one_of({std::size_t{0}, std::size_t{9}}),
            .filter = filter};
    }
    template <class Do> void with_one(Do act) {
        if (ids_.empty()) return;
        auto const [x, y] = act(ids_[std::size_t(g_.choose(ids_.size() - 1))]);
        g_.holds(x == y, "both do or both refuse");
    }
    void same(result<recall::answer> const& x, result<recall::answer> const& y, recall::wish) {
        g_.holds(x && y, "both answer");
        g_.holds(x->hits == y->hits, "the same hits");
        auto const &i = x->info, &j = y->info;
        g_.holds(
            i.by == j.by && i.exact == j.exact && i.truncated == j.truncated
                && i.damaged == j.damaged && i.compared == j.compared,
            "and the same said of them");
        g_.holds(!j.cached, "without a cache nothing comes from it");
        cached_ += i.cached ? 1U : 0U;
    }

    law::gen& g_;
    std::size_t limit_;
    std::vector<memory> on_{}, off_{};
    std::vector<floats> questions_{};
    std::vector<entry_id> ids_{};
    std::size_t cached_ = 0;
};

template <class Make> void nobody_can_tell(Make make) {
    std::size_t cached = 0;
    law::for_all(250, [&](law::gen& g) {
        twins<decltype(make())> t(g, make);
        auto const steps = g.integer(0, 600, "steps");
        for (int i = 0; i < steps; ++i) t.step();
        cached += t.cached();
    });
    CHECK(cached > 500); // or the cache was not there
}
} // namespace

TEST_CASE("With or without a cache, a scan answers the same", "[recall][whole]") {
    nobody_can_tell([] { return recall::flat{}; });
}
TEST_CASE("With or without a cache, a walk answers the same", "[recall][whole]") {
    nobody_can_tell([] {
        return recall::hnsw{recall::hnsw_config{.links = 4, .build_effort = 20, .effort = 8}};
    });
}
TEST_CASE(
    "With or without a cache, an index that changes its mind answers the same", "[recall][whole]") {
    nobody_can_tell([] {
        return recall::adaptive{
            recall::adaptive_config{.walk_from = 20, .scan_below = 10, .pace = 2}};
    });
}
