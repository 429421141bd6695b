// SPDX-License-Identifier: MIT
// Random graphs and random batches: small, so that ties, parallels and self loops are common.
#pragma once

#include <cstdint>
#include <limits>
#include <set>
#include <span>
#include <utility>
#include <vector>

#include <runnel/graph.hpp>

#include "graph/model.hpp"
#include "support/law.hpp"

namespace graph_test {

using raw_limits = std::numeric_limits<std::int32_t>;

/// Few figures, so that many weigh the same; the ends of the range; and any figure at all.
inline std::int32_t any_raw(law::gen& g) {
    switch (g.choose(5)) {
    case 0:
    case 1: return g.integer(0, 3) << 24;
    case 2: return g.integer(-2, 2);
    case 3: return g.one_of({0, raw_limits::max(), raw_limits::min()});
    default: return g.integer(raw_limits::min(), raw_limits::max());
    }
}

enum class types { one, several };

struct said_graph {
    std::uint32_t nodes = 0;
    std::vector<said_link> links;
};

inline said_graph any_graph(law::gen& g, std::size_t most_links, types kinds) {
    said_graph said;
    said.nodes = g.integer(1U, 6U, "nodes");
    // A preset, a declared and an undeclared type.
    std::uint16_t const only = g.one_of<std::uint16_t>({0, 4, 5, 900});
    said.links = g.list(most_links, [&] {
        said_link link;
        // Node 0 gets most of them: long rows beside short ones.
        link.from = g.flag() ? 0 : g.integer(0U, said.nodes - 1);
        link.to = g.integer(0U, said.nodes - 1);
        link.type = kinds == types::one ? only : g.one_of<std::uint16_t>({0, 1, 4, 5, 900});
        link.lw = any_raw(g);
        return link;
    });
    for (said_link const& link : said.links) {
        g.show("from", link.from);
        g.show("  to", link.to);
        g.show("  type", link.type);
        g.show("  lw", link.lw);
    }
    return said;
}

/// Node 0 has so many links that single writes cut its row, or stretches of it, into blocks. Drawn from one number: shrinking
/// a thousand links one by one would take for ever.
inline said_graph tall_graph(law::gen& g, types kinds) {
    said_graph said;
    said.nodes = g.one_of<std::uint32_t>({700, 40, 3000}, "nodes"); // 40: nearly all are parallels
    auto const most = g.choose(9) == 0 ? std::size_t{9000} : 1400U; // at times more than 64 blocks
    auto const links = g.integer(std::size_t{520}, most, "links");
    law::gen draws{g.integer(std::uint64_t{0}, ~std::uint64_t{0}, "seed of the graph")};
    auto const weights = g.integer(0, 2, "weights: equal, few, many");
    for (std::size_t i = 0; i < links; ++i) {
        said_link link;
        link.to = draws.integer(0U, said.nodes - 1); // itself, now and then
        if (draws.choose(50) == 0) link.to = 0;
        if (draws.choose(20) == 0) link.from = draws.integer(0U, 5U);
        // Most are of one type, whose stretch is tall; the second is at times.
        if (kinds == types::several) {
            auto const rare = draws.integer(0, 9);
            link.type = rare < 6 ? 4 : (rare < 9 ? 0 : 900);
        }
        link.lw = weights == 0   ? 1 << 24
                  : weights == 1 ? draws.integer(-3, 3) * (1 << 24)
                                 : draws.integer(-(1 << 27), 1 << 27);
        said.links.push_back(link);
    }
    return said;
}

inline runnel::graph::builder said_to_builder(said_graph const& said) {
    runnel::graph::builder b;
    b.nodes(said.nodes);
    for (said_link const& l : said.links)
        b.log_link(
            {node_at(l.from), node_at(l.to), runnel::log_weight::from_raw(l.lw),
             runnel::link_type{l.type}});
    return b;
}
inline runnel::graph::built built(said_graph const& said) {
    return said_to_builder(said).build().value();
}

inline std::int64_t any_delta(law::gen& g) {
    using limits = std::numeric_limits<std::int64_t>;
    switch (g.choose(4)) {
    case 0: return std::int64_t{g.integer(-2, 2)} << 24;
    case 1: return g.integer(-3, 3);
    case 2: return g.integer(std::int64_t{raw_limits::min()}, raw_limits::max());
    case 3: return g.integer(limits::min(), limits::max());
    default: return g.one_of({limits::max(), limits::min(), std::int64_t{1} << 33});
    }
}

inline runnel::weight_change any_change(law::gen& g, runnel::graph const& graph) {
    runnel::weight_change change;
    change.link = runnel::link_id{g.integer(0U, graph.link_count() - 1, "link")};
    change.source = graph.source(change.link);
    change.delta = any_delta(g);
    g.show("  delta", change.delta);
    if (g.flag()) {
        std::int32_t const a = any_raw(g);
        std::int32_t const b = any_raw(g);
        change.low = runnel::log_weight::from_raw(a < b ? a : b);
        change.high = runnel::log_weight::from_raw(a < b ? b : a);
        g.show("  low", change.low.raw());
        g.show("  high", change.high.raw());
    }
    return change;
}

/// Batches with unique (field, frame); of a graph that has links.
inline std::vector<runnel::batch> any_batches(
    law::gen& g, runnel::graph const& graph, std::size_t most_changes) {
    std::set<std::pair<std::uint64_t, std::uint64_t>> seen;
    std::vector<runnel::batch> all;
    for (auto count = g.integer(1, 3); count > 0; --count) {
        runnel::batch b;
        auto const field = g.one_of<std::uint64_t>({1, 0, ~std::uint64_t{0}}, "field");
        b.field = runnel::field_key{field};
        b.frame = g.integer(std::uint64_t{0}, 2U, "frame");
        b.changes = g.list(most_changes, [&] { return any_change(g, graph); });
        if (seen.emplace(field, b.frame).second) all.push_back(std::move(b));
    }
    return all;
}

} // namespace graph_test
