// SPDX-License-Identifier: MIT
// Worlds of some hundred nodes in which any mechanism may be on, and lives in them told frame by frame: what a frame made
// by several workers is held against.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <runnel/runnel.hpp>

#include "support/law.hpp"

namespace crowd {

using runnel::config;
using runnel::node_id;

[[nodiscard]] inline node_id id_of(std::uint64_t n) {
    return node_id{static_cast<std::uint32_t>(n)};
}

/// Does lane after lane in the caller's thread, the last first: the order that threads hardly ever take.
struct backwards {
    std::size_t count = 2;
    std::size_t runs = 0;
    [[nodiscard]] std::size_t lanes() const { return count; }
    template <class Work> void run(Work&& work) {
        ++runs;
        for (std::size_t i = count; i-- > 0;) work(i);
    }
};

/// A thread for each lane, made anew for every run: all of them work, however busy the machine is.
struct a_thread_each {
    std::size_t count = 2;
    [[nodiscard]] std::size_t lanes() const { return count; }
    template <class Work> void run(Work&& work) {
        std::vector<std::jthread> threads;
        for (std::size_t i = 1; i < count; ++i) threads.emplace_back([&work, i] { work(i); });
        work(std::size_t{0});
    }
};

/// All that a user can see of a frame, as one number after another.
class story {
public:
    template <class Figure> void add(Figure figure) {
        if constexpr (std::is_floating_point_v<Figure>)
            words_.push_back(std::bit_cast<std::uint64_t>(static_cast<double>(figure)));
        else
            words_.push_back(static_cast<std::uint64_t>(figure));
    }
    void add(runnel::frame_report const& r) {
        for (double x :
             {r.before, r.injected, r.transferred, r.decayed, r.dissipated, r.flushed, r.after,
              r.residual, r.mean_radius, r.hub_entropy, r.prune_rate, r.mean_degree_of_active,
              r.time, r.dt, r.residual_relative})
            add(x);
        for (std::uint64_t x : std::initializer_list<std::uint64_t>{
                 r.frame, r.active, r.touched, r.strides, r.skipped, r.capped, r.costs_computed,
                 r.switched_on, r.switched_off, r.unreached, r.retried, r.low_confidence, r.support,
                 r.shadow, r.radius})
            add(x);
        for (auto const n : r.k_histogram) add(n);
        add(r.truncated ? 1U : 0U);
        add(r.safe ? 1U : 0U);
        strides += r.strides;
    }
    std::uint64_t strides = 0;
    friend bool operator==(story const&, story const&) = default;

private:
    std::vector<std::uint64_t> words_;
};

/// Hears whatever there is to hear, in order.
struct chronicler {
    story* of;
    void operator()(runnel::event::stride_selection const& e) const {
        of->add(index(e.node)), of->add(e.k), of->add(e.entropy);
    }
    void operator()(runnel::event::stride_exec const& e) const {
        of->add(index(e.source)), of->add(index(e.target)), of->add(e.gross), of->add(e.score);
        of->add(e.share), of->add(e.utility), of->add(e.rank);
    }
    void operator()(runnel::event::node_flip const& e) const {
        of->add(index(e.node)), of->add(e.before), of->add(e.after), of->add(e.senders);
    }
    void operator()(runnel::event::weight_update const& e) const {
        of->add(index(e.link)), of->add(e.delta);
    }
    void operator()(runnel::event::decay_tick const& e) const {
        of->add(e.decayed), of->add(e.consolidated), of->add(e.mean_resistance);
    }
};

struct world {
    std::size_t nodes = 0;
    config settings;
};

/// Two hundred nodes and more: several blocks for each of eight workers.
inline runnel::graph::built a_graph(law::gen& g, std::size_t nodes) {
    runnel::graph::builder b;
    bool const plain = !g.flag("nodes differ");
    for (std::size_t n = 0; n < nodes; ++n) {
        auto const kind = static_cast<std::uint16_t>(plain ? 0 : n * 7 % 12);
        node_id const id = b.node(runnel::node_type{kind});
        b.log_mass(id, .01 * static_cast<double>(n % 70));
        if (plain) continue;
        if (n % 5 == 0) b.threshold(id, .05 * static_cast<double>(n % 9));
        b.affect(id, {.7F + .03F * static_cast<float>(n % 10), 0.F});
        b.groups(id, static_cast<std::uint16_t>(1 + n % 6));
        b.scope(id, runnel::scope_id{static_cast<std::uint16_t>(n % 3)});
        if (n % 3 == 0) b.consolidated(id);
    }
    auto const links = static_cast<std::size_t>(g.integer(1, 9, "links per node")) * nodes;
    bool const equals = g.flag("equal weights");
    law::gen draw{g.choose(1'000)};
    for (std::size_t i = 0; i < links; ++i) {
        std::uint64_t const from = i % 11 == 0 ? draw.choose(3) : draw.choose(nodes - 1);
        auto const lw = static_cast<std::int32_t>(draw.choose(equals ? 2 : 60'000'000));
        b.log_link(
            {id_of(from), id_of(draw.choose(nodes - 1)),
             runnel::log_weight::from_raw(equals ? lw << 22 : lw - 30'000'000),
             runnel::link_type{static_cast<std::uint16_t>(draw.choose(2))}});
    }
    return std::move(b).build().value();
}

inline config a_config(law::gen& g) {
    using runnel::weight::source;
    config c;
    c.workers_from = 1;
    c.seed = g.choose(5);
    c.alpha = g.real(.05, .6);
    c.transfer_cap = g.one_of({1.0, .35, .1});
    c.min_transfer = g.one_of({1e-9, 0.0, 1e-2}, "min_transfer");
    c.threshold = g.real(.001, .2);
    c.storage = g.one_of({runnel::storage::paged, runnel::storage::dense}, "dense");
    if (g.choose(7) == 7) c.implementation = runnel::implementation::matrix;
    g.show("implementation", c.implementation);
    if (g.flag("hysteresis")) c.hysteresis = .4;
    if (g.flag("retry")) c.retry_budget = 5, c.retry_below = 2'000;
    if (g.choose(7) == 7) c.max_strides = 60;
    c.track_shadow = g.flag("shadow");
    c.track_radius = g.flag("radius");
    c.reader.source =
        g.one_of({source::unit, source::link, source::raw, source::target, source::both}, "source");
    if (g.flag("averaged")) c.reader.baseline = runnel::weight::baseline::ema;
    if (g.flag("fanout")) {
        c.fanout.low = 2, c.fanout.high = 5, c.fanout.selective_k = 3;
        c.fanout.reduction = g.one_of(
            {runnel::fanout::reduction::quick, runnel::fanout::reduction::none,
             runnel::fanout::reduction::certified},
            "reduction");
        if (g.flag("explore")) c.fanout.explore = .3;
    }
    c.split.enabled = g.flag("split");
    c.split.k = g.integer(1U, 5U);
    c.split.all_kept = g.choose(3) == 3;
    c.stickiness.mode = g.one_of(
        {runnel::stickiness::off, runnel::stickiness::dissipative, runnel::stickiness::retentive},
        "stickiness");
    c.consolidation.enabled = g.flag("consolidation");
    c.resistance.enabled = g.flag("resistance");
    c.decay.base = g.one_of({1e-3, 0.0, .05}, "decay");
    c.decay.flush_below = g.one_of({1e-6, 0.0, 1e-3});
    c.decay.scope = g.one_of({runnel::decay_scope::touched, runnel::decay_scope::support}, "scope");
    c.weight_decay.every = 5;
    return c;
}

/// What happens to a field, drawn once and lived as often as one likes.
struct plan {
    struct turn {
        std::vector<runnel::stimulus> given;
        runnel::time_step step;
        unsigned what = 0;
    };
    std::vector<turn> turns;
    bool adopts = false; ///< the other engine has other rules
};
/// Of an engine that now and then takes a turn, alone.
inline config another(config c, plan const& p) {
    c.alpha = .3;
    if (p.adopts) c.threshold = .01;
    return c;
}
inline plan a_plan(law::gen& g, std::size_t nodes) {
    plan p;
    p.adopts = g.flag("adopts");
    auto const frames = g.integer(3U, 9U, "frames");
    for (unsigned i = 0; i < frames; ++i) {
        plan::turn t;
        auto const n = i == 0 ? 200 : g.choose(12);
        for (std::uint64_t k = 0; k < n; ++k)
            t.given.push_back({id_of(g.choose(nodes - 1)), g.real(0, 2)});
        t.step.dt = g.one_of({1.0, .3, 2.5});
        t.step.elapsed = g.one_of({1.0, 30.0});
        t.step.headroom = g.one_of({1.0, .1});
        t.what = static_cast<unsigned>(g.choose(9));
        p.turns.push_back(std::move(t));
    }
    return p;
}

/// Lives it on an engine; every third frame or so by another engine over the same graph, in turns with the first.
template <class Amount, class Engine, class Other>
void live(plan const& p, Engine const& engine, Other const& other, story& told) {
    auto field = engine.template make_field<Amount>();
    field.hold({id_of(1), id_of(2), id_of(3)}).value();
    for (auto const& turn : p.turns) {
        engine.inject(field, turn.given).value();
        if (turn.what == 7) field.begin_query();
        if (turn.what == 8) { // looked at and dropped
            auto const open = engine.stage(field, turn.step).value();
            told.add(open.moves()), told.add(open.residual());
        }
        if (turn.what == 9) {
            auto moved = std::move(field);
            field = std::move(moved);
        }
        if (turn.what == 6 && field.frame() > 4) field.reset();
        if (turn.what % 3 == 2) {
            if (p.adopts) other.adopt(field).value();
            told.add(other.tick(field, turn.step, runnel::report::full).value());
            if (p.adopts) engine.adopt(field).value();
        }
        auto const how = turn.what % 2 == 0 ? runnel::report::full : runnel::report::brief;
        told.add(engine.tick(field, turn.step, how).value());
        told.add(field.digest());
        told.add(field.total());
    }
    for (auto const& lesson : field.lessons().changes)
        told.add(index(lesson.link)), told.add(lesson.delta);
    auto const best = field.top(20);
    for (auto const& r : best) told.add(index(r.node)), told.add(r.energy), told.add(r.received);
}

} // namespace crowd
