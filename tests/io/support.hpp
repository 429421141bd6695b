// SPDX-License-Identifier: MIT
// What the tests of io share: bytes in pieces, graphs as text, a file that goes away.
#pragma once

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <unistd.h>

#include <runnel/io.hpp>

namespace io_tests {

using runnel::node_id;

/// A source that hands a text over in pieces of these lengths, and then the rest.
struct pieces {
    std::string text;
    std::vector<std::size_t> lengths = {};
    std::size_t at = 0;
    std::size_t piece = 0;
    runnel::result<std::string_view> operator()() {
        std::string_view const left = std::string_view{text}.substr(at);
        std::size_t const length = piece < lengths.size() ? lengths[piece++] : left.size();
        std::string_view const next = left.substr(0, length);
        at += next.size();
        return next;
    }
};

inline runnel::result<runnel::graph::built> read(
    std::string text, runnel::io::edge_list_config how = {}) {
    return runnel::io::read_edge_list(pieces{std::move(text)}, how);
}
inline runnel::result<runnel::graph::built> read_matrix(
    std::string text, runnel::io::matrix_market_config how = {}) {
    return runnel::io::read_matrix_market(pieces{std::move(text)}, how);
}

/// Everything a reader decides, as text: nodes with names, then links in canonical order.
inline std::string told(runnel::graph::built const& made) {
    runnel::graph const& g = made.graph;
    std::string all = std::to_string(g.node_count()) + " nodes";
    for (std::uint32_t n = 0; n < g.node_count(); ++n)
        all += " [" + std::string{g.name(node_id{n})} + "]";
    all += "\n";
    for (std::uint32_t i = 0; i < g.link_count(); ++i) {
        runnel::link_id const link{i};
        all += std::to_string(runnel::index(g.source(link))) + ">"
               + std::to_string(runnel::index(g.target(link))) + " "
               + std::to_string(made.store.lw(link).raw()) + " "
               + std::string{g.type_name(g.type(link))} + "\n";
    }
    return all;
}
/// The graph or the fault.
inline std::string told(runnel::result<runnel::graph::built> const& made) {
    return made ? told(*made) : std::string{made.error().text().view()};
}

/// A file of its own, gone with this.
class scratch_file {
public:
    explicit scratch_file(std::string const& text, std::string const& name = "links.tsv") {
        std::string folder = (std::filesystem::temp_directory_path() / "runnel-io-XXXXXX").string();
        folder_ = mkdtemp(folder.data());
        path_ = folder_ / name;
        std::ofstream(path_, std::ios::binary) << text;
    }
    scratch_file(scratch_file const&) = delete;
    scratch_file& operator=(scratch_file const&) = delete;
    ~scratch_file() {
        std::error_code ignored;
        std::filesystem::remove_all(folder_, ignored);
    }
    [[nodiscard]] std::string path() const { return path_.string(); }
    [[nodiscard]] std::string folder() const { return folder_.string(); }
    [[nodiscard]] std::string text() const {
        std::ifstream from(path_, std::ios::binary);
        return {std::istreambuf_iterator<char>{from}, {}};
    }

private:
    std::filesystem::path folder_;
    std::filesystem::path path_;
};

} // namespace io_tests
