// SPDX-License-Identifier: MIT
// Retry: when hardly anybody is active, those nearest to their thresholds send too.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <runnel/runnel.hpp>

#include "engine/sown.hpp"
#include "support/catch.hpp"
#include "support/law.hpp"

namespace {

using namespace runnel;
using sown::id_of;

/// A ring, so that whoever is asked can send.
sown::bed ring(std::vector<double> const& thresholds) {
    sown::bed bed;
    for (double const t : thresholds) bed.nodes.push_back({.threshold = t});
    for (std::size_t n = 0; n < thresholds.size(); ++n)
        bed.links.push_back({n, (n + 1) % thresholds.size(), 1});
    return bed;
}
config asking(std::uint32_t budget, std::uint32_t below) {
    config c{.alpha = .2, .transfer_cap = 1};
    c.reader.source = weight::source::unit;
    c.decay.base = 0;
    c.retry_budget = budget;
    c.retry_below = below;
    return c;
}
struct heard {
    std::vector<event::stride_exec> strides;
    std::vector<event::guard_acted> guards;
    [[nodiscard]] std::set<std::size_t> retried() const {
        std::set<std::size_t> all;
        for (auto const& e : strides)
            if (e.reason == event::reason::retry) all.insert(index(e.source));
        return all;
    }
};

} // namespace

TEST_CASE("nearest in proportion, not in units, sends first", "[engine][retry]") {
    auto const built = ring({1, 10, 2}).build();
    heard all;
    event::callback const note{
        [&](event::stride_exec const& e) { all.strides.push_back(e); },
        [&](event::guard_acted const& e) { all.guards.push_back(e); }};
    auto const engine =
        make_engine(built.graph, built.store, asking(1, 1), pipeline{}.with_sink(note)).value();
    session s{engine};
    s.inject({{id_of(0), .5}, {id_of(1), 4}, {id_of(2), 1.5}}).value(); // .5, .4, .75
    auto const r = s.tick().value();
    CHECK(all.retried() == std::set<std::size_t>{2});
    CHECK(r.retried == 1);
    CHECK(r.strides == 1);
    CHECK(s.energy_of(id_of(0)) == Approx(.8).margin(1e-9));
    REQUIRE(all.guards.size() == 1);
    CHECK(all.guards[0].guard == "retry");
    CHECK(all.guards[0].count == 1);
    CHECK(all.guards[0].figure == 1);
}

TEST_CASE("equals in proportion are taken by id", "[engine][retry]") {
    auto const built = ring({4, 2, 1, 8}).build();
    heard all;
    auto const note = [&](event::stride_exec const& e) { all.strides.push_back(e); };
    auto const engine =
        make_engine(built.graph, built.store, asking(2, 1), pipeline{}.with_sink(note)).value();
    session s{engine};
    s.inject({{id_of(3), 4}, {id_of(2), .5}, {id_of(1), 1}, {id_of(0), 2}}).value();
    s.tick().value();
    CHECK(all.retried() == std::set<std::size_t>{0, 1});
}

TEST_CASE("enough active nodes and nobody retries", "[engine][retry]") {
    auto const built = ring({1, 1, 1, 1}).build();
    for (std::uint32_t const below : {0U, 1U, 2U, 3U}) {
        auto const engine =
            make_engine(built.graph, std::as_const(built.store), asking(9, below)).value();
        session s{engine};
        s.inject({{id_of(0), 1}, {id_of(1), 1}, {id_of(2), .5}}).value();
        CHECK(s.tick().value().retried == (below > 2 ? 1 : 0));
    }
}

TEST_CASE("a budget of 0 is no retry at all", "[engine][retry]") {
    auto const built = ring({1, 1, 1}).build();
    auto const engine =
        make_engine(built.graph, std::as_const(built.store), asking(0, 100)).value();
    session s{engine};
    s.inject({{id_of(0), .5}, {id_of(1), .9}}).value();
    auto const r = s.tick().value();
    CHECK(r.retried == 0);
    CHECK(r.strides == 0);
}

