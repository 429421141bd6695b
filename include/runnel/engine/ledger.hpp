// SPDX-License-Identifier: MIT
// room: engine. The books: where every quantum came from and went.
//
// Why:  energy that vanishes silently is the commonest defect of diffusion code. Here each of the four
//       writers books what it does, and a recount of all nodes must agree.
// Laws: before + injected + arrived = after + sent + decayed + flushed, for each node type and for
//       all; sent = arrived + dissipated over all types. Hence before + injected = after + decayed +
//       dissipated + flushed, with residual exactly 0 in fixed point. (Dissipated energy is part of
//       what was sent and not of what arrived; a type's line must not subtract it a second time.)
// Cost: per frame one line per node type seen.
#pragma once

#include <cstddef>
#include <cstdint>
#include <type_traits>

#include <runnel/core/energy.hpp>
#include <runnel/core/ids.hpp>

namespace runnel {

/// One account, exact: sums of raw amounts (quanta, or doubles).
template <class Amount> struct balance {
    using total = typename energy_traits<Amount>::total;
    total before{};
    total injected{};
    total arrived{};
    total sent{};
    total decayed{};
    total dissipated{};
    total flushed{};
    total after{};

    /// What the books cannot explain.
    [[nodiscard]] constexpr total residual() const noexcept {
        return before + injected + arrived - sent - decayed - flushed - after;
    }
    /// A raw sum in units.
    [[nodiscard]] static constexpr double units(total sum) noexcept {
        return energy_traits<Amount>::units_of_total(sum);
    }
    constexpr balance& operator+=(balance const& other) noexcept {
        before += other.before;
        injected += other.injected;
        arrived += other.arrived;
        sent += other.sent;
        decayed += other.decayed;
        dissipated += other.dissipated;
        flushed += other.flushed;
        after += other.after;
        return *this;
    }
};

namespace detail {

/// What one node type did since the last frame end. 64 unsigned bits suffice: a field never holds 2^63 quanta, so
/// between two frame ends less than that comes in and is sent, and less than twice that goes: what it held before
/// (settled first) and what came in after.
template <class Amount> struct flows {
    using sum = std::conditional_t<energy_traits<Amount>::exact, std::uint64_t, double>;
    sum injected{};
    sum arrived{};
    sum sent{};
    sum decayed{};
    sum flushed{};

    flows& operator+=(flows const& other) noexcept {
        injected += other.injected;
        arrived += other.arrived;
        sent += other.sent;
        decayed += other.decayed;
        flushed += other.flushed;
        return *this;
    }
};

/// What all types together did in a frame.
template <class Amount> struct frame_account {
    using sum = typename flows<Amount>::sum;
    sum before{};
    flows<Amount> during{};
    sum after{};

    /// What the books cannot explain.
    [[nodiscard]] sum residual() const noexcept {
        return before + during.injected + during.arrived - during.sent - during.decayed
               - during.flushed - after;
    }
    [[nodiscard]] static double units(sum of) noexcept {
        if constexpr (energy_traits<Amount>::exact) {
            if (of >> 63 != 0) [[unlikely]]
                return static_cast<double>(of) * energy::quantum;
        }
        return units_of_difference(of);
    }
    [[nodiscard]] static double units_of_difference(sum of) noexcept {
        if constexpr (energy_traits<Amount>::exact)
            return static_cast<double>(static_cast<std::int64_t>(of)) * energy::quantum;
        else
            return of;
    }
};

/// The books of one field.
template <class Amount> class ledger {
public:
    using sum = typename flows<Amount>::sum;

    /// What happened since the last frame end, by type slot.
    flows<Amount> open[type_slots]{};

    void saw(std::size_t slot) noexcept { seen_.add(slot); }
    /// Where a loop books its turns: nodes of one type one after another would wait for each other's sums, so every
    /// other turn has a page of its own. (Doubles must be added in one order.)
    [[nodiscard]] flows<Amount>* page(std::size_t turn) noexcept {
        return energy_traits<Amount>::exact && turn % 2 != 0 ? beside_ : open;
    }
    /// Both pages of a type.
    [[nodiscard]] flows<Amount> now(std::size_t slot) const noexcept {
        flows<Amount> both = open[slot];
        if constexpr (energy_traits<Amount>::exact) both += beside_[slot];
        return both;
    }

    /// What one of several who work booked on a page of its own, which is blank after.
    void take(flows<Amount>* page) noexcept {
        seen_.each([&](std::size_t t) {
            open[t] += page[t];
            page[t] = {};
        });
    }

    /// What the field stores now. (Sums of differences may wrap on the way; what they end in fits.)
    [[nodiscard]] sum stored() const noexcept {
        sum all = stored_all_;
        seen_.each([&](std::size_t t) {
            flows<Amount> const f = now(t);
            all += f.injected - f.decayed - f.flushed;
        });
        return all;
    }
    /// Ends a frame: the open flows become part of the books; returns the frame's account.
    frame_account<Amount> close() noexcept {
        frame_account<Amount> frame;
        frame.before = stored_all_;
        seen_.each([&](std::size_t t) {
            flows<Amount> const f = now(t);
            balance<Amount>& book = books_[t];
            book.injected += f.injected;
            book.arrived += f.arrived;
            book.sent += f.sent;
            book.decayed += f.decayed;
            book.flushed += f.flushed;
            frame.during += f;
            frame.after += stored_[t] += f.injected + f.arrived - f.sent - f.decayed - f.flushed;
            open[t] = {};
            beside_[t] = {};
        });
        stored_all_ = frame.after;
        return frame;
    }
    /// Since the last reset, up to now, open flows included.
    [[nodiscard]] balance<Amount> since_reset(std::size_t t) const noexcept {
        balance<Amount> book = books_[t];
        flows<Amount> const f = now(t);
        book.injected += f.injected;
        book.arrived += f.arrived;
        book.sent += f.sent;
        book.decayed += f.decayed;
        book.flushed += f.flushed;
        book.after = stored_[t] + f.injected + f.arrived - f.sent - f.decayed - f.flushed;
        return book;
    }
    [[nodiscard]] balance<Amount> since_reset() const noexcept {
        balance<Amount> all{};
        seen_.each([&](std::size_t t) { all += since_reset(t); });
        all.dissipated = all.sent - all.arrived;
        return all;
    }
    void clear() noexcept {
        seen_.each([&](std::size_t t) {
            open[t] = beside_[t] = {};
            books_[t] = {};
            stored_[t] = {};
        });
        seen_.clear();
        stored_all_ = {};
    }

private:
    flows<Amount> beside_[type_slots]{}; // of a loop that is under way
    balance<Amount> books_[type_slots]{};
    sum stored_[type_slots]{};
    sum stored_all_{};
    slot_set seen_;
};

} // namespace detail
} // namespace runnel
