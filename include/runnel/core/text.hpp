// SPDX-License-Identifier: MIT
// room: core. A short inline text: the offender a fault names.
//
// Why:  a fault must be trivially copyable and must not allocate while memory is what failed.
// Laws: at most 64 bytes; a longer text is cut between characters and ends in "…". A number that is
//       not whole has the fewest digits that say it to nine, a float to six.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <type_traits>

namespace runnel::detail {

constexpr std::size_t append(
    char* to, std::size_t size, std::size_t used, std::string_view text) noexcept {
    for (char letter : text)
        if (used < size) to[used++] = letter;
    return used;
}

/// How many bytes at the front of a text are one character a terminal may be given: 0 for a control
/// character (C0, DEL, C1) and for a byte that is no UTF-8.
constexpr std::size_t printable(std::string_view text) noexcept {
    auto const byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    unsigned const lead = byte(0);
    if (lead < 0x80) return lead < 0x20 || lead == 0x7F ? 0 : 1;
    std::size_t const length = lead < 0xC2 ? 0 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    if (length > text.size() || lead > 0xF4 || (lead == 0xC2 && length == 2 && byte(1) < 0xA0))
        return 0;
    for (std::size_t i = 1; i < length; ++i)
        if ((byte(i) & 0xC0U) != 0x80U) return 0;
    return length;
}

/// Appends a text as one harmless line: \n, \r and \t by their letters, what else is not printable byte
/// by byte as \x1b.
constexpr std::size_t append_visibly(
    char* to, std::size_t size, std::size_t used, std::string_view text) noexcept {
    constexpr char hex[] = "0123456789abcdef";
    while (!text.empty()) {
        std::size_t const whole = printable(text);
        auto const byte = static_cast<unsigned char>(text[0]);
        char const code[] = {'\\', 'x', hex[byte >> 4], hex[byte & 15U]};
        std::string_view shown{code, 4};
        if (whole != 0) shown = text.substr(0, whole);
        if (byte == '\n') shown = "\\n";
        if (byte == '\r') shown = "\\r";
        if (byte == '\t') shown = "\\t";
        used = append(to, size, used, shown);
        text.remove_prefix(whole != 0 ? whole : 1);
    }
    return used;
}

class short_text {
public:
    static constexpr std::size_t capacity = 64;

    constexpr short_text() = default;
    constexpr explicit short_text(std::string_view text, std::size_t most = capacity) noexcept {
        if (text.size() <= most) {
            put(text);
        } else {
            std::size_t keep = most - 3;
            while (keep > 0 && (static_cast<unsigned char>(text[keep]) & 0xC0U) == 0x80U) --keep;
            put(text.substr(0, keep));
            put("\xE2\x80\xA6");
        }
    }
    template <class Number>
        requires std::is_arithmetic_v<Number>
    constexpr explicit short_text(Number number) noexcept {
        if constexpr (std::is_floating_point_v<Number>)
            write(
                static_cast<double>(number),
                sizeof number < sizeof(double) ? 100'000 : 100'000'000);
        else if constexpr (std::is_signed_v<Number>) {
            auto const wide = static_cast<std::int64_t>(number);
            if (wide < 0) put("-");
            write(
                wide < 0 ? std::uint64_t{0} - static_cast<std::uint64_t>(wide)
                         : static_cast<std::uint64_t>(wide));
        } else
            write(static_cast<std::uint64_t>(number));
    }

    /// Texts and numbers, one after the other: `joined("low ", 2, ", high ", 1)`.
    template <class... Part> static constexpr short_text joined(Part const&... part) noexcept {
        short_text all;
        (all.put(short_text{part}.view()), ...);
        return all;
    }

    [[nodiscard]] constexpr std::string_view view() const noexcept { return {text_, length_}; }

private:
    constexpr void put(std::string_view text) noexcept {
        length_ = static_cast<unsigned char>(append(text_, capacity, length_, text));
    }
    constexpr void write(std::uint64_t number) noexcept {
        char digits[20]{};
        std::size_t first = 20;
        do {
            digits[--first] = static_cast<char>('0' + number % 10);
            number /= 10;
        } while (number != 0);
        put({digits + first, 20 - first});
    }
    // Whole numbers in full, others to the digits of `unit` (a power of ten): enough to recognise the
    // offender, without a number formatter.
    constexpr void write(double number, std::uint64_t unit) noexcept {
        if (number != number) return put("nan");
        if (number < 0) {
            put("-");
            number = -number;
        }
        if (number > 1.7976931348623157e308) return put("inf");
        if (number < 1e15 && number == static_cast<double>(static_cast<std::uint64_t>(number)))
            return write(static_cast<std::uint64_t>(number));
        int exponent = 0;
        while (number >= 10) number /= 10, ++exponent;
        while (number < 1) number *= 10, --exponent;
        auto digits = static_cast<std::uint64_t>(number * static_cast<double>(unit) + .5);
        if (digits >= 10 * unit) digits /= 10, ++exponent;
        bool const scientific = exponent < -5 || exponent > 15;
        int point = scientific ? 0 : exponent;
        if (point < 0) {
            put("0.");
            for (int i = -1; i > point; --i) put("0");
        }
        std::uint64_t scale = unit;
        for (int i = 0; digits != 0 || i <= point; ++i) {
            if (i == point + 1 && point >= 0) put(".");
            char const digit = static_cast<char>('0' + (scale != 0 ? digits / scale : 0));
            put({&digit, 1});
            if (scale != 0) digits %= scale, scale /= 10;
        }
        if (scientific) {
            put("e");
            if (exponent < 0) put("-");
            write(static_cast<std::uint64_t>(exponent < 0 ? -exponent : exponent));
        }
    }

    char text_[capacity]{};
    unsigned char length_ = 0;
};

} // namespace runnel::detail
