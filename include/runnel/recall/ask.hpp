// SPDX-License-Identifier: MIT
// room: recall. One call from a query to ranked nodes: the memory finds, hits become seeds, a diffusion connects.
//
// Why:  this is what the room is for; each of its steps can be had alone, and none has to be.
// Laws: what `search` (or, with lambda below 1 or a least dispersion, `diverse`) and `recollect` yield one after the
//       other. A payload stands for a node if it is a node_id, has a `node`, or a function `meaning_of(payload)`
//       in its namespace says one; for an episode if it has a `pattern()`. Those of episodes are read while
//       nothing may be erased.
// Cost: the sum of its steps.
//
//   auto const answer = recall::ask<runnel::stimulus>(notes, query, graph.node_count(), diffuse).value();
#pragma once

#include <concepts>
#include <cstddef>
#include <span>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include <runnel/core/reflect.hpp>
#include <runnel/recall/memory.hpp>
#include <runnel/recall/recollect.hpp>

namespace runnel::recall {

struct inquiry {
    wish nearest{}; ///< what the memory is asked
    double lambda =
        1; ///< relevance against redundancy of the hits, [0, 1]; 1: the nearest as they are
    double min_dispersion = 0; ///< between any two hits, [0, 1]; 0: off
    seeding seeds{};           ///< how hits become energy

    template <class Self, class F> static constexpr void visit(Self& self, F&& f) {
        static_assert(arity_is<inquiry, 4>, "recall: a setting is missing from this walk");
        f("k", self.nearest.k);
        f("effort", self.nearest.effort);
        f("lambda", self.lambda);
        f("min_dispersion", self.min_dispersion);
        f("seeds", self.seeds);
    }
    [[nodiscard]] constexpr status validate() const noexcept {
        if (auto const ok = seeds.validate(); !ok) return ok;
        return diversity{.k = nearest.k, .lambda = lambda, .min_dispersion = min_dispersion}
            .validate();
    }
};

namespace detail {
template <class Payload>
[[nodiscard]] meaning meaning_of_payload(hit found, Payload const& payload) {
    if constexpr (std::same_as<Payload, node_id>)
        return {.found = found, .node = payload};
    else if constexpr (requires {
                           { meaning_of(payload) } -> std::convertible_to<node_id>;
                       })
        return {.found = found, .node = meaning_of(payload)};
    else if constexpr (requires {
                           { payload.node } -> std::convertible_to<node_id>;
                       })
        return {.found = found, .node = payload.node};
    else if constexpr (requires {
                           { payload.pattern() } -> std::convertible_to<std::span<held const>>;
                       })
        return {.found = found, .episode = payload.pattern()};
    else
        static_assert(
            std::same_as<Payload, node_id>,
            "recall: a payload that is to seed a diffusion is a node_id, has a member `node` or a "
            "function meaning_of(payload) that yields one, or has a pattern() as episodes have");
}
} // namespace detail

/// What entries that were found stand for, so that any search can seed: `recollect(meanings_of(notes, found), ...)`. How
/// strongly an entry seeds follows from its score where it has one, and from its similarity otherwise. Entries that are
/// gone are left out; episodes are read where they are, while nothing may be erased.
template <class Memory, class Found>
[[nodiscard]] std::vector<meaning> meanings_of(Memory const& memory, Found const& found) {
    std::vector<meaning> hits;
    hits.reserve(found.size());
    for (auto const& one : found) {
        float of;
        if constexpr (std::same_as<std::remove_cvref_t<decltype(one)>, scored>)
            of = static_cast<float>(one.score);
        else
            of = one.similarity;
        static_cast<void>(memory.read(one.entry, [&](auto const& payload) {
            hits.push_back(detail::meaning_of_payload({one.entry, of}, payload));
        }));
    }
    return hits;
}

/// `exists`, `diffuse` and `rerank` as `recollect` takes them.
template <
    class Stimulus = seed, class Memory, tells_nodes Exists, class Diffuser,
    class Reranker = as_ranked>
[[nodiscard]] auto ask(
    Memory const& memory, std::span<float const> query, Exists const& exists, Diffuser&& diffuse,
    inquiry const& how = {}, Reranker&& rerank = {}) {
    std::vector<meaning> hits;
    search_info searched;
    auto const find = [&]() -> status {
        if (auto const ok = how.validate(); !ok) return ok;
        if (how.lambda < 1 || how.min_dispersion > 0) {
            auto const found = memory.diverse(
                query,
                {.k = how.nearest.k, .lambda = how.lambda, .min_dispersion = how.min_dispersion},
                how.nearest.effort);
            if (!found) return found.error();
            searched = found->info;
            hits = meanings_of(memory, *found);
        } else {
            auto const found = memory.search(query, how.nearest);
            if (!found) return found.error();
            searched = found->info;
            hits = meanings_of(memory, *found);
        }
        return {};
    };
    status const found = find();
    using whole = decltype(recollect<Stimulus>(
        std::span<meaning const>{hits}, exists, diffuse, how.seeds, rerank));
    if (!found) return whole{found.error()};
    auto made = recollect<Stimulus>(
        std::span<meaning const>{hits}, exists, std::forward<Diffuser>(diffuse), how.seeds,
        std::forward<Reranker>(rerank));
    if (made) made->searched = searched;
    return made;
}

} // namespace runnel::recall
