// SPDX-License-Identifier: MIT
// room: recall. How many bytes a memory may hold, and how many must go before it takes more.
//
// Why:  evicting one entry for each that comes makes every insertion pay for a choice among all; from
//       `trigger` down to `target` at once, the choice is paid for once in a while.
// Laws: nothing goes while used + more <= trigger * limit. Otherwise `wanted` brings the memory, the newcomer
//       included, to target * limit and `needed` to the limit itself; freeing needed bytes keeps the
//       promise, freeing wanted ones keeps it cheap. needed <= wanted. Limit 0: nothing is ever refused.
#pragma once

#include <cstdint>
#include <string_view>

#include <runnel/core/math.hpp>
#include <runnel/core/reflect.hpp>
#include <runnel/core/result.hpp>
#include <runnel/recall/faults.hpp>

namespace runnel::recall {

struct budget {
    std::uint64_t limit = 0; ///< bytes; 0: none
    double trigger = .9;     ///< of the limit: above this entries go, [target, 1]
    double target = .8;      ///< of the limit: this much stays, (0, trigger]

    friend bool operator==(budget const&, budget const&) = default;

    template <class Self, class F> static constexpr void visit(Self& self, F&& f) {
        static_assert(arity_is<budget, 3>, "recall: a setting is missing from this walk");
        f("limit", self.limit);
        f("trigger", self.trigger);
        f("target", self.target);
    }
    [[nodiscard]] constexpr status validate() const noexcept {
        auto const bad = [](std::string_view sentence, double offender) {
            return fault{fault_kind{faults::invalid_config.code, sentence}, offender};
        };
        if (!(trigger > 0 && trigger <= 1))
            return bad("recall.budget.trigger must lie in (0, 1]", trigger);
        if (!(target > 0 && target <= trigger))
            return bad(
                "recall.budget.target (.8 unless set) must lie in (0, recall.budget.trigger]",
                target);
        return {};
    }
};
static_assert(budget{}.validate().has_value());

/// An insertion, in bytes.
struct demand {
    std::uint64_t used = 0;  ///< held now
    std::uint64_t fixed = 0; ///< of that, what no eviction frees: an empty memory's own
    std::uint64_t more = 0;  ///< what the newcomer brings
};

/// Bytes to be freed.
struct relief {
    std::uint64_t wanted = 0; ///< to reach the target
    std::uint64_t needed = 0; ///< to stay within the limit
    double share = 0;         ///< of what may go, where that is less than wanted, [0, 1]
    friend constexpr bool operator==(relief const&, relief const&) noexcept = default;
};

namespace detail {
constexpr std::uint64_t part_of(std::uint64_t limit, double part) noexcept {
    double const bytes = math::product(static_cast<double>(limit), part);
    return bytes >= static_cast<double>(limit) ? limit : static_cast<std::uint64_t>(bytes);
}
constexpr std::uint64_t sum_or_most(std::uint64_t a, std::uint64_t b) noexcept {
    return a + b < a ? ~std::uint64_t{0} : a + b;
}
constexpr std::uint64_t above(std::uint64_t bytes, std::uint64_t level) noexcept {
    return bytes > level ? bytes - level : 0;
}
} // namespace detail

/// Refuses what would not fit if all others went; nothing is to be evicted for it.
[[nodiscard]] constexpr status check_fits(budget const& b, demand const& d) noexcept {
    if (b.limit != 0 && detail::sum_or_most(d.fixed, d.more) > b.limit)
        return fault{faults::entry_too_large, d.more};
    return {};
}
[[nodiscard]] constexpr bool needs_eviction(budget const& b, demand const& d) noexcept {
    return b.limit != 0
           && detail::sum_or_most(d.used, d.more) > detail::part_of(b.limit, b.trigger);
}
/// What must go first: nothing below the trigger. Expects a valid budget.
[[nodiscard]] constexpr relief bytes_to_free(budget const& b, demand const& d) noexcept {
    if (!needs_eviction(b, d)) return {};
    std::uint64_t const after = detail::sum_or_most(d.used, d.more);
    return {
        detail::above(after, detail::part_of(b.limit, b.target)), detail::above(after, b.limit),
        1 - b.target / b.trigger};
}

} // namespace runnel::recall
