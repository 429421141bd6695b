// SPDX-License-Identifier: MIT
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include <runnel/cost/config.hpp>
#include <runnel/engine/config.hpp>
#include <runnel/engine/presets.hpp>
#include <runnel/io/settings.hpp>

#include "support/catch.hpp"

namespace {

namespace io = runnel::io;

template <class Config> std::vector<std::pair<std::string, std::string>> listed(Config const& c) {
    std::vector<std::pair<std::string, std::string>> all;
    io::for_each_setting(
        c, [&](std::string_view name, std::string_view text) { all.emplace_back(name, text); });
    return all;
}
template <class Config> std::string refused(Config& c, std::string_view setting) {
    auto const before = c;
    auto const told = io::set(c, setting);
    REQUIRE_FALSE(told.has_value());
    CHECK(c == before);
    return std::string{told.error().text().view()};
}

/// A text that is another value of the same leaf.
template <class Leaf> std::string another(Leaf const& leaf) {
    if constexpr (std::is_same_v<Leaf, bool>) {
        return leaf ? "off" : "on";
    } else if constexpr (std::is_enum_v<Leaf>) {
        return std::string{io::detail::enum_table<Leaf>::names[leaf == Leaf{} ? 1 : 0]};
    } else {
        return leaf == static_cast<Leaf>(7) ? "8" : "7";
    }
}
/// Sets each setting alone: it changes, and nothing else does.
template <class Config> std::size_t set_each() {
    std::size_t count = 0;
    Config const defaults{};
    std::vector<std::pair<std::string, std::string>> wishes;
    runnel::for_each_field(defaults, [&](runnel::field_name at, auto const& leaf) {
        if constexpr (io::detail::is_table<std::remove_cvref_t<decltype(leaf)>>)
            wishes.emplace_back(io::detail::path_of(at), another(*leaf.begin()));
        else
            wishes.emplace_back(io::detail::path_of(at), another(leaf));
    });
    for (auto const& wish : wishes) {
        auto const& name = wish.first; // (a lambda below looks at it)
        auto const& text = wish.second;
        INFO(name << " = " << text);
        Config changed{};
        REQUIRE(io::set(changed, name, text).has_value());
        CHECK_FALSE(changed == defaults);
        std::size_t others = 0;
        runnel::for_each_field(defaults, [&](runnel::field_name at, auto const& leaf) {
            runnel::for_each_field(changed, [&](runnel::field_name now, auto const& there) {
                if constexpr (std::is_same_v<decltype(leaf), decltype(there)>)
                    if (io::detail::path_of(at) == io::detail::path_of(now) && !(leaf == there)) {
                        CHECK(io::detail::path_of(at) == name);
                        ++others;
                    }
            });
        });
        CHECK(others == 1);
        ++count;
    }
    return count;
}

} // namespace

TEST_CASE("every setting of the engine and of the cost is reached by its name", "[io][settings]") {
    CHECK(set_each<runnel::config>() >= 70);
    CHECK(set_each<runnel::cost::config>() == 7);
}

TEST_CASE("numbers, switches and names are read", "[io][settings]") {
    runnel::config c;
    REQUIRE(io::set(c, "alpha", ".25").has_value());
    REQUIRE(io::set(c, "decay.base=1e-3").has_value());
    REQUIRE(io::set(c, "seed=18446744073709551615").has_value());
    REQUIRE(io::set(c, "track_shadow=on").has_value());
    REQUIRE(io::set(c, "fanout.pressure_enabled=false").has_value());
    REQUIRE(io::set(c, "implementation=matrix").has_value());
    REQUIRE(io::set(c, "fanout.reduction=none").has_value());
    CHECK(c.alpha == .25);
    CHECK(c.decay.base == 1e-3);
    CHECK(c.seed == ~std::uint64_t{0});
    CHECK(c.track_shadow);
    CHECK_FALSE(c.fanout.pressure_enabled);
    CHECK(c.implementation == runnel::implementation::matrix);
    CHECK(c.fanout.reduction == runnel::fanout::reduction::none);
}

TEST_CASE("a table is set for all types, or for one", "[io][settings]") {
    runnel::config c;
    REQUIRE(io::set(c, "threshold=.2").has_value());
    CHECK(c.threshold == runnel::per_type<double>{.2});
    REQUIRE(io::set(c, "threshold.episodic=.3").has_value());
    REQUIRE(io::set(c, "threshold.concept=.4").has_value());
    REQUIRE(io::set(c, "threshold.12=.5").has_value());
    CHECK(c.threshold[runnel::node_type::episodic] == .3);
    CHECK(c.threshold[runnel::node_type::concept_] == .4);
    CHECK(c.threshold[runnel::node_type{12}] == .5);
    CHECK(c.threshold[runnel::node_type{13}] == .2);
    CHECK(c.threshold[runnel::node_type::task] == .2);
    REQUIRE(io::set(c, "weight_decay.multiplier.blocks=7").has_value());
    CHECK(c.weight_decay.multiplier[runnel::link_type::blocks] == 7);
    REQUIRE(io::set(c, "threshold=.1").has_value()); // all, what was set for one before too
    CHECK(c.threshold == runnel::per_type<double>{.1});
}

