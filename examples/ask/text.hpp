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

/// Letters and digits. Bytes above 127 are letters, so that accents stay in their words; of these, capitals of western
/// Europe are known. A possessive 's is no part of a word: Ada's is Ada.
inline std::vector<word> words_of(std::string_view text) {
    auto const byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    auto const is_letter = [](unsigned char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')
               || c >= 128;
    };
    auto const is_accented_capital = [&](std::size_t i) {
        return byte(i) == 0xC3 && i + 1 < text.size() && byte(i + 1) >= 0x80 && byte(i + 1) <= 0x9E
               && byte(i + 1) != 0x97;
    };
    std::vector<word> out;
    bool opens = true;
    for (std::size_t i = 0; i < text.size();) {
        unsigned char const c = byte(i);
        if (!is_letter(c)) {
            opens = opens || c == '.' || c == '!' || c == '?' || c == '\n';
            ++i;
            continue;
        }
        word w;
        w.begin = i;
        w.opens = opens;
        opens = false;
        w.capital = (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || is_accented_capital(i);
        for (; i < text.size() && is_letter(byte(i)); ++i) {
            auto letter = byte(i);
            if (letter >= 'A' && letter <= 'Z') letter = static_cast<unsigned char>(letter + 32);
            w.lower += static_cast<char>(letter);
            if (is_accented_capital(i)) w.lower += static_cast<char>(byte(++i) + 32);
        }
        w.end = i;
        bool const possessive = i + 1 < text.size() && text[i] == '\'' && text[i + 1] == 's'
                                && (i + 2 == text.size() || !is_letter(byte(i + 2)));
        if (possessive) i += 2;
        std::size_t next = i;
        w.joins_next = true;
        for (; next < text.size() && !is_letter(byte(next)); ++next)
            w.joins_next = w.joins_next && (text[next] == ' ' || text[next] == '-');
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
