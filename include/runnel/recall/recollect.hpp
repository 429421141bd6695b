// SPDX-License-Identifier: MIT
// room: recall. The one call: hits become seeds, seeds are diffused, nodes come back ranked, with reasons.
//
// Why:  each step is of use alone, but most programs want the whole way, and an answer nobody can trace back
//       to what was remembered is hard to trust.
// Laws: the diffuser is any callable that takes the seeds as one span and gives a range of things with a
//       `node` and an `energy`, a `received`, or both; or a `result` of such a range, whose fault is passed
//       on as it is. The order is the diffuser's, unless a reranker changes it. A figure that is no number
//       is refused. Every node is told whether it was a seed, with how much, and by which hits; what no hit
//       named came by diffusion. Explanations are carried along from where they are offered, in this order:
//       `element.why`, `element.why(node)`, `range.why(node)`, `diffuser.why(node)`.
// Cost: that of the diffuser, and O(log p) per ranked node.
//
//   auto const ask = [&](std::span<runnel::stimulus const> seeds) -> runnel::result<runnel::ranking> {
//       session.reset();
//       if (auto const ok = session.inject(seeds); !ok) return ok.error();
//       if (auto const ran = session.run(5); !ran) return ran.error();
//       return session.top(10);
//   };
//   auto const answer = recall::recollect<runnel::stimulus>(hits, graph.node_count(), ask).value();
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

#include <runnel/core/ids.hpp>
#include <runnel/core/math.hpp>
#include <runnel/core/result.hpp>
#include <runnel/recall/faults.hpp>
#include <runnel/recall/hit.hpp>
#include <runnel/recall/meaning.hpp>
#include <runnel/recall/seed.hpp>

