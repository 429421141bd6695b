// SPDX-License-Identifier: MIT
// room: recall. One score of three figures: how near an entry is, how useful it was, whether its class agrees.
//
// Why:  the nearest entry is not the best one if it never helped; a score that says how much each figure
//       counts can be argued with, a chain of filters cannot.
// Laws: score = similarity * absolute(similarity) + utility * utility + agreement * (1 match, .5 unknown,
//       0 mismatch), each product rounded, added in this order; it lies in [0, most()] and grows with each
//       figure. Ranked by (score descending, entry ascending). A figure off its scale is a fault with its
//       position, and nothing was written.
// Cost: O(n log n), no allocation.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include <runnel/core/expects.hpp>
#include <runnel/core/math.hpp>
#include <runnel/core/order.hpp>
#include <runnel/core/reflect.hpp>
#include <runnel/core/result.hpp>
#include <runnel/recall/faults.hpp>
#include <runnel/recall/hit.hpp>

namespace runnel::recall {

/// Is an entry of the class that is asked for?
enum class agreement : std::uint8_t { unknown, match, mismatch };

/// How much each figure counts. They need not sum to 1.
struct hybrid_weights {
    double similarity = .65; ///< of the absolute similarity, >= 0
    double utility = .20;    ///< of what the entry was worth before, >= 0
    double agreement = .10;  ///< of being of the class asked for, >= 0

    friend bool operator==(hybrid_weights const&, hybrid_weights const&) = default;

    template <class Self, class F> static constexpr void visit(Self& self, F&& f) {
        static_assert(arity_is<hybrid_weights, 3>, "recall: a setting is missing from this walk");
        f("similarity", self.similarity);
        f("utility", self.utility);
        f("agreement", self.agreement);
    }
    [[nodiscard]] constexpr status validate() const noexcept {
        auto const bad = [](std::string_view sentence, double offender) {
            return fault{fault_kind{faults::invalid_config.code, sentence}, offender};
        };
        auto const ok = [](double x) { return math::finite(x) && x >= 0; };
        if (!ok(similarity))
            return bad("recall.hybrid.similarity must be finite and not negative", similarity);
        if (!ok(utility))
            return bad("recall.hybrid.utility must be finite and not negative", utility);
        if (!ok(agreement))
            return bad("recall.hybrid.agreement must be finite and not negative", agreement);
        if (most() == 0) return bad("recall.hybrid: one of the weights must be above 0", 0);
        if (!math::finite(most()))
            return bad("recall.hybrid: the weights must have a finite sum", most());
        return {};
    }
    /// The score of what could not be better: score / most() lies in [0, 1], the scale of `absolute`.
    [[nodiscard]] constexpr double most() const noexcept {
        return (similarity + utility) + agreement;
    }
};
static_assert(hybrid_weights{}.validate().has_value());

/// An entry and what is known of it.
struct prospect {
    entry_id entry = {};
    float similarity = 0; ///< to the query, as the metric has it
    double utility = 0;   ///< in [0, 1]
    recall::agreement agreement = recall::agreement::unknown;

    /// Nothing, or which figure is off its scale; `position` goes into the fault.
    [[nodiscard]] constexpr status validate(
        metric by, std::uint64_t position = fault::nowhere) const noexcept {
        auto const off = [&](std::string_view sentence, auto offender) {
            return fault{fault_kind{faults::off_scale.code, sentence}, offender, position};
        };
        // Written so that what is not a number fails every test.
        switch (by) {
        case metric::cosine: // long vectors round
            if (!(similarity >= -1.001F && similarity <= 1.001F))
                return off("a cosine lies in [-1, 1]", similarity);
            break;
        case metric::l2: // of two vectors near the limit of length it may be infinite
            if (!(similarity <= 0)) return off("a squared distance is given below 0", similarity);
            break;
        case metric::inner_product:
            if (!math::finite(static_cast<double>(similarity)))
                return off("an inner product is finite", similarity);
            break;
        }
        if (!(utility >= 0 && utility <= 1)) return off("a utility lies in [0, 1]", utility);
        if (agreement > recall::agreement::mismatch)
            return off("an agreement is none of its names", static_cast<unsigned>(agreement));
        return {};
    }
};

struct scored {
    entry_id entry;
    double score = 0;
    float similarity = 0; ///< from here on: the figures it was made of, as they were given
    double utility = 0;
    recall::agreement agreement = recall::agreement::unknown;
    friend constexpr bool operator==(scored const&, scored const&) noexcept = default;
};

/// Best first, then the lower entry.
[[nodiscard]] constexpr bool before(scored const& a, scored const& b) noexcept {
    return a.score != b.score ? a.score > b.score : a.entry < b.entry;
}

/// How good it is all in all. Expects what both `validate` accept.
[[nodiscard]] constexpr double score(
    hybrid_weights const& by, metric scale, prospect const& one) noexcept {
    double const agreed = one.agreement == agreement::match      ? 1
                          : one.agreement == agreement::mismatch ? 0
                                                                 : .5;
    double const near = absolute(scale, static_cast<double>(one.similarity));
    return (math::product(by.similarity, near) + math::product(by.utility, one.utility))
           + math::product(by.agreement, agreed);
}

/// Scores all and puts them in order. `out` has the length of `of`; on a fault it is as it was.
template <class = void>
[[nodiscard]] status rank(
    hybrid_weights const& by, metric scale, std::span<prospect const> of,
    std::span<scored> out) noexcept {
    RUNNEL_EXPECTS(out.size() == of.size(), "recall: as many places as there are prospects");
    if (auto const valid = by.validate(); !valid) return valid;
    for (std::size_t i = 0; i < of.size(); ++i)
        if (auto const good = of[i].validate(scale, i); !good) return good;
    for (std::size_t i = 0; i < of.size(); ++i) {
        prospect const& one = of[i];
        out[i] = {one.entry, score(by, scale, one), one.similarity, one.utility, one.agreement};
    }
    runnel::detail::sort(out.data(), out.data() + out.size(), [](scored const& a, scored const& b) {
        return before(a, b);
    });
    return {};
}

} // namespace runnel::recall
