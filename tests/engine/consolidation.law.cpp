// SPDX-License-Identifier: MIT
// Consolidation: what evidence protects from decay, how much, and of how many nodes.
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <utility>
#include <vector>

#include <runnel/runnel.hpp>

#include "engine/sown.hpp"
#include "support/catch.hpp"
#include "support/law.hpp"

namespace {

using namespace runnel;
using sown::id_of;

/// Nothing moves and everybody decays at the same rate, unless protected.
config keeping() {
    config c{.min_transfer = 8388607};
    c.consolidation.enabled = true;
    c.decay.base = .25;
    c.decay.multiplier = 1;
    return c;
}
/// What is left of a unit, told as the protection it must have had.
double protection(double before, double after, double seconds = 1) {
    return 1 + std::log(after / before) / (.25 * seconds);
}

struct evidence {
    double affect = 0;
    bool held = false;
    bool wanted = false; ///< an active goal links to it
};
double shown(node_type type, evidence e, double goal_units = 1) {
    sown::bed bed;
    bed.nodes.resize(2);
    bed.nodes[0].type = type;
    bed.nodes[0].affect = e.affect;
    bed.nodes[1].type = node_type::goal;
    if (e.wanted) bed.links.push_back({1, 0, 1});
    auto const built = bed.build();
    auto const engine = make_engine(built.graph, std::as_const(built.store), keeping()).value();
    session s{engine};
    if (e.held) s.field().hold({id_of(0)}).value();
    s.inject({{id_of(0), 4}, {id_of(1), goal_units}}).value();
    s.tick().value();
    return protection(4, s.energy_of(id_of(0)));
}

} // namespace

TEST_CASE("each kind of evidence protects by its figure", "[engine][consolidation]") {
    auto const type = node_type::other;
    CHECK(shown(type, {}) == Approx(0).margin(1e-10));
    CHECK(shown(type, {.held = true}) == Approx(.3).margin(1e-10));
    CHECK(shown(type, {.wanted = true}) == Approx(.5).margin(1e-10));
    CHECK(shown(type, {.wanted = true}, .01) == Approx(0).margin(1e-10)); // the goal is not active
    CHECK(shown(type, {.affect = .5}) == Approx(0).margin(1e-10));
    CHECK(shown(type, {.affect = .75}) == Approx(.4 * .05 / .3).margin(1e-7));
    CHECK(shown(type, {.affect = .85F}) == Approx(.2).margin(1e-7));
    CHECK(shown(type, {.affect = 1}) == Approx(.4).margin(1e-7));
    CHECK(shown(type, {.affect = 3}) == Approx(.4).margin(1e-7));
}

TEST_CASE("evidence adds up to its type's most", "[engine][consolidation]") {
    evidence const all{.affect = 1, .held = true, .wanted = true};
    CHECK(shown(node_type::other, all) == Approx(.5).margin(1e-10));
    CHECK(shown(node_type::memory, all) == Approx(.5).margin(1e-10));
    CHECK(shown(node_type::task, all) == Approx(.2).margin(1e-10));
    CHECK(shown(node_type::task, {.held = true}) == Approx(.2).margin(1e-10));
    CHECK(
        shown(node_type::memory, {.affect = .8F, .held = true})
        == Approx(.3 + .4 * .1 / .3).margin(1e-7));
}

TEST_CASE("at most fifty nodes are protected, the best proven", "[engine][consolidation]") {
    sown::bed bed;
    bed.nodes.resize(70);
    for (std::size_t n = 0; n < 70; ++n) // evidence in no order of ids, all different
        bed.nodes[n].affect = .7 + .004 * static_cast<double>(1 + (n * 29) % 70);
    auto const built = bed.build();
    event::decay_tick told;
    auto const note = [&](event::decay_tick const& e) { told = e; };
    auto const engine =
        make_engine(built.graph, built.store, keeping(), pipeline{}.with_sink(note)).value();
    session s{engine};
    for (std::size_t n = 0; n < 70; ++n) s.inject(id_of(n), 1).value();
    s.tick().value();
    double sum = 0;
    for (std::size_t n = 0; n < 70; ++n) {
        std::size_t const rank = (n * 29) % 70; // 69 is the best
        double const p = rank < 20 ? 0 : .4 * (bed.nodes[n].affect - .7) / .3;
        CHECK(protection(1, s.energy_of(id_of(n))) == Approx(p).margin(1e-6));
        sum += p;
    }
    CHECK(told.consolidated == 50);
    CHECK(told.mean_protection == Approx(sum / 50).margin(1e-6));
}

