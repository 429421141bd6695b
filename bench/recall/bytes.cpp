// SPDX-License-Identifier: MIT
// Is what a memory says it holds what was asked of the system for it?
//
// How:  operator new of this program writes the length asked for behind each block; what lives is their sum.
// Limit: within 5 %.
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <new>
#include <string>
#include <vector>

#include <malloc.h>

#include "recall/judged.hpp"
#include "recall/tables.hpp"

namespace {

std::size_t asked_for = 0; // and not given back; one thread

std::size_t& length_of(void* block) {
    return *reinterpret_cast<std::size_t*>(
        static_cast<std::byte*>(block) + malloc_usable_size(block) - sizeof(std::size_t));
}
void* take(std::size_t bytes, std::size_t alignment) {
    std::size_t const whole = bytes + 2 * sizeof(std::size_t);
    void* block = nullptr;
    if (alignment <= alignof(std::max_align_t))
        block = std::malloc(whole);
    else if (posix_memalign(&block, alignment, whole) != 0)
        block = nullptr;
    if (block == nullptr) throw std::bad_alloc{};
    length_of(block) = bytes;
    asked_for += bytes;
    return block;
}
void give(void* block) noexcept {
    if (block == nullptr) return;
    asked_for -= length_of(block);
    std::free(block);
}

} // namespace

void* operator new(std::size_t n) { return take(n, 1); }
void* operator new[](std::size_t n) { return take(n, 1); }
void* operator new(std::size_t n, std::align_val_t a) { return take(n, std::size_t(a)); }
void* operator new[](std::size_t n, std::align_val_t a) { return take(n, std::size_t(a)); }
void operator delete(void* b) noexcept { give(b); }
void operator delete[](void* b) noexcept { give(b); }
void operator delete(void* b, std::size_t) noexcept { give(b); }
void operator delete[](void* b, std::size_t) noexcept { give(b); }
void operator delete(void* b, std::align_val_t) noexcept { give(b); }
void operator delete[](void* b, std::align_val_t) noexcept { give(b); }
void operator delete(void* b, std::size_t, std::align_val_t) noexcept { give(b); }
void operator delete[](void* b, std::size_t, std::align_val_t) noexcept { give(b); }

namespace bench {
namespace {

template <class Index>
row one(
    suite& out, std::string const& name, cloud const& base, std::size_t count, Index index,
    recall::coding coded) {
    std::size_t const before = asked_for;
    auto memory =
        made_memory({.dimension = base.dimension, .coded = coded, .cached = 256}, std::move(index));
    fill(out, name, memory, base, 0, count);
    for (std::size_t q = 0; q < 300; ++q) static_cast<void>(memory.search(base[q]).value());
    double const held = static_cast<double>(asked_for - before);
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
