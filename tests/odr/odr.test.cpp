// SPDX-License-Identifier: MIT
// Parts of one program compiled with different flags link, and agree on layouts, objects and bits.
#include "odr/facts.hpp"
#include "support/catch.hpp"

TEST_CASE("parts compiled differently agree", "[odr]") {
    auto const here = odr::work_out();
    for (auto const& there : {odr::in_twice(), odr::in_backwards(), odr::in_umbrella()}) {
        CHECK(there.sizes == here.sizes);
        CHECK(there.address == here.address);
        CHECK(there.digest == here.digest);
    }
}
