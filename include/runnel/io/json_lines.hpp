// SPDX-License-Identifier: MIT
// room: io. Events as lines of JSON: a sink.
//
// Why:  what happened, for programs that are not C++. A line has the event's wire name, its version and its fields under
//       the names they have in event/records.hpp.
// Laws: every registered event has a line; numbers read back as they were. An error of the file is remembered and told
//       by `finish`; what comes after it is not written.
// Cost: about two microseconds for a stride, which has the most figures.
#pragma once

#include <cstdio>
#include <string>
#include <string_view>
#include <type_traits>

#include <runnel/event/records.hpp>
#include <runnel/io/faults.hpp>
#include <runnel/io/json.hpp>

namespace runnel::io {

namespace detail {
[[nodiscard]] constexpr std::string_view name_of(event::strategy s) noexcept {
    return s == event::strategy::exhaustive ? "exhaustive"
           : s == event::strategy::balanced ? "balanced"
                                            : "selective";
}
[[nodiscard]] constexpr std::string_view name_of(event::task t) noexcept {
    constexpr std::string_view names[]{
        "by_structure", "balanced", "focused", "divergent", "methodical"};
    return names[static_cast<std::size_t>(t)];
}
[[nodiscard]] constexpr std::string_view name_of(event::reason r) noexcept {
    constexpr std::string_view names[]{"argmin", "top_k", "explore", "retry"};
    return names[static_cast<std::size_t>(r)];
}
[[nodiscard]] constexpr std::string_view name_of(event::cost_reason r) noexcept {
    constexpr std::string_view names[]{
        "neutral", "strong_link",        "weak_link",        "goal_aligned", "goal_opposed",
        "crowded", "resonance_attracts", "resonance_repels", "complement",   "familiar"};
    return names[static_cast<std::size_t>(r)];
}
[[nodiscard]] constexpr std::string_view name_of(event::tier t) noexcept {
    constexpr std::string_view names[]{"causal", "co_activation", "background"};
    return names[static_cast<std::size_t>(t)];
}
[[nodiscard]] constexpr std::string_view name_of(tick_reason r) noexcept {
    constexpr std::string_view names[]{"caller", "stimulus", "activity", "arousal"};
    return names[static_cast<std::size_t>(r)];
}

inline void fields(json_object& to, event::frame_start const& e) {
    to.field("frame", e.frame).field("time", e.time).field("dt", e.dt).field("elapsed", e.elapsed);
    to.field("interval", e.interval).field("reason", name_of(e.reason));
}
inline void fields(json_object& to, event::stride_selection const& e) {
    to.field("frame", e.frame).field("node", e.node).field("fanout", e.fanout);
    to.field("strategy", name_of(e.strategy)).field("k", e.k).field("mode", name_of(e.mode));
    to.field("mode_override", e.mode_override);
    to.field("structure_would_suggest", name_of(e.structure_would_suggest));
    to.field("headroom", e.headroom).field("prune_rate", e.prune_rate).field("entropy", e.entropy);
    to.field("costs_computed", e.costs_computed).field("certified", e.certified);
}
inline void fields(json_object& to, event::stride_exec const& e) {
    to.field("frame", e.frame).field("source", e.source).field("target", e.target);
    to.field("link", e.link).field("gross", e.gross).field("retained", e.retained);
    to.field("loss", e.loss).field("source_before", e.source_before);
    to.field("target_before", e.target_before).field("target_after", e.target_after);
    to.field("score", e.score).field("share", e.share).field("rank", e.rank);
    to.field("reason", name_of(e.reason));
    to.object("cost", [&](json_object& cost) {
        event::cost_breakdown const& c = e.cost;
        cost.field("total", c.total).field("base", c.base).field("goal", c.goal);
        cost.field("goal_cosine", c.goal_cosine).field("hub", c.hub);
        cost.field("resonance", c.resonance).field("resonance_factor", c.resonance_factor);
        cost.field("complementarity_factor", c.complementarity_factor).field("why", name_of(c.why));
        cost.field("novelty", c.novelty).field("overlay", c.overlay);
    });
    to.field("utility", e.utility).field("z_flow", e.z_flow);
}
inline void fields(json_object& to, event::node_flip const& e) {
    to.field("frame", e.frame).field("node", e.node).field("active", e.active);
    to.field("before", e.before).field("after", e.after).field("threshold", e.threshold);
    to.field("senders", e.senders);
    std::size_t const told = e.senders < 4 ? e.senders : 4;
    struct first {
        event::credited const* from;
        std::size_t count;
        [[nodiscard]] event::credited const* begin() const { return from; }
        [[nodiscard]] event::credited const* end() const { return from + count; }
    };
    to.list(
        "credit", first{e.credit.begin(), told}, [](json_object& one, event::credited const& c) {
            one.field("sender", c.sender).field("share", c.share);
        });
}
inline void fields(json_object& to, event::link_flow const& e) {
    to.field("frame", e.frame).field("link", e.link).field("source", e.source);
    to.field("target", e.target).field("energy", e.energy).field("max_utility", e.max_utility);
    to.field("z_flow", e.z_flow).field("dominance", e.dominance);
}
inline void fields(json_object& to, event::weight_update const& e) {
    to.field("frame", e.frame).field("link", e.link).field("source", e.source);
    to.field("target", e.target).field("delta", e.delta).field("lw", e.lw);
    to.field("tier", name_of(e.tier)).field("utility", e.utility);
    to.field("affect_factor", e.affect_factor);
}
inline void fields(json_object& to, event::decay_tick const& e) {
    to.field("frame", e.frame).field("elapsed", e.elapsed).field("decayed", e.decayed);
    to.field("flushed", e.flushed).field("nodes", e.nodes);
    to.list("types", e.types, [](json_object& one, event::type_decay const& t) {
        one.field("type", t.type).field("decayed", t.decayed).field("flushed", t.flushed);
        one.field("half_life", t.half_life);
    });
    to.field("consolidated", e.consolidated).field("mean_protection", e.mean_protection);
    to.field("resistant", e.resistant).field("mean_resistance", e.mean_resistance);
}
inline void fields(json_object& to, event::stimulus_injected const& e) {
    to.field("node", e.node).field("energy", e.energy).field("gap_before", e.gap_before);
    to.field("gap_after", e.gap_after).field("before", e.before);
}
inline void fields(json_object& to, event::guard_acted const& e) {
    to.field("frame", e.frame).field("guard", e.guard).field("count", e.count);
    to.field("figure", e.figure);
}
inline void fields(json_object& to, event::tick_interval const& e) {
    to.field("interval", e.interval).field("dt", e.dt).field("reason", name_of(e.reason));
    to.field("capped", e.capped).field("stimulus", e.stimulus).field("activity", e.activity);
    to.field("arousal", e.arousal);
}
inline void fields(json_object& to, event::frame_end const& e) {
    to.field("frame", e.frame).field("time", e.time).field("dt", e.dt).field("elapsed", e.elapsed);
    to.field("before", e.before).field("injected", e.injected);
    to.field("transferred", e.transferred).field("decayed", e.decayed);
    to.field("dissipated", e.dissipated).field("flushed", e.flushed).field("after", e.after);
    to.field("residual", e.residual).field("residual_relative", e.residual_relative);
    to.field("active", e.active).field("touched", e.touched).field("strides", e.strides);
    to.field("skipped", e.skipped).field("capped", e.capped);
    to.field("costs_computed", e.costs_computed).field("switched_on", e.switched_on);
    to.field("switched_off", e.switched_off).field("support", e.support);
    to.field("mean_degree_of_active", e.mean_degree_of_active);
    to.field("out_of_reach", e.out_of_reach).field("truncated", e.truncated);
    to.field("safe", e.safe).field("unreached", e.unreached).field("retried", e.retried);
    to.field("low_confidence", e.low_confidence).field("learned", e.learned);
    to.field("shadow", e.shadow).field("shadow_left_out", e.shadow_left_out);
    to.field("radius", e.radius).field("mean_radius", e.mean_radius);
    to.field("prune_rate", e.prune_rate).values("k_histogram", e.k_histogram);
    to.field("hub_entropy", e.hub_entropy).field("senseless_lessons", e.senseless_lessons);
    to.field("dropped", e.dropped);
}
} // namespace detail

/// One event as a line, its end included.
template <event::registered E> void write_line(std::string& to, E const& event) {
    json_object line{to};
    line.field("event", E::wire).field("version", E::wire_version);
    detail::fields(line, event);
    to += '\n';
}

/// A sink that writes to a file, which stays the caller's.
class json_lines {
public:
    explicit json_lines(std::FILE* to) noexcept : to_(to) {}

    template <event::registered E> void operator()(E const& event) {
        if (failed_) return;
        line_.clear();
        write_line(line_, event);
        failed_ = std::fwrite(line_.data(), 1, line_.size(), to_) != line_.size();
        if (!failed_) ++lines_;
    }
    /// How many lines the file has taken.
    [[nodiscard]] std::uint64_t lines() const noexcept { return lines_; }
    /// Was everything written?
    [[nodiscard]] status finish() {
        if (!failed_) failed_ = std::fflush(to_) != 0;
        return failed_ ? status{fault{faults::cannot_write}} : status{};
    }

private:
    std::FILE* to_;
    std::string line_;
    std::uint64_t lines_ = 0;
    bool failed_ = false;
};

} // namespace runnel::io
