// SPDX-License-Identifier: MIT
// Random small worlds that run with a flow recorder, watched from outside at the same time.
//
// Laws: choice 0 everywhere is the simplest world: one node, no links, plain settings. The watcher has its own ear and
//       reads what nodes hold off the field itself, so that it shares nothing with the recorder.
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <map>
#include <utility>
#include <vector>

#include <runnel/credit.hpp>
#include <runnel/runnel.hpp>

#include "oracle/claims.hpp"
#include "support/law.hpp"

namespace recorded {

using oracle::wide;
using runnel::node_id;

[[nodiscard]] inline node_id id_of(std::size_t i) { return node_id{static_cast<std::uint32_t>(i)}; }
/// Exact for whatever holds up to 8192 units.
[[nodiscard]] inline wide exactly(double units) { return static_cast<wide>(std::ldexp(units, 40)); }

struct arrow {
    std::size_t from;
    std::size_t to;
    double lw;
};
struct world {
    std::vector<runnel::node_type> types;
    std::vector<arrow> arrows;
    runnel::config settings;

    [[nodiscard]] std::size_t size() const { return types.size(); }
    [[nodiscard]] runnel::graph::built build() const {
        runnel::graph::builder b;
        for (auto const type : types) static_cast<void>(b.node(type));
        for (arrow const& a : arrows)
            b.log_link({id_of(a.from), id_of(a.to), runnel::log_weight::from_log(a.lw).value()});
        return std::move(b).build().value();
    }
};

inline runnel::config settings(law::gen& g) {
    runnel::config c;
    c.threshold = g.one_of({0.0, .001, .1}, "threshold");
    c.alpha = g.one_of({.5, .02, .1, 3.0}, "alpha");
    c.transfer_cap = g.one_of({.2, 1.0, .9}, "cap");
    c.min_transfer = g.one_of({1e-9, 0.0, 1e-3}, "min_transfer");
    c.step = g.flag("exponential") ? runnel::step_rule::exponential : runnel::step_rule::linear;
    c.reader.source =
        g.flag("read links") ? runnel::weight::source::link : runnel::weight::source::unit;
    c.stickiness.mode = g.one_of(
        {runnel::stickiness::off, runnel::stickiness::dissipative, runnel::stickiness::retentive},
        "stickiness");
    if (g.choose(3) == 3) c.stickiness.of_type = g.one_of({0.0, 1.0}, "of every type");
    c.split.enabled = g.flag("split");
    c.split.k = g.one_of<std::uint32_t>({2, 3, 5}, "split k");
    c.split.all_kept = g.flag("all kept");
    c.hysteresis = g.one_of({0.0, .5}, "hysteresis");
    c.retry_budget = g.one_of<std::uint32_t>({0, 2}, "retry");
    c.decay.base = g.one_of({0.0, 2e-5, .05, 1.0}, "decay");
    c.decay.flush_below = g.one_of({1e-6, 0.0, .05}, "flush");
    c.decay.scope =
        g.flag("decay support") ? runnel::decay_scope::support : runnel::decay_scope::touched;
    if (g.choose(4) == 4) {
        g.show("matrix", true);
        c.implementation = runnel::implementation::matrix;
        c.matrix = {g.one_of({.1, .9, 1.0}, "matrix alpha"), g.one_of({0.0, .03, .5}, "delta")};
    }
    c.seed = g.choose(1000);
    return c;
}
/// `most` nodes, four links to each at most, loops and parallel links among them.
inline world a_world(law::gen& g, std::size_t most = 8) {
    using enum runnel::node_type;
    world w;
    auto const nodes = g.integer<std::size_t>(1, most, "nodes");
    for (std::size_t n = 0; n < nodes; ++n)
        w.types.push_back(g.one_of({other, memory, task, principle}));
    w.arrows = g.list(4 * nodes, [&] {
        arrow a{g.choose(nodes - 1), g.choose(nodes - 1), g.integer(-8, 8) / 4.0};
        g.show("from", a.from), g.show("  to", a.to), g.show("  lw", a.lw);
        return a;
    });
    w.settings = settings(g);
    return w;
}

/// A recorder and an ear of one's own, as one sink.
inline auto two_ears(
    runnel::credit::flow_recorder& flow, std::vector<runnel::event::stride_exec>& ear) {
    return runnel::event::callback{
        [&flow](runnel::event::frame_start const& e) { flow(e); },
        [&flow](runnel::event::stimulus_injected const& e) { flow(e); },
        [&flow, &ear](runnel::event::stride_exec const& e) { flow(e), ear.push_back(e); }};
}

/// Writes down what happens, beside the recorder: its ear for strides, and a look at every node.
template <class Engine> class watched {
public:
    watched(Engine const& engine, std::size_t nodes, std::vector<runnel::event::stride_exec>& ear)
        : run(engine), nodes_(nodes), ear_(&ear) {}

    void pour(std::size_t node, double units) {
        auto held = all_held();
        wide const before = held[node];
        run.inject(id_of(node), units).value();
        past.pour(std::move(held), {node, exactly(run.energy_of(id_of(node))) - before});
        ++poured;
    }
    void frame(runnel::time_step step) {
        auto held = all_held();
        ear_->clear();
        run.tick(step).value();
        std::vector<oracle::carried> along;
        for (auto const& e : *ear_)
            along.push_back(
                {index(e.source), index(e.target), exactly(e.gross), exactly(e.retained),
                 index(e.link)});
        strides += along.size();
        past.carry(std::move(held), std::move(along));
    }

    runnel::session<Engine> run;
    oracle::history past;
    std::size_t poured = 0;
    std::size_t strides = 0;

private:
    [[nodiscard]] std::map<std::size_t, wide> all_held() const {
        std::map<std::size_t, wide> held;
        for (std::size_t n = 0; n < nodes_; ++n) held[n] = exactly(run.energy_of(id_of(n)));
        return held;
    }
    std::size_t nodes_;
    std::vector<runnel::event::stride_exec>* ear_;
};

inline double an_amount(law::gen& g) {
    switch (g.choose(4)) {
    case 0: return g.one_of({1.0, .1, 100.0, 0.0}, "units");
    case 1: return g.magnitude(-42, 5, "units");
    default: return g.real(0, 4, "units");
    }
}
inline runnel::time_step a_step(law::gen& g) {
    double const dt = g.one_of({1.0, .1, 5.0, .37}, "dt");
    return {.dt = dt, .elapsed = g.choose(3) == 3 ? dt * 7 : dt};
}
/// Something is poured in, or a frame runs, or the field is asked to settle.
template <class Watched> void any_call(law::gen& g, Watched& w, std::size_t nodes) {
    switch (g.choose(7)) {
    case 0:
    case 1: {
        auto const many = g.integer(1, 3, "gifts");
        for (int i = 0; i < many; ++i)
            w.pour(g.integer<std::size_t>(0, nodes - 1, "into"), an_amount(g));
        break;
    }
    case 2:
        g.show("settle", true);
        w.run.settle().value();
        break;
    default: w.frame(a_step(g));
    }
}

/// What an answer says, in the oracle's words.
[[nodiscard]] inline oracle::traced said(runnel::credit::origin const& from) {
    oracle::traced t;
    for (auto const& seed : from.seeds()) t.of_gift[seed.gift] += seed.amount;
    t.unknown = from.unknown();
    t.total = from.total();
    return t;
}

} // namespace recorded
