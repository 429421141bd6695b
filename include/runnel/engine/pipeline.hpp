// SPDX-License-Identifier: MIT
// room: engine. The policies of an engine, one per slot.
//
// Why:  numbers are config, behaviour is a type; a stateless policy takes no space and no time.
// Laws: `pipeline{}` holds the plainest policy in each slot. A named sink is held by reference and must
//       outlive the engine; a temporary one is moved in.
#pragma once

#include <concepts>
#include <type_traits>
#include <utility>

#include <runnel/core/ids.hpp>
#include <runnel/cost/model.hpp>
#include <runnel/event/sink.hpp>
#include <runnel/weight/flow.hpp>

namespace runnel {

/// Nobody measures how far a node is from where a thought began.
struct unmeasured {};

/// `double operator()(node_id) const`: radians in [0, pi], such as a look into a `divergence_table`.
template <class Policy>
concept measures_divergence = requires(Policy const& policy, node_id node) {
    { policy(node) } -> std::convertible_to<double>;
};

template <
    class Cost = cost::by_weight, class Sink = event::none, class Learner = weight::untaught,
    class Divergence = unmeasured>
struct pipeline {
    [[no_unique_address]] Cost cost{};
    [[no_unique_address]] Sink sink{};
    [[no_unique_address]] Learner learner{};
    [[no_unique_address]] Divergence divergence{};

    /// `double(candidate const&)`: lower is better.
    template <class Model> [[nodiscard]] constexpr auto with_cost(Model model) const {
        return pipeline<Model, Sink, Learner, Divergence>{
            std::move(model), sink, learner, divergence};
    }
    /// Anything callable with at least one event.
    template <class Listener> [[nodiscard]] constexpr auto with_sink(Listener&& listener) const {
        using bare = std::remove_reference_t<Listener>;
        if constexpr (std::is_same_v<std::remove_const_t<bare>, event::none>)
            return with_held_sink(event::none{}); // nothing to refer to
        else if constexpr (std::is_lvalue_reference_v<Listener>)
            return with_held_sink(event::reference<bare>{listener});
        else
            return with_held_sink(std::forward<Listener>(listener));
    }
    /// `weight::lesson(weight::flow const&)`: what a stride teaches its link, such as `learn::strengthen{}`.
    template <class Policy> [[nodiscard]] constexpr auto with_learning(Policy policy) const {
        return pipeline<Cost, Sink, Policy, Divergence>{cost, sink, std::move(policy), divergence};
    }
    /// `double(node_id)`: how far a node is from where the thought began; what `by_divergence` in the config reads.
    template <class Policy> [[nodiscard]] constexpr auto with_divergence(Policy policy) const {
        return pipeline<Cost, Sink, Learner, Policy>{cost, sink, learner, std::move(policy)};
    }

private:
    template <class Held> [[nodiscard]] constexpr auto with_held_sink(Held held) const {
        return pipeline<Cost, Held, Learner, Divergence>{
            cost, std::move(held), learner, divergence};
    }
};
pipeline()->pipeline<>;

} // namespace runnel
