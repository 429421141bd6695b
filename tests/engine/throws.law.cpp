// SPDX-License-Identifier: MIT
// Policies that throw or talk nonsense, and memory that runs out: before the moves nothing has happened,
// after them the frame ends all the same.
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <new>
#include <stdexcept>
#include <utility>
#include <vector>

#include <runnel/runnel.hpp>

#include "engine/drawn_calls.hpp"
#include "engine/drawn_case.hpp"
#include "support/allocations.hpp"
#include "support/catch.hpp"
#include "support/law.hpp"

namespace {

using drawn::call;
using drawn::id_of;
using drawn::world;
using runnel::candidate;

constexpr std::uint64_t never = ~std::uint64_t{0};

/// Counts down; true once, when it reaches 0.
struct fuse {
    std::uint64_t left = never;
    bool burnt = false;
    bool blows() {
        if (left == never || left-- != 0) return false;
        left = never;
        return burnt = true;
    }
};

double plain_cost(candidate const& c) { return -c.lw.log() + static_cast<double>(c.type); }

struct throwing_cost {
    fuse* lit;
    double operator()(candidate const& c) const {
        if (lit->blows()) throw std::runtime_error("a cost model");
        return plain_cost(c);
    }
};
struct wild_cost {
    fuse* lit;
    double* wild; ///< what it says when the fuse blows
    double operator()(candidate const& c) const { return lit->blows() ? *wild : plain_cost(c); }
};
/// Hears everything; throws at one event, whichever kind it is.
struct throwing_sink {
    fuse* lit;
    template <runnel::event::registered E> void operator()(E const&) const {
        if (lit->blows()) throw std::runtime_error("a sink");
    }
};

/// Books, frontier and recount, all over.
void in_order(law::gen& g, runnel::field& field, world const& w) {
    g.holds(!field.staged(), "no stage is left open");
    g.holds(field.books().residual() == 0, "the books close");
    std::vector<bool> active(w.size());
    for (auto node : field.active()) active[index(node)] = true;
    for (std::size_t n = 0; n < w.size() && drawn::told_exactly(field); ++n) {
        double const e = field.energy_of(id_of(n));
        g.holds(active[n] == (e > 0 && e >= w.threshold(n)), "the frontier is right");
    }
}

} // namespace

TEST_CASE("a cost model that throws leaves the field as it was", "[engine][throws]") {
    std::size_t thrown = 0;
    law::for_all(2'000, [&](law::gen& g) {
        auto w = drawn::a_world(g);
        w.settings.fanout.reduction = runnel::fanout::reduction::none; // to be asked often
        auto const built = w.build();
        fuse lit;
        auto const engine = runnel::make_engine(
                                built.graph, built.store, w.settings,
                                runnel::pipeline{}.with_cost(throwing_cost{&lit}))
                                .value();
        auto field = engine.make_field();
        auto undisturbed = engine.make_field();
        for (call const& c : drawn::a_life(g, w.size(), 12)) {
            auto const before = field.digest();
            lit = {g.choose(12)};
            try {
                static_cast<void>(engine.tick(field, drawn::a_step(g)));
                field = engine.make_field(); // ran to its end: begin again
                undisturbed = engine.make_field();
            } catch (std::runtime_error const&) {
                ++thrown;
                g.holds(field.digest() == before, "bit-identical");
                in_order(g, field, w);
            }
            lit = {};
            drawn::make(engine, field, c);
            drawn::make(engine, undisturbed, c);
            g.holds(field.digest() == undisturbed.digest(), "as if it had not been tried");
        }
    });
    CHECK(thrown > 500);
}

TEST_CASE("a cost that is no number ends the frame before it began", "[engine][throws]") {
    std::size_t refused = 0;
    law::for_all(2'000, [&](law::gen& g) {
        auto const w = drawn::a_world(g);
        auto const built = w.build();
        fuse lit;
        using limits = std::numeric_limits<double>;
        double wild = g.one_of({limits::quiet_NaN(), -limits::quiet_NaN(), -limits::infinity()});
        auto const engine = runnel::make_engine(
                                built.graph, built.store, w.settings,
                                runnel::pipeline{}.with_cost(wild_cost{&lit, &wild}))
                                .value();
        auto field = engine.make_field();
        for (call const& c : drawn::a_life(g, w.size(), 12)) {
            drawn::make(engine, field, c);
            auto const before = field.digest();
            lit = {g.choose(12)};
            auto const said = engine.tick(field, drawn::a_step(g));
            g.holds(said.has_value() != lit.burnt, "refused exactly when a cost was no number");
            if (!said) {
                ++refused;
                g.holds(said.error().code() == "cost.not_finite", "and says so");
                g.holds(field.digest() == before, "bit-identical");
                in_order(g, field, w);
            }
            lit = {};
        }
    });
    CHECK(refused > 500);
}

TEST_CASE("a sink that throws finds the books closed", "[engine][throws]") {
    std::size_t thrown = 0;
    law::for_all(3'000, [&](law::gen& g) {
        auto const w = drawn::a_world(g);
        auto const built = w.build();
        fuse lit;
        auto const& store = built.store;
        auto const engine =
            runnel::make_engine(
                built.graph, store, w.settings, runnel::pipeline{}.with_sink(throwing_sink{&lit}))
                .value();
        auto const quiet = runnel::make_engine(built.graph, store, w.settings).value();
        auto field = engine.make_field();
        auto silent = quiet.make_field();
        for (call const& c : drawn::a_life(g, w.size(), 12)) {
            auto const before = field.digest();
            lit = {g.choose(20)};
            bool threw = false;
            try {
                drawn::make(engine, field, c);
            } catch (std::runtime_error const&) {
                threw = true;
                ++thrown;
            }
            lit = {};
            in_order(g, field, w);
            drawn::make(quiet, silent, c);
            bool const happened = field.digest() == silent.digest();
            g.holds(happened || (threw && field.digest() == before), "all of it or nothing of it");
            if (!happened) drawn::make(engine, field, c);
            g.holds(field.digest() == silent.digest(), "and it can be said again");
        }
    });
    CHECK(thrown > 1'000);
}

TEST_CASE("memory that runs out undoes the call", "[engine][throws]") {
    std::size_t failed = 0;
    law::for_all(1'500, [&](law::gen& g) {
        auto const w = drawn::a_world(g);
        auto const built = w.build();
        auto const engine = runnel::make_engine(built.graph, built.store, w.settings).value();
        auto field = engine.make_field();
        auto undisturbed = engine.make_field();
        for (call const& c : drawn::a_life(g, w.size(), 8)) {
            auto const before = field.digest();
            bool done = false;
            try {
                support::failing_allocation const next(g.choose(3));
                drawn::make(engine, field, c);
                done = true;
            } catch (std::bad_alloc const&) {
                ++failed;
                g.holds(field.digest() == before, "bit-identical");
                in_order(g, field, w);
            }
            if (!done) drawn::make(engine, field, c);
            drawn::make(engine, undisturbed, c);
            g.holds(field.digest() == undisturbed.digest(), "as if it had not been tried");
        }
    });
    CHECK(failed > 500);
}
