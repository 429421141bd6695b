// SPDX-License-Identifier: MIT
// Every setting does something, and every "off" is the mechanism not being there.
//
// A setting without a row below is red: a number nobody reads is the commonest defect of such systems.
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <set>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include <runnel/runnel.hpp>

#include "engine/drawn_case.hpp"
#include "support/catch.hpp"

namespace {

using drawn::id_of;
using runnel::config;
using runnel::node_type;
using runnel::time_step;

/// What a user sees in the end.
struct outcome {
    std::vector<double> energy;
    std::vector<double> received;
    std::size_t bytes = 0;
    std::uint64_t costs = 0;
    std::vector<double> reports; ///< figures that only reports tell
    friend bool operator==(outcome const&, outcome const&) = default;
};
bool same_energies(outcome const& a, outcome const& b) {
    return a.energy == b.energy && a.received == b.received;
}

constexpr std::size_t nodes = 60;

/// Every preset type, equal weights, two link types, quiet nodes and busy ones.
runnel::graph::built village() {
    runnel::graph::builder b;
    for (std::size_t n = 0; n < nodes; ++n)
        static_cast<void>(b.node(node_type{static_cast<std::uint16_t>(n % 12)}));
    for (std::size_t n = 0; n < nodes; ++n)
        for (std::size_t k = 1; k <= 4; ++k)
            b.link(
                {id_of(n), id_of((n * 7 + k * k * 3 + 1) % nodes), k < 3 ? .5 : (k == 3 ? .25 : .2),
                 k % 2 == 0 ? runnel::link_type::enables : runnel::link_type::relates});
    for (std::size_t n = 0; n < nodes; ++n) {
        float const x = .75F + .02F * static_cast<float>(n % 10);
        b.affect(id_of(n), {x, 0});
        b.groups(id_of(n), static_cast<std::uint16_t>(1 + n % 4));
        b.log_mass(id_of(n), .1 * static_cast<double>(n % 7));
        if (n % 3 == 0) b.consolidated(id_of(n));
    }
    return std::move(b).build().value();
}

runnel::graph::built const& the_village() {
    static auto const built = village();
    return built;
}
template <class Engine> outcome run_on(Engine const& engine, std::vector<time_step> const& steps) {
    auto field = engine.make_field();
    field.hold({id_of(10), id_of(11), id_of(12)}).value();
    for (std::size_t n = 0; n < nodes; n += 5)
        engine.inject(field, id_of(n), 1 + .01 * static_cast<double>(n)).value();
    engine.inject(field, id_of(1), 5e-6).value(); // for what cuts small energies
    outcome seen;
    for (time_step const& step : steps) {
        auto const report = engine.tick(field, step, runnel::report::full).value();
        seen.costs += report.costs_computed;
        seen.reports.insert(
            seen.reports.end(),
            {static_cast<double>(report.shadow), static_cast<double>(report.shadow_left_out),
             static_cast<double>(report.radius), report.mean_radius});
    }
    seen.bytes = field.bytes();
    for (std::size_t n = 0; n < nodes; ++n) {
        seen.energy.push_back(field.energy_of(id_of(n)));
        seen.received.push_back(field.received(id_of(n)));
    }
    return seen;
}
outcome run(config const& settings, std::vector<time_step> const& steps) {
    auto const& store = the_village().store;
    return run_on(runnel::make_engine(the_village().graph, store, settings).value(), steps);
}
/// Twelve frames, two of them after idle time.
outcome run(config const& settings) {
    std::vector<time_step> steps(12, {.dt = 1, .headroom = .1});
    steps[4].elapsed = 500;
    steps[9].elapsed = 40;
    return run(settings, steps);
}
/// Where what was visited of late is dearer.
outcome run_for_news(config const& settings) {
    runnel::cost::context const now{the_village().graph};
    auto const& store = the_village().store;
    auto const engine =
        runnel::make_engine(
            the_village().graph, store, settings,
            runnel::pipeline{}.with_cost(runnel::cost::log_additive{now, {.novelty = 5}}))
            .value();
    return run_on(engine, std::vector<time_step>(12, {.dt = 1}));
}

/// All links that fanout keeps send.
void all_share(config& c) {
    c.split.enabled = true;
    c.split.all_kept = true;
}
/// Likewise, and four links make a hub.
void hubs_share(config& c) {
    all_share(c);
    c.fanout.high = 3;
}

/// In safe mode from the second frame on.
void soon_safe(config& c) {
    c.safe_mode.tripwire = true;
    c.safe_mode.tripwire_share = 0;
    c.safe_mode.tripwire_frames = 1;
}
void sticky(config& c) { c.stickiness.mode = runnel::stickiness::dissipative; }
void protecting(config& c) { c.consolidation.enabled = true, c.decay.base = 1e-3; }
void resisting(config& c) { c.resistance.enabled = true, c.decay.base = 1e-3; }
void by_matrix(config& c) { c.implementation = runnel::implementation::matrix; }

/// Where sources far from node 0 are bolder.
outcome run_from_home(config const& settings) {
    auto const& store = the_village().store;
    auto const engine = runnel::make_engine(
                            the_village().graph, store, settings,
                            runnel::pipeline{}.with_divergence([](runnel::node_id n) {
                                return static_cast<double>(index(n)) / 500;
                            }))
                            .value();
    return run_on(engine, std::vector<time_step>(12, {.dt = 1}));
}
void bolder(config& c) { hubs_share(c), c.by_divergence.enabled = true; }
void roaming(config& c) { all_share(c), c.by_divergence.enabled = c.by_divergence.explores = true; }

/// Where two do what one could: nothing differs but what they need to do it.
struct pair_of_hands {
    [[nodiscard]] static std::size_t lanes() { return 2; }
    template <class Work> static void run(Work&& work) { work(1), work(0); }
};
outcome run_shared(config const& settings) {
    static pair_of_hands pool;
    auto const& store = the_village().store;
    return run_on(
        runnel::make_engine(
            the_village().graph, store, settings, runnel::pipeline{}.with_workers(pool))
            .value(),
        std::vector<time_step>(12, {.dt = 1}));
}

/// Where links learn, a little, and fade.
outcome run_to_learn(config const& settings) {
    auto built = village();
    auto const engine = runnel::make_engine(
                            built.graph, built.store, settings,
                            runnel::pipeline{}.with_learning([](runnel::weight::flow const& f) {
                                return runnel::weight::lesson{.delta = 1e-3 * f.gross};
                            }))
                            .value();
    return run_on(engine, std::vector<time_step>(12, {.dt = 1}));
}
/// Often, and as it is stored.
void fading(config& c) {
    c.weight_decay.every = 2;
    c.reader.source = runnel::weight::source::raw;
}

enum class seen_in { energies, memory, costs, reports, news, bold, learning, workers };
struct row {
    std::string name;
    void (*change)(config&);
    void (*first)(config&) = [](config&) {}; ///< on both sides, where the default would hide it
    seen_in where = seen_in::energies;
};
std::vector<row> const rows{
    {"implementation", by_matrix},
    {"hysteresis", [](config& c) { c.hysteresis = .5; }, [](config& c) { c.threshold = 1; }},
    {"retry_budget", [](config& c) { c.retry_budget = 3; }, [](config& c) { c.threshold = 100; }},
    {"retry_below", [](config& c) { c.retry_below = 0; },
     [](config& c) { c.threshold = 100, c.retry_budget = 3; }},
    {"max_strides", [](config& c) { c.max_strides = 3; }},
    {"max_costs", [](config& c) { c.max_costs = 3; }},
    {"workers_from", [](config& c) { c.workers_from = 4; }, [](config&) {}, seen_in::workers},
    {"track_shadow", [](config& c) { c.track_shadow = true; }, [](config&) {}, seen_in::reports},
    {"shadow_degree_cap", [](config& c) { c.shadow_degree_cap = 2; },
     [](config& c) { c.track_shadow = true; }, seen_in::reports},
    {"track_radius", [](config& c) { c.track_radius = true; }, [](config&) {}, seen_in::reports},
    {"visit_rate", [](config& c) { c.visit_rate = .9; }, [](config&) {}, seen_in::news},
    {"by_divergence.enabled", [](config& c) { c.by_divergence.enabled = true; }, hubs_share,
     seen_in::bold},
    {"by_divergence.low", [](config& c) { c.by_divergence.low = .2; }, bolder, seen_in::bold},
    {"by_divergence.high", [](config& c) { c.by_divergence.high = 2; }, bolder, seen_in::bold},
    {"by_divergence.steepness", [](config& c) { c.by_divergence.steepness = 1; }, bolder,
     seen_in::bold},
    {"by_divergence.middle", [](config& c) { c.by_divergence.middle = .1; }, bolder, seen_in::bold},
    {"by_divergence.explores", [](config& c) { c.by_divergence.explores = true; },
     [](config& c) {
         roaming(c), c.by_divergence.explores = false, c.by_divergence.explore_high = 1;
     },
     seen_in::bold},
    {"by_divergence.explore_low", [](config& c) { c.by_divergence.explore_low = 1; },
     [](config& c) { roaming(c), c.by_divergence.explore_high = 1; }, seen_in::bold},
    {"by_divergence.explore_high", [](config& c) { c.by_divergence.explore_high = 1; }, roaming,
     seen_in::bold},
    {"stickiness.mode", sticky},
    {"stickiness.of_type", [](config& c) { c.stickiness.of_type.set(node_type::concept_, .2); },
     sticky},
    {"stickiness.consolidated", [](config& c) { c.stickiness.consolidated = 0; }, sticky},
    {"stickiness.degree", [](config& c) { c.stickiness.degree = 0; }, sticky},
    {"decay.half_life", [](config& c) { c.decay.half_life.set(node_type::concept_, 1000); }},
    {"weight_decay.base", [](config& c) { c.weight_decay.base = 0; }, fading, seen_in::learning},
    {"weight_decay.multiplier",
     [](config& c) { c.weight_decay.multiplier.set(runnel::link_type::enables, 9); }, fading,
     seen_in::learning},
    {"weight_decay.by_source", [](config& c) { c.weight_decay.by_source.set(node_type::goal, 9); },
     [](config& c) { fading(c), c.weight_decay.multiplier = runnel::weight::by_source_type; },
     seen_in::learning},
    {"weight_decay.half_life",
     [](config& c) { c.weight_decay.half_life.set(runnel::link_type::relates, 1000); }, fading,
     seen_in::learning},
    {"weight_decay.relax", [](config& c) { c.weight_decay.relax = true; }, fading,
     seen_in::learning},
    {"weight_decay.every", [](config& c) { c.weight_decay.every = 5; }, fading, seen_in::learning},
    {"consolidation.enabled", [](config& c) { c.consolidation.enabled = true; }},
    {"consolidation.working_memory", [](config& c) { c.consolidation.working_memory = 0; },
     protecting},
    {"consolidation.affect", [](config& c) { c.consolidation.affect = .2; }, protecting},
    {"consolidation.goal", [](config& c) { c.consolidation.goal = 0; }, protecting},
    {"consolidation.most", [](config& c) { c.consolidation.most = .1; }, protecting},
    {"consolidation.most_nodes", [](config& c) { c.consolidation.most_nodes = 2; }, protecting},
    {"resistance.enabled", [](config& c) { c.resistance.enabled = true; }},
    {"resistance.degree", [](config& c) { c.resistance.degree = 0; }, resisting},
    {"resistance.groups", [](config& c) { c.resistance.groups = 0; }, resisting},
    {"resistance.of_type", [](config& c) { c.resistance.of_type.set(node_type::goal, 1.4); },
     resisting},
    {"resistance.most", [](config& c) { c.resistance.most = 1; }, resisting},
    {"matrix.alpha", [](config& c) { c.matrix.alpha = .2; }, by_matrix},
    {"matrix.delta", [](config& c) { c.matrix.delta = 0; }, by_matrix},
    {"safe_mode.alpha_factor", [](config& c) { c.safe_mode.alpha_factor = .5; }, soon_safe},
    {"safe_mode.dt_cap", [](config& c) { c.safe_mode.dt_cap = .5; }, soon_safe},
    {"safe_mode.tripwire", [](config& c) { c.safe_mode.tripwire = true; },
     [](config& c) { soon_safe(c), c.safe_mode.tripwire = false; }},
    {"safe_mode.tripwire_share", [](config& c) { c.safe_mode.tripwire_share = 1; }, soon_safe},
    {"safe_mode.tripwire_frames", [](config& c) { c.safe_mode.tripwire_frames = 5; }, soon_safe},
    {"alpha", [](config& c) { c.alpha = .021; }},
    {"step", [](config& c) { c.step = runnel::step_rule::exponential; }},
    {"transfer_cap", [](config& c) { c.transfer_cap = .015; }},
    {"min_transfer", [](config& c) { c.min_transfer = .021; }},
    {"threshold", [](config& c) { c.threshold = .001; }},
    {"seed", [](config& c) { c.seed = 1; }},
    {"storage", [](config& c) { c.storage = runnel::storage::dense; }, [](config&) {},
     seen_in::memory},
    {"reader.source", [](config& c) { c.reader.source = runnel::weight::source::unit; }},
    {"reader.shrinkage", [](config& c) { c.reader.shrinkage = 100; }},
    {"reader.least_spread", [](config& c) { c.reader.least_spread = 3; }},
    {"reader.z_limit", [](config& c) { c.reader.z_limit = .1; }},
    {"reader.baseline", [](config& c) { c.reader.baseline = runnel::weight::baseline::ema; },
     [](config&) {}, seen_in::learning},
    {"reader.ema_rate", [](config& c) { c.reader.ema_rate = .5; },
     [](config& c) { c.reader.baseline = runnel::weight::baseline::ema; }, seen_in::learning},
    {"fanout.low", [](config& c) { c.fanout.low = 5; }, all_share},
    {"fanout.high", [](config& c) { c.fanout.high = 3; }, all_share},
    {"fanout.selective_k", [](config& c) { c.fanout.selective_k = 2; }, hubs_share},
    {"fanout.pressure_enabled", [](config& c) { c.fanout.pressure_enabled = false; }, hubs_share},
    {"fanout.pressure_threshold", [](config& c) { c.fanout.pressure_threshold = .05; }, hubs_share},
    {"fanout.pressure_factor", [](config& c) { c.fanout.pressure_factor = .3; }, hubs_share},
    {"fanout.pressure_graded", [](config& c) { c.fanout.pressure_graded = true; },
     [](config& c) { hubs_share(c), c.fanout.pressure_factor = .5; }},
    {"fanout.min_k", [](config& c) { c.fanout.min_k = 4; }, hubs_share},
    {"fanout.task", [](config& c) { c.fanout.task = runnel::fanout::task::focused; }, hubs_share},
    {"fanout.reduction", [](config& c) { c.fanout.reduction = runnel::fanout::reduction::none; },
     all_share},
    {"fanout.certify_limit", [](config& c) { c.fanout.certify_limit = 1; },
     [](config& c) { // the heaviest link, of two equal ones
         c.fanout.reduction = runnel::fanout::reduction::certified;
         c.fanout.low = c.fanout.high = c.fanout.selective_k = 1;
         c.split = {.enabled = true, .k = 1};
     },
     seen_in::costs},
    {"fanout.ties", [](config& c) { c.fanout.ties = runnel::fanout::ties::by_id; }},
    {"fanout.explore", [](config& c) { c.fanout.explore = 1; }, all_share},
    {"split.enabled", [](config& c) { c.split.enabled = true; }},
    {"split.k", [](config& c) { c.split.k = 2; },
     [](config& c) { hubs_share(c), c.split.all_kept = false; }},
    {"split.all_kept", [](config& c) { c.split.all_kept = false; },
     [](config& c) { all_share(c), c.split.k = 1; }},
    {"split.temperature", [](config& c) { c.split.temperature = 2; }, hubs_share},
    {"decay.base", [](config& c) { c.decay.base = 3e-5; }},
    {"decay.multiplier", [](config& c) { c.decay.multiplier.set(node_type::concept_, 2); }},
    {"decay.gain", [](config& c) { c.decay.gain = 1.1; }},
    {"decay.flush_below", [](config& c) { c.decay.flush_below = 1e-4; },
     [](config& c) { c.decay.scope = runnel::decay_scope::support; }},
    {"decay.scope", [](config& c) { c.decay.scope = runnel::decay_scope::support; }},
    {"decay.clock", [](config& c) { c.decay.clock = runnel::decay_clock::capped; }}};

std::string dotted(runnel::field_name name) {
    return std::string(name.group) + (name.group.empty() ? "" : ".") + std::string(name.name);
}
/// Names of the settings in which two configs differ.
std::set<std::string> differing(config const& a, config const& b) {
    std::set<std::string> names;
    for_each_field(a, [&](runnel::field_name name, auto const& mine) {
        for_each_field(b, [&](runnel::field_name other, auto const& theirs) {
            if constexpr (std::is_same_v<decltype(mine), decltype(theirs)>)
                if (dotted(name) == dotted(other) && !(mine == theirs)) names.insert(dotted(name));
        });
    });
    return names;
}
config changed(void (*change)(config&)) {
    config c;
    change(c);
    return c;
}

} // namespace

