// SPDX-License-Identifier: MIT
// room: graph. What log-weights lose with time: how fast, and how much is gone since each was written.
//
// Why:  forgetting must not cost a look at every link. Links of one type that leave sources of one kind (node
//       type and scope) lose the same, so rows keep what was written and one figure per kind of link says what
//       has gone since; what is written later is stored higher by that figure. Reading subtracts it. A kind
//       that relaxes towards its mean has a scale beside it.
// Laws: a link written below the floor of -5 stays as it is; any other reads as max(stored - gone, -5). That
//       is monotone: a stretch ordered by what is stored is ordered by what is read, though links at the floor
//       become equal. gone(a) then gone(b) is gone(a + b), to 2^-48 each. Relaxing keeps means, and is within
//       two raw steps of what it says; it may make neighbours equal.
// Cost: a store that never forgot holds none of this. One that did: 4 B per node, some 120 B per kind of link;
//       a row of several types finds its best among the tops of its stretches.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>

#include <runnel/core/array.hpp>
#include <runnel/core/ids.hpp>
#include <runnel/core/log_weight.hpp>
#include <runnel/core/math.hpp>
#include <runnel/core/result.hpp>
#include <runnel/graph/cohorts.hpp>

namespace runnel {

namespace faults {
inline constexpr fault_kind bad_fall{
    "store.bad_fall", "a rate of decay must be finite, and not negative for a type of nodes"};
inline constexpr fault_kind bad_pause{
    "store.bad_pause", "weights decay every so many frames: at least 1"};
inline constexpr fault_kind bad_span{
    "store.bad_span", "weights decay over a finite time, not negative and below 2147483648 s"};
} // namespace faults

/// How fast log-weights fall, per second.
struct fall_rates {
    per_type<double, link_type> of_links = 0.0; ///< below 0: that of the source's type counts
    per_type<double> of_sources = 0.0;          ///< >= 0
    std::uint32_t every = 60; ///< frames of the store's clock between two falls, >= 1
    /// Not down, but to the mean of their kind (type; source's type and scope), the distance falling exponentially.
    bool relax = false;

    [[nodiscard]] constexpr double rate(link_type type, node_type source) const noexcept {
        double const own = of_links[type];
        return own < 0 ? of_sources[source] : own;
    }
    /// Does nothing ever fall?
    [[nodiscard]] constexpr bool still() const noexcept {
        bool sources = false;
        for (double const rate : of_sources) sources |= rate > 0;
        for (double const rate : of_links)
            if (rate > 0 || (rate < 0 && sources)) return false;
        return true;
    }
    [[nodiscard]] constexpr status validate() const noexcept {
        for (double const rate : of_links)
            if (!math::finite(rate)) return fault{faults::bad_fall, rate};
        for (double const rate : of_sources)
            if (!math::finite(rate) || rate < 0) return fault{faults::bad_fall, rate};
        if (every == 0) return fault{faults::bad_pause, every};
        return {};
    }
};

namespace detail {

/// Decay stops here; what was written below stays what it was. Raw steps.
inline constexpr std::int32_t fade_floor = -5 * (1 << log_weight::fraction_bits);

/// What links of one kind have lost: above the floor they read as stored * scale - gone.
struct fade {
    static constexpr std::int32_t most = std::numeric_limits<std::int32_t>::max();
    static constexpr int scale_bits = 31;
    static constexpr std::uint32_t whole = std::uint32_t{1} << scale_bits;
    std::uint32_t scale = whole; // above 1/2: what is stored has room for twice what is read
    std::int32_t gone = 0;       // raw steps, at most 100 units either way

