// SPDX-License-Identifier: MIT
// room: engine. Two ways to run the same question, side by side: strides against the matrix step, or any two configs.
//
// Why:  whether a cheap frame is good enough is a question about one's own graph; it is answered by running both and
//       looking at what is kept, what agrees, what was touched and how long it took.
// Laws: both sides get the same seeds and steps. tau is Kendall's tau-b over the nodes either side reached, 1 for a
//       ranking and itself; overlap is the share of the best `top` nodes both have. Regret is what the chosen links cost
//       more than the cheapest of their rows, on average; 0 where every link was looked at.
// Cost: both runs, and a sort. Regret looks at every link of every source, and is off until asked for.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include <runnel/core/array.hpp>
#include <runnel/core/order.hpp>
#include <runnel/core/result.hpp>
#include <runnel/engine/make.hpp>

namespace runnel {

struct compare_options {
    std::uint64_t frames = 100;
    time_step step{};
    std::size_t top = 10;
    rank_by by = rank_by::received;
    enum class regrets : std::uint8_t { unasked, measured } regret = regrets::unasked;
};

/// What one side did.
struct compared_side {
    double stored = 0;       ///< in the end, units
    double lost = 0;         ///< decayed, dissipated and flushed
    double residual = 0;     ///< the largest of all frames: exactly 0 in fixed point
    std::uint64_t links = 0; ///< looked at
    std::uint64_t strides = 0;
    std::uint64_t reached = 0; ///< nodes
    double seconds = 0;        ///< by the clock that was given; 0 without one
    double regret = 0;         ///< mean, per stride of rank 0
};
struct comparison {
    compared_side a;
    compared_side b;
    double tau = 0;
    double overlap = 0;
};

namespace detail {

/// Kendall's tau-b of two figures per thing. O(n log n): sorted by one, the swaps that sorting by the other takes.
[[nodiscard]] inline double kendall(array<double> const& a, array<double> const& b) {
    std::size_t const n = a.size();
    array<std::uint32_t> order(n);
    for (std::uint32_t i = 0; i < n; ++i) order[i] = i;
    sort(order.begin(), order.end(), [&](std::uint32_t x, std::uint32_t y) {
        if (a[x] != a[y]) return a[x] < a[y];
        return b[x] != b[y] ? b[x] < b[y] : x < y;
    });
    auto const pairs = [](std::size_t k) {
        return static_cast<double>(k) * static_cast<double>(k - 1) / 2;
    };
    auto const tied = [&](auto&& same) {
        double all = 0;
        std::size_t run = 1;
        for (std::size_t i = 1; i <= n; ++i) {
            if (i < n && same(order[i - 1], order[i])) {
                ++run;
                continue;
            }
            all += pairs(run);
            run = 1;
        }
        return all;
    };
    if (n < 2) return 1;
    double const tied_a = tied([&](auto x, auto y) { return a[x] == a[y]; });
    double const tied_both = tied([&](auto x, auto y) { return a[x] == a[y] && b[x] == b[y]; });
    array<double> from(n);
    array<double> to(n);
    for (std::size_t i = 0; i < n; ++i) from[i] = b[order[i]];
    double swaps = 0;
    for (std::size_t width = 1; width < n; width *= 2) { // merges runs of `width`
        for (std::size_t first = 0; first < n; first += 2 * width) {
            std::size_t const middle = first + width < n ? first + width : n;
            std::size_t const end = first + 2 * width < n ? first + 2 * width : n;
            std::size_t left = first;
            std::size_t right = middle;
            for (std::size_t i = first; i < end; ++i)
                if (right == end || (left < middle && !(from[right] < from[left]))) {
                    to[i] = from[left++];
                } else {
                    swaps += static_cast<double>(middle - left);
                    to[i] = from[right++];
                }
        }
        from.swap(to);
    }
    double tied_b = 0;
    for (std::size_t i = 1, run = 1; i <= n; ++i, ++run)
        if (i == n || from[i] != from[i - 1]) {
            tied_b += pairs(run);
            run = 0;
        }
    double const all = pairs(n);
    double const scale = __builtin_sqrt((all - tied_a) * (all - tied_b));
    if (!(scale > 0)) return tied_a == tied_b ? 1 : 0; // all equal on one side: nothing is ordered
    return (all - tied_a - tied_b + tied_both - 2 * swaps) / scale;
}

/// Hears what regret is made of.
template <class Cost> struct regretful {
    graph::store const* store;
    Cost const* cost;
    bool measured;
    double* sum;
    std::uint64_t* strides;

    void operator()(event::stride_exec const& stride) const {
        if (!measured || stride.rank != 0) return;
        double best = stride.score;
        for (out_link const link : store->links(stride.source)) {
            double const price = static_cast<double>(
                (*cost)({stride.source, link.target, link.lw, link.place, link.type}));
            if (price < best) best = price;
        }
        *sum += stride.score - best;
        ++*strides;
    }
};

template <class Amount, class Engine, class Clock>
result<basic_field<Amount>> run_side(
    Engine const& engine, std::span<stimulus const> seeds, compare_options const& o,
    compared_side& side, Clock const& now) {
    auto field = engine.template make_field<Amount>();
    if (auto const ok = engine.inject(field, seeds); !ok) return ok.error();
    double const start = now();
    for (std::uint64_t i = 0; i < o.frames; ++i) {
        auto const r = engine.tick(field, o.step);
        if (!r) return r.error();
        side.links += r->costs_computed;
        side.strides += r->strides;
        double const off = r->residual < 0 ? -r->residual : r->residual;
        if (off > side.residual) side.residual = off;
    }
    side.seconds = now() - start;
    static_cast<void>(field.settle());
    auto const books = field.books();
    side.stored = field.total();
    side.lost =
        books.units(books.decayed) + books.units(books.dissipated) + books.units(books.flushed);
    return field;
}

} // namespace detail

/// Runs both configs over one graph from the same seeds. `now` tells seconds, where time matters.
template <class Amount = energy, class Cost = cost::by_weight, class Clock = double (*)()>
[[nodiscard]] result<comparison> compare(
    graph const& topology, graph::store const& store, config const& a, config const& b,
    std::span<stimulus const> seeds, compare_options const& o = {}, Cost const& cost = {},
    Clock now = [] { return 0.0; }) {
    comparison both;
    double regret[2]{};
    std::uint64_t chosen[2]{};
    detail::array<double> figures[2];
    ranking best[2];
    config const* const configs[2]{&a, &b};
    compared_side* const sides[2]{&both.a, &both.b};
    for (std::size_t i = 0; i < 2; ++i) {
        auto const run = [&](auto const& policies) -> status {
            auto const engine = make_engine(topology, store, *configs[i], policies);
            if (!engine) return engine.error();
            auto const ran = detail::run_side<Amount>(*engine, seeds, o, *sides[i], now);
            if (!ran) return ran.error();
            best[i] = ran->top(o.top, o.by);
            for (std::uint32_t n = 0; n < topology.node_count(); ++n) {
                double const received = ran->received(node_id{n});
                if (received > 0) ++sides[i]->reached;
                figures[i].push_back(
                    o.by == rank_by::received ? received : ran->energy_of(node_id{n}));
            }
            return {};
        };
        bool const measured = o.regret == compare_options::regrets::measured;
        auto const plain = pipeline{}.with_cost(cost);
        auto const ok = !measured
                            ? run(plain)
                            : run(plain.with_sink(detail::regretful<Cost>{
                                &store, &cost, configs[i]->implementation == implementation::stride,
                                &regret[i], &chosen[i]}));
        if (!ok) return ok.error();
        if (chosen[i] > 0) sides[i]->regret = regret[i] / static_cast<double>(chosen[i]);
    }
    detail::array<double> reached[2];
    for (std::size_t n = 0; n < figures[0].size(); ++n)
        if (figures[0][n] > 0 || figures[1][n] > 0) {
            reached[0].push_back(figures[0][n]);
            reached[1].push_back(figures[1][n]);
        }
    both.tau = detail::kendall(reached[0], reached[1]);
    std::size_t shared = 0;
    for (ranked const& x : best[0])
        for (ranked const& y : best[1]) shared += x.node == y.node ? 1 : 0;
    std::size_t const most = best[0].size() > best[1].size() ? best[0].size() : best[1].size();
    both.overlap = most == 0 ? 1 : static_cast<double>(shared) / static_cast<double>(most);
    return both;
}

} // namespace runnel