TEST_CASE("every setting has a row, every row a setting", "[engine][ablation]") {
    std::set<std::string> settings;
    config all;
    for_each_field(all, [&](runnel::field_name name, auto&) { settings.insert(dotted(name)); });
    std::set<std::string> tried;
    for (row const& r : rows) tried.insert(r.name);
    CHECK(settings == tried);
    CHECK(rows.size() == tried.size());
}

TEST_CASE("each setting changes what a user sees", "[engine][ablation]") {
    for (row const& r : rows) {
        CAPTURE(r.name);
        config before;
        r.first(before);
        config after = before;
        r.change(after);
        CHECK(differing(before, after) == std::set<std::string>{r.name});
        auto const& of = r.where == seen_in::news      ? run_for_news
                         : r.where == seen_in::bold    ? run_from_home
                         : r.where == seen_in::workers ? run_shared
                         : r.where == seen_in::learning
                             ? run_to_learn
                             : static_cast<outcome (*)(config const&)>(run);
        auto const seen = of(before);
        CHECK(seen == of(before));
        bool const moves = r.where == seen_in::energies || r.where == seen_in::news
                           || r.where == seen_in::bold || r.where == seen_in::learning;
        CHECK(same_energies(seen, of(after)) != moves);
        if (r.where == seen_in::reports) CHECK(seen.reports != run(after).reports);
        if (r.where == seen_in::memory || r.where == seen_in::workers)
            CHECK(seen.bytes != of(after).bytes);
        if (r.where == seen_in::costs) CHECK(seen.costs > run(after).costs);
    }
}

