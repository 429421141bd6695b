// SPDX-License-Identifier: MIT
// room: core. Random numbers computed from a key, not from a history.
//
// Why:  a draw keyed by (seed, frame, node, index) is the same whichever thread asks and whatever was
//       drawn before; a stream generator would make results depend on the order of work.
// Laws: same key, same number, on every platform. `bounded(n)` is unbiased (rejection). Not for
//       cryptography.
// Cost: four rounds of a 64-bit mix, about 4 ns.
#pragma once

#include <cstdint>

#include <runnel/core/expects.hpp>
#include <runnel/core/math.hpp>

namespace runnel {

/// Scrambles 64 bits one to one: every input bit reaches every output bit.
[[nodiscard]] constexpr std::uint64_t mix(std::uint64_t x) noexcept {
    x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9U;
    x = (x ^ (x >> 27)) * 0x94D049BB133111EBU;
    return x ^ (x >> 31);
}

/// The numbers that belong to one key; drawing the i-th never depends on the others.
class counter_rng {
public:
    struct key {
        std::uint64_t seed = 0;
        std::uint64_t frame = 0;
        std::uint64_t node = 0;
    };

    constexpr explicit counter_rng(key k) noexcept
        : base_(mix(mix(mix(k.seed + step) ^ (k.frame + step)) ^ (k.node + step))) {}

    [[nodiscard]] constexpr std::uint64_t operator()(std::uint64_t draw) const noexcept {
        return mix(base_ + step * (draw + 1));
    }
    /// In [0, 1), 53 bits.
    [[nodiscard]] constexpr double unit(std::uint64_t draw) const noexcept {
        return static_cast<double>((*this)(draw) >> 11) * 0x1p-53;
    }
    /// Uniform in [0, n), n > 0: multiply and reject the short remainder, so no number is favoured.
    [[nodiscard]] constexpr std::uint64_t bounded(
        std::uint64_t n, std::uint64_t draw) const noexcept {
        RUNNEL_EXPECTS(n > 0, "core: a bounded draw needs a bound above 0");
        std::uint64_t const short_part = (0 - n) % n;
        std::uint64_t word = (*this)(draw);
        for (std::uint64_t retry = 1;; ++retry) {
            if (word * n >= short_part) return math::high_product(word, n);
            word = mix(word + step * retry); // terminates: each retry rejects with chance < 1/2
        }
    }

private:
    static constexpr std::uint64_t step = 0x9E3779B97F4A7C15U; // 2^64 / golden ratio, odd
    std::uint64_t base_;
};

} // namespace runnel
