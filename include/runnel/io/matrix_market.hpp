// SPDX-License-Identifier: MIT
// room: io. A graph out of a matrix in Matrix Market form.
//
// Why:  collections of graphs come as sparse matrices; the entry (i, j) of weight w is the link from node i - 1 to
//       node j - 1.
// Laws: the same bytes in any pieces make the same graph, or the same fault. Only what the head promises is accepted: as
//       many entries, rows and columns in range, figures where the matrix is no pattern; anything else is a fault that names
//       the line, and no graph. A symmetric matrix gives every entry off the diagonal both ways, whichever triangle it
//       stands in. Nodes without entries are nodes. Entries given twice are parallel links, as the format has no word on them.
// Cost: one pass; memory of the links.
#pragma once

#include <cstdint>
#include <string_view>
#include <utility>

#include <runnel/core/reflect.hpp>
#include <runnel/graph/builder.hpp>
#include <runnel/io/detail/columns.hpp>
#include <runnel/io/detail/lines.hpp>
#include <runnel/io/detail/numbers.hpp>
#include <runnel/io/faults.hpp>
#include <runnel/io/weights.hpp>

namespace runnel::io {

struct matrix_market_config {
    io::weights weights = io::weights::linear; ///< what the figures mean
    io::links links =
        io::links::as_written; ///< both_ways: a general matrix is read like a symmetric one
    std::uint32_t most_nodes = usual_most_nodes; ///< no matrix is larger

    friend bool operator==(matrix_market_config const&, matrix_market_config const&) = default;

    template <class Self, class F> static constexpr void visit(Self& self, F&& f) {
        static_assert(arity_is<matrix_market_config, 3>, "io: a setting is missing from this walk");
        f("weights", self.weights);
        f("links", self.links);
        f("most_nodes", self.most_nodes);
    }
    [[nodiscard]] constexpr status validate() const noexcept {
        return detail::check_of_links(*this);
    }
};
static_assert(matrix_market_config{}.validate().has_value());

/// Takes a file in pieces of any size; `std::move(reader).finish()` is the graph. Memory that runs out (std::bad_alloc)
/// leaves a reader that can only be given up.
class matrix_market_reader {
public:
    explicit matrix_market_reader(matrix_market_config how = {})
        : how_(how), lines_(how.validate()) {}

    [[nodiscard]] status take(std::string_view chunk) {
        return lines_.take(
            chunk, [this](std::string_view line, std::uint64_t n) { return read(line, n); });
    }
    [[nodiscard]] result<graph::built> finish() && {
        auto const ok =
            lines_.finish([this](std::string_view line, std::uint64_t n) { return read(line, n); });
        if (!ok) return ok.error();
        std::uint64_t const line = lines_.number();
        if (next_ == part::head) return detail::at_line(faults::bad_header, line, {});
        if (next_ == part::size) return detail::at_line(faults::bad_size, line, {});
        if (entries_ != promised_) return detail::at_line(faults::wrong_count, line, "the end");
        return std::move(builder_).build();
    }
    /// How many lines have been looked at, the one at fault included.
    [[nodiscard]] std::uint64_t lines() const noexcept { return lines_.number(); }

private:
    enum class part : std::uint8_t { head, size, entries };

    [[nodiscard]] status read(std::string_view line, std::uint64_t number) {
        auto const bad = [&](fault_kind what) { return detail::at_line(what, number, line); };
        if (next_ == part::head) {
            next_ = part::size;
            return read_head(line) ? status{} : status{bad(faults::bad_header)};
        }
        if (!line.empty() && line.front() == '%') return {};
        static_cast<void>(columns_.split(line, detail::mark::blank));
        if (columns_.size() == 0) return {};
        if (next_ == part::size) {
            std::uint64_t rows = 0;
            std::uint64_t columns = 0;
            if (columns_.size() != 3 || !detail::read_whole(columns_[0], rows)
                || !detail::read_whole(columns_[1], columns)
                || !detail::read_whole(columns_[2], promised_))
                return bad(faults::bad_size);
            if (rows != columns) return bad(faults::not_square);
            if (rows > how_.most_nodes) return bad(faults::too_many_nodes);
            static_cast<void>(builder_.nodes(static_cast<std::uint32_t>(rows)));
            next_ = part::entries;
            return {};
        }
        if (entries_ == promised_) return bad(faults::wrong_count);
        std::uint64_t place[2]{};
        if (columns_.size() != (pattern_ ? 2U : 3U) || !detail::read_whole(columns_[0], place[0])
            || !detail::read_whole(columns_[1], place[1]))
            return bad(faults::bad_entry);
        for (std::uint64_t const p : place)
            if (p == 0 || p > builder_.node_count()) return bad(faults::bad_index);
        log_weight lw;
        if (!pattern_) {
            auto const told = detail::weight_of(columns_[2], how_.weights);
            if (!told && told.error().is(faults::not_a_number)) return bad(faults::bad_entry);
            if (!told) return bad(faults::bad_weight);
            lw = *told;
        }
        node_id const from{static_cast<std::uint32_t>(place[0] - 1)};
        node_id const to{static_cast<std::uint32_t>(place[1] - 1)};
        ++entries_;
        builder_.log_link({from, to, lw, link_type::relates});
        if ((symmetric_ || how_.links == links::both_ways) && from != to)
            builder_.log_link({to, from, lw, link_type::relates});
        return {};
    }
    /// "%%MatrixMarket matrix coordinate real general", in letters of any size.
    [[nodiscard]] bool read_head(std::string_view line) {
        static_cast<void>(columns_.split(line, detail::mark::blank));
        if (columns_.size() != 5 || !same(columns_[0], "%%matrixmarket")
            || !same(columns_[1], "matrix") || !same(columns_[2], "coordinate"))
            return false;
        pattern_ = same(columns_[3], "pattern");
        symmetric_ = same(columns_[4], "symmetric");
        return (pattern_ || same(columns_[3], "real") || same(columns_[3], "integer"))
               && (symmetric_ || same(columns_[4], "general"));
    }
    [[nodiscard]] static bool same(std::string_view text, std::string_view small) noexcept {
        if (text.size() != small.size()) return false;
        for (std::size_t i = 0; i < text.size(); ++i) {
            char const c = text[i];
            if ((c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c) != small[i])
                return false;
        }
        return true;
    }

    matrix_market_config how_;
    part next_ = part::head;
    bool pattern_ = false;
    bool symmetric_ = false;
    detail::lines_to_fault lines_;
    detail::columns columns_;
    std::uint64_t promised_ = 0;
    std::uint64_t entries_ = 0;
    graph::builder builder_;
};

} // namespace runnel::io
