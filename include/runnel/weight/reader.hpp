// SPDX-License-Identifier: MIT
// room: weight. Reads a stored weight as "how strong for a link of its kind".
//
// Why:  raw weights of different sources are on different scales; what drives energy is how far a link stands
//       out among its like; or how far its target does, or both. Raw weights stay what is stored, standardising
//       happens on reading.
// Laws: f = exp(z) with |z| <= z_limit, the limit counts after links and targets were put together; adding a
//       constant to all weights of a cohort, or scaling their deviations, leaves f as it is (without shrinkage,
//       spread above its floor); a cohort without spread reads as 1. Small cohorts lean on larger ones without
//       a step at any size; below 3 members a reading says that it is of low confidence.
// Cost: one exponential; the two figures of a cohort are worked out once per change of the store, or, where the
//       baseline is an average of past frames (weight/baseline.hpp), once a frame.
#pragma once

#include <concepts>
#include <cstdint>
#include <string_view>

#include <runnel/core/math.hpp>
#include <runnel/core/reflect.hpp>
#include <runnel/core/result.hpp>
#include <runnel/graph/cohorts.hpp>

namespace runnel::faults {
inline constexpr fault_kind bad_reader{
    "weight.bad_config", "these reader settings contradict each other"};
} // namespace runnel::faults

namespace runnel::weight {

/// What makes a link strong (D1).
enum class source : std::uint8_t {
    link,   ///< its weight among its like
    unit,   ///< nothing: all links are alike
    raw,    ///< its weight as it is stored
    target, ///< the log-mass of its target among nodes alike
    both    ///< (z of the link + z of the target) / sqrt 2
};

/// What a weight is compared with.
enum class baseline : std::uint8_t {
    exact, ///< the cohort as it is now
    ema ///< the cohort as it was on average in past frames: a jump of all weights at once shows for a while
};

struct config {
    weight::source source = weight::source::link; ///< what f is read from
    double shrinkage = 3;     ///< so many links of the larger cohort count, >= 0
    double least_spread = .1; ///< of a cohort's log-weights, > 0
    double z_limit = 3;       ///< of |z|, > 0
    weight::baseline baseline = weight::baseline::exact; ///< what a weight is compared with
    double ema_rate = .1; ///< of the present frame in an averaged baseline, (0, 1]

    friend bool operator==(config const&, config const&) = default;

    template <class Self, class F> static constexpr void visit(Self& self, F&& f) {
        static_assert(arity_is<config, 6>, "weight: a setting is missing from this walk");
        f("source", self.source);
        f("shrinkage", self.shrinkage);
        f("least_spread", self.least_spread);
        f("z_limit", self.z_limit);
        f("baseline", self.baseline);
        f("ema_rate", self.ema_rate);
    }
    [[nodiscard]] constexpr status validate() const noexcept {
        auto const bad = [](std::string_view sentence, auto offender) {
            return fault{fault_kind{faults::bad_reader.code, sentence}, offender};
        };
        if (source > source::both)
            return bad(
                "reader.source must be link, unit, raw, target or both",
                static_cast<unsigned>(source));
        if (!math::finite(shrinkage) || shrinkage < 0)
            return bad("reader.shrinkage must be finite and not negative", shrinkage);
        if (!math::finite(least_spread) || !(least_spread > 0))
            return bad("reader.least_spread must be finite and above 0", least_spread);
        if (!(z_limit > 0) || z_limit > 700)
            return bad("reader.z_limit must lie in (0, 700]", z_limit);
        if (baseline > baseline::ema)
            return bad("reader.baseline must be exact or ema", static_cast<unsigned>(baseline));
        if (!(ema_rate > 0) || ema_rate > 1)
            return bad("reader.ema_rate must lie in (0, 1]", ema_rate);
        return {};
    }
};
static_assert(config{}.validate().has_value());

/// What is usual in a cohort.
struct usual {
    double mean = 0;
    double variance = 0;
    std::int64_t members =
        0; ///< of the cohort itself; below 3 it mostly repeats what is usual elsewhere

