// SPDX-License-Identifier: MIT
// room: recall. Who leaves when the budget is used up.
//
// Why:  what is worth keeping changes as time passes, so the order is made when somebody must go, not kept
//       beside the entries. The policy says what an entry is worth; how many go is a matter of bytes.
// Laws: the lowest score goes first, ties by the older `added`, then the lower entry: who goes depends on the
//       set of tenants, not on their order. Pinned ones stay. No victim could be spared: without any one of
//       them too few bytes would be freed (who was chosen early and turned out not to be needed, because a
//       large one followed, stays). A score that is NaN ends the choice with a fault.
// Cost: one score per tenant; O(n + v log n) for v victims; one buffer of 32 bytes per tenant while it runs.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <type_traits>

#include <runnel/core/array.hpp>
#include <runnel/core/math.hpp>
#include <runnel/core/order.hpp>
#include <runnel/core/reflect.hpp>
#include <runnel/core/result.hpp>
#include <runnel/recall/budget.hpp>
#include <runnel/recall/faults.hpp>
#include <runnel/recall/hit.hpp>

namespace runnel::recall {

/// Logical time of a memory: its owner counts, by what it likes (calls, writes, frames).
enum class tick : std::uint64_t {};

/// What a policy is told of an entry.
struct tenant {
    entry_id entry{};
    double utility = .5;    ///< [0, 1]; .5: unknown
    std::uint64_t uses = 0; ///< how often it was found
    tick added{};
    tick last_used{}; ///< when it was added, if it never was
    std::uint64_t bytes =
        0; ///< its going frees: where a free row would be of no help, its payload's alone
    std::uint32_t pins = 0; ///< while above 0 it stays
    std::uint16_t of_class = 0;
};
static_assert(std::is_trivially_copyable_v<tenant>);

/// Ticks since an entry was last of use.
/// The end of time is not passed.
[[nodiscard]] constexpr tick later(tick now, std::uint64_t by) noexcept {
    auto const then = static_cast<std::uint64_t>(now) + by;
    return tick{then < by ? ~std::uint64_t{0} : then};
}
[[nodiscard]] constexpr std::uint64_t age(tenant const& t, tick now) noexcept {
    return t.last_used < now
               ? static_cast<std::uint64_t>(now) - static_cast<std::uint64_t>(t.last_used)
               : 0;
}

/// `double operator()(tenant const&, tick now) const`: what keeping the entry is worth.
template <class Policy>
concept keeps = requires(Policy const& policy, tenant const& t, tick now) {
    { policy(t, now) } -> std::convertible_to<double>;
};

struct keep_config {
    double utility = .4;  ///< for what an entry was worth so far, >= 0
    double recency = .4;  ///< for use just now, half of it a tick later, >= 0
    double use = .2;      ///< for many uses, >= 0
    double use_unit = 10; ///< how much ln(1 + uses) counts in full, > 0

    friend bool operator==(keep_config const&, keep_config const&) = default;

    template <class Self, class F> static constexpr void visit(Self& self, F&& f) {
        static_assert(arity_is<keep_config, 4>, "recall: a setting is missing from this walk");
        f("utility", self.utility);
        f("recency", self.recency);
        f("use", self.use);
        f("use_unit", self.use_unit);
    }
    [[nodiscard]] constexpr status validate() const noexcept {
        auto const bad = [](std::string_view sentence, double offender) {
            return fault{fault_kind{faults::invalid_config.code, sentence}, offender};
        };
        auto const size = [](double x) { return math::finite(x) && x >= 0; };
        if (!size(utility))
            return bad("recall.keep.utility must be finite and not negative", utility);
        if (!size(recency))
            return bad("recall.keep.recency must be finite and not negative", recency);
        if (!size(use)) return bad("recall.keep.use must be finite and not negative", use);
        if (!math::finite(use_unit) || use_unit < 0x1p-100)
            return bad("recall.keep.use_unit must be finite and at least 2^-100", use_unit);
        return {};
    }
};
static_assert(keep_config{}.validate().has_value());

/// utility u + recency / (1 + age) + use ln(1 + uses) / use_unit. Expects a valid config.
class keep_score {
public:
    constexpr keep_score() = default;
    constexpr explicit keep_score(keep_config const& c) noexcept : config_(c) {}

