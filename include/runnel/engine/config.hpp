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
#include <runnel/fanout/strategy.hpp>
#include <runnel/split/softmax.hpp>
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
        .with(node_type::memory, .5)
        .with(node_type::episodic, .25)
        .with(node_type::task, 5)
        .with(node_type::goal, .5)
        .with(node_type::event, 2.5)
        .with(node_type::person, .5)
        .with(node_type::document, .75)
        .with(node_type::principle, .5)
        .with(node_type::realization, 1.5);
}

struct decay_config {
    double base = 2e-5;                           ///< per second, >= 0; 0 switches decay off
    per_type<double> multiplier = preset_decay(); ///< of the base, per node type, >= 0
    double gain = 1;                              ///< of every rate, >= 0
    double flush_below = 1e-6;                    ///< units; less goes to 0 and is booked
    decay_scope scope = decay_scope::touched;     ///< which nodes a frame decays
    decay_clock clock = decay_clock::elapsed;     ///< which of the step's two times decays

    friend bool operator==(decay_config const&, decay_config const&) = default;

    template <class Self, class F> static constexpr void visit(Self& self, F&& f) {
        static_assert(arity<decay_config>() == 6, "engine: a setting is missing from this walk");
        f("base", self.base);
        f("multiplier", self.multiplier);
        f("gain", self.gain);
        f("flush_below", self.flush_below);
        f("scope", self.scope);
        f("clock", self.clock);
    }
};

struct config {
    double alpha = .02;                       ///< share of a node's energy sent per second, > 0
    step_rule step = step_rule::linear;       ///< how alpha*dt becomes a share
    double transfer_cap = .2;                 ///< most of a node's energy one frame moves, (0, 1]
    double min_transfer = 1e-9;               ///< units; a transfer must be above this
    per_type<double> threshold = .1;          ///< units at which a node of a type is active, >= 0
    std::uint64_t seed = 0;                   ///< keys every random draw
    runnel::storage storage = storage::paged; ///< how a field keeps its nodes
    weight::config reader{};                  ///< how strong a link is
    runnel::fanout::config fanout{};          ///< how many links a source looks at
    runnel::split::config split{};            ///< whether several links share
    decay_config decay{};

    friend bool operator==(config const&, config const&) = default;

    template <class Self, class F> static constexpr void visit(Self& self, F&& f) {
        static_assert(arity<config>() == 11, "engine: a setting is missing from this walk");
        f("alpha", self.alpha);
        f("step", self.step);
        f("transfer_cap", self.transfer_cap);
        f("min_transfer", self.min_transfer);
        f("threshold", self.threshold);
        f("seed", self.seed);
        f("storage", self.storage);
        f("reader", self.reader);
        f("fanout", self.fanout);
        f("split", self.split);
        f("decay", self.decay);
    }

    [[nodiscard]] constexpr status validate() const;
};

namespace detail {
/// The largest figure a setting in units may take: beyond it no node could ever be above it.
inline constexpr double most_units = 8388607.0;

constexpr status in_range(double x, double low, double high, std::string_view sentence) {
    if (math::finite(x) && x >= low && x <= high) return {};
    return fault{fault_kind{faults::bad_config_code, sentence}, x};
}
template <class Enum> constexpr status one_of(Enum e, Enum last, std::string_view sentence) {
    if (e <= last) return {};
    return fault{fault_kind{faults::bad_config_code, sentence}, static_cast<unsigned>(e)};
}
} // namespace detail

constexpr status config::validate() const {
    using namespace detail; // NOLINT(google-build-using-namespace): two local words
    constexpr double tiny = 0x1p-1022;
    constexpr double huge = 1.7976931348623157e308;
    status checks[] = {
        in_range(alpha, tiny, huge, "alpha must be finite and above 0"),
        one_of(step, step_rule::exponential, "step must be linear or exponential"),
        in_range(transfer_cap, tiny, 1, "transfer_cap must lie in (0, 1]"),
        in_range(min_transfer, 0, most_units, "min_transfer must lie in [0, 8388607]"),
        one_of(storage, storage::dense, "storage must be paged or dense"),
        in_range(decay.base, 0, huge, "decay.base must be finite and not negative"),
        in_range(decay.gain, 0, huge, "decay.gain must be finite and not negative"),
        in_range(decay.flush_below, 0, most_units, "decay.flush_below must lie in [0, 8388607]"),
        one_of(decay.scope, decay_scope::support, "decay.scope must be touched or support"),
        one_of(decay.clock, decay_clock::capped, "decay.clock must be elapsed or capped"),
        reader.validate(),
        fanout.validate(),
        split.validate(),
    };
    for (status const& check : checks)
        if (!check) return check.error();
    for (std::size_t t = 0; t < per_type<double>::capacity; ++t) {
        node_type const type{static_cast<std::uint16_t>(t)};
        for (status const& check :
             {in_range(threshold[type], 0, most_units, "threshold must lie in [0, 8388607]"),
              in_range(
                  decay.multiplier[type], 0, huge,
                  "decay.multiplier must be finite and not negative"),
              in_range(
                  decay.base * decay.multiplier[type] * decay.gain, 0, huge,
                  "decay.base * decay.multiplier * decay.gain must be finite")})
            if (!check)
                return fault{
                    fault_kind{check.error().code(), check.error().sentence()},
                    check.error().offender(), t};
    }
    return {};
}
static_assert(config{}.validate().has_value());

} // namespace runnel
