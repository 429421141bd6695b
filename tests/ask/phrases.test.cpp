// SPDX-License-Identifier: MIT
#include <string>
#include <utility>
#include <vector>

#include "small_web.hpp"
#include "support/catch.hpp"

namespace {
std::vector<std::string> texts(std::vector<ask::note> notes, ask::phrase_settings const& how = {}) {
    ask::settings all;
    all.phrases = how;
    std::vector<std::string> out;
    auto const web = small::woven(std::move(notes), all);
    for (auto const& p : web.phrases.all()) out.push_back(p.text);
    return out;
}
using list = std::vector<std::string>;
} // namespace

TEST_CASE(
    "titles and names that two notes share are phrases, in the order of their letters", "[ask]") {
    CHECK(
        texts(small::notes())
        == list{"Ada Lovelace", "Analytical Engine", "Charles Babbage", "Greece", "Lord Byron"});
}
TEST_CASE("a phrase knows its notes, also where it stands in small letters", "[ask]") {
    auto const web = small::woven(
        {{"1", "Punched card", "Holes."},
         {"2", "Loom", "It read a punched card."},
         {"3", "Sea", "Salt."}});
    REQUIRE(web.phrases.all().size() == 1);
    CHECK(web.phrases.all()[0].text == "Punched card");
    CHECK(web.phrases.all()[0].notes == std::vector<std::uint32_t>{0, 1});
}
TEST_CASE("what a title has in brackets is no part of its phrase", "[ask]") {
    CHECK(
        texts({{"1", "Mercury (element)", "Liquid."}, {"2", "Gold", "It dissolves in mercury."}})
        == list{"Mercury"});
}
TEST_CASE("small words join names, and do not begin them", "[ask]") {
    CHECK(
        texts(
            {{"1", "x", "He met the Duke of Wellington."},
             {"2", "y", "Once The Duke of Wellington fell."}})
        == list{"Duke of Wellington"});
}
TEST_CASE("the first word of a sentence is no name", "[ask]") {
    CHECK(texts({{"1", "x", "Perhaps so."}, {"2", "y", "Perhaps not."}}).empty());
    CHECK(texts({{"1", "x", "In Perhaps so."}, {"2", "y", "Perhaps not."}}) == list{"Perhaps"});
}
TEST_CASE("a possessive names its owner", "[ask]") {
    CHECK(
        texts({{"1", "x", "He had seen Halley's Comet."}, {"2", "y", "It was Halley's Comet."}})
        == list{"Halley's Comet"});
}
TEST_CASE("a phrase in too many notes, or in too few, joins nothing", "[ask]") {
    std::vector<ask::note> notes;
    for (int n = 0; n < 20; ++n)
        notes.push_back({std::to_string(n), "t" + std::to_string(n), n < 3 ? "by Kepler" : "none"});
    CHECK(texts(notes) == list{"Kepler"});
    CHECK(texts(notes, {.least_notes = 4}).empty());
    CHECK(texts(notes, {.most_share = .1, .few = 2}).empty());
    CHECK(texts(notes, {.most_share = .15, .few = 2}) == list{"Kepler"});
}
TEST_CASE("long runs of capitals are headlines, unless they are a title", "[ask]") {
    std::vector<ask::note> const notes{{"1", "x", "see B C D E"}, {"2", "y", "see B C D E"}};
    CHECK(texts(notes) == list{"B C D E"});
    CHECK(texts(notes, {.longest = 3}).empty());
    CHECK(
        texts({{"1", "B C D E", "z"}, {"2", "y", "see B C D E"}}, {.longest = 3})
        == list{"B C D E"});
}
TEST_CASE("spans of small letters are phrases where they are asked for", "[ask]") {
    std::vector<ask::note> const notes{
        {"1", "x", "the copper spout of wax"}, {"2", "y", "a copper spout, cold"}};
    CHECK(texts(notes).empty());
    CHECK(texts(notes, {.repeated = 2}) == list{"copper spout"});
}
TEST_CASE("of the phrases of a question the longest count", "[ask]") {
    auto const web = small::woven(
        {{"1", "x", "in New York City"},
         {"2", "y", "in New York City"},
         {"3", "z", "in New York"},
         {"4", "w", "in New York and in Newark"},
         {"5", "v", "or Newark"}});
    std::vector<std::string> found;
    web.phrases.longest_in(
        ask::terms_of("from New York City to new york, Newark", web.words),
        [&](std::uint32_t p, std::size_t) { found.push_back(web.phrases.all()[p].text); });
    CHECK(found == list{"New York City", "New York", "Newark"});
}
TEST_CASE("phrases within a phrase are known", "[ask]") {
    auto const web = small::woven(
        {{"1", "x", "in New York City"},
         {"2", "y", "in New York City"},
         {"3", "z", "in New York"}});
    REQUIRE(web.phrases.all().size() == 2);
    REQUIRE(web.phrases.all()[1].text == "New York City");
    std::vector<std::size_t> inner;
    web.phrases.within(1, [&](std::size_t p) { inner.push_back(p); });
    CHECK(inner == std::vector<std::size_t>{0});
}
