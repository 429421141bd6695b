// SPDX-License-Identifier: MIT
// The engine against the dense oracle: the same bits after every call, on random small worlds.
#include <cstddef>
#include <string_view>
#include <vector>

#include <runnel/runnel.hpp>

#include "engine/drawn_case.hpp"
#include "oracle/dense_frame.hpp"
#include "support/catch.hpp"
#include "support/law.hpp"

namespace {

using drawn::id_of;

/// One frame of both, and what each tells of it.
template <class Engine>
void frame(
    law::gen& g, Engine const& engine, runnel::field& field, oracle::dense_field& dense,
    runnel::time_step step) {
    double const before = oracle::units_of(dense.stored());
    auto const report = engine.tick(field, step, runnel::report::full).value();
    auto const told = dense.frame(step.dt, step.elapsed);
    g.holds(report.residual == 0, "the recount agrees with the books");
    g.holds(report.dissipated == 0, "nothing dissipates");
    g.holds(report.strides == told.strides, "as many strides");
    g.holds(report.skipped == told.skipped, "as many skipped");
    g.holds(report.touched == told.touched, "as many receivers");
    g.holds(report.transferred == oracle::units_of(told.sums.sent), "what moved");
    g.holds(report.after == oracle::units_of(dense.stored()), "what is left");
    g.holds(
        static_cast<std::int64_t>(report.switched_on - report.switched_off) == told.more_active,
        "flips");
    static_cast<void>(before);
}

/// Any call a caller may make, on both.
template <class Engine>
void any_call(
    law::gen& g, Engine const& engine, runnel::field& field, oracle::dense_field& dense) {
    switch (g.choose(9)) {
    default: {
        g.show("call", std::string_view{"tick"});
        frame(g, engine, field, dense, drawn::a_step(g));
        break;
    }
    case 5:
    case 6: {
        g.show("call", std::string_view{"inject many"});
        auto const many = drawn::stimuli(g, dense.size());
        std::vector<std::pair<std::size_t, double>> same;
        for (auto const& s : many) same.emplace_back(index(s.node), s.units);
        bool const taken = engine.inject(field, many).has_value();
        g.holds(taken == dense.inject(same), "both take it or refuse it");
        break;
    }
    case 7:
        g.show("call", std::string_view{"settle"});
        engine.settle(field).value();
        dense.settle();
        break;
    case 8:
        g.show("call", std::string_view{"begin_query"});
        field.begin_query();
        dense.begin_query();
        break;
    case 9:
        g.show("call", std::string_view{"reset"});
        field.reset();
        dense.reset();
        break;
    }
}

template <class Engine>
void lives(
    law::gen& g, Engine const& engine, oracle::dense_field dense, drawn::world const& w) {
    auto field = engine.make_field();
    std::vector<std::pair<std::size_t, double>> first;
    for (auto const& s : drawn::stimuli(g, w.size())) {
        engine.inject(field, s.node, s.units).value();
        first.emplace_back(index(s.node), s.units);
    }
    g.holds(dense.inject(first), "the first stimuli are small");
    drawn::same(g, engine, field, dense, w);
    static_cast<void>(g.list(24, [&] {
        any_call(g, engine, field, dense);
        drawn::same(g, engine, field, dense, w);
        return 0;
    }));
}

} // namespace

TEST_CASE("every call leaves the bits the oracle has", "[engine][oracle]") {
    law::for_all(10'000, [](law::gen& g) {
        auto const w = drawn::a_world(g);
        auto const built = w.build();
        auto const engine = runnel::make_engine(built.graph, built.store, w.settings).value();
        lives(g, engine, w.oracle(), w);
    });
}
