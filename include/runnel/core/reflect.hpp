// SPDX-License-Identifier: MIT
// room: core. One walk over a config's fields, and a count that notices a forgotten one.
//
// Why:  command lines, documentation, files and ablation tests must all see the same settings; one
//       list feeds them, and a static_assert on the aggregate's arity makes the list complete.
// Laws: `arity<T>()` is the number of members of an aggregate without base classes. A type with a
//       `visit(self, f)` static member is walked; everything else is a leaf.
#pragma once

#include <cstddef>
#include <string_view>
#include <type_traits>
#include <utility>

namespace runnel {

namespace detail {
struct anything {
    template <class T> operator T() const noexcept; // NOLINT: stands for any member
};
template <class T, std::size_t... I> constexpr bool takes(std::index_sequence<I...>) noexcept {
    return requires { T{((void)I, anything{})...}; };
}
} // namespace detail

/// Number of members of an aggregate.
template <class T, std::size_t Count = 0> [[nodiscard]] consteval std::size_t arity() noexcept {
    static_assert(std::is_aggregate_v<T>, "core: arity counts the members of an aggregate");
    if constexpr (!detail::takes<T>(std::make_index_sequence<Count + 1>{}))
        return Count;
    else
        return arity<T, Count + 1>();
}

/// A dotted name, built on the way down: "decay.base".
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
        if constexpr (has_fields<std::remove_reference_t<decltype(member)>>)
            for_each_field(member, f, name);
        else
            f(field_name{group, name}, member);
    });
}

} // namespace runnel
