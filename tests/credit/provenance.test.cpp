// SPDX-License-Identifier: MIT
// Small worlds worked out by hand: where energy came from, one case at a time.
//
// Every world sends half of what a node holds each frame (alpha .5, dt 1), along its one link, without decay. A unit
// is 2^40 quanta and every figure here is a sum of halves, so all of them are exact.
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <utility>
#include <vector>

#include <runnel/credit.hpp>
#include <runnel/runnel.hpp>

#include "support/catch.hpp"

namespace {

using runnel::node_id;
using runnel::credit::in_units;
using runnel::credit::origin;

constexpr node_id a{0};
constexpr node_id b{1};
constexpr node_id c{2};
constexpr node_id d{3};

runnel::config halves() {
    runnel::config s;
    s.alpha = .5;
    s.transfer_cap = 1;
    s.reader.source = runnel::weight::source::unit;
    s.decay.base = 0;
    s.decay.flush_below = 0;
    return s;
}

/// Four nodes and the links given, recorded from the start.
struct small_world {
    explicit small_world(
        std::initializer_list<runnel::link_spec> links, runnel::config settings = halves())
        : built([&] {
              runnel::graph::builder make;
              make.nodes(4);
              make.links(links);
              return std::move(make).build().value();
          }()),
          engine(runnel::make_engine(
                     built.graph, built.store, settings, runnel::pipeline{}.with_sink(flow))
                     .value()),
          run(engine) {}
    void give(node_id node, double units) { run.inject(node, units).value(); }
    void frames(std::uint64_t count) { run.run(count).value(); }
    [[nodiscard]] origin of_energy(node_id node) {
        return trace.of_energy(node, run.energy_of(node));
    }

