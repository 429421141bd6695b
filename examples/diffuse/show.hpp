// SPDX-License-Identifier: MIT
// States as text, tab-separated values, or JSON.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <runnel/engine/session.hpp>
#include <runnel/io/json.hpp>

#include "load.hpp"
#include "plan.hpp"
#include "wishes.hpp"

namespace diffuse {

struct row {
    runnel::node_id node{};
    double energy = 0;
    double received = 0;
};

/// The nodes that are wanted, best first.
template <class Field>
std::vector<row> rows_of(Field const& field, std::uint32_t nodes, wishes const& how) {
    bool const by_received = how.mode == mode::stride;
    std::vector<row> rows;
    for (std::uint32_t n = 0; n < nodes; ++n) {
        row const r{
            runnel::node_id{n}, field.energy_of(runnel::node_id{n}),
            field.received(runnel::node_id{n})};
        if (how.all || r.energy > 0 || (by_received && r.received > 0)) rows.push_back(r);
    }
    auto const better = [&](row const& a, row const& b) {
        if (by_received && a.received != b.received) return a.received > b.received;
        if (a.energy != b.energy) return a.energy > b.energy;
        return a.node < b.node;
    };
    std::uint64_t const top = how.top.value_or(usual_top);
    if (how.all || top >= rows.size()) {
        std::sort(rows.begin(), rows.end(), better);
    } else {
        auto const end = rows.begin() + static_cast<std::ptrdiff_t>(top);
        std::partial_sort(rows.begin(), end, rows.end(), better);
        rows.erase(end, rows.end());
    }
    return rows;
}

/// The books of a run, in units.
struct ledger {
    std::uint64_t frames = 0;
    double injected = 0;
    double transferred = 0;
    double decayed = 0;
    double dissipated = 0;
    double flushed = 0;
    double held = 0;
    double residual = 0;

    [[nodiscard]] std::string line() const {
        using command::readable;
        return std::to_string(frames) + (frames == 1 ? " frame" : " frames") + ", injected "
               + readable(injected) + ", transferred " + readable(transferred) + ", decayed "
               + readable(decayed) + ", dissipated " + readable(dissipated) + ", flushed "
               + readable(flushed) + ", in the field " + readable(held) + ", residual "
               + readable(residual);
    }
};

/// A name on one line of its own: tabs and line ends by their letters.
inline std::string on_one_line(std::string_view name) {
    std::string text;
    for (char const c : name) {
        if (c == '\t')
            text += "\\t";
        else if (c == '\n')
            text += "\\n";
        else if (c == '\r')
            text += "\\r";
        else
            text += c;
    }
    return text;
}

/// Prints one state after the other.
class printer {
public:
    printer(wishes const& how, plan const& of, labels const& nodes)
        : how_(&how), plan_(&of), nodes_(&nodes) {}

    void state(std::uint64_t tick, std::vector<row> rows) {
        switch (how_->shape) {
        case shape::text: text(tick, rows); break;
        case shape::tsv: tsv(tick, rows); break;
        case shape::json: states_.push_back({tick, std::move(rows)}); break;
        }
    }
    void end(runnel::graph const& graph, ledger const& books) {
        if (how_->shape == shape::json) json(graph, books);
    }

private:
    struct seen {
        std::uint64_t tick;
        std::vector<row> rows;
    };
    [[nodiscard]] bool strides() const { return how_->mode == mode::stride; }

    void tsv(std::uint64_t tick, std::vector<row> const& rows) {
        using command::exact;
        std::string out;
        if (!std::exchange(begun_, true)) {
            out += plan_->tells_ticks ? "#tick\tnode" : "#node";
            out += strides() ? "\tenergy\treceived\n" : "\tvalue\n";
        }
        for (row const& r : rows) {
            if (plan_->tells_ticks) out += std::to_string(tick) + '\t';
            out += on_one_line((*nodes_)[r.node]) + '\t' + exact(r.energy);
            if (strides()) out += '\t' + exact(r.received);
            out += '\n';
        }
        command::print(out);
    }

    using cells = std::vector<std::string>;
    void text(std::uint64_t tick, std::vector<row> const& rows) {
        using command::readable;
        std::vector<cells> table;
        cells head;
        if (plan_->tells_ticks) head.push_back("tick");
        head.push_back("node");
        if (strides()) {
            head.push_back("energy");
            head.push_back("received");
        } else {
            head.push_back("value");
        }
        table.push_back(head);
        for (row const& r : rows) {
            cells line;
            if (plan_->tells_ticks) line.push_back(std::to_string(tick));
            line.push_back(command::visible((*nodes_)[r.node])); // harmless on a terminal
            line.push_back(readable(r.energy));
            if (strides()) line.push_back(readable(r.received));
            table.push_back(std::move(line));
        }
        std::string out = std::exchange(begun_, true) ? "\n" : "";
        out += aligned(table);
        if (rows.empty() && how_->top != std::optional<std::uint64_t>{0})
            out += "(no node holds or received anything)\n";
        command::print(out);
    }
    /// Names to the left, numbers to the right of their columns.
    [[nodiscard]] std::string aligned(std::vector<cells> const& table) const {
        std::vector<std::size_t> widths(table[0].size(), 0);
        for (cells const& line : table)
            for (std::size_t i = 0; i < line.size(); ++i)
                widths[i] = std::max(widths[i], letters(line[i]));
        std::size_t const name = plan_->tells_ticks ? 1 : 0;
        std::string out;
        for (cells const& line : table) {
            for (std::size_t i = 0; i < line.size(); ++i) {
                std::string const fill(widths[i] - letters(line[i]), ' ');
                out += (i == 0 ? "" : "  ") + (i == name ? line[i] + fill : fill + line[i]);
            }
            out += '\n';
        }
        return out;
    }
    [[nodiscard]] static std::size_t letters(std::string_view text) {
        return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
            return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
        }));
    }

    void json(runnel::graph const& graph, ledger const& books) const {
        std::string out;
        {
            runnel::io::json_object all{out};
            all.object("graph", [&](auto& to) {
                to.field("file", *how_->graph);
                to.field("nodes", graph.node_count()).field("links", graph.link_count());
            });
            all.field("mode", strides() ? "stride" : "matrix").field("ticks", plan_->ticks);
            if (strides()) all.field("dt", plan_->dt);
            all.list("states", states_, [&](auto& to, seen const& s) {
                to.field("tick", s.tick);
                to.list("nodes", s.rows, [&](auto& of, row const& r) {
                    if (nodes_->are_names())
                        of.field("node", (*nodes_)[r.node]);
                    else
                        of.field("node", nodes_->number(r.node));
                    if (strides())
                        of.field("energy", r.energy).field("received", r.received);
                    else
                        of.field("value", r.energy);
                });
            });
            all.object("ledger", [&](auto& to) {
                to.field("frames", books.frames).field("injected", books.injected);
                to.field("transferred", books.transferred).field("decayed", books.decayed);
                to.field("dissipated", books.dissipated).field("flushed", books.flushed);
                to.field("held", books.held).field("residual", books.residual);
            });
        }
        command::print(out + "\n");
    }

    wishes const* how_;
    plan const* plan_;
    labels const* nodes_;
    std::vector<seen> states_;
    bool begun_ = false;
};

} // namespace diffuse
