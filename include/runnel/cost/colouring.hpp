// SPDX-License-Identifier: MIT
// room: cost. Colouring: where energy goes, the mood it came with rubs off.
//
// Why:  a line of thought that visits a node in some mood should find it nearer to that mood when it
//       comes again. The colours belong to that line of thought, so they live in its context; the graph
//       and every other line of thought see nothing of them.
// Laws: each visit moves the target's affect V to (1 - b g) V + b g A, A the mood; its length never rises
//       above the longer of V and A, nor above the cap of the node's type. No mood, no colour. Strides
//       are told after commit in (source, rank) order, so colours follow from the frame, and what a
//       frame colours its own choices have not seen.
// Cost: O(dimensions) per stride, and the memory of the context's coloured nodes.
//
//   runnel::cost::context now{graph};
//   runnel::cost::colouring paint{now};
//   auto const policies = runnel::pipeline{}.with_cost(runnel::cost::log_additive{now}).with_sink(paint);
#pragma once

#include <cstddef>
#include <cstdint>

#include <runnel/core/expects.hpp>
#include <runnel/core/ids.hpp>
#include <runnel/core/math.hpp>
#include <runnel/core/reflect.hpp>
#include <runnel/core/result.hpp>
#include <runnel/cost/context.hpp>
#include <runnel/event/records.hpp>

namespace runnel::faults {
inline constexpr fault_kind bad_colours{
    "cost.bad_colours", "these settings of colouring contradict each other"};
} // namespace runnel::faults

namespace runnel::cost {

struct colours {
    double strength = .1;        ///< b, how much of the mood a visit leaves, [0, 1]
    double gate = 1;             ///< g, of the situation, [0, 1]; 0 colours nothing
    per_type<double> longest{1}; ///< length no coloured affect of a node type exceeds, >= 0

    friend bool operator==(colours const&, colours const&) = default;

    template <class Self, class F> static constexpr void visit(Self& self, F&& f) {
        static_assert(arity_is<colours, 3>, "cost: a setting is missing from this walk");
        f("strength", self.strength);
        f("gate", self.gate);
        f("longest", self.longest);
    }
    [[nodiscard]] constexpr status validate() const noexcept {
        auto const bad = [](std::string_view sentence, double offender,
                            std::uint64_t position = fault::nowhere) {
            return fault{fault_kind{faults::bad_colours.code, sentence}, offender, position};
        };
        if (!(strength >= 0 && strength <= 1))
            return bad("colours.strength must lie in [0, 1]", strength);
        if (!(gate >= 0 && gate <= 1)) return bad("colours.gate must lie in [0, 1]", gate);
        for (std::size_t t = 0; t < per_type<double>::capacity; ++t)
            if (double const x = longest.begin()[t]; !math::finite(x) || x < 0)
                return bad("colours.longest must be finite and not negative", x, t);
        return {};
    }
};
static_assert(colours{}.validate().has_value());

/// A sink that colours; copies colour the same context, which outlives them all.
class colouring {
public:
    /// Expects settings that are valid; `of` looks at them.
    explicit colouring(context& now, colours const& settings = {}) noexcept
        : now_(&now), settings_(settings) {
        RUNNEL_EXPECTS(
            settings.validate().has_value(), "cost: colours are valid; ask colouring::of");
    }
    explicit colouring(context const&&, colours const& = {}) = delete;
    [[nodiscard]] static result<colouring> of(context& now, colours const& settings) {
        if (auto const ok = settings.validate(); !ok) return ok.error();
        return colouring{now, settings};
    }
    static result<colouring> of(context const&&, colours const&) = delete;

    void operator()(event::stride_exec const& stride) const {
        node_id const node = stride.target;
        now_->colour(
            node, {math::product(settings_.strength, settings_.gate),
                   settings_.longest[now_->topology().type(node)]});
    }
    [[nodiscard]] colours const& settings() const noexcept { return settings_; }

private:
    context* now_;
    colours settings_;
};

} // namespace runnel::cost
