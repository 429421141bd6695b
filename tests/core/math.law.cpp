// SPDX-License-Identifier: MIT
// exp, log, tanh, the normal quantile and sums against wider arithmetic: x87 long doubles where there are any, integers elsewhere.
#include <bit>
#include <cfloat>
#include <cmath>
#include <cstdint>
#include <limits>

#include <runnel/core/math.hpp>

#include "support/catch.hpp"
#include "support/law.hpp"

namespace math = runnel::math;

namespace {

/// Whether a long double is wider than a double here and now (some checkers compute it narrow).
bool wider() {
    long double volatile const small = 0x1p-60L;
    long double volatile const sum = 1.0L + small;
    return LDBL_MANT_DIG >= 64 && sum != 1.0L;
}

template <class Body> void against_wider(std::size_t cases, Body&& body) {
    if (wider())
        law::for_all(cases, body);
    else
        WARN("not measured: no arithmetic wider than a double here");
}

/// Distance in units of the last place a double has at the true figure.
double ulps(double computed, long double truth) {
    int exponent = truth == 0 ? -1022 : std::ilogb(truth);
    if (exponent < -1022) exponent = -1022;
    return static_cast<double>(
        std::fabs(static_cast<long double>(computed) - truth) / std::ldexp(1.0L, exponent - 52));
}

void log_within_an_ulp(law::gen& g, double x) {
    double const off = ulps(math::log(x), std::log(static_cast<long double>(x)));
    g.show("ulps off", off);
    g.holds(off <= 1, "log within one ulp");
}
void exp_within_an_ulp(law::gen& g, double x) {
    double const off = ulps(math::exp(x), std::exp(static_cast<long double>(x)));
    g.show("ulps off", off);
    g.holds(off <= 1, "exp within one ulp");
}

} // namespace

TEST_CASE("exp is within one ulp over its whole range", "[core][math]") {
    against_wider(200'000, [](law::gen& g) { exp_within_an_ulp(g, g.real(-745.13, 709.78, "x")); });
}

TEST_CASE("exp is within one ulp where its results are subnormal", "[core][math]") {
    against_wider(100'000, [](law::gen& g) { exp_within_an_ulp(g, g.real(-745.13, -707, "x")); });
}

TEST_CASE("exp is within one ulp of small arguments", "[core][math]") {
    against_wider(100'000, [](law::gen& g) {
        double const x = g.magnitude(-1074, 0);
        exp_within_an_ulp(g, g.flag("negative") ? -x : x);
    });
}

TEST_CASE("exp is within one ulp where its reduction turns over", "[core][math]") {
    against_wider(100'000, [](law::gen& g) {
        int const k = g.integer(-1073, 1022, "k");
        double const near = (k + .5) * 0.6931471805599453;
        exp_within_an_ulp(g, near * (1 + g.real(-1e-12, 1e-12, "shift")));
    });
}

TEST_CASE("log is within one ulp of numbers of every size", "[core][math]") {
    against_wider(
        200'000, [](law::gen& g) { log_within_an_ulp(g, g.magnitude(-1022, 1023, "x")); });
}

TEST_CASE("log is within one ulp of subnormal numbers", "[core][math]") {
    against_wider(50'000, [](law::gen& g) {
        auto const bits = g.integer(std::uint64_t{1}, (std::uint64_t{1} << 52) - 1, "bits");
        log_within_an_ulp(g, std::bit_cast<double>(bits));
    });
}

TEST_CASE("log is within one ulp close to one", "[core][math]") {
    against_wider(200'000, [](law::gen& g) {
        double const away = g.magnitude(-52, -2, "away");
        log_within_an_ulp(g, g.flag("below") ? 1 - away : 1 + away);
    });
}

TEST_CASE("log is within one ulp where its reduction turns over", "[core][math]") {
    against_wider(100'000, [](law::gen& g) {
        double const near = 1.4142135623730951 * (1 + g.real(-1e-9, 1e-9, "shift"));
        log_within_an_ulp(g, std::ldexp(near, g.integer(-1000, 1000, "k")));
    });
}

