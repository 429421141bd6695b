// SPDX-License-Identifier: MIT
#include "io/support.hpp"
#include "support/catch.hpp"

namespace io = runnel::io;
using io_tests::read;
using io_tests::told;
using runnel::link_id;
using runnel::link_type;
using runnel::log_weight;
using runnel::node_id;

namespace {
std::string raw(double weight) {
    return std::to_string(log_weight::from_weight(weight).value().raw());
}
std::string code(std::string const& text, io::edge_list_config how = {}) {
    auto const made = read(text, how);
    return made ? "no fault" : std::string{made.error().code()};
}
} // namespace

TEST_CASE("columns lie between tabs, commas or blanks", "[io][edge_list]") {
    std::string const expected = "2 nodes [a] [b]\n0>1 " + raw(2) + " blocks\n";
    CHECK(told(read("a\tb\t2\tblocks\n")) == expected);
    CHECK(told(read("a,b,2,blocks\n")) == expected);
    CHECK(told(read("a b 2 blocks\n")) == expected);
    CHECK(told(read("  a   b 2  blocks \t ")) == expected);
    CHECK(told(read(" a , b, 2 ,blocks")) == expected);
}

TEST_CASE("where there are tabs, names have blanks and commas", "[io][edge_list]") {
    CHECK(
        told(read("New York\tParis, Texas\n"))
        == "2 nodes [New York] [Paris, Texas]\n0>1 0 relates\n");
    CHECK(told(read("New York,Paris\n")) == "2 nodes [New York] [Paris]\n0>1 0 relates\n");
}

TEST_CASE("the first link decides what stands between columns", "[io][edge_list]") {
    // A tab that was lost is a fault, not a link between other nodes.
    CHECK(code("New York\tParis\nNew York Paris\n") == "io.too_few_columns");
    CHECK(
        told(read("a b\nc,d e\n")) == "4 nodes [a] [b] [c,d] [e]\n0>1 0 relates\n2>3 0 relates\n");
    CHECK(told(read("1 2\n1\t0\n")) == told(read("1 2\n1 0\n"))); // between blanks tabs are blanks
    CHECK(told(read("# x,y\n1 2\n")) == told(read("1 2\n")));     // a comment decides nothing
}

TEST_CASE("weight and type may be missing or empty", "[io][edge_list]") {
    CHECK(told(read("a,b\n")) == told(read("a,b,1\n")));
    CHECK(told(read("a,b,\n")) == told(read("a,b\n")));
    CHECK(told(read("a,b,,\n")) == told(read("a,b\n")));
    CHECK(told(read("a,b,,enables\n")) == "2 nodes [a] [b]\n0>1 0 enables\n");
    CHECK(told(read("a\tb\t\tenables\n")) == "2 nodes [a] [b]\n0>1 0 enables\n");
}

TEST_CASE("between commas a column may be quoted", "[io][edge_list]") {
    CHECK(told(read("\"a, b\",c,\"2\"\n")) == "2 nodes [a, b] [c]\n0>1 " + raw(2) + " relates\n");
    CHECK(told(read("\"say \"\"hi\"\"\",\"#\"\n")) == "2 nodes [say \"hi\"] [#]\n0>1 0 relates\n");
    CHECK(told(read("\"\"\"\"\"\" , \" b \"\n")) == "2 nodes [\"\"] [ b ]\n0>1 0 relates\n");
    CHECK(
        told(read("a\"b,c\n"))
        == "2 nodes [a\"b] [c]\n0>1 0 relates\n"); // not at its front: a letter
    CHECK(told(read("\"a\"\tb\n")) == "2 nodes [\"a\"] [b]\n0>1 0 relates\n");
    CHECK(told(read("a,\"b\"")) == told(read("a,b")));
    CHECK(told(read("\"a\",\"b\",\"1\",\"x, \"\"y\"\"\"")) == "2 nodes [a] [b]\n0>1 0 x, \"y\"\n");
    CHECK(code("\"a,b\n") == "io.bad_quote");
    CHECK(code("\"a\" x,b\n") == "io.bad_quote");
    CHECK(code("a,b\n\"a\"b,c\n") == "io.bad_quote");
    CHECK(code("\"\",b\n") == "io.too_few_columns");
}

