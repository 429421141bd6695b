// SPDX-License-Identifier: MIT
// What splitters must keep: the softmax does, and planted ones that do not are found.
#include <cmath>
#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

#include <runnel/split.hpp>

#include "support/catch.hpp"

namespace {

namespace split = runnel::split;
using costs = std::span<double const>;
using shares = std::span<double>;

/// The k cheapest share, the rest gets nothing.
struct softmax {
    std::size_t k = 3;
    double temperature = 1;
    void operator()(costs of, shares out) const {
        std::vector<split::part<double>> parts(of.size());
        auto const kept =
            split::top_k_split<double>(of, k, temperature, {parts.data(), parts.size()}).value();
        for (double& share : out) share = 0;
        for (std::size_t i = 0; i < kept; ++i) out[parts[i].index] = parts[i].share;
    }
};
std::string_view sentence_of(auto const& splitter) {
    auto const found = split::check_laws(splitter);
    return found ? "none" : found.error().sentence();
}

} // namespace

TEST_CASE("the softmax keeps the laws of splitting, for every k and temperature", "[split]") {
    for (std::size_t const k : {1U, 2U, 3U, 16U})
        for (double const temperature : {1e-300, .1, 1.0, 50.0, 1e300})
            CHECK(sentence_of(softmax{k, temperature}) == "none");
}

TEST_CASE("equal parts keep them too", "[split]") {
    CHECK(
        sentence_of([](costs of, shares out) {
            for (double& share : out) share = 1.0 / static_cast<double>(of.size());
        })
        == "none");
}

TEST_CASE("a splitter that breaks a law is found, and which", "[split]") {
    softmax const good;
    CHECK(
        sentence_of([&](costs of, shares out) {
            good(of, out);
            if (out.size() == 7) out[0] -= 1;
        })
        == "a share must lie in [0, 1]");
    CHECK(
        sentence_of([&](costs of, shares out) {
            good(of, out);
            for (double& share : out) share *= .999;
        })
        == "shares must sum to 1");
    CHECK(
        sentence_of([](costs of, shares out) {
            for (std::size_t i = 0; i < of.size(); ++i) out[i] = i + 1 == of.size() ? 1 : 0;
        })
        == "a cheaper link must not get less");
    CHECK(
        sentence_of([](costs of, shares out) { // the last is forgotten
            for (std::size_t i = 0; i + 1 < of.size(); ++i)
                out[i] = 1.0 / static_cast<double>(of.size());
        })
        == "a share must lie in [0, 1]");
    CHECK(
        sentence_of([](costs of, shares out) { // 0/0 where a difference is infinite
            double sum = 0;
            for (std::size_t i = 0; i < of.size(); ++i) sum += out[i] = std::exp(of[0] - of[i]);
            for (double& share : out) share /= sum;
        })
        == "a share must lie in [0, 1]");
    int calls = 0;
    CHECK(
        sentence_of([&](costs of, shares out) {
            good(of, out);
            if (of.size() == 2 && ++calls % 2 == 0) out[0] = out[1] = .5;
        })
        == "the same costs must be split the same");
    CHECK(
        sentence_of([&](costs of, shares out) {
            good(of, out);
            out.data()[out.size()] = 0;
        })
        == "as many shares as costs, and no more");
}
