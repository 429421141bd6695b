// SPDX-License-Identifier: MIT
// What sinks hear of a frame is what the oracle saw happen, figure for figure.
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include <runnel/runnel.hpp>

#include "engine/drawn_case.hpp"
#include "engine/drawn_life.hpp"
#include "oracle/dense_frame.hpp"
#include "support/catch.hpp"
#include "support/law.hpp"

namespace {

namespace event = runnel::event;
using drawn::id_of;
using oracle::units_of;

/// A threshold is told in quanta, the next one up.
bool within_a_quantum(double a, double b) { return std::abs(a - b) <= 0x1p-40; }

/// Everything heard, in the order heard.
struct heard {
    std::vector<event::frame_start> starts;
    std::vector<event::stride_exec> strides;
    std::vector<event::node_flip> flips;
    std::vector<event::decay_tick> decays;
    std::vector<event::stimulus_injected> stimuli;
    std::vector<event::guard_acted> guards;
    std::vector<event::frame_end> ends;

    void operator()(event::frame_start const& e) { starts.push_back(e); }
    void operator()(event::stride_exec const& e) { strides.push_back(e); }
    void operator()(event::node_flip const& e) { flips.push_back(e); }
    void operator()(event::decay_tick const& e) { decays.push_back(e); }
    void operator()(event::stimulus_injected const& e) { stimuli.push_back(e); }
    void operator()(event::guard_acted const& e) { guards.push_back(e); }
    void operator()(event::frame_end const& e) { ends.push_back(e); }
};

void same_strides(law::gen& g, heard const& ear, oracle::frame_account const& told) {
    g.holds(ear.strides.size() == told.strides.size(), "one event per stride");
    for (std::size_t i = 0; i < told.strides.size(); ++i) {
        event::stride_exec const& e = ear.strides[i];
        oracle::stride const& s = told.strides[i];
        g.show("stride", i);
        g.holds(e.source == id_of(s.along.from), "strides are told by source");
        g.holds(e.target == id_of(s.along.to), "target");
        g.holds(e.gross == units_of(s.amount), "gross");
        g.holds(e.retained == e.gross && e.loss == 0, "all of it arrives");
        g.holds(e.source_before == units_of(s.source_before), "the source at frame start");
        g.holds(e.target_before == units_of(s.target_before), "the target at frame start");
        g.holds(e.target_after == units_of(s.target_after), "the target after commit");
        g.holds(e.score == -std::ldexp(s.along.lw, -24), "the score is the link's cost");
        g.holds(e.share == 1 && e.rank == 0 && e.reason == event::reason::argmin, "K = 1");
    }
}

void same_flips(
    law::gen& g, heard const& ear, oracle::frame_account const& told,
    std::vector<oracle::quanta> const& start, oracle::dense_field const& dense,
    drawn::world const& w) {
    g.holds(
        ear.flips.size() == told.switched_on.size() + told.switched_off.size(),
        "one event per flip");
    auto flips = ear.flips;
    std::sort(
        flips.begin(), flips.end(), [](auto const& a, auto const& b) { return a.node < b.node; });
    for (event::node_flip const& e : flips) {
        std::size_t const n = index(e.node);
        auto const& side = e.active ? told.switched_on : told.switched_off;
        g.show("flip of", n);
        g.holds(std::count(side.begin(), side.end(), n) == 1, "it did flip, to that side");
        g.holds(e.before == units_of(start[n]), "a flipped node at frame start");
        g.holds(e.after == units_of(dense.energy(n)), "a flipped node at frame end");
        g.holds(within_a_quantum(e.threshold, w.threshold(n)), "its threshold");
    }
}

void same_end(
    law::gen& g, heard const& ear, oracle::frame_account const& told,
    oracle::dense_field const& dense) {
    event::frame_end const& e = ear.ends.back();
    g.holds(ear.starts.size() == 1 && ear.ends.size() == 1 && ear.decays.size() == 1, "once each");
    g.holds(e.before == units_of(told.before), "before");
    g.holds(e.injected == units_of(told.sums.injected), "injected");
    g.holds(e.transferred == units_of(told.sums.sent), "transferred");
    g.holds(e.decayed == units_of(told.sums.decayed), "decayed");
    g.holds(e.flushed == units_of(told.sums.flushed), "flushed");
    g.holds(e.after == units_of(dense.stored()), "after");
    g.holds(e.residual == 0 && e.residual_relative == 0 && e.dissipated == 0, "the books close");
    g.holds(e.strides == told.strides.size() && e.touched == told.touched, "counts");
    g.holds(e.capped == told.capped, "capped sources");
    std::uint64_t active = 0;
    std::uint64_t support = 0;
    for (std::size_t n = 0; n < dense.size(); ++n) {
        if (dense.active(n)) ++active;
        if (dense.stored(n) > 0) ++support;
    }
    g.holds(e.active == active && e.support == support, "active and support");
    g.holds(ear.guards.empty() == (told.capped == 0), "the cap says when it acted");
    for (auto const& guard : ear.guards)
        g.holds(guard.guard == "transfer_cap" && guard.count == told.capped, "and how often");
    g.holds(ear.decays[0].decayed == e.decayed && ear.decays[0].flushed == e.flushed, "decay");
}

} // namespace

