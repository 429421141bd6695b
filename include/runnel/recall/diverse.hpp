// SPDX-License-Identifier: MIT
// room: recall. The k best that are not all the same: maximal marginal relevance, exact.
//
// Why:  the ten nearest entries are often one entry ten times. Each pick is the contender with the largest
//       lambda * relevance - (1 - lambda) * redundancy, redundancy being its largest similarity to what is
//       picked already (0 for the first pick).
//       Both figures are on the scale of `absolute`, [0, 1]: an inner product or a squared distance has no
//       bound, so that on their own scales one lambda would mean plain ranking here and hardly any relevance
//       there, and 1 - similarity would be no dispersion. For the cosine it changes nothing: that scale is
//       its own, halved and moved, and so are all scores from the second pick on.
//       A score only falls as picks are added, so a score worked out some picks ago is a bound. Contenders
//       wait in a heap of bounds; only the foremost is brought up to date, against the picks it has not
//       seen, and only while nobody comes before it. Most are never looked at again.
// Laws: the picks, figures included, are those of the form that works out every score anew, bit for bit:
//       absolute() does not decrease in a float, nor does a rounded product, so bounds hold after rounding
//       too. Equal scores go to the lower entry. Whatever the order of the contenders, the same picks, as
//       long as each entry is there once (equal ones: the first). lambda 1 is the order of relevance.
//       With min_dispersion d, any two picks p, q have 1 - absolute(similarity(p, q)) >= d. On a fault the
//       last answer is lost and nothing else.
// Cost: at most m k similarities of d numbers and m k log m steps for m contenders; of 1000 contenders,
//       7 to 65 % of the similarities (most when k is above the number of heaps they lie in). Allocates when
//       there are more contenders, or more to pick, than ever before.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string_view>

#include <runnel/core/array.hpp>
#include <runnel/core/expects.hpp>
#include <runnel/core/math.hpp>
#include <runnel/core/order.hpp>
#include <runnel/core/reflect.hpp>
#include <runnel/core/result.hpp>
#include <runnel/recall/faults.hpp>
#include <runnel/recall/hit.hpp>
#include <runnel/recall/similarity.hpp>

namespace runnel::recall {

struct diversity {
    std::size_t k = 10;        ///< how many to pick
    double lambda = .7;        ///< how much relevance counts against redundancy, [0, 1]
    double min_dispersion = 0; ///< least 1 - absolute similarity of any two picks, [0, 1]; 0 is off

    friend bool operator==(diversity const&, diversity const&) = default;

    template <class Self, class F> static constexpr void visit(Self& self, F&& f) {
        static_assert(arity_is<diversity, 3>, "recall: a setting is missing from this walk");
        f("k", self.k);
        f("lambda", self.lambda);
        f("min_dispersion", self.min_dispersion);
    }
    [[nodiscard]] constexpr status validate() const noexcept {
        auto const bad = [](std::string_view sentence, double offender) {
            return fault{fault_kind{faults::invalid_config.code, sentence}, offender};
        };
        if (!(lambda >= 0 && lambda <= 1))
            return bad("recall.diverse.lambda must lie in [0, 1]", lambda);
        if (!(min_dispersion >= 0 && min_dispersion <= 1))
            return bad("recall.diverse.min_dispersion must lie in [0, 1]", min_dispersion);
        return {};
    }
};
static_assert(diversity{}.validate().has_value());

struct fetch {
    std::size_t entries = 0; ///< how many there are
    std::size_t k = 0;       ///< how many are to be picked
};
/// How many nearest entries to pick k diverse ones from: min(entries, max(4k, k + 32)).
[[nodiscard]] constexpr std::size_t overfetch(fetch of) noexcept {
    if (of.k > of.entries / 4) return of.entries; // 4k is as large; nothing below overflows
    std::size_t const wanted = 4 * of.k > of.k + 32 ? 4 * of.k : of.k + 32;
    return wanted < of.entries ? wanted : of.entries;
}

/// An entry that may be picked.
struct contender {
    entry_id entry = {};
    measured vector = {};
    double relevance =
        0; ///< on the scale of `absolute`: its similarity there, or score / most() of a hybrid
};

struct diverse_pick {
    entry_id entry;
    double relevance = 0;
    double redundancy = 0; ///< absolute similarity to the nearest pick before it; 0 for the first
    double score = 0;
    friend constexpr bool operator==(diverse_pick const&, diverse_pick const&) noexcept = default;
};

/// Why there are fewer than k picks.
enum class fell_short : std::uint8_t {
    no,
    few,      ///< there were no more contenders
    too_close ///< what is left is nearer to a pick than min_dispersion allows
};

struct diverse_picks {
    std::span<diverse_pick const> picks; ///< in the order of picking; until the next call
    recall::fell_short fell_short = recall::fell_short::no;
};

/// Picks, and keeps its buffers from call to call. One at a time: a thread has its own.
class diverse {
public:
    template <class = void>
    [[nodiscard]] result<diverse_picks> operator()(
        comparer const& compare, std::span<contender const> among, diversity const& how) {
        picks_.clear();
        if (auto const valid = how.validate(); !valid) return valid.error();
        for (std::size_t i = 0; i < among.size(); ++i)
            if (!(among[i].relevance >= 0 && among[i].relevance <= 1))
                return fault{
                    fault_kind{faults::off_scale.code, "a relevance lies in [0, 1]"},
                    among[i].relevance, i};
        RUNNEL_EXPECTS(among.size() < ~std::uint32_t{0}, "recall: contenders have 32-bit places");
        pick(compare, among.data(), among.size(), how);
        auto const why = picks_.size() == how.k          ? fell_short::no
                         : picks_.size() == among.size() ? fell_short::few
                                                         : fell_short::too_close;
        return diverse_picks{picks_.stretch(0, picks_.size()), why};
    }
    /// Similarities the last call worked out.
    [[nodiscard]] std::size_t compared() const noexcept { return compared_; }
    /// What its buffers take.
    [[nodiscard]] std::size_t bytes() const noexcept {
        return waiting_.capacity() * sizeof(standing) + picked_.capacity() * sizeof(measured)
               + picks_.capacity() * sizeof(diverse_pick);
    }

private:
    struct standing {
        double bound; // the score after `seen` picks
        entry_id entry;
        std::uint32_t at;
        std::uint32_t seen;
        float nearest; // similarity to the nearest of them
    };
    struct behind {
        [[nodiscard]] bool operator()(standing const& a, standing const& b) const noexcept {
            if (a.bound != b.bound) return a.bound < b.bound;
            return a.entry != b.entry ? a.entry > b.entry : a.at > b.at;
        }
    };
    static constexpr float nowhere_near = -std::numeric_limits<float>::infinity();

