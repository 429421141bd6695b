// SPDX-License-Identifier: MIT
// What every part of one program must agree on, worked out in each part by the same text.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include <runnel/runnel.hpp>

namespace odr {

struct facts {
    std::vector<std::size_t> sizes;
    void const* address = nullptr; ///< of an inline variable: one object in the whole program
    std::uint64_t digest = 0;      ///< of a field after a few frames
};

facts in_twice();
facts in_backwards();
facts in_umbrella();

namespace {
// Internal linkage: each part compiles its own, with its own flags.
[[maybe_unused]] facts work_out() {
    runnel::graph::builder notes;
    auto const a = notes.node("a", runnel::node_type::memory);
    auto const b = notes.node("b");
    notes.link({.from = a, .to = b, .weight = .9}).link({.from = b, .to = a, .weight = .4});
    auto const built = std::move(notes).build().value();
    auto const engine = runnel::make_engine(built.graph, built.store).value();
    auto field = engine.make_field();
    engine.inject(field, a, 10).value();
    for (int i = 0; i < 5; ++i) static_cast<void>(engine.tick(field, {.dt = 1}).value());
    return {
        {sizeof(runnel::fault), sizeof(runnel::status), sizeof(runnel::result<int>),
         sizeof(runnel::config), sizeof(runnel::graph), sizeof(runnel::graph::store),
         sizeof(runnel::field), sizeof(runnel::basic_field<double>), sizeof engine,
         sizeof(runnel::pipeline<>), sizeof(runnel::frame_report),
         sizeof(runnel::event::frame_end)},
        &runnel::faults::unknown_node,
        field.digest()};
}
} // namespace
} // namespace odr
