// SPDX-License-Identifier: MIT
// With every mechanism on: a reset field is a new one, a dropped stage never was, doubles tell the same story.
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

config any_of_all(law::gen& g) {
    auto c = sown::everything();
    c.stickiness.mode = g.one_of({stickiness::dissipative, stickiness::retentive});
    c.storage = g.one_of({storage::paged, storage::dense});
    c.decay.scope = g.one_of({decay_scope::touched, decay_scope::support});
    c.max_strides = g.one_of<std::uint64_t>({0, 6}, "max_strides");
    c.fanout.reduction = g.one_of(
        {fanout::reduction::quick, fanout::reduction::certified, fanout::reduction::none},
        "reduction");
    return c;
}
/// Yields lessons and tells all events to somebody who only counts them.
auto policies(cost::context const& now, std::uint64_t& heard) {
    return pipeline{}
        .with_cost(cost::log_additive{now, {.novelty = .5}})
        .with_learning(learn::strengthen{})
        .with_sink(event::callback{
            [&](event::stride_exec const&) { ++heard; }, [&](event::link_flow const&) { ++heard; },
            [&](event::frame_end const&) { ++heard; }});
}

} // namespace

TEST_CASE("a reset field is a new field, whatever was on", "[engine][everything][law]") {
    law::for_all(80, [](law::gen& g) {
        auto const bed = sown::a_bed(g);
        auto const built = bed.build();
        auto const c = any_of_all(g);
        cost::context const now{built.graph};
        std::uint64_t heard = 0;
        auto const engine =
            make_engine(built.graph, std::as_const(built.store), c, policies(now, heard)).value();
        auto used = engine.make_field();
        auto fresh = engine.make_field();
        for (int frame = 0; frame < 10; ++frame) {
            engine.inject(used, sown::stimuli(g, bed, 3)).value();
            if (g.flag()) used.enter_safe_mode();
            if (g.flag()) used.hold({id_of(0)}).value();
            engine.tick(used).value();
        }
        static_cast<void>(used.take_lessons());
        used.reset();
        g.holds(used.digest() == fresh.digest(), "the same state");
        g.holds(used.safe() == fresh.safe(), "safe or not");
        for (int frame = 0; frame < 10; ++frame) {
            auto const given = sown::stimuli(g, bed, 3);
            engine.inject(used, given).value();
            engine.inject(fresh, given).value();
            auto const a = engine.tick(used, {}, report::full).value();
            auto const b = engine.tick(fresh, {}, report::full).value();
            g.holds(used.digest() == fresh.digest(), "and the same life");
            g.holds(
                a.radius == b.radius && a.shadow == b.shadow && a.learned == b.learned
                    && a.mean_radius == b.mean_radius && a.support == b.support,
                "and the same reports");
        }
    });
}

TEST_CASE("a dropped stage never was, whatever was on", "[engine][everything][law]") {
    law::for_all(80, [](law::gen& g) {
        auto const bed = sown::a_bed(g);
        auto const built = bed.build();
        auto const c = any_of_all(g);
        cost::context const now{built.graph};
        std::uint64_t heard = 0;
        auto const engine =
            make_engine(built.graph, std::as_const(built.store), c, policies(now, heard)).value();
        auto a = engine.make_field();
        auto b = engine.make_field();
        for (int frame = 0; frame < 10; ++frame) {
            auto const given = sown::stimuli(g, bed, 2);
            engine.inject(a, given).value();
            engine.inject(b, given).value();
            auto const before = a.digest();
            { auto const dropped = engine.stage(a, {.dt = 3}).value(); }
            g.holds(a.digest() == before, "no bit of it stays");
            auto const ra = engine.tick(a, {}, report::full).value();
            auto const rb = engine.tick(b, {}, report::full).value();
            g.holds(a.digest() == b.digest(), "and the next frame is the same");
            g.holds(ra.shadow == rb.shadow && ra.radius == rb.radius, "and its report");
            g.holds(
                a.lessons().changes.size() == b.lessons().changes.size(), "and what it learned");
        }
    });
}

TEST_CASE("doubles with everything on lose at most rounding", "[engine][everything][law]") {
    law::for_all(80, [](law::gen& g) {
        auto const bed = sown::a_bed(g);
        auto const built = bed.build();
        auto c = any_of_all(g);
        cost::context const now{built.graph};
        std::uint64_t heard = 0;
        auto const engine =
            make_engine(built.graph, std::as_const(built.store), c, policies(now, heard)).value();
        auto field = engine.template make_field<double>();
        for (int frame = 0; frame < 20; ++frame) {
            engine.inject(field, sown::stimuli(g, bed, 2)).value();
            auto const r = engine.tick(field, {}, report::full).value();
            g.holds(std::fabs(r.residual) <= 1e-9 * (1 + r.before + r.injected), "the books close");
            double sum = 0;
            for (std::size_t n = 0; n < bed.size(); ++n) {
                double const e = field.energy_of(id_of(n));
                g.holds(e >= 0, "no energy is negative");
                sum += e;
            }
            g.holds(sum <= field.total() * (1 + 1e-9), "nodes hold no more than the total");
        }
        field.settle().value();
        double sum = 0;
        for (std::size_t n = 0; n < bed.size(); ++n) sum += field.energy_of(id_of(n));
        g.holds(std::fabs(sum - field.total()) <= 1e-9 * (1 + sum), "settled, they sum to it");
    });
}

TEST_CASE("hearing, reporting and yielding lessons change no energy", "[engine][everything][law]") {
    law::for_all(80, [](law::gen& g) {
        auto const bed = sown::a_bed(g);
        auto const built = bed.build();
        auto const c = any_of_all(g);
        cost::context const now{built.graph};
        std::uint64_t heard = 0;
        auto const loud =
            make_engine(built.graph, std::as_const(built.store), c, policies(now, heard)).value();
        auto const silent = make_engine(
                                built.graph, std::as_const(built.store), c,
                                pipeline{}.with_cost(cost::log_additive{now, {.novelty = .5}}))
                                .value();
        auto a = loud.make_field();
        auto b = silent.make_field();
        for (int frame = 0; frame < 12; ++frame) {
            auto const given = sown::stimuli(g, bed, 2);
            loud.inject(a, given).value();
            silent.inject(b, given).value();
            loud.tick(a, {}, report::full).value();
            silent.tick(b).value();
            for (std::size_t n = 0; n < bed.size(); ++n)
                g.holds(
                    a.energy_of(id_of(n)) == b.energy_of(id_of(n))
                        && a.received(id_of(n)) == b.received(id_of(n))
                        && a.familiarity(id_of(n)) == b.familiarity(id_of(n)),
                    "no bit differs");
        }
        g.holds(heard > 0, "something was told");
    });
}
