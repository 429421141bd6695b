// SPDX-License-Identifier: MIT
// Small worlds at random: a graph with its settings, for the engine and for the oracle alike.
//
// Laws: choice 0 everywhere is the simplest world: one node, no links, plain settings. Whatever is drawn
//       is valid; what must be refused is drawn elsewhere.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <runnel/runnel.hpp>

#include "oracle/dense_frame.hpp"
#include "support/law.hpp"

namespace drawn {

using runnel::config;
using runnel::link_type;
using runnel::node_id;
using runnel::node_type;
using runnel::stimulus;
using runnel::time_step;

[[nodiscard]] inline node_id id_of(std::size_t i) { return node_id{static_cast<std::uint32_t>(i)}; }

/// How many node types a world has: the unique ones let the books of a type tell a node's quanta.
enum class variety { one, few, each_its_own };
enum class weights { distinct, few };

/// Where a type's figures stand: beyond 12 presets and 64 of the user's, with `other`.
[[nodiscard]] inline std::size_t slot_of(node_type type) {
    return index(type) < 76 ? index(type) : 11;
}

struct world {
    std::vector<node_type> types;
    std::vector<double> own_threshold; ///< below 0: none
    std::vector<oracle::link> links;
    config settings;

    [[nodiscard]] std::size_t size() const { return types.size(); }
    /// Declares as many node types as `each_its_own` needs, and link types above the presets.
    [[nodiscard]] runnel::graph::built build() const {
        runnel::graph::builder b;
        for (int t = 0; t < 64; ++t)
            static_cast<void>(b.declare_node_type("type " + std::to_string(t)));
        for (std::size_t n = 0; n < size(); ++n) {
            static_cast<void>(b.node(types[n]));
            if (own_threshold[n] >= 0) b.threshold(id_of(n), own_threshold[n]);
        }
        for (oracle::link const& l : links)
            b.log_link(
                {id_of(l.from), id_of(l.to), runnel::log_weight::from_raw(l.lw),
                 link_type{static_cast<std::uint16_t>(l.type)}});
        return std::move(b).build().value();
    }
    [[nodiscard]] double threshold(std::size_t n) const {
        return own_threshold[n] >= 0 ? own_threshold[n]
                                     : settings.threshold.begin()[slot_of(types[n])];
    }
    /// Links that can carry energy.
    [[nodiscard]] std::size_t degree(std::size_t n) const {
        return static_cast<std::size_t>(std::count_if(
            links.begin(), links.end(),
            [n](oracle::link const& l) { return l.from == n && l.to != n; }));
    }
    [[nodiscard]] oracle::rules rules() const {
        oracle::rules r;
        r.alpha = settings.alpha;
        r.exponential = settings.step == runnel::step_rule::exponential;
        r.cap = settings.transfer_cap;
        r.min_transfer = settings.min_transfer;
        r.flush_below = settings.decay.flush_below;
        r.decay_everyone = settings.decay.scope == runnel::decay_scope::support;
        r.decay_by_dt = settings.decay.clock == runnel::decay_clock::capped;
        for (std::size_t n = 0; n < size(); ++n) {
            r.threshold.push_back(threshold(n));
            r.rate.push_back(
                settings.decay.base * settings.decay.multiplier.begin()[slot_of(types[n])]
                * settings.decay.gain);
        }
        r.exp = [](double x) { return runnel::math::exp(x); };
        r.one_minus_exp_of_minus = [](double x) { return runnel::math::one_minus_exp_of_minus(x); };
        return r;
    }
    [[nodiscard]] oracle::dense_field oracle() const { return {rules(), links, size()}; }
};

/// 0, small, ordinary, or anything from a quantum to 2^12 units.
inline double units(law::gen& g, std::string_view name = "units") {
    switch (g.choose(3)) {
    case 0: return g.real(0, 2, name);
    case 1: return g.one_of({1.0, .1, .5, 100.0, 0.0}, name);
    default: return g.magnitude(-42, 13, name);
    }
}

inline config settings(law::gen& g) {
    config c;
    c.fanout.ties = runnel::fanout::ties::by_id;
    c.reader.source = runnel::weight::source::unit; // strengths are judged by the reader's own laws
    c.alpha = g.choose(2) != 2 ? g.one_of({.02, .1, .5, 1.0, 3.0}, "alpha")
                               : g.magnitude(-12, 3, "alpha");
    c.step = g.one_of({runnel::step_rule::linear, runnel::step_rule::exponential}, "exponential");
    c.transfer_cap =
        g.choose(1) == 0 ? g.one_of({.2, 1.0}, "cap") : 1 - g.real(0, 1 - 0x1p-40, "1 - cap");
    c.min_transfer = g.choose(2) != 2 ? g.one_of({1e-9, 0.0, 0x1p-40, 1e-3}, "min_transfer")
                                      : g.magnitude(-44, 0, "min_transfer");
    c.threshold = g.one_of({.1, 0.0, 1.0}, "threshold");
    for (auto n = g.choose(3); n > 0; --n)
        c.threshold.set(
            node_type{static_cast<std::uint16_t>(g.choose(75))},
            g.one_of({.2, 0.0, .3, 5.0}, "a type's threshold"));
    c.decay.base = g.choose(2) != 2 ? g.one_of({2e-5, 0.0, 1e-3, .1}, "decay.base")
                                    : g.magnitude(-16, 6, "decay.base");
    for (auto n = g.choose(3); n > 0; --n)
        c.decay.multiplier.set(
            node_type{static_cast<std::uint16_t>(g.choose(75))}, g.one_of({0.0, 1.0, 2.5}));
    c.decay.gain = g.one_of({1.0, .5, 0.0, 1.7}, "decay.gain");
    c.decay.flush_below = g.choose(2) != 2 ? g.one_of({1e-6, 0.0, 0x1p-40, 1e-2}, "flush_below")
                                           : g.magnitude(-44, -1, "flush_below");
    c.decay.scope =
        g.one_of({runnel::decay_scope::touched, runnel::decay_scope::support}, "support");
    c.decay.clock = g.one_of({runnel::decay_clock::elapsed, runnel::decay_clock::capped}, "capped");
    c.storage = g.one_of({runnel::storage::paged, runnel::storage::dense}, "dense");
    return c;
}

inline node_type type_of(law::gen& g, variety kinds, std::size_t n) {
    if (kinds == variety::each_its_own) return node_type{static_cast<std::uint16_t>(n)};
    if (kinds == variety::one) return node_type::other;
    return g.one_of(
        {node_type::other, node_type::memory, node_type::task, node_type{12}, node_type{75},
         node_type{76}, node_type{60'000}});
}

inline world a_world(law::gen& g, weights how = weights::few, std::size_t most_nodes = 40) {
    world w;
    w.settings = settings(g);
    std::size_t const most =
        most_nodes > 40 ? most_nodes : std::min(g.one_of<std::size_t>({1, 4, 40}), most_nodes);
    std::size_t const nodes = 1 + g.choose(most - 1);
    g.show("nodes", nodes);
    auto const kinds = g.one_of({variety::one, variety::few, variety::each_its_own});
    bool const own = g.flag();
    for (std::size_t n = 0; n < nodes; ++n) {
        w.types.push_back(type_of(g, kinds, n));
        w.own_threshold.push_back(own ? g.one_of({-1.0, 0.0, .1, .7}) : -1);
    }
    auto const link_types = g.one_of({0U, 2U, 68U});
    w.links = g.list(std::min(g.one_of<std::size_t>({2, 8, 4 * most}), 4 * nodes), [&] {
        oracle::link l;
        l.from = g.choose(nodes - 1);
        l.to = g.choose(nodes - 1);
        l.type = static_cast<unsigned>(g.choose(link_types));
        l.lw = g.integer(-2, 2) * (1 << 24);
        g.show("link from", l.from), g.show("  to", l.to), g.show("  lw", l.lw);
        g.show("  type", l.type);
        return l;
    });
    for (std::size_t i = 0; how == weights::distinct && i < w.links.size(); ++i)
        w.links[i].lw += static_cast<int>(i) + 1;
    for (std::size_t n = 0; n < nodes; ++n) g.show("node type", w.types[n]);
    return w;
}

inline double seconds(law::gen& g, std::string_view name) {
    switch (g.choose(9)) {
    default: return g.one_of({1.0, .1, .5, 2.0}, name);
    case 6:
    case 7:
    case 8: return g.real(0x1p-10, 3, name);
    case 9: return g.magnitude(-20, 18, name);
    }
}
inline time_step a_step(law::gen& g) {
    double const dt = seconds(g, "dt");
    return {.dt = dt, .elapsed = g.choose(3) == 0 ? seconds(g, "elapsed") : dt};
}
inline std::vector<stimulus> stimuli(law::gen& g, std::size_t nodes, std::size_t most = 6) {
    return g.list(most, [&] {
        auto const node = id_of(g.choose(nodes - 1));
        g.show("inject into", node);
        return stimulus{node, units(g)};
    });
}

/// The engine's state in the oracle's words; throws the law out where they differ.
inline void same(
    law::gen& g, runnel::field const& field, oracle::dense_field const& dense, world const& w) {
    std::vector<bool> active(w.size());
    for (node_id n : field.active()) {
        g.holds(!active[index(n)], "no node is active twice");
        active[index(n)] = true;
    }
    std::vector<oracle::account> by_type(runnel::per_type<int>::capacity);
    std::vector<oracle::quanta> stored(by_type.size());
    for (std::size_t n = 0; n < w.size(); ++n) {
        if (active[n] != dense.active(n)
            || field.energy_of(id_of(n)) != oracle::units_of(dense.energy(n))
            || field.received(id_of(n)) != oracle::units_of(dense.received(n)))
            g.show("differs at node", n);
        g.holds(active[n] == dense.active(n), "the frontier is the active nodes");
        g.holds(
            field.energy_of(id_of(n)) == oracle::units_of(dense.energy(n)),
            "a node's energy, to the last bit");
        g.holds(
            field.received(id_of(n)) == oracle::units_of(dense.received(n)),
            "what a node received, to the last bit");
        std::size_t const slot = slot_of(w.types[n]);
        by_type[slot] += dense.books(n);
        stored[slot] += dense.stored(n);
    }
    for (std::size_t t = 0; t < by_type.size(); ++t) {
        auto const book = field.books(node_type{static_cast<std::uint16_t>(t)});
        auto const& mine = by_type[t];
        g.holds(book.injected == mine.injected, "injected, to the quantum");
        g.holds(book.arrived == mine.arrived, "arrived, to the quantum");
        g.holds(book.sent == mine.sent, "sent, to the quantum");
        g.holds(book.decayed == mine.decayed, "decayed, to the quantum");
        g.holds(book.flushed == mine.flushed, "flushed, to the quantum");
        g.holds(book.after == stored[t], "stored, to the quantum");
        g.holds(book.residual() == 0, "a type's books close");
    }
    g.holds(field.books().after == dense.stored(), "the total, to the quantum");
    g.holds(field.books().residual() == 0 && field.books().dissipated == 0, "the books close");
    g.holds(field.frame() == dense.frames(), "frames are counted");
    g.holds(field.time() == std::ldexp(static_cast<double>(dense.clock()), -32), "time passed");
    g.holds(field.rounded_to_zero() == dense.rounded_to_zero(), "injections of nothing");
}

} // namespace drawn
