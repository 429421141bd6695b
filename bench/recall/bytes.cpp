// SPDX-License-Identifier: MIT
// Is what a memory says it holds what was asked of the system for it?
//
// How:  operator new of this program writes the length asked for behind each block; what lives is their sum.
// Limit: within 5 %.
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "recall/judged.hpp"
#include "recall/tables.hpp"
#include "support/heap.hpp"

namespace bench {
namespace {

template <class Index>
row one(
    suite& out, std::string const& name, cloud const& base, std::size_t count, Index index,
    recall::coding coded) {
    std::size_t const before = heap::held;
    auto memory =
        made_memory({.dimension = base.dimension, .coded = coded, .cached = 256}, std::move(index));
    fill(out, name, memory, base, 0, count);
    for (std::size_t q = 0; q < 300; ++q) static_cast<void>(memory.search(base[q]).value());
    double const held = static_cast<double>(heap::held - before);
    double const told = static_cast<double>(memory.bytes());
    out.limit("bytes told and bytes held apart, " + name, std::abs(told / held - 1), .05);
    double const n = static_cast<double>(count);
    double const vector = static_cast<double>(base.dimension) * sizeof(float);
    return {name, {told, held, told / held, told / n - vector}};
}

} // namespace

void table_bytes(suite& out) {
    if (!out.wants("bytes")) return;
    std::vector<row> rows;
    cloud const base = make_cloud({.count = 20'000, .dimension = 128});
    for (std::size_t const count : {std::size_t{1'000}, std::size_t{20'000}}) {
        std::string const n = std::to_string(count);
        using recall::coding;
        rows.push_back(one(out, "flat, " + n, base, count, recall::flat{}, coding::none));
        rows.push_back(one(out, "flat, codes, " + n, base, count, recall::flat{}, coding::bytes));
        rows.push_back(one( // the effort of building takes time and no bytes
            out, "hnsw, " + n, base, count, recall::hnsw{{.build_effort = 40}}, coding::none));
        rows.push_back(
            one(out, "adaptive, " + n, base, count,
                recall::adaptive{{.walk = {.build_effort = 40}}}, coding::none));
    }
    out.table(
        "bytes, x 128, with a cache of 256 answers", {"told", "held", "ratio", "above/entry"},
        rows);
}

} // namespace bench
