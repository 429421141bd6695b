// SPDX-License-Identifier: MIT
// room: engine. What one frame notes down on its way: moves and their reasons, what choosing remembers, counts.
//
// Why:  a frame decides everything before it writes anything; what it decided stands here, in memory that the next frame
//       uses again.
// Laws: a list only allocates where it is given room.
#pragma once

#include <cstddef>
#include <cstdint>

#include <runnel/core/array.hpp>
#include <runnel/core/ids.hpp>
#include <runnel/core/log_weight.hpp>
#include <runnel/core/ticks.hpp>
#include <runnel/engine/config.hpp>
#include <runnel/event/records.hpp>
#include <runnel/fanout/reduce.hpp>
#include <runnel/fanout/ties.hpp>
#include <runnel/graph/concepts.hpp>
#include <runnel/graph/runs.hpp>
#include <runnel/split/softmax.hpp>

namespace runnel::detail {

/// Why a move is made.
struct pick {
    event::cost_breakdown cost{};
    double share = 1;
    log_weight lw{};
    std::uint32_t rank = 0;
    link_type type = link_type::relates;
    event::reason reason = event::reason::argmin;
};

/// How much of a node's decay evidence holds back.
struct protection {
    node_id node{};
    double share = 0;
};

/// What choosing needs to remember from one source to the next.
struct choosing {
    array<out_link> row;                 // of a graph that does not keep runs of equals
    array<out_link> kept;                // what fanout left, in order of weight and draw
    array<split::part<double>> parts;    // the chosen, cheapest first: costs, then shares
    array<event::stride_selection> told; // where somebody hears or counts selections
    array<std::uint64_t> places;         // of the kept, where one is drawn from the others
    array<double> wishes;                // shares of the source's energy the chosen ask for
    run_scratch runs;
    fanout::reducer reduce;
    fanout::tie_order order;

    [[nodiscard]] std::size_t bytes() const noexcept {
        return (row.capacity() + kept.capacity()) * sizeof(out_link)
               + parts.capacity() * sizeof(split::part<double>) + places.capacity() * 8
               + runs.capacity() * sizeof(run_stretch) + wishes.capacity() * sizeof(double)
               + told.capacity() * sizeof(event::stride_selection) + reduce.bytes() + order.bytes();
    }
};

/// One staged transfer.
template <class Amount> struct move {
    node_id source{};
    node_id target{};
    row_place place{};
    std::uint32_t unused = 0;
    Amount amount{};
};

/// What only a full report tells of how sources chose.
struct choice_counts {
    double hub_entropy = 0; // summed over pruned sources
    std::uint64_t links_of_sources = 0;
    std::uint64_t links_kept = 0;
    std::uint64_t pruned_sources = 0;
    std::uint64_t k_histogram[8]{};
};

/// A list of nodes that only allocates in `room`.
class node_list {
public:
    void room(std::size_t n) {
        if (ids_.size() < n) ids_.resize(n);
    }
    void push(node_id node) noexcept { ids_[count_++] = node; }
    void shrink(std::size_t n) noexcept { count_ = n; }
    [[nodiscard]] std::size_t size() const noexcept { return count_; }
    [[nodiscard]] node_id* begin() noexcept { return ids_.data(); }
    [[nodiscard]] node_id* end() noexcept { return ids_.data() + count_; }
    [[nodiscard]] node_id const* begin() const noexcept { return ids_.data(); }
    [[nodiscard]] node_id const* end() const noexcept { return ids_.data() + count_; }
    [[nodiscard]] std::size_t bytes() const noexcept { return ids_.capacity() * sizeof(node_id); }

private:
    array<node_id> ids_;
    std::size_t count_ = 0;
};

} // namespace runnel::detail
