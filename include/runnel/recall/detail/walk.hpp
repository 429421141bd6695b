// SPDX-License-Identifier: MIT
// room: recall. How a search goes through a layered net: down to the ground, then around from near to nearer.
//
// Laws: a walk ends when everybody in view has been looked around from. Reads alone.
#pragma once

#include <cstddef>
#include <cstdint>

#include <runnel/core/math.hpp>
#include <runnel/core/rng.hpp>
#include <runnel/recall/detail/net.hpp>
#include <runnel/recall/detail/scratch.hpp>
#include <runnel/recall/rows.hpp>

namespace runnel::recall::detail {

/// How a walk compares: exactly, or by codes.
struct by_rows {
    rows const& all;
    measured here;
    void prefetch(std::uint32_t slot) const noexcept { all.prefetch(slot); }
    [[nodiscard]] float one(std::uint32_t slot) const noexcept {
        return all.compare()(all[slot], here);
    }
    void four(std::uint32_t const* slot, float* found) const noexcept {
        measured const four[4] = {all[slot[0]], all[slot[1]], all[slot[2]], all[slot[3]]};
        all.compare().four(four, here, found);
    }
};
struct by_codes {
    codes const& with;
    codes::asked const& asked;
    void prefetch(std::uint32_t slot) const noexcept { with.prefetch(slot); }
    [[nodiscard]] float one(std::uint32_t slot) const noexcept {
        return with(asked, slot).similarity;
    }
    void four(std::uint32_t const* slot, float* found) const noexcept {
        codes::guess guesses[4];
        with.four(asked, slot, guesses);
        for (std::size_t i = 0; i < 4; ++i) found[i] = guesses[i].similarity;
    }
};

/// From `entry` down to above `level`, always to the nearest neighbour; what was met there is all that is in view.
inline void descend(
    net const& through, by_rows compare, std::uint32_t entry, std::uint32_t level, std::size_t wide,
    scratch& own) {
    near at{compare.one(entry), entry};
    for (std::uint32_t layer = through.at(entry).level; layer > level; --layer)
        for (bool better = true; better;) {
            better = false;
            list_view const list = through.list(at.slot, layer);
            for (std::uint32_t const other : list) compare.prefetch(other);
            for (std::uint32_t const other : list) {
                near const one{compare.one(other), other};
                if (!nearer(one, at)) continue;
                at = one;
                better = true;
            }
        }
    own.found.reset(wide);
    own.found.add(at);
}

/// Looks around from the nearest not yet looked around from, until nobody in view is left. How many were compared.
template <class Compare>
std::uint32_t walk(net const& through, Compare const& compare, std::uint32_t layer, scratch& own) {
    own.seen.reset(through.capacity());
    for (std::size_t i = 0; i < own.found.size(); ++i)
        static_cast<void>(own.seen.mark(own.found[i].slot));
    std::uint32_t compared = 0;
    for (std::uint32_t from; own.found.next(from);) {
        if (std::uint32_t const after = own.found.peek(); after != no_slot)
            through.prefetch(after, layer);
        own.batch.clear();
        for (std::uint32_t const other : through.list(from, layer))
            if (own.seen.mark(other)) {
                own.batch.push_back(other);
                compare.prefetch(other);
            }
        std::size_t const n = own.batch.size();
        std::uint32_t const* const slot = own.batch.data();
        std::size_t i = 0;
        for (; i + 4 <= n; i += 4) {
            float found[4];
            compare.four(slot + i, found);
            for (std::size_t j = 0; j < 4; ++j)
                if (own.found.admits(found[j])) own.found.add({found[j], slot[i + j]});
        }
        for (; i < n; ++i) {
            float const found = compare.one(slot[i]);
            if (own.found.admits(found)) own.found.add({found, slot[i]});
        }
        compared += static_cast<std::uint32_t>(n);
    }
    return compared;
}

/// Which share of the entries a filter admits, guessed from some of them, never below what one of them is. They are
/// taken here and there: a filter may go by every tenth entry.
template <class Admits> [[nodiscard]] double share_admitted(rows const& all, Admits const& admits) {
    std::uint32_t live = 0;
    std::uint32_t admitted = 0;
    for (std::uint64_t i = 0; i < 200; ++i) {
        auto const slot = static_cast<std::uint32_t>(math::high_product(mix(i + 1), all.end()));
        if (!all.live(slot)) continue;
        ++live;
        admitted += admits(slot) ? 1U : 0U;
    }
    return (static_cast<double>(admitted) + .5) / (static_cast<double>(live) + .5);
}

} // namespace runnel::recall::detail
