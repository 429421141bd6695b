// SPDX-License-Identifier: MIT
// From main to an exit code: 0 done, 1 the run failed, 2 the command line is wrong. Errors are one line on stderr.
#pragma once

#include <cerrno>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <exception>
#include <new>
#include <string>
#include <string_view>
#include <type_traits>

#include <runnel/version.hpp>

#include "failure.hpp"
#include "numbers.hpp"
#include "options.hpp"
#include "terminal.hpp"

namespace command {

/// What every program takes.
struct shared_options {
    bool quiet = false;
    std::uint32_t threads = 1;
    std::uint64_t seed_random = 0;

    [[nodiscard]] talk voice() const noexcept { return quiet ? talk::quiet : talk::yes; }
};
inline void add_shared(options& to, shared_options& all) {
    to.value(
        {"seed-random", "N", "what random draws grow from; same number, same run (default 0)"},
        all.seed_random);
    to.value(
        {"threads", "N", "how many may work; results do not depend on it (default 1)"},
        all.threads);
    to.flag({"quiet", "", "no notes and no progress on stderr"}, all.quiet);
}

namespace detail {
/// Whoever read our output has enough of it, as `head` does: nothing to complain of.
struct reader_left {};

[[noreturn]] inline void not_written() {
    if (errno == EPIPE) throw reader_left{};
    throw failure(
        std::string{"standard output: "}
        + (errno != 0 ? std::strerror(errno) : "cannot be written"));
}
} // namespace detail

/// Results, and nothing else, go here. What cannot be written ends the run.
inline void print(std::string_view text) {
    if (std::fwrite(text.data(), 1, text.size(), stdout) != text.size()) detail::not_written();
}
/// What was printed has arrived, or ends the run.
inline void flush() {
    errno = 0;
    if (std::fflush(stdout) != 0 || std::ferror(stdout) != 0) detail::not_written();
}
/// Notes go here, behind the results so far.
inline void note(talk how, std::string_view text) {
    if (how == talk::quiet) return;
    flush();
    std::fprintf(stderr, "%.*s\n", static_cast<int>(text.size()), text.data());
}

namespace detail {
inline int ended(options const& all, int code, std::string_view why) {
    std::fflush(stdout); // what is right comes before what went wrong
    std::fprintf(
        stderr, "%s %.*s\n", colours{stderr}.red(all.program() + ":").c_str(),
        static_cast<int>(why.size()), why.data());
    return code;
}
} // namespace detail

/// Parses, calls `body()`, which may return an exit code, and tells what went wrong.
template <class F> int run(options const& all, int argc, char const* const* argv, F&& body) {
    std::signal(SIGPIPE, SIG_IGN); // a reader that leaves is an error of the write
    try {
        int code = 0;
        switch (all.parse(argc, argv)) {
        case parsed::help:
            print(all.help([](std::string const& text) { return colours{stdout}.bold(text); }));
            break;
        case parsed::version:
            print(
                all.program() + " (runnel " + std::to_string(RUNNEL_VERSION_MAJOR) + "."
                + std::to_string(RUNNEL_VERSION_MINOR) + "." + std::to_string(RUNNEL_VERSION_PATCH)
                + ")\n");
            break;
        case parsed::run:
            if constexpr (std::is_void_v<decltype(body())>)
                body();
            else
                code = body();
        }
        flush();
        return code;
    } catch (detail::reader_left) { return exit_failed; } catch (wrong_usage const& wrong) {
        return detail::ended(all, exit_usage, wrong.what());
    } catch (std::bad_alloc const&) {
        return detail::ended(all, exit_failed, "out of memory");
    } catch (std::exception const& thrown) {
        return detail::ended(all, exit_failed, thrown.what());
    }
}

} // namespace command
