// SPDX-License-Identifier: MIT
// room: engine. What a node's kind and connections make of it: how much it holds on to, how slowly it fades.
//
// Why:  both follow from what the graph says of a node, not from its energy, so that they can be asked in any order.
// Laws: stickiness lies in [.1, 1], resistance is above 0 and at most its type's limit.
// Cost: an exponential each.
#pragma once

#include <runnel/core/math.hpp>
#include <runnel/engine/mechanisms.hpp>
#include <runnel/graph/concepts.hpp>

namespace runnel::detail {

[[nodiscard]] inline double connectedness(double degree) noexcept {
    return math::tanh(degree / 20);
}

template <class Rows>
[[nodiscard]] double stickiness_of(
    Rows const& rows, node_id node, stickiness_config const& c) noexcept {
    double s = c.of_type[rows.type(node)];
    if constexpr (requires { rows.consolidated(node); })
        if (rows.consolidated(node)) s += c.consolidated;
    s += math::product(c.degree, connectedness(rows.degree(node)));
    return math::clip(s, .1, 1);
}

template <class Rows>
[[nodiscard]] double resistance_of(
    Rows const& rows, node_id node, resistance_config const& c) noexcept {
    double groups = 1;
    if constexpr (requires { rows.groups(node); }) groups = static_cast<double>(rows.groups(node));
    node_type const type = rows.type(node);
    double const by_degree = 1 + math::product(c.degree, connectedness(rows.degree(node)));
    double const by_groups = 1 + math::product(c.groups, math::clip((groups - 1) / 5, 0, 1));
    double const r = math::product(math::product(by_degree, by_groups), c.of_type[type]);
    return r < c.most[type] ? r : c.most[type];
}

} // namespace runnel::detail
