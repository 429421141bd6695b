// SPDX-License-Identifier: MIT
#include <cstddef>
#include <cstdint>
#include <deque>
#include <vector>

#include <runnel/event.hpp>

#include "support/allocations.hpp"
#include "support/catch.hpp"
#include "support/law.hpp"
#include "support/stops.hpp"

namespace event = runnel::event;
using event::frame_end;
using event::frame_start;
using event::recorder;
using event::stride_exec;

namespace {

template <class Recorder> std::vector<std::uint64_t> frames(Recorder const& seen) {
    std::vector<std::uint64_t> all;
    for (std::size_t i = 0; i < seen.template size<frame_end>(); ++i)
        all.push_back(seen.template get<frame_end>(i).frame);
    return all;
}
void record(recorder<frame_end>& seen, std::uint64_t from, std::uint64_t to) {
    for (std::uint64_t frame = from; frame < to; ++frame) seen(frame_end{.frame = frame});
}
using list = std::vector<std::uint64_t>;

} // namespace

TEST_CASE("a recorder hears its kinds and no others", "[event][recorder]") {
    using kept = recorder<stride_exec, frame_end>;
    STATIC_REQUIRE(event::hears<kept, stride_exec>);
    STATIC_REQUIRE(event::hears<kept, frame_end>);
    STATIC_REQUIRE_FALSE(event::hears<kept, frame_start>);
    STATIC_REQUIRE(event::sink<kept>);
}

TEST_CASE("a recorder cannot be written as const", "[event][recorder]") {
    STATIC_REQUIRE_FALSE(event::hears<recorder<frame_end> const, frame_end>);
}

TEST_CASE("up to its capacity a recorder keeps all, oldest first", "[event][recorder]") {
    recorder<frame_end> seen{4};
    CHECK(frames(seen).empty());
    record(seen, 0, 4);
    CHECK(frames(seen) == list{0, 1, 2, 3});
    CHECK(seen.dropped<frame_end>() == 0);
}

TEST_CASE("beyond it the oldest go, and are counted", "[event][recorder]") {
    recorder<frame_end> seen{3};
    record(seen, 0, 4);
    CHECK(frames(seen) == list{1, 2, 3});
    CHECK(seen.dropped<frame_end>() == 1);
    record(seen, 4, 10);
    CHECK(frames(seen) == list{7, 8, 9});
    CHECK(seen.dropped<frame_end>() == 7);
}

TEST_CASE("capacity 1 keeps the last", "[event][recorder]") {
    recorder<frame_end> seen{1};
    record(seen, 0, 1);
    CHECK(frames(seen) == list{0});
    record(seen, 1, 5);
    CHECK(frames(seen) == list{4});
    CHECK(seen.dropped<frame_end>() == 4);
}

TEST_CASE("capacity 0 counts and keeps nothing", "[event][recorder]") {
    recorder<frame_end> seen{0};
    record(seen, 0, 5);
    CHECK(seen.size<frame_end>() == 0);
    CHECK(seen.dropped<frame_end>() == 5);
}

TEST_CASE("each kind has its own ring", "[event][recorder]") {
    recorder<stride_exec, frame_end> seen{2};
    for (std::uint64_t frame = 0; frame < 5; ++frame) seen(stride_exec{.frame = frame});
    seen(frame_end{.frame = 77});
    CHECK(seen.size<stride_exec>() == 2);
    CHECK(seen.get<stride_exec>(0).frame == 3);
    CHECK(seen.dropped<stride_exec>() == 3);
    CHECK(seen.size<frame_end>() == 1);
    CHECK(seen.get<frame_end>(0).frame == 77);
    CHECK(seen.dropped<frame_end>() == 0);
}

TEST_CASE("what was pushed out of all rings is one figure", "[event][recorder]") {
    recorder<stride_exec, frame_end> seen{2};
    STATIC_REQUIRE(event::drops<recorder<stride_exec, frame_end>>);
    CHECK(seen.dropped() == 0);
    for (int i = 0; i < 5; ++i) seen(stride_exec{});
    for (int i = 0; i < 3; ++i) seen(frame_end{});
    CHECK(seen.dropped() == 4);
    CHECK(event::reference{seen}.dropped() == 4);
    STATIC_REQUIRE_FALSE(event::drops<event::reference<event::counters>>);
}

TEST_CASE("a list that lasts for the call is not kept", "[event][recorder]") {
    recorder<event::decay_tick> seen{2};
    {
        event::type_decay const lost[2]{};
        seen(event::decay_tick{.decayed = 4, .types = {lost, 2}});
    }
    CHECK(seen.get<event::decay_tick>(0).decayed == 4);
    CHECK(seen.get<event::decay_tick>(0).types.size() == 0);
    CHECK(seen.get<event::decay_tick>(0).types.begin() == nullptr);
}

TEST_CASE("a cleared recorder begins anew", "[event][recorder]") {
    recorder<frame_end> seen{3};
    record(seen, 0, 8);
    seen.clear();
    CHECK(seen.size<frame_end>() == 0);
    CHECK(seen.dropped<frame_end>() == 0);
    record(seen, 20, 24);
    CHECK(frames(seen) == list{21, 22, 23});
}

TEST_CASE("a recorder equals a queue cut at its capacity", "[event][recorder]") {
    law::for_all(500, [](law::gen& g) {
        auto const capacity = g.integer(std::size_t{0}, 9, "capacity");
        recorder<frame_end> seen{capacity};
        std::deque<std::uint64_t> kept;
        std::uint64_t dropped = 0;
        for (auto steps = g.integer(0, 60, "steps"); steps > 0; --steps) {
            if (g.choose(20) == 1) {
                seen.clear();
                kept.clear();
                dropped = 0;
            }
            auto const frame = static_cast<std::uint64_t>(steps);
            seen(frame_end{.frame = frame});
            kept.push_back(frame);
            if (kept.size() > capacity) {
                kept.pop_front();
                ++dropped;
            }
            g.holds(frames(seen) == list(kept.begin(), kept.end()), "keeps the latest, in order");
            g.holds(seen.dropped<frame_end>() == dropped, "counts the rest");
        }
    });
}

TEST_CASE("a recorder takes its memory once", "[event][recorder]") {
    recorder<stride_exec, frame_end> seen{50};
    support::allocation_watch const watch;
    for (int i = 0; i < 500; ++i) {
        seen(frame_end{});
        seen(stride_exec{});
        if (i == 300) seen.clear();
    }
    std::size_t const count = watch.count();
    CHECK(count == 0);
}

TEST_CASE("a copied recorder takes no more memory than its copy did", "[event][recorder]") {
    recorder<frame_end> const empty{50};
    recorder<frame_end> seen = empty;
    support::allocation_watch const watch;
    record(seen, 0, 60);
    std::size_t const count = watch.count();
    CHECK(count == 0);
    CHECK(seen.size<frame_end>() == 50);
}

#if RUNNEL_TEST_CAN_STOP
TEST_CASE("asking for an event beyond what is kept is a mistake", "[event][recorder]") {
    recorder<frame_end> seen{2};
    record(seen, 0, 5);
    CHECK(support::stops([&] { static_cast<void>(seen.get<frame_end>(2)); }));
    CHECK_FALSE(support::stops([&] { static_cast<void>(seen.get<frame_end>(1)); }));
}
#endif
