// SPDX-License-Identifier: MIT
#include <string>
#include <utility>

#include <runnel/engine.hpp>
#include <runnel/event.hpp>

#include "support/catch.hpp"

namespace event = runnel::event;
using event::decay_tick;
using event::frame_end;
using event::stride_exec;

namespace {

struct hears_strides {
    int heard = 0;
    void operator()(stride_exec const&) { ++heard; }
};
struct hears_ends {
    int* heard;
    void operator()(frame_end const&) const { ++*heard; }
};

} // namespace

TEST_CASE("a tee hears what any of its sinks hears", "[event][tee]") {
    hears_strides strides;
    int ends = 0;
    event::tee const both{strides, hears_ends{&ends}};
    using tee = decltype(both);
    STATIC_REQUIRE(event::sink<tee>);
    STATIC_REQUIRE(event::hears<tee, stride_exec>);
    STATIC_REQUIRE(event::hears<tee, frame_end>);
    STATIC_REQUIRE_FALSE(event::hears<tee, decay_tick>);
    STATIC_REQUIRE(event::hears_all_as_const<std::remove_const_t<tee>>);
    event::emit<stride_exec>(both, [] { return stride_exec{}; });
    event::emit<stride_exec>(both, [] { return stride_exec{}; });
    event::emit<frame_end>(both, [] { return frame_end{}; });
    event::emit<decay_tick>(both, [] { return decay_tick{}; });
    CHECK(strides.heard == 2);
    CHECK(ends == 1);
}

TEST_CASE("each sink is told in the order they were named, without a copy", "[event][tee]") {
    std::string said;
    stride_exec const stride;
    bool same = true;
    auto const teller = [&](char name) {
        return [&, name](stride_exec const& e) {
            said += name;
            same = same && &e == &stride;
        };
    };
    event::tee const three{teller('a'), event::tee{teller('b'), teller('c')}, teller('d')};
    three(stride);
    three(stride);
    CHECK(said == "abcdabcd");
    CHECK(same);
    auto const copy = three;
    copy(stride);
    CHECK(said == "abcdabcdabcd");
}

TEST_CASE("what the sinks of a tee dropped is a sum", "[event][tee]") {
    event::recorder<stride_exec> small{1};
    event::recorder<stride_exec> large{4};
    event::counters counted;
    event::tee const all{small, counted, large};
    for (int i = 0; i < 6; ++i) all(stride_exec{});
    CHECK(small.dropped() == 5);
    CHECK(large.dropped() == 2);
    CHECK(all.dropped() == 7);
    STATIC_REQUIRE_FALSE(event::drops<decltype(event::tee{counted})>);
}

TEST_CASE("a tee takes no more than its sinks", "[event][tee]") {
    hears_strides one;
    hears_strides two;
    STATIC_REQUIRE(sizeof(event::tee{one, two}) == 2 * sizeof(void*));
}

TEST_CASE("an engine tells a tee, named or not", "[event][tee][engine]") {
    runnel::graph::builder b;
    b.nodes(2);
    b.link({runnel::node_id{0}, runnel::node_id{1}});
    auto const built = std::move(b).build().value();
    hears_strides strides;
    event::counters counted;
    auto const run = [&](auto const& policies) {
        auto const engine =
            runnel::make_engine(built.graph, std::as_const(built.store), {}, policies).value();
        auto field = engine.make_field();
        engine.inject(field, runnel::node_id{0}, 1).value();
        engine.tick(field).value();
    };
    run(runnel::pipeline{}.with_sink(event::tee{strides, counted}));
    event::tee const named{strides, counted};
    run(runnel::pipeline{}.with_sink(named));
    CHECK(strides.heard == 2);
    CHECK(counted.count<stride_exec>() == 2);
    CHECK(counted.count<frame_end>() == 2);
}
