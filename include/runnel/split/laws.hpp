// SPDX-License-Identifier: MIT
// room: split. What every splitter must keep, checked on one of yours.
//
// Why:  shares that do not sum to 1 make energy appear or vanish before any book could see it.
// Laws: names the first broken law; the position says which drawn list of costs. Same seed, same lists.
// Cost: two calls per list of at most 16. No test framework.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include <runnel/core/math.hpp>
#include <runnel/core/result.hpp>
#include <runnel/core/rng.hpp>

namespace runnel::split {

/// `void operator()(std::span<double const> costs, std::span<double> shares) const`.
template <class Splitter>
concept splits =
    requires(Splitter const& splitter, std::span<double const> costs, std::span<double> shares) {
    { splitter(costs, shares) } -> std::same_as<void>;
};

/// Good, or the first law that the splitter breaks: shares are not negative and sum to 1, a cheaper link never gets
/// less, the same costs are split the same, all shares are written and none where there is no cost.
template <splits Splitter>
[[nodiscard]] status check_laws(
    Splitter const& splitter, std::uint64_t seed = 0, std::size_t lists = 1000) {
    auto const broken = [](std::string_view sentence, double offender, std::size_t at) {
        return fault{fault_kind{"split.law", sentence}, offender, at};
    };
    constexpr std::size_t most = 16;
    constexpr double unwritten = -1234.5;
    for (std::size_t i = 0; i < lists; ++i) {
        counter_rng const draw{{.seed = seed, .frame = i, .node = 0}};
        std::size_t const n = i % (most + 1);
        // Close together, far apart, or so far that a difference is not finite; a third of them equal another.
        double const reach[] = {1.0, 100.0, 1.7e308};
        double const scale = reach[draw.bounded(3, 0)];
        double costs[most]{};
        double shares[most + 1]{};
        double again[most + 1]{};
        for (std::size_t j = 0; j < n; ++j) {
            costs[j] = math::product(2 * draw.unit(3 * j + 1) - 1, scale);
            if (j > 0 && draw.bounded(3, 3 * j + 2) == 0)
                costs[j] = costs[draw.bounded(j, 3 * j + 3)];
        }
        for (std::size_t j = 0; j <= most; ++j) shares[j] = again[j] = unwritten;
        splitter(std::span<double const>{costs, n}, std::span<double>{shares, n});
        splitter(std::span<double const>{costs, n}, std::span<double>{again, n});
        double sum = 0;
        for (std::size_t j = 0; j < n; ++j) {
            if (!(shares[j] >= 0 && shares[j] <= 1 + 1e-12))
                return broken("a share must lie in [0, 1]", shares[j], i);
            if (shares[j] != again[j])
                return broken("the same costs must be split the same", again[j], i);
            for (std::size_t k = 0; k < n; ++k)
                if (costs[k] < costs[j] && shares[k] < shares[j])
                    return broken("a cheaper link must not get less", shares[k], i);
            sum += shares[j];
        }
        if (n > 0 && !(sum > 1 - 1e-12 && sum < 1 + 1e-12))
            return broken("shares must sum to 1", sum, i);
        if (shares[n] != unwritten)
            return broken("as many shares as costs, and no more", shares[n], i);
    }
    return {};
}

} // namespace runnel::split
