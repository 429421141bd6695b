// SPDX-License-Identifier: MIT
// Small graphs at random with everything a node can have: types, thresholds, groups, affects, consolidation.
//
// Laws: what is drawn is kept in plain lists, so that a law can say what the engine should have done without asking it.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include <runnel/runnel.hpp>

#include "support/law.hpp"

namespace sown {

inline constexpr double quantum = 0x1p-40;

[[nodiscard]] inline runnel::node_id id_of(std::size_t n) {
    return runnel::node_id{static_cast<std::uint32_t>(n)};
}

struct plant {
    runnel::node_type type = runnel::node_type::other;
    double threshold = -1; ///< below 0: its type's
    double affect = 0;     ///< length
    std::uint16_t groups = 1;
    bool consolidated = false;
};
struct vine {
    std::size_t from = 0;
    std::size_t to = 0;
    double weight = 1;
    runnel::link_type type = runnel::link_type::relates;
};

struct bed {
    std::vector<plant> nodes;
    std::vector<vine> links;

    [[nodiscard]] runnel::graph::built build() const {
        runnel::graph::builder b;
        for (std::size_t n = 0; n < nodes.size(); ++n) {
            plant const& p = nodes[n];
            static_cast<void>(b.node(p.type));
            if (p.threshold >= 0) b.threshold(id_of(n), p.threshold);
            if (p.affect > 0) b.affect(id_of(n), {static_cast<float>(p.affect), 0.F});
            if (p.groups != 1) b.groups(id_of(n), p.groups);
            if (p.consolidated) b.consolidated(id_of(n));
        }
        for (vine const& l : links) b.link({id_of(l.from), id_of(l.to), l.weight, l.type});
        return std::move(b).build().value();
    }
    [[nodiscard]] std::size_t size() const { return nodes.size(); }
    /// Links that can carry energy.
    [[nodiscard]] double degree(std::size_t n) const {
        return static_cast<double>(std::count_if(
            links.begin(), links.end(), [n](vine const& l) { return l.from == n && l.to != n; }));
    }
    [[nodiscard]] double threshold(std::size_t n, runnel::config const& c) const {
        return nodes[n].threshold >= 0 ? nodes[n].threshold : c.threshold[nodes[n].type];
    }
};

inline runnel::node_type a_type(law::gen& g) {
    return runnel::node_type{static_cast<std::uint16_t>(g.choose(11))};
}

/// From two nodes on; affects in quarters, thresholds in eighths, so that a law meets them exactly.
inline bed a_bed(law::gen& g, std::size_t most = 14) {
    bed b;
    std::size_t const size = 2 + g.choose(most - 2);
    for (std::size_t n = 0; n < size; ++n) {
        plant p;
        p.type = a_type(g);
        p.threshold = g.one_of({-1.0, -1.0, .125, .5, 2.0});
        p.affect = static_cast<double>(g.choose(5)) / 4;
        p.groups = static_cast<std::uint16_t>(1 + g.choose(7));
        p.consolidated = g.flag();
        b.nodes.push_back(p);
    }
    b.links = g.list(5 * most, [&] {
        return vine{
            g.choose(size - 1), g.choose(size - 1), g.one_of({1.0, .5, .25, .9, .7, 3.0}),
            runnel::link_type{static_cast<std::uint16_t>(g.choose(4))}};
    });
    g.show("nodes", size), g.show("links", b.links.size());
    return b;
}

/// A few stimuli, in eighths of a unit.
inline std::vector<runnel::stimulus> stimuli(law::gen& g, bed const& b, std::size_t most = 5) {
    return g.list(most, [&] {
        auto const node = id_of(g.choose(b.size() - 1));
        auto const units = static_cast<double>(1 + g.choose(63)) / 8;
        g.show("inject into", node), g.show("  units", units);
        return runnel::stimulus{node, units};
    });
}

/// Every mechanism there is, all at once.
inline runnel::config everything() {
    runnel::config c{.alpha = .15, .transfer_cap = .6, .hysteresis = .25, .seed = 11};
    c.retry_budget = 3;
    c.retry_below = 4;
    c.track_shadow = c.track_radius = true;
    c.fanout.explore = .3;
    c.split = {.enabled = true, .k = 3, .temperature = .7};
    c.stickiness.mode = runnel::stickiness::dissipative;
    c.consolidation.enabled = c.resistance.enabled = true;
    c.decay.base = .01;
    c.weight_decay.base = 1e-3;
    c.weight_decay.every = 7;
    return c;
}

} // namespace sown
