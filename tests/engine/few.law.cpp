// SPDX-License-Identifier: MIT
// The few cheapest as the first of a row: the moves of the chooser, to the bit, whatever the rows are like.
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <utility>
#include <vector>

#include <runnel/runnel.hpp>

#include "engine/crowd.hpp"
#include "support/catch.hpp"
#include "support/law.hpp"

namespace {

using namespace runnel;
using crowd::id_of;

/// Costs as `by_weight` does, and does not say so: the chooser has to look.
struct unsaid {
    double operator()(candidate const& c) const { return -c.lw.log(); }
};

graph::built a_graph(law::gen& g, std::size_t nodes, bool typed) {
    graph::builder b;
    b.nodes(static_cast<std::uint32_t>(nodes));
    auto const kind = g.one_of({0, 1, 2}, "weights: apart, some alike, all alike");
    law::gen draw{g.choose(1'000)};
    auto const links = static_cast<std::size_t>(g.integer(1, 14, "links per node")) * nodes;
    for (std::size_t i = 0; i < links; ++i) {
        std::uint64_t const from = i % 5 == 0 ? 0 : draw.choose(nodes - 1);
        std::uint64_t const to = draw.choose(nodes - 1);
        auto const lw = kind == 0 ? static_cast<std::int32_t>(draw.choose(100'000'000)) - 50'000'000
                        : kind == 1 ? static_cast<std::int32_t>(draw.choose(6)) << 22
                                    : 0;
        b.log_link(
            {id_of(from), id_of(to), log_weight::from_raw(lw),
             link_type{static_cast<std::uint16_t>(typed ? draw.choose(2) : 0)}});
    }
    return std::move(b).build().value();
}

} // namespace

TEST_CASE("the few from the row are those the chooser finds", "[engine][few]") {
    std::uint64_t strides = 0;
    std::uint64_t alike = 0;
    law::for_all(400, [&](law::gen& g) {
        auto const nodes = static_cast<std::size_t>(g.integer(2, 120, "nodes"));
        auto built = a_graph(g, nodes, g.flag("typed"));
        config c;
        c.seed = g.choose(9);
        c.split.enabled = true;
        c.split.k = g.integer(1U, 5U, "k");
        c.split.all_kept = g.choose(7) == 7;
        c.split.temperature = g.one_of({1.0, .05, 1e-4, 20.0}, "temperature");
        c.alpha = g.one_of({.1, 1.0, .01}, "alpha");
        c.step = g.one_of({step_rule::linear, step_rule::exponential});
        c.transfer_cap = g.one_of({.2, 1.0, .01}, "cap");
        c.min_transfer = g.one_of({1e-9, 0.0, 1e-2}, "min_transfer");
        c.threshold = .001;
        c.fanout.reduction =
            g.one_of({fanout::reduction::quick, fanout::reduction::none}, "reduction");
        c.fanout.ties =
            g.one_of({fanout::ties::sampled, fanout::ties::by_id, fanout::ties::fixed}, "ties");
        c.fanout.high = c.fanout.low + g.integer(0U, 20U);
        c.reader.source =
            g.one_of({weight::source::unit, weight::source::link, weight::source::raw}, "source");
        c.storage = g.one_of({storage::paged, storage::dense});
        if (g.flag("retry")) c.retry_budget = 3, c.retry_below = 500;
        c.stickiness.mode = g.one_of(
            {stickiness::off, stickiness::dissipative, stickiness::retentive}, "stickiness");
        auto const& store = built.store;
        auto const few = make_engine(built.graph, store, c).value();
        auto const chosen =
            make_engine(built.graph, store, c, pipeline{}.with_cost(unsaid{})).value();
        if (g.flag("written")) {
            std::vector<weight_setting> settings;
            for (std::uint64_t l = 0; l < built.graph.link_count(); l += 3)
                settings.push_back(
                    {link_id{static_cast<std::uint32_t>(l)},
                     log_weight::from_raw(static_cast<std::int32_t>(g.choose(1 << 20)))});
            built.store.assign(settings).value();
        }
        if (g.choose(5) == 5) {
            weight::decay_config fades;
            fades.base = .01;
            built.store.forget(fades.rates(), 30).value();
        }
        auto a = few.make_field();
        auto b = chosen.make_field();
        for (int frame = 0; frame < 6; ++frame) {
            std::vector<stimulus> given;
            for (int i = 0; i < 8; ++i) given.push_back({id_of(g.choose(nodes - 1)), g.real(0, 3)});
            few.inject(a, given).value();
            chosen.inject(b, given).value();
            auto const how = frame % 3 == 2 ? report::full : report::brief;
            crowd::story x;
            crowd::story y;
            x.add(few.tick(a, {.headroom = frame % 2 == 0 ? 1 : .1}, how).value());
            y.add(chosen.tick(b, {.headroom = frame % 2 == 0 ? 1 : .1}, how).value());
            g.holds(x == y, "the reports are the same");
            g.holds(a.digest() == b.digest(), "so are the energies");
            strides += x.strides;
            alike += x == y ? 1U : 0U;
        }
    });
    CHECK(strides > 20'000);
    CHECK(alike == 2'400);
}

namespace {
/// One node of two thousand links.
graph::built a_hub() {
    graph::builder b;
    b.nodes(2'000);
    for (std::uint64_t i = 1; i < 2'000; ++i)
        b.log_link({id_of(0), id_of(i), log_weight::from_raw(static_cast<std::int32_t>(i * 977))});
    return std::move(b).build().value();
}
/// One at a time: from the first on the row stands in blocks.
void write_singly(graph::store& store, law::gen& draw) {
    for (int i = 0; i < 400; ++i) {
        link_id const link{static_cast<std::uint32_t>(draw.choose(1'998))};
        auto const lw = static_cast<std::int32_t>(draw.choose(50'000'000));
        store.assign({{link, log_weight::from_raw(lw)}}).value();
    }
}
} // namespace

TEST_CASE("of a tall row too, and with doubles", "[engine][few]") {
    auto built = a_hub();
    config c;
    c.split = {.enabled = true, .k = 4};
    auto const& store = built.store;
    auto const few = make_engine(built.graph, store, c).value();
    auto const chosen = make_engine(built.graph, store, c, pipeline{}.with_cost(unsaid{})).value();
    for (std::uint64_t round = 0; round < 3; ++round) {
        auto a = few.make_field<double>();
        auto z = chosen.make_field<double>();
        few.inject(a, id_of(0), 5).value();
        chosen.inject(z, id_of(0), 5).value();
        for (int i = 0; i < 5; ++i) {
            CHECK(few.tick(a).value().strides == 4);
            chosen.tick(z).value();
            CHECK(a.digest() == z.digest());
        }
        law::gen draw{round};
        write_singly(built.store, draw);
    }
}

namespace {
/// Costs that are often equal, sometimes beyond all bounds, and never as weights are.
struct coarse {
    double operator()(candidate const& c) const {
        auto const n = static_cast<std::uint64_t>(index(c.target)) * 2'654'435'761U % 97;
        if (n < 9) return std::numeric_limits<double>::infinity();
        return static_cast<double>(n % 7) - std::floor(c.lw.log() * 2) / 2 + c.familiarity;
    }
    [[nodiscard]] static bool asks_familiarity() { return true; }
};
/// A graph of one's own: lists of links in no order.
struct lists {
    std::vector<std::vector<out_link>> rows;
    [[nodiscard]] std::uint32_t node_count() const {
        return static_cast<std::uint32_t>(rows.size());
    }
    [[nodiscard]] std::uint32_t degree(node_id n) const {
        return static_cast<std::uint32_t>(rows[index(n)].size());
    }
    [[nodiscard]] std::vector<out_link> const& links(node_id n) const { return rows[index(n)]; }
    [[nodiscard]] static node_type type(node_id) { return node_type::other; }
    [[nodiscard]] static version stamp(node_id) { return {}; }
    [[nodiscard]] static bool ordered(node_id) { return false; }
};

/// One engine, two fields: a brief report lets sources go without a list, a full one does not.
template <class Engine> std::uint64_t alike(law::gen& g, Engine const& engine, std::size_t nodes) {
    auto a = engine.make_field();
    auto b = engine.make_field();
    std::uint64_t strides = 0;
    for (int frame = 0; frame < 6; ++frame) {
        std::vector<stimulus> given;
        for (int i = 0; i < 8; ++i) given.push_back({id_of(g.choose(nodes - 1)), g.real(0, 3)});
        engine.inject(a, given).value();
        engine.inject(b, given).value();
        auto const x = engine.tick(a).value();
        auto const y = engine.tick(b, {}, report::full).value();
        g.holds(x.strides == y.strides, "as many strides");
        g.holds(x.costs_computed == y.costs_computed, "as many costs");
        g.holds(x.skipped == y.skipped && x.capped == y.capped, "as many were skipped and capped");
        g.holds(x.retried == y.retried, "and retried");
        g.holds(x.low_confidence == y.low_confidence, "as sure");
        g.holds(a.digest() == b.digest(), "the same energies");
        strides += x.strides;
    }
    return strides;
}
config one_takes_all(law::gen& g) {
    config c;
    c.seed = g.choose(9);
    c.alpha = g.one_of({.1, 1.0, .01}, "alpha");
    c.min_transfer = g.one_of({1e-9, 0.0, 1e-2}, "min_transfer");
    c.threshold = .001;
    c.fanout.reduction = g.one_of({fanout::reduction::none, fanout::reduction::quick}, "reduction");
    c.fanout.high = c.fanout.low + g.integer(0U, 20U);
    if (g.flag("explores")) c.fanout.explore = .4;
    c.reader.source =
        g.one_of({weight::source::unit, weight::source::link, weight::source::raw}, "source");
    c.storage = g.one_of({storage::paged, storage::dense});
    if (g.flag("retry")) c.retry_budget = 3, c.retry_below = 500;
    c.stickiness.mode = g.one_of({stickiness::off, stickiness::retentive}, "stickiness");
    return c;
}
} // namespace

TEST_CASE("the cheapest of a row is the chooser's, equals and all", "[engine][few]") {
    std::uint64_t strides = 0;
    law::for_all(400, [&](law::gen& g) {
        auto const nodes = static_cast<std::size_t>(g.integer(2, 120, "nodes"));
        auto built = a_graph(g, nodes, g.flag("typed"));
        auto const c = one_takes_all(g);
        if (g.choose(5) == 5) {
            weight::decay_config fades;
            fades.base = .01;
            built.store.forget(fades.rates(), 30).value();
        }
        auto const& store = built.store;
        auto const engine =
            make_engine(built.graph, store, c, pipeline{}.with_cost(coarse{})).value();
        strides += alike(g, engine, nodes);
    });
    CHECK(strides > 8'000);
}

TEST_CASE("of a graph of one's own too, whose faults are told", "[engine][few]") {
    std::uint64_t strides = 0;
    law::for_all(200, [&](law::gen& g) {
        auto const nodes = static_cast<std::size_t>(g.integer(2, 60, "nodes"));
        lists own;
        own.rows.resize(nodes);
        law::gen draw{g.choose(1'000)};
        for (std::size_t n = 0; n < nodes; ++n)
            for (std::uint64_t i = draw.choose(8); i > 0; --i) {
                auto const to = draw.choose(nodes - 1);
                if (to == n) continue;
                own.rows[n].push_back(
                    {id_of(to),
                     log_weight::from_raw(static_cast<std::int32_t>(draw.choose(4)) << 22),
                     row_place{static_cast<std::uint32_t>(own.rows[n].size())}});
            }
        auto const c = one_takes_all(g);
        auto const engine = make_engine(own, c, pipeline{}.with_cost(coarse{})).value();
        strides += alike(g, engine, nodes);
    });
    CHECK(strides > 1'500);
    lists wrong;
    wrong.rows.resize(3);
    wrong.rows[0].push_back({id_of(7)});
    auto const engine = make_engine(
                            wrong, {.fanout = {.reduction = fanout::reduction::none}},
                            pipeline{}.with_cost(unsaid{}))
                            .value();
    auto field = engine.make_field();
    engine.inject(field, id_of(0), 1).value();
    auto const said = engine.tick(field);
    REQUIRE_FALSE(said);
    CHECK(said.error().code() == "graph.unknown_node");
}

TEST_CASE("a cost that is no number is told, whichever way it was met", "[engine][few]") {
    law::gen g{3};
    auto const built = a_graph(g, 40, false);
    auto const& store = built.store;
    auto const bad = [](candidate const& c) {
        return index(c.target) == 5 ? std::nan("") : -c.lw.log();
    };
    auto const engine = make_engine(
                            built.graph, store,
                            {.threshold = .001, .fanout = {.reduction = fanout::reduction::none}},
                            pipeline{}.with_cost(bad))
                            .value();
    auto field = engine.make_field();
    for (std::uint64_t n = 0; n < 40; ++n) engine.inject(field, id_of(n), 1).value();
    auto const before = field.digest();
    auto const said = engine.tick(field);
    REQUIRE_FALSE(said);
    CHECK(said.error().code() == "cost.not_finite");
    CHECK(field.digest() == before);
}

TEST_CASE("the cheapest of a tall row", "[engine][few]") {
    auto built = a_hub();
    auto const& store = built.store;
    law::gen draw{1};
    write_singly(built.store, draw);
    for (std::uint32_t dear = 1; dear < 2'000; dear += 7) { // each is the cheapest once
        auto const engine =
            make_engine(
                built.graph, store, {.fanout = {.reduction = fanout::reduction::none}},
                pipeline{}.with_cost(
                    [dear](candidate const& c) { return index(c.target) == dear ? 0.0 : 1.0; }))
                .value();
        auto field = engine.make_field();
        engine.inject(field, id_of(0), 5).value();
        engine.tick(field).value();
        CHECK(field.received(id_of(dear)) > 0);
    }
}

namespace {
/// Falls as weight rises, says so, and counts how often it is asked.
struct counted {
    using weight_monotone = void;
    std::uint64_t* asked;
    double operator()(candidate const& c) const {
        ++*asked;
        return -c.lw.log();
    }
};
} // namespace

TEST_CASE("of few that share no more are asked for; of one there is no list", "[engine][few]") {
    auto const built = a_hub();
    auto const& store = built.store;
    SECTION("few") {
        std::uint64_t asked = 0;
        config c;
        c.split = {.enabled = true, .k = 3};
        auto const engine =
            make_engine(built.graph, store, c, pipeline{}.with_cost(counted{&asked})).value();
        auto field = engine.make_field();
        engine.inject(field, id_of(0), 5).value();
        CHECK(engine.tick(field).value().costs_computed == 5); // as fanout keeps
        CHECK(asked == 3);
        engine.tick(field, {}, report::full).value();
        CHECK(asked == 3 + 5); // the chooser looks at all it keeps
    }
    SECTION("one") {
        config c;
        c.fanout.reduction = fanout::reduction::none;
        auto const engine =
            make_engine(built.graph, store, c, pipeline{}.with_cost(unsaid{})).value();
        auto field = engine.make_field();
        engine.inject(field, id_of(0), 5).value();
        engine.tick(field).value();
        auto const lean = field.bytes();
        engine.tick(field, {}, report::full).value();
        CHECK(field.bytes() > lean + 1'999 * sizeof(out_link));
    }
}
