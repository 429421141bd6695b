// SPDX-License-Identifier: MIT
// How long does one search of a memory take, and what does its cache save?
//
// Why:  means hide the slow one in a hundred. A cached answer is given only while the memory is what it was,
//       so every write empties the cache: what it saves depends on how often that happens.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "recall/judged.hpp"
#include "recall/tables.hpp"

namespace bench {
namespace {

constexpr std::size_t dimension = 128;

/// What it takes to ask for the time, which is as long as a cached answer; ns.
double asking_for_time() {
    double least = 1e9;
    for (int i = 0; i < 1000; ++i) {
        double const begin = thread_time();
        least = std::min(least, thread_time() - begin);
    }
    return least;
}
double at_share(std::vector<double> const& sorted, double share) {
    return sorted[static_cast<std::size_t>(share * static_cast<double>(sorted.size() - 1))];
}

void alone(suite& out) {
    std::string const title = "latency of memory::search";
    if (!out.wants(title)) return;
    std::vector<std::size_t> sizes{1'000};
    if (out.full()) sizes.insert(sizes.end(), {10'000, 100'000});
    cloud const base = make_cloud({.count = sizes.back(), .dimension = dimension});
    cloud const queries = make_cloud({.count = 4'000, .dimension = dimension, .seed = 2});
    std::vector<row> rows;
    double const clock = asking_for_time();
    auto memory = made_memory({.dimension = dimension}, recall::adaptive{});
    std::size_t filled = 0;
    for (std::size_t const size : sizes) {
        fill(out, title, memory, base, filled, size);
        filled = size;
        std::vector<double> times;
        for (int round = 0; round < 3; ++round)
            for (std::size_t q = 0; q < queries.size(); ++q) {
                double const begin = thread_time();
                do_not_optimise(memory.search(queries[q]));
                times.push_back((thread_time() - begin - clock) * 1e-3);
            }
        std::sort(times.begin(), times.end());
        rows.push_back(
            {std::to_string(size),
             {at_share(times, .5), at_share(times, .9), at_share(times, .99)}});
    }
    out.table(title + ", x 128, us", {"p50", "p90", "p99"}, rows);
}

/// Numbers of queries, the first the most frequent: as 1, 1/2, 1/3, ...
std::vector<std::size_t> zipf(std::size_t distinct, std::size_t count) {
    std::vector<double> until(distinct);
    double sum = 0;
    for (std::size_t i = 0; i < distinct; ++i) until[i] = sum += 1 / static_cast<double>(i + 1);
    random_words words{3};
    std::vector<std::size_t> stream(count);
    for (std::size_t& s : stream)
        s = static_cast<std::size_t>(
            std::lower_bound(until.begin(), until.end(), words.unit() * sum) - until.begin());
    return stream;
}

void cached(suite& out) {
    std::string const title = "latency with a cache";
    if (!out.wants(title)) return;
    std::size_t const size = out.full() ? 10'000 : 2'000;
    cloud const base = make_cloud({.count = size + 4'000, .dimension = dimension});
    cloud const queries = make_cloud({.count = 1'000, .dimension = dimension, .seed = 2});
    auto const stream = zipf(queries.size(), 20'000);
    std::vector<row> rows;
    double const clock = asking_for_time();
    for (std::uint32_t const entries : {0U, recall::cache_config{}.entries}) {
        auto memory = made_memory({.dimension = dimension, .cached = entries}, recall::adaptive{});
        fill(out, title, memory, base, 0, size);
        for (std::size_t const every : {std::size_t{0}, std::size_t{100}, std::size_t{10}}) {
            std::vector<double> times;
            std::vector<double> of_hits;
            double sum = 0;
            std::size_t next = size;
            for (std::size_t i = 0; i < stream.size(); ++i) {
                if (every != 0 && i % every == 0) { // one comes, one goes
                    auto const entry = memory.add(base[next], 0).value();
                    static_cast<void>(memory.erase(entry));
                    next = next + 1 < base.size() ? next + 1 : size;
                }
                double const begin = thread_time();
                auto const answer = memory.search(queries[stream[i]]).value();
                double const took = (thread_time() - begin - clock) * 1e-3;
                times.push_back(took);
                sum += took;
                if (answer.info.cached) of_hits.push_back(took);
            }
            double const n = static_cast<double>(times.size());
            double const hits = static_cast<double>(of_hits.size()) / n;
            std::sort(times.begin(), times.end());
            std::sort(of_hits.begin(), of_hits.end());
            rows.push_back(
                {(entries == 0 ? std::string("no cache, ") : std::to_string(entries) + " kept, ")
                     + (every == 0 ? std::string("no writes")
                                   : "a write per " + std::to_string(every)),
                 {hits, sum / n, at_share(times, .5), at_share(times, .99),
                  of_hits.empty() ? 0 : at_share(of_hits, .5)}});
        }
    }
    out.table(
        title + ": 1000 queries by Zipf's law, 10000 x 128, us",
        {"hit rate", "mean", "p50", "p99", "of a hit"}, rows);
}

} // namespace

void table_latency(suite& out) {
    if (out.check()) return; // nothing here has a limit
    alone(out);
    cached(out);
}

} // namespace bench
