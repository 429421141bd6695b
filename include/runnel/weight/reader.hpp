// SPDX-License-Identifier: MIT
// room: weight. Reads a stored weight as "how strong for a link of its kind".
//
// Why:  raw weights of different sources are on different scales; what drives energy is how far a link stands
//       out among its like. Raw weights stay what is stored, standardising happens on reading.
// Laws: f = exp(z) with |z| <= z_limit; adding a constant to all weights of a cohort, or scaling their
//       deviations, leaves f as it is (without shrinkage, spread above its floor); a cohort without spread
//       reads as 1. Small cohorts lean on larger ones without a step at any size.
// Cost: one exponential; the two figures of a cohort are worked out once per change of the store.
#pragma once

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
    link, ///< its weight among its like
    unit, ///< nothing: all links are alike
    raw   ///< its weight as it is stored
};

struct config {
    weight::source source = weight::source::link; ///< what f is read from
    double shrinkage = 3;     ///< so many links of the larger cohort count, >= 0
    double least_spread = .1; ///< of a cohort's log-weights, > 0
    double z_limit = 3;       ///< of |z|, > 0

    friend bool operator==(config const&, config const&) = default;

    template <class Self, class F> static constexpr void visit(Self& self, F&& f) {
        static_assert(arity<config>() == 4, "weight: a setting is missing from this walk");
        f("source", self.source);
        f("shrinkage", self.shrinkage);
        f("least_spread", self.least_spread);
        f("z_limit", self.z_limit);
    }
    [[nodiscard]] constexpr status validate() const noexcept {
        auto const bad = [](std::string_view sentence, auto offender) {
            return fault{fault_kind{faults::bad_reader.code, sentence}, offender};
        };
        if (source > source::raw)
            return bad("reader.source must be link, unit or raw", static_cast<unsigned>(source));
        if (!math::finite(shrinkage) || shrinkage < 0)
            return bad("reader.shrinkage must be finite and not negative", shrinkage);
        if (!math::finite(least_spread) || !(least_spread > 0))
            return bad("reader.least_spread must be finite and above 0", least_spread);
        if (!(z_limit > 0) || z_limit > 700)
            return bad("reader.z_limit must lie in (0, 700]", z_limit);
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

/// Type and scope lean on the scope, the scope on the type, the type on all.
[[nodiscard]] inline usual usual_of(cohort_sums const& sums, cohort of, double shrinkage) noexcept {
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

    [[nodiscard]] constexpr double operator()(log_weight lw) const noexcept {
        double const z = math::product(lw.log() - mean, slope);
        return math::exp(z < -limit ? -limit : (z > limit ? limit : z));
    }
};

/// Expects a valid config.
[[nodiscard]] inline reading reading_of(
    cohort_sums const& sums, cohort of, config const& c) noexcept {
    switch (c.source) {
    case source::unit: return {0, 0, 1};
    case source::raw: return {0, 1, 700};
    case source::link: break;
    }
    usual const u = usual_of(sums, of, c.shrinkage);
    double const spread = u.variance > 0 ? __builtin_sqrt(u.variance) : 0;
    return {u.mean, 1 / (spread < c.least_spread ? c.least_spread : spread), c.z_limit};
}

} // namespace runnel::weight
