// SPDX-License-Identifier: MIT
// room: graph. What a builder is told of nodes, and checking what it was told of links.
//
// Why:  the bodies are templates: a file that does not build graphs does not pay for compiling them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <utility>

#include <runnel/core/array.hpp>
#include <runnel/core/energy.hpp>
#include <runnel/graph/builder.hpp>

namespace runnel {

template <class> graph::builder& graph::builder::scope(node_id node, scope_id scope) {
    if (!known(node, scope_calls_++)) return *this;
    if (scopes_.size() <= runnel::index(node)) scopes_.resize(types_.size());
    scopes_[runnel::index(node)] = scope;
    return *this;
}

template <class> graph::builder& graph::builder::threshold(node_id node, double units) {
    if (!known(node, threshold_calls_++)) return *this;
    if (!math::finite(units) || units < 0 || units > energy::limit) {
        refuse(fault{faults::bad_threshold, units, runnel::index(node)});
        return *this;
    }
    if (thresholds_.size() <= runnel::index(node)) thresholds_.resize(types_.size(), -1);
    thresholds_[runnel::index(node)] = units;
    return *this;
}

template <class> graph::builder& graph::builder::consolidated(node_id node) {
    if (!known(node, consolidated_calls_++)) return *this;
    std::size_t const word = runnel::index(node) / 64;
    if (consolidated_.size() <= word) consolidated_.resize(word + 1);
    consolidated_[word] |= std::uint64_t{1} << (runnel::index(node) % 64);
    return *this;
}

template <class> graph::builder& graph::builder::log_mass(node_id node, log_weight mass) {
    if (!known(node, log_mass_calls_++)) return *this;
    if (log_masses_.size() <= runnel::index(node)) log_masses_.resize(types_.size());
    log_masses_[runnel::index(node)] = mass;
    return *this;
}

template <class> graph::builder& graph::builder::log_mass(node_id node, double log) {
    auto const mass = log_weight::from_log(log);
    if (mass) return log_mass(node, *mass);
    if (known(node, log_mass_calls_++)) refuse(fault_at(mass.error(), runnel::index(node)));
    return *this;
}

template <class> graph::builder& graph::builder::groups(node_id node, std::uint16_t count) {
    if (!known(node, groups_calls_++)) return *this;
    if (groups_.size() <= runnel::index(node)) groups_.resize(types_.size(), 1);
    groups_[runnel::index(node)] = count;
    return *this;
}

template <class>
graph::builder& graph::builder::set_row(
    float_column& column, std::uint64_t call, node_id node, std::span<float const> row) {
    if (!known(node, call)) return *this;
    std::size_t const expected = column.dimension() != 0 ? column.dimension() : row.size();
    if (row.size() != expected || row.empty()) {
        auto const lengths = detail::short_text::joined(expected, ", ", row.size());
        refuse(fault{faults::dimension_mismatch, lengths.view(), runnel::index(node)});
        return *this;
    }
    for (float x : row)
        if (!math::finite(double{x})) {
            refuse(fault{faults::bad_vector, x, runnel::index(node)});
            return *this;
        }
    column.set(node, row);
    return *this;
}

template <std::size_t Presets>
std::uint16_t graph::builder::declare(
    name_column& names, std::string_view name, std::uint32_t& count,
    std::string_view const (&presets)[Presets]) {
    bool taken = names.find(name) != no_node;
    for (std::string_view preset : presets) taken |= preset == name;
    if (name.empty())
        refuse(fault{faults::empty_name, name, count});
    else if (taken)
        refuse(fault{faults::duplicate_type, name, count});
    else if (count == user_types)
        refuse(fault{faults::too_many_types, name, count});
    else
        names.add(node_id{count++}, name);
    return static_cast<std::uint16_t>(Presets + (count == 0 ? 0 : count - 1));
}

/// The first so many links: only now is it known which nodes there are and what becomes of zeros.
template <class> status graph::builder::check_links(std::uint64_t count) const {
    auto const ends = [&](node_id from, node_id to, std::uint64_t number) -> status {
        for (node_id end : {from, to})
            if (runnel::index(end) >= types_.size())
                return fault{faults::unknown_node, runnel::index(end), number};
        return {};
    };
    std::uint64_t number = 0;
    zero_link const* zero = zeros_.begin();
    auto const zeros_up_to_here = [&]() -> status {
        for (; zero != zeros_.end() && zero->number == number && number < count; ++zero, ++number) {
            if (!drop_zero_) return fault{faults::weight_not_positive, 0, number};
            if (auto const ok = ends(zero->from, zero->to, number); !ok) return ok;
        }
        return {};
    };
    for (detail::pending_links::block const& block : pending_)
        for (std::size_t i = 0; i < block.size; ++i, ++number) {
            if (auto const ok = zeros_up_to_here(); !ok) return ok;
            if (number == count) return {};
            if (auto const ok = ends(block.links[i].from, block.links[i].to, number); !ok)
                return ok;
        }
    return zeros_up_to_here();
}

template <class Void> result<graph::built> graph::builder::build() && {
    if (auto const links = check_links(fault_seen_ ? links_before_fault_ : links_given()); !links)
        return links.error();
    if (fault_seen_) return fault_;
    if (pending_.size() > max_links)
        return fault{faults::too_many_links, pending_.size(), pending_.size()};
    built out{runnel::graph{}, store{}};
    layout<Void> rows{out};
    rows.spread(pending_, types_.size());
    if (auto const few = rows.count(types_.size()); !few) return few.error();
    refuse(fault{faults::builder_spent});
    out.graph.dropped_ = zeros_.size();
    pending_ = {}; // the input is given back before the rest of the result is taken
    zeros_ = {};
    give_columns(out.graph);
    rows.finish();
    return out;
}

/// What was said of nodes becomes the graph's.
template <class> void graph::builder::give_columns(runnel::graph& g) {
    g.types_ = std::move(types_);
    g.types_.shrink_to_fit();
    if (!scopes_.empty()) scopes_.resize(g.types_.size());
    if (!thresholds_.empty()) thresholds_.resize(g.types_.size(), -1);
    if (!consolidated_.empty()) consolidated_.resize((g.types_.size() + 63) / 64);
    if (!log_masses_.empty()) log_masses_.resize(g.types_.size());
    if (!groups_.empty()) groups_.resize(g.types_.size(), 1);
    g.scopes_ = std::move(scopes_);
    g.thresholds_ = std::move(thresholds_);
    for (std::size_t n = 0; n < g.types_.size(); ++n) {
        double const own = g.thresholds_.empty() ? -1 : g.thresholds_[n];
        if (own < 0)
            g.without_own_threshold_.add(per_type<int>::slot(g.types_[n]));
        else if (own < g.lowest_own_threshold_)
            g.lowest_own_threshold_ = own;
    }
    consolidated_.shrink_to_fit();
    log_masses_.shrink_to_fit();
    groups_.shrink_to_fit();
    g.consolidated_ = std::move(consolidated_);
    g.log_masses_ = std::move(log_masses_);
    g.groups_ = std::move(groups_);
    for (std::uint32_t n = 0; n < g.log_masses_.size(); ++n)
        g.masses_.add(g.cohort_of(node_id{n}), g.log_masses_[n]);
    g.names_ = std::move(names_);
    g.type_names_ = std::move(type_names_);
    g.link_type_names_ = std::move(link_type_names_);
    embeddings_.pad(g.types_.size());
    affects_.pad(g.types_.size());
    g.embeddings_ = std::move(embeddings_);
    g.affects_ = std::move(affects_);
}

} // namespace runnel
