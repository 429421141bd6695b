// SPDX-License-Identifier: MIT
// room: recall. Every number a memory can be told.
//
// Why:  numbers in one place, each with its default, checked once; behaviour (index, policy, encoder, clock) is in
//       types.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include <runnel/core/reflect.hpp>
#include <runnel/recall/budget.hpp>
#include <runnel/recall/codes.hpp>
#include <runnel/recall/episode.hpp>
#include <runnel/recall/feedback.hpp>
#include <runnel/recall/hit.hpp>
#include <runnel/recall/hybrid.hpp>
#include <runnel/recall/query_cache.hpp>

namespace runnel::recall {

struct memory_config {
    std::size_t dimension = 0; ///< numbers of a vector, [1, 65536]; there is no default
    recall::metric metric = recall::metric::cosine; ///< what near means
    recall::coding coding =
        recall::coding::none;   ///< bytes: 3 times as fast where vectors exceed the cache
    recall::budget budget{};    ///< of bytes; off
    cache_config cache{};       ///< of answers
    feedback_config feedback{}; ///< how outcomes become utility
    quality_gate quality{};     ///< least quality of what is added, where one is given; off
    hybrid_weights hybrid{};    ///< what counts in `ranked`

    template <class Self, class F> static constexpr void visit(Self& self, F&& f) {
        static_assert(arity_is<memory_config, 8>, "recall: a setting is missing from this walk");
        f("dimension", self.dimension);
        f("metric", self.metric);
        f("coding", self.coding);
        f("budget", self.budget);
        f("cache", self.cache);
        f("feedback", self.feedback);
        f("quality", self.quality);
        f("hybrid", self.hybrid);
    }
    [[nodiscard]] constexpr status validate() const noexcept {
        if (dimension < 1 || dimension > 65536)
            return fault{
                fault_kind{faults::invalid_config.code, "recall.dimension must lie in [1, 65536]"},
                static_cast<std::uint64_t>(dimension)};
        if (metric > recall::metric::l2)
            return fault{
                fault_kind{faults::invalid_config.code, "recall.metric is no metric"},
                static_cast<unsigned>(metric)};
        if (coding > recall::coding::bytes)
            return fault{
                fault_kind{faults::invalid_config.code, "recall.coding is no coding"},
                static_cast<unsigned>(coding)};
        if (auto const ok = budget.validate(); !ok) return ok;
        if (auto const ok = cache.validate(); !ok) return ok;
        if (auto const ok = feedback.validate(); !ok) return ok;
        if (auto const ok = quality.validate(); !ok) return ok;
        return hybrid.validate();
    }
};

} // namespace runnel::recall
