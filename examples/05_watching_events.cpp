// SPDX-License-Identifier: MIT
// What happens in a frame, as it happens: a sink is anything callable with an event.
#include <utility>

#include <fmt/core.h>

#include <runnel/runnel.hpp>

namespace event = runnel::event;

int main() {
    runnel::graph::builder b;
    auto const seed = b.node("seed");
    for (char const* name : {"oak", "ash", "elm"}) b.link({seed, b.node(name), 1});
    b.link({b.named("oak"), b.named("acorn"), .5});
    auto const [graph, store] = std::move(b).build().value();

    auto const name = [&names = graph](runnel::node_id node) { return names.name(node); };
    event::callback const tell{
        [](event::frame_start const& e) { fmt::print("frame {} at {} s\n", e.frame, e.time); },
        [&](event::stride_selection const& e) {
            fmt::print(
                "  {} looked at {} of {} links, entropy {:.3f}\n", name(e.node), e.k, e.fanout,
                e.entropy);
        },
        [&](event::stride_exec const& e) {
            fmt::print(
                "    -> {:<6} {:.4f} (share {:.2f}, rank {})\n", name(e.target), e.gross, e.share,
                e.rank);
        },
        [&](event::node_flip const& e) {
            fmt::print("  {} is {}\n", name(e.node), e.active ? "active" : "quiet");
        },
        [](event::frame_end const& e) {
            fmt::print(
                "  {:.4f} moved, {} active, residual {}\n", e.transferred, e.active, e.residual);
        }};

    runnel::config settings{.alpha = .5, .transfer_cap = 1, .seed = 7};
    settings.split = {.enabled = true, .k = 2};
    auto const engine =
        runnel::make_engine(graph, store, settings, runnel::pipeline{}.with_sink(tell)).value();
    runnel::session memory{engine};
    memory.inject(seed, 1).value();
    memory.run(2).value();
}
