// SPDX-License-Identifier: MIT
// Time in pieces: half the step and twice the frames come closer to the same story, as steps do; moves come before decay.
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

/// Energies after `seconds`, in so many frames.
std::vector<double> after(
    sown::bed const& bed, config const& c, std::vector<stimulus> const& given, double seconds,
    int frames) {
    auto const built = bed.build();
    auto const engine = make_engine(built.graph, std::as_const(built.store), c).value();
    session s{engine};
    s.inject(std::span<stimulus const>{given}).value();
    s.run(static_cast<std::uint64_t>(frames), {.dt = seconds / frames}).value();
    std::vector<double> energies;
    for (std::size_t n = 0; n < bed.size(); ++n) energies.push_back(s.energy_of(id_of(n)));
    return energies;
}
double apart(std::vector<double> const& a, std::vector<double> const& b) {
    double most = 0;
    for (std::size_t n = 0; n < a.size(); ++n) most = std::max(most, std::fabs(a[n] - b[n]));
    return most;
}
/// Everything that has energy sends, along all links, as the softmax says: no choice that could jump.
config smooth() {
    config c{.alpha = .1, .transfer_cap = 1, .min_transfer = 0, .threshold = 0};
    c.reader.source = weight::source::unit;
    c.fanout.reduction = fanout::reduction::none;
    c.split = {.enabled = true, .all_kept = true};
    c.decay.base = .02;
    c.decay.flush_below = 0;
    return c;
}

} // namespace

TEST_CASE("moves before decay: two types tell the order", "[engine][time]") {
    graph::builder b;
    auto const from = b.node(node_type::concept_);
    auto const to = b.node(node_type::other);
    b.link({from, to, 1});
    auto const built = std::move(b).build().value();
    config c{.alpha = .1, .transfer_cap = 1};
    c.reader.source = weight::source::unit;
    c.decay.base = .1;
    c.decay.multiplier = per_type<double>{1}.with(node_type::concept_, 0);
    auto const engine = make_engine(built.graph, std::as_const(built.store), c).value();
    session s{engine};
    s.inject(from, 100).value();
    s.tick().value();
    CHECK(s.energy_of(from) == Approx(90).margin(1e-9));
    CHECK(s.energy_of(to) == Approx(10 * std::exp(-.1)).margin(1e-9)); // 9.0484, and not 10
    CHECK(s.energy_of(to) == Approx(9.0484).margin(5e-5));
}

TEST_CASE("halving the step halves its error", "[engine][time][law]") {
    law::for_all(60, [](law::gen& g) {
        auto bed = sown::a_bed(g, 8);
        for (auto& p : bed.nodes) p.threshold = -1;
        auto given = sown::stimuli(g, bed);
        given.push_back({id_of(0), 1});
        double total = 0;
        for (auto const& s : given) total += s.units;
        auto const c = smooth();
        auto const fine = after(bed, c, given, 4, 1024);
        double const e8 = apart(after(bed, c, given, 4, 8), fine);
        double const e16 = apart(after(bed, c, given, 4, 16), fine);
        double const e32 = apart(after(bed, c, given, 4, 32), fine);
        double const e64 = apart(after(bed, c, given, 4, 64), fine);
        g.show("error at 1/2 s", e8), g.show("error at 1/16 s", e64);
        g.holds(e64 <= .05 * total * 4 / 64, "the error is of the order of the step");
        g.holds(
            e16 <= .56 * e8 + 1e-7 && e32 <= .56 * e16 + 1e-7 && e64 <= .56 * e32 + 1e-7,
            "half the step, half the error");
    });
}

TEST_CASE("the exponential step knows no step for a lone link", "[engine][time]") {
    sown::bed bed;
    bed.nodes.resize(2);
    bed.links.push_back({0, 1, 1});
    auto c = smooth();
    c.decay.base = 0;
    c.step = step_rule::exponential;
    for (int const frames : {1, 2, 7, 64}) {
        auto const e = after(bed, c, {{id_of(0), 10}}, 5, frames);
        CHECK(e[0] == Approx(10 * std::exp(-.5)).margin(1e-9));
    }
    c.step = step_rule::linear;
    CHECK(after(bed, c, {{id_of(0), 10}}, 5, 1)[0] == Approx(5).margin(1e-9));
    CHECK(after(bed, c, {{id_of(0), 10}}, 5, 2)[0] == Approx(5.625).margin(1e-9));
}

TEST_CASE("the cap holds however long the step", "[engine][time]") {
    sown::bed bed;
    bed.nodes.resize(2);
    bed.links.push_back({0, 1, std::exp(2)}); // the ceiling of learning
    config c{.alpha = .1};
    c.reader.source = weight::source::raw;
    c.decay.base = 0;
    // without it x = .1 * 10 * e^2: 739 % of what is there
    CHECK(after(bed, c, {{id_of(0), 1}}, 10, 1)[0] == Approx(.8).margin(1e-11));
    c.transfer_cap = 1;
    CHECK(after(bed, c, {{id_of(0), 1}}, 10, 1)[0] == Approx(0).margin(1e-11));
}
