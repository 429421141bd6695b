// SPDX-License-Identifier: MIT
// The figures of events and reports: that they add up, that they are those of the page, and that nobody pays unasked.
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <runnel/runnel.hpp>

#include "engine/sown.hpp"
#include "support/catch.hpp"
#include "support/law.hpp"

namespace {

using namespace runnel;
using sown::id_of;

/// A middle with so many links, each a little lighter.
sown::bed hub(std::size_t links) {
    sown::bed bed;
    bed.nodes.resize(links + 1);
    for (std::size_t n = 1; n <= links; ++n)
        bed.links.push_back({0, n, 1.0 / static_cast<double>(n)});
    return bed;
}
frame_report look(std::size_t links, config const& c, report how = report::full) {
    auto const built = hub(links).build();
    auto const engine = make_engine(built.graph, std::as_const(built.store), c).value();
    session s{engine};
    s.inject(id_of(0), 1).value();
    return s.tick({}, how).value();
}
/// A decay tick without its list, and the list.
struct tick_of_decay {
    event::decay_tick tick;
    std::vector<event::type_decay> types;
};

} // namespace

TEST_CASE("prune rates are those of the page", "[engine][event]") {
    CHECK(look(100, {}).prune_rate == Approx(.95));
    CHECK(look(50, {}).prune_rate == Approx(.9));
    CHECK(look(20, {}).prune_rate == Approx(.75));
    CHECK(look(5, {}).prune_rate == Approx(.4));
    CHECK(look(2, {}).prune_rate == 0);
    CHECK(look(0, {}).prune_rate == 0);
}

TEST_CASE("the histogram of k has its bins", "[engine][event]") {
    struct row {
        std::size_t links;
        std::size_t bin;
    };
    for (auto const& [links, bin] :
         {row{0, 0}, row{1, 1}, row{2, 2}, row{3, 2}, row{5, 3}, row{8, 4}, row{100, 5}}) {
        auto const r = look(links, {});
        for (std::size_t i = 0; i < 8; ++i) CHECK(r.k_histogram[i] == (i == bin ? 1 : 0));
    }
    config all;
    all.fanout.task = fanout::task::methodical;
    CHECK(look(6, all).k_histogram[6] == 1);
    CHECK(look(15, all).k_histogram[6] == 1);
    CHECK(look(16, all).k_histogram[7] == 1);
}

TEST_CASE("entropy at hubs is that of the shares", "[engine][event]") {
    config c;
    c.split = {.enabled = true, .all_kept = true, .temperature = 1};
    auto const r = look(40, c);
    double sum = 0;
    double h = 0;
    for (int n = 1; n <= 5; ++n) sum += 1.0 / n; // softmax at 1 is in proportion to weight
    for (int n = 1; n <= 5; ++n) h -= 1 / (n * sum) * std::log(1 / (n * sum));
    CHECK(r.hub_entropy == Approx(h).epsilon(1e-6));
    CHECK(look(2, c).hub_entropy == 0);   // no row was pruned
    CHECK(look(40, {}).hub_entropy == 0); // a lone link has none
}

TEST_CASE("figures only reports use are left out of brief ones", "[engine][event]") {
    config c;
    c.split = {.enabled = true, .all_kept = true};
    c.threshold = .5;
    auto const full = look(40, c, report::full);
    auto const brief = look(40, c, report::brief);
    CHECK(full.support == 6);
    CHECK(full.mean_degree_of_active == 40);
    CHECK(full.k_histogram[5] == 1);
    CHECK(brief.support == 0);
    CHECK(brief.mean_degree_of_active == 0);
    CHECK(brief.prune_rate == 0);
    CHECK(brief.hub_entropy == 0);
    for (auto const n : brief.k_histogram) CHECK(n == 0);
    CHECK(brief.strides == full.strides);
    CHECK(brief.costs_computed == full.costs_computed);
    CHECK(brief.transferred == full.transferred);
}

TEST_CASE("a sink that hears frame.end has the full figures", "[engine][event]") {
    auto const built = hub(40).build();
    event::frame_end told;
    auto const note = [&](event::frame_end const& e) { told = e; };
    auto const engine =
        make_engine(built.graph, built.store, {}, pipeline{}.with_sink(note)).value();
    session s{engine};
    s.inject(id_of(0), 1).value();
    s.tick().value();
    CHECK(told.prune_rate == Approx(.875));
    CHECK(told.k_histogram[5] == 1);
    CHECK(told.support == 2);
}

