// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "learn.hpp"
#include "small_web.hpp"
#include "support/catch.hpp"

namespace {

constexpr char const* question = "Whose father died in Greece?";

/// Titles and quanta: equal texts are equal bits.
std::string told(ask::web const& of, ask::answer const& a) {
    std::string out;
    for (auto const& h : a.found)
        out += of.notes[h.note].title + " " + std::to_string(h.received) + "\n";
    for (auto const& p : a.plain)
        out += of.notes[p.note].title + " " + std::to_string(p.score) + "\n";
    return out;
}
std::string asked(ask::web const& of, ask::settings const& how = {}, char const* what = question) {
    ask::all_settings all;
    all.own = how;
    ask::asker<> mind{of, all};
    return told(of, mind(what, 10));
}

} // namespace

TEST_CASE(
    "links lead from notes to their phrases and back, weighed by how rare a phrase is", "[ask]") {
    auto const web = small::woven(small::notes());
    auto const& [graph, store] = web.memory;
    CHECK(graph.node_count() == 7 + 5);
    std::size_t links = 0;
    for (auto const& p : web.phrases.all()) links += 2 * p.notes.size();
    CHECK(graph.link_count() == links);
    auto const byron = web.node_of_phrase(4);
    REQUIRE(web.name(byron) == "\"Lord Byron\"");
    auto const poet = web.node_of_note(2);
    CHECK(store.lw(byron, graph.find({byron, poet})).weight() == Approx(1));
    CHECK(store.lw(poet, graph.find({poet, byron})).weight() == Approx(1. / 3)); // notes a, c and f
}
TEST_CASE(
    "what is given sums to one, and half and more of it goes to what plain search finds", "[ask]") {
    auto const web = small::woven(small::notes());
    ask::asker<> mind{web, {}};
    auto const a = mind(question, 5);
    double all = 0;
    double notes = 0;
    for (auto const& s : a.seeds) {
        all += s.amount;
        if (web.is_note(s.node)) notes += s.amount;
    }
    CHECK(all == Approx(1));
    CHECK(notes == Approx(.6)); // 1.5 of 2.5
}
TEST_CASE("what is connected comes, also where it shares no word with the question", "[ask]") {
    auto const web = small::woven(small::notes());
    ask::asker<> mind{web, {}};
    auto const a = mind("Who drove looms by cards?", 7);
    auto const found = [&](auto const& list, char const* title) {
        return std::any_of(list.begin(), list.end(), [&](auto const& h) {
            return web.notes[h.note].title == title;
        });
    };
    CHECK_FALSE(found(a.plain, "Charles Babbage"));
    CHECK(found(a.found, "Charles Babbage"));
    CHECK_FALSE(found(a.found, "Turnip"));
}
TEST_CASE("ways and the rest sum to what was received, seeds too", "[ask]") {
    auto const web = small::woven(small::notes());
    ask::asker<> mind{web, {}};
    auto const a = mind(question, 10);
    REQUIRE(a.found.size() > 3);
    for (auto const& h : a.found) {
        auto const from = mind.why(h.note);
        CHECK(from.total() == h.received);
        runnel::credit::quanta seeds = from.unknown();
        for (auto const& s : from.seeds()) seeds += s.amount;
        CHECK(seeds == h.received);
        for (std::size_t const most : {1U, 2U, 100U}) {
            auto const ways = from.paths(most, {.looks = 256, .loops = runnel::credit::loops::cut});
            runnel::credit::quanta sum = ways.rest;
            for (auto const& way : ways.paths) sum += way.amount;
            CHECK(sum == h.received);
            CHECK(ways.rest >= 0);
        }
    }
}
TEST_CASE("the order of notes changes nothing", "[ask]") {
    auto notes = small::notes();
    auto const expected = asked(small::woven(notes));
    for (int turn = 0; turn < 12; ++turn) {
        std::next_permutation(
            notes.begin(), notes.end(), [](auto const& a, auto const& b) { return a.id < b.id; });
        std::rotate(notes.begin(), notes.begin() + 3, notes.end());
        CHECK(asked(small::woven(notes)) == expected);
    }
}
TEST_CASE("an asker remembers no question", "[ask]") {
    auto const web = small::woven(small::notes());
    ask::asker<> mind{web, {}};
    auto const first = told(web, mind(question, 10));
    CHECK(told(web, mind("Greece and punched cards", 10)) != first);
    CHECK(told(web, mind(question, 10)) == first);
}
TEST_CASE("many threads ask one web and hear the same", "[ask]") {
    auto const web = small::woven(small::notes());
    auto const expected = asked(web);
    std::vector<std::string> heard(4);
    {
        std::vector<std::jthread> threads;
        for (auto& mine : heard)
            threads.emplace_back([&] {
                for (int i = 0; i < 20; ++i) mine = asked(web);
            });
    }
    for (auto const& one : heard) CHECK(one == expected);
}
TEST_CASE("a note that nothing leads to comes last, behind those that lit up", "[ask]") {
    auto const web = small::woven(small::notes());
    ask::asker<> mind{web, {}};
    auto const a = mind("turnip", 5);
    REQUIRE(a.found.size() == 1);
    CHECK(web.notes[a.found[0].note].title == "Turnip");
    CHECK(a.found[0].received == 0);
    CHECK(mind.why(a.found[0].note).total() == 0);
    auto const both = mind("turnip of Lord Byron", 9);
    REQUIRE(both.found.size() > 2);
    CHECK(both.found.back().received == 0);
}
TEST_CASE("a question of which no word is known has no answer", "[ask]") {
    auto const web = small::woven(small::notes());
    ask::asker<> mind{web, {}};
    auto const a = mind("zzz", 5);
    CHECK(a.plain.empty());
    CHECK(a.found.empty());
    CHECK(a.seeds.empty());
    CHECK(mind("", 5).found.empty());
}
TEST_CASE("notes without anything in common make a memory all the same", "[ask]") {
    auto const web = small::woven({{"1", "One", "alpha"}});
    ask::asker<> mind{web, {}};
    CHECK(mind("alpha", 5).found.size() == 1);
}

