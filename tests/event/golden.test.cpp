// SPDX-License-Identifier: MIT
// What files and listeners of other programs rely on: names, versions, order and layout of the events.
//
// Red is right in one case only: a field was appended to an event. Then raise its wire_version, append
// the field here, and nothing else. A field that moved, shrank or vanished, a renamed event or a
// changed position breaks whoever reads what was written before.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include <runnel/event.hpp>

#include "support/catch.hpp"

namespace event = runnel::event;

namespace {

struct field {
    std::string_view name;
    std::size_t offset;
    std::size_t size;
};
#define FIELD(type, name) \
    field { #name, offsetof(event::type, name), sizeof(event::type::name) }

/// "stride.exec 1 at 1: frame@0+8 source@8+4 ... = 96"
template <class E> std::string layout(std::vector<field> const& fields) {
    std::string text(E::wire);
    text += ' ' + std::to_string(E::wire_version) + " at "
            + std::to_string(event::registry::position<E>()) + ':';
    for (field const& f : fields)
        text += ' ' + std::string(f.name) + '@' + std::to_string(f.offset) + '+'
                + std::to_string(f.size);
    text += " = " + std::to_string(sizeof(E));
    if (fields.size() != runnel::arity<E>()) text += ", and fields not listed here";
    return text;
}

} // namespace

TEST_CASE("frame.start is as it was", "[event][golden]") {
    CHECK(
        layout<event::frame_start>(
            {FIELD(frame_start, frame), FIELD(frame_start, time), FIELD(frame_start, dt),
             FIELD(frame_start, elapsed), FIELD(frame_start, interval), FIELD(frame_start, reason)})
        == "frame.start 2 at 0: frame@0+8 time@8+8 dt@16+8 elapsed@24+8 interval@32+8 reason@40+1 "
           "= 48");
}

TEST_CASE("stride.exec is as it was", "[event][golden]") {
    CHECK(
        layout<event::stride_exec>(
            {FIELD(stride_exec, frame), FIELD(stride_exec, source), FIELD(stride_exec, target),
             FIELD(stride_exec, link), FIELD(stride_exec, gross), FIELD(stride_exec, retained),
             FIELD(stride_exec, loss), FIELD(stride_exec, source_before),
             FIELD(stride_exec, target_before), FIELD(stride_exec, target_after),
             FIELD(stride_exec, score), FIELD(stride_exec, share), FIELD(stride_exec, rank),
             FIELD(stride_exec, reason), FIELD(stride_exec, cost), FIELD(stride_exec, utility),
             FIELD(stride_exec, z_flow)})
        == "stride.exec 2 at 1: frame@0+8 source@8+4 target@12+4 link@16+4 gross@24+8 "
           "retained@32+8 loss@40+8 source_before@48+8 target_before@56+8 target_after@64+8 "
           "score@72+8 share@80+8 rank@88+4 reason@92+1 cost@96+88 utility@184+8 z_flow@192+8 = "
           "200");
}

TEST_CASE("node.flip is as it was", "[event][golden]") {
    CHECK(
        layout<event::node_flip>(
            {FIELD(node_flip, frame), FIELD(node_flip, node), FIELD(node_flip, active),
             FIELD(node_flip, before), FIELD(node_flip, after), FIELD(node_flip, threshold),
             FIELD(node_flip, senders), FIELD(node_flip, credit)})
        == "node.flip 2 at 2: frame@0+8 node@8+4 active@12+1 before@16+8 after@24+8 threshold@32+8 "
           "senders@40+4 credit@48+64 = 112");
}

TEST_CASE("decay.tick is as it was", "[event][golden]") {
    CHECK(
        layout<event::decay_tick>(
            {FIELD(decay_tick, frame), FIELD(decay_tick, elapsed), FIELD(decay_tick, decayed),
             FIELD(decay_tick, flushed), FIELD(decay_tick, nodes), FIELD(decay_tick, types),
             FIELD(decay_tick, consolidated), FIELD(decay_tick, mean_protection),
             FIELD(decay_tick, resistant), FIELD(decay_tick, mean_resistance)})
        == "decay.tick 2 at 3: frame@0+8 elapsed@8+8 decayed@16+8 flushed@24+8 nodes@32+8 "
           "types@40+16 consolidated@56+8 mean_protection@64+8 resistant@72+8 mean_resistance@80+8 "
           "= 88");
}

TEST_CASE("stimulus.injected is as it was", "[event][golden]") {
    CHECK(
        layout<event::stimulus_injected>(
            {FIELD(stimulus_injected, node), FIELD(stimulus_injected, energy),
             FIELD(stimulus_injected, gap_before), FIELD(stimulus_injected, gap_after),
             FIELD(stimulus_injected, before)})
        == "stimulus.injected 2 at 4: node@0+4 energy@8+8 gap_before@16+8 gap_after@24+8 "
           "before@32+8 = 40");
}

TEST_CASE("guard.acted is as it was", "[event][golden]") {
    STATIC_REQUIRE(sizeof(std::string_view) == 16); // the layout of 64-bit machines
    CHECK(
        layout<event::guard_acted>(
            {FIELD(guard_acted, frame), FIELD(guard_acted, guard), FIELD(guard_acted, count),
             FIELD(guard_acted, figure)})
        == "guard.acted 2 at 5: frame@0+8 guard@8+16 count@24+8 figure@32+8 = 40");
}

TEST_CASE("frame.end is as it was", "[event][golden]") {
    CHECK(
        layout<event::frame_end>(
            {FIELD(frame_end, frame),
             FIELD(frame_end, time),
             FIELD(frame_end, dt),
             FIELD(frame_end, elapsed),
             FIELD(frame_end, before),
             FIELD(frame_end, injected),
             FIELD(frame_end, transferred),
             FIELD(frame_end, decayed),
             FIELD(frame_end, dissipated),
             FIELD(frame_end, flushed),
             FIELD(frame_end, after),
             FIELD(frame_end, residual),
             FIELD(frame_end, residual_relative),
             FIELD(frame_end, active),
             FIELD(frame_end, touched),
             FIELD(frame_end, strides),
             FIELD(frame_end, skipped),
             FIELD(frame_end, capped),
             FIELD(frame_end, costs_computed),
             FIELD(frame_end, switched_on),
             FIELD(frame_end, switched_off),
             FIELD(frame_end, support),
             FIELD(frame_end, mean_degree_of_active),
             FIELD(frame_end, out_of_reach),
             FIELD(frame_end, truncated),
             FIELD(frame_end, safe),
             FIELD(frame_end, unreached),
             FIELD(frame_end, retried),
             FIELD(frame_end, low_confidence),
             FIELD(frame_end, learned),
             FIELD(frame_end, shadow),
             FIELD(frame_end, shadow_left_out),
             FIELD(frame_end, radius),
             FIELD(frame_end, mean_radius),
             FIELD(frame_end, prune_rate),
             FIELD(frame_end, k_histogram),
             FIELD(frame_end, hub_entropy),
             FIELD(frame_end, senseless_lessons),
             FIELD(frame_end, dropped)})
        == "frame.end 2 at 6: frame@0+8 time@8+8 dt@16+8 elapsed@24+8 before@32+8 injected@40+8 "
           "transferred@48+8 decayed@56+8 dissipated@64+8 flushed@72+8 after@80+8 residual@88+8 "
           "residual_relative@96+8 active@104+8 touched@112+8 strides@120+8 skipped@128+8 "
           "capped@136+8 costs_computed@144+8 switched_on@152+8 switched_off@160+8 support@168+8 "
           "mean_degree_of_active@176+8 out_of_reach@184+1 truncated@185+1 safe@186+1 "
           "unreached@192+8 retried@200+8 low_confidence@208+8 learned@216+8 shadow@224+8 "
           "shadow_left_out@232+8 radius@240+4 mean_radius@248+8 prune_rate@256+8 "
           "k_histogram@264+64 hub_entropy@328+8 senseless_lessons@336+8 dropped@344+8 = 352");
}

TEST_CASE("stride.selection is as it was", "[event][golden]") {
    CHECK(
        layout<event::stride_selection>(
            {FIELD(stride_selection, frame), FIELD(stride_selection, node),
             FIELD(stride_selection, fanout), FIELD(stride_selection, strategy),
             FIELD(stride_selection, k), FIELD(stride_selection, mode),
             FIELD(stride_selection, mode_override),
             FIELD(stride_selection, structure_would_suggest), FIELD(stride_selection, headroom),
             FIELD(stride_selection, prune_rate), FIELD(stride_selection, entropy),
             FIELD(stride_selection, costs_computed), FIELD(stride_selection, certified)})
        == "stride.selection 1 at 7: frame@0+8 node@8+4 fanout@12+4 strategy@16+1 k@20+4 mode@24+1 "
           "mode_override@25+1 structure_would_suggest@26+1 headroom@32+8 prune_rate@40+8 "
           "entropy@48+8 costs_computed@56+4 certified@60+1 = 64");
}

TEST_CASE("link.flow is as it was", "[event][golden]") {
    CHECK(
        layout<event::link_flow>(
            {FIELD(link_flow, frame), FIELD(link_flow, link), FIELD(link_flow, source),
             FIELD(link_flow, target), FIELD(link_flow, energy), FIELD(link_flow, max_utility),
             FIELD(link_flow, z_flow), FIELD(link_flow, dominance)})
        == "link.flow 1 at 8: frame@0+8 link@8+4 source@12+4 target@16+4 energy@24+8 "
           "max_utility@32+8 z_flow@40+8 dominance@48+8 = 56");
}

TEST_CASE("weight.update is as it was", "[event][golden]") {
    CHECK(
        layout<event::weight_update>(
            {FIELD(weight_update, frame), FIELD(weight_update, link), FIELD(weight_update, source),
             FIELD(weight_update, target), FIELD(weight_update, delta), FIELD(weight_update, lw),
             FIELD(weight_update, tier), FIELD(weight_update, utility),
             FIELD(weight_update, affect_factor)})
        == "weight.update 1 at 9: frame@0+8 link@8+4 source@12+4 target@16+4 delta@24+8 lw@32+8 "
           "tier@40+1 utility@48+8 affect_factor@56+8 = 64");
}

TEST_CASE("tick.interval is as it was", "[event][golden]") {
    CHECK(
        layout<event::tick_interval>(
            {FIELD(tick_interval, interval), FIELD(tick_interval, dt), FIELD(tick_interval, reason),
             FIELD(tick_interval, capped), FIELD(tick_interval, stimulus),
             FIELD(tick_interval, activity), FIELD(tick_interval, arousal)})
        == "tick.interval 1 at 10: interval@0+8 dt@8+8 reason@16+1 capped@17+1 stimulus@24+8 "
           "activity@32+8 arousal@40+8 = 48");
}

TEST_CASE("what a cost is made of is as it was", "[event][golden]") {
    STATIC_REQUIRE(sizeof(event::cost_breakdown) == 88);
    STATIC_REQUIRE(offsetof(event::cost_breakdown, total) == 0);
    STATIC_REQUIRE(offsetof(event::cost_breakdown, base) == 8);
    STATIC_REQUIRE(offsetof(event::cost_breakdown, goal) == 16);
    STATIC_REQUIRE(offsetof(event::cost_breakdown, goal_cosine) == 24);
    STATIC_REQUIRE(offsetof(event::cost_breakdown, hub) == 32);
    STATIC_REQUIRE(offsetof(event::cost_breakdown, resonance) == 40);
    STATIC_REQUIRE(offsetof(event::cost_breakdown, resonance_factor) == 48);
    STATIC_REQUIRE(offsetof(event::cost_breakdown, complementarity_factor) == 56);
    STATIC_REQUIRE(offsetof(event::cost_breakdown, why) == 64);
    STATIC_REQUIRE(offsetof(event::cost_breakdown, novelty) == 72);
    STATIC_REQUIRE(offsetof(event::cost_breakdown, overlay) == 80);
    STATIC_REQUIRE(static_cast<int>(event::cost_reason::complement) == 8);
    STATIC_REQUIRE(static_cast<int>(event::cost_reason::familiar) == 9);
}

TEST_CASE("strategies and tasks keep their numbers", "[event][golden]") {
    STATIC_REQUIRE(static_cast<int>(event::strategy::exhaustive) == 0);
    STATIC_REQUIRE(static_cast<int>(event::strategy::balanced) == 1);
    STATIC_REQUIRE(static_cast<int>(event::strategy::selective) == 2);
    STATIC_REQUIRE(static_cast<int>(event::task::by_structure) == 0);
    STATIC_REQUIRE(static_cast<int>(event::task::balanced) == 1);
    STATIC_REQUIRE(static_cast<int>(event::task::focused) == 2);
    STATIC_REQUIRE(static_cast<int>(event::task::divergent) == 3);
    STATIC_REQUIRE(static_cast<int>(event::task::methodical) == 4);
}

TEST_CASE("the registry has eleven events and no more", "[event][golden]") {
    std::string names;
    event::registry::each([&]<class E>() { names += std::string(E::wire) + ' '; });
    CHECK(
        names
        == "frame.start stride.exec node.flip decay.tick stimulus.injected guard.acted frame.end "
           "stride.selection link.flow weight.update tick.interval ");
    STATIC_REQUIRE(event::registry::count == 11);
}

TEST_CASE("no two events share a name", "[event][golden]") {
    std::vector<std::string_view> names;
    event::registry::each([&]<class E>() {
        for (std::string_view const name : names) CHECK(name != E::wire);
        names.push_back(E::wire);
    });
    CHECK(names.size() == event::registry::count);
}

TEST_CASE("tiers and clock reasons keep their numbers", "[event][golden]") {
    STATIC_REQUIRE(static_cast<int>(event::tier::causal) == 0);
    STATIC_REQUIRE(static_cast<int>(event::tier::co_activation) == 1);
    STATIC_REQUIRE(static_cast<int>(event::tier::background) == 2);
    STATIC_REQUIRE(static_cast<int>(runnel::tick_reason::caller) == 0);
    STATIC_REQUIRE(static_cast<int>(runnel::tick_reason::stimulus) == 1);
    STATIC_REQUIRE(static_cast<int>(runnel::tick_reason::activity) == 2);
    STATIC_REQUIRE(static_cast<int>(runnel::tick_reason::arousal) == 3);
}

TEST_CASE("the reasons for a choice keep their numbers", "[event][golden]") {
    STATIC_REQUIRE(static_cast<int>(event::reason::argmin) == 0);
    STATIC_REQUIRE(static_cast<int>(event::reason::top_k) == 1);
    STATIC_REQUIRE(static_cast<int>(event::reason::explore) == 2);
    STATIC_REQUIRE(static_cast<int>(event::reason::retry) == 3);
    STATIC_REQUIRE(sizeof(event::reason) == 1);
}

TEST_CASE("events are plain: copied as bytes, made without arguments", "[event][golden]") {
    event::registry::each([]<class E>() {
        STATIC_REQUIRE(std::is_trivially_copyable_v<E>);
        STATIC_REQUIRE(std::is_standard_layout_v<E>);
        STATIC_REQUIRE(std::is_aggregate_v<E>);
        STATIC_REQUIRE(std::is_default_constructible_v<E>);
    });
}

TEST_CASE("a stride as made is a whole transfer of nobody over no link", "[event][golden]") {
    event::stride_exec const made;
    CHECK(made.link == runnel::no_link);
    CHECK(made.share == 1);
    CHECK(made.gross == 0);
    CHECK(made.rank == 0);
    CHECK(made.reason == event::reason::argmin);
}
