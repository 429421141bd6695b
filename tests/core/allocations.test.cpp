// SPDX-License-Identifier: MIT
// The allocation counter itself, before anyone trusts a count of 0.
#include "support/allocations.hpp"

#include <cstdint>
#include <memory>
#include <new>
#include <vector>

#include "support/catch.hpp"

namespace {

struct alignas(256) wide {
    char bytes[256];
};

/// Keeps the optimiser from removing a new that meets its delete.
template <class T> T* keep(T* thing) {
    asm volatile("" : "+r"(thing) : : "memory");
    return thing;
}

} // namespace

TEST_CASE("a planted allocation is caught", "[core][allocations]") {
    if (!support::counting()) return;
    support::allocation_watch watch;
    std::unique_ptr<int> const planted{keep(new int{1})};
    std::size_t const count = watch.count();
    std::ptrdiff_t const kept = watch.kept_bytes();
    CHECK(count == 1);
    CHECK(kept == sizeof(int));
}

TEST_CASE("doing nothing allocates nothing", "[core][allocations]") {
    if (!support::counting()) return;
    support::allocation_watch watch;
    int local = 1;
    keep(&local);
    std::size_t const count = watch.count();
    CHECK(count == 0);
}

TEST_CASE("live bytes fall back when memory is given back", "[core][allocations]") {
    if (!support::counting()) return;
    support::allocation_watch watch;
    {
        std::vector<double> numbers(1000);
        keep(numbers.data());
        std::ptrdiff_t const kept = watch.kept_bytes();
        CHECK(kept >= 8000);
    }
    std::ptrdiff_t const kept = watch.kept_bytes();
    CHECK(kept == 0);
}

TEST_CASE("aligned memory is counted and aligned", "[core][allocations]") {
    if (!support::counting()) return;
    support::allocation_watch watch;
    std::unique_ptr<wide> const one{keep(new wide)};
    std::unique_ptr<wide[]> const many{keep(new wide[3])};
    std::size_t const count = watch.count();
    std::ptrdiff_t const kept = watch.kept_bytes();
    CHECK(count == 2);
    CHECK(kept == 4 * sizeof(wide));
    CHECK(reinterpret_cast<std::uintptr_t>(one.get()) % 256 == 0);
    CHECK(reinterpret_cast<std::uintptr_t>(many.get()) % 256 == 0);
}

TEST_CASE("a chosen allocation fails, once", "[core][allocations]") {
    if (!support::counting()) return;
    bool first_worked = false;
    bool second_failed = false;
    bool third_worked = false;
    bool happened = false;
    {
        support::failing_allocation failing{1};
        first_worked = std::unique_ptr<int>{keep(new int)} != nullptr;
        try {
            delete keep(new int);
        } catch (std::bad_alloc const&) { second_failed = true; }
        happened = failing.happened();
        third_worked = std::unique_ptr<int>{keep(new int)} != nullptr;
    }
    CHECK(first_worked);
    CHECK(second_failed);
    CHECK(happened);
    CHECK(third_worked);
}

TEST_CASE("a failure that was never reached is known", "[core][allocations]") {
    if (!support::counting()) return;
    support::failing_allocation failing{1000};
    bool const happened = failing.happened();
    CHECK_FALSE(happened);
}
