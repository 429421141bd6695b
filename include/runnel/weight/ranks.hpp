// SPDX-License-Identifier: MIT
// room: weight. How a stride compares with its like, as a normal score.
//
// Why:  how much a stride carried says little without what is usual; its rank does, whatever the scale, and
//       Phi^-1(rank / (n + 1)) turns ranks into figures like a z. A stride is ranked among strides of its
//       cohort (link type and source's scope) in this frame when there are at least 10; of 5 to 9, a rank would
//       say little: it is taken among all strides of the frame; of fewer than 5, all strides of the frame may be
//       as few, so it is taken among the cohort's last 256, which include it: a lone stride has a rank too.
// Laws: equals share the mean of their ranks; the scores of n values and of their negatives differ in sign only,
//       to the bit; a rise in value never lowers a score within one comparison; the order of the strides matters
//       only where a window has to forget. Utility is ranked among strides whose target lacked something.
// Cost: a sort of the frame's strides by (cohort, value); 4 KB per cohort ever met; `room` takes all memory.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>

#include <runnel/core/array.hpp>
#include <runnel/core/math.hpp>
#include <runnel/core/order.hpp>
#include <runnel/core/rng.hpp>
#include <runnel/weight/flow.hpp>

namespace runnel::weight {

/// What is ranked.
enum class ranked : std::uint8_t { flow, utility };

/// The score of values that share the ranks below + 1 to below + equal of all.
[[nodiscard]] inline double normal_score(
    std::size_t below, std::size_t equal, std::size_t all) noexcept {
    // Twice the rank and twice n + 1, both whole: the upper half mirrors the lower one to the bit.
    std::size_t const rank = 2 * below + equal + 1;
    std::size_t const whole = 2 * (all + 1);
    auto const share = [whole](std::size_t part) {
        return static_cast<double>(part) / static_cast<double>(whole);
    };
    return rank > whole / 2 ? -math::normal_quantile(share(whole - rank))
                            : math::normal_quantile(share(rank));
}

/// What a field remembers of its strides so that the next have something to be compared with.
class rank_windows {
public:
    static constexpr std::size_t window = 256;
    static constexpr std::size_t enough = 10; ///< a cohort so large is compared with itself
    static constexpr std::size_t few = 5;     ///< one smaller than this, with its past

    /// Takes the memory that ranking these strides needs; of them only `of` has to be known. Not called, `rank` does it.
    void room(flow const* flows, std::size_t count) {
        if (entries_.size() < count) entries_.resize(count);
        for (std::size_t i = 0; i < count; ++i) meet(flows[i].of);
    }
    /// Remembers them, in their order, and fills z_flow and z_utility. Expects `gross`, `gap`, `utility` and `of`.
    void rank(flow* flows, std::size_t count) {
        room(flows, count);
        for (std::size_t i = 0; i < count; ++i) {
            ring& r = ring_of(flows[i].of);
            r.push(ranked::flow, flows[i].gross);
            if (flows[i].gap > 0) r.push(ranked::utility, flows[i].utility);
            flows[i].z_flow = 0;
            flows[i].z_utility = 0;
        }
        rank_by(flows, count, ranked::flow);
        rank_by(flows, count, ranked::utility);
    }
    /// Puts a value back that `each` told.
    void remember(cohort of, ranked what, double value) {
        meet(of);
        ring_of(of).push(what, value);
    }
    /// f(cohort, ranked, value): by scope and type, flows before utilities, the oldest first. Takes memory for an order.
    template <class F> void each(F&& f) const {
        detail::array<entry> order;
        for (std::size_t i = 0; i < rings_.size(); ++i)
            order.push_back({0, rings_[i].key, static_cast<std::uint32_t>(i)});
        detail::sort(order.begin(), order.end(), by_key{});
        for (entry const& o : order)
            for (ranked const what : {ranked::flow, ranked::utility}) {
                ring const& r = rings_[o.index];
                std::uint32_t const n = r.held(what);
                for (std::uint32_t i = 0; i < n; ++i)
                    f(
                        cohort{
                            link_type(static_cast<std::uint16_t>(o.key)),
                            scope_id(static_cast<std::uint16_t>(o.key >> 16))},
                        what, r.values[index(what)][(r.written[index(what)] - n + i) % window]);
            }
    }
    /// Forgets all values; keeps the memory.
    void clear() noexcept {
        rings_.clear();
        for (std::size_t i = 0; i < cells_.size(); ++i) cells_[i] = 0;
    }
    [[nodiscard]] std::size_t bytes() const noexcept {
        return rings_.capacity() * sizeof(ring) + cells_.capacity() * sizeof(std::uint32_t)
               + entries_.capacity() * sizeof(entry);
    }

private:
    struct ring {
        std::uint32_t key = 0;
        std::uint32_t written[2]{};
        double values[2][window]{};

