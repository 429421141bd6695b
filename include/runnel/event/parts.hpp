// SPDX-License-Identifier: MIT
// room: event. What events are made of: reasons, lists, breakdowns.
//
// Why:  policies, records and files must mean the same thing by a strategy, a reason or a tier; they are declared once.
// Laws: numbers of enumerators never change; new ones come last.
#pragma once

#include <cstddef>
#include <cstdint>

#include <runnel/core/ids.hpp>

namespace runnel::event {

/// How many of a node's links were looked at.
enum class strategy : std::uint8_t {
    exhaustive, ///< every one
    balanced,   ///< about half of them
    selective   ///< a fixed few
};

/// What the caller is doing. It overrides structure and pressure alike, except `by_structure`.
enum class task : std::uint8_t {
    by_structure, ///< nobody said: structure decides, pressure applies
    balanced,     ///< structure decides, pressure does not apply
    focused,      ///< two links
    divergent,    ///< half as many again
    methodical    ///< every link
};

/// Why a link was chosen.
enum class reason : std::uint8_t {
    argmin,  ///< the cheapest link
    top_k,   ///< one of several cheapest
    explore, ///< drawn from the pruned tail
    retry    ///< sent by a node below its threshold
};

/// A fixed few. (A bare array would hide how many members its owner has.)
template <class T, std::size_t Count> struct row_of {
    T items[Count]{};
    [[nodiscard]] constexpr T const* begin() const noexcept { return items; }
    [[nodiscard]] constexpr T const* end() const noexcept { return items + Count; }
    [[nodiscard]] constexpr T& operator[](std::size_t i) noexcept { return items[i]; }
    [[nodiscard]] constexpr T const& operator[](std::size_t i) const noexcept { return items[i]; }
};

/// A few of many, in an order, for as long as the call that hands them over.
template <class T> struct listed {
    T const* first = nullptr;
    std::size_t count = 0;
    [[nodiscard]] constexpr T const* begin() const noexcept { return first; }
    [[nodiscard]] constexpr T const* end() const noexcept { return first + count; }
    [[nodiscard]] constexpr std::size_t size() const noexcept { return count; }
    [[nodiscard]] constexpr T const& operator[](std::size_t i) const noexcept { return first[i]; }
};

/// What made a link cheap or dear, most of all.
enum class cost_reason : std::uint8_t {
    neutral,
    strong_link,
    weak_link,
    goal_aligned,
    goal_opposed,
    crowded, ///< many links lead to the target
    resonance_attracts,
    resonance_repels,
    complement,
    familiar ///< its target was visited much of late
};

/// What a cost is made of.
struct cost_breakdown {
    double total = 0;
    double base = 0; ///< minus the log-weight
    double goal = 0; ///< as it enters the total
    double goal_cosine = 0;
    double hub = 0;
    double resonance = 0; ///< cosine of the moods
    double resonance_factor = 1;
    double complementarity_factor = 1;
    cost_reason why = cost_reason::neutral;
    double novelty = 0; ///< as it enters the total: dearer where energy was of late
    double overlay = 0; ///< what a group adds to the log-weight; part of base
};

/// Why a weight was changed.
enum class tier : std::uint8_t {
    causal,        ///< its stride brought the target over its threshold
    co_activation, ///< both ends are active
    background     ///< neither
};

/// One of those who brought a node over its threshold.
struct credited {
    node_id sender{};
    double share = 0; ///< of the credit; all shares of a flip sum to 1
};

/// What decay took from the nodes of one type, and how fast it works there.
struct type_decay {
    node_type type{};
    double decayed = 0;
    double flushed = 0;
    double half_life = 0; ///< s; infinity: never
};

} // namespace runnel::event
