// SPDX-License-Identifier: MIT
// Enough links that a graph is laid out stretch by stretch: it equals one that is sorted, link by link.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include <runnel/graph.hpp>

#include "support/catch.hpp"
#include "support/law.hpp"

namespace {

using runnel::link_type;
using runnel::log_link_spec;
using runnel::log_weight;
using runnel::node_id;

struct shape {
    std::uint32_t nodes = 3000;
    std::uint32_t links = 30'000;
    std::uint32_t sources = 3000; ///< links leave the first so many
    std::uint32_t targets = 3000;
    std::uint32_t weights = 0; ///< so many different; 0: any
    std::uint16_t types = 1;
    std::uint16_t scopes = 1;
    enum class order { any, sorted } order = order::any;
};

std::vector<log_link_spec> links_of(law::gen& g, shape const& how) {
    std::vector<log_link_spec> links;
    for (std::uint32_t i = 0; i < how.links; ++i) {
        auto const from = static_cast<std::uint32_t>(g.choose(how.sources - 1));
        auto const to = static_cast<std::uint32_t>(g.choose(how.targets - 1));
        auto const figure = g.choose(how.weights == 0 ? 0xFFFF'FFFFU : how.weights - 1);
        auto const type = static_cast<std::uint16_t>(g.choose(how.types - 1U));
        links.push_back(
            {node_id{from}, node_id{to},
             log_weight::from_raw(static_cast<std::int32_t>(static_cast<std::uint32_t>(figure))),
             link_type{type == 3 ? std::uint16_t{900} : type}});
    }
    if (how.order == shape::order::sorted)
        std::sort(links.begin(), links.end(), [](auto const& a, auto const& b) {
            return std::tie(a.from, a.to, a.type, b.lw) < std::tie(b.from, b.to, b.type, a.lw);
        });
    return links;
}

/// What is wrong with a graph of these links, if anything.
std::string wrong_with(
    runnel::graph::built const& made, std::vector<log_link_spec> links, shape const& how) {
    std::sort(links.begin(), links.end(), [](auto const& a, auto const& b) {
        return std::tie(a.from, a.to, a.type, b.lw) < std::tie(b.from, b.to, b.type, a.lw);
    });
    auto const& [graph, store] = made;
    if (graph.node_count() != how.nodes || graph.link_count() != links.size()) return "counts";
    runnel::cohort_sums sums;
    std::size_t at = 0;
    for (std::uint32_t n = 0; n < how.nodes; ++n) {
        node_id const node{n};
        std::size_t const begin = at;
        for (node_id const target : graph.targets(node)) {
            runnel::link_id const id{static_cast<std::uint32_t>(at)};
            if (at == links.size() || links[at].from != node || links[at].to != target
                || links[at].type != graph.type(id))
                return "canonical order at link " + std::to_string(at);
            ++at;
        }
        if (runnel::index(graph.first_link(node)) != begin) return "first link";
        // In order of weight: stable, so equals stay in order of their numbers.
        std::vector<log_link_spec> row;
        for (std::size_t i = begin; i < at; ++i)
            if (links[i].to != node) row.push_back(links[i]);
        std::stable_sort(row.begin(), row.end(), [](auto const& a, auto const& b) {
            return std::tie(a.type, b.lw) < std::tie(b.type, a.lw);
        });
        if (store.degree(node) != row.size()) return "degree of node " + std::to_string(n);
        std::size_t i = 0;
        for (runnel::out_link const& link : store.links(node)) {
            if (link.target != row[i].to || link.lw != row[i].lw || link.type != row[i].type)
                return "row of node " + std::to_string(n) + ", link " + std::to_string(i);
            ++i;
        }
        log_weight best = log_weight::from_raw(-0x7FFF'FFFF - 1);
        std::size_t equal = 0;
        for (auto const& link : row) {
            equal = link.lw > best ? 1 : equal + (link.lw == best ? 1 : 0);
            best = std::max(best, link.lw);
            sums.add(store.cohort_of(node, link.type), link.lw);
        }
        if (!row.empty() && (store.best(node).lw != best || store.best(node).ties != (equal > 1)))
            return "head of node " + std::to_string(n);
        // Self loops stand last.
        std::size_t loop = 0;
        for (std::size_t l = begin; l < at; ++l) {
            if (links[l].to != node) continue;
            auto const place = store.place(node, runnel::link_id{static_cast<std::uint32_t>(l)});
            if (runnel::index(place) != begin + row.size() + loop++) return "place of a self loop";
            if (store.lw(node, runnel::link_id{static_cast<std::uint32_t>(l)}) != links[l].lw)
                return "weight of a self loop";
        }
    }
    if (at != links.size()) return "links left over";
    if (!(store.cohorts().all() == sums.all())) return "sums of all";
    for (link_type const t : {link_type{0}, link_type{1}, link_type{2}, link_type{900}})
        for (std::uint16_t s = 0; s < how.scopes; ++s) {
            runnel::cohort const c{t, runnel::scope_id{s}};
            if (!(store.cohorts().of(c) == sums.of(c))) return "sums of a cohort";
        }
    return "";
}

void equals_sorted(law::gen& g, shape const& how) {
    auto const links = links_of(g, how);
    runnel::graph::builder b;
    b.nodes(how.nodes);
    if (how.scopes > 1)
        for (std::uint32_t n = 0; n < how.nodes; ++n)
            b.scope(node_id{n}, runnel::scope_id{static_cast<std::uint16_t>(n % how.scopes)});
    for (auto const& link : links) b.log_link(link);
    runnel::graph::builder const copy = b;
    runnel::graph::built const made = std::move(b).build().value();
    std::string const wrong = wrong_with(made, links, how);
    g.holds(wrong.empty(), wrong);
    runnel::graph::built const again = runnel::graph::builder{copy}.build().value();
    g.holds(wrong_with(again, links, how).empty(), "a copied builder says the same");
    g.holds(
        again.graph.bytes() == made.graph.bytes() && again.store.bytes() == made.store.bytes(),
        "in as many bytes");
}

} // namespace

TEST_CASE("links in short rows are laid out as if they were sorted", "[graph][builder]") {
    law::for_all(4, [](law::gen& g) {
        equals_sorted(g, {});
        equals_sorted(g, {.types = 4, .scopes = 5});
        equals_sorted(g, {.weights = 1});
        equals_sorted(g, {.weights = 7, .types = 2});
        equals_sorted(g, {.order = shape::order::sorted});
    });
}

TEST_CASE("so are links in long rows", "[graph][builder]") {
    law::for_all(3, [](law::gen& g) {
        equals_sorted(g, {.links = 60'000, .sources = 1});
        equals_sorted(g, {.links = 60'000, .sources = 3, .weights = 9, .types = 4});
        equals_sorted(g, {.links = 40'000, .sources = 40, .types = 3, .scopes = 2});
        equals_sorted(
            g, {.links = 60'000, .sources = 30, .types = 2, .order = shape::order::sorted});
    });
}

TEST_CASE("so are parallel links and self loops, a few and many", "[graph][builder]") {
    law::for_all(3, [](law::gen& g) {
        equals_sorted(g, {.nodes = 2000, .links = 40'000, .sources = 2000, .targets = 5});
        equals_sorted(g, {.links = 40'000, .sources = 6, .targets = 6, .types = 4});
        equals_sorted(g, {.links = 40'000, .sources = 1, .targets = 1});
        equals_sorted(g, {.links = 40'000, .sources = 2, .targets = 2, .weights = 1});
        equals_sorted(g, {.nodes = 200, .links = 40'000, .sources = 200, .targets = 200});
    });
}

TEST_CASE("so are a few links among many nodes", "[graph][builder]") {
    law::for_all(2, [](law::gen& g) {
        equals_sorted(g, {.nodes = 300'000, .links = 500, .sources = 300'000, .targets = 300'000});
        equals_sorted(
            g, {.nodes = 300'000,
                .links = 40'000,
                .sources = 300'000,
                .targets = 300'000,
                .types = 2});
    });
}
