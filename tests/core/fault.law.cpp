// SPDX-License-Identifier: MIT
// The offender of a fault, for any text and any number.
#include <cmath>
#include <cstdlib>
#include <string>
#include <string_view>

#include <runnel/core/result.hpp>

#include "support/catch.hpp"
#include "support/law.hpp"

namespace {

constexpr runnel::fault_kind odd{"core.odd", "must be even"};

std::string offender_of(auto const& what) {
    return std::string(runnel::fault{odd, what}.offender());
}

std::string any_text(law::gen& g) {
    std::string text;
    for (char const* letter : g.list(90, [&] {
             return g.one_of<char const*>({"a", "\xC3\xBC", "漢", "🜛"});
         }))
        text += letter;
    return text;
}

/// Every lead byte is followed by exactly its continuation bytes.
bool whole_characters(std::string_view text) {
    for (std::size_t i = 0; i < text.size();) {
        auto const lead = static_cast<unsigned char>(text[i]);
        std::size_t const length = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
        if ((lead & 0xC0U) == 0x80U || i + length > text.size()) return false;
        for (std::size_t k = 1; k < length; ++k)
            if ((static_cast<unsigned char>(text[i + k]) & 0xC0U) != 0x80U) return false;
        i += length;
    }
    return true;
}

} // namespace

TEST_CASE("an offender is the text or its longest start with an ellipsis", "[core][fault]") {
    law::for_all(3000, [](law::gen& g) {
        std::string const text = any_text(g);
        g.show("text", text);
        std::string const kept = offender_of(text);
        g.show("kept", kept);
        g.holds(kept.size() <= 64, "at most 64 bytes");
        g.holds(whole_characters(kept), "cut between characters");
        if (text.size() <= 64) return g.holds(kept == text, "short texts are whole");
        g.holds(kept.ends_with("…"), "a cut text says so");
        std::string const start = kept.substr(0, kept.size() - 3);
        g.holds(text.starts_with(start), "a cut text is a start of it");
        g.holds(start.size() > 61 - 4, "no more is cut than needed");
    });
}

TEST_CASE("whole numbers read back as they were", "[core][fault]") {
    law::for_all(2000, [](law::gen& g) {
        auto const number = static_cast<std::int64_t>(g.choose(~std::uint64_t{0}));
        g.holds(offender_of(number) == std::to_string(number), "signed");
        auto const positive = static_cast<std::uint64_t>(number);
        g.holds(offender_of(positive) == std::to_string(positive), "unsigned");
    });
}

TEST_CASE("a fault is one line of printable characters, whatever the name", "[core][fault]") {
    law::for_all(3000, [](law::gen& g) {
        std::string name;
        for (unsigned const byte : g.list(70, [&] {
                 return g.flag() ? g.integer(0U, 255U)
                                 : g.one_of({0x0AU, 0x1BU, 0x7FU, 0x9BU, 0xC2U, 0xE6U, 0xF0U});
             }))
            name.push_back(static_cast<char>(byte));
        g.assume(!name.empty());
        runnel::fault const what{odd, name, 7};
        std::string const line{what.text().view()};
        g.show("line", line);
        for (char const letter : line)
            g.holds(static_cast<unsigned char>(letter) >= 0x20 && letter != '\x7F', "no control");
        g.holds(whole_characters(line), "whole characters only");
        g.holds(line.find("\xC2\x9B") == std::string::npos, "no C1 control either");
        g.holds(line.ends_with("' (at index 7)"), "and the rest of the line is there");
    });
}

TEST_CASE("doubles read back within half a unit of the ninth digit", "[core][fault]") {
    law::for_all(5000, [](law::gen& g) {
        double const number = g.any_double("number");
        std::string const text = offender_of(number);
        g.show("text", text);
        g.holds(text.size() <= 20, "short");
        double const read = std::strtod(text.c_str(), nullptr);
        if (std::isnan(number)) return g.holds(text == "nan", "nan");
        if (std::isinf(number)) return g.holds(read == number, "infinities");
        // 4.94065646e-324 reads back as the same double; elsewhere the ninth digit decides
        g.holds(std::abs(read - number) <= 5.001e-9 * std::abs(number), "nine digits");
    });
}
