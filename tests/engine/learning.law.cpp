// SPDX-License-Identifier: MIT
// Learning from end to end: what strides teach reaches the store, and through it what later strides do; nothing else.
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <tuple>
#include <utility>
#include <vector>

#include <runnel/runnel.hpp>

#include "engine/sown.hpp"
#include "support/catch.hpp"
#include "support/law.hpp"

namespace {

using namespace runnel;
using sown::id_of;

/// Not forgetting, so that a weight changes by what is learned alone.
config studying() {
    config c{.alpha = .4, .transfer_cap = 1, .seed = 2};
    c.reader.source = weight::source::unit;
    c.decay.base = 0;
    c.weight_decay.base = 0;
    return c;
}
std::vector<log_weight> weights_of(graph::built const& built) {
    std::vector<log_weight> all;
    for (std::uint32_t l = 0; l < built.graph.link_count(); ++l)
        all.push_back(built.store.lw(link_id{l}));
    return all;
}
void put_back(graph::store& store, std::vector<log_weight> const& all) {
    std::vector<weight_setting> settings;
    for (std::uint32_t l = 0; l < all.size(); ++l) settings.push_back({link_id{l}, all[l]});
    store.assign(settings).value();
}
/// Digests of a life of so many frames on a store that is only read.
std::vector<std::uint64_t> trajectory(graph::built const& built, config const& c, int frames) {
    auto const engine = make_engine(built.graph, std::as_const(built.store), c).value();
    auto field = engine.make_field();
    std::vector<std::uint64_t> all;
    for (int f = 0; f < frames; ++f) {
        if (f % 4 == 0) engine.inject(field, {{id_of(0), 2}, {id_of(1), .5}}).value();
        engine.tick(field).value();
        all.push_back(field.digest());
    }
    return all;
}
/// The page's rule, from the flow.
double taught(learn::config const& c, weight::flow const& f) {
    double const u = f.gap > 0 ? f.z_utility : f.z_flow;
    if (u < c.least_utility || (c.newness_gate && !f.flipped)) return 0;
    double const tier = f.flipped                            ? c.causal * f.causal_share
                        : f.source_active && f.target_active ? c.co_activation
                                                             : c.background;
    double const strong = f.lw.log() > std::log(c.strong_from) ? c.strong_factor : 1;
    return c.eta * f.gross * tier * std::max(c.utility_floor, u)
           * (1 + c.affect * std::tanh(f.affect)) * strong;
}
/// Hears flows on their way to the rule.
struct overhearing {
    std::vector<weight::flow>* flows;
    learn::strengthen by;
    weight::lesson operator()(weight::flow const& f) const {
        flows->push_back(f);
        return by(f);
    }
};

/// a sends to b; whatever the score, it is 2.
struct lesson_seen {
    std::vector<event::weight_update> updates;
    double lw = 0;
    double flow = 0;
    std::uint64_t gated = 0;
};
lesson_seen one_frame(
    double target_before, double threshold, learn::config l = {}, double weight = .5,
    double affect = 0, double injected = 1) {
    sown::bed bed;
    bed.nodes.resize(2);
    bed.nodes[1].threshold = threshold;
    bed.nodes[1].affect = affect;
    bed.links.push_back({0, 1, weight});
    auto built = bed.build();
    lesson_seen seen;
    event::callback const note{
        [&](event::weight_update const& e) { seen.updates.push_back(e); },
        [&](event::stride_exec const& e) { seen.flow = e.gross; },
        [&](event::guard_acted const& e) {
            if (e.guard == "newness_gate") seen.gated += e.count;
        }};
    if (l.utility_floor == 0) l.utility_floor = 2;
    auto const engine = make_engine(
                            built.graph, built.store, studying(),
                            pipeline{}.with_learning(learn::strengthen{l}).with_sink(note))
                            .value();
    session s{engine};
    s.inject(id_of(0), injected).value();
    if (target_before > 0) s.inject(id_of(1), target_before).value();
    s.tick().value();
    seen.lw = built.store.lw(link_id{0}).log();
    return seen;
}

} // namespace

