// SPDX-License-Identifier: MIT
// room: io. Numbers out of columns.
#pragma once

#include <charconv>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <system_error>

namespace runnel::io::detail {

inline constexpr std::uint64_t too_large = ~std::uint64_t{0};

/// Nothing but digits, at least one.
[[nodiscard]] constexpr bool all_digits(std::string_view text) noexcept {
    for (char const c : text)
        if (c < '0' || c > '9') return false;
    return !text.empty();
}

/// A whole number in `number`; what does not fit is `too_large`. False: it is none.
[[nodiscard]] constexpr bool read_whole(std::string_view text, std::uint64_t& number) noexcept {
    if (text.empty()) return false;
    number = 0;
    std::size_t const safe = text.size() < 19 ? text.size() : 19; // so many digits fit
    for (std::size_t i = 0; i < safe; ++i) {
        auto const digit = static_cast<unsigned char>(text[i] - '0');
        if (digit > 9) return false;
        number = number * 10 + digit;
    }
    if (safe == text.size()) return true;
    if (!all_digits(text.substr(safe))) return false;
    while (text.size() > 1 && text.front() == '0') text.remove_prefix(1);
    if (text.size() <= 19) return read_whole(text, number);
    number = too_large;
    return true;
}

/// A decimal number; what is too large or too small for a double is infinite or 0. False: it is none.
[[nodiscard]] inline bool read_decimal(std::string_view text, double& number) {
    if (!text.empty() && text.front() == '+') {
        text.remove_prefix(1);
        if (!text.empty() && text.front() == '-') return false;
    }
    for (char const c : text)
        if ((c < '0' || c > '9') && c != '.' && c != '-' && c != '+' && c != 'e' && c != 'E')
            return false; // no "inf", no "nan", no "0x10"
#ifdef __cpp_lib_to_chars
    auto const told = std::from_chars(text.data(), text.data() + text.size(), number);
    if (told.ptr != text.data() + text.size() || told.ec == std::errc::invalid_argument)
        return false;
    if (told.ec == std::errc{}) return true;
#endif
    // A library without from_chars for doubles, or a number out of range, of which it does not say which way.
    std::string const ended{text};
    char* end = nullptr;
    number = std::strtod(ended.c_str(), &end);
    return !text.empty() && end == ended.c_str() + ended.size();
}

} // namespace runnel::io::detail
