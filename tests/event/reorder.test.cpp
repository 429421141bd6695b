// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <runnel/engine.hpp>
#include <runnel/event.hpp>

#include "support/allocations.hpp"
#include "support/catch.hpp"
#include "support/law.hpp"

namespace event = runnel::event;
using event::decay_tick;
using event::frame_end;
using event::frame_start;
using event::guard_acted;
using event::link_flow;
using event::node_flip;
using event::stride_exec;
using event::stride_selection;
using event::weight_update;
using runnel::link_id;
using runnel::node_id;

namespace {

std::string number(auto n) { return std::to_string(static_cast<std::uint64_t>(n)); }

/// Writes each event down as a word that tells it from the others of its frame.
struct words {
    std::vector<std::string> said;
    void operator()(frame_start const& e) { say(e, "start"); }
    void operator()(stride_selection const& e) { say(e, "look " + number(e.node)); }
    void operator()(stride_exec const& e) {
        say(e, "stride " + number(e.source) + '.' + number(e.rank));
    }
    void operator()(link_flow const& e) {
        say(e, "flow " + number(e.source) + '-' + number(e.target) + ' ' + number(e.link));
    }
    void operator()(node_flip const& e) { say(e, "flip " + number(e.node)); }
    void operator()(decay_tick const& e) { say(e, "decay " + number(e.types.size())); }
    void operator()(weight_update const& e) { say(e, "weight " + number(e.link)); }
    void operator()(guard_acted const& e) { say(e, "guard " + std::string{e.guard}); }
    void operator()(frame_end const& e) { say(e, "end"); }
    void operator()(event::stimulus_injected const& e) {
        said.push_back("stimulus " + number(e.node));
    }

private:
    void say(auto const& e, std::string const& what) {
        said.push_back(number(e.frame) + ": " + what);
    }
};
using list = std::vector<std::string>;

/// One event of a frame to be told, by number; the words come out in the order of the numbers.
void tell(auto& to, std::uint64_t frame, std::uint64_t which) {
    node_id const node{static_cast<std::uint32_t>(which % 100)};
    link_id const link{static_cast<std::uint32_t>(which % 10)};
    switch (which / 100) {
    case 0: return to(frame_start{.frame = frame});
    case 1: {
        node_id const source{static_cast<std::uint32_t>(which % 100 / 10)};
        if (which % 10 == 0) return to(stride_selection{.frame = frame, .node = source});
        stride_exec e;
        e.frame = frame;
        e.source = source;
        e.rank = static_cast<std::uint32_t>(which % 10);
        return to(e);
    }
    case 2: {
        link_flow e;
        e.frame = frame;
        e.source = node_id{static_cast<std::uint32_t>(which % 100 / 50)};
        e.target = node_id{static_cast<std::uint32_t>(which % 100 / 10)};
        e.link = link;
        return to(e);
    }
    case 3: {
        node_flip e;
        e.frame = frame;
        e.node = node;
        return to(e);
    }
    case 4: return to(decay_tick{.frame = frame});
    case 5: {
        weight_update e;
        e.frame = frame;
        e.link = link_id{static_cast<std::uint32_t>(which % 100)};
        return to(e);
    }
    case 6: {
        constexpr std::string_view guards[] = {"budget",        "dt_cap",       "retry",
                                               "safe_mode_off", "safe_mode_on", "transfer_cap"};
        return to(guard_acted{.frame = frame, .guard = guards[which % 6]});
    }
    default: return to(frame_end{.frame = frame});
    }
}

} // namespace

