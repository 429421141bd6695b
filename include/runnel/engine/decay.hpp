// SPDX-License-Identifier: MIT
// room: engine. What a config means in quanta: thresholds, cut-offs, and what decay leaves.
//
// Why:  a frame compares and multiplies integers; everything that needs an exponential is worked out
//       once per config or once per step length. Decay floors what remains, not what goes: flooring
//       the loss would leave the last quanta of a node immortal (D-E).
// Laws: kept(e, t) <= e; a rate of 0 keeps every quantum; in exact arithmetic decay over a then b is
//       decay over a + b, in fixed point within 1 + ceil(4*e*2^-53) quanta.
#pragma once

#include <cstddef>
#include <cstdint>

#include <runnel/core/energy.hpp>
#include <runnel/core/math.hpp>
#include <runnel/core/ticks.hpp>
#include <runnel/engine/config.hpp>
#include <runnel/engine/ledger.hpp>
#include <runnel/engine/mechanisms.hpp>

namespace runnel::detail {

/// The share of an energy that decay leaves.
template <class Amount> struct keep_share;

/// Held as what goes, a numerator over 2^64 from 0 to 2^64 - 1: that way "all stays" and "all goes" are
/// figures like any other. What goes is rounded up, so what stays is rounded down.
template <> struct keep_share<energy> {
    std::uint64_t gone = 0;
    static constexpr keep_share of(double rate, double seconds) noexcept {
        if (rate == 0) return {};
        std::uint64_t const kept = fraction::of(math::exp(-math::product(rate, seconds))).raw();
        return {std::uint64_t{0} - (kept == 0 ? 1 : kept)};
    }
    /// A share of [0, 1].
    static constexpr keep_share keeping(double share) noexcept {
        if (share == 1) return {};
        std::uint64_t const kept = fraction::of(share).raw();
        return {std::uint64_t{0} - (kept == 0 ? 1 : kept)};
    }
    [[nodiscard]] constexpr bool all() const noexcept { return gone == 0; }
    [[nodiscard]] constexpr energy of_amount(energy e) const noexcept {
        auto const quanta = static_cast<std::uint64_t>(e.raw());
        uint128 const goes = uint128{quanta} * gone + ~std::uint64_t{0};
        return energy::from_raw(
            static_cast<std::int64_t>(quanta - static_cast<std::uint64_t>(goes >> 64)));
    }
};

template <> struct keep_share<double> {
    double share = 1;
    static constexpr keep_share of(double rate, double seconds) noexcept {
        return {math::exp(-math::product(rate, seconds))};
    }
    static constexpr keep_share keeping(double share) noexcept { return {share}; }
    [[nodiscard]] constexpr bool all() const noexcept { return share == 1; }
    [[nodiscard]] constexpr double of_amount(double e) const noexcept {
        return math::product(e, share);
    }
};

/// Decay rates per type slot, and the distinct ones among them: presets share a few figures, so a new
/// step length costs a few exponentials, not one per type.
class rate_table {
public:
    /// In matrix mode the step itself takes the loss: what lies still keeps all.
    explicit constexpr rate_table(config const& all) noexcept {
        decay_config const& c = all.decay;
        for (std::size_t t = 0; t < type_slots; ++t) {
            node_type const type{static_cast<std::uint16_t>(t)};
            double rate = c.half_life[type] > 0
                              ? runnel::half_life(c.half_life[type]).per_second * c.gain
                              : c.base * c.multiplier[type] * c.gain;
            if (all.implementation == implementation::matrix) rate = 0;
            std::uint8_t kind = 0;
            while (kind < kinds_ && rates_[kind] != rate) ++kind;
            if (kind == kinds_) rates_[kinds_++] = rate;
            kind_[t] = kind;
        }
    }
    [[nodiscard]] constexpr double operator[](std::size_t slot) const noexcept {
        return rates_[kind_[slot]];
    }
    /// Fills what each type keeps over a span.
    template <class Amount>
    constexpr void fill(keep_share<Amount> (&keep)[type_slots], instant span) const noexcept {
        keep_share<Amount> kinds[type_slots]{};
        for (std::size_t k = 0; k < kinds_; ++k)
            kinds[k] = keep_share<Amount>::of(rates_[k], span.seconds());
        for (std::size_t t = 0; t < type_slots; ++t) keep[t] = kinds[kind_[t]];
    }
    friend constexpr bool operator==(rate_table const&, rate_table const&) = default;

private:
    double rates_[type_slots]{};
    std::uint8_t kind_[type_slots]{};
    std::uint8_t kinds_ = 0;
};

/// What settings make of a field that lies still: who is active in it, and what its pending decay will be.
template <class Amount> struct still_rules {
    Amount threshold[type_slots]{};
    Amount release[type_slots]{}; // an active node stays active from here on
    Amount flush_below{};
    rate_table rates;
    resistance_config resistance;
    double hysteresis;

    explicit constexpr still_rules(config const& c) noexcept
        : flush_below(energy_traits<Amount>::ceil_of(
            c.implementation == implementation::matrix ? 0 : c.decay.flush_below)),
          rates(c),
          resistance(c.resistance),
          hysteresis(c.hysteresis) {
        for (std::size_t t = 0; t < type_slots; ++t) {
            double const units = c.threshold[node_type{static_cast<std::uint16_t>(t)}];
            threshold[t] = active_from(units);
            release[t] = released_below(units);
        }
    }
    [[nodiscard]] constexpr Amount released_below(double units) const noexcept {
        return active_from(math::product(units, 1 - hysteresis));
    }
    friend constexpr bool operator==(still_rules const&, still_rules const&) = default;
    /// Active means above 0 and at least the threshold: in quanta one comparison.
    [[nodiscard]] static constexpr Amount active_from(double units) noexcept {
        using traits = energy_traits<Amount>;
        if constexpr (traits::exact) {
            Amount const at_least = traits::ceil_of(units);
            return at_least.raw() == 0 ? energy::from_raw(1) : at_least;
        } else {
            return units > 0 ? units : 0x1p-1074;
        }
    }
};

} // namespace runnel::detail
