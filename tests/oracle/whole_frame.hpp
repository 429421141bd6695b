// SPDX-License-Identifier: MIT
// A whole frame written down naively, every mechanism in it: arrays of everything, looked through every time.
//
// Why:  mechanisms that are right one by one may still be wrong together. Here a frame is one list of steps in the
//       order the rules are told, with nothing kept that could be worked out.
// Laws: energies are 128-bit quanta, log-weights 2^-24; both move by whole steps. What they move by comes from real
//       figures, so each energy carries how many quanta it may be off; a decision that hangs on less is open, and
//       a case with an open decision says nothing. Nothing here comes from the library.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <map>
#include <utility>
#include <vector>

#include "oracle/choice.hpp"
#include "oracle/whole_figures.hpp"
#include "oracle/whole_learning.hpp"

namespace oracle {

enum class sticky { no, dissipative, retentive };
enum class look { heaviest, cheapest, all }; ///< how the kept links are found

struct whole_node {
    unsigned type = 0;
    unsigned scope = 0;
    bool is_goal = false;
    bool is_consolidated = false;
    real groups = 1;
    real threshold = 0;
    real decay_rate = 0;
    real stickiness = 0; ///< of its type
    real resistance = 1; ///< of its type
    real most_resistance = 1.5L;
    real most_protection = .5L;
    real divergence = 0;
    std::int32_t mass = 0;
    vec embedding;
    vec affect;
};

struct whole_rules {
    choice_rules choice;
    look reduction = look::heaviest;
    bool temperature_by_divergence = false;
    real coldest = .1L;
    real hottest = 1;
    real steepness = 10;
    real middle = .05L;
    reader_rules reader;
    cost_rules cost;
    learning_rules learning;
    double min_transfer = 1e-9;
    double flush_below = 1e-6;
    real hysteresis = 0;
    std::size_t retry_budget = 0;
    std::size_t retry_below = 1;
    real visit_rate = .1L;
    sticky stickiness = sticky::no;
    real sticky_if_consolidated = .2L;
    real sticky_by_degree = .1L;
    bool decay_everyone = false;
    bool decay_by_dt = false;
    bool consolidates = false;
    real protection_of_held = .3L;
    real protection_by_affect = .4L;
    real protection_by_goal = .5L;
    std::size_t most_protected = 50;
    bool resists = false;
    real resistance_by_degree = .1L;
    real resistance_by_groups = .15L;
    real safe_alpha_factor = .3L;
    double safe_dt_cap = 1;
};

struct told_frame {
    std::vector<flow> heard; ///< by source and rank; only where somebody listens
    std::size_t strides = 0;
    std::size_t skipped = 0;
    std::size_t touched = 0;
    std::size_t retried = 0;
    std::size_t switched_on = 0;
    std::size_t switched_off = 0;
    std::size_t learned = 0;
};

class whole_field {
public:
    /// Links by (source, number): what is learned is told in this order.
    whole_field(whole_rules by, std::vector<whole_node> nodes, std::vector<link> links)
        : by_(std::move(by)),
          nodes_(std::move(nodes)),
          links_(std::move(links)),
          states_(nodes_.size()) {}

    void inject(std::size_t n, double units) {
        settle(n, 0);
        states_[n].energy += quanta_of(units);
        states_[n].books.injected += quanta_of(units);
        look_at(n);
    }
    void hold(std::vector<std::size_t> nodes) { held_ = std::move(nodes); }
    void safe_mode(bool on) { safe_ = on; }
    /// Somebody wants to hear of strides: then they are ranked, whether or not anything is learned.
    void listen() { heard_ = true; }
    void begin_query() {
        for (state& s : states_) s.received = 0, s.received_error = 0, s.visits = 0;
    }
    void settle() {
        for (std::size_t n = 0; n < size(); ++n) settle(n, 0);
    }