TEST_CASE("exp and log undo each other", "[core][math]") {
    law::for_all(50'000, [](law::gen& g) {
        double const x = g.real(-700, 700, "x");
        double const back = math::log(math::exp(x));
        g.holds(std::abs(back - x) <= 0x1p-51 + 0x1p-51 * std::abs(x), "log(exp(x)) is x");
    });
}

TEST_CASE("exp never falls where its argument rises", "[core][math]") {
    law::for_all(100'000, [](law::gen& g) {
        double const x = g.flag() ? g.real(-745, 709, "x") : g.magnitude(-60, 2, "x");
        double const y = x + std::abs(x) * g.magnitude(-50, -3, "step");
        double const slack = math::exp(x) * 0x1p-51; // two roundings apart at most
        g.holds(math::exp(y) >= math::exp(x) - slack, "monotone up to its error");
    });
}

TEST_CASE("one minus exp of minus is within four ulps", "[core][math]") {
    against_wider(200'000, [](law::gen& g) {
        double const size = g.flag() ? g.real(0, 3) : g.magnitude(-1000, 9);
        double const x = g.flag() && size < 700 ? -size : size;
        g.show("x", x);
        double const off =
            ulps(math::one_minus_exp_of_minus(x), -std::expm1(-static_cast<long double>(x)));
        g.show("ulps off", off);
        g.holds(off <= 4, "no cancellation");
    });
}

TEST_CASE("what decays is never more than everything", "[core][math]") {
    law::for_all(50'000, [](law::gen& g) {
        double const lost = math::one_minus_exp_of_minus(g.magnitude(-1074, 1000, "x"));
        g.holds(lost >= 0 && lost <= 1, "a share");
    });
}

TEST_CASE("tanh is within two ulps", "[core][math]") {
    against_wider(300'000, [](law::gen& g) {
        double const x = g.flag() ? g.real(0, 3) : g.magnitude(-1074, 9);
        g.show("x", x);
        double const off = ulps(math::tanh(x), std::tanh(static_cast<long double>(x)));
        g.show("ulps off", off);
        g.holds(off <= 2, "tanh within two ulps");
    });
}

TEST_CASE("tanh is odd, below one and does not fall", "[core][math]") {
    law::for_all(100'000, [](law::gen& g) {
        double const x = g.flag() ? g.real(0, 20, "x") : g.magnitude(-1074, 1000, "x");
        double const t = math::tanh(x);
        g.holds(math::tanh(-x) == -t, "odd");
        g.holds(t >= 0 && t <= 1 && t <= x, "between 0 and both 1 and x");
        double const y = x + x * g.magnitude(-50, -3, "step");
        g.holds(math::tanh(y) >= t - t * 0x1p-51, "monotone up to its error");
    });
}

namespace {
/// How far off a computed quantile is of itself, as the normal distribution sees it.
double quantile_off(double p, double computed) {
    long double const x = computed;
    long double const at = std::erfc(-x / std::sqrt(2.0L)) / 2; // no cancellation for x <= 0
    long double const density = std::exp(-x * x / 2) / std::sqrt(2 * 3.14159265358979323846264L);
    return static_cast<double>(std::fabs((at - p) / density / x));
}
} // namespace

TEST_CASE("the normal quantile errs by less than 1e-14 of itself", "[core][math]") {
    against_wider(200'000, [](law::gen& g) {
        double const p = g.flag() ? g.real(1e-6, .25, "p") : g.magnitude(-1021, -3, "p");
        double const off = quantile_off(p, math::normal_quantile(p));
        g.show("off", off);
        g.holds(off < 1e-14, "as the distribution says");
    });
}

