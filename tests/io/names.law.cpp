// SPDX-License-Identifier: MIT
#include <map>

#include "io/support.hpp"
#include "support/catch.hpp"
#include "support/law.hpp"

using runnel::node_id;

TEST_CASE("a table of names answers as a map does", "[io][names]") {
    law::for_all(300, [](law::gen& g) {
        runnel::io::detail::name_table table;
        std::map<std::string, node_id> map;
        for (auto n = g.choose(400); n > 0; --n) {
            // Names of few letters and many lengths: some are the front of others, most come again.
            std::string name(g.choose(20) + 1, static_cast<char>('a' + g.choose(1)));
            name[g.choose(name.size() - 1)] = static_cast<char>('a' + g.choose(5));
            auto const key = table.key_of(name);
            auto const [known, fresh] =
                map.try_emplace(name, node_id{static_cast<std::uint32_t>(map.size())});
            g.holds(
                table.find(key) == (fresh ? runnel::no_node : known->second), "the same answer");
            if (fresh) table.add(key, known->second);
        }
        for (auto const& [name, node] : map)
            g.holds(table.find(table.key_of(name)) == node, "nothing is lost");
    });
}

TEST_CASE("many names of a file are many nodes, in the order they are met", "[io][names]") {
    std::string text;
    std::size_t const count = 50'000;
    for (std::size_t i = 0; i < count; ++i)
        text +=
            "node " + std::to_string(i) + "\tnode " + std::to_string((i * 7919 + 1) % count) + "\n";
    auto const made = io_tests::read(text).value();
    REQUIRE(made.graph.node_count() == count);
    REQUIRE(made.graph.link_count() == count);
    bool good = true;
    for (std::size_t i = 0; i < count; ++i) {
        node_id const from = made.graph.find("node " + std::to_string(i)).value();
        node_id const to =
            made.graph.find("node " + std::to_string((i * 7919 + 1) % count)).value();
        good = good && made.graph.find(runnel::graph::ends{from, to}) != runnel::no_link;
    }
    CHECK(good);
    CHECK(made.graph.name(node_id{0}) == "node 0");
    CHECK(made.graph.name(node_id{1}) == "node 1");
    CHECK(made.graph.name(node_id{2}) == "node 7920"); // the other end of the second line
}
