// SPDX-License-Identifier: MIT
// Catch2 as the tests see it: 2.13 (one header, the distribution's) or 3 (many headers), behind one include.
//
// Both offer TEST_CASE, SECTION, REQUIRE, CHECK, CAPTURE, INFO and the generators under the same names; what moved
// between them is named here once: Approx, global in 2.13, is made so in 3.
#pragma once

#if __has_include(<catch2/catch_all.hpp>)
#    include <catch2/catch_all.hpp>
using Catch::Approx;
#else
#    include <catch2/catch.hpp>
#endif
