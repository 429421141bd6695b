// SPDX-License-Identifier: MIT
// room: graph. Checking what a builder was told and laying it out.
//
// Why:  a counting sort by source puts every link into its row once; each row is then ordered in a
//       scratch of its own length, so that nothing as large as the input is held twice. The bodies are
//       templates: a file that does not build graphs does not pay for compiling them.
// Laws: a row's canonical order is (target, type, weight falling); its weight order is (type, weight
//       falling, link id), self loops last.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <utility>

#include <runnel/core/array.hpp>
#include <runnel/core/energy.hpp>
#include <runnel/core/order.hpp>
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
template <class> status graph::builder::check_links(std::size_t count) const {
    for (std::size_t i = 0; i < count; ++i) {
        if (pending_[i].what == fate::zero && !drop_zero_)
            return fault{faults::weight_not_positive, 0, i};
        for (node_id end : {pending_[i].from, pending_[i].to})
            if (runnel::index(end) >= types_.size())
                return fault{faults::unknown_node, runnel::index(end), i};
    }
    return {};
}

template <class> result<graph::built> graph::builder::build() && {
    if (auto const links = check_links(fault_seen_ ? links_before_fault_ : pending_.size()); !links)
        return links.error();
    if (fault_seen_) return fault_;
    std::size_t kept = 0;
    for (pending_link const& link : pending_)
        if (link.what != fate::zero) pending_[kept++] = link;
    std::uint64_t const dropped = pending_.size() - kept;
    pending_.resize(kept, pending_link{});
    if (pending_.size() > max_links)
        return fault{faults::too_many_links, pending_.size(), pending_.size()};
    built out{runnel::graph{}, store{}};
    runnel::graph& g = out.graph;
    g.offsets_ = detail::array<std::uint32_t>(types_.size() + 1);
    for (pending_link const& link : pending_) ++g.offsets_[runnel::index(link.from) + 1];
    for (std::size_t n = 0; n < types_.size(); ++n) {
        if (g.offsets_[n + 1] > 0x7FFF'FFFFU)
            return fault{faults::too_many_links, g.offsets_[n + 1], n};
        g.offsets_[n + 1] += g.offsets_[n];
    }
    refuse(fault{faults::builder_spent});
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
    g.dropped_ = dropped;
    lay_out(out);
    return out;
}

template <class> void graph::builder::lay_out(built& out) {
    runnel::graph& g = out.graph;
    store& s = out.store;
    std::size_t const nodes = g.types_.size();
    bool typed = false;
    if (!pending_.empty()) g.only_link_type_ = pending_.front().type;
    for (pending_link const& link : pending_) typed |= link.type != g.only_link_type_;
    if (typed) g.only_link_type_ = link_type::relates; // it has no such type: not the first one's
    // The links move into their rows; the input is given back before the rest of the result is taken.
    detail::array<link_type> types(typed ? pending_.size() : 0);
    s.rows_.resize(pending_.size());
    detail::array<std::uint32_t> next;
    next.append(g.offsets_.data(), nodes);
    for (pending_link const& link : pending_) {
        std::uint32_t const place = next[runnel::index(link.from)]++;
        s.rows_[place] = {link.to, link.lw};
        if (typed) types[place] = link.type;
    }
    pending_ = {};
    next = {};

    g.targets_.resize(s.rows_.size());
    g.link_types_ = std::move(types);
    if (typed) g.segment_offsets_.reserve(nodes + 1);
    s.heads_.resize(nodes);
    std::uint32_t longest = 0;
    for (std::size_t n = 0; n < nodes; ++n)
        if (g.offsets_[n + 1] - g.offsets_[n] > longest)
            longest = g.offsets_[n + 1] - g.offsets_[n];
    detail::array<pending_link> row;
    row.reserve(longest);
    for (std::uint32_t n = 0; n < nodes; ++n) lay_out_row(out, node_id{n}, row);
    if (typed) g.segment_offsets_.push_back(static_cast<std::uint32_t>(g.segments_.size()));
    g.segments_.shrink_to_fit();

    s.offsets_ = g.offsets_.data();
    s.targets_ = g.targets_.data();
    s.link_types_ = typed ? g.link_types_.data() : nullptr;
    s.segment_offsets_ = typed ? g.segment_offsets_.data() : nullptr;
    s.segments_ = typed ? g.segments_.data() : nullptr;
    s.only_type_ = g.only_link_type_;
    s.types_ = g.types_.data();
    s.scopes_ = g.scopes_.empty() ? nullptr : g.scopes_.data();
    for (std::uint32_t n = 0; n < nodes; ++n)
        s.refresh_head(node_id{n}, s.heads_[n].degree_and_tie);
    for (std::uint32_t n = 0; n < nodes; ++n)
        s.each_stretch(node_id{n}, [&](std::uint32_t first, std::uint32_t last, link_type type) {
            for (std::uint32_t p = first; p < last; ++p)
                s.cohorts_.add(s.cohort_of(node_id{n}, type), s.rows_[p].lw);
        });
}

template <class>
void graph::builder::lay_out_row(built& out, node_id node, detail::array<pending_link>& row) {
    runnel::graph& g = out.graph;
    store& s = out.store;
    bool const typed = !g.link_types_.empty();
    std::uint32_t const begin = g.offsets_[runnel::index(node)];
    std::uint32_t const end = g.offsets_[runnel::index(node) + 1];
    row.clear();
    for (std::uint32_t p = begin; p < end; ++p)
        row.push_back(
            {node, s.rows_[p].target, s.rows_[p].lw, typed ? g.link_types_[p] : g.only_link_type_,
             fate::kept});
    detail::sort(row.begin(), row.end(), [](pending_link const& a, pending_link const& b) {
        if (a.to != b.to) return a.to < b.to;
        return a.type != b.type ? a.type < b.type : b.lw < a.lw;
    });
    std::uint32_t id = begin;
    for (pending_link& link : row) {
        g.targets_[id] = link.to;
        if (typed) g.link_types_[id] = link.type;
        link.from = node_id{id++}; // the source is known: from here on the link's own number
    }
    detail::sort(row.begin(), row.end(), [&](pending_link const& a, pending_link const& b) {
        bool const a_loops = a.to == node; // self loops stand last, in canonical order
        bool const b_loops = b.to == node;
        if (a_loops || b_loops) return a_loops == b_loops ? a.from < b.from : b_loops;
        if (a.type != b.type) return a.type < b.type;
        return a.lw != b.lw ? b.lw < a.lw : a.from < b.from;
    });
    std::uint32_t degree = 0;
    if (typed) g.segment_offsets_.push_back(static_cast<std::uint32_t>(g.segments_.size()));
    for (std::uint32_t i = 0; i < row.size(); ++i) {
        s.rows_[begin + i] = {row[i].to, row[i].lw};
        if (row[i].to == node) continue;
        ++degree;
        if (!typed) continue;
        if (i == 0 || row[i].type != row[i - 1].type)
            g.segments_.push_back({begin + i, row[i].type});
        g.segments_.back().end = begin + i + 1;
    }
    s.heads_[runnel::index(node)].degree_and_tie = degree;
}

} // namespace runnel
