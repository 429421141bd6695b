// SPDX-License-Identifier: MIT
// What do the figures of an episode cost?
//
// Why:  they are worked out whenever a pattern is remembered; nearly all of it are products of the graph's
//       Laplacian with what the pattern reaches.
// Against: as many bare products with the whole matrix, rows of the same length in the same order.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include <runnel/graph.hpp>

#include "recall/judged.hpp"
#include "recall/tables.hpp"

namespace bench {
namespace {

struct bare_matrix {
    struct link {
        std::uint32_t node;
        double weight;
    };
    std::vector<link> links;
    std::vector<std::size_t> first;

    void apply(std::vector<double> const& x, std::vector<double>& y) const {
        for (std::size_t n = 0; n + 1 < first.size(); ++n) {
            double sum = 0;
            for (std::size_t l = first[n]; l < first[n + 1]; ++l)
                sum += links[l].weight * x[links[l].node];
            y[n] = sum;
        }
    }
};

void one_scale(suite& out, int scale) {
    std::string const title = "episodes, 2^" + std::to_string(scale) + " nodes";
    if (!out.wants(title)) return;
    link_list const graph = rmat({.scale = scale, .links_per_node = 8});
    runnel::graph::builder builder;
    static_cast<void>(builder.nodes(graph.nodes));
    bare_matrix bare;
    bare.first.resize(graph.nodes + std::size_t{1});
    for (link const& l : graph.links) {
        builder.link({runnel::node_id{l.from}, runnel::node_id{l.to}, l.weight});
        bare.links.push_back({l.to, l.weight});
        ++bare.first[l.from + std::size_t{1}];
    }
    for (std::size_t n = 0; n < graph.nodes; ++n) bare.first[n + 1] += bare.first[n];
    auto const built = std::move(builder).build().value();
    runnel::graph_rows const rows{built.graph, built.store};
    recall::spectrum_config const how;
    recall::spectrum const over = recall::spectrum::of(rows, how).value();
    recall::imprinter imprinter{over};
    std::vector<double> x(graph.nodes, 1);
    std::vector<double> y(graph.nodes);
    std::vector<candidate> all;
    all.push_back({std::to_string(how.order / 2) + " bare products", [&] {
                       for (std::uint32_t k = 0; k < how.order / 2; ++k) {
                           bare.apply(x, y);
                           x.swap(y);
                           for (double& v : x) v *= 1e-3;
                       }
                       do_not_optimise(x[0]);
                   }});
    std::vector<std::vector<recall::held>> patterns;
    random_words words{9};
    for (std::size_t const size : {std::size_t{1}, std::size_t{100}, std::size_t{1000}}) {
        patterns.emplace_back();
        for (std::uint32_t const n : some_nodes(graph.nodes, static_cast<std::uint32_t>(size), 7))
            patterns.back().push_back({runnel::node_id{n}, .1 + words.unit()});
    }
    for (auto const& pattern : patterns)
        all.push_back(
            {"take, " + std::to_string(pattern.size()) + " nodes", [&imprinter, &pattern] {
                 do_not_optimise(imprinter.take(pattern).value().figures());
             }});
    all.push_back({"spectrum, once a graph", [&] {
                       do_not_optimise(recall::spectrum::of(rows, how).value().lambda_max());
                   }});
    out.compare(
        {.title = title + ", " + std::to_string(graph.links.size()) + " links",
         .unit = "ms",
         .per = 1e6},
        all);
}

} // namespace

void table_episodes(suite& out) {
    if (out.check()) return; // nothing here has a limit
    one_scale(out, 12);
    one_scale(out, 14);
    if (out.full()) one_scale(out, 17);
}

} // namespace bench