TEST_CASE("an unknown setting is told with the closest", "[io][settings]") {
    runnel::config c;
    CHECK(
        refused(c, "decay.bsae=1")
        == "io.unknown_setting: no setting has this name: 'decay.bsae; closest: decay.base'");
    CHECK(
        refused(c, "threshold.epsodic=1")
        == "io.unknown_setting: no setting has this name: 'threshold.epsodic; closest: "
           "threshold.episodic'");
    CHECK(refused(c, "xyzzy=1") == "io.unknown_setting: no setting has this name: 'xyzzy'");
    CHECK(refused(c, "decay=1").find("io.unknown_setting") == 0); // a group is no setting
    CHECK(refused(c, "alpha.task=1").find("io.unknown_setting") == 0);
    CHECK(refused(c, "threshold.=1").find("io.unknown_setting") == 0);
    CHECK(refused(c, "threshold.76=1").find("io.unknown_setting") == 0);
    CHECK(refused(c, "=1").find("io.unknown_setting") == 0);
}

TEST_CASE("a text that is no value is told with its setting and what is taken", "[io][settings]") {
    runnel::config c;
    CHECK(refused(c, "alpha=fast") == "io.bad_setting: this setting takes a number: 'alpha=fast'");
    CHECK(refused(c, "alpha=") == "io.bad_setting: this setting takes a number: 'alpha='");
    CHECK(refused(c, "alpha=1 ") == "io.bad_setting: this setting takes a number: 'alpha=1 '");
    CHECK(
        refused(c, "retry_budget=4294967296")
        == "io.bad_setting: this setting takes a whole number from 0 to 4294967295: "
           "'retry_budget=4294967296'");
    CHECK(
        refused(c, "seed=-1")
        == "io.bad_setting: this setting takes a whole number from 0 to 18446744073709551615: "
           "'seed=-1'");
    CHECK(
        refused(c, "track_radius=1")
        == "io.bad_setting: this setting takes true, false, on or off: 'track_radius=1'");
    CHECK(
        refused(c, "stickiness.mode=sticky")
        == "io.bad_setting: this setting takes one of off, dissipative, retentive: "
           "'stickiness.mode=sticky'");
    CHECK(
        refused(c, "threshold.task=x")
        == "io.bad_setting: this setting takes a number: 'threshold.task=x'");
    CHECK(refused(c, "alpha") == "io.bad_setting: a setting is a name, =, and a text: 'alpha'");
}

TEST_CASE("what makes sense is for the config to say", "[io][settings]") {
    runnel::config c;
    REQUIRE(io::set(c, "alpha=inf").has_value());
    CHECK_FALSE(c.validate().has_value());
    REQUIRE(io::set(c, "alpha=-1").has_value());
    CHECK_FALSE(c.validate().has_value());
}

TEST_CASE(
    "settings are listed in the order of the walk, tables with their exceptions",
    "[io][settings]") {
    auto const all = listed(runnel::config{});
    REQUIRE(all.size() > 80);
    CHECK(all[0] == std::pair<std::string, std::string>{"implementation", "stride"});
    CHECK(all[1] == std::pair<std::string, std::string>{"alpha", "0.02"});
    std::map<std::string, std::string> const by_name(all.begin(), all.end());
    CHECK(by_name.size() == all.size());
    CHECK(by_name.at("threshold") == "0.1");
    CHECK_FALSE(by_name.contains("threshold.task"));
    CHECK(by_name.at("decay.multiplier") == "1");
    CHECK(by_name.at("decay.multiplier.task") == "5");
    CHECK(by_name.at("weight_decay.multiplier.blocks") == "3");
    CHECK(listed(runnel::cost::config{})[0].second == "log_additive");
}

namespace {
enum class mood : std::uint8_t { calm, delete_, last = 31 };
enum class empty_one : std::uint16_t {};
struct beyond {
    mood m = mood::calm;
    std::int8_t small = -1;
    float rough = .1F;
    template <class Self, class F> static constexpr void visit(Self& self, F&& f) {
        f("m", self.m);
        f("small", self.small);
        f("rough", self.rough);
    }
    friend bool operator==(beyond const&, beyond const&) = default;
};
} // namespace

TEST_CASE("enumerators are seen from 0 to 31, without an underscore at the end", "[io][settings]") {
    using io::detail::enum_table;
    STATIC_REQUIRE(enum_table<mood>::names[0] == "calm");
    STATIC_REQUIRE(enum_table<mood>::names[1] == "delete");
    STATIC_REQUIRE(enum_table<mood>::names[2].empty());
    STATIC_REQUIRE(enum_table<mood>::names[31] == "last");
    for (auto const name : enum_table<empty_one>::names) CHECK(name.empty());
    STATIC_REQUIRE(enum_table<runnel::node_type>::names[2] == "concept");
    for (std::size_t i = 0; i < runnel::preset_node_types; ++i)
        CHECK(enum_table<runnel::node_type>::names[i] == runnel::detail::node_type_names[i]);
}

TEST_CASE("any config with a walk will do", "[io][settings]") {
    beyond b;
    REQUIRE(io::set(b, "m=delete").has_value());
    REQUIRE(io::set(b, "small=-128").has_value());
    REQUIRE(io::set(b, "rough=.3").has_value());
    CHECK(b.m == mood::delete_);
    CHECK(b.small == -128);
    CHECK(b.rough == .3F);
    CHECK(
        refused(b, "small=128")
        == "io.bad_setting: this setting takes a whole number: 'small=128'");
    CHECK(refused(b, "m=") == "io.bad_setting: this setting takes one of calm, delete, last: 'm='");
    CHECK(listed(b)[2].second == "0.3");
}

TEST_CASE("a long name leaves room for the closest", "[io][settings]") {
    runnel::config c;
    CHECK(
        refused(c, "consolidation.working_memmory=1")
        == "io.unknown_setting: no setting has this name: 'consolidation.worki…; closest: "
           "consolidation.working_memory'");
}
