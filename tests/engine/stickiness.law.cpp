// SPDX-License-Identifier: MIT
// Stickiness: who holds on to what, what is lost on the way, and that off is not there.
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

#include <runnel/runnel.hpp>

#include "engine/sown.hpp"
#include "support/catch.hpp"
#include "support/law.hpp"

namespace {

using namespace runnel;
using sown::id_of;
using sown::quantum;

/// The page's table and formula, written out once more.
double hold_of(sown::bed const& b, std::size_t n) {
    double s = .6;
    switch (b.nodes[n].type) {
    case node_type::memory:
    case node_type::episodic: s = .9; break;
    case node_type::principle: s = .85; break;
    case node_type::event: s = .4; break;
    case node_type::task: s = .3; break;
    default: break;
    }
    if (b.nodes[n].consolidated) s += .2;
    s += .1 * std::tanh(b.degree(n) / 20);
    return std::clamp(s, .1, 1.0);
}

config sticking(stickiness mode) {
    config c{.alpha = .2, .transfer_cap = 1, .seed = 3};
    c.stickiness.mode = mode;
    c.split = {.enabled = true, .k = 3};
    c.reader.source = weight::source::unit;
    return c;
}

/// a of one type sends to b of another.
struct pair_of {
    sown::bed bed;
    explicit pair_of(sown::plant target, std::size_t links = 0) {
        bed.nodes.assign(2 + links, {});
        bed.nodes[1] = target;
        bed.links.push_back({0, 1, 1});
        for (std::size_t n = 0; n < links; ++n) bed.links.push_back({1, 2 + n, 1});
    }
    [[nodiscard]] double kept(config c) const {
        c.stickiness.mode = stickiness::dissipative;
        c.alpha = .5;
        c.transfer_cap = .5;
        c.decay.base = 0;
        c.reader.source = weight::source::unit;
        auto const built = bed.build();
        auto const engine = make_engine(built.graph, built.store, c).value();
        session s{engine};
        s.inject(id_of(0), 2).value();
        s.tick().value();
        return s.energy_of(id_of(1)); // of one unit sent
    }
};

} // namespace

TEST_CASE("a target keeps its type's share of what arrives", "[engine][stickiness]") {
    struct row {
        node_type type;
        double kept;
    };
    for (auto const& [type, kept] :
         {row{node_type::memory, .9}, row{node_type::episodic, .9}, row{node_type::principle, .85},
          row{node_type::other, .6}, row{node_type::concept_, .6}, row{node_type::person, .6},
          row{node_type::event, .4}, row{node_type::task, .3}})
        CHECK(pair_of({.type = type}).kept({}) == Approx(kept).margin(1e-11));
}

TEST_CASE("being consolidated and having links add to it, up to all", "[engine][stickiness]") {
    CHECK(
        pair_of({.type = node_type::task, .consolidated = true}).kept({})
        == Approx(.5).margin(1e-11));
    CHECK(
        pair_of({.type = node_type::memory, .consolidated = true}).kept({})
        == Approx(1).margin(1e-11));
    CHECK(
        pair_of({.type = node_type::task}, 20).kept({})
        == Approx(.3 + .1 * std::tanh(1.0)).margin(1e-11));
    config low;
    low.stickiness.of_type = 0;
    CHECK(pair_of({.type = node_type::task}).kept(low) == Approx(.1).margin(1e-11));
    low.stickiness.of_type = 1;
    CHECK(pair_of({.type = node_type::task}).kept(low) == 1);
    low.stickiness.of_type.set(node_type::task, .25);
    CHECK(pair_of({.type = node_type::task}).kept(low) == .25); // a type's own figure
}

