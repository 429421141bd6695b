// SPDX-License-Identifier: MIT
#include <string>

#include "io/support.hpp"
#include "support/catch.hpp"

using runnel::node_id;

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
