// SPDX-License-Identifier: MIT
// What is refused changes nothing: not a bit, whatever calls come before, between and after.
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string_view>
#include <utility>
#include <vector>

#include <runnel/runnel.hpp>

#include "engine/drawn_calls.hpp"
#include "engine/drawn_case.hpp"
#include "support/catch.hpp"
#include "support/law.hpp"

namespace {

using drawn::call;
using drawn::id_of;
using drawn::world;
using runnel::node_id;
using runnel::stimulus;
using runnel::time_step;

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double nan = std::numeric_limits<double>::quiet_NaN();

/// A stimulus nobody may give, and the code it is refused with.
struct wrong {
    stimulus s;
    std::string_view code;
};
wrong a_wrong_stimulus(law::gen& g, std::size_t nodes) {
    auto const known = id_of(g.choose(nodes - 1));
    switch (g.choose(3)) {
    case 0: {
        auto const beyond = static_cast<std::uint32_t>(nodes);
        return {
            {node_id{g.one_of({beyond, beyond + 1, 0x7FFF'FFFFU, 0xFFFF'FFFFU}, "unknown")}, 1},
            "graph.unknown_node"};
    }
    case 1:
        return {
            {known, g.one_of({nan, infinity, -infinity}, "not finite")}, "core.energy_not_finite"};
    case 2:
        return {
            {known, g.one_of({-1.0, -1e300, -0x1p-1074, -0x1p-41}, "negative")},
            "core.energy_negative"};
    default:
        return {
            {known, g.one_of({8'388'607.5, 8'388'608.0, 1e300}, "too much")},
            "core.energy_over_limit"};
    }
}
time_step a_wrong_step(law::gen& g) {
    double const bad =
        g.one_of({0.0, -0.0, -1.0, nan, infinity, -infinity, 0x1p31, 1e300}, "wrong time");
    switch (g.choose(2)) {
    case 0: return {.dt = bad, .elapsed = 1};
    case 1: return {.dt = 1, .elapsed = bad};
    default: return {.dt = bad};
    }
}

/// One refused call; says whether it was refused with the right code.
template <class Engine>
void a_refused_call(law::gen& g, Engine const& engine, runnel::field& field, std::size_t nodes) {
    switch (g.choose(3)) {
    case 0: {
        auto const bad = a_wrong_stimulus(g, nodes);
        auto const said = engine.inject(field, bad.s.node, bad.s.units);
        g.holds(!said && said.error().code() == bad.code, "refused, and says why");
        g.holds(!said.error().offender().empty(), "the offender is named");
        break;
    }
    case 1: {
        auto many = drawn::stimuli(g, nodes);
        auto const bad = a_wrong_stimulus(g, nodes);
        std::size_t const at = g.choose(many.size());
        many.insert(many.begin() + static_cast<std::ptrdiff_t>(at), bad.s);
        auto const said = engine.inject(field, many);
        g.holds(!said && said.error().code() == bad.code, "the span is refused, and says why");
        g.holds(said.error().position() == at, "and where");
        break;
    }
    case 2: {
        auto const step = a_wrong_step(g);
        auto const said = engine.tick(field, step, runnel::report::full);
        g.holds(!said && said.error().code().starts_with("engine.bad_"), "no such time step");
        break;
    }
    default: {
        auto const said = engine.stage(field, a_wrong_step(g));
        g.holds(!said && said.error().code().starts_with("engine.bad_"), "no such stage");
        g.holds(!field.staged(), "none is open");
        break;
    }
    }
}

} // namespace

