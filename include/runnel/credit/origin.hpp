// SPDX-License-Identifier: MIT
// room: credit. The answer to "where did it come from": seeds with their claims, and the strongest ways.
//
// Why:  a list of links says where energy can have been; who asks why wants to hear where it was, and how much of it.
// Laws: claims of seeds and what was there before the recording sum to `total`, exactly; so do the paths shown and
//       `rest`. Paths are disjoint: no quantum is on two of them.
// Cost: a way is one pass over the claims.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include <runnel/core/array.hpp>
#include <runnel/core/order.hpp>
#include <runnel/credit/flow.hpp>

namespace runnel::credit {

/// What one seed has a claim on. Seeds are known by their place among `flow_recorder::gifts()`.
struct seed_claim {
    std::size_t gift = 0;
    node_id node{};
    quanta amount = 0;
};

/// One way energy came, from where it was given to the node in question.
struct path {
    std::vector<node_id> nodes; ///< where it began first
    std::vector<link_id> links; ///< one fewer
    quanta amount = 0;
    bool from_seed = true; ///< false: its first node held it before the recording began
};

/// A way may pass a node again: energy that went to and fro.
enum class loops : std::uint8_t {
    kept,
    cut ///< at the first pass it goes on as at the last; ways that are the same then are one
};
struct path_search {
    std::size_t looks = 64; ///< ways through time that are looked at, the widest first
    credit::loops loops = credit::loops::kept;
    double least =
        0; ///< share of the whole below which no way through time is looked for: it is rest
};

struct paths_shown {
    std::vector<path> paths; ///< the strongest first
    quanta rest = 0;         ///< what came otherwise
};

namespace detail {

/// Claims as they were handed back: a graph without cycles, from the node in question to earlier moments.
class claims {
public:
    static constexpr std::uint32_t nowhere = ~std::uint32_t{0};
    static constexpr std::uint32_t seed_bit = 0x8000'0000U; // leads to a seed, not to a state

    struct part {
        std::uint32_t to;
        link_id link; // no_link: it stayed
        quanta amount;
    };

    void clear() noexcept {
        nodes_.clear();
        given_.clear();
        parts_.clear();
        first_.clear();
    }
    /// A node at a moment; later moments were added before.
    std::uint32_t add(node_id node) {
        nodes_.push_back(node);
        return static_cast<std::uint32_t>(nodes_.size() - 1);
    }
    void hand(std::uint32_t from, part to) { given_.push_back({from, to}); }
    /// Parts by where they begin, in the order they were handed.
    void settle() {
        first_.resize(nodes_.size() + 1);
        for (handed const& h : given_) ++first_[h.from + 1];
        for (std::size_t s = 1; s < first_.size(); ++s) first_[s] += first_[s - 1];
        parts_.resize(given_.size(), part{});
        runnel::detail::array<std::uint32_t> next{first_};
        for (handed const& h : given_) parts_[next[h.from]++] = h.to;
        given_.clear();
    }
    [[nodiscard]] paths_shown paths(std::size_t most, path_search how, quanta total) const;

private:
    struct handed {
        std::uint32_t from;
        part to;
    };
    /// Of each state, how much the widest way from it can take, and by which part it begins.
    struct widest {
        quanta amount;
        std::uint32_t by;
    };
    void widen(
        runnel::detail::array<quanta> const& left, runnel::detail::array<widest>& best) const {
        for (std::size_t s = nodes_.size(); s-- > 0;) {
            widest mine{0, nowhere};
            for (std::uint32_t e = first_[s]; e < first_[s + 1]; ++e) {
                std::uint32_t const to = parts_[e].to;
                bool const out = to == nowhere || (to & seed_bit) != 0;
                quanta const beyond = out ? left[e] : best[to].amount;
                quanta const wide = beyond < left[e] ? beyond : left[e];
                if (wide > mine.amount) mine = {wide, e};
            }
            best[s] = mine;
        }
    }
    /// Takes the widest way out of what is left.
    [[nodiscard]] path take(
        runnel::detail::array<widest> const& best, runnel::detail::array<quanta>& left) const {
        path found;
        found.amount = best[0].amount;
        found.nodes.push_back(nodes_[0]);
        for (std::uint32_t s = 0;;) {
            std::uint32_t const by = best[s].by;
            left[by] -= found.amount;
            std::uint32_t const to = parts_[by].to;
            if (to == nowhere || (to & seed_bit) != 0) {
                found.from_seed = to != nowhere;
                break;
            }
            if (parts_[by].link != no_link || nodes_[to] != nodes_[s]) {
                found.nodes.push_back(nodes_[to]);
                found.links.push_back(parts_[by].link);
            }
            s = to;
        }
        turn(found.nodes);
        turn(found.links);
        return found;
    }
    template <class Id> static void turn(std::vector<Id>& of) noexcept {
        for (std::size_t i = 0, j = of.size(); i + 1 < j; ++i) {
            --j;
            Id const kept = of[i];
            of[i] = of[j];
            of[j] = kept;
        }
    }
    static void cut_loops(path& of) noexcept {
        std::size_t kept = 0; // nodes; the way so far passes none twice
        for (std::size_t i = 0; i < of.nodes.size(); ++i) {
            std::size_t before = 0;
            while (before < kept && of.nodes[before] != of.nodes[i]) ++before;
            if (before == kept && i != 0) of.links[kept - 1] = of.links[i - 1];
            of.nodes[before] = of.nodes[i];
            kept = before + 1;
        }
        of.nodes.resize(kept);
        of.links.resize(kept - 1);
    }

