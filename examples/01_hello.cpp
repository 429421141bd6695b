#include <fmt/ranges.h>

#include <runnel/runnel.hpp>

int main() {
    runnel::graph::builder notes;
    notes.link({notes.named("Ada Lovelace"), notes.named("Analytical Engine"), .9});
    notes.link({notes.named("Ada Lovelace"), notes.named("Lord Byron"), .4});
    notes.link({notes.named("Analytical Engine"), notes.named("punched cards"), .8});
    notes.link({notes.named("punched cards"), notes.named("Jacquard loom"), .7});
    notes.link({notes.named("Lord Byron"), notes.named("Greece"), .9});
    auto const [graph, store] = std::move(notes).build().value();

    runnel::credit::flow_recorder flow;
    auto const ears = runnel::pipeline{}.with_sink(flow);
    runnel::config const settings{.alpha = .5, .transfer_cap = 1};
    auto const engine = runnel::make_engine(graph, store, settings, ears).value();
    runnel::session memory{engine};
    memory.inject(graph.find("Ada Lovelace").value(), 1).value();
    auto const report = memory.run(5).value();

    runnel::credit::provenance why{flow};
    for (auto const& hit : memory.top(3)) {
        std::vector<std::string_view> way;
        for (auto const node : why.of_received(hit.node).strongest().nodes)
            way.push_back(graph.name(node));
        fmt::print("{:.3f}  {}\n", hit.received, fmt::join(way, " > "));
    }
    fmt::print("{} active, residual {}\n", report.active, report.residual);
}