TEST_CASE("who has nowhere to send has not retried", "[engine][retry]") {
    sown::bed bed;
    bed.nodes.resize(2);
    bed.links.push_back({0, 1, 1});
    auto const built = bed.build();
    auto const engine = make_engine(built.graph, std::as_const(built.store), asking(1, 1)).value();
    session s{engine};
    s.inject({{id_of(0), .05}, {id_of(1), .09}}).value(); // 1 is nearer and has no links
    auto const r = s.tick().value();
    CHECK(r.retried == r.strides); // nodes below their thresholds that sent
}

TEST_CASE("who was not asked has not retried", "[engine][retry]") {
    auto const built = ring({1, 1, 1}).build();
    auto c = asking(1, 3);
    c.max_strides = 1;
    heard all;
    event::callback const note{
        [&](event::stride_exec const& e) { all.strides.push_back(e); },
        [&](event::guard_acted const& e) { all.guards.push_back(e); }};
    auto const engine =
        make_engine(built.graph, built.store, c, pipeline{}.with_sink(note)).value();
    session s{engine};
    s.inject({{id_of(0), 2}, {id_of(1), .5}}).value();
    auto const r = s.tick().value();
    CHECK(r.unreached == 1);
    CHECK(all.retried().empty());
    CHECK(r.retried == 0);
    CHECK(all.guards.size() == 1); // the budget, and no retry
}

TEST_CASE("retry asks whom a naive recount would ask", "[engine][retry][law]") {
    law::for_all(300, [](law::gen& g) {
        std::vector<double> thresholds;
        for (std::size_t n = 2 + g.choose(18); n > 0; --n)
            thresholds.push_back(g.one_of({1.0, .5, 4.0, 2.0}));
        auto bed = ring(thresholds);
        for (auto& p : bed.nodes) p.type = sown::a_type(g);
        auto const built = bed.build();
        auto c = asking(
            g.integer<std::uint32_t>(0, 6, "budget"), g.integer<std::uint32_t>(0, 6, "below"));
        c.decay.base = g.one_of({0.0, .05}, "decay");
        heard all;
        event::callback const note{
            [&](event::stride_exec const& e) { all.strides.push_back(e); },
            [&](event::guard_acted const& e) { all.guards.push_back(e); }};
        auto const engine =
            make_engine(built.graph, built.store, c, pipeline{}.with_sink(note)).value();
        auto field = engine.make_field();
        for (int frame = 0; frame < 6; ++frame) {
            engine
                .inject(
                    field, g.list(
                               5,
                               [&] {
                                   return stimulus{
                                       id_of(g.choose(bed.size() - 1)), g.real(.01, .6, "units")};
                               }))
                .value();
            std::set<node_id> const active(field.active().begin(), field.active().end());
            std::vector<std::pair<double, std::size_t>> quiet; // -E/threshold, id
            for (std::size_t n = 0; n < bed.size(); ++n)
                if (double const e = field.energy_of(id_of(n)); e > 0 && !active.count(id_of(n)))
                    quiet.push_back({-e / thresholds[n], n});
            std::sort(quiet.begin(), quiet.end());
            std::set<std::size_t> expected;
            if (active.size() < c.retry_below)
                for (std::size_t i = 0; i < quiet.size() && i < c.retry_budget; ++i)
                    expected.insert(quiet[i].second);
            all = {};
            auto const r = engine.tick(field, {}, report::full).value();
            g.holds(all.retried() == expected, "the nearest in proportion send, no others");
            g.holds(r.retried == expected.size(), "the report counts them");
            g.holds(r.residual == 0, "the books close");
            for (auto const& e : all.strides)
                g.holds(
                    (e.reason == event::reason::retry) == (active.count(e.source) == 0),
                    "only nodes below their thresholds are marked");
            std::size_t told = 0;
            for (auto const& e : all.guards)
                if (e.guard == "retry") {
                    ++told;
                    g.holds(e.count == expected.size(), "guard.acted counts them");
                    g.holds(e.figure == c.retry_budget, "and tells the budget");
                }
            g.holds(told == (expected.empty() ? 0U : 1U), "told when it acted");
        }
    });
}
