// SPDX-License-Identifier: MIT
// What holds for every injection: exact sums in any order, no trace of the order of hits, nothing negative.
#include <cmath>
#include <vector>

#include <runnel/recall/seed.hpp>

#include "support/catch.hpp"
#include "support/law.hpp"

using runnel::node_id;
namespace recall = runnel::recall;

namespace {

struct drawn {
    std::vector<std::vector<recall::held>> episodes;
    std::vector<recall::meaning> hits;
    recall::seeding how;
    std::uint32_t nodes = 0;
};

void draw(law::gen& g, drawn& all) {
    all.nodes = g.integer(1U, 60U, "nodes");
    auto const any_node = [&] { return node_id{g.integer(0U, 69U)}; };
    all.episodes.reserve(30); // spans into it stay
    std::uint32_t const count = g.integer(1U, 30U, "hits");
    for (std::uint32_t i = 0; i < count; ++i) {
        recall::meaning m;
        m.found = {{i, 1}, static_cast<float>(g.real(-1, 1))};
        if (i > 0 && g.integer(0, 3) == 0) m.found.similarity = all.hits[0].found.similarity;
        if (g.flag()) {
            m.node = any_node();
        } else {
            all.episodes.push_back(g.list(12, [&] {
                return recall::held{any_node(), g.magnitude(-40, 20)};
            }));
            m.episode = all.episodes.back();
        }
        all.hits.push_back(m);
    }
    all.how.temperature = g.magnitude(-12, 6, "temperature");
    all.how.energy = g.integer(0, 3) == 0 ? g.magnitude(-1060, 900, "energy")
                                          : std::ldexp(g.integer(1, 4000), g.integer(-40, 3));
    all.how.grain = g.one_of({recall::grain::quantum, recall::grain::finest});
}

} // namespace

TEST_CASE("seeds sum to the energy exactly, in any order", "[recall]") {
    law::for_all(4000, [](law::gen& g) {
        drawn all;
        draw(g, all);
        recall::seeder<> seeder;
        auto const seeds = seeder.seed(all.hits, all.nodes, all.how);
        if (!seeds) {
            g.holds(seeds.error().is(recall::faults::empty), "nothing else is refused");
            return;
        }
        double forwards = 0;
        for (auto const& s : *seeds) forwards += s.units;
        g.holds(forwards == all.how.energy, "by node id the sum is exact");
        std::vector<recall::seed> mixed(seeds->begin(), seeds->end());
        g.shuffle(mixed);
        double any = 0;
        for (auto const& s : mixed) any += s.units;
        g.holds(any == all.how.energy, "in any order the sum is exact");
        for (std::size_t i = 0; i < seeds->size(); ++i) {
            g.holds((*seeds)[i].units > 0, "a seed has energy");
            g.holds(index((*seeds)[i].node) < all.nodes, "a seed exists");
            if (i > 0) g.holds((*seeds)[i - 1].node < (*seeds)[i].node, "by node id, once each");
        }
    });
}

TEST_CASE("units are the softmax's shares, within the grain", "[recall]") {
    law::for_all(2000, [](law::gen& g) {
        drawn all;
        draw(g, all);
        all.how.energy = 1;
        recall::seeder<> seeder;
        auto const seeds = seeder.seed(all.hits, all.nodes, all.how);
        g.assume(seeds.has_value());
        // Naively, in long double: every share from its definition.
        std::vector<long double> units(all.nodes);
        std::vector<std::vector<long double>> of_hits;
        long double best = -2;
        for (auto const& m : all.hits) {
            std::vector<long double> mine(all.nodes);
            long double sum = 0;
            auto const put = [&](node_id n, double e) {
                if (index(n) >= all.nodes) return;
                mine[index(n)] += e;
                sum += e;
            };
            for (auto const& h : m.episode) put(h.node, h.energy);
            if (m.episode.empty() && m.node != runnel::no_node) put(m.node, 1);
            for (auto& x : mine)
                if (sum > 0) x /= sum;
            of_hits.push_back(sum > 0 ? mine : std::vector<long double>{});
            if (sum > 0 && m.found.similarity > best) best = m.found.similarity;
        }
        long double total = 0;
        for (std::size_t i = 0; i < all.hits.size(); ++i) {
            if (of_hits[i].empty()) continue;
            long double const term =
                std::exp((all.hits[i].found.similarity - best) / all.how.temperature);
            total += term;
            for (std::uint32_t n = 0; n < all.nodes; ++n) units[n] += of_hits[i][n] * term;
        }
        long double const step = all.how.grain == recall::grain::quantum ? 0x1p-40L : 0x1p-52L;
        std::size_t at = 0;
        std::size_t far = 0;
        for (std::uint32_t n = 0; n < all.nodes; ++n) {
            bool const here = at < seeds->size() && (*seeds)[at].node == node_id{n};
            long double const given = here ? (*seeds)[at++].units : 0;
            long double const off = std::abs(given - units[n] / total);
            if (off > step * .5L + 4e-16L) ++far; // the largest, which takes the residue
            g.holds(off <= step * .5L * (all.nodes + 1) + 4e-16L, "no seed is far from its share");
        }
        g.holds(far <= 1, "only one takes the residue");
    });
}

TEST_CASE("the order of the hits changes no bit", "[recall]") {
    law::for_all(2000, [](law::gen& g) {
        drawn all;
        draw(g, all);
        recall::seeder<> seeder;
        auto const seeds = seeder.seed(all.hits, all.nodes, all.how);
        auto mixed = all.hits;
        g.shuffle(mixed);
        recall::seeder<> other;
        auto const again = other.seed(mixed, all.nodes, all.how);
        g.holds(seeds.has_value() == again.has_value(), "both answer or neither");
        auto const equal = [](auto const& a, auto const& b) {
            return std::vector(a.begin(), a.end()) == std::vector(b.begin(), b.end());
        };
        g.holds(equal(seeder.dropped(), other.dropped()), "the same nodes are dropped");
        if (!seeds) return;
        g.holds(equal(*seeds, *again), "the same seeds");
        for (std::size_t i = 0; i < mixed.size(); ++i)
            for (std::size_t j = 0; j < all.hits.size(); ++j)
                if (mixed[i].found.entry == all.hits[j].found.entry)
                    g.holds(other.hits()[i] == seeder.hits()[j], "each hit keeps its share");
    });
}

TEST_CASE("shares of hits, and parts of nodes, sum to one", "[recall]") {
    law::for_all(1000, [](law::gen& g) {
        drawn all;
        draw(g, all);
        recall::seeder<> seeder;
        g.assume(seeder.seed(all.hits, all.nodes, all.how).has_value());
        double shares = 0;
        for (auto const& h : seeder.hits()) shares += h.share;
        g.holds(std::abs(shares - 1) < 1e-14, "shares of hits sum to 1");
        std::vector<double> of_hits(all.hits.size());
        for (std::uint32_t n = 0; n < all.nodes; ++n)
            for (auto const& p : seeder.parts(node_id{n})) of_hits[p.hit] += p.share;
        for (std::size_t i = 0; i < of_hits.size(); ++i)
            g.holds(
                std::abs(of_hits[i] - seeder.hits()[i].share) < 1e-14,
                "an episode gives out its hit's share, no more");
    });
}
