// SPDX-License-Identifier: MIT
// Words: what two texts share is decided on these.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace ask {

/// A word's number; the same in all notes and questions.
using term = std::uint32_t;
inline constexpr term no_term = ~term{0};

/// A word as it stands in a text.
struct word {
    std::string lower;
    std::size_t begin = 0; ///< its letters are [begin, end) of the text
    std::size_t end = 0;
    bool capital = false;    ///< begins with a capital letter or a digit
    bool opens = false;      ///< the first of a sentence, where every word has a capital
    bool joins_next = false; ///< nothing but blanks or a hyphen before the next word
};

namespace detail {

/// How long the mark, blank or other that is no letter here is; 0 where a letter or digit begins. Of other alphabets than
/// ASCII everything is a letter but punctuation: that of Latin-1, of typographers (quotes, dashes, dots) and of East Asia.
[[nodiscard]] inline std::size_t mark_at(std::string_view text, std::size_t i) noexcept {
    auto const byte = [&](std::size_t at) {
        return at < text.size() ? static_cast<unsigned char>(text[at]) : 0U;
    };
    unsigned const c = byte(i);
    if (c < 128) {
        bool const letter =
            (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        return letter ? 0 : 1;
    }
    if (c == 0xC2 && byte(i + 1) >= 0xA0 && byte(i + 1) <= 0xBF)
        return byte(i + 1) == 0xAA || byte(i + 1) == 0xB5 || byte(i + 1) == 0xBA ? 0 : 2;
    if (c == 0xC3 && (byte(i + 1) == 0x97 || byte(i + 1) == 0xB7)) return 2; // times, divided by
    if (c == 0xE2 && (byte(i + 1) == 0x80 || byte(i + 1) == 0x81)) return 3;
    if (c == 0xE3 && byte(i + 1) == 0x80) return 3;
    return 0;
}
/// Of an apostrophe, straight or curly.
[[nodiscard]] inline std::size_t apostrophe_at(std::string_view text, std::size_t i) noexcept {
    if (i < text.size() && text[i] == '\'') return 1;
    return text.substr(i < text.size() ? i : text.size(), 3) == "\xE2\x80\x99" ? 3 : 0;
}

} // namespace detail

/// Letters and digits. Capitals of western Europe are known. A possessive 's is no part of a word: Ada's is Ada.
inline std::vector<word> words_of(std::string_view text) {
    auto const byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    auto const is_accented_capital = [&](std::size_t i) {
        return byte(i) == 0xC3 && i + 1 < text.size() && byte(i + 1) >= 0x80 && byte(i + 1) <= 0x9E
               && byte(i + 1) != 0x97;
    };
    std::vector<word> out;
    bool opens = true;
    for (std::size_t i = 0; i < text.size();) {
        unsigned char const c = byte(i);
        if (std::size_t const mark = detail::mark_at(text, i); mark != 0) {
            opens = opens || c == '.' || c == '!' || c == '?' || c == '\n';
            i += mark;
            continue;
        }
        word w;
        w.begin = i;
        w.opens = opens;
        opens = false;
        w.capital = (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || is_accented_capital(i);
        for (; i < text.size() && detail::mark_at(text, i) == 0; ++i) {
            auto letter = byte(i);
            if (letter >= 'A' && letter <= 'Z') letter = static_cast<unsigned char>(letter + 32);
            w.lower += static_cast<char>(letter);
            if (is_accented_capital(i)) w.lower += static_cast<char>(byte(++i) + 32);
        }
        w.end = i;
        std::size_t const apostrophe = detail::apostrophe_at(text, i);
        std::size_t const behind = i + apostrophe + 1;
        if (apostrophe != 0 && behind <= text.size() && text[behind - 1] == 's'
            && (behind == text.size() || detail::mark_at(text, behind) != 0))
            i = behind;
        std::size_t next = i;
        w.joins_next = true;
        while (next < text.size()) {
            std::size_t const mark = detail::mark_at(text, next);
            if (mark == 0) break;
            w.joins_next = w.joins_next
                           && (text[next] == ' ' || text[next] == '-'
                               || text.substr(next, mark) == "\xC2\xA0");
            next += mark;
        }
        w.joins_next = w.joins_next && next < text.size();
        out.push_back(static_cast<word&&>(w));
    }
    return out;
}

/// Numbers words in the order they are met.
class vocabulary {
public:
    term add(std::string const& lower) {
        return numbers_.try_emplace(lower, static_cast<term>(numbers_.size())).first->second;
    }
    [[nodiscard]] term of(std::string const& lower) const {
        auto const found = numbers_.find(lower);
        return found == numbers_.end() ? no_term : found->second;
    }
    [[nodiscard]] std::size_t size() const noexcept { return numbers_.size(); }

private:
    std::unordered_map<std::string, term> numbers_;
};

/// The words of a question; those that stand in no note are `no_term`.
inline std::vector<term> terms_of(std::string_view text, vocabulary const& known) {
    std::vector<term> out;
    for (word const& w : words_of(text)) out.push_back(known.of(w.lower));
    return out;
}

} // namespace ask
