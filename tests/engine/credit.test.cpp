// SPDX-License-Identifier: MIT
// Credit: who brought a node over its threshold, by how much; and how useful and how strong a stride was among its like.
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <map>
#include <utility>
#include <vector>

#include <runnel/runnel.hpp>

#include "engine/sown.hpp"
#include "support/catch.hpp"
#include "support/law.hpp"

namespace {

using namespace runnel;
using sown::id_of;

config sending() {
    config c{.alpha = .5, .transfer_cap = .5};
    c.reader.source = weight::source::unit;
    c.decay.base = 0;
    return c;
}
struct heard {
    std::vector<event::stride_exec> strides;
    std::vector<event::node_flip> flips;
    std::vector<event::link_flow> flows;
};
auto listening(heard& all) {
    return event::callback{
        [&all](event::stride_exec const& e) { all.strides.push_back(e); },
        [&all](event::node_flip const& e) { all.flips.push_back(e); },
        [&all](event::link_flow const& e) { all.flows.push_back(e); }};
}
/// So many nodes, each with so many units, send half of it to one target.
heard gather(std::vector<double> const& units, double threshold, double held) {
    sown::bed bed;
    bed.nodes.resize(units.size() + 1);
    bed.nodes.back().threshold = threshold;
    for (std::size_t n = 0; n < units.size(); ++n) bed.links.push_back({n, units.size(), 1});
    auto const built = bed.build();
    heard all;
    auto const note = listening(all);
    auto const engine =
        make_engine(built.graph, built.store, sending(), pipeline{}.with_sink(note)).value();
    session s{engine};
    for (std::size_t n = 0; n < units.size(); ++n) s.inject(id_of(n), units[n]).value();
    if (held > 0) s.inject(id_of(units.size()), held).value();
    s.tick().value();
    return all;
}
double normal(double z) { return std::erfc(-z / std::sqrt(2.0)) / 2; }

} // namespace

TEST_CASE("credit goes by what was sent, none for more than was lacking", "[engine][credit]") {
    auto const all = gather({2, 8, 1}, 3, 1); // 1, 4 and .5 arrive where 2 are lacking
    auto const& flip = [&]() -> event::node_flip const& {
        for (auto const& f : all.flips)
            if (f.node == id_of(3)) return f;
        FAIL("the target must flip");
        return all.flips[0];
    }();
    CHECK(flip.active);
    CHECK(flip.before == 1);
    CHECK(flip.after == Approx(6.5).margin(1e-9));
    CHECK(flip.threshold == 3);
    REQUIRE(flip.senders == 3);
    CHECK(flip.credit[0].sender == id_of(1));
    CHECK(flip.credit[0].share == Approx(2 / 3.5).epsilon(1e-9)); // min(4, 2)
    CHECK(flip.credit[1].sender == id_of(0));
    CHECK(flip.credit[1].share == Approx(1 / 3.5).epsilon(1e-9));
    CHECK(flip.credit[2].sender == id_of(2));
    CHECK(flip.credit[2].share == Approx(.5 / 3.5).epsilon(1e-9));
    CHECK(flip.credit[3].share == 0);
}

TEST_CASE("the first four by share are told, all are counted", "[engine][credit]") {
    auto const all = gather({1, 3, 2, 6, 5, 4}, 8, 0); // halves of 21 arrive
    REQUIRE(all.flips.size() == 1);
    auto const& flip = all.flips[0];
    CHECK(flip.senders == 6);
    std::size_t const best[] = {3, 4, 5, 1};
    double const units[] = {6, 5, 4, 3};
    for (std::size_t i = 0; i < 4; ++i) {
        CHECK(flip.credit[i].sender == id_of(best[i]));
        CHECK(flip.credit[i].share == Approx(units[i] / 21).epsilon(1e-9));
    }
}

TEST_CASE("equal shares are told by id", "[engine][credit]") {
    auto const all = gather({2, 2, 2, 2, 2}, 4, 0);
    REQUIRE(all.flips.size() == 1);
    for (std::size_t i = 0; i < 4; ++i) {
        CHECK(all.flips[0].credit[i].sender == id_of(i));
        CHECK(all.flips[0].credit[i].share == Approx(.2).epsilon(1e-12));
    }
}

