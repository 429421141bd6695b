// SPDX-License-Identifier: MIT
// room: interop. Compressed files for the readers of io: gzip, where zlib is there.
//
//     auto const g = runnel::interop::read_graph("links.tsv.gz").value();
//
// Why:  lists of links are handed round compressed; the library itself shall not need zlib. Without <zlib.h> this header
//       declares nothing; a program that
//       includes it links ZLIB::ZLIB.
// Laws: what is not compressed passes unchanged. Of what is, the text is checked against the sums in the file, members
//       in a row are one text, and a file that is cut off, damaged or goes on with something else is the fault io.corrupt;
//       chunks handed over before are of no use then, and a reader that is not finished has made nothing of them.
#pragma once

#if __has_include(<zlib.h>)

#    include <cstddef>
#    include <memory>
#    include <new>
#    include <string>
#    include <string_view>
#    include <utility>
#    include <vector>

#    include <zlib.h>

#    include <runnel/core/result.hpp>
#    include <runnel/io/faults.hpp>
#    include <runnel/io/read.hpp>
#    include <runnel/io/source.hpp>

namespace runnel::interop {

/// A source over a source: `gunzip{io::file_source{stdin}}`.
template <io::chunk_source Source> class gunzip {
public:
    static constexpr std::size_t chunk = std::size_t{1} << 18;

    explicit gunzip(Source from) : from_(std::move(from)) {}

    [[nodiscard]] result<std::string_view> operator()() {
        if (!so_far_) return so_far_.error();
        auto const given = next();
        if (!given) so_far_ = given.error();
        return given;
    }

private:
    enum class kind : unsigned char { unknown, plain, packed };
    struct end {
        void operator()(z_stream* stream) const noexcept {
            static_cast<void>(inflateEnd(stream));
            delete stream;
        }
    };

    [[nodiscard]] result<std::string_view> next() {
        if (kind_ == kind::unknown) {
            if (auto const ok = look(); !ok) return ok.error();
        }
        if (kind_ == kind::plain) {
            if (start_.empty()) return from_();
            room_.swap(start_);
            start_.clear();
            return std::string_view{room_.data(), room_.size()};
        }
        return unpacked();
    }
    /// The first two bytes tell; a source may hand over one at a time.
    [[nodiscard]] status look() {
        while (start_.size() < 2) {
            auto const more = from_();
            if (!more) return more.error();
            if (more->empty()) break;
            start_.insert(start_.end(), more->begin(), more->end());
        }
        std::string_view const start{start_.data(), start_.size()};
        kind_ = start.substr(0, 2) == "\x1F\x8B" ? kind::packed : kind::plain;
        if (kind_ == kind::plain) return {};
        room_.resize(chunk);
        std::unique_ptr<z_stream> fresh{new z_stream{}};
        if (inflateInit2(fresh.get(), 15 + 16) != Z_OK) out_of_memory();
        stream_.reset(fresh.release());
        in_ = start;
        return {};
    }
    [[nodiscard]] result<std::string_view> unpacked() {
        fault const corrupt{io::faults::corrupt};
        stream_->next_out = reinterpret_cast<Bytef*>(room_.data());
        stream_->avail_out = static_cast<uInt>(room_.size());
        while (stream_->avail_out != 0) {
            if (in_.empty()) {
                auto const more = from_();
                if (!more) return more.error();
                if (more->empty()) {
                    if (!between_) return corrupt; // cut off
                    break;
                }
                in_ = *more;
            }
            if (between_) { // another member, or an end
                if (inflateReset(stream_.get()) != Z_OK) return corrupt;
                between_ = false;
            }
            constexpr std::size_t most = std::size_t{1} << 30; // uInt may be narrow
            std::size_t const offered = in_.size() < most ? in_.size() : most;
            // zlib writes to nothing behind next_in; its older declarations do not say so.
            stream_->next_in = reinterpret_cast<Bytef*>(const_cast<char*>(in_.data()));
            stream_->avail_in = static_cast<uInt>(offered);
            int const told = inflate(stream_.get(), Z_NO_FLUSH);
            in_.remove_prefix(offered - stream_->avail_in);
            if (told == Z_MEM_ERROR) out_of_memory();
            if (told == Z_STREAM_END)
                between_ = true;
            else if (told != Z_OK)
                return corrupt;
        }
        return std::string_view{room_.data(), room_.size() - stream_->avail_out};
    }

    /// Asks for more than there is, so that it fails as any other request does.
    static void out_of_memory() { static_cast<void>(::operator new (~std::size_t{0} / 2)); }

    Source from_;
    status so_far_;
    kind kind_ = kind::unknown;
    bool between_ = false;    // a member has ended and none has begun
    std::vector<char> start_; // no string: its letters would move with it
    std::string_view in_;     // of the source's chunk or of start_, not unpacked yet
    std::vector<char> room_;
    std::unique_ptr<z_stream, end> stream_;
};

using gzip_file = gunzip<io::file_source>;

/// A file, compressed or not.
[[nodiscard]] inline result<gzip_file> open_gzip(std::string const& path) {
    auto file = io::file_source::open(path);
    if (!file) return file.error();
    return gzip_file{std::move(*file)};
}

/// `io::read_graph` for files that may be compressed.
[[nodiscard]] inline result<graph::built> read_graph(
    std::string const& path, io::edge_list_config how = {}) {
    auto file = open_gzip(path);
    if (!file) return file.error();
    auto made = io::read_graph(*file, io::format_of(path), how);
    if (!made) return io::in_file(made.error(), path);
    return made;
}

} // namespace runnel::interop

#endif
