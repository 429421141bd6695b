// SPDX-License-Identifier: MIT
// One graph in the forms that others want.
#include <cmath>
#include <utility>

#include "peers/peer.hpp"

namespace peers {

namespace {

/// The library keeps logarithms of 32 bits: all use what it keeps, so that answers differ by rounding alone.
void take_stored_weights(bench::link_list& list, runnel::graph::store const& store) {
    std::vector<std::size_t> first(std::size_t{list.nodes} + 1);
    for (bench::link const& l : list.links) ++first[std::size_t{l.from} + 1];
    for (std::size_t n = 0; n < list.nodes; ++n) first[n + 1] += first[n];
    std::vector<double> of(list.nodes);
    for (std::uint32_t n = 0; n < list.nodes; ++n) {
        for (runnel::out_link const l : store.links(runnel::node_id{n}))
            of[static_cast<std::uint32_t>(l.target)] = std::exp(l.lw.log());
        for (std::size_t i = first[n]; i < first[n + 1]; ++i)
            list.links[i].weight = of[list.links[i].to];
    }
}

csr by_rows(bench::link_list const& list) {
    std::vector<double> sum(list.nodes);
    for (bench::link const& l : list.links) sum[l.from] += l.weight;
    csr m;
    m.to.reserve(list.links.size() + list.nodes);
    m.share.reserve(m.to.capacity());
    auto const add = [&](std::uint32_t to, double share) {
        m.to.push_back(static_cast<std::int32_t>(to));
        m.share.push_back(share);
    };
    std::size_t at = 0;
    for (std::uint32_t n = 0; n < list.nodes; ++n) {
        m.first.push_back(static_cast<std::int32_t>(m.to.size()));
        bool self = false; // is the diagonal in?
        auto const keep = [&] {
            add(n, sum[n] > 0 ? 1 - sent : 1);
            self = true;
        };
        for (; at < list.links.size() && list.links[at].from == n; ++at) {
            if (!self && list.links[at].to > n) keep();
            add(list.links[at].to, sent * list.links[at].weight / sum[n]);
        }
        if (!self) keep();
    }
    m.first.push_back(static_cast<std::int32_t>(m.to.size()));
    return m;
}

csr transposed(csr const& m) {
    csr t;
    t.first.resize(m.first.size());
    t.to.resize(m.to.size());
    t.share.resize(m.to.size());
    for (std::int32_t const to : m.to) ++t.first[static_cast<std::size_t>(to) + 1];
    for (std::size_t n = 0; n < m.nodes(); ++n) t.first[n + 1] += t.first[n];
    std::vector<std::int32_t> place(t.first.begin(), t.first.end() - 1);
    for (std::size_t n = 0; n < m.nodes(); ++n)
        for (auto i = static_cast<std::size_t>(m.first[n]);
             i < static_cast<std::size_t>(m.first[n + 1]); ++i) {
            auto const at = static_cast<std::size_t>(place[static_cast<std::size_t>(m.to[i])]++);
            t.to[at] = static_cast<std::int32_t>(n);
            t.share[at] = m.share[i];
        }
    return t;
}

} // namespace

graph::graph(int scale) : list(bench::rmat({.scale = scale})) {
    links = list.links.size();
    nodes = list.nodes;
    runnel::graph::builder b;
    b.nodes(nodes);
    for (bench::link const& l : list.links)
        b.link({runnel::node_id{l.from}, runnel::node_id{l.to}, l.weight});
    built.emplace(std::move(b).build().value());
    take_stored_weights(list, built->store);
    m = by_rows(list);
    t = transposed(m);
    for (std::uint32_t const n : bench::some_nodes(nodes, nodes, 7))
        if (m.first[n + 1] - m.first[n] > 1) seeds.push_back(n);
}

} // namespace peers
