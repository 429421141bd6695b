// SPDX-License-Identifier: MIT
// Words: what two texts share is decided on these.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace ask {

/// A word as it stands in a text.
struct word {
    std::string lower;
    bool capital = false;     ///< begins with a capital letter or a digit
    bool joins_next = false;  ///< nothing but blanks or a hyphen before the next word
};

/// Letters and digits; bytes above 127 are letters, so that accents stay in their words.
inline std::vector<word> words_of(std::string_view text) {
    auto const is_letter = [](unsigned char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')
               || c >= 128;
    };
    std::vector<word> out;
    for (std::size_t i = 0; i < text.size();) {
        if (!is_letter(static_cast<unsigned char>(text[i]))) {
            ++i;
            continue;
        }
        word w;
        char const first = text[i];
        w.capital = (first >= 'A' && first <= 'Z') || (first >= '0' && first <= '9')
                    || static_cast<unsigned char>(first) == 0xC3;
        while (i < text.size() && is_letter(static_cast<unsigned char>(text[i]))) {
            char c = text[i++];
            if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
            w.lower += c;
        }
        // "Ada's" is Ada.
        std::size_t j = i;
        if (j + 1 < text.size() && text[j] == '\'' && text[j + 1] == 's') j += 2;
        bool plain = j > i || (j < text.size() && (text[j] == ' ' || text[j] == '-'));
        while (j < text.size() && !is_letter(static_cast<unsigned char>(text[j]))) {
            plain = plain && (text[j] == ' ' || text[j] == '-');
            ++j;
        }
        w.joins_next = plain && j < text.size();
        out.push_back(std::move(w));
    }
    return out;
}

} // namespace ask
