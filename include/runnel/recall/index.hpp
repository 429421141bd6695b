// SPDX-License-Identifier: MIT
// room: recall. What an index is: something that finds the nearest rows, and is told of every change to them.
//
// Why:  scanning and walking differ in everything but this; a memory takes either, or one of the caller's.
// Laws: `plan_add` and `plan_erase` read and take memory, and change nothing a search reads; `apply` writes
//       down what was planned last and cannot fail. A row to be added was written but is not live yet; one to be
//       erased is live. `search` may run on many threads between two applications. It leaves in `own.best` hits
//       that are live and admitted, with the similarities of the one kernel. `rebuilt` has all live
//       rows and the same settings.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>

#include <runnel/core/result.hpp>
#include <runnel/recall/detail/scan.hpp>

namespace runnel::recall {

struct search_wish {
    std::size_t k = 10;
    std::size_t effort = 0; ///< nodes a walk keeps in view; 0: what the index was made with
};

template <class Index>
concept vector_index = std::movable<Index> && requires(
    Index& index, Index const& read, rows const& all, std::uint32_t slot, measured query,
    search_wish wish, scratch& own) {
    index.plan_add(all, slot);
    index.plan_erase(all, slot);
    requires noexcept(index.apply())&& noexcept(index.clear());
    { read.search(all, query, wish, detail::anyone{}, own) } -> std::same_as<search_info>;
    { read.rebuilt(all) } -> std::same_as<Index>;
    { read.check(all) } -> std::same_as<status>;
    { read.bytes() } -> std::convertible_to<std::size_t>;
    { read.growth(all, slot) } -> std::convertible_to<std::size_t>;
};

} // namespace runnel::recall