TEST_CASE("what is off is not there", "[engine][ablation]") {
    auto const plain = run({});
    config c; // everything else about them is changed
    c.retry_below = 9;
    c.shadow_degree_cap = 1;
    c.visit_rate = 1;
    c.by_divergence = {
        .low = .5, .high = 3, .steepness = 1, .middle = 1, .explore_low = 1, .explore_high = 1};
    c.weight_decay.base = 1; // nobody learns
    c.weight_decay.every = 1;
    c.stickiness.of_type = .1;
    c.stickiness.consolidated = c.stickiness.degree = 1;
    c.consolidation = {.working_memory = 1, .affect = 1, .goal = 1, .most = 1, .most_nodes = 1};
    c.resistance = {.degree = 9, .groups = 9, .of_type = 9, .most = 9};
    c.matrix = {.alpha = 1, .delta = 1};
    c.safe_mode = {.alpha_factor = .1, .dt_cap = .1, .tripwire_share = 0, .tripwire_frames = 1};
    CHECK(plain == run(c));
}

TEST_CASE("each type's own figure changes that type", "[engine][ablation]") {
    auto const plain = run({});
    for (std::uint16_t t = 0; t < 12; ++t) {
        CAPTURE(t);
        config high;
        high.threshold.set(node_type{t}, 1e6);
        auto const seen = run(high);
        CHECK_FALSE(same_energies(seen, plain));
        config fast;
        fast.decay.multiplier.set(node_type{t}, 9);
        fast.decay.scope = runnel::decay_scope::support;
        fast.alpha = 1e-300; // nothing moves: only that type may change
        config slow = fast;
        slow.decay.multiplier = runnel::preset_decay();
        auto const a = run(fast);
        auto const b = run(slow);
        for (std::size_t n = 0; n < nodes; n += 5) {
            CAPTURE(n);
            CHECK((a.energy[n] != b.energy[n]) == (n % 12 == t));
        }
    }
}

