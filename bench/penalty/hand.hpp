// SPDX-License-Identifier: MIT
// The loop one would write without the library: K = 1, best link by row head, nothing pluggable.
//
// Why:  the engine promises that its policies and phases cost nothing. This is what "nothing" is measured
//       against, so it does everything the engine does and does it well: 64-bit fixed-point energies,
//       staged moves, commit, decay with flush, 96-bit received, stamps and the settling of quiet nodes,
//       a frontier kept up to date, own and per-type thresholds, books per node type that close with
//       residual 0, a walk over what was touched, a report per frame.
// Laws: bit-equal to the engine on every input (bench_penalty checks it after every comparison). From the
//       library it takes exp and the keyed random draw, whose bits are part of the result, and no more.
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include <runnel/core/math.hpp>
#include <runnel/core/rng.hpp>

namespace hand {

using quanta = std::int64_t;
inline constexpr std::uint32_t nobody = 0xFFFF'FFFFU;
inline constexpr std::size_t type_slots = 76;

struct head {
    std::uint32_t row = 0;
    std::uint32_t degree = 0;
    std::uint32_t best = nobody;
    std::int32_t lw = 0;
};
inline constexpr std::uint32_t tie_bit = 0x8000'0000U; // of degree
struct entry {
    std::uint32_t target;
    std::int32_t lw;
};
struct graph {
    std::vector<head> heads;
    std::vector<entry> rows;
    std::vector<std::uint16_t> types;
    std::vector<quanta> thresholds; // of single nodes; empty: none has its own
};

struct settings {
    double alpha = 0;
    double transfer_cap = 0;
    quanta skip = 0;
    quanta flush_below = 0;
    quanta threshold[type_slots]{};
    double decay_rate[type_slots]{};
    std::uint64_t seed = 0;
};

enum flag : std::uint16_t { known = 1, active = 2, touched = 4, own_threshold = 8 };

struct alignas(32) record {
    quanta held = 0;
    std::uint64_t received_low = 0;
    std::int64_t stamp = 0; // 2^-32 s
    std::uint32_t received_high = 0;
    std::uint16_t type = 0;
    std::uint16_t flags = 0;
};
static_assert(sizeof(record) == 32);

struct flows {
    quanta injected = 0;
    quanta arrived = 0;
    quanta sent = 0;
    quanta decayed = 0;
    quanta flushed = 0;
};
struct book {
    runnel::int128 injected = 0;
    runnel::int128 arrived = 0;
    runnel::int128 sent = 0;
    runnel::int128 decayed = 0;
    runnel::int128 flushed = 0;
};

struct report {
    std::uint64_t frame = 0;
    double time = 0;
    double before = 0;
    double injected = 0;
    double transferred = 0;
    double decayed = 0;
    double flushed = 0;
    double after = 0;
    double residual = 0;
    std::uint64_t active = 0;
    std::uint64_t touched = 0;
    std::uint64_t strides = 0;
    std::uint64_t skipped = 0;
    std::uint64_t capped = 0;
    std::uint64_t switched_on = 0;
    std::uint64_t switched_off = 0;
};

/// The share of an energy that decay leaves, over 2^64; 0 stands for all of it.
inline std::uint64_t kept_share(double rate, double seconds) {
    if (rate == 0) return 0;
    double const kept = runnel::math::exp(-runnel::math::product(rate, seconds));
    if (kept >= 1) return ~std::uint64_t{0};
    auto const share = static_cast<std::uint64_t>(kept * 0x1p64);
    return share == 0 ? 1 : share;
}
inline quanta part(quanta whole, std::uint64_t share) {
    return static_cast<quanta>((runnel::uint128{static_cast<std::uint64_t>(whole)} * share) >> 64);
}

class diffusion {
public:
    diffusion(graph const& g, settings const& c)
        : graph_(&g),
          settings_(c),
          records_(g.heads.size()),
          seen_blocks_(g.heads.size() / 64 + 1) {
        blocks_.reserve(seen_blocks_.size());
    }

    void inject(std::uint32_t node, quanta amount) {
        if (active_.size() < active_count_ + 1) active_.resize(2 * active_count_ + 16);
        record& r = touch(node);
        r.held += amount;
        open_[0][r.type].injected += amount;
        if ((r.flags & active) == 0 && r.held >= threshold(r, node)) {
            r.flags |= active;
            active_[active_count_++] = node;
        }
    }

    report frame(double dt) {
        auto const span = static_cast<std::int64_t>(dt * 0x1p32 + .5);
        report done;
        stage(dt, done);
        commit(done);
        decay(span, done);
        close(done);
        return done;
    }

    [[nodiscard]] std::vector<record> const& records() const { return records_; }
    [[nodiscard]] std::vector<std::uint32_t> frontier() const {
        return {active_.begin(), active_.begin() + static_cast<std::ptrdiff_t>(active_count_)};
    }
    [[nodiscard]] book const& books(std::size_t type) const { return books_[type]; }
    [[nodiscard]] quanta stored(std::size_t type) const { return stored_[type]; }

private:
    static constexpr std::size_t ahead = 24; // sources whose lines are on their way