    told_frame frame(double asked_dt, double elapsed, double headroom) {
        told_frame told;
        double const dt = safe_ ? std::min(asked_dt, by_.safe_dt_cap) : asked_dt;
        begin_readers();
        auto const start = snapshot();
        auto sources = active_nodes();
        auto const retrying = retries(start, sources.size());
        sources.insert(sources.end(), retrying.begin(), retrying.end());
        std::sort(sources.begin(), sources.end());
        std::vector<flow> moves;
        for (std::size_t n : sources) send(n, start[n], dt, headroom, moves, told);
        for (std::size_t n : retrying) // who was asked and had nothing to send has not retried
            for (flow const& f : moves)
                if (f.along.from == n) {
                    ++told.retried;
                    break;
                }
        for (std::size_t n : retrying) settle(n, 0);
        commit(moves);
        std::vector<bool> decays(size());
        std::vector<bool> received(size());
        for (flow const& f : moves) received[f.along.to] = true;
        for (std::size_t n = 0; n < size(); ++n) {
            if (start[n].active) decays[n] = true;
            if (received[n]) decays[n] = true, ++told.touched;
            if (by_.decay_everyone) decays[n] = true;
            states_[n].visits =
                (1 - by_.visit_rate) * states_[n].visits + (received[n] ? by_.visit_rate : 0);
        }
        auto const changes = learn(moves, start, told);
        clock_ += ticks_of(by_.decay_by_dt ? dt : elapsed);
        auto const protection = protections(start, decays);
        for (std::size_t n : retrying) decays[n] = true; // unprotected, as all that is quiet
        for (std::size_t n = 0; n < size(); ++n)
            if (decays[n]) settle(n, protection[n]);
        for (std::size_t n = 0; n < size(); ++n) {
            bool const before = states_[n].active;
            look_at(n);
            if (states_[n].active && !before) ++told.switched_on;
            if (!states_[n].active && before) ++told.switched_off;
        }
        told.strides = moves.size();
        told.learned = changes.size();
        for (auto const& [which, lw] : changes) links_[which].lw = lw;
        ++frame_;
        return told;
    }

    [[nodiscard]] std::size_t size() const { return nodes_.size(); }
    /// Energy with what decay has yet to take taken off.
    [[nodiscard]] quanta energy(std::size_t n) const { return pending(n, 0).left; }
    [[nodiscard]] real energy_error(std::size_t n) const { return states_[n].error + 2; }
    [[nodiscard]] quanta received(std::size_t n) const { return states_[n].received; }
    [[nodiscard]] real received_error(std::size_t n) const { return states_[n].received_error; }
    [[nodiscard]] bool active(std::size_t n) const { return states_[n].active; }
    [[nodiscard]] account const& books(std::size_t n) const { return states_[n].books; }
    [[nodiscard]] quanta dissipated() const { return dissipated_; }
    [[nodiscard]] real books_error() const { return books_error_; }
    [[nodiscard]] std::vector<link> const& links() const { return links_; }
    /// Did a decision hang on less than the figures are known to; then nothing after it counts.
    [[nodiscard]] bool open() const { return decided_.open(); }
    [[nodiscard]] real familiarity(std::size_t n) const { return 1 - std::exp(-states_[n].visits); }

private:
    static constexpr real relative = 4e-14L; ///< error of a product of real figures

    struct state {
        quanta energy = 0;
        quanta received = 0;
        real error = 0; ///< of the energy, in quanta
        real received_error = 0;
        real visits = 0;
        std::int64_t stamp = 0;
        bool active = false;
        account books;
    };
    struct snap {
        quanta energy = 0;
        bool active = false;
    };
    struct decayed {
        quanta left = 0;
        quanta gone = 0;
        quanta flushed = 0;
    };

    static quanta share_of(quanta e, real share) {
        if (share >= 1) return e;
        return part(e, static_cast<std::uint64_t>(std::ldexp(share, 64)));
    }

    // Decay.

    [[nodiscard]] std::size_t degree(std::size_t n) const {
        std::size_t all = 0;
        for (link const& l : links_) all += l.from == n && l.to != n ? 1U : 0U;
        return all;
    }
    [[nodiscard]] real rate(std::size_t n) const {
        whole_node const& node = nodes_[n];
        if (!by_.resists) return node.decay_rate;
        real const connected =
            1 + by_.resistance_by_degree * std::tanh(static_cast<real>(degree(n)) / 20);
        real const grouped = 1 + by_.resistance_by_groups * clipped((node.groups - 1) / 5, 0, 1);
        return node.decay_rate
               / std::min(node.most_resistance, connected * grouped * node.resistance);
    }
    [[nodiscard]] decayed pending(std::size_t n, real protection) const {
        state const& s = states_[n];
        real const span = std::ldexp(static_cast<real>(clock_ - s.stamp), -32);
        if (span == 0) return {s.energy, 0, 0};
        real const x = rate(n) * (1 - protection) * span;
        quanta const left = x == 0 ? s.energy : share_of(s.energy, std::exp(-x));
        bool const flushes = compares(left) < by_.flush_below;
        return {flushes ? 0 : left, s.energy - left, flushes ? left : 0};
    }
    void settle(std::size_t n, real protection) {
        state& s = states_[n];
        decayed const d = pending(n, protection);
        if (s.stamp != clock_) {
            real const wrong = d.gone == 0 ? 0 : static_cast<real>(s.energy) * relative + 1;
            decided_.below(
                static_cast<real>(d.left + d.flushed), quanta_real(by_.flush_below),
                s.error + wrong);
            s.error += wrong;
            if (d.left == 0 && d.flushed > 0) books_error_ += s.error, s.error = 0;
            books_error_ += wrong;
        }
        s.energy = d.left;
        s.books.decayed += d.gone;
        s.books.flushed += d.flushed;
        s.stamp = clock_;
    }
    static real quanta_real(double units) { return std::ldexp(static_cast<real>(units), 40); }

