// SPDX-License-Identifier: MIT
// Everything at once: two hundred frames with every mechanism on, learning and heard, and the books stay closed.
#include <array>
#include <bit>
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

/// What moved, learned, woke, was protected, was retried: that a mechanism is on does not say that it acted.
struct tally {
    std::uint64_t strides = 0, lessons = 0, flips = 0, explored = 0, retried = 0;
    std::uint64_t protected_ = 0, resistant = 0, dissipated = 0, shared = 0, safe = 0;
    std::uint64_t heard = 0; ///< a hash of all that was told
};
auto listening(tally& t) {
    auto const mix = [&t](double x) {
        t.heard = (t.heard ^ std::bit_cast<std::uint64_t>(x)) * 0x100000001B3U;
    };
    return event::callback{
        [&t, mix](event::stride_exec const& e) {
            ++t.strides;
            t.explored += e.reason == event::reason::explore ? 1U : 0U;
            t.retried += e.reason == event::reason::retry ? 1U : 0U;
            t.shared += e.share < 1 ? 1U : 0U;
            mix(e.gross), mix(e.utility), mix(e.z_flow), mix(e.score);
        },
        [&t, mix](event::node_flip const& e) { ++t.flips, mix(e.before), mix(e.after); },
        [&t, mix](event::weight_update const& e) { ++t.lessons, mix(e.delta), mix(e.lw); },
        [mix](event::link_flow const& e) { mix(e.energy), mix(e.dominance); },
        [&t, mix](event::decay_tick const& e) {
            t.protected_ += e.consolidated, t.resistant += e.resistant, mix(e.decayed);
        },
        [&t, mix](event::frame_end const& e) {
            t.dissipated += e.dissipated > 0 ? 1U : 0U;
            t.safe += e.safe ? 1U : 0U;
            mix(e.after), mix(e.transferred), mix(e.mean_radius);
        }};
}

/// Forty nodes, two hundred links, all types.
sown::bed wood() {
    sown::bed bed;
    for (std::size_t n = 0; n < 40; ++n) {
        sown::plant p;
        p.type = node_type{static_cast<std::uint16_t>(n % 12)};
        p.threshold = n % 5 == 0 ? .3 : -1;
        p.affect = static_cast<double>(n % 6) / 4;
        p.groups = static_cast<std::uint16_t>(1 + n % 7);
        p.consolidated = n % 3 == 0;
        bed.nodes.push_back(p);
    }
    for (std::size_t i = 0; i < 200; ++i) {
        std::size_t const to = (i * i * 3 + 7 * i + 1) % 40;
        std::array<double, 5> const weights{1, .5, .25, 2, .9};
        bed.links.push_back(
            {i < 25 ? 0 : i % 40, to, weights[i % 5],
             link_type{static_cast<std::uint16_t>(i % 5)}});
    }
    return bed;
}
/// A life of two hundred frames; `each` sees field and report after every one.
template <class Each> std::uint64_t life(config const& c, tally& t, Each&& each) {
    auto const bed = wood();
    auto built = bed.build();
    auto const engine = make_engine(
                            built.graph, built.store, c,
                            pipeline{}.with_learning(learn::strengthen{}).with_sink(listening(t)))
                            .value();
    auto field = engine.make_field();
    field.hold({id_of(1), id_of(2), id_of(3)}).value();
    std::uint64_t stamp = 0;
    for (std::uint64_t frame = 0; frame < 200; ++frame) {
        if (frame % 3 == 0)
            engine
                .inject(
                    field, {{id_of((frame * 7) % 40), 1.5},
                            {id_of((frame * 13 + 1) % 40), .07},
                            {id_of(0), 1}})
                .value();
        if (frame % 50 == 20) field.enter_safe_mode();
        if (frame % 50 == 30) field.leave_safe_mode();
        if (frame % 70 == 69) field.begin_query();
        double const dt = frame % 4 == 0 ? 2.5 : 1;
        time_step const step{
            .dt = dt, .elapsed = frame % 11 == 10 ? 40 : dt, .headroom = frame % 2 == 0 ? .1 : 1};
        each(field, engine.tick(field, step, report::full).value());
        stamp = (stamp ^ field.digest()) * 0x100000001B3U;
    }
    return stamp;
}
config all_on(storage how) {
    auto c = sown::everything();
    c.storage = how;
    return c;
}

} // namespace

