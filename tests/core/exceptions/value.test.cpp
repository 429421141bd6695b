// SPDX-License-Identifier: MIT
// Files with and without exceptions may be linked together, and each keeps its own answer.
#include "core/exceptions/value.hpp"

#include "support/catch.hpp"
#include "support/stops.hpp"

#if RUNNEL_TEST_CAN_STOP
TEST_CASE("value() of a fault throws where exceptions are on", "[core][result]") {
    bool threw = false;
    bool const stopped = support::stops(
        [] { static_cast<void>(value_of_a_fault::thrown_where_exceptions_are_on()); });
    if (!stopped) threw = value_of_a_fault::thrown_where_exceptions_are_on();
    CHECK(threw);
}

TEST_CASE("value() of a fault stops the program where exceptions are off", "[core][result]") {
    CHECK(support::stops([] {
        try {
            value_of_a_fault::asked_where_exceptions_are_off();
        } catch (...) {} // thrown through a file that cannot unwind: not what it promised
    }));
}
#endif
