// SPDX-License-Identifier: MIT
// room: event. Keeps the latest events of chosen kinds.
//
// Why:  a bounded memory of what happened, for tests, explanations and pictures.
// Laws: keeps at most `capacity` of each kind, the latest; `dropped` counts the rest. Never allocates
//       after construction. Lists, which last for a call only, are not kept.
// Cost: one copy per event.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include <runnel/core/expects.hpp>
#include <runnel/event/records.hpp>
#include <runnel/event/sink.hpp>

namespace runnel::event {

namespace detail {
template <class E> class ring {
public:
    explicit ring(std::size_t capacity) : kept_(capacity) {}
    void push(E const& event) noexcept {
        if (!kept_.empty()) kept_[seen_ % kept_.size()] = lasting(event);
        ++seen_;
    }
    [[nodiscard]] std::size_t size() const noexcept {
        return seen_ < kept_.size() ? static_cast<std::size_t>(seen_) : kept_.size();
    }
    [[nodiscard]] std::uint64_t seen() const noexcept { return seen_; }
    /// Oldest kept first.
    [[nodiscard]] E const& operator[](std::size_t i) const noexcept {
        RUNNEL_EXPECTS(i < size(), "event: recorder index beyond what is kept");
        return seen_ > kept_.size() ? kept_[(seen_ + i) % kept_.size()] : kept_[i];
    }
    void clear() noexcept { seen_ = 0; }

private:
    std::uint64_t seen_ = 0;
    std::vector<E> kept_; // always as long as the capacity, so that copies have theirs too
};
} // namespace detail

/// `recorder<stride_exec, node_flip> seen{1024};`
template <registered... Event> class recorder : detail::ring<Event>... {
public:
    explicit recorder(std::size_t capacity) : detail::ring<Event>(capacity)... {}

    template <class E>
        requires(std::is_same_v<E, Event> || ...)
    void operator()(E const& event) { detail::ring<E>::push(event); }
    /// How many of a kind are kept.
    template <class E> [[nodiscard]] std::size_t size() const noexcept {
        return detail::ring<E>::size();
    }
    /// How many were pushed out.
    template <class E> [[nodiscard]] std::uint64_t dropped() const noexcept {
        return detail::ring<E>::seen() - detail::ring<E>::size();
    }
    /// How many of all kinds.
    [[nodiscard]] std::uint64_t dropped() const noexcept { return (dropped<Event>() + ...); }
    /// The i-th kept event of a kind, oldest first.
    template <class E> [[nodiscard]] E const& get(std::size_t i) const noexcept {
        return detail::ring<E>::operator[](i);
    }
    void clear() noexcept { (detail::ring<Event>::clear(), ...); }
};

} // namespace runnel::event
