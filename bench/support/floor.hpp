// SPDX-License-Identifier: MIT
// What the machine allows: strides over bare arrays, with no ledger, no frontier, no stages, no checks.
//
// Why:  a figure in nanoseconds says something about the machine; a ratio to these loops, taken in the
//       same run, says something about the code. They share nothing with the library.
//   fused:  a node's best link lies in its energy record: two random lines per stride, the least there is.
//   apart:  topology (16-byte row heads) and energy (32-byte records) in arrays of their own, as a library
//           must keep them when many fields share one graph: three lines per stride.
//   scan:   all links of a row are looked at, and the heaviest is taken.
//   share:  the same, to the heaviest few links or to all of them, in proportion to their weights: rows sorted by
//           weight, 8 bytes a link, as a library keeps them. (No exponential: a softmax of log-weights at temperature 1
//           is the weights over their sum.)
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "support/graphs.hpp"

namespace bench::floor {

struct row_head {
    std::uint32_t row = 0;
    std::uint32_t degree = 0;
    std::uint32_t best = 0; // the node itself if it has no link
    float weight = 0;
};
struct alignas(32) energy_record {
    std::uint64_t held = 0;
    std::uint64_t unused[3]{};
};
struct alignas(32) fused_record {
    std::uint64_t held = 0;
    row_head head;
    std::uint64_t unused = 0;
};

/// The heaviest link of every node.
inline std::vector<row_head> heads(link_list const& g) {
    std::vector<row_head> heads(g.nodes);
    for (std::uint32_t node = 0; node < g.nodes; ++node) heads[node].best = node;
    for (std::size_t i = 0; i < g.links.size(); ++i) {
        link const& l = g.links[i];
        row_head& h = heads[l.from];
        if (h.degree++ == 0) h.row = static_cast<std::uint32_t>(i);
        if (static_cast<float>(l.weight) > h.weight) {
            h.weight = static_cast<float>(l.weight);
            h.best = l.to;
        }
    }
    return heads;
}

inline std::uint64_t part(std::uint64_t held, std::uint64_t share) {
    __extension__ using wide = unsigned __int128;
    return static_cast<std::uint64_t>((wide{held} * share) >> 64);
}

/// How many sources ahead the lines of a stride are asked for. The target's number is in the head, so it
/// can only be asked for once the head is here.
inline constexpr std::size_t head_ahead = 24;
inline constexpr std::size_t target_ahead = 10;

inline void apart(
    std::span<row_head const> heads, std::span<energy_record> records,
    std::span<std::uint32_t const> active, std::uint64_t share) {
    std::size_t const n = active.size();
    for (std::size_t i = 0; i < n; ++i) {
        if (i + head_ahead < n) {
            __builtin_prefetch(&heads[active[i + head_ahead]]);
            __builtin_prefetch(&records[active[i + head_ahead]], 1);
        }
        if (i + target_ahead < n)
            __builtin_prefetch(&records[heads[active[i + target_ahead]].best], 1);
        energy_record& source = records[active[i]];
        std::uint64_t const amount = part(source.held, share);
        source.held -= amount;
        records[heads[active[i]].best].held += amount;
    }
}

inline void fused(
    std::span<fused_record> records, std::span<std::uint32_t const> active, std::uint64_t share) {
    std::size_t const n = active.size();
    for (std::size_t i = 0; i < n; ++i) {
        if (i + head_ahead < n) __builtin_prefetch(&records[active[i + head_ahead]], 1);
        if (i + target_ahead < n)
            __builtin_prefetch(&records[records[active[i + target_ahead]].head.best], 1);
        fused_record& source = records[active[i]];
        std::uint64_t const amount = part(source.held, share);
        source.held -= amount;
        records[source.head.best].held += amount;
    }
}

struct row_entry {
    std::uint32_t to = 0;
    float weight = 0;
};
/// All rows, each heaviest first; `heads` says where they begin.
inline std::vector<row_entry> sorted_rows(link_list const& g, std::span<row_head const> heads) {
    std::vector<row_entry> rows(g.links.size());
    for (std::size_t i = 0; i < rows.size(); ++i)
        rows[i] = {g.links[i].to, static_cast<float>(g.links[i].weight)};
    for (row_head const& h : heads) {
        auto const first = rows.begin() + h.row;
        std::stable_sort(first, first + h.degree, [](row_entry const& a, row_entry const& b) {
            return a.weight > b.weight;
        });
    }
    return rows;
}

inline constexpr std::uint32_t all_links = 0xFFFF'FFFF;

struct graph_view {
    std::span<row_head const> heads;
    std::span<row_entry const> rows;
};
/// Each active node looks at all of its links and sends along the heaviest.
inline void scan(
    graph_view const& g, std::span<energy_record> records, std::span<std::uint32_t const> active,
    std::uint64_t sent) {
    constexpr std::size_t row_ahead = 12;
    constexpr std::size_t line = 8; // links
    std::size_t const n = active.size();
    for (std::size_t i = 0; i < n; ++i) {
        if (i + head_ahead < n) {
            __builtin_prefetch(&g.heads[active[i + head_ahead]]);
            __builtin_prefetch(&records[active[i + head_ahead]], 1);
        }
        if (i + row_ahead < n) {
            row_head const& h = g.heads[active[i + row_ahead]];
            for (std::size_t at = 0; at < h.degree && at < 4 * line; at += line)
                __builtin_prefetch(&g.rows[h.row + at]);
        }
        row_head const& h = g.heads[active[i]];
        float most = 0;
        std::uint32_t best = active[i];
        for (std::uint32_t j = 0; j < h.degree; ++j)
            if (row_entry const& link = g.rows[h.row + j]; link.weight > most) {
                most = link.weight;
                best = link.to;
            }
        energy_record& source = records[active[i]];
        std::uint64_t const amount = part(source.held, sent);
        source.held -= amount;
        records[best].held += amount;
    }
}
/// Each active node sends the part `sent` of what it holds along its `most` heaviest links.
inline void share(
    graph_view const& g, std::span<energy_record> records, std::span<std::uint32_t const> active,
    std::uint64_t sent, std::uint32_t most) {
    constexpr std::size_t row_ahead = 16;
    constexpr std::uint32_t prefetched = 8; // targets; of longer rows the rest is not asked for
    std::size_t const n = active.size();
    for (std::size_t i = 0; i < n; ++i) {
        if (i + head_ahead < n) {
            __builtin_prefetch(&g.heads[active[i + head_ahead]]);
            __builtin_prefetch(&records[active[i + head_ahead]], 1);
        }
        if (i + row_ahead < n) __builtin_prefetch(&g.rows[g.heads[active[i + row_ahead]].row]);
        if (i + target_ahead < n) {
            row_head const& h = g.heads[active[i + target_ahead]];
            std::uint32_t const k = std::min({h.degree, most, prefetched});
            for (std::uint32_t j = 0; j < k; ++j)
                __builtin_prefetch(&records[g.rows[h.row + j].to], 1);
        }
        row_head const& head = g.heads[active[i]];
        row_entry const* const row = g.rows.data() + head.row;
        std::uint32_t const k = std::min(head.degree, most);
        float sum = 0;
        for (std::uint32_t j = 0; j < k; ++j) sum += row[j].weight;
        energy_record& source = records[active[i]];
        auto const amount = static_cast<double>(part(source.held, sent));
        double const of_weight = amount / static_cast<double>(sum);
        for (std::uint32_t j = 0; j < k; ++j) {
            auto const moved =
                static_cast<std::uint64_t>(of_weight * static_cast<double>(row[j].weight));
            source.held -= moved;
            records[row[j].to].held += moved;
        }
    }
}

} // namespace bench::floor
