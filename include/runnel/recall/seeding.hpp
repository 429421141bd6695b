// SPDX-License-Identifier: MIT
// room: recall. The settings of seeding: how sure it is of the best hit, how much energy, in what steps.
//
// Why:  settings travel further than what they are for; and the step is what makes an exact total possible.
// Laws: `validate` accepts or names the offender; it never repairs. A grid's step is a power of two, and its
//       count of them is the whole, exactly, and below 2^53.
#pragma once

#include <bit>
#include <cstdint>
#include <string_view>

#include <runnel/core/energy.hpp>
#include <runnel/core/math.hpp>
#include <runnel/core/reflect.hpp>
#include <runnel/core/result.hpp>
#include <runnel/recall/faults.hpp>

namespace runnel::recall {

/// What units are whole multiples of.
enum class grain : std::uint8_t {
    /// 2^-40, as an engine counts: it then holds `energy` to the quantum. Where `energy` itself is no
    /// whole number of quanta, or they are finer than its last place, as `finest`.
    quantum,
    finest ///< the last place of `energy`: shares within 1.2e-16 of it, for diffusers that count in double
};

struct seeding {
    /// Of the softmax over similarities, finite and > 0. Cosines of unrelated vectors of some hundred
    /// numbers scatter by .05: at .1 that is a factor of 1.6, while a hit better by .23 gets ten times as
    /// much. At 1 all hits are nearly equal, at .01 the best takes all. Other metrics have other scales.
    double temperature = .1;
    double energy = 1;                    ///< units in all, finite and > 0
    recall::grain grain = grain::quantum; ///< what units are rounded to

    friend bool operator==(seeding const&, seeding const&) = default;

    template <class Self, class F> static constexpr void visit(Self& self, F&& f) {
        static_assert(arity_is<seeding, 3>, "recall: a setting is missing from this walk");
        f("temperature", self.temperature);
        f("energy", self.energy);
        f("grain", self.grain);
    }
    [[nodiscard]] constexpr status validate() const noexcept {
        auto const bad = [](std::string_view sentence, auto offender) {
            return fault{fault_kind{faults::invalid_config.code, sentence}, offender};
        };
        if (!math::finite(temperature) || !(temperature > 0))
            return bad("recall.seeding.temperature must be finite and above 0", temperature);
        if (!math::finite(energy) || !(energy > 0))
            return bad("recall.seeding.energy must be finite and above 0", energy);
        if (grain > grain::finest)
            return bad("recall.seeding.grain is none of its names", static_cast<unsigned>(grain));
        return {};
    }
};
static_assert(seeding{}.validate().has_value());

namespace detail {
/// `whole` as `count` times a power of two.
struct grid {
    double step;
    double count;

    [[nodiscard]] static grid of(double whole, grain how) noexcept {
        auto const bits = std::bit_cast<std::uint64_t>(whole);
        std::uint64_t const mantissa = bits & 0x000F'FFFF'FFFF'FFFFU;
        std::uint64_t const hidden = bits >> 52 == 0 ? 0 : std::uint64_t{1} << 52;
        auto const count = static_cast<double>(mantissa | hidden);
        grid const finest{whole / count, count}; // exact: the quotient is a power of two
        if (how == grain::finest || !(finest.step < energy::quantum)) return finest;
        double const quanta = whole / energy::quantum; // < 2^53, exact
        bool const even = static_cast<double>(static_cast<std::uint64_t>(quanta)) == quanta;
        return even ? grid{energy::quantum, quanta} : finest;
    }
};
} // namespace detail

} // namespace runnel::recall
