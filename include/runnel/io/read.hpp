// SPDX-License-Identifier: MIT
// room: io. A whole file, one call.
//
//     auto const g = runnel::io::read_graph("links.tsv").value();
//     g.graph.node_count();
//
// Why:  most programs want the graph of a file and nothing in between.
// Laws: the graph or a fault, which says file and line; nothing else is left behind.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include <runnel/graph/builder.hpp>
#include <runnel/io/edge_list.hpp>
#include <runnel/io/matrix_market.hpp>
#include <runnel/io/source.hpp>

namespace runnel::io {

enum class format : std::uint8_t { edge_list, matrix_market };

/// By its ending: .mtx, also before .gz, is a matrix; all else a list of links.
[[nodiscard]] constexpr format format_of(std::string_view path) noexcept {
    auto const ends_in = [&](std::string_view end) {
        return path.size() >= end.size() && path.substr(path.size() - end.size()) == end;
    };
    if (ends_in(".gz")) path.remove_suffix(3);
    return ends_in(".mtx") ? format::matrix_market : format::edge_list;
}

/// All a source has, given to a reader.
template <chunk_source Source, class Reader>
[[nodiscard]] result<graph::built> read_all(Source&& source, Reader reader) {
    for (;;) {
        result<std::string_view> const chunk = source();
        if (!chunk) return chunk.error();
        if (chunk->empty()) return std::move(reader).finish();
        if (auto const ok = reader.take(*chunk); !ok) return ok.error();
    }
}

template <chunk_source Source>
[[nodiscard]] result<graph::built> read_edge_list(Source&& source, edge_list_config how = {}) {
    return read_all(source, edge_list_reader{how});
}
template <chunk_source Source>
[[nodiscard]] result<graph::built> read_matrix_market(
    Source&& source, matrix_market_config how = {}) {
    return read_all(source, matrix_market_reader{how});
}
/// Of a matrix `nodes` says nothing: its nodes are numbers.
template <chunk_source Source>
[[nodiscard]] result<graph::built> read_graph(
    Source&& source, io::format format, edge_list_config how = {}) {
    if (format == format::edge_list) return read_edge_list(source, how);
    return read_matrix_market(
        source, {.weights = how.weights, .links = how.links, .most_nodes = how.most_nodes});
}

/// The same fault, and of which file it is: "links.tsv, line 12: a b x".
[[nodiscard]] inline fault in_file(fault const& what, std::string_view path) noexcept {
    constexpr std::size_t most = 28; // leaves room for the line
    std::size_t const slash = path.rfind('/');
    if (slash != std::string_view::npos && slash + 1 < path.size()) path.remove_prefix(slash + 1);
    runnel::detail::short_text const file{path, most};
    char whole[2 * runnel::detail::short_text::capacity]{};
    std::size_t used = runnel::detail::append(whole, sizeof whole, 0, file.view());
    if (!what.offender().empty()) used = runnel::detail::append(whole, sizeof whole, used, ", ");
    used = runnel::detail::append(whole, sizeof whole, used, what.offender());
    return fault{{what.code(), what.sentence()}, std::string_view{whole, used}, what.position()};
}

namespace detail {
/// Reads the file of a path with read(source).
template <class Read>
[[nodiscard]] result<graph::built> read_path(std::string const& path, Read&& read) {
    auto file = file_source::open(path);
    if (!file) return file.error();
    result<graph::built> made = read(*file);
    if (!made) return in_file(made.error(), path);
    return made;
}
} // namespace detail

[[nodiscard]] inline result<graph::built> read_edge_list(
    std::string const& path, edge_list_config how = {}) {
    return detail::read_path(path, [&](file_source& file) { return read_edge_list(file, how); });
}
[[nodiscard]] inline result<graph::built> read_matrix_market(
    std::string const& path, matrix_market_config how = {}) {
    return detail::read_path(
        path, [&](file_source& file) { return read_matrix_market(file, how); });
}
/// By its ending: see `format_of`.
[[nodiscard]] inline result<graph::built> read_graph(
    std::string const& path, edge_list_config how = {}) {
    return detail::read_path(
        path, [&](file_source& file) { return read_graph(file, format_of(path), how); });
}

} // namespace runnel::io
