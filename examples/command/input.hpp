// SPDX-License-Identifier: MIT
// Files as they come: plain, compressed where zlib is there, or standard input. What goes wrong is told with the file.
#pragma once

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

#include <runnel/io/source.hpp>
#ifdef RUNNEL_WITH_ZLIB
#    include <runnel/interop/zlib.hpp>
#endif

#include "failure.hpp"

namespace command {

#ifdef RUNNEL_WITH_ZLIB
using input = runnel::interop::gunzip<runnel::io::file_source>;
#else
using input = runnel::io::file_source;
#endif

/// For what is told of it.
[[nodiscard]] inline std::string file_name(std::string const& path) {
    return path == "-" ? "standard input" : visible(path);
}

/// `-` is standard input.
inline input opened(std::string const& path) {
    std::error_code ignored;
    if (path != "-" && std::filesystem::is_directory(path, ignored))
        throw failure(file_name(path) + ": is a folder");
#ifndef RUNNEL_WITH_ZLIB
    if (std::string_view{path}.ends_with(".gz"))
        throw failure(
            file_name(path)
            + ": this program was built without zlib; unpack it first (zcat FILE | ... -)");
#endif
    errno = 0;
    auto file = path == "-"
                    ? runnel::result<runnel::io::file_source>{runnel::io::file_source{stdin}}
                    : runnel::io::file_source::open(path);
    if (!file)
        throw failure(
            file_name(path) + ": " + (errno != 0 ? std::strerror(errno) : "cannot be opened"));
    return input{std::move(*file)};
}

/// All of it, a byte-order mark left out.
inline std::string contents(std::string const& path) {
    std::string all;
    for (input from = opened(path);;) {
        auto const chunk = from();
        if (!chunk) throw failure(file_name(path) + ": " + sentence_of(chunk.error()));
        if (chunk->empty()) {
            if (all.starts_with("\xEF\xBB\xBF")) all.erase(0, 3);
            return all;
        }
        all += *chunk;
    }
}

} // namespace command