TEST_CASE("each tier is reached through a graph and has its figure", "[engine][learning]") {
    double const lw = std::log(.5);
    auto const causal = one_frame(.3, .5); // .4 arrives: over the threshold
    REQUIRE(causal.updates.size() == 1);
    CHECK(causal.updates[0].tier == event::tier::causal);
    CHECK(causal.updates[0].delta == Approx(.01 * .4 * .6 * 2).epsilon(1e-9));
    CHECK(causal.lw == Approx(lw + .01 * .4 * .6 * 2).margin(1e-7));
    auto const both = one_frame(3, .5);
    REQUIRE(both.updates.size() == 1);
    CHECK(both.updates[0].tier == event::tier::co_activation);
    CHECK(both.updates[0].delta == Approx(.01 * .4 * 2).epsilon(1e-9));
    auto const behind = one_frame(0, 5);
    REQUIRE(behind.updates.size() == 1);
    CHECK(behind.updates[0].tier == event::tier::background);
    CHECK(behind.updates[0].delta == Approx(.01 * .4 * .3 * 2).epsilon(1e-9));
    CHECK(behind.updates[0].lw == Approx(behind.lw).margin(1e-12));
}

TEST_CASE("the newness gate lets only flips teach", "[engine][learning]") {
    learn::config gated;
    gated.newness_gate = true;
    CHECK(one_frame(.3, .5, gated).updates.size() == 1);
    CHECK(one_frame(3, .5, gated).updates.empty());
    CHECK(one_frame(0, 5, gated).updates.empty());
    CHECK(one_frame(3, .5, gated).lw == Approx(std::log(.5)).margin(1e-7));
    CHECK(one_frame(.3, .5, gated).gated == 0); // and says so
    CHECK(one_frame(3, .5, gated).gated == 1);
    CHECK(one_frame(3, .5).gated == 0);
}

TEST_CASE("a gate that acted is told with how many it kept from teaching", "[engine][learning]") {
    sown::bed bed;
    bed.nodes.resize(4);
    bed.links = {{0, 2, .5}, {1, 3, .5}};
    auto built = bed.build();
    for (bool const gate : {true, false}) {
        learn::config gated;
        gated.newness_gate = gate;
        gated.utility_floor = 1;
        std::vector<event::guard_acted> guards;
        auto const note = [&](event::guard_acted const& e) { guards.push_back(e); };
        auto const engine = make_engine(
                                built.graph, built.store, studying(),
                                pipeline{}.with_learning(learn::strengthen{gated}).with_sink(note))
                                .value();
        session s{engine};
        s.inject({{id_of(0), 1}, {id_of(1), 1}, {id_of(2), 1}}).value(); // 3 flips, 2 was active
        CHECK(s.tick().value().learned == (gate ? 1 : 2));
        REQUIRE(guards.size() == (gate ? 1U : 0U));
        if (gate) {
            CHECK(guards[0].guard == "newness_gate");
            CHECK(guards[0].count == 1);
        }
    }
}

TEST_CASE(
    "a target's affect, and a link's strength, change what is learned", "[engine][learning]") {
    auto const plain = one_frame(3, .5);
    auto const moving = one_frame(3, .5, {}, .5, .75);
    REQUIRE(moving.updates.size() == 1);
    CHECK(moving.updates[0].affect_factor == Approx(1 + .3 * std::tanh(.75)).epsilon(1e-9));
    CHECK(
        moving.updates[0].delta
        == Approx(plain.updates[0].delta * (1 + .3 * std::tanh(.75))).epsilon(1e-9));
    CHECK(one_frame(3, .5, {}, .79).updates[0].delta == plain.updates[0].delta);
    CHECK(
        one_frame(3, .5, {}, .81).updates[0].delta
        == Approx(plain.updates[0].delta / 2).epsilon(1e-9));
}

