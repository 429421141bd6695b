// SPDX-License-Identifier: MIT
// room: io. A graph out of a list of links: source, target, and if you like a weight and a type.
//
// Why:  the one format everybody can write. Columns lie between tabs, commas or blanks; lines that begin with # are
//       comments. Whether nodes are numbers or names the first link decides, so that half a file is never one and
//       half the other.
// Laws: the same bytes in any pieces make the same graph. A malformed line is a fault that names it, and no graph.
// Cost: one pass; memory of the links and names.
#pragma once

#include <charconv>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

#include <runnel/core/reflect.hpp>
#include <runnel/graph/builder.hpp>
#include <runnel/io/detail/lines.hpp>
#include <runnel/io/faults.hpp>

namespace runnel::io {

/// What the third column means.
enum class weights : std::uint8_t {
    linear, ///< a weight above 0
    logs,   ///< the logarithm of one
    ignored ///< nothing: all links weigh 1
};
/// What the first two columns mean.
enum class nodes : std::uint8_t {
    by_first_line, ///< numbers where both of the first link are
    numbers,
    names
};

/// What a line is.
enum class links : std::uint8_t {
    as_written, ///< one link, from source to target
    both_ways   ///< that and its reverse, with the same weight; a self loop is one link
};

struct edge_list_config {
    io::weights weights = io::weights::linear;
    io::nodes nodes = io::nodes::by_first_line;
    io::links links = io::links::as_written;

    template <class Self, class F> static constexpr void visit(Self& self, F&& f) {
        static_assert(arity<edge_list_config>() == 3, "io: a setting is missing from this walk");
        f("weights", self.weights);
        f("nodes", self.nodes);
        f("links", self.links);
    }
};

/// Takes a file in pieces of any size.
class edge_list_reader {
public:
    explicit edge_list_reader(edge_list_config how = {}) : how_(how), nodes_(how.nodes) {}

    [[nodiscard]] status take(std::string_view chunk) {
        return lines_.take(
            chunk, [this](std::string_view line, std::uint64_t n) { return read(line, n); });
    }
    [[nodiscard]] result<graph::built> finish() && {
        auto const ok =
            lines_.finish([this](std::string_view line, std::uint64_t n) { return read(line, n); });
        if (!ok) return ok.error();
        return std::move(builder_).build();
    }

private:
    [[nodiscard]] status read(std::string_view line, std::uint64_t number) {
        line = detail::columns::trimmed(line);
        if (line.empty() || line.front() == '#') return {};
        detail::columns const of{line};
        auto const bad = [&](fault_kind what) { return detail::at_line(what, number, line); };
        if (of.size() < 2 || of[0].empty() || of[1].empty()) return bad(faults::too_few_columns);
        if (of.size() > 4) return bad(faults::too_many_columns);
        if (nodes_ == nodes::by_first_line) {
            std::uint64_t ignored = 0;
            nodes_ = is_number(of[0], ignored) && is_number(of[1], ignored) ? nodes::numbers
                                                                            : nodes::names;
        }
        node_id ends[2];
        for (std::size_t i = 0; i < 2; ++i) {
            auto const node = node_of(of[i]);
            if (!node) return bad({node.error().code(), node.error().sentence()});
            ends[i] = *node;
        }
        auto const lw = weight_of(of.size() > 2 ? of[2] : std::string_view{});
        if (!lw) return bad({lw.error().code(), lw.error().sentence()});
        link_type type = link_type::relates;
        if (of.size() > 3 && !of[3].empty()) type = type_of(of[3]);
        builder_.log_link({ends[0], ends[1], *lw, type});
        if (how_.links == links::both_ways && ends[0] != ends[1])
            builder_.log_link({ends[1], ends[0], *lw, type});
        return {};
    }
    [[nodiscard]] static bool is_number(std::string_view text, std::uint64_t& number) noexcept {
        auto const told = std::from_chars(text.data(), text.data() + text.size(), number);
        return told.ec == std::errc{} && told.ptr == text.data() + text.size();
    }
    [[nodiscard]] result<node_id> node_of(std::string_view text) {
        if (nodes_ == nodes::names) return builder_.named(text);
        std::uint64_t number = 0;
        if (!is_number(text, number)) return fault{faults::not_an_id};
        if (number >= max_nodes) return fault{faults::id_out_of_range};
        auto const needed = static_cast<std::uint32_t>(number + 1);
        if (needed > builder_.node_count())
            static_cast<void>(builder_.nodes(needed - builder_.node_count()));
        return node_id{static_cast<std::uint32_t>(number)};
    }
    [[nodiscard]] result<log_weight> weight_of(std::string_view text) const {
        if (text.empty() || how_.weights == weights::ignored) return log_weight{};
        double number = 0;
        auto const told = std::from_chars(text.data(), text.data() + text.size(), number);
        if (told.ec != std::errc{} || told.ptr != text.data() + text.size())
            return fault{faults::not_a_number};
        auto const lw = how_.weights == weights::logs ? log_weight::from_log(number)
                                                      : log_weight::from_weight(number);
        if (!lw) return fault{faults::bad_weight};
        return lw;
    }
    [[nodiscard]] link_type type_of(std::string_view name) {
        auto const known = types_.find(std::string{name});
        if (known != types_.end()) return known->second;
        link_type const type = builder_.declare_link_type(name);
        types_.emplace(std::string{name}, type);
        return type;
    }

    edge_list_config how_;
    io::nodes nodes_;
    detail::lines lines_;
    graph::builder builder_;
    std::unordered_map<std::string, link_type> types_;
};

} // namespace runnel::io
