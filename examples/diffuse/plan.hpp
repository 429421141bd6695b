// SPDX-License-Identifier: MIT
// From wishes to a plan: which settings, which energy where and when, which states to show. What is wrong is told here,
// before anything runs.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <runnel/core/energy.hpp>
#include <runnel/engine/config.hpp>
#include <runnel/engine/presets.hpp>

#include "../command/output.hpp"
#include "../command/settings.hpp"
#include "load.hpp"
#include "wishes.hpp"

namespace diffuse {

/// Everything --set reaches: the engine's settings by their own names, the cost's behind "cost.".
struct settings {
    runnel::config engine{};
    runnel::cost::config cost{};

    template <class Self, class F> static constexpr void visit(Self& self, F&& f) {
        runnel::config::visit(self.engine, f);
        f("cost", self.cost);
    }
};

namespace detail {

inline runnel::preset preset_of(preset_name name) {
    switch (name) {
    case preset_name::exploratory: return runnel::presets::exploratory();
    case preset_name::associate: return runnel::presets::associate();
    case preset_name::faithful: break;
    }
    return runnel::presets::faithful();
}

} // namespace detail

/// Preset, then options, then --set in the order given; checked as a whole.
inline settings settings_of(wishes const& from) {
    bool const matrix = from.mode == mode::matrix;
    auto const only = [](bool given, std::string const& option, std::string const& other) {
        if (given) throw command::wrong_usage(option + " belongs to --mode " + other);
    };
    only(matrix && from.preset.has_value(), "--preset", "stride");
    only(matrix && from.dt.has_value(), "--dt", "stride");
    only(!matrix && from.alpha.has_value(), "--alpha", "matrix; for strides say --set alpha=A");
    only(
        !matrix && from.decay.has_value(), "--decay", "matrix; for strides say --set decay.base=R");

    auto const begin = detail::preset_of(from.preset.value_or(preset_name::faithful));
    settings made{begin.engine, begin.cost};
    auto const by_mode = matrix ? runnel::implementation::matrix : runnel::implementation::stride;
    made.engine.implementation = by_mode;
    made.engine.seed = from.shared.seed_random;
    if (from.alpha) made.engine.matrix.alpha = *from.alpha;
    if (from.decay) made.engine.matrix.delta = *from.decay;
    auto const check = [&](std::string const& option) {
        auto ok = made.engine.validate();
        if (ok) ok = made.cost.validate();
        if (!ok) throw command::wrong_usage(option + command::sentence_of(ok.error()));
    };
    check(from.alpha ? "--alpha or --decay: " : "--decay: ");
    for (std::string const& wish : from.settings)
        for (char const* of_strides :
             {"alpha=", "step=", "transfer_cap=", "fanout.", "split.", "reader.", "stickiness."})
            only(matrix && wish.starts_with(of_strides), "--set " + wish, "stride");
    command::set_all(made, from.settings);
    check("--set: ");
    if (made.engine.implementation != by_mode)
        throw command::wrong_usage("--set: what --mode says is not set: implementation");
    return made;
}

struct injection {
    std::uint64_t tick = 0; ///< ticks that have passed before
    runnel::node_id node{};
    double amount = 0;
};
struct plan {
    std::uint64_t ticks = usual_ticks;
    double dt = 1;
    std::vector<injection> injections; ///< by tick, and then as given
    std::vector<std::uint64_t> at;     ///< rising
    bool tells_ticks = false;
};

namespace detail {

inline double amount_of(std::string_view text, std::string_view what) {
    double const amount = command::number<double>(text, what);
    if (!(amount > 0) || amount > runnel::energy::limit)
        throw command::wrong_usage(
            std::string{what} + " lies above 0 and is at most 8388607, not "
            + command::quoted(text));
    return amount;
}
/// NODE or NODE=AMOUNT, where names may hold a = too: behind the last one stands the amount, unless that makes no sense
/// and all of it is a node.
inline injection seed_of(std::string const& text, labels const& nodes) {
    std::string_view const whole = text;
    std::size_t const equals = whole.rfind('=');
    auto const all = nodes.find(whole);
    if (equals == std::string_view::npos) {
        if (all) return {0, *all, 1};
        throw command::wrong_usage("--seed: " + nodes.unknown(whole));
    }
    auto const before = nodes.find(whole.substr(0, equals));
    if (before) {
        try {
            return {
                0, *before,
                amount_of(
                    whole.substr(equals + 1), "the amount of --seed " + command::quoted(text))};
        } catch (command::wrong_usage const&) {
            if (!all) throw;
        }
    }
    if (all) return {0, *all, 1};
    throw command::wrong_usage("--seed: " + nodes.unknown(whole.substr(0, equals)));
}
inline injection injection_of(std::string const& text, labels const& nodes) {
    std::string_view const whole = text;
    std::size_t const first = whole.find(',');
    std::size_t const last = whole.rfind(',');
    if (first == std::string_view::npos || first == last)
        throw command::wrong_usage("--inject takes TICK,NODE,AMOUNT, not " + command::quoted(text));
    injection made;
    made.tick = command::number<std::uint64_t>(
        whole.substr(0, first), "the tick of --inject " + command::quoted(text));
    std::string_view const name = whole.substr(first + 1, last - first - 1);
    auto const node = nodes.find(name);
    if (!node) throw command::wrong_usage("--inject: " + nodes.unknown(name));
    made.node = *node;
    made.amount =
        amount_of(whole.substr(last + 1), "the amount of --inject " + command::quoted(text));
    return made;
}
inline std::vector<std::uint64_t> ticks_of(std::string_view text) {
    std::vector<std::uint64_t> all;
    for (;;) {
        std::size_t const end = text.find(',');
        all.push_back(command::number<std::uint64_t>(text.substr(0, end), "--at"));
        if (end == std::string_view::npos) break;
        text.remove_prefix(end + 1);
    }
    std::sort(all.begin(), all.end());
    all.erase(std::unique(all.begin(), all.end()), all.end());
    return all;
}

} // namespace detail

/// What can be told without the graph, so that nobody waits for a file only to hear of a typing error.
inline plan first_plan(wishes const& from) {
    if (!from.graph)
        throw command::wrong_usage("GRAPH is missing; usage: diffuse GRAPH --seed NODE [options]");
    if (from.seeds.empty() && from.injections.empty())
        throw command::wrong_usage("there is no energy: say --seed NODE, as often as you like");
    if (from.all && from.top) throw command::wrong_usage("--all and --top contradict each other");
    if (from.events) command::apart("--events", *from.events, *from.graph);
    if (from.events && *from.events == "-")
        throw command::wrong_usage("--events takes a file: standard output is for results");
    if (from.shared.threads == 0 || from.shared.threads > 1024)
        throw command::wrong_usage(
            "--threads takes a number from 1 to 1024, not '" + std::to_string(from.shared.threads)
            + "'");
    plan made;
    if (from.dt) made.dt = *from.dt;
    if (!(made.dt > 0) || made.dt >= 0x1p31)
        throw command::wrong_usage("--dt lies above 0 and below 2147483648");
    made.tells_ticks = from.at.has_value();
    if (from.at) {
        made.at = detail::ticks_of(*from.at);
        made.ticks = made.at.back();
    }
    if (from.ticks) made.ticks = *from.ticks;
    if (!made.at.empty() && made.at.back() > made.ticks)
        throw command::wrong_usage(
            "--at " + std::to_string(made.at.back()) + " lies behind the last tick, "
            + std::to_string(made.ticks));
    if (!from.at) made.at = {made.ticks};
    return made;
}
/// And what takes the names of its nodes.
inline plan whole_plan(plan made, wishes const& from, labels const& nodes) {
    double seeded = 0;
    for (std::string const& text : from.seeds) {
        made.injections.push_back(detail::seed_of(text, nodes));
        seeded += made.injections.back().amount;
    }
    if (seeded > runnel::energy::limit)
        throw command::wrong_usage("--seed: a field holds at most 8388607, all seeds together");
    for (std::string const& text : from.injections) {
        made.injections.push_back(detail::injection_of(text, nodes));
        if (made.injections.back().tick > made.ticks)
            throw command::wrong_usage(
                "--inject " + command::quoted(text) + " lies behind the last tick, "
                + std::to_string(made.ticks));
    }
    std::stable_sort(
        made.injections.begin(), made.injections.end(),
        [](injection const& a, injection const& b) { return a.tick < b.tick; });
    return made;
}

} // namespace diffuse
