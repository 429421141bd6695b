// SPDX-License-Identifier: MIT
// Budgets of a frame: the richest sources are asked first, no further one from the limit on, and the report says so.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <utility>
#include <vector>

#include <runnel/runnel.hpp>

#include "engine/sown.hpp"
#include "support/catch.hpp"
#include "support/law.hpp"

namespace {

using namespace runnel;
using sown::id_of;

struct asked {
    std::uint64_t strides = 0;
    std::uint64_t costs = 0;
};
struct heard {
    std::map<std::size_t, asked> sources;
    std::vector<event::stride_exec> strides;
    std::vector<event::guard_acted> guards;
};
auto listening(heard& all) {
    return event::callback{
        [&](event::stride_selection const& e) {
            all.sources[index(e.node)].costs += e.costs_computed;
        },
        [&](event::stride_exec const& e) {
            ++all.sources[index(e.source)].strides;
            all.strides.push_back(e);
        },
        [&](event::guard_acted const& e) { all.guards.push_back(e); }};
}
double any_cost(candidate const& c) { return -c.lw.log(); }

config limited() {
    config c{.alpha = .3, .transfer_cap = 1, .seed = 5};
    c.split = {.enabled = true, .k = 3};
    return c;
}
/// Every node has links, one to four.
sown::bed thicket(law::gen& g) {
    auto bed = sown::a_bed(g);
    for (std::size_t n = 0; n < bed.size(); ++n) bed.links.push_back({n, (n + 1) % bed.size(), .3});
    return bed;
}

} // namespace

TEST_CASE("the richest are asked first, equals by id", "[engine][budget]") {
    sown::bed bed;
    bed.nodes.resize(5);
    for (std::size_t n = 0; n < 4; ++n) bed.links.push_back({n, 4, 1});
    auto const built = bed.build();
    auto c = limited();
    for (std::uint64_t const most : {1U, 2U, 3U, 4U, 5U}) {
        c.max_strides = most;
        heard all;
        auto const note = listening(all);
        auto const engine =
            make_engine(built.graph, built.store, c, pipeline{}.with_sink(note)).value();
        session s{engine};
        s.inject({{id_of(0), 2}, {id_of(1), 3}, {id_of(2), 2}, {id_of(3), 5}}).value();
        auto const r = s.tick().value();
        std::vector<std::size_t> const order{3, 1, 0, 2};
        std::set<std::size_t> sources;
        for (auto const& e : all.strides) sources.insert(index(e.source));
        std::uint64_t const sent = std::min<std::uint64_t>(most, 4);
        CHECK(
            sources
            == std::set<std::size_t>(
                order.begin(), order.begin() + static_cast<std::ptrdiff_t>(sent)));
        CHECK(r.truncated == (sent < 4));
        CHECK(r.unreached == 4 - sent);
        CHECK(r.strides == sent);
        std::size_t budgets = 0;
        for (auto const& e : all.guards)
            if (e.guard == "budget") {
                ++budgets;
                CHECK(e.count == 4 - sent);
                CHECK(e.figure == static_cast<double>(most));
            }
        CHECK(budgets == (sent < 4 ? 1U : 0U));
    }
}

TEST_CASE("a budget that acted is told by its limit", "[engine][budget]") {
    sown::bed bed;
    bed.nodes.resize(8);
    for (std::size_t n = 0; n < 3; ++n)
        for (std::size_t k = 0; k < 4; ++k) bed.links.push_back({n, 4 + k, 1});
    auto const built = bed.build();
    for (bool const by_strides : {true, false}) {
        auto c = limited();
        c.fanout.task = fanout::task::methodical;
        c.split.k = 3;
        (by_strides ? c.max_strides : c.max_costs) = 5;
        heard all;
        auto const note = listening(all);
        auto const engine =
            make_engine(built.graph, built.store, c, pipeline{}.with_cost(any_cost).with_sink(note))
                .value();
        session s{engine};
        s.inject({{id_of(0), 3}, {id_of(1), 2}, {id_of(2), 1}}).value();
        auto const r = s.tick().value();
        CHECK(r.strides == 6); // two rows of three
        CHECK(r.unreached == 1);
        REQUIRE(all.guards.size() == 1);
        CHECK(all.guards[0].guard == "budget");
        CHECK(all.guards[0].count == 1);
        CHECK(all.guards[0].figure == 5);
    }
}

