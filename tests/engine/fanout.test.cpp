// SPDX-License-Identifier: MIT
// Fanout and split inside a frame: how many links are asked, who sends what, and what is told of it.
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <utility>
#include <vector>

#include <runnel/runnel.hpp>

#include "engine/drawn_case.hpp"
#include "support/catch.hpp"
#include "support/law.hpp"

namespace {

using drawn::id_of;
using runnel::config;
using runnel::node_id;
namespace event = runnel::event;
namespace fanout = runnel::fanout;

/// Node 0 with `links` links; weight falls with the target's number, or does not.
runnel::graph::built hub(std::uint32_t links, double fall = .001) {
    runnel::graph::builder b;
    b.nodes(links + 1);
    for (std::uint32_t n = 1; n <= links; ++n)
        b.link({id_of(0), id_of(n), std::exp(-fall * n), runnel::link_type(n % 3)});
    return std::move(b).build().value();
}
struct listener {
    std::vector<event::stride_selection> selections;
    std::vector<event::stride_exec> strides;
    void operator()(event::stride_selection const& e) { selections.push_back(e); }
    void operator()(event::stride_exec const& e) { strides.push_back(e); }
};
constexpr auto by_number = [](runnel::candidate const& c) {
    return static_cast<double>(index(c.target));
};

/// One frame of the hub; what was heard.
template <class Pipeline>
listener one_frame(
    runnel::graph::built const& built, config const& settings, Pipeline policies,
    double headroom = 1) {
    listener heard;
    auto const engine =
        runnel::make_engine(
            built.graph, std::as_const(built.store), settings, policies.with_sink(heard))
            .value();
    auto field = engine.make_field();
    engine.inject(field, id_of(0), 1).value();
    auto const report = engine.tick(field, {.dt = 1, .headroom = headroom}).value();
    CHECK(report.strides == heard.strides.size());
    REQUIRE(heard.selections.size() == 1);
    CHECK(heard.selections[0].costs_computed == report.costs_computed);
    return heard;
}
auto with_cost() { return runnel::pipeline{}.with_cost(by_number); }

} // namespace