TEST_CASE("a weight ends at its ceiling, one beyond it stays", "[engine][learning]") {
    learn::config eager;
    eager.eta = 100;
    CHECK(one_frame(3, .5, eager).lw == 2);
    CHECK(one_frame(3, .5, eager, std::exp(2.5)).lw == Approx(2.5).margin(1e-7));
    eager.utility_floor = -1; // a lone stride of middling use has score 0: nothing is learned
    CHECK(one_frame(3, .5, eager).lw == Approx(std::log(.5)).margin(1e-7));
}

TEST_CASE(
    "little use weakens down to the floor, hardly any teaches nothing", "[engine][learning]") {
    for (std::size_t const pairs : {4U, 9U}) {
        sown::bed bed;
        bed.nodes.resize(2 * pairs);
        for (std::size_t n = 0; n < pairs; ++n) bed.links.push_back({n, pairs + n, .5});
        auto built = bed.build();
        learn::config l;
        l.eta = 1000;
        l.utility_floor = -2;
        std::vector<event::weight_update> updates;
        auto const note = [&](event::weight_update const& e) { updates.push_back(e); };
        auto const engine = make_engine(
                                built.graph, built.store, studying(),
                                pipeline{}.with_learning(learn::strengthen{l}).with_sink(note))
                                .value();
        session s{engine};
        for (std::size_t n = 0; n < pairs; ++n)
            s.inject({{id_of(n), 1 + static_cast<double>(n)}, {id_of(pairs + n), 1}}).value();
        s.tick().value();
        if (pairs == 4) { // the least of four scores -.84
            REQUIRE(updates.size() == 4);
            CHECK(updates[0].utility == Approx(-.8416212).margin(1e-6));
            CHECK(updates[0].delta < -100);
            CHECK(built.store.lw(link_id{0}).log() == -5);
            CHECK(built.store.lw(link_id{3}).log() == 2);
        } else { // the least of nine -1.28; the middle 0
            REQUIRE(updates.size() == 7);
            CHECK(updates[0].source == id_of(1));
            CHECK(built.store.lw(link_id{0}).log() == Approx(std::log(.5)).margin(1e-7));
        }
    }
}

TEST_CASE("the rule, on any graph", "[engine][learning][law]") {
    law::for_all(120, [](law::gen& g) {
        auto const bed = sown::a_bed(g);
        auto built = bed.build();
        auto c = studying();
        c.split.enabled = g.flag("split");
        c.stickiness.mode = g.one_of({stickiness::off, stickiness::dissipative});
        learn::config l;
        l.eta = g.one_of({.01, 1.0, 20.0}, "eta");
        l.utility_floor = g.one_of({0.0, -5.0, .5}, "utility floor");
        l.newness_gate = g.flag("gate");
        std::vector<weight::flow> flows;
        std::vector<event::weight_update> updates;
        std::vector<event::stride_exec> strides;
        event::callback const note{
            [&](event::weight_update const& e) { updates.push_back(e); },
            [&](event::stride_exec const& e) { strides.push_back(e); }};
        auto const engine =
            make_engine(
                built.graph, built.store, c,
                pipeline{}.with_learning(overhearing{&flows, learn::strengthen{l}}).with_sink(note))
                .value();
        auto field = engine.make_field();
        for (int frame = 0; frame < 8; ++frame) {
            engine.inject(field, sown::stimuli(g, bed, 3)).value();
            auto const before = weights_of(built);
            flows.clear(), updates.clear(), strides.clear();
            auto const r = engine.tick(field).value();
            auto expected = before;
            std::map<std::size_t, double> shares;
            std::size_t learned = 0;
            g.holds(flows.size() == strides.size(), "every stride is seen");
            for (std::size_t i = 0; i < flows.size(); ++i) {
                auto const& f = flows[i];
                if (i > 0)
                    g.holds(
                        std::tuple{index(flows[i - 1].source), index(flows[i - 1].link)}
                            < std::tuple{index(f.source), index(f.link)},
                        "in (source, link) order");
                g.holds(f.lw == before[index(f.link)], "with the weight before");
                if (f.flipped) shares[index(f.target)] += f.causal_share;
                double const delta = taught(l, f);
                auto const at = std::find_if(updates.begin(), updates.end(), [&](auto const& u) {
                    return u.link == f.link;
                });
                if (delta == 0) {
                    g.holds(at == updates.end(), "what teaches nothing is not told");
                    continue;
                }
                if (at == updates.end()) {
                    g.holds(std::fabs(delta) < 1e-7, "only less than a weight can show is untold");
                    continue;
                }
                ++learned;
                g.holds(
                    std::fabs(at->delta - delta) <= 1e-7 + 1e-9 * std::fabs(delta),
                    "delta = eta * flow * tier * max(floor, u) * affect");
                double lw = before[index(f.link)].log();
                lw = delta > 0 ? std::max(lw, std::min(lw + delta, 2.0))
                               : std::min(lw, std::max(lw + delta, -5.0));
                expected[index(f.link)] = log_weight::from_log(lw).value();
                g.holds(std::fabs(at->lw - lw) < 2e-7, "told as it is after");
            }
            for (auto const& [node, sum] : shares)
                g.holds(std::fabs(sum - 1) < 1e-9, "the credit for a flip sums to 1");
            g.holds(r.learned == learned && updates.size() == learned, "the report counts them");
            auto const now = weights_of(built);
            for (std::size_t i = 0; i < now.size(); ++i) {
                g.holds(
                    std::fabs(now[i].log() - expected[i].log()) < 2e-7,
                    "applied at frame end, and no link but those");
                g.holds(
                    now[i].log() <= std::max(2.0, before[i].log())
                        && now[i].log() >= std::min(-5.0, before[i].log()),
                    "never beyond the limits");
            }
            g.holds(field.lessons().changes.empty(), "nothing is left to apply");
        }
    });
}

