// SPDX-License-Identifier: MIT
// What do others take for the same step, and for the same answer?
//
// Why:  whoever has a graph and wants to spread something over it has other libraries too. Here each does the same job
//       on the same graph with the same weights, on one thread: one step of the whole graph, y = M'x; then the same
//       product with an x of 1, 100 and 10 000 nodes. Strides do less, one link per node: their frames are shown beside
//       it, and named so. igraph is asked for what people ask it for, a personalized PageRank.
// Laws: before anything is timed the answers are compared with the bare loop's; who differs by more than rounding is not
//       timed and fails the program. Fixed-point energies round to 2^-40 units.
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "peers/peer.hpp"
#include "support/calls.hpp"
#include "support/harness.hpp"

namespace {

/// Those who do the job, and how far each of their answers was from the bare loop's.
struct everyone {
    std::vector<std::unique_ptr<peers::peer>> all;
    std::vector<std::string> jobs;
    std::vector<bench::row> differences;
};

/// The largest difference, of the largest figure.
double apart(std::vector<double> const& a, std::vector<double> const& b) {
    double most = 0;
    double difference = 0;
    for (std::size_t i = 0; i < b.size(); ++i) {
        most = std::max(most, std::abs(b[i]));
        difference = std::max(difference, std::abs(a[i] - b[i]));
    }
    return most > 0 ? difference / most : 1;
}
constexpr double rounding = 1e-9;
bool agrees(bench::suite& out, bench::row& who, std::string const& job, double difference) {
    who.figures.push_back(difference);
    out.expect(who.name + ", " + job + ": same answer as the bare loop", difference <= rounding);
    return difference <= rounding;
}

everyone all_on([[maybe_unused]] bench::suite& out, peers::graph const& g) {
    everyone e;
    e.all.push_back(peers::bare(g));
    e.all.push_back(peers::ours(g));
    e.all.push_back(peers::by_eigen(g));
#ifdef PEERS_GRAPHBLAS
    out.progress("a copy for GraphBLAS");
    e.all.push_back(peers::by_graphblas(g));
#endif
#ifdef PEERS_BOOST
    out.progress("a copy for Boost.Graph");
    e.all.push_back(peers::by_boost(g));
#endif
    for (auto const& p : e.all) e.differences.push_back({p->name(), {}});
    return e;
}

void whole_steps(bench::suite& out, peers::graph const& g, everyone& e, std::string const& name) {
    std::string const title = "A step of the whole graph, " + name;
    if (!out.wants(title)) return;
    out.progress(title);
    e.jobs.emplace_back("whole");
    bench::random_words words{5};
    std::vector<double> x(g.nodes);
    for (std::uint32_t const n : g.seeds) x[n] = .5 + words.unit(); // 8 million units at most
    std::vector<bench::candidate> same;
    std::vector<double> wanted;
    for (std::size_t i = 0; i < e.all.size(); ++i) {
        peers::peer& p = *e.all[i];
        p.start(x);
        for (int step = 0; step < 5; ++step) p.step();
        if (wanted.empty()) wanted = p.state();
        if (agrees(out, e.differences[i], title, apart(p.state(), wanted)))
            same.push_back({p.name(), [&p] { p.step(); }});
    }
    out.compare({.title = title, .unit = "ns/link", .per = static_cast<double>(g.links)}, same);
}

void few_nodes(bench::suite& out, peers::graph const& g, everyone& e, std::string const& name) {
    peers::strides ours{g};
    peers::bare_strides bare{g};
    for (std::size_t const count : {1U, 100U, 10'000U}) {
        std::string const title = std::to_string(count) + (count == 1 ? " node" : " nodes")
                                  + " times the matrix, " + name;
        if (!out.wants(title)) continue;
        e.jobs.push_back(std::to_string(count));
        bench::turns const first{g.seeds, count};
        std::vector<double> wanted;
        std::vector<bench::candidate> candidates;
        auto const add = [&](std::string const& who, auto& does, auto how) {
            candidates.push_back({who, {}, [&does, how, seeds = first]() mutable {
                                      return bench::time_of_call(
                                          [&] { does.seed(seeds.next()); }, [&] { how(does); });
                                  }});
        };
        for (std::size_t i = 0; i < e.all.size(); ++i) {
            peers::peer& p = *e.all[i];
            if (!p.pushes()) {
                e.differences[i].figures.push_back(std::nan(""));
                continue;
            }
            bench::turns seeds = first;
            p.seed(seeds.next());
            p.push();
            if (wanted.empty()) wanted = p.pushed();
            if (agrees(out, e.differences[i], title, apart(p.pushed(), wanted)))
                add(p.name(), p, [](peers::peer& who) { who.push(); });
        }
        add("one link each, bare", bare, [](peers::bare_strides& who) { who.frame(); });
        add("one link each, runnel", ours, [](peers::strides& who) { who.frame(); });
        double const round = 3e6 * static_cast<double>(candidates.size());
        auto const rounds = static_cast<int>(std::clamp(out.seconds() * 1e9 / round, 7.0, 1001.0));
        out.compare({.title = title, .unit = "us", .per = 1000, .rounds = rounds}, candidates);
    }
}

void pagerank(bench::suite& out, peers::graph const& g, std::string const& name) {
    std::string const title = "Personalized PageRank of 10 seeds, damping .85, " + name;
    if (!out.wants(title)) return;
    peers::rank_question const q{{g.seeds.begin(), g.seeds.begin() + 10}};
    auto const wanted = peers::bare_rank(g, q);
    std::vector<bench::candidate> candidates{
        {"bare, to 1e-10", [&] { bench::do_not_optimise(peers::bare_rank(g, q).data()); }}};
#ifdef PEERS_IGRAPH
    out.progress("a copy for igraph");
    peers::igraph_rank of_igraph{g};
    double const difference = apart(of_igraph(q), wanted);
    out.limit("igraph's ranks, difference from the bare loop", difference, 1e-6);
    if (difference <= 1e-6)
        candidates.push_back({"igraph", [&] { bench::do_not_optimise(of_igraph(q).data()); }});
#endif
    peers::strides ours{g};
    candidates.push_back({"30 frames, one link each", [&] {
                              ours.seed(q.seeds);
                              for (int i = 0; i < 30; ++i) ours.frame();
                          }});
    out.compare({.title = title, .unit = "ms", .per = 1e6, .rounds = 3}, candidates);
}

} // namespace

int main(int argc, char** argv) {
    bench::suite out{
        argc, argv, "peers", "What do others take for the same step, and for the same answer?"};
    if (!out.rest().empty()) {
        std::fprintf(
            stderr, "bench_peers: unknown option %s; --help lists them\n", out.rest()[0].c_str());
        return 2;
    }
#ifndef PEERS_GRAPHBLAS
    out.say("left out: SuiteSparse:GraphBLAS was not found (libgraphblas-dev)");
#endif
#ifndef PEERS_IGRAPH
    out.say("left out: igraph was not found (libigraph-dev)");
#endif
#ifndef PEERS_BOOST
    out.say("left out: Boost.Graph was not found (libboost-graph-dev)");
#endif
    for (int const scale : {14, 16, 20}) {
        if (scale > 16 && !out.full()) continue;
        std::string const name = "RMAT " + std::to_string(scale);
        out.progress("a graph of 2^" + std::to_string(scale) + " nodes");
        peers::graph const g{scale};
        everyone e = all_on(out, g);
        whole_steps(out, g, e, name);
        few_nodes(out, g, e, name);
        if (!e.jobs.empty())
            out.table(
                "Largest difference from the bare loop, of the largest figure, " + name, e.jobs,
                e.differences);
        if (scale == 16 || scale == 20) pagerank(out, g, name);
    }
    return out.finish();
}
