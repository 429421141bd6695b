// SPDX-License-Identifier: MIT
// Laws of the histogram: quantiles within their stated error; merged is as if added to one.
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include <runnel/recall/metrics.hpp>

#include "support/catch.hpp"
#include "support/law.hpp"

using namespace runnel;
using recall::latency_histogram;

namespace {

std::vector<std::uint64_t> draw(law::gen& g) {
    auto const width = g.integer(1, 64, "bits");
    return g.list(200, [&] { return g.choose(~std::uint64_t{0}) >> (64 - g.integer(1, width)); });
}
bool same(latency_histogram const& a, latency_histogram const& b) {
    for (std::size_t i = 0; i < latency_histogram::buckets; ++i)
        if (a.in_bucket(i) != b.in_bucket(i)) return false;
    return a.count() == b.count() && a.total() == b.total() && a.shortest() == b.shortest()
           && a.longest() == b.longest();
}

} // namespace

TEST_CASE("Quantiles are as far off as they say", "[recall][metrics][law]") {
    law::for_all(500, [](law::gen& g) {
        auto all = draw(g);
        g.assume(!all.empty());
        latency_histogram h;
        for (auto const x : all) h.add(x);
        std::sort(all.begin(), all.end());
        g.holds(h.shortest() == all.front() && h.longest() == all.back(), "the ends are exact");
        std::uint64_t before = 0;
        for (double const p : {0., .01, .25, .5, .75, .9, .99, 1.}) {
            double const rank = p * static_cast<double>(all.size());
            std::size_t at = 0;
            while (static_cast<double>(at + 1) < rank) ++at;
            auto const exact = static_cast<double>(all[at]);
            auto const told = static_cast<double>(h.quantile(p));
            double const off = std::fabs(told - exact);
            if (all[at] < 64)
                g.holds(off <= 32, "below 64 ns, by 32 ns at most");
            else if (all[at] < std::uint64_t{1} << 34)
                g.holds(off <= .125 * exact, "by an eighth at most");
            else
                g.holds(h.quantile(p) == h.longest(), "above 17 s, the longest");
            g.holds(h.quantile(p) >= before, "quantiles do not fall");
            g.holds(told >= static_cast<double>(all.front()), "nothing below the shortest");
            before = h.quantile(p);
        }
    });
}

TEST_CASE("Merging is adding all to one", "[recall][metrics][law]") {
    law::for_all(300, [](law::gen& g) {
        latency_histogram all;
        latency_histogram a;
        latency_histogram b;
        for (auto const x : draw(g)) {
            all.add(x);
            (g.flag() ? a : b).add(x);
        }
        latency_histogram ab = a;
        ab.merge(b);
        latency_histogram ba = b;
        ba.merge(a);
        g.holds(same(ab, all), "two parts make the whole");
        g.holds(same(ba, all), "in either order");
        ab.merge(latency_histogram{});
        g.holds(same(ab, all), "nothing adds nothing");
    });
}
