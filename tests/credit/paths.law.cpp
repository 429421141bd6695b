// SPDX-License-Identifier: MIT
// Ways energy came are ways there are, of energy that did come, and no quantum is on two of them.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <utility>
#include <vector>

#include <runnel/credit.hpp>
#include <runnel/runnel.hpp>

#include "credit/recorded_world.hpp"
#include "oracle/claims.hpp"
#include "support/catch.hpp"
#include "support/law.hpp"

namespace {

using namespace recorded;
namespace credit = runnel::credit;

constexpr std::size_t all_of_them = 100'000;

/// A world with a past, and the recorder that heard it.
struct scene {
    explicit scene(law::gen& g, std::size_t most, std::size_t calls)
        : w(a_world(g, most)),
          built(w.build()),
          sink(two_ears(flow, ear)),
          engine(runnel::make_engine(
                     built.graph, built.store, w.settings, runnel::pipeline{}.with_sink(sink))
                     .value()),
          life{engine, w.size(), ear} {
        static_cast<void>(g.list(calls, [&] {
            any_call(g, life, w.size());
            if (g.choose(20) == 20) { // whatever is there now was there before
                flow.clear();
                life.past.forget();
                life.run.begin_query();
            }
            return 0;
        }));
    }

    world w;
    runnel::graph::built built;
    credit::flow_recorder flow;
    std::vector<runnel::event::stride_exec> ear;
    decltype(two_ears(flow, ear)) sink;
    decltype(runnel::make_engine(
                 built.graph, built.store, w.settings, runnel::pipeline{}.with_sink(sink))
                 .value()) engine;
    watched<decltype(engine)> life;
};

/// Every answer there is about a scene: of each node, what it holds and what it received.
template <class Each> void each_answer(law::gen& g, scene& s, Each&& each) {
    credit::provenance trace{s.flow};
    for (std::size_t n = 0; n < s.w.size(); ++n) {
        g.show("node", n);
        double const units = s.life.run.energy_of(id_of(n));
        each(
            trace.of_energy(id_of(n), units), s.life.past.widest_of_energy(n, exactly(units)),
            true);
        each(trace.of_received(id_of(n)), s.life.past.widest_of_received(n), false);
    }
}

/// Energy could have gone that way: the moments at which it was given and went on lie one after the other.
bool in_time(std::vector<oracle::moment> const& past, credit::path const& way) {
    std::size_t at = 0;
    if (way.from_seed) {
        auto const poured_into = [&](oracle::moment const& m) {
            return std::any_of(m.in.begin(), m.in.end(), [&](oracle::poured const& p) {
                return id_of(p.node) == way.nodes.front() && p.amount > 0;
            });
        };
        while (at < past.size() && !poured_into(past[at])) ++at;
        if (at++ == past.size()) return false;
    }
    for (runnel::link_id const link : way.links) {
        auto const carried_on = [&](oracle::moment const& m) {
            return std::any_of(m.along.begin(), m.along.end(), [&](oracle::carried const& c) {
                return c.link == index(link) && c.arrived > 0;
            });
        };
        while (at < past.size() && !carried_on(past[at])) ++at;
        if (at++ == past.size()) return false;
    }
    return true;
}

} // namespace

TEST_CASE("ways lead along links of the graph, in time, to the node asked about", "[credit]") {
    law::for_all(1'500, [](law::gen& g) {
        scene s{g, 6, 25};
        each_answer(g, s, [&](credit::origin const& from, wide, bool) {
            for (auto const& way : from.paths(50).paths) {
                g.holds(way.amount > 0, "a way carries something");
                g.holds(way.nodes.size() == way.links.size() + 1, "one link fewer than nodes");
                g.holds(way.nodes.back() == from.node(), "it ends where it was asked for");
                for (std::size_t i = 0; i < way.links.size(); ++i) {
                    auto const& graph = s.built.graph;
                    g.holds(index(way.links[i]) < graph.link_count(), "its links are links");
                    g.holds(graph.source(way.links[i]) == way.nodes[i], "from this node");
                    g.holds(graph.target(way.links[i]) == way.nodes[i + 1], "to the next");
                }
                g.holds(in_time(s.life.past.moments(), way), "one after the other");
                auto const& seeds = from.seeds();
                bool const given = std::any_of(seeds.begin(), seeds.end(), [&](auto const& seed) {
                    return seed.node == way.nodes.front();
                });
                g.holds(given || !way.from_seed, "it begins at a seed that has a claim");
                g.holds(from.unknown() > 0 || way.from_seed, "or with what was there before");
            }
        });
    });
}

