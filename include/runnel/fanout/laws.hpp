// SPDX-License-Identifier: MIT
// room: fanout. What strategies and reducers must keep, checked on yours.
//
// Why:  a strategy that looks at no link silences a node, one that widens under pressure feeds it; a reducer that
//       drops a heavy link changes what is chosen and nobody sees it.
// Laws: names the first broken law; of a strategy the position is the degree, of a reducer the drawn row.
// Cost: a strategy is asked some 10 000 times, a reducer four times per row of at most 64. No test framework.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include <runnel/core/result.hpp>
#include <runnel/core/rng.hpp>
#include <runnel/fanout/strategy.hpp>

namespace runnel::fanout {

/// `fanout::choice operator()(std::uint32_t degree, fanout::headroom) const`.
template <class Strategy>
concept chooses = requires(Strategy const& choose, std::uint32_t degree, headroom left) {
    { choose(degree, left) } -> std::same_as<choice>;
};

/// Good, or the first law that the strategy breaks: k is at most the degree and at least 1 where there are links, never
/// falls as the degree grows, never grows as headroom shrinks, and is the same each time.
template <chooses Strategy> [[nodiscard]] status check_strategy(Strategy const& choose) {
    auto const broken = [](std::string_view sentence, std::uint32_t k, std::uint32_t degree) {
        return fault{fault_kind{"fanout.law", sentence}, k, degree};
    };
    constexpr std::uint32_t shares = 11; // 1, .9, ... 0
    std::uint32_t narrower[shares]{};    // k at the degree before
    std::uint32_t degree = 0;
    for (std::uint32_t step = 0; step < 500; ++step) {
        std::uint32_t wider = 0;
        for (std::uint32_t s = 0; s < shares; ++s) {
            headroom const left = *headroom::of(static_cast<double>(shares - 1 - s) / 10);
            std::uint32_t const k = choose(degree, left).k;
            if (k > degree) return broken("k must be at most the degree", k, degree);
            if (k == 0 && degree > 0)
                return broken("k must be at least 1 where there are links", k, degree);
            if (k < narrower[s]) return broken("k must not fall as the degree grows", k, degree);
            if (s > 0 && k > wider) return broken("k must not grow as headroom shrinks", k, degree);
            if (choose(degree, left).k != k)
                return broken("the same row must be met the same", k, degree);
            narrower[s] = k;
            wider = k;
        }
        degree += 1 + (step < 200 ? 0 : degree / 32); // every small degree, and up to some millions
    }
    return {};
}

/// Positions of the k heaviest: `operator()(std::span<double const> weights, std::size_t k)`, anything with size() and [].
template <class Reducer>
concept reduces = requires(Reducer& reduce, std::span<double const> weights, std::size_t k) {
    { reduce(weights, k).size() } -> std::convertible_to<std::size_t>;
    { reduce(weights, k)[0] } -> std::convertible_to<std::size_t>;
};

/// Good, or the first law that the reducer breaks: it keeps min(k, n) different positions, the heaviest, heaviest first;
/// the kept of k are among the kept of k + 1; the same row is cut the same.
template <reduces Reducer>
[[nodiscard]] status check_reducer(
    Reducer&& reduce, std::uint64_t seed = 0, std::size_t rows = 500) {
    auto const broken = [](std::string_view sentence, std::size_t offender, std::size_t at) {
        return fault{fault_kind{"fanout.law", sentence}, offender, at};
    };
    constexpr std::size_t most = 64;
    for (std::size_t i = 0; i < rows; ++i) {
        counter_rng const draw{{.seed = seed, .frame = i, .node = 0}};
        std::size_t const n = draw.bounded(most + 1, 0);
        std::size_t const k = draw.bounded(most + 2, 1);
        std::uint64_t const kinds = 1 + draw.bounded(i % 2 == 0 ? 4 : 1000, 2); // few: many equals
        double weights[most]{};
        for (std::size_t j = 0; j < n; ++j)
            weights[j] = static_cast<double>(draw.bounded(kinds, j + 3)) - 2;
        std::span<double const> const row{weights, n};
        std::size_t kept[most]{};
        bool is_kept[most]{};
        auto const& first = reduce(row, k);
        std::size_t const count = first.size();
        if (count != (k < n ? k : n))
            return broken("a reducer keeps k links, or all of a shorter row", count, i);
        for (std::size_t j = 0; j < count; ++j) {
            kept[j] = first[j];
            if (kept[j] >= n) return broken("what is kept must be of the row", kept[j], i);
            if (is_kept[kept[j]]) return broken("no link is kept twice", kept[j], i);
            is_kept[kept[j]] = true;
            if (j > 0 && weights[kept[j - 1]] < weights[kept[j]])
                return broken("the heaviest must come first", kept[j], i);
        }
        for (std::size_t j = 0; count > 0 && j < n; ++j)
            if (!is_kept[j] && weights[j] > weights[kept[count - 1]])
                return broken("what is dropped must not be heavier than what is kept", j, i);
        auto const& again = reduce(row, k);
        for (std::size_t j = 0; j < count; ++j)
            if (again.size() != count || static_cast<std::size_t>(again[j]) != kept[j])
                return broken("the same row must be cut the same", j, i);
        auto const& more = reduce(row, k + 1);
        std::size_t found = 0;
        for (std::size_t j = 0; j < more.size(); ++j)
            if (static_cast<std::size_t>(more[j]) < n && is_kept[static_cast<std::size_t>(more[j])])
                ++found;
        if (found != count)
            return broken("the kept of k must be among the kept of k + 1", found, i);
    }
    return {};
}

} // namespace runnel::fanout