TEST_CASE("a frame's own energies do not feel what it learns", "[engine][learning][law]") {
    law::for_all(80, [](law::gen& g) {
        auto const bed = sown::a_bed(g);
        auto built = bed.build();
        auto const plain_built = bed.build();
        auto c = studying();
        c.split.enabled = true;
        c.reader.source = g.one_of({weight::source::link, weight::source::raw}, "raw");
        learn::config l;
        l.eta = 5;
        l.utility_floor = 1;
        auto const plain =
            make_engine(plain_built.graph, std::as_const(plain_built.store), c).value();
        auto const yields = make_engine(
                                plain_built.graph, std::as_const(plain_built.store), c,
                                pipeline{}.with_learning(learn::strengthen{l}))
                                .value();
        auto const writes =
            make_engine(built.graph, built.store, c, pipeline{}.with_learning(learn::strengthen{l}))
                .value();
        auto a = plain.make_field();
        auto b = yields.make_field();
        auto w = writes.make_field();
        auto const stamp = plain_built.store.stamp();
        bool same_so_far = true;
        for (int frame = 0; frame < 6; ++frame) {
            auto const given = sown::stimuli(g, bed, 3);
            plain.inject(a, given).value();
            yields.inject(b, given).value();
            writes.inject(w, given).value();
            plain.tick(a).value();
            yields.tick(b).value();
            auto const r = writes.tick(w).value();
            for (std::size_t n = 0; n < bed.size(); ++n) {
                g.holds(
                    a.energy_of(id_of(n)) == b.energy_of(id_of(n)),
                    "lessons nobody applies change no energy");
                if (same_so_far)
                    g.holds(
                        a.energy_of(id_of(n)) == w.energy_of(id_of(n)),
                        "nor do those of this very frame");
            }
            same_so_far = same_so_far && r.learned == 0;
        }
        g.holds(plain_built.store.stamp() == stamp, "a store that is only read stays as it is");
    });
}

