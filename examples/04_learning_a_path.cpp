// SPDX-License-Identifier: MIT
// A way that is walked becomes the way that is taken: links learn, and what they learned can be taken back.
#include <array>
#include <string_view>
#include <utility>

#include <fmt/core.h>

#include <runnel/runnel.hpp>

int main() {
    runnel::graph::builder b;
    auto const home = b.node("home");
    auto const park = b.node("park");
    auto const station = b.node("station");
    b.link({home, park, .6}).link({home, station, .5});
    b.link({park, b.named("pond"), .8}).link({station, b.named("museum"), .8});
    auto [graph, store] = std::move(b).build().value();
    std::array const fork{graph.find({home, park}), graph.find({home, station})};

    // Where energy goes from home. This engine only reads, and sees what others have taught.
    runnel::config const settings{.alpha = .5, .transfer_cap = 1};
    auto const asker = runnel::make_engine(graph, std::as_const(store), settings).value();
    auto const ask = [&, &names = graph, &weights = store](std::string_view when) {
        runnel::session memory{asker};
        memory.inject(home, 1).value();
        memory.run(5).value();
        fmt::print(
            "{:<16}{:>8.3f}{:>12.3f}   ", when, weights.lw(fork[0]).weight(),
            weights.lw(fork[1]).weight());
        for (auto const& hit : memory.top(2)) fmt::print(" {}", names.name(hit.node));
        fmt::print("\n");
    };
    fmt::print("{:<16}{:>8}{:>12}    from home to\n", "", "to park", "to station");
    ask("at first");
    std::array const before{
        runnel::weight_setting{fork[0], store.lw(fork[0])},
        runnel::weight_setting{fork[1], store.lw(fork[1])}};

    // The park is closed. This engine owns the store: what a walk teaches is written at the end of each frame.
    {
        auto const closed = [=](runnel::candidate const& c) {
            return -c.lw.log() + (c.target == park ? 1 : 0);
        };
        auto const policies =
            runnel::pipeline{}.with_cost(closed).with_learning(runnel::learn::strengthen{});
        auto const walker = runnel::make_engine(graph, store, settings, policies).value();
        runnel::session memory{walker};
        for (int walk = 1; walk <= 40; ++walk) {
            memory.inject(home, 1).value();
            memory.run(5).value();
            if (walk == 10 || walk % 20 == 0) ask(fmt::format("after {} walks", walk));
        }
    }
    store.assign(before).value();
    ask("reset");
}
