// SPDX-License-Identifier: MIT
#include <cstddef>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "bench.hpp"
#include "small_web.hpp"
#include "support/catch.hpp"

namespace {
std::vector<ask::note> notes_of(std::string const& text) {
    return ask::notes_of(text, "notes.tsv");
}
std::string refused(std::string const& text) {
    try {
        notes_of(text);
        return "accepted";
    } catch (command::failure const& why) { return why.what(); }
}
} // namespace

TEST_CASE("a note is a line of id, title and text", "[ask]") {
    auto const notes = notes_of("b\tTwo\tsecond\r\n\na\tOne\tfirst");
    REQUIRE(notes.size() == 2);
    CHECK(notes[0].id == "a");
    CHECK(notes[0].text == "first");
    CHECK(notes[1].text == "second");
}
TEST_CASE("what is no note is refused with its line", "[ask]") {
    CHECK(
        refused("a\tb\tc\nd\te\n")
        == "notes.tsv, line 2: a note is id, title and text between tabs");
    CHECK(
        refused("a\tb\tc\n\n\ta\tb\n")
        == "notes.tsv, line 3: a note is id, title and text between tabs");
    CHECK(refused("a\tb\tc\na\td\te\n") == "notes.tsv, line 2: line 1 has the id 'a' too");
    CHECK(refused("") == "notes.tsv: no notes there");
}

TEST_CASE("marks are shares of what was needed", "[ask]") {
    std::vector<std::uint32_t> const found{9, 4, 7, 1, 2, 5};
    CHECK(ask::mark(found, {4, 5}).of == std::array{.5, .5, 1., 0.});
    CHECK(ask::mark(found, {9, 4}).of == std::array{1., 1., 1., 1.});
    CHECK(ask::mark(found, {8}).of == std::array{0., 0., 0., 0.});
    CHECK(ask::mark({}, {8}).of == std::array{0., 0., 0., 0.});
}
TEST_CASE(
    "the interval of a difference holds it, and is nothing where methods are equal", "[ask]") {
    ask::run_of a{"a", {}, {}, {}, {}, 0};
    ask::run_of b = a;
    for (int q = 0; q < 40; ++q) {
        a.marked.push_back({{0, q % 2 == 0 ? 1. : 0., 0, 0}});
        b.marked.push_back({{0, q % 4 == 3 ? 0. : 1., 0, 0}});
    }
    auto const in = ask::bootstrap(a, b, 1, 0);
    CHECK(in.low > 0);
    CHECK(in.low < 25);
    CHECK(in.high > 25);
    CHECK(in.high < 50);
    auto const again = ask::bootstrap(a, b, 1, 0);
    CHECK(again.low == in.low);
    CHECK(again.high == in.high);
    CHECK(ask::bootstrap(a, a, 1, 0).low == 0);
    CHECK(ask::bootstrap(a, a, 1, 0).high == 0);
}

TEST_CASE("the built-in notes keep their rules", "[ask]") {
    std::string const folder = ASK_DATA;
    auto const notes = ask::notes_of(command::contents(folder + "/notes.tsv"), "notes.tsv");
    auto questions =
        ask::questions_of(command::contents(folder + "/questions.tsv"), "questions.tsv");
    std::size_t two = 0;
    std::size_t one = 0;
    std::map<std::string, std::string> six; // words in a row, and whose they are
    for (auto const& q : questions) {
        two += q.gold.size() == 2;
        one += q.gold.size() == 1;
        auto const words = ask::words_of(q.text);
        for (std::size_t i = 0; i + 6 <= words.size(); ++i) {
            std::string row;
            for (std::size_t j = i; j < i + 6; ++j) row += words[j].lower + " ";
            auto const [first, made] = six.emplace(row, q.id);
            INFO(row);
            CHECK((made || first->second == q.id));
        }
    }
    CHECK(notes.size() >= 250);
    CHECK(two >= 80);
    CHECK(one >= 20);

    auto const web = small::woven(notes);
    auto const result = ask::measure(web, {}, questions, 1);
    double plain = 0;
    double stride = 0;
    for (std::size_t q = 0; q < questions.size(); ++q)
        if (questions[q].gold.size() == 2) {
            plain += result.plain.marked[q].of[3];
            stride += result.stride.marked[q].of[3];
        }
    plain = 100 * plain / static_cast<double>(two);
    stride = 100 * stride / static_cast<double>(two);
    CHECK(plain >= 20);
    CHECK(plain <= 60);
    CHECK(stride >= plain + 20); // 79 against 45 where this was written

    // The same rankings from any number of threads.
    auto const threaded = ask::measure(web, {}, questions, 3);
    CHECK(threaded.stride.rankings == result.stride.rankings);
    CHECK(threaded.plain.rankings == result.plain.rankings);
}
