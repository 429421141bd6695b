// SPDX-License-Identifier: MIT
// A hub costs what a small node costs: fanout looks at a few of its links, fewer when there is little room.
#include <cstdint>
#include <utility>

#include <fmt/core.h>

#include <runnel/runnel.hpp>

namespace {

/// Node 0 with so many links, each a little lighter than the one before.
runnel::graph::built hub(std::uint32_t links) {
    runnel::graph::builder b;
    b.nodes(links + 1);
    for (std::uint32_t n = 1; n <= links; ++n)
        b.link({runnel::node_id{0}, runnel::node_id{n}, 1.0 / n});
    return std::move(b).build().value();
}

void look(std::uint32_t links, double headroom, runnel::config const& settings) {
    auto const tell = [&](runnel::event::stride_selection const& s) {
        fmt::print(
            "{:>6} links, headroom {:.1f}: {:>4} costs computed, {:.5f} pruned\n", s.fanout,
            s.headroom, s.costs_computed, s.prune_rate);
    };
    auto const built = hub(links);
    auto const anything = [](runnel::candidate const& c) { return -c.lw.log(); };
    auto const engine = runnel::make_engine(
                            built.graph, built.store, settings,
                            runnel::pipeline{}.with_cost(anything).with_sink(tell))
                            .value();
    runnel::session memory{engine};
    memory.inject(runnel::node_id{0}, 1).value();
    memory.tick({.dt = 1, .headroom = headroom}).value();
}

} // namespace

int main() {
    for (std::uint32_t const links : {2U, 6U, 1000U, 100'000U}) look(links, 1, {});
    fmt::print("under pressure\n");
    look(1000, .1, {});
    fmt::print("a methodical task\n");
    look(1000, .1, {.fanout = {.task = runnel::fanout::task::methodical}});
}
