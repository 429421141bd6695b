// SPDX-License-Identifier: MIT
#include <cmath>
#include <cstddef>
#include <vector>

#include "lsa.hpp"
#include "support/catch.hpp"

namespace {
double cosine(std::vector<float> const& a, std::vector<float> const& b) {
    double dot = 0;
    double aa = 0;
    double bb = 0;
    for (std::size_t i = 0; i < a.size(); ++i) {
        dot += double{a[i]} * b[i];
        aa += double{a[i]} * a[i];
        bb += double{b[i]} * b[i];
    }
    return dot / std::sqrt(aa * bb);
}
std::vector<std::vector<ask::term>> const notes{{0, 1, 2, 2}, {1, 2, 3}, {4, 5},
                                                {4, 5, 5, 0}, {6, 3, 1}, {6, 4}};
constexpr std::size_t terms = 7;

/// Words weighed by hand.
std::vector<float> weighed(std::vector<ask::term> const& note) {
    std::vector<float> out(terms);
    for (ask::term t = 0; t < terms; ++t) {
        double times = 0;
        double with = 0;
        for (ask::term const other : note) times += other == t;
        for (auto const& n : notes)
            for (ask::term const other : n)
                if (other == t) {
                    ++with;
                    break;
                }
        if (times > 0)
            out[t] = static_cast<float>(
                (1 + std::log(times)) * std::log(static_cast<double>(notes.size()) / with));
    }
    return out;
}
} // namespace

TEST_CASE("with all directions kept, notes are as near as their weighed words", "[ask]") {
    ask::bm25 const index{notes, terms};
    ask::lsa const meaning{index, 64};
    CHECK(meaning.dimension() == notes.size());
    for (auto const& a : notes)
        for (auto const& b : notes)
            CHECK(std::abs(cosine(meaning(a), meaning(b)) - cosine(weighed(a), weighed(b))) < 1e-4);
}
TEST_CASE("with few directions kept, what goes together stays together", "[ask]") {
    ask::bm25 const index{notes, terms};
    ask::lsa const meaning{index, 2};
    CHECK(meaning.dimension() == 2);
    CHECK(cosine(meaning(notes[0]), meaning(notes[1])) > .9);
    CHECK(cosine(meaning(notes[2]), meaning(notes[3])) > .9);
    CHECK(cosine(meaning(notes[0]), meaning(notes[2])) < .5);
}
TEST_CASE("a text is as long as 1, or 0 where no word says anything", "[ask]") {
    ask::bm25 const index{notes, terms};
    ask::lsa const meaning{index, 3};
    double length = 0;
    for (float const x : meaning({0, 4})) length += double{x} * x;
    CHECK(std::abs(length - 1) < 1e-5);
    for (float const x : meaning({ask::no_term})) CHECK(x == 0);
    for (float const x : meaning({})) CHECK(x == 0);
}
TEST_CASE("one note has one direction, and nothing is rare in it", "[ask]") {
    std::vector<std::vector<ask::term>> const one{{0, 1}};
    ask::bm25 const index{one, 2};
    ask::lsa const meaning{index, 8};
    for (float const x : meaning({0})) CHECK(x == 0);
}