    friend constexpr bool operator==(usual const&, usual const&) noexcept = default;
};

/// A small sample leans on a larger one, which counts as `shrinkage` of its members.
[[nodiscard]] constexpr usual leaning(
    weight_sums const& sample, usual const& on, double shrinkage) noexcept {
    auto const n = static_cast<double>(sample.count);
    double const all = n + shrinkage;
    if (!(all > 0)) return {on.mean, on.variance, sample.count};
    double const apart = sample.mean() - on.mean;
    double const mean = (math::product(n, sample.mean()) + math::product(shrinkage, on.mean)) / all;
    double const variance =
        (math::product(n, sample.variance()) + math::product(shrinkage, on.variance)) / all
        + math::product(n / all, math::product(shrinkage / all, math::product(apart, apart)));
    return {mean, variance, sample.count};
}

/// Type and scope lean on the scope, the scope on the type, the type on all. Of links (`cohort`) or nodes (`node_cohort`).
template <class Cohort>
[[nodiscard]] inline usual usual_of(cohort_sums const& sums, Cohort of, double shrinkage) noexcept {
    usual const all{sums.all().mean(), sums.all().variance(), sums.all().count};
    usual const type = leaning(sums.of(of.type), all, shrinkage);
    usual const scope = leaning(sums.of(of.scope), type, shrinkage);
    return leaning(sums.of(of), scope, shrinkage);
}

/// How to read the weights of one cohort: exp(clip((lw - mean) * slope)).
struct reading {
    double mean = 0;
    double slope = 0;
    double limit = 0;
    bool low_confidence = false; ///< the cohort has fewer than 3 members

    /// How far a weight stands out; not clipped.
    [[nodiscard]] constexpr double z(log_weight lw) const noexcept {
        return math::product(lw.log() - mean, slope);
    }
    /// How strong that makes it.
    [[nodiscard]] constexpr double strength(double z) const noexcept {
        return math::exp(clipped(z));
    }
    [[nodiscard]] constexpr double clipped(double z) const noexcept {
        return z < -limit ? -limit : (z > limit ? limit : z);
    }
    [[nodiscard]] constexpr double operator()(log_weight lw) const noexcept {
        return strength(z(lw));
    }
};

/// Reads by what is usual. Expects a valid config.
[[nodiscard]] inline reading reading_by(usual const& u, config const& c) noexcept {
    double const spread = u.variance > 0 ? __builtin_sqrt(u.variance) : 0;
    return {
        u.mean, 1 / (spread < c.least_spread ? c.least_spread : spread), c.z_limit, u.members < 3};
}

/// Does this source compare links, targets with their like?
[[nodiscard]] constexpr bool compares_links(source from) noexcept {
    return from == source::link || from == source::both;
}
[[nodiscard]] constexpr bool compares_targets(source from) noexcept {
    return from == source::target || from == source::both;
}

/// Of links: what `source` does not look at reads as 1. Expects a valid config.
[[nodiscard]] inline reading reading_of(
    cohort_sums const& sums, cohort of, config const& c) noexcept {
    if (compares_links(c.source)) return reading_by(usual_of(sums, of, c.shrinkage), c);
    return {0, c.source == source::raw ? 1.0 : 0.0, 700};
}
/// Of targets. (A template, so that `{}` stands for a cohort of links.)
template <std::same_as<node_cohort> Cohort>
[[nodiscard]] reading reading_of(cohort_sums const& masses, Cohort of, config const& c) noexcept {
    if (compares_targets(c.source)) return reading_by(usual_of(masses, of, c.shrinkage), c);
    return {0, 0, 700};
}

/// A log-weight and how to read it.
struct measured {
    reading by;
    log_weight lw{};
};

/// How strong a link is. `both`: of two independent figures the sum over sqrt 2 is again one of spread 1.
[[nodiscard]] inline double strength(
    source from, measured const& link, measured const& target) noexcept {
    constexpr double one_over_sqrt2 = 0x1.6a09e667f3bcdp-1;
    if (from == source::both)
        return link.by.strength(
            math::product(link.by.z(link.lw) + target.by.z(target.lw), one_over_sqrt2));
    return from == source::target ? target.by(target.lw) : link.by(link.lw);
}

} // namespace runnel::weight
