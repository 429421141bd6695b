// SPDX-License-Identifier: MIT
#include <memory>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include <runnel/core/result.hpp>

#include "support/catch.hpp"
#include "support/stops.hpp"

using runnel::fault;
using runnel::result;
using runnel::status;

namespace {

constexpr runnel::fault_kind odd{"core.odd", "must be even"};

constexpr result<int> half_of(int whole) {
    if (whole % 2 != 0) return fault{odd, whole};
    return whole / 2;
}
constexpr status check_even(int whole) {
    if (whole % 2 != 0) return fault{odd, whole};
    return {};
}

/// Counts its living instances.
struct counted {
    static inline int living = 0;
    int number = 0;
    explicit counted(int n) : number(n) { ++living; }
    counted(counted const& other) : number(other.number) { ++living; }
    counted(counted&& other) noexcept : number(std::exchange(other.number, -1)) { ++living; }
    counted& operator=(counted const&) = delete;
    ~counted() { --living; }
};

} // namespace

TEST_CASE("a result holds its value", "[core][result]") {
    auto const r = half_of(8);
    CHECK(r.has_value());
    CHECK(static_cast<bool>(r));
    CHECK(*r == 4);
    CHECK(r.value() == 4);
}

TEST_CASE("a result holds the fault in its place", "[core][result]") {
    auto const r = half_of(7);
    CHECK_FALSE(r.has_value());
    CHECK(r.error().is(odd));
    CHECK(r.error().offender() == "7");
}

TEST_CASE("results work in constant expressions", "[core][result]") {
    STATIC_REQUIRE(half_of(8).value() == 4);
    STATIC_REQUIRE(half_of(7).error().code() == "core.odd");
    STATIC_REQUIRE(half_of(7).value_or(-1) == -1);
    STATIC_REQUIRE(check_even(8).has_value());
    STATIC_REQUIRE(check_even(7).error().sentence() == "must be even");
}

TEST_CASE("a copy of a value is its own", "[core][result]") {
    result<std::string> const first = std::string(100, 'x');
    auto second = first;
    second.value() += "y";
    CHECK(first.value() == std::string(100, 'x'));
    CHECK(second.value() == std::string(100, 'x') + "y");
}

TEST_CASE("a copy of a fault is the same fault", "[core][result]") {
    result<std::string> const first = fault{odd, 7, 3};
    auto const second = first; // NOLINT(performance-unnecessary-copy-initialization): the subject
    CHECK(second.error().is(odd));
    CHECK(second.error().offender() == "7");
    CHECK(second.error().position() == 3);
}

TEST_CASE("a moved result moves its value", "[core][result]") {
    result<std::vector<int>> first = std::vector<int>(10, 1);
    int const* data = first->data();
    auto const second = std::move(first);
    CHECK(second->data() == data);
}

TEST_CASE("a moved result keeps its fault", "[core][result]") {
    result<std::unique_ptr<int>> first = fault{odd, 9};
    auto const second = std::move(first);
    CHECK(second.error().offender() == "9");
}

TEST_CASE("move-only values pass through", "[core][result]") {
    using owner = std::unique_ptr<int>;
    STATIC_REQUIRE_FALSE(std::is_copy_constructible_v<result<owner>>);
    STATIC_REQUIRE(std::is_nothrow_move_constructible_v<result<owner>>);
    result<owner> r = std::make_unique<int>(5);
    owner const taken = std::move(r).value();
    CHECK(*taken == 5);
    result<owner> again = std::make_unique<int>(6);
    owner const by_star = *std::move(again);
    CHECK(*by_star == 6);
}

TEST_CASE("a value without a default constructor is fine", "[core][result]") {
    result<counted> const r = counted{3};
    CHECK(r->number == 3);
}

TEST_CASE("every value is destroyed once", "[core][result]") {
    REQUIRE(counted::living == 0);
    {
        result<counted> a = counted{1};
        auto b = a;
        auto c = std::move(a);
        result<counted> const d = fault{odd};
        CHECK(counted::living == 3);
        counted const out = std::move(c).value();
        CHECK(out.number == 1);
        CHECK(b->number == 1);
    }
    CHECK(counted::living == 0);
}

TEST_CASE("value() gives the value itself, not a copy", "[core][result]") {
    result<int> r = 4;
    r.value() = 5;
    *r += 1;
    CHECK(r.value() == 6);
    CHECK(&r.value() == &*r);
}

TEST_CASE("value_or gives the fallback only in place of a fault", "[core][result]") {
    CHECK(half_of(8).value_or(-1) == 4);
    CHECK(half_of(7).value_or(-1) == -1);
}

TEST_CASE("value() on a fault throws it with its whole message", "[core][result]") {
    try {
        static_cast<void>(half_of(7).value());
        FAIL("value() of a fault returned");
    } catch (runnel::fault_error const& thrown) {
        CHECK(thrown.error().is(odd));
        CHECK(std::string(thrown.what()) == "core.odd: must be even: '7'");
    }
}

TEST_CASE("value() on a faulty status throws, on a good one returns", "[core][result]") {
    CHECK_NOTHROW(check_even(8).value());
    CHECK_THROWS_AS(check_even(7).value(), runnel::fault_error);
    CHECK_THROWS_AS(check_even(7).value(), std::exception);
}

TEST_CASE("a status may be copied and overwritten", "[core][result]") {
    status outcome = check_even(7);
    auto const copy = outcome;
    outcome = check_even(8);
    CHECK(outcome.has_value());
    CHECK(copy.error().offender() == "7");
}

#if RUNNEL_TEST_CAN_STOP
TEST_CASE("asking for what is not there stops a checked program", "[core][result]") {
    auto const good = half_of(8);
    auto const bad = half_of(7);
    CHECK(support::stops([&] { static_cast<void>(*bad); }));
    CHECK(support::stops([&] { static_cast<void>(bad.operator->()); }));
    CHECK(support::stops([&] { static_cast<void>(good.error()); }));
    CHECK(support::stops([&] { static_cast<void>(check_even(8).error()); }));
    CHECK_FALSE(support::stops([&] { static_cast<void>(*good); }));
}
#endif

TEST_CASE("a result can be given another outcome, and a status too", "[core][result]") {
    runnel::result<double> r = 1.0;
    r = runnel::fault{odd, -1};
    CHECK_FALSE(r.has_value());
    r = 2.0;
    auto const other = r;
    r = other;
    CHECK(r.value() == 2.0);
    runnel::status s;
    s = runnel::fault{odd, -1};
    CHECK_FALSE(s.has_value());
}

TEST_CASE("an outcome given up is destroyed, the new one kept", "[core][result]") {
    REQUIRE(counted::living == 0);
    {
        result<counted> r = counted{1};
        r = counted{2};
        CHECK(counted::living == 1);
        CHECK(r->number == 2);
        r = fault{odd};
        CHECK(counted::living == 0);
        r = counted{3};
        CHECK(r->number == 3);
    }
    CHECK(counted::living == 0);
}

TEST_CASE("a result given to itself stays", "[core][result]") {
    result<std::string> r = std::string(100, 'x');
    result<std::string> const& same = r;
    r = same;
    CHECK(r.value() == std::string(100, 'x'));
}

TEST_CASE("a move-only value is given away whole", "[core][result]") {
    result<std::unique_ptr<int>> r = fault{odd};
    r = result<std::unique_ptr<int>>{std::make_unique<int>(7)};
    CHECK(**r == 7);
}
