// SPDX-License-Identifier: MIT
#include <array>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>

#include <runnel/core/math.hpp>

#include "support/catch.hpp"

namespace math = runnel::math;

namespace {

using limits = std::numeric_limits<double>;
constexpr double infinity = limits::infinity();
constexpr double not_a_number = limits::quiet_NaN();

bool same_bits(double a, double b) { return std::memcmp(&a, &b, sizeof a) == 0; }

/// What the compiler cannot see through.
double at_run_time(double x) {
    double volatile hidden = x;
    return hidden;
}

constexpr std::array<double, 17> places{0,      1,     -1,   .5,    -.5,    1e-9,
                                        1e-300, 3.7,   -3.7, 88.2,  -128,   -700.0123,
                                        -740,   123.4, .693, 709.5, 0x1p-60};

template <class F> constexpr auto table_of(F f) {
    std::array<double, places.size()> table{};
    for (std::size_t i = 0; i < table.size(); ++i) table[i] = f(places[i]);
    return table;
}
template <class F> bool agrees_with_run_time(std::array<double, places.size()> const& table, F f) {
    for (std::size_t i = 0; i < table.size(); ++i)
        if (!same_bits(table[i], f(at_run_time(places[i])))) return false;
    return true;
}

constexpr double exp_of(double x) { return math::exp(x); }
constexpr double log_of(double x) { return math::log(x < 0 ? -x : x + 1e-3); }
constexpr double loss_of(double x) { return math::one_minus_exp_of_minus(x); }

constexpr double sum_of(auto... terms) {
    math::exact_sum sum;
    (sum.add(terms), ...);
    return sum.total();
}

} // namespace

TEST_CASE("exp of zero is exactly one", "[core][math]") {
    STATIC_REQUIRE(math::exp(0) == 1);
    STATIC_REQUIRE(math::exp(-0.0) == 1);
    STATIC_REQUIRE(math::exp(limits::denorm_min()) == 1);
}

TEST_CASE("exp at the ends of its range", "[core][math]") {
    CHECK(math::exp(709.782712893384) < infinity);
    CHECK(math::exp(709.782712893384) > 1.797e308);
    CHECK(math::exp(std::nextafter(709.782712893384, 1000.0)) == infinity);
    CHECK(math::exp(-745.1332191019411) == limits::denorm_min());
    CHECK(math::exp(-745.1332191019412) <= limits::denorm_min());
    CHECK(math::exp(-745.2) == 0);
}

TEST_CASE("exp of what is not finite", "[core][math]") {
    CHECK(math::exp(infinity) == infinity);
    CHECK(same_bits(math::exp(-infinity), 0.0));
    CHECK(std::isnan(math::exp(not_a_number)));
    CHECK(math::exp(limits::max()) == infinity);
    CHECK(math::exp(limits::lowest()) == 0);
}

TEST_CASE("log of one is exactly zero, and of powers of two a multiple of ln 2", "[core][math]") {
    STATIC_REQUIRE(math::log(1) == 0);
    CHECK_FALSE(std::signbit(math::log(1)));
    for (int k : {-1074, -1022, -100, -1, 1, 10, 1023})
        CHECK(
            std::abs(math::log(std::ldexp(1.0, k)) - k * 0.6931471805599453)
            <= std::abs(k) * 0x1p-52);
}

TEST_CASE("log of what has none", "[core][math]") {
    CHECK(math::log(0) == -infinity);
    CHECK(math::log(-0.0) == -infinity);
    CHECK(std::isnan(math::log(-1)));
    CHECK(std::isnan(math::log(-limits::denorm_min())));
    CHECK(std::isnan(math::log(-infinity)));
    CHECK(std::isnan(math::log(not_a_number)));
    CHECK(math::log(infinity) == infinity);
}

TEST_CASE("log at the ends of its range", "[core][math]") {
    CHECK(std::abs(math::log(limits::max()) - 709.782712893384) < 2e-13);
    CHECK(std::abs(math::log(limits::min()) + 708.3964185322641) < 2e-13);
    CHECK(std::abs(math::log(limits::denorm_min()) + 744.4400719213812) < 2e-13);
}

TEST_CASE("the compiler and the program compute the same bits", "[core][math]") {
    constexpr auto exps = table_of(exp_of);
    constexpr auto logs = table_of(log_of);
    constexpr auto losses = table_of(loss_of);
    CHECK(agrees_with_run_time(exps, exp_of));
    CHECK(agrees_with_run_time(logs, log_of));
    CHECK(agrees_with_run_time(losses, loss_of));
}

