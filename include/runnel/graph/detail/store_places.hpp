// SPDX-License-Identifier: MIT
// room: graph. Which link stands at a place of a row, and where a link stands.
//
// Why:  until something writes, canonical order answers both and costs no memory; from then on two
//       tables do, and in a tall stretch its blocks.
// Laws: link(place(l)) == l and place(link(p)) == p, before and after writes.
#pragma once

#include <cstddef>
#include <cstdint>

#include <runnel/core/expects.hpp>
#include <runnel/graph/store.hpp>

namespace runnel {

/// The tall stretch that this place, or place and slot, is in.
inline detail::tall_stretch* graph::store::tall_with(
    node_id node, std::uint32_t number) const noexcept {
    detail::tall_stretch* found = nullptr;
    if (talls_.empty()) return found;
    each_stretch(node, [&](std::uint32_t first, std::uint32_t end, link_type) {
        if (number >= first && number < end) found = talls_.at(first, end - first);
    });
    return found;
}

inline link_id graph::store::link(node_id source, row_place place) const noexcept {
    RUNNEL_EXPECTS(
        owns(source, runnel::index(place)), "graph: this place is in another node's row");
    if (!link_at_.empty()) {
        auto const* const tall = tall_with(source, static_cast<std::uint32_t>(place));
        return tall == nullptr
                   ? link_at_[runnel::index(place)]
                   : tall->link(tall->spot_of(static_cast<std::uint32_t>(place) - tall->first));
    }
    std::uint32_t const at = static_cast<std::uint32_t>(place);
    node_id const target = rows_[at].target;
    std::uint32_t const loops =
        begin(source) + degree(source); // self loops stand last, as in the graph
    if (at >= loops) return link_id{first_link(source, source) + (at - loops)};
    link_type type = only_type_;
    std::uint32_t stretch_begin = begin(source);
    each_stretch(source, [&](std::uint32_t first, std::uint32_t end, link_type t) {
        if (at >= first && at < end) {
            stretch_begin = first;
            type = t;
        }
    });
    // The first canonical link with this target and type; among its parallels, the one whose rank by
    // weight is the place's rank among them: canonical order sorts parallels by weight too.
    std::uint32_t const end = offsets_[runnel::index(source) + 1];
    std::uint32_t id = first_link(source, target);
    while (link_types_ != nullptr && link_types_[id] != type) ++id;
    bool const parallel = id + 1 < end && targets_[id + 1] == target;
    if (parallel)
        for (std::uint32_t p = stretch_begin; p < at; ++p)
            if (rows_[p].target == target) ++id;
    return link_id{id};
}

inline node_id graph::store::source_of(std::size_t number) const noexcept {
    std::size_t low = 0;
    std::size_t high = heads_.size();
    while (high - low > 1) { // offsets_[low] <= number < offsets_[high]; the gap halves
        std::size_t const middle = low + (high - low) / 2;
        (offsets_[middle] <= number ? low : high) = middle;
    }
    return node_id{static_cast<std::uint32_t>(low)};
}

inline std::uint32_t graph::store::first_link(node_id source, node_id target) const noexcept {
    std::uint32_t low = begin(source);
    std::uint32_t high = offsets_[runnel::index(source) + 1];
    while (low < high) {
        std::uint32_t const middle = low + (high - low) / 2;
        if (targets_[middle] < target)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

inline row_place graph::store::place(node_id source, link_id link) const noexcept {
    RUNNEL_EXPECTS(
        owns(source, runnel::index(link)), "graph: this link does not leave this source");
    if (!place_of_.empty()) {
        row_place const at = place_of_[runnel::index(link)];
        auto const* const tall = tall_with(source, static_cast<std::uint32_t>(at));
        if (tall == nullptr) return at;
        auto const spot = tall->spot_of(static_cast<std::uint32_t>(at) - tall->first, link);
        return row_place{tall->first + tall->rank_of(spot)};
    }
    node_id const target = targets_[runnel::index(link)];
    std::uint32_t const loops = begin(source) + degree(source);
    if (target == source)
        return row_place{loops + (static_cast<std::uint32_t>(link) - first_link(source, source))};
    // Links to one target stand in canonical order: this is the so-many-eth of them.
    std::uint32_t before = static_cast<std::uint32_t>(link) - first_link(source, target);
    std::uint32_t p = begin(source);
    while (rows_[p].target != target || before-- != 0) ++p; // terminates: each link has its place
    return row_place{p};
}

inline log_weight graph::store::lw(node_id source, link_id link) const noexcept {
    log_weight stored{};
    if (talls_.empty()) {
        stored = rows_[runnel::index(place(source, link))].lw;
    } else {
        RUNNEL_EXPECTS(
            owns(source, runnel::index(link)), "graph: this link does not leave this source");
        auto const at = static_cast<std::uint32_t>(place_of_[runnel::index(link)]);
        auto const* const tall = tall_with(source, at);
        stored =
            tall == nullptr ? rows_[at].lw : tall->entry(tall->spot_of(at - tall->first, link)).lw;
    }
    return fade_of(source, link).of(stored);
}

} // namespace runnel