TEST_CASE("a const store only yields; applied by hand it is the same", "[engine][learning]") {
    sown::bed bed;
    bed.nodes.resize(4);
    bed.links = {{0, 1, .5}, {1, 2, .5}, {2, 3, .5}, {3, 0, .5}};
    auto mine = bed.build();
    auto theirs = bed.build();
    learn::config l;
    l.utility_floor = 1;
    auto const policies = pipeline{}.with_learning(learn::strengthen{l});
    auto const reads =
        make_engine(mine.graph, std::as_const(mine.store), studying(), policies).value();
    auto const writes = make_engine(theirs.graph, theirs.store, studying(), policies).value();
    auto a = reads.make_field(field_key{7});
    auto b = writes.make_field(field_key{7});
    reads.inject(a, {{id_of(0), 2}, {id_of(2), 1}}).value();
    writes.inject(b, {{id_of(0), 2}, {id_of(2), 1}}).value();
    for (int frame = 0; frame < 5; ++frame) {
        auto const before = weights_of(mine);
        auto const r = reads.tick(a).value();
        writes.tick(b).value();
        CHECK(weights_of(mine) == before);
        CHECK(a.lessons().changes.size() == r.learned);
        CHECK(r.learned > 0);
        auto const taken = a.take_lessons();
        CHECK(taken.field == field_key{7});
        CHECK(taken.frame == static_cast<std::uint64_t>(frame));
        CHECK(a.lessons().changes.empty());
        mine.store.apply({taken}).value();
        CHECK(weights_of(mine) == weights_of(theirs));
        CHECK(a.digest() == b.digest());
    }
}

TEST_CASE("lessons left alone add up until they are taken", "[engine][learning]") {
    sown::bed bed;
    bed.nodes.resize(2);
    bed.links = {{0, 1, .5}};
    auto built = bed.build();
    learn::config l;
    l.utility_floor = 1;
    auto const engine = make_engine(
                            built.graph, std::as_const(built.store), studying(),
                            pipeline{}.with_learning(learn::strengthen{l}))
                            .value();
    auto field = engine.make_field();
    engine.inject(field, id_of(0), 8).value();
    std::uint64_t learned = 0;
    for (int frame = 0; frame < 4; ++frame) learned += engine.tick(field).value().learned;
    CHECK(learned == 4);
    auto const all = field.take_lessons();
    std::int64_t sum = 0;
    for (auto const& change : all.changes) sum += change.delta;
    double const before = built.store.lw(link_id{0}).log();
    built.store.apply({all}).value();
    CHECK(
        built.store.lw(link_id{0}).log() - before
        == Approx(static_cast<double>(sum) * 0x1p-24).margin(1e-7));
    CHECK(field.take_lessons().changes.empty());
}

TEST_CASE(
    "what was learned changes a later course; old weights bring the old one back",
    "[engine][learning]") {
    sown::bed bed;
    bed.nodes.resize(6);
    bed.links = {{0, 1, .5}, {0, 2, .52}, {1, 3, .5}, {2, 4, .5}, {3, 5, .5}, {1, 4, .45}};
    for (auto const source : {weight::source::link, weight::source::unit, weight::source::raw}) {
        auto built = bed.build();
        auto c = studying();
        c.reader.source = source;
        auto const old_weights = weights_of(built);
        auto const old_course = trajectory(built, c, 20);
        {
            learn::config l;
            l.utility_floor = 1;
            l.eta = .05;
            auto cc = c;
            cc.weight_decay.base = 1e-3; // forgetting is undone as well
            cc.weight_decay.every = 3;
            auto const engine = make_engine(
                                    built.graph, built.store, cc,
                                    pipeline{}
                                        .with_cost([](candidate const& to) {
                                            return to.target == id_of(1) ? 0 : 1;
                                        })
                                        .with_learning(learn::strengthen{l}))
                                    .value();
            session s{engine};
            for (int i = 0; i < 10; ++i) {
                s.inject(id_of(0), 2).value();
                s.tick().value();
            }
        }
        CHECK(built.store.lw(link_id{0}) > built.store.lw(link_id{1}));
        CHECK(trajectory(built, c, 20) != old_course);
        put_back(built.store, old_weights);
        CHECK(weights_of(built) == old_weights);
        CHECK(trajectory(built, c, 20) == old_course);
    }
}

