// SPDX-License-Identifier: MIT
// room: io. Settings by their names: from a command line into a config, and back.
//
// Why:  the walk that a config has anyway reaches every field of it, so that no setting is left out of command lines,
//       files and documents.
// Laws: setting every text that is listed, in that order, gives an equal config, bit for bit. What is refused changes
//       nothing. Whether a figure makes sense is for the config's own `validate` to say.
// Cost: one walk per call.
//
//   runnel::config settings;
//   io::set(settings, "decay.base", "0.1").value();
//   io::set(settings, "threshold.task=.2").value();             // of one node type; "threshold=.2" is of all
//   io::for_each_setting(settings, [](std::string_view name, std::string_view text) { ... });
#pragma once

#include <charconv>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <system_error>
#include <type_traits>

#include <runnel/core/ids.hpp>
#include <runnel/core/reflect.hpp>
#include <runnel/core/result.hpp>
#include <runnel/graph/topology.hpp>
#include <runnel/io/closest.hpp>
#include <runnel/io/detail/enum_names.hpp>
#include <runnel/io/faults.hpp>

namespace runnel::io {

namespace faults {
/// The offender names the closest there is.
inline constexpr fault_kind unknown_setting{"io.unknown_setting", "no setting has this name"};
} // namespace faults

namespace detail {

template <class T> inline constexpr bool is_table = false;
template <class T, class Type> inline constexpr bool is_table<per_type<T, Type>> = true;
template <class T> inline constexpr bool never = false;

struct verdict {
    bool good = false;
    std::string_view expected; ///< a sentence that lasts
};

template <class Number> [[nodiscard]] verdict read_number(std::string_view text, Number& to) {
    Number n{};
    auto const told = std::from_chars(text.data(), text.data() + text.size(), n);
    bool const whole = told.ec == std::errc{} && told.ptr == text.data() + text.size();
    if (whole) to = n;
    using of = std::numeric_limits<Number>;
    if constexpr (std::is_floating_point_v<Number>)
        return {whole, "this setting takes a number"};
    else if constexpr (std::is_same_v<Number, std::uint64_t>)
        return {whole, "this setting takes a whole number from 0 to 18446744073709551615"};
    else if constexpr (std::is_same_v<Number, std::uint32_t>)
        return {whole, "this setting takes a whole number from 0 to 4294967295"};
    else
        return {
            whole, of::is_signed ? "this setting takes a whole number"
                                 : "this setting takes a whole number that is not negative"};
}

/// A text into a leaf of a config; refused, the leaf stays.
template <class Leaf> [[nodiscard]] verdict read_setting(std::string_view text, Leaf& to) {
    if constexpr (std::is_same_v<Leaf, bool>) {
        bool const yes = text == "true" || text == "on";
        bool const good = yes || text == "false" || text == "off";
        if (good) to = yes;
        return {good, "this setting takes true, false, on or off"};
    } else if constexpr (std::is_enum_v<Leaf>) {
        auto const& names = enum_table<Leaf>::names;
        for (std::size_t i = 0; i < names.size(); ++i)
            if (!names[i].empty() && names[i] == text) {
                to = static_cast<Leaf>(i);
                return {true, {}};
            }
        return {false, enum_sentence<Leaf>::text};
    } else if constexpr (std::is_arithmetic_v<Leaf>) {
        return read_number(text, to);
    } else {
        static_assert(
            never<Leaf>, "io: a setting of this type cannot be read from text: a config has "
                         "numbers, bools, enums, tables of them by "
                         "type, and groups with a visit of their own");
        return {};
    }
}

template <class Leaf> void write_setting(std::string& to, Leaf const& from) {
    if constexpr (std::is_same_v<Leaf, bool>) {
        to += from ? "true" : "false";
    } else if constexpr (std::is_enum_v<Leaf>) {
        auto const i = static_cast<std::size_t>(from);
        if (i < most_enumerators) to += enum_table<Leaf>::names[i];
    } else if constexpr (std::is_arithmetic_v<Leaf>) {
        char text[64];
        to.append(
            text,
            std::to_chars(text, text + sizeof text, from).ptr); // the shortest that reads back
    } else {
        static_assert(
            never<Leaf>, "io: a setting of this type cannot be written as text: a config has "
                         "numbers, bools, enums, tables of them by "
                         "type, and groups with a visit of their own");
    }
}

/// What a table calls its entry of a type: the preset's name, or the type's number where the graph declared it.
template <class Type> [[nodiscard]] std::string entry_name(std::size_t slot) {
    if constexpr (std::is_same_v<Type, node_type>) {
        if (slot < preset_node_types) return std::string{runnel::detail::node_type_names[slot]};
    } else {
        if (slot < preset_link_types) return std::string{runnel::detail::link_type_names[slot]};
    }
    return std::to_string(slot);
}

template <class T, class Type>
[[nodiscard]] bool has_own(per_type<T, Type> const& table, std::size_t slot) {
    T const all = table[Type::other];
    T const own = table.begin()[slot];
    if (!(own == all)) return true;
    if constexpr (std::is_floating_point_v<T>)
        if (__builtin_signbit(own) != __builtin_signbit(all)) return true; // 0 and -0
    if (slot < runnel::detail::preset_types<Type>) return false;
    // Equal, and yet it may have been given: then it does not follow.
    for (T const other : {T{0}, T{1}}) {
        auto const moved = table.with(Type::other, other);
        if (!(moved.begin()[slot] == other)) return true;
    }
    return false;
}

/// f(name, leaf) for all a table is made of: all entries by its own name, then the exceptions.
template <class T, class Type, class F>
void each_entry(std::string const& name, per_type<T, Type> const& table, F& f) {
    std::string text;
    auto const tell = [&](std::string const& of, T const& figure) {
        text.clear();
        write_setting(text, figure);
        f(std::string_view{of}, std::string_view{text});
    };
    tell(name, table[Type::other]);
    for (std::size_t slot = 0; slot < table.capacity; ++slot)
        if (has_own(table, slot)) tell(name + "." + entry_name<Type>(slot), table.begin()[slot]);
}

[[nodiscard]] inline std::string path_of(field_name at) {
    std::string path{at.group};
    if (!path.empty()) path += '.';
    return path += at.name;
}

/// Which of a config's settings a name means.
struct asked {
    std::string_view name;
    std::string_view text;
    bool found = false;
    verdict told{};

