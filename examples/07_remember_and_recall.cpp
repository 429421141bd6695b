// SPDX-License-Identifier: MIT
// From a question to what answers it: the notes most like it are seeds, links lead on to one that shares no word with it.
#include <array>
#include <cstdint>
#include <span>
#include <string_view>
#include <utility>

#include <fmt/core.h>

#include <runnel/runnel.hpp>

int main() {
    // Three small letters at a time, counted in 64 places. A model does this better; the rest stays as it is.
    auto const embedded = [](std::string_view text) {
        std::array<float, 64> out{};
        for (; text.size() >= 3; text.remove_prefix(1)) {
            std::uint64_t three = 0;
            for (int const c : text.substr(0, 3)) three = three * 256 + std::uint64_t(c | 32);
            std::uint64_t const place = runnel::mix(three);
            out[place % 64] += place >> 63 == 0 ? 1.F : -1.F;
        }
        return out;
    };
    runnel::graph::builder b;
    auto const pump = b.node("Soho, 1854: the pump in Broad Street stands amid the deaths");
    auto const map = b.node("John Snow marks each victim on a plan of Soho");
    auto const door = b.node("Henry Whitehead goes from door to door and finds a sick child");
    auto const drain = b.node("A cesspool seeps into its shaft, an arm's length off");
    auto const germ = b.node("Filippo Pacini sees comma-shaped vibrios in Florence");
    b.node("Snow Hill is a broad street of coaching inns"); // linked to nothing
    b.both_ways({pump, map, .9}).both_ways({map, door, .7}).both_ways({door, drain, .8});
    auto const [graph, store] = std::move(b.both_ways({drain, germ, .9})).build().value();

    auto memory = runnel::recall::make_memory({.dimension = 64}).value();
    for (std::uint32_t n = 0; n < graph.node_count(); ++n)
        memory.add(embedded(graph.name(runnel::node_id{n})), runnel::node_id{n}).value();

    auto const question = embedded("What did Snow learn from the pump in Broad Street?");
    fmt::print("likeness\n");
    for (auto const& hit : memory.search(question).value())
        fmt::print("{:8.2f}  {}\n", hit.similarity, graph.name(*memory.payload(hit.entry)));

    auto const how = runnel::presets::associate();
    auto const engine = runnel::make_engine(graph, store, how.engine).value();
    auto const diffuse = [&](std::span<runnel::stimulus const> from) {
        runnel::session session{engine};
        session.inject(from).value();
        session.run(how.ticks).value();
        return session.top(6);
    };
    fmt::print("received  seeded\n");
    auto const found = runnel::recall::ask<runnel::stimulus>(
        memory, question, graph.node_count(), diffuse, {.nearest = {.k = 2}});
    for (auto const& r : found.value())
        fmt::print("{:8.2f} {:7.2f}  {}\n", r.received, r.seeded, graph.name(r.node));
}
