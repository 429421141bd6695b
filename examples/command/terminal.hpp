// SPDX-License-Identifier: MIT
// What a program shows to a person: progress while they wait, colour where it is wanted.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

#include <sys/ioctl.h>
#include <unistd.h>

namespace command {

[[nodiscard]] inline bool is_terminal(std::FILE* stream) { return isatty(fileno(stream)) == 1; }

/// Columns of a line: of the terminal, within reason; 100 where there is none.
[[nodiscard]] inline std::size_t width(std::FILE* stream) {
    constexpr std::size_t usual = 100;
    constexpr std::size_t least = 48;
    constexpr std::size_t most = 140;
    winsize size{};
    if (!is_terminal(stream) || ioctl(fileno(stream), TIOCGWINSZ, &size) != 0 || size.ws_col == 0)
        return usual;
    return size.ws_col < least ? least : size.ws_col > most ? most : size.ws_col;
}

/// Bold and red, on a terminal that has them, unless NO_COLOR is set to anything.
class colours {
public:
    explicit colours(std::FILE* stream) {
        char const* const refused = std::getenv("NO_COLOR");
        char const* const kind = std::getenv("TERM");
        on_ = is_terminal(stream) && (refused == nullptr || *refused == '\0')
              && (kind == nullptr || std::string_view{kind} != "dumb");
    }
    [[nodiscard]] std::string bold(std::string_view text) const { return dressed("1", text); }
    [[nodiscard]] std::string red(std::string_view text) const { return dressed("31", text); }

private:
    [[nodiscard]] std::string dressed(std::string_view code, std::string_view text) const {
        if (!on_) return std::string{text};
        return "\x1b[" + std::string{code} + "m" + std::string{text} + "\x1b[0m";
    }
    bool on_ = false;
};

enum class talk : bool { yes, quiet };

/// One line on stderr that is written over, ten times a second at most, and gone at the end. Where stderr is no terminal,
/// nothing.
class progress {
public:
    explicit progress(talk how) : on_(how == talk::yes && is_terminal(stderr)) {}
    progress(progress const&) = delete;
    progress& operator=(progress const&) = delete;
    ~progress() { clear(); }

    /// `shown([&] { return text; })`: the text is only made when it is time.
    template <class F> void show(F&& text) {
        if (!on_) return;
        auto const now = std::chrono::steady_clock::now();
        if (shown_ && now - last_ < std::chrono::milliseconds{100}) return;
        last_ = now;
        shown_ = true;
        std::string const line = text();
        std::fprintf(stderr, "\r\x1b[K%s", line.c_str());
        std::fflush(stderr);
    }
    /// Before anything else is written to stderr.
    void clear() {
        if (!shown_) return;
        std::fputs("\r\x1b[K", stderr);
        std::fflush(stderr);
        shown_ = false;
    }

private:
    bool on_;
    bool shown_ = false;
    std::chrono::steady_clock::time_point last_{};
};

} // namespace command
