// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <optional>
#include <vector>

#include <runnel/recall/diverse.hpp>

#include "support/law.hpp"

using namespace runnel;
using recall::contender;
using recall::diverse_pick;
using recall::diversity;
using recall::fell_short;
using recall::metric;

namespace {

/// Vectors in a few heaps, many of them there several times; figures few enough for ties.
struct crowd {
    explicit crowd(law::gen& g, std::size_t most = 40) {
        auto const by = static_cast<metric>(g.integer(0, 2, "metric"));
        auto const dimension = g.one_of<std::size_t>({2, 1, 3, 5, 17, 33}, "dimension");
        compare = recall::comparer{by, dimension};
        double const size = g.one_of({1.0, 40.0, 1e-3, 1e15}, "size");
        std::size_t const heaps = g.integer<std::size_t>(1, 6);
        auto const drawn = [&](double reach) {
            std::vector<float> v(dimension);
            for (float& x : v) x = static_cast<float>(size * reach * g.integer(-4, 4) / 4);
            return v;
        };
        std::vector<std::vector<float>> centres(heaps);
        for (auto& centre : centres) centre = drawn(1);
        std::size_t const count = g.integer<std::size_t>(0, most, "contenders");
        vectors.reserve(count);
        std::vector<std::uint32_t> slots(count);
        for (std::size_t i = 0; i < count; ++i) slots[i] = static_cast<std::uint32_t>(i);
        g.shuffle(slots);
        for (std::size_t i = 0; i < count; ++i) {
            auto v = centres[g.integer<std::size_t>(0, heaps - 1)];
            if (g.flag()) {
                auto const aside = drawn(.25);
                for (std::size_t d = 0; d < dimension; ++d) v[d] += aside[d];
            }
            v[0] += compare.measure(v) ? 0 : static_cast<float>(size); // a direction for all
            vectors.push_back(v);
            double const relevance = g.flag() ? g.integer(0, 5) / 5.0 : g.real(0, 1);
            all.push_back(
                {{slots[i], g.integer<std::uint32_t>(1, 3)},
                 compare.measure(vectors.back()).value(),
                 relevance});
        }
    }
    recall::comparer compare;
    std::vector<std::vector<float>> vectors;
    std::vector<contender> all;
};

diversity any_diversity(law::gen& g) {
    diversity how;
    how.k = g.integer<std::size_t>(0, 45, "k");
    how.lambda = g.flag() ? g.one_of({.7, 1.0, 0.0, .5}, "lambda") : g.real(0, 1, "lambda");
    how.min_dispersion = g.one_of({0.0, 0.0, 1e-9, .05, .3, .5, .9}, "min_dispersion");
    return how;
}

struct answer {
    std::vector<diverse_pick> picks;
    fell_short why = fell_short::no;
    friend bool operator==(answer const&, answer const&) = default;
};

answer picked(recall::diverse& pick, crowd const& in, diversity const& how) {
    auto const found = pick(in.compare, in.all, how).value();
    return {{found.picks.begin(), found.picks.end()}, found.fell_short};
}
answer picked(crowd const& in, diversity const& how) {
    recall::diverse pick;
    return picked(pick, in, how);
}

/// As the formula says: every score anew for every pick.
answer naive(crowd const& in, diversity const& how) {
    answer a;
    std::vector<contender> left = in.all;
    std::vector<contender> taken;
    while (a.picks.size() < how.k) {
        std::optional<diverse_pick> best;
        std::size_t where = 0;
        for (std::size_t i = 0; i < left.size(); ++i) {
            double redundancy = 0;
            if (!taken.empty()) {
                float near = -std::numeric_limits<float>::infinity();
                for (contender const& t : taken)
                    near = std::max(near, in.compare(t.vector, left[i].vector));
                redundancy = recall::absolute(in.compare.by(), static_cast<double>(near));
                if (how.min_dispersion > 0 && 1 - redundancy < how.min_dispersion) continue;
            }
            double const volatile gain = how.lambda * left[i].relevance;
            double const volatile loss = (1 - how.lambda) * redundancy;
            diverse_pick const one{left[i].entry, left[i].relevance, redundancy, gain - loss};
            if (best
                && (one.score < best->score
                    || (one.score == best->score && best->entry < one.entry)))
                continue;
            best = one;
            where = i;
        }
        if (!best) {
            a.why = left.empty() ? fell_short::few : fell_short::too_close;
            break;
        }
        a.picks.push_back(*best);
        taken.push_back(left[where]);
        left.erase(left.begin() + static_cast<std::ptrdiff_t>(where));
    }
    return a;
}

} // namespace

