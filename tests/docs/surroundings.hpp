// SPDX-License-Identifier: MIT
// What a block in a guide may assume without saying so: a graph, its store, settings, seeds, a step.
#include <array>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <span>
#include <utility>
#include <vector>

#include <fmt/core.h>

#include <runnel/interop/fmt.hpp>
#include <runnel/runnel.hpp>

struct surroundings {
    runnel::graph const& graph;
    runnel::graph::store& store;
    runnel::config const& settings;
    std::span<runnel::stimulus const> seeds;
};

/// A ring of ten nodes with some chords, embeddings and all, new for each block.
class world {
public:
    world() : built_(make()) {}
    [[nodiscard]] surroundings seen() { return {built_.graph, built_.store, settings_, seeds_}; }

private:
    static runnel::graph::built make() {
        runnel::graph::builder b;
        b.nodes(10);
        for (std::uint32_t n = 0; n < 10; ++n) {
            float const x = static_cast<float>(n) / 10;
            b.embedding(runnel::node_id{n}, {x, 1 - x});
            b.link({runnel::node_id{n}, runnel::node_id{(n + 1) % 10}, .9});
            b.link({runnel::node_id{n}, runnel::node_id{(n + 3) % 10}, .2 + .05 * n});
        }
        return std::move(b).build().value();
    }
    runnel::graph::built built_;
    runnel::config settings_{.alpha = .5, .transfer_cap = 1};
    std::array<runnel::stimulus, 2> seeds_{{{runnel::node_id{0}, .5}, {runnel::node_id{4}, .5}}};
};