    struct move {
        std::uint32_t source;
        std::uint32_t target;
        quanta amount;
    };

    record& touch(std::uint32_t node) {
        record& r = records_[node];
        if ((r.flags & known) == 0) [[unlikely]]
            meet(node, r);
        else if (r.stamp != clock_) [[unlikely]]
            settle(r);
        return r;
    }
    [[gnu::noinline]] void meet(std::uint32_t node, record& r) {
        r.type = graph_->types[node];
        r.flags = known;
        if (!graph_->thresholds.empty() && graph_->thresholds[node] >= 0) r.flags |= own_threshold;
        r.stamp = clock_;
        if (seen_blocks_[node / 64] == 0) blocks_.push_back(node / 64);
        seen_blocks_[node / 64] |= std::uint64_t{1} << (node % 64);
        seen_types_[r.type / 64] |= std::uint64_t{1} << (r.type % 64);
    }
    [[gnu::noinline]] void settle(record& r) {
        double const idle = static_cast<double>(clock_ - r.stamp) * 0x1p-32;
        lose(r, kept_share(settings_.decay_rate[r.type], idle), open_[0][r.type]);
        r.stamp = clock_;
    }
    void lose(record& r, std::uint64_t share, flows& page) {
        quanta kept = share == 0 ? r.held : part(r.held, share);
        page.decayed += r.held - kept;
        if (kept < settings_.flush_below) {
            page.flushed += kept;
            kept = 0;
        }
        r.held = kept;
    }
    [[nodiscard]] quanta threshold(record const& r, std::uint32_t node) const {
        if ((r.flags & own_threshold) != 0) [[unlikely]]
            return graph_->thresholds[node];
        return settings_.threshold[r.type];
    }
    /// One of the links that weigh as much as the best, drawn for this frame; rows hold one link type.
    /// Kept out of the loop, whose registers it would take.
    [[nodiscard, gnu::noinline]] std::uint32_t draw_tied(
        std::uint32_t source, head const& h) const {
        std::uint32_t const degree = h.degree & ~tie_bit;
        entry const* const row = &graph_->rows[h.row];
        std::uint32_t low = 0;
        std::uint32_t high = 1;
        while (high < degree && row[high].lw == h.lw) {
            low = high;
            high = high < degree / 2 ? high * 2 : degree;
        }
        while (high - low > 1) {
            std::uint32_t const middle = low + (high - low) / 2;
            (row[middle].lw == h.lw ? low : high) = middle;
        }
        runnel::counter_rng const draws{
            {.seed = settings_.seed, .frame = frame_ + 1, .node = source}};
        return row[draws.bounded(high, 0)].target;
    }

    void stage(double dt, report& done) {
        double const wish = runnel::math::product(settings_.alpha, dt);
        bool const capped = wish > settings_.transfer_cap;
        double const taken = capped ? settings_.transfer_cap : wish;
        std::uint64_t const share =
            taken >= 1 ? ~std::uint64_t{0} : static_cast<std::uint64_t>(taken * 0x1p64);
        if (moves_.size() < active_count_) moves_.resize(active_count_);
        move* out = moves_.data();
        std::size_t const far = active_count_ > 1024 ? active_count_ - ahead : 0;
        for (std::size_t i = 0; i < active_count_; ++i) {
            if (i < far) {
                __builtin_prefetch(&records_[active_[i + ahead]], 1);
                __builtin_prefetch(&graph_->heads[active_[i + ahead]]);
            }
            std::uint32_t const source = active_[i];
            head const& h = graph_->heads[source];
            std::uint32_t target = h.best;
            if (target == nobody) continue;
            if ((h.degree & tie_bit) != 0) target = draw_tied(source, h);
            quanta const amount = part(records_[source].held, share);
            if (amount <= settings_.skip) {
                ++done.skipped;
                continue;
            }
            __builtin_prefetch(&records_[target], 1);
            *out++ = {source, target, amount};
        }
        done.strides = static_cast<std::uint64_t>(out - moves_.data());
        if (capped) done.capped = done.strides + done.skipped;
        if (received_.size() < done.strides) received_.resize(done.strides);
        if (active_.size() < active_count_ + done.strides)
            active_.resize(active_count_ + done.strides);
    }

