// SPDX-License-Identifier: MIT
// room: graph. How a store forgets.
//
// Why:  a fall moves one figure per kind of link and the sums of their cohorts. What has gone is worked into the
//       rows only when the figure leaves the range that a stored weight has room for: after 32 units, a year at
//       the usual rates, or when a weight is written that does not fit.
// Laws: working it in moves no link and changes nothing that is read, except that statistics, which follow a kind
//       as if there were no floor, find the links there that have reached it.
// Cost: a fall is O(kinds of links); the first one and working in are O(links).
#pragma once

#include <cstddef>
#include <cstdint>

#include <runnel/core/array.hpp>
#include <runnel/core/math.hpp>
#include <runnel/core/order.hpp>
#include <runnel/graph/fading.hpp>
#include <runnel/graph/store.hpp>

namespace runnel {

template <class>
void detail::fading::start(
    node_type const* types, scope_id const* scopes, std::size_t nodes, link_type const* links,
    std::size_t link_types) {
    auto const key_of = [&](std::size_t n) {
        return static_cast<std::uint32_t>(
            index(types[n]) << 16 | (scopes == nullptr ? 0 : index(scopes[n])));
    };
    array<std::uint32_t> kinds;
    for (std::size_t n = 0; n < nodes; ++n)
        if (kinds.empty() || kinds.back() != key_of(n)) kinds.push_back(key_of(n));
    std::size_t unique = 0;
    sort(kinds.begin(), kinds.end());
    for (std::uint32_t const kind : kinds)
        if (unique == 0 || kinds[unique - 1] != kind) kinds[unique++] = kind;
    kinds.resize(unique);
    kind_of_.resize(nodes);
    for (std::size_t n = 0; n < nodes; ++n) {
        std::size_t low = 0;
        for (std::size_t high = unique; high - low > 1;) { // the gap halves
            std::size_t const middle = low + (high - low) / 2;
            (kinds[middle] <= key_of(n) ? low : high) = middle;
        }
        kind_of_[n] = static_cast<std::uint32_t>(low);
    }
    for (std::size_t i = 0; i < link_types; ++i) {
        if (index(links[i]) >= column_of_.size()) column_of_.resize(index(links[i]) + 1);
        column_of_[index(links[i])] = static_cast<std::uint16_t>(i);
    }
    columns_ = link_types;
    fades_.resize(unique * columns_);
    leaves_.resize(unique * columns_);
    for (std::size_t k = 0; k < unique; ++k)
        for (std::size_t c = 0; c < columns_; ++c) {
            auto const [type, scope] = std::pair{kinds[k] >> 16, kinds[k] & 0xFFFFU};
            leaf& l = leaves_[k * columns_ + c];
            l.of = {links[c], scope_id{static_cast<std::uint16_t>(scope)}};
            l.source = node_type{static_cast<std::uint16_t>(type)};
        }
}

/// With one type of links the head stands where it stood; else the tops of the row's stretches are compared.
inline best_link graph::store::faded_best(node_id node) const noexcept {
    head h = heads_[runnel::index(node)];
    detail::row_fades const fades = fading_.of(node);
    if (segments_ != nullptr) {
        h = top_of(node, degree(node), fades);
    } else if (h.target != no_node) {
        detail::fade const gone = fades.of(only_type_);
        h.lw = gone.of(h.lw);
        if (h.lw.raw() == detail::fade_floor && degree(node) > 1
            && gone.of(rows_[begin(node) + 1].lw) == h.lw)
            h.degree_and_tie |= tie_bit;
    }
    return {h.target, h.lw, h.place, (h.degree_and_tie & tie_bit) != 0};
}

template <class> void graph::store::start_fading() {
    detail::array<link_type> types;
    if (segments_ == nullptr) {
        types.push_back(only_type_);
    } else {
        std::size_t const stretches = segment_offsets_[heads_.size()];
        for (std::size_t i = 0; i < stretches; ++i) {
            bool known = false;
            for (link_type const type : types) known |= type == segments_[i].type;
            if (!known) types.push_back(segments_[i].type);
        }
        if (types.empty()) types.push_back(only_type_); // self loops alone
    }
    detail::fading fresh;
    fresh.start(types_, scopes_, heads_.size(), types.data(), types.size());
    for (std::uint32_t n = 0; n < heads_.size(); ++n)
        each_stretch(node_id{n}, [&](std::uint32_t first, std::uint32_t end, link_type type) {
            if (first == end) return;
            auto& leaf = fresh.leaf_of(node_id{n}, type);
            for (std::uint32_t p = first; p < end && rows_[p].lw.raw() >= detail::fade_floor; ++p) {
                ++leaf.members;
                leaf.sum += rows_[p].lw.raw();
            }
        });
    fading_ = static_cast<detail::fading&&>(fresh);
}

template <class> void graph::store::work_in() noexcept {
    for (std::uint32_t n = 0; n < heads_.size(); ++n) {
        each_stretch(node_id{n}, [&](std::uint32_t first, std::uint32_t end, link_type type) {
            if (first == end) return;
            auto& leaf = fading_.leaf_of(node_id{n}, type);
            std::int64_t const gone = leaf.raw_gone();
            for (std::uint32_t p = first; p < end && rows_[p].lw.raw() >= detail::fade_floor; ++p) {
                std::int64_t left = rows_[p].lw.raw() - gone;
                if (left < detail::fade_floor) {
                    cohorts_.shift(leaf.of, 1, left, detail::fade_floor - left);
                    leaf.sum += detail::fade_floor - left;
                    left = detail::fade_floor;
                }
                rows_[p].lw = log_weight::from_raw(static_cast<std::int32_t>(left));
            }
        });
        refresh_head(node_id{n}, degree(node_id{n}));
    }
    for (std::size_t i = 0; i < fading_.leaves().size(); ++i) {
        fading_.leaves()[i].gone &= (std::uint64_t{1} << 24) - 1;
        fading_.fade_of(i) = {};
    }
}

/// Under exclusive access. What throws has changed nothing.
template <class> void graph::store::fall(fall_rates const& rates, double seconds) {
    // 256 units is more than any weight has: beyond that all links of a kind are at the floor.
    constexpr double most = 0x1p56;
    auto const loss_of = [&](detail::fading::leaf const& leaf) {
        double const loss =
            math::product(math::product(rates.rate(leaf.of.type, leaf.source), seconds), 0x1p48);
        return static_cast<std::uint64_t>(math::nearest(loss < most ? loss : most));
    };
    constexpr std::int64_t far = std::int64_t{32} << 24;
    if (!fading_.started()) start_fading();
    bool too_far = false;
    for (auto const& leaf : fading_.leaves())
        too_far |= static_cast<std::int64_t>((leaf.gone + loss_of(leaf)) >> 24) > far;
    bool changed = too_far;
    for (std::size_t i = 0; i < fading_.leaves().size(); ++i) {
        auto& leaf = fading_.leaves()[i];
        std::int64_t const before = leaf.raw_gone();
        leaf.gone += loss_of(leaf);
        std::int64_t const by = before - leaf.raw_gone();
        if (!too_far) fading_.fade_of(i).gone = static_cast<std::int32_t>(leaf.raw_gone());
        if (by == 0 || leaf.members == 0) continue;
        cohorts_.shift(leaf.of, leaf.members, leaf.sum, by);
        leaf.sum += int128{leaf.members} * by;
        changed = true;
    }
    if (too_far) work_in();
    if (!changed) return;
    falls_ = next(falls_);
    writes_ = next(writes_);
}

template <class> status graph::store::forget(fall_rates const& rates, double seconds) {
    if (auto const sound = rates.validate(); !sound) return sound.error();
    if (!math::finite(seconds) || seconds < 0 || seconds >= 0x1p31)
        return fault{faults::bad_span, seconds};
    if (rows_.empty() || seconds == 0 || rates.still()) return {};
    if (!board_.try_write()) return fault{faults::store_busy};
    exclusive const held{board_};
    fall(rates, seconds);
    return {};
}

template <class> status graph::store::elapse(fall_rates const& rates, double seconds) {
    if (auto const sound = rates.validate(); !sound) return sound.error();
    if (!math::finite(seconds) || seconds < 0 || seconds >= 0x1p31)
        return fault{faults::bad_span, seconds};
    if (rows_.empty() || rates.still()) return {};
    // Fields that end their frames at once add up in any order.
    auto const steps = static_cast<std::uint64_t>(math::nearest(math::product(seconds, 0x1p30)));
    constexpr std::uint64_t long_ago = std::uint64_t{1} << 61; // before the sum could wrap
    std::uint64_t const passed = __atomic_add_fetch(&pending_time_, steps, __ATOMIC_RELAXED);
    if (__atomic_add_fetch(&pending_frames_, 1U, __ATOMIC_ACQ_REL) < rates.every
        && passed < long_ago)
        return {};
    if (!board_.try_write()) return fault{faults::store_busy};
    exclusive const held{board_};
    std::uint32_t const frames = __atomic_load_n(&pending_frames_, __ATOMIC_ACQUIRE);
    std::uint64_t const time = __atomic_load_n(&pending_time_, __ATOMIC_RELAXED);
    if (frames < rates.every && time < long_ago) return {}; // another field was faster
    if (time != 0) fall(rates, static_cast<double>(time) * 0x1p-30);
    __atomic_sub_fetch(&pending_time_, time, __ATOMIC_RELAXED);
    __atomic_sub_fetch(&pending_frames_, frames, __ATOMIC_RELEASE);
    return {};
}

/// Works in what has gone if some wish would end higher than can be stored beside it.
template <class> void graph::store::make_room(detail::array<wish> const& wishes) noexcept {
    bool full = false;
    for (std::size_t i = 0; i < wishes.size();) {
        node_id const source = wishes[i].change.source;
        link_id const link = wishes[i].change.link;
        detail::fade const fade = fade_of(source, link);
        full |= !fade.fits(wished(wishes.data(), wishes.size(), i, fade));
    }
    if (full) work_in();
}

} // namespace runnel
