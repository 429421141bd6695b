// SPDX-License-Identifier: MIT
// room: event. How often each thing happened, and how much energy it moved.
//
// Why:  the cheapest sink that still answers "is anything going on".
// Laws: hears every registered event; counts only grow until `clear`.
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
    }
    template <registered E> [[nodiscard]] std::uint64_t count() const noexcept {
        return counts_[registry::position<E>()];
    }
    [[nodiscard]] double transferred() const noexcept { return transferred_; }
    [[nodiscard]] double injected() const noexcept { return injected_; }
    [[nodiscard]] double lost() const noexcept { return lost_; }
    void clear() noexcept { *this = {}; }

private:
    std::uint64_t counts_[registry::count]{};
    double transferred_ = 0;
    double injected_ = 0;
    double lost_ = 0;
};

} // namespace runnel::event
