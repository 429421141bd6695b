// SPDX-License-Identifier: MIT
// Counts what the program allocates, and lets an allocation fail on request.
//
// Why:  "a steady frame allocates nothing" and "a failed allocation changes nothing" are laws of
//       runnel; only the global operator new sees all of it.
// Laws: counts every form of new and delete of the whole program, all threads, from its start; bytes
//       are those asked for. Works under the address checker and GCC's thread checker; clang's brings
//       its own new, so there nothing counts and `if (!support::counting()) return;` says so.
// Use:  tests/support/allocations.cpp is part of the archive every test program links; outside CMake name
//       it beside the test. Without it nothing here links, so a count is never silently 0.
#pragma once

#include <cstddef>

#include "support/catch.hpp"

#if defined(__clang__)
#    if __has_feature(thread_sanitizer)
#        define RUNNEL_TEST_COUNTS_ALLOCATIONS 0
#    endif
#endif
#ifndef RUNNEL_TEST_COUNTS_ALLOCATIONS
#    define RUNNEL_TEST_COUNTS_ALLOCATIONS 1
#endif

namespace support {

/// False, with a warning in the report, where nothing can be counted: leave the test then.
[[nodiscard]] inline bool counting() {
    if (RUNNEL_TEST_COUNTS_ALLOCATIONS == 0)
        WARN("not measured: this checker has an operator new of its own");
    return RUNNEL_TEST_COUNTS_ALLOCATIONS != 0;
}

struct allocations {
    std::size_t count = 0;      ///< calls of new so far
    std::size_t live_bytes = 0; ///< asked for and not yet given back
};
[[nodiscard]] allocations allocated() noexcept;

/// What was allocated since it was made.
class allocation_watch {
public:
    [[nodiscard]] std::size_t count() const noexcept { return allocated().count - start_.count; }
    /// Bytes kept; negative if more was given back than taken.
    [[nodiscard]] std::ptrdiff_t kept_bytes() const noexcept {
        return static_cast<std::ptrdiff_t>(allocated().live_bytes)
               - static_cast<std::ptrdiff_t>(start_.live_bytes);
    }

private:
    allocations start_ = allocated();
};

/// While it lives, this thread's allocation number `after` (0 = the next) throws std::bad_alloc, once.
class failing_allocation {
public:
    explicit failing_allocation(std::size_t after) noexcept;
    ~failing_allocation();
    failing_allocation(failing_allocation const&) = delete;
    failing_allocation& operator=(failing_allocation const&) = delete;
    /// False if there were fewer allocations than that: the test ran past the last one.
    [[nodiscard]] bool happened() const noexcept;
};

} // namespace support
