// SPDX-License-Identifier: MIT
// Several exponentials at once are the exponentials one by one, to the bit.
#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>

#include <runnel/core/exps.hpp>

#include "support/catch.hpp"
#include "support/law.hpp"

namespace {
bool same(double a, double b) {
    return std::bit_cast<std::uint64_t>(a) == std::bit_cast<std::uint64_t>(b);
}
} // namespace

TEST_CASE("exps are exp, to the bit", "[core][exps]") {
    law::for_all(20'000, [](law::gen& g) {
        double const reach = g.one_of({1.0, 1e-3, 40.0, 700.0, 1e-300, 900.0}, "reach");
        double x[4];
        double one[4];
        for (int i = 0; i < 4; ++i) {
            x[i] = g.choose(9) == 9 ? 0.0 : g.real(-reach, reach);
            if (g.choose(40) == 40) x[i] = -0.0;
            g.show("x", x[i]);
            one[i] = runnel::math::exp(x[i]);
        }
        runnel::math::exps(x);
        for (int i = 0; i < 4; ++i) g.holds(same(x[i], one[i]), "the same bits");
    });
}

TEST_CASE("exps of what is no number, or beyond all numbers", "[core][exps]") {
    constexpr double far = std::numeric_limits<double>::infinity();
    for (double const odd : {far, -far, 709.9, -745.2, 700.0, -700.0, 1e308, -1e308}) {
        double x[2] = {odd, 1};
        runnel::math::exps(x);
        CHECK(same(x[0], runnel::math::exp(odd)));
        CHECK(same(x[1], runnel::math::exp(1)));
    }
    law::for_all(20'000, [](law::gen& g) { // any bits, beside each other
        double many[4];
        double one[4];
        for (int i = 0; i < 4; ++i) {
            many[i] = g.flag() ? std::bit_cast<double>(g.choose(~std::uint64_t{0}))
                               : g.one_of({far, -far, -1000.0, 3.0, std::nan("")});
            g.show("x", many[i]);
            one[i] = runnel::math::exp(many[i]);
        }
        runnel::math::exps(many);
        for (int i = 0; i < 4; ++i)
            g.holds(same(many[i], one[i]) || (many[i] != many[i] && one[i] != one[i]), "the same");
    });
    double x[2] = {std::numeric_limits<double>::quiet_NaN(), 2};
    runnel::math::exps(x);
    CHECK(std::isnan(x[0]));
    CHECK(same(x[1], runnel::math::exp(2)));
}
