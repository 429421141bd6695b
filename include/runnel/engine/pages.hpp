// SPDX-License-Identifier: MIT
// room: engine. Where a field keeps its nodes: 32-byte records in pages of 64.
//
// Why:  many fields live over one large graph, each touching little of it: memory and reset must
//       follow what was touched. One 4-byte directory word per 64 nodes finds a page; everything a
//       frame needs of a node is in one record, half a cache line.
// Laws: a record is all zeros until its node is first touched. `clear` gives every page back.
// Cost: creation O(N/64); a lookup is one word of a small table and the record.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <new>
#include <utility>
#include <vector>

#include <runnel/core/array.hpp>
#include <runnel/core/energy.hpp>
#include <runnel/core/expects.hpp>
#include <runnel/core/ids.hpp>
#include <runnel/core/math.hpp>
#include <runnel/core/trade.hpp>
#include <runnel/engine/config.hpp>
#include <runnel/engine/pool.hpp>

namespace runnel {
namespace detail {

enum node_flag : std::uint16_t {
    known_flag = 1,   // the record belongs to a node that was touched
    active_flag = 2,  // in the frontier
    touched_flag = 4, // received in this frame
    own_threshold_flag = 8,
    extra_flag = 16,    // sends in this frame though it is not active
    protected_flag = 32 // decays less in this frame
};

template <class Amount> struct node_record;

template <> struct alignas(32) node_record<energy> {
    energy held{};
    std::uint64_t received_low = 0;
    std::int64_t stamp = 0; // decayed up to this instant
    std::uint32_t received_high = 0;
    std::uint16_t type = 0; // slot in per_type tables
    std::uint16_t flags = 0;

    void receive(energy part) noexcept {
        auto const quanta = static_cast<std::uint64_t>(part.raw());
        received_low += quanta;
        received_high += received_low < quanta ? 1U : 0U;
    }
    void forget_received() noexcept {
        received_low = 0;
        received_high = 0;
    }
    [[nodiscard]] uint128 received_raw() const noexcept {
        return (uint128{received_high} << 64) | received_low;
    }
    [[nodiscard]] double received() const noexcept {
        return static_cast<double>(received_raw()) * energy::quantum;
    }
};

template <> struct alignas(32) node_record<double> {
    double held = 0;
    double received_sum = 0;
    std::int64_t stamp = 0;
    std::uint32_t unused = 0;
    std::uint16_t type = 0;
    std::uint16_t flags = 0;

    void receive(double part) noexcept { received_sum += part; }
    void forget_received() noexcept { received_sum = 0; }
    [[nodiscard]] double received_raw() const noexcept { return received_sum; }
    [[nodiscard]] double received() const noexcept { return received_sum; }
};
static_assert(sizeof(node_record<energy>) == 32 && sizeof(node_record<double>) == 32);

template <class Amount> class node_table {
public:
    using record = node_record<Amount>;

    node_table(std::uint32_t nodes, storage kind, page_pool pool)
        : pool_(std::move(pool)), nodes_(nodes), dense_(kind == storage::dense) {
        std::size_t const blocks = (nodes + page_nodes - 1) / page_nodes;
        if (dense_) {
            masks_.resize(blocks);
            blocks_.reserve(blocks);
            records_.resize(blocks * page_nodes);
        } else {
            directory_.resize(blocks);
        }
    }
    node_table(node_table&& other) noexcept // a moved-from vector is empty: no chunk is given twice
        : pool_(std::move(other.pool_)),
          nodes_(taken(other.nodes_)),
          dense_(other.dense_),
          records_(std::move(other.records_)),
          directory_(std::move(other.directory_)),
          chunks_(std::move(other.chunks_)),
          masks_(std::move(other.masks_)),
          blocks_(std::move(other.blocks_)) {}
    node_table& operator=(node_table&& other) noexcept {
        trade(pool_, other.pool_);
        trade(nodes_, other.nodes_);
        trade(dense_, other.dense_);
        records_.swap(other.records_);
        directory_.swap(other.directory_);
        chunks_.swap(other.chunks_);
        masks_.swap(other.masks_);
        blocks_.swap(other.blocks_);
        return *this;
    }
    ~node_table() {
        for (record* chunk : chunks_) pool_.give(chunk);
    }

    [[nodiscard]] bool dense() const noexcept { return dense_; }
    [[nodiscard]] std::uint32_t nodes() const noexcept { return nodes_; }

    /// The record of a node whose page exists.
    template <bool Dense> [[nodiscard]] record& at(node_id node) noexcept {
        return const_cast<record&>(std::as_const(*this).template at<Dense>(node));
    }
    template <bool Dense> [[nodiscard]] record const& at(node_id node) const noexcept {
        std::size_t const i = index(node);
        if constexpr (Dense) return records_[i];
        return page(directory_[i / page_nodes] - 1)[i % page_nodes];
    }
    /// Asks for the line of a node's record, which will be written soon; of a node without a page, for nothing. (Inlined
    /// by order: a call that only prefetches is dropped as one that does nothing.)
    template <bool Dense> [[gnu::always_inline]] void ask(node_id node) const noexcept {
        std::size_t const i = index(node);
        if constexpr (Dense) {
            __builtin_prefetch(&records_[i], 1);
        } else if (std::uint32_t const known = directory_[i / page_nodes]; known != 0) {
            __builtin_prefetch(page(known - 1) + i % page_nodes, 1);
        }
    }
    /// Where columns beside the records keep a node whose page exists.
    template <bool Dense> [[nodiscard]] std::size_t slot(node_id node) const noexcept {
        std::size_t const i = index(node);
        if constexpr (Dense) return i;
        return std::size_t{directory_[i / page_nodes] - 1} * page_nodes + i % page_nodes;
    }
    /// Beyond all slots for a node without a page.
    [[nodiscard]] std::size_t slot(node_id node) const noexcept {
        if (dense_) return slot<true>(node);
        return directory_[index(node) / page_nodes] == 0 ? ~std::size_t{0} : slot<false>(node);
    }
    /// How many slots there are now.
    [[nodiscard]] std::size_t slots() const noexcept {
        return dense_ ? records_.size() : blocks_.size() * page_nodes;
    }
    template <bool Dense> [[nodiscard]] bool housed(node_id node) const noexcept {
        return Dense || directory_[index(node) / page_nodes] != 0;
    }
    /// Makes sure the node has a page. The only call of a frame that may allocate.
    template <bool Dense> void ensure(node_id node) {
        if constexpr (!Dense)
            if (directory_[index(node) / page_nodes] == 0) add_page(index(node) / page_nodes);
    }
    /// Null if the node was never touched.
    [[nodiscard]] record const* find(node_id node) const noexcept {
        if (!dense_ && directory_[index(node) / page_nodes] == 0) return nullptr;
        record const& r = dense_ ? at<true>(node) : at<false>(node);
        return (r.flags & known_flag) != 0 ? &r : nullptr;
    }
    /// Remembers that a node was touched, so that walks find it.
    void mark(node_id node) noexcept {
        std::size_t const block = index(node) / page_nodes;
        std::uint64_t const bit = std::uint64_t{1} << (index(node) % page_nodes);
        if (dense_) {
            if (masks_[block] == 0)
                blocks_.push_back(static_cast<std::uint32_t>(block)); // reserved
            masks_[block] |= bit;
        } else {
            masks_[directory_[block] - 1] |= bit;
        }
    }
    template <class F> void each(F&& f) {
        std::as_const(*this).each(
            [&](node_id node, record const& r) { f(node, const_cast<record&>(r)); });
    }
    /// Likewise, of the blocks that are `mine`.
    template <class Mine, class F> void each_of(Mine&& mine, F&& f) {
        std::as_const(*this).each_of(
            mine, [&](node_id node, record const& r) { f(node, const_cast<record&>(r)); });
    }
    /// Calls f(node, record) for every touched node, page by page in the order of first use.
    template <class F> void each(F&& f) const {
        each_of([](std::uint32_t) { return true; }, f);
    }
    template <class Mine, class F> void each_of(Mine&& mine, F&& f) const {
        for (std::size_t i = 0; i < blocks_.size(); ++i) {
            std::uint32_t const block = blocks_[i];
            if (!mine(block)) continue;
            record const* const records = dense_ ? &records_[block * page_nodes] : page(i);
            for (std::uint64_t left = masks_[dense_ ? block : i]; left != 0; left &= left - 1) {
                auto const bit = static_cast<std::size_t>(std::countr_zero(left));
                f(node_id{static_cast<std::uint32_t>(block * page_nodes + bit)}, records[bit]);
            }
        }
    }
    void clear() noexcept {
        if (dense_) {
            for (std::uint32_t block : blocks_) {
                std::memset(static_cast<void*>(&records_[block * page_nodes]), 0, page_bytes);
                masks_[block] = 0;
            }
        } else {
            for (std::uint32_t block : blocks_) directory_[block] = 0;
            for (record* chunk : chunks_) pool_.give(chunk);
            chunks_.clear();
            masks_.clear();
        }
        blocks_.clear();
    }
    [[nodiscard]] std::size_t bytes() const noexcept {
        return directory_.capacity() * 4 + chunks_.size() * chunk_bytes
               + chunks_.capacity() * sizeof(record*) + masks_.capacity() * 8
               + blocks_.capacity() * 4 + records_.capacity() * sizeof(record);
    }

private:
    [[nodiscard]] record* page(std::size_t i) const noexcept {
        return chunks_[i / chunk_pages] + i % chunk_pages * page_nodes;
    }
    void add_page(std::size_t block) {
        std::size_t const i = blocks_.size();
        if (masks_.capacity() == i) masks_.reserve(2 * i + chunk_pages);
        if (blocks_.capacity() == i) blocks_.reserve(2 * i + chunk_pages);
        if (i / chunk_pages == chunks_.size()) {
            if (chunks_.capacity() == chunks_.size()) chunks_.reserve(2 * chunks_.size() + 4);
            chunks_.push_back(static_cast<record*>(pool_.take()));
        }
        std::memset(static_cast<void*>(page(i)), 0, page_bytes);
        masks_.push_back(0);
        blocks_.push_back(static_cast<std::uint32_t>(block));
        directory_[block] =
            static_cast<std::uint32_t>(i + 1); // last: nothing above can half-happen
    }

    page_pool pool_;
    std::uint32_t nodes_;
    bool dense_;
    std::vector<record> records_;    // dense
    array<std::uint32_t> directory_; // paged: page + 1 per block of 64 nodes
    array<record*> chunks_;
    array<std::uint64_t> masks_;  // touched nodes, per page (paged) or block (dense)
    array<std::uint32_t> blocks_; // which blocks are in use, in order of first use
};

} // namespace detail
} // namespace runnel
