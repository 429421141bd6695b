// SPDX-License-Identifier: MIT
// Names of nodes and of types.
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <runnel/graph.hpp>

#include "support/catch.hpp"
#include "support/law.hpp"

using runnel::fault;
using runnel::node_id;
using builder = runnel::graph::builder;
namespace faults = runnel::faults;

namespace {

runnel::graph::built built(builder& from) { return std::move(from).build().value(); }
fault fault_of(builder& from) {
    auto built = std::move(from).build();
    return built ? fault{} : built.error();
}

} // namespace

TEST_CASE("a node is found by its name, before and after building", "[graph][names]") {
    builder g;
    node_id const ada = g.node("Ada");
    g.node();
    node_id const bob = g.node("Bob");
    CHECK(g.find("Bob").value() == bob);
    auto const made = built(g);
    CHECK(made.graph.find("Ada").value() == ada);
    CHECK(made.graph.find("Bob").value() == bob);
    CHECK(made.graph.name(ada) == "Ada");
    CHECK(made.graph.name(node_id{1}).empty());
}

TEST_CASE("a name nobody has is a fault that names it", "[graph][names]") {
    builder g;
    g.node("Ada");
    fault const early = g.find("ada").error();
    CHECK(early.is(faults::unknown_name));
    CHECK(early.offender() == "ada");
    auto const made = built(g);
    fault const said = made.graph.find("Ad").error();
    CHECK(said.is(faults::unknown_name));
    CHECK(said.offender() == "Ad");
    CHECK_FALSE(made.graph.find(""));
}

TEST_CASE("the empty name finds nobody, named or not", "[graph][names]") {
    builder some;
    some.node();
    some.node("Ada");
    some.nodes(2);
    builder none;
    none.nodes(2);
    builder empty;
    for (builder* g : {&some, &none, &empty}) {
        CHECK(g->find("").error().is(faults::unknown_name));
        auto const made = built(*g);
        fault const said = made.graph.find("").error();
        CHECK(said.is(faults::unknown_name));
        CHECK(said.offender().empty());
        CHECK(said.position() == fault::nowhere);
    }
}

TEST_CASE("a graph without names finds nobody", "[graph][names]") {
    builder g;
    g.nodes(3);
    auto const made = built(g);
    CHECK_FALSE(made.graph.find("Ada"));
    CHECK(made.graph.name(node_id{2}).empty());
}

TEST_CASE("named makes a node on first mention only", "[graph][names]") {
    builder g;
    node_id const ada = g.named("Ada", runnel::node_type::person);
    CHECK(g.named("Ada") == ada);
    CHECK(g.named("Ada", runnel::node_type::person) == ada);
    CHECK(g.node_count() == 1);
    CHECK(built(g).graph.type(ada) == runnel::node_type::person);
}

TEST_CASE("names are bytes: UTF-8, zeros and blanks included", "[graph][names]") {
    using namespace std::string_view_literals;
    std::string_view const names[] = {"\xE6\xB0\xB4"sv, "\xC3\xA9"sv, "e\xCC\x81"sv, "a\0b"sv,
                                      "a\0c"sv,         "a"sv,        " "sv,         "\xFF"sv};
    builder g;
    for (auto const name : names) g.node(name);
    auto const made = built(g);
    for (std::uint32_t n = 0; n < std::size(names); ++n) {
        CHECK(made.graph.find(names[n]).value() == node_id{n});
        CHECK(made.graph.name(node_id{n}) == names[n]);
    }
}

TEST_CASE("a name is kept when its owner is gone", "[graph][names]") {
    builder g;
    {
        std::string name = "short-lived";
        g.node(name);
        name.assign(name.size(), '?');
    }
    CHECK(built(g).graph.name(node_id{0}) == "short-lived");
}

