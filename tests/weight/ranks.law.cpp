// SPDX-License-Identifier: MIT
// Strides ranked among their like, against a recount that sorts nothing and knows the normal distribution from erfc.
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <tuple>
#include <utility>
#include <vector>

#include <runnel/weight.hpp>

#include "support/allocations.hpp"
#include "support/catch.hpp"
#include "support/law.hpp"

namespace {

namespace weight = runnel::weight;
using runnel::cohort;
using runnel::link_type;
using runnel::scope_id;
using weight::ranked;

cohort in(int type, int scope = 0) {
    return {
        link_type(static_cast<std::uint16_t>(type)), scope_id(static_cast<std::uint16_t>(scope))};
}
weight::flow carrying(double gross, cohort of = in(0), double gap = 0, double utility = 0) {
    weight::flow f;
    f.gross = gross;
    f.of = of;
    f.gap = gap;
    f.utility = utility;
    return f;
}
double phi(double z) { return std::erfc(-z / std::sqrt(2.0)) / 2; }

/// rank / (n + 1) of a value among some that include it.
double share_among(std::vector<double> const& all, double value) {
    double below = 0;
    double equal = 0;
    for (double const v : all) {
        below += v < value ? 1 : 0;
        equal += v == value ? 1 : 0;
    }
    return (below + (equal + 1) / 2) / (static_cast<double>(all.size()) + 1);
}

/// The same from its description.
struct recount {
    using key = std::pair<int, int>;
    static key key_of(cohort c) {
        return {static_cast<int>(index(c.scope)), static_cast<int>(index(c.type))};
    }
    std::map<key, std::deque<double>> past;

    std::vector<double> shares(std::vector<std::pair<cohort, double>> const& values) {
        for (auto const& [of, v] : values) {
            auto& window = past[key_of(of)];
            window.push_back(v);
            if (window.size() > 256) window.pop_front();
        }
        std::vector<double> all;
        for (auto const& [of, v] : values) all.push_back(v);
        std::vector<double> found;
        for (auto const& [of, v] : values) {
            std::vector<double> like;
            for (auto const& [other, w] : values)
                if (other == of) like.push_back(w);
            if (like.size() < 5) {
                auto const& window = past[key_of(of)];
                like.assign(window.begin(), window.end());
            } else if (like.size() < 10) {
                like = all;
            }
            found.push_back(share_among(like, v));
        }
        return found;
    }
};

using told = std::vector<std::tuple<std::size_t, std::size_t, ranked, double>>;
told all_of(weight::rank_windows const& windows) {
    told all;
    windows.each([&](cohort c, ranked what, double value) {
        all.emplace_back(index(c.scope), index(c.type), what, value);
    });
    return all;
}

} // namespace

TEST_CASE("strides are scored as a recount says, frame after frame", "[weight][law]") {
    law::for_all(300, [](law::gen& g) {
        weight::rank_windows windows;
        recount flows;
        recount utilities;
        for (std::size_t frame = 0; frame < 6; ++frame) {
            std::vector<weight::flow> strides;
            std::vector<std::pair<cohort, double>> gross;
            std::vector<std::pair<cohort, double>> utility;
            std::size_t const size = g.one_of<std::size_t>({3, 12, 40, 600});
            std::size_t const kinds = g.choose(5);
            for (std::size_t n = g.choose(size); n > 0; --n) {
                cohort const of =
                    in(static_cast<int>(g.choose(kinds)), static_cast<int>(g.choose(kinds / 3)));
                double const gap = g.flag() ? 0 : 1;
                strides.push_back(carrying(
                    static_cast<double>(g.choose(20)) / 8, of, gap,
                    static_cast<double>(g.choose(5)) / 4));
                gross.emplace_back(of, strides.back().gross);
                if (gap > 0) utility.emplace_back(of, strides.back().utility);
            }
            windows.rank(strides.data(), strides.size());
            auto const by_flow = flows.shares(gross);
            auto const by_utility = utilities.shares(utility);
            std::size_t lacking = 0;
            for (std::size_t i = 0; i < strides.size(); ++i) {
                g.show("z_flow", strides[i].z_flow);
                g.holds(std::fabs(phi(strides[i].z_flow) - by_flow[i]) < 1e-13, "flow");
                if (strides[i].gap > 0)
                    g.holds(
                        std::fabs(phi(strides[i].z_utility) - by_utility[lacking++]) < 1e-13,
                        "utility");
                else
                    g.holds(strides[i].z_utility == 0, "nothing lacked: no rank");
            }
        }
        std::size_t remembered = 0;
        for (auto const& [of, window] : flows.past) remembered += window.size();
        for (auto const& [of, window] : utilities.past) remembered += window.size();
        g.holds(all_of(windows).size() == remembered, "as many as the windows hold");
    });
}