TEST_CASE("refused calls leave no trace in any life", "[engine][refused]") {
    law::for_all(4'000, [](law::gen& g) {
        auto const w = drawn::a_world(g);
        auto const built = w.build();
        auto const engine = runnel::make_engine(built.graph, built.store, w.settings).value();
        auto field = engine.make_field();
        auto undisturbed = engine.make_field();
        for (call const& c : drawn::a_life(g, w.size(), 16)) {
            auto const before = field.digest();
            a_refused_call(g, engine, field, w.size());
            g.holds(field.digest() == before, "bit-identical after a refusal");
            g.holds(field.books().residual() == 0, "the books close after a refusal");
            drawn::make(engine, field, c);
            drawn::make(engine, undisturbed, c);
            g.holds(field.digest() == undisturbed.digest(), "as if it had not been asked");
            for (std::size_t n = 0; n < w.size(); ++n)
                g.holds(
                    field.energy_of(id_of(n)) == undisturbed.energy_of(id_of(n)), "in every node");
        }
    });
}

TEST_CASE("a field takes its limit and not a quantum more", "[engine][refused]") {
    law::for_all(1'000, [](law::gen& g) {
        std::size_t const nodes = 1 + g.choose(5);
        runnel::graph::builder b;
        b.nodes(static_cast<std::uint32_t>(nodes));
        auto const built = std::move(b).build().value();
        auto const engine = runnel::make_engine(built.graph, built.store).value();
        auto field = engine.make_field();
        double left = 8'388'607;
        for (int i = 0; i < 5; ++i) { // quarters are exact in quanta and in doubles
            double const units = static_cast<double>(g.integer(0, 8'000'000)) / 4;
            left -= units;
            engine.inject(field, id_of(g.choose(nodes - 1)), units).value();
            if (left < 2'000'000) break;
        }
        auto const before = field.digest();
        auto const refused = [&](auto const& said) {
            g.holds(!said && said.error().code() == "core.energy_over_limit", "over the limit");
            g.holds(field.digest() == before, "nothing changed");
        };
        auto const node = id_of(g.choose(nodes - 1));
        refused(engine.inject(field, node, left + .25));
        std::vector<stimulus> together{{node, left / 2}, {id_of(0), left / 2}, {node, .25}};
        auto const said = engine.inject(field, together);
        refused(said);
        g.holds(said.error().position() == 2, "the third is one too many");
        together.pop_back();
        engine.inject(field, together).value();
        g.holds(field.total() == 8'388'607, "full to the brim");
        auto const full = field.digest();
        auto const one_more = engine.inject(field, node, 0x1p-40);
        g.holds(!one_more && field.digest() == full, "not one quantum more");
        engine.inject(field, node, 0).value();
    });
}

TEST_CASE("while a stage is open nothing else is taken", "[engine][refused]") {
    law::for_all(1'500, [](law::gen& g) {
        auto const w = drawn::a_world(g);
        auto const built = w.build();
        auto const engine = runnel::make_engine(built.graph, built.store, w.settings).value();
        auto field = engine.make_field();
        auto undisturbed = engine.make_field();
        for (call const& c : drawn::a_life(g, w.size(), 8)) {
            drawn::make(engine, field, c);
            drawn::make(engine, undisturbed, c);
            auto const step = drawn::a_step(g);
            auto open = engine.stage(field, step).value();
            auto const open_digest = field.digest();
            auto const refused = [&](auto const& said) {
                g.holds(!said && said.error().code() == "engine.frame_open", "a stage is open");
                g.holds(field.digest() == open_digest, "nothing changed");
            };
            refused(engine.inject(field, id_of(0), 1));
            refused(engine.tick(field, step));
            refused(field.settle());
            {
                auto const second = engine.stage(field, step);
                refused(second);
            }
            g.holds(field.staged(), "the first is still open");
            std::move(open).commit().decay();
            engine.tick(undisturbed, step).value();
            g.holds(field.digest() == undisturbed.digest(), "it ends as if left alone");
        }
    });
}

