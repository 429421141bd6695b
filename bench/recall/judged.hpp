// SPDX-License-Identifier: MIT
// What the tables of this program share: memories without a cache, their filling, the truth and the recall.
//
// Laws: the truth is the exact scan's; `tests/recall` holds that against a brute force search.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <runnel/recall.hpp>

#include "recall/vectors.hpp"
#include "support/harness.hpp"

namespace bench {

namespace recall = runnel::recall;

template <class Index> using memory_of = recall::memory<std::uint32_t, Index>;

struct memory_shape {
    std::size_t dimension = 0;
    recall::coding coded = recall::coding::none;
    recall::metric by = recall::metric::cosine;
    std::uint32_t cached = 0;
};
/// Payloads are the numbers of the vectors.
template <class Index> memory_of<Index> made_memory(memory_shape const& shape, Index index) {
    return recall::make_memory<std::uint32_t>(
               {.dimension = shape.dimension,
                .metric = shape.by,
                .coding = shape.coded,
                .cache = {.entries = shape.cached}},
               std::move(index))
        .value();
}

/// Vectors [from, to) of the cloud; ns per entry.
template <class Memory>
double fill(
    suite const& out, std::string const& what, Memory& memory, cloud const& with, std::size_t from,
    std::size_t to) {
    double took = 0;
    for (std::size_t i = from; i < to;) {
        std::size_t const stop = std::min(to, i + 256);
        double const begin = thread_time();
        for (; i < stop; ++i)
            static_cast<void>(memory.add(with[i], static_cast<std::uint32_t>(i)).value());
        took += thread_time() - begin;
        out.progress(what, static_cast<int>(i - from), static_cast<int>(to - from));
    }
    return took / static_cast<double>(to - from);
}

inline std::vector<recall::measured> measured_all(recall::rows const& by, cloud const& queries) {
    std::vector<recall::measured> all;
    for (std::size_t i = 0; i < queries.size(); ++i)
        all.push_back(by.compare().measure(queries[i]).value());
    return all;
}

using slots = std::vector<std::uint32_t>;

/// The k nearest slots of every query, sorted by slot.
inline std::vector<slots> truth_of(recall::rows const& all, cloud const& queries, std::size_t k) {
    auto const asked = measured_all(all, queries);
    std::vector<slots> truth;
    std::vector<recall::nearest> best(16);
    for (std::size_t i = 0; i < asked.size(); i += 16) {
        std::size_t const count = std::min<std::size_t>(16, asked.size() - i);
        for (auto& b : best) b.reset(k);
        recall::detail::scan_all(
            all, asked.data() + i, count, recall::detail::anyone{}, best.data());
        for (std::size_t q = 0; q < count; ++q) {
            slots found;
            for (recall::near const one : best[q]) found.push_back(one.slot);
            std::sort(found.begin(), found.end());
            truth.push_back(std::move(found));
        }
    }
    return truth;
}

/// How many of the truth were found, over queries.
class recall_count {
public:
    void found(std::uint32_t slot, slots const& truth) {
        hits_ += std::binary_search(truth.begin(), truth.end(), slot) ? 1U : 0U;
    }
    void asked(slots const& truth) { all_ += truth.size(); }
    [[nodiscard]] double share() const {
        return static_cast<double>(hits_) / static_cast<double>(all_);
    }

private:
    std::size_t hits_ = 0;
    std::size_t all_ = 0;
};

struct quality {
    double recall = 0;
    double compared = 0; // vectors per query
};
template <class Memory>
quality quality_of(
    Memory const& memory, cloud const& queries, std::vector<slots> const& truth,
    recall::wish const& asked) {
    recall_count count;
    double compared = 0;
    for (std::size_t q = 0; q < queries.size(); ++q) {
        auto const answer = memory.search(queries[q], asked).value();
        for (recall::hit const& h : answer) count.found(h.entry.slot, truth[q]);
        count.asked(truth[q]);
        compared += answer.info.compared;
    }
    return {count.share(), compared / static_cast<double>(queries.size())};
}

/// "20000 x 128"
inline std::string size_text(std::size_t count, std::size_t dimension) {
    return std::to_string(count) + " x " + std::to_string(dimension);
}

} // namespace bench
