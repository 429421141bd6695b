// SPDX-License-Identifier: MIT
// The lines of events, as other programs know them. Red is right in one case only: a field was appended to an event, and
// its wire_version raised.
#include <cstdio>

#include <runnel/core/reflect.hpp>
#include <runnel/event.hpp>
#include <runnel/io.hpp>

#include "io/parser.hpp"
#include "io/support.hpp"
#include "support/catch.hpp"

namespace event = runnel::event;
namespace io = runnel::io;
using io_tests::parsed;
using runnel::link_id;
using runnel::node_id;

namespace {
template <class E> std::string line(E const& e) {
    std::string text;
    io::write_line(text, e);
    return text;
}
/// As many as an event has, and every value another, so that no field can stand in another's place.
template <class E> constexpr std::size_t told_fields = runnel::arity<E>() + 2; // "event", "version"
} // namespace

TEST_CASE("every event has its line, with its name, version and every field", "[io][json_lines]") {
    event::registry::each([]<class E>() {
        std::string const text = line(E{});
        CAPTURE(text);
        REQUIRE(text.back() == '\n');
        CHECK(text.find('\n') == text.size() - 1);
        io_tests::json const read = parsed(text);
        CHECK(read["event"].text == E::wire);
        CHECK(read["version"].number() == E::wire_version);
        CHECK(read.names.size() == told_fields<E>);
    });
}

TEST_CASE("what events are made of is told in full", "[io][json_lines]") {
    event::node_flip flip{.senders = 9};
    auto const first = parsed(line(flip));
    CHECK(first["credit"].items.size() == 4); // no more are kept
    CHECK(first["credit"].items[0].names.size() == runnel::arity<event::credited>());
    flip.senders = 2;
    CHECK(parsed(line(flip))["credit"].items.size() == 2);
    event::type_decay const type{};
    auto const decay = parsed(line(event::decay_tick{.types = {&type, 1}}));
    CHECK(decay["types"].items.at(0).names.size() == runnel::arity<event::type_decay>());
    CHECK(
        parsed(line(event::stride_exec{}))["cost"].names.size()
        == runnel::arity<event::cost_breakdown>());
    CHECK(parsed(line(event::frame_end{}))["k_histogram"].items.size() == 8);
}