TEST_CASE("protection is the formula, for any evidence", "[engine][consolidation][law]") {
    law::for_all(200, [](law::gen& g) {
        auto bed = sown::a_bed(g);
        auto const built = bed.build();
        auto c = keeping();
        std::uint32_t const most = g.one_of<std::uint32_t>({50, 3, 0}, "most nodes");
        c.consolidation.most_nodes = most;
        event::decay_tick told;
        auto const note = [&](event::decay_tick const& e) { told = e; };
        auto const engine =
            make_engine(built.graph, built.store, c, pipeline{}.with_sink(note)).value();
        auto field = engine.make_field();
        std::vector<node_id> held;
        for (std::size_t n = 0; n < bed.size(); ++n)
            if (g.flag()) held.push_back(id_of(n));
        field.hold(held).value();
        engine.inject(field, sown::stimuli(g, bed, 20)).value();
        std::vector<double> before(bed.size());
        std::vector<double> p(bed.size());
        std::vector<bool> active(bed.size());
        for (auto const n : field.active()) active[index(n)] = true;
        for (std::size_t n = 0; n < bed.size(); ++n) {
            before[n] = field.energy_of(id_of(n));
            bool const wm = std::count(held.begin(), held.end(), id_of(n)) > 0;
            bool wanted = false;
            for (auto const& l : bed.links)
                wanted = wanted
                         || (l.to == n && l.from != n && active[l.from]
                             && bed.nodes[l.from].type == node_type::goal);
            p[n] = (wm ? .3 : 0) + std::clamp(.4 * (bed.nodes[n].affect - .7) / .3, 0.0, .4)
                   + (wanted ? .5 : 0);
            p[n] = std::min(p[n], bed.nodes[n].type == node_type::task ? .2 : .5);
            if (!active[n]) p[n] = 0; // quiet: not of this frame
        }
        double const seconds = g.one_of({1.0, .5, 2.0}, "dt");
        engine.tick(field, {.dt = seconds}).value();
        std::vector<double> shown;
        std::vector<double> proven;
        for (std::size_t n = 0; n < bed.size(); ++n) {
            if (!active[n]) continue;
            double const q = protection(before[n], field.energy_of(id_of(n)), seconds);
            if (q > 1e-6) shown.push_back(q);
            if (p[n] > 0) proven.push_back(p[n]);
            if (most == 50 || q > 1e-6)
                g.holds(std::fabs(q - p[n]) < 1e-7, "exp(-rate * (1 - p) * dt) is left");
        }
        std::sort(shown.rbegin(), shown.rend());
        std::sort(proven.rbegin(), proven.rend());
        if (proven.size() > most) proven.resize(most);
        g.holds(shown.size() == proven.size(), "so many are protected as may be");
        for (std::size_t i = 0; i < shown.size(); ++i)
            g.holds(std::fabs(shown[i] - proven[i]) < 1e-7, "the best proven are");
        g.holds(told.consolidated == proven.size(), "decay.tick counts them");
    });
}

TEST_CASE("more evidence never protects less", "[engine][consolidation]") {
    for (auto const type : {node_type::other, node_type::memory, node_type::task})
        for (double affect = 0; affect <= 1.2; affect += .1)
            for (int mask = 0; mask < 4; ++mask) {
                evidence const e{affect, (mask & 1) != 0, (mask & 2) != 0};
                double const p = shown(type, e);
                CHECK(shown(type, {affect + .1, e.held, e.wanted}) >= p - 1e-9);
                CHECK(shown(type, {affect, true, e.wanted}) >= p - 1e-9);
                CHECK(shown(type, {affect, e.held, true}) >= p - 1e-9);
            }
}

TEST_CASE("what is not held any more is not protected any more", "[engine][consolidation]") {
    sown::bed bed;
    bed.nodes.resize(2);
    auto const built = bed.build();
    auto const engine = make_engine(built.graph, std::as_const(built.store), keeping()).value();
    session s{engine};
    s.inject({{id_of(0), 4}, {id_of(1), 4}}).value();
    s.field().hold({id_of(0)}).value();
    s.tick().value();
    double const a = s.energy_of(id_of(0));
    double const b = s.energy_of(id_of(1));
    CHECK(a > b);
    s.field().hold({id_of(1)}).value(); // all at once: 0 is let go
    s.tick().value();
    CHECK(protection(a, s.energy_of(id_of(0))) == Approx(0).margin(1e-10));
    CHECK(protection(b, s.energy_of(id_of(1))) == Approx(.3).margin(1e-10));
    CHECK_FALSE(s.field().hold({id_of(2)}).has_value());
}

TEST_CASE("without evidence consolidation changes no bit", "[engine][consolidation]") {
    sown::bed bed;
    bed.nodes.resize(3);
    bed.links = {{0, 1, 1}, {1, 2, 1}, {2, 0, .5}};
    auto const built = bed.build();
    config on{.alpha = .3};
    on.decay.base = .1;
    config off = on;
    on.consolidation.enabled = true;
    off.consolidation.working_memory = 1; // of a mechanism that is off
    auto const a = make_engine(built.graph, std::as_const(built.store), on).value();
    auto const b = make_engine(built.graph, std::as_const(built.store), off).value();
    session s{a};
    session t{b};
    t.field().hold({id_of(0)}).value();
    s.inject(id_of(0), 5).value();
    t.inject(id_of(0), 5).value();
    s.run(20).value();
    t.run(20).value();
    for (std::size_t n = 0; n < 3; ++n) CHECK(s.energy_of(id_of(n)) == t.energy_of(id_of(n)));
}
