// SPDX-License-Identifier: MIT
// A matrix step whose moves are summed is the one whose moves are listed.
#include <cstddef>
#include <cstdint>
#include <new>
#include <utility>
#include <vector>

#include <runnel/engine.hpp>

#include "support/allocations.hpp"
#include "support/catch.hpp"
#include "support/law.hpp"

namespace {

using runnel::node_id;

bool chance(law::gen& g, double p) { return g.real(0, 1) < p; }

struct drawn_net {
    std::uint32_t nodes;
    runnel::graph::built built;
};
drawn_net a_net(law::gen& g) {
    auto const nodes = g.integer<std::uint32_t>(1, 60, "nodes");
    auto const links = g.integer<std::uint32_t>(0, 5 * nodes, "links");
    runnel::graph::builder b;
    b.nodes(nodes);
    for (std::uint32_t i = 0; i < links; ++i) {
        auto const from = g.integer<std::uint32_t>(0, nodes - 1, "from");
        auto const to = g.integer<std::uint32_t>(0, nodes - 1, "to");
        b.link({node_id{from}, node_id{to}, g.real(.01, 3, "weight")});
    }
    return {nodes, std::move(b).build().value()};
}

TEST_CASE("moves summed or listed, a matrix step is the same", "[engine][matrix]") {
    law::for_all(150, [](law::gen& g) {
        drawn_net net = a_net(g);
        runnel::config c{.implementation = runnel::implementation::matrix};
        c.matrix.alpha = chance(g, .2) ? 1 : g.real(0, 1, "alpha"); // 1 is always listed
        c.matrix.delta = g.real(0, .2, "delta");
        if (chance(g, .5)) c.storage = runnel::storage::dense;
        std::uint64_t heard = 0;
        auto const summed =
            runnel::make_engine(net.built.graph, std::as_const(net.built.store), c).value();
        // Somebody who hears strides makes an engine list them.
        auto const ear =
            runnel::event::callback{[&](runnel::event::stride_exec const&) { ++heard; }};
        auto const listed = runnel::make_engine(
                                net.built.graph, std::as_const(net.built.store), c,
                                runnel::pipeline{}.with_sink(ear))
                                .value();
        auto a = summed.make_field();
        auto b = listed.make_field();
        std::uint64_t moves = 0;
        for (int frame = 0; frame < 6; ++frame) {
            if (frame < 3) {
                auto const node = node_id{g.integer<std::uint32_t>(0, net.nodes - 1, "seed")};
                // Now and then so little that a link's part of it is no quantum.
                double const units = chance(g, .3) ? 0x1p-38 : g.real(.001, 1000, "units");
                summed.inject(a, node, units).value();
                listed.inject(b, node, units).value();
            }
            if (chance(g, .3)) { // looked at and dropped: nothing of it may stay
                auto const dropped = summed.stage(a).value();
                g.holds(dropped.residual() == 0, "staged moves take what they give");
            }
            auto const how = chance(g, .5) ? runnel::report::full : runnel::report::brief;
            auto const x = summed.tick(a, {}, how).value();
            auto const y = listed.tick(b, {}, how).value();
            moves += y.strides;
            g.holds(
                x.strides == y.strides && x.skipped == y.skipped
                    && x.costs_computed == y.costs_computed && x.touched == y.touched
                    && x.active == y.active && x.switched_on == y.switched_on
                    && x.switched_off == y.switched_off,
                "the counts are the same");
            g.holds(
                x.transferred == y.transferred && x.decayed == y.decayed && x.after == y.after
                    && x.residual == 0 && y.residual == 0,
                "the books are the same");
            for (std::uint32_t n = 0; n < net.nodes; ++n)
                g.holds(
                    a.energy_of(node_id{n}) == b.energy_of(node_id{n})
                        && a.received(node_id{n}) == b.received(node_id{n}),
                    "every node has the same");
        }
        g.holds(heard == moves, "the other one's moves were listed");
    });
}

TEST_CASE("also of more nodes than the caches hold", "[engine][matrix]") {
    constexpr std::uint32_t nodes = 140'000;
    runnel::graph::builder b;
    b.nodes(nodes);
    for (std::uint32_t i = 0; i < nodes; i += 2) {
        b.link({node_id{i}, node_id{(i + 7) % nodes}, 1});
        b.link({node_id{i}, node_id{(i * 5 + 1) % nodes}, 2});
    }
    auto const built = std::move(b).build().value();
    runnel::config c{.implementation = runnel::implementation::matrix};
    std::uint64_t heard = 0;
    auto const ear = runnel::event::callback{[&](runnel::event::stride_exec const&) { ++heard; }};
    auto const summed = runnel::make_engine(built.graph, built.store, c).value();
    auto const listed =
        runnel::make_engine(built.graph, built.store, c, runnel::pipeline{}.with_sink(ear)).value();
    auto a = summed.make_field();
    auto z = listed.make_field();
    for (std::uint32_t i = 0; i < nodes; ++i) {
        double const units =
            i % 3 == 0 ? 0x1p-38 : 1 + i % 11; // some hold too little for a part of it
        summed.inject(a, node_id{i}, units).value();
        listed.inject(z, node_id{i}, units).value();
    }
    for (int frame = 0; frame < 3; ++frame) {
        auto const x = summed.tick(a).value();
        auto const y = listed.tick(z).value();
        CHECK(x.strides == y.strides);
        CHECK(x.skipped == y.skipped);
        CHECK(x.touched == y.touched);
        CHECK(x.residual == 0);
        CHECK(a.digest() == z.digest());
    }
    CHECK(heard > nodes);
}

TEST_CASE("memory that runs out while a matrix is laid out loses nothing", "[engine][matrix]") {
    if (!support::counting()) return;
    law::gen g{7};
    drawn_net net = a_net(g);
    runnel::config c{.implementation = runnel::implementation::matrix};
    auto const e = runnel::make_engine(net.built.graph, std::as_const(net.built.store), c).value();
    auto expected = e.make_field();
    e.inject(expected, node_id{0}, 100).value();
    for (int frame = 0; frame < 3; ++frame) e.tick(expected).value();
    std::size_t refused = 0;
    for (std::size_t after = 0;; ++after) {
        auto field = e.make_field();
        e.inject(field, node_id{0}, 100).value();
        bool happened = false;
        {
            support::failing_allocation const planted{after};
            try {
                while (field.frame() < 3) e.tick(field).value();
            } catch (std::bad_alloc const&) { ++refused; }
            happened = planted.happened();
        }
        while (field.frame() < 3) e.tick(field).value();
        CHECK(field.digest() == expected.digest());
        CHECK(field.books().residual() == 0);
        if (!happened) break;
    }
    CHECK(refused > 5);
}

TEST_CASE("a written weight is seen by the next summed step", "[engine][matrix]") {
    runnel::graph::builder b;
    b.nodes(3);
    b.links({{node_id{0}, node_id{1}, 1}, {node_id{0}, node_id{2}, 1}});
    auto net = std::move(b).build().value();
    auto const e =
        runnel::make_engine(
            net.graph, std::as_const(net.store), {.implementation = runnel::implementation::matrix})
            .value();
    auto before = e.make_field();
    e.inject(before, node_id{0}, 1).value();
    e.tick(before).value();
    CHECK(before.energy_of(node_id{1}) == before.energy_of(node_id{2}));
    auto const heavier = net.graph.find({node_id{0}, node_id{2}});
    net.store.assign({{heavier, runnel::log_weight::from_log(1).value()}}).value();
    auto after = e.make_field();
    e.inject(after, node_id{0}, 1).value();
    e.tick(after).value();
    CHECK(after.energy_of(node_id{1}) < after.energy_of(node_id{2}));
}

} // namespace
