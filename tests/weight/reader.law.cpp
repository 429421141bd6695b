// SPDX-License-Identifier: MIT
// Weights read as strength among their like: shifts and scales do not matter, small cohorts lean, sums are exact.
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include <runnel/weight.hpp>

#include "support/catch.hpp"
#include "support/law.hpp"

namespace {

namespace weight = runnel::weight;
using runnel::cohort;
using runnel::cohort_sums;
using runnel::link_type;
using runnel::log_weight;
using runnel::scope_id;
using runnel::weight_sums;

log_weight lw_of(double lw) { return log_weight::from_log(lw).value(); }
cohort any_cohort(law::gen& g) {
    return {
        link_type(static_cast<std::uint16_t>(g.choose(4))),
        scope_id(static_cast<std::uint16_t>(g.choose(3)))};
}
struct fact {
    cohort of;
    log_weight lw;
};
template <class Keep> weight_sums recount(std::vector<fact> const& facts, Keep keep) {
    weight_sums sums;
    for (fact const& f : facts)
        if (keep(f.of)) sums.add(f.lw);
    return sums;
}

} // namespace

TEST_CASE("running sums are a recount, whatever was changed", "[weight][law]") {
    law::for_all(2'000, [](law::gen& g) {
        cohort_sums sums;
        std::vector<fact> facts;
        for (std::size_t step = g.choose(60); step > 0; --step) {
            auto const lw = log_weight::from_raw(g.one_of(
                {0, 1, -1, 2147483647, -2147483647 - 1,
                 static_cast<std::int32_t>(g.choose(1U << 26))}));
            if (facts.empty() || g.flag()) {
                facts.push_back({any_cohort(g), lw});
                sums.add(facts.back().of, lw);
            } else {
                fact& f = facts[g.choose(facts.size() - 1)];
                sums.change(f.of, f.lw, lw);
                f.lw = lw;
            }
        }
        g.holds(sums.all() == recount(facts, [](cohort) { return true; }), "all");
        for (std::uint16_t t = 0; t < 6; ++t)
            g.holds(
                sums.of(link_type{t})
                    == recount(facts, [&](cohort c) { return c.type == link_type{t}; }),
                "of a type");
        for (std::uint16_t s = 0; s < 5; ++s) {
            g.holds(
                sums.of(scope_id{s})
                    == recount(facts, [&](cohort c) { return c.scope == scope_id{s}; }),
                "of a scope");
            for (std::uint16_t t = 0; t < 6; ++t) {
                cohort const both{link_type{t}, scope_id{s}};
                g.holds(
                    sums.of(both) == recount(facts, [&](cohort c) { return c == both; }),
                    "of a cohort");
            }
        }
    });
}

TEST_CASE("mean and variance are those of the population", "[weight][law]") {
    law::for_all(5'000, [](law::gen& g) {
        weight_sums sums;
        std::vector<long double> all;
        for (std::size_t n = g.choose(40); n > 0; --n) {
            auto const lw = lw_of(g.real(-120, 120, "lw"));
            sums.add(lw);
            all.push_back(lw.log());
        }
        long double mean = 0;
        for (auto x : all) mean += x / static_cast<long double>(all.size());
        long double variance = 0;
        for (auto x : all)
            variance += (x - mean) * (x - mean) / static_cast<long double>(all.size());
        g.holds(std::fabs(sums.mean() - static_cast<double>(mean)) < 1e-12, "mean");
        g.holds(
            std::fabs(sums.variance() - static_cast<double>(variance))
                <= 1e-12 * static_cast<double>(variance) + 1e-15,
            "variance");
    });
    weight_sums far; // a spread of one step at the end of the range: nothing cancels
    far.add(log_weight::from_raw(2147483647));
    far.add(log_weight::from_raw(2147483646));
    CHECK(far.variance() == .25 * 0x1p-48);
}