TEST_CASE("comments, empty lines, byte-order mark and line ends say nothing", "[io][edge_list]") {
    std::string const plain = told(read("1 2\n2 0\n"));
    CHECK(
        told(read("# Directed graph\n# Nodes: 3 Edges: 2\n# FromNodeId\tToNodeId\n1\t2\n2\t0\n"))
        == plain);
    CHECK(
        told(read("\xEF\xBB\xBF"
                  "1 2\r\n\r\n  # x\r\n2 0"))
        == plain);
    CHECK(told(read("\xEF\xBB\xBF# x\n1 2\n2 0\n")) == plain);
    CHECK(told(read("\n\n1 2\n \t \n2 0\n\n")) == plain);
    CHECK(told(read("")) == "0 nodes\n");
    CHECK(told(read("# nothing\n")) == "0 nodes\n");
}

TEST_CASE("nodes are numbers where both of the first link are", "[io][edge_list]") {
    auto const numbers = read("3 0\n").value();
    CHECK(numbers.graph.node_count() == 4);
    CHECK(numbers.graph.name(node_id{3}).empty());
    CHECK(told(read("007 1\n")) == told(read("7 1\n")));
    CHECK(told(read("a 1\n1 0\n")) == "3 nodes [a] [1] [0]\n0>1 0 relates\n1>2 0 relates\n");
    CHECK(told(read("-1 1\n")) == "2 nodes [-1] [1]\n0>1 0 relates\n");
    CHECK(code("1 2\n1 a\n") == "io.not_an_id");
    CHECK(code("1 2\n1 -1\n") == "io.not_an_id");
}

TEST_CASE("links that come twice are two, loops are kept", "[io][edge_list]") {
    auto const made = read("0 1 2\n0 1 2\n1 1\n").value();
    CHECK(made.graph.link_count() == 3);
    CHECK(made.store.degree(node_id{0}) == 2);
    CHECK(made.store.degree(node_id{1}) == 0); // a loop carries nothing
}

TEST_CASE("preset types are meant by their names, others are declared", "[io][edge_list]") {
    auto const made =
        read("a,b,1,enables\nb,c,1,cites\nc,a,1,other\na,c,1,cites\nb,a,1,relates").value();
    auto const type = [&](char const* from, char const* to) {
        runnel::graph const& g = made.graph;
        return g.type(g.find({g.find(from).value(), g.find(to).value()}));
    };
    CHECK(type("a", "b") == link_type::enables);
    CHECK(type("c", "a") == link_type::other);
    CHECK(type("b", "a") == link_type::relates);
    CHECK(type("b", "c") == link_type{runnel::preset_link_types});
    CHECK(type("a", "c") == type("b", "c"));
    CHECK(made.graph.type_name(type("b", "c")) == "cites");
}

TEST_CASE(
    "a graph has 64 types of its own, and the file says where there are more", "[io][edge_list]") {
    std::string text;
    for (int i = 0; i < 64; ++i) text += "a,b,1,t" + std::to_string(i) + "\n";
    for (char const* again : {"blocks", "t0", "t63"}) text += std::string{"a,b,1,"} + again + "\n";
    REQUIRE(read(text));
    auto const made = read(text + "a,b,1,t64\n");
    REQUIRE_FALSE(made);
    CHECK(made.error().is(runnel::faults::too_many_types));
    CHECK(made.error().offender() == "line 68: a,b,1,t64");
}

