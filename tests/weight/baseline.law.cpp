// SPDX-License-Identifier: MIT
// What was usual over past frames, against the mixture of all of them kept one by one.
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <tuple>
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
using runnel::version;
using weight::usual;

log_weight lw_of(double lw) { return log_weight::from_log(lw).value(); }
cohort in(unsigned type, unsigned scope = 0) {
    return {
        link_type(static_cast<std::uint16_t>(type)), scope_id(static_cast<std::uint16_t>(scope))};
}
bool close(double a, double b) { return std::fabs(a - b) <= 1e-10 * (1 + std::fabs(b)); }

/// A store of a few links that is written now and then.
struct writes {
    cohort_sums sums;
    std::vector<std::pair<cohort, log_weight>> links;
    std::uint64_t count = 0;

    explicit writes(law::gen& g) {
        for (std::size_t n = 2 + g.choose(8); n > 0; --n) {
            links.emplace_back(
                in(static_cast<unsigned>(g.choose(1)), static_cast<unsigned>(g.choose(1))),
                lw_of(static_cast<double>(g.choose(40)) / 8));
            sums.add(links.back().first, links.back().second);
        }
    }
    void write(law::gen& g) {
        auto& [of, lw] = links[g.choose(links.size() - 1)];
        log_weight const next = lw_of(static_cast<double>(g.choose(40)) / 8 - 2);
        sums.change(of, lw, next);
        lw = next;
        ++count;
    }
    [[nodiscard]] version stamp() const { return version{count}; }
};
weight::config averaging(double rate) {
    weight::config how;
    how.baseline = weight::baseline::ema;
    how.ema_rate = rate;
    return how;
}

} // namespace

TEST_CASE("two populations as one have the mean and variance of the pooled", "[weight]") {
    // {0, 2} one part in four, {4, 4, 10} three parts.
    usual const a{1, 1, 2};
    usual const b{6, 8, 3};
    usual const both = weight::mixed(a, .25, b);
    CHECK(both.mean == Approx(.25 * 1 + .75 * 6));
    CHECK(both.variance == Approx(.25 * (1 + 1) + .75 * (8 + 36) - both.mean * both.mean));
    CHECK(both.members == 3);
    CHECK(weight::mixed(a, 1, a) == a);
    CHECK(weight::mixed(a, .3, a) == a);
}

TEST_CASE("a baseline is the mixture of the frames since its cohort was met", "[weight][law]") {
    law::for_all(500, [](law::gen& g) {
        weight::config const how = averaging(g.one_of({.1, .5, 1.0, .01}));
        writes store{g};
        weight::baselines<cohort> kept;
        cohort const watched = store.links[0].first;
        bool met = false;
        long double mean = 0;
        long double square = 0; // the second moment: a mixture's is the mean of its parts'
        for (std::uint64_t frame = 3 + g.choose(3), end = frame + g.choose(60); frame < end;
             ++frame) {
            for (std::size_t n = g.one_of<std::size_t>({0, 0, 0, 1, 3}); n > 0; --n) store.write(g);
            for (std::size_t tries = 1 + g.choose(1); tries > 0; --tries) // one may be given up
                kept.open(store.sums, how, store.stamp(), frame);
            usual const now = weight::usual_of(store.sums, watched, how.shrinkage);
            long double const r = how.ema_rate;
            long double const now_square = static_cast<long double>(now.variance)
                                           + static_cast<long double>(now.mean) * now.mean;
            if (met) {
                mean += r * (now.mean - mean);
                square += r * (now_square - square);
            }
            if (met ? g.flag() : g.choose(3) != 0) continue; // asked or not, frames count
            if (!met) {
                met = true;
                mean = now.mean;
                square = now_square;
            }
            usual const is = kept.of(watched, store.sums, how);
            g.show("mean", is.mean);
            g.holds(close(is.mean, static_cast<double>(mean)), "mean");
            g.holds(close(is.variance, static_cast<double>(square - mean * mean)), "variance");
            g.holds(kept.of(watched, store.sums, how) == is, "frozen in a frame");
        }
    });
}

