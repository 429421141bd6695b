// SPDX-License-Identifier: MIT
// room: weight. What was usual in a cohort on average over past frames.
//
// Why:  compared with the cohort as it is now, weights that all rose together look as they did; compared with what
//       was usual lately, the rise shows and fades. The baseline is the mixture of the cohort's populations of
//       the past frames, the one of n frames ago with weight r(1 - r)^n: its mean and variance are those of a
//       mixture, so that a cohort that moved is also wider for a while.
// Laws: a field's own, and told by its frames alone: in a frame nothing moves, opening the same frame again changes
//       nothing, and a cohort is usual as it is when a field first meets it. While the store is not written, n
//       frames are one step: (1 - r)^n of the past, in a fixed order of products. An unchanged cohort keeps its
//       figures to the bit.
// Cost: per frame that finds the store written, a look at each cohort met; at most half of a table of 152 bytes a cell.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>

#include <runnel/core/array.hpp>
#include <runnel/core/math.hpp>
#include <runnel/core/order.hpp>
#include <runnel/core/rng.hpp>
#include <runnel/core/versions.hpp>
#include <runnel/graph/cohorts.hpp>
#include <runnel/weight/reader.hpp>

namespace runnel::weight {

/// Two populations as one, `part` of it the first.
[[nodiscard]] constexpr usual mixed(usual const& a, double part, usual const& b) noexcept {
    double const apart = a.mean - b.mean;
    return {
        b.mean + math::product(part, apart),
        b.variance + math::product(part, a.variance - b.variance)
            + math::product(math::product(part, 1 - part), math::product(apart, apart)),
        b.members};
}

/// The baselines of the cohorts a field has met, of links (`cohort`) or of nodes (`node_cohort`).
template <class Cohort> class baselines {
public:
    /// A frame begins: what was written since the last one is what is usual from now on. `stamp` is the store's.
    void open(
        cohort_sums const& sums, config const& how, version stamp, std::uint64_t frame) noexcept {
        bool const again = frame == frame_;
        bool const written = stamp != stamp_ || how.shrinkage != shrinkage_;
        frame_ = frame;
        stamp_ = stamp;
        shrinkage_ = how.shrinkage;
        if (!again && !written) return;
        for (cell& c : cells_) {
            if (c.key == 0) continue;
            if (again) undo(c, frame);
            if (c.met == never) continue;
            usual const next = usual_of(sums, c.of, how.shrinkage);
            if (next == c.is.present) continue;
            c.before = c.is;
            c.moved = frame;
            c.is = {at(c.is, how, frame - 1), next, frame};
        }
    }
    /// What is usual in this frame.
    [[nodiscard]] usual of(Cohort c, cohort_sums const& sums, config const& how) {
        cell& known = cell_of(c);
        if (known.met == never) {
            usual const now = usual_of(sums, c, how.shrinkage);
            known.is = {now, now, frame_};
            known.met = frame_;
            known.moved = never;
        }
        return at(known.is, how, frame_);
    }
    /// f(cohort, past, present, since): by scope and type, for a digest or a snapshot, which `put` brings back; as they
    /// are for a field whose next frame is `next`, whether or not that was opened and given up. Takes memory for an order.
    template <class F> void each(std::uint64_t next, F&& f) const {
        detail::array<cell> order;
        for (cell c : cells_) {
            if (c.key == 0) continue;
            undo(c, next);
            if (c.met != never) order.push_back(c);
        }
        detail::sort(order.begin(), order.end(), by_key{});
        for (cell const& c : order) f(c.of, c.is.past, c.is.present, c.is.since);
    }
    void put(Cohort c, usual const& past, usual const& present, std::uint64_t since) {
        cell& known = cell_of(c);
        known.is = {past, present, since};
        known.met = before_all; // not by the frame that is open
        known.moved = never;
        shrinkage_ = -1; // the next frame looks at all of them, whatever the stamp
    }
    void clear() noexcept {
        for (cell& c : cells_) c = {};
        taken_ = 0;
        frame_ = never;
    }
    [[nodiscard]] std::size_t bytes() const noexcept { return cells_.capacity() * sizeof(cell); }

private:
    static constexpr std::uint64_t never = ~std::uint64_t{0};
    static constexpr std::uint64_t before_all = never - 1;
    struct course {
        usual past;    // up to the frame before `since`
        usual present; // in `since` and after
        std::uint64_t since = 0;
    };
    struct cell {
        std::uint64_t key = 0; // 0: free
        Cohort of{};
        course is;
        course before;               // the frame that last moved it
        std::uint64_t met = never;   // in which frame
        std::uint64_t moved = never; // likewise
    };
    /// The frame was opened before and given up.
    static void undo(cell& c, std::uint64_t frame) noexcept {
        if (c.met == frame) c.met = never;
        if (c.moved == frame) c.is = c.before;
    }
    struct by_key {
        bool operator()(cell const& a, cell const& b) const noexcept { return a.key < b.key; }
    };

    [[nodiscard]] static constexpr std::uint64_t key_of(Cohort c) noexcept {
        return (std::uint64_t{index(c.scope)} << 16 | index(c.type)) + 1;
    }
    [[nodiscard]] static usual at(
        course const& c, config const& how, std::uint64_t frame) noexcept {
        double const past =
            math::power(1 - how.ema_rate, frame - c.since + 1); // what is left of it
        return mixed(c.past, past, c.present);
    }
    [[nodiscard]] std::size_t place(std::uint64_t key) const noexcept {
        std::size_t const mask = cells_.size() - 1;
        std::size_t at = mix(key) & mask;
        while (cells_[at].key != 0 && cells_[at].key != key) at = (at + 1) & mask;
        return at; // ends: at most half of the cells are taken
    }
    [[nodiscard]] cell& cell_of(Cohort c) {
        std::uint64_t const key = key_of(c);
        if (!cells_.empty())
            if (cell& there = cells_[place(key)]; there.key == key) return there;
        if (2 * (taken_ + 1) > cells_.size()) {
            detail::array<cell> old(cells_.empty() ? 8 : cells_.size() * 2, cell{});
            old.swap(cells_);
            for (cell const& known : old)
                if (known.key != 0) cells_[place(known.key)] = known;
        }
        ++taken_;
        cell& fresh = cells_[place(key)];
        fresh.key = key;
        fresh.of = c;
        return fresh;
    }

    detail::array<cell> cells_;
    std::size_t taken_ = 0;
    std::uint64_t frame_ = never;
    version stamp_{};
    double shrinkage_ = -1;
};

/// Reads by the baseline of this frame: what `reading_of` reads by the present. Expects a valid config.
template <class Cohort>
[[nodiscard]] reading reading_of(
    baselines<Cohort>& kept, Cohort of, cohort_sums const& sums, config const& c) {
    bool const compares =
        std::same_as<Cohort, cohort> ? compares_links(c.source) : compares_targets(c.source);
    return compares ? reading_by(kept.of(of, sums, c), c) : reading_of(sums, of, c);
}

} // namespace runnel::weight
