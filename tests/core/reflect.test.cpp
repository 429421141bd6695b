// SPDX-License-Identifier: MIT
#include <any>
#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include <runnel/core/ids.hpp>
#include <runnel/core/reflect.hpp>

#include "support/catch.hpp"

namespace {

struct decay_config {
    double base = .1;
    bool on = true;
    static constexpr void visit(auto& self, auto f) {
        f("base", self.base);
        f("on", self.on);
    }
};
struct engine_config {
    double alpha = .3;
    decay_config decay{};
    runnel::per_type<double> threshold = .1;
    std::uint32_t steps = 4;
    static constexpr void visit(auto& self, auto f) {
        f("alpha", self.alpha);
        f("decay", self.decay);
        f("threshold", self.threshold);
        f("steps", self.steps);
    }
};
static_assert(runnel::arity<decay_config>() == 2);
static_assert(runnel::arity<engine_config>() == 4);

std::string full(runnel::field_name name) {
    return name.group.empty() ? std::string(name.name)
                              : std::string(name.group) + "." + std::string(name.name);
}
template <class Config> std::vector<std::string> names_of(Config& config) {
    std::vector<std::string> names;
    runnel::for_each_field(
        config, [&](runnel::field_name name, auto&) { names.push_back(full(name)); });
    return names;
}
/// The members `visit` names, groups counted as one: what `arity` must equal.
template <class Config> consteval std::size_t visited() {
    std::size_t count = 0;
    Config config{};
    Config::visit(config, [&](std::string_view, auto&) { ++count; });
    return count;
}

struct nothing {};
struct one {
    int a;
};
struct mixed {
    int a;
    double b;
    bool c;
    runnel::node_id d;
    std::string_view e;
    one f;
};
enum class mode { off, on };
struct with_modes {
    mode a = mode::off;
    mode b = mode::on;
    float c = 1;
};
struct long_one {
    int a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s, t;
};

} // namespace

TEST_CASE("arity counts members", "[core][reflect]") {
    STATIC_REQUIRE(runnel::arity<nothing>() == 0);
    STATIC_REQUIRE(runnel::arity<one>() == 1);
    STATIC_REQUIRE(runnel::arity<mixed>() == 6);
    STATIC_REQUIRE(runnel::arity<with_modes>() == 3);
    STATIC_REQUIRE(runnel::arity<long_one>() == 20);
}

TEST_CASE("a nested group and a table count as one member", "[core][reflect]") {
    STATIC_REQUIRE(runnel::arity<engine_config>() == 4);
}

TEST_CASE("members with defaults count", "[core][reflect]") {
    STATIC_REQUIRE(runnel::arity<decay_config>() == 2);
}

TEST_CASE("a forgotten member is noticed", "[core][reflect]") {
    STATIC_REQUIRE(visited<engine_config>() == runnel::arity<engine_config>());
    struct one_more {
        double base = .1;
        bool on = true;
        int forgotten = 0;
    };
    STATIC_REQUIRE(runnel::arity<one_more>() != visited<decay_config>());
}

TEST_CASE(
    "fields come in the order of their declaration, groups opened in place", "[core][reflect]") {
    engine_config config;
    CHECK(
        names_of(config)
        == std::vector<std::string>{"alpha", "decay.base", "decay.on", "threshold", "steps"});
}

TEST_CASE("a group is not a field itself", "[core][reflect]") {
    engine_config config;
    for (std::string const& name : names_of(config)) CHECK(name != "decay");
}

TEST_CASE("the walk reaches the members themselves", "[core][reflect]") {
    engine_config config;
    runnel::for_each_field(config, [](runnel::field_name, auto& member) {
        if constexpr (std::is_same_v<decltype(member), double&>) member *= 2;
    });
    CHECK(config.alpha == .6);
    CHECK(config.decay.base == .2);
}

TEST_CASE("a constant config is walked and not written", "[core][reflect]") {
    engine_config const config;
    CHECK(names_of(config).size() == 5);
    runnel::for_each_field(config, [](runnel::field_name, auto& member) {
        STATIC_REQUIRE(std::is_const_v<std::remove_reference_t<decltype(member)>>);
    });
}

TEST_CASE("a walk works in constant expressions", "[core][reflect]") {
    constexpr double sum = [] {
        engine_config config;
        double total = 0;
        runnel::for_each_field(config, [&](runnel::field_name, auto& member) {
            if constexpr (std::is_same_v<decltype(member), double&>) total += member;
        });
        return total;
    }();
    STATIC_REQUIRE(sum == .3 + .1);
}

TEST_CASE("what is walked and what is a leaf is known", "[core][reflect]") {
    STATIC_REQUIRE(runnel::has_fields<engine_config>);
    STATIC_REQUIRE(runnel::has_fields<engine_config const>);
    STATIC_REQUIRE_FALSE(runnel::has_fields<double>);
    STATIC_REQUIRE_FALSE(runnel::has_fields<runnel::per_type<double>>);
    STATIC_REQUIRE_FALSE(runnel::has_fields<mixed>);
}

namespace {

struct inner_config {
    double x = 1;
    static constexpr void visit(auto& self, auto f) { f("x", self.x); }
};
struct middle_config {
    inner_config inner{};
    static constexpr void visit(auto& self, auto f) { f("inner", self.inner); }
};
struct outer_config {
    middle_config middle{};
    static constexpr void visit(auto& self, auto f) { f("middle", self.middle); }
};

} // namespace

TEST_CASE("a group in a group is opened too", "[core][reflect]") {
    outer_config config;
    REQUIRE(names_of(config).size() == 1);
    CHECK(names_of(config)[0] == "middle.inner.x");
}

namespace {

struct deepest_config {
    outer_config outer{};
    double y = 2;
    outer_config again{};
    static constexpr void visit(auto& self, auto f) {
        f("outer", self.outer);
        f("y", self.y);
        f("again", self.again);
    }
};

} // namespace

TEST_CASE("a path keeps every group, however deep, and drops it on the way up", "[core][reflect]") {
    deepest_config config;
    CHECK(
        names_of(config)
        == std::vector<std::string>{"outer.middle.inner.x", "y", "again.middle.inner.x"});
    constexpr bool constant = [] {
        deepest_config walked;
        bool all = true;
        runnel::for_each_field(walked, [&](runnel::field_name at, auto&) {
            all = all && (at.group.ends_with(".middle.inner") || at.group.empty());
        });
        return all;
    }();
    STATIC_REQUIRE(constant);
}

namespace {

/// A member of the type between two others: one too few or too many on either side would show.
template <class Member> struct around {
    int before = 0;
    Member member{};
    int after = 0;
};
template <class... Member>
constexpr bool each_is_one = ((runnel::arity<around<Member>>() == 3) && ...);

} // namespace

TEST_CASE("a member that converts from much is one member", "[core][reflect]") {
    STATIC_REQUIRE(each_is_one<std::optional<int>, std::optional<double>, std::optional<bool>>);
    STATIC_REQUIRE(each_is_one<std::optional<std::string>, std::optional<std::vector<int>>>);
    STATIC_REQUIRE(each_is_one<std::optional<std::optional<int>>>);
    STATIC_REQUIRE(each_is_one<std::string, std::string_view, std::vector<std::string>>);
    STATIC_REQUIRE(each_is_one<std::variant<int, std::string>, std::any, std::function<void()>>);
    STATIC_REQUIRE(each_is_one<std::unique_ptr<int>, std::span<int const>, std::array<int, 3>>);
    STATIC_REQUIRE(each_is_one<std::pair<int, double>, runnel::per_type<double>>);
}