TEST_CASE("a node that falls asleep credits nobody", "[engine][credit]") {
    auto const all = gather({.15}, 100, 0); // to .075
    REQUIRE(all.flips.size() == 1);
    CHECK_FALSE(all.flips[0].active);
    CHECK(all.flips[0].senders == 0);
    CHECK(all.flips[0].credit[0].share == 0);
}

TEST_CASE("utility is how much of the lack was filled", "[engine][credit]") {
    CHECK(gather({2}, 5, 1).strides.at(0).utility == Approx(.25).margin(1e-9));
    CHECK(gather({2}, 1.5, 1).strides.at(0).utility == Approx(1).margin(1e-9));
    CHECK(gather({2}, 1, 1).strides.at(0).utility == 0); // it lacked nothing
}

TEST_CASE("shares of credit sum to 1, flip by flip", "[engine][credit][law]") {
    law::for_all(200, [](law::gen& g) {
        auto const bed = sown::a_bed(g);
        auto const built = bed.build();
        auto c = sending();
        c.split.enabled = g.flag("split");
        heard all;
        auto const note = listening(all);
        auto const engine =
            make_engine(built.graph, built.store, c, pipeline{}.with_sink(note)).value();
        auto field = engine.make_field();
        for (int frame = 0; frame < 6; ++frame) {
            engine.inject(field, sown::stimuli(g, bed, 3)).value();
            all = {};
            engine.tick(field).value();
            for (auto const& flip : all.flips) {
                if (!flip.active) continue;
                double const gap = flip.threshold - flip.before;
                std::map<std::size_t, double> naive;
                double sum = 0;
                for (auto const& e : all.strides)
                    if (e.target == flip.node) {
                        double const u = std::min(e.retained, gap);
                        naive[index(e.source)] += u;
                        sum += u;
                    }
                g.holds(flip.senders > 0, "somebody brought it there");
                double told = 0;
                for (std::size_t i = 0; i < 4 && i < flip.senders; ++i) {
                    told += flip.credit[i].share;
                    if (i > 0)
                        g.holds(
                            flip.credit[i - 1].share >= flip.credit[i].share, "the first by share");
                }
                g.holds(
                    flip.senders > 4 ? told < 1 : std::fabs(told - 1) < 1e-9,
                    "all shares sum to 1");
                bool const parallel = naive.size()
                                      != static_cast<std::size_t>(std::count_if(
                                          all.strides.begin(), all.strides.end(),
                                          [&](auto const& e) { return e.target == flip.node; }));
                if (parallel) continue; // two links of one sender: told per link or together
                g.holds(flip.senders == naive.size(), "every sender counts");
                for (std::size_t i = 0; i < 4 && i < flip.senders; ++i)
                    g.holds(
                        std::fabs(flip.credit[i].share - naive[index(flip.credit[i].sender)] / sum)
                            < 1e-9,
                        "min(what it sent, what was lacking), of all");
            }
        }
    });
}

TEST_CASE("a stride's flow is ranked among its like", "[engine][credit]") {
    // 12 strides of one kind rank among themselves; 7 and 5 of two kinds rank together.
    for (std::size_t const of_second : {0U, 5U}) {
        sown::bed bed;
        bed.nodes.resize(24);
        std::vector<double> units;
        for (std::size_t n = 0; n < 12; ++n) {
            bed.links.push_back(
                {n, 12 + n, 1, n < of_second ? link_type::blocks : link_type::relates});
            units.push_back(static_cast<double>(1 + (n * 5) % 11)); // two are equal
        }
        auto const built = bed.build();
        heard all;
        auto const note = listening(all);
        auto const engine =
            make_engine(built.graph, built.store, sending(), pipeline{}.with_sink(note)).value();
        session s{engine};
        for (std::size_t n = 0; n < 12; ++n) s.inject(id_of(n), units[n]).value();
        s.tick().value();
        REQUIRE(all.strides.size() == 12);
        for (auto const& e : all.strides) {
            double below = 0;
            double equal = 0;
            for (double const u : units) {
                below += u / 2 < e.gross ? 1 : 0;
                equal += u / 2 == e.gross ? 1 : 0;
            }
            CHECK(normal(e.z_flow) == Approx((below + (equal + 1) / 2) / 13).margin(1e-9));
        }
    }
}

