// SPDX-License-Identifier: MIT
// Resistance: how much more slowly a well connected node decays, seen in what it keeps.
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include <runnel/runnel.hpp>

#include "engine/sown.hpp"
#include "support/catch.hpp"
#include "support/law.hpp"

namespace {

using namespace runnel;
using sown::id_of;

config resisting() {
    config c{.min_transfer = 8388607};
    c.resistance.enabled = true;
    c.decay.base = .5;
    c.decay.multiplier = 1;
    return c;
}
/// What a node's rate was divided by.
double divisor(double before, double after, double rate, double seconds) {
    return -rate * seconds / std::log(after / before);
}
double seen(node_type type, std::size_t links, std::uint16_t groups = 1, double units = 1000) {
    sown::bed bed;
    bed.nodes.resize(1 + links);
    bed.nodes[0].type = type;
    bed.nodes[0].groups = groups;
    for (std::size_t n = 1; n <= links; ++n) bed.links.push_back({0, n, 1});
    auto const built = bed.build();
    auto const engine = make_engine(built.graph, std::as_const(built.store), resisting()).value();
    session s{engine};
    s.inject(id_of(0), units).value();
    s.tick().value();
    return divisor(units, s.energy_of(id_of(0)), .5, 1);
}
/// As the page has it.
double formula(sown::bed const& b, std::size_t n) {
    double of_type = 1;
    if (b.nodes[n].type == node_type::memory) of_type = 1.2;
    if (b.nodes[n].type == node_type::episodic) of_type = 1.25;
    if (b.nodes[n].type == node_type::principle) of_type = 1.15;
    double const groups = std::clamp((b.nodes[n].groups - 1) / 5.0, 0.0, 1.0);
    double const r = (1 + .1 * std::tanh(b.degree(n) / 20)) * (1 + .15 * groups) * of_type;
    return std::min(r, b.nodes[n].type == node_type::task ? 1.1 : 1.5);
}

} // namespace

TEST_CASE("memories of 20, 30 and 100 links resist as documented", "[engine][resistance]") {
    CHECK(seen(node_type::memory, 20) == Approx(1.2914).margin(5e-5));
    CHECK(seen(node_type::memory, 30) == Approx(1.3086).margin(5e-5));
    CHECK(seen(node_type::memory, 100) == Approx(1.3200).margin(5e-5));
    CHECK(seen(node_type::memory, 0) == Approx(1.2).margin(1e-9));
    CHECK(seen(node_type::episodic, 0) == Approx(1.25).margin(1e-9));
    CHECK(seen(node_type::principle, 0) == Approx(1.15).margin(1e-9));
    CHECK(seen(node_type::other, 0) == Approx(1).margin(1e-9));
}

TEST_CASE("groups count from the second on, up to the sixth", "[engine][resistance]") {
    CHECK(seen(node_type::other, 0, 2) == Approx(1.03).margin(1e-9));
    CHECK(seen(node_type::other, 0, 6) == Approx(1.15).margin(1e-9));
    CHECK(seen(node_type::other, 0, 60) == Approx(1.15).margin(1e-9));
    CHECK(seen(node_type::other, 0, 0) == Approx(1).margin(1e-9));
}

TEST_CASE("resistance ends at 1.5, a task's at 1.1", "[engine][resistance]") {
    CHECK(seen(node_type::episodic, 200, 9) == Approx(1.5).margin(1e-9));
    CHECK(seen(node_type::task, 200, 9) == Approx(1.1).margin(1e-9));
    CHECK(seen(node_type::task, 5) == Approx(1 + .1 * std::tanh(.25)).margin(1e-9));
}

TEST_CASE("active or quiet, a node resists by the formula", "[engine][resistance][law]") {
    law::for_all(200, [](law::gen& g) {
        auto const bed = sown::a_bed(g);
        auto const built = bed.build();
        auto c = resisting();
        c.decay.base = .05;
        c.decay.scope = g.one_of({decay_scope::touched, decay_scope::support}, "support");
        event::decay_tick told;
        auto const note = [&](event::decay_tick const& e) { told = e; };
        auto const engine =
            make_engine(built.graph, built.store, c, pipeline{}.with_sink(note)).value();
        auto field = engine.make_field();
        engine.inject(field, sown::stimuli(g, bed, 20)).value();
        std::vector<double> before(bed.size());
        for (std::size_t n = 0; n < bed.size(); ++n) before[n] = field.energy_of(id_of(n));
        int const frames = g.integer(1, 25, "frames");
        engine.tick(field).value();
        auto const first = told;
        for (int f = 1; f < frames; ++f) engine.tick(field).value();
        double resistant = 0;
        double sum = 0;
        bool const settled = g.flag("settled");
        if (settled) field.settle().value();
        for (std::size_t n = 0; n < bed.size(); ++n) {
            if (before[n] == 0) continue;
            double const r = divisor(before[n], field.energy_of(id_of(n)), .05, frames);
            g.holds(std::fabs(r - formula(bed, n)) < 1e-6, "rate / r decays, pending decay too");
            bool const of_frame =
                c.decay.scope == decay_scope::support || before[n] >= bed.threshold(n, c);
            if (of_frame && formula(bed, n) != 1) resistant += 1, sum += formula(bed, n);
        }
        g.holds(
            static_cast<double>(first.resistant) == resistant,
            "decay.tick counts those that resist");
        if (resistant > 0)
            g.holds(std::fabs(first.mean_resistance - sum / resistant) < 1e-9, "and says how much");
    });
}

TEST_CASE("resistance and consolidation slow the same rate", "[engine][resistance]") {
    sown::bed bed;
    bed.nodes.resize(1);
    bed.nodes[0].type = node_type::memory;
    auto const built = bed.build();
    auto c = resisting();
    c.consolidation.enabled = true;
    auto const engine = make_engine(built.graph, std::as_const(built.store), c).value();
    session s{engine};
    s.field().hold({id_of(0)}).value();
    s.inject(id_of(0), 100).value();
    s.tick().value();
    CHECK(s.energy_of(id_of(0)) == Approx(100 * std::exp(-.5 * .7 / 1.2)).margin(1e-9));
}

TEST_CASE("resistance that is off reads no figure of its own", "[engine][resistance]") {
    sown::bed bed;
    bed.nodes.resize(3);
    bed.nodes[0].type = node_type::memory;
    bed.nodes[1].groups = 9;
    bed.links = {{0, 1, 1}, {1, 2, 1}};
    auto const built = bed.build();
    config plain{.alpha = .3};
    plain.decay.base = .1;
    config set = plain;
    set.resistance.of_type = 1.4;
    set.resistance.degree = 1;
    config ones = plain; // on, and nobody resists
    ones.resistance = {.enabled = true, .degree = 0, .groups = 0, .of_type = 1.0};
    auto const energies = [&](config const& c) {
        auto const engine = make_engine(built.graph, std::as_const(built.store), c).value();
        session s{engine};
        s.inject(id_of(0), 5).value();
        s.run(30).value();
        return std::vector<double>{
            s.energy_of(id_of(0)), s.energy_of(id_of(1)), s.energy_of(id_of(2))};
    };
    CHECK(energies(plain) == energies(set));
    CHECK(energies(plain) == energies(ones));
}
