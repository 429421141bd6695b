// SPDX-License-Identifier: MIT
// The law harness itself: it finds, shrinks, prints, repeats, and refuses to be vacuous.
#include <numeric>
#include <stdexcept>
#include <string>
#include <vector>

#include "support/catch.hpp"
#include "support/law.hpp"

namespace {

std::vector<int> draws(std::uint64_t seed) {
    law::gen g(seed);
    std::vector<int> all;
    for (int i = 0; i < 50; ++i) all.push_back(g.integer(-1000, 1000));
    return all;
}

std::string report_of(std::size_t cases, auto&& body) {
    return law::check(cases, law::default_seed, body).value_or("");
}

} // namespace

TEST_CASE("a law that holds says nothing", "[core][law]") {
    CHECK(report_of(500, [](law::gen& g) {
              int const a = g.integer(0, 9);
              g.holds(a >= 0 && a <= 9, "in range");
          }).empty());
}

TEST_CASE("a broken law is shrunk to its smallest case", "[core][law]") {
    std::string const said = report_of(500, [](law::gen& g) {
        int const a = g.integer(0, 100'000, "a");
        g.holds(a < 137, "a stays below 137");
    });
    CAPTURE(said);
    CHECK(said.find("a = 137\n") != std::string::npos);
    CHECK(said.find("a stays below 137") != std::string::npos);
}

TEST_CASE("a list shrinks to the elements that matter", "[core][law]") {
    std::vector<int> smallest;
    std::string const said = report_of(500, [&](law::gen& g) {
        auto const all = g.list(40, [&] { return g.integer(0, 50); });
        bool const fine = std::accumulate(all.begin(), all.end(), 0) < 60;
        if (!fine) smallest = all;
        g.holds(fine, "sums stay small");
    });
    CAPTURE(said, smallest);
    CHECK(smallest.size() == 2);
    CHECK(std::accumulate(smallest.begin(), smallest.end(), 0) == 60);
}

TEST_CASE("a report names seed, case and place, and the seed makes the case again", "[core][law]") {
    auto const body = [](law::gen& g) { g.holds(g.integer(0, 1000) != 500, "never 500"); };
    std::string const said = report_of(20'000, body);
    CAPTURE(said);
    CHECK(said.find("RUNNEL_LAW_SEED=" + std::to_string(law::default_seed)) != std::string::npos);
    CHECK(said.find("law_harness.test.cpp:") != std::string::npos);
    CHECK(said == report_of(20'000, body));
}

TEST_CASE("an exception thrown by a case breaks the law", "[core][law]") {
    std::string const said = report_of(10, [](law::gen& g) {
        g.holds(true, "starts well");
        throw std::runtime_error("out of luck");
    });
    CHECK(said.find("out of luck") != std::string::npos);
}

TEST_CASE("a law that checks nothing is red", "[core][law]") {
    CHECK(report_of(10, [](law::gen&) {}) == "the law checked nothing");
}

TEST_CASE("a law that refuses nearly every case is red", "[core][law]") {
    std::string const said = report_of(1000, [](law::gen& g) {
        g.assume(g.integer(0, 99) == 0);
        g.holds(true, "fine");
    });
    CHECK(said.find("assume()") != std::string::npos);
}

TEST_CASE("equal seeds make equal cases, other seeds make others", "[core][law]") {
    CHECK(draws(1) == draws(1));
    CHECK(draws(1) != draws(2));
}

TEST_CASE("draws stay inside their ranges", "[core][law]") {
    law::for_all(2000, [](law::gen& g) {
        int const lo = g.integer(-50, 50, "lo");
        int const hi = g.integer(lo, 60, "hi");
        int const between = g.integer(lo, hi, "between");
        g.holds(lo <= between && between <= hi, "integers");
        double const real = g.real(lo, hi + 1, "real");
        g.holds(real >= lo && real <= hi + 1, "reals");
        double const size = g.magnitude(-3, 5, "size");
        g.holds(size >= 0x1p-3 && size <= 0x1p6, "magnitudes");
        g.holds(g.list(7, [&] { return 0; }).size() <= 7, "lists");
    });
}

TEST_CASE("a shuffle keeps what it shuffles", "[core][law]") {
    law::for_all(500, [](law::gen& g) {
        auto const before = g.list(20, [&] { return g.integer(0, 5); });
        auto after = before;
        g.shuffle(after);
        g.holds(
            std::is_permutation(after.begin(), after.end(), before.begin(), before.end()),
            "a permutation");
    });
}