TEST_CASE("who was met by a frame that was given up was not met", "[weight]") {
    weight::config const how = averaging(.1);
    cohort_sums sums;
    for (double const lw : {0.0, 2.0}) sums.add(in(0), lw_of(lw));
    weight::baselines<cohort> kept;
    kept.open(sums, how, version{1}, 5);
    CHECK(kept.of(in(0), sums, how).mean == 1);
    sums.change(in(0), lw_of(2), lw_of(6));
    kept.open(sums, how, version{2}, 5);
    std::size_t told = 0;
    kept.each(5, [&](auto const&...) { ++told; });
    CHECK(told == 0);
    CHECK(kept.of(in(0), sums, how).mean == 3); // as met for the first time
    sums.change(in(0), lw_of(6), lw_of(2));
    kept.open(sums, how, version{3}, 6);
    CHECK(kept.of(in(0), sums, how).mean == Approx(2.8));
    CHECK(weight::reading_of(kept, in(0), sums, how).mean == Approx(2.8));
    weight::config unit = how;
    unit.source = weight::source::unit;
    CHECK(weight::reading_of(kept, in(0), sums, unit)(lw_of(9)) == 1);
}

TEST_CASE("a rise of all weights shows and fades", "[weight]") {
    weight::config how = averaging(.1);
    how.shrinkage = 0;
    cohort_sums sums;
    std::vector<log_weight> links;
    for (int i = 0; i < 10; ++i) {
        links.push_back(lw_of(i % 2 == 0 ? -1 : 1));
        sums.add(in(0), links.back());
    }
    weight::baselines<cohort> kept;
    auto const z = [&](std::uint64_t frame, std::uint64_t stamp, log_weight lw) {
        kept.open(sums, how, version{stamp}, frame);
        return weight::reading_of(kept, in(0), sums, how).z(lw);
    };
    CHECK(z(0, 1, links[1]) == Approx(1));
    for (log_weight& lw : links) {
        auto const risen = lw_of(lw.log() + 2);
        sums.change(in(0), lw, risen);
        lw = risen;
    }
    // A tenth of the way: mean .2, variance 1 + .09 * 4.
    CHECK(z(1, 2, links[1]) == Approx((3 - .2) / std::sqrt(1.36)));
    double before = z(6, 2, links[1]);
    CHECK(before > 1);
    for (std::uint64_t frame = 7; frame < 60; ++frame) {
        double const now = z(frame, 2, links[1]);
        CHECK(now < before);
        before = now;
    }
    CHECK(z(500, 2, links[1]) == Approx(1));
}

TEST_CASE("what baselines tell brings them back", "[weight][law]") {
    law::for_all(200, [](law::gen& g) {
        weight::config const how = averaging(.1);
        writes store{g};
        weight::baselines<cohort> kept;
        using entry =
            std::tuple<std::size_t, std::size_t, double, double, double, double, std::uint64_t>;
        auto const all = [](weight::baselines<cohort> const& of) {
            std::vector<entry> told;
            of.each(
                1000, [&](cohort c, usual const& past, usual const& present, std::uint64_t since) {
                    told.emplace_back(
                        index(c.scope), index(c.type), past.mean, past.variance, present.mean,
                        present.variance, since);
                });
            return told;
        };
        std::uint64_t frame = 0;
        for (; frame < 10; ++frame) {
            if (g.flag()) store.write(g);
            kept.open(store.sums, how, store.stamp(), frame);
            for (auto const& [of, lw] : store.links)
                if (g.flag()) static_cast<void>(kept.of(of, store.sums, how));
        }
        weight::baselines<cohort> again;
        kept.each(
            1000, [&](cohort c, usual const& past, usual const& present, std::uint64_t since) {
                again.put(c, past, present, since);
            });
        auto const told = all(kept);
        for (std::size_t i = 1; i < told.size(); ++i)
            g.holds(told[i - 1] < told[i], "by scope and type");
        g.holds(all(again) == told, "the same");
        store.write(g);
        kept.open(store.sums, how, store.stamp(), frame + 3);
        again.open(store.sums, how, version{77}, frame + 3); // a stamp of another run
        for (auto const& [of, lw] : store.links)
            g.holds(kept.of(of, store.sums, how) == again.of(of, store.sums, how), "to the bit");
        kept.clear();
        g.holds(all(kept).empty(), "cleared");
    });
}

TEST_CASE(
    "frames that were given up and stamps that say nothing leave every bit", "[weight][law]") {
    law::for_all(500, [](law::gen& g) {
        weight::config const how = averaging(.1);
        writes store{g};
        weight::baselines<cohort> calm;
        weight::baselines<cohort> busy;
        std::uint64_t stamp = 100;
        for (std::uint64_t frame = 0; frame < 12; ++frame) {
            for (std::size_t n = g.choose(2); n > 0; --n) {
                store.write(g);
                busy.open(store.sums, how, version{++stamp}, frame);
            }
            calm.open(store.sums, how, store.stamp(), frame);
            busy.open(store.sums, how, version{++stamp}, frame);
            for (auto const& [of, lw] : store.links)
                g.holds(
                    calm.of(of, store.sums, how) == busy.of(of, store.sums, how), "the same bits");
        }
    });
}
