// SPDX-License-Identifier: MIT
// room: graph. Links on their way into a graph.
//
// Why:  what a builder keeps of a link is held beside the result, so it is as small as the result: 12 bytes. Blocks are
//       never moved: to double an array would hold it three times for a moment.
// Laws: links come back in the order they were added. What throws (std::bad_alloc) has changed nothing.
// Cost: 12 bytes a link; 2 more in blocks that hold links of another type than the first one's. Room for an eighth
//       more than there is, or for what was reserved.
#pragma once

#include <cstddef>
#include <new>
#include <utility>

#include <runnel/core/array.hpp>
#include <runnel/core/ids.hpp>
#include <runnel/core/log_weight.hpp>
#include <runnel/core/trade.hpp>

namespace runnel::detail {

struct pending_link {
    node_id from;
    node_id to;
    log_weight lw;
};
static_assert(sizeof(pending_link) == 12);

class pending_links {
public:
    struct block {
        pending_link* links = nullptr;
        link_type* types = nullptr; // null: all have the first link's
        std::size_t size = 0;
        std::size_t capacity = 0;
    };

    pending_links() = default;
    pending_links(pending_links const& other) {
        reserve(other.size());
        for (block const& b : other.blocks_)
            for (std::size_t i = 0; i < b.size; ++i)
                add(b.links[i], b.types == nullptr ? other.first_type_ : b.types[i]);
    }
    pending_links(pending_links&& other) noexcept { swap(other); }
    // Two, not one by value, as in array.
    pending_links& operator=(pending_links const& other) {
        pending_links copy{other};
        swap(copy);
        return *this;
    }
    pending_links& operator=(pending_links&& other) noexcept {
        pending_links taken{std::move(other)};
        swap(taken);
        return *this;
    }
    ~pending_links() {
        for (block const& b : blocks_) {
            ::operator delete(b.links);
            ::operator delete(b.types);
        }
    }
    void swap(pending_links& other) noexcept {
        blocks_.swap(other.blocks_);
        trade(current_, other.current_);
        trade(before_, other.before_);
        trade(room_, other.room_);
        trade(first_type_, other.first_type_);
        trade(typed_, other.typed_);
    }

    [[nodiscard]] std::size_t size() const noexcept {
        return before_ + (blocks_.empty() ? 0 : blocks_[current_].size);
    }
    [[nodiscard]] link_type first_type() const noexcept { return first_type_; }
    /// Has any link another type than the first one's?
    [[nodiscard]] bool typed() const noexcept { return typed_; }
    [[nodiscard]] block const* begin() const noexcept { return blocks_.begin(); }
    [[nodiscard]] block const* end() const noexcept { return blocks_.end(); }

    /// Room for so many more.
    void reserve(std::size_t links) {
        std::size_t const free = room_ - size();
        if (links > free) add_block(links - free);
    }
    void add(pending_link const& link, link_type type) {
        if (blocks_.empty() || blocks_[current_].size == blocks_[current_].capacity) go_on();
        block& b = blocks_[current_];
        if (type != first_type_ && b.types == nullptr) [[unlikely]] {
            if (size() == 0)
                first_type_ = type;
            else
                begin_types(b);
        }
        if (b.types != nullptr) b.types[b.size] = type;
        b.links[b.size++] = link;
    }

private:
    void go_on() {
        std::size_t const held = size();
        if (held == room_) add_block(1);
        if (held != 0) ++current_;
        before_ = held;
    }
    void add_block(std::size_t least) {
        std::size_t capacity = size() / 8;
        if (capacity < 32) capacity = 32;
        if (capacity < least) capacity = least;
        if (blocks_.size() == blocks_.capacity())
            blocks_.reserve(blocks_.empty() ? 4 : 2 * blocks_.size());
        bool const fits = capacity <= ~std::size_t{0} / 2 / sizeof(pending_link);
        void* const links =
            ::operator new (fits ? capacity * sizeof(pending_link) : ~std::size_t{0});
        blocks_.push_back({static_cast<pending_link*>(links), nullptr, 0, capacity});
        room_ += capacity;
    }
    void begin_types(block& b) {
        b.types = static_cast<link_type*>(::operator new(b.capacity * sizeof(link_type)));
        for (std::size_t i = 0; i < b.size; ++i) b.types[i] = first_type_;
        typed_ = true;
    }

    array<block> blocks_;
    std::size_t current_ = 0; // the block that is being filled; later ones are reserved
    std::size_t before_ = 0;  // links in the blocks before it
    std::size_t room_ = 0;
    link_type first_type_ = link_type::relates;
    bool typed_ = false;
};

} // namespace runnel::detail
