// SPDX-License-Identifier: MIT
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include <runnel/core/order.hpp>

#include "support/catch.hpp"
#include "support/law.hpp"

using runnel::detail::best_first;

namespace {

template <class T> void sort(std::vector<T>& run) {
    runnel::detail::sort(run.data(), run.data() + run.size());
}
std::vector<std::uint64_t> drawn(law::gen& g, std::size_t most) {
    auto const size = g.integer(std::size_t{0}, most, "size");
    std::uint64_t const top = g.integer(0, 1, "many equals") != 0 ? 3 : 1'000'000;
    std::vector<std::uint64_t> run;
    for (std::size_t i = 0; i < size; ++i)
        run.push_back(g.integer(std::uint64_t{0}, top, "element"));
    return run;
}

/// Answers so that every cut is as bad as it can be (McIlroy, "A killer adversary for quicksort").
class adversary {
public:
    explicit adversary(std::size_t size) : figure_(size, size) {}
    bool less(std::size_t a, std::size_t b) {
        ++asked;
        if (figure_[a] == open() && figure_[b] == open()) figure_[a == suspect_ ? a : b] = solid_++;
        if (figure_[a] == open()) suspect_ = a;
        if (figure_[b] == open()) suspect_ = b;
        return figure_[a] < figure_[b];
    }
    std::size_t asked = 0;

private:
    [[nodiscard]] std::size_t open() const { return figure_.size(); }
    std::vector<std::size_t> figure_;
    std::size_t solid_ = 0;
    std::size_t suspect_ = 0;
};

} // namespace

TEST_CASE("sort puts every run in the order std::sort does", "[core][order]") {
    law::for_all(3000, [](law::gen& g) {
        auto run = drawn(g, 400);
        auto expected = run;
        std::sort(expected.begin(), expected.end());
        sort(run);
        g.holds(run == expected, "the same elements, in order");
    });
}

TEST_CASE("sort leaves no short run out of order", "[core][order]") {
    for (std::uint64_t size = 0; size <= 8; ++size) {
        std::vector<std::uint64_t> permuted(size);
        for (std::uint64_t i = 0; i < size; ++i) permuted[i] = i / 2;
        do {
            auto run = permuted;
            sort(run);
            REQUIRE(std::is_sorted(run.begin(), run.end()));
        } while (std::next_permutation(permuted.begin(), permuted.end()));
    }
}

TEST_CASE("sort follows the order it is given", "[core][order]") {
    std::vector<std::string> words{"pear", "fig", "plum", "a", "quince"};
    runnel::detail::sort(
        words.data(), words.data() + words.size(), [](std::string const& a, std::string const& b) {
            return a.size() != b.size() ? a.size() > b.size() : a < b;
        });
    CHECK(words == std::vector<std::string>{"quince", "pear", "plum", "fig", "a"});
}

TEST_CASE("sort needs n log n comparisons whatever it is given", "[core][order]") {
    constexpr std::size_t size = 1 << 14;
    adversary against{size};
    std::vector<std::size_t> run(size);
    for (std::size_t i = 0; i < size; ++i) run[i] = i;
    runnel::detail::sort(run.data(), run.data() + size, [&](std::size_t a, std::size_t b) {
        return against.less(a, b);
    });
    CHECK(against.asked < 6 * size * 14); // by cuts alone it would be a quarter of size * size
}

TEST_CASE("sort asks once per element where all is in order", "[core][order]") {
    std::vector<std::uint64_t> run(10'000);
    for (std::size_t i = 0; i < run.size(); ++i) run[i] = i / 3;
    std::size_t asked = 0;
    runnel::detail::sort(run.data(), run.data() + run.size(), [&](auto a, auto b) {
        ++asked;
        return a < b;
    });
    CHECK(asked == run.size() - 1);
}

TEST_CASE("best_first puts the least in front, in order, and keeps the rest", "[core][order]") {
    law::for_all(3000, [](law::gen& g) {
        auto run = drawn(g, 100);
        std::size_t const k = g.integer(std::size_t{0}, run.size(), "how many");
        auto expected = run;
        std::sort(expected.begin(), expected.end());
        best_first(run.data(), run.data() + k, run.data() + run.size());
        auto const middle = static_cast<std::ptrdiff_t>(k);
        g.holds(
            std::equal(run.begin(), run.begin() + middle, expected.begin()), "the least, in order");
        std::sort(run.begin() + middle, run.end());
        g.holds(run == expected, "the rest is still there");
    });
}

TEST_CASE("sort works in constant expressions", "[core][order]") {
    constexpr auto run = [] {
        std::array<int, 40> figures{};
        for (int i = 0; i < 40; ++i) figures[static_cast<std::size_t>(i)] = i * 17 % 40;
        runnel::detail::sort(figures.data(), figures.data() + figures.size());
        return figures;
    }();
    STATIC_REQUIRE(run[0] == 0);
    STATIC_REQUIRE(run[39] == 39);
}
