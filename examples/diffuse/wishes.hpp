// SPDX-License-Identifier: MIT
// What the command line of diffuse may ask for.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "../command/options.hpp"
#include "../command/run.hpp"

namespace diffuse {

enum class mode { stride, matrix };
enum class shape { text, tsv, json };
enum class of_weights { on, off };
enum class preset_name { faithful, exploratory, associate };

struct wishes {
    std::optional<std::string> graph;
    bool undirected = false;
    of_weights weights = of_weights::on;
    bool log_weights = false;
    bool names = false;
    std::vector<std::string> seeds;
    std::vector<std::string> injections;
    diffuse::mode mode = diffuse::mode::stride;
    std::optional<std::uint64_t> ticks;
    std::optional<double> dt;
    std::optional<preset_name> preset;
    std::vector<std::string> settings;
    std::optional<double> alpha;
    std::optional<double> decay;
    std::optional<std::uint64_t> top;
    bool all = false;
    std::optional<std::string> at;
    diffuse::shape shape = diffuse::shape::text;
    std::optional<std::string> events;
    bool show_settings = false;
    command::shared_options shared;
};

inline constexpr std::uint64_t usual_ticks = 10;
inline constexpr std::uint64_t usual_top = 20;

inline command::options command_line(wishes& to) {
    command::options all{
        "diffuse", "GRAPH --seed NODE [options]",
        "Lets energy flow from the seeds along the links of a graph, and prints the nodes it "
        "reaches."};
    all.positional(
        {"GRAPH",
         "a list of links: source, target and, if you like, weight and type, between tabs, commas "
         "or blanks; # "
         "begins a comment; nodes are numbers or names. Also Matrix Market (.mtx), both also "
         "compressed (.gz) where zlib is there. - is standard input"},
        to.graph);
    all.group("the graph");
    all.flag({"undirected", "", "every line is a link both ways"}, to.undirected);
    all.choice(
        {"weights", "", "use the third column, or let all links weigh the same (default on)"},
        to.weights, {{"on", of_weights::on}, {"off", of_weights::off}});
    all.flag({"log-weights", "", "the third column is the logarithm of a weight"}, to.log_weights);
    all.flag(
        {"names", "", "nodes are names, even where the first ones look like numbers"}, to.names);
    all.group("where energy comes from");
    all.value(
        {"seed", "NODE[=AMOUNT]",
         "energy at the start, 1 unless said otherwise; repeatable. Behind "
         "the last = stands the amount"},
        to.seeds);
    all.value(
        {"inject", "TICK,NODE,AMOUNT",
         "energy once so many ticks have passed, 0 for the start; repeatable"},
        to.injections);
    all.group("how it flows");
    all.choice(
        {"mode", "",
         "stride: active nodes send along their best links (default); matrix: all nodes "
         "along all links, x' = (1 - D)[(1 - A)x + A P'x], where a node without links keeps its "
         "share, in doubles: the residual is what they round"},
        to.mode, {{"stride", mode::stride}, {"matrix", mode::matrix}},
        {"pagerank", "push", "heat", "katz", "walk", "spread", "labels", "sweep"});
    all.value({"ticks", "N", "how many (default 10, or the last of --at)"}, to.ticks);
    all.value({"dt", "S", "stride: seconds per tick (default 1)"}, to.dt);
    all.choice(
        {"preset", "NAME",
         "stride: where settings begin: faithful (default), exploratory or associate"},
        to.preset,
        {{"faithful", preset_name::faithful},
         {"exploratory", preset_name::exploratory},
         {"associate", preset_name::associate}});
    all.value(
        {"set", "KEY=VALUE",
         "one setting over the preset's, such as decay.base=.1, threshold.task=.2 or "
         "cost.hub=.5; repeatable"},
        to.settings);
    all.flag(
        {"show-settings", "", "print all settings as --set takes them, and end"}, to.show_settings);
    all.value({"alpha", "A", "matrix: share a node sends per tick (default 0.1)"}, to.alpha);
    all.value({"decay", "D", "matrix: share that is lost per tick (default 0.03)"}, to.decay);
    all.group("what is printed");
    all.value({"top", "K", "the K best nodes that hold or received anything (default 20)"}, to.top);
    all.flag({"all", "", "every node of the graph"}, to.all);
    all.value(
        {"at", "T1,T2,...",
         "the state after so many ticks each, 0 for the start; the column tick comes first"},
        to.at);
    all.choice(
        {"format", "",
         "aligned text (default); tab-separated with a header that begins with #; one "
         "JSON object"},
        to.shape, {{"text", shape::text}, {"tsv", shape::tsv}, {"json", shape::json}});
    all.value({"events", "FILE", "everything that happens, as lines of JSON"}, to.events);
    all.group("and");
    command::add_shared(all, to.shared);
    for (char const* const name :
         {"damping", "tol", "dangling", "eps", "lazy", "finish-residual", "time", "laplacian",
          "beta", "retention", "suppress", "replay", "dot", "metrics", "trace", "save", "load"})
        all.later({name, "", ""});
    all.note(
        R"(Order: stride by what a node received, so that seeds are not the answer, then by what it holds;
matrix by value. Equal nodes stand in the order of the file, numbered ones by number.
Results go to stdout; notes and the ledger to stderr, which --quiet keeps silent.

examples:
  diffuse links.tsv --seed rain
  diffuse links.csv --seed rain=2 --seed sun --preset associate --top 5 --format tsv
  diffuse web.mtx --seed 1 --mode matrix --ticks 100 --at 1,10,100
  zcat links.tsv.gz | diffuse - --undirected --seed 42 --set alpha=.1 --set decay.base=0

exit codes: 0 done; 1 the run failed (a file, a malformed line, the disk); 2 the command line is wrong)");
    return all;
}

} // namespace diffuse
