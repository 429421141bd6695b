// SPDX-License-Identifier: MIT
// room: engine. The policies of an engine, one per slot.
//
// Why:  numbers are config, behaviour is a type; a stateless policy takes no space and no time.
// Laws: `pipeline{}` holds the plainest policy in each slot. A named sink is held by reference and must
//       outlive the engine; a temporary one is moved in.
#pragma once

#include <type_traits>
#include <utility>

#include <runnel/cost/model.hpp>
#include <runnel/event/sink.hpp>
#include <runnel/weight/flow.hpp>

namespace runnel {

template <class Cost = cost::by_weight, class Sink = event::none, class Learner = weight::untaught>
struct pipeline {
    [[no_unique_address]] Cost cost{};
    [[no_unique_address]] Sink sink{};
    [[no_unique_address]] Learner learner{};

    /// `double(candidate const&)`: lower is better.
    template <class Model> [[nodiscard]] constexpr auto with_cost(Model model) const {
        return pipeline<Model, Sink, Learner>{std::move(model), sink, learner};
    }
    /// `weight::lesson(weight::flow const&)`: what a stride teaches its link, such as `learn::strengthen{}`.
    template <class Policy> [[nodiscard]] constexpr auto with_learning(Policy policy) const {
        return pipeline<Cost, Sink, Policy>{cost, sink, std::move(policy)};
    }
    /// Anything callable with at least one event.
    template <class Listener> [[nodiscard]] constexpr auto with_sink(Listener&& listener) const {
        using bare = std::remove_reference_t<Listener>;
        if constexpr (std::is_same_v<std::remove_const_t<bare>, event::none>)
            return pipeline<Cost, event::none, Learner>{cost, {}, learner}; // nothing to refer to
        else if constexpr (std::is_lvalue_reference_v<Listener>)
            return pipeline<Cost, event::reference<bare>, Learner>{
                cost, event::reference<bare>{listener}, learner};
        else
            return pipeline<Cost, bare, Learner>{cost, std::forward<Listener>(listener), learner};
    }
};
pipeline()->pipeline<>;

} // namespace runnel
