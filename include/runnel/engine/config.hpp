// SPDX-License-Identifier: MIT
// room: engine. Every number of a diffusion, with its default.
//
// Why:  numbers live here, behaviour lives in policies. One walk over the fields (`for_each_field`)
//       feeds command lines, documents and the tests that change each setting and look for the effect.
// Laws: `validate` accepts or names the offender; it never repairs. The default config is valid.
#pragma once

#include <cstdint>
#include <string_view>

#include <runnel/core/ids.hpp>
#include <runnel/core/math.hpp>
#include <runnel/core/reflect.hpp>
#include <runnel/core/result.hpp>
#include <runnel/core/ticks.hpp>
#include <runnel/engine/mechanisms.hpp>
#include <runnel/fanout/strategy.hpp>
#include <runnel/split/by_divergence.hpp>
#include <runnel/split/softmax.hpp>
#include <runnel/weight/decay.hpp>
#include <runnel/weight/reader.hpp>

namespace runnel {

namespace faults {
inline constexpr std::string_view bad_config_code = "engine.bad_config";
} // namespace faults

/// How much of a node's energy a step x = alpha*f*dt takes.
enum class step_rule : std::uint8_t {
    linear,     ///< x
    exponential ///< 1 - e^-x: exact for a lone link without a cap
};

/// Where a field keeps its nodes.
enum class storage : std::uint8_t {
    paged, ///< memory follows what was touched
    dense  ///< one record per node of the graph: for fields that touch most of it
};

/// What a frame does.
enum class implementation : std::uint8_t {
    stride, ///< active nodes send along their few best links
    /// Every node with energy sends `matrix.alpha` of it along all of its links, in proportion to their weights, and loses
    /// `matrix.delta`. What else is set of transfers, readers, fanout, costs and decay takes no part: a part is skipped when
    /// it is no quantum.
    matrix
};

enum class decay_scope : std::uint8_t {
    touched, ///< active nodes and receivers; quiet ones are settled when touched again
    support  ///< every node with energy, each frame
};

enum class decay_clock : std::uint8_t {
    elapsed, ///< the true time since the last frame
    capped   ///< the dt that drove the transfers
};

/// What multiplies the base decay rate for each preset type.
[[nodiscard]] constexpr per_type<double> preset_decay() {
    return per_type<double>{1.0}
        .set(node_type::memory, .5)
        .set(node_type::episodic, .25)
        .set(node_type::task, 5)
        .set(node_type::goal, .5)
        .set(node_type::event, 2.5)
        .set(node_type::person, .5)
        .set(node_type::document, .75)
        .set(node_type::principle, .5)
        .set(node_type::realization, 1.5);
}

struct decay_config {
    double base = 2e-5; ///< per second, >= 0; with 0 nothing decays but what has a half-life
    per_type<double> multiplier = preset_decay(); ///< of the base, per node type, >= 0
    per_type<double> half_life = 0; ///< s; above 0 it takes the place of base * multiplier
    double gain = 1;                ///< of every rate, >= 0
    double flush_below = 1e-6;      ///< units; less goes to 0 and is booked
    decay_scope scope = decay_scope::touched; ///< which nodes a frame decays
    decay_clock clock = decay_clock::elapsed; ///< which of the step's two times decays

    friend bool operator==(decay_config const&, decay_config const&) = default;

