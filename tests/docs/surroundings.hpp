// SPDX-License-Identifier: MIT
// What a block in a guide may assume without saying so: a graph, its store, settings, seeds, a step.
#include <span>
#include <utility>

#include <fmt/core.h>

#include <runnel/interop/fmt.hpp>
#include <runnel/runnel.hpp>

struct surroundings {
    runnel::graph const& graph;
    runnel::graph::store& store;
    runnel::config const& settings;
    std::span<runnel::stimulus const> seeds;
};
