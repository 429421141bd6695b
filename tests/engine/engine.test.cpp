// SPDX-License-Identifier: MIT
// What an engine, a session and a ranking do, one behaviour at a time.
#include <optional>
#include <string>
#include <utility>

#include <runnel/engine.hpp>

#include "support/catch.hpp"

namespace {

using namespace runnel;

/// a -> b -> c with weights .9 and .8, and a heavier way a -> d.
struct chain {
    chain() {
        graph::builder build;
        a = build.node("a");
        b = build.node("b");
        c = build.node("c");
        d = build.node("d");
        build.link({a, b, .5}).link({b, c, .8}).link({a, d, .9});
        made.emplace(std::move(build).build().value());
    }
    node_id a{}, b{}, c{}, d{};
    std::optional<graph::built> made;
    [[nodiscard]] auto engine(config const& settings = {}) const {
        return make_engine(made->graph, std::as_const(made->store), settings).value();
    }
};

constexpr weight::config alike{.source = weight::source::unit};
constexpr config still{.alpha = .1, .transfer_cap = 1, .reader = alike, .decay = {.base = 0}};

} // namespace

TEST_CASE("energy goes along the heaviest link, alpha*dt of it", "[engine]") {
    chain const g;
    auto const engine = g.engine(still);
    session s{engine};
    s.inject(g.a, 1).value();
    auto const report = s.tick({.dt = 2}).value();
    CHECK(report.strides == 1);
    CHECK(s.energy_of(g.d) == Approx(.2).margin(1e-11));
    CHECK(s.energy_of(g.b) == 0);
    CHECK(s.received(g.d) == s.energy_of(g.d));
    CHECK(s.received(g.a) == 0); // injections are not received
}

TEST_CASE("the cap bounds what one frame moves, and the report says so", "[engine]") {
    chain const g;
    auto const engine = g.engine({.alpha = .1, .decay = {.base = 0}});
    session s{engine};
    s.inject(g.a, 1).value();
    auto const report = s.tick({.dt = 10}).value();
    CHECK(report.capped == 1);
    CHECK(s.energy_of(g.a) == Approx(.8).margin(1e-11));
}

TEST_CASE("the exponential step sends 1 - e^-x", "[engine]") {
    chain const g;
    config settings = still;
    settings.step = step_rule::exponential;
    auto const engine = g.engine(settings);
    session s{engine};
    s.inject(g.a, 1).value();
    s.tick({.dt = 10}).value();
    CHECK(s.energy_of(g.d) == Approx(1 - math::exp(-1)).margin(1e-11));
}

TEST_CASE("a node that becomes active sends in the next frame", "[engine]") {
    chain const g;
    auto const engine = g.engine({.alpha = .5, .transfer_cap = .5, .decay = {.base = 0}});
    session s{engine};
    s.inject(g.b, 1).value();
    auto const first = s.tick().value();
    CHECK(first.switched_on == 1);
    CHECK(first.active == 2);
    CHECK(s.energy_of(g.c) == .5);
    CHECK(s.tick().value().strides == 1); // c has nowhere to send
}

TEST_CASE("a transfer must be above min_transfer", "[engine]") {
    chain const g;
    config settings = still;
    settings.min_transfer = .1;
    auto const engine = g.engine(settings);
    session s{engine};
    s.inject(g.a, 1).value();
    auto const report = s.tick().value();
    CHECK(report.strides == 0);
    CHECK(report.skipped == 1);
    CHECK(s.energy_of(g.a) == 1);
}

TEST_CASE("a node's own threshold counts before its type's", "[engine]") {
    graph::builder build;
    auto const a = build.node();
    auto const b = build.node();
    build.link({a, b, 1}).threshold(a, 2);
    auto const made = std::move(build).build().value();
    auto const engine = make_engine(made.graph, made.store, still).value();
    session s{engine};
    s.inject(a, 1).value();
    CHECK(s.field().active().empty());
    CHECK(s.tick().value().out_of_reach == false); // .1 would do for b
    s.inject(a, 1).value();
    CHECK(s.field().active().size() == 1);
}

