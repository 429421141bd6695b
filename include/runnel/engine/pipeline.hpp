// SPDX-License-Identifier: MIT
// room: engine. The policies of an engine, one per slot.
//
// Why:  numbers are config, behaviour is a type; a stateless policy takes no space and no time.
// Laws: `pipeline{}` holds the plainest policy in each slot. A named sink is held by reference and must
//       outlive the engine; a temporary one is moved in.
#pragma once

#include <concepts>
#include <cstddef>
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

/// The caller's thread does all of a frame.
struct alone {};

/// Threads to share a frame: `run` calls its argument once with each number below `lanes()`, in whatever order and at the
/// same time as it likes, and returns when all have returned. With fewer than two lanes the caller works alone.
template <class Pool>
concept shares_work = requires(Pool& pool) {
    { pool.lanes() } -> std::convertible_to<std::size_t>;
    pool.run([](std::size_t) noexcept {});
};
/// A pool that others own and that outlives the engine.
template <class Pool> struct crew { Pool* pool; };

template <
    class Cost = cost::by_weight, class Sink = event::none, class Learner = weight::untaught,
    class Divergence = unmeasured, class Workers = alone>
struct pipeline {
    [[no_unique_address]] Cost cost{};
    [[no_unique_address]] Sink sink{};
    [[no_unique_address]] Learner learner{};
    [[no_unique_address]] Divergence divergence{};
    [[no_unique_address]] Workers workers{};

    /// `double(candidate const&)`: lower is better.
    template <class Model> [[nodiscard]] constexpr auto with_cost(Model model) const {
        return pipeline<Model, Sink, Learner, Divergence, Workers>{
            std::move(model), sink, learner, divergence, workers};
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
        return pipeline<Cost, Sink, Policy, Divergence, Workers>{
            cost, sink, std::move(policy), divergence, workers};
    }
    /// `double(node_id)`: how far a node is from where the thought began; what `by_divergence` in the config reads.
    template <class Policy> [[nodiscard]] constexpr auto with_divergence(Policy policy) const {
        return pipeline<Cost, Sink, Learner, Policy, Workers>{
            cost, sink, learner, std::move(policy), workers};
    }
    /// Large frames (`config.workers_from`) are shared among the threads of a pool, such as a `host::thread_pool`; same
    /// bits, whatever their number. A cost, a divergence and a graph of one's own are then asked by several at a time;
    /// sinks and learners never are. The pool must outlive the engine; a `run` that throws ends the program.
    template <class Pool> [[nodiscard]] constexpr auto with_workers(Pool& pool) const {
        static_assert(
            shares_work<Pool>, "engine: workers come in a pool with lanes() and run(f) that is not "
                               "const, such as a runnel::host::thread_pool");
        return pipeline<Cost, Sink, Learner, Divergence, crew<Pool>>{
            cost, sink, learner, divergence, {&pool}};
    }
    template <class Pool> constexpr auto with_workers(Pool const&&) const {
        static_assert(
            std::is_void_v<Pool>,
            "engine: the pool must outlive the engine; give it a name and pass that, such as "
            "runnel::host::thread_pool pool{4}");
        return *this;
    }

private:
    template <class Held> [[nodiscard]] constexpr auto with_held_sink(Held held) const {
        return pipeline<Cost, Held, Learner, Divergence, Workers>{
            cost, std::move(held), learner, divergence, workers};
    }
};
pipeline()->pipeline<>;

} // namespace runnel