TEST_CASE("a budget cuts an order, and cuts it where it must", "[engine][budget][law]") {
    law::for_all(250, [](law::gen& g) {
        auto const bed = thicket(g);
        auto const built = bed.build();
        auto free = limited();
        free.fanout.explore = g.one_of({0.0, .5}, "explore");
        free.split.enabled = g.flag("split");
        auto bound = free;
        bool const by_strides = g.flag("by strides");
        std::uint64_t const most = 1 + g.choose(12);
        g.show("limit", most);
        (by_strides ? bound.max_strides : bound.max_costs) = most;
        heard unbounded;
        heard bounded;
        auto const whole = make_engine(
                               built.graph, std::as_const(built.store), free,
                               pipeline{}.with_cost(any_cost).with_sink(listening(unbounded)))
                               .value();
        auto const part = make_engine(
                              built.graph, std::as_const(built.store), bound,
                              pipeline{}.with_cost(any_cost).with_sink(listening(bounded)))
                              .value();
        auto fw = whole.make_field();
        auto fp = part.make_field();
        auto again = part.make_field();
        auto const given = sown::stimuli(g, bed, 12);
        for (auto* f : {&fw, &fp, &again}) whole.inject(*f, given).value();
        int const warm = g.integer(0, 3, "frames before");
        for (int i = 0; i < warm; ++i)
            for (auto* f : {&fw, &fp, &again}) whole.tick(*f).value();
        std::vector<double> before(bed.size());
        for (std::size_t n = 0; n < bed.size(); ++n) before[n] = fw.energy_of(id_of(n));
        std::vector<std::size_t> order;
        for (auto const n : fw.active()) order.push_back(index(n));
        std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
            return before[a] != before[b] ? before[a] > before[b] : a < b;
        });
        unbounded = {};
        bounded = {};
        whole.tick(fw).value();
        auto const r = part.tick(fp, {}, report::full).value();
        auto const told = bounded;
        part.tick(again).value();

        std::uint64_t spent = 0;
        std::size_t reached = 0;
        std::uint64_t last = 0;
        for (; reached < order.size() && spent < most; ++reached) {
            auto const& of = unbounded.sources[order[reached]];
            last = by_strides ? of.strides : of.costs;
            spent += last;
        }
        std::set<std::size_t> expected(
            order.begin(), order.begin() + static_cast<std::ptrdiff_t>(reached));
        std::set<std::size_t> sources;
        for (auto const& [node, what] : told.sources) sources.insert(node);
        g.holds(sources == expected, "the richest, until the limit is met");
        g.holds(r.unreached == order.size() - reached, "the others are counted");
        g.holds(r.truncated == (reached < order.size()), "and the report says it was cut short");
        std::uint64_t const used = by_strides ? r.strides : r.costs_computed;
        g.holds(used == spent, "what was used is what those sources use");
        g.holds(used < most + (last > 0 ? last : 1), "over the limit by less than one row");
        g.holds(r.residual == 0, "the books close");
        g.holds(fp.digest() == again.digest(), "the same twice");
        std::vector<double> sent(bed.size());
        for (auto const& e : told.strides) sent[index(e.source)] += e.gross;
        std::vector<double> free_sent(bed.size());
        for (auto const& e : unbounded.strides) free_sent[index(e.source)] += e.gross;
        for (auto const n : expected)
            g.holds(sent[n] == free_sent[n], "who is asked sends what it would have sent");
    });
}

TEST_CASE("a limit nobody meets changes no bit", "[engine][budget][law]") {
    law::for_all(60, [](law::gen& g) {
        auto const bed = thicket(g);
        auto const built = bed.build();
        auto c = limited();
        auto const plain = make_engine(built.graph, std::as_const(built.store), c).value();
        c.max_strides = c.max_costs = 1'000'000;
        auto const wide = make_engine(built.graph, std::as_const(built.store), c).value();
        auto a = plain.make_field();
        auto b = wide.make_field();
        for (int frame = 0; frame < 8; ++frame) {
            auto const given = sown::stimuli(g, bed);
            plain.inject(a, given).value();
            plain.inject(b, given).value();
            plain.tick(a).value();
            auto const r = wide.tick(b).value();
            g.holds(!r.truncated && r.unreached == 0, "nothing was cut");
            g.holds(a.digest() == b.digest(), "and nothing changed");
        }
    });
}
