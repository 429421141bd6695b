// SPDX-License-Identifier: MIT
// What does a frame of one hub cost, as its links grow a thousandfold?
//
// Why:  real graphs have nodes that touch everything; a frame must not cost what its largest node has.
// Against: the same frame looking at every link, and the frame that only needs the row's head. Distinct weights, and
//       all equal ones, where the few are drawn. Judged with --check: the number of costs is the same at every size,
//       and with distinct weights the frame at 10^6 links takes at most 1.5 times that at 10^3.
#include <cstdint>
#include <cstdio>
#include <string>
#include <utility>
#include <vector>

#include <runnel/engine.hpp>

#include "support/harness.hpp"

namespace {

using runnel::node_id;

enum class weights { distinct, equal };

runnel::graph::built star(std::uint32_t links, weights kind) {
    runnel::graph::builder b;
    b.nodes(links + 1);
    for (std::uint32_t n = 1; n <= links; ++n)
        b.link({node_id{0}, node_id{n}, kind == weights::equal ? 1.0 : 1 / (1 + 1e-6 * n)});
    return std::move(b).build().value();
}

constexpr auto any_cost = [](runnel::candidate const& c) { return -c.lw.log(); };

template <class Pipeline> struct hub {
    hub(runnel::graph::built const& on, runnel::fanout::reduction how, Pipeline policies)
        : engine(runnel::make_engine(
                     on.graph, on.store,
                     {.threshold = 1,
                      .storage = runnel::storage::dense,
                      .fanout = {.reduction = how},
                      .decay = {.base = 0}},
                     std::move(policies))
                     .value()),
          field(engine.make_field()) {
        engine.inject(field, node_id{0}, 1000).value();
    }
    std::uint64_t operator()() {
        // So little that no target ever sends.
        return costs = engine.tick(field, {.dt = 1e-9}).value().costs_computed;
    }
    runnel::engine<runnel::graph_rows, Pipeline> engine;
    runnel::field field;
    std::uint64_t costs = 0;
};

/// Strides a second of one hub after another, each in a frame of its own: five links looked at, against all.
void strides_a_second(bench::suite& out) {
    using runnel::fanout::reduction;
    auto const asked = runnel::pipeline{}.with_cost(any_cost);
    std::string table;
    for (int power = 3; power <= 6; ++power) {
        std::string const title =
            "Quick against exhaustive, 10^" + std::to_string(power) + " links";
        if (!out.wants(title)) continue;
        std::uint32_t links = 1;
        for (int i = 0; i < power; ++i) links *= 10;
        auto const star_of = star(links, weights::distinct);
        hub few{star_of, reduction::quick, asked};
        hub all{star_of, reduction::none, asked};
        auto const found = out.compare(
            {.title = title, .unit = "ns/stride"},
            {{"quick", [&] { bench::do_not_optimise(few()); }},
             {"exhaustive", [&] { bench::do_not_optimise(all()); }}});
        char line[128];
        std::snprintf(
            line, sizeof line, "10^%d links: %11.0f strides/s quick, %11.0f exhaustive\n", power,
            1e9 / found[0].figure.median, 1e9 / found[1].figure.median);
        table += line;
    }
    if (!table.empty()) out.say("\n" + table);
}

} // namespace

int main(int argc, char** argv) {
    bench::suite out{
        argc, argv, "hubs", "What does a frame of one hub cost, as its links grow a thousandfold?"};
    if (!out.rest().empty()) {
        std::fprintf(
            stderr, "bench_hubs: unknown option %s; --help lists them\n", out.rest()[0].c_str());
        return 2;
    }
    using runnel::fanout::reduction;
    for (weights const kind : {weights::distinct, weights::equal}) {
        auto const small = star(1'000, kind);
        auto const large = star(1'000'000, kind);
        auto const asked = runnel::pipeline{}.with_cost(any_cost);
        hub head{large, reduction::quick, runnel::pipeline{}};
        hub few_of_small{small, reduction::quick, asked};
        hub few_of_large{large, reduction::quick, asked};
        hub all_of_small{small, reduction::none, asked};
        std::string const of = kind == weights::equal ? ", equal weights" : ", distinct weights";
        auto const found = out.compare(
            {.title = "A hub's frame" + of, .unit = "ns/frame"},
            {{"5 of 10^3 links", [&] { bench::do_not_optimise(few_of_small()); }},
             {"5 of 10^6 links", [&] { bench::do_not_optimise(few_of_large()); }},
             {"head of 10^6 links", [&] { bench::do_not_optimise(head()); }},
             {"all of 10^3 links", [&] { bench::do_not_optimise(all_of_small()); }}});
        if (found.empty()) continue;
        out.limit("costs computed at 10^6 links" + of, static_cast<double>(few_of_large.costs), 5);
        // Drawing five of a million equals reads five places that were last read long ago: memory, not work.
        if (kind == weights::distinct)
            out.limit("time at 10^6 against 10^3" + of, found[1].ratio.median, 1.5);
    }
    if (!out.check()) strides_a_second(out);
    return out.finish();
}