TEST_CASE(
    "what was right comes with more, what was wrong with less, and all of it can be taken back",
    "[ask]") {
    auto web = small::woven(small::notes());
    ask::asker<> mind{web, {}};
    auto const received = [&](char const* title) {
        for (auto const& h : mind(question, 10).found)
            if (web.notes[h.note].title == title) return h.received;
        return runnel::credit::quanta{0};
    };
    auto const before = told(web, mind(question, 10));
    auto const was = received("Ada Lovelace");
    REQUIRE(was > 0);
    ask::teacher teacher{web.memory};

    CHECK(teacher.teach(mind.why(0), ask::verdict::right) > 0);
    CHECK(received("Ada Lovelace") > was);
    CHECK(teacher.forget() > 0);
    CHECK(told(web, mind(question, 10)) == before);

    CHECK(teacher.teach(mind.why(0), ask::verdict::wrong) > 0);
    CHECK(received("Ada Lovelace") < was);
    CHECK(told(web, mind(question, 10)) != before);
    CHECK(teacher.forget() > 0);
    CHECK(told(web, mind(question, 10)) == before);
    CHECK(teacher.forget() == 0);
}
TEST_CASE("lessons without end do not leave their bounds", "[ask]") {
    auto web = small::woven(small::notes());
    ask::asker<> mind{web, {}};
    ask::teacher teacher{web.memory};
    auto const before = told(web, mind(question, 10));
    for (int i = 0; i < 50; ++i) {
        mind(question, 10);
        teacher.teach(mind.why(0), ask::verdict::right);
        mind(question, 10);
        teacher.teach(mind.why(2), ask::verdict::wrong);
    }
    CHECK(told(web, mind(question, 10)) != before);
    teacher.forget();
    CHECK(told(web, mind(question, 10)) == before);
}
TEST_CASE("nothing is learned of a note that nothing came to", "[ask]") {
    auto web = small::woven(small::notes());
    ask::asker<> mind{web, {}};
    mind("turnip", 5);
    ask::teacher teacher{web.memory};
    CHECK(teacher.teach(mind.why(6), ask::verdict::right) == 0);
}

TEST_CASE("each setting changes answers", "[ask]") {
    auto notes = small::notes();
    notes.push_back(
        {"h", "Babbage", "Charles Babbage, of the Analytical Engine and punched cards."});
    notes.push_back(
        {"i", "Opera", "It was sung in Covent Garden, where Charles Babbage heard it."});
    notes.push_back({"j", "Market", "Flowers of Covent Garden."});
    ask::settings const usual;
    constexpr char const* machines =
        "Covent Garden, Charles Babbage, punched cards and the Analytical Engine";
    auto const expected = asked(small::woven(notes, usual), usual, machines);
    auto const changed = [&](auto&& change) {
        ask::settings other;
        change(other);
        return asked(small::woven(notes, other), other, machines) != expected;
    };
    CHECK(changed([](ask::settings& s) { s.dimension = 2; }));
    CHECK(changed([](ask::settings& s) { s.ticks = 2; }));
    CHECK(changed([](ask::settings& s) { s.phrase_links = .5; }));
    CHECK(changed([](ask::settings& s) { s.phrases.least_notes = 3; }));
    CHECK(changed([](ask::settings& s) { s.phrases = {.most_share = .1, .few = 2}; }));
    CHECK(changed([](ask::settings& s) { s.phrases.few = 2; }));
    CHECK(changed([](ask::settings& s) { s.phrases.longest = 1; }));
    CHECK(changed([](ask::settings& s) { s.phrases.repeated = 2; }));
    CHECK(changed([](ask::settings& s) { s.seeds.plain = 1; }));
    CHECK(changed([](ask::settings& s) { s.seeds.plain_weight = .5; }));
    CHECK_FALSE(changed([](ask::settings&) {}));
}
TEST_CASE("settings that make no sense are named", "[ask]") {
    CHECK(ask::settings{}.validate());
    CHECK_FALSE(ask::settings{.dimension = 0}.validate());
    CHECK_FALSE(ask::settings{.ticks = 0}.validate());
    CHECK_FALSE(ask::settings{.phrase_links = -1}.validate());
    CHECK_FALSE(ask::settings{.phrases = {.least_notes = 0}}.validate());
    CHECK_FALSE(ask::settings{.phrases = {.most_share = 2}}.validate());
    CHECK_FALSE(ask::settings{.seeds = {.plain_weight = std::nan("")}}.validate());
}
