// SPDX-License-Identifier: MIT
// A column of names against a map.
#include <cstdint>
#include <map>
#include <string>

#include <runnel/graph/columns.hpp>

#include "support/catch.hpp"
#include "support/law.hpp"

using runnel::node_id;

TEST_CASE("a column of names answers as a map does", "[graph][names]") {
    law::for_all(300, [](law::gen& g) {
        runnel::name_column column;
        std::map<std::string, node_id> map;
        std::uint32_t nodes = 0;
        for (auto n = g.choose(400); n > 0; --n) {
            // Names of few letters and many lengths: some are the front of others, most come again.
            std::string name(g.choose(20) + 1, static_cast<char>('a' + g.choose(1)));
            name[g.choose(name.size() - 1)] = static_cast<char>('a' + g.choose(5));
            nodes += g.flag() ? 0U : 1U; // a node without a name
            auto const [known, fresh] = map.try_emplace(name, node_id{nodes});
            column.expect(name);
            g.holds(
                column.find(name) == (fresh ? runnel::no_node : known->second), "the same answer");
            if (fresh) column.add(node_id{nodes++}, name);
        }
        for (auto const& [name, node] : map) {
            g.holds(column.find(name) == node, "nothing is lost");
            g.holds(column[node] == name, "nor changed");
        }
    });
}

TEST_CASE("names of a million letters are told apart by their ends and lengths", "[graph][names]") {
    runnel::name_column column;
    std::uint32_t node = 0;
    std::size_t const around = std::size_t{1} << 20;
    for (std::size_t length = around - 3; length < around + 3; ++length) {
        std::string name(length, 'x');
        CHECK(column.find(name) == runnel::no_node);
        column.add(node_id{node}, name);
        CHECK(column.find(name) == node_id{node++});
        name.back() = 'y';
        CHECK(column.find(name) == runnel::no_node);
        column.add(node_id{node}, name);
        CHECK(column.find(name) == node_id{node++});
    }
    std::string name(around - 3, 'x');
    CHECK(column.find(name) == node_id{0});
    CHECK(column[node_id{0}] == name);
    CHECK(column.find("xx") == runnel::no_node);
}
