// SPDX-License-Identifier: MIT
// What does the engine cost above the loop one would write by hand?
//
// Why:  policies, phases, faults and events are types; unused, they must vanish. The engine with the empty
//       pipeline runs beside a hand-written loop that keeps the same books (hand.hpp), both on the same
//       frames, which must end in the same bits.
// Judged by instructions of a steady frame (callgrind; a busy machine does not change them): at most 1.02
//       of the hand loop; with no sink not one more than the same program built without events
//       (without_events.cmake), and with a sink that hears of injections alone not one more per node.
//       Reported: time, against the hand loop and against a bare stride (floor.hpp); and what the rule for
//       ties costs, which is a setting of the engine and a constant of the hand loop. Counting is slow: without --check
//       and --full only the steady frame is counted.
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>
#include <type_traits>
#include <vector>

#include <runnel/engine.hpp>

#include "penalty/hand.hpp"
#include "support/count.hpp"
#include "support/floor.hpp"
#include "support/graphs.hpp"
#include "support/harness.hpp"

/// Hears nothing of what happens in a frame. (Not in the unnamed namespace: of functions that no other file can call the
/// compiler inlines more, and programs would differ by that.)
struct hears_injections {
    void operator()(runnel::event::stimulus_injected const&) const noexcept {}
};

