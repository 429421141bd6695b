// SPDX-License-Identifier: MIT
// room: io. One line of JSON, written field by field.
//
// Why:  what a program says to another program is lines of JSON; writing them takes no library.
// Laws: what comes out is JSON whatever goes in. Numbers read back are the numbers written (17 significant digits); one that
//       is infinite or none is null, and so are no_node and no_link. Text is escaped; bytes that are no UTF-8 become U+FFFD.
#pragma once

#include <charconv>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include <runnel/core/ids.hpp>
#include <runnel/core/math.hpp>

namespace runnel::io {

namespace detail {
/// How many bytes at the front of a text are one character of UTF-8; 0: they are none.
[[nodiscard]] constexpr std::size_t character(std::string_view text) noexcept {
    auto const byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    unsigned const lead = byte(0);
    if (lead < 0x80) return 1;
    std::size_t const length = lead < 0xC2   ? 0
                               : lead < 0xE0 ? 2
                               : lead < 0xF0 ? 3
                               : lead < 0xF5 ? 4
                                             : 0;
    if (length == 0 || length > text.size()) return 0;
    for (std::size_t i = 1; i < length; ++i)
        if ((byte(i) & 0xC0U) != 0x80U) return 0;
    // Longer than it need be, half of a pair, beyond the last.
    unsigned const second = byte(1);
    bool const bad = (lead == 0xE0 && second < 0xA0) || (lead == 0xED && second > 0x9F)
                     || (lead == 0xF0 && second < 0x90) || (lead == 0xF4 && second > 0x8F);
    return bad ? 0 : length;
}
/// Enumerations whose number means something.
template <class Id>
concept numbered = std::same_as<Id, node_id> || std::same_as<Id, link_id> || std::same_as<
    Id, row_place> || std::same_as<Id, scope_id> || std::same_as<Id, field_key> || std::
    same_as<Id, node_type> || std::same_as<Id, link_type>;
} // namespace detail

/// `json_object{to}.field("a", 1).field("b", "x")`, at the end of a text. The object is whole after every call.
class json_object {
public:
    explicit json_object(std::string& to) : to_(&to) { to += "{}"; }
    json_object(json_object const&) = delete;
    json_object& operator=(json_object const&) = delete;

    template <class Value> json_object& field(std::string_view name, Value const& value) {
        begin(name);
        put(value);
        return end();
    }
    /// f(json_object&) for an object in it.
    template <class F> json_object& object(std::string_view name, F&& f) {
        begin(name);
        json_object inner{*to_};
        f(inner);
        return end();
    }
    /// f(json_object&, element) for each of a range.
    template <class Range, class F>
    json_object& list(std::string_view name, Range const& range, F&& f) {
        begin(name);
        *to_ += '[';
        bool first = true;
        for (auto const& element : range) {
            if (!first) *to_ += ',';
            first = false;
            json_object inner{*to_};
            f(inner, element);
        }
        *to_ += ']';
        return end();
    }
    /// Plain values.
    template <class Range> json_object& values(std::string_view name, Range const& range) {
        begin(name);
        *to_ += '[';
        bool first = true;
        for (auto const& element : range) {
            if (!first) *to_ += ',';
            first = false;
            put(element);
        }
        *to_ += ']';
        return end();
    }

private:
    void begin(std::string_view name) {
        to_->pop_back(); // what closed it; `end` closes it anew
        if (!first_) *to_ += ',';
        first_ = false;
        put(name);
        *to_ += ':';
    }
    json_object& end() {
        *to_ += '}';
        return *this;
    }
    [[nodiscard]] static bool is_plain(char c) noexcept {
        auto const byte = static_cast<unsigned char>(c);
        return byte >= 0x20 && byte < 0x80 && c != '"' && c != '\\';
    }
    /// One that is not plain, of ASCII.
    void put_letter(char c) {
        if (c == '"' || c == '\\') {
            *to_ += '\\';
            *to_ += c;
            return;
        }
        constexpr char const* digits = "0123456789abcdef";
        auto const byte = static_cast<unsigned char>(c);
        *to_ += "\\u00";
        *to_ += digits[byte >> 4];
        *to_ += digits[byte & 15];
    }
    void put(std::string_view text) {
        *to_ += '"';
        while (!text.empty()) {
            std::size_t plain = 0;
            while (plain < text.size() && is_plain(text[plain])) ++plain;
            to_->append(text.substr(0, plain));
            text.remove_prefix(plain);
            if (text.empty()) break;
            std::size_t const length = detail::character(text);
            if (length == 0)
                *to_ += "\\ufffd";
            else if (length == 1)
                put_letter(text.front());
            else
                to_->append(text.substr(0, length));
            text.remove_prefix(length == 0 ? 1 : length);
        }
        *to_ += '"';
    }
    void put(char const* text) { put(std::string_view{text}); }
    void put(std::string const& text) { put(std::string_view{text}); }
    template <std::same_as<bool> Flag> void put(Flag value) { *to_ += value ? "true" : "false"; }
    template <std::floating_point Number> void put(Number value) {
        if (!math::finite(static_cast<double>(value))) {
            *to_ += "null";
            return;
        }
        char digits[40];
        auto const end = std::to_chars(
            digits, digits + sizeof digits, static_cast<double>(value), std::chars_format::general,
            17);
        to_->append(digits, end.ptr);
    }
    template <std::integral Number>
        requires(!std::same_as<Number, bool> && !std::same_as<Number, char>)
    void put(Number value) {
        char digits[24];
        auto const end = std::to_chars(digits, digits + sizeof digits, value);
        to_->append(digits, end.ptr);
    }
    /// An id is its number; none is null. Of other enumerations give the name.
    template <detail::numbered Id> void put(Id id) {
        if constexpr (std::same_as<Id, node_id> || std::same_as<Id, link_id>) {
            if (id == static_cast<Id>(0xFFFF'FFFFU)) {
                *to_ += "null";
                return;
            }
        }
        put(static_cast<std::uint64_t>(id));
    }

    std::string* to_;
    bool first_ = true;
};

} // namespace runnel::io