TEST_CASE("leaning is the weighted mean of two samples", "[weight]") {
    weight_sums sample; // 1 and 3: mean 2, variance 1
    sample.add(lw_of(1));
    sample.add(lw_of(3));
    auto const u = weight::leaning(sample, {0, 4, 10}, 3);
    CHECK(u.mean == Approx(2 * 2.0 / 5));
    CHECK(u.variance == Approx((2 * 1 + 3 * 4.0) / 5 + 2 * 3.0 / 25 * 4));
    CHECK(u.members == 2);
    CHECK(weight::leaning(sample, {9, 9, 1}, 0).mean == 2);
    CHECK(weight::leaning(sample, {9, 9, 1}, 0).variance == 1);
    CHECK(weight::leaning({}, {9, 4, 1}, 3).mean == 9);
    CHECK(weight::leaning({}, {9, 4, 1}, 0).variance == 4);
}

TEST_CASE("shifting or stretching a cohort changes no reading", "[weight][law]") {
    law::for_all(3'000, [](law::gen& g) {
        weight::config c;
        c.shrinkage = 0;
        double const shift = static_cast<double>(g.choose(40)) - 20;
        double const stretch = g.one_of({.5, 1.0, 2.0, 4.0});
        std::vector<log_weight> plain;
        std::vector<log_weight> moved;
        cohort_sums a;
        cohort_sums b;
        cohort const of = any_cohort(g);
        for (std::size_t n = 2 + g.choose(20); n > 0; --n) {
            double const lw = static_cast<double>(g.choose(1000)) / 64;
            plain.push_back(lw_of(lw));
            moved.push_back(lw_of(lw * stretch + shift));
            a.add(of, plain.back());
            b.add(of, moved.back());
        }
        if (a.of(of).variance() < .05) return;
        auto const read = weight::reading_of(a, of, c);
        auto const read_moved = weight::reading_of(b, of, c);
        for (std::size_t i = 0; i < plain.size(); ++i) {
            double const f = read(plain[i]);
            g.holds(std::fabs(f - read_moved(moved[i])) < 1e-9 * f, "the same strength");
            g.holds(
                f <= std::exp(3.0) * (1 + 1e-12) && f >= std::exp(-3.0) * (1 - 1e-12),
                "within limits");
        }
    });
}

TEST_CASE("a cohort without spread reads as 1, a lone link leans on the others", "[weight]") {
    cohort const here{link_type::relates, scope_id{0}};
    cohort_sums same;
    for (int i = 0; i < 5; ++i) same.add(here, lw_of(-2));
    CHECK(weight::reading_of(same, here, {})(lw_of(-2)) == 1);
    cohort const rare{link_type::blocks, scope_id{1}};
    cohort_sums mixed;
    for (int i = 0; i < 100; ++i) mixed.add(here, lw_of(i % 2 == 0 ? -1 : 1));
    mixed.add(rare, lw_of(1));
    double const lone = weight::reading_of(mixed, rare, {})(lw_of(1));
    CHECK(lone > 1);
    CHECK(lone < std::exp(1.0));
    weight::config alone;
    alone.shrinkage = 0;
    CHECK(weight::reading_of(mixed, rare, alone)(lw_of(1)) == 1);
}

TEST_CASE("no step at any size: one more link changes a reading a little", "[weight]") {
    cohort const here{link_type::relates, scope_id{0}};
    cohort const there{link_type::blocks, scope_id{1}};
    cohort_sums sums;
    for (int i = 0; i < 1000; ++i) sums.add(there, lw_of(i % 2 == 0 ? -3 : 1));
    double before = 0;
    for (int n = 0; n < 200; ++n) {
        auto const read = weight::reading_of(sums, here, {});
        double const z = std::log(read(lw_of(0)));
        if (n > 0)
            CHECK(
                std::fabs(z - before) < .6); // the first link alone would read as 1 without leaning
        before = z;
        sums.add(here, lw_of(n % 2 == 0 ? .5 : 1.5));
    }
}

TEST_CASE("other sources: nothing, or the weight itself", "[weight]") {
    cohort_sums const none;
    CHECK(weight::reading_of(none, {}, {.source = weight::source::unit})(lw_of(5)) == 1);
    CHECK(
        weight::reading_of(none, {}, {.source = weight::source::raw})(lw_of(2))
        == Approx(std::exp(2.0)));
    CHECK(weight::reading_of(none, {}, {})(lw_of(0)) == 1);
}

