// SPDX-License-Identifier: MIT
// room: engine. Sources whose cheapest few links are the first of their rows.
//
// Why:  where cost falls as weight rises, and weights fall along a row that lies in one piece, the few that share are the
//       first entries: nothing is kept, drawn or sorted, and their exponentials are worked out side by side.
// Laws: the same moves, to the bit, as the chooser's. Equals that would be drawn, and whatever else is asked for, are the
//       chooser's.
// Cost: the head, one line of the row, the records of source and targets, and two rounds of exponentials at most.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include <runnel/core/exps.hpp>
#include <runnel/engine/detail/heads.hpp>
#include <runnel/graph/runs.hpp>

namespace runnel::detail {

template <class Engine, class Amount, bool Dense> struct few : heads<Engine, Amount, Dense> {
    using base = heads<Engine, Amount, Dense>;
    using base::by_head;
    using base::house;
    using base::picked;
    using base::selections_heard;
    using typename base::by;
    using typename base::record;
    using typename base::state;
    using typename base::traits;
    static constexpr bool by_few =
        by_head && !picked && !selections_heard && has_whole_rows<typename Engine::rows_type>;
    static constexpr bool by_one = !picked && !selections_heard;
    static constexpr std::uint32_t most = 4; // what shares

    /// What is the same for all sources of a frame.
    struct few_rule {
        config const& settings;
        drive const& how_much;
        fanout::headroom headroom;
        bool few = false;   // the first of a row
        bool one = false;   // the cheapest of a row
        bool reads = false; // links have strengths of their own
        bool draws = false; // among equals
        typename traits::share cap;
        Amount skip;

        few_rule(
            Engine const& e, open_frame const& f, drive const& drives,
            fanout::headroom left) noexcept
            : settings(*f.settings),
              how_much(drives),
              headroom(left),
              reads(e.reads()),
              draws(settings.fanout.ties != fanout::ties::by_id),
              cap(traits::share_of(settings.transfer_cap)),
              skip(traits::floor_of(settings.min_transfer)) {
            config const& c = settings;
            if (f.full || c.by_divergence.enabled || c.stickiness.mode == stickiness::retentive
                || c.fanout.reduction == fanout::reduction::certified || c.fanout.explore > 0)
                return;
            one = by_one && !c.split.enabled;
            if constexpr (by_few)
                few = c.split.enabled && !c.split.all_kept && c.split.k <= most
                      && !weight::compares_targets(e.settings().reader.source)
                      && !e.rows().forgot();
            if (!few && !one) return;
            for (std::uint32_t degree = 0; degree < short_rows; ++degree)
                kept_of_short_[degree] = kept_of(degree);
        }
        /// How many links of a row are looked at.
        [[nodiscard]] std::uint32_t kept(std::uint32_t degree) const noexcept {
            return degree < short_rows ? kept_of_short_[degree] : kept_of(degree);
        }

    private:
        static constexpr std::uint32_t short_rows = 16;
        std::uint32_t kept_of_short_[short_rows]{};
        [[nodiscard]] std::uint32_t kept_of(std::uint32_t degree) const noexcept {
            return settings.fanout.reduction == fanout::reduction::none
                       ? degree
                       : fanout::select_strategy(degree, settings.fanout, headroom).k;
        }
    };

    /// At most what is left of a share; takes it off.
    static fraction take(fraction& left, fraction wanted) noexcept {
        fraction const taken = wanted < left ? wanted : left;
        left = fraction::from_raw(left.raw() - taken.raw());
        return taken;
    }
    static double take(double& left, double wanted) noexcept {
        double const taken = wanted < left ? wanted : left;
        left -= taken;
        return taken;
    }
    [[gnu::noinline]] static void grow(desk<Amount>& d, std::size_t least) {
        std::size_t const size = least < 2 * d.moves.size() ? 2 * d.moves.size() : least;
        d.moves.resize(size);
        if constexpr (picked) d.picks.resize(size);
    }

    /// Asks for what sources further on will read: first their heads, then their rows and records.
    [[gnu::always_inline]] static void ask_ahead(
        Engine const& e, state& s, std::span<node_id const> sources, std::size_t at) noexcept {
        constexpr std::size_t rows_ahead = 12;
        constexpr std::size_t heads_ahead = 2 * rows_ahead;
        if (at + heads_ahead >= sources.size()) return;
        if constexpr (has_whole_rows<typename Engine::rows_type>) {
            e.rows().ask_best(sources[at + heads_ahead]);
            e.rows().ask_row(sources[at + rows_ahead]);
        }
        s.table.template ask<Dense>(sources[at + rows_ahead]);
    }
    /// Stages what a source sends; false if its row is none of those. `odd` is the target of a link whose cost is no number:
    /// a cost is not asked twice whether it means it.
    static bool send_few(
        Engine const& e, state& s, by& hand, node_id source, few_rule const& rule, node_id& odd) {
        whole_row const row = e.rows().whole_row(source);
        if (row.entries == nullptr) return row.degree == 0; // nobody to send to
        std::uint32_t const kept = rule.kept(row.degree);
        switch (rule.settings.split.k < kept ? rule.settings.split.k : kept) {
        case 1: return send<1>(e, s, hand, source, rule, row, kept, odd);
        case 2: return send<2>(e, s, hand, source, rule, row, kept, odd);
        case 3: return send<3>(e, s, hand, source, rule, row, kept, odd);
        default: return send<4>(e, s, hand, source, rule, row, kept, odd);
        }
    }

    static constexpr double never = 1.7976931348623157e308; // what costs more is not taken
    /// Stages what a source wishes to send, never more than the cap together.
    template <std::uint32_t N>
    [[gnu::always_inline]] static void stage(
        state& s, by& hand, node_id source, few_rule const& rule, node_id const (&targets)[N],
        double (&wishes)[N]) {
        config const& c = rule.settings;
        figures& counts = hand.counts;
        double all = 0;
        for (double const wish : wishes) all += wish;
        if (all > c.transfer_cap) {
            ++counts.capped;
            double const scale = c.transfer_cap / all;
            for (double& wish : wishes) wish = N == 1 ? c.transfer_cap : math::product(wish, scale);
        }
        record const& from = s.table.template at<Dense>(source);
        auto cap = rule.cap;
        Amount const held = s.settled(source, from); // one below its threshold may lie still
        Amount left = held;
        std::size_t const first = counts.moves;
        if (first + N > hand.desk.moves.size()) grow(hand.desk, first + N);
        move<Amount>* out = hand.desk.moves.data() + first;
        for (std::uint32_t i = 0; i < N; ++i) {
            Amount amount = part(held, take(cap, traits::share_of(wishes[i])));
            if (left < amount) amount = left;
            bool const goes = amount > rule.skip;
            if (goes) left -= amount;
            node_id const target = targets[i];
            if (goes) house(s, hand, target);
            s.table.template ask<Dense>(target);
            out->source = source;
            out->target = target;
            out->amount = amount;
            out += goes ? 1 : 0;
        }
        counts.moves = static_cast<std::size_t>(out - hand.desk.moves.data());
        counts.skipped += N - (counts.moves - first);
        if (counts.moves > first && (from.flags & active_flag) == 0) ++counts.retried;
    }

private:
    /// To so many: loops of a known length cost no branches.
    template <std::uint32_t N>
    static bool send(
        Engine const& e, state& s, by& hand, node_id source, few_rule const& rule,
        whole_row const& row, std::uint32_t kept, node_id& odd) {
        config const& c = rule.settings;
        bool falls = true;
        if (rule.draws) { // else equals come as they stand
            for (std::uint32_t i = 0; i + 1 < N; ++i)
                falls &= row.entries[i + 1].lw < row.entries[i].lw;
            if (N < row.degree) falls &= row.entries[N].lw < row.entries[N - 1].lw;
            if (!falls) return false;
        }
        double shares[N];
        for (std::uint32_t i = 0; i < N; ++i) {
            row_entry const& link = row.entries[i];
            shares[i] = static_cast<double>(e.cost()(
                {source, link.target, link.lw, row_place{row.first + i}, row.type,
                 s.familiarity_of(link.target)}));
            falls &= shares[i] <= never; // dearer than that is the chooser's to leave out
            if (!(shares[i] >= -never) && odd == no_node) odd = link.target;
        }
        if (!falls || odd != no_node) return false;
        if constexpr (N > 1) split_few(shares, c.split.temperature);
        double wishes[N];
        if (rule.reads)
            strong_few(e, hand, source, row, rule, wishes);
        else
            for (double& wish : wishes) wish = rule.how_much.plain();
        node_id targets[N];
        for (std::uint32_t i = 0; i < N; ++i) {
            if constexpr (N > 1) wishes[i] = math::product(wishes[i], shares[i]);
            targets[i] = row.entries[i].target;
        }
        hand.counts.costs += kept;
        stage<N>(s, hand, source, rule, targets, wishes);
        return true;
    }
    /// `softmax_of_sorted`, of few.
    template <std::size_t N>
    static void split_few(double (&costs)[N], double temperature) noexcept {
        double x[N + N % 2] = {};
        for (std::size_t i = 1; i < N; ++i) x[i] = -((costs[i] - costs[0]) / temperature);
        math::exps(x);
        double sum = 1; // e^0
        for (std::size_t i = 1; i < N; ++i) sum += x[i];
        costs[0] = 1 / sum;
        for (std::size_t i = 1; i < N; ++i) costs[i] = x[i] / sum;
    }
    /// What a source wishes to send along each, by how strong each is among its like.
    template <std::size_t N>
    static void strong_few(
        Engine const& e, by& hand, node_id source, whole_row const& row, few_rule const& rule,
        double (&wishes)[N]) {
        weight::config const& how = e.settings().reader;
        weight::reading reading;
        if (weight::compares_links(how.source))
            reading = hand.desk.readings.of(
                e.rows().cohort_of(source, row.type), e.rows().cohorts(), how);
        else
            reading = weight::reading_of({}, cohort{}, how);
        if (reading.low_confidence) hand.counts.unsure += N;
        double x[N + N % 2] = {};
        for (std::size_t i = 0; i < N; ++i) x[i] = reading.clipped(reading.z(row.entries[i].lw));
        math::exps(x);
        for (std::size_t i = 0; i < N; ++i) wishes[i] = rule.how_much.along(x[i]);
    }
};

} // namespace runnel::detail