TEST_CASE("a hub of a thousand links computes five costs", "[engine][fanout]") {
    for (std::uint32_t d : {20U, 1000U, 100'000U}) {
        auto const heard = one_frame(hub(d, .0001), {}, with_cost());
        auto const& s = heard.selections[0];
        CHECK(s.costs_computed == 5);
        CHECK(s.fanout == d);
        CHECK(s.k == 5);
        CHECK(s.strategy == event::strategy::selective);
        CHECK(s.prune_rate == Approx((d - 5.0) / d));
        CHECK(s.entropy == 0);
        REQUIRE(heard.strides.size() == 1);
        CHECK(heard.strides[0].target == id_of(1));
        CHECK(heard.strides[0].reason == event::reason::argmin);
    }
}

TEST_CASE("pressure and tasks reach the frame", "[engine][fanout]") {
    auto const built = hub(100);
    auto const asked = [&](config const& c, double headroom) {
        return one_frame(built, c, with_cost(), headroom).selections[0];
    };
    CHECK(asked({}, .1).costs_computed == 3);
    CHECK(asked({}, .1).headroom == .1);
    CHECK_FALSE(asked({}, .1).mode_override);
    auto const focused = asked({.fanout = {.task = fanout::task::focused}}, .1);
    CHECK(focused.costs_computed == 2);
    CHECK(focused.mode_override);
    CHECK(focused.mode == event::task::focused);
    CHECK(asked({.fanout = {.task = fanout::task::methodical}}, 1).costs_computed == 100);
    CHECK(asked({.fanout = {.reduction = fanout::reduction::none}}, 1).costs_computed == 100);
    auto const engine = runnel::make_engine(built.graph, std::as_const(built.store)).value();
    auto field = engine.make_field();
    auto const refused = engine.tick(field, {.dt = 1, .headroom = std::nan("")});
    CHECK(refused.error().is(runnel::faults::bad_headroom));
    CHECK(engine.tick(field, {.dt = 1, .headroom = 7}));
}

TEST_CASE("the head alone is told like the choice it stands for", "[engine][fanout]") {
    auto const built = hub(100);
    auto const head = one_frame(built, {}, runnel::pipeline{});
    auto const same = one_frame(
        built, {},
        runnel::pipeline{}.with_cost([](runnel::candidate const& c) { return -c.lw.log(); }));
    CHECK(head.selections[0].k == same.selections[0].k);
    CHECK(head.selections[0].prune_rate == same.selections[0].prune_rate);
    CHECK(head.selections[0].costs_computed == 1);
    CHECK(head.strides[0].target == same.strides[0].target);
    CHECK(head.strides[0].gross == same.strides[0].gross);
    CHECK(head.strides[0].score == same.strides[0].score);
}

TEST_CASE("the heaviest few are the same whatever their types", "[engine][fanout][law]") {
    law::for_all(2'000, [](law::gen& g) {
        auto const w = drawn::a_world(g);
        auto const built = w.build();
        config c = w.settings;
        c.split = {.enabled = true, .all_kept = true, .temperature = 1};
        c.fanout.selective_k = 2 + static_cast<std::uint32_t>(g.choose(8));
        c.fanout.high = 3;
        c.fanout.ties = g.one_of({fanout::ties::sampled, fanout::ties::by_id});
        c.min_transfer = 0;
        c.threshold = 0;
        listener heard;
        auto const engine =
            runnel::make_engine(
                built.graph, std::as_const(built.store), c, runnel::pipeline{}.with_sink(heard))
                .value();
        auto field = engine.make_field();
        for (std::size_t n = 0; n < w.size(); ++n) engine.inject(field, id_of(n), 1).value();
        engine.tick(field, {.dt = .5 / c.alpha < 1e9 ? .5 / c.alpha : 1}).value();
        std::map<std::size_t, std::vector<std::int32_t>> all;
        for (auto const& l : w.links)
            if (l.from != l.to) all[l.from].push_back(l.lw);
        std::map<std::size_t, std::vector<std::int32_t>> sent;
        for (auto const& s : heard.strides) {
            g.holds(s.link != runnel::no_link, "links have names");
            sent[index(s.source)].push_back(built.store.lw(s.link).raw());
        }
        for (auto& [from, weights] : all) {
            std::sort(weights.rbegin(), weights.rend());
            std::size_t const k =
                fanout::select_strategy(static_cast<std::uint32_t>(weights.size()), c.fanout).k;
            weights.resize(std::min(k, weights.size()));
            // What is too light for a quantum of energy is not sent; the others are the heaviest.
            auto const& took = sent[from];
            g.holds(took.size() <= weights.size(), "no more than were kept");
            for (std::size_t i = 0; i < took.size(); ++i)
                g.holds(took[i] == weights[i], "in order of weight");
        }
    });
}

TEST_CASE("shares are the softmax of the costs", "[engine][split]") {
    runnel::graph::builder b;
    b.nodes(3);
    b.link({id_of(0), id_of(1)}).link({id_of(0), id_of(2)});
    auto const built = std::move(b).build().value();
    auto const policies = runnel::pipeline{}.with_cost(
        [](runnel::candidate const& c) { return index(c.target) == 1 ? 1.0 : .5; });
    config c{.alpha = .1, .split = {.enabled = true}};
    auto const heard = one_frame(built, c, policies);
    REQUIRE(heard.strides.size() == 2);
    CHECK(heard.strides[0].target == id_of(2));
    CHECK(heard.strides[0].share == Approx(.6225).margin(5e-5));
    CHECK(heard.strides[1].share == Approx(.3775).margin(5e-5));
    CHECK(heard.strides[0].gross == Approx(.06225).margin(5e-6));
    CHECK(heard.strides[0].rank == 0);
    CHECK(heard.strides[1].rank == 1);
    CHECK(heard.strides[0].reason == event::reason::top_k);
    double const h = -(.6224593 * std::log(.6224593) + .3775407 * std::log(.3775407));
    CHECK(heard.selections[0].entropy == Approx(h).epsilon(1e-6));
    // K = 1 and a cold split are the same.
    config cold = c;
    cold.split.temperature = 1e-300;
    auto const one = one_frame(built, cold, policies);
    c.split.enabled = false;
    auto const off = one_frame(built, c, policies);
    REQUIRE(one.strides.size() == 1);
    CHECK(one.strides[0].gross == off.strides[0].gross);
}