TEST_CASE("what is lost at small rates is not cancelled away", "[core][math]") {
    STATIC_REQUIRE(math::one_minus_exp_of_minus(0) == 0);
    STATIC_REQUIRE(math::one_minus_exp_of_minus(1e-300) == 1e-300);
    STATIC_REQUIRE(math::one_minus_exp_of_minus(0x1p-60) == 0x1p-60);
    CHECK(math::one_minus_exp_of_minus(1e-9) < 1e-9);
    CHECK(math::one_minus_exp_of_minus(infinity) == 1);
    CHECK(math::one_minus_exp_of_minus(40) <= 1);
    CHECK(std::isnan(math::one_minus_exp_of_minus(not_a_number)));
}

TEST_CASE("finite means neither infinite nor NaN", "[core][math]") {
    STATIC_REQUIRE(math::finite(0));
    STATIC_REQUIRE(math::finite(limits::max()));
    STATIC_REQUIRE(math::finite(limits::denorm_min()));
    STATIC_REQUIRE_FALSE(math::finite(infinity));
    STATIC_REQUIRE_FALSE(math::finite(-infinity));
    STATIC_REQUIRE_FALSE(math::finite(not_a_number));
}

TEST_CASE("the high half of a product", "[core][math]") {
    constexpr std::uint64_t most = ~std::uint64_t{0};
    STATIC_REQUIRE(math::high_product(most, most) == most - 1);
    STATIC_REQUIRE(math::high_product(most, 1) == 0);
    STATIC_REQUIRE(math::high_product(std::uint64_t{1} << 63, 2) == 1);
    STATIC_REQUIRE(math::high_product(std::uint64_t{1} << 32, std::uint64_t{1} << 32) == 1);
}

TEST_CASE("a sum keeps what a plain one loses", "[core][math]") {
    STATIC_REQUIRE(sum_of(1.0, 1e100, 1.0, -1e100) == 2);
    STATIC_REQUIRE(sum_of(1e16, 1.0, -1e16) == 1);
    STATIC_REQUIRE(sum_of(0x1p53, 1.0, 1.0, 1.0) == 0x1p53 + 4); // 2^53 + 3, a tie, to even
    STATIC_REQUIRE(sum_of() == 0);
}

TEST_CASE("a million tenths make a hundred thousand", "[core][math]") {
    math::exact_sum sum;
    double plain = 0;
    for (int i = 0; i < 1'000'000; ++i) {
        sum.add(.1);
        plain += .1;
    }
    CHECK(sum.total() == 100'000);
    CHECK(plain != 100'000);
}

TEST_CASE("tanh at its ends", "[core][math]") {
    STATIC_REQUIRE(math::tanh(0) == 0);
    STATIC_REQUIRE(math::tanh(infinity) == 1);
    STATIC_REQUIRE(math::tanh(-infinity) == -1);
    STATIC_REQUIRE(math::tanh(1e300) == 1);
    STATIC_REQUIRE(math::tanh(limits::denorm_min()) == limits::denorm_min());
    CHECK(std::signbit(math::tanh(-0.0)));
    CHECK(std::isnan(math::tanh(not_a_number)));
    static constexpr auto table = table_of([](double x) { return math::tanh(x); });
    CHECK(agrees_with_run_time(table, [](double x) { return math::tanh(x); }));
}

TEST_CASE("the normal quantile at its ends and at figures from a table", "[core][math]") {
    CHECK(math::normal_quantile(0) == -infinity);
    CHECK(math::normal_quantile(1) == infinity);
    CHECK(math::normal_quantile(.5) == 0);
    CHECK(std::isnan(math::normal_quantile(-1e-300)));
    CHECK(std::isnan(math::normal_quantile(1.0000001)));
    CHECK(std::isnan(math::normal_quantile(not_a_number)));
    CHECK(std::abs(math::normal_quantile(.975) - 1.959963984540054) < 1e-15);
    CHECK(std::abs(math::normal_quantile(.75) - .6744897501960817) < 1e-15);
    CHECK(std::abs(math::normal_quantile(1e-10) + 6.361340902404056) < 1e-14);
    CHECK(std::abs(math::normal_quantile(limits::denorm_min()) + 38.467405617144344) < 1e-12);
}