        void push(ranked what, double value) noexcept {
            std::uint32_t& n = written[index(what)];
            values[index(what)][n % window] = value;
            if (++n == 0) n = window; // what was full stays full
        }
        [[nodiscard]] std::uint32_t held(ranked what) const noexcept {
            std::uint32_t const n = written[index(what)];
            return n < window ? n : static_cast<std::uint32_t>(window);
        }
        [[nodiscard]] double score(ranked what, double value) const noexcept {
            std::size_t below = 0;
            std::size_t equal = 0;
            std::uint32_t const n = held(what);
            for (std::uint32_t i = 0; i < n; ++i) {
                below += values[index(what)][i] < value ? 1U : 0U;
                equal += values[index(what)][i] == value ? 1U : 0U;
            }
            return normal_score(below, equal, n);
        }
    };
    struct entry {
        double value = 0;
        std::uint32_t key = 0;
        std::uint32_t index = 0;
    };
    struct by_key {
        bool operator()(entry const& a, entry const& b) const noexcept { return a.key < b.key; }
    };
    struct by_key_and_value {
        bool operator()(entry const& a, entry const& b) const noexcept {
            return a.key != b.key ? a.key < b.key : a.value < b.value;
        }
    };
    struct by_value {
        bool operator()(entry const& a, entry const& b) const noexcept { return a.value < b.value; }
    };
    static constexpr double among_all = std::numeric_limits<double>::infinity(); // still to come

    [[nodiscard]] static constexpr std::uint32_t key_of(cohort c) noexcept {
        return static_cast<std::uint32_t>(index(c.scope) << 16 | index(c.type));
    }
    [[nodiscard]] static double& score_of(flow& f, ranked what) noexcept {
        return what == ranked::flow ? f.z_flow : f.z_utility;
    }

    void rank_by(flow* flows, std::size_t count, ranked what) {
        entry* const first = entries_.data();
        entry* last = first;
        for (std::size_t i = 0; i < count; ++i)
            if (what == ranked::flow || flows[i].gap > 0)
                *last++ = {
                    what == ranked::flow ? flows[i].gross : flows[i].utility, key_of(flows[i].of),
                    static_cast<std::uint32_t>(i)};
        detail::sort(first, last, by_key_and_value{});
        bool some_among_all = false;
        for (entry *group = first, *end = first; group != last; group = end) {
            while (end != last && end->key == group->key) ++end;
            auto const n = static_cast<std::size_t>(end - group);
            if (n >= enough) {
                score_run(group, end, [&](entry const& e, double z) {
                    score_of(flows[e.index], what) = z;
                });
            } else if (n < few) {
                ring const& past = ring_of(flows[group->index].of);
                for (entry* e = group; e != end; ++e)
                    score_of(flows[e->index], what) = past.score(what, e->value);
            } else {
                some_among_all = true;
                for (entry* e = group; e != end; ++e) score_of(flows[e->index], what) = among_all;
            }
        }
        if (!some_among_all) return;
        detail::sort(first, last, by_value{});
        score_run(first, last, [&](entry const& e, double z) {
            double& score = score_of(flows[e.index], what);
            if (score == among_all) score = z;
        });
    }
    /// Scores of a run in order of value.
    template <class F> static void score_run(entry* first, entry* last, F&& f) {
        for (entry *equals = first, *end = first; equals != last; equals = end) {
            while (end != last && end->value == equals->value) ++end;
            double const z = normal_score(
                static_cast<std::size_t>(equals - first), static_cast<std::size_t>(end - equals),
                static_cast<std::size_t>(last - first));
            for (entry* e = equals; e != end; ++e) f(*e, z);
        }
    }

    [[nodiscard]] std::size_t place(std::uint32_t key) const noexcept {
        std::size_t const mask = cells_.size() - 1;
        std::size_t at = mix(key) & mask;
        while (cells_[at] != 0 && rings_[cells_[at] - 1].key != key) at = (at + 1) & mask;
        return at; // ends: at most half of the cells are taken
    }
    [[nodiscard]] ring& ring_of(cohort c) noexcept { return rings_[cells_[place(key_of(c))] - 1]; }
    void meet(cohort c) {
        std::uint32_t const key = key_of(c);
        if (!cells_.empty() && cells_[place(key)] != 0) return;
        if (2 * (rings_.size() + 1) > cells_.size()) {
            detail::array<std::uint32_t> wider(cells_.empty() ? 16 : cells_.size() * 2);
            cells_.swap(wider);
            for (std::size_t i = 0; i < rings_.size(); ++i)
                cells_[place(rings_[i].key)] = static_cast<std::uint32_t>(i + 1);
        }
        ring fresh;
        fresh.key = key;
        rings_.push_back(fresh);
        cells_[place(key)] = static_cast<std::uint32_t>(rings_.size());
    }

    detail::array<ring> rings_;
    detail::array<std::uint32_t> cells_; // a ring's index + 1; 0: free
    detail::array<entry> entries_;
};

} // namespace runnel::weight
