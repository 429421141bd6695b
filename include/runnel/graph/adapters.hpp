// SPDX-License-Identifier: MIT
// room: graph. Graph and store together, or a graph of one's own, as the engine reads them.
//
// Why:  the engine asks one thing for rows and node columns; a fused adapter of one's own answers the
//       same questions.
// Laws: pointers; what they point to must outlive whoever holds them.
#pragma once

#include <cstdint>
#include <span>

#include <runnel/core/expects.hpp>
#include <runnel/graph/concepts.hpp>
#include <runnel/graph/store.hpp>
#include <runnel/graph/topology.hpp>

namespace runnel {

class graph_rows {
public:
    graph_rows(graph const& topology, graph::store const& weights) noexcept
        : graph_(&topology), store_(&weights) {}

    [[nodiscard]] std::uint32_t node_count() const noexcept { return graph_->node_count(); }
    [[nodiscard]] std::uint32_t degree(node_id node) const noexcept { return store_->degree(node); }
    [[nodiscard]] row_links links(node_id node) const noexcept { return store_->links(node); }
    [[nodiscard]] bool ordered(node_id node) const noexcept { return store_->ordered(node); }
    [[nodiscard]] node_type type(node_id node) const noexcept { return graph_->type(node); }
    [[nodiscard]] version stamp(node_id node) const noexcept { return store_->stamp(node); }

