// SPDX-License-Identifier: MIT
#include <limits>
#include <vector>

#include <runnel/io.hpp>

#include "io/parser.hpp"
#include "support/catch.hpp"
#include "support/law.hpp"

using io_tests::json;
using io_tests::parsed;
using runnel::io::json_object;

TEST_CASE("an object is written field by field", "[io][json]") {
    std::string text = "before ";
    json_object{text}.field("a", 1).field("b", "x").field("c", true).field("d", -2.5).field(
        "e", std::string{"y"});
    CHECK(text == R"(before {"a":1,"b":"x","c":true,"d":-2.5,"e":"y"})");
    std::string empty;
    json_object{empty};
    CHECK(empty == "{}");
}

TEST_CASE("objects hold objects and lists", "[io][json]") {
    std::string text;
    json_object{text}
        .object("o", [](json_object& o) { o.field("x", 1).object("p", [](json_object&) {}); })
        .list("l", std::vector<int>{1, 2}, [](json_object& one, int n) { one.field("n", n); })
        .list("none", std::vector<int>{}, [](json_object&, int) {})
        .values("v", std::vector<std::string>{"a", "b"})
        .values("w", std::vector<int>{});
    CHECK(text == R"({"o":{"x":1,"p":{}},"l":[{"n":1},{"n":2}],"none":[],"v":["a","b"],"w":[]})");
}

TEST_CASE("the object is whole after every call", "[io][json]") {
    std::string text;
    json_object open{text};
    CHECK(parsed(text).names.empty());
    open.field("a", 1);
    CHECK(parsed(text)["a"].number() == 1);
    open.values("b", std::vector<int>{1});
    CHECK(parsed(text)["b"].items.size() == 1);
}

TEST_CASE("ids are numbers, none is null", "[io][json]") {
    std::string text;
    json_object{text}
        .field("n", runnel::node_id{7})
        .field("no", runnel::no_node)
        .field("l", runnel::no_link)
        .field("t", runnel::node_type{3})
        .field("big", ~std::uint64_t{0});
    CHECK(text == R"({"n":7,"no":null,"l":null,"t":3,"big":18446744073709551615})");
}

TEST_CASE("what is infinite or no number is null", "[io][json]") {
    using limits = std::numeric_limits<double>;
    std::string text;
    json_object{text}.values(
        "v",
        std::vector<double>{limits::infinity(), -limits::infinity(), limits::quiet_NaN(), -0.0});
    CHECK(text == R"({"v":[null,null,null,-0]})");
}

TEST_CASE("numbers read back are the numbers written", "[io][json]") {
    law::for_all(20000, [](law::gen& g) {
        double const x = g.any_double("x");
        std::string text;
        json_object{text}.field("x", x);
        json const read = parsed(text)["x"];
        g.holds(
            x - x == 0 ? read.number() == x : read.is == json::kind::null,
            "the same number, or null for none");
    });
}

TEST_CASE("any bytes become JSON, and text stays what it says", "[io][json]") {
    std::string text;
    json_object{text}.field(
        "t", std::string_view{"\"\\\n\t\0\x1F\x7F/\xC3\xA4\xE2\x82\xAC\xF0\x9F\x8C\x8A", 17});
    CHECK(
        parsed(text)["t"].text
        == std::string_view{"\"\\\n\t\0\x1F\x7F/\xC3\xA4\xE2\x82\xAC\xF0\x9F\x8C\x8A", 17});
    for (auto const& [bytes, meant] : std::vector<std::pair<std::string, std::string>>{
             {"a\xFFz", "a\uFFFDz"},       // no lead byte
             {"\x80", "\uFFFD"},           // a tail without a lead
             {"\xC3", "\uFFFD"},           // cut off
             {"\xC0\xAF", "\uFFFD\uFFFD"}, // longer than it need be
             {"\xE0\x80\xAF", "\uFFFD\uFFFD\uFFFD"},
             {"\xED\xA0\x80", "\uFFFD\uFFFD\uFFFD"},           // half of a pair
             {"\xF4\x90\x80\x80", "\uFFFD\uFFFD\uFFFD\uFFFD"}, // beyond the last
             {"\xF4\x8F\xBF\xBF", "\xF4\x8F\xBF\xBF"}}) {
        std::string line;
        json_object{line}.field("t", bytes);
        CHECK(parsed(line)["t"].text == meant);
    }
    law::for_all(20000, [](law::gen& g) {
        std::string bytes;
        for (char const c : g.list(12, [&] { return static_cast<char>(g.choose(255)); }))
            bytes += c;
        std::string line;
        json_object{line}.field(bytes, bytes); // names too
        try {
            static_cast<void>(parsed(line));
            g.holds(true, "");
        } catch (std::runtime_error const& refused) { g.holds(false, refused.what()); }
    });
}