TEST_CASE("a frame is handed on in order when the next but one starts", "[event][reorder]") {
    words seen;
    event::reorder in_order{seen};
    for (std::uint64_t const which : {700U, 301U, 112U, 100U, 111U, 110U, 400U, 0U})
        tell(in_order, 0, which);
    CHECK(seen.said.empty());
    CHECK(in_order.held() == 8);
    tell(in_order, 1, 700);
    tell(in_order, 0, 101); // behind an event of the next frame, and still in time
    CHECK(seen.said.empty());
    tell(in_order, 2, 0);
    CHECK(
        seen.said
        == list{
            "0: start", "0: look 0", "0: stride 0.1", "0: look 1", "0: stride 1.1", "0: stride 1.2",
            "0: flip 1", "0: decay 0", "0: end"});
    seen.said.clear();
    in_order.flush();
    CHECK(seen.said == list{"1: end", "2: start"});
    CHECK(in_order.held() == 0);
    CHECK(in_order.dropped() == 0);
}

TEST_CASE("any order within two frames comes out the same", "[event][reorder][law]") {
    law::for_all(2'000, [](law::gen& g) {
        struct told {
            std::uint64_t frame, which;
        };
        std::vector<told> events;
        std::uint64_t frame = g.choose(2);
        for (std::uint64_t frames = 1 + g.choose(5); frames > 0; --frames) {
            std::vector<std::uint64_t> all;
            for (std::uint64_t n = g.choose(12); n > 0; --n) {
                std::uint64_t which = g.choose(799);
                if (which / 100 == 0 || which / 100 == 4 || which / 100 == 7) which -= which % 100;
                if (which / 100 == 6) which = 600 + which % 6;
                all.push_back(which);
            }
            std::sort(all.begin(), all.end());
            all.erase(std::unique(all.begin(), all.end()), all.end());
            for (std::uint64_t const which : all) events.push_back({frame, which});
            frame += 1 + (g.choose(5) == 1 ? g.choose(3) : 0);
        }
        words direct;
        for (told const& e : events) tell(direct, e.frame, e.which);
        words seen;
        event::reorder in_order{seen};
        // Anything may come next that belongs to the first frame with events left, or the one after it.
        while (!events.empty()) {
            std::size_t choices = 0;
            while (choices < events.size() && events[choices].frame <= events[0].frame + 1)
                ++choices;
            auto const at = events.begin() + static_cast<std::ptrdiff_t>(g.choose(choices - 1));
            tell(in_order, at->frame, at->which);
            events.erase(at);
        }
        in_order.flush();
        g.holds(seen.said == direct.said, "as if told in order");
        g.holds(in_order.dropped() == 0, "and nothing is lost");
    });
}

TEST_CASE("what is held is bounded, what is too much or too late is counted", "[event][reorder]") {
    words seen;
    event::reorder in_order{seen, 3};
    for (std::uint64_t const which : {0U, 302U, 301U, 700U, 300U}) tell(in_order, 4, which);
    CHECK(in_order.held() == 3);
    CHECK(in_order.refused() == 2);
    tell(in_order, 6, 0);
    CHECK(seen.said == list{"4: start", "4: flip 1", "4: flip 2"});
    tell(in_order, 5, 700);
    tell(in_order, 4, 700);
    tell(in_order, 0, 700);
    CHECK(in_order.late() == 2);
    CHECK(in_order.dropped() == 4);
    in_order.flush();
    CHECK(seen.said.size() == 5);
    tell(in_order, 0, 0); // a field that begins anew
    in_order.flush();
    CHECK(seen.said.back() == "0: start");
    CHECK(in_order.late() == 2);
}

TEST_CASE("a leap over frames hands on both that are held", "[event][reorder]") {
    words seen;
    event::reorder in_order{seen};
    for (std::uint64_t const frame : {6U, 5U, 6U, 9U}) tell(in_order, frame, 700);
    CHECK(seen.said == list{"5: end", "6: end", "6: end"});
    tell(in_order, ~std::uint64_t{0}, 700);
    CHECK(seen.said.size() == 4);
    in_order.flush();
    in_order.flush();
    CHECK(seen.said.size() == 5);
}

