// SPDX-License-Identifier: MIT
// Graphs to measure on, as plain lists of links: RMAT (skewed, like real ones) and a square grid.
//
// Laws: the same arguments give the same list on every machine. Links are sorted by (from, to), go both
//       ways, have no duplicates and no self loops.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace bench {

struct link {
    std::uint32_t from = 0;
    std::uint32_t to = 0;
    double weight = 1;
};
struct link_list {
    std::uint32_t nodes = 0;
    std::vector<link> links;
};

/// Random numbers of our own: the library's are among what is measured.
class random_words {
public:
    explicit random_words(std::uint64_t seed) : state_(seed) {}
    std::uint64_t operator()() { // splitmix64
        std::uint64_t z = state_ += 0x9E3779B97F4A7C15U;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9U;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBU;
        return z ^ (z >> 31);
    }
    std::uint32_t below(std::uint32_t n) {
        return static_cast<std::uint32_t>((((*this)() >> 32) * n) >> 32);
    }
    double unit() { return static_cast<double>((*this)() >> 11) * 0x1p-53; }

private:
    std::uint64_t state_;
};

enum class weights { distinct, equal };

namespace detail {
/// Digit by digit, the lowest first: a third of what std::sort takes for tens of millions.
inline void sort_by_digits(std::vector<std::uint64_t>& words) {
    constexpr int bits = 11;
    constexpr std::uint64_t most = (std::uint64_t{1} << bits) - 1;
    std::vector<std::uint64_t> other(words.size());
    for (int shift = 0; shift < 64; shift += bits) {
        std::vector<std::size_t> place(most + 2);
        for (std::uint64_t const word : words) ++place[((word >> shift) & most) + 1];
        if (std::find(place.begin(), place.end(), words.size()) != place.end())
            continue; // all alike
        for (std::size_t digit = 1; digit <= most; ++digit) place[digit] += place[digit - 1];
        for (std::uint64_t const word : words) other[place[(word >> shift) & most]++] = word;
        words.swap(other);
    }
}
inline void finish(
    link_list& g, std::vector<std::uint64_t>& pairs, weights kind, std::uint64_t seed) {
    sort_by_digits(pairs);
    pairs.erase(std::unique(pairs.begin(), pairs.end()), pairs.end());
    random_words words{seed ^ 0x5EEDU};
    g.links.reserve(pairs.size());
    for (std::uint64_t const pair : pairs)
        g.links.push_back(
            {static_cast<std::uint32_t>(pair >> 32), static_cast<std::uint32_t>(pair),
             kind == weights::distinct ? .01 + .99 * words.unit() : 1.0});
}
} // namespace detail

struct rmat_spec {
    int scale = 16;          // 2^scale nodes
    int links_per_node = 16; // before the other direction is added and duplicates are dropped
    std::uint64_t seed = 1;
    weights kind = weights::distinct;
};
/// The usual shares .57 .19 .19 .05, node numbers shuffled so that a number says nothing about a degree.
inline link_list rmat(rmat_spec const& spec) {
    link_list g{std::uint32_t{1} << spec.scale, {}};
    random_words words{spec.seed};
    std::vector<std::uint32_t> number(g.nodes);
    for (std::uint32_t i = 0; i < g.nodes; ++i) number[i] = i;
    for (std::uint32_t i = g.nodes - 1; i > 0; --i)
        std::swap(number[i], number[words.below(i + 1)]);
    std::vector<std::uint64_t> pairs;
    std::size_t const wanted = std::size_t{g.nodes} * static_cast<unsigned>(spec.links_per_node);
    pairs.reserve(wanted * 2);
    for (std::size_t i = 0; i < wanted; ++i) {
        std::uint32_t from = 0;
        std::uint32_t to = 0;
        for (int bit = 0; bit < spec.scale; ++bit) {
            // No branches: a draw cannot be predicted.
            double const draw = words.unit();
            unsigned const lower = draw >= .76 ? 1 : 0;
            unsigned const right = (draw >= .57 ? 1U : 0U) ^ lower ^ (draw >= .95 ? 1U : 0U);
            from = from * 2 + lower;
            to = to * 2 + right;
        }
        if (from == to) continue;
        std::uint64_t const a = number[from];
        std::uint64_t const b = number[to];
        pairs.push_back(a << 32 | b);
        pairs.push_back(b << 32 | a);
    }
    detail::finish(g, pairs, spec.kind, spec.seed);
    return g;
}

struct grid_spec {
    std::uint32_t side = 1000;
    std::uint64_t seed = 1;
    weights kind = weights::equal;
};
/// side * side nodes, each linked with its neighbours left, right, above and below.
inline link_list grid(grid_spec const& spec) {
    link_list g{spec.side * spec.side, {}};
    std::vector<std::uint64_t> pairs;
    pairs.reserve(std::size_t{g.nodes} * 4);
    auto const both = [&](std::uint64_t a, std::uint64_t b) {
        pairs.push_back(a << 32 | b);
        pairs.push_back(b << 32 | a);
    };
    for (std::uint32_t y = 0; y < spec.side; ++y)
        for (std::uint32_t x = 0; x < spec.side; ++x) {
            std::uint32_t const node = y * spec.side + x;
            if (x + 1 < spec.side) both(node, node + 1);
            if (y + 1 < spec.side) both(node, node + spec.side);
        }
    detail::finish(g, pairs, spec.kind, spec.seed);
    return g;
}

/// `count` different nodes, in random order.
inline std::vector<std::uint32_t> some_nodes(
    std::uint32_t nodes, std::uint32_t count, std::uint64_t seed) {
    std::vector<std::uint32_t> all(nodes);
    for (std::uint32_t i = 0; i < nodes; ++i) all[i] = i;
    random_words words{seed};
    count = std::min(count, nodes);
    for (std::uint32_t i = 0; i < count; ++i) std::swap(all[i], all[i + words.below(nodes - i)]);
    all.resize(count);
    return all;
}

/// All seeds in turn, `count` at a time.
class turns {
public:
    turns(std::span<std::uint32_t const> seeds, std::size_t count)
        : seeds_(seeds), count_(std::min(count, seeds.size())) {}
    std::span<std::uint32_t const> next() {
        if (at_ + count_ > seeds_.size()) at_ = 0;
        at_ += count_;
        return seeds_.subspan(at_ - count_, count_);
    }

private:
    std::span<std::uint32_t const> seeds_;
    std::size_t count_;
    std::size_t at_ = 0;
};

} // namespace bench