TEST_CASE("fields of another graph are refused", "[engine][refused]") {
    law::for_all(500, [](law::gen& g) {
        auto const w = drawn::a_world(g);
        auto const built = w.build();
        auto const twin = w.build();
        auto const engine = runnel::make_engine(built.graph, built.store, w.settings).value();
        auto const other = runnel::make_engine(twin.graph, twin.store, w.settings).value();
        auto field = engine.make_field();
        drawn::make(engine, field, drawn::a_life(g, w.size(), 6));
        auto const before = field.digest();
        auto const refused = [&](auto const& said) {
            g.holds(!said && said.error().code() == "engine.foreign_field", "not of this graph");
            g.holds(field.digest() == before, "nothing changed");
        };
        refused(other.inject(field, id_of(0), 1));
        refused(other.tick(field, drawn::a_step(g)));
        refused(other.adopt(field));
        refused(other.stage(field, drawn::a_step(g)));
        engine.tick(field).value();
    });
}

TEST_CASE("a store that is written refuses frames, a frame refuses writers", "[engine][refused]") {
    law::for_all(500, [](law::gen& g) {
        auto const w = drawn::a_world(g);
        auto built = w.build();
        auto const& store = built.store;
        auto const engine = runnel::make_engine(built.graph, store, w.settings).value();
        auto field = engine.make_field();
        auto undisturbed = engine.make_field();
        std::vector<runnel::weight_setting> heavier;
        std::vector<runnel::batch> wishes(1);
        if (built.graph.link_count() > 0) {
            runnel::link_id const first{0};
            heavier.push_back({first, runnel::log_weight::from_raw(7)});
            wishes[0].changes.push_back({built.graph.source(first), first, 9});
        }
        for (call const& c : drawn::a_life(g, w.size(), 6)) {
            drawn::make(engine, field, c);
            drawn::make(engine, undisturbed, c);
            auto const before = field.digest();
            g.holds(store.board().try_write(), "nobody is inside");
            auto const said = engine.tick(field, drawn::a_step(g));
            g.holds(!said && said.error().code() == "store.busy", "a writer is inside");
            g.holds(field.digest() == before && !field.staged(), "nothing changed");
            store.board().end_write();
            auto const step = drawn::a_step(g);
            {
                auto open = engine.stage(field, step).value();
                auto const written = built.store.assign(heavier);
                auto const applied = built.store.apply(wishes);
                g.holds(
                    heavier.empty() || (!written && written.error().code() == "store.busy"),
                    "a frame is inside");
                g.holds(
                    heavier.empty() || (!applied && applied.error().code() == "store.busy"),
                    "a frame is still inside");
                std::move(open).commit().decay();
            }
            engine.tick(undisturbed, step).value();
            g.holds(field.digest() == undisturbed.digest(), "as if nobody had written");
        }
        g.holds(built.store.assign(heavier).has_value(), "the last frame has left");
        g.holds(built.store.apply(wishes).has_value(), "and the writer too");
    });
}

TEST_CASE("a stimulus becomes the nearest quantum", "[engine][refused]") {
    // From 2^52 quanta on, a half added for rounding would itself be rounded, to even.
    auto const w = world{{runnel::node_type::other}, {-1}, {}, {}};
    auto const built = w.build();
    auto const engine = runnel::make_engine(built.graph, built.store).value();
    auto field = engine.make_field();
    engine.inject(field, id_of(0), 0x1.0000000000001p+12).value(); // 2^52 + 1 quanta, exactly
    CHECK(field.books().after == (oracle::quanta{1} << 52) + 1);
}

TEST_CASE("a clock that would end refuses the frame", "[engine][refused]") {
    auto const w = world{{runnel::node_type::other}, {-1}, {}, {}};
    auto const built = w.build();
    auto const engine = runnel::make_engine(built.graph, built.store).value();
    auto field = engine.make_field();
    engine.inject(field, id_of(0), 1).value();
    engine.tick(field, {.dt = 1, .elapsed = 0x1p31 - 2}).value();
    auto const before = field.digest();
    auto const said = engine.tick(field, {.dt = 1, .elapsed = 3});
    REQUIRE(!said);
    CHECK(said.error().code() == "core.clock_end");
    CHECK(field.digest() == before);
    CHECK(engine.tick(field, {.dt = 1, .elapsed = 1}).has_value());
}
