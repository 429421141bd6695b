// SPDX-License-Identifier: MIT
// room: io. Where bytes come from: any callable that hands them over chunk by chunk.
//
// Why:  a file, a pipe, a compressed file and a socket differ in nothing a reader wants to know. What needs another
//       library (gzip: interop/zlib.hpp) is a source like any other.
// Laws: a chunk lasts until the next is asked for; an empty one is the end. Asked again, a source that has ended or broken off
//       says the same.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdio>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <runnel/core/result.hpp>
#include <runnel/io/faults.hpp>

namespace runnel::io {

template <class Source>
concept chunk_source = requires(Source& source) {
    { source() } -> std::same_as<result<std::string_view>>;
};

namespace detail {
/// Of a path too long to be told, the end.
[[nodiscard]] inline fault of_path(fault_kind what, std::string_view path) noexcept {
    constexpr std::size_t most = runnel::detail::short_text::capacity;
    if (path.size() <= most) return fault{what, path};
    char cut[most] = {'.', '.', '.'};
    std::string_view const tail = path.substr(path.size() - (most - 3));
    static_cast<void>(runnel::detail::append(cut, most, 3, tail));
    return fault{what, std::string_view{cut, most}};
}
} // namespace detail

/// A file, opened by its path or by you.
class file_source {
public:
    static constexpr std::size_t chunk = std::size_t{1} << 18;

    [[nodiscard]] static result<file_source> open(std::string const& path) {
        std::vector<char> room(chunk); // before the file is open: it may throw
        std::FILE* const file = std::fopen(path.c_str(), "rb");
        if (file == nullptr) return detail::of_path(faults::cannot_open, path);
        file_source opened{file, std::move(room)};
        opened.owned_ = true;
        return opened;
    }
    /// It stays yours: stdin, say.
    explicit file_source(std::FILE* file) : file_source(file, std::vector<char>(chunk)) {}
    file_source(file_source&& other) noexcept
        : file_(std::exchange(other.file_, nullptr)),
          owned_(std::exchange(other.owned_, false)),
          room_(std::move(other.room_)) {}
    file_source& operator=(file_source&& other) noexcept {
        std::swap(file_, other.file_);
        std::swap(owned_, other.owned_);
        std::swap(room_, other.room_);
        return *this;
    }
    ~file_source() {
        if (owned_) static_cast<void>(std::fclose(file_));
    }

    [[nodiscard]] result<std::string_view> operator()() {
        if (file_ == nullptr) return fault{faults::cannot_read};
        std::size_t const got = std::fread(room_.data(), 1, room_.size(), file_);
        if (got < room_.size() && std::ferror(file_) != 0) return fault{faults::cannot_read};
        return std::string_view{room_.data(), got};
    }

private:
    file_source(std::FILE* file, std::vector<char> room) noexcept
        : file_(file), room_(std::move(room)) {}
    std::FILE* file_;
    bool owned_ = false;
    std::vector<char> room_;
};

} // namespace runnel::io
