// SPDX-License-Identifier: MIT
// What a sink hears of a frame, in which order, and that hearing changes nothing.
#include <stdexcept>
#include <string>
#include <type_traits>
#include <utility>

#include <runnel/engine.hpp>

#include "support/catch.hpp"

namespace {

using namespace runnel;

graph::built pair_of_nodes() {
    graph::builder build;
    auto const a = build.node(node_type::memory);
    auto const b = build.node(node_type::task);
    build.link({a, b, .5}).link({b, a, .5});
    return std::move(build).build().value();
}
constexpr config half{.alpha = .5, .transfer_cap = .5, .decay = {.base = 0}};

} // namespace

TEST_CASE("events of a frame come in one order", "[engine][event]") {
    auto const g = pair_of_nodes();
    std::string heard;
    auto const note = [&heard](auto const& e) {
        heard += std::string(std::decay_t<decltype(e)>::wire) + ' ';
    };
    auto const engine = make_engine(g.graph, g.store, half, pipeline{}.with_sink(note)).value();
    session s{engine};
    s.inject(node_id{0}, 1).value();
    s.tick({.dt = 2}).value();
    CHECK(
        heard
        == "stimulus.injected frame.start stride.selection stride.exec link.flow node.flip "
           "decay.tick "
           "guard.acted frame.end ");
}

TEST_CASE("the sink that hears nothing may have a name", "[engine][event]") {
    auto const g = pair_of_nodes();
    event::none silent;
    event::none const constant;
    auto const one = make_engine(g.graph, g.store, half, pipeline{}.with_sink(silent)).value();
    auto const two = make_engine(g.graph, g.store, half, pipeline{}.with_sink(constant)).value();
    auto const plain = make_engine(g.graph, g.store, half).value();
    STATIC_REQUIRE(std::is_same_v<decltype(one), decltype(plain)>);
    STATIC_REQUIRE(std::is_same_v<decltype(two), decltype(plain)>);
    session s{one};
    s.inject(node_id{0}, 1).value();
    CHECK(s.tick().value().strides == 1);
}

TEST_CASE("a stride tells what moved, from frame-start figures", "[engine][event]") {
    auto const g = pair_of_nodes();
    event::recorder<event::stride_exec> seen{8};
    auto const engine = make_engine(g.graph, g.store, half, pipeline{}.with_sink(seen)).value();
    session s{engine};
    s.inject(node_id{0}, 1).value();
    s.inject(node_id{1}, .5).value();
    s.tick().value();
    REQUIRE(seen.size<event::stride_exec>() == 2);
    auto const& first = seen.get<event::stride_exec>(0);
    CHECK(first.source == node_id{0});
    CHECK(first.target == node_id{1});
    CHECK(first.link == g.graph.find({node_id{0}, node_id{1}}));
    CHECK(first.gross == .5);
    CHECK(first.retained == .5);
    CHECK(first.loss == 0);
    CHECK(first.source_before == 1);
    CHECK(first.target_before == .5);
    CHECK(first.target_after == .75);
    CHECK(first.score == Approx(-math::log(.5)).epsilon(1e-6));
    CHECK(seen.get<event::stride_exec>(1).source == node_id{1});
}

TEST_CASE("flips tell both directions with energies and threshold", "[engine][event]") {
    auto const g = pair_of_nodes();
    event::recorder<event::node_flip> seen{8};
    config settings = half;
    settings.transfer_cap = 1;
    settings.alpha = 1;
    auto const engine = make_engine(g.graph, g.store, settings, pipeline{}.with_sink(seen)).value();
    session s{engine};
    s.inject(node_id{0}, 1).value();
    s.tick().value();
    REQUIRE(seen.size<event::node_flip>() == 2);
    auto const& off = seen.get<event::node_flip>(0);
    CHECK(off.node == node_id{0});
    CHECK_FALSE(off.active);
    CHECK(off.before == 1);
    CHECK(off.after == Approx(0).margin(1e-11));
    CHECK(off.threshold == Approx(.1).margin(1e-11));
    auto const& on = seen.get<event::node_flip>(1);
    CHECK(on.node == node_id{1});
    CHECK(on.active);
    CHECK(on.before == 0);
}

TEST_CASE("a stimulus tells the gap to the threshold", "[engine][event]") {
    auto const g = pair_of_nodes();
    event::recorder<event::stimulus_injected> seen{8};
    auto const engine =
        make_engine(g.graph, g.store, {.threshold = 1}, pipeline{}.with_sink(seen)).value();
    session s{engine};
    stimulus const twice[] = {{node_id{0}, .25}, {node_id{0}, 1}};
    s.inject(twice).value();
    REQUIRE(seen.size<event::stimulus_injected>() == 2);
    CHECK(seen.get<event::stimulus_injected>(0).gap_before == 1);
    CHECK(seen.get<event::stimulus_injected>(0).gap_after == .75);
    CHECK(seen.get<event::stimulus_injected>(1).gap_before == .75);
    CHECK(seen.get<event::stimulus_injected>(1).gap_after == 0);
}

TEST_CASE("frame.end carries the books and the full figures", "[engine][event]") {
    auto const g = pair_of_nodes();
    event::recorder<event::frame_end> seen{8};
    auto const engine = make_engine(g.graph, g.store, half, pipeline{}.with_sink(seen)).value();
    session s{engine};
    s.inject(node_id{0}, 1).value();
    auto const report = s.tick().value();
    auto const& end = seen.get<event::frame_end>(0);
    CHECK(end.injected == 1);
    CHECK(end.transferred == .5);
    CHECK(end.after == report.after);
    CHECK(end.residual == 0);
    CHECK(end.support == 2);
    CHECK(end.mean_degree_of_active == 1);
}

TEST_CASE("a stage that is dropped tells nothing", "[engine][event]") {
    auto const g = pair_of_nodes();
    event::counters counts;
    auto const engine = make_engine(g.graph, g.store, half, pipeline{}.with_sink(counts)).value();
    auto field = engine.make_field();
    engine.inject(field, node_id{0}, 1).value();
    { auto const open = engine.stage(field).value(); }
    CHECK(counts.count<event::frame_start>() == 0);
    engine.tick(field).value();
    CHECK(counts.count<event::frame_start>() == 1);
    CHECK(counts.count<event::frame_end>() == 1);
    CHECK(counts.transferred() == .5);
}

TEST_CASE("a sink that throws finds the frame ended and the books closed", "[engine][event]") {
    auto const g = pair_of_nodes();
    bool thrown = false;
    auto const thrower = [&thrown](event::stride_exec const&) {
        if (std::exchange(thrown, true)) return;
        throw std::runtime_error("sink");
    };
    auto const engine = make_engine(g.graph, g.store, half, pipeline{}.with_sink(thrower)).value();
    auto const quiet = make_engine(g.graph, std::as_const(g.store), half).value();
    auto field = engine.make_field();
    auto silent = quiet.make_field();
    engine.inject(field, node_id{0}, 1).value();
    quiet.inject(silent, node_id{0}, 1).value();
    CHECK_THROWS_AS(static_cast<void>(engine.tick(field)), std::runtime_error);
    quiet.tick(silent).value();
    CHECK_FALSE(field.staged());
    CHECK(field.digest() == silent.digest());
    CHECK(engine.tick(field).value().residual == 0);
}
