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
#include <runnel/core/math.hpp>
#include <runnel/core/ticks.hpp>
#include <runnel/core/trade.hpp>
#include <runnel/engine/config.hpp>
#include <runnel/engine/detail/drive.hpp>
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

/// A sum of figures that are not whole: like energies they are added as integers, so that no order shows.
class exact_sum {
public:
    /// Expects a figure that is not negative; one above 2^60 counts as that.
    void add(double figure) noexcept {
        sum_ += static_cast<uint128>((figure < 0x1p60 ? figure : 0x1p60) * 0x1p52);
    }
    exact_sum& operator+=(exact_sum const& other) noexcept {
        sum_ += other.sum_;
        return *this;
    }
    [[nodiscard]] double value() const noexcept { return static_cast<double>(sum_) * 0x1p-52; }

private:
    uint128 sum_ = 0;
};

/// What only a full report tells of how sources chose.
struct choice_counts {
    exact_sum hub_entropy; // over pruned sources
    std::uint64_t links_of_sources = 0;
    std::uint64_t links_kept = 0;
    std::uint64_t pruned_sources = 0;
    std::uint64_t k_histogram[8]{};

    choice_counts& operator+=(choice_counts const& other) noexcept {
        hub_entropy += other.hub_entropy;
        links_of_sources += other.links_of_sources;
        links_kept += other.links_kept;
        pruned_sources += other.pruned_sources;
        for (std::size_t i = 0; i < 8; ++i) k_histogram[i] += other.k_histogram[i];
        return *this;
    }
};

/// What the loops of a frame count.
struct figures {
    std::uint64_t moves = 0;
    std::uint64_t skipped = 0;
    std::uint64_t capped = 0;
    std::uint64_t costs = 0;
    std::uint64_t retried = 0;
    std::uint64_t unsure = 0;
    std::uint64_t decayed_nodes = 0;
    std::uint64_t resistant = 0;
    exact_sum resistances;

    figures& operator+=(figures const& other) noexcept {
        moves += other.moves;
        skipped += other.skipped;
        capped += other.capped;
        costs += other.costs;
        retried += other.retried;
        unsure += other.unsure;
        decayed_nodes += other.decayed_nodes;
        resistant += other.resistant;
        resistances += other.resistances;
        return *this;
    }
};

/// What stands on the desk of whoever stages: the only memory that choosing writes.
template <class Amount> struct desk {
    array<move<Amount>> moves;
    array<pick> picks; // what the moves follow, where somebody hears or learns of them
    choosing choice;
    choice_counts counts;               // of the open frame, where it is to be told in full
    detail::readings readings;          // of links
    detail::target_readings of_targets; // of nodes

    [[nodiscard]] std::size_t bytes() const noexcept {
        return moves.capacity() * sizeof(move<Amount>) + picks.capacity() * sizeof(pick)
               + choice.bytes() + readings.bytes() + of_targets.bytes();
    }
};

/// Whoever stages: the caller alone, or one of several who each ask some of the sources.
template <class Amount> struct hand {
    detail::desk<Amount>& desk;
    figures& counts;
    bool alone = true;     // and may give pages to nodes
    bool homeless = false; // was not alone, and met a target without a page
};

/// A list of nodes that only allocates in `room`.
class node_list {
public:
    void room(std::size_t n) {
        if (ids_.size() < n) ids_.resize(n);
    }
    void push(node_id node) noexcept { ids_[count_++] = node; }
    void push(node_id const* nodes, std::size_t n) noexcept {
        for (std::size_t i = 0; i < n; ++i) push(nodes[i]);
    }
    /// Without a branch: `times` is 0 or 1. Expects room also for one that is not taken.
    void push_or_not(node_id node, std::size_t times) noexcept {
        ids_[count_] = node;
        count_ += times;
    }
    void shrink(std::size_t n) noexcept { count_ = n; }
    [[nodiscard]] std::size_t size() const noexcept { return count_; }
    [[nodiscard]] node_id* begin() noexcept { return ids_.data(); }
    [[nodiscard]] node_id* end() noexcept { return ids_.data() + count_; }
    [[nodiscard]] node_id const* begin() const noexcept { return ids_.data(); }
    [[nodiscard]] node_id const* end() const noexcept { return ids_.data() + count_; }
    [[nodiscard]] std::size_t bytes() const noexcept { return ids_.capacity() * sizeof(node_id); }
    void swap(node_list& other) noexcept {
        ids_.swap(other.ids_);
        trade(count_, other.count_);
    }

private:
    array<node_id> ids_;
    std::size_t count_ = 0;
};

/// What the workers of a frame need of a field, known by those who work.
class lane_holder {
public:
    struct kept {
        virtual ~kept() = default;
        [[nodiscard]] virtual std::size_t bytes() const noexcept = 0;
    };
    lane_holder() = default;
    lane_holder(lane_holder&& other) noexcept : what_(taken(other.what_)) {}
    lane_holder& operator=(lane_holder&& other) noexcept {
        trade(what_, other.what_);
        return *this;
    }
    ~lane_holder() { delete what_; }

    [[nodiscard]] kept* get() const noexcept { return what_; }
    void put(kept* what) noexcept {
        delete what_;
        what_ = what;
    }
    [[nodiscard]] std::size_t bytes() const noexcept { return what_ ? what_->bytes() : 0; }

private:
    kept* what_ = nullptr;
};

} // namespace runnel::detail