    void pick(
        comparer const& compare, contender const* among, std::size_t count, diversity const& how) {
        compared_ = 0;
        std::size_t const wanted = how.k < count ? how.k : count;
        waiting_.clear();
        waiting_.reserve(count);
        picked_.clear();
        picked_.reserve(wanted);
        picks_.reserve(wanted);
        if (wanted == 0) return;

        std::size_t first = 0;
        for (std::size_t i = 0; i < count; ++i) {
            waiting_.push_back(
                {math::product(how.lambda, among[i].relevance), among[i].entry,
                 static_cast<std::uint32_t>(i), 0, nowhere_near});
            if (behind{}(waiting_[first], waiting_[i])) first = i;
        }
        take(among, waiting_[first], 0);
        waiting_[first] = waiting_.back();
        waiting_.pop_back();
        if (wanted == 1) return;
        // Redundancy leaves 0 here, which moves every bound far: all of them at once, in tiles.
        meet_first(compare, among, how);
        runnel::detail::make_heap(waiting_.begin(), waiting_.end(), behind{});
        while (picks_.size() < wanted && !waiting_.empty()) settle(compare, among, how);
    }
    /// Brings the foremost up to date, until it is picked, dropped, or no longer the foremost.
    void settle(comparer const& compare, contender const* among, diversity const& how) {
        standing one = waiting_[0];
        while (!too_close(one, compare.by(), how)) {
            if (one.seen == picked_.size()) {
                take(among, one, absolute(compare.by(), static_cast<double>(one.nearest)));
                break;
            }
            catch_up(one, compare, among, how);
            if (passed_by(one)) return put_back(one);
        }
        one = waiting_.back();
        waiting_.pop_back();
        if (!waiting_.empty()) put_back(one);
    }
    void put_back(standing const& one) noexcept {
        runnel::detail::sink_into_heap(waiting_.begin(), 0, waiting_.size(), one, behind{});
    }
    [[nodiscard]] bool passed_by(standing const& one) const noexcept {
        return (waiting_.size() > 1 && behind{}(one, waiting_[1]))
               || (waiting_.size() > 2 && behind{}(one, waiting_[2]));
    }
    [[nodiscard]] static bool too_close(
        standing const& one, metric by, diversity const& how) noexcept {
        return how.min_dispersion > 0
               && 1 - absolute(by, static_cast<double>(one.nearest)) < how.min_dispersion;
    }

    /// Compares it with picks it has not seen: some tiles of four, or one where fewer are left.
    void catch_up(
        standing& one, comparer const& compare, contender const* among, diversity const& how) {
        measured const& vector = among[one.at].vector;
        std::uint32_t const from = one.seen;
        if (picked_.size() - one.seen < 4) {
            float const near = compare(picked_[one.seen++], vector);
            one.nearest = near > one.nearest ? near : one.nearest;
        } else {
            // A look at the heap costs about as much as two thousand products.
            std::size_t numbers = 0;
            do {
                float near[4];
                compare.four(picked_.data() + one.seen, vector, near);
                for (float const x : near) one.nearest = x > one.nearest ? x : one.nearest;
                one.seen += 4;
                numbers += 4 * compare.dimension();
            } while (numbers < 2048 && picked_.size() - one.seen >= 4);
        }
        compared_ += one.seen - from;
        one.bound = bound(one, compare.by(), among, how);
    }
    void meet_first(comparer const& compare, contender const* among, diversity const& how) {
        std::size_t const count = waiting_.size();
        for (std::size_t i = 0; i < count; i += 4) {
            measured rows[4];
            float near[4];
            std::size_t const here = count - i < 4 ? count - i : 4;
            for (std::size_t r = 0; r < 4; ++r)
                rows[r] = among[waiting_[i + (r < here ? r : 0)].at].vector;
            compare.four(rows, picked_[0], near);
            for (std::size_t r = 0; r < here; ++r) {
                standing& one = waiting_[i + r];
                one.seen = 1;
                one.nearest = near[r];
                one.bound = bound(one, compare.by(), among, how);
            }
        }
        compared_ += count;
    }
    [[nodiscard]] static double bound(
        standing const& one, metric by, contender const* among, diversity const& how) noexcept {
        return math::product(how.lambda, among[one.at].relevance)
               - math::product(1 - how.lambda, absolute(by, static_cast<double>(one.nearest)));
    }
    void take(contender const* among, standing const& one, double redundancy) {
        contender const& taken = among[one.at];
        picked_.push_back(taken.vector);
        picks_.push_back({taken.entry, taken.relevance, redundancy, one.bound});
    }

    runnel::detail::array<standing> waiting_; // a heap from the second pick on
    runnel::detail::array<measured> picked_;
    runnel::detail::array<diverse_pick> picks_;
    std::size_t compared_ = 0;
};

} // namespace runnel::recall
