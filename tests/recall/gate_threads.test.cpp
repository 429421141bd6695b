// SPDX-License-Identifier: MIT
#include <atomic>
#include <thread>

#include <runnel/recall/detail/gate.hpp>

#include "support/catch.hpp"

using gate = runnel::recall::detail::gate;

TEST_CASE("A search kept out by a change goes in before the next change", "[recall]") {
    gate door;
    for (int round = 0; round < 50; ++round) {
        std::atomic<bool> was_in{false};
        std::thread search;
        {
            gate::exclusive const alone{door};
            search = std::thread{[&] {
                gate::shared const inside{door};
                was_in = true;
            }};
            while (door.waiting() == 0) std::this_thread::yield();
        }
        bool seen = false;
        {
            gate::exclusive const alone{door};
            seen = was_in;
        }
        search.join();
        REQUIRE(seen);
    }
    CHECK(door.waiting() == 0);
}

TEST_CASE("Changes and searches exclude each other", "[recall]") {
    gate door;
    int first = 0; // not atomic: the gate is what keeps them apart
    int second = 0;
    std::atomic<bool> done{false};
    std::atomic<int> torn{0};
    auto const look = [&] {
        while (!done) {
            gate::shared const inside{door};
            if (first != second) ++torn;
        }
    };
    std::thread one{look};
    std::thread two{look};
    for (int i = 0; i < 2000; ++i) {
        gate::exclusive const alone{door};
        ++first;
        ++second;
    }
    done = true;
    one.join();
    two.join();
    CHECK(torn == 0);
    CHECK(second == 2000);
}
