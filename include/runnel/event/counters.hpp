// SPDX-License-Identifier: MIT
// room: event. How often each thing happened, how much energy it moved, how far weights went.
//
// Why:  the cheapest sink that still answers "is anything going on".
// Laws: hears every registered event; counts only grow until `clear`. Each quantity is read from the one
//       event that is its own: a flow along a link is the sum of strides, and is not counted again.
#pragma once

#include <cstdint>
#include <type_traits>

#include <runnel/event/records.hpp>

namespace runnel::event {

class counters {
public:
    template <registered E> void operator()(E const& event) noexcept {
        ++counts_[registry::position<E>()];
        if constexpr (std::is_same_v<E, stride_exec>) transferred_ += event.gross;
        if constexpr (std::is_same_v<E, stimulus_injected>) injected_ += event.energy;
        if constexpr (std::is_same_v<E, decay_tick>) lost_ += event.decayed + event.flushed;
        if constexpr (std::is_same_v<E, stride_selection>) costs_ += event.costs_computed;
        if constexpr (std::is_same_v<E, node_flip>) switched_on_ += event.active ? 1 : 0;
        if constexpr (std::is_same_v<E, weight_update>)
            learned_ += event.delta < 0 ? -event.delta : event.delta;
        if constexpr (std::is_same_v<E, guard_acted>) guarded_ += event.count;
    }
    template <registered E> [[nodiscard]] std::uint64_t count() const noexcept {
        return counts_[registry::position<E>()];
    }
    [[nodiscard]] double transferred() const noexcept { return transferred_; }
    [[nodiscard]] double injected() const noexcept { return injected_; }
    [[nodiscard]] double lost() const noexcept { return lost_; }
    [[nodiscard]] std::uint64_t costs_computed() const noexcept { return costs_; }
    /// Of the flips, those that made a node active.
    [[nodiscard]] std::uint64_t switched_on() const noexcept { return switched_on_; }
    /// How far log-weights were to move, up or down, in all.
    [[nodiscard]] double learned() const noexcept { return learned_; }
    /// How often guards acted: one event may tell of many times.
    [[nodiscard]] std::uint64_t guarded() const noexcept { return guarded_; }
    void clear() noexcept { *this = {}; }

private:
    std::uint64_t counts_[registry::count]{};
    double transferred_ = 0;
    double injected_ = 0;
    double lost_ = 0;
    double learned_ = 0;
    std::uint64_t costs_ = 0;
    std::uint64_t switched_on_ = 0;
    std::uint64_t guarded_ = 0;
};

} // namespace runnel::event