TEST_CASE("the normal quantile keeps its figures close to the middle", "[core][math]") {
    // There p itself hides what is asked: x = (p - 1/2) sqrt(2 pi) (1 + (p - 1/2)^2 pi/3 + ...).
    against_wider(100'000, [](law::gen& g) {
        auto const steps = g.integer(std::int64_t{1}, std::int64_t{1} << 41, "steps");
        double const q = static_cast<double>(steps) * 0x1p-53;
        long double const y = static_cast<long double>(q) * std::sqrt(2 * 3.14159265358979323846L);
        long double const truth = y + y * y * y / 6 + 7 * y * y * y * y * y / 120;
        double const off =
            static_cast<double>(std::fabs(math::normal_quantile(.5 + q) / truth - 1));
        g.show("off", off);
        g.holds(off < 1e-14, "as its series says");
    });
}

TEST_CASE("the normal quantile mirrors to the bit and does not fall", "[core][math]") {
    law::for_all(100'000, [](law::gen& g) {
        auto const steps = g.integer(std::int64_t{1}, (std::int64_t{1} << 53) - 1, "steps");
        double const p = static_cast<double>(steps) * 0x1p-53; // 1 - p is exact
        double const x = math::normal_quantile(p);
        g.holds(math::normal_quantile(1 - p) == -x, "mirrors");
        double const next = p + g.magnitude(-50, -3, "step");
        if (next < 1)
            g.holds(
                math::normal_quantile(next) >= x - std::abs(x) * 1e-14, "monotone up to its error");
    });
}

TEST_CASE("a product is what the processor rounds", "[core][math]") {
    law::for_all(20'000, [](law::gen& g) {
        double const a = g.any_double("a");
        double const b = g.any_double("b");
        double const volatile expected = a * b;
        double const computed = math::product(a, b);
        g.holds(
            std::bit_cast<std::uint64_t>(computed) == std::bit_cast<std::uint64_t>(expected + 0)
                || computed == expected || (std::isnan(computed) && std::isnan(expected)),
            "a * b");
    });
}

TEST_CASE("a sum of doubles of one sign loses at most the last bit", "[core][math]") {
    law::for_all(5'000, [](law::gen& g) {
        math::exact_sum sum;
        runnel::int128 truth = 0; // every term is a whole number below 2^113
        for (int const bits : g.list(60, [&] { return g.integer(0, 60); })) {
            auto const term = g.integer(std::uint64_t{0}, (std::uint64_t{1} << 53) - 1);
            sum.add(std::ldexp(static_cast<double>(term), bits));
            truth += static_cast<runnel::int128>(term) << bits;
        }
        auto const off = static_cast<runnel::int128>(sum.total()) - truth;
        double const ulp = std::ldexp(1.0, std::ilogb(sum.total() + 1) - 52);
        g.show("off", static_cast<double>(off));
        g.holds(std::abs(static_cast<double>(off)) <= ulp, "the last bit");
    });
}

TEST_CASE("a sum that cancels loses no more than second-order rounding", "[core][math]") {
    law::for_all(5'000, [](law::gen& g) {
        math::exact_sum sum;
        runnel::int128 truth = 0;
        double sizes = 0;
        auto const terms = g.list(60, [&] { return g.integer(0, 60); });
        for (int const bits : terms) {
            auto const most = std::int64_t{1} << 53;
            auto const term = g.integer(-most, most);
            sum.add(std::ldexp(static_cast<double>(term), bits));
            truth += runnel::int128{term} * (runnel::int128{1} << bits);
            sizes += std::ldexp(std::abs(static_cast<double>(term)), bits);
        }
        double const off =
            std::abs(static_cast<double>(static_cast<runnel::int128>(sum.total()) - truth));
        double const n = static_cast<double>(terms.size());
        double const last_bit = std::abs(static_cast<double>(truth)) * 0x1p-52;
        g.show("off", off);
        g.holds(off <= last_bit + 2 * n * n * 0x1p-106 * sizes + 1, "Neumaier's bound");
    });
}