TEST_CASE("everything on: the books close, and all of it acted", "[engine][everything]") {
    auto const mode = GENERATE(stickiness::dissipative, stickiness::retentive);
    auto c = all_on(storage::paged);
    c.stickiness.mode = mode;
    tally t;
    std::size_t frames = 0;
    life(c, t, [&](field const& f, frame_report const& r) {
        ++frames;
        bool negative = false;
        for (std::size_t n = 0; n < 40; ++n) negative = negative || f.energy_of(id_of(n)) < 0;
        REQUIRE_FALSE(negative);
        REQUIRE(r.residual == 0);
        REQUIRE(r.residual_relative == 0);
        REQUIRE(f.books().residual() == 0);
        for (std::uint16_t type = 0; type < 12; ++type)
            REQUIRE(f.books(node_type{type}).residual() == 0);
    });
    CHECK(frames == 200);
    CHECK(t.strides > 1000);
    CHECK(t.lessons > 100);
    CHECK(t.flips > 50);
    CHECK(t.explored > 10);
    CHECK(t.retried > 0);
    CHECK(t.shared > 100);
    CHECK(t.protected_ > 100);
    CHECK(t.resistant > 100);
    CHECK((t.dissipated > 0) == (mode == stickiness::dissipative));
    CHECK(t.safe == 40);
}

TEST_CASE("everything on: the same twice, paged or dense", "[engine][everything]") {
    std::vector<std::uint64_t> digests;
    tally one;
    auto const first = life(all_on(storage::paged), one, [&](field const& f, frame_report const&) {
        digests.push_back(f.digest());
    });
    for (auto const how : {storage::paged, storage::dense}) {
        tally again;
        std::size_t frame = 0;
        std::size_t differs = 0;
        auto const second = life(all_on(how), again, [&](field const& f, frame_report const&) {
            differs += f.digest() == digests[frame++] ? 0U : 1U;
        });
        CHECK(differs == 0);
        CHECK(second == first);
        CHECK(again.heard == one.heard);
    }
}

TEST_CASE("another seed is another life", "[engine][everything]") {
    auto c = all_on(storage::paged);
    auto const nothing = [](field const&, frame_report const&) {};
    tally a;
    tally b;
    auto const first = life(c, a, nothing);
    c.seed = 12;
    CHECK(life(c, b, nothing) != first);
    CHECK(a.heard != b.heard);
}

TEST_CASE("everything on, on any graph", "[engine][everything][law]") {
    law::for_all(40, [](law::gen& g) {
        auto const bed = sown::a_bed(g);
        auto paged = bed.build();
        auto dense = bed.build();
        auto c = sown::everything();
        c.stickiness.mode = g.one_of({stickiness::dissipative, stickiness::retentive});
        auto const a =
            make_engine(paged.graph, paged.store, c, pipeline{}.with_learning(learn::strengthen{}))
                .value();
        c.storage = storage::dense;
        auto const b =
            make_engine(dense.graph, dense.store, c, pipeline{}.with_learning(learn::strengthen{}))
                .value();
        auto fa = a.make_field();
        auto fb = b.make_field();
        for (int frame = 0; frame < 40; ++frame) {
            auto const given = sown::stimuli(g, bed, 2);
            a.inject(fa, given).value();
            b.inject(fb, given).value();
            auto const r = a.tick(fa, {}, report::full).value();
            b.tick(fb, {}, report::full).value();
            g.holds(r.residual == 0, "the books close");
            g.holds(fa.digest() == fb.digest(), "paged or dense");
            double most = 0;
            for (std::size_t n = 0; n < bed.size(); ++n) {
                g.holds(fa.energy_of(id_of(n)) >= 0, "no energy is negative");
                most += fa.energy_of(id_of(n));
            }
            g.holds(most <= fa.total(), "nodes hold no more than the total");
            for (std::size_t n = 0; n < bed.size(); ++n) {
                auto const l = paged.store.links(id_of(n));
                auto const m = dense.store.links(id_of(n));
                auto at = m.begin();
                for (auto const& link : l) {
                    g.holds(link.lw == (*at).lw, "the same was learned");
                    ++at;
                }
            }
        }
    });
}
