// SPDX-License-Identifier: MIT
// A graph out of a file, and what its nodes are called.
#pragma once

#include <charconv>
#include <cstdint>
#include <cstdio>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <runnel/graph.hpp>
#include <runnel/io/closest.hpp>
#include <runnel/io/read.hpp>

#include "../command/input.hpp"
#include "wishes.hpp"

namespace diffuse {

/// What nodes are called, in the file's own words.
class labels {
public:
    labels(runnel::graph const& of, std::uint32_t first) : graph_(&of), first_(first) {}

    [[nodiscard]] bool are_names() const {
        return graph_->node_count() > 0 && !graph_->name(runnel::node_id{0}).empty();
    }
    [[nodiscard]] std::uint64_t number(runnel::node_id node) const {
        return std::uint64_t{runnel::index(node)} + first_;
    }
    [[nodiscard]] std::string operator[](runnel::node_id node) const {
        if (are_names()) return std::string{graph_->name(node)};
        return std::to_string(number(node));
    }
    [[nodiscard]] std::optional<runnel::node_id> find(std::string_view label) const {
        if (are_names()) {
            auto const node = graph_->find(label);
            return node ? std::optional{*node} : std::nullopt;
        }
        std::uint64_t n = 0;
        auto const told = std::from_chars(label.data(), label.data() + label.size(), n);
        if (told.ec != std::errc{} || told.ptr != label.data() + label.size()) return std::nullopt;
        if (n < first_ || n - first_ >= graph_->node_count()) return std::nullopt;
        return runnel::node_id{static_cast<std::uint32_t>(n - first_)};
    }
    /// What to say of a label that is none.
    [[nodiscard]] std::string unknown(std::string_view label) const {
        std::string text = "there is no node " + command::quoted(label);
        if (graph_->node_count() == 0) return text + ": the graph is empty";
        if (!are_names())
            return text + "; they are numbers from " + std::to_string(first_) + " to "
                   + std::to_string(first_ + std::uint64_t{graph_->node_count()} - 1);
        runnel::io::closest near{label};
        for (std::uint32_t n = 0; n < graph_->node_count(); ++n)
            near.offer(graph_->name(runnel::node_id{n}));
        if (!near.found().empty()) text += "; did you mean " + command::quoted(near.found()) + "?";
        return text;
    }

private:
    runnel::graph const* graph_;
    std::uint32_t first_; // the number of the first node, where they have no names
};

struct loaded {
    runnel::graph::built built;
    std::uint32_t first = 0;
};

namespace detail {

/// "links.tsv, line 3: sentence: 'what stands there'".
[[nodiscard]] inline std::string line_of(std::string const& path, runnel::fault const& what) {
    std::string_view offender = what.offender();
    std::string where = command::file_name(path);
    if (offender.substr(0, 5) == "line ") {
        std::size_t const end = offender.find(": ");
        where += ", " + std::string{offender.substr(0, end)};
        offender = end == std::string_view::npos ? std::string_view{} : offender.substr(end + 2);
    }
    std::string text = where + ": " + std::string{what.sentence()};
    if (!offender.empty()) text += ": " + command::quoted(offender);
    return text;
}

/// Looks at the first chunk before it hands it on: a matrix says that it is one.
template <class Source> class peeked {
public:
    explicit peeked(Source from) : from_(std::move(from)), first_(from_()) {}
    [[nodiscard]] bool is_matrix() const {
        return first_ && first_->substr(0, 14) == "%%MatrixMarket";
    }
    [[nodiscard]] runnel::result<std::string_view> operator()() {
        return std::exchange(handed_, true) ? from_() : first_;
    }

private:
    Source from_;
    runnel::result<std::string_view> first_;
    bool handed_ = false;
};

} // namespace detail

inline loaded load(std::string const& path, wishes const& how) {
    namespace io = runnel::io;
    for (char const* kind : {".json", ".jsonl", ".graphml"})
        if (std::string_view{path}.ends_with(kind))
            throw command::failure(
                command::file_name(path)
                + ": graphs of this kind come in a later version; a list "
                  "of links or Matrix Market is read");
    detail::peeked source{command::opened(path)};
    io::edge_list_config config;
    if (how.weights == of_weights::off)
        config.weights = io::weights::ignored;
    else if (how.log_weights)
        config.weights = io::weights::logs;
    if (how.undirected) config.links = io::links::both_ways;
    if (how.names) config.nodes = io::nodes::names;
    bool const matrix = source.is_matrix() || io::format_of(path) == io::format::matrix_market;
    auto made =
        io::read_graph(source, matrix ? io::format::matrix_market : io::format::edge_list, config);
    if (!made) {
        std::string line = detail::line_of(path, made.error());
        if (made.error().code() == io::faults::not_an_id.code) line += " (diffuse: --names)";
        if (made.error().code() == io::faults::not_a_number.code
            && made.error().offender().substr(0, 8) == "line 1: ")
            line += " (a first line that names columns begins with #)";
        throw command::failure(line);
    }
    return {std::move(*made), matrix ? 1U : 0U};
}

} // namespace diffuse
