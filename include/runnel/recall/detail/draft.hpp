// SPDX-License-Identifier: MIT
// room: recall. A draft of changes to the lists of a net, so that a change can be worked out beside searches.
//
// Laws: the net is not touched before `write`, which cannot fail.
#pragma once

#include <cstddef>
#include <cstdint>

#include <runnel/core/array.hpp>
#include <runnel/recall/detail/net.hpp>

namespace runnel::recall::detail {

/// Lists as they shall be. Reading falls through to the net where nothing was changed.
class draft {
public:
    void reset(net const& of) {
        of_ = &of;
        stride_ = of.places(0) + 2; // one beyond what fits, while it is decided who goes
        items_.clear();
        links_.clear();
    }
    [[nodiscard]] list_view operator()(std::uint32_t slot, std::uint32_t layer) const noexcept {
        std::size_t const i = find(slot, layer);
        if (i == items_.size()) return of_->list(slot, layer);
        return {links_.data() + i * stride_, items_[i].count};
    }
    /// A node the net does not have yet, or one that starts anew.
    void begin(std::uint32_t slot, std::uint32_t layer) {
        items_.push_back({slot, layer, 0});
        links_.resize(items_.size() * stride_);
    }
    void add(std::uint32_t slot, std::uint32_t layer, std::uint32_t link) {
        std::size_t const i = open(slot, layer);
        links_[i * stride_ + items_[i].count++] = link;
    }
    void remove(std::uint32_t slot, std::uint32_t layer, std::uint32_t link) {
        std::size_t const i = open(slot, layer);
        std::uint32_t* const links = links_.data() + i * stride_;
        std::uint32_t kept = 0; // in order: the first link of the ground is the parent
        for (std::uint32_t at = 0; at < items_[i].count; ++at)
            if (links[at] != link) links[kept++] = links[at];
        items_[i].count = kept;
    }
    void replace(std::uint32_t slot, std::uint32_t layer, std::uint32_t link, std::uint32_t by) {
        std::size_t const i = open(slot, layer);
        for (std::uint32_t at = 0; at < items_[i].count; ++at)
            if (links_[i * stride_ + at] == link) links_[i * stride_ + at] = by;
    }
    /// Makes `link`, which is there, the first.
    void put_first(std::uint32_t slot, std::uint32_t layer, std::uint32_t link) {
        std::size_t const i = open(slot, layer);
        std::uint32_t* const links = links_.data() + i * stride_;
        std::uint32_t at = 0;
        while (links[at] != link) ++at;
        for (; at > 0; --at) links[at] = links[at - 1];
        links[0] = link;
    }
    [[nodiscard]] bool has(
        std::uint32_t slot, std::uint32_t layer, std::uint32_t link) const noexcept {
        for (std::uint32_t const at : (*this)(slot, layer))
            if (at == link) return true;
        return false;
    }
    [[nodiscard]] std::size_t size() const noexcept { return items_.size(); }
    void write(net& to) const noexcept {
        for (std::size_t i = 0; i < items_.size(); ++i)
            to.set(items_[i].slot, items_[i].layer, {links_.data() + i * stride_, items_[i].count});
    }
    [[nodiscard]] std::size_t bytes() const noexcept {
        return items_.capacity() * sizeof(item) + links_.capacity() * sizeof(std::uint32_t);
    }

private:
    struct item {
        std::uint32_t slot;
        std::uint32_t layer;
        std::uint32_t count;
    };
    [[nodiscard]] std::size_t find(std::uint32_t slot, std::uint32_t layer) const noexcept {
        std::size_t i = 0;
        while (i < items_.size() && (items_[i].slot != slot || items_[i].layer != layer)) ++i;
        return i;
    }
    [[nodiscard]] std::size_t open(std::uint32_t slot, std::uint32_t layer) {
        std::size_t const i = find(slot, layer);
        if (i < items_.size()) return i;
        list_view const now = of_->list(slot, layer);
        items_.push_back({slot, layer, now.count});
        links_.resize(items_.size() * stride_);
        __builtin_memcpy(links_.data() + i * stride_, now.links, now.count * sizeof(std::uint32_t));
        return i;
    }
    net const* of_ = nullptr;
    std::size_t stride_ = 0;
    runnel::detail::array<item> items_;
    runnel::detail::array<std::uint32_t> links_;
};

} // namespace runnel::recall::detail