TEST_CASE("batches of many fields merge in one order, whatever theirs", "[engine][learning][law]") {
    law::for_all(100, [](law::gen& g) {
        auto const bed = sown::a_bed(g);
        auto c = studying();
        c.split.enabled = true;
        learn::config l;
        l.eta = g.one_of({.1, 10.0}, "eta"); // clamps do not commute
        l.utility_floor = g.one_of({1.0, -1.0}, "utility floor");
        auto const built = bed.build();
        auto const engine = make_engine(
                                built.graph, std::as_const(built.store), c,
                                pipeline{}.with_learning(learn::strengthen{l}))
                                .value();
        std::vector<batch> batches;
        for (std::uint64_t const key : {9U, 2U, 5U}) {
            auto field = engine.make_field(field_key{key});
            for (int frame = 0; frame < 3; ++frame) {
                engine.inject(field, sown::stimuli(g, bed, 2)).value();
                engine.tick(field).value();
                batches.push_back(field.take_lessons());
            }
        }
        auto naive = weights_of(built);
        auto sorted = batches;
        std::sort(sorted.begin(), sorted.end(), [](batch const& a, batch const& b) {
            return std::tuple{a.field, a.frame} < std::tuple{b.field, b.frame};
        });
        for (auto& b : sorted) {
            std::sort(b.changes.begin(), b.changes.end(), [](auto const& x, auto const& y) {
                return std::tuple{x.source, x.link} < std::tuple{y.source, y.link};
            });
            for (auto const& change : b.changes) {
                std::int64_t lw = naive[index(change.link)].raw();
                std::int64_t const aimed = lw + change.delta;
                lw = change.delta > 0
                         ? std::max(lw, std::min(aimed, std::int64_t{change.high.raw()}))
                         : std::min(lw, std::max(aimed, std::int64_t{change.low.raw()}));
                naive[index(change.link)] = log_weight::from_raw(static_cast<std::int32_t>(lw));
            }
        }
        for (int order = 0; order < 3; ++order) {
            auto other = bed.build();
            g.shuffle(batches);
            other.store.apply(batches).value();
            g.holds(weights_of(other) == naive, "by (field key, frame, source, link)");
        }
    });
}

TEST_CASE(
    "weights fall only for an engine that learns, every so many frames", "[engine][learning]") {
    sown::bed bed;
    bed.nodes.resize(2);
    bed.links = {{0, 1, .5, link_type::relates}, {1, 0, .5, link_type::blocks}};
    auto c = studying();
    c.weight_decay.base = 1e-3;
    learn::config l;
    l.eta = 0;
    {
        auto built = bed.build();
        auto const engine = make_engine(built.graph, built.store, c).value();
        session s{engine};
        s.run(130).value();
        CHECK(built.store.lw(link_id{0}).log() == Approx(std::log(.5)).margin(1e-7));
        CHECK_FALSE(built.store.forgot());
    }
    {
        auto built = bed.build();
        auto const engine = make_engine(
                                built.graph, std::as_const(built.store), c,
                                pipeline{}.with_learning(learn::strengthen{l}))
                                .value();
        session s{engine};
        s.run(130).value();
        CHECK_FALSE(built.store.forgot()); // a store that is only read
    }
    for (std::uint32_t const every : {60U, 7U, 1U}) {
        c.weight_decay.every = every;
        auto built = bed.build();
        auto const engine =
            make_engine(built.graph, built.store, c, pipeline{}.with_learning(learn::strengthen{l}))
                .value();
        session s{engine};
        for (std::uint32_t frame = 1; frame <= 2 * every + 1; ++frame) {
            s.tick({.dt = 1, .elapsed = 2}).value();
            double const seconds = 2.0 * (frame / every * every);
            CHECK(
                built.store.lw(link_id{0}).log()
                == Approx(std::log(.5) - 1e-3 * seconds).margin(1e-6));
            CHECK(
                built.store.lw(link_id{1}).log()
                == Approx(std::log(.5) - 3e-3 * seconds).margin(1e-6));
        }
    }
}