TEST_CASE("no decay: three ways to say it, and time does not matter", "[engine][ablation]") {
    auto const base = run(changed([](config& c) { c.decay.base = 0; }));
    CHECK(base == run(changed([](config& c) { c.decay.gain = 0; })));
    CHECK(base == run(changed([](config& c) { c.decay.multiplier = 0; })));
    CHECK(base == run(changed([](config& c) { c.decay.base = 0, c.decay.multiplier = 9; })));
    std::vector<time_step> const brisk(12, {.dt = 1});
    std::vector<time_step> const idle(12, {.dt = 1, .elapsed = 1e6});
    config off = changed([](config& c) { c.decay.base = 0; });
    CHECK(run(off, brisk) == run(off, idle));
    CHECK(run(off, brisk) == run(off));
    config on;
    CHECK_FALSE(run(on, brisk) == run(on, idle));
    // Where it is off, scope and clock of decay are nothing either.
    off.decay.flush_below = 0;
    auto const still = run(off);
    off.decay.scope = runnel::decay_scope::support;
    CHECK(same_energies(still, run(off)));
    off.decay.clock = runnel::decay_clock::capped;
    CHECK(same_energies(still, run(off)));
}

TEST_CASE("a cap of 1 is no cap", "[engine][ablation]") {
    auto const off = run(changed([](config& c) { c.transfer_cap = 1; }));
    for (double above : {.02, .03, .5, 1 - 0x1p-53})
        for (auto rule : {runnel::step_rule::linear, runnel::step_rule::exponential}) {
            config c;
            c.step = rule;
            c.reader.source = runnel::weight::source::unit;
            c.transfer_cap = 1;
            auto const bare = run(c);
            c.transfer_cap = above; // .02 is alpha * dt itself
            CHECK(bare == run(c));
        }
    CHECK_FALSE(off == run(changed([](config& c) { c.transfer_cap = .0199; })));
}

