// SPDX-License-Identifier: MIT
// room: recall. Looking at every row: the exact answer, four rows at a time.
//
// Laws: every published row that the filter admits is offered, each with the bits of the one kernel; so the
//       result depends neither on the order of insertion nor on who scans.
// Cost: one pass over memory, at its speed; sixteen queries at once read each row once for all of them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <type_traits>

#include <runnel/recall/detail/scratch.hpp>
#include <runnel/recall/rows.hpp>

namespace runnel::recall::detail {

/// Admits everything, and costs nothing to ask.
struct anyone {
    constexpr bool operator()(std::uint32_t) const noexcept { return true; }
};

/// Calls f(slot) for every published slot the filter admits, ascending.
template <class Admits, class F> void each_live(rows const& all, Admits const& admits, F&& f) {
    std::size_t const groups = (std::size_t{all.end()} + 63) / 64;
    for (std::size_t group = 0; group < groups; ++group)
        for (std::uint64_t left = all.live_group(group); left != 0; left &= left - 1) {
            auto const slot = static_cast<std::uint32_t>(
                group * 64 + static_cast<std::size_t>(__builtin_ctzll(left)));
            if (admits(slot)) f(slot);
        }
}

/// Rows that follow each other in memory, and the bits of all of them.
inline constexpr std::size_t group_of_rows = codes::group;
inline constexpr std::uint64_t whole_group = (std::uint64_t{1} << group_of_rows) - 1;

/// Which of the 16 slots from `first` hold something that the filter admits.
template <class Admits>
[[nodiscard]] std::uint64_t admitted_of(rows const& all, Admits const& admits, std::size_t first) {
    std::uint64_t admitted = all.live_group(first / 64) >> first % 64 & whole_group;
    if constexpr (!std::is_same_v<Admits, anyone>)
        for (std::uint64_t left = admitted; left != 0; left &= left - 1) {
            auto const i = static_cast<std::size_t>(__builtin_ctzll(left));
            if (!admits(static_cast<std::uint32_t>(first + i)))
                admitted &= ~(std::uint64_t{1} << i);
        }
    return admitted;
}

template <class Admits>
std::uint32_t scan_codes(
    rows const& all, measured query, std::size_t k, Admits const& admits, scratch& own) {
    codes const& with = *all.coded();
    own.asked.set(with, all.compare(), query);
    own.who.reset(k);
    constexpr std::size_t group = group_of_rows;
    std::size_t const groups = (std::size_t{all.end()} + group - 1) / group;
    codes::bounds found;
    std::uint32_t slots[4]{};
    std::size_t waiting = 0;
    auto const look = [&] {
        codes::guess some[4];
        for (std::size_t i = waiting; i < 4; ++i) slots[i] = slots[0];
        if (waiting != 0) with.four(own.asked, slots, some);
        for (std::size_t i = 0; i < waiting; ++i)
            own.who.offer(
                slots[i], some[i].similarity - some[i].slack, some[i].similarity + some[i].slack);
        waiting = 0;
    };
    for (std::size_t number = 0; number < groups; ++number) {
        std::size_t const first = number * group;
        std::uint64_t admitted = admitted_of(all, admits, first);
        if (admitted == whole_group) {
            with.whole_group(own.asked, number, found);
            for (std::size_t i = 0; i < group; ++i)
                if (found.most[i] >= own.who.floor())
                    own.who.offer(
                        static_cast<std::uint32_t>(first + i), found.least[i], found.most[i]);
            continue;
        }
        // A free row is not even read: it may just be written.
        for (; admitted != 0; admitted &= admitted - 1) {
            slots[waiting] = static_cast<std::uint32_t>(
                first + static_cast<std::size_t>(__builtin_ctzll(admitted)));
            if (++waiting == 4) look();
        }
    }
    look();
    return own.who.settle(all, query, own.best);
}

/// How many lines of each row to ask for sixteen rows ahead. Four short rows side by side are no stream the processor
/// knows; long ones are, and what is in cache costs more to ask for than to wait for. Who lent rows is not read ahead:
/// a free slot's pointer may just be written.
[[nodiscard]] inline std::size_t lines_ahead(rows const& all) noexcept {
    std::size_t const bytes = all.dimension() * sizeof(float);
    bool const helps = all.owns() && bytes <= 1024 && all.end() * bytes > std::size_t{2} << 20;
    return helps ? (bytes + 63) / 64 : 0;
}

template <class Admits>
std::uint32_t scan_rows(rows const& all, measured query, Admits const& admits, nearest& best) {
    comparer const& compare = all.compare();
    std::uint32_t slots[4];
    measured four[4];
    float similarity[4];
    std::size_t waiting = 0;
    std::uint32_t compared = 0;
    auto const look = [&] {
        compare.four(four, query, similarity);
        for (std::size_t i = 0; i < 4; ++i) best.offer({similarity[i], slots[i]});
        compared += 4;
        waiting = 0;
    };
    std::size_t const groups = (std::size_t{all.end()} + group_of_rows - 1) / group_of_rows;
    std::size_t const lines = lines_ahead(all);
    for (std::size_t number = 0; number < groups; ++number) {
        std::size_t const first = number * group_of_rows;
        std::uint64_t admitted = admitted_of(all, admits, first);
        if (admitted == whole_group && waiting == 0) {
            for (std::size_t i = 0; i < group_of_rows; i += 4) {
                std::size_t const next = first + group_of_rows + i;
                for (std::size_t r = 0; lines != 0 && r < 4 && next + r < all.end(); ++r)
                    for (std::size_t line = 0; line < lines; ++line)
                        __builtin_prefetch(
                            all.numbers(static_cast<std::uint32_t>(next + r)) + line * 16);
                all.four_from(first + i, four);
                for (std::size_t r = 0; r < 4; ++r)
                    slots[r] = static_cast<std::uint32_t>(first + i + r);
                look();
            }
            continue;
        }
        for (; admitted != 0; admitted &= admitted - 1) {
            slots[waiting] = static_cast<std::uint32_t>(
                first + static_cast<std::size_t>(__builtin_ctzll(admitted)));
            four[waiting] = all[slots[waiting]];
            if (++waiting == 4) look();
        }
    }
    for (std::size_t i = 0; i < waiting; ++i) best.offer({compare(four[i], query), slots[i]});
    return compared + static_cast<std::uint32_t>(waiting);
}

/// The k nearest, into `own.best`; how many rows were compared.
template <class Admits>
std::uint32_t scan(
    rows const& all, measured query, std::size_t k, Admits const& admits, scratch& own) {
    own.best.reset(k);
    return all.coded() != nullptr ? scan_codes(all, query, k, admits, own)
                                  : scan_rows(all, query, admits, own.best);
}

/// The same for several queries: what a row costs to fetch is paid once.
template <class Admits>
std::uint32_t scan_all(
    rows const& all, measured const* queries, std::size_t count, Admits const& admits,
    nearest* best) {
    comparer const& compare = all.compare();
    std::uint32_t slots[4];
    measured four[4];
    float similarity[16];
    std::size_t waiting = 0;
    std::uint32_t compared = 0;
    auto const against_all = [&] {
        std::size_t q = 0;
        if (waiting == 4)
            for (; q + 4 <= count; q += 4) {
                compare.sixteen(four, queries + q, similarity);
                float const floor[4] = {
                    best[q].floor(), best[q + 1].floor(), best[q + 2].floor(), best[q + 3].floor()};
                for (std::size_t r = 0; r < 4; ++r) {
                    int any = 0; // hardly ever
                    for (std::size_t i = 0; i < 4; ++i)
                        any |= similarity[r * 4 + i] >= floor[i] ? 1 : 0;
                    if (any == 0) continue;
                    for (std::size_t i = 0; i < 4; ++i)
                        best[q + i].offer({similarity[r * 4 + i], slots[r]});
                }
            }
        for (; q < count; ++q)
            for (std::size_t r = 0; r < waiting; ++r)
                best[q].offer({compare(four[r], queries[q]), slots[r]});
        compared += static_cast<std::uint32_t>(waiting);
        waiting = 0;
    };
    each_live(all, admits, [&](std::uint32_t slot) {
        slots[waiting] = slot;
        four[waiting] = all[slot];
        if (++waiting == 4) against_all();
    });
    against_all();
    return compared;
}

} // namespace runnel::recall::detail
