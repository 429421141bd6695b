// SPDX-License-Identifier: MIT
// Choosing among equals, seen from outside: only the best are chosen, all of them over time, evenly.
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <map>
#include <set>
#include <utility>
#include <vector>

#include <runnel/runnel.hpp>

#include "engine/drawn_case.hpp"
#include "support/catch.hpp"
#include "support/law.hpp"

namespace {

using drawn::id_of;
using runnel::candidate;
using runnel::config;
using runnel::link_type;
using runnel::node_id;
using runnel::fanout::ties;

/// Who sent to whom in each frame.
using picks = std::vector<std::map<std::size_t, std::size_t>>;

/// Always active, never empty: every source sends a little each frame.
config lasting(ties rule, std::uint64_t seed) {
    config c{
        .alpha = 0x1p-14,
        .min_transfer = 0,
        .threshold = 1e-3,
        .seed = seed,
        .fanout = {.ties = rule}};
    c.decay.base = 0;
    return c;
}

template <class Policies>
picks run(
    runnel::graph::built const& built, config const& settings, std::size_t frames,
    Policies policies, std::vector<std::size_t> const& seeds) {
    picks all;
    auto const listen = [&all](runnel::event::stride_exec const& e) {
        all.back()[index(e.source)] = index(e.target);
    };
    auto const engine =
        runnel::make_engine(built.graph, built.store, settings, policies.with_sink(listen)).value();
    auto field = engine.make_field();
    for (std::size_t n : seeds) engine.inject(field, id_of(n), 100).value();
    for (std::size_t i = 0; i < frames; ++i) {
        all.emplace_back();
        engine.tick(field).value();
    }
    return all;
}

/// Node 0 with `equals` links of the best weight over three link types, and some worse ones. Even
/// nodes are equals.
runnel::graph::built star(std::size_t equals) {
    runnel::graph::builder b;
    b.nodes(static_cast<std::uint32_t>(2 * equals + 1));
    for (std::size_t i = 1; i <= 2 * equals; ++i)
        b.log_link(
            {id_of(0), id_of(i), runnel::log_weight::from_raw(i % 2 == 0 ? 5 : 4),
             link_type{static_cast<std::uint16_t>(i / 2 % 3)}});
    return std::move(b).build().value();
}

std::map<std::size_t, std::size_t> counts(picks const& all) {
    std::map<std::size_t, std::size_t> of;
    for (auto const& frame : all) ++of[frame.at(0)];
    return of;
}

} // namespace

TEST_CASE("the link chosen is always among the best", "[engine][oracle][fanout]") {
    law::for_all(1'500, [](law::gen& g) {
        auto w = drawn::a_world(g);
        w.settings = lasting(
            g.one_of({ties::sampled, ties::fixed, ties::by_id}), g.choose(~std::uint64_t{0}));
        auto const built = w.build();
        std::vector<std::size_t> seeds;
        for (std::size_t n = 0; n < w.size(); ++n) seeds.push_back(n);
        for (auto const& frame : run(built, w.settings, 4, runnel::pipeline{}, seeds))
            for (auto const& [from, to] : frame) {
                bool exists = false;
                bool best = true;
                std::int32_t lw = 0;
                for (auto const& l : w.links)
                    if (l.from == from && l.to == to && (!exists || l.lw > lw))
                        exists = true, lw = l.lw;
                for (auto const& l : w.links)
                    if (l.from == from && l.to != from) best = best && l.lw <= lw;
                g.holds(exists && from != to, "energy flows along links");
                g.holds(best, "along one of the heaviest");
            }
    });
}

