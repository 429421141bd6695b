// SPDX-License-Identifier: MIT
// The version of the library, written once: the build files parse these three numbers.
#pragma once

#define RUNNEL_VERSION_MAJOR 0
#define RUNNEL_VERSION_MINOR 1
#define RUNNEL_VERSION_PATCH 0
