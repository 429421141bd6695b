// SPDX-License-Identifier: MIT
// Answers for people: two columns, and under each note the ways its energy came.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include <runnel/credit.hpp>

#include "../command/terminal.hpp"
#include "asker.hpp"
#include "web.hpp"

namespace ask {

enum class method : std::uint8_t { both, stride, bm25 };

/// Energy runs to and fro; what connects is the way without the loops.
inline runnel::credit::paths_shown ways_to(runnel::credit::origin const& from, std::size_t most) {
    return from.paths(most, {.looks = 256, .loops = runnel::credit::loops::cut});
}
inline std::string shown(web const& of, runnel::credit::path const& way) {
    if (way.nodes.size() == 1) return "its own, returned";
    std::string text;
    for (runnel::node_id const node : way.nodes) {
        if (!text.empty()) text += " → ";
        text += of.name(node);
    }
    return text;
}
inline std::string percent(runnel::credit::quanta part, runnel::credit::quanta of) {
    double const share = 100 * static_cast<double>(part) / static_cast<double>(of);
    return share < .5 ? "<1 %" : fmt::format("{:.0f} %", share);
}

namespace detail {

/// How many places on a line a text takes: continuation bytes of UTF-8 take none.
inline std::size_t columns(std::string_view text) {
    std::size_t n = 0;
    for (char const c : text) n += (static_cast<unsigned char>(c) & 0xC0) != 0x80;
    return n;
}
/// Cut or filled to a width.
inline std::string fitted(std::string_view text, std::size_t width) {
    std::string out;
    std::size_t n = 0;
    bool const cut = columns(text) > width;
    for (char const c : text) {
        bool const begins = (static_cast<unsigned char>(c) & 0xC0) != 0x80;
        if (begins && n == width - (cut ? 1 : 0)) break;
        n += begins;
        out += c;
    }
    if (cut) {
        out += "…";
        ++n;
    }
    return out + std::string(width - n, ' ');
}
/// Broken between words.
inline std::vector<std::string> lines_of(std::string_view text, std::size_t width) {
    std::vector<std::string> out(1);
    std::size_t used = 0;
    while (!text.empty()) {
        std::size_t const end = text.find_first_of(" \n\t");
        std::string_view const word = text.substr(0, end);
        text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
        if (word.empty()) continue;
        std::size_t const wide = columns(word);
        if (used != 0 && used + 1 + wide > width) {
            out.emplace_back();
            used = 0;
        }
        if (used != 0) {
            out.back() += ' ';
            ++used;
        }
        out.back() += word;
        used += wide;
    }
    return out;
}
inline constexpr std::size_t left_width = 36;
inline constexpr std::size_t right_width = 62;
/// On the right of the middle.
inline std::string beside(std::string_view left, std::string_view right) {
    std::string line = fitted(left, left_width) + "  " + std::string{right};
    while (!line.empty() && line.back() == ' ') line.pop_back();
    return line + "\n";
}

} // namespace detail

/// The strongest ways to a note, and what came otherwise, each line at most `width` wide.
inline std::vector<std::string> ways(
    web const& of, runnel::credit::origin const& from, std::size_t most, std::size_t width) {
    std::vector<std::string> out;
    if (from.total() == 0) return {"found by its words, joined to nothing that lit up"};
    auto shown_ways = ways_to(from, most);
    for (auto const& way : shown_ways.paths) {
        if (way.amount < from.total() / 100) { // what rounds to nothing says nothing
            shown_ways.rest += way.amount;
            continue;
        }
        auto lines = detail::lines_of(shown(of, way), width - 7);
        for (std::size_t i = 0; i < lines.size(); ++i)
            out.push_back(
                (i == 0 ? fmt::format("{:>5}  ", percent(way.amount, from.total()))
                        : std::string(7, ' '))
                + lines[i]);
    }
    if (shown_ways.rest != 0)
        out.push_back(fmt::format("{:>5}  otherwise", percent(shown_ways.rest, from.total())));
    return out;
}

/// `why(note)` is asked for each note found.
template <class Why> std::string shown(web const& of, answer const& found, method how, Why&& why) {
    using detail::beside;
    auto const score = [](double x) { return fmt::format("{:.3f}", x); };
    std::string out;
    if (how != method::stride && found.plain.empty() && found.found.empty())
        return "no word of the question stands in any note\n";
    if (how == method::bm25) {
        for (std::size_t i = 0; i < found.plain.size(); ++i)
            out += fmt::format(
                "{:>2} {}  {}\n", i + 1, detail::fitted(of.notes[found.plain[i].note].title, 40),
                score(found.plain[i].score));
        return out;
    }
    std::vector<std::string> left;
    if (how == method::both) {
        left.emplace_back("plain search (BM25)");
        for (std::size_t i = 0; i < found.plain.size(); ++i)
            left.push_back(fmt::format(
                "{:>2} {} {:>6.2f}", i + 1,
                detail::fitted(of.notes[found.plain[i].note].title, detail::left_width - 11),
                found.plain[i].score));
    }
    std::vector<std::string> right{
        how == method::both ? "   diffusion (+ is not on the left)" : ""};
    for (std::size_t i = 0; i < found.found.size(); ++i) {
        hit const& h = found.found[i];
        bool known = how != method::both;
        for (auto const& p : found.plain) known = known || p.note == h.note;
        right.push_back(fmt::format(
            "{:>2}{}{} {}", i + 1, known ? ' ' : '+',
            detail::fitted(of.notes[h.note].title, detail::right_width - 11),
            score(runnel::credit::in_units(h.received))));
        for (std::string const& way : ways(of, why(h.note), 2, detail::right_width - 3))
            right.push_back("   " + way);
    }
    for (std::size_t i = 0; i < std::max(left.size(), right.size()); ++i)
        if (how == method::both)
            out += beside(i < left.size() ? left[i] : "", i < right.size() ? right[i] : "");
        else if (i != 0)
            out += right[i] + "\n";
    return out;
}

/// One note, whole, and all that is known of why it came.
inline std::string explained(web const& of, std::size_t n, runnel::credit::origin const& from) {
    std::string out = of.notes[n].title + "\n";
    for (std::string const& line : detail::lines_of(of.notes[n].text, 97))
        out += "   " + line + "\n";
    if (from.total() == 0) return out + "\nno energy came here\n";
    out += fmt::format(
        "\nreceived {:.3f} of the 1 unit given: {} quanta, traced to\n",
        runnel::credit::in_units(from.total()), from.total());
    for (auto const& s : from.seeds())
        out += fmt::format("{:>8}  {}\n", percent(s.amount, from.total()), of.name(s.node));
    out += "\nand came by\n";
    for (std::string const& way : ways(of, from, 10, 97)) out += "   " + way + "\n";
    return out;
}

} // namespace ask