TEST_CASE("dissipation books what it loses, to the quantum", "[engine][stickiness][law]") {
    law::for_all(200, [](law::gen& g) {
        auto const bed = sown::a_bed(g);
        auto const built = bed.build();
        std::vector<event::stride_exec> strides;
        auto const note = [&](event::stride_exec const& e) { strides.push_back(e); };
        auto const engine = make_engine(
                                built.graph, built.store, sticking(stickiness::dissipative),
                                pipeline{}.with_sink(note))
                                .value();
        auto field = engine.make_field();
        double dissipated_so_far = 0;
        std::vector<double> received(bed.size());
        for (int frame = 0; frame < 8; ++frame) {
            engine.inject(field, sown::stimuli(g, bed)).value();
            strides.clear();
            auto const r = engine.tick(field, {}, report::full).value();
            double lost = 0;
            for (auto const& e : strides) {
                g.holds(e.loss == e.gross - e.retained, "loss is gross less retained");
                g.holds(e.loss >= 0 && e.retained >= 0, "neither part is negative");
                g.holds(
                    std::fabs(e.retained - hold_of(bed, index(e.target)) * e.gross)
                        <= quantum * (1 + e.gross),
                    "the target keeps s of what was sent");
                lost += e.loss;
                received[index(e.target)] += e.retained;
            }
            dissipated_so_far += lost;
            g.holds(r.residual == 0, "the books close exactly");
            g.holds(r.dissipated == lost, "the frame's loss is that of its strides");
            g.holds(
                r.before + r.injected == r.after + r.decayed + r.dissipated + r.flushed,
                "before + injected = after + decayed + dissipated + flushed");
            auto const books = field.books();
            g.holds(books.sent == books.arrived + books.dissipated, "sent = arrived + dissipated");
            g.holds(
                balance<energy>::units(books.dissipated) == dissipated_so_far,
                "the losses of all frames are in the books");
            for (std::size_t n = 0; n < bed.size(); ++n)
                g.holds(field.received(id_of(n)) == received[n], "a node received what it kept");
        }
    });
}

TEST_CASE("holding back loses nothing; a sticky node sends less", "[engine][stickiness][law]") {
    law::for_all(200, [](law::gen& g) {
        auto const bed = sown::a_bed(g);
        auto const built = bed.build();
        auto c = sticking(stickiness::retentive);
        c.decay.base = 0;
        c.decay.flush_below = 0;
        c.split.enabled = g.flag("split");
        std::vector<event::stride_exec> strides;
        auto const note = [&](event::stride_exec const& e) { strides.push_back(e); };
        auto const engine =
            make_engine(built.graph, built.store, c, pipeline{}.with_sink(note)).value();
        auto field = engine.make_field();
        double injected = 0;
        for (int frame = 0; frame < 6; ++frame) {
            auto const given = sown::stimuli(g, bed);
            for (auto const& s : given) injected += s.units;
            engine.inject(field, given).value();
            strides.clear();
            auto const r = engine.tick(field, {}, report::full).value();
            g.holds(r.dissipated == 0 && r.residual == 0, "nothing is lost");
            g.holds(field.total() == injected, "the total is what was injected");
            for (auto const& e : strides) {
                g.holds(e.loss == 0 && e.retained == e.gross, "all that is sent arrives");
                double const throttle = std::max(.05, 1 - hold_of(bed, index(e.source)));
                double const sent = e.source_before * .2 * throttle * e.share;
                g.holds(
                    std::fabs(e.gross - sent) <= 2 * quantum * (1 + e.source_before),
                    "a source sends max(.05, 1 - s) of what it would");
            }
        }
    });
}

TEST_CASE("stickiness that is off reads no figure of its own", "[engine][stickiness][law]") {
    law::for_all(60, [](law::gen& g) {
        auto const bed = sown::a_bed(g);
        auto const built = bed.build();
        auto plain = sticking(stickiness::off);
        auto set = plain;
        set.stickiness.of_type = .2;
        set.stickiness.consolidated = 1;
        set.stickiness.degree = 1;
        auto one = plain; // a share of 1 keeps the same, the long way round
        one.stickiness.mode = stickiness::dissipative;
        one.stickiness.of_type = 1;
        auto const a = make_engine(built.graph, std::as_const(built.store), plain).value();
        auto const b = make_engine(built.graph, std::as_const(built.store), set).value();
        auto const c = make_engine(built.graph, std::as_const(built.store), one).value();
        auto fa = a.make_field();
        auto fb = b.make_field();
        auto fc = c.make_field();
        for (int frame = 0; frame < 6; ++frame) {
            auto const given = sown::stimuli(g, bed);
            for (auto* f : {&fa, &fb, &fc}) a.inject(*f, given).value();
            auto const ra = a.tick(fa).value();
            b.tick(fb).value();
            c.tick(fc).value();
            g.holds(fa.digest() == fb.digest(), "figures of a mechanism that is off change no bit");
            g.holds(ra.dissipated == 0, "nothing is lost where nothing sticks");
            for (std::size_t n = 0; n < bed.size(); ++n)
                g.holds(
                    std::fabs(fa.energy_of(id_of(n)) - fc.energy_of(id_of(n))) < 1e-9,
                    "keeping all is what off does, up to rounding");
        }
    });
}