    runnel::detail::array<node_id> nodes_; // the first is the one in question
    runnel::detail::array<handed> given_;
    runnel::detail::array<part> parts_;
    runnel::detail::array<std::uint32_t> first_;
};

inline paths_shown claims::paths(std::size_t most, path_search how, quanta total) const {
    paths_shown out;
    runnel::detail::array<quanta> left(parts_.size());
    for (std::size_t e = 0; e < parts_.size(); ++e) left[e] = parts_[e].amount;
    runnel::detail::array<widest> best(nodes_.size(), widest{0, nowhere});
    for (std::size_t look = 0; look < how.looks; ++look) {
        widen(left, best);
        if (best.empty() || best[0].amount == 0
            || static_cast<double>(best[0].amount) < how.least * static_cast<double>(total))
            break;
        path one = take(best, left);
        if (how.loops == loops::cut) cut_loops(one);
        bool known = false; // the same nodes and links at other moments
        for (path& other : out.paths)
            if (!known && other.from_seed == one.from_seed && other.nodes == one.nodes
                && other.links == one.links) {
                other.amount += one.amount;
                known = true;
            }
        if (!known) out.paths.push_back(static_cast<path&&>(one));
    }
    // Insertion: few, and a path is not a plain thing.
    for (std::size_t i = 1; i < out.paths.size(); ++i)
        for (std::size_t j = i; j > 0 && out.paths[j - 1].amount < out.paths[j].amount; --j) {
            path const kept = static_cast<path&&>(out.paths[j]);
            out.paths[j] = static_cast<path&&>(out.paths[j - 1]);
            out.paths[j - 1] = kept;
        }
    if (out.paths.size() > most) out.paths.resize(most);
    out.rest = total;
    for (path const& one : out.paths) out.rest -= one.amount;
    return out;
}

} // namespace detail

/// Claims traced back from one node. It owns all it shows.
class origin {
public:
    [[nodiscard]] node_id node() const noexcept { return node_; }
    [[nodiscard]] quanta total() const noexcept { return total_; }
    /// Of each seed that has one, the largest first.
    [[nodiscard]] std::vector<seed_claim> const& seeds() const noexcept { return seeds_; }
    /// What was there before the recording began.
    [[nodiscard]] quanta unknown() const noexcept { return unknown_; }
    /// The strongest ways, at most `most`; ways that differ only in when energy went on are one. More looks gather more of
    /// what is spread thin. A way of one node is energy that was given there, or came back to where it was given.
    [[nodiscard]] paths_shown paths(std::size_t most, path_search how = {}) const {
        return claims_.paths(most, how, total_);
    }
    /// The first of them. Where there is none, the node alone, with nothing.
    [[nodiscard]] path strongest(path_search how = {}) const {
        paths_shown first = paths(1, how);
        if (!first.paths.empty()) return static_cast<path&&>(first.paths.front());
        path none;
        none.nodes.push_back(node_);
        return none;
    }

private:
    friend class provenance;
    node_id node_{};
    quanta total_ = 0;
    quanta unknown_ = 0;
    std::vector<seed_claim> seeds_;
    detail::claims claims_;
};

} // namespace runnel::credit
