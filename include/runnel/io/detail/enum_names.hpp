// SPDX-License-Identifier: MIT
// room: io. What the enumerators of an enum are called.
//
// Why:  a setting is typed by its name; a table beside each enum would be forgotten. The compilers write the name into
//       the signature of a template that has the enumerator as its argument.
// Laws: enumerators from 0 to 31 are seen. An underscore at the end, which keeps a name from being a keyword, is left
//       out. Nothing is worked out at run time.
#pragma once

#include <array>
#include <cstddef>
#include <string_view>
#include <type_traits>
#include <utility>

namespace runnel::io::detail {

inline constexpr std::size_t most_enumerators = 32;

/// The enumerator's own name; empty where the number has none.
template <auto Enumerator> [[nodiscard]] consteval std::string_view name_of_enumerator() {
    std::string_view text = __PRETTY_FUNCTION__; // "... [with auto Enumerator = a::b::name; ...]"
    text.remove_prefix(text.find("Enumerator = ") + 13);
    text = text.substr(0, text.find_first_of(";]"));
    if (std::size_t const last = text.rfind(':'); last != std::string_view::npos)
        text.remove_prefix(last + 1);
    if (text.find(')') != std::string_view::npos) return {}; // a number: "(a::b)7"
    if (text.back() == '_') text.remove_suffix(1);
    return text;
}

template <class Enum, class = std::make_index_sequence<most_enumerators>> struct enum_table;
template <class Enum, std::size_t... I> struct enum_table<Enum, std::index_sequence<I...>> {
    static_assert(std::is_enum_v<Enum>);
    /// By value; empty where there is none.
    static constexpr std::array<std::string_view, sizeof...(I)> names{
        name_of_enumerator<static_cast<Enum>(I)>()...};
};

/// "this setting takes one of a, b": what a fault says of a text that is none of the names.
template <class Enum> struct enum_sentence {
    static constexpr std::string_view start = "this setting takes one of ";
    static constexpr std::size_t size = [] {
        std::size_t all = start.size();
        for (std::string_view const name : enum_table<Enum>::names)
            if (!name.empty()) all += name.size() + 2;
        return all;
    }();
    static constexpr std::array<char, size> letters = [] {
        std::array<char, size> to{};
        std::size_t used = 0;
        auto const put = [&](std::string_view text) {
            for (char const c : text) to[used++] = c;
        };
        put(start);
        for (std::string_view const name : enum_table<Enum>::names) {
            if (name.empty()) continue;
            put(name);
            put(", ");
        }
        return to;
    }();
    static constexpr std::string_view text{letters.data(), size - 2}; // without the last comma
};

} // namespace runnel::io::detail
