// SPDX-License-Identifier: MIT
// room: io. A graph out of a list of links: source, target, and if you like a weight and a type.
//
// Why:  the one format everybody can write. The first link decides how the file is read, what stands between its columns
//       (tabs, else commas, else blanks) and whether nodes are numbers or names, so that half a file is never one and half
//       the other.
// Laws: the same bytes in any pieces make the same graph, or the same fault. A malformed line is a fault that names it, and
//       no graph; after it the reader takes nothing more.
//       Empty lines and those that begin with # say nothing; a line of headings needs a # too. Between commas a column
//       may be quoted ("a, b"). A missing or empty weight is 1, a missing or empty type `relates`; a type of any other
//       name is declared, a preset one's name is that one. Lines that say the same are parallel links; self loops are kept.
//       Where nodes are numbers, every number up to the highest is a node, and none has a name.
// Cost: one pass; memory of the links and names.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <runnel/core/reflect.hpp>
#include <runnel/graph/builder.hpp>
#include <runnel/io/detail/columns.hpp>
#include <runnel/io/detail/lines.hpp>
#include <runnel/io/detail/numbers.hpp>
#include <runnel/io/faults.hpp>
#include <runnel/io/weights.hpp>

namespace runnel::io {

struct edge_list_config {
    io::weights weights = io::weights::linear;   ///< what the third column means
    io::nodes nodes = io::nodes::by_first_link;  ///< what the first two mean
    io::links links = io::links::as_written;     ///< is a line one link or two?
    std::uint32_t most_nodes = usual_most_nodes; ///< of numbers, the highest is below it

    friend bool operator==(edge_list_config const&, edge_list_config const&) = default;

    template <class Self, class F> static constexpr void visit(Self& self, F&& f) {
        static_assert(arity_is<edge_list_config, 4>, "io: a setting is missing from this walk");
        f("weights", self.weights);
        f("nodes", self.nodes);
        f("links", self.links);
        f("most_nodes", self.most_nodes);
    }
    [[nodiscard]] constexpr status validate() const noexcept {
        return detail::check_of_links(*this);
    }
};
static_assert(edge_list_config{}.validate().has_value());

/// Takes a file in pieces of any size; `std::move(reader).finish()` is the graph. Memory that runs out (std::bad_alloc)
/// leaves a reader that can only be given up.
class edge_list_reader {
public:
    explicit edge_list_reader(edge_list_config how = {})
        : how_(how), nodes_(how.nodes), lines_(how.validate()) {}

    [[nodiscard]] status take(std::string_view chunk) {
        return lines_.take(
            chunk, [this](std::string_view line, std::uint64_t n) { return read(line, n); });
    }
    [[nodiscard]] result<graph::built> finish() && {
        auto const ok =
            lines_.finish([this](std::string_view line, std::uint64_t n) { return read(line, n); });
        if (!ok) return ok.error();
        if (highest_ != 0) static_cast<void>(builder_.nodes(highest_));
        return std::move(builder_).build();
    }
    /// How many lines have been looked at, the one at fault included.
    [[nodiscard]] std::uint64_t lines() const noexcept { return lines_.number(); }

private:
    [[nodiscard]] status read(std::string_view line, std::uint64_t number) {
        std::string_view const bare = detail::without_blanks_before(line);
        if (bare.empty() || bare.front() == '#') return {};
        auto const bad = [&](fault_kind what) { return detail::at_line(what, number, line); };
        if (!begun_) {
            mark_ = detail::mark_of(line);
            if (!columns_.split(line, mark_)) return bad(faults::bad_quote);
            begin();
        } else if (!columns_.split(line, mark_)) {
            return bad(faults::bad_quote);
        }
        std::size_t const count = columns_.size();
        if (count < 2 || columns_[0].empty() || columns_[1].empty())
            return bad(faults::too_few_columns);
        if (count > 4) return bad(faults::too_many_columns);

        log_weight lw;
        if (count > 2 && !columns_[2].empty()) {
            auto const told = detail::weight_of(columns_[2], how_.weights);
            if (!told) return bad({told.error().code(), told.error().sentence()});
            lw = *told;
        }
        link_type type = link_type::relates;
        if (count > 3 && !columns_[3].empty()) {
            auto const told = type_of(columns_[3]);
            if (!told) return bad({told.error().code(), told.error().sentence()});
            type = *told;
        }
        node_id ends[2];
        auto const nodes = nodes_ == nodes::names ? named(ends) : numbered(ends);
        if (!nodes) return bad({nodes.error().code(), nodes.error().sentence()});
        builder_.log_link({ends[0], ends[1], lw, type});
        if (how_.links == links::both_ways && ends[0] != ends[1])
            builder_.log_link({ends[1], ends[0], lw, type});
        return {};
    }
    /// What the first link decides.
    void begin() {
        begun_ = true;
        if (nodes_ != nodes::by_first_link) return;
        bool const numbers = columns_.size() > 1 && detail::all_digits(columns_[0])
                             && detail::all_digits(columns_[1]);
        nodes_ = numbers ? nodes::numbers : nodes::names;
    }
    // The faults of these have no place yet.
    [[nodiscard]] status named(node_id (&ends)[2]) {
        builder_.expect(columns_[0]); // both, before either is waited for
        builder_.expect(columns_[1]);
        for (std::size_t i = 0; i < 2; ++i) {
            if (builder_.node_count() < how_.most_nodes) {
                ends[i] = builder_.named(columns_[i]);
                continue;
            }
            auto const known = builder_.find(columns_[i]);
            if (!known) return fault{faults::too_many_nodes};
            ends[i] = *known;
        }
        return {};
    }
    [[nodiscard]] status numbered(node_id (&ends)[2]) {
        for (std::size_t i = 0; i < 2; ++i) {
            std::uint64_t number = 0;
            if (!detail::read_whole(columns_[i], number)) return fault{faults::not_an_id};
            if (number >= how_.most_nodes) return fault{faults::id_out_of_range};
            auto const node = static_cast<std::uint32_t>(number);
            if (node >= highest_) highest_ = node + 1;
            ends[i] = node_id{node};
        }
        return {};
    }
    [[nodiscard]] result<link_type> type_of(std::string_view name) {
        if (name == last_type_name_) return last_type_;
        for (std::size_t i = 0; i < preset_link_types + types_.size(); ++i)
            if (name == type_name(i))
                return remembered(name, link_type{static_cast<std::uint16_t>(i)});
        if (types_.size() == user_types) return fault{runnel::faults::too_many_types};
        types_.emplace_back(name);
        return remembered(name, builder_.declare_link_type(name));
    }
    [[nodiscard]] std::string_view type_name(std::size_t i) const noexcept {
        return i < preset_link_types ? runnel::detail::link_type_names[i]
                                     : std::string_view{types_[i - preset_link_types]};
    }
    link_type remembered(std::string_view name, link_type type) {
        last_type_name_ = name;
        last_type_ = type;
        return type;
    }

    edge_list_config how_;
    io::nodes nodes_;
    bool begun_ = false;
    detail::mark mark_ = detail::mark::blank;
    detail::lines_to_fault lines_;
    detail::columns columns_;
    std::uint32_t highest_ = 0; // one above the highest number of a node
    graph::builder builder_;
    std::vector<std::string> types_; // those declared
    std::string last_type_name_;     // most lines have the type of the line before
    link_type last_type_ = link_type::relates;
};

} // namespace runnel::io
