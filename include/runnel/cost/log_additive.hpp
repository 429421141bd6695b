// SPDX-License-Identifier: MIT
// room: cost. The cost of a link: its weight, and what matters right now, added as logarithms.
//
// Why:  a softmax over these costs at temperature 1 gives each link a share in proportion to weight times
//       gates, which is what a row of a transition matrix would (D5). A product with a signed base would
//       turn the gates round for heavy links and switch them off at weight 1; two such forms are kept for
//       those who compare with other systems.
// Laws: log_additive: cost = -lw + goal (1 - cos)/2 + novelty familiarity + hub ln(1 + indegree) + ln m_res
//       + ln m_comp, where lw is the link's and what the context's overlay adds; without goal, mood,
//       overlay, novelty and hub exactly -lw. The breakdown's total is the cost, bit for bit, and no
//       cost is below `at_least`.
// Cost: a few loads once a target is known; see context.
#pragma once

#include <cstdint>

#include <runnel/core/expects.hpp>
#include <runnel/core/math.hpp>
#include <runnel/core/reflect.hpp>
#include <runnel/core/result.hpp>
#include <runnel/cost/config.hpp>
#include <runnel/cost/context.hpp>
#include <runnel/cost/gates.hpp>
#include <runnel/cost/model.hpp>
#include <runnel/event/records.hpp>

namespace runnel::faults {
inline constexpr fault_kind links_not_counted{
    "cost.links_not_counted",
    "a hub term needs the links that lead in: call count_links() of the context"};
} // namespace runnel::faults

namespace runnel::cost {

class log_additive {
public:
    /// The context outlives the model, which sees what is set in it. make_engine refuses settings that are not valid;
    /// who uses the model alone lets `of` look at them.
    explicit log_additive(context const& now, config const& settings = {}) noexcept
        : now_(&now), settings_(settings) {}
    explicit log_additive(context const&&, config const& = {}) = delete;
    [[nodiscard]] static result<log_additive> of(context const& now, config const& settings) {
        log_additive const made{now, settings};
        if (auto const ok = made.validate(); !ok) return ok.error();
        return made;
    }
    static result<log_additive> of(context const&&, config const&) = delete;
    [[nodiscard]] status validate() const noexcept {
        if (auto const ok = settings_.validate(); !ok) return ok.error();
        if (settings_.hub > 0 && !now_->counts_links()) return fault{faults::links_not_counted};
        return {};
    }
    [[nodiscard]] graph const& topology() const noexcept { return now_->topology(); }

    /// Whether the engine should keep and tell how familiar targets are.
    [[nodiscard]] bool asks_familiarity() const noexcept { return settings_.novelty > 0; }

