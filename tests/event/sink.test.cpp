// SPDX-License-Identifier: MIT
#include <cstdint>
#include <string>
#include <type_traits>
#include <utility>

#include <runnel/event.hpp>

#include "support/catch.hpp"

namespace event = runnel::event;
using event::decay_tick;
using event::frame_end;
using event::frame_start;
using event::stride_exec;

namespace {

struct unregistered {};

struct hears_strides {
    int heard = 0;
    void operator()(stride_exec const&) { ++heard; }
};
struct hears_const {
    int* heard;
    void operator()(stride_exec const&) const { ++*heard; }
};
struct by_value {
    void operator()(frame_end) const {}
};
struct by_mutable_reference {
    void operator()(frame_end&) const {}
};
struct hears_all {
    int heard = 0;
    void operator()(auto const&) { ++heard; }
};
struct hears_other {
    void operator()(unregistered const&) const {}
    void operator()(int) const {}
};

} // namespace

TEST_CASE("a sink hears what it can be called with", "[event][sink]") {
    STATIC_REQUIRE(event::hears<hears_strides, stride_exec>);
    STATIC_REQUIRE_FALSE(event::hears<hears_strides, frame_end>);
    STATIC_REQUIRE(event::hears<by_value, frame_end>);
    STATIC_REQUIRE_FALSE(event::hears<by_mutable_reference, frame_end>);
    STATIC_REQUIRE(event::hears<void (*)(frame_end const&), frame_end>);
    event::registry::each([]<class E>() { STATIC_REQUIRE(event::hears<hears_all, E>); });
    event::registry::each([]<class E>() { STATIC_REQUIRE_FALSE(event::hears<event::none, E>); });
}

TEST_CASE("a sink that is const is called as const", "[event][sink]") {
    STATIC_REQUIRE(event::hears<hears_const const, stride_exec>);
    STATIC_REQUIRE_FALSE(event::hears<hears_strides const, stride_exec>);
}

TEST_CASE("nobody hears a struct outside the registry", "[event][sink]") {
    STATIC_REQUIRE_FALSE(event::registered<unregistered>);
    STATIC_REQUIRE_FALSE(event::hears<hears_other, unregistered>);
    STATIC_REQUIRE_FALSE(event::hears<hears_all, unregistered>);
}

TEST_CASE("a sink hears at least one event, or says it hears none", "[event][sink]") {
    STATIC_REQUIRE(event::sink<hears_strides>);
    STATIC_REQUIRE(event::sink<hears_all>);
    STATIC_REQUIRE(event::sink<event::none>);
    STATIC_REQUIRE_FALSE(event::sink<hears_other>);
    STATIC_REQUIRE_FALSE(event::sink<by_mutable_reference>);
    STATIC_REQUIRE_FALSE(event::sink<unregistered>);
    STATIC_REQUIRE_FALSE(event::sink<int>);
}

TEST_CASE("an event reaches who hears it, once, as it was made", "[event][emit]") {
    std::uint64_t frame = 0;
    int calls = 0;
    auto sink = [&](frame_end const& e) {
        frame = e.frame;
        ++calls;
    };
    event::emit<frame_end>(sink, [] { return frame_end{.frame = 7}; });
    CHECK(calls == 1);
    CHECK(frame == 7);
}

TEST_CASE("an event nobody hears is not even built", "[event][emit]") {
    int built = 0;
    auto const make_end = [&] {
        ++built;
        return frame_end{};
    };
    event::none silence;
    event::emit<frame_end>(silence, make_end);
    hears_strides strides;
    event::emit<frame_end>(strides, make_end);
    hears_strides const deaf; // hears only when it may change
    event::emit<stride_exec>(deaf, [&] {
        ++built;
        return stride_exec{};
    });
    CHECK(built == 0);
    hears_all all;
    event::emit<frame_end>(all, make_end);
    CHECK(built == 1);
}

TEST_CASE("every registered event can be emitted", "[event][emit]") {
    hears_all all;
    event::registry::each([&]<class E>() { event::emit<E>(all, [] { return E{}; }); });
    CHECK(all.heard == event::registry::count);
}

TEST_CASE("an event that exists already is handed over without a copy", "[event][emit]") {
    stride_exec const stride;
    void const* seen = nullptr;
    auto sink = [&](stride_exec const& e) { seen = &e; };
    event::emit<stride_exec>(sink, [&]() -> stride_exec const& { return stride; });
    CHECK(seen == &stride);
}

TEST_CASE("events are emitted at compile time too", "[event][emit]") {
    constexpr auto frame = [] {
        std::uint64_t seen = 0;
        auto sink = [&](frame_start const& e) { seen = e.frame; };
        event::emit<frame_start>(sink, [] { return frame_start{.frame = 3}; });
        return seen;
    }();
    STATIC_REQUIRE(frame == 3);
}

TEST_CASE("several lambdas are one sink, each called with its own event", "[event][callback]") {
    std::string said;
    event::callback sink{
        [&](stride_exec const&) { said += "stride "; }, [&](frame_end const&) { said += "end "; }};
    using sink_type = decltype(sink);
    STATIC_REQUIRE(event::sink<sink_type>);
    STATIC_REQUIRE(event::hears<sink_type const, stride_exec>);
    STATIC_REQUIRE(event::hears<sink_type const, frame_end>);
    STATIC_REQUIRE_FALSE(event::hears<sink_type, decay_tick>);
    event::emit<frame_end>(sink, [] { return frame_end{}; });
    event::emit<decay_tick>(sink, [] { return decay_tick{}; });
    event::emit<stride_exec>(sink, [] { return stride_exec{}; });
    CHECK(said == "end stride ");
}

TEST_CASE("one lambda is a sink, with or without a wrapper", "[event][callback]") {
    int calls = 0;
    auto lambda = [&](frame_end const&) { ++calls; };
    event::callback wrapped{lambda};
    event::emit<frame_end>(lambda, [] { return frame_end{}; });
    event::emit<frame_end>(wrapped, [] { return frame_end{}; });
    CHECK(calls == 2);
}

TEST_CASE("a referenced sink is the one its owner sees", "[event][reference]") {
    hears_strides mine;
    event::reference<hears_strides> const held{mine};
    event::emit<stride_exec>(held, [] { return stride_exec{}; });
    auto const copy = held;
    event::emit<stride_exec>(copy, [] { return stride_exec{}; });
    CHECK(mine.heard == 2);
}

TEST_CASE("a sink held by value is a copy", "[event][reference]") {
    hears_strides mine;
    hears_strides held = mine;
    event::emit<stride_exec>(held, [] { return stride_exec{}; });
    CHECK(held.heard == 1);
    CHECK(mine.heard == 0);
}

TEST_CASE("a reference hears what its sink hears", "[event][reference]") {
    using reference = event::reference<hears_strides>;
    STATIC_REQUIRE(event::sink<reference const>);
    STATIC_REQUIRE(event::hears<reference const, stride_exec>);
    STATIC_REQUIRE_FALSE(event::hears<reference, frame_end>);
    STATIC_REQUIRE_FALSE(event::hears<event::reference<hears_strides const>, stride_exec>);
    STATIC_REQUIRE(event::hears<event::reference<hears_const const>, stride_exec>);
    STATIC_REQUIRE(sizeof(reference) == sizeof(void*));
}

TEST_CASE("a sink that hears nothing takes no room", "[event][sink]") {
    STATIC_REQUIRE(std::is_empty_v<event::none>);
}
