// SPDX-License-Identifier: MIT
// What ends a program early: one line for whoever called it, and an exit code.
#pragma once

#include <stdexcept>
#include <string>
#include <string_view>

#include <runnel/core/result.hpp>

namespace command {

inline constexpr int exit_failed = 1; ///< the run failed: a file, the network, the disk
inline constexpr int exit_usage = 2;  ///< the command line is wrong: nothing was begun

/// The run failed. The line names file, line and reason.
struct failure : std::runtime_error {
    using std::runtime_error::runtime_error;
};
/// The command line is wrong.
struct wrong_usage : std::runtime_error {
    using std::runtime_error::runtime_error;
};

/// What was typed or read, as one harmless line: a terminal is not to obey it.
inline std::string visible(std::string_view text) {
    std::string shown(text.size() * 4, '\0');
    shown.resize(runnel::detail::append_visibly(shown.data(), shown.size(), 0, text));
    return shown;
}
inline std::string quoted(std::string_view text) {
    std::string shown{'\''};
    return shown.append(visible(text)).append(1, '\'');
}
/// "sentence: 'offender'", without the code, which is for programs.
inline std::string sentence_of(runnel::fault const& what) {
    std::string line{what.sentence()};
    if (!what.offender().empty()) line += ": " + quoted(what.offender());
    return line;
}

} // namespace command