TEST_CASE("what has no frame passes at once; lists come out empty", "[event][reorder]") {
    words seen;
    event::reorder in_order{seen};
    event::type_decay const lost[2]{};
    in_order(decay_tick{.types = {lost, 2}});
    in_order(event::stimulus_injected{.node = node_id{7}});
    CHECK(seen.said == list{"stimulus 7"});
    in_order.flush();
    CHECK(seen.said.back() == "0: decay 0");
}

TEST_CASE("a reordering hears what is behind it, and where frames begin", "[event][reorder]") {
    event::recorder<stride_exec> strides{4};
    event::reorder in_order{strides};
    using reorder = decltype(in_order);
    STATIC_REQUIRE(event::sink<reorder>);
    STATIC_REQUIRE(event::hears<reorder, frame_start>);
    STATIC_REQUIRE_FALSE(event::hears<reorder, frame_end>);
    for (int i = 0; i < 6; ++i) in_order(stride_exec{});
    in_order(frame_start{.frame = 2});
    CHECK(strides.size<stride_exec>() == 4);
    CHECK(in_order.held() == 0);
    CHECK(in_order.dropped() == 2); // of the recorder
    event::counters counted;
    using all = decltype(event::reorder{counted});
    event::registry::each([]<class E>() { STATIC_REQUIRE(event::hears<all, E>); });
}

TEST_CASE("a sink that throws is told nothing twice", "[event][reorder]") {
    std::vector<std::uint64_t> seen;
    auto const angry = [&](node_flip const& e) {
        seen.push_back(index(e.node));
        if (index(e.node) == 2) throw 2;
    };
    event::reorder in_order{angry};
    for (std::uint32_t const node : {3U, 2U, 1U}) {
        node_flip e;
        e.node = node_id{node};
        in_order(e);
    }
    CHECK_THROWS_AS(in_order.flush(), int);
    in_order.flush();
    CHECK(seen == std::vector<std::uint64_t>{1, 2});
}

TEST_CASE("frames no fuller than before need no memory", "[event][reorder]") {
    event::counters counted;
    event::reorder in_order{counted};
    auto const frames = [&](std::uint64_t from, std::uint64_t to) {
        for (std::uint64_t frame = from; frame < to; ++frame)
            for (std::uint64_t which = 100; which < 200; ++which) tell(in_order, frame, which);
    };
    frames(0, 3);
    support::allocation_watch const watch;
    frames(3, 30);
    std::size_t const count = watch.count();
    CHECK(count == 0);
    in_order.flush();
    CHECK(counted.count<stride_exec>() == 30 * 90);
}

TEST_CASE("what an engine looked at and sent is in order already", "[event][reorder][engine]") {
    runnel::graph::builder b;
    b.nodes(50);
    for (std::uint32_t n = 0; n < 50; ++n)
        for (std::uint32_t k = 1; k < 6; ++k)
            b.link({node_id{n}, node_id{(n * k + k) % 50}, 1.0 / k});
    auto const built = std::move(b).build().value();
    words direct;
    words behind;
    event::reorder in_order{behind};
    runnel::config c{.alpha = .3, .threshold = .01};
    c.split = {.enabled = true};
    auto const engine = runnel::make_engine(
                            built.graph, std::as_const(built.store), c,
                            runnel::pipeline{}.with_sink(event::tee{direct, in_order}))
                            .value();
    auto field = engine.make_field();
    for (std::uint32_t n = 0; n < 50; n += 7) engine.inject(field, node_id{n}, 1).value();
    for (int frame = 0; frame < 5; ++frame) engine.tick(field).value();
    in_order.flush();
    // Flips and flows come as the engine found them, and go by node and by link.
    auto const others = [](list said) {
        std::erase_if(said, [](std::string const& s) {
            return s.find("flip") != s.npos || s.find("flow") != s.npos
                   || s.find("decay") != s.npos;
        });
        return said;
    };
    CHECK(direct.said.size() == behind.said.size());
    bool const same = others(direct.said) == others(behind.said);
    CHECK(same);
    CHECK(others(direct.said).size() > 200);
}
