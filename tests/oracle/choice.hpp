// SPDX-License-Identifier: MIT
// One source's choice written down naively: how many links it looks at, which, what they cost, who gets what.
//
// Why:  the engine keeps rows in order, reads heads and selects partially; here all links are sorted and all
//       costs asked, in the order the rules are told.
// Laws: nothing here comes from the library. Equals stand in row order: link type, then target.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <vector>

namespace oracle {

enum class plan { exhaustive, balanced, selective };
enum class duty { by_structure, balanced, focused, divergent, methodical };

struct choice_rules {
    std::size_t low = 3;
    std::size_t high = 10;
    std::size_t selective_k = 5;
    bool pressure = true;
    double pressure_threshold = .2;
    double pressure_factor = .6;
    bool graded = false;
    std::size_t min_k = 2;
    duty task = duty::by_structure;
    bool looks_at_all = false;
    bool splits = false;
    std::size_t split_k = 3;
    bool all_kept = false;
    double temperature = 1;
    double alpha = .02;
    bool exponential = false;
    double cap = .2;
};

struct width {
    plan how = plan::exhaustive;
    std::size_t k = 0;
    friend bool operator==(width const&, width const&) = default;
};

[[nodiscard]] inline width by_structure(std::size_t d, choice_rules const& r) {
    if (d > r.high) return {plan::selective, std::min(d, r.selective_k)};
    if (d < r.low) return {plan::exhaustive, d};
    std::size_t k = (d + 1) / 2;
    if (k < r.low - 1) k = r.low - 1;
    if (k > r.selective_k) k = r.selective_k;
    return {plan::balanced, k};
}
/// A whole number that was missed by a rounding is meant to be whole.
[[nodiscard]] inline std::size_t round_up(double x) {
    double const whole = std::round(x);
    return static_cast<std::size_t>(std::abs(x - whole) < 1e-9 ? whole : std::ceil(x));
}
[[nodiscard]] inline width under_pressure(
    width w, std::size_t d, double headroom, choice_rules const& r) {
    if (!r.pressure || !(headroom < r.pressure_threshold)) return w;
    double factor = r.pressure_factor;
    if (r.graded && factor < .8)
        factor += (.8 - r.pressure_factor) * headroom / r.pressure_threshold;
    std::size_t k = round_up(factor * static_cast<double>(w.k));
    if (k < r.min_k) k = r.min_k;
    return {w.how, std::min({k, d, w.k})};
}
[[nodiscard]] inline width width_of(std::size_t d, double headroom, choice_rules const& r) {
    width const plain = by_structure(d, r);
    switch (r.task) {
    case duty::focused: return {plan::selective, std::min<std::size_t>(2, d)};
    case duty::divergent:
        return {plain.how, std::min(d, round_up(1.5 * static_cast<double>(plain.k)))};
    case duty::methodical: return {plan::exhaustive, d};
    case duty::balanced: return plain;
    case duty::by_structure: break;
    }
    return under_pressure(plain, d, headroom, r);
}

/// A link of the source, self loops apart.
struct way {
    std::size_t to = 0;
    std::int32_t lw = 0;
    unsigned type = 0;
};
struct part_of {
    way along;
    double cost = 0;
    double share = 1;
    double fraction = 0; ///< of the source's energy
};
struct decision {
    width look;
    std::size_t looked_at = 0;
    std::vector<part_of> parts; ///< cheapest first
    double entropy = 0;
};

[[nodiscard]] inline std::vector<way> heaviest(std::vector<way> all, std::size_t k) {
    std::stable_sort(all.begin(), all.end(), [](way const& a, way const& b) {
        if (a.lw != b.lw) return a.lw > b.lw;
        return a.type != b.type ? a.type < b.type : a.to < b.to;
    });
    if (all.size() > k) all.resize(k);
    return all;
}

[[nodiscard]] inline decision decide(
    std::vector<way> const& links, double dt, double headroom, choice_rules const& r,
    std::function<double(way const&)> const& cost) {
    decision d;
    d.look = width_of(links.size(), headroom, r);
    d.looked_at = r.looks_at_all ? links.size() : d.look.k;
    for (way const& w : heaviest(links, d.looked_at)) {
        double const c = cost(w);
        if (c != std::numeric_limits<double>::infinity()) d.parts.push_back({w, c});
    }
    std::stable_sort(d.parts.begin(), d.parts.end(), [](part_of const& a, part_of const& b) {
        return a.cost < b.cost;
    });
    std::size_t const few = !r.splits ? 1 : r.all_kept ? d.parts.size() : r.split_k;
    if (d.parts.size() > few) d.parts.resize(few);
    long double sum = 0;
    for (part_of const& p : d.parts) {
        long double const off = p.cost - d.parts[0].cost;
        sum += std::exp(-off / r.temperature);
    }
    double const x = r.alpha * dt;
    double const step = std::min(r.exponential ? -std::expm1(-x) : x, r.cap);
    for (part_of& p : d.parts) {
        long double const off = p.cost - d.parts[0].cost;
        p.share = static_cast<double>(std::exp(-off / r.temperature) / sum);
        p.fraction = step * p.share;
        if (p.share > 0) d.entropy -= p.share * std::log(p.share);
    }
    return d;
}

} // namespace oracle
