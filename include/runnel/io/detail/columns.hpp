// SPDX-License-Identifier: MIT
// room: io. Columns out of lines.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include <runnel/io/detail/lines.hpp>

namespace runnel::io::detail {

/// What stands between columns: tabs where there is one, so that names may have blanks and commas; else commas; else
/// runs of blanks.
enum class mark : char { tab = '\t', comma = ',', blank = ' ' };

[[nodiscard]] constexpr mark mark_of(std::string_view line) noexcept {
    line = trimmed(line);
    return line.find('\t') != std::string_view::npos  ? mark::tab
           : line.find(',') != std::string_view::npos ? mark::comma
                                                      : mark::blank;
}

/// The columns of one line after the other.
class columns {
public:
    static constexpr std::size_t most = 5; // one more than anybody wants, to see that it is there

    /// They last until the next line, or as long as the line. False: a quote is at fault.
    [[nodiscard]] bool split(std::string_view line, mark between) {
        count_ = 0;
        if (between == mark::blank) {
            split_at_blanks(line);
            return true;
        }
        if (between == mark::comma && line.find('"') != std::string_view::npos)
            return split_quoted(line);
        // A column is a few letters: a loop is done before a search of the library has begun.
        char const* at = line.data();
        char const* const end = at + line.size();
        for (;;) {
            char const* const first = at;
            while (at != end && *at != static_cast<char>(between)) ++at;
            at_[count_++] = trimmed({first, static_cast<std::size_t>(at - first)});
            if (at == end || count_ == most) return true;
            ++at;
        }
    }
    [[nodiscard]] std::size_t size() const noexcept { return count_; }
    [[nodiscard]] std::string_view operator[](std::size_t i) const noexcept { return at_[i]; }

private:
    [[nodiscard]] bool split_quoted(std::string_view line) {
        for (;;) {
            line = without_blanks_before(line);
            bool const quoted = !line.empty() && line.front() == '"';
            if (quoted && !take_quoted(line)) return false;
            std::size_t const end = line.find(',');
            if (!quoted) at_[count_] = trimmed(line.substr(0, end));
            ++count_;
            if (end == std::string_view::npos || count_ == most) return true;
            line.remove_prefix(end + 1);
        }
    }
    void split_at_blanks(std::string_view line) noexcept {
        char const* at = line.data();
        char const* const end = at + line.size();
        while (count_ < most) {
            while (at != end && is_blank(*at)) ++at;
            if (at == end) return;
            char const* const first = at;
            while (at != end && !is_blank(*at)) ++at;
            at_[count_++] = {first, static_cast<std::size_t>(at - first)};
        }
    }
    /// RFC 4180, within a line: what stands between the quotes, as it is. Leaves what comes after them.
    [[nodiscard]] bool take_quoted(std::string_view& line) {
        std::string& doubled = unquoted_[count_];
        doubled.clear();
        line.remove_prefix(1);
        for (;;) {
            std::size_t const end = line.find('"');
            if (end == std::string_view::npos) return false;
            std::string_view const part = line.substr(0, end);
            line.remove_prefix(end + 1);
            if (!line.empty() && line.front() == '"') {
                doubled.append(part);
                doubled += '"';
                line.remove_prefix(1);
                continue;
            }
            at_[count_] = part;
            if (!doubled.empty()) {
                doubled.append(part);
                at_[count_] = doubled;
            }
            line = without_blanks_before(line);
            return line.empty() || line.front() == ',';
        }
    }

    std::string_view at_[most];
    std::size_t count_ = 0;
    std::string unquoted_[most];
};

} // namespace runnel::io::detail
