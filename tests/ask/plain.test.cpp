// SPDX-License-Identifier: MIT
#include <cmath>
#include <cstddef>
#include <vector>

#include "bm25.hpp"
#include "support/catch.hpp"
#include "support/law.hpp"

TEST_CASE("law: plain search scores as the formula says", "[ask]") {
    law::for_all(200, [](law::gen& g) {
        auto const below = [&](std::size_t n, char const* what) {
            return static_cast<std::size_t>(g.integer(0, static_cast<int>(n) - 1, what));
        };
        std::size_t const terms = 1 + below(8, "terms");
        std::vector<std::vector<ask::term>> notes(1 + below(12, "notes"));
        double all = 0;
        for (auto& n : notes) {
            n.resize(below(9, "words"));
            for (auto& t : n) t = static_cast<ask::term>(below(terms, "word"));
            all += static_cast<double>(n.size());
        }
        double const mean = all / static_cast<double>(notes.size());
        ask::bm25 const search{notes, terms};
        std::vector<ask::term> question;
        for (ask::term t = 0; t < terms; ++t)
            if (below(2, "asked") == 1) question.push_back(t);
        std::vector<double> expected(notes.size());
        for (ask::term const t : question) {
            double with = 0;
            for (auto const& n : notes)
                for (ask::term const other : n)
                    if (other == t) {
                        ++with;
                        break;
                    }
            for (std::size_t n = 0; n < notes.size(); ++n) {
                double times = 0;
                for (ask::term const other : notes[n]) times += other == t;
                if (times == 0) continue;
                double const count = static_cast<double>(notes.size());
                expected[n] +=
                    std::log(1 + (count - with + .5) / (with + .5)) * times * 2.2
                    / (times + 1.2 * (.25 + .75 * static_cast<double>(notes[n].size()) / mean));
            }
        }
        auto const found = search(question, notes.size());
        std::size_t positive = 0;
        for (double const x : expected) positive += x > 0;
        g.holds(found.size() == positive, "those that share a word are found");
        for (std::size_t i = 0; i < found.size(); ++i) {
            g.holds(
                std::abs(found[i].score - expected[found[i].note]) < 1e-12,
                "the score is the formula's");
            if (i > 0)
                g.holds(
                    found[i - 1].score > found[i].score
                        || (found[i - 1].score == found[i].score
                            && found[i - 1].note < found[i].note),
                    "the best come first, ties by note");
        }
    });
}
TEST_CASE("a word that is asked twice counts once, an unknown one never", "[ask]") {
    ask::bm25 const search{{{0, 1}, {1}}, 2};
    auto const once = search({1, ask::no_term}, 5);
    auto const twice = search({1, 1, ask::no_term}, 5);
    REQUIRE(once.size() == 2);
    REQUIRE(twice.size() == 2);
    CHECK(once[0].score == twice[0].score);
    CHECK(once[0].note == 1); // the shorter note
    CHECK(search({ask::no_term}, 5).empty());
    CHECK(search({}, 5).empty());
}
TEST_CASE("no more are found than asked for", "[ask]") {
    ask::bm25 const search{{{0}, {0}, {0}}, 1};
    CHECK(search({0}, 2).size() == 2);
    CHECK(search({0}, 0).empty());
}
