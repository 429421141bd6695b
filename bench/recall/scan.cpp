// SPDX-License-Identifier: MIT
// Does an exact scan go as fast as memory can be read?
//
// Against: a bare sequential read of the same bytes (at least .8 of its speed). Batches of 16 queries read
//       each row once for all of them (hoped: 4 times as fast per query). Codes of a byte per number must give
//       the same answer to the bit, 3 times as fast.
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <string>
#include <vector>

#include "recall/judged.hpp"
#include "recall/tables.hpp"

namespace bench {
namespace {

constexpr std::size_t at_once = 16;

/// Adds up words in registers: the least that reads all of it.
std::uint64_t read_all(void const* from, std::size_t bytes) {
    using line = std::uint64_t __attribute__((vector_size(32)));
    auto const* const words = static_cast<std::byte const*>(from);
    line sum[8]{};
    for (std::size_t at = 0; at + sizeof sum <= bytes; at += sizeof sum)
        for (std::size_t i = 0; i < 8; ++i) {
            line word;
            __builtin_memcpy(&word, words + at + i * sizeof word, sizeof word);
            sum[i] += word;
        }
    for (std::size_t i = 1; i < 8; ++i) sum[0] += sum[i];
    return sum[0][0] + sum[0][1] + sum[0][2] + sum[0][3];
}

void one_size(suite& out, std::size_t count, std::size_t dimension) {
    std::string const title = "scan " + size_text(count, dimension);
    if (!out.wants(title)) return;
    out.progress(title);
    cloud const base = make_cloud({.count = count, .dimension = dimension});
    cloud const queries = make_cloud({.count = at_once, .dimension = dimension, .seed = 2});
    auto plain = made_memory({.dimension = dimension}, recall::flat{});
    auto coded =
        made_memory({.dimension = dimension, .coded = recall::coding::bytes}, recall::flat{});
    plain.reserve(count).value();
    coded.reserve(count).value();
    fill(out, title, plain, base, 0, count);
    fill(out, title, coded, base, 0, count);
    recall::rows const& rows = plain.vectors();
    auto const asked = measured_all(rows, queries);
    std::vector<recall::nearest> best(at_once);
    std::size_t const bytes = count * dimension * sizeof(float);
    if (rows.numbers(static_cast<std::uint32_t>(count - 1))
        != rows.numbers(0) + (count - 1) * dimension) {
        out.expect("reserved rows lie in one piece", false);
        return;
    }
    auto const each = [&](auto const& memory) {
        for (std::size_t q = 0; q < at_once; ++q) do_not_optimise(memory.search(queries[q]));
    };
    auto const found = out.compare(
        {.title = title + ", one query, exact", .unit = "us", .per = 1e3 * at_once},
        {{"bare read",
          [&] {
              for (std::size_t q = 0; q < at_once; ++q)
                  do_not_optimise(read_all(rows.numbers(0), bytes));
          }},
         {"one by one", [&] { each(plain); }},
         {"sixteen at once",
          [&] {
              for (auto& b : best) b.reset(10);
              do_not_optimise(recall::detail::scan_all(
                  rows, asked.data(), at_once, recall::detail::anyone{}, best.data()));
              for (auto& b : best) b.settle();
          }},
         {"one by one, codes", [&] { each(coded); }}});
    bool same = true;
    for (std::size_t q = 0; q < at_once; ++q) {
        auto const exact = plain.search(queries[q]).value();
        same = same && exact.hits == coded.search(queries[q]).value().hits;
        for (std::size_t i = 0; i < exact.size(); ++i)
            same = same && best[q][i].slot == exact[i].entry.slot
                   && best[q][i].similarity == exact[i].similarity;
    }
    out.expect("the three answers are the same to the bit, " + title, same);
    if (found.empty()) return;
    double const size = static_cast<double>(bytes);
    char text[200];
    std::snprintf(
        text, sizeof text,
        "read %.1f GB/s, scan %.1f GB/s: %.2f of it (goal .8); at once %.1f times as fast (hoped "
        "4); "
        "codes %.1f times (goal 3)",
        size / found[0].figure.median * 1e-3, size / found[1].figure.median * 1e-3,
        1 / found[1].ratio.median, found[1].ratio.median / found[2].ratio.median,
        found[1].ratio.median / found[3].ratio.median);
    out.say(text);
}

} // namespace

void table_scan(suite& out) {
    if (out.check()) return; // nothing here has a limit
    one_size(out, 100'000, 128);
    one_size(out, 10'000, 768);
}

} // namespace bench