TEST_CASE("a least transfer of 0 skips nothing but nothing", "[engine][ablation]") {
    auto const off = run(changed([](config& c) { c.min_transfer = 0; }));
    CHECK(off == run(changed([](config& c) { c.min_transfer = 0x1p-41; })));
    CHECK(off == run(changed([](config& c) { c.min_transfer = 0x1.fffffffffffffp-41; })));
    // One quantum sent is one quantum moved; with the least transfer at a quantum it stays.
    auto const moved = [](double least) {
        runnel::graph::builder b;
        b.nodes(2);
        b.link({id_of(0), id_of(1)});
        auto const built = std::move(b).build().value();
        config c{.alpha = .5, .transfer_cap = .5, .min_transfer = least, .threshold = 0};
        c.decay.base = 0;
        c.decay.flush_below = 0;
        auto const engine = runnel::make_engine(built.graph, built.store, c).value();
        auto field = engine.make_field();
        engine.inject(field, id_of(0), 0x1p-39).value(); // two quanta
        auto const report = engine.tick(field).value();
        CHECK(report.strides + report.skipped == 1);
        return field.received(id_of(1));
    };
    CHECK(moved(0) == 0x1p-40);
    CHECK(moved(0x1p-41) == 0x1p-40);
    CHECK(moved(0x1p-40) == 0);
}