TEST_CASE("sinks hear what happened", "[engine][oracle][event]") {
    law::for_all(3'000, [](law::gen& g) {
        auto const w = drawn::a_world(g, drawn::weights::distinct);
        auto const built = w.build();
        heard ear;
        auto const engine =
            runnel::make_engine(
                built.graph, built.store, w.settings, runnel::pipeline{}.with_sink(ear))
                .value();
        auto field = engine.make_field();
        auto dense = w.oracle();
        static_cast<void>(g.list(12, [&] {
            auto const many = drawn::stimuli(g, w.size());
            engine.inject(field, many).value();
            g.holds(dense.inject(drawn::for_oracle(many)), "small stimuli are taken");
            g.holds(ear.stimuli.size() == many.size(), "each stimulus is told");
            std::vector<oracle::quanta> start;
            for (std::size_t n = 0; n < w.size(); ++n) start.push_back(dense.energy(n));
            ear = {};
            auto const step = drawn::a_step(g);
            engine.tick(field, step).value();
            auto const told = dense.frame(step.dt, step.elapsed);
            same_strides(g, ear, told);
            same_flips(g, ear, told, start, dense, w);
            same_end(g, ear, told, dense);
            ear = {};
            return 0;
        }));
        drawn::same(g, field, dense, w);
    });
}

TEST_CASE("a stimulus is told with the gap it closed", "[engine][oracle][event]") {
    law::for_all(1'000, [](law::gen& g) {
        auto const w = drawn::a_world(g);
        auto const built = w.build();
        heard ear;
        auto const engine =
            runnel::make_engine(
                built.graph, built.store, w.settings, runnel::pipeline{}.with_sink(ear))
                .value();
        auto field = engine.make_field();
        auto dense = w.oracle();
        auto const gap = [&](std::size_t n) {
            return std::max(0.0, w.threshold(n) - units_of(dense.energy(n)));
        };
        for (auto const& s : drawn::stimuli(g, w.size(), 12)) {
            std::size_t const n = index(s.node);
            double const before = gap(n);
            engine.inject(field, s.node, s.units).value();
            g.holds(dense.inject({{n, s.units}}), "small stimuli are taken");
            g.holds(ear.stimuli.size() == 1, "one event each");
            g.holds(ear.stimuli[0].node == s.node, "which node");
            g.holds(ear.stimuli[0].energy == units_of(oracle::quanta_of(s.units)), "how much");
            g.holds(within_a_quantum(ear.stimuli[0].gap_before, before), "what it lacked");
            g.holds(within_a_quantum(ear.stimuli[0].gap_after, gap(n)), "what it lacks now");
            ear = {};
        }
    });
}