TEST_CASE("figures of a frame add up, on any graph", "[engine][event][law]") {
    law::for_all(200, [](law::gen& g) {
        auto const bed = sown::a_bed(g);
        auto const built = bed.build();
        config c{.alpha = .3, .transfer_cap = .5, .seed = 4};
        c.split.enabled = g.flag("split");
        c.fanout.selective_k = g.one_of({5U, 2U}, "selective_k");
        c.fanout.high = g.one_of({10U, 3U}, "high");
        c.decay.base = .05;
        c.decay.half_life.set(node_type::memory, 3);
        c.decay.multiplier.set(node_type::goal, 0);
        c.stickiness.mode = g.one_of({stickiness::off, stickiness::dissipative});
        std::vector<event::stride_selection> looks;
        std::vector<event::stride_exec> strides;
        tick_of_decay decay;
        event::callback const note{
            [&](event::stride_selection const& e) { looks.push_back(e); },
            [&](event::stride_exec const& e) { strides.push_back(e); },
            [&](event::decay_tick const& e) {
                decay.tick = e;
                decay.types.assign(e.types.begin(), e.types.end());
            }};
        auto const engine =
            make_engine(built.graph, built.store, c, pipeline{}.with_sink(note)).value();
        auto field = engine.make_field();
        for (int frame = 0; frame < 8; ++frame) {
            auto const given = sown::stimuli(g, bed, 3);
            engine.inject(field, given).value();
            std::size_t const sources = field.active().size();
            looks.clear(), strides.clear();
            double const dt = g.one_of({1.0, .5}, "dt");
            auto const r = engine.tick(field, {.dt = dt}, report::full).value();

            std::uint64_t counted = 0;
            for (auto const n : r.k_histogram) counted += n;
            g.holds(counted == sources, "the histogram of k sums to the sources");
            g.holds(looks.size() == sources, "every source is told");
            double links = 0;
            double kept = 0;
            std::uint64_t costs = 0;
            double entropy = 0;
            double hubs = 0;
            for (auto const& e : looks) {
                g.holds(e.fanout == bed.degree(index(e.node)), "fanout leaves self loops out");
                g.holds(
                    e.prune_rate
                        == (e.fanout == 0 ? 0.0 : static_cast<double>(e.fanout - e.k) / e.fanout),
                    "prune rate = (d - k) / d");
                links += e.fanout;
                kept += e.k;
                costs += e.costs_computed;
                if (e.k < e.fanout) entropy += e.entropy, hubs += 1;
            }
            g.holds(
                std::fabs(r.prune_rate - (links > 0 ? (links - kept) / links : 0)) < 1e-12,
                "links not looked at, of all links of the sources");
            g.holds(
                std::fabs(r.hub_entropy - (hubs > 0 ? entropy / hubs : 0)) < 1e-12,
                "mean entropy of the pruned");
            g.holds(r.costs_computed == costs, "costs are summed");
            g.holds(r.strides == strides.size(), "strides are counted");
            double moved = 0;
            std::set<node_id> receivers;
            for (auto const& e : strides) moved += e.gross, receivers.insert(e.target);
            g.holds(r.transferred == moved, "and summed");
            g.holds(r.touched == receivers.size(), "touched nodes received");

            double injected = 0;
            for (auto const& s : given) injected += s.units;
            g.holds(r.injected == injected, "what was injected since the last frame");
            g.holds(r.active == field.active().size(), "active now");
            double degrees = 0;
            for (auto const n : field.active()) degrees += bed.degree(index(n));
            g.holds(
                std::fabs(
                    r.mean_degree_of_active
                    - (r.active > 0 ? degrees / static_cast<double>(r.active) : 0))
                    < 1e-12,
                "mean degree of the active");

            double decayed = 0;
            double flushed = 0;
            for (auto const& t : decay.types) {
                decayed += t.decayed, flushed += t.flushed;
                g.holds(t.decayed > 0 || t.flushed > 0, "types that lost something");
                double const rate = .05 * c.decay.multiplier[t.type];
                double const half = t.type == node_type::memory ? 3 : std::log(2.0) / rate;
                g.holds(std::fabs(t.half_life - half) < 1e-9 * half, "half-lives in force");
                g.holds(t.type != node_type::goal || t.decayed == 0, "what never decays");
            }
            g.holds(decay.tick.decayed == decayed, "decay sums over types");
            g.holds(decay.tick.flushed == flushed, "flushing too");
            g.holds(decay.tick.decayed == r.decayed && decay.tick.flushed == r.flushed, "as told");
            g.holds(decay.tick.elapsed == dt && decay.tick.frame == r.frame, "of this frame");
        }
    });
}