namespace runnel::recall {

/// Stands where no diffuser explains anything.
struct unexplained {
    friend constexpr bool operator==(unexplained, unexplained) noexcept = default;
};

/// One node of an answer.
template <class Why = unexplained> struct recollected {
    node_id node{};
    double energy = 0;      ///< as the diffuser says; 0 where it does not
    double received = 0;    ///< likewise
    double seeded = 0;      ///< units it began with; 0: it was no seed
    hit best{};             ///< the most similar hit that named it; no entry where none did
    std::uint32_t hits = 0; ///< how many named it: `recollection::hits_of` lists them
    [[no_unique_address]] Why why{};
};

/// The answer: it owns all it shows.
template <class Stimulus = seed, class Why = unexplained> struct recollection {
    enum class outcome : std::uint8_t {
        found,
        nothing_reached ///< the diffuser ranked no node
    };
    std::vector<recollected<Why>> nodes;
    seeder<Stimulus> from;  ///< seeds, every hit's share, what was dropped
    search_info searched{}; ///< how the hits were found, where a memory was asked
    outcome what = outcome::nothing_reached;

    /// Who named a node, and with how much of all energy, the largest part first: `from.hits()[part.hit].found` is the
    /// hit. Empty for a node that the diffusion reached from others.
    [[nodiscard]] std::span<seed_part const> hits_of(node_id node) const noexcept {
        return from.parts(node);
    }
    [[nodiscard]] std::size_t bytes() const noexcept {
        return nodes.capacity() * sizeof(recollected<Why>) + from.bytes();
    }
    [[nodiscard]] auto begin() const noexcept { return nodes.begin(); }
    [[nodiscard]] auto end() const noexcept { return nodes.end(); }
    [[nodiscard]] std::size_t size() const noexcept { return nodes.size(); }
    [[nodiscard]] recollected<Why> const& operator[](std::size_t i) const noexcept {
        return nodes[i];
    }
};

/// Leaves the order to the diffuser.
struct as_ranked {
    template <class Nodes> constexpr void operator()(Nodes const&) const noexcept {}
};

namespace detail {
template <class T> struct held_by {
    using type = T;
    static constexpr bool faulty = false;
};
template <class T> struct held_by<result<T>> {
    using type = T;
    static constexpr bool faulty = true;
};

template <class Diffuser, class Range, class Element>
[[nodiscard]] auto why_of(Diffuser& diffuser, Range const& range, Element const& element) {
    if constexpr (requires { std::decay_t<decltype(element.why)>(element.why); })
        return element.why;
    else if constexpr (requires { element.why(element.node); })
        return element.why(element.node);
    else if constexpr (requires { range.why(element.node); })
        return range.why(element.node);
    else if constexpr (requires { diffuser.why(element.node); })
        return diffuser.why(element.node);
    else
        return unexplained{};
}

template <class Diffuser, class Range>
using why_type = decltype(why_of(
    std::declval<Diffuser&>(), std::declval<Range const&>(),
    *std::declval<Range const&>().begin()));

template <class Element> constexpr void tell_figures(Element const& from, auto& to) {
    constexpr bool energies = requires {
        { from.energy } -> std::convertible_to<double>;
    };
    constexpr bool receipts = requires {
        { from.received } -> std::convertible_to<double>;
    };
    static_assert(
        energies || receipts,
        "recall: what a diffuser ranks has a node, and an energy, a received, or both");
    to.node = from.node;
    if constexpr (energies) to.energy = from.energy;
    if constexpr (receipts) to.received = from.received;
}

/// What a reranker leaves of `nodes`: it may say how many, or refuse, or say nothing and keep all.
template <class Reranker, class Why>
[[nodiscard]] result<std::size_t> reorder(Reranker& rerank, std::vector<recollected<Why>>& nodes) {
    std::span<recollected<Why>> const all{nodes.data(), nodes.size()};
    using said = std::invoke_result_t<Reranker&, std::span<recollected<Why>>>;
    if constexpr (std::is_void_v<said>) {
        rerank(all);
    } else if constexpr (std::is_same_v<said, status>) {
        if (auto const ok = rerank(all); !ok) return ok.error();
    } else if constexpr (held_by<said>::faulty) {
        auto const kept = rerank(all);
        if (!kept) return kept.error();
        return static_cast<std::size_t>(*kept);
    } else {
        return static_cast<std::size_t>(rerank(all));
    }
    return nodes.size();
}
} // namespace detail

/// `exists` says which nodes there are: their number, or a callable. `Stimulus` is what the diffuser takes. A
/// reranker is called with `std::span<recollected<...>>`: it puts the nodes in another order in place, and
/// may return how many of the first are kept, or a result of that. Whatever fails, nothing is changed that
/// the callables given did not change.
template <class Stimulus = seed, tells_nodes Exists, class Diffuser, class Reranker = as_ranked>
[[nodiscard]] auto recollect(
    std::span<meaning const> hits, Exists const& exists, Diffuser&& diffuse,
    seeding const& how = {}, Reranker&& rerank = {}) {
    static_assert(
        std::is_invocable_v<Diffuser&, std::span<Stimulus const>>,
        "recall: a diffuser takes std::span<recall::seed const>; one that takes another stimulus "
        "is "
        "named: recollect<runnel::stimulus>(...)");
    using said = std::decay_t<std::invoke_result_t<Diffuser&, std::span<Stimulus const>>>;
    using range = typename detail::held_by<said>::type;
    using why = detail::why_type<std::remove_reference_t<Diffuser>, range>;
    using whole = recollection<Stimulus, why>;

    whole made;
    auto const seeds = made.from.seed(hits, exists, how);
    if (!seeds) return result<whole>{seeds.error()};
    auto const collect = [&](range const& ranked) -> status {
        for (auto const& element : ranked) {
            recollected<why> one{.why = detail::why_of(diffuse, ranked, element)};
            detail::tell_figures(element, one);
            for (double const figure : {one.energy, one.received})
                if (!math::finite(figure))
                    return fault{faults::non_finite, figure, made.nodes.size()};
            auto const parts = made.from.parts(one.node);
            one.hits = static_cast<std::uint32_t>(parts.size());
            for (std::size_t i = 0; i < parts.size(); ++i) {
                hit const& named = hits[parts[i].hit].found;
                if (i == 0 || before(named, one.best)) one.best = named;
            }
            one.seeded = made.from.units(one.node);
            made.nodes.push_back(std::move(one));
        }
        return {};
    };
    auto&& ranked = diffuse(*seeds);
    if constexpr (detail::held_by<said>::faulty) {
        if (!ranked) return result<whole>{ranked.error()};
        if (auto const ok = collect(*ranked); !ok) return result<whole>{ok.error()};
    } else {
        if (auto const ok = collect(ranked); !ok) return result<whole>{ok.error()};
    }
    if (!made.nodes.empty()) made.what = whole::outcome::found;
    auto const kept = detail::reorder(rerank, made.nodes);
    if (!kept) return result<whole>{kept.error()};
    while (made.nodes.size() > *kept) made.nodes.pop_back();
    return result<whole>{std::move(made)};
}

} // namespace runnel::recall