    template <class Leaf> void offer(std::string const& path, Leaf& leaf) {
        if (found || !name.starts_with(path)) return;
        if (name.size() == path.size()) {
            found = true;
            if constexpr (is_table<Leaf>) {
                std::remove_cvref_t<decltype(*leaf.begin())> all{};
                told = read_setting(text, all);
                if (told.good) leaf = Leaf(all);
            } else {
                told = read_setting(text, leaf);
            }
        } else if constexpr (is_table<Leaf>) {
            if (name[path.size()] == '.') offer_entry(name.substr(path.size() + 1), leaf);
        }
    }
    template <class T, class Type>
    void offer_entry(std::string_view entry, per_type<T, Type>& table) {
        for (std::size_t slot = 0; slot < table.capacity; ++slot) {
            if (entry_name<Type>(slot) != entry) continue;
            found = true;
            T figure{};
            told = read_setting(text, figure);
            if (told.good) table.set(static_cast<Type>(slot), figure);
        }
    }
};

template <class Config> [[nodiscard]] fault unknown_setting(Config& config, std::string_view name) {
    using runnel::detail::short_text;
    closest near{name};
    for_each_field(config, [&](field_name at, auto& leaf) {
        std::string const path = path_of(at);
        near.offer(path);
        using leaf_type = std::remove_cvref_t<decltype(leaf)>;
        if constexpr (is_table<leaf_type>)
            if (name.starts_with(path))
                [&]<class T, class Type>(per_type<T, Type> const&) {
                    for (std::size_t i = 0; i < runnel::detail::preset_types<Type>; ++i)
                        near.offer(path + "." + entry_name<Type>(i));
                }(leaf);
    });
    if (near.found().empty()) return fault{faults::unknown_setting, name};
    return fault{
        faults::unknown_setting,
        short_text::joined(short_text{name, 22}.view(), "; closest: ", near.found()).view()};
}

} // namespace detail

/// Calls f(name, text) for every setting, in the order of the walk; a table is its figure for all types and then the
/// types that have another. Both texts last for the call.
template <class Config, class F> void for_each_setting(Config const& config, F&& f) {
    if constexpr (!has_fields<Config>) {
        static_assert(
            has_fields<Config>,
            "io: a config has a static visit(self, f) that calls f(name, member) for each setting");
    } else {
        std::string text;
        for_each_field(config, [&](field_name at, auto const& leaf) {
            std::string const path = detail::path_of(at);
            if constexpr (detail::is_table<std::remove_cvref_t<decltype(leaf)>>) {
                detail::each_entry(path, leaf, f);
            } else {
                text.clear();
                detail::write_setting(text, leaf);
                f(std::string_view{path}, std::string_view{text});
            }
        });
    }
}

/// Sets one: a number as `from_chars` reads it, true, false, on or off, the name of an enumerator. The types of a graph's
/// own in a table go by their numbers, from 12 on for nodes and from 5 on for links.
template <class Config>
[[nodiscard]] status set(Config& config, std::string_view name, std::string_view text) {
    if constexpr (!has_fields<Config>) {
        static_assert(
            has_fields<Config>,
            "io: a config has a static visit(self, f) that calls f(name, member) for each setting");
        return {};
    } else {
        detail::asked asked{name, text};
        for_each_field(
            config, [&](field_name at, auto& leaf) { asked.offer(detail::path_of(at), leaf); });
        if (!asked.found) return detail::unknown_setting(config, name);
        if (asked.told.good) return {};
        using runnel::detail::short_text;
        return fault{
            fault_kind{faults::bad_setting.code, asked.told.expected},
            short_text::joined(short_text{name, 40}.view(), "=", text).view()};
    }
}
/// `set(config, "decay.base=0.1")`
template <class Config> [[nodiscard]] status set(Config& config, std::string_view setting) {
    std::size_t const equals = setting.find('=');
    if (equals == std::string_view::npos)
        return fault{
            fault_kind{faults::bad_setting.code, "a setting is a name, =, and a text"}, setting};
    return set(config, setting.substr(0, equals), setting.substr(equals + 1));
}

} // namespace runnel::io
