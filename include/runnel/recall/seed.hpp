// SPDX-License-Identifier: MIT
// room: recall. From hits to an injection: which nodes get how much energy.
//
// Why:  a search answers with entries, a diffusion starts from nodes. A hit stands for one node or for an
//       episode; how much it may say follows from how similar it is to its rivals, and the total is what
//       the caller asked for, to the last bit, so that the books of a diffusion begin with a round figure.
// Laws: the hits' shares are a softmax of similarity / temperature; an episode divides its hit's share as
//       its energies stand to each other; a node named by several hits gets the sum. Seeds come by node
//       id, once each. Their units are whole multiples of one power of two, hence every sum of them is
//       exact and all of them add up to `energy` **exactly in any order**; what rounding leaves, up or
//       down, goes to the largest. Nodes that no longer exist are dropped and listed, and all else is as if
//       they had never been named. The order of the hits changes no bit. Nothing left is `recall.empty`.
// Cost: O(p log p) in the nodes named; no allocation once it has seen as many.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <type_traits>

#include <runnel/core/array.hpp>
#include <runnel/core/energy.hpp>
#include <runnel/core/ids.hpp>
#include <runnel/core/math.hpp>
#include <runnel/core/order.hpp>
#include <runnel/core/result.hpp>
#include <runnel/recall/faults.hpp>
#include <runnel/recall/hit.hpp>
#include <runnel/recall/meaning.hpp>
#include <runnel/recall/seeding.hpp>

namespace runnel::recall {

/// Where a diffusion starts. Becomes any aggregate of {node, units}, such as an engine's stimulus.
struct seed {
    node_id node{};
    double units = 0;
    friend constexpr bool operator==(seed const&, seed const&) noexcept = default;