TEST_CASE("a long name is kept whole", "[graph][names]") {
    std::string const name(100'000, 'n');
    builder g;
    g.node("n");
    g.node(name);
    auto const made = built(g);
    CHECK(made.graph.name(node_id{1}) == name);
    CHECK(made.graph.find(name).value() == node_id{1});
    CHECK(made.graph.find("n").value() == node_id{0});
}

TEST_CASE("twenty thousand names are all found", "[graph][names]") {
    constexpr std::uint32_t many = 20'000;
    builder g;
    for (std::uint32_t n = 0; n < many; ++n) {
        if (n % 3 == 0) g.node();
        g.node("node " + std::to_string(n));
    }
    auto const made = built(g);
    std::uint32_t found = 0;
    for (std::uint32_t n = 0; n < many; ++n) {
        auto const node = made.graph.find("node " + std::to_string(n));
        found += node && made.graph.name(*node) == "node " + std::to_string(n);
    }
    CHECK(found == many);
    CHECK_FALSE(made.graph.find("node " + std::to_string(many)));
}

TEST_CASE("find and name are inverse, whatever the names", "[graph][names]") {
    law::for_all(500, [](law::gen& g) {
        builder b;
        std::vector<std::string> names;
        auto const said = g.list(40, [&] {
            auto const letters = g.list(3, [&] { return static_cast<char>(g.integer(0, 2)); });
            return std::string(letters.begin(), letters.end());
        });
        for (auto const& name : said) {
            bool const known = !name.empty() && b.find(name);
            std::string const kept = known ? "" : name;
            if (kept.empty())
                b.node();
            else
                b.node(kept);
            names.push_back(kept);
        }
        auto const made = built(b);
        for (std::uint32_t n = 0; n < names.size(); ++n) {
            g.holds(made.graph.name(node_id{n}) == names[n], "a node has the name it was given");
            if (!names[n].empty())
                g.holds(made.graph.find(names[n]).value() == node_id{n}, "and is found by it");
        }
    });
}

TEST_CASE("types have their preset names", "[graph][types]") {
    builder g;
    auto const made = built(g);
    CHECK(made.graph.type_name(runnel::node_type::memory) == "memory");
    CHECK(made.graph.type_name(runnel::node_type::concept_) == "concept");
    CHECK(made.graph.type_name(runnel::node_type::other) == "other");
    CHECK(made.graph.type_name(runnel::link_type::relates) == "relates");
    CHECK(made.graph.type_name(runnel::link_type::remembers) == "remembers");
}

TEST_CASE("a type nobody declared is called other", "[graph][types]") {
    builder g;
    g.declare_node_type("planet");
    auto const made = built(g);
    CHECK(made.graph.type_name(runnel::node_type{13}) == "other");
    CHECK(made.graph.type_name(runnel::node_type{0xFFFF}) == "other");
    CHECK(made.graph.type_name(runnel::link_type{5}) == "other");
}

TEST_CASE("declared types follow the presets; nodes and links apart", "[graph][types]") {
    builder g;
    auto const planet = g.declare_node_type("planet");
    auto const moon = g.declare_node_type("moon");
    auto const orbits = g.declare_link_type("orbits");
    auto const also_planet = g.declare_link_type("planet");
    CHECK(runnel::index(planet) == runnel::preset_node_types);
    CHECK(runnel::index(moon) == runnel::preset_node_types + 1);
    CHECK(runnel::index(orbits) == runnel::preset_link_types);
    node_id const earth = g.node("Earth", planet);
    node_id const luna = g.node("Luna", moon);
    g.link({luna, earth, 1, orbits});
    auto const made = built(g);
    CHECK(made.graph.type_name(made.graph.type(earth)) == "planet");
    CHECK(made.graph.type_name(made.graph.type(luna)) == "moon");
    CHECK(made.graph.type_name(made.graph.type(runnel::link_id{0})) == "orbits");
    CHECK(made.graph.type_name(also_planet) == "planet");
}

TEST_CASE("a type is declared once, and no preset name again", "[graph][types]") {
    for (char const* name : {"planet", "concept", "other"}) {
        builder g;
        g.declare_node_type("planet");
        g.declare_node_type(name);
        fault const said = fault_of(g);
        CHECK(said.is(faults::duplicate_type));
        CHECK(said.offender() == name);
        CHECK(said.position() == 1);
    }
    builder g;
    g.declare_link_type("relates");
    fault const said = fault_of(g);
    CHECK(said.is(faults::duplicate_type));
    CHECK(said.offender() == "relates");
    CHECK(said.position() == 0);
}

TEST_CASE("the names of the other kind's presets are free", "[graph][types]") {
    builder g;
    g.declare_node_type("relates");
    g.declare_link_type("memory");
    CHECK(std::move(g).build());
}

TEST_CASE("a type needs a name", "[graph][types]") {
    builder g;
    g.declare_link_type("");
    CHECK(fault_of(g).is(faults::empty_name));
}

TEST_CASE("64 types are declared, not 65", "[graph][types]") {
    auto const declare = [](builder& g, int count) {
        for (int i = 0; i < count; ++i) {
            g.declare_node_type("node type " + std::to_string(i));
            g.declare_link_type("link type " + std::to_string(i));
        }
    };
    builder fits;
    declare(fits, 64);
    auto const made = built(fits);
    CHECK(made.graph.type_name(runnel::node_type{12 + 63}) == "node type 63");
    CHECK(made.graph.type_name(runnel::link_type{5 + 63}) == "link type 63");
    builder full;
    declare(full, 65);
    fault const said = fault_of(full);
    CHECK(said.is(faults::too_many_types));
    CHECK(said.offender() == "node type 64");
    CHECK(said.position() == 64);
}