    runnel::credit::flow_recorder flow;
    runnel::graph::built built;
    decltype(runnel::make_engine(
                 built.graph, built.store, runnel::config{}, runnel::pipeline{}.with_sink(flow))
                 .value()) engine;
    runnel::session<decltype(engine)> run;
    runnel::credit::provenance trace{flow};
};

struct expected {
    std::size_t gift;
    node_id node;
    double units;
};
/// These seeds with these claims, the largest first, and no others.
void claims_are(origin const& from, std::vector<expected> const& seeds, double unknown = 0) {
    REQUIRE(from.seeds().size() == seeds.size());
    double total = unknown;
    for (std::size_t i = 0; i < seeds.size(); ++i) {
        CHECK(from.seeds()[i].gift == seeds[i].gift);
        CHECK(from.seeds()[i].node == seeds[i].node);
        CHECK(in_units(from.seeds()[i].amount) == seeds[i].units);
        total += seeds[i].units;
    }
    CHECK(in_units(from.unknown()) == unknown);
    CHECK(in_units(from.total()) == total);
}
void ways_are(
    origin const& from, std::vector<std::pair<std::vector<node_id>, double>> const& ways) {
    auto const shown = from.paths(100, {.looks = 10'000});
    REQUIRE(shown.paths.size() == ways.size());
    for (std::size_t i = 0; i < ways.size(); ++i) {
        CHECK(shown.paths[i].nodes == ways[i].first);
        CHECK(in_units(shown.paths[i].amount) == ways[i].second);
    }
    CHECK(shown.rest == 0);
}

} // namespace

TEST_CASE("along a chain all of it comes from the one seed", "[credit]") {
    small_world w{{{a, b}, {b, c}}};
    w.give(a, 1);
    w.frames(2);
    // after 1: a 1/2, b 1/2; after 2: a 1/4, b 1/4 + 1/4, c 1/4
    CHECK(w.run.energy_of(c) == .25);
    claims_are(w.of_energy(c), {{0, a, .25}});
    ways_are(w.of_energy(c), {{{a, b, c}, .25}});
    claims_are(w.of_energy(b), {{0, a, .5}});
    ways_are(w.of_energy(b), {{{a, b}, .5}});
}

TEST_CASE("two seeds share a node they both fed by what they brought", "[credit]") {
    small_world w{{{a, c}, {b, c}, {c, d}}};
    w.give(a, 1);
    w.give(b, 3);
    w.frames(2);
    // after 1: a 1/2, b 3/2, c 2; after 2: a 1/4, b 3/4, c 1 + 1/4 + 3/4, d 1. What c held was 1 : 3.
    claims_are(w.of_energy(d), {{1, b, .75}, {0, a, .25}});
    ways_are(w.of_energy(d), {{{b, c, d}, .75}, {{a, c, d}, .25}});
    claims_are(w.of_energy(c), {{1, b, 1.5}, {0, a, .5}});
    ways_are(w.of_energy(c), {{{b, c}, 1.5}, {{a, c}, .5}});
}

TEST_CASE("one seed on both sides of a diamond came two ways", "[credit]") {
    auto settings = halves();
    settings.split.enabled = true; // equal links: a quarter each
    small_world w{{{a, b}, {a, c}, {b, d}, {c, d}}, settings};
    w.give(a, 1);
    w.frames(2);
    // after 1: a 1/2, b 1/4, c 1/4; after 2: d 1/8 + 1/8
    claims_are(w.of_energy(d), {{0, a, .25}});
    auto const shown = w.of_energy(d).paths(2);
    REQUIRE(shown.paths.size() == 2);
    CHECK(shown.paths[0].amount == shown.paths[1].amount);
    CHECK(shown.paths[0].nodes != shown.paths[1].nodes);
    CHECK(in_units(shown.paths[0].amount) == .125);
    CHECK(shown.rest == 0);
    auto const one = w.of_energy(d).paths(1);
    CHECK(one.paths.size() == 1);
    CHECK(in_units(one.rest) == .125);
}

TEST_CASE("what is given between frames shares with what was there", "[credit]") {
    small_world w{{{a, b}}};
    w.give(a, 1);
    w.frames(1); // a 1/2, b 1/2
    w.give(a, 1.5);
    w.frames(1); // a 2 = 1/2 + 3/2, of which half goes: a 1, b 1/2 + 1
    // Of b, 1/2 is of the first gift; 1 came from a, a quarter of it of the first.
    claims_are(w.of_energy(b), {{0, a, .75}, {1, a, .75}});
    claims_are(w.of_energy(a), {{1, a, .75}, {0, a, .25}});
    // Both gifts went the same way, so it is one.
    ways_are(w.of_energy(b), {{{a, b}, 1.5}});
}

TEST_CASE("gifts at one moment share by size", "[credit]") {
    small_world w{{{a, b}}};
    w.give(a, .25);
    w.give(b, 1);
    w.give(a, .75);
    w.frames(1); // a 1/2; b 1 + 1/2
    claims_are(w.of_energy(a), {{2, a, .375}, {0, a, .125}});
    claims_are(w.of_energy(b), {{1, b, 1}, {2, a, .375}, {0, a, .125}});
}

TEST_CASE("what was given after the last frame counts", "[credit]") {
    small_world w{{{a, b}}};
    w.give(a, 1);
    w.frames(1);
    w.give(b, .25);
    claims_are(w.of_energy(b), {{0, a, .5}, {1, b, .25}});
    ways_are(w.of_energy(b), {{{a, b}, .5}, {{b}, .25}});
}

TEST_CASE("before any frame a gift is all there is", "[credit]") {
    small_world w{{{a, b}}};
    w.give(b, 2);
    claims_are(w.of_energy(b), {{0, b, 2}});
    ways_are(w.of_energy(b), {{{b}, 2}});
}

TEST_CASE("a seed asked about itself has what is left of its gift", "[credit]") {
    small_world w{{{a, b}}};
    w.give(a, 1);
    w.frames(3);
    claims_are(w.of_energy(a), {{0, a, .125}});
    ways_are(w.of_energy(a), {{{a}, .125}});
    CHECK(w.trace.of_received(a).total() == 0); // a gift is not received
}

TEST_CASE("energy that went round came round", "[credit]") {
    small_world w{{{a, b}, {b, a}}};
    w.give(a, 1);
    w.frames(2);
    // after 1: a 1/2, b 1/2; after 2: each 1/4 of its own and 1/4 of the other's
    claims_are(w.of_energy(a), {{0, a, .5}});
    ways_are(w.of_energy(a), {{{a}, .25}, {{a, b, a}, .25}});
    ways_are(w.of_energy(b), {{{a, b}, .5}}); // in the first frame or in the second
}

TEST_CASE("what was received is claimed each time it came", "[credit]") {
    small_world w{{{a, b}, {b, a}}};
    w.give(a, 1);
    w.frames(3);
    // a sends 1/2, then 1/4 of 1/2, then 1/4 of 1/2: to b came 1/2 + 1/4 + 1/4, though it holds 1/2
    CHECK(w.run.received(b) == 1);
    claims_are(w.trace.of_received(b), {{0, a, 1}});
    CHECK(w.run.received(a) == .5);
    claims_are(w.trace.of_received(a), {{0, a, .5}});
    // At a came 1/4 + 1/4. Of the second, half had stayed at b since the first frame; the other half came in the
    // second frame, out of what a had kept.
    ways_are(w.trace.of_received(a), {{{a, b, a}, .5}});
}

TEST_CASE("of two seeds of what was received each has its part", "[credit]") {
    small_world w{{{a, c}, {b, c}, {c, d}}};
    w.give(a, 1);
    w.give(b, 3);
    w.frames(2);
    // c received 2 = 1/2 + 3/2, then 1 = 1/4 + 3/4
    claims_are(w.trace.of_received(c), {{1, b, 2.25}, {0, a, .75}});
    ways_are(w.trace.of_received(c), {{{b, c}, 2.25}, {{a, c}, .75}});
    claims_are(w.trace.of_received(d), {{1, b, .75}, {0, a, .25}});
}

TEST_CASE("of two links between the same nodes each is a way", "[credit]") {
    auto settings = halves();
    settings.split.enabled = true;
    small_world w{
        {{a, b, 1, runnel::link_type::relates}, {a, b, 1, runnel::link_type{1}}}, settings};
    w.give(a, 1);
    w.frames(1);
    auto const shown = w.of_energy(b).paths(5);
    REQUIRE(shown.paths.size() == 2);
    CHECK(shown.paths[0].nodes == shown.paths[1].nodes);
    CHECK(shown.paths[0].links != shown.paths[1].links);
    CHECK(in_units(shown.paths[0].amount) == .25);
    CHECK(in_units(shown.paths[1].amount) == .25);
}

TEST_CASE("what was there before the recording is nobody's", "[credit]") {
    small_world w{{{a, b}}};
    w.give(a, 1);
    w.frames(1);
    w.flow.clear();
    w.frames(1); // a 1/4, b 1/2 + 1/4
    claims_are(w.of_energy(b), {}, .75);
    auto const shown = w.of_energy(b).paths(5);
    REQUIRE(shown.paths.size() == 2); // what b held, and what a held
    CHECK(shown.paths[0].nodes == std::vector<node_id>{b});
    CHECK(in_units(shown.paths[0].amount) == .5);
    CHECK(shown.paths[1].nodes == std::vector<node_id>{a, b});
    CHECK(in_units(shown.paths[1].amount) == .25);
    CHECK_FALSE(shown.paths[0].from_seed);
    CHECK_FALSE(shown.paths[1].from_seed);
    CHECK(in_units(w.trace.of_received(b).unknown()) == .25);
}

TEST_CASE("what was there before shares with what was given since", "[credit]") {
    small_world w{{{a, b}}};
    w.give(a, 1);
    w.flow.clear();
    w.give(a, 3); // before: 1
    w.frames(1);  // b 2
    claims_are(w.of_energy(b), {{0, a, 1.5}}, .5);
    auto const shown = w.of_energy(b).paths(5);
    REQUIRE(shown.paths.size() == 2); // the same nodes, but not from the same hand
    CHECK(shown.paths[0].from_seed);
    CHECK(in_units(shown.paths[0].amount) == 1.5);
    CHECK_FALSE(shown.paths[1].from_seed);
    CHECK(in_units(shown.paths[1].amount) == .5);
}

TEST_CASE("of a node that holds nothing there is nothing to tell", "[credit]") {
    small_world w{{{a, b}}};
    w.give(a, 1);
    w.frames(1);
    for (node_id const nobody : {c, d, node_id{4'000'000'000U}}) {
        claims_are(w.trace.of_energy(nobody, 0), {});
        claims_are(w.trace.of_received(nobody), {});
        CHECK(w.trace.of_energy(nobody, 0).paths(3).paths.empty());
        CHECK(w.trace.of_energy(nobody, 0).paths(3).rest == 0);
    }
}

TEST_CASE("where nothing was recorded nothing is known", "[credit]") {
    runnel::credit::flow_recorder const flow;
    runnel::credit::provenance trace{flow};
    claims_are(trace.of_energy(b, 1.5), {}, 1.5);
    claims_are(trace.of_received(b), {});
}

TEST_CASE("a cleared recorder and a reset field begin again", "[credit]") {
    small_world w{{{a, b}}};
    w.give(a, 1);
    w.give(d, 1);
    w.frames(2);
    w.run.reset();
    w.flow.clear();
    CHECK(w.flow.frames() == 0);
    CHECK(w.flow.stride_count() == 0);
    CHECK(w.flow.gifts().empty());
    CHECK(w.flow.nodes() == 0);
    w.give(a, 4);
    w.frames(1);
    claims_are(w.of_energy(b), {{0, a, 2}}); // the first gift again
    claims_are(w.trace.of_received(b), {{0, a, 2}});
}

TEST_CASE("an answer outlives the recording, and a question the one before", "[credit]") {
    small_world w{{{a, b}}};
    w.give(a, 1);
    w.frames(1);
    auto const first = w.of_energy(b);
    auto const second = w.of_energy(a);
    w.flow.clear();
    claims_are(first, {{0, a, .5}});
    ways_are(first, {{{a, b}, .5}});
    ways_are(second, {{{a}, .5}});
}

TEST_CASE("recording goes on between questions", "[credit]") {
    small_world w{{{a, b}, {b, c}}};
    w.give(a, 1);
    for (int frame = 0; frame < 4; ++frame) {
        w.frames(1);
        claims_are(w.of_energy(b), {{0, a, w.run.energy_of(b)}});
    }
    w.give(d, 1); // a node beyond those that took part so far
    claims_are(w.of_energy(d), {{1, d, 1}});
}

TEST_CASE("claims are on what survived: decay takes from all alike", "[credit]") {
    auto settings = halves();
    settings.decay.half_life = 1.0;
    small_world w{{{a, c}, {b, c}}, settings};
    w.give(a, 1);
    w.give(b, 3);
    w.frames(1); // c 2, half of which decays
    auto const from = w.of_energy(c);
    CHECK(std::abs(w.run.energy_of(c) - 1) < 1e-9);
    CHECK(in_units(from.total()) == w.run.energy_of(c));
    CHECK(from.unknown() == 0);
    REQUIRE(from.seeds().size() == 2);
    CHECK(from.seeds()[0].node == b);
    CHECK(std::abs(in_units(from.seeds()[0].amount) - .75) < 1e-9);
    // What came is another matter: it was 2 when it came.
    claims_are(w.trace.of_received(c), {{1, b, 1.5}, {0, a, .5}});
}

TEST_CASE("what was flushed is claimed by nobody", "[credit]") {
    auto settings = halves();
    settings.decay.base = 1e-9;
    settings.decay.flush_below = .6;
    small_world w{{{a, b}}, settings};
    w.give(a, 1);
    w.frames(1); // both at 1/2: gone
    CHECK(w.run.energy_of(b) == 0);
    claims_are(w.of_energy(b), {});
    claims_are(w.trace.of_received(b), {{0, a, .5}});
    w.give(b, 1);
    claims_are(w.of_energy(b), {{1, b, 1}}); // the first gift is out of it
}

TEST_CASE("what dissipated on the way is claimed by nobody", "[credit]") {
    auto settings = halves();
    settings.stickiness.mode = runnel::stickiness::dissipative;
    settings.stickiness.of_type = .5;
    settings.stickiness.degree = 0;
    small_world w{{{a, b}, {b, c}}, settings};
    w.give(a, 1);
    w.frames(2);
    // after 1: a 1/2, b 1/4; after 2: a 1/4, b 1/8 + 1/8, c 1/16
    CHECK(w.run.energy_of(c) == .0625);
    claims_are(w.of_energy(c), {{0, a, .0625}});
    claims_are(w.of_energy(b), {{0, a, .25}});
    claims_are(w.trace.of_received(b), {{0, a, .375}}); // 1/4 + 1/8
}

TEST_CASE("a sticky node that sends less is traced alike", "[credit]") {
    auto settings = halves();
    settings.stickiness.mode = runnel::stickiness::retentive;
    settings.stickiness.of_type = .5;
    settings.stickiness.degree = 0;
    small_world w{{{a, c}, {b, c}}, settings};
    w.give(a, 1);
    w.give(b, 3);
    w.frames(1); // half of the half goes
    CHECK(w.run.energy_of(c) == 1);
    claims_are(w.of_energy(c), {{1, b, .75}, {0, a, .25}});
}

TEST_CASE("a loop carries nothing", "[credit]") {
    small_world w{{{a, a, 9}, {a, b}}};
    w.give(a, 1);
    w.frames(1);
    claims_are(w.of_energy(a), {{0, a, .5}});
    ways_are(w.of_energy(a), {{{a}, .5}});
    claims_are(w.of_energy(b), {{0, a, .5}});
}

TEST_CASE("a matrix step is traced like strides", "[credit]") {
    auto settings = halves();
    settings.implementation = runnel::implementation::matrix;
    settings.matrix = {.5, 0};
    small_world w{{{a, c}, {b, c}, {c, d}}, settings};
    w.give(a, 1);
    w.give(b, 3);
    w.frames(2);
    claims_are(w.of_energy(d), {{1, b, .75}, {0, a, .25}});
    ways_are(w.of_energy(d), {{{b, c, d}, .75}, {{a, c, d}, .25}});
}

TEST_CASE("a recorder that did not hear a frame begin hears the rest of it", "[credit]") {
    runnel::credit::flow_recorder flow;
    runnel::event::stimulus_injected gift;
    gift.node = a;
    gift.energy = 1;
    flow(gift);
    runnel::event::stride_exec stride;
    stride.source = a;
    stride.target = b;
    stride.link = runnel::link_id{7};
    stride.gross = stride.retained = .5;
    flow(stride);
    CHECK(flow.frames() == 1);
    runnel::credit::provenance trace{flow};
    claims_are(trace.of_energy(b, .5), {{0, a, .5}});
    claims_are(trace.of_received(b), {{0, a, .5}});
    ways_are(trace.of_energy(b, .5), {{{a, b}, .5}});
}

TEST_CASE("where links have no names, nodes tell ways apart", "[credit]") {
    runnel::credit::flow_recorder flow;
    flow(runnel::event::frame_start{});
    for (node_id const source : {a, b}) {
        runnel::event::stride_exec stride;
        stride.source = source;
        stride.target = c;
        stride.gross = stride.retained = source == a ? .5 : .25;
        flow(stride);
    }
    runnel::credit::provenance trace{flow};
    auto const shown = trace.of_received(c).paths(5);
    REQUIRE(shown.paths.size() == 2);
    CHECK(shown.paths[0].nodes == std::vector<node_id>{a, c});
    CHECK(shown.paths[1].nodes == std::vector<node_id>{b, c});
    CHECK(shown.paths[1].links == std::vector<runnel::link_id>{runnel::no_link});
}

TEST_CASE("odd quanta go where prefix sums put them", "[credit]") {
    constexpr double quantum = 0x1p-40;
    auto settings = halves();
    settings.threshold = 0;
    settings.min_transfer = 0;
    // c gets 1 quantum of a's 2 and 2 of b's 4.
    small_world tiny{{{a, c}, {b, c}}, settings};
    tiny.give(a, 2 * quantum);
    tiny.give(b, 4 * quantum);
    tiny.frames(1);
    REQUIRE(tiny.run.energy_of(c) == 3 * quantum);
    // A claim of 2 of [0 own, 1 of a, 2 of b]: floor(2*0/3) = 0, floor(2*1/3) = 0, floor(2*3/3) = 2.
    claims_are(tiny.trace.of_energy(c, 2 * quantum), {{1, b, 2 * quantum}});
    claims_are(tiny.of_energy(c), {{1, b, 2 * quantum}, {0, a, quantum}});
}

TEST_CASE(
    "ways without their loops are fewer and carry more, and the rest is what it was", "[credit]") {
    runnel::graph::builder make;
    auto const from = make.node("from");
    auto const to = make.node("to");
    auto const end = make.node("end");
    make.both_ways({from, to}).link({to, end});
    auto const built = std::move(make).build().value();
    runnel::credit::flow_recorder flow;
    runnel::config settings{.alpha = .5, .transfer_cap = 1};
    settings.split = {.enabled = true, .k = 2};
    settings.threshold = 0;
    auto const engine =
        runnel::make_engine(built.graph, built.store, settings, runnel::pipeline{}.with_sink(flow))
            .value();
    runnel::session run{engine};
    run.inject(from, 1).value();
    run.run(6).value();
    runnel::credit::provenance trace{flow};
    auto const origin = trace.of_received(end);
    auto const kept = origin.paths(100, {.looks = 10'000});
    auto const cut = origin.paths(100, {.looks = 10'000, .loops = runnel::credit::loops::cut});
    CHECK(kept.paths.size() > 1); // to and fro before it went on
    REQUIRE(cut.paths.size() == 1);
    CHECK(cut.paths[0].nodes == std::vector<runnel::node_id>{from, to, end});
    CHECK(
        cut.paths[0].links
        == std::vector<runnel::link_id>{built.graph.find({from, to}), built.graph.find({to, end})});
    runnel::credit::quanta sum = 0;
    for (auto const& way : kept.paths) sum += way.amount;
    CHECK(cut.paths[0].amount == sum);
    CHECK(cut.rest == kept.rest);
    // What is thinner than asked for is rest.
    auto const thick = origin.paths(100, {.looks = 10'000, .least = .05});
    CHECK(thick.paths.size() <= kept.paths.size());
    CHECK(thick.rest > kept.rest);
    runnel::credit::quanta told = thick.rest;
    for (auto const& way : thick.paths) told += way.amount;
    CHECK(told == origin.total());
    CHECK(origin.strongest().nodes == kept.paths[0].nodes);
    CHECK(origin.strongest({.loops = runnel::credit::loops::cut}).nodes == cut.paths[0].nodes);

    // Energy that came back to where it was given is a way of one node.
    auto const back = trace.of_received(from).paths(1, {.loops = runnel::credit::loops::cut});
    REQUIRE(back.paths.size() == 1);
    CHECK(back.paths[0].nodes == std::vector<runnel::node_id>{from});
    CHECK(back.paths[0].links.empty());
}
TEST_CASE("of nothing the strongest way is the node alone", "[credit]") {
    runnel::credit::flow_recorder const flow;
    runnel::credit::provenance trace{flow};
    auto const way = trace.of_received(runnel::node_id{3}).strongest();
    CHECK(way.nodes == std::vector<runnel::node_id>{runnel::node_id{3}});
    CHECK(way.links.empty());
    CHECK(way.amount == 0);
}
