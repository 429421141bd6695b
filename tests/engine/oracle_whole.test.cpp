// SPDX-License-Identifier: MIT
// A life with any of the mechanisms on, held against the naive frame after every call.
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include <runnel/runnel.hpp>

#include "engine/drawn_whole.hpp"
#include "oracle/whole_frame.hpp"
#include "support/catch.hpp"
#include "support/law.hpp"

namespace {

using drawn::id_of;
using drawn::mechanisms;
using drawn::whole_world;
using oracle::real;

/// What runs of the law met: a mechanism nobody saw act was not tried.
struct seen {
    std::size_t strides = 0;
    std::size_t learned = 0;
    std::size_t retried = 0;
    std::size_t dissipated = 0;
    std::size_t flushed = 0;
    std::size_t skipped = 0;
    std::size_t heard = 0;
    std::size_t plain = 0; ///< lives of engines with no cost model
    std::size_t frames = 0;
    std::size_t cut_short = 0; ///< lives that came to an open decision
};

real quanta(double units) { return std::ldexp(static_cast<real>(units), 40); }

void close(law::gen& g, double units, oracle::quanta mine, real error, std::string_view sentence) {
    auto const exactly = static_cast<real>(mine);
    real const off = std::abs(quanta(units) - exactly);
    if (!(off <= error + std::abs(exactly) * 0x1p-53L)) {
        g.show("engine, units", units), g.show("oracle, units", oracle::units_of(mine));
        g.show("off by quanta", static_cast<double>(off));
        g.show("allowed", static_cast<double>(error));
        g.holds(false, sentence);
    }
    g.holds(true, sentence);
}

void same(
    law::gen& g, runnel::field const& field, oracle::whole_field const& dense,
    runnel::graph::built const& built) {
    std::vector<bool> active(dense.size());
    for (auto n : field.active()) active[index(n)] = true;
    oracle::account books;
    for (std::size_t n = 0; n < dense.size(); ++n) {
        g.show("node", n);
        close(
            g, field.energy_of(id_of(n)), dense.energy(n), dense.energy_error(n),
            "a node's energy");
        close(
            g, field.received(id_of(n)), dense.received(n), dense.received_error(n),
            "what it received");
        g.holds(active[n] == dense.active(n), "whether it is active");
        books += dense.books(n);
    }
    auto const all = field.books();
    auto const total = [&](auto mine, auto theirs, std::string_view sentence) {
        auto const off = std::abs(static_cast<real>(mine - theirs));
        g.holds(off <= dense.books_error(), sentence);
    };
    g.holds(all.injected == books.injected, "what came in, to the quantum");
    total(all.arrived, books.arrived, "what arrived");
    total(all.sent, books.sent, "what was sent");
    total(all.decayed, books.decayed, "what decayed");
    total(all.flushed, books.flushed, "what was flushed");
    total(all.dissipated, dense.dissipated(), "what dissipated");
    g.holds(all.residual() == 0, "the books close");
    std::uint32_t id = 0;
    for (oracle::link const& l : dense.links()) {
        g.show("link", id);
        auto const lw = built.store.lw(id_of(l.from), runnel::link_id{id});
        if (lw.raw() != l.lw) g.show("engine, raw", lw.raw()), g.show("oracle, raw", l.lw);
        g.holds(lw.raw() == l.lw, "a log-weight, to the last step");
        ++id;
    }
}

bool near(double engine, real mine, real error) {
    return std::abs(static_cast<real>(engine) - mine) <= error + 1e-12L * (1 + std::abs(mine));
}

void same_strides(
    law::gen& g, std::vector<runnel::event::stride_exec> const& heard,
    std::vector<oracle::flow> const& told) {
    g.holds(heard.size() == told.size(), "one event per stride");
    for (std::size_t i = 0; i < told.size(); ++i) {
        auto const& e = heard[i];
        auto const& mine = told[i];
        g.show("stride", i);
        g.holds(index(e.link) == mine.number, "along which link");
        g.holds(index(e.source) == mine.along.from, "from where");
        g.holds(index(e.target) == mine.along.to, "to where");
        close(g, e.gross, mine.gross, mine.error + 1, "what left");
        close(g, e.retained, mine.retained, mine.error + 1, "what arrived");
        g.holds(near(e.score, mine.cost, 0), "its cost");
        g.holds(near(e.share, mine.share, 0), "its share");
        g.holds(
            near(e.utility, mine.utility.value, mine.utility.error),
            "how much of a lack it filled");
        g.holds(near(e.z_flow, mine.z_flow, 0), "how it ranks");
        g.holds((e.reason == runnel::event::reason::retry) == mine.by_retry, "whether tried again");
    }
}

template <class Engine>
void one_frame(
    law::gen& g, Engine const& engine, runnel::field& field, oracle::whole_field& dense, seen& met,
    std::vector<runnel::event::stride_exec>* ear) {
    if (ear != nullptr) ear->clear();
    runnel::time_step step;
    step.dt = step.elapsed = g.one_of({1.0, .5, 2.3}, "dt");
    if (g.choose(3) == 3) step.elapsed = g.real(.5, 60, "elapsed");
    step.headroom = g.one_of({1.0, .15, 0.0}, "headroom");
    auto const report = engine.tick(field, step).value();
    auto const told = dense.frame(step.dt, step.elapsed, step.headroom);
    if (dense.open()) return;
    g.holds(report.strides == told.strides, "as many strides");
    g.holds(report.skipped == told.skipped, "as many skipped");
    g.holds(report.touched == told.touched, "as many receivers");
    g.holds(report.retried == told.retried, "as many nodes below their thresholds sent");
    g.holds(report.switched_on == told.switched_on, "flips on");
    g.holds(report.switched_off == told.switched_off, "flips off");
    g.holds(report.learned == told.learned, "as many lessons");
    met.heard += ear != nullptr ? told.heard.size() : 0;
    if (ear != nullptr) same_strides(g, *ear, told.heard);
    ++met.frames;
    met.strides += told.strides, met.learned += told.learned, met.retried += told.retried;
    met.skipped += told.skipped;
    met.dissipated += report.dissipated > 0 ? 1U : 0U;
    met.flushed += report.flushed > 0 ? 1U : 0U;
}

template <class Engine>
void calls(
    law::gen& g, Engine const& engine, whole_world const& w, oracle::whole_field& dense,
    runnel::graph::built const& built, seen& met,
    std::vector<runnel::event::stride_exec>* ear = nullptr) {
    auto field = engine.make_field();
    auto const inject = [&] {
        std::size_t const n = g.choose(w.size() - 1);
        double const units = g.real(.01, 20, "units");
        g.show("inject into", n);
        engine.inject(field, id_of(n), units).value();
        dense.inject(n, units);
    };
    for (auto n = 1 + g.choose(3); n > 0; --n) inject();
    static_cast<void>(g.list(24, [&] {
        if (dense.open()) return 0;
        switch (g.choose(15)) {
        default: one_frame(g, engine, field, dense, met, ear); break;
        case 12: inject(); break;
        case 13: {
            std::vector<std::size_t> nodes = g.list(3, [&] { return g.choose(w.size() - 1); });
            std::vector<runnel::node_id> ids;
            for (std::size_t n : nodes) ids.push_back(id_of(n)), g.show("hold", n);
            field.hold(ids).value();
            dense.hold(nodes);
            break;
        }
        case 14:
            if (g.flag("begin query")) field.begin_query(), dense.begin_query();
            break;
        case 15: {
            bool const careful = w.settings.hysteresis > 0 && g.flag("safe mode");
            careful ? field.enter_safe_mode() : field.leave_safe_mode();
            dense.safe_mode(careful);
            break;
        }
        }
        if (!dense.open()) same(g, field, dense, built);
        return 0;
    }));
    met.cut_short += dense.open() ? 1U : 0U;
}

void a_life(law::gen& g, mechanisms const& m, seen& met) {
    auto w = drawn::a_whole_world(g, m);
    auto built = drawn::build(w);
    g.assume(w.rules.cost.aim.empty() || built.graph.embeddings().dimension() != 0);
    g.assume(w.rules.cost.mood.empty() || built.graph.affects().dimension() != 0);
    runnel::cost::context now{built.graph};
    if (!w.rules.cost.aim.empty()) now.goal(w.rules.cost.aim).value();
    if (!w.rules.cost.mood.empty()) now.affect(w.rules.cost.mood).value();
    now.overlay(w.rules.cost.overlay).value();
    now.count_links();
    oracle::whole_field dense{w.rules, w.nodes, w.links};
    auto const divergence = [&w](runnel::node_id n) {
        return static_cast<double>(w.nodes[index(n)].divergence);
    };
    auto const run = [&](auto policies, std::vector<runnel::event::stride_exec>* ear = nullptr) {
        auto const engine =
            runnel::make_engine(built.graph, built.store, w.settings, policies).value();
        calls(g, engine, w, dense, built, met, ear);
    };
    auto const plain = runnel::pipeline{}.with_divergence(divergence);
    auto const full = plain.with_cost(runnel::cost::log_additive{now, w.cost});
    runnel::learn::strengthen const learner{w.learning};
    if (w.costs_by_weight() && g.flag("the plainest cost")) {
        ++met.plain;
        return w.learns ? run(plain.with_learning(learner)) : run(plain);
    }
    if (!g.flag("listens")) return w.learns ? run(full.with_learning(learner)) : run(full);
    std::vector<runnel::event::stride_exec> heard;
    auto const ear = [&heard](runnel::event::stride_exec const& e) { heard.push_back(e); };
    dense.listen();
    return w.learns ? run(full.with_learning(learner).with_sink(ear), &heard)
                    : run(full.with_sink(ear), &heard);
}

constexpr mechanisms core{
    .cost = false,
    .split = true,
    .frontier = false,
    .sticky = false,
    .slow_decay = false,
    .learning = false};

} // namespace

