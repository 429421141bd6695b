// SPDX-License-Identifier: MIT
// Files that are written: what goes wrong is told with the file, and nothing is thought written that is not.
#pragma once

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

#include <runnel/io/json_lines.hpp>

#include "failure.hpp"

namespace command {

class output {
public:
    explicit output(std::string path) : path_(std::move(path)) {
        errno = 0;
        file_ = std::fopen(path_.c_str(), "wb");
        if (file_ == nullptr) fail();
    }
    output(output const&) = delete;
    output& operator=(output const&) = delete;
    ~output() {
        if (file_ != nullptr) std::fclose(file_);
    }
    void write(std::string_view text) {
        errno = 0;
        if (std::fwrite(text.data(), 1, text.size(), file_) != text.size()) fail();
    }
    /// Only what was closed is written.
    void close() {
        errno = 0;
        if (std::fclose(std::exchange(file_, nullptr)) != 0) fail();
    }
    [[noreturn]] void fail() const {
        throw failure(
            visible(path_) + ": " + (errno != 0 ? std::strerror(errno) : "cannot be written"));
    }
    [[nodiscard]] std::FILE* file() const noexcept { return file_; }

private:
    std::string path_;
    std::FILE* file_ = nullptr;
};

/// A file that is read is not written over.
inline void apart(std::string const& option, std::string const& out, std::string const& in) {
    std::error_code none;
    if (!out.empty() && !in.empty() && std::filesystem::equivalent(out, in, none))
        throw wrong_usage(option + ": " + command::quoted(out) + " is what is read");
}

/// Where events go, one a line.
class event_file {
public:
    explicit event_file(std::string path) : file_(std::move(path)), lines_(file_.file()) {}

    [[nodiscard]] runnel::io::json_lines& lines() noexcept { return lines_; }
    void close() {
        if (!lines_.finish()) file_.fail();
        file_.close();
    }

private:
    output file_;
    runnel::io::json_lines lines_;
};

} // namespace command
