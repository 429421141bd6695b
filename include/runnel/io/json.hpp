// SPDX-License-Identifier: MIT
// room: io. One line of JSON, written field by field.
//
// Why:  what a program says to another program is lines of JSON; writing them takes no library.
// Laws: numbers read back are the numbers written: 17 significant digits; what is no number is null. Text is escaped; bytes
//       that are no UTF-8 pass as they are.
#pragma once

#include <charconv>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>

#include <runnel/core/ids.hpp>
#include <runnel/core/math.hpp>

namespace runnel::io {

/// `json_object{to}.field("a", 1).field("b", "x")`; closed when it ends.
class json_object {
public:
    explicit json_object(std::string& to) : to_(&to) { to += '{'; }
    json_object(json_object const&) = delete;
    json_object& operator=(json_object const&) = delete;
    ~json_object() { *to_ += '}'; }

    template <class Value> json_object& field(std::string_view name, Value const& value) {
        begin(name);
        put(value);
        return *this;
    }
    /// f(json_object&) for an object in it.
    template <class F> json_object& object(std::string_view name, F&& f) {
        begin(name);
        json_object inner{*to_};
        f(inner);
        return *this;
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
        return *this;
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
        return *this;
    }

private:
    void begin(std::string_view name) {
        if (!first_) *to_ += ',';
        first_ = false;
        put(name);
        *to_ += ':';
    }
    void put(std::string_view text) {
        *to_ += '"';
        for (char const c : text) {
            auto const byte = static_cast<unsigned char>(c);
            if (c == '"' || c == '\\') {
                *to_ += '\\';
                *to_ += c;
            } else if (byte < 0x20) {
                constexpr char const* digits = "0123456789abcdef";
                *to_ += "\\u00";
                *to_ += digits[byte >> 4];
                *to_ += digits[byte & 15];
            } else {
                *to_ += c;
            }
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
        requires(!std::same_as<Number, bool>)
    void put(Number value) {
        char digits[24];
        auto const end = std::to_chars(digits, digits + sizeof digits, value);
        to_->append(digits, end.ptr);
    }
    /// An id is its number; none is null.
    template <class Id>
        requires std::is_enum_v<Id>
    void put(Id id) {
        auto const number = static_cast<std::underlying_type_t<Id>>(id);
        if constexpr (std::same_as<Id, node_id> || std::same_as<Id, link_id>) {
            if (number == 0xFFFF'FFFFU) {
                *to_ += "null";
                return;
            }
        }
        put(static_cast<std::uint64_t>(number));
    }

    std::string* to_;
    bool first_ = true;
};

} // namespace runnel::io
