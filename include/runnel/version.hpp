// SPDX-License-Identifier: MIT
// The version of the library, written once: the build files parse these three numbers.
#pragma once

#define RUNNEL_VERSION_MAJOR 0
#define RUNNEL_VERSION_MINOR 1
#define RUNNEL_VERSION_PATCH 0

namespace runnel {

/// The same three numbers for code that prints or checks them at run time.
struct version_number {
    int major;
    int minor;
    int patch;
};

inline constexpr version_number version{RUNNEL_VERSION_MAJOR, RUNNEL_VERSION_MINOR, RUNNEL_VERSION_PATCH};

} // namespace runnel
