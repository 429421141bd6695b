// SPDX-License-Identifier: MIT
// Fields that end their frames at once share one slow clock: no time is lost and none counts twice.
#include <cstdint>
#include <thread>
#include <utility>
#include <vector>

#include <runnel/graph.hpp>
#include <runnel/weight.hpp>

#include "support/catch.hpp"

TEST_CASE("threads that let time pass at once lose none", "[weight][threads]") {
    using runnel::node_id;
    runnel::graph::builder b;
    constexpr std::uint16_t kinds = 1000; // a fall takes long enough to be run into
    b.nodes(kinds);
    for (std::uint16_t n = 0; n < kinds; ++n) {
        b.scope(node_id{n}, runnel::scope_id{n});
        b.log_link(
            {node_id{n}, node_id{(n + 1U) % kinds}, runnel::log_weight::from_log(100).value()});
    }
    auto made = std::move(b).build().value();
    constexpr double step = 0x1p-24; // one raw step a second: what falls can be counted
    runnel::fall_rates const rates{.of_links = step, .every = 7};
    constexpr int frames = 4000;
    std::uint64_t busy[4]{};
    std::vector<std::thread> fields;
    for (auto& refused : busy)
        fields.emplace_back([&made, &rates, &refused] {
            auto reader = made.store.board().join();
            for (int i = 0; i < frames; ++i) {
                if (i % 3 == 0 && reader.enter()) { // a frame of its own, now and then
                    if (made.store.lw(runnel::link_id{0}).log() > 100) ++refused; // never
                    reader.leave();
                }
                if (!made.store.elapse(rates, 1)) ++refused;
            }
        });
    for (auto& field : fields) field.join();
    CHECK(busy[0] + busy[1] + busy[2] + busy[3] < 4 * frames);
    for (int i = 0; i < 7; ++i) // whatever is left falls due within so many frames
        REQUIRE(made.store.elapse(rates, 0).has_value());
    std::int32_t const fallen = (100 << 24) - made.store.lw(runnel::link_id{0}).raw();
    CHECK(fallen == 4 * frames);
}
