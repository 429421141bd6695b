// SPDX-License-Identifier: MIT
#include <algorithm>
#include <type_traits>
#include <vector>

#include <runnel/core/versions.hpp>

#include "support/allocations.hpp"
#include "support/catch.hpp"
#include "support/law.hpp"

namespace {

struct overlay_tag;
struct probe_tag;
using slots = runnel::slot_register<overlay_tag>;
using handle = slots::handle_type;

} // namespace

TEST_CASE("a version grows by one and starts at never", "[core][versions]") {
    constexpr runnel::version never{};
    STATIC_REQUIRE(runnel::next(never) == runnel::version{1});
    STATIC_REQUIRE(never < runnel::next(never));
}

TEST_CASE("handles of different things do not mix", "[core][versions]") {
    STATIC_REQUIRE_FALSE(
        std::is_convertible_v<runnel::handle<overlay_tag>, runnel::handle<probe_tag>>);
}

TEST_CASE("an empty handle is never valid", "[core][versions]") {
    slots some;
    CHECK_FALSE(some.valid(handle{}));
    static_cast<void>(some.acquire());
    CHECK_FALSE(some.valid(handle{}));
    CHECK_FALSE(some.valid(handle{0, 0}));
}

TEST_CASE("a handle is valid from acquire to release", "[core][versions]") {
    slots some;
    handle const h = some.acquire();
    CHECK(some.valid(h));
    CHECK(some.size() == 1);
    CHECK(some.release(h));
    CHECK_FALSE(some.valid(h));
    CHECK(some.size() == 0);
}

TEST_CASE("a released slot is used again under a new generation", "[core][versions]") {
    slots some;
    handle const first = some.acquire();
    CHECK(some.release(first));
    handle const second = some.acquire();
    CHECK(second.slot == first.slot);
    CHECK(second != first);
    CHECK(some.valid(second));
    CHECK_FALSE(some.valid(first));
}

TEST_CASE("a second release is refused and changes nothing", "[core][versions]") {
    slots some;
    handle const h = some.acquire();
    CHECK(some.release(h));
    CHECK_FALSE(some.release(h));
    CHECK(some.size() == 0);
    handle const a = some.acquire();
    handle const b = some.acquire();
    CHECK(a.slot != b.slot);
}

TEST_CASE("a stale handle does not release the slot's new holder", "[core][versions]") {
    slots some;
    handle const stale = some.acquire();
    CHECK(some.release(stale));
    handle const fresh = some.acquire();
    CHECK_FALSE(some.release(stale));
    CHECK(some.valid(fresh));
}

TEST_CASE("a guessed handle of a free slot is not valid", "[core][versions]") {
    slots some;
    handle const h = some.acquire();
    CHECK(some.release(h));
    handle const guessed{h.slot, h.generation + 1};
    CHECK_FALSE(some.valid(guessed));
    CHECK_FALSE(some.release(guessed));
    CHECK(some.size() == 0);
}

TEST_CASE("a handle of another register's slot count is refused", "[core][versions]") {
    slots few;
    slots many;
    static_cast<void>(few.acquire());
    static_cast<void>(many.acquire());
    handle const beyond = many.acquire();
    CHECK_FALSE(few.valid(beyond));
    CHECK_FALSE(few.release(beyond));
}

TEST_CASE("a register behaves as a set of handles", "[core][versions]") {
    law::for_all(1000, [](law::gen& g) {
        slots some;
        std::vector<handle> held;
        std::vector<handle> gone;
        for (int const act : g.list(60, [&] { return g.integer(0, 2); })) {
            if (act == 0 || held.empty()) {
                handle const h = some.acquire();
                g.holds(std::find(gone.begin(), gone.end(), h) == gone.end(), "no handle returns");
                held.push_back(h);
            } else if (act == 1) {
                auto const at = static_cast<std::ptrdiff_t>(g.choose(held.size() - 1));
                handle const h = held[static_cast<std::size_t>(at)];
                g.holds(some.release(h), "a held handle is released");
                held.erase(held.begin() + at);
                gone.push_back(h);
            } else if (!gone.empty()) {
                g.holds(!some.release(gone[g.choose(gone.size() - 1)]), "a stale one is refused");
            }
            g.holds(some.size() == held.size(), "as many as are held");
            for (handle const& h : held) g.holds(some.valid(h), "held handles are valid");
            for (handle const& h : gone) g.holds(!some.valid(h), "released ones are not");
        }
    });
}

TEST_CASE("release allocates nothing", "[core][versions]") {
    if (!support::counting()) return;
    slots some;
    std::vector<handle> held;
    for (int i = 0; i < 1000; ++i) held.push_back(some.acquire());
    support::allocation_watch watch;
    bool all = true;
    for (handle const h : held) all = some.release(h) && all;
    std::size_t const allocations = watch.count();
    CHECK(all);
    CHECK(allocations == 0);
}

TEST_CASE("taking n slots allocates about log n times", "[core][versions]") {
    if (!support::counting()) return;
    slots some;
    support::allocation_watch watch;
    for (int i = 0; i < 10'000; ++i) static_cast<void>(some.acquire());
    std::size_t const allocations = watch.count();
    CHECK(allocations < 100);
}

TEST_CASE("a failed allocation takes no slot", "[core][versions]") {
    if (!support::counting()) return;
    for (std::size_t which = 0; which < 3; ++which) {
        slots some;
        for (int i = 0; i < 8; ++i) static_cast<void>(some.acquire());
        {
            support::failing_allocation failing{which};
            try {
                for (int i = 0; i < 100; ++i) static_cast<void>(some.acquire());
            } catch (std::bad_alloc const&) {}
        }
        std::size_t const before = some.size();
        handle const next = some.acquire();
        CAPTURE(which, before);
        CHECK(some.size() == before + 1);
        CHECK(next.slot == before);
    }
}
