// SPDX-License-Identifier: MIT
// room: engine. The phases of a frame as types: staged, then committed, then done.
//
// Why:  commit before decay is a law (the other order loses energy twice between unlike nodes), so it
//       is carried by types: decay accepts nothing but what came out of commit.
// Laws: dropping a `staged` leaves the field as it was. A `committed` that is dropped (a sink threw)
//       still decays, so the books close and the frontier is right.
#pragma once

#include <cstdint>
#include <utility>

#include <runnel/core/trade.hpp>
#include <runnel/engine/detail/tell.hpp>
#include <runnel/engine/detail/work.hpp>
#include <runnel/engine/field.hpp>
#include <runnel/engine/frame.hpp>

namespace runnel {

template <class Engine, class Amount> class committed;

/// Moves decided on the frame-start state, not yet made. Holds the field and the store's lease.
template <class Engine, class Amount> class [[nodiscard]] staged {
public:
    staged(staged&& other) noexcept : engine_(other.engine_), field_(detail::taken(other.field_)) {}
    staged& operator=(staged&&) = delete;
    ~staged() {
        if (field_ != nullptr) engine_->close(*field_);
    }

    /// How many transfers are staged.
    [[nodiscard]] std::uint64_t moves() const noexcept { return open().moves; }
    /// Sum of all changes the moves would make to the total, units: 0.
    [[nodiscard]] double residual() const noexcept;

    /// Makes the moves.
    [[nodiscard]] committed<Engine, Amount> commit() && {
        RUNNEL_EXPECTS(
            detail::field_access::of(*field_).home.graph != nullptr,
            "engine: the field was moved away while its stage was open");
        engine_->commit(*field_);
        committed<Engine, Amount> next{*engine_, *detail::taken(field_)};
        engine_->tell_committed(next.on());
        return next;
    }

    /// Not yet: this only exists to say so.
    template <class... Anything> void decay(Anything&&...) && {
        static_assert(
            sizeof...(Anything) == ~std::size_t{0},
            "engine: decay comes after commit; write std::move(staged).commit() first and "
            "call decay() on what it returns");
    }

private:
    friend Engine;
    staged(Engine const& by, basic_field<Amount>& on) noexcept : engine_(&by), field_(&on) {}
    [[nodiscard]] detail::open_frame const& open() const noexcept {
        return detail::field_access::of(*field_).open;
    }
    Engine const* engine_;
    basic_field<Amount>* field_;
};

/// The moves are made; what remains is decay and the report.
template <class Engine, class Amount> class [[nodiscard]] committed {
public:
    committed(committed&& other) noexcept
        : engine_(other.engine_), field_(detail::taken(other.field_)) {}
    committed& operator=(committed&&) = delete;
    ~committed() {
        if (field_ == nullptr) return;
        engine_->decay(*field_);
        static_cast<void>(engine_->finish(*field_));
        engine_->close(*field_);
    }

    /// Ends the frame: decay, then learning, then the report that `stage` was asked for.
    frame_report decay() && {
        engine_->decay(*field_);
        return engine_->end_frame(*detail::taken(field_));
    }

private:
    friend Engine;
    friend class staged<Engine, Amount>;
    committed(Engine const& by, basic_field<Amount>& on) noexcept : engine_(&by), field_(&on) {}
    [[nodiscard]] basic_field<Amount>& on() const noexcept { return *field_; }
    Engine const* engine_;
    basic_field<Amount>* field_;
};

template <class Engine, class Amount> double staged<Engine, Amount>::residual() const noexcept {
    // Each move takes from its source exactly what it gives to its target.
    typename energy_traits<Amount>::total sum{};
    auto const& state = detail::field_access::of(*field_);
    if constexpr (Engine::has_workers)
        if (open().shared)
            return energy_traits<Amount>::units_of_total(
                detail::sharing<Engine, Amount, true>::residual(state));
    if (open().flat)
        sum = static_cast<typename energy_traits<Amount>::total>(state.flat.residual());
    auto const& moves = state.moves;
    for (std::size_t i = 0; i < open().moves && !open().flat; ++i) {
        sum -= energy_traits<Amount>::raw(moves[i].amount);
        sum += energy_traits<Amount>::raw(moves[i].amount);
    }
    return energy_traits<Amount>::units_of_total(sum);
}

} // namespace runnel
