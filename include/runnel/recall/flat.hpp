// SPDX-License-Identifier: MIT
// room: recall. The index that looks at everything.
//
// Why:  exact, nothing to keep up to date, and the faster one up to some thousand entries.
// Laws: finds what a brute force search finds, in any order of insertion; with codes too, to the bit.
// Cost: the memory's speed: 512 bytes per entry at 128 numbers, a quarter of it with codes.
#pragma once

#include <cstddef>
#include <cstdint>

#include <runnel/recall/index.hpp>

namespace runnel::recall {

class flat {
public:
    void plan_add(rows const&, std::uint32_t) noexcept {}
    void plan_erase(rows const&, std::uint32_t) noexcept {}
    void apply() noexcept {}
    void clear() noexcept {}
    [[nodiscard]] bool scans() const noexcept { return true; }
    [[nodiscard]] flat rebuilt(rows const&) const noexcept { return {}; }
    template <class Admits>
    search_info search(
        rows const& all, measured query, search_wish wish, Admits const& admits,
        scratch& own) const {
        std::uint32_t const compared = detail::scan(all, query, wish.k, admits, own);
        return {.by = searched::scan, .compared = compared};
    }
    [[nodiscard]] status check(rows const&) const noexcept { return {}; }
    [[nodiscard]] std::size_t bytes() const noexcept { return 0; }
    [[nodiscard]] std::size_t growth(rows const&, std::uint32_t) const noexcept { return 0; }
};
static_assert(vector_index<flat>);

} // namespace runnel::recall
