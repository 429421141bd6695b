// SPDX-License-Identifier: MIT
// The same question twice: by strides, which look at a few links, and by the matrix, which looks at all.
#include <cstdint>
#include <utility>

#include <fmt/core.h>

#include <runnel/runnel.hpp>

namespace {

using runnel::node_id;

/// A ring of villages: dense inside, a road to the next.
runnel::graph::built villages(std::uint32_t count, std::uint32_t houses) {
    runnel::graph::builder b;
    b.nodes(count * houses);
    for (std::uint32_t v = 0; v < count; ++v) {
        for (std::uint32_t a = 0; a < houses; ++a)
            for (std::uint32_t c = 0; c < houses; ++c)
                b.link(
                    {node_id{v * houses + a}, node_id{v * houses + c},
                     1.0 / (1 + (a + 3 * c) % 7)});
        b.both_ways({node_id{v * houses}, node_id{(v + 1) % count * houses}, .8});
    }
    return std::move(b).build().value();
}

void row(char const* name, runnel::compared_side const& s) {
    fmt::print(
        "{:<12} {:>8} {:>9} {:>9.4f} {:>8.4f} {:>10}\n", name, s.links, s.reached, s.stored, s.lost,
        s.residual);
}

} // namespace

int main() {
    auto const built = villages(40, 12);
    runnel::stimulus const seeds[] = {{node_id{5}, 1}, {node_id{100}, 1}};
    runnel::config matrix;
    matrix.implementation = runnel::implementation::matrix;

    fmt::print(
        "{:<12} {:>8} {:>9} {:>9} {:>8} {:>10}\n", "", "links", "reached", "stored", "lost",
        "residual");
    // Strides as retrieval uses them: the ten best links share, and a tenth of the energy goes each second.
    auto const strides = runnel::presets::associate().engine;
    auto const both =
        runnel::compare(built.graph, built.store, strides, matrix, seeds, {.frames = 10}).value();
    row("strides", both.a);
    row("matrix", both.b);
    fmt::print("rankings agree: tau {:.2f}, {:.0f} of the best 10\n", both.tau, both.overlap * 10);
}
