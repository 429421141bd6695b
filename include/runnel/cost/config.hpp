// SPDX-License-Identifier: MIT
// room: cost. The numbers of the log-additive cost.
//
// Why:  settings travel further than the model they are for: presets and command lines name them without a context.
// Laws: `validate` accepts or names the offender; it never repairs.
#pragma once

#include <cstdint>
#include <string_view>

#include <runnel/core/math.hpp>
#include <runnel/core/reflect.hpp>
#include <runnel/core/result.hpp>

namespace runnel::faults {
inline constexpr fault_kind bad_cost_config{
    "cost.bad_config", "these cost settings contradict each other"};
} // namespace runnel::faults

namespace runnel::cost {

/// How the parts become a cost.
enum class form : std::uint8_t {
    log_additive, ///< all added as logarithms
    multiplicative, ///< (-lw + goal + novelty + hub) times the gates; divided by them where that is negative
    reciprocal ///< (1/w - cos + novelty + hub) times the gates, likewise
};

struct config {
    cost::form form = cost::form::log_additive; ///< how the parts become a cost
    double goal = 1;                            ///< weight of the goal's distance, >= 0
    double novelty = 0;                         ///< weight of the target's familiarity, >= 0
    double hub = 0;                             ///< weight of ln(1 + indegree), >= 0
    double resonance = .6;                      ///< how much like moods attract, >= 0
    double complementarity = .8;                ///< how much opposed moods complete, >= 0
    double complementarity_gate = 1;            ///< of the situation, [0, 2]

    friend bool operator==(config const&, config const&) = default;

    template <class Self, class F> static constexpr void visit(Self& self, F&& f) {
        static_assert(arity_is<config, 7>, "cost: a setting is missing from this walk");
        f("form", self.form);
        f("goal", self.goal);
        f("novelty", self.novelty);
        f("hub", self.hub);
        f("resonance", self.resonance);
        f("complementarity", self.complementarity);
        f("complementarity_gate", self.complementarity_gate);
    }
    [[nodiscard]] constexpr status validate() const noexcept {
        auto const bad = [](std::string_view sentence, auto offender) {
            return fault{fault_kind{faults::bad_cost_config.code, sentence}, offender};
        };
        auto const ok = [](double x) { return math::finite(x) && x >= 0; };
        if (form > form::reciprocal)
            return bad("cost.form is none of its names", static_cast<unsigned>(form));
        if (!ok(goal)) return bad("cost.goal must be finite and not negative", goal);
        if (!ok(novelty)) return bad("cost.novelty must be finite and not negative", novelty);
        if (!ok(hub)) return bad("cost.hub must be finite and not negative", hub);
        if (!ok(resonance)) return bad("cost.resonance must be finite and not negative", resonance);
        if (!ok(complementarity))
            return bad("cost.complementarity must be finite and not negative", complementarity);
        if (!ok(complementarity_gate) || complementarity_gate > 2)
            return bad("cost.complementarity_gate must lie in [0, 2]", complementarity_gate);
        return {};
    }
};
static_assert(config{}.validate().has_value());

} // namespace runnel::cost
