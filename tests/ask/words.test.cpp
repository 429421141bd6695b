// SPDX-License-Identifier: MIT
#include <string>
#include <vector>

#include "support/catch.hpp"
#include "text.hpp"

namespace {
std::string joined(std::vector<ask::word> const& words) {
    std::string out;
    for (auto const& w : words) out += (out.empty() ? "" : "|") + w.lower;
    return out;
}
} // namespace

TEST_CASE("words are letters and digits, in small letters", "[ask]") {
    CHECK(joined(ask::words_of("Hven's mansion, built 1576-80!")) == "hven|mansion|built|1576|80");
    CHECK(joined(ask::words_of("")).empty());
    CHECK(joined(ask::words_of(" .,; ")).empty());
}
TEST_CASE(
    "a possessive is no part of a word, an apostrophe before more letters parts two", "[ask]") {
    CHECK(joined(ask::words_of("Ada's book, O'sullivan")) == "ada|book|o|sullivan");
}
TEST_CASE("typographers' quotes, dashes and blanks part words too", "[ask]") {
    CHECK(
        joined(ask::words_of("Neptune\u2019s \u201Cmoon\u201D\u2014Triton\u2026"))
        == "neptune|moon|triton");
    CHECK(joined(ask::words_of("\u00ABoui\u00BB 5\u00D73 \u3010x\u3011")) == "oui|5|3|x");
    auto const words = ask::words_of("New\u00A0York\u2014Paris");
    CHECK(words[0].joins_next);
    CHECK_FALSE(words[1].joins_next);
    CHECK(joined(ask::words_of("москва µm")) == "москва|µm");
}
TEST_CASE("accents stay in their words, and their capitals are capitals", "[ask]") {
    auto const words = ask::words_of("Élan in Århus, naïve");
    CHECK(joined(words) == "élan|in|århus|naïve");
    CHECK(words[0].capital);
    CHECK_FALSE(words[1].capital);
    CHECK(words[2].capital);
    CHECK_FALSE(words[3].capital);
}
TEST_CASE("the first word of a sentence is known", "[ask]") {
    auto const words = ask::words_of("One two. Three! four");
    std::vector<bool> opens;
    for (auto const& w : words) opens.push_back(w.opens);
    CHECK(opens == std::vector<bool>{true, false, true, true});
}
TEST_CASE("words join over blanks and hyphens, and over nothing else", "[ask]") {
    auto const words = ask::words_of("New York, home-made (old) end");
    std::vector<bool> joins;
    for (auto const& w : words) joins.push_back(w.joins_next);
    CHECK(joins == std::vector<bool>{true, false, true, false, false, false});
}
TEST_CASE("a word says where its letters stand", "[ask]") {
    std::string const text = "  Tycho Brahe's";
    auto const words = ask::words_of(text);
    REQUIRE(words.size() == 2);
    CHECK(text.substr(words[0].begin, words[1].end - words[0].begin) == "Tycho Brahe");
}
TEST_CASE("words of a question that stand in no note have no number", "[ask]") {
    ask::vocabulary known;
    CHECK(known.add("ada") == 0);
    CHECK(known.add("byron") == 1);
    CHECK(known.add("ada") == 0);
    CHECK(ask::terms_of("Ada knew Byron", known) == std::vector<ask::term>{0, ask::no_term, 1});
}