    void commit(report& done) {
        move const* const end = moves_.data() + done.strides;
        flows* page = open_[0];
        flows* other = open_[1];
        std::uint32_t* received = received_.data();
        for (move const* m = moves_.data(); m != end; ++m) {
            quanta const amount = m->amount;
            record& source = records_[m->source];
            record& target = touch(m->target);
            std::uint16_t const flags = target.flags;
            target.flags = static_cast<std::uint16_t>(flags | touched);
            done.touched += (flags & touched) != 0 ? 0U : 1U;
            *received = m->target;
            received += (flags & (active | touched)) != 0 ? 0 : 1;
            source.held -= amount;
            target.held += amount;
            auto const quanta_in = static_cast<std::uint64_t>(amount);
            target.received_low += quanta_in;
            target.received_high += target.received_low < quanta_in ? 1U : 0U;
            page[source.type].sent += amount;
            page[target.type].arrived += amount;
            std::swap(page, other);
        }
        received_count_ = static_cast<std::size_t>(received - received_.data());
    }

    void decay(std::int64_t span, report& done) {
        if (span != kept_span_) {
            for (std::size_t t = 0; t < type_slots; ++t)
                kept_[t] = kept_share(settings_.decay_rate[t], static_cast<double>(span) * 0x1p-32);
            kept_span_ = span;
            keeps_all_ = settings_.flush_below == 0;
            for (std::uint64_t const share : kept_) keeps_all_ &= share == 0;
        }
        clock_ += span;
        std::uint32_t* const first = active_.data();
        auto const all = [&](std::uint32_t const* from, std::size_t n, std::uint32_t* to) {
            return keeps_all_ ? decay_all<false>(from, from + n, to)
                              : decay_all<true>(from, from + n, to);
        };
        std::uint32_t* const stay = all(first, active_count_, first);
        std::uint32_t* const last = all(received_.data(), received_count_, stay);
        done.switched_off = active_count_ - static_cast<std::size_t>(stay - first);
        done.switched_on = static_cast<std::size_t>(last - stay);
        active_count_ = static_cast<std::size_t>(last - first);
    }
    /// Writes the nodes that are active now to `to`, which may be the list itself.
    template <bool Takes>
    std::uint32_t* decay_all(
        std::uint32_t const* node, std::uint32_t const* end, std::uint32_t* to) {
        flows* page = open_[0];
        flows* other = open_[1];
        for (; node != end; ++node) {
            record& r = records_[*node];
            if constexpr (Takes) lose(r, kept_[r.type], page[r.type]);
            std::swap(page, other);
            r.stamp = clock_;
            bool const on = r.held >= threshold(r, *node);
            r.flags =
                static_cast<std::uint16_t>((r.flags & ~(active | touched)) | (on ? active : 0));
            *to = *node;
            to += on ? 1 : 0;
        }
        return to;
    }

    void close(report& done) {
        flows sum;
        quanta after = 0;
        for (std::size_t word = 0; word < 2; ++word)
            for (std::uint64_t left = seen_types_[word]; left != 0; left &= left - 1) {
                std::size_t const t = word * 64 + static_cast<std::size_t>(__builtin_ctzll(left));
                flows& f = open_[0][t];
                flows& beside = open_[1][t];
                f.arrived += beside.arrived;
                f.sent += beside.sent;
                f.decayed += beside.decayed;
                f.flushed += beside.flushed;
                beside = {};
                book& b = books_[t];
                b.injected += f.injected;
                b.arrived += f.arrived;
                b.sent += f.sent;
                b.decayed += f.decayed;
                b.flushed += f.flushed;
                stored_[t] += f.injected + f.arrived - f.sent - f.decayed - f.flushed;
                sum.injected += f.injected;
                sum.arrived += f.arrived;
                sum.sent += f.sent;
                sum.decayed += f.decayed;
                sum.flushed += f.flushed;
                after += stored_[t];
                f = {};
            }
        done.frame = frame_++;
        done.time = static_cast<double>(clock_ - kept_span_) * 0x1p-32;
        done.before = units(stored_all_);
        done.injected = units(sum.injected);
        done.transferred = units(sum.sent);
        done.decayed = units(sum.decayed);
        done.flushed = units(sum.flushed);
        done.after = units(after);
        done.residual = units(
            stored_all_ + sum.injected + sum.arrived - sum.sent - sum.decayed - sum.flushed
            - after);
        done.active = active_count_;
        stored_all_ = after;
    }
    static double units(quanta sum) { return static_cast<double>(sum) * 0x1p-40; }

    graph const* graph_;
    settings settings_;
    std::vector<record> records_;
    std::vector<std::uint32_t> active_;
    std::size_t active_count_ = 0;
    std::vector<std::uint32_t> received_;
    std::size_t received_count_ = 0;
    std::vector<move> moves_;
    flows open_[2][type_slots]{}; // by turns, so that no sum waits for the one before
    book books_[type_slots]{};
    quanta stored_[type_slots]{};
    quanta stored_all_ = 0;
    std::uint64_t kept_[type_slots]{};
    std::int64_t kept_span_ = 0;
    bool keeps_all_ = false;
    std::int64_t clock_ = 0;
    std::uint64_t frame_ = 0;
    std::uint64_t seen_types_[2]{};
    std::vector<std::uint64_t> seen_blocks_; // a bit per touched node, for walks and resets
    std::vector<std::uint32_t> blocks_;
};

} // namespace hand