TEST_CASE("a report warns when no node can ever be active", "[engine]") {
    chain const g;
    auto const engine = g.engine({.threshold = 5});
    session s{engine};
    s.inject(g.a, 1).value();
    CHECK(s.tick().value().out_of_reach);
    s.inject(g.a, 5).value();
    CHECK_FALSE(s.tick().value().out_of_reach);
}

TEST_CASE("decay runs on elapsed time, transfers on dt", "[engine]") {
    chain const g;
    auto const engine = g.engine({.alpha = .1, .reader = alike, .decay = {.base = .1}});
    session s{engine};
    s.inject(g.a, 1).value();
    s.tick({.dt = 1, .elapsed = 10}).value();
    CHECK(s.total() == Approx(math::exp(-1)).epsilon(1e-9));
    CHECK(s.received(g.d) == Approx(.1).margin(1e-11));
    CHECK(s.field().time() == 10);
}

TEST_CASE("quiet nodes owe their decay until they are asked", "[engine]") {
    chain const g;
    auto const engine = g.engine({.decay = {.base = .1}});
    session s{engine};
    s.inject(g.c, .05).value(); // below the threshold: quiet
    s.inject(g.a, 1).value();
    for (int i = 0; i < 10; ++i) s.tick().value();
    CHECK(s.energy_of(g.c) == Approx(.05 * math::exp(-1)).epsilon(1e-9));
    double const stored = s.total();
    s.settle().value();
    CHECK(s.total() < stored); // booked now
    CHECK(
        s.total() == Approx(s.energy_of(g.a) + s.energy_of(g.c) + s.energy_of(g.d)).margin(1e-12));
}

TEST_CASE("top ranks by received energy, or by energy, and says when a list is short", "[engine]") {
    chain const g;
    auto const engine = g.engine(still);
    session s{engine};
    CHECK(s.top(3).what == ranking::outcome::empty);
    s.inject(g.a, 1).value();
    s.inject(g.b, 1).value();
    s.tick().value();
    auto const received = s.top(1);
    REQUIRE(received.size() == 1);
    CHECK(received.what == ranking::outcome::complete);
    CHECK(received[0].node == g.c); // equal to d: the smaller id
    auto const most = s.top(9, rank_by::energy);
    CHECK(most.size() == 4);
    CHECK(most.what == ranking::outcome::fewer);
    CHECK(most[0].node == g.a);
}

TEST_CASE("begin_query forgets what was received and keeps energies", "[engine]") {
    chain const g;
    auto const engine = g.engine(still);
    session s{engine};
    s.inject(g.a, 1).value();
    s.tick().value();
    double const held = s.energy_of(g.d);
    s.begin_query();
    CHECK(s.received(g.d) == 0);
    CHECK(s.energy_of(g.d) == held);
}

TEST_CASE("a custom cost decides; NaN is a fault before anything moved", "[engine]") {
    chain const g;
    auto const lightest = make_engine(
        g.made->graph, std::as_const(g.made->store), still,
        pipeline{}.with_cost([](candidate const& c) { return c.lw.log(); }));
    session s{*lightest};
    s.inject(g.a, 1).value();
    CHECK(s.tick().value().costs_computed == 2);
    CHECK(s.received(g.b) > 0);

    auto const broken = make_engine(
        g.made->graph, std::as_const(g.made->store), still,
        pipeline{}.with_cost([](candidate const&) { return math::log(-1); }));
    session t{*broken};
    t.inject(g.a, 1).value();
    auto const before = t.field().digest();
    auto const refused = t.tick();
    REQUIRE_FALSE(refused.has_value());
    CHECK(refused.error().code() == "cost.not_finite");
    CHECK(refused.error().position() == index(g.a));
    CHECK(t.field().digest() == before);
    CHECK_FALSE(t.field().staged());
}

TEST_CASE("a cost that is none is told by its link: names, or ids without them", "[engine]") {
    std::string const long_name(60, 'x');
    graph::builder build;
    node_id const ada = build.node("Ada");
    node_id const other = build.node(long_name);
    node_id const nameless = build.node();
    build.link({ada, other}).link({other, nameless}).link({nameless, ada});
    auto const made = std::move(build).build().value();
    auto const broken = make_engine(
        made.graph, made.store, still,
        pipeline{}.with_cost([](candidate const&) { return math::log(-1); }));
    auto const told = [&](node_id from) {
        session s{*broken};
        s.inject(from, 1).value();
        fault const what = s.tick().error();
        CHECK(what.is(faults::cost_not_finite));
        CHECK(what.position() == index(from));
        return std::string(what.offender());
    };
    CHECK(told(ada) == "Ada -> " + std::string(27, 'x') + "…");
    CHECK(told(other) == std::string(27, 'x') + "… -> 2");
    CHECK(told(nameless) == "2 -> Ada");
}

