// SPDX-License-Identifier: MIT
// Answers for people: two columns, and under each note the ways its energy came.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
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
    return from.paths(most, {.looks = 256, .loops = runnel::credit::loops::cut, .least = .002});
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
/// Shares of a whole in whole percents that sum to 100: the largest remainders are rounded up.
inline std::vector<std::string> percents(
    std::vector<runnel::credit::quanta> const& parts, runnel::credit::quanta whole) {
    std::vector<int> shown;
    std::vector<std::pair<double, std::size_t>> remainders;
    int left = 100;
    for (std::size_t i = 0; i < parts.size(); ++i) {
        double const share = 100 * static_cast<double>(parts[i]) / static_cast<double>(whole);
        shown.push_back(static_cast<int>(share));
        left -= shown.back();
        remainders.emplace_back(shown.back() - share, i); // the largest first
    }
    std::sort(remainders.begin(), remainders.end());
    for (auto const& [rest, i] : remainders)
        if (left-- > 0) ++shown[i];
    std::vector<std::string> out;
    for (std::size_t i = 0; i < parts.size(); ++i)
        out.push_back(shown[i] == 0 && parts[i] > 0 ? "<1 %" : fmt::format("{} %", shown[i]));
    return out;
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
/// On the right of the middle.
inline std::string beside(std::string_view left, std::string_view right, std::size_t left_width) {
    std::string line = fitted(left, left_width) + "  " + std::string{right};
    while (!line.empty() && line.back() == ' ') line.pop_back();
    return line + "\n";
}

} // namespace detail

/// The strongest ways to a note, and what came otherwise, each line at most `width` wide.
inline std::vector<std::string> ways(
    web const& of, runnel::credit::origin const& from, std::size_t most, std::size_t width) {
    if (from.total() == 0) return {"found by its words, joined to nothing that lit up"};
    auto const all = ways_to(from, most);
    std::vector<runnel::credit::quanta> amounts;
    std::vector<std::string> texts;
    runnel::credit::quanta rest = all.rest;
    for (auto const& way : all.paths)
        if (way.amount < from.total() / 100) { // what rounds to nothing says nothing
            rest += way.amount;
        } else {
            amounts.push_back(way.amount);
            texts.push_back(shown(of, way));
        }
    if (rest != 0) {
        amounts.push_back(rest);
        texts.emplace_back("otherwise");
    }
    auto const shares = percents(amounts, from.total());
    std::vector<std::string> out;
    for (std::size_t w = 0; w < texts.size(); ++w) {
        auto const lines = detail::lines_of(texts[w], width - 7);
        for (std::size_t i = 0; i < lines.size(); ++i)
            out.push_back(
                (i == 0 ? fmt::format("{:>5}  ", shares[w]) : std::string(7, ' ')) + lines[i]);
    }
    return out;
}

/// The sentence of a note that is nearest to the question; of equally near ones the first.
inline std::string nearest_sentence(web const& of, std::size_t n, std::string_view question) {
    std::string_view const text = of.notes[n].text;
    auto const wanted = of.meaning(terms_of(question, of.words));
    std::string_view best;
    float nearest = -2;
    for (std::size_t from = 0; from < text.size();) {
        std::size_t end = from;
        while (end < text.size()
               && !(
                   (text[end] == '.' || text[end] == '!' || text[end] == '?')
                   && (end + 1 == text.size() || text[end + 1] == ' ' || text[end + 1] == '\n'))
               && text.substr(end, 2) != "\n\n")
            ++end;
        end = std::min(end + 1, text.size());
        std::string_view const one = text.substr(from, end - from);
        auto const has = of.meaning(terms_of(one, of.words));
        float near = 0;
        for (std::size_t d = 0; d < has.size(); ++d) near += has[d] * wanted[d];
        if (near > nearest && one.find_first_not_of(" \t\r\n") != std::string_view::npos) {
            nearest = near;
            best = one;
        }
        from = end;
    }
    std::string out;
    for (std::string const& line : detail::lines_of(best.substr(0, 400), 400)) out += line;
    return command::visible(out);
}