TEST_CASE("reader, fanout, split and decay together are the naive frame", "[engine][oracle]") {
    seen met;
    law::for_all(2'000, [&met](law::gen& g) { a_life(g, core, met); });
    CHECK(met.strides > 10'000);
    CHECK(met.plain > 500);
    CHECK(met.flushed > 100);
    CHECK(met.skipped > 100);
    CHECK(met.cut_short < 200);
}

TEST_CASE("each mechanism beside them is the naive one", "[engine][oracle]") {
    auto const with = [](auto&& change) {
        mechanisms m = core;
        change(m);
        seen met;
        law::for_all(1'500, [&](law::gen& g) { a_life(g, m, met); });
        CHECK(met.strides > 10'000);
        CHECK(met.cut_short < 150);
        return met;
    };
    SECTION("goals, moods, novelty, hubs, overlays") {
        with([](mechanisms& m) { m.cost = true; });
    }
    SECTION("hysteresis, retries, safe mode") {
        CHECK(with([](mechanisms& m) { m.frontier = true; }).retried > 500);
    }
    SECTION("stickiness") {
        CHECK(with([](mechanisms& m) { m.sticky = true; }).dissipated > 500);
    }
    SECTION("consolidation and resistance") {
        with([](mechanisms& m) { m.slow_decay = true; });
    }
    SECTION("learning") {
        CHECK(with([](mechanisms& m) { m.learning = true; }).learned > 3'000);
    }
}

TEST_CASE("all mechanisms together are the naive frame", "[engine][oracle]") {
    seen met;
    law::for_all(6'000, [&met](law::gen& g) { a_life(g, mechanisms{}, met); });
    CHECK(met.strides > 50'000);
    CHECK(met.learned > 10'000);
    CHECK(met.heard > 10'000);
    CHECK(met.plain > 10); // some sixty in expectation
    CHECK(met.retried > 1'000);
    CHECK(met.dissipated > 1'000);
    CHECK(met.flushed > 300);
    CHECK(met.skipped > 300);
    CHECK(met.cut_short < 600);
}
