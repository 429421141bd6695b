// SPDX-License-Identifier: MIT
// room: core. The arctangent of a quotient, whose bits do not depend on compiler flags.
//
// Why:  angles are compared and stored, so they must be the same on every machine, as exp and log are
//       (see math.hpp). From two legs and not from a cosine: a cosine near 1 has lost half its digits.
// Laws: within 2 ulp of the true angle (tests measure it); 0 exactly where the opposite leg is 0, the
//       nearest double to pi/2 where the adjacent one is; usable in constant expressions.
// Cost: two divisions' time, no tables to speak of.
#pragma once

#include <runnel/core/expects.hpp>
#include <runnel/core/math.hpp>

namespace runnel::math {

/// The legs of a right triangle, neither negative, both below 2^1000.
struct legs {
    double opposite = 0;
    double adjacent = 1;
};

/// The angle between the adjacent leg and the hypotenuse, [0, pi/2]; 0 where both legs are 0.
[[nodiscard]] constexpr double arctangent(legs l) noexcept {
    RUNNEL_EXPECTS(
        l.opposite >= 0 && l.opposite < 0x1p1000 && l.adjacent >= 0 && l.adjacent < 0x1p1000,
        "core: legs are neither negative nor endless");
    bool const steep = l.opposite > l.adjacent;
    double const small = steep ? l.adjacent : l.opposite;
    double const large = steep ? l.opposite : l.adjacent;
    if (large == 0) return 0;
    // arctan(small/large) = arctan c + arctan r, with c in {0, 1/2, 1} so that |r| <= 1/4; the differences are exact.
    // Where it is steep, pi/2 minus that. `from` is what r is added to or taken from.
    struct {
        double high, low;
    } from{};
    double r = 0;
    if (small <= product(.25, large)) {
        r = small / large;
        if (steep) from = {0x1.921fb54442d18p+0, 0x1.1a62633145c07p-54};
    } else if (small <= product(.75, large)) {
        r = (small - product(.5, large)) / (large + product(.5, small));
        if (steep)
            from = {0x1.1b6e192ebbe44p+0, 0x1.b1b466a88828ep-54};
        else
            from = {0x1.dac670561bb4fp-2, 0x1.a2b7f222f65e2p-56};
    } else {
        r = (small - large) / (large + small);
        from = {0x1.921fb54442d18p-1, 0x1.1a62633145c07p-55};
    }
    if (steep) r = -r;
    // Taylor to r^25, whose tail is below 2^-56 of r.
    constexpr double over_odd[12] = {-1.0 / 3,  1.0 / 5,  -1.0 / 7,  1.0 / 9,  -1.0 / 11, 1.0 / 13,
                                     -1.0 / 15, 1.0 / 17, -1.0 / 19, 1.0 / 21, -1.0 / 23, 1.0 / 25};
    double const r2 = product(r, r);
    double const tail = product(product(r, r2), detail::polynomial(over_odd, r2));
    return from.high + (r + (from.low + tail));
}

} // namespace runnel::math
