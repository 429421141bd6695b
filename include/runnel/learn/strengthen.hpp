// SPDX-License-Identifier: MIT
// room: learn. Links whose strides were of use grow stronger: Hebb's rule, told apart by what came of a stride.
//
// Why:  what fires together is wired together, but not all alike: who brought a node over its threshold earns by
//       its share of that, who connects two active nodes earns fully, the rest a little. How useful a stride was
//       is judged among its like, so that a busy frame does not teach more than a quiet one.
// Laws: delta = eta * flow * tier * max(utility_floor, u) * (1 + affect * tanh |affect|), `strong_factor` of it for a
//       link that is strong already. u is the score of the lack filled, or of what was carried where nothing was
//       lacking (a node that was active lacks nothing, and could never be co-active otherwise). What did worse
//       than `least_utility` learns nothing. Tiers are tried in this order: causal, co-activation, background; the
//       other way round a flip, whose ends are both active, would never be causal. A rise ends at `ceiling`, a fall
//       at `floor`, and neither limit moves a weight against its delta.
// Cost: one tanh per stride whose target has an affect.
#pragma once

#include <string_view>

#include <runnel/core/log_weight.hpp>
#include <runnel/core/math.hpp>
#include <runnel/core/reflect.hpp>
#include <runnel/core/result.hpp>
#include <runnel/event/records.hpp>
#include <runnel/weight/flow.hpp>

namespace runnel::faults {
inline constexpr fault_kind bad_learning{
    "learn.bad_config", "these learning settings contradict each other"};
} // namespace runnel::faults

namespace runnel::learn {

struct config {
    double eta = .01;          ///< of a log-weight, per unit carried, >= 0
    double strong_from = .8;   ///< a weight (not its logarithm) above this is strong, > 0
    double strong_factor = .5; ///< of what others learn, for strong ones, [0, 1]
    double ceiling = 2;        ///< where a rising log-weight ends, [floor, 128)
    double floor = -5;         ///< where a falling one ends, >= -128
    double causal = .6;        ///< for bringing the target over its threshold, by share, >= 0
    double co_activation = 1;  ///< when both ends are active after commit, >= 0
    double background = .3;    ///< otherwise, >= 0
    double utility_floor = 0;  ///< least score to learn by; below 0 strides of little use weaken
    double least_utility = -1; ///< a score below this teaches nothing
    double affect = .3;        ///< how much more a strong affect makes learn, >= 0
    bool newness_gate = false; ///< only strides that brought their target over its threshold teach

    friend bool operator==(config const&, config const&) = default;

    template <class Self, class F> static constexpr void visit(Self& self, F&& f) {
        static_assert(arity_is<config, 12>, "learn: a setting is missing from this walk");
        f("eta", self.eta);
        f("strong_from", self.strong_from);
        f("strong_factor", self.strong_factor);
        f("ceiling", self.ceiling);
        f("floor", self.floor);
        f("causal", self.causal);
        f("co_activation", self.co_activation);
        f("background", self.background);
        f("utility_floor", self.utility_floor);
        f("least_utility", self.least_utility);
        f("affect", self.affect);
        f("newness_gate", self.newness_gate);
    }
    [[nodiscard]] constexpr status validate() const noexcept {
        auto const bad = [](std::string_view sentence, double offender) {
            return fault{fault_kind{faults::bad_learning.code, sentence}, offender};
        };
        auto const size = [](double x) { return math::finite(x) && x >= 0; };
        if (!size(eta)) return bad("learn.eta must be finite and not negative", eta);
        if (!math::finite(strong_from) || !(strong_from > 0))
            return bad("learn.strong_from must be finite and above 0", strong_from);
        if (!(strong_factor >= 0 && strong_factor <= 1))
            return bad("learn.strong_factor must lie in [0, 1]", strong_factor);
        if (!log_weight::from_log(floor)) return bad("learn.floor must lie in [-128, 128)", floor);
        if (!log_weight::from_log(ceiling))
            return bad("learn.ceiling must lie in [-128, 128)", ceiling);
        if (ceiling < floor) return bad("learn.ceiling must not be below learn.floor", ceiling);
        if (!size(causal)) return bad("learn.causal must be finite and not negative", causal);
        if (!size(co_activation))
            return bad("learn.co_activation must be finite and not negative", co_activation);
        if (!size(background))
            return bad("learn.background must be finite and not negative", background);
        if (!math::finite(utility_floor))
            return bad("learn.utility_floor must be finite", utility_floor);
        if (least_utility != least_utility)
            return bad("learn.least_utility must be a number", least_utility);
        if (!size(affect)) return bad("learn.affect must be finite and not negative", affect);
        return {};
    }
};
static_assert(config{}.validate().has_value());

/// What a policy of learning answers, stride by stride. Expects a valid config.
class strengthen {
public:
    constexpr strengthen() noexcept : strengthen(config{}) {}
    constexpr explicit strengthen(config const& c) noexcept
        : config_(c),
          strong_above_(math::log(c.strong_from)),
          low_(log_weight::from_log(c.floor).value_or(log_weight{})),
          high_(log_weight::from_log(c.ceiling).value_or(log_weight{})) {}

    [[nodiscard]] constexpr weight::lesson operator()(weight::flow const& seen) const noexcept {
        weight::lesson taught;
        taught.low = low_;
        taught.high = high_;
        double share = 1;
        if (seen.flipped) {
            taught.tier = event::tier::causal;
            share = math::product(config_.causal, seen.causal_share);
        } else if (seen.source_active && seen.target_active) {
            taught.tier = event::tier::co_activation;
            share = config_.co_activation;
        } else {
            taught.tier = event::tier::background;
            share = config_.background;
        }
        double const u = seen.gap > 0 ? seen.z_utility : seen.z_flow;
        taught.utility = u > config_.utility_floor ? u : config_.utility_floor;
        if (seen.affect > 0)
            taught.affect_factor = 1 + math::product(config_.affect, math::tanh(seen.affect));
        if (u < config_.least_utility) return taught;
        double delta = math::product(math::product(config_.eta, seen.gross), share);
        delta = math::product(math::product(delta, taught.utility), taught.affect_factor);
        if (seen.lw.log() > strong_above_) delta = math::product(delta, config_.strong_factor);
        taught.gated = config_.newness_gate && !seen.flipped && delta != 0;
        taught.delta = taught.gated ? 0 : delta;
        return taught;
    }
    [[nodiscard]] constexpr config const& settings() const noexcept { return config_; }
    /// What an engine asks before it learns by this.
    [[nodiscard]] constexpr status validate() const noexcept { return config_.validate(); }

private:
    config config_;
    double strong_above_; // log-weight
    log_weight low_;
    log_weight high_;
};
static_assert(weight::teaches<strengthen>);

} // namespace runnel::learn
