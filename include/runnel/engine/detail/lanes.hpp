// SPDX-License-Identifier: MIT
// room: engine. What each of several workers has of a frame, and who owns which node.
//
// Why:  a worker writes nothing that another reads before they have met: its moves and counts stand on a desk of its own,
//       what it sends is wrapped by who will take it in, its part of the frontier is a stretch of it.
// Laws: every node has one owner, told by its block and the number of workers alone.
// Cost: per worker a page of books for each node type, and 16 bytes per move.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include <runnel/core/array.hpp>
#include <runnel/engine/detail/field_state.hpp>

namespace runnel::detail {

/// What arrives at a node.
template <class Amount> struct parcel {
    node_id target{};
    std::uint32_t hops = 0;
    Amount amount{};
};

/// What one worker reads and writes.
template <class Amount> struct alignas(128) lane {
    detail::desk<Amount> desk;
    figures counts;
    bool homeless = false;
    bool failed = false;
    bool begun = false;    // by whoever came first, in the meeting there is
    std::size_t first = 0; // its stretch of the frontier
    std::size_t count = 0;
    node_list extra;                  // nodes of its own that send though they are not active
    array<parcel<Amount>> parcels;    // what it sends, by the worker who owns the target
    array<std::size_t> parcels_first; // of each
    node_list received;
    node_list met; // touched for the first time
    std::uint64_t touched = 0;
    flows<Amount> book[2][type_slots]{};

    /// What it sends to nodes of one owner.
    [[nodiscard]] std::span<parcel<Amount> const> for_owner(std::size_t owner) const noexcept {
        std::size_t const begin = parcels_first[owner];
        return {parcels.data() + begin, parcels_first[owner + 1] - begin};
    }
    [[nodiscard]] std::size_t bytes() const noexcept {
        return sizeof *this + desk.bytes() + parcels.capacity() * sizeof(parcel<Amount>)
               + parcels_first.capacity() * sizeof(std::size_t) + received.bytes() + met.bytes()
               + extra.bytes();
    }
};

template <class Amount> struct lane_set final : lane_holder::kept {
    explicit lane_set(std::size_t n) : lanes(new lane<Amount>[n]), count(n) {}
    lane_set(lane_set const&) = delete;
    lane_set& operator=(lane_set const&) = delete;
    ~lane_set() override { delete[] lanes; }
    [[nodiscard]] std::size_t bytes() const noexcept override {
        std::size_t all = sizeof *this + next.bytes();
        for (std::size_t i = 0; i < count; ++i) all += lanes[i].bytes();
        return all;
    }
    /// Who owns a node. Blocks are dealt by hash: whole communities may lie at equal distances.
    [[nodiscard]] std::size_t owner(node_id node) const noexcept {
        return owner_of_block(static_cast<std::uint32_t>(index(node) / page_nodes));
    }
    [[nodiscard]] std::size_t owner_of_block(std::uint32_t block) const noexcept {
        return (std::uint64_t{block * 0x9E3779B9U} * count) >> 32;
    }
    /// The stretches begin where the ones before them end.
    void line_up() noexcept {
        std::size_t first = 0;
        for (std::size_t i = 0; i < count; ++i) {
            lanes[i].first = first;
            first += lanes[i].count;
        }
    }
    /// Puts the frontier in order of owners, of which `parted` nodes stand so already.
    void part(node_list& active, std::size_t parted) {
        if (parted == 0) {
            next.room(active.size());
            for (std::size_t i = 0; i < count; ++i) lanes[i].count = 0;
            for (node_id const node : active) ++lanes[owner(node)].count;
            line_up();
            node_id* const to = next.begin();
            for (node_id const node : active) to[lanes[owner(node)].first++] = node;
            for (std::size_t i = 0; i < active.size(); ++i) active.begin()[i] = to[i];
        } else { // each newcomer takes the place of one that follows, who goes to the end of its stretch
            for (std::size_t at = parted; at < active.size(); ++at) {
                node_id const node = active.begin()[at];
                std::size_t const to = owner(node);
                std::size_t end = at;
                for (std::size_t i = count; --i > to;) {
                    std::size_t const first = end - lanes[i].count;
                    active.begin()[end] = active.begin()[first];
                    end = first;
                }
                active.begin()[end] = node;
                ++lanes[to].count;
            }
        }
        line_up();
    }

    /// Sorts what a worker sends by who owns the targets. `hops` says how far a source's target is.
    template <class Hops> void wrap(lane<Amount>& l, Hops&& hops) const {
        std::size_t const n = l.counts.moves;
        l.parcels_first.clear();
        l.parcels_first.resize(count + 1, 0);
        l.parcels.resize(n);
        std::size_t* const first = l.parcels_first.data();
        move<Amount> const* const moves = l.desk.moves.data();
        for (std::size_t i = 0; i < n; ++i) ++first[owner(moves[i].target) + 1];
        for (std::size_t o = 1; o <= count; ++o) first[o] += first[o - 1];
        parcel<Amount>* const to = l.parcels.data();
        for (std::size_t i = 0; i < n; ++i)
            to[first[owner(moves[i].target)]++] = {
                moves[i].target, hops(moves[i].source), moves[i].amount};
        for (std::size_t o = count; o > 0; --o) first[o] = first[o - 1];
        first[0] = 0;
    }
    /// Gives every worker room for all that arrives at nodes of its own.
    void make_room() {
        for (std::size_t o = 0; o < count; ++o) {
            std::size_t n = lanes[o].extra.size();
            for (std::size_t i = 0; i < count; ++i) n += lanes[i].for_owner(o).size();
            lanes[o].received.room(n + 1);
            lanes[o].met.room(n);
        }
    }

    lane<Amount>* lanes;
    std::size_t count;
    node_list next; // the frontier to come
};

} // namespace runnel::detail
