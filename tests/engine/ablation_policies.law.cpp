// SPDX-License-Identifier: MIT
// Every setting of the supplied policies does something, seen from the outside: costs move energy elsewhere, learning
// leaves other weights.
#include <cstddef>
#include <cstdint>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <runnel/runnel.hpp>

#include "engine/drawn_case.hpp"
#include "support/catch.hpp"

namespace {

using drawn::id_of;
using runnel::config;

constexpr std::size_t nodes = 48;

/// Strong and weak links, moods of all directions and lengths, embeddings around the compass.
runnel::graph::built town() {
    runnel::graph::builder b;
    for (std::size_t n = 0; n < nodes; ++n)
        static_cast<void>(b.node(runnel::node_type{static_cast<std::uint16_t>(n % 12)}));
    for (std::size_t n = 0; n < nodes; ++n) {
        float const x = static_cast<float>(n % 7) / 3 - 1;
        float const y = static_cast<float>(n % 5) / 2 - 1;
        b.affect(id_of(n), {x, y});
        b.embedding(id_of(n), {y, x, 1});
        for (std::size_t k = 1; k <= 4; ++k)
            b.link(
                {id_of(n), id_of((n * 5 + k * k * 7 + 1) % nodes),
                 .3 + .2 * static_cast<double>((n + k) % 5)});
    }
    return std::move(b).build().value();
}
config sharing() {
    config c{.alpha = .2, .transfer_cap = .8, .threshold = .3};
    c.split = {.enabled = true, .all_kept = true};
    c.reader.source = runnel::weight::source::raw;
    return c;
}
/// Energies after some frames, by costs of these settings.
std::vector<double> spread_by(runnel::cost::config const& settings) {
    static auto const built = town();
    runnel::cost::context now{built.graph};
    float const goal[] = {1, 0, .5F};
    float const mood[] = {.6F, -.5F};
    now.goal(goal).value();
    now.affect(mood).value();
    now.count_links();
    auto const& store = built.store;
    auto const engine = runnel::make_engine(
                            built.graph, store, sharing(),
                            runnel::pipeline{}.with_cost(runnel::cost::log_additive{now, settings}))
                            .value();
    auto field = engine.make_field();
    for (std::size_t n = 0; n < nodes; n += 6) engine.inject(field, id_of(n), 3).value();
    for (int i = 0; i < 10; ++i) engine.tick(field).value();
    std::vector<double> all;
    for (std::size_t n = 0; n < nodes; ++n) all.push_back(field.energy_of(id_of(n)));
    return all;
}
/// Weights after some frames of learning.
std::vector<std::int32_t> taught_by(runnel::learn::config const& settings) {
    auto built = town();
    config c = sharing();
    c.weight_decay.base = 0;
    auto const engine = runnel::make_engine(
                            built.graph, built.store, c,
                            runnel::pipeline{}.with_learning(runnel::learn::strengthen{settings}))
                            .value();
    auto field = engine.make_field();
    for (int i = 0; i < 25; ++i) {
        engine.inject(field, id_of(static_cast<std::size_t>(i * 11) % nodes), 2).value();
        engine.tick(field).value();
    }
    std::vector<std::int32_t> all;
    for (std::uint32_t l = 0; l < built.graph.link_count(); ++l)
        all.push_back(built.store.lw(runnel::link_id{l}).raw());
    return all;
}

template <class Settings> struct row {
    std::string name;
    void (*change)(Settings&);
    void (*first)(Settings&) = [](Settings&) {};
};
using runnel::cost::form;
std::vector<row<runnel::cost::config>> const cost_rows{
    {"form", [](auto& c) { c.form = form::reciprocal; }},
    {"goal", [](auto& c) { c.goal = 3; }},
    {"novelty", [](auto& c) { c.novelty = 2; }},
    {"hub", [](auto& c) { c.hub = .5; }},
    {"resonance", [](auto& c) { c.resonance = 0; }},
    {"complementarity", [](auto& c) { c.complementarity = 0; }},
    {"complementarity_gate", [](auto& c) { c.complementarity_gate = .2; }}};

void boldly(runnel::learn::config& c) { c.eta = 50; }
void both_ways(runnel::learn::config& c) { c.utility_floor = -9; }
std::vector<row<runnel::learn::config>> const learn_rows{
    {"eta", [](auto& c) { c.eta = .02; }},
    {"strong_from", [](auto& c) { c.strong_from = .4; }},
    {"strong_factor", [](auto& c) { c.strong_factor = 0; }},
    {"ceiling", [](auto& c) { c.ceiling = 1; }, boldly},
    {"floor", [](auto& c) { c.floor = -2; }, [](auto& c) { boldly(c), both_ways(c); }},
    {"causal", [](auto& c) { c.causal = 0; }},
    {"co_activation", [](auto& c) { c.co_activation = 0; }},
    {"background", [](auto& c) { c.background = 0; }},
    {"utility_floor", both_ways},
    {"least_utility", [](auto& c) { c.least_utility = -9; }, both_ways},
    {"affect", [](auto& c) { c.affect = 0; }},
    {"newness_gate", [](auto& c) { c.newness_gate = true; }}};

template <class Settings, class Run>
void each_counts(std::vector<row<Settings>> const& rows, Run run) {
    std::set<std::string> settings;
    Settings all;
    runnel::for_each_field(all, [&](runnel::field_name at, auto&) { settings.emplace(at.name); });
    std::set<std::string> tried;
    for (row<Settings> const& r : rows) {
        CAPTURE(r.name);
        tried.insert(r.name);
        Settings before;
        r.first(before);
        Settings after = before;
        r.change(after);
        CHECK(after.validate().has_value());
        auto const seen = run(before);
        CHECK(seen == run(before));
        CHECK(seen != run(after));
    }
    CHECK(settings == tried); // a setting without a row is red
}

} // namespace

TEST_CASE("each setting of the supplied cost moves energy elsewhere", "[engine][cost][ablation]") {
    each_counts(cost_rows, spread_by);
}

TEST_CASE("each setting of learning leaves other weights", "[engine][learn][ablation]") {
    each_counts(learn_rows, taught_by);
}

TEST_CASE("a rate of 0 is no learning at all", "[engine][learn][ablation]") {
    auto const untouched = [] {
        auto const built = town();
        std::vector<std::int32_t> all;
        for (std::uint32_t l = 0; l < built.graph.link_count(); ++l)
            all.push_back(built.store.lw(runnel::link_id{l}).raw());
        return all;
    }();
    CHECK(taught_by({.eta = 0}) == untouched);
    CHECK(taught_by({}) != untouched);
}