    [[nodiscard]] std::vector<real> protections(
        std::vector<snap> const& start, std::vector<bool> const& decays) {
        std::vector<real> all(size());
        if (!by_.consolidates) return all;
        std::vector<std::pair<real, std::size_t>> order;
        for (std::size_t n = 0; n < size(); ++n) {
            if (!decays[n] || states_[n].energy == 0) continue;
            real p = 0;
            if (std::count(held_.begin(), held_.end(), n) != 0) p += by_.protection_of_held;
            p += clipped(
                by_.protection_by_affect * (length(nodes_[n].affect) - .7L) / .3L, 0,
                by_.protection_by_affect);
            bool aimed = false;
            for (link const& l : links_)
                aimed =
                    aimed
                    || (l.to == n && l.from != n && nodes_[l.from].is_goal && start[l.from].active);
            if (aimed) p += by_.protection_by_goal;
            p = std::min(p, nodes_[n].most_protection);
            if (p > 0) order.emplace_back(-p, n);
        }
        std::sort(order.begin(), order.end());
        for (std::size_t i = 0; i + 1 < order.size(); ++i)
            if (order[i].first != order[i + 1].first)
                decided_.below(order[i].first, order[i + 1].first, 1e-12L);
        if (order.size() > by_.most_protected) order.resize(by_.most_protected);
        for (auto const& [p, n] : order) all[n] = -p;
        return all;
    }

    // The frontier.

    [[nodiscard]] real release(std::size_t n) const {
        return nodes_[n].threshold * (1 - by_.hysteresis);
    }
    /// Would it be active with what it holds.
    [[nodiscard]] bool is_active(std::size_t n) {
        state const& s = states_[n];
        real const from = s.active ? release(n) : nodes_[n].threshold;
        real const least = std::max<real>(from * 0x1p40L, 1);
        return !decided_.below(static_cast<real>(s.energy), least, s.error);
    }
    void look_at(std::size_t n) { states_[n].active = is_active(n); }
    [[nodiscard]] std::vector<std::size_t> active_nodes() const {
        std::vector<std::size_t> all;
        for (std::size_t n = 0; n < size(); ++n)
            if (states_[n].active) all.push_back(n);
        return all;
    }
    [[nodiscard]] std::vector<snap> snapshot() const {
        std::vector<snap> all;
        for (std::size_t n = 0; n < size(); ++n) all.push_back({energy(n), states_[n].active});
        return all;
    }
    [[nodiscard]] std::vector<std::size_t> retries(
        std::vector<snap> const& start, std::size_t active) {
        std::vector<std::pair<real, std::size_t>> order;
        if (by_.retry_budget == 0 || active >= by_.retry_below) return {};
        for (std::size_t n = 0; n < size(); ++n)
            if (!start[n].active && start[n].energy > 0)
                order.emplace_back(-in_units(start[n].energy) / nodes_[n].threshold, n);
        std::sort(order.begin(), order.end());
        for (std::size_t i = 0; i + 1 < order.size(); ++i)
            decided_.below(order[i].first, order[i + 1].first, 1e-10L);
        if (order.size() > by_.retry_budget) order.resize(by_.retry_budget);
        std::vector<std::size_t> all;
        for (auto const& [key, n] : order) all.push_back(n);
        return all;
    }

    // Choosing and moving.