TEST_CASE("the scores of negatives are the negatives, to the bit", "[weight][law]") {
    law::for_all(300, [](law::gen& g) {
        std::vector<weight::flow> plain;
        std::vector<weight::flow> mirrored;
        for (std::size_t n = g.choose(60); n > 0; --n) {
            plain.push_back(
                carrying(static_cast<double>(g.choose(30)), in(static_cast<int>(g.choose(2)))));
            mirrored.push_back(carrying(-plain.back().gross, plain.back().of));
        }
        weight::rank_windows a;
        weight::rank_windows b;
        a.rank(plain.data(), plain.size());
        b.rank(mirrored.data(), mirrored.size());
        for (std::size_t i = 0; i < plain.size(); ++i)
            g.holds(plain[i].z_flow == -mirrored[i].z_flow, "mirrored");
    });
}

TEST_CASE(
    "ten strides are compared with themselves, nine with all, four with their past", "[weight]") {
    auto const z = [](double share) { return runnel::math::normal_quantile(share); };
    auto const strides = [](int n, double of_other) {
        std::vector<weight::flow> all;
        for (int i = 1; i <= n; ++i) all.push_back(carrying(i));
        for (int i = 0; i < 20; ++i) all.push_back(carrying(of_other, in(1)));
        return all;
    };
    weight::rank_windows windows;
    auto ten = strides(10, 100);
    windows.rank(ten.data(), ten.size());
    CHECK(ten[9].z_flow == Approx(z(10.0 / 11)));
    CHECK(ten[10].z_flow == 0);
    windows.clear();
    auto nine = strides(9, 100);
    windows.rank(nine.data(), nine.size());
    CHECK(nine[8].z_flow == Approx(z(9.0 / 30)));
    CHECK(nine[9].z_flow == 0); // its own cohort is large enough
    auto four = strides(4, 100);
    windows.rank(four.data(), four.size()); // after 1 to 9: 4 is seventh and eighth of 13
    CHECK(four[3].z_flow == Approx(z(7.5 / 14)));
    windows.clear();
    auto lone = strides(1, 100);
    windows.rank(lone.data(), 1);
    CHECK(lone[0].z_flow == 0);
    lone[0].gross = 2;
    windows.rank(lone.data(), 1);
    CHECK(lone[0].z_flow == Approx(z(2.0 / 3)));
}

TEST_CASE("a window forgets its oldest", "[weight]") {
    weight::rank_windows windows;
    auto high = carrying(9);
    windows.rank(&high, 1);
    auto low = carrying(1);
    for (int i = 0; i < 255; ++i) windows.rank(&low, 1);
    auto probe = carrying(5);
    windows.rank(&probe, 1); // the 9 has just gone
    CHECK(probe.z_flow == Approx(runnel::math::normal_quantile(256.0 / 257)));
}

TEST_CASE("what windows tell brings them back", "[weight][law]") {
    law::for_all(200, [](law::gen& g) {
        weight::rank_windows kept;
        for (std::size_t n = g.choose(700); n > 0; --n) {
            auto one = carrying(
                static_cast<double>(g.choose(9)), in(static_cast<int>(g.choose(2))),
                static_cast<double>(g.choose(1)), static_cast<double>(g.choose(4)));
            kept.rank(&one, 1);
        }
        weight::rank_windows again;
        kept.each([&](cohort c, ranked what, double v) { again.remember(c, what, v); });
        g.holds(all_of(kept) == all_of(again), "the same");
        auto one = carrying(4, in(1), 1, 2);
        auto other = one;
        kept.rank(&one, 1);
        again.rank(&other, 1);
        g.holds(one.z_flow == other.z_flow && one.z_utility == other.z_utility, "same scores");
    });
}

TEST_CASE("ranking takes its memory beforehand and none when nothing is new", "[weight]") {
    weight::rank_windows windows;
    std::vector<weight::flow> strides;
    for (int i = 0; i < 300; ++i)
        strides.push_back(
            carrying(static_cast<double>(i % 17), in(i % 7, i % 11), static_cast<double>(i % 2)));
    windows.room(strides.data(), strides.size());
    std::size_t const before = windows.bytes();
    if (!support::counting()) return;
    support::allocation_watch const watch;
    for (int frame = 0; frame < 5; ++frame) windows.rank(strides.data(), strides.size());
    CHECK(watch.count() == 0);
    CHECK(windows.bytes() == before);
}
