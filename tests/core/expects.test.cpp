// SPDX-License-Identifier: MIT
// The check, replaced before the first include: only expects.hpp is included here, so that nothing
// inline is seen with two meanings in one program.
#include <string>
#include <vector>

namespace {
std::vector<std::string> complaints;
}
#define RUNNEL_EXPECTS(condition, sentence) \
    ((condition) ? static_cast<void>(0) : complaints.push_back(sentence))
#include <runnel/core/expects.hpp>

#include "support/catch.hpp"
#include "support/stops.hpp"

TEST_CASE("a replaced check is the one used", "[core][expects]") {
    complaints.clear();
    RUNNEL_EXPECTS(1 + 1 == 2, "core: never said");
    CHECK(complaints.empty());
    RUNNEL_EXPECTS(1 + 1 == 3, "core: said once");
    REQUIRE(complaints.size() == 1);
    CHECK(complaints[0] == "core: said once");
}

TEST_CASE("a check is an expression", "[core][expects]") {
    complaints.clear();
    int const three = (RUNNEL_EXPECTS(false, "core: on the way"), 3);
    CHECK(three == 3);
    CHECK(complaints.size() == 1);
}

#if RUNNEL_TEST_CAN_STOP
TEST_CASE("a violated check stops the program", "[core][expects]") {
    CHECK(support::stops([] { runnel::detail::violated("core: stop"); }));
    CHECK_FALSE(support::stops([] {}));
}
#endif