    template <class Self, class F> static constexpr void visit(Self& self, F&& f) {
        static_assert(arity_is<decay_config, 7>, "engine: a setting is missing from this walk");
        f("base", self.base);
        f("multiplier", self.multiplier);
        f("half_life", self.half_life);
        f("gain", self.gain);
        f("flush_below", self.flush_below);
        f("scope", self.scope);
        f("clock", self.clock);
    }
};

struct config {
    runnel::implementation implementation = runnel::implementation::stride; ///< what a frame does
    double alpha = .02;                 ///< share of a node's energy sent per second, > 0
    step_rule step = step_rule::linear; ///< how alpha*dt becomes a share
    double transfer_cap = .2;           ///< most of a node's energy one frame moves, (0, 1]
    double min_transfer = 1e-9;         ///< units; a transfer must be above this
    per_type<double> threshold = .1;    ///< units at which a node of a type is active, >= 0
    double hysteresis = 0;  ///< an active node stays active down to threshold * (1 - this), [0, 1)
    std::uint64_t seed = 0; ///< keys every random draw
    runnel::storage storage = storage::paged; ///< how a field keeps its nodes
    std::uint32_t retry_budget =
        0; ///< so many nodes below their thresholds send, the nearest to them first,
    std::uint32_t retry_below = 1; ///< when fewer nodes than this are active
    std::uint64_t max_strides = 0; ///< a frame asks no further source from so many on; 0: all
    std::uint64_t max_costs = 0;   ///< likewise, costs computed
    std::uint32_t workers_from =
        2048; ///< nodes that send, from which on a frame is shared among workers (in matrix mode
              ///< also only if these have more links than the graph has nodes, per worker)
    bool track_shadow = false;              ///< count the neighbours of active nodes
    std::uint32_t shadow_degree_cap = 1000; ///< a node of more links is left out of that count
    bool track_radius = false;              ///< count hops from the seeds
    double visit_rate = .1;          ///< of the average of visits that novelty looks at, (0, 1]
    weight::config reader{};         ///< how strong a link is
    runnel::fanout::config fanout{}; ///< how many links a source looks at
    runnel::split::config split{};   ///< whether several links share
    runnel::split::by_divergence by_divergence{}; ///< bolder far from where a thought began
    stickiness_config stickiness{};               ///< how much a node holds on to
    decay_config decay{};
    weight::decay_config weight_decay{};  ///< of an engine that learns and owns its store
    consolidation_config consolidation{}; ///< what evidence protects from decay
    resistance_config resistance{};       ///< what connections protect from decay
    matrix_config matrix{};               ///< used where implementation is matrix
    safe_mode_config safe_mode{};

    friend bool operator==(config const&, config const&) = default;

    template <class Self, class F> static constexpr void visit(Self& self, F&& f) {
        static_assert(arity_is<config, 29>, "engine: a setting is missing from this walk");
        f("implementation", self.implementation);
        f("alpha", self.alpha);
        f("step", self.step);
        f("transfer_cap", self.transfer_cap);
        f("min_transfer", self.min_transfer);
        f("threshold", self.threshold);
        f("hysteresis", self.hysteresis);
        f("seed", self.seed);
        f("storage", self.storage);
        f("retry_budget", self.retry_budget);
        f("retry_below", self.retry_below);
        f("max_strides", self.max_strides);
        f("max_costs", self.max_costs);
        f("workers_from", self.workers_from);
        f("track_shadow", self.track_shadow);
        f("shadow_degree_cap", self.shadow_degree_cap);
        f("track_radius", self.track_radius);
        f("visit_rate", self.visit_rate);
        f("reader", self.reader);
        f("fanout", self.fanout);
        f("split", self.split);
        f("by_divergence", self.by_divergence);
        f("stickiness", self.stickiness);
        f("decay", self.decay);
        f("weight_decay", self.weight_decay);
        f("consolidation", self.consolidation);
        f("resistance", self.resistance);
        f("matrix", self.matrix);
        f("safe_mode", self.safe_mode);
    }

