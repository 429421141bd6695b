// SPDX-License-Identifier: MIT
// Small worlds in which any mechanism may be on, for the engine and for the oracle alike.
//
// Laws: choice 0 everywhere is the simplest world: one node, no links, all off. Figures are drawn from stretches, not
//       from short lists, so that few decisions hang on equals; what is equal by design (weights at a limit,
//       links of one target) is equal to both.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <runnel/runnel.hpp>

#include "engine/drawn_case.hpp"
#include "oracle/whole_frame.hpp"
#include "support/law.hpp"

namespace drawn {

/// Which mechanisms a world may use.
struct mechanisms {
    bool reader = true;
    bool fanout = true;
    bool cost = true;
    bool split = true;
    bool frontier = true; ///< hysteresis, retry, safe mode
    bool sticky = true;
    bool slow_decay = true; ///< consolidation, resistance
    bool learning = true;
};

struct whole_world {
    runnel::config settings;
    runnel::cost::config cost;
    runnel::learn::config learning;
    bool learns = false;
    std::vector<node_type> types;
    oracle::whole_rules rules; ///< what the settings do not say: goal, mood, overlay
    std::vector<oracle::whole_node> nodes;
    std::vector<oracle::link> links;
    bool has_masses = false;

    [[nodiscard]] std::size_t size() const { return nodes.size(); }
    /// Is a link's cost its weight and nothing else.
    [[nodiscard]] bool costs_by_weight() const {
        return cost.form == runnel::cost::form::log_additive && cost.novelty == 0 && cost.hub == 0
               && rules.cost.aim.empty() && rules.cost.mood.empty() && rules.cost.overlay.empty();
    }
};

/// On or off: off is the simplest.
inline bool on(law::gen& g, bool allowed, std::string_view name) {
    bool const drawn = g.choose(1) != 0;
    g.show(name, allowed && drawn);
    return allowed && drawn;
}

inline oracle::vec a_vector(law::gen& g, std::size_t dimension, double longest = 1) {
    oracle::vec v;
    for (std::size_t i = 0; i < dimension; ++i)
        v.push_back(static_cast<float>(g.real(-longest, longest)));
    return v;
}

inline void draw_core(law::gen& g, runnel::config& c) {
    c.fanout.ties = runnel::fanout::ties::by_id;
    c.reader.source = runnel::weight::source::unit;
    c.weight_decay.base = 0;
    c.alpha = g.real(.02, .6, "alpha");
    c.step = g.one_of({runnel::step_rule::linear, runnel::step_rule::exponential}, "exponential");
    c.transfer_cap = g.one_of({.2, 1.0, .35, .07}, "cap");
    c.min_transfer = g.one_of({1e-9, 0.0, 1e-3, .0213}, "min_transfer");
    c.threshold = g.real(.05, 1, "threshold");
    for (auto n = g.choose(3); n > 0; --n)
        c.threshold.set(node_type{static_cast<std::uint16_t>(g.choose(13))}, g.real(0, 2));
    c.decay.base = g.one_of({2e-5, 0.0, 1e-3, .1}, "decay.base");
    for (auto n = g.choose(3); n > 0; --n)
        c.decay.half_life.set(node_type{static_cast<std::uint16_t>(g.choose(13))}, g.real(1, 100));
    c.decay.gain = g.one_of({1.0, .5, 1.7}, "decay.gain");
    c.decay.flush_below = g.one_of({1e-6, 0.0, 1e-2}, "flush_below");
    c.decay.scope = g.one_of({runnel::decay_scope::touched, runnel::decay_scope::support}, "scope");
    c.decay.clock = g.one_of({runnel::decay_clock::elapsed, runnel::decay_clock::capped}, "clock");
    c.storage = g.one_of({runnel::storage::paged, runnel::storage::dense}, "dense");
}

inline void draw_reader(law::gen& g, whole_world& w, bool allowed) {
    auto& r = w.settings.reader;
    using runnel::weight::source;
    if (on(g, allowed, "reader"))
        r.source = g.one_of({source::link, source::raw, source::target, source::both}, "source");
    r.shrinkage = g.one_of({3.0, 0.0, 1.5}, "shrinkage");
    r.least_spread = g.one_of({.1, .4}, "least_spread");
    r.z_limit = g.one_of({3.0, .8}, "z_limit");
    if (on(g, allowed, "averaged baseline")) r.baseline = runnel::weight::baseline::ema;
    r.ema_rate = g.one_of({.1, .45}, "ema_rate");
}

inline void draw_choice(law::gen& g, whole_world& w, mechanisms const& m) {
    auto& f = w.settings.fanout;
    if (on(g, m.fanout, "fanout")) {
        f.low = g.integer(1U, 4U, "low");
        f.high = f.low + g.integer(0U, 6U, "high - low");
        f.selective_k = std::max({1U, f.low - 1, g.integer(1U, 6U)});
        f.pressure_enabled = !g.flag("no pressure");
        f.pressure_factor = g.one_of({.6, .5, .3}, "factor");
        f.pressure_graded = g.flag("graded");
        f.min_k = g.one_of({2U, 1U}, "min_k");
        f.task = static_cast<runnel::fanout::task>(g.choose(4));
        f.reduction = g.one_of(
            {runnel::fanout::reduction::quick, runnel::fanout::reduction::none,
             runnel::fanout::reduction::certified},
            "reduction");
        f.certify_limit = 0;
    }
    auto& s = w.settings.split;
    s.enabled = on(g, m.split, "split");
    s.k = g.integer(1U, 5U, "split.k");
    s.all_kept = g.choose(3) == 3;
    s.temperature = g.real(.2, 3, "temperature");
    auto& d = w.settings.by_divergence;
    d.enabled = on(g, m.split, "by_divergence");
    d.low = g.real(.2, .9);
    d.high = d.low + g.real(0, 2);
    d.steepness = g.real(0, 12);
    d.middle = g.real(0, 1.5);
}

inline void draw_cost(law::gen& g, whole_world& w, bool allowed, std::size_t dimension) {
    auto& c = w.cost;
    using runnel::cost::form;
    if (on(g, allowed, "form"))
        c.form = g.one_of({form::log_additive, form::multiplicative, form::reciprocal}, "form");
    c.goal = g.one_of({1.0, 4.0, .3, 0.0}, "lambda goal");
    if (on(g, allowed, "novelty")) c.novelty = g.real(.1, 3, "lambda novelty");
    if (on(g, allowed, "hub")) c.hub = g.real(.05, 1, "lambda hub");
    c.resonance = g.one_of({.6, 1.1, .2}, "lambda resonance");
    c.complementarity = g.one_of({.8, .3}, "lambda complementarity");
    c.complementarity_gate = g.one_of({1.0, 2.0, .4}, "gate");
    auto& r = w.rules.cost;
    if (on(g, allowed, "goal")) r.aim = a_vector(g, dimension);
    if (on(g, allowed, "mood")) r.mood = a_vector(g, 2);
    if (on(g, allowed, "overlay"))
        for (int scope = 0; scope < 2; ++scope) r.overlay.push_back(g.real(-2, 2, "overlay"));
    w.settings.visit_rate = g.one_of({.1, .5, 1.0}, "visit_rate");
}

inline void draw_rest(law::gen& g, whole_world& w, mechanisms const& m) {
    auto& c = w.settings;
    if (on(g, m.frontier, "hysteresis")) c.hysteresis = g.real(.05, .9, "h");
    if (on(g, m.frontier, "retry")) {
        c.retry_budget = g.integer(1U, 4U, "retry_budget");
        c.retry_below = g.integer(1U, 5U, "retry_below");
    }
    c.safe_mode.alpha_factor = g.one_of({.3, .8});
    c.safe_mode.dt_cap = g.one_of({1.0, .4});
    if (on(g, m.sticky, "stickiness")) {
        c.stickiness.mode =
            g.one_of({runnel::stickiness::dissipative, runnel::stickiness::retentive}, "retentive");
        c.stickiness.degree = g.one_of({.1, .9});
        c.stickiness.of_type.set(node_type::other, g.one_of({.6, 0.0, .06}));
        c.stickiness.consolidated = g.one_of({.2, .05});
    }
    if (on(g, m.slow_decay, "consolidation")) {
        c.consolidation.enabled = true;
        c.consolidation.most_nodes = g.one_of({50U, 1U, 3U}, "most_nodes");
        c.consolidation.working_memory = g.real(.1, .6);
        c.consolidation.affect = g.real(0, .6);
        c.consolidation.goal = g.real(0, .6);
        if (g.flag()) c.consolidation.most = g.real(.3, 1);
    }
    if (on(g, m.slow_decay, "resistance")) {
        c.resistance.enabled = true;
        c.resistance.degree = g.one_of({.1, 1.5});
        c.resistance.groups = g.one_of({.15, .9});
        if (g.flag()) c.resistance.most = g.real(1, 4);
    }
    w.learns = on(g, m.learning, "learning");
    auto& l = w.learning;
    l.eta = g.one_of({.01, .3, 2.0}, "eta");
    l.strong_from = g.one_of({.8, 1.4});
    l.strong_factor = g.one_of({.5, .9, 0.0});
    l.ceiling = g.one_of({2.0, .7});
    l.floor = g.one_of({-5.0, -.6});
    l.utility_floor = g.one_of({0.0, -2.0, .2}, "utility_floor");
    l.least_utility = g.one_of({-1.0, -.3, -3.0}, "least_utility");
    l.affect = g.one_of({.3, 2.0});
    l.newness_gate = g.choose(3) == 3;
    g.show("gate", l.newness_gate);
}

inline void draw_graph(law::gen& g, whole_world& w, std::size_t dimension) {
    std::size_t const nodes = 1 + g.choose(11);
    g.show("nodes", nodes);
    w.has_masses = runnel::weight::compares_targets(w.settings.reader.source);
    for (std::size_t n = 0; n < nodes; ++n) {
        auto const type = g.one_of(
            {node_type::other, node_type::memory, node_type::task, node_type::goal, node_type{12},
             node_type::episodic},
            "node type");
        w.types.push_back(type);
        oracle::whole_node node;
        node.type = static_cast<unsigned>(index(type));
        node.scope = static_cast<unsigned>(g.choose(2));
        node.is_goal = type == node_type::goal;
        node.is_consolidated = g.choose(2) == 2;
        node.groups = g.one_of({1, 2, 4, 9});
        node.divergence = static_cast<oracle::real>(g.real(0, 1.5));
        if (w.has_masses) node.mass = g.integer(-(1 << 25), 1 << 25);
        if (g.choose(4) != 4) node.embedding = a_vector(g, dimension);
        if (g.choose(4) != 4) node.affect = a_vector(g, 2);
        node.threshold = static_cast<oracle::real>(
            g.choose(4) == 4 ? g.real(0, .8) : w.settings.threshold.begin()[slot_of(type)]);
        w.nodes.push_back(std::move(node));
    }
    std::size_t const most = 4 * nodes;
    while (w.links.size() < most && g.choose(most) != 0) {
        oracle::link l;
        l.from = g.choose(1) == 0 ? 0 : g.choose(nodes - 1); // one of many links
        l.to = g.choose(nodes - 1);
        l.type = static_cast<unsigned>(g.choose(2));
        l.lw = (g.integer(-(1 << 25), 1 << 25) & ~0xFF) + static_cast<std::int32_t>(w.links.size());
        g.show("link from", l.from), g.show("  to", l.to), g.show("  type", l.type);
        g.show("  lw", std::ldexp(l.lw, -24));
        w.links.push_back(l);
    }
}

/// What the settings say, in the oracle's words.
inline void translate(whole_world& w) {
    using oracle::real;
    auto const& c = w.settings;
    auto& r = w.rules;
    auto const& f = c.fanout;
    static constexpr oracle::duty duties[] = {
        oracle::duty::by_structure, oracle::duty::balanced, oracle::duty::focused,
        oracle::duty::divergent, oracle::duty::methodical};
    static constexpr oracle::look looks[] = {
        oracle::look::heaviest, oracle::look::cheapest, oracle::look::all};
    static constexpr oracle::strength_of sources[] = {
        oracle::strength_of::link, oracle::strength_of::unit, oracle::strength_of::raw,
        oracle::strength_of::target, oracle::strength_of::both};
    r.choice = {
        .low = f.low,
        .high = f.high,
        .selective_k = f.selective_k,
        .pressure = f.pressure_enabled,
        .pressure_threshold = f.pressure_threshold,
        .pressure_factor = f.pressure_factor,
        .graded = f.pressure_graded,
        .min_k = f.min_k,
        .task = duties[static_cast<std::size_t>(f.task)],
        .splits = c.split.enabled,
        .split_k = c.split.k,
        .all_kept = c.split.all_kept,
        .temperature = c.split.temperature,
        .alpha = c.alpha,
        .exponential = c.step == runnel::step_rule::exponential,
        .cap = c.transfer_cap};
    r.reduction = looks[static_cast<std::size_t>(f.reduction)];
    r.temperature_by_divergence = c.by_divergence.enabled;
    r.coldest = static_cast<real>(c.by_divergence.low);
    r.hottest = static_cast<real>(c.by_divergence.high);
    r.steepness = static_cast<real>(c.by_divergence.steepness);
    r.middle = static_cast<real>(c.by_divergence.middle);
    r.reader = {
        sources[static_cast<std::size_t>(c.reader.source)], static_cast<real>(c.reader.shrinkage),
        static_cast<real>(c.reader.least_spread),           static_cast<real>(c.reader.z_limit),
        c.reader.baseline == runnel::weight::baseline::ema, static_cast<real>(c.reader.ema_rate)};
    r.cost.form = static_cast<oracle::cost_form>(w.cost.form);
    r.cost.goal = static_cast<real>(w.cost.goal);
    r.cost.novelty = static_cast<real>(w.cost.novelty);
    r.cost.hub = static_cast<real>(w.cost.hub);
    r.cost.resonance = static_cast<real>(w.cost.resonance);
    r.cost.complementarity = static_cast<real>(w.cost.complementarity);
    r.cost.complementarity_gate = static_cast<real>(w.cost.complementarity_gate);
    auto const& l = w.learning;
    r.learning = {
        w.learns,
        static_cast<real>(l.eta),
        static_cast<real>(l.strong_from),
        static_cast<real>(l.strong_factor),
        l.ceiling,
        l.floor,
        static_cast<real>(l.causal),
        static_cast<real>(l.co_activation),
        static_cast<real>(l.background),
        static_cast<real>(l.utility_floor),
        static_cast<real>(l.least_utility),
        static_cast<real>(l.affect),
        l.newness_gate};
    r.min_transfer = c.min_transfer;
    r.flush_below = c.decay.flush_below;
    r.hysteresis = static_cast<real>(c.hysteresis);
    r.retry_budget = c.retry_budget;
    r.retry_below = c.retry_below;
    r.visit_rate = static_cast<real>(c.visit_rate);
    r.stickiness = static_cast<oracle::sticky>(c.stickiness.mode);
    r.sticky_if_consolidated = static_cast<real>(c.stickiness.consolidated);
    r.sticky_by_degree = static_cast<real>(c.stickiness.degree);
    r.decay_everyone = c.decay.scope == runnel::decay_scope::support;
    r.decay_by_dt = c.decay.clock == runnel::decay_clock::capped;
    r.consolidates = c.consolidation.enabled;
    r.protection_of_held = static_cast<real>(c.consolidation.working_memory);
    r.protection_by_affect = static_cast<real>(c.consolidation.affect);
    r.protection_by_goal = static_cast<real>(c.consolidation.goal);
    r.most_protected = c.consolidation.most_nodes;
    r.resists = c.resistance.enabled;
    r.resistance_by_degree = static_cast<real>(c.resistance.degree);
    r.resistance_by_groups = static_cast<real>(c.resistance.groups);
    r.safe_alpha_factor = static_cast<real>(c.safe_mode.alpha_factor);
    r.safe_dt_cap = c.safe_mode.dt_cap;
    for (std::size_t n = 0; n < w.size(); ++n) {
        auto const t = slot_of(w.types[n]);
        auto const of = [t](runnel::per_type<double> const& table) {
            return static_cast<real>(table.begin()[t]);
        };
        real const half = of(c.decay.half_life);
        w.nodes[n].decay_rate =
            (half > 0 ? std::log(2.0L) / half
                      : static_cast<real>(c.decay.base) * of(c.decay.multiplier))
            * static_cast<real>(c.decay.gain);
        w.nodes[n].stickiness = of(c.stickiness.of_type);
        w.nodes[n].resistance = of(c.resistance.of_type);
        w.nodes[n].most_resistance = of(c.resistance.most);
        w.nodes[n].most_protection = of(c.consolidation.most);
    }
}

inline whole_world a_whole_world(law::gen& g, mechanisms const& m) {
    whole_world w;
    std::size_t const dimension = 3;
    draw_core(g, w.settings);
    draw_reader(g, w, m.reader);
    draw_choice(g, w, m);
    draw_cost(g, w, m.cost, dimension);
    draw_rest(g, w, m);
    draw_graph(g, w, dimension);
    translate(w);
    return w;
}

/// The graph and its store; from then on the world's links stand in the order of their ids.
inline runnel::graph::built build(whole_world& w) {
    runnel::graph::builder b;
    static_cast<void>(b.declare_node_type("one of our own"));
    for (std::size_t n = 0; n < w.size(); ++n) {
        auto const& node = w.nodes[n];
        node_id const id = b.node(w.types[n]);
        b.scope(id, runnel::scope_id{static_cast<std::uint16_t>(node.scope)});
        auto const own = static_cast<double>(node.threshold);
        if (own != w.settings.threshold[w.types[n]]) b.threshold(id, own);
        if (node.is_consolidated) b.consolidated(id);
        b.groups(id, static_cast<std::uint16_t>(node.groups));
        if (w.has_masses) b.log_mass(id, runnel::log_weight::from_raw(node.mass));
        if (!node.embedding.empty()) b.embedding(id, node.embedding);
        if (!node.affect.empty()) b.affect(id, node.affect);
    }
    for (oracle::link const& l : w.links)
        b.log_link(
            {id_of(l.from), id_of(l.to), runnel::log_weight::from_raw(l.lw),
             link_type{static_cast<std::uint16_t>(l.type)}});
    auto made = std::move(b).build().value();
    std::vector<oracle::link> by_id;
    for (std::size_t n = 0; n < w.size(); ++n) {
        std::size_t id = index(made.graph.first_link(id_of(n)));
        for (node_id const to : made.graph.targets(id_of(n))) {
            runnel::link_id const which{static_cast<std::uint32_t>(id++)};
            auto const lw = made.store.lw(id_of(n), which);
            for (oracle::link const& l : w.links)
                if (l.from == n && l.to == index(to) && l.lw == lw.raw()) by_id.push_back(l);
        }
    }
    w.links = by_id;
    return made;
}

} // namespace drawn
