// SPDX-License-Identifier: MIT
// What do strides keep of the matrix step, and what do they save?
//
// Why:  strides look at a few links where the matrix looks at all; whether the answers are still good is a question
//       about a graph, so this takes yours: bench_ab --graph FILE, one link a line, "source target [weight]", numbers
//       from 0. Without a file: an RMAT graph of 2^12 nodes, 2^14 with --full, 2^11 with --check.
// Judged with --check: both sides keep their books to the quantum and what they hold and lost is what was put in; strides
//       look at fewer links; strides with nothing left out rank like the matrix.
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <sstream>
#include <string>
#include <vector>

#include <runnel/engine.hpp>

#include "support/graphs.hpp"
#include "support/harness.hpp"

namespace {

using runnel::config;
using runnel::node_id;

/// Exits with a line that says what is wrong and where.
[[noreturn]] void refuse(std::string const& what) {
    std::cerr << "bench_ab: " << what << "\n";
    std::exit(2);
}
bench::link_list read(std::string const& path) {
    std::ifstream in(path);
    if (!in) refuse("cannot read " + path);
    bench::link_list g;
    std::size_t line = 0;
    for (std::string text; std::getline(in, text);) {
        ++line;
        std::istringstream words(text);
        if ((words >> std::ws).eof() || words.peek() == '#') continue;
        long long from = -1;
        long long to = -1;
        double weight = 1;
        std::string more;
        constexpr long long most = runnel::max_nodes - 1;
        bool good = static_cast<bool>(words >> from >> to) && from >= 0 && to >= 0 && from <= most
                    && to <= most;
        if (good && words >> more) {
            char* end = nullptr;
            weight = std::strtod(more.c_str(), &end);
            good = *end == '\0' && weight > 0 && runnel::log_weight::from_weight(weight).has_value()
                   && !(words >> more);
        }
        if (!good)
            refuse(path + ", line " + std::to_string(line) + ": not \"source target [weight]\"");
        g.links.push_back(
            {static_cast<std::uint32_t>(from), static_cast<std::uint32_t>(to), weight});
        g.nodes = std::max({g.nodes, g.links.back().from + 1, g.links.back().to + 1});
    }
    if (g.links.empty()) refuse(path + " has no links");
    return g;
}
runnel::graph::built build(bench::link_list const& from) {
    runnel::graph::builder b;
    b.nodes(from.nodes);
    for (bench::link const& l : from.links) b.link({node_id{l.from}, node_id{l.to}, l.weight});
    auto made = std::move(b).build();
    if (!made) refuse(std::string(made.error().sentence()));
    return std::move(made).value();
}
config matrix() {
    config c;
    c.implementation = runnel::implementation::matrix;
    return c;
}
/// The matrix step as strides: nothing is left out.
config everything() {
    config c;
    c.alpha = .1;
    c.transfer_cap = 1;
    c.min_transfer = 0;
    c.threshold = 0;
    c.reader.source = runnel::weight::source::unit;
    c.fanout.reduction = runnel::fanout::reduction::none;
    c.split = {.enabled = true, .all_kept = true};
    c.decay = {.base = 0.030459207484708574, .multiplier = 1, .flush_below = 0};
    c.decay.scope = runnel::decay_scope::support;
    return c;
}
double now() {
    return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch())
        .count();
}

} // namespace

int main(int argc, char** argv) {
    bench::suite out{
        argc, argv, "ab",
        "What do strides keep of the matrix step, and what do they save?\n"
        "--graph FILE: on your graph, one link a line (source target [weight], numbers from 0)"};
    std::string path;
    for (std::size_t i = 0; i < out.rest().size(); ++i)
        if (out.rest()[i] == "--graph" && i + 1 < out.rest().size())
            path = out.rest()[++i];
        else
            refuse("unknown option " + out.rest()[i] + "; --help lists them");
    auto const links = path.empty() ? bench::rmat(
                           {.scale = out.check()  ? 11
                                     : out.full() ? 14
                                                  : 12})
                                    : read(path);
    auto const built = build(links);
    out.say(
        std::to_string(built.graph.node_count()) + " nodes, "
        + std::to_string(built.graph.link_count()) + " links; 10 seeds of 10 units, 30 frames");
    std::vector<runnel::stimulus> seeds;
    for (std::uint32_t const n : bench::some_nodes(links.nodes, 10, 7))
        seeds.push_back({node_id{n}, 10});
    double const in = 10.0 * static_cast<double>(seeds.size());

    struct side {
        char const* name;
        config settings;
    };
    config split;
    split.split.enabled = true;
    side const sides[] = {
        {"faithful", runnel::presets::faithful().engine},
        {"split over 3", split},
        {"exploratory", runnel::presets::exploratory().engine},
        {"associate", runnel::presets::associate().engine},
        {"nothing left out", everything()}};
    out.say("against the matrix: how rankings agree (tau, best 10), and each side's own figures\n"
            "                      tau  best10   stored     lost       links   reached   regret    "
            "   ms");
    auto const row = [&](char const* name, runnel::compared_side const& s,
                         std::string const& with) {
        char text[160];
        std::snprintf(
            text, sizeof text, "%-18s %s %8.3f %8.3f %11llu %9llu %8.4f %8.2f", name, with.c_str(),
            s.stored, s.lost, static_cast<unsigned long long>(s.links),
            static_cast<unsigned long long>(s.reached), s.regret, 1e3 * s.seconds);
        out.say(text);
    };
    runnel::comparison last;
    for (side const& s : sides) {
        // Once for time, once for regret, which looks at every link.
        runnel::compare_options const o{.frames = 30};
        auto both = runnel::compare(
            built.graph, built.store, s.settings, matrix(), seeds, o, runnel::cost::by_weight{},
            now);
        if (!both) refuse(std::string(both.error().sentence()));
        auto measured = o;
        measured.regret = runnel::compare_options::regrets::measured;
        both->a.regret =
            runnel::compare(built.graph, built.store, s.settings, matrix(), seeds, measured)
                .value()
                .a.regret;
        char agree[32];
        std::snprintf(agree, sizeof agree, "%6.3f %7.2f", both->tau, both->overlap);
        row(s.name, both->a, agree);
        std::string const of = std::string(", ") + s.name;
        out.limit("unexplained energy, units" + of, both->a.residual + both->b.residual, 0);
        out.limit(
            "put in, not held and not booked as lost, units" + of,
            std::abs(in - both->a.stored - both->a.lost), 1e-6);
        if (std::string(s.name) != "nothing left out")
            out.limit(
                "links looked at, of the matrix's" + of,
                static_cast<double>(both->a.links) / static_cast<double>(both->b.links), 1);
        last = *both;
    }
    row("matrix", last.b, "             -");
    out.limit("1 - tau with nothing left out", 1 - last.tau, .02);
    return out.finish();
}