TEST_CASE("over frames all equals are reached, evenly", "[engine][oracle][fanout]") {
    for (std::size_t const equals : {2U, 3U, 7U, 40U}) {
        auto const built = star(equals);
        std::size_t const frames = 400 * equals;
        auto const of =
            counts(run(built, lasting(ties::sampled, 7 + equals), frames, runnel::pipeline{}, {0}));
        CAPTURE(equals);
        CHECK(of.size() == equals);
        double chi2 = 0;
        for (auto const& [to, count] : of) {
            CHECK(to % 2 == 0);
            double const off = static_cast<double>(count) - 400;
            chi2 += off * off / 400;
        }
        double const freedom = static_cast<double>(equals - 1);
        CHECK(chi2 < freedom + 5 * std::sqrt(2 * freedom) + 5); // far beyond chance
        CHECK(chi2 > 0);                                        // and not by rota
    }
}

TEST_CASE("a cost's equals are drawn like a weight's", "[engine][oracle][fanout]") {
    auto const built = star(6);
    auto const by_parity = runnel::pipeline{}.with_cost(
        [](candidate const& c) { return index(c.target) % 3 == 0 ? -1.0 : 2.0; });
    config all = lasting(ties::sampled, 3);
    all.fanout.reduction = runnel::fanout::reduction::none;
    auto const of = counts(run(built, all, 1'200, by_parity, {0}));
    CHECK(of.size() == 2); // of 3, 6, 9 and 12 those that weigh most come first
    for (auto const& [to, count] : of) {
        CHECK(to % 3 == 0);
        CHECK(count > 500);
        CHECK(count < 700);
    }
}

TEST_CASE("fixed keeps its choice over frames, by_id has none", "[engine][oracle][fanout]") {
    auto const built = star(7);
    std::set<std::size_t> chosen;
    for (std::uint64_t seed = 0; seed < 60; ++seed) {
        auto const of = counts(run(built, lasting(ties::fixed, seed), 20, runnel::pipeline{}, {0}));
        CHECK(of.size() == 1);
        chosen.insert(of.begin()->first);
        auto const first =
            counts(run(built, lasting(ties::by_id, seed), 20, runnel::pipeline{}, {0}));
        CHECK(first.size() == 1);
        CHECK(first.begin()->first == 6); // link type 0 stands first: nodes 6 and 12
    }
    CHECK(chosen.size() == 7); // over seeds all are
}

TEST_CASE("sources draw on their own", "[engine][oracle][fanout]") {
    // Forty sources with the same three equals: what one draws tells nothing of the others, and does
    // not depend on who else is active or in which order they were set going.
    runnel::graph::builder b;
    b.nodes(43);
    for (std::size_t n = 3; n < 43; ++n)
        for (std::size_t to = 0; to < 3; ++to) b.link({id_of(n), id_of(to)});
    auto const built = std::move(b).build().value();
    std::vector<std::size_t> all;
    for (std::size_t n = 3; n < 43; ++n) all.push_back(n);
    auto const settings = lasting(ties::sampled, 99);
    auto const together = run(built, settings, 30, runnel::pipeline{}, all);
    std::reverse(all.begin(), all.end());
    CHECK(together == run(built, settings, 30, runnel::pipeline{}, all));
    auto const alone = run(built, settings, 30, runnel::pipeline{}, {17});
    std::set<std::vector<std::size_t>> sequences;
    for (std::size_t n = 3; n < 43; ++n) {
        std::vector<std::size_t> sequence;
        for (auto const& frame : together) sequence.push_back(frame.at(n));
        sequences.insert(sequence);
    }
    CHECK(sequences.size() == 40);
    for (std::size_t i = 0; i < together.size(); ++i) CHECK(alone[i].at(17) == together[i].at(17));
    for (auto const& frame : together) {
        std::set<std::size_t> targets;
        for (auto const& [from, to] : frame) targets.insert(to);
        CHECK(targets.size() == 3);
    }
}

TEST_CASE("the same seed draws the same, another another", "[engine][oracle][fanout]") {
    auto const built = star(7);
    auto const once = run(built, lasting(ties::sampled, 1), 50, runnel::pipeline{}, {0});
    CHECK(once == run(built, lasting(ties::sampled, 1), 50, runnel::pipeline{}, {0}));
    CHECK(once != run(built, lasting(ties::sampled, 2), 50, runnel::pipeline{}, {0}));
}
