// SPDX-License-Identifier: MIT
// The same bits whatever the order of links, stimuli and sources, the storage, the listeners, and
// whether a frame runs in one call or in three.
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <numeric>
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
using runnel::stimulus;

void any_ties(law::gen& g, world& w) {
    using runnel::fanout::ties;
    w.settings.fanout.ties = g.one_of({ties::by_id, ties::sampled, ties::fixed}, "ties");
    w.settings.seed = g.choose(~std::uint64_t{0});
}
std::uint64_t digest_of_life(
    runnel::graph::built const& built, runnel::config const& settings,
    std::vector<call> const& calls) {
    auto const engine = runnel::make_engine(built.graph, built.store, settings).value();
    auto field = engine.make_field();
    drawn::make(engine, field, calls);
    return field.digest();
}
std::vector<std::size_t> an_order(law::gen& g, std::size_t count) {
    std::vector<std::size_t> order(count);
    std::iota(order.begin(), order.end(), std::size_t{0});
    g.shuffle(order);
    return order;
}
/// Hears everything and keeps only a count.
struct counting {
    std::size_t* heard;
    template <runnel::event::registered E> void operator()(E const&) const { ++*heard; }
};

} // namespace

TEST_CASE("the order of links when a graph is built changes no bit", "[engine][order]") {
    law::for_all(1'500, [](law::gen& g) {
        auto w = drawn::a_world(g);
        any_ties(g, w);
        auto const calls = drawn::a_life(g, w.size());
        auto const once = digest_of_life(w.build(), w.settings, calls);
        g.shuffle(w.links);
        g.holds(digest_of_life(w.build(), w.settings, calls) == once, "the same digest");
    });
}

TEST_CASE("the order of stimuli, hence of sources, changes no bit", "[engine][order]") {
    law::for_all(1'500, [](law::gen& g) {
        auto w = drawn::a_world(g);
        any_ties(g, w);
        auto const built = w.build();
        auto calls = drawn::a_life(g, w.size());
        auto const engine = runnel::make_engine(built.graph, built.store, w.settings).value();
        auto field = engine.make_field();
        auto one_by_one = engine.make_field();
        drawn::make(engine, field, calls);
        for (call& c : calls) {
            g.shuffle(c.stimuli);
            if (c.what == call::kind::inject)
                for (stimulus const& s : c.stimuli)
                    engine.inject(one_by_one, s.node, s.units).value();
            else
                drawn::make(engine, one_by_one, c);
        }
        g.holds(field.digest() == one_by_one.digest(), "the same digest");
    });
}

TEST_CASE("numbering the nodes otherwise permutes the energies", "[engine][order]") {
    law::for_all(1'500, [](law::gen& g) {
        auto const w = drawn::a_world(g, drawn::weights::distinct);
        auto const calls = drawn::a_life(g, w.size());
        auto const to = an_order(g, w.size());
        world other = w;
        for (std::size_t n = 0; n < w.size(); ++n) {
            other.types[to[n]] = w.types[n];
            other.own_threshold[to[n]] = w.own_threshold[n];
        }
        for (oracle::link& l : other.links) l.from = to[l.from], l.to = to[l.to];
        auto moved = calls;
        for (call& c : moved)
            for (stimulus& s : c.stimuli) s.node = id_of(to[index(s.node)]);
        auto const built = w.build();
        auto const built_otherwise = other.build();
        auto const engine = runnel::make_engine(built.graph, built.store, w.settings).value();
        auto const otherwise =
            runnel::make_engine(built_otherwise.graph, built_otherwise.store, w.settings).value();
        auto field = engine.make_field();
        auto mirrored = otherwise.make_field();
        drawn::make(engine, field, calls);
        drawn::make(otherwise, mirrored, moved);
        for (std::size_t n = 0; n < w.size(); ++n) {
            g.holds(
                field.energy_of(id_of(n)) == mirrored.energy_of(id_of(to[n])),
                "the same energy under its new number");
            g.holds(
                field.received(id_of(n)) == mirrored.received(id_of(to[n])),
                "the same received under its new number");
        }
        g.holds(field.books().decayed == mirrored.books().decayed, "the same books");
    });
}

TEST_CASE("pages or one array: the same bits", "[engine][order]") {
    law::for_all(1'000, [](law::gen& g) {
        auto w = drawn::a_world(g, drawn::weights::few, g.one_of<std::size_t>({40, 400}));
        any_ties(g, w);
        auto const built = w.build();
        auto const calls = drawn::a_life(g, w.size());
        w.settings.storage = runnel::storage::paged;
        auto const paged = digest_of_life(built, w.settings, calls);
        w.settings.storage = runnel::storage::dense;
        g.holds(digest_of_life(built, w.settings, calls) == paged, "the same digest");
    });
}