TEST_CASE("lines are what they were", "[io][json_lines][golden]") {
    CHECK(
        line(event::frame_start{
            .frame = 1,
            .time = 2.5,
            .dt = 3.5,
            .elapsed = 4.5,
            .interval = 5.5,
            .reason = runnel::tick_reason::stimulus})
        == R"({"event":"frame.start","version":2,"frame":1,"time":2.5,"dt":3.5,"elapsed":4.5,"interval":5.5,"reason":"stimulus"})"
           "\n");
    CHECK(
        line(event::stride_selection{
            .frame = 1,
            .node = node_id{2},
            .fanout = 3,
            .strategy = event::strategy::balanced,
            .k = 4,
            .mode = event::task::methodical,
            .mode_override = true,
            .structure_would_suggest = event::strategy::selective,
            .headroom = .5,
            .prune_rate = .25,
            .entropy = .125,
            .costs_computed = 5,
            .certified = false})
        == R"({"event":"stride.selection","version":1,"frame":1,"node":2,"fanout":3,"strategy":"balanced","k":4,"mode":"methodical","mode_override":true,"structure_would_suggest":"selective","headroom":0.5,"prune_rate":0.25,"entropy":0.125,"costs_computed":5,"certified":false})"
           "\n");
    CHECK(
        line(event::stride_exec{
            .frame = 1,
            .source = node_id{2},
            .target = node_id{3},
            .link = link_id{4},
            .gross = 5,
            .retained = 6,
            .loss = 7,
            .source_before = 8,
            .target_before = 9,
            .target_after = 10,
            .score = 11,
            .share = 12,
            .rank = 13,
            .reason = event::reason::explore,
            .cost =
                {.total = 14,
                 .base = 15,
                 .goal = 16,
                 .goal_cosine = 17,
                 .hub = 18,
                 .resonance = 19,
                 .resonance_factor = 20,
                 .complementarity_factor = 21,
                 .why = event::cost_reason::complement,
                 .novelty = 22,
                 .overlay = 23},
            .utility = 24,
            .z_flow = 25})
        == R"({"event":"stride.exec","version":2,"frame":1,"source":2,"target":3,"link":4,"gross":5,"retained":6,"loss":7,"source_before":8,"target_before":9,"target_after":10,"score":11,"share":12,"rank":13,"reason":"explore","cost":{"total":14,"base":15,"goal":16,"goal_cosine":17,"hub":18,"resonance":19,"resonance_factor":20,"complementarity_factor":21,"why":"complement","novelty":22,"overlay":23},"utility":24,"z_flow":25})"
           "\n");
    CHECK(
        line(event::node_flip{
            .frame = 1,
            .node = node_id{2},
            .active = true,
            .before = 3,
            .after = 4,
            .threshold = 5,
            .senders = 2,
            .credit = {{{node_id{6}, .75}, {node_id{7}, .25}}}})
        == R"({"event":"node.flip","version":2,"frame":1,"node":2,"active":true,"before":3,"after":4,"threshold":5,"senders":2,"credit":[{"sender":6,"share":0.75},{"sender":7,"share":0.25}]})"
           "\n");
    CHECK(
        line(event::link_flow{
            .frame = 1,
            .link = link_id{2},
            .source = node_id{3},
            .target = node_id{4},
            .energy = 5,
            .max_utility = 6,
            .z_flow = 7,
            .dominance = 8})
        == R"({"event":"link.flow","version":1,"frame":1,"link":2,"source":3,"target":4,"energy":5,"max_utility":6,"z_flow":7,"dominance":8})"
           "\n");
    CHECK(
        line(event::weight_update{
            .frame = 1,
            .link = runnel::no_link,
            .source = node_id{3},
            .target = node_id{4},
            .delta = -5,
            .lw = 6,
            .tier = event::tier::co_activation,
            .utility = 7,
            .affect_factor = 8})
        == R"({"event":"weight.update","version":1,"frame":1,"link":null,"source":3,"target":4,"delta":-5,"lw":6,"tier":"co_activation","utility":7,"affect_factor":8})"
           "\n");
    event::type_decay const types[] = {
        {runnel::node_type{1}, 2, 3, 4}, {runnel::node_type{2}, 3, 4, __builtin_inf()}};
    CHECK(
        line(event::decay_tick{
            .frame = 1,
            .elapsed = 2,
            .decayed = 3,
            .flushed = 4,
            .nodes = 5,
            .types = {types, 2},
            .consolidated = 6,
            .mean_protection = 7,
            .resistant = 8,
            .mean_resistance = 9})
        == R"({"event":"decay.tick","version":2,"frame":1,"elapsed":2,"decayed":3,"flushed":4,"nodes":5,"types":[{"type":1,"decayed":2,"flushed":3,"half_life":4},{"type":2,"decayed":3,"flushed":4,"half_life":null}],"consolidated":6,"mean_protection":7,"resistant":8,"mean_resistance":9})"
           "\n");
    CHECK(
        line(event::stimulus_injected{
            .node = node_id{1}, .energy = 2, .gap_before = 3, .gap_after = 4, .before = 5})
        == R"({"event":"stimulus.injected","version":2,"node":1,"energy":2,"gap_before":3,"gap_after":4,"before":5})"
           "\n");
    CHECK(
        line(event::guard_acted{.frame = 1, .guard = "dt_cap", .count = 2, .figure = 3})
        == R"({"event":"guard.acted","version":2,"frame":1,"guard":"dt_cap","count":2,"figure":3})"
           "\n");
    CHECK(
        line(event::tick_interval{
            .interval = 1,
            .dt = 2,
            .reason = runnel::tick_reason::arousal,
            .capped = true,
            .stimulus = 3,
            .activity = 4,
            .arousal = 5})
        == R"({"event":"tick.interval","version":1,"interval":1,"dt":2,"reason":"arousal","capped":true,"stimulus":3,"activity":4,"arousal":5})"
           "\n");
    CHECK(
        line(event::frame_end{
            .frame = 1,
            .time = 2,
            .dt = 3,
            .elapsed = 4,
            .before = 5,
            .injected = 6,
            .transferred = 7,
            .decayed = 8,
            .dissipated = 9,
            .flushed = 10,
            .after = 11,
            .residual = 12,
            .residual_relative = 13,
            .active = 14,
            .touched = 15,
            .strides = 16,
            .skipped = 17,
            .capped = 18,
            .costs_computed = 19,
            .switched_on = 20,
            .switched_off = 21,
            .support = 22,
            .mean_degree_of_active = 23,
            .out_of_reach = true,
            .truncated = false,
            .safe = true,
            .unreached = 24,
            .retried = 25,
            .low_confidence = 26,
            .learned = 27,
            .shadow = 28,
            .shadow_left_out = 29,
            .radius = 30,
            .mean_radius = 31,
            .prune_rate = 32,
            .k_histogram = {{1, 2, 3, 4, 5, 6, 7, 8}},
            .hub_entropy = 33,
            .senseless_lessons = 34,
            .dropped = 35})
        == R"({"event":"frame.end","version":2,"frame":1,"time":2,"dt":3,"elapsed":4,"before":5,"injected":6,"transferred":7,"decayed":8,"dissipated":9,"flushed":10,"after":11,"residual":12,"residual_relative":13,"active":14,"touched":15,"strides":16,"skipped":17,"capped":18,"costs_computed":19,"switched_on":20,"switched_off":21,"support":22,"mean_degree_of_active":23,"out_of_reach":true,"truncated":false,"safe":true,"unreached":24,"retried":25,"low_confidence":26,"learned":27,"shadow":28,"shadow_left_out":29,"radius":30,"mean_radius":31,"prune_rate":32,"k_histogram":[1,2,3,4,5,6,7,8],"hub_entropy":33,"senseless_lessons":34,"dropped":35})"
           "\n");
}

