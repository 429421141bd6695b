// SPDX-License-Identifier: MIT
// Vectors and small stores for the tests of this room.
#pragma once

#include <cstdint>
#include <vector>

#include <runnel/core/rng.hpp>
#include <runnel/recall/index.hpp>

namespace recall_test {

using vector = std::vector<float>;

inline vector drawn(std::size_t dimension, std::uint64_t seed) {
    runnel::counter_rng const draw{{.seed = seed}};
    vector numbers(dimension);
    for (std::size_t i = 0; i < dimension; ++i)
        numbers[i] = static_cast<float>(draw.unit(i) * 2 - 1);
    return numbers;
}

/// Rows and an index over them, without a memory around.
template <class Index> struct box {
    runnel::recall::rows rows;
    Index index;

    explicit box(runnel::recall::rows::shape of, Index made = Index{})
        : rows(of), index(std::move(made)) {}

    std::uint32_t add(vector const& v) {
        auto const m = rows.compare().measure(v).value();
        auto more = rows.more(std::size_t{rows.next()} + 1);
        rows.adopt(more);
        std::uint32_t const slot = rows.next();
        rows.write(m);
        index.plan_add(rows, slot);
        index.apply();
        rows.publish();
        return slot;
    }
    void erase(std::uint32_t slot) {
        index.plan_erase(rows, slot);
        index.apply();
        rows.withdraw(slot);
    }
    template <class Admits = runnel::recall::detail::anyone>
    std::vector<runnel::recall::near> search(
        vector const& query, runnel::recall::search_wish wish, Admits const& admits = {}) {
        info = index.search(rows, rows.compare().measure(query).value(), wish, admits, own);
        own.best.settle();
        return {own.best.begin(), own.best.end()};
    }

    runnel::recall::scratch own;
    runnel::recall::search_info info;
};

inline bool same(
    std::vector<runnel::recall::near> const& a, std::vector<runnel::recall::near> const& b) {
    if (a.size() != b.size()) return false;
    for (std::size_t i = 0; i < a.size(); ++i)
        if (a[i].slot != b[i].slot || a[i].similarity != b[i].similarity) return false;
    return true;
}

} // namespace recall_test
