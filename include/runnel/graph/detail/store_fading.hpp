// SPDX-License-Identifier: MIT
// room: graph. How a store forgets.
//
// Why:  a fall moves one figure per kind of link and the sums of their cohorts. What has gone is worked into the
//       rows only when the figure leaves the range that a stored weight has room for: after 32 units, a year at
//       the usual rates; when what relaxes has come half the way; or when a weight is written that does not fit.
// Laws: working it in moves no link and changes nothing that is read, except that statistics, which follow a kind
//       as if there were no floor, find the links there that have reached it.
// Cost: a fall is O(kinds of links); the first one and working in are O(links).
#pragma once

#include <cstddef>
#include <cstdint>

#include <runnel/core/array.hpp>
#include <runnel/core/math.hpp>
#include <runnel/core/order.hpp>
#include <runnel/graph/detail/tall_write.hpp>
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
    for (std::size_t k = 0; k < unique; ++k) {
        kinds_.push_back({fades_.data() + k * columns_, column_of_.data()});
        for (std::size_t c = 0; c < columns_; ++c) {
            auto const [type, scope] = std::pair{kinds[k] >> 16, kinds[k] & 0xFFFFU};
            leaf& l = leaves_[k * columns_ + c];
            l.of = {links[c], scope_id{static_cast<std::uint16_t>(scope)}};
            l.source = node_type{static_cast<std::uint16_t>(type)};
        }
    }
}

/// With one type of links the head stands where it stood; else the tops of the row's stretches are compared.
template <class> best_link graph::store::faded_best(node_id node) const noexcept {
    head h = heads_[runnel::index(node)];
    detail::row_fades const& fades = fading_.of(node);
    if (segments_ != nullptr) {
        h = top_of(node, degree(node), fades);
    } else if (h.target != no_node) {
        detail::fade const gone = fades.of(only_type_);
        h.lw = gone.of(h.lw);
        if ((gone.merges() || h.lw.raw() == detail::fade_floor) && degree(node) > 1
            && gone.of(stretch(begin(node), begin(node) + degree(node))[1].lw) == h.lw)
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
            each_entry(first, end, [&](row_entry const& entry) {
                if (entry.lw.raw() < detail::fade_floor) return false;
                leaf.members.add(entry.lw);
                return true;
            });
        });
    fading_ = static_cast<detail::fading&&>(fresh);
}

/// Calls f(leaf, link, what it weighs without the floor) for those not written below it, until it returns false for the
/// rest of a stretch.
template <class F> void graph::store::each_member(F&& f) {
    for (std::uint32_t n = 0; n < heads_.size(); ++n)
        each_stretch(node_id{n}, [&](std::uint32_t first, std::uint32_t end, link_type type) {
            if (first == end) return;
            auto& leaf = fading_.leaf_of(node_id{n}, type);
            std::uint32_t const scale = leaf.raw_scale();
            std::int64_t const gone = leaf.raw_gone();
            each_entry(first, end, [&](row_entry const& entry) {
                return entry.lw.raw() >= detail::fade_floor
                       && f(
                           leaf, const_cast<row_entry&>(entry), // ours, and we are not const
                           detail::fade::value(entry.lw, scale, gone));
            });
        });
}

/// A kind that relaxes is stored higher than it reads, so that a weight below what the others came up by fits too: by
/// their mean above the floor and a unit, if the highest of them leaves that room.
template <class> void graph::store::work_in() noexcept {
    constexpr std::int64_t unit = std::int64_t{1} << log_weight::fraction_bits;
    constexpr std::int64_t floor = detail::fade_floor;
    each_member([](auto& leaf, row_entry const&, std::int64_t value) {
        if (value > leaf.highest) leaf.highest = value;
        return false; // the first of a stretch is its highest
    });
    for (auto& leaf : fading_.leaves()) {
        auto& sums = leaf.members;
        cohorts_.adjust(leaf.of, -sums.sum, -sums.squares);
        leaf.room = 0;
        if (leaf.scale < 1 && sums.count != 0) {
            leaf.room = static_cast<std::int64_t>(sums.sum / sums.count) - floor + unit;
            std::int64_t const left = detail::fade::most - leaf.highest;
            std::int64_t const most = left < 16 * unit ? left : 16 * unit;
            leaf.room = leaf.room < 0 || most < 0 ? 0 : (leaf.room < most ? leaf.room : most);
        }
        sums = {sums.count, 0, 0};
    }
    each_member([](auto& leaf, row_entry& entry, std::int64_t value) {
        if (value < floor) value = floor;
        if (value > detail::fade::most) value = detail::fade::most;
        leaf.members.adjust(value, int128{value} * value);
        entry.lw = log_weight::from_raw(static_cast<std::int32_t>(value + leaf.room));
        return true;
    });
    for (std::size_t i = 0; i < fading_.leaves().size(); ++i) {
        auto& leaf = fading_.leaves()[i];
        cohorts_.adjust(leaf.of, leaf.members.sum, leaf.members.squares);
        leaf.scale = 1;
        leaf.gone = leaf.room * unit + (leaf.gone & (unit - 1));
        leaf.highest = floor;
        fading_.fade_of(i) = leaf.now();
    }
    talls_.each([&](detail::tall_stretch& tall) {
        detail::tall_writer{tall, place_of_.data()}.find_lowest();
    });
    for (std::uint32_t n = 0; n < heads_.size(); ++n) refresh_head(node_id{n}, degree(node_id{n}));
}

