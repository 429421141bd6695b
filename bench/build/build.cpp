// SPDX-License-Identifier: MIT
// What does it cost to make a graph out of links that lie in memory, in time and in memory?
//
// Why:  before the first query somebody waits for this, and the machine must hold more than the result.
// Against: std::sort of the same links as bare records {from, to, weight, type} of 16 bytes by (from, to), their copying
//       not counted; beside it, for honesty, a radix sort of the same records, 11 bits a pass. Neither takes logarithms,
//       orders rows by weight, sums up cohorts or gives back memory: the builder does.
// How:  the time is that of `links(span)` and `build()`; the peak is the most bytes of operator new held at once between
//       the first of them and the last, over `bytes()` of graph and store. What the caller holds does not count, what
//       the builder keeps of it does.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <utility>
#include <vector>

#include <runnel/graph.hpp>

#include "support/graphs.hpp"
#include "support/harness.hpp"
#include "support/heap.hpp"

namespace {

using runnel::link_spec;
using runnel::link_type;
using runnel::node_id;

struct list {
    std::string name;
    std::uint32_t nodes;
    std::uint16_t scopes;
    std::vector<link_spec> links;
};
struct shape {
    char const* name;
    std::uint32_t links_per_node = 10; // one source: all links leave node 0
    enum class ends { even, skewed, one_source, few } ends = ends::even;
    enum class weights { distinct, equal, nine } weights = weights::distinct;
    enum class order { any, sorted } order = order::any;
    std::uint16_t types = 1;
    std::uint16_t scopes = 1;
};
constexpr shape shapes[] = {
    {.name = "even"},
    {.name = "even, equal weights", .weights = shape::weights::equal},
    {.name = "even, nine weights", .weights = shape::weights::nine},
    {.name = "sorted", .order = shape::order::sorted},
    {.name = "100 links a node", .links_per_node = 100},
    {.name = "skewed", .ends = shape::ends::skewed},
    {.name = "one hub", .ends = shape::ends::one_source},
    {.name = "one hub, equal weights",
     .ends = shape::ends::one_source,
     .weights = shape::weights::equal},
    {.name = "parallel links", .ends = shape::ends::few},
    {.name = "four types", .types = 4},
    {.name = "16 scopes", .scopes = 16},
};

list make(shape const& how, std::size_t count) {
    auto const nodes = static_cast<std::uint32_t>(count / how.links_per_node);
    list made{how.name, nodes, how.scopes, {}};
    made.links.reserve(count);
    bench::random_words draw{1};
    for (std::size_t i = 0; i < count; ++i) {
        link_spec link;
        std::uint32_t from = draw.below(nodes);
        std::uint32_t to = draw.below(nodes);
        if (how.ends == shape::ends::skewed) {
            double const u = draw.unit();
            double const v = draw.unit();
            auto const number = [&](double x) { // a permutation: a number says nothing of a degree
                auto const rank = static_cast<std::uint64_t>(x * nodes);
                return static_cast<std::uint32_t>(rank * 2'654'435'761U % nodes);
            };
            from = number(u * u * u * u);
            to = number(v * v * v * v);
        }
        if (how.ends == shape::ends::one_source) from = 0;
        if (how.ends == shape::ends::few) {
            from %= 1000;
            to %= 1000;
        }
        link.from = node_id{from};
        link.to = node_id{to};
        if (how.weights == shape::weights::distinct) link.weight = .01 + .99 * draw.unit();
        if (how.weights == shape::weights::nine) link.weight = 1 + draw.below(9);
        if (how.types > 1) link.type = link_type{static_cast<std::uint16_t>(draw.below(how.types))};
        made.links.push_back(link);
    }
    if (how.order == shape::order::sorted)
        std::sort(made.links.begin(), made.links.end(), [](link_spec const& a, link_spec const& b) {
            return a.from != b.from ? a.from < b.from : a.to < b.to;
        });
    return made;
}

struct record {
    std::uint32_t from;
    std::uint32_t to;
    float weight;
    std::uint32_t type;
};
static_assert(sizeof(record) == 16);

std::uint64_t key(record const& r) { return std::uint64_t{r.from} << 32 | r.to; }

std::vector<record> records(list const& of) {
    std::vector<record> all;
    all.reserve(of.links.size());
    for (link_spec const& l : of.links)
        all.push_back(
            {static_cast<std::uint32_t>(l.from), static_cast<std::uint32_t>(l.to),
             static_cast<float>(l.weight), static_cast<std::uint32_t>(l.type)});
    return all;
}

/// Least digit first; a digit all records share is left out.
void radix_sort(std::vector<record>& all, std::vector<record>& other) {
    constexpr int bits = 11;
    for (int half : {0, 32})
        for (int shift = half; shift < half + 32; shift += bits) {
            std::uint64_t const mask = (std::uint64_t{1} << std::min(bits, half + 32 - shift)) - 1;
            std::vector<std::uint32_t> begin(std::size_t{1} << bits);
            for (record const& r : all) ++begin[key(r) >> shift & mask];
            if (begin[key(all[0]) >> shift & mask] == all.size()) continue;
            std::uint32_t sum = 0;
            for (std::uint32_t& b : begin) sum += std::exchange(b, sum);
            for (record const& r : all) other[begin[key(r) >> shift & mask]++] = r;
            all.swap(other);
        }
}

runnel::graph::built build(list const& from) {
    runnel::graph::builder g;
    g.nodes(from.nodes);
    if (from.scopes > 1)
        for (std::uint32_t n = 0; n < from.nodes; ++n)
            g.scope(node_id{n}, runnel::scope_id{static_cast<std::uint16_t>(n % from.scopes)});
    g.links(from.links);
    return std::move(g).build().value();
}

struct heights {
    double of_links; ///< the most bytes held per byte of the result, links given at once
    double one_by_one;
    double result; ///< bytes a link
};
heights peaks(list const& from) {
    heights found{};
    for (double* peak_of : {&found.of_links, &found.one_by_one}) {
        std::size_t const before = bench::heap::held;
        bench::heap::peak = bench::heap::held;
        auto const made = [&] {
            if (peak_of == &found.of_links) return build(from);
            runnel::graph::builder g;
            g.nodes(from.nodes);
            for (link_spec const& l : from.links) g.link(l);
            return std::move(g).build().value();
        }();
        auto const bytes = static_cast<double>(made.graph.bytes() + made.store.bytes());
        *peak_of = static_cast<double>(bench::heap::peak - before) / bytes;
        found.result = bytes / static_cast<double>(from.links.size());
    }
    return found;
}

} // namespace

int main(int argc, char** argv) {
    bench::suite out{
        argc, argv, "build", "What does making a graph cost, against sorting its links?"};
    if (!out.rest().empty()) {
        std::fprintf(
            stderr, "bench_build: unknown option %s; --help lists them\n", out.rest()[0].c_str());
        return 2;
    }
    std::size_t const count = out.full() ? 30'000'000 : 3'000'000;
    std::vector<bench::row> rows;
    for (shape const& how : shapes) {
        if (!out.wants(how.name)) continue;
        list const from = make(how, count);
        auto const sorted_by = [&](auto&& sort) {
            auto all = records(from);
            std::vector<record> other(all.size());
            double const begin = bench::thread_time();
            sort(all, other);
            double const took = bench::thread_time() - begin;
            bench::do_not_optimise(all);
            return took;
        };
        auto const made = [&] { // giving the graph back is not counted either
            double const begin = bench::thread_time();
            auto const g = build(from);
            double const took = bench::thread_time() - begin;
            bench::do_not_optimise(g);
            return took;
        };
        std::vector<bench::candidate> const candidates{
            {"std::sort",
             {},
             [&] {
                 return sorted_by([](auto& all, auto&) {
                     std::sort(all.begin(), all.end(), [](record const& a, record const& b) {
                         return a.from != b.from ? a.from < b.from : a.to < b.to;
                     });
                 });
             }},
            {"radix sort", {}, [&] { return sorted_by(radix_sort); }},
            {"graph", {}, made}};
        bench::question const q{
            .title = how.name,
            .unit = "ns/link",
            .per = static_cast<double>(count),
            .rounds = out.full() ? 3 : 5};
        auto const found = out.compare(q, candidates);
        heights const high = peaks(from);
        out.limit(std::string{"peak over result, "} + how.name, high.of_links, 2);
        rows.push_back(
            {how.name,
             {found[0].figure.median, found[1].figure.median, found[2].figure.median,
              found[2].ratio.median, found[2].figure.median / found[1].figure.median, high.of_links,
              high.one_by_one, high.result}});
    }
    if (!rows.empty())
        out.table(
            "all: ns a link; peak as a ratio to the result",
            {"std::sort", "radix", "graph", "to sort", "to radix", "peak", "one by one",
             "bytes/link"},
            rows);
    return out.finish();
}