namespace {

/// One kind of work: a graph, who holds energy, and what happens between frames.
struct scenario {
    std::string name;
    std::string means;
    bench::link_list (*graph)();
    std::uint32_t seeds;        // nodes that hold energy at the start
    bool quiet_targets = false; // only the seeds may become active
    double warm_step = 1;       // step length of the frames before those measured
    int warm_frames = 30;
    double step = 1e-5;        // of the frames measured: so short that nothing drains
    std::uint32_t stimuli = 0; // small injections before each frame
    char const* unit = "per node";
    bool judged = true; // has the limit
};

bench::link_list rmat14() { return bench::rmat({.scale = 14}); }
bench::link_list rmat16() { return bench::rmat({.scale = 16}); }
bench::link_list tied_grid() { return bench::grid({.side = 128}); }
bench::link_list large_grid() {
    return bench::grid({.side = 1000, .kind = bench::weights::distinct});
}

scenario const counted[] = {
    {.name = "steady",
     .means = "a frontier of thousands that stays",
     .graph = rmat14,
     .seeds = 4000},
    {.name = "small", .means = "a frontier of about a hundred", .graph = rmat14, .seeds = 60},
    {.name = "spreading",
     .means = "every target receives and stays below its threshold",
     .graph = rmat14,
     .seeds = 4000,
     .quiet_targets = true},
    {.name = "tied",
     .means = "all links weigh the same: every source draws",
     .graph = tied_grid,
     .seeds = 4000,
     .judged = false},
    {.name = "restless",
     .means = "nodes switch on and off, quiet ones are settled",
     .graph = rmat14,
     .seeds = 1000,
     .step = 4,
     .stimuli = 200},
    {.name = "empty",
     .means = "a frame with nothing to do",
     .graph = rmat14,
     .seeds = 0,
     .warm_frames = 0,
     .unit = "per frame",
     .judged = false},
    {.name = "single",
     .means = "a frame of one node",
     .graph = rmat14,
     .seeds = 1,
     .warm_frames = 0,
     .unit = "per frame",
     .judged = false},
};
scenario const timed[] = {
    {.name = "RMAT 16, 100 seeds", .means = "", .graph = rmat16, .seeds = 60},
    {.name = "RMAT 16, 10 000 seeds", .means = "", .graph = rmat16, .seeds = 10'000},
    {.name = "grid of 10^6, 10 000 seeds", .means = "", .graph = large_grid, .seeds = 10'000},
};

using runnel::node_id;
using runnel::node_type;

constexpr double one_quantum = 0x1p-40;
constexpr auto quiet_type =
    node_type::document; // of nodes that never become active, where asked for

struct world {
    explicit world(scenario const& s) : what(s), list(s.graph()) {
        seeds = bench::some_nodes(list.nodes, s.seeds, 7);
        std::vector<bool> seeded(list.nodes);
        for (std::uint32_t const seed : seeds) seeded[seed] = true;
        runnel::graph::builder all;
        bench::random_words words{11};
        for (std::uint32_t node = 0; node < list.nodes; ++node) {
            auto type = static_cast<node_type>(words.below(runnel::preset_node_types));
            if (s.quiet_targets)
                type = seeded[node] ? (type == quiet_type ? node_type::memory : type) : quiet_type;
            all.node(type);
        }
        for (bench::link const& l : list.links)
            all.link({node_id{l.from}, node_id{l.to}, l.weight});
        built = std::make_unique<runnel::graph::built>(std::move(all).build().value());
        settings.storage = runnel::storage::dense;
        settings.seed = 3;
        settings.reader.source = runnel::weight::source::unit; // the hand loop compares no links
        settings.decay.base = 1e-3;
        if (s.quiet_targets) settings.threshold.set(quiet_type, 8e6);
        take_rows();
    }

    /// The hand loop's copies of graph and settings.
    void take_rows() {
        auto const nodes = list.nodes;
        rows.heads.resize(nodes);
        rows.types.resize(nodes);
        for (std::uint32_t n = 0; n < nodes; ++n) {
            node_id const node{n};
            auto const best = built->store.best(node);
            auto& head = rows.heads[n];
            head.row = static_cast<std::uint32_t>(rows.rows.size());
            head.degree = built->store.degree(node) | (best.ties ? hand::tie_bit : 0);
            head.best = static_cast<std::uint32_t>(best.target);
            head.lw = best.lw.raw();
            built->store.each_stored(node, [&](runnel::row_entry const& link) {
                rows.rows.push_back({static_cast<std::uint32_t>(link.target), link.lw.raw()});
            });
            rows.types[n] = static_cast<std::uint16_t>(built->graph.type(node));
        }
        hand_settings.alpha = settings.alpha;
        hand_settings.transfer_cap = settings.transfer_cap;
        hand_settings.skip = static_cast<hand::quanta>(settings.min_transfer / one_quantum);
        hand_settings.seed = settings.seed;
        auto const ceil = [](double units) {
            auto const below = static_cast<hand::quanta>(units / one_quantum);
            return below + (static_cast<double>(below) < units / one_quantum ? 1 : 0);
        };
        hand_settings.flush_below = ceil(settings.decay.flush_below);
        for (std::size_t t = 0; t < hand::type_slots; ++t) {
            node_type const type{static_cast<std::uint16_t>(t)};
            hand_settings.threshold[t] = std::max<hand::quanta>(1, ceil(settings.threshold[type]));
            hand_settings.decay_rate[t] =
                settings.decay.base * settings.decay.multiplier[type] * settings.decay.gain;
        }
    }

    scenario what;
    bench::link_list list;
    std::vector<std::uint32_t> seeds;
    std::unique_ptr<runnel::graph::built> built;
    runnel::config settings;
    hand::graph rows;
    hand::settings hand_settings;
};

#ifndef PENALTY_SINK // the builds beside this one hear something, or know no events: see CMakeLists.txt
#    define PENALTY_SINK runnel::event::none
#endif
auto pipeline_of_engine() { return runnel::pipeline{}.with_sink(PENALTY_SINK{}); }
using engine_type = runnel::engine<runnel::graph_rows, decltype(pipeline_of_engine())>;
// To name the sink that hears nothing is to name none.
static_assert(std::is_same_v<
              decltype(runnel::pipeline{}.with_sink(runnel::event::none{})), runnel::pipeline<>>);

extern "C" { // names that callgrind can be told
[[gnu::noinline]] void measured_engine(engine_type const& engine, runnel::field& f, double dt) {
    bench::do_not_optimise(engine.tick(f, {.dt = dt}));
}
[[gnu::noinline]] void measured_hand(hand::diffusion& d, double dt) {
    bench::do_not_optimise(d.frame(dt));
}
}

/// Both loops behind the same three calls, so that they are driven alike.
struct by_engine {
    by_engine(world const& w, runnel::storage kind)
        : settings(with(w.settings, kind)),
          engine(runnel::make_engine(
                     w.built->graph, std::as_const(w.built->store), settings, pipeline_of_engine())
                     .value()),
          field(engine.make_field()) {}
    static runnel::config with(runnel::config c, runnel::storage kind) {
        c.storage = kind;
        return c;
    }
    void inject(std::uint32_t node, hand::quanta amount) {
        engine.inject(field, node_id{node}, static_cast<double>(amount) * one_quantum).value();
    }
    void frame(double dt) { measured_engine(engine, field, dt); }
    [[nodiscard]] std::size_t active() const { return field.active().size(); }

    runnel::config settings;
    engine_type engine;
    runnel::field field;
};
struct by_hand {
    explicit by_hand(world const& w) : loop(w.rows, w.hand_settings) {}
    void inject(std::uint32_t node, hand::quanta amount) { loop.inject(node, amount); }
    void frame(double dt) { measured_hand(loop, dt); }
    hand::diffusion loop;
};

/// What happens before a frame, the same for both.
class driver {
public:
    explicit driver(world const& w) : world_(&w) {}
    template <class Side> void start(Side& side) {
        for (std::uint32_t const seed : world_->seeds) side.inject(seed, seed_energy);
        for (int i = 0; i < world_->what.warm_frames; ++i) side.frame(world_->what.warm_step);
    }
    template <class Side> void frame(Side& side) {
        std::uint32_t const nodes = world_->list.nodes;
        for (std::uint32_t i = 0; i < world_->what.stimuli; ++i)
            side.inject(words_.below(nodes), stimulus + words_.below(1000));
        side.frame(world_->what.step);
    }

private:
    static constexpr hand::quanta seed_energy = hand::quanta{200} << 40;
    static constexpr hand::quanta stimulus = hand::quanta{3} << 38;
    world const* world_;
    bench::random_words words_{23};
};

/// Are the two in the same state, bit for bit?
bool same_bits(world const& w, by_engine const& e, by_hand const& h) {
    auto const& state = runnel::detail::field_access::of(e.field);
    for (std::uint32_t n = 0; n < w.list.nodes; ++n) {
        auto const* const r = state.table.find(node_id{n});
        hand::record const& own = h.loop.records()[n];
        if (r == nullptr) {
            if (own.flags != 0) return false;
            continue;
        }
        if (r->held.raw() != own.held || r->received_low != own.received_low
            || r->received_high != own.received_high || r->stamp != own.stamp || r->type != own.type
            || r->flags != own.flags)
            return false;
    }
    auto const frontier = h.loop.frontier();
    auto const active = e.field.active();
    if (frontier.size() != active.size()) return false;
    for (std::size_t i = 0; i < frontier.size(); ++i)
        if (node_id{frontier[i]} != active[i]) return false;
    for (std::size_t t = 0; t < hand::type_slots; ++t) {
        auto const b = e.field.books(node_type{static_cast<std::uint16_t>(t)});
        hand::book const& own = h.loop.books(t);
        if (b.injected != own.injected || b.arrived != own.arrived || b.sent != own.sent
            || b.decayed != own.decayed || b.flushed != own.flushed || b.after != h.loop.stored(t))
            return false;
    }
    return true;
}

constexpr int counted_frames = 40;

template <class Side> void drive(world const& w, Side side, int frames) {
    driver d{w};
    d.start(side);
    for (int i = 0; i < frames; ++i) d.frame(side);
}

scenario const* find(std::string const& name) {
    for (scenario const& s : counted)
        if (s.name == name) return &s;
    return nullptr;
}

/// The part that runs below callgrind: count SIDE SCENARIO FRAMES.
int run_counted(std::vector<std::string> const& words) {
    scenario const* const s = words.size() == 4 ? find(words[2]) : nullptr;
    if (s == nullptr) {
        std::fprintf(stderr, "bench_penalty: unknown option; --help lists them\n");
        return 2;
    }
    world const w{*s};
    int const frames = std::atoi(words[3].c_str());
    if (words[1] == "hand")
        drive(w, by_hand{w}, frames);
    else
        drive(
            w, by_engine{w, words[1] == "paged" ? runnel::storage::paged : runnel::storage::dense},
            frames);
    return 0;
}

/// Instructions of one frame: two runs of different length, so that set-up and warm-up cancel.
double per_frame(std::string const& side, scenario const& s, std::string const& build = {}) {
    std::string const self = std::filesystem::read_symlink("/proc/self/exe").string() + build;
    auto const count = [&](int frames) {
        return bench::instructions(
                   {self, "count", side, s.name, std::to_string(frames)},
                   side == "hand" ? "measured_hand" : "measured_engine")
            .value_or(0);
    };
    double const longer = count(counted_frames + 1);
    double const shorter = count(1);
    return longer > 0 && shorter > 0 ? (longer - shorter) / counted_frames : 0;
}

void count(bench::suite& out, scenario const& s) {
    std::string const title = "Instructions, " + s.name;
    if (!out.wants(title)) return;
    out.progress(title);
    world const w{s};
    by_engine engine{w, runnel::storage::dense};
    by_hand written{w};
    driver one{w};
    driver two{w};
    one.start(engine);
    two.start(written);
    for (int i = 0; i <= counted_frames; ++i) {
        one.frame(engine);
        two.frame(written);
    }
    out.expect(
        s.name + ": engine and hand loop end in the same bits", same_bits(w, engine, written));
    double const nodes =
        s.unit == std::string{"per node"} ? static_cast<double>(engine.active()) : 1;
    double const hand = per_frame("hand", s);
    double const dense = per_frame("engine", s);
    double const paged = per_frame("paged", s);
    auto const row = [&](std::string name, double count) {
        return bench::outcome{
            std::move(name), bench::spread::exactly(count / nodes),
            bench::spread::exactly(count / hand)};
    };
    out.progress("");
    out.report(
        {.title = title + ": " + s.means + " (" + std::to_string(engine.active()) + " active)",
         .unit = s.unit},
        1, {row("hand loop", hand), row("engine, dense", dense), row("engine, paged", paged)});
    if (s.judged) out.limit("engine / hand loop, instructions, " + s.name, dense / hand, 1.02);
}

/// Events that nobody hears, against the same program built without them. Each is a program of its own: two engines in
/// one file change what the compiler inlines.
void count_events(bench::suite& out, scenario const& s) {
    std::string const title = "Events nobody hears, " + s.name;
    if (!out.wants(title)) return;
    out.progress(title);
    double const without = per_frame("engine", s, "_without_events");
    double const none = per_frame("engine", s);
    double const other = per_frame("engine", s, "_of_injections");
    auto const row = [&](std::string name, double count) {
        return bench::outcome{
            std::move(name), bench::spread::exactly(count),
            bench::spread::exactly(count / without)};
    };
    out.progress("");
    out.report(
        {.title = title + ": " + s.means, .unit = "per frame"}, 1,
        {row("a build without events", without), row("no sink", none),
         row("a sink of injections", other)});
    out.expect(s.name + ": all three builds were counted", without > 0 && none > 0 && other > 0);
    out.limit("instructions a frame, no sink - no events, " + s.name, none - without, 0);
    // Nothing per node; the compiler arranges what a frame does once a little differently for another type of engine.
    out.limit("instructions a frame, unheard - no events, " + s.name, other - without, 50);
}

void count_all(bench::suite& out) {
    if (!bench::can_count()) {
        out.say("\ninstructions were not counted: valgrind is not installed");
        return;
    }
    for (scenario const& s : counted)
        if (out.full() || (s.judged && out.check()) || s.name == "steady") count(out, s);
    count_events(out, *find("steady"));
    if (out.full() || out.check()) count_events(out, *find("restless"));
}

void time_all(bench::suite& out) {
    for (scenario const& s : timed) {
        std::string const title = "Time, " + s.name;
        if (!out.wants(title) || (s.graph == large_grid && !out.full())) continue;
        world const w{s};
        by_engine dense{w, runnel::storage::dense};
        by_engine paged{w, runnel::storage::paged};
        by_hand written{w};
        driver d{w};
        d.start(dense);
        d.start(paged);
        d.start(written);
        // The floor strides over the same frontier, in the same order.
        auto const heads = bench::floor::heads(w.list);
        std::vector<bench::floor::energy_record> records(w.list.nodes);
        std::vector<bench::floor::fused_record> fused(w.list.nodes);
        for (std::uint32_t n = 0; n < w.list.nodes; ++n) {
            records[n].held = std::uint64_t{200} << 40;
            fused[n].held = std::uint64_t{200} << 40;
            fused[n].head = heads[n];
        }
        std::vector<std::uint32_t> const active = written.loop.frontier();
        constexpr std::uint64_t share = std::uint64_t{1} << 42;
        out.compare(
            {.title = title + " (" + std::to_string(active.size()) + " active)",
             .unit = "ns/node",
             .per = static_cast<double>(active.size())},
            {{"hand loop", [&] { d.frame(written); }},
             {"engine, dense", [&] { d.frame(dense); }},
             {"engine, paged", [&] { d.frame(paged); }},
             {"bare stride, apart",
              [&] {
                  bench::floor::apart(heads, records, active, share);
                  bench::do_not_optimise(records.front());
              }},
             {"bare stride, fused", [&] {
                  bench::floor::fused(fused, active, share);
                  bench::do_not_optimise(fused.front());
              }}});
    }
}

/// What a frame costs by itself.
void time_small_frames(bench::suite& out) {
    scenario const& s = *find("empty");
    world const w{s};
    by_engine dense{w, runnel::storage::dense};
    by_engine paged{w, runnel::storage::paged};
    by_hand written{w};
    auto const compare = [&](char const* title) {
        return out.compare(
            {.title = title, .unit = "ns/frame"},
            {{"hand loop", [&] { written.frame(s.step); }},
             {"engine, dense", [&] { dense.frame(s.step); }},
             {"engine, paged", [&] { paged.frame(s.step); }}});
    };
    compare("Time, empty frame");
    constexpr hand::quanta some = hand::quanta{200} << 40;
    dense.inject(5, some);
    paged.inject(5, some);
    written.inject(5, some);
    compare("Time, one-node frame");
}

} // namespace

int main(int argc, char** argv) {
    bench::suite out{
        argc, argv, "penalty", "What does the engine cost above the loop one would write by hand?"};
    if (!out.rest().empty()) return run_counted(out.rest());
    count_all(out);
    if (!out.check()) {
        time_all(out);
        time_small_frames(out);
    }
    return out.finish();
}
