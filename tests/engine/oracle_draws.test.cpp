// SPDX-License-Identifier: MIT
// Several links drawn among equals, seen from outside: evenly, repeatably, and whoever listens.
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include <runnel/runnel.hpp>

#include "engine/drawn_case.hpp"
#include "support/catch.hpp"
#include "support/law.hpp"

namespace {

using drawn::id_of;
using runnel::config;
using runnel::fanout::ties;

config sharing(ties rule, std::uint64_t seed) {
    config c{.alpha = 0x1p-10, .min_transfer = 0, .threshold = 1e-3, .seed = seed};
    c.fanout.ties = rule;
    c.split.enabled = c.split.all_kept = true;
    c.decay.base = 0;
    return c;
}

/// Node 0 with `heavy` links above a run of `equals`, over two link types.
runnel::graph::built star(std::size_t heavy, std::size_t equals) {
    runnel::graph::builder b;
    b.nodes(static_cast<std::uint32_t>(heavy + equals + 1));
    for (std::size_t i = 1; i <= heavy + equals; ++i)
        b.log_link(
            {id_of(0), id_of(i),
             runnel::log_weight::from_raw(i <= heavy ? 100 + static_cast<int>(i) : 7),
             runnel::link_type{static_cast<std::uint16_t>(i % 2)}});
    return std::move(b).build().value();
}

/// How often each node was reached from node 0, which is given new energy each frame.
std::vector<std::size_t> reached(
    runnel::graph::built const& built, config const& c, std::size_t frames) {
    std::vector<std::size_t> times(built.graph.node_count());
    auto const count = [&times](runnel::event::stride_exec const& e) {
        if (index(e.source) == 0) ++times[index(e.target)];
    };
    auto const engine =
        runnel::make_engine(built.graph, built.store, c, runnel::pipeline{}.with_sink(count))
            .value();
    auto field = engine.make_field();
    for (std::size_t i = 0; i < frames; ++i) {
        engine.inject(field, id_of(0), 1).value();
        engine.tick(field).value();
    }
    return times;
}

/// Energies after some frames; nothing is drawn on the way, so twins see the same.
template <class Amount = runnel::energy, class Policies = runnel::pipeline<>>
std::vector<double> after(
    runnel::graph::built const& built, config const& c, std::vector<double> const& injected,
    Policies policies = {}) {
    auto const engine = runnel::make_engine(built.graph, built.store, c, policies).value();
    auto field = engine.template make_field<Amount>();
    for (std::size_t n = 0; n < injected.size(); ++n)
        engine.inject(field, id_of(n), injected[n]).value();
    for (int frame = 0; frame < 6; ++frame) engine.tick(field, {.headroom = .1}).value();
    std::vector<double> all;
    for (std::size_t n = 0; n < injected.size(); ++n) all.push_back(field.energy_of(id_of(n)));
    return all;
}

struct everything {
    std::size_t* events;
    void operator()(runnel::event::stride_exec const&) const { ++*events; }
    void operator()(runnel::event::stride_selection const&) const { ++*events; }
};

} // namespace

TEST_CASE("k of a run of equals: each is kept as often as any", "[engine][oracle][fanout]") {
    struct shape {
        std::size_t heavy;
        std::size_t equals;
    };
    for (auto const s : {shape{0, 12}, shape{0, 60}, shape{2, 20}, shape{4, 9}}) {
        auto const built = star(s.heavy, s.equals);
        std::size_t const drawn = 5 - s.heavy; // a hub looks at five
        std::size_t const frames = 200 * s.equals;
        auto const times = reached(built, sharing(ties::sampled, 11 + s.equals), frames);
        CAPTURE(s.heavy, s.equals);
        for (std::size_t n = 1; n <= s.heavy; ++n) CHECK(times[n] == frames);
        double const chance = static_cast<double>(drawn) / static_cast<double>(s.equals);
        double const mean = chance * static_cast<double>(frames);
        double chi2 = 0;
        for (std::size_t n = s.heavy + 1; n < times.size(); ++n) {
            double const off = static_cast<double>(times[n]) - mean;
            chi2 += off * off / (mean * (1 - chance));
        }
        double const freedom = static_cast<double>(s.equals - 1);
        chi2 *= freedom / static_cast<double>(s.equals); // drawn without putting back
        CHECK(chi2 < freedom + 5 * std::sqrt(2 * freedom));
        CHECK(chi2 > freedom - 5 * std::sqrt(2 * freedom));
    }
}

TEST_CASE("by_id and fixed keep the same few in every frame", "[engine][oracle][fanout]") {
    auto const built = star(0, 40);
    std::size_t const frames = 50;
    for (auto const rule : {ties::by_id, ties::fixed}) {
        std::size_t ever = 0;
        for (std::size_t const n : reached(built, sharing(rule, 3), frames)) {
            CHECK((n == 0 || n == frames));
            ever += n != 0 ? 1 : 0;
        }
        CHECK(ever == 5);
    }
    auto const first = reached(built, sharing(ties::by_id, 3), 1);
    for (std::size_t n = 2; n <= 10; n += 2) CHECK(first[n] == 1); // type 0 stands first
    CHECK(
        reached(built, sharing(ties::sampled, 3), frames)
        != reached(built, sharing(ties::by_id, 3), frames));
    CHECK(
        reached(built, sharing(ties::sampled, 3), frames)
        != reached(built, sharing(ties::sampled, 4), frames));
}

TEST_CASE(
    "draws are the same however it is kept, and whoever listens",
    "[engine][oracle][fanout][split]") {
    std::size_t heard = 0;
    std::size_t drew = 0;
    law::for_all(1'500, [&](law::gen& g) {
        auto w = drawn::a_world(g, drawn::weights::few, 24);
        for (auto n = g.choose(30); n > 0; --n)
            w.links.push_back({0, g.choose(w.size() - 1), 0, static_cast<unsigned>(g.choose(2))});
        auto const rule = g.one_of({ties::sampled, ties::fixed});
        w.settings = sharing(rule, g.choose(~std::uint64_t{0}));
        w.settings.alpha = .1;
        w.settings.decay.flush_below = 0;
        w.settings.split.all_kept = g.flag("all kept");
        auto const built = w.build();
        std::vector<double> injected;
        for (std::size_t n = 0; n < w.size(); ++n) injected.push_back(g.real(0, 3));

        auto const paged = after(built, w.settings, injected);
        g.holds(after(built, w.settings, injected) == paged, "same seed, same bits");
        auto const listened =
            after(built, w.settings, injected, runnel::pipeline{}.with_sink(everything{&heard}));
        g.holds(listened == paged, "whoever listens, same bits");
        auto dense = w.settings;
        dense.storage = runnel::storage::dense;
        g.holds(after(built, dense, injected) == paged, "paged and dense, same bits");
        auto const doubles = after<double>(built, w.settings, injected);
        for (std::size_t n = 0; n < w.size(); ++n)
            g.holds(std::abs(doubles[n] - paged[n]) <= 1e-8, "doubles stay close");
        auto in_order = w.settings;
        in_order.fanout.ties = ties::by_id;
        if (after(built, in_order, injected) != paged) ++drew;
    });
    CHECK(heard > 10'000);
    CHECK(drew > 100);
}