    [[nodiscard]] constexpr double operator()(tenant const& t, tick now) const noexcept {
        double const known = math::product(config_.utility, t.utility);
        double const recent = config_.recency / (1 + static_cast<double>(age(t, now)));
        double const often = math::log(1 + static_cast<double>(t.uses)) / config_.use_unit;
        return (known + recent) + math::product(config_.use, often);
    }
    [[nodiscard]] constexpr keep_config const& settings() const noexcept { return config_; }
    [[nodiscard]] constexpr status validate() const noexcept { return config_.validate(); }

private:
    keep_config config_;
};

/// Who was of use last stays. (Ticks above 2^53 are told apart as doubles are.)
struct least_recently_used {
    [[nodiscard]] constexpr double operator()(tenant const& t, tick /*now*/) const noexcept {
        return static_cast<double>(t.last_used);
    }
};

/// Who came last stays: all are worth the same, and the order of ties does the rest.
struct first_in_first_out {
    [[nodiscard]] constexpr double operator()(tenant const& /*t*/, tick /*now*/) const noexcept {
        return 0;
    }
};
static_assert(keeps<keep_score> && keeps<least_recently_used> && keeps<first_in_first_out>);

namespace detail {
struct candidate_to_go {
    double score;
    tick added;
    entry_id entry;
    std::uint64_t bytes;
};
/// The order of a heap with its last on top: the first to go.
struct goes_later {
    [[nodiscard]] constexpr bool operator()(
        candidate_to_go const& a, candidate_to_go const& b) const noexcept {
        if (a.score != b.score) return a.score > b.score;
        return a.added != b.added ? a.added > b.added : a.entry > b.entry;
    }
};

/// Puts the victims of a run in its front, the last chosen first, and tells how many they are. They have at
/// least `bytes`, which all together have.
inline std::size_t victims_first(
    candidate_to_go* all, std::size_t count, std::uint64_t bytes, uint128& freed) noexcept {
    runnel::detail::make_heap(all, all + count, goes_later{});
    std::size_t left = count; // the heap; behind it the chosen, the last of them first
    for (freed = 0; freed < bytes; --left) {
        candidate_to_go const chosen = all[0];
        runnel::detail::sink_into_heap(all, 0, left - 1, all[left - 1], goes_later{});
        all[left - 1] = chosen;
        freed += chosen.bytes;
    }
    std::size_t victims = 0; // who is worth more is spared before who is worth less
    for (std::size_t i = left; i < count; ++i) {
        if (freed - all[i].bytes >= bytes)
            freed -= all[i].bytes;
        else
            all[victims++] = all[i];
    }
    return victims;
}
} // namespace detail

/// Who goes so that `asked.wanted` bytes are freed: into `victims`, the first to go first. Yields the bytes they have. A
/// goal out of reach empties no memory: then `asked.share` of what may go goes, and `asked.needed` at least. Where even
/// those cannot be had, or a score is NaN (of which entry, the position says: its slot), nobody is chosen.
template <class Policy>
[[nodiscard]] result<std::uint64_t> choose_victims(
    std::span<tenant const> tenants, tick now, relief asked, Policy const& policy,
    runnel::detail::array<entry_id>& victims) {
    static_assert(
        keeps<Policy>,
        "recall: a policy of keeping is callable as double(recall::tenant const&, recall::tick) on "
        "a const object; [](recall::tenant const& t, recall::tick) { return t.utility; } is "
        "enough");
    victims.clear();
    if constexpr (keeps<Policy>) {
        if (asked.wanted < asked.needed) asked.wanted = asked.needed;
        if (asked.wanted == 0) return std::uint64_t{0};
        runnel::detail::array<detail::candidate_to_go> all;
        all.reserve(tenants.size());
        uint128 available = 0;
        for (std::size_t i = 0; i < tenants.size(); ++i) {
            tenant const& t = tenants[i];
            if (t.pins != 0) continue;
            double const score = policy(t, now);
            if (score != score) return fault{faults::score_not_a_number, score, t.entry.slot};
            all.push_back({score, t.added, t.entry, t.bytes});
            available += t.bytes;
        }
        if (available < asked.needed)
            return fault{faults::capacity_exceeded, static_cast<std::uint64_t>(available)};
        std::uint64_t goal = asked.wanted;
        if (available < goal) {
            std::uint64_t const part =
                detail::part_of(static_cast<std::uint64_t>(available), asked.share);
            goal = part > asked.needed ? part : asked.needed;
        }
        uint128 freed = 0;
        std::size_t const count = detail::victims_first(all.data(), all.size(), goal, freed);
        victims.reserve(count);
        for (std::size_t i = count; i-- > 0;) victims.push_back(all[i].entry);
        return freed > ~std::uint64_t{0} ? ~std::uint64_t{0} : static_cast<std::uint64_t>(freed);
    }
    return std::uint64_t{0};
}
/// Who goes so that `bytes` are freed, no fewer.
template <class Policy>
[[nodiscard]] result<std::uint64_t> choose_victims(
    std::span<tenant const> tenants, tick now, std::uint64_t bytes, Policy const& policy,
    runnel::detail::array<entry_id>& victims) {
    return choose_victims(tenants, now, relief{.wanted = bytes, .needed = bytes}, policy, victims);
}

} // namespace runnel::recall
