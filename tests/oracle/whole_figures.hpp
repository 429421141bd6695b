// SPDX-License-Identifier: MIT
// The real figures of a frame written down naively: how strong a link reads, what it costs, how a stride ranks.
//
// Why:  the engine keeps sums, remembers cosines and sorts once; here every figure is worked out from all there is,
//       whenever it is asked for, with the standard library's functions.
// Laws: nothing here comes from the library. Figures are long doubles: what the engine says in doubles must be
//       near, and what is decided by comparing two figures that are too near is said to be open.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <utility>
#include <vector>

#include "oracle/dense_frame.hpp"

namespace oracle {

using real = long double;

/// Whether a decision hung on less than the figures are known to.
class openness {
public:
    void say() { open_ = true; }
    /// Is a below b; open when their errors overlap, but for the same figure known exactly.
    bool below(real a, real b, real error) {
        if (std::abs(a - b) <= error && error > 0) open_ = true;
        return a < b;
    }
    [[nodiscard]] bool open() const { return open_; }

private:
    bool open_ = false;
};

enum class strength_of { link, unit, raw, target, both };

struct reader_rules {
    strength_of source = strength_of::link;
    real shrinkage = 3;
    real least_spread = .1L;
    real limit = 3;
    bool averaged = false;
    real rate = .1L;
};

/// Log-weights in 2^-24, of a population.
struct population {
    real mean = 0;
    real variance = 0;
    real members = 0;
};
[[nodiscard]] inline population population_of(std::vector<std::int32_t> const& raws) {
    if (raws.empty()) return {};
    quanta sum = 0;
    quanta squares = 0;
    for (std::int32_t raw : raws) sum += raw, squares += quanta{raw} * raw;
    auto const n = static_cast<real>(raws.size());
    quanta const spread = static_cast<quanta>(raws.size()) * squares - sum * sum;
    return {
        std::ldexp(static_cast<real>(sum) / n, -24),
        std::ldexp(static_cast<real>(spread) / n / n, -48), n};
}
/// mu = (n mu_T + kappa mu_parent) / (n + kappa), and the variance of that mixture.
[[nodiscard]] inline population leaning_on(
    population const& own, population const& parent, real kappa) {
    real const n = own.members;
    if (n + kappa == 0) return {parent.mean, parent.variance, n};
    real const apart = own.mean - parent.mean;
    return {
        (n * own.mean + kappa * parent.mean) / (n + kappa),
        (n * own.variance + kappa * parent.variance) / (n + kappa)
            + n * kappa * apart * apart / ((n + kappa) * (n + kappa)),
        n};
}

/// Something with a log-weight, of a type and in a scope: a link, or a node.
struct weighed {
    unsigned type = 0;
    unsigned scope = 0;
    std::int32_t raw = 0;
};

/// Type and scope lean on the scope, that on the type, that on all.
[[nodiscard]] inline population usual_for(
    std::vector<weighed> const& all, unsigned type, unsigned scope, real kappa) {
    auto const those = [&](auto&& belongs) {
        std::vector<std::int32_t> raws;
        for (weighed const& w : all)
            if (belongs(w)) raws.push_back(w.raw);
        return population_of(raws);
    };
    population const everything = those([](weighed const&) { return true; });
    population const of_type =
        leaning_on(those([&](weighed const& w) { return w.type == type; }), everything, kappa);
    population const of_scope =
        leaning_on(those([&](weighed const& w) { return w.scope == scope; }), of_type, kappa);
    return leaning_on(
        those([&](weighed const& w) { return w.type == type && w.scope == scope; }), of_scope,
        kappa);
}

/// What was usual in the cohorts a field has met, on average over its frames.
class usual_lately {
public:
    /// A frame begins, with these weights.
    void begin(std::vector<weighed> all, reader_rules const& by) {
        all_ = std::move(all);
        by_ = by;
        for (auto& [key, was] : met_) was = mixture(was, now(key.first, key.second));
    }
    [[nodiscard]] real z(weighed const& w) {
        population u = now(w.type, w.scope);
        if (by_.averaged) u = met_.try_emplace({w.type, w.scope}, u).first->second;
        return (std::ldexp(static_cast<real>(w.raw), -24) - u.mean)
               / std::max(by_.least_spread, std::sqrt(u.variance));
    }

private:
    [[nodiscard]] population now(unsigned type, unsigned scope) const {
        return usual_for(all_, type, scope, by_.shrinkage);
    }
    [[nodiscard]] population mixture(population const& was, population const& is) const {
        real const r = by_.rate;
        real const mean = (1 - r) * was.mean + r * is.mean;
        real const second = (1 - r) * (was.variance + (was.mean - mean) * (was.mean - mean))
                            + r * (is.variance + (is.mean - mean) * (is.mean - mean));
        return {mean, second, is.members};
    }
    std::vector<weighed> all_;
    reader_rules by_;
    std::map<std::pair<unsigned, unsigned>, population> met_;
};

using vec = std::vector<float>;

[[nodiscard]] inline real dot(vec const& a, vec const& b) {
    real sum = 0;
    for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i)
        sum += static_cast<real>(a[i]) * static_cast<real>(b[i]);
    return sum;
}
[[nodiscard]] inline real length(vec const& a) { return std::sqrt(dot(a, a)); }
[[nodiscard]] inline real clipped(real x, real low, real high) {
    return std::min(std::max(x, low), high);
}
[[nodiscard]] inline real cosine(vec const& a, vec const& b) {
    real const both = length(a) * length(b);
    if (length(a) < 1e-9L || length(b) < 1e-9L) return 0;
    return clipped(dot(a, b) / both, -1, 1);
}