    [[nodiscard]] best_link best(node_id node) const noexcept { return store_->best(node); }
    [[gnu::always_inline]] void ask_best(node_id node) const noexcept { store_->ask_best(node); }
    [[nodiscard]] best_link written_best(node_id node) const noexcept {
        return store_->written_best(node);
    }
    [[nodiscard]] bool forgot() const noexcept { return store_->forgot(); }
    [[nodiscard]] runnel::whole_row whole_row(node_id node) const noexcept {
        return store_->whole_row(node);
    }
    [[gnu::always_inline]] void ask_row(node_id node) const noexcept { store_->ask_row(node); }
    [[nodiscard]] std::uint32_t tied(node_id node) const noexcept { return store_->tied(node); }
    [[nodiscard]] out_link tied(node_id node, std::uint32_t i) const noexcept {
        return store_->tied(node, i);
    }
    [[nodiscard]] cohort cohort_of(node_id source, link_type type) const noexcept {
        return store_->cohort_of(source, type);
    }
    [[nodiscard]] cohort_sums const& cohorts() const noexcept { return store_->cohorts(); }
    [[nodiscard]] version weights_stamp() const noexcept { return store_->stamp(); }
    [[nodiscard]] link_type type_at(node_id source, row_place place) const noexcept {
        return store_->type_at(source, place);
    }
    template <class F> void each_run(node_id node, run_scratch& scratch, F&& f) const {
        store_->each_run(node, scratch, static_cast<F&&>(f));
    }
    [[nodiscard]] double threshold(node_id node) const noexcept { return graph_->threshold(node); }
    [[nodiscard]] double lowest_threshold(per_type<double> const& of_types) const noexcept {
        return graph_->lowest_threshold(of_types);
    }
    [[nodiscard]] link_id link(node_id source, row_place place) const noexcept {
        return store_->link(source, place);
    }
    [[nodiscard]] bool consolidated(node_id node) const noexcept {
        return graph_->consolidated(node);
    }
    [[nodiscard]] std::uint16_t groups(node_id node) const noexcept { return graph_->groups(node); }
    [[nodiscard]] log_weight log_mass(node_id node) const noexcept {
        return graph_->log_mass(node);
    }
    [[nodiscard]] cohort_sums const& masses() const noexcept { return graph_->masses(); }
    [[nodiscard]] node_cohort cohort_of_target(node_id node) const noexcept {
        return graph_->cohort_of(node);
    }
    /// Empty for a graph without.
    template <class = void>
    [[nodiscard]] std::span<float const> affect(node_id node) const noexcept {
        return graph_->affects()[node];
    }
    /// Which graph this is: fields of one graph do not fit another.
    [[nodiscard]] void const* identity() const noexcept { return graph_; }
    [[nodiscard]] graph const& topology() const noexcept { return *graph_; }
    [[nodiscard]] graph::store const& weights() const noexcept { return *store_; }

private:
    graph const* graph_;
    graph::store const* store_;
};

/// A graph of one's own, as the engine holds it: by reference, with whatever it offers.
template <weighted_rows Rows> class rows_reference {
public:
    explicit rows_reference(Rows const& rows) noexcept : rows_(&rows) {}

    [[nodiscard]] std::uint32_t node_count() const { return rows_->node_count(); }
    [[nodiscard]] std::uint32_t degree(node_id node) const { return rows_->degree(node); }
    [[nodiscard]] decltype(auto) links(node_id node) const { return rows_->links(node); }
    [[nodiscard]] bool ordered(node_id node) const { return rows_->ordered(node); }
    [[nodiscard]] node_type type(node_id node) const { return rows_->type(node); }
    [[nodiscard]] version stamp(node_id node) const { return rows_->stamp(node); }
    [[nodiscard]] void const* identity() const noexcept { return rows_; }

    [[nodiscard]] best_link best(node_id node) const requires has_best<Rows> {
        best_link const head = rows_->best(node);
        RUNNEL_EXPECTS(
            head.target == no_node || (index(head.target) < node_count() && head.target != node),
            "graph: best() must name another node of the graph");
        return head;
    }
    [[nodiscard]] std::uint32_t tied(node_id node) const requires has_best<Rows> {
        return rows_->tied(node);
    }
    [[nodiscard]] out_link tied(node_id node, std::uint32_t i) const requires has_best<Rows> {
        return rows_->tied(node, i);
    }
    [[nodiscard]] cohort cohort_of(node_id source, link_type type) const requires
        has_cohorts<Rows> {
        return rows_->cohort_of(source, type);
    }
    [[nodiscard]] cohort_sums const& cohorts() const requires has_cohorts<Rows> {
        return rows_->cohorts();
    }
    [[nodiscard]] version weights_stamp() const requires has_cohorts<Rows> {
        return rows_->weights_stamp();
    }
    [[nodiscard]] link_type type_at(node_id source, row_place place) const requires
        has_cohorts<Rows> {
        return rows_->type_at(source, place);
    }
    template <class F>
    void each_run(node_id node, run_scratch& scratch, F&& f) const requires has_runs<Rows> {
        rows_->each_run(node, scratch, static_cast<F&&>(f));
    }
    [[nodiscard]] double threshold(node_id node) const requires has_thresholds<Rows> {
        return rows_->threshold(node);
    }
    [[nodiscard]] double lowest_threshold(per_type<double> const& of_types) const {
        if constexpr (requires { rows_->lowest_threshold(of_types); }) {
            return rows_->lowest_threshold(of_types);
        } else if constexpr (has_thresholds<Rows>) {
            return 0; // unknown: any energy may reach some node
        } else {
            double lowest = *of_types.begin();
            for (double const of_type : of_types)
                if (of_type < lowest) lowest = of_type;
            return lowest;
        }
    }
    [[nodiscard]] link_id link(node_id source, row_place place) const requires names_links<Rows> {
        return rows_->link(source, place);
    }
    [[nodiscard]] bool consolidated(node_id node) const requires has_consolidated<Rows> {
        return rows_->consolidated(node);
    }
    [[nodiscard]] std::uint16_t groups(node_id node) const requires has_groups<Rows> {
        return rows_->groups(node);
    }
    [[nodiscard]] log_weight log_mass(node_id node) const requires has_masses<Rows> {
        return rows_->log_mass(node);
    }
    [[nodiscard]] cohort_sums const& masses() const requires has_masses<Rows> {
        return rows_->masses();
    }
    [[nodiscard]] node_cohort cohort_of_target(node_id node) const requires has_masses<Rows> {
        return rows_->cohort_of_target(node);
    }
    [[nodiscard]] decltype(auto) affect(node_id node) const requires has_affect<Rows> {
        return rows_->affect(node);
    }

private:
    Rows const* rows_;
};

static_assert(
    weighted_rows<
        graph_rows> && has_best<graph_rows> && has_thresholds<graph_rows> && names_links<graph_rows>);
static_assert(has_consolidated<graph_rows> && has_groups<graph_rows> && has_masses<graph_rows>);

} // namespace runnel