    /// As statistics have it: without the floor, so that they follow all links of a kind at once.
    [[nodiscard]] static constexpr std::int64_t value(
        log_weight stored, std::uint32_t scale, std::int64_t gone) noexcept {
        if (stored.raw() < fade_floor) return stored.raw();
        auto const above = static_cast<std::uint64_t>(std::int64_t{stored.raw()} - fade_floor);
        return fade_floor + static_cast<std::int64_t>(above * scale >> scale_bits) - gone;
    }
    [[nodiscard]] constexpr std::int64_t value(log_weight stored) const noexcept {
        return value(stored, scale, gone);
    }
    [[nodiscard]] constexpr log_weight of(log_weight stored) const noexcept {
        if (stored.raw() < fade_floor) return stored;
        std::int64_t const left = value(stored);
        if (left < fade_floor) return log_weight::from_raw(fade_floor);
        return log_weight::from_raw(left > most ? most : static_cast<std::int32_t>(left));
    }
    /// May two that are stored differently read the same above the floor?
    [[nodiscard]] constexpr bool merges() const noexcept { return scale != whole; }
    /// The lowest that is stored above the floor and reads at least so many raw steps above it before the floor counts.
    /// (Wide: it may be more than can be stored.)
    [[nodiscard]] constexpr std::int64_t lowest(std::int64_t above) const noexcept {
        std::int64_t const lost = above + gone;
        if (lost <= 0) return fade_floor;
        if (!merges()) return fade_floor + lost;
        auto const scaled = static_cast<std::uint64_t>(lost) << scale_bits;
        return fade_floor + static_cast<std::int64_t>((scaled + scale - 1) / scale);
    }
    [[nodiscard]] constexpr bool fits(log_weight lw) const noexcept {
        if (lw.raw() < fade_floor) return true;
        std::int64_t const above = std::int64_t{lw.raw()} - fade_floor;
        return above + gone >= 0 && lowest(above) <= most;
    }
    /// What to store so that it reads as this, to the step: a scale below 1 leaves no gaps. Expects that it fits.
    [[nodiscard]] constexpr log_weight stored(log_weight lw) const noexcept {
        if (lw.raw() < fade_floor) return lw;
        return log_weight::from_raw(
            static_cast<std::int32_t>(lowest(std::int64_t{lw.raw()} - fade_floor)));
    }
    /// What may be stored where this is read, first and last.
    struct range {
        std::int64_t low;
        std::int64_t high;
        [[nodiscard]] constexpr bool holds(log_weight stored) const noexcept {
            return stored.raw() >= low && stored.raw() <= high;
        }
    };
    [[nodiscard]] constexpr range range_of(log_weight lw) const noexcept {
        std::int64_t const raw = lw.raw();
        if (raw < fade_floor) return {raw, raw};
        return {
            raw == fade_floor ? raw : lowest(raw - fade_floor),
            raw == most ? raw : lowest(raw + 1 - fade_floor) - 1};
    }
};

/// What the links of one kind of source have lost, type by type.
struct row_fades {
    fade const* first = nullptr;
    std::uint16_t const* column_of = nullptr;
    [[nodiscard]] constexpr fade of(link_type type) const noexcept {
        return first[column_of[index(type)]];
    }
};

/// The same for a store that never forgot: it pays for none of this.
struct no_fade {
    struct range {
        log_weight only;
        [[nodiscard]] constexpr bool holds(log_weight stored) const noexcept {
            return stored == only;
        }
    };
    [[nodiscard]] constexpr log_weight of(log_weight stored) const noexcept { return stored; }
    [[nodiscard]] constexpr range range_of(log_weight lw) const noexcept { return {lw}; }
};
struct no_fades {
    [[nodiscard]] constexpr no_fade of(link_type) const noexcept { return {}; }
};

/// What every kind of link has lost, and the sums that let statistics follow.
class fading {
public:
    struct leaf {
        cohort of{};
        node_type source = node_type::other;
        double scale = 1;
        std::int64_t gone = 0; // steps of 2^-48
        weight_sums members;   // values of those not below the floor when written
        // While what has gone is worked in:
        std::int64_t highest = fade_floor; // of its links, and of what is about to be written
        std::int64_t room = 0;             // how much higher than read they are stored

        [[nodiscard]] std::int64_t raw_gone() const noexcept {
            return gone >> 24; // downwards
        }
        [[nodiscard]] std::uint32_t raw_scale() const noexcept {
            return static_cast<std::uint32_t>(math::nearest(math::product(scale, 0x1p31)));
        }
        [[nodiscard]] fade now() const noexcept {
            return {raw_scale(), static_cast<std::int32_t>(raw_gone())};
        }
        /// Does it leave the range that stored weights have room for?
        [[nodiscard]] bool too_far() const noexcept {
            constexpr std::int64_t unit = std::int64_t{1} << 48;
            return scale < .5 || gone > 32 * unit || gone < -100 * unit;
        }
        /// By so many units. 256 is more than any weight has: beyond that all are at the floor.
        void fall(double units) noexcept {
            gone += math::nearest(math::product(units < 256 ? units : 256, 0x1p48));
        }
        /// Towards their mean by this share of the way; returns what their squares gain.
        int128 relax(double share) noexcept {
            double const mean = math::product(members.mean(), 0x1p24);
            double const above = math::product(mean - fade_floor, 0x1p24);
            scale -= math::product(scale, share);
            gone -= math::nearest(math::product(static_cast<double>(gone) + above, share));
            double const spread = math::product(
                math::product(members.variance(), 0x1p48), static_cast<double>(members.count));
            auto const gain =
                -static_cast<int128>(math::product(spread, math::product(share, 2 - share)));
            members.adjust(0, gain);
            return gain;
        }
    };

    [[nodiscard]] bool started() const noexcept { return !kinds_.empty(); }
    /// Expects that it has started.
    [[nodiscard]] row_fades const& of(node_id source) const noexcept {
        return kinds_[kind_of_[index(source)]];
    }
    [[nodiscard]] leaf& leaf_of(node_id source, link_type type) noexcept {
        return leaves_[std::size_t{kind_of_[index(source)]} * columns_ + column_of_[index(type)]];
    }
    [[nodiscard]] array<leaf>& leaves() noexcept { return leaves_; }
    [[nodiscard]] fade& fade_of(std::size_t i) noexcept { return fades_[i]; }
    [[nodiscard]] std::size_t bytes() const noexcept {
        return kind_of_.capacity() * 4 + column_of_.capacity() * 2
               + fades_.capacity() * sizeof(fade) + kinds_.capacity() * sizeof(row_fades)
               + leaves_.capacity() * sizeof(leaf);
    }
    /// Nothing has gone yet: one kind per (type, scope) of nodes that there is, one column per type of links.
    template <class = void>
    void start(
        node_type const* types, scope_id const* scopes, std::size_t nodes, link_type const* links,
        std::size_t link_types);

private:
    array<std::uint32_t> kind_of_;   // of each node
    array<std::uint16_t> column_of_; // of each link type
    std::size_t columns_ = 0;
    array<fade> fades_;      // kind by kind, column by column
    array<row_fades> kinds_; // into the two
    array<leaf> leaves_;
};

} // namespace detail
} // namespace runnel