TEST_CASE("Diverse picks are the naive form's, figures included, bit for bit", "[recall]") {
    recall::diverse pick; // one for all cases: nothing of a case is left to the next
    law::for_all(1500, [&](law::gen& g) {
        crowd const in{g};
        diversity const how = any_diversity(g);
        g.holds(picked(pick, in, how) == naive(in, how), "picks as the naive form does");
        g.holds(pick.compared() <= in.all.size() * how.k, "nobody meets a pick twice");
    });
}

TEST_CASE("Diverse picks do not depend on the order of the contenders", "[recall]") {
    law::for_all(500, [](law::gen& g) {
        crowd in{g};
        diversity const how = any_diversity(g);
        auto const before = picked(in, how);
        g.shuffle(in.all);
        g.holds(picked(in, how) == before, "the order of the input does not show");
    });
}

TEST_CASE("At lambda 1 diverse picks are the plain ranking", "[recall]") {
    law::for_all(300, [](law::gen& g) {
        crowd const in{g};
        std::size_t const k = g.integer<std::size_t>(0, 45, "k");
        auto plain = in.all;
        std::sort(plain.begin(), plain.end(), [](contender const& a, contender const& b) {
            return a.relevance != b.relevance ? a.relevance > b.relevance : a.entry < b.entry;
        });
        auto const picks = picked(in, {.k = k, .lambda = 1}).picks;
        g.holds(picks.size() == std::min(k, plain.size()), "nobody is left out");
        for (std::size_t i = 0; i < picks.size(); ++i)
            g.holds(
                picks[i].entry == plain[i].entry && picks[i].score == plain[i].relevance,
                "by relevance, and the score is the relevance");
    });
}

TEST_CASE("No two picks are nearer than the least dispersion, and nobody else fits", "[recall]") {
    law::for_all(500, [](law::gen& g) {
        crowd const in{g};
        diversity how = any_diversity(g);
        if (how.min_dispersion == 0) how.min_dispersion = .2;
        auto const apart = [&](recall::entry_id a, recall::entry_id b) {
            auto const vector = [&](recall::entry_id of) {
                return std::find_if(
                           in.all.begin(), in.all.end(),
                           [&](contender const& c) { return c.entry == of; })
                    ->vector;
            };
            auto const near = static_cast<double>(in.compare(vector(a), vector(b)));
            return 1 - recall::absolute(in.compare.by(), near) >= how.min_dispersion;
        };
        auto const got = picked(in, how);
        for (std::size_t i = 0; i < got.picks.size(); ++i)
            for (std::size_t j = 0; j < i; ++j)
                g.holds(apart(got.picks[i].entry, got.picks[j].entry), "picks keep apart");
        if (got.picks.size() == how.k) return;
        for (contender const& c : in.all)
            g.holds(
                std::any_of(
                    got.picks.begin(), got.picks.end(),
                    [&](diverse_pick const& p) {
                        return p.entry == c.entry || !apart(p.entry, c.entry);
                    }),
                "a list that ends early ends because nobody is left who keeps apart");
    });
}

TEST_CASE("The first picks are the same however many are asked for", "[recall]") {
    law::for_all(300, [](law::gen& g) {
        crowd const in{g};
        diversity how = any_diversity(g);
        auto const many = picked(in, how).picks;
        how.k /= 2;
        auto const few = picked(in, how).picks;
        g.holds(
            few.size() <= many.size() && std::equal(few.begin(), few.end(), many.begin()),
            "fewer picks are the first of more");
    });
}

TEST_CASE("absolute() never decreases from a float to the next", "[recall]") {
    law::for_all(3000, [](law::gen& g) {
        auto const by = static_cast<metric>(g.integer(0, 2, "metric"));
        auto const size = static_cast<float>(g.magnitude(-60, 120, "size"));
        float const low = g.flag() ? -size : size;
        float const high = std::nextafter(low, std::numeric_limits<float>::infinity());
        g.holds(
            recall::absolute(by, static_cast<double>(low))
                <= recall::absolute(by, static_cast<double>(high)),
            "what bounds rest on");
    });
}
