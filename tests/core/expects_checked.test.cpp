// SPDX-License-Identifier: MIT
// The check as it is under RUNNEL_CHECKED, whatever NDEBUG says.
#ifndef NDEBUG
#    define NDEBUG
#endif
#ifndef RUNNEL_CHECKED
#    define RUNNEL_CHECKED
#endif
#include <runnel/core/expects.hpp>

#include "support/catch.hpp"
#include "support/stops.hpp"

#if RUNNEL_TEST_CAN_STOP
TEST_CASE("a checked release still checks", "[core][expects]") {
    bool const fine = false;
    CHECK(support::stops([&] { RUNNEL_EXPECTS(fine, "core: stop"); }));
}
#endif

TEST_CASE("a condition that holds is evaluated once", "[core][expects]") {
    int evaluated = 0;
    RUNNEL_EXPECTS(++evaluated == 1, "core: once");
    CHECK(evaluated == 1);
}