TEST_CASE("every name of a reason, strategy, task and tier is its own", "[io][json_lines]") {
    std::vector<std::string> told;
    auto const each = [&](auto last, auto const& text) {
        for (int i = 0; i <= static_cast<int>(last); ++i)
            told.push_back(text(static_cast<decltype(last)>(i)));
    };
    each(event::strategy::selective, [](event::strategy s) {
        return "strategy " + parsed(line(event::stride_selection{.strategy = s}))["strategy"].text;
    });
    each(event::task::methodical, [](event::task t) {
        return "mode " + parsed(line(event::stride_selection{.mode = t}))["mode"].text;
    });
    each(event::reason::retry, [](event::reason r) {
        return "reason " + parsed(line(event::stride_exec{.reason = r}))["reason"].text;
    });
    each(event::cost_reason::familiar, [](event::cost_reason r) {
        return "why " + parsed(line(event::stride_exec{.cost = {.why = r}}))["cost"]["why"].text;
    });
    each(event::tier::background, [](event::tier t) {
        return "tier " + parsed(line(event::weight_update{.tier = t}))["tier"].text;
    });
    each(runnel::tick_reason::arousal, [](runnel::tick_reason r) {
        return "tick " + parsed(line(event::tick_interval{.reason = r}))["reason"].text;
    });
    CHECK(
        told
        == std::vector<std::string>{
            "strategy exhaustive",
            "strategy balanced",
            "strategy selective",
            "mode by_structure",
            "mode balanced",
            "mode focused",
            "mode divergent",
            "mode methodical",
            "reason argmin",
            "reason top_k",
            "reason explore",
            "reason retry",
            "why neutral",
            "why strong_link",
            "why weak_link",
            "why goal_aligned",
            "why goal_opposed",
            "why crowded",
            "why resonance_attracts",
            "why resonance_repels",
            "why complement",
            "why familiar",
            "tier causal",
            "tier co_activation",
            "tier background",
            "tick caller",
            "tick stimulus",
            "tick activity",
            "tick arousal"});
}

TEST_CASE("a sink writes to the file it was given", "[io][json_lines]") {
    io_tests::scratch_file file{"", "events.jsonl"};
    std::FILE* const to = std::fopen(file.path().c_str(), "wb");
    REQUIRE(to != nullptr);
    io::json_lines sink{to};
    event::registry::each([&]<class E>() {
        STATIC_REQUIRE(event::hears<io::json_lines, E>);
        event::emit<E>(sink, [] { return E{}; });
    });
    CHECK(sink.lines() == event::registry::count);
    CHECK(sink.finish());
    std::fclose(to);
    std::string expected;
    event::registry::each([&]<class E>() { expected += line(E{}); });
    CHECK(file.text() == expected);
}

TEST_CASE("a full disk is told at the end, and nothing more is written", "[io][json_lines]") {
    std::FILE* full = std::fopen("/dev/full", "wb");
    if (full == nullptr) {
        WARN("this system has no /dev/full");
        return;
    }
    {
        io::json_lines sink{full};
        sink(event::frame_end{});
        auto const said = sink.finish(); // where the buffer goes to the disk
        REQUIRE_FALSE(said);
        CHECK(said.error().is(io::faults::cannot_write));
        CHECK_FALSE(sink.finish()); // it stays so
    }
    std::fclose(full);
    full = std::fopen("/dev/full", "wb");
    REQUIRE(full != nullptr);
    std::setvbuf(full, nullptr, _IONBF, 0); // every line goes to the disk
    io::json_lines sink{full};
    for (int i = 0; i < 3; ++i) sink(event::frame_end{});
    CHECK(sink.lines() == 0);
    CHECK_FALSE(sink.finish());
    std::fclose(full);
}
