// SPDX-License-Identifier: MIT
// room: io. Lines out of chunks.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include <runnel/core/result.hpp>
#include <runnel/io/faults.hpp>

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

[[nodiscard]] constexpr bool is_blank(char c) noexcept { return c == ' ' || c == '\t'; }
[[nodiscard]] constexpr std::string_view without_blanks_before(std::string_view text) noexcept {
    std::size_t blanks = 0;
    while (blanks < text.size() && is_blank(text[blanks])) ++blanks;
    return text.substr(blanks);
}
[[nodiscard]] constexpr std::string_view trimmed(std::string_view text) noexcept {
    text = without_blanks_before(text);
    while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
    return text;
}

/// Cuts what comes in any pieces into lines, without their ends (\n or \r\n) and without a UTF-8 byte-order mark; counts
/// them from 1. What is no text in UTF-8 for certain is a fault of its first line; a line without an end in sight is one
/// before it fills the memory.
class lines {
public:
    static constexpr std::size_t longest = std::size_t{1} << 20;

    /// Calls f(line, number), a status, for every line that has ended.
    template <class F> [[nodiscard]] status take(std::string_view chunk, F&& f) {
        while (!chunk.empty()) {
            std::size_t const end = chunk.find('\n');
            if (end == std::string_view::npos) {
                begun_.append(chunk);
                return begun_.size() > longest ? hand(begun_, f) : status{};
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
        if (number_++ == 0) {
            if (line.substr(0, 2) == "\x1F\x8B")
                return at_line(faults::compressed, 1, "bytes 1f 8b");
            if (line.substr(0, 2) == "\xFF\xFE" || line.substr(0, 2) == "\xFE\xFF")
                return at_line(faults::other_encoding, 1, "a byte-order mark");
            if (line.substr(0, 3) == "\xEF\xBB\xBF") line.remove_prefix(3);
        }
        if (line.size() > longest) return at_line(faults::line_too_long, number_, line);
        if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
        return f(line, number_);
    }
    std::string begun_;
    std::uint64_t number_ = 0;
};

/// Lines up to the first fault, which is kept: after it nothing is looked at.
class lines_to_fault {
public:
    /// A fault of the settings is the first of all.
    explicit lines_to_fault(status settings) : so_far_(settings) {}

    template <class F> [[nodiscard]] status take(std::string_view chunk, F&& f) {
        if (so_far_) so_far_ = lines_.take(chunk, f);
        return so_far_;
    }
    template <class F> [[nodiscard]] status finish(F&& f) {
        if (so_far_) so_far_ = lines_.finish(f);
        return so_far_;
    }
    [[nodiscard]] std::uint64_t number() const noexcept { return lines_.number(); }

private:
    lines lines_;
    status so_far_;
};

} // namespace runnel::io::detail