enum class cost_form { log_additive, multiplicative, reciprocal };

struct cost_rules {
    cost_form form = cost_form::log_additive;
    real goal = 1;
    real novelty = 0;
    real hub = 0;
    real resonance = .6L;
    real complementarity = .8L;
    real complementarity_gate = 1;
    vec aim;  ///< empty: no goal
    vec mood; ///< empty: none
    std::vector<double> overlay;
};

/// What the cost looks at in a link's target.
struct destination {
    vec embedding;
    vec affect;
    unsigned group = 0;
    real indegree = 0;
    real familiarity = 0;
};

[[nodiscard]] inline real cost_of(std::int32_t raw, destination const& to, cost_rules const& by) {
    real lw = std::ldexp(static_cast<real>(raw), -24);
    if (to.group < by.overlay.size()) lw += static_cast<real>(by.overlay[to.group]);
    real const near = by.aim.empty() ? 0 : cosine(by.aim, to.embedding);
    real const rest = by.novelty * to.familiarity + by.hub * std::log(1 + to.indegree);
    real const aimed = by.aim.empty() ? 0 : by.goal * (1 - near) / 2;
    real resonance = 1;
    real complement = 1;
    if (length(by.mood) >= 1e-9L) {
        real const r = cosine(by.mood, to.affect);
        resonance = clipped(std::exp(-by.resonance * r), .6L, 1.6L);
        real const intensity = clipped(length(by.mood), 0, 1);
        complement = clipped(
            std::exp(
                -by.complementarity * std::max<real>(0, -r) * intensity * by.complementarity_gate),
            .7L, 1);
    }
    real const gates = resonance * complement;
    switch (by.form) {
    case cost_form::log_additive: return -lw + aimed + rest + std::log(gates);
    case cost_form::multiplicative: {
        real const base = -lw + aimed + rest;
        return base < 0 ? base / gates : base * gates;
    }
    case cost_form::reciprocal: {
        real const base = std::exp(-lw) - by.goal * near + rest;
        return base < 0 ? base / gates : base * gates;
    }
    }
    return 0;
}

/// A figure and how far off it may be.
struct figure {
    real value = 0;
    real error = 0;
    /// Figures worked out alike are equal in any arithmetic that is worth the name.
    bool equal_if_alike = true;
    std::uint64_t whose = 0; ///< every figure its own
};

/// Phi^-1 by halving; 64 bits of mantissa want no more than 90 steps.
[[nodiscard]] inline real quantile(real p) {
    if (p > .5L) return -quantile(1 - p);
    if (p == .5L) return 0;
    real low = -40;
    real high = 0;
    for (int i = 0; i < 90; ++i) {
        real const middle = (low + high) / 2;
        (std::erfc(-middle / std::sqrt(2.0L)) / 2 < p ? low : high) = middle;
    }
    return (low + high) / 2;
}
/// Phi^-1(rank / (n + 1)), equals at the mean of their ranks; `x` is one of them.
[[nodiscard]] inline real rank_score(
    figure const& x, std::vector<figure> const& all, openness& decided) {
    real below = 0;
    real equal = 0;
    for (figure const& y : all) {
        bool const same = x.value == y.value;
        if (same && (x.whose == y.whose || (x.equal_if_alike && y.equal_if_alike)))
            ++equal;
        else if (decided.below(y.value, x.value, x.error + y.error))
            ++below;
        else if (same)
            ++equal;
    }
    return quantile((below + (equal + 1) / 2) / (static_cast<real>(all.size()) + 1));
}

/// The last 256 values of each cohort.
class windows {
public:
    using key = std::pair<unsigned, unsigned>;
    void push(key of, figure const& x) {
        auto& held = held_[of];
        held.push_back(x);
        if (held.size() > 256) held.pop_front();
    }
    [[nodiscard]] std::vector<figure> of(key which) const {
        auto const at = held_.find(which);
        if (at == held_.end()) return {};
        return {at->second.begin(), at->second.end()};
    }

private:
    std::map<key, std::deque<figure>> held_;
};

} // namespace oracle
