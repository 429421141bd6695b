// SPDX-License-Identifier: MIT
// room: fanout. How many of a node's links are worth looking at.
//
// Why:  a node of few links looks at all of them; a hub that did would cost as much as the graph. The
//       number follows from the degree alone, less under pressure, otherwise when a task says so (D3, D4).
// Laws: k never falls as d grows, nor does d - k while selective_k <= high/2 + 1; pressure never widens, takes
//       at most 40 % by default, and leaves min(min_k, k); a task bypasses it. Local information only.
// Cost: O(1).
#pragma once

#include <cstdint>

#include <runnel/core/expects.hpp>
#include <runnel/core/math.hpp>
#include <runnel/core/reflect.hpp>
#include <runnel/core/result.hpp>
#include <runnel/event/records.hpp>
#include <runnel/fanout/ties.hpp>

namespace runnel::faults {
inline constexpr fault_kind bad_headroom{
    "fanout.bad_headroom", "headroom must be a number; it is clipped to [0, 1]"};
inline constexpr fault_kind bad_fanout{
    "fanout.bad_config", "these fanout settings contradict each other"};
} // namespace runnel::faults

namespace runnel::fanout {

using strategy = event::strategy;
using task = event::task;

/// How the links that are looked at are found.
enum class reduction : std::uint8_t {
    quick,     ///< the k heaviest, before any cost is computed
    certified, ///< heaviest first, until no lighter link can be among the cheapest: what looking at all would choose
    none ///< all links take part, whatever the strategy says; the best by weight alone needs no look at the others
};

/// What is left of a capacity, in [0, 1]; what nobody measured is 1.
class headroom {
public:
    constexpr headroom() = default;
    [[nodiscard]] static constexpr result<headroom> of(double share) noexcept {
        if (share != share) return fault{faults::bad_headroom, share};
        return headroom{share < 0 ? 0 : (share > 1 ? 1 : share)};
    }
    struct budget {
        double used = 0;
        double capacity = 0;
    };
    /// 1 - used/capacity; no capacity leaves no room.
    [[nodiscard]] static constexpr result<headroom> of(budget b) noexcept {
        if (b.used != b.used) return fault{faults::bad_headroom, b.used};
        if (b.capacity != b.capacity) return fault{faults::bad_headroom, b.capacity};
        if (!(b.capacity > 0)) return headroom{0};
        return of(1 - b.used / b.capacity);
    }
    [[nodiscard]] constexpr double share() const noexcept { return share_; }
    friend constexpr bool operator==(headroom, headroom) noexcept = default;

private:
    constexpr explicit headroom(double share) noexcept : share_(share) {}
    double share_ = 1;
};

struct config {
    std::uint32_t low = 3;          ///< below it a row is looked at whole, >= 1
    std::uint32_t high = 10;        ///< above it only selective_k links are, >= low
    std::uint32_t selective_k = 5;  ///< >= max(1, low - 1)
    bool pressure_enabled = true;   ///< does little headroom reduce k
    double pressure_threshold = .2; ///< headroom below it is little, [0, 1]
    double pressure_factor = .6;    ///< share of k that remains under pressure, (0, 1]
    bool pressure_graded = false;   ///< from .8 at headroom .2, falling to pressure_factor at 0
    std::uint32_t min_k = 2;        ///< pressure leaves this many, >= 1
    fanout::task task = fanout::task::by_structure;         ///< what the caller is doing
    fanout::reduction reduction = fanout::reduction::quick; ///< how the kept links are found
    std::uint32_t certify_limit =
        16; ///< a certified look ends after so many costs per kept link; 0: it never does
    fanout::ties ties = fanout::ties::sampled; ///< among links of equal weight
    double explore = 0; ///< chance that the last kept link is drawn from those pruned, [0, 1]

    friend bool operator==(config const&, config const&) = default;

    template <class Self, class F> static constexpr void visit(Self& self, F&& f) {
        static_assert(arity_is<config, 13>, "fanout: a setting is missing from this walk");
        f("low", self.low);
        f("high", self.high);
        f("selective_k", self.selective_k);
        f("pressure_enabled", self.pressure_enabled);
        f("pressure_threshold", self.pressure_threshold);
        f("pressure_factor", self.pressure_factor);
        f("pressure_graded", self.pressure_graded);
        f("min_k", self.min_k);
        f("task", self.task);
        f("reduction", self.reduction);
        f("certify_limit", self.certify_limit);
        f("ties", self.ties);
        f("explore", self.explore);
    }

