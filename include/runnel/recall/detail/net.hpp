// SPDX-License-Identifier: MIT
// room: recall. Who is linked to whom: the lists of a layered net.
//
// Why:  every link of the net is mutual. So whoever leaves knows everybody who refers to it, and can be taken
//       out for good: no tombstones, no rebuilding, and its slot is free at once. On the ground layer some of
//       the links form a tree over all nodes, and those are never cut: every node can be reached from every
//       other by construction, not with high probability.
// Laws: b is in a's list if and only if a is in b's. The first link of a node on the ground is its parent in
//       the tree; the root has none. Equal vectors share one node: one of them stands in the net, the others
//       hang on a ring at it.
// Cost: 4 bytes per place of a list, twice as many places on the ground; 12 bytes per slot; 8 per upper list.
#pragma once

#include <cstddef>
#include <cstdint>

#include <runnel/recall/detail/slabs.hpp>

namespace runnel::recall::detail {

/// A list of neighbours as somebody reads it.
struct list_view {
    std::uint32_t const* links = nullptr;
    std::uint32_t count = 0;
    [[nodiscard]] std::uint32_t const* begin() const noexcept { return links; }
    [[nodiscard]] std::uint32_t const* end() const noexcept { return links + count; }
};

enum class standing : std::uint8_t { nowhere, in_net, copy };

class net {
public:
    struct ground {
        std::uint32_t upper; // its list on the first layer above, if its level is above 0
        std::uint32_t ring;  // see `hang`
        std::uint8_t count;
        std::uint8_t level;
        standing state;
        std::uint8_t unused;
        [[nodiscard]] std::uint32_t* links() noexcept {
            return reinterpret_cast<std::uint32_t*>(this + 1);
        }
        [[nodiscard]] std::uint32_t const* links() const noexcept {
            return reinterpret_cast<std::uint32_t const*>(this + 1);
        }
    };
    struct upper {
        std::uint32_t above; // the list one layer up, or the next free one
        std::uint32_t count;
        [[nodiscard]] std::uint32_t* links() noexcept {
            return reinterpret_cast<std::uint32_t*>(this + 1);
        }
    };

    net() = default;
    explicit net(std::uint32_t links) noexcept
        : width_(links),
          ground_(sizeof(ground) + std::size_t{2} * links * sizeof(std::uint32_t)),
          upper_(sizeof(upper) + std::size_t{links} * sizeof(std::uint32_t)) {}

    [[nodiscard]] std::uint32_t places(std::uint32_t layer) const noexcept {
        return layer == 0 ? 2 * width_ : width_;
    }
    [[nodiscard]] ground& at(std::uint32_t slot) const noexcept {
        return *reinterpret_cast<ground*>(ground_[slot]);
    }
    [[nodiscard]] upper& above(std::uint32_t list) const noexcept {
        return *reinterpret_cast<upper*>(upper_[list]);
    }
    [[nodiscard]] bool has_list(std::uint32_t list) const noexcept { return list < used_; }
    [[nodiscard]] list_view list(std::uint32_t slot, std::uint32_t layer) const noexcept {
        ground& g = at(slot);
        if (layer == 0) return {g.links(), g.count};
        upper& u = on(slot, layer);
        return {u.links(), u.count};
    }
    void prefetch(std::uint32_t slot, std::uint32_t layer) const noexcept {
        if (layer != 0) return;
        std::byte const* const list = ground_[slot];
        for (std::size_t at = 0; at < ground_.stride(); at += 64) __builtin_prefetch(list + at);
    }
    void set(std::uint32_t slot, std::uint32_t layer, list_view to) noexcept {
        std::uint32_t* links;
        if (layer == 0) {
            at(slot).count = static_cast<std::uint8_t>(to.count);
            links = at(slot).links();
        } else {
            on(slot, layer).count = to.count;
            links = on(slot, layer).links();
        }
        __builtin_memcpy(links, to.links, to.count * sizeof(std::uint32_t));
    }
    [[nodiscard]] std::size_t capacity() const noexcept { return ground_.capacity(); }
    [[nodiscard]] std::size_t bytes() const noexcept { return ground_.bytes() + upper_.bytes(); }
    /// A list on the ground, and what there is of upper lists on average.
    [[nodiscard]] std::size_t entry_bytes() const noexcept {
        return ground_.stride() + upper_.stride() / (width_ - 1) + 1;
    }
    /// One more piece of upper lists.
    [[nodiscard]] std::size_t margin() const noexcept { return upper_.growth(upper_.capacity()); }
    /// For a node at `slot`, and for `lists` upper lists.
    [[nodiscard]] std::size_t growth(std::uint32_t slot, std::uint32_t lists) const noexcept {
        std::size_t const spare = spare_lists(lists);
        return ground_.growth(slot)
               + (spare < lists ? upper_.growth(upper_.capacity() + (lists - spare) - 1) : 0);
    }

