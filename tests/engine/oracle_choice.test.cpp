// SPDX-License-Identifier: MIT
// What a source looks at and how it shares, held against the naive choice, frame by frame.
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <utility>
#include <vector>

#include <runnel/runnel.hpp>

#include "engine/drawn_case.hpp"
#include "oracle/choice.hpp"
#include "support/catch.hpp"
#include "support/law.hpp"

namespace {

using drawn::id_of;
using drawn::world;
using runnel::candidate;
using runnel::config;
using runnel::event::stride_exec;
using runnel::event::stride_selection;

/// What the frames of one engine told.
struct heard {
    std::vector<stride_exec> strides;
    std::map<std::size_t, stride_selection> looks;
    void operator()(stride_exec const& e) { strides.push_back(e); }
    void operator()(stride_selection const& e) { looks[index(e.node)] = e; }
};

/// 0: the weight alone; 1: the target and the type too; 2: some links never.
double formula(int kind, std::size_t from, oracle::way const& w) {
    double cost = -std::ldexp(static_cast<double>(w.lw), -24);
    if (kind == 0) return cost;
    if (kind == 2 && (from + w.to) % 4 == 3) return std::numeric_limits<double>::infinity();
    cost += w.type % 2 == 0 ? 0 : .75;
    return cost + static_cast<double>((w.to * 7 + from * 3) % 5) * .25;
}

world a_choosy_world(law::gen& g) {
    bool const distinct = g.flag("distinct weights");
    auto w = drawn::a_world(g, distinct ? drawn::weights::distinct : drawn::weights::few, 24);
    std::size_t const hub = g.choose(w.size() - 1); // one node of many links
    for (std::uint64_t n = g.choose(30); n > 0; --n) {
        auto const extra = static_cast<std::int32_t>(w.links.size() + 1);
        w.links.push_back(
            {hub, g.choose(w.size() - 1),
             g.integer(-3, 3) * (1 << 23) + (distinct ? extra << 8 : 0),
             static_cast<unsigned>(g.choose(3))});
    }
    if (distinct) // links drawn on both ways may meet
        for (std::size_t i = 0; i < w.links.size(); ++i)
            w.links[i].lw = (w.links[i].lw & ~0xFFF) + static_cast<std::int32_t>(i);
    w.settings.decay.base = 0;
    w.settings.decay.flush_below = 0;
    w.settings.min_transfer = g.one_of({0.0, 1e-9, 1e-3, .05}, "min_transfer");
    auto& f = w.settings.fanout;
    f.ties = distinct ? g.one_of({runnel::fanout::ties::by_id, runnel::fanout::ties::sampled})
                      : runnel::fanout::ties::by_id;
    f.low = g.one_of({3U, 1U, 2U, 5U}, "low");
    f.high = f.low + g.integer(0U, 12U, "high - low");
    f.selective_k = std::max({1U, f.low - 1, g.integer(1U, 9U, "selective_k")});
    f.pressure_enabled = !g.flag("no pressure");
    f.pressure_factor = g.one_of({.6, .5, .3, 1.0}, "factor");
    f.pressure_graded = g.choose(3) == 3;
    f.min_k = g.one_of({2U, 1U, 4U}, "min_k");
    f.task = static_cast<runnel::fanout::task>(g.choose(4));
    g.show("task", f.task);
    f.reduction = g.one_of(
        {runnel::fanout::reduction::quick, runnel::fanout::reduction::quick,
         runnel::fanout::reduction::none},
        "reduction");
    w.settings.split.enabled = g.flag("split");
    w.settings.split.k = g.integer(1U, 8U, "split.k");
    w.settings.split.all_kept = g.choose(3) == 3;
    g.show("all kept", w.settings.split.all_kept);
    w.settings.split.temperature = g.one_of({1.0, .1, 2.5, 1e-3, 1e6}, "temperature");
    return w;
}

oracle::choice_rules rules_of(config const& c) {
    static constexpr oracle::duty duties[] = {
        oracle::duty::by_structure, oracle::duty::balanced, oracle::duty::focused,
        oracle::duty::divergent, oracle::duty::methodical};
    auto const& f = c.fanout;
    return {
        .low = f.low,
        .high = f.high,
        .selective_k = f.selective_k,
        .pressure = f.pressure_enabled,
        .pressure_threshold = f.pressure_threshold,
        .pressure_factor = f.pressure_factor,
        .graded = f.pressure_graded,
        .min_k = f.min_k,
        .task = duties[static_cast<std::size_t>(f.task)],
        .looks_at_all = f.reduction == runnel::fanout::reduction::none,
        .splits = c.split.enabled,
        .split_k = c.split.k,
        .all_kept = c.split.all_kept,
        .temperature = c.split.temperature,
        .alpha = c.alpha,
        .exponential = c.step == runnel::step_rule::exponential,
        .cap = c.transfer_cap};
}

bool near(double a, double b) {
    return std::abs(a - b) <= 1e-12 * std::max({1e-3, std::abs(a), std::abs(b)});
}

/// One frame, from what the field holds before it.
template <class Engine, class Field>
void same_frame(
    law::gen& g, Engine const& engine, Field& field, world const& w, int kind, heard& ears,
    double slack) {
    std::vector<double> before(w.size());
    for (std::size_t n = 0; n < w.size(); ++n) before[n] = field.energy_of(id_of(n));
    std::vector<bool> source(w.size());
    for (auto n : field.active()) source[index(n)] = true;
    runnel::time_step step;
    step.dt = step.elapsed = g.one_of({1.0, .5, 3.0}, "dt");
    step.headroom = g.one_of({1.0, .5, .2, .19, .1, 0.0}, "headroom");
    ears = {};
    auto const report = engine.tick(field, step).value();
    auto after = before;
    std::vector<double> doubt(w.size());
    std::size_t at = 0;
    std::uint64_t asked = 0;
    for (std::size_t n = 0; n < w.size(); ++n) {
        std::vector<oracle::way> out;
        for (auto const& l : w.links)
            if (l.from == n && l.to != n) out.push_back({l.to, l.lw, l.type});
        if (!source[n] || out.empty()) continue;
        auto const d = oracle::decide(
            out, step.dt, step.headroom, rules_of(w.settings),
            [&](oracle::way const& way) { return formula(kind, n, way); });
        g.show("source", n);
        g.holds(ears.looks.count(n) == 1, "each source with links tells that it looked");
        auto const& look = ears.looks[n];
        g.holds(look.fanout == out.size(), "links it has");
        g.holds(look.k == d.looked_at, "links it looked at");
        g.holds(static_cast<int>(look.strategy) == static_cast<int>(d.look.how), "how it looked");
        auto const plain = oracle::by_structure(out.size(), rules_of(w.settings));
        g.holds(
            static_cast<int>(look.structure_would_suggest) == static_cast<int>(plain.how),
            "what structure suggests");
        g.holds(look.mode == w.settings.fanout.task, "the task");
        g.holds(look.headroom == step.headroom, "the headroom");
        double const links = static_cast<double>(out.size());
        double const kept = static_cast<double>(d.looked_at);
        g.holds(near(look.prune_rate, (links - kept) / links), "the prune rate");
        g.holds(std::abs(look.entropy - d.entropy) <= 1e-12, "the entropy");
        g.holds(
            kind == 0 ? look.costs_computed <= d.looked_at : look.costs_computed == d.looked_at,
            "one cost for each link looked at");
        asked += look.costs_computed;
        for (std::size_t rank = 0; rank < d.parts.size(); ++rank) {
            auto const& p = d.parts[rank];
            double const amount = before[n] * p.fraction;
            double const cut = w.settings.min_transfer;
            g.assume(cut == 0 || std::abs(amount - cut) > 1e-9 * cut + slack);
            if (amount < 1e-11) { // a quantum or two: whether it moves is the rounding's
                if (at < ears.strides.size() && index(ears.strides[at].source) == n
                    && ears.strides[at].rank == rank)
                    ++at;
                doubt[n] += 1e-11, doubt[p.along.to] += 1e-11;
                continue;
            }
            if (amount <= cut) continue;
            g.holds(at < ears.strides.size(), "every share above the cut moves");
            auto const& e = ears.strides[at++];
            g.show("rank", rank), g.show("gross", e.gross), g.show("expected", amount);
            g.holds(index(e.source) == n && e.rank == rank, "by source and rank");
            g.holds(index(e.target) == p.along.to, "the cheapest of the heaviest");
            g.holds(e.score == p.cost, "the score is the cost");
            g.holds(kind != 0 || e.cost.total == e.score, "the breakdown adds up to the score");
            g.holds(near(e.share, p.share), "the share");
            g.holds(e.source_before == before[n], "what the source held");
            g.holds(
                std::abs(e.gross - amount) <= slack + 1e-12 * amount + 2e-15 * before[n],
                "the amount"); // the last of many is what the cap leaves
            after[n] -= amount, after[p.along.to] += amount;
            doubt[n] += slack + 1e-12 * before[n];
            doubt[p.along.to] += slack + 1e-12 * (amount + after[p.along.to]) + 2e-15 * before[n];
        }
    }
    g.holds(at == ears.strides.size(), "nothing else moves");
    g.holds(report.costs_computed == asked, "the frame counts the costs of its sources");
    for (std::size_t n = 0; n < w.size(); ++n) {
        double const now = field.energy_of(id_of(n));
        g.holds(std::abs(now - after[n]) <= doubt[n] + 1e-12 * before[n], "a node's energy");
    }
}

template <class Amount, class Policies>
void compare(law::gen& g, world const& w, Policies policies, int kind, double slack) {
    auto const built = w.build();
    heard ears;
    auto const engine =
        runnel::make_engine(built.graph, built.store, w.settings, policies.with_sink(ears)).value();
    auto field = engine.template make_field<Amount>();
    for (std::size_t n = 0; n < w.size(); ++n)
        if (g.choose(3) != 0) engine.inject(field, id_of(n), g.real(.01, 50)).value();
    for (int frame = 0; frame < 4; ++frame) same_frame(g, engine, field, w, kind, ears, slack);
}

template <class Amount> void a_case(law::gen& g, double slack) {
    auto const w = a_choosy_world(g);
    int const kind = g.integer(0, 2, "cost");
    if (kind == 0) return compare<Amount>(g, w, runnel::pipeline{}, kind, slack);
    auto const cost = [kind](candidate const& c) {
        auto const type = static_cast<unsigned>(index(c.type));
        return formula(kind, index(c.source), {index(c.target), c.lw.raw(), type});
    };
    compare<Amount>(g, w, runnel::pipeline{}.with_cost(cost), kind, slack);
}

} // namespace

TEST_CASE("doubles: every choice is the naive one", "[engine][oracle][fanout][split]") {
    law::for_all(4'000, [](law::gen& g) { a_case<double>(g, 0); });
}

TEST_CASE("quanta: every choice is the naive one", "[engine][oracle][fanout][split]") {
    law::for_all(4'000, [](law::gen& g) { a_case<runnel::energy>(g, 0x1p-40); });
}
