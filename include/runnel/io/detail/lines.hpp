// SPDX-License-Identifier: MIT
// room: io. Lines out of chunks, columns out of lines.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include <runnel/core/result.hpp>

namespace runnel::io::detail {

/// Where a line is at fault: "line 12: a b x".
[[nodiscard]] inline fault at_line(
    fault_kind what, std::uint64_t number, std::string_view text) noexcept {
    using runnel::detail::short_text;
    short_text const where = short_text::joined("line ", number, ": ");
    char whole[short_text::capacity * 2]{};
    std::size_t used = runnel::detail::append(whole, sizeof whole, 0, where.view());
    used = runnel::detail::append(whole, sizeof whole, used, short_text{text}.view());
    return fault{what, std::string_view{whole, used}};
}

/// Cuts what comes in any pieces into lines, without their ends; counts them from 1.
class lines {
public:
    /// Calls f(line, number), a status, for every line that has ended.
    template <class F> [[nodiscard]] status take(std::string_view chunk, F&& f) {
        while (!chunk.empty()) {
            std::size_t const end = chunk.find('\n');
            if (end == std::string_view::npos) {
                begun_.append(chunk);
                return {};
            }
            std::string_view line = chunk.substr(0, end);
            if (!begun_.empty()) {
                begun_.append(line);
                line = begun_;
            }
            auto const ok = hand(line, f);
            begun_.clear();
            if (!ok) return ok;
            chunk.remove_prefix(end + 1);
        }
        return {};
    }
    /// The last line may have no end.
    template <class F> [[nodiscard]] status finish(F&& f) {
        if (begun_.empty()) return {};
        auto const ok = hand(begun_, f);
        begun_.clear();
        return ok;
    }
    [[nodiscard]] std::uint64_t number() const noexcept { return number_; }

private:
    template <class F> [[nodiscard]] status hand(std::string_view line, F&& f) {
        ++number_;
        if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
        return f(line, number_);
    }
    std::string begun_;
    std::uint64_t number_ = 0;
};

/// The columns of a line: between tabs where there is one, so that names may have blanks; else between commas; else
/// between blanks.
class columns {
public:
    static constexpr std::size_t most = 5; // one more than anybody wants, to see that it is there

    explicit columns(std::string_view line) noexcept {
        char const mark = line.find('\t') != std::string_view::npos  ? '\t'
                          : line.find(',') != std::string_view::npos ? ','
                                                                     : ' ';
        while (count_ < most) {
            if (mark == ' ') line = without_blanks_before(line);
            if (line.empty() && (mark == ' ' || count_ == 0)) break;
            std::size_t const end = line.find(mark);
            at_[count_++] = trimmed(line.substr(0, end));
            if (end == std::string_view::npos) break;
            line.remove_prefix(end + 1);
        }
    }
    [[nodiscard]] std::size_t size() const noexcept { return count_; }
    [[nodiscard]] std::string_view operator[](std::size_t i) const noexcept { return at_[i]; }

    [[nodiscard]] static std::string_view trimmed(std::string_view text) noexcept {
        text = without_blanks_before(text);
        while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
        return text;
    }

private:
    [[nodiscard]] static bool is_blank(char c) noexcept { return c == ' ' || c == '\t'; }
    [[nodiscard]] static std::string_view without_blanks_before(std::string_view text) noexcept {
        while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
        return text;
    }
    std::string_view at_[most];
    std::size_t count_ = 0;
};

} // namespace runnel::io::detail
