// SPDX-License-Identifier: MIT
#include <runnel/event.hpp>

#include "support/catch.hpp"

namespace event = runnel::event;

TEST_CASE("counters hear every event", "[event][counters]") {
    event::counters counted;
    event::registry::each([&]<class E>() {
        STATIC_REQUIRE(event::hears<event::counters, E>);
        event::emit<E>(counted, [] { return E{}; });
        CHECK(counted.count<E>() == 1);
    });
}

TEST_CASE("each kind is counted for itself", "[event][counters]") {
    event::counters counted;
    for (int i = 0; i < 3; ++i) counted(event::stride_exec{});
    counted(event::frame_end{});
    CHECK(counted.count<event::stride_exec>() == 3);
    CHECK(counted.count<event::frame_end>() == 1);
    CHECK(counted.count<event::frame_start>() == 0);
    CHECK(counted.count<event::guard_acted>() == 0);
}

TEST_CASE("energy is summed where it moves", "[event][counters]") {
    event::counters counted;
    counted(event::stride_exec{.gross = .5, .retained = .25, .loss = .25});
    counted(event::stride_exec{.gross = 2});
    counted(event::stimulus_injected{.energy = 4});
    counted(event::decay_tick{.decayed = .125, .flushed = .0625});
    counted(event::frame_end{.injected = 100, .transferred = 100, .decayed = 100});
    CHECK(counted.transferred() == 2.5);
    CHECK(counted.injected() == 4);
    CHECK(counted.lost() == .1875);
}

TEST_CASE("so are costs, guards and what was learned", "[event][counters]") {
    event::counters counted;
    counted(event::stride_selection{.costs_computed = 5});
    counted(event::stride_selection{.costs_computed = 2});
    counted(event::node_flip{.active = true});
    counted(event::node_flip{.active = false});
    counted(event::weight_update{.delta = .5});
    counted(event::weight_update{.delta = -.25});
    counted(event::guard_acted{.guard = "transfer_cap", .count = 3});
    counted(event::link_flow{.energy = 9}); // strides told of it
    CHECK(counted.costs_computed() == 7);
    CHECK(counted.switched_on() == 1);
    CHECK(counted.learned() == .75);
    CHECK(counted.guarded() == 3);
    CHECK(counted.transferred() == 0);
    CHECK(counted.count<event::link_flow>() == 1);
    counted.clear();
    CHECK(counted.costs_computed() == 0);
    CHECK(counted.switched_on() == 0);
    CHECK(counted.learned() == 0);
    CHECK(counted.guarded() == 0);
}

TEST_CASE("cleared counters begin at 0", "[event][counters]") {
    event::counters counted;
    event::registry::each([&]<class E>() { counted(E{}); });
    counted(event::stride_exec{.gross = 1});
    counted(event::stimulus_injected{.energy = 1});
    counted(event::decay_tick{.decayed = 1});
    counted.clear();
    event::registry::each([&]<class E>() { CHECK(counted.count<E>() == 0); });
    CHECK(counted.transferred() == 0);
    CHECK(counted.injected() == 0);
    CHECK(counted.lost() == 0);
}
