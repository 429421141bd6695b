// SPDX-License-Identifier: MIT
// room: weight. How fast links are forgotten.
//
// Why:  what is not used fades, on a clock so slow that it needs no look at single links: a rate per type of link,
//       or per type of the node a link leaves. `store.forget` and `store.elapse` take the rates.
// Laws: a log-weight falls by rate * time, never below min(what was last written, -5). A link's strength among its
//       like (weight/reader.hpp) is blind to a fall they share. What decay does change: which link of a row of
//       mixed types is the best; where small cohorts lean; weights read raw; and links that have reached -5.
// Cost: see `runnel::fall_rates`: O(kinds of links) a fall.
#pragma once

#include <cstdint>
#include <string_view>

#include <runnel/core/ids.hpp>
#include <runnel/core/math.hpp>
#include <runnel/core/reflect.hpp>
#include <runnel/core/result.hpp>
#include <runnel/core/ticks.hpp>
#include <runnel/graph/fading.hpp>

namespace runnel::faults {
inline constexpr fault_kind bad_weight_decay{
    "weight.bad_config", "these settings of weight decay contradict each other"};
} // namespace runnel::faults

namespace runnel::weight {

/// In place of a multiplier of a link type: that of the type of the node it leaves counts.
inline constexpr double by_source_type = -1;

[[nodiscard]] constexpr per_type<double, link_type> preset_multipliers() {
    return per_type<double, link_type>{1.0}.set(link_type::blocks, 3).set(link_type::remembers, .5);
}
[[nodiscard]] constexpr per_type<double> preset_source_multipliers() {
    return per_type<double>{1.0}
        .set(node_type::memory, .5)
        .set(node_type::episodic, .25)
        .set(node_type::task, 3)
        .set(node_type::goal, .5)
        .set(node_type::event, 2)
        .set(node_type::person, .3)
        .set(node_type::document, .7)
        .set(node_type::mechanism, .8)
        .set(node_type::principle, .3)
        .set(node_type::realization, 1.5);
}

struct decay_config {
    double base = 1e-6; ///< of the log-weight, per second, >= 0; 0 switches decay off
    /// Of the base, per link type, >= 0, or `by_source_type` for types that have none.
    per_type<double, link_type> multiplier = preset_multipliers();
    /// Of the base, per node type, for links whose own type has no multiplier, >= 0.
    per_type<double> by_source = preset_source_multipliers();
    /// In which exp(lw) halves, s; above 0 it stands in for base and multipliers.
    per_type<double, link_type> half_life = 0.0;
    std::uint32_t every = 60; ///< frames between two falls, >= 1
    bool relax = false;       ///< to the mean of their kind instead of down

    friend bool operator==(decay_config const&, decay_config const&) = default;

    template <class Self, class F> static constexpr void visit(Self& self, F&& f) {
        static_assert(arity_is<decay_config, 6>, "weight: a setting is missing from this walk");
        f("base", self.base);
        f("multiplier", self.multiplier);
        f("by_source", self.by_source);
        f("half_life", self.half_life);
        f("every", self.every);
        f("relax", self.relax);
    }
    /// What a store forgets by.
    [[nodiscard]] constexpr fall_rates rates() const noexcept {
        fall_rates all{.every = every, .relax = relax};
        for (std::uint16_t t = 0; t < all.of_links.capacity; ++t) {
            link_type const type{t};
            double const half = half_life[type];
            double const own = multiplier[type];
            all.of_links.set(
                type, half > 0 ? runnel::half_life(half).per_second
                               : (own < 0 ? -1 : math::product(base, own)));
        }
        for (std::uint16_t t = 0; t < all.of_sources.capacity; ++t)
            all.of_sources.set(node_type{t}, math::product(base, by_source[node_type{t}]));
        return all;
    }
    [[nodiscard]] constexpr status validate() const noexcept {
        auto const bad = [](std::string_view sentence, auto offender) {
            return fault{fault_kind{faults::bad_weight_decay.code, sentence}, offender};
        };
        if (!math::finite(base) || base < 0)
            return bad("weight_decay.base must be finite and not negative", base);
        constexpr double huge = 1.7976931348623157e308;
        auto const figure = [](double x) { return x >= 0 && x <= huge; };
        for (double const m : multiplier)
            if (!figure(m) && m != by_source_type)
                return bad("weight_decay.multiplier must be finite and not negative, or -1", m);
        for (double const m : by_source)
            if (!figure(m)) return bad("weight_decay.by_source must be finite and not negative", m);
        for (double const h : half_life)
            if (!figure(h)) return bad("weight_decay.half_life must be finite and not negative", h);
        if (every == 0) return bad("weight_decay.every must be at least 1", every);
        if (!rates().validate())
            return bad(
                "weight_decay: base and multiplier, or a half-life, make no finite rate", base);
        return {};
    }
};

} // namespace runnel::weight
