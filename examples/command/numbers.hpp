// SPDX-License-Identifier: MIT
// Numbers in and out of text.
#pragma once

#include <charconv>
#include <string>
#include <string_view>
#include <system_error>
#include <type_traits>

#include "failure.hpp"

namespace command {

/// A number, or `wrong_usage` that says for what ("--ticks") and what was given.
template <class Number> Number number(std::string_view text, std::string_view what) {
    Number n{};
    auto const told = std::from_chars(text.data(), text.data() + text.size(), n);
    bool good = told.ec == std::errc{} && told.ptr == text.data() + text.size() && !text.empty();
    if constexpr (std::is_floating_point_v<Number>) good = good && n - n == 0; // no inf, no nan
    if (good) return n;
    std::string_view expected = "a number";
    if constexpr (std::is_integral_v<Number>)
        expected =
            std::is_signed_v<Number> ? "a whole number" : "a whole number that is not negative";
    if (told.ec == std::errc::result_out_of_range)
        throw wrong_usage(std::string{what} + ": " + quoted(text) + " is out of range");
    throw wrong_usage(
        std::string{what} + " takes " + std::string{expected} + ", not " + quoted(text));
}

/// For people: six significant digits at most, none that say nothing.
[[nodiscard]] inline std::string readable(double x) {
    char text[64];
    auto const end = std::to_chars(text, text + sizeof text, x, std::chars_format::general, 6);
    return {text, end.ptr};
}
/// For programs: 17 significant digits, which read back as the same number.
[[nodiscard]] inline std::string exact(double x) {
    char text[64];
    auto const end = std::to_chars(text, text + sizeof text, x, std::chars_format::general, 17);
    return {text, end.ptr};
}

} // namespace command
