// SPDX-License-Identifier: MIT
#include <cmath>
#include <cstdint>
#include <limits>

#include <runnel/core/log_weight.hpp>

#include "support/catch.hpp"
#include "support/law.hpp"

using runnel::log_weight;

namespace {

log_weight any_log_weight(law::gen& g) {
    using limits = std::numeric_limits<std::int32_t>;
    return log_weight::from_raw(
        g.flag() ? g.integer(limits::min(), limits::max(), "raw") : g.integer(-9, 9, "raw"));
}

} // namespace

TEST_CASE("a log-weight survives the way out and back, as logarithm", "[core][log_weight]") {
    law::for_all(20'000, [](law::gen& g) {
        auto const lw = any_log_weight(g);
        g.holds(log_weight::from_log(lw.log()).value() == lw, "log() and from_log() are inverse");
    });
}

TEST_CASE("a log-weight survives the way out and back, as weight", "[core][log_weight]") {
    law::for_all(20'000, [](law::gen& g) {
        auto const lw = any_log_weight(g);
        g.holds(
            log_weight::from_weight(lw.weight()).value() == lw,
            "weight() and from_weight() are inverse");
    });
}

TEST_CASE("logarithms become the nearest step", "[core][log_weight]") {
    law::for_all(20'000, [](law::gen& g) {
        double const lw = g.flag() ? g.real(-128, 127.9999, "lw") : g.magnitude(-40, 6, "lw");
        double const steps = lw * 0x1p24;
        double const off = std::abs(log_weight::from_log(lw).value().raw() - steps);
        g.holds(off <= .5, "within half a step");
    });
}

TEST_CASE("weights become the nearest step of their logarithm", "[core][log_weight]") {
    law::for_all(20'000, [](law::gen& g) {
        double const w = g.magnitude(-184, 183, "w");
        double const steps = std::log(w) * 0x1p24;
        double const off = std::abs(log_weight::from_weight(w).value().raw() - steps);
        g.holds(off <= .5 + 0x1p-20, "within half a step, and what both logarithms may lose");
    });
}

TEST_CASE("a heavier link has no smaller log-weight", "[core][log_weight]") {
    law::for_all(10'000, [](law::gen& g) {
        double const a = g.magnitude(-180, 180, "a");
        double const b = a * g.real(1, 1.001, "ratio");
        g.holds(
            log_weight::from_weight(a).value() <= log_weight::from_weight(b).value(), "monotone");
    });
}

TEST_CASE("any double is a log-weight or a fault", "[core][log_weight]") {
    law::for_all(20'000, [](law::gen& g) {
        double const lw = g.any_double("lw");
        bool const legal = lw >= -128 && lw < 128 - 0x1p-25;
        g.holds(log_weight::from_log(lw).has_value() == legal, "as a logarithm");
        double const log = lw > 0 ? std::log(lw) : 1000;
        if (std::abs(std::abs(log) - 128) > 1e-6)
            g.holds(
                log_weight::from_weight(lw).has_value() == (log > -128 && log < 128),
                "as a weight");
    });
}