    /// Memory for a node at `slot` with `level` upper lists.
    struct room {
        slabs::piece ground;
        slabs::piece upper;
    };
    [[nodiscard]] room more(std::size_t slots, std::uint32_t level) const {
        std::size_t const spare = spare_lists(level);
        room fresh;
        fresh.ground = ground_.more(slots);
        if (spare < level) fresh.upper = upper_.more(upper_.capacity() + (level - spare));
        return fresh;
    }
    void adopt(room& fresh) noexcept {
        ground_.adopt(fresh.ground);
        upper_.adopt(fresh.upper);
    }
    /// A node with empty lists.
    void place(std::uint32_t slot, std::uint32_t level) noexcept {
        ground& g = at(slot);
        g = {no_slot, no_slot, 0, static_cast<std::uint8_t>(level), standing::in_net, 0};
        for (std::uint32_t i = 0; i < level; ++i) {
            std::uint32_t list = free_;
            if (list != no_slot)
                free_ = above(list).above;
            else
                list = used_++;
            above(list) = {g.upper, 0};
            g.upper = list;
        }
    }
    void displace(std::uint32_t slot) noexcept {
        ground& g = at(slot);
        for (std::uint32_t list = g.upper; list != no_slot;) {
            std::uint32_t const next = above(list).above;
            above(list).above = free_;
            free_ = list;
            list = next;
        }
        g.upper = no_slot;
        g.state = standing::nowhere;
        g.count = 0;
    }
    void clear() noexcept {
        ground_.clear();
        upper_.clear();
        free_ = no_slot;
        used_ = 0;
    }

    // ---- equal vectors: the node's `ring` is its highest copy, whose `ring` is the lowest, and so upwards. A
    // copy's first link is the node.

    /// Calls f(slot) for a node and its copies, ascending, until f says false.
    template <class F> void each_equal(std::uint32_t node, F&& f) const {
        std::uint32_t const last = at(node).ring;
        if (last == no_slot) {
            static_cast<void>(f(node));
            return;
        }
        bool told = false;
        for (std::uint32_t copy = at(last).ring;; copy = at(copy).ring) {
            if (!told && node < copy) {
                told = true;
                if (!f(node)) return;
            }
            if (!f(copy)) return;
            if (copy == last) break;
        }
        if (!told) static_cast<void>(f(node));
    }
    void hang(std::uint32_t copy, std::uint32_t node) noexcept {
        ground& g = at(copy);
        g = {no_slot, copy, 0, 0, standing::copy, 0};
        g.links()[0] = node;
        std::uint32_t const last = at(node).ring;
        if (last == no_slot) {
            at(node).ring = copy;
            return;
        }
        std::uint32_t before = last; // who comes before it on the ring
        if (copy < last)
            while (at(before).ring < copy) before = at(before).ring;
        g.ring = at(before).ring;
        at(before).ring = copy;
        if (copy > last) at(node).ring = copy;
    }
    void unhang(std::uint32_t copy) noexcept {
        std::uint32_t const node = at(copy).links()[0];
        std::uint32_t before = copy;
        while (at(before).ring != copy) before = at(before).ring;
        at(before).ring = at(copy).ring;
        if (at(node).ring == copy) at(node).ring = before == copy ? no_slot : before;
        at(copy).state = standing::nowhere;
    }
    /// The lowest copy takes the node's place; the lists of others are the caller's to correct.
    [[nodiscard]] std::uint32_t lowest_copy(std::uint32_t node) const noexcept {
        std::uint32_t const last = at(node).ring;
        return last == no_slot ? no_slot : at(last).ring;
    }
    void hand_over(std::uint32_t node, std::uint32_t to) noexcept {
        unhang(to);
        ground& from = at(node);
        ground& heir = at(to);
        heir = from;
        __builtin_memcpy(heir.links(), from.links(), from.count * sizeof(std::uint32_t));
        if (from.ring != no_slot) {
            std::uint32_t copy = from.ring;
            do {
                at(copy).links()[0] = to;
                copy = at(copy).ring;
            } while (copy != from.ring);
        }
        from.state = standing::nowhere;
        from.upper = no_slot;
        from.count = 0;
    }

private:
    /// Upper lists there is memory for; counted up to `enough`.
    [[nodiscard]] std::size_t spare_lists(std::size_t enough) const noexcept {
        std::size_t spare = upper_.capacity() - used_;
        for (std::uint32_t list = free_; list != no_slot && spare < enough;
             list = above(list).above)
            ++spare;
        return spare;
    }
    [[nodiscard]] upper& on(std::uint32_t slot, std::uint32_t layer) const noexcept {
        std::uint32_t list = at(slot).upper;
        for (std::uint32_t l = 1; l < layer; ++l) list = above(list).above;
        return above(list);
    }
    std::uint32_t width_ = 16;
    slabs ground_;
    slabs upper_;
    std::uint32_t free_ = no_slot;
    std::uint32_t used_ = 0;
};

} // namespace runnel::recall::detail
