// SPDX-License-Identifier: MIT
// room: engine. `make_engine`: checks everything once and says in a sentence what does not fit.
//
// Why:  a policy of the wrong shape, or a graph that would be gone, is the program's fault: it does not
//       compile, and the first line of the error is a sentence with the cure.
// Laws: of engines, one made with a non-const store is its only writer while it lives (whoever owns the store may
//       still write between frames); engines on a const store are unlimited, and leave what they learn with the field.
//       Graph and store must outlive the engine.
#pragma once

#include <concepts>
#include <type_traits>
#include <utility>

#include <runnel/engine/engine.hpp>
#include <runnel/graph/adapters.hpp>
#include <runnel/graph/topology.hpp>

namespace runnel {

struct preset;

namespace faults {
inline constexpr fault_kind foreign_store{
    "engine.foreign_store", "this store holds the weights of another graph"};
} // namespace faults

namespace faults {
inline constexpr fault_kind foreign_context{
    "engine.foreign_context", "the cost looks at another graph than the engine"};
inline constexpr fault_kind no_bound{
    "engine.no_bound", "a certified look at a row needs a cost model with at_least(source, lw); "
                       "see runnel/cost/model.hpp"};
inline constexpr fault_kind no_masses{
    "engine.no_masses",
    "a reader of targets needs to know what nodes weigh: give the graph log-masses"};
inline constexpr fault_kind no_divergence{
    "engine.no_divergence", "by_divergence needs to know how far a node is from where a thought "
                            "began: pipeline{}.with_divergence(...)"};
} // namespace faults

namespace detail {
struct engine_factory {
    template <class Rows, class Pipeline>
    static result<engine<Rows, Pipeline>> make(
        Rows rows, config const& settings, Pipeline policies, lease_board board, lease_claim claim,
        graph::store* writes) {
        if (auto const ok = settings.validate(); !ok) return ok.error();
        if constexpr (requires { policies.cost.validate(); })
            if (auto const ok = policies.cost.validate(); !ok) return ok.error();
        if constexpr (requires { policies.cost.topology(); })
            if (policies.cost.topology().node_count() != rows.node_count()
                || (std::is_same_v<
                        Rows, graph_rows> && &policies.cost.topology() != rows.identity()))
                return fault{faults::foreign_context};
        if constexpr (!cost::bounded<std::remove_cvref_t<decltype(Pipeline::cost)>>)
            if (settings.fanout.reduction == fanout::reduction::certified)
                return fault{faults::no_bound};
        if (weight::compares_targets(settings.reader.source)) {
            bool known = false;
            if constexpr (has_masses<Rows>) known = rows.masses().all().count > 0;
            if (!known) return fault{faults::no_masses};
        }
        if constexpr (!measures_divergence<std::remove_cvref_t<decltype(Pipeline::divergence)>>)
            if (settings.by_divergence.enabled) return fault{faults::no_divergence};
        if constexpr (requires { policies.learner.validate(); })
            if (auto const ok = policies.learner.validate(); !ok) return ok.error();
        return engine<Rows, Pipeline>{
            rows, settings, std::move(policies), std::move(board), std::move(claim), writes};
    }
};

template <class Pipeline>
concept a_pipeline = requires(Pipeline const& p) {
    p.cost;
    p.sink;
    p.learner;
    p.divergence;
    p.workers;
};

template <class Pipeline> struct checked_pipeline {
    static_assert(
        a_pipeline<Pipeline>,
        "engine: policies come in a pipeline: runnel::pipeline{}.with_cost(...).with_sink(...)");
    static constexpr bool ok = false;
};
template <a_pipeline Pipeline> struct checked_pipeline<Pipeline> {
    static_assert(
        cost::model<std::remove_cvref_t<decltype(Pipeline::cost)>>,
        "cost: a cost model is callable as double(runnel::candidate const&) on a const object; "
        "a lambda [](runnel::candidate const& c) { return -c.lw.log(); } is enough");
    using sink_type = std::remove_cvref_t<decltype(Pipeline::sink)>;
    static_assert(
        event::sink<sink_type>,
        "event: this sink hears nothing; make it callable with at least one event, such as "
        "[](runnel::event::frame_end const& e) {...}");
    static_assert(
        event::hears_all_as_const<sink_type>,
        "event: a temporary sink is called as const and would miss an event here; give the sink a "
        "name and pass that (a named sink is held by reference), or drop `mutable` from a lambda");
    using learner_type = std::remove_cvref_t<decltype(Pipeline::learner)>;
    using divergence_type = std::remove_cvref_t<decltype(Pipeline::divergence)>;
    static constexpr bool divergence_fits =
        std::is_same_v<divergence_type, unmeasured> || measures_divergence<divergence_type>;
    static_assert(
        divergence_fits,
        "engine: a divergence is callable as double(runnel::node_id) on a const object, such as a "
        "look into a divergence_table");
    static constexpr bool learner_fits =
        std::is_same_v<learner_type, weight::untaught> || weight::teaches<learner_type>;
    static_assert(
        learner_fits,
        "learn: a learning policy is callable as weight::lesson(weight::flow const&) on a const "
        "object; learn::strengthen{} is one");
    static constexpr bool ok =
        cost::model<std::remove_cvref_t<
            decltype(Pipeline::
                         cost)>> && event::sink<sink_type> && event::hears_all_as_const<sink_type> && learner_fits
        && divergence_fits;
};

template <class T>
concept a_store = std::is_same_v<std::remove_cvref_t<T>, graph::store>;
template <class T>
concept a_graph = std::is_same_v<std::remove_cvref_t<T>, graph>;

/// What is passed alone and is no graph of one's own, by mistake.
template <class Rows> struct checked_rows {
    static constexpr bool part = a_graph<Rows> || a_store<Rows>;
    static constexpr bool both = std::is_same_v<Rows, graph::built>;
    static_assert(
        !part, "engine: a graph and its store make an engine together: make_engine(graph, store)");
    static_assert(
        !both,
        "engine: pass the two parts of what was built: make_engine(built.graph, built.store)");
    static_assert(
        part || both || weighted_rows<Rows>,
        "graph: this type is not a graph the engine can read; it needs node_count, degree, "
        "links, type, stamp and ordered (runnel/graph/concepts.hpp shows an adapter)");
    static constexpr bool ok = !part && !both && weighted_rows<Rows>;
};
} // namespace detail

/// An engine over a graph and its store.
template <class Graph, detail::a_store Store, class Pipeline = pipeline<>>
[[nodiscard]] auto make_engine(
    Graph&& topology, Store&& weights, config const& settings = {}, Pipeline policies = {}) {
    using engine_type =
        engine<graph_rows, std::conditional_t<detail::a_pipeline<Pipeline>, Pipeline, pipeline<>>>;
    static_assert(
        std::is_lvalue_reference_v<Graph>,
        "engine: the graph must outlive the engine; give it a name and pass that");
    static_assert(
        std::is_lvalue_reference_v<Store>,
        "engine: the store must outlive the engine; give it a name and pass that");
    static_assert(
        std::is_same_v<std::remove_cvref_t<Graph>, graph>,
        "engine: a store belongs to a runnel::graph; a graph of your own that has its "
        "weights inside is passed alone: make_engine(rows, config)");
    if constexpr (
        std::is_lvalue_reference_v<
            Graph> && std::is_lvalue_reference_v<Store> && std::is_same_v<std::remove_cvref_t<Graph>, graph> && detail::checked_pipeline<Pipeline>::ok) {
        if (!weights.belongs_to(topology)) return result<engine_type>{fault{faults::foreign_store}};
        lease_claim claim;
        graph::store* writes = nullptr;
        if constexpr (!std::is_const_v<std::remove_reference_t<Store>>) {
            writes = &weights;
            claim = lease_claim{weights.board()};
            if (!claim.held()) return result<engine_type>{fault{faults::store_owned}};
        }
        return detail::engine_factory::make(
            graph_rows{topology, weights}, settings, std::move(policies), weights.board(),
            std::move(claim), writes);
    } else {
        return result<engine_type>{fault{}};
    }
}

/// The store before its graph: a mistake that is told.
template <detail::a_store Store, detail::a_graph Graph, class Pipeline = pipeline<>>
auto make_engine(
    Store&&, Graph&&, config const& = {}, Pipeline = {}) { // NOLINT: nothing is forwarded
    static_assert(
        !detail::a_store<Store>, "engine: the graph comes first: make_engine(graph, store)");
    return result<engine<graph_rows, Pipeline>>{fault{}};
}

/// A preset, or policies, where settings belong: mistakes that are told.
template <
    class Graph, detail::a_store Store, std::same_as<preset> Preset, class Pipeline = pipeline<>>
auto make_engine(Graph&&, Store&&, Preset const&, Pipeline = {}) { // NOLINT: nothing is forwarded
    static_assert(
        !detail::a_store<Store>,
        "engine: a preset has settings of two rooms: pass preset.engine here, and preset.cost to "
        "the cost model");
    return result<engine<graph_rows, pipeline<>>>{fault{}};
}
template <class Graph, detail::a_store Store, detail::a_pipeline Pipeline>
auto make_engine(Graph&&, Store&&, Pipeline) { // NOLINT: nothing is forwarded
    static_assert(
        !detail::a_store<Store>,
        "engine: settings come before policies: make_engine(graph, store, {}, pipeline)");
    return result<engine<graph_rows, pipeline<>>>{fault{}};
}

/// An engine over a graph of one's own: anything that models `weighted_rows`.
template <class Rows, class Pipeline = pipeline<>>
[[nodiscard]] auto make_engine(Rows&& rows, config const& settings = {}, Pipeline policies = {}) {
    using rows_type = std::remove_cvref_t<Rows>;
    static_assert(
        std::is_lvalue_reference_v<Rows>,
        "engine: the graph must outlive the engine; give it a name and pass that");
    if constexpr (!detail::checked_rows<rows_type>::ok) {
        return result<engine<graph_rows, Pipeline>>{fault{}}; // so that no second error follows
    } else if constexpr (
        std::is_lvalue_reference_v<Rows> && detail::checked_pipeline<Pipeline>::ok) {
        static_assert(
            !weight::teaches<decltype(Pipeline::learner)> || names_links<rows_type>,
            "learn: lessons name the links they are for; give the graph link(source, place)");
        return detail::engine_factory::make(
            rows_reference<rows_type>{rows}, settings, std::move(policies), lease_board{nullptr},
            lease_claim{}, nullptr);
    } else {
        return result<int>{fault{}};
    }
}

} // namespace runnel