TEST_CASE("an open stage holds the field; dropping it changes nothing", "[engine]") {
    chain const g;
    auto const engine = g.engine(still);
    auto field = engine.make_field();
    engine.inject(field, g.a, 1).value();
    auto const before = field.digest();
    {
        auto const open = engine.stage(field, {.dt = 1}).value();
        CHECK(open.moves() == 1);
        CHECK(open.residual() == 0);
        CHECK(engine.tick(field).error().is(faults::frame_open));
        CHECK(engine.inject(field, g.a, 1).error().is(faults::frame_open));
        CHECK(field.settle().error().is(faults::frame_open));
    }
    CHECK(field.digest() == before);
    CHECK(engine.tick(field).has_value());
}

TEST_CASE("a field belongs to its graph", "[engine]") {
    chain const g;
    chain const other;
    auto const engine = g.engine();
    auto const stranger = other.engine();
    auto field = engine.make_field();
    CHECK(stranger.inject(field, g.a, 1).error().is(faults::foreign_field));
    CHECK(stranger.tick(field).error().is(faults::foreign_field));
}

TEST_CASE("injections too small for a quantum succeed and are counted", "[engine]") {
    chain const g;
    auto const engine = g.engine();
    session s{engine};
    s.inject(g.a, 1e-14).value();
    CHECK(s.field().rounded_to_zero() == 1);
    CHECK(s.total() == 0);
}

TEST_CASE("run ticks several times and stops at the first fault", "[engine]") {
    chain const g;
    auto const engine = g.engine();
    session s{engine};
    CHECK(s.run(3).value().frame == 2);
    CHECK_FALSE(s.run(3, {.dt = 0}).has_value());
    CHECK(s.field().frame() == 3);
}

TEST_CASE("a store of another graph is refused", "[engine]") {
    chain const g;
    chain const other;
    auto const mixed = make_engine(g.made->graph, std::as_const(other.made->store));
    REQUIRE_FALSE(mixed.has_value());
    CHECK(mixed.error().is(faults::foreign_store));
}

TEST_CASE("a cost of plus infinity means never, of minus infinity is a fault", "[engine]") {
    chain const g;
    double const infinity = -math::log(0);
    auto const costing = [&](double b) {
        return make_engine(
                   g.made->graph, std::as_const(g.made->store), still,
                   pipeline{}.with_cost(
                       [=, d = g.d](candidate const& c) { return c.target == d ? infinity : b; }))
            .value();
    };
    auto const around = costing(1);
    session s{around};
    s.inject(g.a, 1).value();
    CHECK(s.tick().value().strides == 1);
    CHECK(s.received(g.b) > 0);

    auto const nowhere = costing(infinity);
    session t{nowhere};
    t.inject(g.a, 1).value();
    CHECK(t.tick().value().strides == 0);

    auto const broken = costing(-infinity);
    session u{broken};
    u.inject(g.a, 1).value();
    CHECK(u.tick().error().code() == "cost.not_finite");
}

TEST_CASE("a moved-from field is refused, the new one goes on", "[engine]") {
    chain const g;
    auto const engine = g.engine(still);
    auto field = engine.make_field();
    engine.inject(field, {{g.a, 1}, {g.b, .5}}).value();
    auto moved = std::move(field);
    CHECK(engine.tick(field).error().is(faults::foreign_field)); // NOLINT(bugprone-use-after-move)
    CHECK(engine.tick(moved).value().strides == 2);
}

TEST_CASE("a step names which of its times is wrong", "[engine]") {
    chain const g;
    auto const engine = g.engine();
    session s{engine};
    CHECK(s.tick({.dt = 0}).error().is(faults::bad_dt));
    CHECK(s.tick({.dt = 1, .elapsed = -1}).error().is(faults::bad_elapsed));
}
