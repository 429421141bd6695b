// SPDX-License-Identifier: MIT
// A diffusion written down naively: whole arrays, 128-bit quanta, every node looked at every frame.
//
// Why:  the engine keeps pages, stamps, frontiers and staged lists; here there is nothing to keep. What
//       both say must be the same bits.
// Laws: one quantum is 2^-40 of a unit, one tick of the clock 2^-32 s. Nothing here comes from the
//       library: e^x and 1 - e^-x are handed in, since their last bit is the library's own.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <utility>
#include <vector>

namespace oracle {

__extension__ typedef __int128 quanta;
__extension__ typedef unsigned __int128 unsigned_quanta;

inline constexpr quanta most_quanta = quanta{8388607} << 40;

/// Nearest integer to a non-negative x, halves upwards.
[[nodiscard]] inline std::int64_t nearest(double x) {
    double const below = std::floor(x);
    return static_cast<std::int64_t>(below) + (x - below >= .5 ? 1 : 0);
}
[[nodiscard]] inline quanta quanta_of(double units) { return nearest(std::ldexp(units, 40)); }
[[nodiscard]] inline double units_of(quanta q) { return std::ldexp(static_cast<double>(q), -40); }
/// Units without rounding, to be held against a setting: 64 bits of mantissa hold any 63-bit sum.
[[nodiscard]] inline long double compares(quanta q) {
    static_assert(std::numeric_limits<long double>::digits >= 63);
    return std::ldexp(static_cast<long double>(q), -40);
}
[[nodiscard]] inline std::int64_t ticks_of(double seconds) {
    return std::max<std::int64_t>(1, nearest(std::ldexp(seconds, 32)));
}
/// floor(2^64 * a) for a in [0, 1]; 1 itself does not fit and becomes the largest fraction.
[[nodiscard]] inline std::uint64_t fraction_of(double a) {
    return a >= 1 ? ~std::uint64_t{0} : static_cast<std::uint64_t>(std::ldexp(a, 64));
}
/// floor(e * f / 2^64), by halves of the fraction.
[[nodiscard]] inline quanta part(quanta e, std::uint64_t f) {
    auto const whole = static_cast<unsigned_quanta>(e);
    unsigned_quanta const high = whole * (f >> 32);
    unsigned_quanta const low = whole * (f & 0xFFFF'FFFFU);
    return static_cast<quanta>((high + (low >> 32)) >> 32);
}

struct link {
    std::size_t from = 0;
    std::size_t to = 0;
    std::int32_t lw = 0; ///< in 2^-24
    unsigned type = 0;
};

struct rules {
    double alpha = .02;
    bool exponential = false;
    double cap = .2;
    double min_transfer = 1e-9;
    double flush_below = 1e-6;
    bool decay_everyone =
        false;                ///< every node with energy each frame, not only sources and receivers
    bool decay_by_dt = false; ///< the clock runs by dt, not by elapsed
    std::vector<double> threshold;                        ///< per node
    std::vector<double> rate;                             ///< per node and second; 0 takes nothing
    std::function<double(double)> exp;                    ///< e^x
    std::function<double(double)> one_minus_exp_of_minus; ///< 1 - e^-x
    /// Empty: the heaviest link is the cheapest. Plus infinity: never along this link.
    std::function<double(link const&)> cost;
};

/// What happened to one node's energy since the reset.
struct account {
    quanta injected = 0;
    quanta arrived = 0;
    quanta sent = 0;
    quanta decayed = 0;
    quanta flushed = 0;
    account& operator+=(account const& o) {
        injected += o.injected, arrived += o.arrived, sent += o.sent;
        decayed += o.decayed, flushed += o.flushed;
        return *this;
    }
    [[nodiscard]] quanta left() const { return injected + arrived - sent - decayed - flushed; }
};

/// One transfer, with both ends' energies before the frame and after its moves.
struct stride {
    link along;
    quanta amount = 0;
    quanta source_before = 0;
    quanta target_before = 0;
    quanta target_after = 0;
};

struct frame_account {
    account sums; ///< since the last frame's end, injections and settling between included
    quanta before = 0;
    std::vector<stride> strides; ///< by source
    std::uint64_t skipped = 0;
    std::uint64_t capped = 0;
    std::uint64_t touched = 0;
    std::uint64_t links_of_sources = 0;
    std::vector<std::size_t> switched_on;
    std::vector<std::size_t> switched_off;
};

class dense_field {
public:
    dense_field(rules by, std::vector<link> links, std::size_t nodes)
        : by_(std::move(by)),
          links_(std::move(links)),
          energy_(nodes),
          received_(nodes),
          stamp_(nodes),
          books_(nodes) {}

    /// All or none.
    bool inject(std::vector<std::pair<std::size_t, double>> const& many) {
        quanta sum = stored();
        for (auto const& [node, units] : many) {
            if (node >= energy_.size() || !std::isfinite(units) || units < 0) return false;
            if (units > 8388607 || (sum += quanta_of(units)) > most_quanta) return false;
        }
        for (auto const& [node, units] : many) {
            settle(node);
            energy_[node] += quanta_of(units);
            books_[node].injected += quanta_of(units);
            if (quanta_of(units) == 0) ++rounded_to_zero_;
        }
        return true;
    }

    frame_account frame(double dt, double elapsed) {
        std::size_t const nodes = energy_.size();
        std::vector<bool> source(nodes);
        std::vector<bool> receives(nodes);
        std::vector<quanta> start(nodes);
        for (std::size_t n = 0; n < nodes; ++n) source[n] = active(n), start[n] = energy(n);
        frame_account told;
        for (std::size_t n = 0; n < nodes; ++n)
            if (source[n]) send(n, dt, told);
        for (stride& s : told.strides) {
            settle(s.along.to);
            energy_[s.along.from] -= s.amount;
            energy_[s.along.to] += s.amount;
            received_[s.along.to] += s.amount;
            books_[s.along.from].sent += s.amount;
            books_[s.along.to].arrived += s.amount;
            receives[s.along.to] = true;
        }
        for (stride& s : told.strides) {
            s.source_before = start[s.along.from];
            s.target_before = start[s.along.to];
            s.target_after = energy_[s.along.to];
        }
        clock_ += ticks_of(by_.decay_by_dt ? dt : elapsed);
        for (std::size_t n = 0; n < nodes; ++n)
            if (source[n] || receives[n] || by_.decay_everyone) settle(n);
        for (std::size_t n = 0; n < nodes; ++n) {
            if (receives[n]) ++told.touched;
            if (active(n) && !source[n]) told.switched_on.push_back(n);
            if (!active(n) && source[n]) told.switched_off.push_back(n);
        }
        ++frame_;
        told.before = closed_.left();
        told.sums = since(closed_);
        closed_ = books();
        return told;
    }

    void settle() {
        for (std::size_t n = 0; n < energy_.size(); ++n) settle(n);
    }
    /// From now on with these weights.
    void reweigh(std::vector<link> links) { links_ = std::move(links); }
    void begin_query() { std::fill(received_.begin(), received_.end(), quanta{0}); }
    void reset() { *this = dense_field(by_, links_, energy_.size()); }

    /// Energy with what decay has yet to take taken off.
    [[nodiscard]] quanta energy(std::size_t n) const { return pending(n).left; }
    [[nodiscard]] quanta stored(std::size_t n) const { return energy_[n]; }
    [[nodiscard]] quanta stored() const {
        quanta all = 0;
        for (quanta e : energy_) all += e;
        return all;
    }
    [[nodiscard]] quanta received(std::size_t n) const { return received_[n]; }
    [[nodiscard]] bool active(std::size_t n) const {
        return energy_[n] > 0 && compares(energy_[n]) >= by_.threshold[n];
    }
    [[nodiscard]] account const& books(std::size_t n) const { return books_[n]; }
    [[nodiscard]] account books() const {
        account all;
        for (account const& a : books_) all += a;
        return all;
    }
    [[nodiscard]] std::uint64_t frames() const { return frame_; }
    [[nodiscard]] std::int64_t clock() const { return clock_; }
    [[nodiscard]] std::uint64_t rounded_to_zero() const { return rounded_to_zero_; }
    [[nodiscard]] std::size_t size() const { return energy_.size(); }

private:
    struct decayed {
        quanta left;
        quanta gone;
        quanta flushed;
    };
    /// One floor over all the time since the node was last looked at.
    [[nodiscard]] decayed pending(std::size_t n) const {
        quanta const before = energy_[n];
        std::int64_t const span = clock_ - stamp_[n];
        if (span == 0) return {before, 0, 0};
        quanta left = before;
        if (by_.rate[n] != 0) {
            double const x = by_.rate[n] * std::ldexp(static_cast<double>(span), -32);
            left = part(before, fraction_of(by_.exp(-x)));
        }
        bool const flushes = compares(left) < by_.flush_below;
        return {flushes ? 0 : left, before - left, flushes ? left : 0};
    }
    void settle(std::size_t n) {
        decayed const d = pending(n);
        energy_[n] = d.left;
        books_[n].decayed += d.gone;
        books_[n].flushed += d.flushed;
        stamp_[n] = clock_;
    }
    /// Decides on the frame-start energies; nothing moves yet.
    void send(std::size_t n, double dt, frame_account& told) const {
        link const* const best = cheapest(n);
        if (best == nullptr) return;
        for (link const& l : links_)
            if (l.from == n && l.to != n) ++told.links_of_sources;
        double const x = by_.alpha * dt;
        double const step = by_.exponential ? by_.one_minus_exp_of_minus(x) : x;
        if (step > by_.cap) ++told.capped;
        quanta const amount = part(energy_[n], fraction_of(std::min(step, by_.cap)));
        if (compares(amount) <= by_.min_transfer)
            ++told.skipped;
        else
            told.strides.push_back({*best, amount});
    }
    /// Among equals the first by (link type, weight falling, target).
    [[nodiscard]] link const* cheapest(std::size_t n) const {
        link const* best = nullptr;
        for (link const& l : links_) {
            if (l.from != n || l.to == n || cost(l) == std::numeric_limits<double>::infinity())
                continue;
            if (best == nullptr || cost(l) < cost(*best)
                || (cost(l) == cost(*best) && before(l, *best)))
                best = &l;
        }
        return best;
    }
    [[nodiscard]] double cost(link const& l) const {
        return by_.cost ? by_.cost(l) : -static_cast<double>(l.lw);
    }
    static bool before(link const& a, link const& b) {
        if (a.lw != b.lw) return a.lw > b.lw; // a row is looked at from its heaviest link on
        if (a.type != b.type) return a.type < b.type;
        return a.to < b.to;
    }
    [[nodiscard]] account since(account const& start) const {
        account now = books();
        now.injected -= start.injected, now.arrived -= start.arrived, now.sent -= start.sent;
        now.decayed -= start.decayed, now.flushed -= start.flushed;
        return now;
    }

    rules by_;
    std::vector<link> links_;
    std::vector<quanta> energy_;
    std::vector<quanta> received_;
    std::vector<std::int64_t> stamp_;
    std::vector<account> books_;
    account closed_; // the books at the last frame's end
    std::int64_t clock_ = 0;
    std::uint64_t frame_ = 0;
    std::uint64_t rounded_to_zero_ = 0;
};

} // namespace oracle
