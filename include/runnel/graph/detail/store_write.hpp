// SPDX-License-Identifier: MIT
// room: graph. How changes reach the ordered rows.
//
// Why:  all checks and all memory come before the first write, so that a fault or a failed allocation
//       leaves the store as it was; after that nothing can fail. The bodies are templates: a file that
//       only reads weights does not pay for compiling them.
// Cost: per changed link O(log d) and the distance it moves; a row with many changes is sorted once.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include <runnel/core/array.hpp>
#include <runnel/core/order.hpp>
#include <runnel/graph/store.hpp>

namespace runnel {

namespace detail {
/// Sorts by weight falling, then by link: one integer carries both.
[[nodiscard]] constexpr std::uint64_t row_key(log_weight lw, link_id link) noexcept {
    auto const falling = ~(static_cast<std::uint32_t>(lw.raw()) ^ 0x8000'0000U);
    return (std::uint64_t{falling} << 32) | static_cast<std::uint32_t>(link);
}
[[nodiscard]] constexpr log_weight key_weight(std::uint64_t key) noexcept {
    return log_weight::from_raw(
        static_cast<std::int32_t>(~static_cast<std::uint32_t>(key >> 32) ^ 0x8000'0000U));
}
[[nodiscard]] constexpr link_id key_link(std::uint64_t key) noexcept {
    return link_id{static_cast<std::uint32_t>(key)};
}
} // namespace detail

/// The heaviest link of a row after what has gone.
inline graph::store::head graph::store::top_of(
    node_id node, std::uint32_t degree, detail::row_fades fades) const noexcept {
    head h{row_place{begin(node)}, degree, no_node, {}};
    bool ties = false;
    each_stretch(node, [&](std::uint32_t first, std::uint32_t end, link_type type) {
        if (first == end) return;
        detail::fade const gone = fades.of(type);
        log_weight const lw = gone.of(rows_[first].lw);
        if (h.target == no_node || lw > h.lw) {
            h.place = row_place{first};
            h.target = rows_[first].target;
            h.lw = lw;
            ties = end - first > 1 && gone.of(rows_[first + 1].lw) == lw;
        } else if (lw == h.lw) {
            ties = true;
        }
    });
    h.degree_and_tie = degree | (ties ? tie_bit : 0U);
    return h;
}

/// Heads are kept for what is stored.
inline void graph::store::refresh_head(node_id node, std::uint32_t degree) noexcept {
    heads_[runnel::index(node)] = top_of(node, degree, {});
}

/// Fills the two tables between links and places, once.
template <class> void graph::store::track_places() {
    if (!link_at_.empty() || rows_.empty()) return;
    detail::array<link_id> link_at(rows_.size());
    detail::array<row_place> place_of(rows_.size());
    detail::array<version> versions(heads_.size());
    // Within a row, links to one target stand in canonical order: sorted by (target, place), the places
    // are in the order of the links.
    for (std::uint32_t n = 0; n < heads_.size(); ++n) {
        std::uint32_t const first = offsets_[n];
        std::uint32_t const end = offsets_[n + 1];
        for (std::uint32_t p = first; p < end; ++p) place_of[p] = row_place{p};
        detail::sort(place_of.data() + first, place_of.data() + end, [&](row_place a, row_place b) {
            node_id const x = rows_[runnel::index(a)].target;
            node_id const y = rows_[runnel::index(b)].target;
            return x != y ? x < y : a < b;
        });
        for (std::uint32_t id = first; id < end; ++id)
            link_at[runnel::index(place_of[id])] = link_id{id};
    }
    link_at_.swap(link_at);
    place_of_.swap(place_of);
    versions_.swap(versions);
}

template <class> void graph::store::reposition(node_id node, link_id link, log_weight lw) noexcept {
    std::uint32_t at = static_cast<std::uint32_t>(place_of_[runnel::index(link)]);
    std::uint64_t const key = detail::row_key(lw, link);
    std::uint32_t stretch_begin = at; // a self loop stays where it is
    std::uint32_t stretch_end = at + 1;
    each_stretch(node, [&](std::uint32_t first, std::uint32_t end, link_type) {
        if (at >= first && at < end) {
            stretch_begin = first;
            stretch_end = end;
        }
    });
    row_entry entry = rows_[at];
    entry.lw = lw;
    auto const move = [&](std::uint32_t from) {
        rows_[at] = rows_[from];
        link_at_[at] = link_at_[from];
        place_of_[runnel::index(link_at_[at])] = row_place{at};
        at = from;
    };
    auto const key_at = [&](std::uint32_t p) { return detail::row_key(rows_[p].lw, link_at_[p]); };
    while (at > stretch_begin && key < key_at(at - 1)) move(at - 1);
    while (at + 1 < stretch_end && key_at(at + 1) < key) move(at + 1);
    rows_[at] = entry;
    link_at_[at] = link;
    place_of_[runnel::index(link)] = row_place{at};
}

template <class>
void graph::store::resort(node_id node, detail::array<std::uint64_t>& scratch) noexcept {
    each_stretch(node, [&](std::uint32_t first, std::uint32_t end, link_type) {
        scratch.clear(); // reserved for the longest row: no allocation here
        for (std::uint32_t p = first; p < end; ++p)
            scratch.push_back(detail::row_key(rows_[p].lw, link_at_[p]));
        detail::sort(scratch.begin(), scratch.end());
        for (std::uint32_t p = first; p < end; ++p) {
            std::uint64_t const key = scratch[p - first];
            link_id const link = detail::key_link(key);
            rows_[p] = {targets_[runnel::index(link)], detail::key_weight(key)};
            link_at_[p] = link;
            place_of_[runnel::index(link)] = row_place{p};
        }
    });
}

/// What the wishes for one link, from the i-th on, make of it; `i` goes on to the next link's.
template <class>
log_weight graph::store::wished(
    wish const* wishes, std::size_t count, std::size_t& i, detail::fade fade) const noexcept {
    link_id const link = wishes[i].change.link;
    log_weight next = fade.of(rows_[runnel::index(place_of_[runnel::index(link)])].lw);
    for (; i < count && wishes[i].change.link == link; ++i) next = moved(next, wishes[i].change);
    return next;
}

/// A link's weight changes: statistics follow.
template <class>
void graph::store::recount(
    node_id source, link_type type, log_weight stored, log_weight next) noexcept {
    std::int64_t const from = fading_.of(source).of(type).value(stored);
    cohorts_.shift(cohort_of(source, type), 1, from, next.raw() - from);
    if (!fading_.started()) return;
    auto& leaf = fading_.leaf_of(source, type);
    if (stored.raw() >= detail::fade_floor) {
        --leaf.members;
        leaf.sum -= from;
    }
    if (next.raw() >= detail::fade_floor) {
        ++leaf.members;
        leaf.sum += next.raw();
    }
}

/// All wishes of one source, ordered by (link, field, frame).
template <class>
void graph::store::write_row(
    std::span<wish const> wishes, detail::array<std::uint64_t>& scratch) noexcept {
    constexpr std::size_t few = 8; // up to here moving single links beats sorting the row
    node_id const source = wishes.front().change.source;
    bool const one_by_one = wishes.size() <= few;
    bool changed = false;
    for (std::size_t i = 0; i < wishes.size();) {
        link_id const link = wishes[i].change.link;
        row_entry& entry = rows_[runnel::index(place_of_[runnel::index(link)])];
        detail::fade const fade = fade_of(source, link);
        log_weight const next = wished(wishes.data(), wishes.size(), i, fade);
        if (next == fade.of(entry.lw)) continue;
        changed = true;
        if (entry.target != source) recount(source, type_of(link), entry.lw, next);
        if (one_by_one)
            reposition(source, link, fade.stored(next));
        else
            entry.lw = fade.stored(next);
    }
    if (!changed) return;
    if (!one_by_one) resort(source, scratch);
    refresh_head(source, degree(source));
    versions_[runnel::index(source)] = next(versions_[runnel::index(source)]);
    writes_ = next(writes_);
}

template <class> status graph::store::write(detail::array<wish>& wishes) {
    if (wishes.empty()) return {};
    for (std::size_t i = 0; i < wishes.size(); ++i) {
        node_id const source = wishes[i].change.source;
        link_id const link = wishes[i].change.link;
        if (runnel::index(source) >= heads_.size())
            return fault{faults::unknown_node, runnel::index(source), i};
        if (runnel::index(link) >= rows_.size())
            return fault{faults::unknown_link, runnel::index(link), i};
        if (runnel::index(link) < offsets_[runnel::index(source)]
            || runnel::index(link) >= offsets_[runnel::index(source) + 1])
            return fault{faults::foreign_link, runnel::index(link), i};
    }
    // Rows are independent, so (source, link, field, frame) gives what the promised order gives.
    detail::sort(wishes.begin(), wishes.end(), [](wish const& a, wish const& b) {
        if (a.change.source != b.change.source) return a.change.source < b.change.source;
        if (a.change.link != b.change.link) return a.change.link < b.change.link;
        if (a.field != b.field) return a.field < b.field;
        return a.frame != b.frame ? a.frame < b.frame : a.turn < b.turn;
    });
    std::size_t longest = 0;
    for (wish const& w : wishes)
        if (degree(w.change.source) > longest) longest = degree(w.change.source);
    detail::array<std::uint64_t> scratch;
    scratch.reserve(longest);

    if (!board_.try_write()) return fault{faults::store_busy};
    exclusive const held{board_};
    track_places();
    if (fading_.started()) make_room(wishes);
    for (std::size_t i = 0; i < wishes.size();) {
        std::size_t end = i;
        while (end < wishes.size() && wishes[end].change.source == wishes[i].change.source) ++end;
        write_row(wishes.stretch(i, end - i), scratch);
        i = end;
    }
    return {};
}

template <class> status graph::store::apply(std::span<batch const> batches) {
    struct origin {
        std::uint64_t field;
        std::uint64_t frame;
        std::size_t place;
    };
    detail::array<origin> seen;
    detail::array<wish> wishes;
    for (batch const& b : batches) {
        auto const key = static_cast<std::uint64_t>(b.field);
        seen.push_back({key, b.frame, seen.size()});
        for (weight_change const& change : b.changes) {
            if (change.low > change.high)
                return fault{
                    faults::clamp_order,
                    detail::short_text::joined(
                        "low ", change.low.log(), ", high ", change.high.log())
                        .view(),
                    wishes.size()};
            wishes.push_back({change, key, b.frame, wishes.size()});
        }
    }
    detail::sort(seen.begin(), seen.end(), [](origin const& a, origin const& b) {
        if (a.field != b.field) return a.field < b.field;
        return a.frame != b.frame ? a.frame < b.frame : a.place < b.place;
    });
    for (std::size_t i = 1; i < seen.size(); ++i)
        if (seen[i].field == seen[i - 1].field && seen[i].frame == seen[i - 1].frame)
            return fault{
                faults::batch_twice,
                detail::short_text::joined("field ", seen[i].field, ", frame ", seen[i].frame)
                    .view(),
                seen[i].place};
    return write(wishes);
}

template <class> status graph::store::assign(std::span<weight_setting const> settings) {
    detail::array<wish> wishes;
    for (std::size_t i = 0; i < settings.size(); ++i) {
        auto const [link, lw] = settings[i];
        if (runnel::index(link) >= rows_.size())
            return fault{faults::unknown_link, runnel::index(link), i};
        node_id const source = source_of(runnel::index(link));
        // A fall to `lw` and then a rise to it: whatever the weight was, it ends there.
        constexpr std::int64_t far = std::int64_t{1} << 33;
        wishes.push_back({{source, link, -far, lw, lw}, 0, i, 0});
        wishes.push_back({{source, link, far, lw, lw}, 0, i, 1});
    }
    return write(wishes);
}

} // namespace runnel