/// Under exclusive access. What throws has changed nothing.
template <class> void graph::store::fall(fall_rates const& rates, double seconds) {
    if (!fading_.started()) start_fading();
    bool changed = false;
    bool too_far = false;
    for (auto& leaf : fading_.leaves()) {
        if (leaf.members.count == 0) {
            leaf.gone = 0;
            leaf.scale = 1;
            continue;
        }
        std::uint32_t const scale = leaf.raw_scale();
        std::int64_t const gone = leaf.raw_gone();
        double const loss = math::product(rates.rate(leaf.of.type, leaf.source), seconds);
        if (rates.relax) {
            cohorts_.adjust(leaf.of, 0, leaf.relax(math::one_minus_exp_of_minus(loss)));
        } else {
            leaf.fall(loss);
            std::int64_t const by = gone - leaf.raw_gone();
            cohorts_.shift(leaf.of, leaf.members.count, leaf.members.sum, by);
            leaf.members.shift(leaf.members.count, leaf.members.sum, by);
        }
        changed |= leaf.raw_scale() != scale || leaf.raw_gone() != gone;
        too_far |= leaf.too_far();
    }
    if (too_far)
        work_in();
    else
        for (std::size_t i = 0; i < fading_.leaves().size(); ++i)
            fading_.fade_of(i) = fading_.leaves()[i].now();
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
    if (rates.every == 0) return fault{faults::bad_pause, rates.every};
    if (!math::finite(seconds) || seconds < 0 || seconds >= 0x1p31)
        return fault{faults::bad_span, seconds};
    // Fields that end their frames at once add up in any order.
    auto const steps = static_cast<std::uint64_t>(math::nearest(math::product(seconds, 0x1p30)));
    constexpr std::uint64_t long_ago = std::uint64_t{1} << 61; // before the sum could wrap
    std::uint64_t const passed = __atomic_add_fetch(&pending_time_, steps, __ATOMIC_RELAXED);
    if (__atomic_add_fetch(&pending_frames_, 1U, __ATOMIC_ACQ_REL) < rates.every
        && passed < long_ago)
        return {};
    if (auto const sound = rates.validate(); !sound)
        return sound.error(); // once per fall: it walks all types
    if (!board_.try_write()) return fault{faults::store_busy};
    exclusive const held{board_};
    std::uint32_t const frames = __atomic_load_n(&pending_frames_, __ATOMIC_ACQUIRE);
    std::uint64_t const time = __atomic_load_n(&pending_time_, __ATOMIC_RELAXED);
    if (frames < rates.every && time < long_ago) return {}; // another field was faster
    if (time != 0 && !rows_.empty() && !rates.still())
        fall(rates, static_cast<double>(time) * 0x1p-30);
    __atomic_sub_fetch(&pending_time_, time, __ATOMIC_RELAXED);
    __atomic_sub_fetch(&pending_frames_, frames, __ATOMIC_RELEASE);
    return {};
}

/// Works in what has gone if some wish would end higher than can be stored beside it.
template <class> void graph::store::make_room(detail::array<wish> const& wishes) noexcept {
    // Calls f(source, link, fade, next) for each link.
    auto const each_wished = [&](auto&& f) {
        for (std::size_t i = 0; i < wishes.size();) {
            node_id const source = wishes[i].change.source;
            link_id const link = wishes[i].change.link;
            detail::fade const fade = fade_of(source, link);
            log_weight const now = fade.of(stands(source, link).entry->lw);
            f(source, link, fade, wished(now, wishes.data(), wishes.size(), i));
        }
    };
    bool full = false;
    each_wished(
        [&](node_id, link_id, detail::fade fade, log_weight next) { full |= !fade.fits(next); });
    if (!full) return;
    each_wished([&](node_id source, link_id link, detail::fade, log_weight next) {
        if (targets_[runnel::index(link)] == source) return;
        auto& leaf = fading_.leaf_of(source, type_of(link));
        if (next.raw() > leaf.highest) leaf.highest = next.raw();
    });
    work_in();
}

} // namespace runnel
