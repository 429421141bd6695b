// SPDX-License-Identifier: MIT
// room: core. One walk over a config's fields, and a count that notices a forgotten one.
//
// Why:  command lines, documentation, files and ablation tests must all see the same settings; one
//       list feeds them, and a static_assert on the aggregate's arity makes the list complete.
// Laws: `arity<T>()` is the number of members of an aggregate without base classes and raw arrays. A type
//       with a `visit(self, f)` static member is walked; everything else is a leaf. No two settings of
//       a config have the same dotted name.
#pragma once

#include <cstddef>
#include <string_view>
#include <type_traits>
#include <utility>

#include <runnel/core/expects.hpp>
#include <runnel/core/text.hpp>

namespace runnel {

namespace detail {
struct anything {
    template <class T> operator T() const noexcept; // NOLINT: stands for any member
};
template <class T, std::size_t... I> constexpr bool takes(std::index_sequence<I...>) noexcept {
    return requires { T{((void)I, anything{})...}; };
}
inline constexpr std::size_t longest_path = 128;
} // namespace detail

/// Number of members of an aggregate.
template <class T, std::size_t Count = 0> [[nodiscard]] consteval std::size_t arity() noexcept {
    static_assert(std::is_aggregate_v<T>, "core: arity counts the members of an aggregate");
    if constexpr (!detail::takes<T>(std::make_index_sequence<Count + 1>{}))
        return Count;
    else
        return arity<T, Count + 1>();
}

/// `arity<T>() == Count`, for a fraction of what counting costs a file: it asks of two numbers, not of all below.
template <class T, std::size_t Count>
inline constexpr bool arity_is =
    std::is_aggregate_v<T>&& detail::takes<T>(std::make_index_sequence<Count>{})
    && !detail::takes<T>(std::make_index_sequence<Count + 1>{});

/// A dotted name, built on the way down: "decay" and "base". A group in a group is "outer.inner"; its
/// letters last for the call.
struct field_name {
    std::string_view group;
    std::string_view name;
};

template <class T>
concept has_fields = requires(T& t) {
    std::remove_const_t<T>::visit(t, [](auto&&...) {});
};

/// Calls f(field_name, member) for every setting, nested groups included, in declaration order.
template <class Config, class F>
constexpr void for_each_field(Config& config, F&& f, std::string_view group = {}) {
    std::remove_const_t<Config>::visit(config, [&](std::string_view name, auto& member) {
        if constexpr (has_fields<std::remove_reference_t<decltype(member)>>) {
            if (group.empty()) return for_each_field(member, f, name);
            char path[detail::longest_path]{};
            std::size_t used = detail::append(path, sizeof path, 0, group);
            used = detail::append(path, sizeof path, used, ".");
            used = detail::append(path, sizeof path, used, name);
            RUNNEL_EXPECTS(used < sizeof path, "core: a path of groups has at most 127 letters");
            for_each_field(member, f, std::string_view{path, used});
        } else {
            f(field_name{group, name}, member);
        }
    });
}

} // namespace runnel