TEST_CASE("types that never decay have a half-life without end", "[engine][event]") {
    sown::bed bed;
    bed.nodes.resize(2);
    bed.nodes[0].type = node_type::goal;
    auto const built = bed.build();
    config c;
    c.decay.multiplier.set(node_type::goal, 0);
    c.decay.flush_below = .05;
    c.threshold = .01;
    tick_of_decay decay;
    auto const note = [&](event::decay_tick const& e) {
        decay.tick = e;
        decay.types.assign(e.types.begin(), e.types.end());
    };
    auto const engine =
        make_engine(built.graph, built.store, c, pipeline{}.with_sink(note)).value();
    session s{engine};
    s.inject({{id_of(0), .03}, {id_of(1), 1}}).value();
    s.tick().value();
    bool goals = false;
    for (auto const& t : decay.types)
        if (t.type == node_type::goal) {
            goals = true;
            CHECK(t.flushed == Approx(.03).margin(1e-11));
            CHECK(t.half_life == std::numeric_limits<double>::infinity());
        }
    CHECK(goals);
}

TEST_CASE("guards are told in one order, with their limits", "[engine][event]") {
    sown::bed bed;
    bed.nodes.resize(4);
    bed.links = {{0, 1, 1}, {1, 2, 1}, {2, 3, 1}};
    auto const built = bed.build();
    config c{.alpha = 1, .transfer_cap = .2};
    c.reader.source = weight::source::unit;
    c.max_strides = 2;
    std::vector<event::guard_acted> guards;
    auto const note = [&](event::guard_acted const& e) { guards.push_back(e); };
    auto const engine =
        make_engine(built.graph, built.store, c, pipeline{}.with_sink(note)).value();
    session s{engine};
    s.inject({{id_of(0), 3}, {id_of(1), 2}, {id_of(2), 1}}).value();
    s.field().enter_safe_mode();
    auto const r = s.tick({.dt = 5}).value();
    std::map<std::string, event::guard_acted> told;
    for (auto const& e : guards) {
        CHECK(e.frame == r.frame);
        told[std::string(e.guard)] = e;
    }
    CHECK(told.size() == guards.size()); // each once
    REQUIRE(told.count("transfer_cap") == 1);
    CHECK(told["transfer_cap"].figure == .2);
    CHECK(told["transfer_cap"].count == r.capped);
    CHECK(r.capped == 2);
    REQUIRE(told.count("dt_cap") == 1);
    CHECK(told["dt_cap"].figure == 1);
    CHECK(told.count("safe_mode_on") == 1);
    REQUIRE(told.count("budget") == 1);
    CHECK(told["budget"].figure == 2);
    CHECK(told["budget"].count == r.unreached);
    CHECK(r.unreached == 1); // the poorest
    // The same frame again tells the same, in the same order.
    std::vector<std::string> order;
    for (auto const& e : guards) order.emplace_back(e.guard);
    CHECK(order == std::vector<std::string>{"transfer_cap", "dt_cap", "budget", "safe_mode_on"});
    guards.clear();
    session t{engine};
    t.inject({{id_of(0), 3}, {id_of(1), 2}, {id_of(2), 1}}).value();
    t.field().enter_safe_mode();
    t.tick({.dt = 5}).value();
    std::vector<std::string> again;
    for (auto const& e : guards) again.emplace_back(e.guard);
    CHECK(order == again);
    guards.clear();
    session quiet{engine};
    quiet.tick().value();
    CHECK(guards.empty()); // an idle graph is legal
}

TEST_CASE("what a clock had in mind passes through frame.start", "[engine][event]") {
    auto const built = hub(2).build();
    event::frame_start told;
    auto const note = [&](event::frame_start const& e) { told = e; };
    auto const engine =
        make_engine(built.graph, built.store, {}, pipeline{}.with_sink(note)).value();
    session s{engine};
    s.tick({.dt = 2}).value();
    CHECK(told.reason == tick_reason::caller);
    CHECK(told.interval == 2);
    CHECK(told.elapsed == 2);
    for (auto const why : {tick_reason::stimulus, tick_reason::activity, tick_reason::arousal}) {
        s.tick({.dt = 5, .elapsed = 120, .interval = 120, .reason = why}).value();
        CHECK(told.reason == why);
        CHECK(told.interval == 120);
        CHECK(told.dt == 5);
        CHECK(told.elapsed == 120);
    }
    CHECK(told.frame == 3);
    CHECK(told.time == 2 + 2 * 120);
}
