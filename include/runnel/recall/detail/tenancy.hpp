// SPDX-License-Identifier: MIT
// room: recall. What is kept beside each vector: the payload, and what its use and worth were.
//
// Laws: a payload is made when its entry is and ends with it; its address does not change in between.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <new>
#include <type_traits>
#include <utility>

#include <runnel/recall/detail/slabs.hpp>
#include <runnel/recall/eviction.hpp>
#include <runnel/recall/feedback.hpp>

namespace runnel::recall {

namespace detail {
namespace payloads_own {
void held_bytes(); // so that only functions of the payload's namespace are seen
template <class Payload>
concept has_held_bytes = requires(Payload const& payload) {
    { held_bytes(payload) } -> std::convertible_to<std::size_t>;
};
} // namespace payloads_own
template <class Payload>
concept has_bytes = requires(Payload const& payload) {
    { payload.bytes() } -> std::convertible_to<std::size_t>;
};
template <class Payload>
concept has_capacity = requires(Payload const& payload) {
    payload.capacity();
    payload.data();
    payload.size();
    typename Payload::value_type;
};
/// Is it known what a payload holds elsewhere?
template <class Payload> constexpr bool says_bytes() noexcept {
    if constexpr (
        std::is_trivially_destructible_v<
            Payload> || has_bytes<Payload> || payloads_own::has_held_bytes<Payload>)
        return true;
    else if constexpr (has_capacity<Payload>)
        return says_bytes<typename Payload::value_type>();
    else
        return false;
}
} // namespace detail

/// Bytes a payload holds elsewhere: what it says itself by `bytes()`, what a contiguous container and its elements have
/// allocated, or nothing. A payload of another kind is given a function of this name in its own namespace.
template <class Payload> [[nodiscard]] std::size_t held_bytes(Payload const& payload) noexcept {
    if constexpr (detail::has_bytes<Payload>) {
        return payload.bytes();
    } else if constexpr (detail::has_capacity<Payload>) {
        using element = typename Payload::value_type;
        std::size_t within = 0;
        if constexpr (!std::is_trivially_destructible_v<element>)
            for (std::size_t i = 0; i < payload.size(); ++i)
                within += held_bytes(payload.data()[i]);
        // A short string lies within itself.
        auto const self = reinterpret_cast<std::uintptr_t>(&payload);
        auto const data = reinterpret_cast<std::uintptr_t>(payload.data());
        if (payload.capacity() == 0 || (data >= self && data < self + sizeof payload))
            return within;
        std::size_t const end = requires { payload.c_str(); }
        ? 1 : 0;
        return within + (payload.capacity() + end) * sizeof(element);
    } else {
        return 0;
    }
}

namespace detail {

template <class Payload> struct record {
    Payload payload;
    outcomes told;
    std::uint64_t uses = 0;
    tick added{};
    tick last_used{};
    std::uint32_t pins = 0;
    std::uint16_t of_class = 0;
};

template <class Payload> class tenancy {
    static_assert(
        std::is_nothrow_move_constructible_v<Payload>,
        "recall: a payload moves without throwing, or an insertion could stop half way");
    static_assert(alignof(record<Payload>) <= 64, "recall: a payload is aligned to a line at most");

public:
    using kept = record<Payload>;

    tenancy() : held_(sizeof(kept)) {}

    [[nodiscard]] kept& operator[](std::uint32_t slot) const noexcept {
        return *std::launder(reinterpret_cast<kept*>(held_[slot]));
    }
    [[nodiscard]] slabs& places() noexcept { return held_; }
    [[nodiscard]] slabs const& places() const noexcept { return held_; }
    void make(std::uint32_t slot, kept&& one) noexcept {
        ::new (static_cast<void*>(held_[slot])) kept(std::move(one));
    }
    void end(std::uint32_t slot) noexcept { (*this)[slot].~kept(); }

private:
    slabs held_;
};

} // namespace detail
} // namespace runnel::recall
