// SPDX-License-Identifier: MIT
// The check as it is in a release: nothing at all, its condition not even evaluated.
#ifndef NDEBUG
#    define NDEBUG
#endif
#undef RUNNEL_CHECKED
#include <runnel/core/expects.hpp>

#include "support/catch.hpp"

TEST_CASE("a release evaluates no condition", "[core][expects]") {
    int evaluated = 0;
    RUNNEL_EXPECTS(++evaluated == 7, "core: never looked at");
    CHECK(evaluated == 0);
}