TEST_CASE("ways and the rest are the whole", "[credit]") {
    law::for_all(1'500, [](law::gen& g) {
        scene s{g, 6, 25};
        auto const most = g.one_of<std::size_t>({3, 0, 1, 2, 100}, "most");
        auto const looks = g.one_of<std::size_t>({64, 0, 1, 5}, "looks");
        each_answer(g, s, [&](credit::origin const& from, wide, bool) {
            auto const shown = from.paths(most, {.looks = looks});
            g.holds(shown.paths.size() <= std::min(most, looks), "no more than asked for");
            wide sum = shown.rest;
            for (auto const& way : shown.paths) sum += way.amount;
            g.holds(sum == from.total(), "to the quantum");
            g.holds(shown.rest >= 0, "there is no less than nothing left");
            for (std::size_t i = 1; i < shown.paths.size(); ++i) {
                auto const& a = shown.paths[i - 1];
                auto const& b = shown.paths[i];
                g.holds(a.amount >= b.amount, "the strongest first");
            }
            for (std::size_t i = 0; i < shown.paths.size(); ++i)
                for (std::size_t j = 0; j < i; ++j) {
                    auto const& a = shown.paths[i];
                    auto const& b = shown.paths[j];
                    g.holds(
                        a.nodes != b.nodes || a.links != b.links || a.from_seed != b.from_seed,
                        "no way twice");
                }
        });
    });
}

TEST_CASE(
    "looked at long enough, all of it came some way, and from where the claims lie", "[credit]") {
    law::for_all(1'500, [](law::gen& g) {
        scene s{g, 5, 12};
        each_answer(g, s, [&](credit::origin const& from, wide, bool of_energy) {
            auto const shown = from.paths(all_of_them, {.looks = all_of_them});
            // A node nobody heard of has no way to show: what it holds was there before.
            bool const unheard = index(from.node()) >= s.flow.nodes();
            g.holds(shown.rest == 0 || unheard, "nothing is left over");
            std::map<node_id, wide> claims;
            std::map<std::size_t, wide> through;
            wide before = 0;
            for (auto const& seed : from.seeds()) claims[seed.node] += seed.amount;
            for (auto const& way : shown.paths) {
                (way.from_seed ? claims[way.nodes.front()] : before) -= way.amount;
                for (auto const link : way.links) through[index(link)] += way.amount;
            }
            g.holds(before + from.unknown() == shown.rest, "ways of what was there before");
            for (auto const& one : claims) g.holds(one.second == 0, "ways from each seed's node");
            if (!of_energy) return; // what is received again is counted again
            for (auto const& m : s.life.past.moments())
                for (auto const& c : m.along) through[c.link] -= c.arrived;
            for (auto const& one : through)
                g.holds(one.second <= 0, "no more along a link than it brought");
        });
    });
}

TEST_CASE("the first way looked at is the widest there is", "[credit][oracle]") {
    law::for_all(3'000, [](law::gen& g) {
        scene s{g, 5, 15};
        each_answer(g, s, [&](credit::origin const& from, wide widest, bool) {
            if (index(from.node()) >= s.flow.nodes()) return; // nobody heard of it
            auto const shown = from.paths(1, {.looks = 1});
            g.holds(shown.paths.size() == (widest > 0 ? 1U : 0U), "one, where there is one");
            if (widest > 0)
                g.holds(shown.paths[0].amount == widest, "none carries more at a single time");
        });
    });
}

TEST_CASE("looking at more ways never shows less of the strongest", "[credit]") {
    law::for_all(500, [](law::gen& g) {
        scene s{g, 5, 20};
        each_answer(g, s, [&](credit::origin const& from, wide, bool) {
            wide last = 0;
            for (std::size_t const looks : {1U, 2U, 4U, 16U, 64U, 256U}) {
                auto const shown = from.paths(1, {.looks = looks});
                wide const best = shown.paths.empty() ? 0 : shown.paths[0].amount;
                g.holds(best >= last, "the strongest only gathers");
                last = best;
            }
        });
    });
}
