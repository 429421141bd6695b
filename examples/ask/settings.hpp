// SPDX-License-Identifier: MIT
// Every number of this program that can be turned, with its default.
#pragma once

#include <cstdint>

#include <runnel/core/reflect.hpp>
#include <runnel/engine/presets.hpp>

#include "phrases.hpp"

namespace ask {

/// Where energy is put.
struct seed_settings {
    std::uint32_t plain = 3;  ///< so many of the notes plain search finds
    double plain_weight = 1.5;  ///< what they get together, where the phrases of the question get 1

    friend bool operator==(seed_settings const&, seed_settings const&) = default;
    template <class Self, class F> static constexpr void visit(Self& self, F&& f) {
        static_assert(runnel::arity<seed_settings>() == 2);
        f("plain", self.plain);
        f("plain_weight", self.plain_weight);
    }
};

struct settings {
    std::uint32_t dimension = 128; ///< of the embeddings
    std::uint32_t ticks = runnel::presets::associate().ticks;
    double phrase_links = 0; ///< weight of links between a phrase and a longer one it stands in; 0: none
    phrase_settings phrases{};
    seed_settings seeds{};

    friend bool operator==(settings const&, settings const&) = default;
    template <class Self, class F> static constexpr void visit(Self& self, F&& f) {
        static_assert(runnel::arity<settings>() == 5);
        f("dimension", self.dimension);
        f("ticks", self.ticks);
        f("phrase_links", self.phrase_links);
        f("phrases", self.phrases);
        f("seeds", self.seeds);
    }
};

/// The preset for retrieval, but a node sends only from a hundredth of all energy on: on the questions about the built-in
/// notes that is better than smaller thresholds, and an eighth of the links is looked at.
inline runnel::preset diffusion() {
    runnel::preset p = runnel::presets::associate();
    p.engine.threshold = .01;
    return p;
}

} // namespace ask
