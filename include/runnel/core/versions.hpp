// SPDX-License-Identifier: MIT
// room: core. Version stamps and generation-checked handles.
//
// Why:  whoever caches something about a node must learn that the node changed, and whoever kept a
//       handle must learn that its slot now holds something else. Both are counters bumped by the
//       owner of the change, never by a reader.
// Laws: a stamp only grows. A handle is valid from acquire to release; after release no later handle
//       of the slot equals it until 2^31 reuses.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>

#include <runnel/core/array.hpp>
#include <runnel/core/expects.hpp>

namespace runnel {

/// How often the owner changed a thing; 0 = never.
enum class version : std::uint64_t {};

[[nodiscard]] constexpr version next(version v) noexcept {
    return version{static_cast<std::uint64_t>(v) + 1};
}

/// A slot and the generation it was taken in.
template <class Tag> struct handle {
    std::uint32_t slot = ~std::uint32_t{0};
    std::uint32_t generation = 0;
    friend constexpr auto operator<=>(handle, handle) noexcept = default;
};

template <class Tag> [[nodiscard]] constexpr std::size_t index(handle<Tag> h) noexcept {
    return h.slot;
}

/// Gives out slots, takes them back, and knows which handles are stale.
template <class Tag> class slot_register {
public:
    using handle_type = handle<Tag>;

    [[nodiscard]] handle_type acquire() {
        if (free_.empty()) {
            if (free_.capacity() <= generations_.size()) // so that release never allocates
                free_.reserve(2 * generations_.size() + 1);
            generations_.push_back(1);
            return {static_cast<std::uint32_t>(generations_.size() - 1), 1};
        }
        std::uint32_t const slot = free_.back();
        free_.pop_back();
        return {slot, ++generations_[slot]};
    }
    /// False, and nothing changes, if the handle is stale.
    [[nodiscard]] bool release(handle_type h) noexcept {
        if (!valid(h)) return false;
        ++generations_[h.slot];
        free_.push_back(h.slot);
        return true;
    }
    [[nodiscard]] bool valid(handle_type h) const noexcept {
        return h.slot < generations_.size() && generations_[h.slot] == h.generation
               && (h.generation & 1U) != 0;
    }
    [[nodiscard]] std::size_t size() const noexcept { return generations_.size() - free_.size(); }

private:
    detail::array<std::uint32_t> generations_; // odd while taken
    detail::array<std::uint32_t> free_;
};

} // namespace runnel