TEST_CASE("weights are what they are said to be", "[io][edge_list]") {
    CHECK(told(read("a b .5")) == "2 nodes [a] [b]\n0>1 " + raw(.5) + " relates\n");
    CHECK(told(read("a b +5e-1")) == told(read("a b .5")));
    CHECK(
        told(read("a b -2.5", {.weights = io::weights::logs}))
        == "2 nodes [a] [b]\n0>1 " + std::to_string(-5 * (1 << 23)) + " relates\n");
    CHECK(
        told(read("a b nonsense blocks", {.weights = io::weights::ignored}))
        == "2 nodes [a] [b]\n0>1 0 blocks\n");
}

TEST_CASE("a malformed line is a fault that names it", "[io][edge_list]") {
    struct row {
        std::string text;
        std::string code;
        std::string offender;
        io::edge_list_config how = {};
    };
    io::edge_list_config const logs{.weights = io::weights::logs};
    io::edge_list_config const numbers{.nodes = io::nodes::numbers};
    for (row const& r : std::vector<row>{
             {"a b\na\n", "io.too_few_columns", "line 2: a"},
             {"a\n", "io.too_few_columns", "line 1: a"},
             {",b\n", "io.too_few_columns", "line 1: ,b"},
             {"a,\n", "io.too_few_columns", "line 1: a,"},
             {"a\t\tb\n", "io.too_few_columns", "line 1: a\t\tb"},
             {"\ta\tb\n", "io.too_few_columns", "line 1: \ta\tb"},
             {"a b 1 t x\n", "io.too_many_columns", "line 1: a b 1 t x"},
             {"a,b,1,t,\n", "io.too_many_columns", "line 1: a,b,1,t,"},
             {"a,b,1,t,x,y,z\n", "io.too_many_columns", "line 1: a,b,1,t,x,y,z"},
             {"a b c\n", "io.not_a_number", "line 1: a b c"},
             {"a b 1x\n", "io.not_a_number", "line 1: a b 1x"},
             {"a b 0x10\n", "io.not_a_number", "line 1: a b 0x10"},
             {"a b inf\n", "io.not_a_number", "line 1: a b inf"},
             {"a b nan\n", "io.not_a_number", "line 1: a b nan"},
             {"a b +-1\n", "io.not_a_number", "line 1: a b +-1"},
             {"a b 1e\n", "io.not_a_number", "line 1: a b 1e"},
             {"a b .\n", "io.not_a_number", "line 1: a b ."},
             {"a b 0\n", "io.bad_weight", "line 1: a b 0"},
             {"a b -1\n", "io.bad_weight", "line 1: a b -1"},
             {"a b 1e400\n", "io.bad_weight", "line 1: a b 1e400"},
             {"a b 1e-400\n", "io.bad_weight", "line 1: a b 1e-400"},
             {"a b 1e60\n", "io.bad_weight", "line 1: a b 1e60"},
             {"a b 128\n", "io.bad_weight", "line 1: a b 128", logs},
             {"a b -128.1\n", "io.bad_weight", "line 1: a b -128.1", logs},
             {"1 2\n\n# x\n1 b\n", "io.not_an_id", "line 4: 1 b"},
             {"a b\n", "io.not_an_id", "line 1: a b", numbers},
             {"1 2\r\n4000000000 1\r\n", "io.id_out_of_range", "line 2: 4000000000 1"},
             {"1 99999999999999999999999999\n", "io.id_out_of_range",
              "line 1: 1 99999999999999999999999999"},
             {"source target weight\n1 2 3\n", "io.not_a_number", "line 1: source target weight"},
             {std::string{"a b\n"} + std::string(2 << 20, 'x'), "io.line_too_long",
              "line 2: " + std::string(53, 'x') + "\xE2\x80\xA6"},
             {"\x1F\x8B\x08 and so on", "io.compressed", "line 1: bytes 1f 8b"},
             {std::string{
                  "\xFF\xFE"
                  "a\0 \0b\0\n\0",
                  10},
              "io.other_encoding", "line 1: a byte-order mark"},
         }) {
        CAPTURE(r.text.substr(0, 80));
        auto const made = read(r.text, r.how);
        REQUIRE_FALSE(made);
        CHECK(made.error().code() == r.code);
        CHECK(made.error().offender() == r.offender);
    }
}

