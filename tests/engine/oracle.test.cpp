// SPDX-License-Identifier: MIT
// The engine against the dense oracle: the same bits after every call, on random small worlds.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string_view>
#include <utility>
#include <vector>

#include <runnel/runnel.hpp>

#include "engine/drawn_case.hpp"
#include "engine/drawn_life.hpp"
#include "oracle/dense_frame.hpp"
#include "support/catch.hpp"
#include "support/law.hpp"

namespace {

using drawn::id_of;
using runnel::candidate;
using runnel::link_id;
using runnel::log_weight;
using runnel::node_id;
using runnel::node_type;
using runnel::out_link;

/// The links as the built graph numbers them.
std::vector<oracle::link> numbered(runnel::graph::built const& built) {
    std::vector<oracle::link> all;
    for (std::uint32_t i = 0; i < built.graph.link_count(); ++i) {
        link_id const id{i};
        node_id const from = built.graph.source(id);
        all.push_back(
            {index(from), index(built.graph.target(id)), built.store.lw(from, id).raw(),
             static_cast<unsigned>(built.graph.type(id))});
    }
    return all;
}

/// A cost that has nothing to do with the weight order, many equals, and links never to be taken.
double odd_cost(std::size_t from, std::size_t to, std::int32_t lw) {
    if ((from + to) % 4 == 3) return std::numeric_limits<double>::infinity();
    return static_cast<double>((from * 7 + to * 3) % 5) + static_cast<double>(lw % 3) - 3;
}

/// A graph somebody else owns: a vector of links per node, in any order, and nothing optional.
struct plain_rows {
    std::vector<std::vector<out_link>> out;
    std::vector<node_type> types;

    [[nodiscard]] std::uint32_t node_count() const {
        return static_cast<std::uint32_t>(types.size());
    }
    [[nodiscard]] std::uint32_t degree(node_id n) const {
        return static_cast<std::uint32_t>(out[index(n)].size());
    }
    [[nodiscard]] std::vector<out_link> const& links(node_id n) const { return out[index(n)]; }
    [[nodiscard]] node_type type(node_id n) const { return types[index(n)]; }
    [[nodiscard]] runnel::version stamp(node_id) const { return {}; }
    [[nodiscard]] bool ordered(node_id) const { return false; }
};

} // namespace

TEST_CASE("every call leaves the bits the oracle has", "[engine][oracle]") {
    law::for_all(10'000, [](law::gen& g) {
        auto const w = drawn::a_world(g);
        auto const built = w.build();
        auto const engine = runnel::make_engine(built.graph, built.store, w.settings).value();
        drawn::lives(g, engine, w.oracle(), w);
    });
}

TEST_CASE("every call leaves the oracle's bits across pages too", "[engine][oracle]") {
    law::for_all(250, [](law::gen& g) {
        auto const w = drawn::a_world(g, drawn::weights::few, 400);
        auto const built = w.build();
        auto const engine = runnel::make_engine(built.graph, built.store, w.settings).value();
        drawn::lives(g, engine, w.oracle(), w);
    });
}

TEST_CASE("without equals the rule for equals changes no bit", "[engine][oracle]") {
    law::for_all(2'000, [](law::gen& g) {
        auto w = drawn::a_world(g, drawn::weights::distinct);
        w.settings.fanout.ties =
            g.one_of({runnel::fanout::ties::sampled, runnel::fanout::ties::fixed}, "fixed");
        w.settings.seed = g.choose(~std::uint64_t{0});
        auto const built = w.build();
        auto const engine = runnel::make_engine(built.graph, built.store, w.settings).value();
        drawn::lives(g, engine, w.oracle(), w);
    });
}

TEST_CASE("weights written between frames count from the next frame on", "[engine][oracle]") {
    law::for_all(2'000, [](law::gen& g) {
        auto const w = drawn::a_world(g);
        auto built = w.build();
        auto const& store = built.store;
        auto const engine = runnel::make_engine(built.graph, store, w.settings).value();
        auto links = numbered(built);
        drawn::lives(g, engine, w.oracle(), w, [&](oracle::dense_field& dense) {
            if (links.empty()) return;
            std::vector<runnel::weight_setting> const settings = g.list(3, [&] {
                std::size_t const i = g.choose(links.size() - 1);
                links[i].lw = g.integer(-3, 3, "new lw") * (1 << 24);
                return runnel::weight_setting{
                    link_id{static_cast<std::uint32_t>(i)}, log_weight::from_raw(links[i].lw)};
            });
            built.store.assign(settings).value();
            dense.reweigh(links);
        });
    });
}

TEST_CASE("a cost of one's own chooses as the oracle does", "[engine][oracle]") {
    law::for_all(2'000, [](law::gen& g) {
        auto w = drawn::a_world(g);
        w.settings.fanout.reduction = runnel::fanout::reduction::none;
        auto const built = w.build();
        auto const by_cost = runnel::pipeline{}.with_cost([](candidate const& c) {
            return odd_cost(index(c.source), index(c.target), c.lw.raw());
        });
        auto const engine =
            runnel::make_engine(built.graph, built.store, w.settings, by_cost).value();
        auto rules = w.rules();
        rules.cost = [](oracle::link const& l) { return odd_cost(l.from, l.to, l.lw); };
        drawn::lives(g, engine, {rules, w.links, w.size()}, w);
    });
}

TEST_CASE("a graph of one's own is read like ours", "[engine][oracle]") {
    law::for_all(2'000, [](law::gen& g) {
        auto w = drawn::a_world(g, drawn::weights::distinct);
        std::fill(w.own_threshold.begin(), w.own_threshold.end(), -1.0);
        plain_rows rows{{}, w.types};
        rows.out.resize(w.size());
        for (oracle::link const& l : w.links)
            if (l.from != l.to)
                rows.out[l.from].push_back(
                    {id_of(l.to),
                     log_weight::from_raw(l.lw),
                     {},
                     runnel::link_type{static_cast<std::uint16_t>(l.type)}});
        auto const engine = runnel::make_engine(rows, w.settings).value();
        drawn::lives(g, engine, w.oracle(), w);
    });
}
