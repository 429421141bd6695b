// SPDX-License-Identifier: MIT
// room: core. Putting runs in order: `sort`, and the best few of many in front.
//
// Why:  in C++20 <algorithm> brings the ranges algorithms along, nearly half as much again as <vector>
//       and <span> together, for the one or two functions a room needs.
// Laws: `less` is a strict weak order. Neither keeps the order of equals: an order that matters is made
//       total by its caller, and then the result does not depend on the algorithm. No allocation.
// Cost: sort O(n log n) at worst, O(n) on what is in order already; best_first O(n log k).
#pragma once

#include <cstddef>
#include <utility>

#include <runnel/core/trade.hpp>

namespace runnel::detail {

struct ascending {
    template <class T> [[nodiscard]] constexpr bool operator()(T const& a, T const& b) const {
        return a < b;
    }
};

/// Lets `element` sink from `hole` in a heap of `count` with its last on top.
template <class T, class Less>
constexpr void sink_into_heap(
    T* heap, std::size_t hole, std::size_t count, T element, Less const& less) {
    for (std::size_t child; (child = 2 * hole + 1) < count; hole = child) {
        if (child + 1 < count && less(heap[child], heap[child + 1])) ++child;
        if (!less(element, heap[child])) break;
        heap[hole] = std::move(heap[child]);
    }
    heap[hole] = std::move(element);
}
template <class T, class Less> constexpr void make_heap(T* first, T* last, Less const& less) {
    auto const count = static_cast<std::size_t>(last - first);
    for (std::size_t i = count / 2; i-- > 0;)
        sink_into_heap(first, i, count, std::move(first[i]), less);
}
template <class T, class Less> constexpr void sort_heap(T* first, T* last, Less const& less) {
    while (last - first > 1) {
        --last;
        T lowest = std::move(*last);
        *last = std::move(*first);
        sink_into_heap(first, 0, static_cast<std::size_t>(last - first), std::move(lowest), less);
    }
}

/// Short runs; also what finishes a run in which nothing is far from its place.
template <class T, class Less>
constexpr void sort_by_insertion(T* first, T* last, Less const& less) {
    for (T* at = first == last ? last : first + 1; at < last; ++at) {
        T element = std::move(*at);
        T* hole = at;
        for (; hole != first && less(element, hole[-1]); --hole) *hole = std::move(hole[-1]);
        *hole = std::move(element);
    }
}

/// Cuts a run of at least three in two, neither empty: nothing in the second is less than anything in
/// the first. The cut is at the median of three, which also stop the two walks at the ends.
template <class T, class Less> constexpr T* cut(T* first, T* last, Less const& less) {
    T* const middle = first + (last - first) / 2;
    if (less(*middle, *first)) trade(*middle, *first);
    if (less(last[-1], *middle)) {
        trade(last[-1], *middle);
        if (less(*middle, *first)) trade(*middle, *first);
    }
    T const pivot = *middle;
    T* low = first;
    T* high = last - 1;
    for (;;) {
        do ++low;
        while (less(*low, pivot));
        do --high;
        while (less(pivot, *high));
        if (low >= high) return low;
        trade(*low, *high);
    }
}

template <class T, class Less>
constexpr void sort_by_cuts(T* first, T* last, int cuts_left, Less const& less) {
    while (last - first > 24) {
        if (cuts_left-- == 0) { // bad cuts all along: the heap has no bad case
            make_heap(first, last, less);
            sort_heap(first, last, less);
            return;
        }
        T* const middle = cut(first, last, less);
        sort_by_cuts(middle, last, cuts_left, less);
        last = middle;
    }
    sort_by_insertion(first, last, less);
}

template <class T, class Less = ascending>
constexpr void sort(T* first, T* last, Less const& less = {}) {
    T* ordered = first;
    while (last - ordered > 1 && !less(ordered[1], *ordered)) ++ordered;
    if (last - ordered <= 1) return;
    int cuts = 2; // two per halving
    for (auto left = last - first; left > 1; left /= 2) cuts += 2;
    sort_by_cuts(first, last, cuts, less);
}

/// Puts the least `middle - first` in front, in order; the rest is left in any order.
template <class T, class Less = ascending>
constexpr void best_first(T* first, T* middle, T* last, Less const& less = {}) {
    if (first == middle) return;
    make_heap(first, middle, less);
    auto const count = static_cast<std::size_t>(middle - first);
    for (T* at = middle; at != last; ++at)
        if (less(*at, *first)) {
            T worse = std::move(*first);
            sink_into_heap(first, 0, count, std::move(*at), less);
            *at = std::move(worse);
        }
    sort_heap(first, middle, less);
}

} // namespace runnel::detail