TEST_CASE("after a fault a reader says the same again", "[io][edge_list]") {
    io::edge_list_reader reader;
    REQUIRE(reader.take("a b\na b -1\nc d\n").has_value() == false);
    CHECK(reader.lines() == 2);
    auto const again = reader.take("a b\n");
    REQUIRE_FALSE(again);
    CHECK(again.error().offender() == "line 2: a b -1");
    CHECK(reader.lines() == 2);
    auto const made = std::move(reader).finish();
    REQUIRE_FALSE(made);
    CHECK(made.error().offender() == "line 2: a b -1");
}

TEST_CASE("the last line needs no end and is judged all the same", "[io][edge_list]") {
    io::edge_list_reader reader;
    REQUIRE(reader.take("a b\na b -1"));
    auto const made = std::move(reader).finish();
    REQUIRE_FALSE(made);
    CHECK(made.error().offender() == "line 2: a b -1");
}

TEST_CASE("no setting of edge lists is without effect", "[io][edge_list][ablation]") {
    std::string const text = "0 2 2\n2 2 3\n";
    std::string const plain = told(read(text));
    CHECK(told(read(text, {.weights = io::weights::logs})) != plain);
    CHECK(told(read(text, {.weights = io::weights::ignored})) == told(read("0 2\n2 2\n")));
    CHECK(
        told(read(text, {.nodes = io::nodes::names}))
        == "2 nodes [0] [2]\n0>1 " + raw(2) + " relates\n1>1 " + raw(3) + " relates\n");
    CHECK(told(read(text, {.nodes = io::nodes::numbers})) == plain);
    CHECK(told(read(text, {.links = io::links::both_ways})) == told(read("0 2 2\n2 0 2\n2 2 3\n")));
    CHECK(told(read(text, {.most_nodes = 3})) == plain);
    CHECK(code(text, {.most_nodes = 2}) == "io.id_out_of_range");
    CHECK(told(read("a b\n", {.most_nodes = 2})) == told(read("a b\n")));
    CHECK(code("a b\nb c\n", {.most_nodes = 2}) == "io.too_many_nodes");
    int settings = 0;
    io::edge_list_config const config;
    runnel::for_each_field(config, [&](runnel::field_name, auto const&) { ++settings; });
    CHECK(settings == 4); // a new one wants its case above
}

TEST_CASE("settings that mean nothing are refused by name", "[io][edge_list]") {
    auto const refused = [](io::edge_list_config how) {
        io::edge_list_reader reader{how};
        auto const ok = reader.take("a b\n");
        auto const made = std::move(reader).finish();
        REQUIRE_FALSE(ok);
        REQUIRE_FALSE(made);
        CHECK(made.error().code() == "io.bad_setting");
        return std::string{ok.error().sentence()};
    };
    CHECK(refused({.weights = io::weights{9}}).find("io.weights") == 0);
    CHECK(refused({.nodes = io::nodes{9}}).find("io.nodes") == 0);
    CHECK(refused({.links = io::links{9}}).find("io.links") == 0);
    CHECK(refused({.most_nodes = 0xFFFF'FFFF}).find("io.most_nodes") == 0);
}

TEST_CASE("a number that is not looked for costs nothing", "[io][edge_list]") {
    // 134217727 is believed; the nodes are made at the end, once.
    io::edge_list_reader reader;
    REQUIRE(reader.take("134217727 0\n"));
    auto const more = reader.take("134217728 0\n");
    REQUIRE_FALSE(more);
    CHECK(more.error().is(io::faults::id_out_of_range));
}

TEST_CASE("a line without an end is refused before it fills the memory", "[io][edge_list]") {
    io::edge_list_reader reader;
    std::string const part(1 << 16, 'x');
    int taken = 0;
    while (taken < 1000 && reader.take(part)) ++taken;
    CHECK(taken == 16);
}
