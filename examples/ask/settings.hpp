// SPDX-License-Identifier: MIT
// Every number of this program that can be turned, with its default.
#pragma once

#include <cstdint>
#include <string_view>

#include <runnel/core/reflect.hpp>
#include <runnel/core/result.hpp>
#include <runnel/engine/presets.hpp>

#include "phrases.hpp"

namespace ask {

/// Where energy is put.
struct seed_settings {
    std::uint32_t plain = 3;   ///< so many of the notes plain search finds
    double plain_weight = 1.5; ///< what they get together, where the phrases of the question get 1

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
    double phrase_links =
        0; ///< weight of links between a phrase and a longer one it stands in; 0: none
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
    [[nodiscard]] runnel::status validate() const {
        auto const bad = [](std::string_view sentence) {
            return runnel::fault{runnel::fault_kind{"ask.bad_setting", sentence}};
        };
        if (dimension == 0 || dimension > 4096) return bad("ask.dimension must lie in [1, 4096]");
        if (ticks == 0) return bad("ask.ticks must be at least 1");
        if (!(phrase_links >= 0 && phrase_links <= 1e6))
            return bad("ask.phrase_links must lie in [0, 1000000]");
        if (phrases.least_notes == 0) return bad("ask.phrases.least_notes must be at least 1");
        if (!(phrases.most_share >= 0 && phrases.most_share <= 1))
            return bad("ask.phrases.most_share must lie in [0, 1]");
        if (!(seeds.plain_weight >= 0 && seeds.plain_weight <= 1e6))
            return bad("ask.seeds.plain_weight must lie in [0, 1000000]");
        return {};
    }
};

/// All that can be turned: the engine's settings by their own names, the cost's behind "cost.", ours behind "ask.". The
/// preset for retrieval, but a node sends only from a hundredth of all energy on: on the questions about the built-in notes
/// that is better than smaller thresholds, and an eighth of the links is looked at.
struct all_settings {
    runnel::config engine = [] {
        runnel::config c = runnel::presets::associate().engine;
        c.threshold = .01;
        return c;
    }();
    runnel::cost::config cost = runnel::presets::associate().cost;
    settings own{};

    template <class Self, class F> static constexpr void visit(Self& self, F&& f) {
        static_assert(runnel::arity<all_settings>() == 3);
        runnel::config::visit(self.engine, f);
        f("cost", self.cost);
        f("ask", self.own);
    }
};

} // namespace ask
