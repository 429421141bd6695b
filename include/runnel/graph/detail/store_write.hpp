// SPDX-License-Identifier: MIT
// room: graph. How changes reach the ordered rows.
//
// Why:  all checks and all memory come before the first write, so that a fault or a failed allocation
//       leaves the store as it was; after that nothing can fail. The bodies are templates: a file that
//       only reads weights does not pay for compiling them.
// Cost: a changed link of a short stretch the distance it moves, of a long one some hundred links (detail/tall_write.hpp);
//       a row with many changes is sorted once. The first write of a store O(links).
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include <runnel/core/array.hpp>
#include <runnel/core/order.hpp>
#include <runnel/graph/detail/tall_write.hpp>
#include <runnel/graph/store.hpp>

namespace runnel {

/// The heaviest link of a row after what has gone.
template <class Fades>
graph::store::head graph::store::top_of(
    node_id node, std::uint32_t degree, Fades const& fades) const noexcept {
    head h{row_place{begin(node)}, degree, no_node, {}};
    bool ties = false;
    each_stretch(node, [&](std::uint32_t first, std::uint32_t end, link_type type) {
        if (first == end) return;
        auto const gone = fades.of(type);
        auto const rows = stretch(first, end);
        row_entry const top = rows[0];
        log_weight const lw = gone.of(top.lw);
        if (h.target == no_node || lw > h.lw) {
            h.place = row_place{first};
            h.target = top.target;
            h.lw = lw;
            ties = end - first > 1 && gone.of(rows[1].lw) == lw;
        } else if (lw == h.lw) {
            ties = true;
        }
    });
    h.degree_and_tie = degree | (ties ? tie_bit : 0U);
    return h;
}

/// Heads are kept for what is stored.
inline void graph::store::refresh_head(node_id node, std::uint32_t degree) noexcept {
    heads_[runnel::index(node)] = top_of(node, degree, detail::no_fades{});
}

/// Which link stands at which place of a row. Within it, links to one target stand in canonical order: sorted by (target,
/// place), the places are in the order of the links.
template <class>
void graph::store::name_links(
    node_id node, tables& into, detail::array<std::uint32_t>& next_link) const {
    constexpr std::uint32_t few = 512; // up to here comparing is as fast
    std::uint32_t const first = offsets_[runnel::index(node)];
    std::uint32_t const end = offsets_[runnel::index(node) + 1];
    auto const target_at = [&](std::uint32_t place) { return runnel::index(rows_[place].target); };
    if (end - first <= few) {
        row_place* const places = into.place_of.data();
        for (std::uint32_t p = first; p < end; ++p) places[p] = row_place{p};
        detail::sort(places + first, places + end, [&](row_place a, row_place b) {
            auto const x = target_at(static_cast<std::uint32_t>(a));
            auto const y = target_at(static_cast<std::uint32_t>(b));
            return x != y ? x < y : a < b;
        });
    } else {
        // First into 256 heaps by the target's upper digits; the links of a heap are neighbours. Then each place takes
        // the next link to its target: what is read and written at random lies together.
        int low = 0;
        while (runnel::index(targets_[end - 1]) >> low > 255) ++low;
        std::uint32_t next[257] = {};
        for (std::uint32_t p = first; p < end; ++p) ++next[(target_at(p) >> low) + 1];
        next[0] = first;
        for (std::uint32_t h = 0; h < 256; ++h) next[h + 1] += next[h];
        for (std::uint32_t p = first; p < end; ++p)
            into.link_at[next[target_at(p) >> low]++] = link_id{p};
        std::uint32_t const width = std::uint32_t{1} << low;
        if (next_link.size() < width) next_link.resize(width);
        for (std::uint32_t h = 0, begin = first; h < 256; begin = next[h++]) {
            for (std::uint32_t id = next[h]; id-- > begin;) // the first to each target is left
                next_link[runnel::index(targets_[id]) & (width - 1)] = id;
            for (std::uint32_t i = begin; i < next[h]; ++i) {
                auto const place = static_cast<std::uint32_t>(into.link_at[i]);
                into.place_of[next_link[target_at(place) & (width - 1)]++] = row_place{place};
            }
        }
    }
    for (std::uint32_t id = first; id < end; ++id)
        into.link_at[runnel::index(into.place_of[id])] = link_id{id};
}

/// The two tables between links and places, if there are none yet, and the versions.
template <class> graph::store::tables graph::store::tracked() const {
    if (!link_at_.empty() || rows_.empty()) return {};
    tables fresh{
        detail::array<link_id>(rows_.size()), detail::array<row_place>(rows_.size()),
        detail::array<version>(heads_.size())};
    detail::array<std::uint32_t> next_link;
    for (std::uint32_t n = 0; n < heads_.size(); ++n) name_links(node_id{n}, fresh, next_link);
    return fresh;
}

/// Does moving single links beat sorting the row?
template <class> bool graph::store::one_by_one(node_id source, std::size_t wishes) const noexcept {
    return wishes <= 8 || wishes <= degree(source) / 16;
}

/// Room for the stretches that become tall with these.
template <class> detail::tall_rows graph::store::tall_for(detail::array<wish> const& wishes) const {
    detail::tall_rows fresh;
    for (std::size_t i = 0; i < wishes.size();) {
        node_id const source = wishes[i].change.source;
        std::size_t const begin = i;
        while (i < wishes.size() && wishes[i].change.source == source) ++i;
        if (degree(source) < detail::tall_stretch::least || !one_by_one(source, i - begin))
            continue;
        each_stretch(source, [&](std::uint32_t first, std::uint32_t end, link_type type) {
            if (end - first < detail::tall_stretch::least || talls_.at(first, end - first)) return;
            for (std::size_t w = begin; w < i; ++w) {
                link_id const link = wishes[w].change.link;
                if (type_of(link) != type || targets_[runnel::index(link)] == source) continue;
                fresh.add(first, end - first);
                return;
            }
        });
    }
    return fresh;
}

/// Asks for the blocks of some links before the first is written: each takes as long to come as writing it.
template <class> void graph::store::fetch(detail::array<wish> const& wishes) const noexcept {
    for (std::size_t i = 0; i < wishes.size() && i < fetched; ++i) {
        auto const at = static_cast<std::uint32_t>(place_of_[runnel::index(wishes[i].change.link)]);
        if (auto const* const tall = tall_with(wishes[i].change.source, at); tall != nullptr)
            tall->fetch(at - tall->first);
    }
}

template <class>
graph::store::standing graph::store::stands(node_id node, link_id link) const noexcept {
    auto const at = static_cast<std::uint32_t>(place_of_[runnel::index(link)]);
    auto* const tall = tall_with(node, at);
    if (tall == nullptr) return {const_cast<row_entry*>(rows_.data()) + at, nullptr, {}};
    auto const spot = tall->spot_of(at - tall->first, link);
    return {&tall->entry(spot), tall, spot};
}

template <class>
void graph::store::reposition(
    node_id node, link_id link, standing const& stands, log_weight lw) noexcept {
    if (stands.tall != nullptr) {
        detail::tall_writer{*stands.tall, place_of_.data()}.move(stands.spot, lw);
        return;
    }
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
        if (auto const* const tall = talls_.at(first, end - first); tall != nullptr) {
            for (std::uint32_t b = 0; b < tall->used; ++b) // one run again
                for (detail::tall_spot at{b, 0}; at.offset < tall->count[b]; ++at.offset)
                    scratch.push_back(detail::row_key(tall->entry(at).lw, tall->link(at)));
            talls_.drop(first);
        } else {
            for (std::uint32_t p = first; p < end; ++p)
                scratch.push_back(detail::row_key(rows_[p].lw, link_at_[p]));
        }
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
    log_weight now, wish const* wishes, std::size_t count, std::size_t& i) noexcept {
    link_id const link = wishes[i].change.link;
    for (; i < count && wishes[i].change.link == link; ++i) now = moved(now, wishes[i].change);
    return now;
}

/// A link's weight changes: statistics follow.
template <class>
void graph::store::recount(
    node_id source, link_type type, log_weight stored, log_weight next) noexcept {
    bool const forgot = fading_.started();
    std::int64_t const from = forgot ? fading_.of(source).of(type).value(stored) : stored.raw();
    cohorts_.shift(cohort_of(source, type), 1, from, next.raw() - from);
    if (!forgot) return;
    auto& leaf = fading_.leaf_of(source, type);
    if (stored.raw() >= detail::fade_floor) {
        --leaf.members.count;
        leaf.members.adjust(-from, -int128{from} * from);
    }
    if (next.raw() >= detail::fade_floor) { leaf.members.add(next); }
}

/// All wishes of one source, ordered by (link, field, frame).
template <class>
void graph::store::write_row(
    std::span<wish const> wishes, detail::array<std::uint64_t>& scratch) noexcept {
    node_id const source = wishes.front().change.source;
    bool const singly = one_by_one(source, wishes.size());
    bool changed = false;
    for (std::size_t i = 0; i < wishes.size();) {
        link_id const link = wishes[i].change.link;
        standing const at = stands(source, link);
        detail::fade const fade = fade_of(source, link);
        log_weight const now = fade.of(at.entry->lw);
        log_weight const next = wished(now, wishes.data(), wishes.size(), i);
        if (next == now) continue;
        changed = true;
        if (at.entry->target != source) recount(source, type_of(link), at.entry->lw, next);
        if (singly)
            reposition(source, link, at, fade.stored(next));
        else
            at.entry->lw = fade.stored(next);
    }
    if (!changed) return;
    if (!singly) resort(source, scratch);
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
    if (!board_.try_write()) return fault{faults::store_busy};
    exclusive const held{board_};
    if (!place_of_.empty()) // asked for now, read a little later
        for (std::size_t i = 0; i < wishes.size() && i < fetched; ++i)
            __builtin_prefetch(place_of_.data() + runnel::index(wishes[i].change.link));
    std::size_t longest = 0; // of the rows that are sorted
    for (std::size_t i = 0; i < wishes.size();) {
        node_id const source = wishes[i].change.source;
        std::size_t const begin = i;
        while (i < wishes.size() && wishes[i].change.source == source) ++i;
        if (!one_by_one(source, i - begin) && degree(source) > longest) longest = degree(source);
    }
    detail::array<std::uint64_t> scratch;
    scratch.reserve(longest);
    tables fresh = tracked();
    detail::tall_rows tall = tall_for(wishes);
    talls_.reserve(tall.size()); // the last that throws
    if (!fresh.link_at.empty()) {
        link_at_.swap(fresh.link_at);
        place_of_.swap(fresh.place_of);
        versions_.swap(fresh.versions);
    }
    tall.each([&](detail::tall_stretch& t) {
        std::size_t const source = runnel::index(source_of(t.first));
        detail::tall_writer{t, place_of_.data()}.start(
            rows_.data(), link_at_.data(), offsets_[source], offsets_[source + 1]);
    });
    talls_.take(tall);
    if (!talls_.empty()) fetch(wishes);
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
        if (batches.size() > 1) seen.push_back({key, b.frame, seen.size()});
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
