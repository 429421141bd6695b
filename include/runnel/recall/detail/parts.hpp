// SPDX-License-Identifier: MIT
// room: recall. What a memory may be made of, told in any order.
#pragma once

#include <concepts>
#include <type_traits>
#include <utility>

#include <runnel/recall/encoder.hpp>
#include <runnel/recall/eviction.hpp>
#include <runnel/recall/index.hpp>
#include <runnel/recall/metrics.hpp>

namespace runnel::recall::detail {

template <class Part>
concept memory_part = vector_index<Part> || keeps<Part> || encoder<Part> || tells_time<
    Part> || std::same_as<Part, borrowed>;

/// The first of the parts that is one, or what is usual.
template <template <class> class Is, class Usual> constexpr Usual part_of_parts() {
    return Usual{};
}
template <template <class> class Is, class Usual, class First, class... Rest>
constexpr auto part_of_parts(First& first, Rest&... rest) {
    if constexpr (Is<First>::value)
        return std::move(first);
    else
        return part_of_parts<Is, Usual>(rest...);
}
template <class P> struct is_index : std::bool_constant<vector_index<P>> {};
template <class P> struct is_policy : std::bool_constant<keeps<P>> {};
template <class P> struct is_encoder : std::bool_constant<encoder<P>> {};
template <class P> struct is_clock : std::bool_constant<tells_time<P>> {};
template <class P> struct is_lent : std::is_same<P, borrowed> {};

template <class... Part> constexpr bool parts_make_sense() {
    static_assert(
        (0 + ... + is_index<Part>::value) <= 1 && (0 + ... + is_policy<Part>::value) <= 1
            && (0 + ... + is_encoder<Part>::value) <= 1 && (0 + ... + is_clock<Part>::value) <= 1
            && (0 + ... + is_lent<Part>::value) <= 1,
        "recall: a memory has one index, one policy, one encoder, one clock, one matrix lent");
    static_assert(
        (memory_part<Part> && ...),
        "recall: what follows a memory's config is an index, a policy double(recall::tenant "
        "const&, recall::tick), an encoder, a clock std::uint64_t(), or recall::borrowed");
    return true;
}

} // namespace runnel::recall::detail
