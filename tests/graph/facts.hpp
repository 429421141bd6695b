// SPDX-License-Identifier: MIT
// Everything a graph and its store answer, as plain values that can be compared and told apart.
#pragma once

#include <cstdint>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include <runnel/graph.hpp>

namespace graph_test {

struct row_fact {
    std::uint32_t target = ~0U;
    std::int32_t lw = 0;
    std::uint16_t type = 0;
    std::uint32_t place = 0;
    std::uint32_t link = 0;
    friend bool operator==(row_fact const&, row_fact const&) = default;
};

struct node_fact {
    std::vector<row_fact> row;   ///< in the row's order
    std::vector<row_fact> loops; ///< behind the row
    std::uint32_t degree = 0;
    bool ordered = true;
    row_fact best{}; ///< as made here: no target
    bool ties = false;
    std::vector<row_fact> tied;
    std::uint64_t stamp = 0;
    std::uint32_t first_link = 0;
    std::vector<std::uint32_t> targets;                            ///< canonical
    std::vector<std::pair<std::uint32_t, std::uint16_t>> segments; ///< (end, type)
    friend bool operator==(node_fact const&, node_fact const&) = default;
};

struct link_fact {
    std::uint32_t from = 0;
    std::uint32_t to = 0;
    std::uint16_t type = 0;
    std::int32_t lw = 0;
    std::uint32_t place = 0;
    friend bool operator==(link_fact const&, link_fact const&) = default;
};

struct facts {
    std::vector<node_fact> nodes;
    std::vector<link_fact> links;
    friend bool operator==(facts const&, facts const&) = default;
};

template <class Id> std::uint32_t number(Id id) { return static_cast<std::uint32_t>(id); }
inline runnel::node_id node_at(std::uint32_t n) { return runnel::node_id{n}; }

inline row_fact fact_of(
    runnel::graph::store const& s, runnel::node_id source, runnel::out_link const& l) {
    return {
        number(l.target), l.lw.raw(), static_cast<std::uint16_t>(l.type), number(l.place),
        number(s.link(source, l.place))};
}

inline node_fact observe(
    runnel::graph const& g, runnel::graph::store const& s, runnel::node_id node) {
    node_fact seen;
    for (runnel::out_link const l : s.links(node)) seen.row.push_back(fact_of(s, node, l));
    seen.degree = s.degree(node);
    seen.ordered = s.ordered(node);
    seen.stamp = static_cast<std::uint64_t>(s.stamp(node));
    seen.first_link = number(g.first_link(node));
    for (runnel::node_id const target : g.targets(node)) seen.targets.push_back(number(target));
    for (auto const& segment : g.segments(node))
        seen.segments.emplace_back(segment.end, static_cast<std::uint16_t>(segment.type));
    for (std::uint32_t i = seen.degree; i < seen.targets.size(); ++i) {
        runnel::row_place const place{seen.first_link + i};
        runnel::link_id const link = s.link(node, place);
        seen.loops.push_back(
            {number(g.target(link)), s.lw(node, link).raw(),
             static_cast<std::uint16_t>(g.type(link)), number(place), number(link)});
    }
    for (std::uint32_t i = 0; i < s.tied(node); ++i)
        seen.tied.push_back(fact_of(s, node, s.tied(node, i)));
    runnel::best_link const best = s.best(node);
    seen.ties = best.ties;
    if (best.target != runnel::no_node) {
        auto const type = static_cast<std::uint16_t>(g.type(s.link(node, best.place)));
        seen.best = {
            number(best.target), best.lw.raw(), type, number(best.place),
            number(s.link(node, best.place))};
    }
    return seen;
}

inline facts observe(runnel::graph const& g, runnel::graph::store const& s) {
    facts all;
    for (std::uint32_t n = 0; n < g.node_count(); ++n)
        all.nodes.push_back(observe(g, s, node_at(n)));
    for (std::uint32_t i = 0; i < g.link_count(); ++i) {
        runnel::link_id const link{i};
        runnel::node_id const from = g.source(link);
        all.links.push_back(
            {number(from), number(g.target(link)), static_cast<std::uint16_t>(g.type(link)),
             s.lw(from, link).raw(), number(s.place(from, link))});
    }
    return all;
}
inline facts observe(runnel::graph::built const& b) { return observe(b.graph, b.store); }

namespace detail {
inline void put(std::ostream& out, row_fact const& l) {
    out << l.target << ':' << l.lw << " type " << l.type << " place " << l.place << " link "
        << l.link << "; ";
}
inline void put(std::ostream& out, std::vector<row_fact> const& row) {
    out << '[';
    for (row_fact const& l : row) put(out, l);
    out << ']';
}
inline std::string text(node_fact const& n) {
    std::ostringstream out;
    out << "row ";
    put(out, n.row);
    out << " loops ";
    put(out, n.loops);
    out << " tied ";
    put(out, n.tied);
    out << " best ";
    put(out, n.best);
    out << "ties " << n.ties << " degree " << n.degree << " ordered " << n.ordered << " stamp "
        << n.stamp << " first " << n.first_link << " segments";
    for (auto const& [end, type] : n.segments) out << ' ' << type << "->" << end;
    return out.str();
}
inline std::string text(link_fact const& l) {
    std::ostringstream out;
    out << l.from << "->" << l.to << " type " << l.type << " lw " << l.lw << " place " << l.place;
    return out.str();
}
template <class Fact>
std::string difference(
    char const* what, std::vector<Fact> const& seen, std::vector<Fact> const& expected) {
    std::ostringstream out;
    if (seen.size() != expected.size())
        out << seen.size() << ' ' << what << "s, expected " << expected.size();
    for (std::size_t i = 0; i < seen.size() && out.str().empty(); ++i)
        if (!(seen[i] == expected[i]))
            out << what << ' ' << i << "\n  is        " << text(seen[i]) << "\n  should be "
                << text(expected[i]);
    return out.str();
}
} // namespace detail

/// Empty if equal, otherwise the first difference in words.
inline std::string difference(facts const& seen, facts const& expected) {
    auto const nodes = detail::difference("node", seen.nodes, expected.nodes);
    return nodes.empty() ? detail::difference("link", seen.links, expected.links) : nodes;
}

} // namespace graph_test
