// SPDX-License-Identifier: MIT
// room: cost. What a cost model is, and the plainest one.
//
// Why:  one call operator, so that a lambda is a model; a tag says "cheapest = heaviest", which lets
//       the engine read a row's head instead of the row.
// Laws: lower is better; a cost is a finite number, or plus infinity for "never along this link". NaN
//       and minus infinity end the frame with a fault before anything moved. A model tagged `weight_monotone` orders links as -lw does.
#pragma once

#include <concepts>
#include <type_traits>

#include <runnel/core/result.hpp>
#include <runnel/event/records.hpp>
#include <runnel/graph/concepts.hpp>

namespace runnel::faults {
/// The offender is the link, "a -> b", by names or ids; the position is the source's index.
inline constexpr fault_kind cost_not_finite{
    "cost.not_finite", "a cost model returned something that is not a number, or minus infinity"};
} // namespace runnel::faults

namespace runnel::cost {

/// `double operator()(candidate const&) const`.
template <class Model>
concept model = requires(Model const& m, candidate const& c) {
    { m(c) } -> std::convertible_to<double>;
};

template <class Model>
concept weight_monotone = model<Model> && requires {
    typename Model::weight_monotone;
};

/// A model that says what its cost is made of; strides then carry it.
template <class Model>
concept tells = model<Model> && requires(Model const& m, candidate const& c) {
    { m.breakdown(c) } -> std::same_as<event::cost_breakdown>;
};

/// A model that knows how cheap a light link can be at best: `at_least(source, lw)` is below or equal to the cost of any
/// link of the source that weighs lw, and does not fall as lw falls. What lets a certified look at a row end early.
template <class Model>
concept bounded = model<Model> && requires(Model const& m, node_id source, log_weight lw) {
    { m.at_least(source, lw) } -> std::convertible_to<double>;
};

/// A model that can say whether it looks at `candidate::familiarity`, which the engine then fills; it is 0 for any other.
template <class Model>
concept asks_familiarity = model<Model> && requires(Model const& m) {
    { m.asks_familiarity() } -> std::convertible_to<bool>;
};

/// The heaviest link is the cheapest: cost = -lw.
struct by_weight {
    using weight_monotone = void;
    [[nodiscard]] constexpr double at_least(node_id, log_weight lw) const noexcept {
        return -lw.log();
    }
    [[nodiscard]] constexpr double operator()(candidate const& c) const noexcept {
        return -c.lw.log();
    }
    [[nodiscard]] constexpr event::cost_breakdown breakdown(candidate const& c) const noexcept {
        event::cost_breakdown b;
        b.total = b.base = -c.lw.log();
        if (b.base != 0)
            b.why = b.base < 0 ? event::cost_reason::strong_link : event::cost_reason::weak_link;
        return b;
    }
};
static_assert(std::is_empty_v<by_weight> && weight_monotone<by_weight>);

} // namespace runnel::cost
