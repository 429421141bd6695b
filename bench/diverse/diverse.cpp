// SPDX-License-Identifier: MIT
// How much faster are exact diverse picks than the naive form?
//
// Why:  the naive form compares every contender with every pick at every step; what it picks is the truth.
// Against: itself, and the plain running maximum (each contender against the last pick, in tiles of four).
//       All three must pick the same, figures included. Reported in ms per call; the ratio is to ours.
//       The goal is 20 times at k = 100.
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <limits>
#include <string>
#include <vector>

#include <runnel/core/rng.hpp>
#include <runnel/recall/diverse.hpp>

#include "support/harness.hpp"

namespace {

namespace recall = runnel::recall;
using recall::contender;
using recall::diverse_pick;

constexpr std::size_t count = 1000;
constexpr std::size_t dimension = 128;

/// What a search may bring: `groups` heaps of vectors round centres of their own (0: no heaps), a query.
struct found {
    found(recall::metric by, std::size_t groups, std::uint64_t seed) : compare(by, dimension) {
        std::vector<std::vector<float>> centres;
        for (std::size_t g = 0; g < groups; ++g) centres.push_back(drawn(seed * 7919 + g, 1));
        auto query = drawn(seed * 31 + 5, 1);
        for (std::size_t i = 0; i < count; ++i) {
            vectors.push_back(drawn(seed * 104729 + 1000 + i, groups == 0 ? 1 : .5));
            if (groups == 0) continue;
            for (std::size_t d = 0; d < dimension; ++d) vectors[i][d] += centres[i % groups][d];
        }
        if (groups > 0)
            for (std::size_t d = 0; d < dimension; ++d) query[d] += centres[0][d] + centres[1][d];
        auto const asked = compare.measure(query).value();
        for (std::size_t i = 0; i < count; ++i) {
            auto const vector = compare.measure(vectors[i]).value();
            double const near = static_cast<double>(compare(vector, asked));
            among.push_back(
                {{static_cast<std::uint32_t>(i), 1}, vector, recall::absolute(by, near)});
        }
    }
    static std::vector<float> drawn(std::uint64_t seed, double size) {
        runnel::counter_rng const draw{{.seed = seed}};
        std::vector<float> numbers(dimension);
        for (std::size_t d = 0; d < dimension; ++d) // nearly normal, of length `size`
            numbers[d] = static_cast<float>(
                size * (draw.unit(3 * d) + draw.unit(3 * d + 1) + draw.unit(3 * d + 2) - 1.5) * 2
                / std::sqrt(static_cast<double>(dimension)));
        return numbers;
    }
    recall::comparer compare;
    std::vector<std::vector<float>> vectors;
    std::vector<contender> among;
};

struct best_so_far {
    std::size_t at = count;
    double redundancy = 0;
    double score = 0;
    void offer(found const& in, std::size_t i, double redundant, double lambda) {
        contender const& c = in.among[i];
        double const its = runnel::math::product(lambda, c.relevance)
                           - runnel::math::product(1 - lambda, redundant);
        if (at < count && (its < score || (its == score && in.among[at].entry < c.entry))) return;
        at = i;
        redundancy = redundant;
        score = its;
    }
    [[nodiscard]] diverse_pick as_pick(found const& in) const {
        return {in.among[at].entry, in.among[at].relevance, redundancy, score};
    }
};

std::vector<diverse_pick> naive(found const& in, std::size_t k, double lambda) {
    std::vector<diverse_pick> picks;
    std::vector<std::size_t> taken;
    std::vector<char> gone(count);
    while (picks.size() < k) {
        best_so_far best;
        for (std::size_t i = 0; i < count; ++i) {
            if (gone[i] != 0) continue;
            float near = -std::numeric_limits<float>::infinity();
            for (std::size_t const t : taken)
                near = std::max(near, in.compare(in.among[i].vector, in.among[t].vector));
            double const redundant =
                taken.empty() ? 0 : recall::absolute(in.compare.by(), static_cast<double>(near));
            best.offer(in, i, redundant, lambda);
        }
        gone[best.at] = 1;
        taken.push_back(best.at);
        picks.push_back(best.as_pick(in));
    }
    return picks;
}

std::vector<diverse_pick> running_maximum(found const& in, std::size_t k, double lambda) {
    std::vector<diverse_pick> picks;
    std::vector<float> nearest(count, -std::numeric_limits<float>::infinity());
    std::vector<std::size_t> left(count);
    for (std::size_t i = 0; i < count; ++i) left[i] = i;
    std::size_t last = count;
    while (picks.size() < k) {
        best_so_far best;
        std::size_t where = 0;
        for (std::size_t from = 0; from < left.size(); from += 4) {
            std::size_t const here = std::min<std::size_t>(4, left.size() - from);
            if (last < count) {
                recall::measured rows[4];
                float near[4];
                for (std::size_t r = 0; r < 4; ++r)
                    rows[r] = in.among[left[from + (r < here ? r : 0)]].vector;
                in.compare.four(rows, in.among[last].vector, near);
                for (std::size_t r = 0; r < here; ++r)
                    nearest[left[from + r]] = std::max(nearest[left[from + r]], near[r]);
            }
            for (std::size_t r = 0; r < here; ++r) {
                std::size_t const i = left[from + r];
                std::size_t const before = best.at;
                best.offer(
                    in, i,
                    last == count
                        ? 0
                        : recall::absolute(in.compare.by(), static_cast<double>(nearest[i])),
                    lambda);
                if (best.at != before) where = from + r;
            }
        }
        last = best.at;
        left[where] = left.back();
        left.pop_back();
        picks.push_back(best.as_pick(in));
    }
    return picks;
}

void compare(bench::suite& out, std::string const& title, found const& in, std::size_t k) {
    std::string const whole = title + ", k = " + std::to_string(k);
    if (!out.wants(whole)) return;
    recall::diversity const how{.k = k};
    recall::diverse pick;
    auto const ours = pick(in.compare, in.among, how).value().picks;
    std::vector<diverse_pick> const truth = naive(in, k, how.lambda);
    out.expect(
        whole + ": picks as the naive form does",
        std::vector<diverse_pick>(ours.begin(), ours.end()) == truth);
    out.expect(
        whole + ": so does the running maximum", running_maximum(in, k, how.lambda) == truth);
    auto const measured = out.compare(
        {.title = whole, .unit = "ms", .per = 1e6},
        {{"runnel", [&] { bench::do_not_optimise(pick(in.compare, in.among, how)); }},
         {"running maximum", [&] { bench::do_not_optimise(running_maximum(in, k, how.lambda)); }},
         {"naive", [&] { bench::do_not_optimise(naive(in, k, how.lambda)); }}});
    double const all = static_cast<double>(count) * static_cast<double>(k);
    out.say(
        std::to_string(pick.compared()) + " similarities, "
        + std::to_string(100 * static_cast<double>(pick.compared()) / all).substr(0, 4)
        + " % of a running maximum's");
    if (k == 100 && !measured.empty())
        out.say(
            measured[2].ratio.median >= 20 ? "within the goal of 20 times"
                                           : "the goal of 20 times is missed");
}

} // namespace

int main(int argc, char** argv) {
    bench::suite out{
        argc, argv, "diverse", "How much faster are exact diverse picks than the naive form?"};
    if (!out.rest().empty()) {
        std::fprintf(
            stderr, "bench_diverse: unknown option %s; --help lists them\n", out.rest()[0].c_str());
        return 2;
    }
    found const heaps{recall::metric::cosine, 40, 1};
    for (std::size_t const k : {10U, 20U, 50U, 100U}) compare(out, "1000 in 40 heaps", heaps, k);
    found const scattered{recall::metric::cosine, 0, 2};
    for (std::size_t const k : {10U, 100U}) compare(out, "1000 anywhere", scattered, k);
    found const distances{recall::metric::l2, 40, 3};
    compare(out, "1000 in 40 heaps, l2", distances, 100);
    found const products{recall::metric::inner_product, 40, 4};
    compare(out, "1000 in 40 heaps, inner product", products, 100);
    return out.finish();
}