    template <class Stimulus>
        requires(
            std::is_aggregate_v<
                Stimulus> && !std::is_same_v<Stimulus, seed> && requires(node_id n, double u) {
                Stimulus{n, u};
            })
    // NOLINTNEXTLINE(google-explicit-constructor): `stimulus s = seed;`
    constexpr operator Stimulus() const noexcept { return Stimulus{node, units}; }
};

/// What one hit brought: the answer to "why these seeds?".
struct hit_share {
    hit found{};
    double share =
        0; ///< of the energy; all of them sum to 1. 0: nothing of it is left, or too little
    std::uint32_t lost = 0; ///< its nodes that no longer exist
    friend constexpr bool operator==(hit_share const&, hit_share const&) noexcept = default;
};

/// What one hit brought to one node, before rounding.
struct seed_part {
    node_id node{};
    std::uint32_t hit = 0; ///< its place among the hits given
    double share = 0;      ///< of all energy
};

/// Turns hits into seeds, again and again. `Stimulus` is what the diffuser takes: an aggregate {node, units}.
template <class Stimulus = seed> class seeder {
    static_assert(
        std::is_trivially_copyable_v<Stimulus> && requires(Stimulus s) {
            Stimulus{node_id{}, 1.0};
            { s.node } -> std::convertible_to<node_id>;
            { s.units } -> std::convertible_to<double>;
        },
        "recall: a seeder makes plain aggregates {node, units}, such as runnel::stimulus");

public:
    /// The seeds, valid until the next call. A fault leaves the last answer as it was, except
    /// `recall.empty`, which says what was dropped; an `exists` that throws leaves none.
    template <tells_nodes Exists>
    [[nodiscard]] result<std::span<Stimulus const>> seed(
        std::span<meaning const> hits, Exists const& exists, seeding const& how = {}) {
        if (auto const ok = how.validate(); !ok) return ok.error();
        std::size_t named = 0;
        for (std::size_t i = 0; i < hits.size(); ++i) {
            if (auto const ok = check(hits[i], i); !ok) return ok.error();
            named += hits[i].episode.empty() ? 1 : hits[i].episode.size();
        }
        reserve(hits.size(), named);
        clear();
        gather(hits, exists);
        runnel::detail::sort(dropped_.begin(), dropped_.end());
        keep_one_of_each();
        if (parts_.empty())
            return fault{
                faults::empty, hits.empty() ? runnel::detail::short_text{"no hits"}.view()
                                            : runnel::detail::short_text::joined(
                                                  "of ", hits.size(), " hits no node is there")
                                                  .view()};
        weigh(hits, how.temperature);
        divide(how);
        return seeds();
    }

    [[nodiscard]] std::span<Stimulus const> seeds() const noexcept {
        return {seeds_.begin(), seeds_.size()};
    }
    /// One per hit, in the order they were given.
    [[nodiscard]] std::span<hit_share const> hits() const noexcept {
        return {shares_.begin(), shares_.size()};
    }
    /// Nodes that were named and no longer exist, by id, once each.
    [[nodiscard]] std::span<node_id const> dropped() const noexcept {
        return {dropped_.begin(), dropped_.size()};
    }
    /// Nodes whose share is below half a step: they are no seeds.
    [[nodiscard]] std::size_t rounded_to_zero() const noexcept { return rounded_to_zero_; }
    /// Which hits named a node, the largest part first; empty: none did.
    [[nodiscard]] std::span<seed_part const> parts(node_id node) const noexcept {
        std::size_t const first = place(parts_, node);
        std::size_t last = first;
        while (last < parts_.size() && parts_[last].node == node) ++last;
        return {parts_.begin() + first, last - first};
    }
    /// What a node begins with; 0: it is no seed.
    [[nodiscard]] double units(node_id node) const noexcept {
        std::size_t const at = place(seeds_, node);
        return at < seeds_.size() && seeds_[at].node == node ? double{seeds_[at].units} : 0;
    }
    [[nodiscard]] std::size_t bytes() const noexcept {
        return parts_.capacity() * sizeof(seed_part) + seeds_.capacity() * sizeof(Stimulus)
               + shares_.capacity() * sizeof(hit_share) + dropped_.capacity() * sizeof(node_id)
               + terms_.capacity() * sizeof(double);
    }

private:
    /// Where the first of a node is, or would be.
    template <class Sorted>
    [[nodiscard]] static std::size_t place(Sorted const& sorted, node_id node) noexcept {
        std::size_t first = 0;
        for (std::size_t end = sorted.size(); first < end;) {
            std::size_t const middle = first + (end - first) / 2;
            if (sorted[middle].node < node)
                first = middle + 1;
            else
                end = middle;
        }
        return first;
    }
    [[nodiscard]] static status check(meaning const& m, std::size_t place) noexcept {
        auto const similarity = static_cast<double>(m.found.similarity);
        if (!math::finite(similarity)) return fault{faults::non_finite, similarity, place};
        if (!m.episode.empty() && m.node != no_node)
            return fault{faults::two_meanings, runnel::index(m.node), place};
        for (held const& h : m.episode)
            if (auto const units = energy_traits<double>::from_units(h.energy); !units)
                return fault{
                    fault_kind{units.error().code(), units.error().sentence()}, h.energy, place};
        return {};
    }
    void reserve(std::size_t hits, std::size_t named) {
        parts_.reserve(named);
        seeds_.reserve(named);
        dropped_.reserve(named);
        shares_.reserve(hits);
        terms_.reserve(hits);
    }
    void clear() noexcept {
        parts_.clear();
        seeds_.clear();
        dropped_.clear();
        shares_.clear();
        terms_.clear();
        rounded_to_zero_ = 0;
    }
    /// The parts of each hit, summing to 1.
    template <class Exists> void gather(std::span<meaning const> hits, Exists const& exists) {
        struct guard { // against an `exists` that throws
            seeder* of;
            ~guard() {
                if (of != nullptr) of->clear();
            }
        } unless_done{this};
        for (std::size_t i = 0; i < hits.size(); ++i) {
            hit_share mine{hits[i].found, 0, 0};
            std::size_t const first = parts_.size();
            math::exact_sum sum;
            auto const name = [&](node_id node, double energy) {
                if (!(energy > 0)) return;
                if (!detail::is_there(exists, node)) {
                    dropped_.push_back(node);
                    ++mine.lost;
                    return;
                }
                parts_.push_back({node, static_cast<std::uint32_t>(i), energy});
                sum.add(energy);
            };
            if (!hits[i].episode.empty())
                for (held const& h : hits[i].episode) name(h.node, h.energy);
            else if (hits[i].node != no_node)
                name(hits[i].node, 1);
            for (std::size_t p = first; p < parts_.size(); ++p) parts_[p].share /= sum.total();
            if (parts_.size() > first) mine.share = 1;
            shares_.push_back(mine);
        }
        unless_done.of = nullptr;
    }
    void keep_one_of_each() noexcept {
        std::size_t kept = 0;
        for (std::size_t i = 0; i < dropped_.size(); ++i)
            if (kept == 0 || dropped_[kept - 1] != dropped_[i]) dropped_[kept++] = dropped_[i];
        dropped_.resize(kept);
    }
    /// Every part times its hit's share. Terms are summed in order of size, so that no order of hits shows.
    void weigh(std::span<meaning const> hits, double temperature) noexcept {
        auto const similarity = [&](std::size_t i) {
            return static_cast<double>(hits[i].found.similarity);
        };
        std::size_t best = hits.size();
        for (std::size_t i = 0; i < hits.size(); ++i)
            if (shares_[i].share > 0 && (best == hits.size() || similarity(i) > similarity(best)))
                best = i;
        for (std::size_t i = 0; i < hits.size(); ++i) {
            if (!(shares_[i].share > 0)) continue;
            shares_[i].share = math::exp((similarity(i) - similarity(best)) / temperature);
            terms_.push_back(shares_[i].share);
        }
        runnel::detail::sort(terms_.begin(), terms_.end());
        math::exact_sum total;
        for (double const term : terms_) total.add(term);
        for (hit_share& mine : shares_) mine.share /= total.total();
        for (seed_part& part : parts_)
            part.share = math::product(part.share, shares_[part.hit].share);
        runnel::detail::sort(
            parts_.begin(), parts_.end(), [&](seed_part const& a, seed_part const& b) {
                if (a.node != b.node) return a.node < b.node;
                if (a.share != b.share) return a.share > b.share;
                if (before(hits[a.hit].found, hits[b.hit].found)) return true;
                if (before(hits[b.hit].found, hits[a.hit].found)) return false;
                return a.hit < b.hit;
            });
    }
    /// Shares to whole steps; the largest takes what is over or missing. With n nodes it has count / n steps at
    /// least, and rounding to the nearest is off by n / 2 at most, a few steps of the softmax's own rounding
    /// not counted: where it could not pay that (some 10^8 nodes, or next to no energy) all are rounded down.
    void divide(seeding const& how) noexcept {
        detail::grid const grid = detail::grid::of(how.energy, how.grain);
        auto const nodes = static_cast<double>(parts_.size());
        bool const to_nearest = math::product(nodes, nodes / 2 + 8) < grid.count;
        auto left = static_cast<std::int64_t>(grid.count);
        std::size_t largest = 0;
        for (std::size_t p = 0; p < parts_.size();) {
            node_id const node = parts_[p].node;
            math::exact_sum sum;
            for (; p < parts_.size() && parts_[p].node == node; ++p) sum.add(parts_[p].share);
            double const exact = math::product(sum.total(), grid.count);
            std::int64_t const steps =
                to_nearest ? math::nearest(exact) : static_cast<std::int64_t>(exact);
            left -= steps;
            seeds_.push_back(Stimulus{node, static_cast<double>(steps)});
            if (seeds_[seeds_.size() - 1].units > seeds_[largest].units)
                largest = seeds_.size() - 1;
        }
        seeds_[largest].units += static_cast<double>(left); // exact: whole numbers below 2^53
        std::size_t kept = 0;
        for (std::size_t i = 0; i < seeds_.size(); ++i) {
            if (seeds_[i].units > 0)
                seeds_[kept++] = Stimulus{seeds_[i].node, seeds_[i].units * grid.step};
            else
                ++rounded_to_zero_;
        }
        seeds_.resize(kept, Stimulus{});
    }

    runnel::detail::array<seed_part> parts_; // by node, then share
    runnel::detail::array<Stimulus> seeds_;
    runnel::detail::array<hit_share> shares_;
    runnel::detail::array<node_id> dropped_;
    runnel::detail::array<double> terms_;
    std::size_t rounded_to_zero_ = 0;
};

} // namespace runnel::recall