    [[nodiscard]] constexpr status validate() const;
    /// These settings in safe mode.
    [[nodiscard]] constexpr config in_safe_mode() const noexcept;
};

namespace detail {
/// The largest figure a setting in units may take: beyond it no node could ever be above it.
inline constexpr double most_units = 8388607.0;

/// A figure and what it has to be. (No `status`: the compiler works through hundreds of these for the default config.)
struct verdict {
    bool good = true;
    std::string_view sentence;
    double offender = 0;
};
constexpr bool within(double x, double low, double high) noexcept {
    return x >= low && x <= high; // what is no number is neither; bounds are finite
}
constexpr verdict in_range(double x, double low, double high, std::string_view sentence) {
    return {within(x, low, high), sentence, x};
}
template <class Enum> constexpr verdict one_of(Enum e, Enum last, std::string_view sentence) {
    return {e <= last, sentence, static_cast<double>(static_cast<unsigned>(e))};
}
struct table_check {
    per_type<double> const& table;
    double low;
    double high;
    std::string_view sentence;
};
} // namespace detail

constexpr status config::validate() const {
    using namespace detail; // NOLINT(google-build-using-namespace): two local words
    constexpr double tiny = 0x1p-1022;
    constexpr double huge = 1.7976931348623157e308;
    verdict const checks[] = {
        in_range(alpha, tiny, huge, "alpha must be finite and above 0"),
        one_of(step, step_rule::exponential, "step must be linear or exponential"),
        in_range(transfer_cap, tiny, 1, "transfer_cap must lie in (0, 1]"),
        in_range(min_transfer, 0, most_units, "min_transfer must lie in [0, 8388607]"),
        one_of(storage, storage::dense, "storage must be paged or dense"),
        one_of(implementation, implementation::matrix, "implementation must be stride or matrix"),
        in_range(hysteresis, 0, 1 - 0x1p-53, "hysteresis must lie in [0, 1)"),
        in_range(visit_rate, tiny, 1, "visit_rate must lie in (0, 1]"),
        one_of(
            stickiness.mode, stickiness::retentive,
            "stickiness.mode must be off, dissipative or retentive"),
        in_range(stickiness.consolidated, 0, 1, "stickiness.consolidated must lie in [0, 1]"),
        in_range(stickiness.degree, 0, 1, "stickiness.degree must lie in [0, 1]"),
        in_range(
            consolidation.working_memory, 0, 1, "consolidation.working_memory must lie in [0, 1]"),
        in_range(consolidation.affect, 0, 1, "consolidation.affect must lie in [0, 1]"),
        in_range(consolidation.goal, 0, 1, "consolidation.goal must lie in [0, 1]"),
        in_range(resistance.degree, 0, huge, "resistance.degree must be finite and not negative"),
        in_range(resistance.groups, 0, huge, "resistance.groups must be finite and not negative"),
        in_range(matrix.alpha, 0, 1, "matrix.alpha must lie in [0, 1]"),
        in_range(matrix.delta, 0, 1, "matrix.delta must lie in [0, 1]"),
        in_range(safe_mode.alpha_factor, tiny, 1, "safe_mode.alpha_factor must lie in (0, 1]"),
        in_range(safe_mode.dt_cap, tiny, huge, "safe_mode.dt_cap must be finite and above 0"),
        in_range(safe_mode.tripwire_share, 0, 1, "safe_mode.tripwire_share must lie in [0, 1]"),
        in_range(
            safe_mode.tripwire_frames, 1, huge, "safe_mode.tripwire_frames must be at least 1"),
        in_range(decay.base, 0, huge, "decay.base must be finite and not negative"),
        in_range(decay.gain, 0, huge, "decay.gain must be finite and not negative"),
        in_range(decay.flush_below, 0, most_units, "decay.flush_below must lie in [0, 8388607]"),
        one_of(decay.scope, decay_scope::support, "decay.scope must be touched or support"),
        one_of(decay.clock, decay_clock::capped, "decay.clock must be elapsed or capped"),
    };
    for (verdict const& check : checks)
        if (!check.good)
            return fault{fault_kind{faults::bad_config_code, check.sentence}, check.offender};
    if (auto const ok = reader.validate(); !ok) return ok.error();
    if (auto const ok = fanout.validate(); !ok) return ok.error();
    if (auto const ok = split.validate(); !ok) return ok.error();
    if (auto const ok = by_divergence.validate(); !ok) return ok.error();
    if (auto const ok = weight_decay.validate(); !ok) return ok.error();
    auto const bad_entry = [](std::string_view sentence, double offender, std::size_t type) {
        return fault{fault_kind{faults::bad_config_code, sentence}, offender, type};
    };
    table_check const tables[] = {
        {threshold, 0, most_units, "threshold must lie in [0, 8388607]"},
        {decay.multiplier, 0, huge, "decay.multiplier must be finite and not negative"},
        {decay.half_life, 0, huge, "decay.half_life must be finite and not negative"},
        {stickiness.of_type, 0, 1, "stickiness.of_type must lie in [0, 1]"},
        {consolidation.most, 0, 1, "consolidation.most must lie in [0, 1]"},
        {resistance.of_type, tiny, huge, "resistance.of_type must be finite and above 0"},
        {resistance.most, tiny, huge, "resistance.most must be finite and above 0"},
    };
    for (table_check const& t : tables)
        for (std::size_t type = 0; type < type_slots; ++type)
            if (double const x = t.table.begin()[type]; !within(x, t.low, t.high))
                return bad_entry(t.sentence, x, type);
    for (std::size_t type = 0; type < type_slots; ++type) {
        double const half = decay.half_life.begin()[type];
        double const rate = half > 0 ? runnel::half_life(half).per_second * decay.gain
                                     : decay.base * decay.multiplier.begin()[type] * decay.gain;
        if (!within(rate, 0, huge))
            return bad_entry(
                half > 0 ? "decay.gain over decay.half_life must be finite"
                         : "decay.base * decay.multiplier * decay.gain must be finite",
                rate, type);
    }
    return {};
}
// That the defaults are valid is tested: working it out here would cost every file that includes this a tenth more.

constexpr config config::in_safe_mode() const noexcept {
    config c = *this;
    c.alpha *= safe_mode.alpha_factor;
    c.split.enabled = c.by_divergence.enabled = false;
    c.fanout.low = c.fanout.high = 1; // from two links on, selective
    c.fanout.task = fanout::task::by_structure;
    c.fanout.explore = 0;
    return c;
}

} // namespace runnel
