// SPDX-License-Identifier: MIT
// Notes and questions, out of files.
#pragma once

#include <algorithm>
#include <filesystem>
#include <sstream>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "../command/failure.hpp"
#include "../command/input.hpp"

namespace ask {

struct note {
    std::string id;
    std::string title;
    std::string text;
};
struct question {
    std::string id;
    std::string kind;
    std::string text;
    std::string answer;
    std::vector<std::string> gold; ///< ids of the notes it takes
};

inline std::vector<std::string> split(std::string_view line, char mark) {
    std::vector<std::string> out;
    for (;;) {
        std::size_t const end = line.find(mark);
        out.emplace_back(line.substr(0, end));
        if (end == std::string_view::npos) return out;
        line.remove_prefix(end + 1);
    }
}
/// Calls f(line, number) for each line that is not empty.
template <class F> void each_line(std::string const& all, F&& f) {
    std::istringstream in(all);
    std::size_t number = 0;
    for (std::string line; std::getline(in, line);) {
        ++number;
        if (!line.empty() && line.back() == '\r') line.pop_back();
        if (!line.empty()) f(line, number);
    }
}
/// Sorted by id, so that the order of lines or files changes nothing.
inline std::vector<note> in_order(std::vector<note> notes, std::string const& from) {
    std::sort(notes.begin(), notes.end(), [](note const& a, note const& b) { return a.id < b.id; });
    if (notes.empty()) throw command::failure(from + ": no notes there");
    return notes;
}
inline std::vector<note> notes_of(std::string const& all, std::string const& from) {
    std::vector<note> notes;
    std::unordered_map<std::string, std::size_t> line_of;
    each_line(all, [&](std::string const& line, std::size_t number) {
        auto const of = split(line, '\t');
        if (of.size() != 3 || of[0].empty())
            throw command::failure(
                from + ", line " + std::to_string(number)
                + ": a note is id, title and text between tabs");
        auto const [first, fresh] = line_of.emplace(of[0], number);
        if (!fresh)
            throw command::failure(
                from + ", line " + std::to_string(number) + ": line "
                + std::to_string(first->second) + " has the id " + command::quoted(of[0]) + " too");
        notes.push_back({of[0], of[1], of[2]});
    });
    return in_order(std::move(notes), from);
}
inline std::vector<question> questions_of(std::string const& all, std::string const& from) {
    std::vector<question> out;
    each_line(all, [&](std::string const& line, std::size_t number) {
        auto const of = split(line, '\t');
        if (of.size() != 5 || of[2].empty() || of[4].empty())
            throw command::failure(
                from + ", line " + std::to_string(number)
                + ": a question is id, kind, question, answer and ids of notes between tabs");
        out.push_back({of[0], of[1], of[2], of[3], split(of[4], ',')});
    });
    if (out.empty()) throw command::failure(from + ": no questions there");
    return out;
}
/// What a folder has that is no note.
struct left_out {
    std::size_t not_text = 0; ///< files with a byte 0, as no text has
    std::size_t empty = 0;    ///< without a letter
    std::size_t unreadable = 0;
};

/// Text files (.txt, .md, .markdown, .org, whatever their case) of a folder and those in it; what begins with a dot is not
/// looked at, nor folders that are links. The title is a heading in the first line, or the file's name.
inline std::vector<note> notes_in(std::filesystem::path const& folder, left_out& none) {
    namespace fs = std::filesystem;
    std::error_code wrong;
    if (!fs::is_directory(folder, wrong))
        throw command::failure(command::visible(folder.string()) + ": no such folder");
    auto const is_note = [](fs::path const& path) {
        std::string kind = path.extension().string();
        for (char& c : kind)
            if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
        return kind == ".txt" || kind == ".md" || kind == ".markdown" || kind == ".org";
    };
    std::vector<note> notes;
    fs::recursive_directory_iterator at(
        folder, fs::directory_options::skip_permission_denied, wrong);
    if (wrong) throw command::failure(command::visible(folder.string()) + ": " + wrong.message());
    for (; at != fs::recursive_directory_iterator{}; at.increment(wrong)) {
        if (wrong)
            throw command::failure(command::visible(folder.string()) + ": " + wrong.message());
        fs::path const& path = at->path();
        if (path.filename().string().starts_with('.')) {
            at.disable_recursion_pending();
            continue;
        }
        if (!at->is_regular_file(wrong) || !is_note(path)) continue;
        note one{path.lexically_relative(folder).generic_string(), path.stem().string(), {}};
        try {
            one.text = command::contents(path.string());
        } catch (command::failure const&) {
            ++none.unreadable;
            continue;
        }
        if (one.text.find('\0') != std::string::npos) {
            ++none.not_text;
            continue;
        }
        if (one.text.find_first_not_of(" \t\r\n") == std::string::npos) {
            ++none.empty;
            continue;
        }
        std::size_t const begin = one.text.find_first_not_of("\r\n");
        std::string_view const first =
            std::string_view{one.text}.substr(begin, one.text.find_first_of("\r\n", begin) - begin);
        for (std::string_view const mark : {"# ", "#+TITLE: ", "#+title: "})
            if (first.starts_with(mark)) one.title = first.substr(mark.size());
        notes.push_back(std::move(one));
    }
    return in_order(std::move(notes), command::visible(folder.string()));
}

} // namespace ask
