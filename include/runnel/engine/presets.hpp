// SPDX-License-Identifier: MIT
// room: engine. Settings with a name: where to begin.
//
// Why:  a few dozen numbers are a burden until some of them have proved to go together; each preset says what it is for,
//       and every figure of it can be changed after.
// Laws: each is valid. A preset changes nothing but what it names.
//
//   auto settings = runnel::presets::associate();
//   settings.engine.alpha = .5;
//   make_engine(graph, store, settings.engine, pipeline{}.with_cost(cost::log_additive{now, settings.cost}));
#pragma once

#include <cstdint>

#include <runnel/cost/config.hpp>
#include <runnel/engine/config.hpp>

namespace runnel {

struct preset {
    config engine{};
    cost::config cost{};
    std::uint32_t ticks = 1; ///< of one second each, for one question
};

namespace presets {

/// The defaults: one link per source and second, energies that stay for hours.
[[nodiscard]] constexpr preset faithful() { return {}; }

/// Energy fans out to three links, dear ones included.
[[nodiscard]] constexpr preset exploratory() {
    preset p;
    p.engine.split = {.enabled = true, .k = 3, .temperature = 1.5};
    return p;
}

/// Retrieval: seeds that sum to 1 spread for ten ticks towards a goal, and nodes rank by what they received. All of the
/// ten cheapest links share, found by a certified look; one link each, or a small fanout, is a poor choice on graphs
/// in which every passage leads to dozens of phrases.
[[nodiscard]] constexpr preset associate() {
    preset p;
    config& c = p.engine;
    c.alpha = .7;
    c.transfer_cap = 1;
    c.threshold = 1e-3;
    c.reader.source = weight::source::unit;
    c.fanout.low = c.fanout.selective_k = 10;
    c.fanout.high = 20;
    c.fanout.reduction = fanout::reduction::certified;
    c.fanout.certify_limit = 0;
    c.fanout.ties = fanout::ties::fixed;
    c.split = {.enabled = true, .all_kept = true, .temperature = 1};
    c.decay.base = 0.10536051565782631; // -ln(.9): a tenth a second
    c.decay.multiplier = 1;
    p.cost.goal = 4; // twice the cosine is added to the log-weight
    p.ticks = 10;
    return p;
}

} // namespace presets
} // namespace runnel
