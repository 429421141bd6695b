// SPDX-License-Identifier: MIT
// room: core. A short inline text: the offender a fault names.
//
// Why:  a fault must be trivially copyable and must not allocate while memory is what failed.
// Laws: at most 64 bytes; a longer text is cut between characters and ends in "…".
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

class short_text {
public:
    static constexpr std::size_t capacity = 64;

    constexpr short_text() = default;
    constexpr explicit short_text(std::string_view text) noexcept {
        if (text.size() <= capacity) {
            put(text);
        } else {
            std::size_t keep = capacity - 3;
            while (keep > 0 && (static_cast<unsigned char>(text[keep]) & 0xC0U) == 0x80U) --keep;
            put(text.substr(0, keep));
            put("\xE2\x80\xA6");
        }
    }
    template <class Number>
        requires std::is_arithmetic_v<Number>
    constexpr explicit short_text(Number number) noexcept {
        if constexpr (std::is_floating_point_v<Number>)
            write(static_cast<double>(number));
        else if constexpr (std::is_signed_v<Number>) {
            auto const wide = static_cast<std::int64_t>(number);
            if (wide < 0) put("-");
            write(
                wide < 0 ? std::uint64_t{0} - static_cast<std::uint64_t>(wide)
                         : static_cast<std::uint64_t>(wide));
        } else
            write(static_cast<std::uint64_t>(number));
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
    // Whole numbers in full, others to six digits: enough to recognise the offender, without a
    // number formatter.
    constexpr void write(double number) noexcept {
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
        auto digits = static_cast<std::uint64_t>(number * 1e5 + .5);
        if (digits >= 1'000'000) digits /= 10, ++exponent;
        bool const scientific = exponent < -5 || exponent > 15;
        int point = scientific ? 0 : exponent;
        if (point < 0) {
            put("0.");
            for (int i = -1; i > point; --i) put("0");
        }
        std::uint64_t scale = 100'000;
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
