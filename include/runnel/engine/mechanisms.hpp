// SPDX-License-Identifier: MIT
// room: engine. The numbers of what a frame does beyond moving and decaying: off until asked for.
//
// Why:  each is a group of its own, so that a program names only what it uses; off is a bypass, not a figure that
//       happens to change nothing.
// Laws: `validate` of the config looks at all of them, used or not.
#pragma once

#include <cstdint>

#include <runnel/core/ids.hpp>
#include <runnel/core/reflect.hpp>

namespace runnel {

/// Does a node hold on to what it has.
enum class stickiness : std::uint8_t {
    off,
    dissipative, ///< a target keeps its share of what arrives, the rest is lost and booked
    retentive    ///< all arrives; a sticky node sends less
};
[[nodiscard]] constexpr per_type<double> preset_stickiness() {
    return per_type<double>{.6}
        .set(node_type::memory, .9)
        .set(node_type::episodic, .9)
        .set(node_type::principle, .85)
        .set(node_type::event, .4)
        .set(node_type::task, .3);
}
struct stickiness_config {
    stickiness mode = stickiness::off;
    per_type<double> of_type = preset_stickiness(); ///< per node type, [0, 1]
    double consolidated = .2;                       ///< more for a consolidated node, [0, 1]
    double degree = .1;                             ///< times tanh(degree / 20) more, [0, 1]

    friend bool operator==(stickiness_config const&, stickiness_config const&) = default;

    template <class Self, class F> static constexpr void visit(Self& self, F&& f) {
        static_assert(arity_is<stickiness_config, 4>, "engine: a setting is missing");
        f("mode", self.mode);
        f("of_type", self.of_type);
        f("consolidated", self.consolidated);
        f("degree", self.degree);
    }
};

/// Evidence that a node matters slows its decay.
struct consolidation_config {
    bool enabled = false;
    double working_memory = .3; ///< protection of what the field holds in working memory, [0, 1]
    double affect = .4;         ///< most protection by a strong affect, from length .7 to 1, [0, 1]
    double goal = .5;           ///< protection of what an active goal links to, [0, 1]
    per_type<double> most = per_type<double>{.5}.set(node_type::task, .2); ///< [0, 1]
    std::uint32_t most_nodes = 50; ///< protected in one frame, the best proven ones

    friend bool operator==(consolidation_config const&, consolidation_config const&) = default;

    template <class Self, class F> static constexpr void visit(Self& self, F&& f) {
        static_assert(arity_is<consolidation_config, 6>, "engine: a setting is missing");
        f("enabled", self.enabled);
        f("working_memory", self.working_memory);
        f("affect", self.affect);
        f("goal", self.goal);
        f("most", self.most);
        f("most_nodes", self.most_nodes);
    }
};

/// Well connected nodes decay more slowly: their rate is divided by their resistance.
struct resistance_config {
    bool enabled = false;
    double degree = .1;  ///< times tanh(degree / 20) more, >= 0
    double groups = .15; ///< more for a node of six groups or more, >= 0
    per_type<double> of_type = per_type<double>{1.0}
                                   .set(node_type::memory, 1.2)
                                   .set(node_type::episodic, 1.25)
                                   .set(node_type::principle, 1.15);         ///< > 0
    per_type<double> most = per_type<double>{1.5}.set(node_type::task, 1.1); ///< > 0

    friend bool operator==(resistance_config const&, resistance_config const&) = default;

    template <class Self, class F> static constexpr void visit(Self& self, F&& f) {
        static_assert(arity_is<resistance_config, 5>, "engine: a setting is missing");
        f("enabled", self.enabled);
        f("degree", self.degree);
        f("groups", self.groups);
        f("of_type", self.of_type);
        f("most", self.most);
    }
};

/// The matrix step E' = (1 - delta)[(1 - alpha) E + alpha P'E], P the rows of weights, each summing to 1.
struct matrix_config {
    double alpha = .1;  ///< share sent per frame, [0, 1]
    double delta = .03; ///< share lost per frame, [0, 1]

    friend bool operator==(matrix_config const&, matrix_config const&) = default;

    template <class Self, class F> static constexpr void visit(Self& self, F&& f) {
        static_assert(arity_is<matrix_config, 2>, "engine: a setting is missing");
        f("alpha", self.alpha);
        f("delta", self.delta);
    }
};

/// What a field does while something is wrong: small steps, one link each, five links looked at. Entered and left by the
/// caller; entered by the tripwire too where that is on. It is off: in a small graph a third of all nodes is soon active.
struct safe_mode_config {
    double alpha_factor = .3; ///< (0, 1]
    double dt_cap = 1;        ///< s, > 0
    bool tripwire = false; ///< enter on books that do not close, or when too many nodes are active
    double tripwire_share = .3;         ///< so many of all nodes are too many, [0, 1]
    std::uint32_t tripwire_frames = 20; ///< for so many frames on end, >= 1

    friend bool operator==(safe_mode_config const&, safe_mode_config const&) = default;

    template <class Self, class F> static constexpr void visit(Self& self, F&& f) {
        static_assert(arity_is<safe_mode_config, 5>, "engine: a setting is missing");
        f("alpha_factor", self.alpha_factor);
        f("dt_cap", self.dt_cap);
        f("tripwire", self.tripwire);
        f("tripwire_share", self.tripwire_share);
        f("tripwire_frames", self.tripwire_frames);
    }
};

} // namespace runnel