TEST_CASE("a lone stride ranks among those of its past", "[engine][credit]") {
    sown::bed bed;
    bed.nodes.resize(2);
    bed.links = {{0, 1, 1}};
    auto const built = bed.build();
    heard all;
    auto const note = listening(all);
    auto const engine =
        make_engine(built.graph, built.store, sending(), pipeline{}.with_sink(note)).value();
    session s{engine};
    s.inject(id_of(0), 16).value();
    for (int frame = 0; frame < 4; ++frame) s.tick().value(); // 8, 4, 2, 1: ever the least
    REQUIRE(all.strides.size() == 4);
    for (std::size_t i = 0; i < 4; ++i)
        CHECK(normal(all.strides[i].z_flow) == Approx(1.0 / (2.0 + static_cast<double>(i))));
}

TEST_CASE("dominance is even at first and follows the averaged flows", "[engine][credit]") {
    sown::bed bed;
    bed.nodes.resize(3);
    bed.links = {{0, 1, 1}, {1, 0, 1}, {2, 0, 1}};
    auto const built = bed.build();
    heard all;
    auto const note = listening(all);
    auto const engine =
        make_engine(built.graph, built.store, sending(), pipeline{}.with_sink(note)).value();
    session s{engine};
    s.inject({{id_of(0), 4}, {id_of(1), 4}}).value(); // 2 one way, 2 the other
    s.tick().value();
    REQUIRE(all.flows.size() == 2);
    for (auto const& f : all.flows) {
        CHECK(f.dominance == Approx(.5).margin(1e-12));
        CHECK(f.energy == 2);
    }
    s.reset();
    all = {};
    s.inject({{id_of(0), 6}, {id_of(1), 2}, {id_of(2), 2}}).value(); // 3 against 1
    s.tick().value();
    REQUIRE(all.flows.size() == 3);
    CHECK(all.flows[0].dominance == Approx(.75).margin(1e-9));
    CHECK(all.flows[1].dominance == Approx(.25).margin(1e-9));
    CHECK(all.flows[2].dominance == 1); // nothing ever comes back
    double forward = 3;
    double backward = 1;
    for (int frame = 0; frame < 10; ++frame) {
        all = {};
        s.tick().value();
        double there = 0;
        double back = 0;
        for (auto const& f : all.flows) {
            if (f.source == id_of(0)) there = f.energy;
            if (f.source == id_of(1)) back = f.energy;
        }
        forward = .9 * forward + .1 * there * 10; // both averages began at a tenth of the flow
        backward = .9 * backward + .1 * back * 10;
        for (auto const& f : all.flows)
            if (f.source == id_of(0))
                CHECK(f.dominance == Approx(forward / (forward + backward)).epsilon(1e-6));
    }
}

TEST_CASE("link.flow sums what its strides carried", "[engine][credit][law]") {
    law::for_all(100, [](law::gen& g) {
        auto const bed = sown::a_bed(g);
        auto const built = bed.build();
        auto c = sending();
        c.split.enabled = true;
        heard all;
        auto const note = listening(all);
        auto const engine =
            make_engine(built.graph, built.store, c, pipeline{}.with_sink(note)).value();
        auto field = engine.make_field();
        for (int frame = 0; frame < 5; ++frame) {
            engine.inject(field, sown::stimuli(g, bed, 3)).value();
            all = {};
            engine.tick(field).value();
            std::map<std::size_t, std::pair<double, double>> naive;
            for (auto const& e : all.strides) {
                auto& [sum, phi] = naive[index(e.link)];
                sum += e.gross;
                phi = std::max(phi, e.utility);
                double const gap =
                    std::max(0.0, bed.threshold(index(e.target), c) - e.target_before);
                double const u = gap > 0 ? std::min(e.retained, gap) / gap : 0;
                g.holds(std::fabs(e.utility - u) < 1e-6, "utility = min(kept, gap) / gap");
            }
            g.holds(all.flows.size() == naive.size(), "one for each link that carried");
            for (auto const& f : all.flows) {
                auto const& [sum, phi] = naive[index(f.link)];
                g.holds(f.energy == sum && f.max_utility == phi, "what it carried, at best");
                g.holds(f.dominance >= 0 && f.dominance <= 1, "a share");
            }
        }
    });
}