    void begin_readers() {
        std::vector<weighed> ways;
        for (link const& l : links_)
            if (l.from != l.to) ways.push_back({l.type, nodes_[l.from].scope, l.lw});
        std::vector<weighed> masses;
        for (whole_node const& n : nodes_) masses.push_back({n.type, n.scope, n.mass});
        of_links_.begin(std::move(ways), by_.reader);
        of_nodes_.begin(std::move(masses), by_.reader);
    }
    [[nodiscard]] real strength(link const& l) {
        whole_node const& to = nodes_[l.to];
        weighed const way{l.type, nodes_[l.from].scope, l.lw};
        weighed const mass{to.type, to.scope, to.mass};
        real const most = by_.reader.limit;
        switch (by_.reader.source) {
        case strength_of::unit: return 1;
        case strength_of::raw: return std::exp(std::ldexp(static_cast<real>(l.lw), -24));
        case strength_of::link: return std::exp(clipped(of_links_.z(way), -most, most));
        case strength_of::target: return std::exp(clipped(of_nodes_.z(mass), -most, most));
        case strength_of::both:
            return std::exp(
                clipped((of_links_.z(way) + of_nodes_.z(mass)) / std::sqrt(2.0L), -most, most));
        }
        return 0;
    }
    [[nodiscard]] real cost(link const& l) const {
        destination to{
            nodes_[l.to].embedding, nodes_[l.to].affect, nodes_[l.to].scope, 0, familiarity(l.to)};
        for (link const& other : links_)
            if (other.to == l.to && other.from != l.to) ++to.indegree;
        return cost_of(l.lw, to, by_.cost);
    }
    [[nodiscard]] real held_back(std::size_t n) const {
        real s = nodes_[n].stickiness;
        if (nodes_[n].is_consolidated) s += by_.sticky_if_consolidated;
        s += by_.sticky_by_degree * std::tanh(static_cast<real>(degree(n)) / 20);
        return clipped(s, .1L, 1);
    }
    /// Cheapest first; of equals those that weigh more, then by type and target.
    void by_cost(std::vector<std::pair<real, std::size_t>>& order, std::size_t keep) {
        std::stable_sort(order.begin(), order.end(), [](auto const& a, auto const& b) {
            return a.first < b.first;
        });
        if (order.size() <= keep) return;
        if (order[keep - 1].first != order[keep].first)
            decided_.below(order[keep - 1].first, order[keep].first, 1e-11L);
        order.resize(keep);
    }
    void send(
        std::size_t n, snap const& start, double dt, double headroom, std::vector<flow>& moves,
        told_frame& told) {
        std::vector<std::size_t> ways;
        for (std::size_t i = 0; i < links_.size(); ++i)
            if (links_[i].from == n && links_[i].to != n) ways.push_back(i);
        if (ways.empty()) return;
        std::stable_sort(ways.begin(), ways.end(), [&](std::size_t a, std::size_t b) {
            link const& x = links_[a];
            link const& y = links_[b];
            if (x.lw != y.lw) return x.lw > y.lw;
            return x.type != y.type ? x.type < y.type : x.to < y.to;
        });
        choice_rules choice = by_.choice;
        if (safe_) choice.low = choice.high = 1, choice.task = duty::by_structure;
        std::size_t const k = width_of(ways.size(), headroom, choice).k;
        if (by_.reduction == look::heaviest && ways.size() > k) ways.resize(k);
        std::vector<std::pair<real, std::size_t>> order;
        for (std::size_t i : ways) order.emplace_back(cost(links_[i]), i);
        bool const splits = !safe_ && choice.splits;
        if (by_.reduction == look::cheapest) by_cost(order, k);
        by_cost(order, !splits ? 1 : choice.all_kept ? order.size() : choice.split_k);
        share_out(n, start, dt, order, moves, told);
    }
    [[nodiscard]] real temperature(std::size_t n) const {
        if (!by_.temperature_by_divergence) return static_cast<real>(by_.choice.temperature);
        real const x = by_.steepness * (nodes_[n].divergence - by_.middle);
        return by_.coldest + (by_.hottest - by_.coldest) / (1 + std::exp(-x));
    }
    void share_out(
        std::size_t n, snap const& start, double dt,
        std::vector<std::pair<real, std::size_t>> const& order, std::vector<flow>& moves,
        told_frame& told) {
        std::vector<real> wishes;
        real weights = 0;
        for (auto const& [c, i] : order) weights += std::exp((order[0].first - c) / temperature(n));
        real sum = 0;
        real const alpha =
            static_cast<real>(by_.choice.alpha) * (safe_ ? by_.safe_alpha_factor : 1);
        for (auto const& [c, i] : order) {
            real const x = alpha * strength(links_[i]) * static_cast<real>(dt);
            real step = by_.choice.exponential ? -std::expm1(-x) : x;
            if (by_.stickiness == sticky::retentive) step *= std::max<real>(.05L, 1 - held_back(n));
            wishes.push_back(step * std::exp((order[0].first - c) / temperature(n)) / weights);
            sum += wishes.back();
        }
        auto const cap = static_cast<real>(by_.choice.cap);
        bool const capped = sum > cap * (1 - 1e-12L);
        unsigned_quanta room = fraction_of(by_.choice.cap);
        for (std::size_t rank = 0; rank < order.size(); ++rank) {
            real const a = std::min<real>(1, wishes[rank] * std::min<real>(1, cap / sum));
            unsigned_quanta f =
                a >= 1 ? ~std::uint64_t{0} : static_cast<std::uint64_t>(std::ldexp(a, 64));
            f = std::min(f, room);
            room -= f;
            flow move;
            move.number = order[rank].second;
            move.along = links_[move.number];
            move.by_retry = !start.active;
            move.gross = part(start.energy, static_cast<std::uint64_t>(f));
            move.error = a * (states_[n].error + relative * static_cast<real>(start.energy)) + 1;
            move.capped = capped;
            move.cost = order[rank].first;
            move.share = std::exp((order[0].first - move.cost) / temperature(n)) / weights;
            move.rank = rank;
            if (decided_.below(
                    quanta_real(by_.min_transfer), static_cast<real>(move.gross), move.error))
                moves.push_back(move);
            else
                ++told.skipped;
        }
    }
    void commit(std::vector<flow>& moves) {
        for (flow& m : moves) {
            link const& along = m.along;
            settle(along.to, 0);
            m.retained = by_.stickiness == sticky::dissipative
                             ? share_of(m.gross, held_back(along.to))
                             : m.gross;
            state& from = states_[along.from];
            state& to = states_[along.to];
            from.energy -= m.gross;
            from.books.sent += m.gross;
            from.error += m.error;
            to.energy += m.retained;
            to.received += m.retained;
            to.books.arrived += m.retained;
            to.error += m.error + 1;
            to.received_error += m.error + 1;
            dissipated_ += m.gross - m.retained;
            books_error_ += m.error + 1;
        }
    }