TEST_CASE("however many share, the cap holds and the books close", "[engine][split][law]") {
    law::for_all(1'500, [](law::gen& g) {
        auto const w = drawn::a_world(g);
        auto const built = w.build();
        config c = w.settings;
        c.split = {
            .enabled = true,
            .k = static_cast<std::uint32_t>(1 + g.choose(20)),
            .all_kept = g.flag(),
            .temperature = g.one_of({.01, 1.0, 1e9})};
        c.fanout.reduction = g.one_of({fanout::reduction::quick, fanout::reduction::none});
        c.fanout.explore = g.one_of({0.0, .5, 1.0});
        c.fanout.ties = g.one_of({fanout::ties::sampled, fanout::ties::fixed, fanout::ties::by_id});
        auto const engine = runnel::make_engine(built.graph, built.store, c).value();
        auto field = engine.make_field();
        auto real = engine.make_field<double>();
        for (std::size_t n = 0; n < w.size(); ++n) {
            double const units = g.one_of({0.0, .3, 100.0, 0x1p-40 * 7});
            engine.inject(field, id_of(n), units).value();
            engine.inject(real, id_of(n), units).value();
        }
        for (int i = 0; i < 4; ++i) {
            double const dt = g.one_of({1.0, 1e-3, 1e6});
            auto const report = engine.tick(field, {.dt = dt}, runnel::report::full).value();
            g.holds(report.residual == 0, "exactly");
            auto const said = engine.tick(real, {.dt = dt}, runnel::report::full).value();
            g.holds(std::fabs(said.residual) <= 1e-9 * (said.before + said.injected + 1), "nearly");
            for (std::size_t n = 0; n < w.size(); ++n)
                g.holds(real.energy_of(id_of(n)) >= 0, "no energy below nothing");
        }
    });
}

TEST_CASE("shares that round up do not add up to more than the cap", "[engine][split]") {
    config c{.transfer_cap = .3, .min_transfer = 0};
    c.decay = {.base = 0, .flush_below = 0};
    c.split = {.enabled = true, .all_kept = true};
    c.fanout.reduction = fanout::reduction::none;
    for (std::uint32_t links = 2; links < 80; ++links) {
        auto const built = hub(links, .01);
        auto const engine = runnel::make_engine(built.graph, std::as_const(built.store), c).value();
        auto field = engine.make_field();
        engine.inject(field, id_of(0), 8e6).value();
        engine.tick(field, {.dt = 1e6}).value();
        auto const held = runnel::energy::from_units(8e6).value();
        auto const most = runnel::part(held, runnel::fraction::of(.3));
        REQUIRE(field.books().sent <= most.raw());
        REQUIRE(field.books().sent >= most.raw() - (1 << 16));

        config all = c;
        all.transfer_cap = 1;
        auto const pours =
            runnel::make_engine(built.graph, std::as_const(built.store), all).value();
        auto real = pours.make_field<double>();
        pours.inject(real, id_of(0), 1 / 3.0).value();
        pours.tick(real, {.dt = 1e6}).value();
        REQUIRE(real.energy_of(id_of(0)) >= 0);
        REQUIRE(real.energy_of(id_of(0)) < 1e-15);
        REQUIRE(real.books().flushed >= 0); // what is less than nothing would be flushed
    }
}

