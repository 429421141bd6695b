// SPDX-License-Identifier: MIT
// One line of thought: a question becomes seeds and a goal, energy spreads, notes rank by what they received.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include <runnel/cost.hpp>
#include <runnel/credit.hpp>
#include <runnel/engine.hpp>
#include <runnel/event.hpp>

#include "settings.hpp"
#include "web.hpp"

namespace ask {

struct seed {
    runnel::node_id node{};
    double amount = 0;
};
struct hit {
    std::uint32_t note = 0;
    runnel::credit::quanta received = 0;
};
struct answer {
    std::vector<bm25::hit> plain;
    std::vector<hit> found;
    std::vector<seed> seeds;
    std::uint64_t links_scored = 0;
    double plain_us = 0;     ///< plain search alone
    double diffusion_us = 0; ///< from an empty field to the last tick
    double whole_us = 0;     ///< from the question to both rankings
};

/// `More` are sinks that hear what happens beside the recorder of flows. Many askers may share one web, each in a thread
/// of its own, while nobody teaches it.
template <class... More> class asker {
    using clock = std::chrono::steady_clock;

public:
    asker(web const& of, all_settings const& how, More&... more)
        : web_(&of),
          how_(how.own),
          now_(context_of(of)),
          engine_(made(of, how, now_, ears{flow_, more...}).value()),
          run_(engine_) {}
    asker(asker const&) = delete;
    asker& operator=(asker const&) = delete;

    /// What settings have wrong for these notes, if anything.
    [[nodiscard]] static runnel::status check(web const& of, all_settings const& how) {
        auto const now = context_of(of);
        auto const engine = made(of, how, now, runnel::event::none{});
        if (!engine) return engine.error();
        return {};
    }

    /// Plain search alone.
    [[nodiscard]] answer plain(std::string_view question, std::size_t most) const {
        auto const begin = clock::now();
        answer out;
        out.plain = web_->plain(terms_of(question, web_->words), most);
        out.plain_us = us(clock::now() - begin);
        out.whole_us = out.plain_us;
        return out;
    }
    /// Both rankings, `most` of each.
    answer operator()(std::string_view question, std::size_t most) {
        auto const begin = clock::now();
        answer out;
        auto const terms = terms_of(question, web_->words);
        out.plain = web_->plain(terms, std::max<std::size_t>(most, how_.seeds.plain));
        out.plain_us = us(clock::now() - begin);
        seed_from(terms, out);
        if (out.plain.size() > most) out.plain.resize(most);
        auto const goal = web_->meaning(terms);
        now_.goal(is_zero(goal) ? std::span<float const>{} : std::span<float const>{goal}).value();

        auto const from = clock::now();
        spread(out);
        auto const end = clock::now();
        rank(most, out);
        out.diffusion_us = us(end - from);
        out.whole_us = us(clock::now() - begin);
        return out;
    }
    /// Where a note's energy came from, as of the last question.
    [[nodiscard]] runnel::credit::origin why(std::size_t note) {
        return runnel::credit::provenance{flow_}.of_received(web_->node_of_note(note));
    }

private:
    [[nodiscard]] static runnel::cost::context context_of(web const& of) {
        runnel::cost::context now{of.memory.graph};
        now.count_links(); // what `cost.hub` looks at
        return now;
    }
    using ears = runnel::event::tee<
        runnel::event::reference<runnel::credit::flow_recorder>, runnel::event::reference<More>...>;
    template <class Ears>
    [[nodiscard]] static auto made(
        web const& of, all_settings const& how, runnel::cost::context const& now,
        Ears const& heard) {
        return runnel::make_engine(
            of.memory.graph, of.memory.store, how.engine,
            runnel::pipeline{}
                .with_cost(runnel::cost::log_additive{now, how.cost})
                .with_sink(Ears{heard})); // by value: what is named is held by reference
    }
    using engine_type =
        std::remove_cvref_t<decltype(made(
                                         std::declval<web const&>(), {},
                                         std::declval<runnel::cost::context const&>(),
                                         std::declval<ears const&>())
                                         .value())>;

    [[nodiscard]] static double us(clock::duration passed) noexcept {
        return std::chrono::duration<double, std::micro>(passed).count();
    }
    [[nodiscard]] static bool is_zero(std::vector<float> const& vector) noexcept {
        for (float const x : vector)
            if (x != 0) return false;
        return true;
    }
    /// The longest phrases of the question, the rarer the more, and what plain search finds.
    void seed_from(std::vector<term> const& terms, answer& out) const {
        auto const give = [&](runnel::node_id node, double units) {
            for (seed& s : out.seeds)
                if (s.node == node) {
                    s.amount += units;
                    return;
                }
            out.seeds.push_back({node, units});
        };
        double phrases = 0;
        auto const rarity = [&](std::uint32_t p) {
            return 1 / static_cast<double>(web_->phrases.all()[p].notes.size());
        };
        web_->phrases.longest_in(
            terms, [&](std::uint32_t p, std::size_t) { phrases += rarity(p); });
        web_->phrases.longest_in(terms, [&](std::uint32_t p, std::size_t) {
            give(web_->node_of_phrase(p), rarity(p) / phrases);
        });
        double scores = 0;
        std::size_t const plain = std::min<std::size_t>(how_.seeds.plain, out.plain.size());
        for (std::size_t i = 0; i < plain; ++i) scores += out.plain[i].score;
        for (std::size_t i = 0; i < plain; ++i)
            give(
                web_->node_of_note(out.plain[i].note),
                how_.seeds.plain_weight * out.plain[i].score / scores);
        std::erase_if(out.seeds, [](seed const& s) { return !(s.amount > 0); });
        double all = 0;
        for (seed const& s : out.seeds) all += s.amount;
        for (seed& s : out.seeds) s.amount /= all;
    }
    void spread(answer& out) {
        run_.reset();
        flow_.clear();
        for (seed const& s : out.seeds) run_.inject(s.node, s.amount).value();
        for (std::uint32_t t = 0; t < how_.ticks; ++t)
            out.links_scored += run_.tick().value().costs_computed;
    }
    void rank(std::size_t most, answer& out) const {
        for (std::size_t look = most * 8 + 64;; look *= 4) {
            auto const top = run_.top(look);
            out.found.clear();
            for (auto const& one : top) {
                if (out.found.size() == most || !(one.received > 0)) break;
                if (web_->is_note(one.node))
                    out.found.push_back(
                        {static_cast<std::uint32_t>(runnel::index(one.node)),
                         runnel::credit::in_quanta(one.received)});
            }
            if (out.found.size() == most) return;
            if (top.size() < look) break;
        }
        // Behind them notes that energy was put on and none came to: they stand alone.
        std::vector<seed> alone;
        for (seed const& s : out.seeds)
            if (web_->is_note(s.node) && !(run_.received(s.node) > 0)) alone.push_back(s);
        std::sort(alone.begin(), alone.end(), [](seed const& a, seed const& b) {
            return a.amount != b.amount ? a.amount > b.amount : a.node < b.node;
        });
        for (seed const& s : alone)
            if (out.found.size() < most)
                out.found.push_back({static_cast<std::uint32_t>(runnel::index(s.node)), 0});
    }

    web const* web_;
    settings how_;
    runnel::cost::context now_;
    runnel::credit::flow_recorder flow_;
    engine_type engine_;
    runnel::session<engine_type> run_;
};

} // namespace ask