    /// The log-weights that are to change, and to what.
    [[nodiscard]] std::map<std::size_t, std::int32_t> learn(
        std::vector<flow> flows, std::vector<snap> const& start, told_frame& told) {
        std::map<std::size_t, std::int32_t> changes;
        if (!by_.learning.on && !heard_) return changes;
        std::sort(flows.begin(), flows.end(), [](flow const& a, flow const& b) {
            return a.number < b.number;
        });
        for (flow& f : flows) {
            std::size_t const to = f.along.to;
            f.kind = {f.along.type, nodes_[f.along.from].scope};
            real const lack = nodes_[to].threshold - in_units(start[to].energy);
            f.gap = std::max<real>(0, lack);
            f.gap_error = states_[to].error;
            if (std::abs(lack) < 1e-9L && f.gap_error > 0) decided_.say();
            f.affect = length(nodes_[to].affect);
            f.source_active = is_active(f.along.from);
            f.target_active = is_active(to);
            f.flipped = !start[to].active && f.target_active;
        }
        school_.appraise(flows, frame_, decided_);
        for (flow const& f : flows) {
            bool taught = false;
            auto const lw = taught_by(f, flows, by_.learning, decided_, taught);
            if (by_.learning.on && taught) changes[f.number] = lw;
        }
        if (heard_) told.heard = flows;
        std::sort(told.heard.begin(), told.heard.end(), [](flow const& a, flow const& b) {
            return a.along.from != b.along.from ? a.along.from < b.along.from : a.rank < b.rank;
        });
        return changes;
    }

    whole_rules by_;
    std::vector<whole_node> nodes_;
    std::vector<link> links_;
    std::vector<state> states_;
    std::vector<std::size_t> held_;
    usual_lately of_links_;
    usual_lately of_nodes_;
    school school_;
    openness decided_;
    quanta dissipated_ = 0;
    real books_error_ = 0;
    std::int64_t clock_ = 0;
    std::uint64_t frame_ = 0;
    bool safe_ = false;
    bool heard_ = false;
};

} // namespace oracle
