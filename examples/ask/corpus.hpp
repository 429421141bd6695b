// SPDX-License-Identifier: MIT
// Notes and questions, out of files.
#pragma once

#include <algorithm>
#include <filesystem>
#include <sstream>
#include <string>
#include <string_view>
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
    for (std::size_t i = 1; i < notes.size(); ++i)
        if (notes[i].id == notes[i - 1].id)
            throw command::failure(from + ": two notes have the id " + notes[i].id);
    if (notes.empty()) throw command::failure(from + ": no notes there");
    return notes;
}
inline std::vector<note> notes_of(std::string const& all, std::string const& from) {
    std::vector<note> notes;
    each_line(all, [&](std::string const& line, std::size_t number) {
        auto const of = split(line, '\t');
        if (of.size() != 3 || of[0].empty())
            throw command::failure(
                from + ", line " + std::to_string(number)
                + ": a note is id, title and text between tabs");
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
/// Text files of a folder and those in it; the title is the first line where that is a heading, or the file's name.
inline std::vector<note> notes_in(std::filesystem::path const& folder) {
    namespace fs = std::filesystem;
    std::error_code wrong;
    if (!fs::is_directory(folder, wrong))
        throw command::failure(folder.string() + ": no such folder");
    std::vector<note> notes;
    for (auto const& entry :
         fs::recursive_directory_iterator(folder, fs::directory_options::skip_permission_denied)) {
        std::string const kind = entry.path().extension().string();
        if (!entry.is_regular_file() || (kind != ".txt" && kind != ".md" && kind != ".org"))
            continue;
        note one{
            fs::relative(entry.path(), folder).generic_string(), entry.path().stem().string(),
            command::contents(entry.path().string())};
        if (one.text.rfind("# ", 0) == 0) {
            std::size_t const end = one.text.find('\n');
            one.title = one.text.substr(2, end == std::string::npos ? end : end - 2);
        }
        notes.push_back(std::move(one));
    }
    return in_order(std::move(notes), folder.string());
}

} // namespace ask