/// `why(note)` is asked for each note found. Two columns where `width` has room for them, else one below the other.
template <class Why>
std::string shown(
    web const& of, std::string_view question, answer const& found, method how, std::size_t width,
    Why&& why) {
    constexpr std::size_t narrow = 72;
    bool const columns = how == method::both && width >= narrow;
    std::size_t const left_width = columns ? (width - 2) * 36 / 98 : width;
    std::size_t const right_width = columns ? width - 2 - left_width : width;
    if (found.plain.empty() && found.found.empty())
        return "no word of the question stands in any note\n";
    std::vector<std::string> left;
    if (how == method::both) left.emplace_back("plain search (BM25)");
    for (std::size_t i = 0; i < found.plain.size() && how != method::stride; ++i)
        left.push_back(fmt::format(
            "{:>2} {} {:>6.2f}", i + 1,
            detail::fitted(of.title(found.plain[i].note), left_width - 11), found.plain[i].score));
    std::vector<std::string> right;
    if (how == method::both)
        right.emplace_back(columns ? "   diffusion (+ is not on the left)" : "diffusion");
    for (std::size_t i = 0; i < found.found.size() && how != method::bm25; ++i) {
        hit const& h = found.found[i];
        bool known = how != method::both;
        for (auto const& p : found.plain) known = known || p.note == h.note;
        right.push_back(fmt::format(
            "{:>2}{}{} {:.3f}", i + 1, known ? ' ' : '+',
            detail::fitted(of.title(h.note), right_width - 9),
            runnel::credit::in_units(h.received)));
        auto said = detail::lines_of(nearest_sentence(of, h.note, question), right_width - 3);
        if (said.size() > 2) {
            said.resize(2);
            said[1] += " …";
        }
        for (std::string const& line : said) right.push_back("   " + line);
        for (std::string const& way : ways(of, why(h.note), 2, right_width - 3))
            right.push_back("   " + way);
    }
    std::string out;
    if (!columns) {
        for (auto const* part : {&left, &right})
            for (std::string const& line : *part) out += line + "\n";
        return out;
    }
    for (std::size_t i = 0; i < std::max(left.size(), right.size()); ++i)
        out += detail::beside(
            i < left.size() ? left[i] : "", i < right.size() ? right[i] : "", left_width);
    return out;
}

/// One note, and all that is known of why it came.
inline std::string explained(
    web const& of, std::size_t n, runnel::credit::origin const& from, std::size_t width) {
    constexpr std::size_t most_lines = 20;
    std::string out = of.title(n) + "\n";
    // No more of a long text than is shown is broken into lines.
    std::string_view const text = std::string_view{of.notes[n].text}.substr(0, most_lines * width);
    auto lines = detail::lines_of(text, width - 3);
    bool const cut = lines.size() > most_lines || text.size() < of.notes[n].text.size();
    if (lines.size() > most_lines) lines.resize(most_lines);
    if (cut) lines.emplace_back("...");
    for (std::string const& line : lines) out += "   " + command::visible(line) + "\n";
    if (from.total() == 0) return out + "\nno energy came here\n";
    out += fmt::format(
        "\nreceived {:.3f} units in all, of 1 that was given (what passes twice counts twice): {} "
        "quanta, traced to\n",
        runnel::credit::in_units(from.total()), from.total());
    std::vector<runnel::credit::quanta> amounts;
    for (auto const& s : from.seeds()) amounts.push_back(s.amount);
    auto const shares = percents(amounts, from.total());
    for (std::size_t i = 0; i < shares.size(); ++i)
        out += fmt::format("{:>8}  {}\n", shares[i], of.name(from.seeds()[i].node));
    out += "\nand came by\n";
    for (std::string const& way : ways(of, from, 10, width - 3)) out += "   " + way + "\n";
    return out;
}

} // namespace ask