    [[nodiscard]] constexpr status validate() const noexcept {
        auto const bad = [](std::string_view sentence, auto offender) {
            return fault{fault_kind{faults::bad_fanout.code, sentence}, offender};
        };
        auto const within = [](double x, double most) { return x >= 0 && x <= most; };
        if (low < 1) return bad("fanout.low must be at least 1", low);
        if (high < low) return bad("fanout.high must be at least fanout.low", high);
        if (selective_k < 1 || selective_k < low - 1)
            return bad("fanout.selective_k must be at least max(1, fanout.low - 1)", selective_k);
        if (!within(pressure_threshold, 1))
            return bad("fanout.pressure_threshold must lie in [0, 1]", pressure_threshold);
        if (!within(pressure_factor, 1) || pressure_factor == 0)
            return bad("fanout.pressure_factor must lie in (0, 1]", pressure_factor);
        if (min_k < 1) return bad("fanout.min_k must be at least 1", min_k);
        if (task > task::methodical)
            return bad("fanout.task is none of its names", static_cast<unsigned>(task));
        if (reduction > reduction::none)
            return bad(
                "fanout.reduction must be quick, certified or none",
                static_cast<unsigned>(reduction));
        if (ties > ties::by_id)
            return bad("fanout.ties must be sampled, fixed or by_id", static_cast<unsigned>(ties));
        if (!within(explore, 1)) return bad("fanout.explore must lie in [0, 1]", explore);
        return {};
    }
};
static_assert(config{}.validate().has_value());

/// What was decided for one row, and why.
struct choice {
    fanout::strategy strategy = strategy::exhaustive;
    std::uint32_t k = 0;
    fanout::strategy structure_would_suggest = strategy::exhaustive;
    bool pressured = false;    ///< pressure took some
    bool task_decided = false; ///< the task asked for another k than structure and pressure would
};

namespace detail {
[[nodiscard]] constexpr std::uint32_t least(std::uint32_t a, std::uint32_t b) noexcept {
    return a < b ? a : b;
}
[[nodiscard]] constexpr choice by_structure(std::uint32_t degree, config const& c) noexcept {
    choice made{strategy::exhaustive, degree};
    if (degree > c.high) {
        made = {strategy::selective, least(c.selective_k, degree)};
    } else if (degree >= c.low) {
        std::uint32_t const half = degree - degree / 2; // rounded up
        std::uint32_t const at_least = half < c.low - 1 ? c.low - 1 : half;
        made = {strategy::balanced, least(least(at_least, c.selective_k), degree)};
    }
    made.structure_would_suggest = made.strategy;
    return made;
}
[[nodiscard]] constexpr choice under_pressure(
    choice made, config const& c, headroom left) noexcept {
    if (!c.pressure_enabled || !(left.share() < c.pressure_threshold)) return made;
    double factor = c.pressure_factor;
    if (c.pressure_graded && factor < .8)
        factor += (.8 - factor) * (left.share() / c.pressure_threshold);
    // The product of two round numbers may come out a little above a whole one.
    double const wanted = factor * made.k - 1e-9;
    auto reduced = static_cast<std::uint32_t>(wanted);
    if (static_cast<double>(reduced) < wanted) ++reduced;
    if (reduced < c.min_k) reduced = c.min_k;
    made.pressured = reduced < made.k;
    if (made.pressured) made.k = reduced;
    return made;
}
[[nodiscard]] constexpr choice by_task(
    choice made, config const& c, std::uint32_t degree) noexcept {
    switch (c.task) {
    case task::by_structure:
    case task::balanced: return made;
    case task::focused:
        made.strategy = strategy::selective;
        made.k = least(2, degree);
        return made;
    case task::divergent: made.k = least(made.k + (made.k + 1) / 2, degree); return made;
    case task::methodical:
        made.strategy = strategy::exhaustive;
        made.k = degree;
        return made;
    }
    return made;
}
} // namespace detail

/// Expects a valid config.
[[nodiscard]] constexpr choice select_strategy(
    std::uint32_t degree, config const& c, headroom left = {}) noexcept {
    choice const structure = detail::by_structure(degree, c);
    choice const pressed = detail::under_pressure(structure, c, left);
    if (c.task == task::by_structure) return pressed;
    choice tasked = detail::by_task(structure, c, degree);
    tasked.task_decided = tasked.k != pressed.k || tasked.strategy != pressed.strategy;
    return tasked;
}

} // namespace runnel::fanout
