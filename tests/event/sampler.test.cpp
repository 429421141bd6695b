// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <runnel/engine.hpp>
#include <runnel/event.hpp>

#include "support/allocations.hpp"
#include "support/catch.hpp"
#include "support/law.hpp"
#include "support/stops.hpp"

namespace event = runnel::event;
using event::decay_tick;
using event::frame_end;
using event::frame_start;
using event::guard_acted;
using event::stride_exec;
using runnel::link_id;
using runnel::node_id;

namespace {

stride_exec stride(std::uint64_t frame, std::uint32_t link, double utility = 0) {
    stride_exec e;
    e.frame = frame;
    e.link = link_id{link};
    e.utility = utility;
    return e;
}
struct keeps_strides {
    std::vector<stride_exec> strides;
    void operator()(stride_exec const& e) { strides.push_back(e); }
};

} // namespace

TEST_CASE("of many strides the share asked for passes", "[event][sampler]") {
    for (double const rate : {.1, .5, .01}) {
        keeps_strides seen;
        event::sampler some{seen, {.rate = rate, .seed = 4}};
        for (std::uint64_t frame = 0; frame < 20; ++frame)
            for (std::uint32_t link = 0; link < 5'000; ++link) some(stride(frame, link));
        some.flush();
        double const share = static_cast<double>(seen.strides.size()) / 100'000;
        CHECK(std::abs(share - rate) < 5 * std::sqrt(rate * (1 - rate) / 100'000) + 2e-4);
        CHECK(some.passed() == seen.strides.size());
        CHECK(some.passed() + some.left_out() == 100'000);
        CHECK(some.dropped() == some.left_out());
    }
}

TEST_CASE("rate 1 passes all, rate 0 the strongest of each frame", "[event][sampler]") {
    keeps_strides all;
    event::sampler every{all, {.rate = 1}};
    keeps_strides few;
    event::sampler best{few, {.rate = 0}};
    for (std::uint64_t frame = 0; frame < 3; ++frame)
        for (std::uint32_t link = 0; link < 10; ++link) {
            double const utility = link == 3 + frame ? .5 : link == 9 ? .25 : 0;
            every(stride(frame, link, utility));
            best(stride(frame, link, utility));
        }
    CHECK(all.strides.size() == 30);
    CHECK(few.strides.size() == 2); // the third is held until its frame is known to be over
    best.flush();
    best.flush();
    REQUIRE(few.strides.size() == 3);
    for (std::uint32_t frame = 0; frame < 3; ++frame)
        CHECK(few.strides[frame].link == link_id{3 + frame});
    CHECK(best.left_out() == 27);
}

TEST_CASE("which pass depends on nothing but seed, frame and link", "[event][sampler][law]") {
    law::for_all(300, [](law::gen& g) {
        event::sampling const how{
            .rate = g.real(0, 1, "rate"), .seed = g.integer(std::uint64_t{0}, 3, "seed")};
        auto const passed = [&](std::vector<stride_exec> const& strides) {
            keeps_strides seen;
            event::sampler some{seen, how};
            for (stride_exec const& e : strides) some(e);
            std::set<std::uint32_t> links;
            for (stride_exec const& e : seen.strides)
                links.insert(static_cast<std::uint32_t>(e.link));
            return links;
        };
        auto const frame = g.integer(std::uint64_t{0}, 5, "frame");
        std::vector<stride_exec> strides;
        for (std::uint32_t link = 0; link < 30; ++link) strides.push_back(stride(frame, link));
        auto const whole = passed(strides);
        g.shuffle(strides);
        g.holds(passed(strides) == whole, "not on the order");
        strides.resize(g.choose(30));
        for (std::uint32_t const link : passed(strides))
            g.holds(whole.contains(link), "not on what else there is");
    });
    auto const at = [](std::uint64_t seed, std::uint64_t frame) {
        keeps_strides seen;
        event::sampler some{seen, {.rate = .5, .seed = seed}};
        for (std::uint32_t link = 0; link < 64; ++link) some(stride(frame, link));
        std::uint64_t bits = 0;
        for (stride_exec const& e : seen.strides) bits |= std::uint64_t{1} << index(e.link);
        return bits;
    };
    CHECK(at(1, 1) != at(1, 2));
    CHECK(at(1, 1) != at(2, 1));
}

TEST_CASE("where links are not named, ends and rank are the key", "[event][sampler]") {
    keeps_strides seen;
    event::sampler some{seen, {.rate = .5}};
    for (std::uint32_t n = 0; n < 1000; ++n)
        for (std::uint32_t rank = 0; rank < 2; ++rank) {
            stride_exec e;
            e.source = node_id{n / 10};
            e.target = node_id{n};
            e.rank = rank;
            some(e);
        }
    CHECK(seen.strides.size() > 900);
    CHECK(seen.strides.size() < 1100);
    int lone = 0; // one of a pair of parallel links without the other
    for (std::size_t i = 0; i < seen.strides.size(); ++i) {
        bool const before = i > 0 && seen.strides[i - 1].target == seen.strides[i].target;
        bool const after =
            i + 1 < seen.strides.size() && seen.strides[i + 1].target == seen.strides[i].target;
        lone += before || after ? 0 : 1;
    }
    CHECK(lone > 300);
}

TEST_CASE("of every frame one of the strongest passes", "[event][sampler][law]") {
    law::for_all(2'000, [](law::gen& g) {
        keeps_strides seen;
        event::sampler some{seen, {.rate = g.real(0, 1, "rate"), .seed = g.choose(9)}};
        std::size_t heard = 0;
        std::vector<double> best;
        std::uint64_t const frames = 1 + g.choose(4);
        // A field that is reset begins with frame 0 again.
        bool const resets = g.flag("resets");
        for (std::uint64_t frame = 0; frame < frames; ++frame) {
            std::size_t const before = seen.strides.size();
            std::size_t const strides = 1 + g.choose(8);
            double most = -1;
            for (std::uint32_t i = 0; i < strides; ++i) {
                double const utility = static_cast<double>(g.choose(4)) / 4;
                most = utility > most ? utility : most;
                auto const out = some.left_out();
                some(stride(resets ? 0 : frame, i, utility));
                ++heard;
                g.holds(some.left_out() >= out, "what was left out stays so");
                auto const waits = heard - some.passed() - some.left_out();
                g.holds(waits <= 1, "all but one are accounted for");
                double strongest = -1;
                for (std::size_t k = before; k < seen.strides.size(); ++k)
                    strongest = std::max(strongest, seen.strides[k].utility);
                g.holds((waits == 1) == (strongest < most), "which is the strongest so far");
            }
            some(decay_tick{});
            double told = -1;
            for (std::size_t i = before; i < seen.strides.size(); ++i)
                told = seen.strides[i].utility > told ? seen.strides[i].utility : told;
            g.holds(told == most, "the strongest, before the frame's decay is told");
            g.holds(some.passed() == seen.strides.size(), "passed is what passed");
            g.holds(some.passed() + some.left_out() == heard, "and the rest was left out");
        }
    });
}

TEST_CASE(
    "a stride held back comes before the next frame, whatever tells of it", "[event][sampler]") {
    auto const told_by = [](auto&& tell) {
        std::string said;
        auto const listen = event::callback{
            [&](stride_exec const&) { said += "stride "; },
            [&](frame_start const&) { said += "start "; },
            [&](frame_end const&) { said += "end "; }, [&](decay_tick const&) { said += "decay "; },
            [&](event::stimulus_injected const&) { said += "stimulus "; }};
        event::sampler some{listen, {.rate = 0}};
        some(stride(1, 1));
        tell(some);
        return said;
    };
    CHECK(told_by([](auto& s) { s(decay_tick{}); }) == "stride decay ");
    CHECK(told_by([](auto& s) { s(frame_end{}); }) == "stride end ");
    CHECK(told_by([](auto& s) { s(frame_start{}); }) == "stride start ");
    CHECK(told_by([](auto& s) { s(stride(2, 1)); }) == "stride ");
    CHECK(told_by([](auto& s) { s.flush(); }) == "stride ");
    CHECK(told_by([](auto& s) { s(event::stimulus_injected{}); }) == "stimulus ");
}

TEST_CASE("in safe mode every stride passes", "[event][sampler]") {
    keeps_strides seen; // hears no guards; the sampler does
    event::sampler some{seen, {.rate = 0}};
    auto const ten = [&](std::uint64_t frame) {
        std::size_t const before = seen.strides.size();
        for (std::uint32_t link = 0; link < 10; ++link) some(stride(frame, link));
        some(decay_tick{});
        return seen.strides.size() - before;
    };
    CHECK(ten(0) == 1);
    some(guard_acted{.guard = "safe_mode_on"});
    CHECK(ten(1) == 10);
    some(guard_acted{.guard = "transfer_cap"});
    CHECK(ten(2) == 10);
    some(guard_acted{.guard = "safe_mode_off"});
    CHECK(ten(3) == 1);
}

TEST_CASE("a sampler hears what is behind it, and what it needs to know", "[event][sampler]") {
    keeps_strides seen;
    event::sampler some{seen};
    using sampler = decltype(some);
    STATIC_REQUIRE(event::sink<sampler>);
    STATIC_REQUIRE(event::hears<sampler, stride_exec>);
    STATIC_REQUIRE(event::hears<sampler, decay_tick>);
    STATIC_REQUIRE_FALSE(
        event::hears<sampler, frame_end>); // its figures would be worked out for nobody
    STATIC_REQUIRE_FALSE(event::hears<sampler, event::node_flip>);
    STATIC_REQUIRE_FALSE(event::hears_all_as_const<sampler>);
    event::counters counted;
    using all = decltype(event::sampler{counted});
    event::registry::each([]<class E>() { STATIC_REQUIRE(event::hears<all, E>); });
    // One that hears no strides is passed what it hears, and no more is asked for.
    using ends = decltype(event::sampler{[](frame_end const&) {}});
    STATIC_REQUIRE(event::hears<ends, frame_end>);
    STATIC_REQUIRE_FALSE(event::hears<ends, decay_tick>);
}

TEST_CASE("what the sink behind a sampler dropped is dropped too", "[event][sampler]") {
    event::recorder<stride_exec> small{2};
    event::sampler some{small, {.rate = .5}};
    for (std::uint32_t link = 0; link < 100; ++link) some(stride(0, link));
    some.flush();
    CHECK(some.dropped() == some.left_out() + some.passed() - 2);
    CHECK(some.dropped() == 98);
}

TEST_CASE("a sampler needs no memory", "[event][sampler]") {
    event::counters counted;
    support::allocation_watch const watch;
    event::sampler some{counted};
    for (std::uint64_t frame = 0; frame < 10; ++frame)
        for (std::uint32_t link = 0; link < 100; ++link) some(stride(frame, link, link));
    std::size_t const count = watch.count();
    CHECK(count == 0);
}

TEST_CASE("a rate is a share", "[event][sampler]") {
    auto const refused = [](double rate) {
        auto const ok = event::sampling{.rate = rate}.validate();
        return !ok && ok.error().is(runnel::faults::bad_sampling);
    };
    CHECK(refused(-.1));
    CHECK(refused(1.1));
    CHECK(refused(std::numeric_limits<double>::quiet_NaN()));
    CHECK_FALSE(refused(0));
    CHECK_FALSE(refused(1));
#if RUNNEL_TEST_CAN_STOP
    keeps_strides seen;
    CHECK(support::stops([&] { event::sampler{seen, {.rate = 2}}; }));
#endif
}

TEST_CASE("an engine tells a sampler by name", "[event][sampler][engine]") {
    runnel::graph::builder b;
    b.nodes(200);
    for (std::uint32_t n = 1; n < 200; ++n) b.link({node_id{n}, node_id{0}});
    auto const built = std::move(b).build().value();
    event::counters counted;
    event::sampler some{counted, {.rate = .1, .seed = 1}};
    auto const engine =
        runnel::make_engine(
            built.graph, std::as_const(built.store), {}, runnel::pipeline{}.with_sink(some))
            .value();
    auto field = engine.make_field();
    for (std::uint32_t n = 1; n < 200; ++n) engine.inject(field, node_id{n}, 1).value();
    auto const report = engine.tick(field).value();
    auto const strides = report.strides;
    CHECK(report.dropped == some.left_out()); // what was not told is part of what is
    CHECK(report.dropped > 100);
    CHECK(strides == 199);
    CHECK(counted.count<stride_exec>() == some.passed());
    CHECK(some.passed() + some.left_out() == strides);
    CHECK(some.passed() > 0);
    CHECK(some.passed() < 50);
    CHECK(counted.count<frame_end>() == 1);
}
