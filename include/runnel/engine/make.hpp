// SPDX-License-Identifier: MIT
// room: engine. `make_engine`: checks everything once and says in a sentence what does not fit.
//
// Why:  a policy of the wrong shape, or a graph that would be gone, is the program's fault: it does not
//       compile, and the first line of the error is a sentence with the cure.
// Laws: an engine made with a non-const store is its only writer while it lives; engines on a const
//       store are unlimited. Graph and store must outlive the engine.
#pragma once

#include <type_traits>
#include <utility>

#include <runnel/engine/engine.hpp>
#include <runnel/graph/adapters.hpp>
#include <runnel/graph/topology.hpp>

namespace runnel {

namespace faults {
inline constexpr fault_kind foreign_store{
    "engine.foreign_store", "this store holds the weights of another graph"};
} // namespace faults

namespace detail {
struct engine_factory {
    template <class Rows, class Pipeline>
    static result<engine<Rows, Pipeline>> make(
        Rows rows, config const& settings, Pipeline policies, lease_board board,
        lease_claim claim) {
        if (auto const ok = settings.validate(); !ok) return ok.error();
        return engine<Rows, Pipeline>{
            rows, settings, std::move(policies), std::move(board), std::move(claim)};
    }
};

template <class Pipeline> struct checked_pipeline {
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
        "event: a temporary sink is called as const and would miss an event here; drop `mutable`, "
        "or "
        "give the sink a name and pass that: a named sink is held by reference");
    static constexpr bool ok =
        cost::model<std::remove_cvref_t<
            decltype(Pipeline::
                         cost)>> && event::sink<sink_type> && event::hears_all_as_const<sink_type>;
};

template <class T>
concept a_store = std::is_same_v<std::remove_cvref_t<T>, graph::store>;
} // namespace detail

/// An engine over a graph and its store.
template <class Graph, detail::a_store Store, class Pipeline = pipeline<>>
[[nodiscard]] auto make_engine(
    Graph&& topology, Store&& weights, config const& settings = {}, Pipeline policies = {}) {
    using engine_type = engine<graph_rows, Pipeline>;
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
        if constexpr (!std::is_const_v<std::remove_reference_t<Store>>) {
            claim = lease_claim{weights.board()};
            if (!claim.held()) return result<engine_type>{fault{faults::store_owned}};
        }
        return detail::engine_factory::make(
            graph_rows{topology, weights}, settings, std::move(policies), weights.board(),
            std::move(claim));
    } else {
        return result<engine_type>{fault{}};
    }
}

/// An engine over a graph of one's own: anything that models `weighted_rows`.
template <class Rows, class Pipeline = pipeline<>>
    requires(!std::is_same_v<std::remove_cvref_t<Rows>, graph>)
[[nodiscard]] auto make_engine(Rows&& rows, config const& settings = {}, Pipeline policies = {}) {
    using rows_type = std::remove_cvref_t<Rows>;
    static_assert(
        weighted_rows<rows_type>,
        "graph: this type is not a graph the engine can read; it needs node_count, degree, "
        "links, type, stamp and ordered (runnel/graph/concepts.hpp shows an adapter)");
    static_assert(
        std::is_lvalue_reference_v<Rows>,
        "engine: the graph must outlive the engine; give it a name and pass that");
    if constexpr (
        weighted_rows<
            rows_type> && std::is_lvalue_reference_v<Rows> && detail::checked_pipeline<Pipeline>::ok) {
        return detail::engine_factory::make(
            rows_reference<rows_type>{rows}, settings, std::move(policies), lease_board{nullptr},
            lease_claim{});
    } else {
        return result<int>{fault{}};
    }
}

} // namespace runnel