    [[nodiscard]] double operator()(candidate const& c) const { return breakdown(c).total; }
    /// The cost and what it is made of.
    [[nodiscard]] event::cost_breakdown breakdown(candidate const& c) const {
        RUNNEL_EXPECTS(
            c.familiarity >= 0 && c.familiarity <= 1, "cost: familiarity lies in [0, 1]");
        event::cost_breakdown b;
        b.overlay = now_->overlay_towards(c.target);
        b.base = -(c.lw.log() + b.overlay);
        bool const aimed = now_->has_goal() && settings_.goal > 0;
        if (aimed) b.goal_cosine = now_->towards_goal(c.target);
        b.novelty = math::product(settings_.novelty, c.familiarity);
        if (settings_.hub > 0)
            b.hub = math::product(settings_.hub, math::log(1.0 + now_->indegree(c.target)));
        if (now_->has_affect()) {
            b.resonance = now_->in_mood(c.target);
            gates const g{settings_.resonance, settings_.complementarity};
            b.resonance_factor = cost::resonance(b.resonance, g);
            b.complementarity_factor = cost::complementarity(
                {b.resonance, now_->intensity(), settings_.complementarity_gate}, g);
        }
        double const gated = math::product(b.resonance_factor, b.complementarity_factor);
        if (aimed) b.goal = math::product(settings_.goal, .5 - math::product(.5, b.goal_cosine));
        switch (settings_.form) {
        case form::log_additive:
            b.total = b.base + b.goal + b.novelty + b.hub + log_of(b.resonance_factor)
                      + log_of(b.complementarity_factor);
            break;
        case form::multiplicative: {
            double const base = b.base + b.goal + b.novelty + b.hub;
            b.total = base < 0 ? base / gated : math::product(base, gated);
            break;
        }
        case form::reciprocal: {
            b.goal = aimed ? -math::product(settings_.goal, b.goal_cosine) : 0;
            double const base = math::exp(b.base) + b.goal + b.novelty + b.hub;
            b.total = base < 0 ? base / gated : math::product(base, gated);
            break;
        }
        }
        b.why = why(b);
        return b;
    }
    /// The same sum with each part at its least; rounding is monotone, so no cost is below it.
    [[nodiscard]] double at_least(node_id, log_weight lw) const noexcept {
        bool const exact = settings_.form != form::reciprocal && !now_->has_affect();
        double const least = least_of(lw);
        // Where exponentials take part, which may be a last digit out of order.
        return exact ? least : least - 1e-12 * (1 + (least < 0 ? -least : least));
    }
    [[nodiscard]] config const& settings() const noexcept { return settings_; }

private:
    [[nodiscard]] double least_of(log_weight lw) const noexcept {
        double least_gate = 1;
        double least_resonance = 1;
        if (now_->has_affect()) {
            gates const g{settings_.resonance, settings_.complementarity};
            least_resonance = cost::resonance(1, g);
            least_gate =
                cost::complementarity({-1, now_->intensity(), settings_.complementarity_gate}, g);
        }
        double const base = -(lw.log() + now_->greatest_overlay());
        switch (settings_.form) {
        case form::log_additive:
            return base + 0.0 + 0.0 + 0.0 + log_of(least_resonance) + log_of(least_gate);
        case form::multiplicative: return gated(base, least_resonance, least_gate);
        case form::reciprocal: {
            bool const aimed = now_->has_goal() && settings_.goal > 0;
            return gated(
                math::exp(base) - (aimed ? settings_.goal : 0.0), least_resonance, least_gate);
        }
        }
        return -__builtin_inf();
    }
    /// A base at its least under the gates that make it least: below 0 dividing by the smallest does.
    [[nodiscard]] static double gated(double base, double resonance, double gate) noexcept {
        double const smallest = math::product(resonance, gate);
        return base < 0 ? base / smallest : math::product(base, smallest);
    }
    [[nodiscard]] static double log_of(double factor) noexcept {
        return factor == 1 ? 0 : math::log(factor);
    }
    /// The part that moves the cost most away from that of a link of weight 1 to somewhere indifferent.
    [[nodiscard]] event::cost_reason why(event::cost_breakdown const& b) const noexcept {
        auto const size = [](double x) { return x < 0 ? -x : x; };
        double most = 1e-12;
        auto reason = event::cost_reason::neutral;
        auto const part = [&](double x, event::cost_reason if_cheaper,
                              event::cost_reason if_dearer) {
            if (!(size(x) > most)) return;
            most = size(x);
            reason = x < 0 ? if_cheaper : if_dearer;
        };
        using enum event::cost_reason;
        part(b.base, strong_link, weak_link);
        part(-math::product(.5 * settings_.goal, b.goal_cosine), goal_aligned, goal_opposed);
        part(b.novelty, neutral, familiar);
        part(b.hub, neutral, crowded);
        part(log_of(b.resonance_factor), resonance_attracts, resonance_repels);
        part(log_of(b.complementarity_factor), complement, complement);
        return reason;
    }

    context const* now_;
    config settings_;
};
static_assert(tells<log_additive> && bounded<log_additive> && asks_familiarity<log_additive>);

} // namespace runnel::cost