TEST_CASE("being heard changes no bit", "[engine][order]") {
    std::size_t heard = 0;
    law::for_all(1'500, [&](law::gen& g) {
        auto w = drawn::a_world(g);
        any_ties(g, w);
        auto const built = w.build();
        auto const calls = drawn::a_life(g, w.size());
        auto const& store = built.store;
        auto const silent = runnel::make_engine(built.graph, store, w.settings).value();
        auto const loud =
            runnel::make_engine(
                built.graph, store, w.settings, runnel::pipeline{}.with_sink(counting{&heard}))
                .value();
        auto alone = silent.make_field();
        auto watched = loud.make_field();
        for (call const& c : calls) {
            drawn::make(silent, alone, c);
            drawn::make(loud, watched, c);
            g.holds(alone.digest() == watched.digest(), "the same digest after each call");
        }
    });
    CHECK(heard > 10'000);
}

TEST_CASE("stage, commit, decay is a tick", "[engine][order]") {
    law::for_all(1'500, [](law::gen& g) {
        auto w = drawn::a_world(g);
        any_ties(g, w);
        auto const built = w.build();
        auto const engine = runnel::make_engine(built.graph, built.store, w.settings).value();
        auto whole = engine.make_field();
        auto in_steps = engine.make_field();
        for (call const& c : drawn::a_life(g, w.size())) {
            if (c.what != call::kind::tick) {
                drawn::make(engine, whole, c);
                drawn::make(engine, in_steps, c);
                continue;
            }
            auto const a = engine.tick(whole, c.step, runnel::report::full).value();
            auto staged = engine.stage(in_steps, c.step, runnel::report::full).value();
            g.holds(staged.moves() == a.strides, "as many moves are staged as strides made");
            g.holds(staged.residual() == 0, "what leaves arrives");
            g.holds(in_steps.staged(), "a stage is open");
            auto const b = std::move(staged).commit().decay();
            g.holds(!in_steps.staged(), "no stage is open");
            g.holds(whole.digest() == in_steps.digest(), "the same digest");
            g.holds(
                a.transferred == b.transferred && a.decayed == b.decayed && a.after == b.after
                    && a.skipped == b.skipped && a.capped == b.capped && a.touched == b.touched
                    && a.residual == b.residual && a.support == b.support,
                "the same report");
        }
    });
}

TEST_CASE("a stage that is dropped never happened", "[engine][order]") {
    law::for_all(1'500, [](law::gen& g) {
        auto w = drawn::a_world(g);
        any_ties(g, w);
        auto const built = w.build();
        auto const engine = runnel::make_engine(built.graph, built.store, w.settings).value();
        auto field = engine.make_field();
        auto undisturbed = engine.make_field();
        for (call const& c : drawn::a_life(g, w.size())) {
            drawn::make(engine, field, c);
            drawn::make(engine, undisturbed, c);
            {
                auto const open = engine.stage(field, drawn::a_step(g)).value();
                g.holds(field.staged(), "open");
            }
            g.holds(!field.staged(), "closed");
            g.holds(field.digest() == undisturbed.digest(), "no trace is left");
        }
    });
}

TEST_CASE("pages that others used bring nothing along", "[engine][order]") {
    law::for_all(300, [](law::gen& g) {
        auto const w = drawn::a_world(g, drawn::weights::few, g.one_of<std::size_t>({40, 400}));
        auto const built = w.build();
        auto const engine = runnel::make_engine(built.graph, built.store, w.settings).value();
        auto const calls = drawn::a_life(g, w.size());
        auto field = engine.make_field();
        drawn::make(engine, field, calls);
        auto const first = field.digest();
        for (int i = 0; i < 3; ++i) {
            {
                auto before = engine.make_field();
                drawn::make(engine, before, drawn::a_life(g, w.size()));
            } // its pages go back to the engine's pool
            auto after = engine.make_field();
            drawn::make(engine, after, calls);
            g.holds(after.digest() == first, "the same digest on used pages");
        }
    });
}

TEST_CASE("moving a field or an engine changes no bit", "[engine][order]") {
    law::for_all(300, [](law::gen& g) {
        auto const w = drawn::a_world(g);
        auto const built = w.build();
        auto engine = runnel::make_engine(built.graph, built.store, w.settings).value();
        auto field = engine.make_field();
        auto stays = engine.make_field();
        for (call const& c : drawn::a_life(g, w.size())) {
            drawn::make(engine, field, c);
            drawn::make(engine, stays, c);
            auto moved = std::move(field);
            field = std::move(moved);
            g.holds(field.digest() == stays.digest(), "the same digest");
        }
        auto const elsewhere = std::move(engine);
        elsewhere.tick(field).value();
        elsewhere.tick(stays).value();
        g.holds(field.digest() == stays.digest(), "the same digest");
    });
}