TEST_CASE("exploring finds what fanout would never look at", "[engine][fanout]") {
    auto const built = hub(40);
    config c{.fanout = {.explore = 1}};
    c.split = {.enabled = true, .all_kept = true};
    std::set<std::uint32_t> reached;
    listener heard;
    auto const engine =
        runnel::make_engine(
            built.graph, std::as_const(built.store), c, runnel::pipeline{}.with_sink(heard))
            .value();
    auto field = engine.make_field();
    engine.inject(field, id_of(0), 1000).value();
    for (int frame = 0; frame < 600; ++frame) {
        heard = {};
        engine.tick(field, {.dt = .01}).value();
        for (auto const& s : heard.strides) {
            if (s.source != id_of(0) || s.reason != event::reason::explore) continue;
            CHECK(index(s.target) > 5); // 1 to 5 are the heaviest
            CHECK(s.rank == 4);
            reached.insert(static_cast<std::uint32_t>(index(s.target)));
        }
    }
    CHECK(reached.size() == 35);
    c.fanout.explore = 0;
    CHECK(one_frame(built, c, runnel::pipeline{}).strides.back().reason == event::reason::top_k);
}

TEST_CASE("fewer links under pressure are among those of more", "[engine][fanout][law]") {
    law::for_all(300, [](law::gen& g) {
        auto const built =
            hub(12 + static_cast<std::uint32_t>(g.choose(50)), 0); // all weigh the same
        config c{.seed = g.choose(9)};
        c.split = {.enabled = true, .all_kept = true};
        auto const free = one_frame(built, c, runnel::pipeline{});
        auto const pressed = one_frame(built, c, runnel::pipeline{}, .1);
        std::set<node_id> more;
        for (auto const& s : free.strides) more.insert(s.target);
        g.holds(pressed.strides.size() == 3 && free.strides.size() == 5, "three of five");
        for (auto const& s : pressed.strides) g.holds(more.count(s.target) == 1, "one of the five");
    });
}

TEST_CASE("a graph of one's own is explored too, whatever places it gives", "[engine][fanout]") {
    struct rows {
        std::vector<std::vector<runnel::out_link>> out;
        bool sorted = false;
        [[nodiscard]] std::uint32_t node_count() const {
            return static_cast<std::uint32_t>(out.size());
        }
        [[nodiscard]] std::uint32_t degree(node_id n) const {
            return static_cast<std::uint32_t>(out[index(n)].size());
        }
        [[nodiscard]] auto const& links(node_id n) const { return out[index(n)]; }
        [[nodiscard]] runnel::node_type type(node_id) const { return runnel::node_type::other; }
        [[nodiscard]] runnel::version stamp(node_id) const { return {}; }
        [[nodiscard]] bool ordered(node_id) const { return sorted; }
    };
    for (bool const sorted : {false, true}) {
        rows mine;
        mine.sorted = sorted;
        mine.out.resize(41);
        for (std::uint32_t n = 1; n <= 40; ++n)
            mine.out[0].push_back({id_of(n), runnel::log_weight::from_log(-.1 * n).value(), {}});
        config c{.fanout = {.explore = 1}};
        c.split = {.enabled = true, .all_kept = true};
        auto const engine = runnel::make_engine(mine, c).value();
        auto field = engine.make_field();
        engine.inject(field, id_of(0), 1000).value();
        for (int frame = 0; frame < 600; ++frame) {
            auto const costs = engine.tick(field, {.dt = .01}).value().costs_computed;
            CHECK(costs >= 5);
        }
        std::size_t reached = 0;
        for (std::uint32_t n = 1; n <= 40; ++n) reached += field.received(id_of(n)) > 0 ? 1U : 0U;
        CHECK(reached == 39); // all but the fifth, whose place the drawn one takes
        // Rows that grew are another graph to a field.
        mine.out.resize(100'000);
        CHECK(engine.inject(field, id_of(99'999), 1).error().is(runnel::faults::foreign_field));
        CHECK(engine.tick(field).error().is(runnel::faults::foreign_field));
    }
}
