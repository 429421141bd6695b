// SPDX-License-Identifier: MIT
// The radius: hops from the seeds, by the shortest way energy went, as a naive recursion has it.
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <utility>
#include <vector>

#include <runnel/runnel.hpp>

#include "engine/sown.hpp"
#include "support/catch.hpp"
#include "support/law.hpp"

namespace {

using namespace runnel;
using sown::id_of;

constexpr std::uint32_t far = std::numeric_limits<std::uint32_t>::max();

config tracking() {
    config c{.alpha = .3, .transfer_cap = 1};
    c.track_radius = true;
    return c;
}

} // namespace

TEST_CASE("a chain's radius grows by a hop a frame", "[engine][radius]") {
    sown::bed bed;
    bed.nodes.resize(6);
    for (std::size_t n = 0; n < 5; ++n) bed.links.push_back({n, n + 1, 1});
    auto const built = bed.build();
    auto c = tracking();
    c.decay.base = 0;
    c.threshold = 0;
    auto const engine = make_engine(built.graph, std::as_const(built.store), c).value();
    session s{engine};
    s.inject(id_of(0), 1000).value();
    for (std::uint32_t frame = 1; frame <= 5; ++frame) {
        auto const r = s.tick({}, report::full).value();
        CHECK(r.radius == frame);
        double sum = 0;
        for (std::size_t n = 0; n < 6; ++n) sum += static_cast<double>(n) * s.energy_of(id_of(n));
        CHECK(r.mean_radius == Approx(sum / 1000).epsilon(1e-9));
    }
    for (std::size_t n = 0; n < 6; ++n) CHECK(s.field().radius(id_of(n)) == n);
    s.inject(id_of(4), 1).value(); // a seed from now on
    CHECK(s.field().radius(id_of(4)) == 0);
    CHECK(s.field().radius(id_of(5)) == 5);
    s.tick().value();
    CHECK(s.field().radius(id_of(5)) == 1);              // by the shorter way
    CHECK(s.tick({}, report::full).value().radius == 3); // node 3
    CHECK(s.tick().value().radius == 0);                 // a brief report does not look
}

TEST_CASE("radii are the least hops over what was sent", "[engine][radius][law]") {
    law::for_all(300, [](law::gen& g) {
        auto const bed = sown::a_bed(g);
        auto const built = bed.build();
        auto c = tracking();
        c.split.enabled = g.flag("split");
        c.decay.base = g.one_of({0.0, .2}, "decay");
        c.decay.scope = decay_scope::support;
        c.storage = g.one_of({storage::paged, storage::dense});
        c.retry_budget = g.one_of({0U, 2U}, "retry");
        std::vector<event::stride_exec> strides;
        auto const note = [&](event::stride_exec const& e) { strides.push_back(e); };
        auto const engine =
            make_engine(built.graph, built.store, c, pipeline{}.with_sink(note)).value();
        auto field = engine.make_field();
        std::vector<std::uint32_t> hops(bed.size(), far);
        int const frames = g.integer(1, 10, "frames");
        for (int f = 0; f < frames; ++f) {
            auto const given = sown::stimuli(g, bed, 2);
            engine.inject(field, given).value();
            for (auto const& s : given) hops[index(s.node)] = 0;
            strides.clear();
            auto const r = engine.tick(field, {}, report::full).value();
            auto const before = hops;
            for (auto const& e : strides) {
                g.holds(before[index(e.source)] != far, "who sends was reached");
                auto& to = hops[index(e.target)];
                to = std::min(to, before[index(e.source)] + 1);
            }
            std::uint32_t farthest = 0;
            double sum = 0;
            double total = 0;
            for (std::size_t n = 0; n < bed.size(); ++n) {
                g.holds(
                    field.radius(id_of(n)) == (hops[n] == far ? 0 : hops[n]),
                    "the least of all ways, by the senders' radii before the frame");
                double const e = field.energy_of(id_of(n));
                if (e == 0) continue;
                farthest = std::max(farthest, hops[n]);
                sum += e * hops[n];
                total += e;
            }
            g.holds(r.radius == farthest, "the report has the farthest node with energy");
            g.holds(
                std::fabs(r.mean_radius - (total > 0 ? sum / total : 0)) < 1e-6,
                "and the mean, weighted by energy");
        }
        field.begin_query();
        for (std::size_t n = 0; n < bed.size(); ++n)
            g.holds(field.radius(id_of(n)) == 0, "a new query begins anew");
    });
}

TEST_CASE("what a new query finds with energy is where it begins", "[engine][radius]") {
    sown::bed bed;
    bed.nodes.resize(4);
    bed.links = {{0, 1, 1}, {1, 2, 1}, {2, 3, 1}};
    auto const built = bed.build();
    auto const engine = make_engine(built.graph, std::as_const(built.store), tracking()).value();
    session s{engine};
    s.inject(id_of(0), 10).value();
    s.run(2).value();
    s.begin_query(); // 0, 1 and 2 hold energy, their radius is 0
    auto const r = s.tick({}, report::full).value();
    for (std::size_t n = 0; n < 3; ++n) CHECK(s.field().radius(id_of(n)) == 0);
    CHECK(s.field().radius(id_of(3)) == 1);
    CHECK(r.radius == 1);
}

TEST_CASE("a mean radius weighs what nodes hold now", "[engine][radius]") {
    sown::bed bed;
    bed.nodes.resize(3);
    bed.links = {{0, 1, 1}};
    auto const built = bed.build();
    auto c = tracking();
    c.decay.base = .2;
    auto const engine = make_engine(built.graph, std::as_const(built.store), c).value();
    session s{engine};
    s.inject({{id_of(0), 1}, {id_of(2), .09}}).value(); // 2 is quiet and owes its decay
    frame_report r;
    for (int frame = 0; frame < 3; ++frame) r = s.tick({}, report::full).value();
    double const total = s.energy_of(id_of(0)) + s.energy_of(id_of(1)) + s.energy_of(id_of(2));
    CHECK(r.mean_radius == Approx(s.energy_of(id_of(1)) / total).epsilon(1e-9));
}

TEST_CASE("untracked, nobody counts hops", "[engine][radius]") {
    sown::bed bed;
    bed.nodes.resize(2);
    bed.links.push_back({0, 1, 1});
    auto const built = bed.build();
    auto const engine = make_engine(built.graph, std::as_const(built.store), {}).value();
    session s{engine};
    s.inject(id_of(0), 1).value();
    auto const r = s.tick({}, report::full).value();
    CHECK(r.strides == 1);
    CHECK(r.radius == 0);
    CHECK(r.mean_radius == 0);
    CHECK(s.field().radius(id_of(1)) == 0);
}