TEST_CASE("reader settings out of range are refused", "[weight]") {
    auto const refused = [](weight::config const& c) {
        return !c.validate() && c.validate().error().code() == "weight.bad_config";
    };
    CHECK(refused({.source = weight::source{9}}));
    CHECK(refused({.shrinkage = -1}));
    CHECK(refused({.least_spread = 0}));
    CHECK(refused({.z_limit = 0}));
    CHECK(refused({.z_limit = std::nan("")}));
    CHECK(refused({.z_limit = 701}));
}

TEST_CASE("a target is read among nodes of its type and scope", "[weight]") {
    runnel::node_cohort const here{runnel::node_type::task, scope_id{1}};
    cohort_sums masses;
    for (int i = 0; i < 10; ++i) masses.add(here, lw_of(i % 2 == 0 ? 1 : 3)); // mean 2, spread 1
    weight::config c;
    c.shrinkage = 0;
    c.source = weight::source::target;
    CHECK(weight::reading_of(masses, here, c).z(lw_of(2.5)) == Approx(.5));
    CHECK(weight::reading_of(masses, here, c)(lw_of(2.5)) == Approx(std::exp(.5)));
    CHECK(weight::reading_of(masses, cohort{}, c)(lw_of(2.5)) == 1); // links do not matter
    c.source = weight::source::link;
    CHECK(weight::reading_of(masses, here, c)(lw_of(2.5)) == 1);
}

TEST_CASE(
    "strength by source; the limit counts after links and targets were put together", "[weight]") {
    weight::reading const plain{0, 1, 3};
    weight::measured const link{plain, lw_of(2)};
    weight::measured const target{plain, lw_of(-1)};
    auto const z = [&](weight::source s, weight::measured const& l, weight::measured const& t) {
        return std::log(weight::strength(s, l, t));
    };
    CHECK(z(weight::source::link, link, target) == Approx(2));
    CHECK(z(weight::source::target, link, target) == Approx(-1));
    CHECK(z(weight::source::both, link, target) == Approx(1 / std::sqrt(2.0)));
    weight::measured const far{plain, lw_of(5)};
    CHECK(z(weight::source::both, far, target) == Approx(4 / std::sqrt(2.0))); // not (3 - 1)
    CHECK(z(weight::source::both, far, far) == Approx(3));
    CHECK(z(weight::source::link, far, target) == Approx(3));
    CHECK(
        weight::strength(weight::source::raw, {{0, 1, 700}, lw_of(5)}, {})
        == Approx(std::exp(5.0)));
    CHECK(weight::strength(weight::source::unit, {{0, 0, 700}, lw_of(5)}, {}) == 1);
}

TEST_CASE(
    "both has a spread of 1 where links and targets do and know nothing of each other",
    "[weight]") {
    weight::reading const plain{0, 1, 3};
    double squares = 0;
    for (double const l : {-1.0, 1.0})
        for (double const t : {-1.0, 1.0}) {
            double const z = std::log(
                weight::strength(weight::source::both, {plain, lw_of(l)}, {plain, lw_of(t)}));
            squares += z * z / 4;
        }
    CHECK(squares == Approx(1));
}

TEST_CASE("below three members a reading is of low confidence", "[weight]") {
    cohort const here{link_type::relates, scope_id{0}};
    cohort_sums sums;
    for (int n = 0; n < 5; ++n) {
        CHECK(weight::reading_of(sums, here, {}).low_confidence == (n < 3));
        sums.add(here, lw_of(n));
    }
    CHECK_FALSE(weight::reading_of(sums, here, {.source = weight::source::unit}).low_confidence);
}

TEST_CASE("settings of targets and baselines out of range are refused", "[weight]") {
    CHECK(weight::config{.source = weight::source::both}.validate());
    CHECK_FALSE(weight::config{.source = weight::source{5}}.validate());
    CHECK_FALSE(weight::config{.baseline = weight::baseline{2}}.validate());
    CHECK_FALSE(weight::config{.ema_rate = 0}.validate());
    CHECK_FALSE(weight::config{.ema_rate = 1.01}.validate());
    CHECK_FALSE(weight::config{.ema_rate = std::nan("")}.validate());
}
