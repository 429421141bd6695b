// SPDX-License-Identifier: MIT
// room: recall. What entries turned out to be worth: utility from outcomes.
//
// Why:  similarity says what a memory is about, not whether it was of any use. The world tells that, one
//       outcome at a time, and one outcome is an anecdote: utility starts from a prior that counts for
//       some outcomes itself, and moves as they add up.
// Laws: utility = (prior * prior_count + sum of outcomes) / (prior_count + their count); it lies in [0, 1],
//       between the prior and the mean (within rounding), and is the prior while nothing was told. The mean is in [0, 1] to
//       the bit. An outcome is helpful from .5 + margin up, harmful from .5 - margin down, else neither, as
//       .5 itself is at any margin. An outcome that is no number in [0, 1] is refused and books nothing.
// Cost: a division to read. The table holds 40 bytes per class told of, at most 65536 classes; finding one
//       is a search by halves, a new one moves those above it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <type_traits>

#include <runnel/core/array.hpp>
#include <runnel/core/math.hpp>
#include <runnel/core/reflect.hpp>
#include <runnel/core/result.hpp>
#include <runnel/recall/faults.hpp>

namespace runnel::recall {

struct feedback_config {
    double prior = .5;      ///< utility of what nothing is known of, [0, 1]
    double prior_count = 4; ///< how many outcomes the prior counts for, >= 0; 0: the mean alone
    double margin = .1;     ///< around .5 an outcome is neither helpful nor harmful, [0, .5]

    friend bool operator==(feedback_config const&, feedback_config const&) = default;

    template <class Self, class F> static constexpr void visit(Self& self, F&& f) {
        static_assert(arity_is<feedback_config, 3>, "recall: a setting is missing from this walk");
        f("prior", self.prior);
        f("prior_count", self.prior_count);
        f("margin", self.margin);
    }
    [[nodiscard]] constexpr status validate() const noexcept {
        auto const bad = [](std::string_view sentence, double offender) {
            return fault{fault_kind{faults::invalid_config.code, sentence}, offender};
        };
        if (!(prior >= 0 && prior <= 1))
            return bad("recall.feedback.prior must lie in [0, 1]", prior);
        if (!(prior_count >= 0 && prior_count <= 0x1p53))
            return bad("recall.feedback.prior_count must lie in [0, 2^53]", prior_count);
        if (!(margin >= 0 && margin <= .5))
            return bad("recall.feedback.margin must lie in [0, .5]", margin);
        return {};
    }
};
static_assert(feedback_config{}.validate().has_value());

/// Outcomes of one thing, added up.
struct outcomes {
    double sum = 0;
    std::uint64_t count = 0;

    // The sum never exceeds the count, to the bit: rounding keeps order, and counts are representable.
    constexpr void add(double outcome) noexcept {
        sum += outcome;
        ++count;
    }
    /// 0 before the first.
    [[nodiscard]] constexpr double mean() const noexcept {
        return count == 0 ? 0 : sum / static_cast<double>(count);
    }
    friend constexpr bool operator==(outcomes const&, outcomes const&) noexcept = default;
};
static_assert(sizeof(outcomes) == 16 && std::is_trivially_copyable_v<outcomes>);

/// How an outcome is judged.
enum class verdict : std::uint8_t { neither, helpful, harmful };

/// Expects a valid config and an outcome in [0, 1].
[[nodiscard]] constexpr verdict judged(feedback_config const& c, double outcome) noexcept {
    if (outcome > .5 && outcome >= .5 + c.margin) return verdict::helpful;
    if (outcome < .5 && outcome <= .5 - c.margin) return verdict::harmful;
    return verdict::neither;
}

/// What is known of an entry's worth. Expects a valid config.
[[nodiscard]] constexpr double utility(feedback_config const& c, outcomes const& told) noexcept {
    if (told.count == 0) return c.prior; // to the bit
    double const count = c.prior_count + static_cast<double>(told.count);
    return (math::product(c.prior, c.prior_count) + told.sum)
           / count; // not above 1, as the mean is not
}

/// Outcomes of all entries of one class.
struct class_feedback {
    outcomes told;
    std::uint64_t helpful = 0;
    std::uint64_t harmful = 0;
    std::uint16_t of = 0; ///< the class
    friend constexpr bool operator==(class_feedback const&, class_feedback const&) noexcept =
        default;
};
static_assert(sizeof(class_feedback) == 40 && std::is_trivially_copyable_v<class_feedback>);

/// One outcome and whom it is about.
struct feedback {
    std::uint16_t of = 0; ///< the entry's class
    double outcome = .5;  ///< [0, 1]: 0 did harm, 1 was of full use
};

/// Books outcomes, for the entry and for its class. The entries' records are their owner's.
class feedback_table {
public:
    feedback_table() = default;
    /// Expects a valid config.
    explicit feedback_table(feedback_config const& c) noexcept : config_(c) {}

    /// Strong guarantee.
    status tell(outcomes& entry, feedback said) {
        if (!(said.outcome >= 0 && said.outcome <= 1))
            return fault{faults::bad_outcome, said.outcome};
        class_feedback& c = place_of(said.of);
        c.told.add(said.outcome);
        verdict const how = judged(config_, said.outcome);
        c.helpful += how == verdict::helpful ? 1 : 0;
        c.harmful += how == verdict::harmful ? 1 : 0;
        entry.add(said.outcome);
        return {};
    }
    [[nodiscard]] double utility(outcomes const& entry) const noexcept {
        return recall::utility(config_, entry);
    }
    /// All zero if nothing was told of the class.
    [[nodiscard]] class_feedback of(std::uint16_t which) const noexcept {
        std::size_t const at = first_from(which);
        if (at < classes_.size() && classes_[at].of == which) return classes_[at];
        class_feedback nothing;
        nothing.of = which;
        return nothing;
    }
    /// Those told of, by class.
    template <class = void> [[nodiscard]] std::span<class_feedback const> classes() const noexcept {
        return classes_.stretch(0, classes_.size());
    }

    /// As new.
    void clear() noexcept { classes_ = {}; }
    [[nodiscard]] feedback_config const& settings() const noexcept { return config_; }
    [[nodiscard]] std::size_t bytes() const noexcept {
        return classes_.capacity() * sizeof(class_feedback);
    }

private:
    [[nodiscard]] std::size_t first_from(std::uint16_t which) const noexcept {
        std::size_t low = 0;
        for (std::size_t high = classes_.size(); low < high;) {
            std::size_t const middle = low + (high - low) / 2;
            if (classes_[middle].of < which)
                low = middle + 1;
            else
                high = middle;
        }
        return low;
    }
    [[nodiscard]] class_feedback& place_of(std::uint16_t which) {
        std::size_t const at = first_from(which);
        if (at == classes_.size() || classes_[at].of != which) {
            class_feedback fresh;
            fresh.of = which;
            classes_.push_back(fresh);
            class_feedback* const here = classes_.begin() + at;
            __builtin_memmove(here + 1, here, (classes_.size() - 1 - at) * sizeof(class_feedback));
            *here = fresh;
        }
        return classes_[at];
    }

    feedback_config config_;
    runnel::detail::array<class_feedback> classes_; // by class
};

} // namespace runnel::recall