TEST_CASE("flushing below 0 flushes nothing", "[engine][ablation]") {
    auto const off = changed([](config& c) { c.decay.flush_below = 0, c.decay.base = .1; });
    auto const quantum =
        changed([](config& c) { c.decay.flush_below = 0x1p-40, c.decay.base = .1; });
    CHECK(run(off) == run(quantum)); // nothing lies below one quantum but nothing
    CHECK_FALSE(same_energies(
        run(off), run(changed([](config& c) { c.decay.flush_below = 1e-2, c.decay.base = .1; }))));
}

TEST_CASE("without equals, ties and seed are nothing", "[engine][ablation]") {
    config c;
    c.fanout.ties = runnel::fanout::ties::by_id;
    auto const by_id = run(c);
    c.seed = 77;
    CHECK(by_id == run(c));
}

TEST_CASE("no number that is none gets in", "[engine][ablation]") {
    auto const built = village();
    auto const& store = built.store;
    std::size_t tried = 0;
    config c;
    for_each_field(c, [&](runnel::field_name name, auto& member) {
        using member_type = std::remove_reference_t<decltype(member)>;
        auto const good = member;
        auto const refused = [&] {
            CAPTURE(dotted(name));
            auto const said = runnel::make_engine(built.graph, store, c);
            CHECK_FALSE(said);
            if (!said)
                CHECK(said.error().code().ends_with(".bad_config")); // of the room it belongs to
            if (!said) CHECK(said.error().sentence().find(dotted(name)) == 0);
            ++tried;
        };
        using limits = std::numeric_limits<double>;
        for (double bad : {limits::quiet_NaN(), limits::infinity(), -limits::infinity(), -1.0}) {
            if constexpr (std::is_same_v<member_type, double>) {
                member = bad;
                refused();
            } else if constexpr (std::is_same_v<member_type, runnel::per_type<double>>) {
                member.set(node_type{75}, bad);
                refused();
            }
            member = good;
        }
    });
    CHECK(tried == 4 * 43);
    CHECK(runnel::make_engine(built.graph, store, c).has_value());
}
