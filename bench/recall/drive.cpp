// SPDX-License-Identifier: MIT
// The walk on vectors of your own, and vectors of ours for other programs.
//
// Why:  figures of different programs compare only on the same numbers, asked the same way. What is measured is
//       `memory::search` as a caller has it, without its cache.
#include <algorithm>
#include <bit>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "recall/judged.hpp"
#include "recall/tables.hpp"

namespace bench {
namespace {

static_assert(std::endian::native == std::endian::little);

struct wanted {
    std::string base, query, truth, write;
    std::size_t dimension = 0;
    std::size_t count = 0;
    std::size_t k = 10;
    recall::metric by = recall::metric::cosine;
    recall::coding coded = recall::coding::none;
    std::vector<std::size_t> efforts{10, 16, 24, 32, 48, 64, 96, 128, 192, 256, 384, 512};
};

std::size_t number(std::string_view option, std::string_view text, std::size_t most) {
    std::size_t n = 0;
    auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), n);
    if (error != std::errc{} || end != text.data() + text.size() || n < 1 || n > most)
        throw refused{
            std::string(option) + ": not a number from 1 to " + std::to_string(most) + ": "
            + std::string(text)};
    return n;
}
wanted parsed(std::vector<std::string> const& words) {
    wanted w;
    for (std::size_t i = 0; i < words.size(); ++i) {
        std::string const& option = words[i];
        std::string_view const known[] = {"--base", "--query", "--truth",   "--write",  "--dim",
                                          "--n",    "--k",     "--efforts", "--metric", "--coding"};
        if (std::find(std::begin(known), std::end(known), option) == std::end(known))
            throw refused{"unknown option " + option + "; --help lists them"};
        if (i + 1 == words.size()) throw refused{option + " needs a value; --help says which"};
        std::string const& value = words[++i];
        if (option == "--base") w.base = value;
        if (option == "--query") w.query = value;
        if (option == "--truth") w.truth = value;
        if (option == "--write") w.write = value;
        if (option == "--dim") w.dimension = number(option, value, 65'536);
        if (option == "--n") w.count = number(option, value, 100'000'000);
        if (option == "--k") w.k = number(option, value, 10'000);
        if (option == "--efforts") {
            w.efforts.clear();
            for (std::string_view rest = value;;) {
                std::size_t const comma = rest.find(',');
                w.efforts.push_back(number(option, rest.substr(0, comma), 1'000'000));
                if (comma == std::string_view::npos) break;
                rest.remove_prefix(comma + 1);
            }
        }
        if (option == "--metric") {
            if (value == "cosine")
                w.by = recall::metric::cosine;
            else if (value == "ip")
                w.by = recall::metric::inner_product;
            else if (value == "l2")
                w.by = recall::metric::l2;
            else
                throw refused{"--metric: cosine, ip or l2, not " + value};
        }
        if (option == "--coding") {
            if (value != "none" && value != "bytes")
                throw refused{"--coding: none or bytes, not " + value};
            w.coded = value == "none" ? recall::coding::none : recall::coding::bytes;
        }
    }
    if (w.dimension == 0) throw refused{"--dim is missing"};
    if (w.write.empty() && (w.base.empty() || w.query.empty()))
        throw refused{"--base and --query are both needed, or --write"};
    if (!w.write.empty() && w.count == 0) throw refused{"--write needs --n"};
    return w;
}

template <class T> std::vector<T> read(std::string const& path, std::size_t per_row) {
    std::error_code wrong;
    auto const bytes = std::filesystem::file_size(path, wrong);
    std::ifstream in(path, std::ios::binary);
    if (wrong || !in) throw refused{"cannot read " + path};
    if (bytes == 0 || bytes % (per_row * sizeof(T)) != 0)
        throw refused{
            path + ": " + std::to_string(bytes) + " bytes are not rows of "
            + std::to_string(per_row) + " numbers of " + std::to_string(sizeof(T)) + " bytes"};
    std::vector<T> all(bytes / sizeof(T));
    if (!in.read(reinterpret_cast<char*>(all.data()), static_cast<std::streamsize>(bytes)))
        throw refused{"cannot read " + path};
    return all;
}
template <class T> void write(std::string const& path, std::vector<T> const& all) {
    std::ofstream to(path, std::ios::binary);
    to.write(
        reinterpret_cast<char const*>(all.data()),
        static_cast<std::streamsize>(all.size() * sizeof(T)));
    if (!to.flush()) throw refused{"cannot write " + path};
}

template <class Memory>
void fill_or_refuse(suite const& out, std::string const& path, Memory& memory, cloud const& base) {
    if (!memory.reserve(base.size())) throw refused{path + ": too many rows"};
    for (std::size_t i = 0; i < base.size(); ++i) {
        if (i % 256 == 0) out.progress(path, static_cast<int>(i), static_cast<int>(base.size()));
        if (auto const one = memory.add(base[i], static_cast<std::uint32_t>(i)); !one)
            throw refused{
                path + ", row " + std::to_string(i) + ": " + std::string(one.error().sentence())};
    }
}

/// The k nearest of each query by the exact scan, nearest first.
std::vector<std::int32_t> exact(
    suite const& out, wanted const& w, cloud const& base, cloud const& queries) {
    auto memory = made_memory({.dimension = w.dimension, .by = w.by}, recall::flat{});
    fill_or_refuse(out, w.base, memory, base);
    std::vector<std::int32_t> all;
    for (std::size_t q = 0; q < queries.size(); ++q) {
        out.progress("the truth", static_cast<int>(q), static_cast<int>(queries.size()));
        auto const answer = memory.search(queries[q], {.k = w.k});
        if (!answer)
            throw refused{
                w.query + ", row " + std::to_string(q) + ": "
                + std::string(answer.error().sentence())};
        for (recall::hit const& h : *answer) all.push_back(static_cast<std::int32_t>(h.entry.slot));
    }
    return all;
}

void write_all(suite& out, wanted w) {
    cloud const base = make_cloud({.count = w.count, .dimension = w.dimension});
    cloud const queries = make_cloud({.count = 1'000, .dimension = w.dimension, .seed = 2});
    w.k = std::min(w.k, w.count);
    auto const truth = exact(out, w, base, queries);
    write(w.write + ".base", base.numbers);
    write(w.write + ".query", queries.numbers);
    write(w.write + ".truth", truth);
    out.progress("");
    out.say(
        "wrote " + w.write + ".base, .query and .truth: " + size_text(w.count, w.dimension)
        + ", 1000 queries, " + std::to_string(w.k) + " each");
}

} // namespace

void drive(suite& out, std::vector<std::string> const& words) {
    wanted w = parsed(words);
    if (!w.write.empty()) return write_all(out, w);
    cloud const base{w.dimension, read<float>(w.base, w.dimension), {}};
    cloud const queries{w.dimension, read<float>(w.query, w.dimension), {}};
    if (w.k > base.size())
        throw refused{
            "--k " + std::to_string(w.k) + " of " + std::to_string(base.size()) + " rows"};
    std::vector<std::int32_t> known = w.truth.empty() ? exact(out, w, base, queries)
                                                      : read<std::int32_t>(w.truth, queries.size());
    std::size_t const per_query = known.size() / queries.size();
    if (per_query < w.k)
        throw refused{
            w.truth + ": " + std::to_string(per_query) + " for each query, --k asks for "
            + std::to_string(w.k)};
    std::vector<slots> truth;
    for (std::size_t q = 0; q < queries.size(); ++q) {
        truth.emplace_back();
        for (std::size_t i = 0; i < w.k; ++i) {
            std::int32_t const one = known[q * per_query + i];
            if (one < 0 || static_cast<std::size_t>(one) >= base.size())
                throw refused{
                    w.truth + ", query " + std::to_string(q) + ": " + std::to_string(one)
                    + " is no row of " + w.base};
            truth.back().push_back(static_cast<std::uint32_t>(one));
        }
        std::sort(truth.back().begin(), truth.back().end());
    }

    auto memory =
        made_memory({.dimension = w.dimension, .coded = w.coded, .by = w.by}, recall::hnsw{});
    double const begin = thread_time();
    fill_or_refuse(out, w.base, memory, base);
    double const n = static_cast<double>(base.size());
    double const build = (thread_time() - begin) / n;
    std::vector<candidate> candidates;
    std::vector<quality> found;
    for (std::size_t const effort : w.efforts) {
        recall::wish const asked{.k = w.k, .effort = effort};
        for (std::size_t q = 0; q < queries.size(); ++q)
            if (auto const a = memory.search(queries[q], asked); !a)
                throw refused{
                    w.query + ", row " + std::to_string(q) + ": "
                    + std::string(a.error().sentence())};
        found.push_back(quality_of(memory, queries, truth, asked));
        candidates.push_back({"effort " + std::to_string(effort), [&memory, &queries, asked] {
                                  for (std::size_t q = 0; q < queries.size(); ++q)
                                      do_not_optimise(memory.search(queries[q], asked));
                              }});
    }
    auto const times =
        out.measure({.title = w.base, .per = static_cast<double>(queries.size())}, candidates);
    std::vector<row> rows;
    for (std::size_t i = 0; i < candidates.size(); ++i)
        rows.push_back(
            {candidates[i].name,
             {found[i].recall, 1e9 / times.found[i].figure.median, found[i].compared}});
    out.table(
        w.base + ", " + size_text(base.size(), w.dimension) + ", " + std::to_string(queries.size())
            + " queries (" + std::to_string(times.rounds) + " rounds)",
        {"recall@" + std::to_string(w.k), "queries/s", "compared"}, rows);
    double const vector = static_cast<double>(w.dimension * sizeof(float));
    auto const above = [&](std::size_t bytes) { return static_cast<double>(bytes) / n - vector; };
    char text[160];
    std::snprintf(
        text, sizeof text,
        "%.1f us to add one; bytes above each vector: %.0f of rows and net, %.0f with records and "
        "all",
        build * 1e-3, above(memory.vectors().bytes() + memory.index().bytes()),
        above(memory.bytes()));
    out.say(text);
}

} // namespace bench
