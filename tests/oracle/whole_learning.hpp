// SPDX-License-Identifier: MIT
// What strides were good for and what they teach, written down naively: each is held against all the others.
//
// Laws: nothing here comes from the library. A weight moves by whole steps of 2^-24; a step that hangs on the last
//       digits of a real figure is open.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "oracle/whole_figures.hpp"

namespace oracle {

struct learning_rules {
    bool on = false;
    real eta = .01L;
    real strong_from = .8L;
    real strong_factor = .5L;
    double ceiling = 2;
    double floor = -5;
    real causal = .6L;
    real co_activation = 1;
    real background = .3L;
    real utility_floor = 0;
    real least_utility = -1;
    real affect = .3L;
    bool newness_gate = false;
};

/// One stride.
struct flow {
    std::size_t number = 0; ///< of its link
    link along;
    quanta gross = 0;
    quanta retained = 0;
    real error = 0; ///< of both, in quanta
    bool capped = false;
    bool by_retry = false;
    real cost = 0;
    real share = 1;
    std::size_t rank = 0;
    // Once all have moved:
    windows::key kind; ///< link type and the source's scope
    real gap = 0;
    real gap_error = 0; ///< in quanta
    real affect = 0;    ///< length of the target's
    bool source_active = false;
    bool target_active = false;
    bool flipped = false;
    figure carried;
    figure utility;
    real z_flow = 0;
    real z_utility = 0;
};

[[nodiscard]] inline real in_units(quanta q) { return std::ldexp(static_cast<real>(q), -40); }

/// Remembers strides so that later ones have something to be compared with.
class school {
public:
    /// Fills in what each was good for. Flows come by (source, link).
    void appraise(std::vector<flow>& flows, std::uint64_t frame, openness& decided) {
        std::vector<flow> lacking;
        for (flow& f : flows) {
            std::uint64_t const whose = frame << 32 | f.number;
            f.carried = {in_units(f.gross), std::ldexp(f.error, -40), !f.capped, whose};
            f.utility = utility_of(f, whose);
            flows_.push(f.kind, f.carried);
            if (f.gap <= 0) continue;
            utilities_.push(f.kind, f.utility);
            lacking.push_back(f);
        }
        for (flow& f : flows) {
            f.z_flow = score(f, flows, &flow::carried, flows_, decided);
            if (f.gap > 0) f.z_utility = score(f, lacking, &flow::utility, utilities_, decided);
        }
    }

private:
    static figure utility_of(flow const& f, std::uint64_t whose) {
        if (f.gap <= 0) return {};
        real const error = std::ldexp(f.error + f.gap_error, -40);
        if (in_units(f.retained) > f.gap + error) return {1, 0, true, whose};
        return {std::min<real>(1, in_units(f.retained) / f.gap), error / f.gap, !f.capped, whose};
    }
    /// 10 and more of a kind are ranked among themselves, 5 to 9 among all, fewer among the last ones of their kind.
    static real score(
        flow const& f, std::vector<flow> const& among, figure flow::*value, windows const& past,
        openness& decided) {
        std::vector<figure> alike;
        std::vector<figure> all;
        for (flow const& other : among) {
            all.push_back(other.*value);
            if (other.kind == f.kind) alike.push_back(other.*value);
        }
        if (alike.size() >= 10) return rank_score(f.*value, alike, decided);
        if (alike.size() >= 5) return rank_score(f.*value, all, decided);
        return rank_score(f.*value, past.of(f.kind), decided);
    }
    windows flows_;
    windows utilities_;
};

/// Of what the target lacked, the share this stride brought.
[[nodiscard]] inline real credit(flow const& f, std::vector<flow> const& flows) {
    real all = 0;
    for (flow const& other : flows)
        if (other.along.to == f.along.to) all += std::min(in_units(other.retained), other.gap);
    return all > 0 ? std::min(in_units(f.retained), f.gap) / all : 0;
}
[[nodiscard]] inline std::int64_t steps_of(double log) {
    return static_cast<std::int64_t>(std::floor(std::ldexp(log, 24) + .5));
}
/// The weight a stride leaves its link with; `taught` says whether it taught anything.
[[nodiscard]] inline std::int32_t taught_by(
    flow const& f, std::vector<flow> const& flows, learning_rules const& by, openness& decided,
    bool& taught) {
    taught = false;
    real const u = f.gap > 0 ? f.z_utility : f.z_flow;
    decided.below(u, by.least_utility, u == by.least_utility ? 0 : 1e-11L);
    if (u < by.least_utility || (by.newness_gate && !f.flipped)) return f.along.lw;
    real tier = by.background;
    if (f.flipped)
        tier = by.causal * credit(f, flows);
    else if (f.source_active && f.target_active)
        tier = by.co_activation;
    real delta = by.eta * in_units(f.gross) * tier * std::max(by.utility_floor, u)
                 * (1 + by.affect * std::tanh(f.affect));
    real const lw = std::ldexp(static_cast<real>(f.along.lw), -24);
    if (lw > std::log(by.strong_from)) delta *= by.strong_factor;
    real const exact = std::ldexp(delta, 24);
    real const error = std::abs(exact) * (2 * f.error / static_cast<real>(f.gross) + 1e-11L);
    if (std::abs(exact - std::floor(exact) - .5L) <= error) decided.say();
    auto const steps = static_cast<std::int64_t>(std::floor(exact + .5L));
    taught = steps != 0;
    std::int64_t const was = f.along.lw;
    if (steps < 0)
        return static_cast<std::int32_t>(std::min(was, std::max(was + steps, steps_of(by.floor))));
    return static_cast<std::int32_t>(std::max(was, std::min(was + steps, steps_of(by.ceiling))));
}

} // namespace oracle
