// SPDX-License-Identifier: MIT
// A field and its oracle through the same random calls, compared after each.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <string_view>
#include <utility>
#include <vector>

#include <runnel/runnel.hpp>

#include "engine/drawn_case.hpp"
#include "oracle/dense_frame.hpp"
#include "support/law.hpp"

namespace drawn {

/// One frame of both, and what each tells of it.
template <class Engine>
void frame(
    law::gen& g, Engine const& engine, runnel::field& field, oracle::dense_field& dense,
    world const& w, time_step step) {
    double const clock = field.time();
    auto const report = engine.tick(field, step, runnel::report::full).value();
    auto const told = dense.frame(step.dt, step.elapsed);
    g.holds(report.frame + 1 == dense.frames() && report.time == clock, "when it was");
    g.holds(report.dt == step.dt && report.elapsed == step.elapsed, "how long it took");
    g.holds(report.residual == 0, "the recount agrees with the books");
    g.holds(report.dissipated == 0, "nothing dissipates");
    g.holds(report.before == oracle::units_of(told.before), "what there was at the last end");
    g.holds(report.injected == oracle::units_of(told.sums.injected), "what came in");
    g.holds(report.transferred == oracle::units_of(told.sums.sent), "what moved");
    g.holds(report.decayed == oracle::units_of(told.sums.decayed), "what decayed");
    g.holds(report.flushed == oracle::units_of(told.sums.flushed), "what was flushed");
    g.holds(report.after == oracle::units_of(dense.stored()), "what is left");
    g.holds(report.strides == told.strides.size(), "as many strides");
    g.holds(report.skipped == told.skipped, "as many skipped");
    g.holds(report.capped == told.capped, "as many capped");
    g.holds(report.touched == told.touched, "as many receivers");
    g.holds(report.switched_on == told.switched_on.size(), "flips on");
    g.holds(report.switched_off == told.switched_off.size(), "flips off");
    std::uint64_t active = 0;
    std::uint64_t support = 0;
    std::uint64_t degrees = 0;
    for (std::size_t n = 0; n < w.size(); ++n) {
        if (dense.active(n)) ++active, degrees += w.degree(n);
        if (dense.stored(n) > 0) ++support;
    }
    g.holds(report.active == active, "as many active");
    g.holds(report.support == support, "as many with energy");
    g.holds(
        active == 0
            || std::abs(
                   report.mean_degree_of_active * static_cast<double>(active)
                   - static_cast<double>(degrees))
                   < 1e-9,
        "their mean degree, self loops left out");
}

inline std::vector<std::pair<std::size_t, double>> for_oracle(std::vector<stimulus> const& many) {
    std::vector<std::pair<std::size_t, double>> same;
    for (auto const& s : many) same.emplace_back(index(s.node), s.units);
    return same;
}

/// The k best by the oracle's own full sort.
inline void same_top(
    law::gen& g, runnel::field const& field, oracle::dense_field const& dense, std::size_t k,
    runnel::rank_by by) {
    std::vector<std::pair<oracle::quanta, std::size_t>> all;
    for (std::size_t n = 0; n < dense.size(); ++n) {
        auto const key = by == runnel::rank_by::received ? dense.received(n) : dense.energy(n);
        if (key > 0) all.emplace_back(-key, n);
    }
    std::sort(all.begin(), all.end());
    auto const top = field.top(k, by);
    g.holds(top.size() == std::min(k, all.size()), "as many as there are, at most k");
    for (std::size_t i = 0; i < top.size(); ++i) {
        std::size_t const n = all[i].second;
        g.holds(top[i].node == id_of(n), "best first, ties by id");
        g.holds(top[i].energy == oracle::units_of(dense.energy(n)), "a ranked node's energy");
        g.holds(top[i].received == oracle::units_of(dense.received(n)), "what it received");
    }
    using outcome = runnel::ranking::outcome;
    auto const said = all.empty()      ? outcome::empty
                      : k > all.size() ? outcome::fewer
                                       : outcome::complete;
    g.holds(k == 0 || top.what == said, "why the list is short");
}

/// Any call a caller may make, on both.
template <class Engine>
void any_call(
    law::gen& g, Engine const& engine, runnel::field& field, oracle::dense_field& dense,
    world const& w) {
    switch (g.choose(10)) {
    default:
        g.show("call", std::string_view{"tick"});
        frame(g, engine, field, dense, w, a_step(g));
        break;
    case 5:
    case 6: {
        g.show("call", std::string_view{"inject many"});
        auto const many = stimuli(g, dense.size());
        bool const taken = engine.inject(field, many).has_value();
        g.holds(taken == dense.inject(for_oracle(many)), "both take it or refuse it");
        break;
    }
    case 7:
        g.show("call", std::string_view{"settle"});
        field.settle().value();
        dense.settle();
        break;
    case 8:
        g.show("call", std::string_view{"begin_query"});
        field.begin_query();
        dense.begin_query();
        break;
    case 9:
        g.show("call", std::string_view{"reset"});
        field.reset();
        dense.reset();
        break;
    case 10: {
        auto const k = g.integer<std::size_t>(0, w.size() + 2, "top");
        auto const by = g.one_of({runnel::rank_by::received, runnel::rank_by::energy}, "by energy");
        same_top(g, field, dense, k, by);
        break;
    }
    }
}

/// A new field, the first stimuli, then up to two dozen calls; `also` may join in before each.
template <class Engine, class Also>
void lives(
    law::gen& g, Engine const& engine, oracle::dense_field dense, world const& w, Also&& also) {
    auto field = engine.make_field();
    auto const first = stimuli(g, w.size(), w.size() > 40 ? 60 : 6);
    for (auto const& s : first) engine.inject(field, s.node, s.units).value();
    g.holds(dense.inject(for_oracle(first)), "the first stimuli are small");
    same(g, field, dense, w);
    static_cast<void>(g.list(24, [&] {
        also(dense);
        any_call(g, engine, field, dense, w);
        same(g, field, dense, w);
        return 0;
    }));
}
template <class Engine>
void lives(law::gen& g, Engine const& engine, oracle::dense_field dense, world const& w) {
    lives(g, engine, std::move(dense), w, [](oracle::dense_field&) {});
}

} // namespace drawn
