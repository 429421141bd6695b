// SPDX-License-Identifier: MIT
// Random writes against the model: rows, heads, ties, names and places of links, stamps.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include <runnel/graph.hpp>

#include "graph/cases.hpp"
#include "support/catch.hpp"
#include "support/law.hpp"

using namespace graph_test;

namespace {

/// How many rows took the way of single moves and how many were sorted anew: both must be tried.
struct ways {
    std::size_t short_rows = 0;
    std::size_t long_rows = 0;
    void count(std::vector<runnel::batch> const& batches) {
        std::map<runnel::node_id, std::size_t> wishes;
        for (auto const& b : batches)
            for (auto const& change : b.changes) ++wishes[change.source];
        for (auto const& [node, n] : wishes) ++(n <= 8 ? short_rows : long_rows);
    }
};

void compare(law::gen& g, runnel::graph::built const& b, model const& should) {
    std::string const wrong = difference(observe(b), should.expected());
    g.holds(wrong.empty(), wrong);
}

ways apply_and_compare(std::size_t cases, types kinds) {
    ways tried;
    law::for_all(cases, [&](law::gen& g) {
        said_graph const said = any_graph(g, 40, kinds);
        runnel::graph::built b = built(said);
        model should{said.nodes, said.links};
        for (auto rounds = g.integer(1, 3); rounds > 0 && !said.links.empty(); --rounds) {
            auto const batches = any_batches(g, b.graph, g.one_of<std::size_t>({3, 25}));
            tried.count(batches);
            g.holds(b.store.apply(batches).has_value(), "valid batches are taken");
            should.apply(batches);
            compare(g, b, should);
        }
        compare(g, b, should);
    });
    return tried;
}

} // namespace

TEST_CASE("after any batches a store of one link type equals the model", "[graph][store]") {
    ways const tried = apply_and_compare(900, types::one);
    CHECK(tried.short_rows > 500);
    CHECK(tried.long_rows > 500);
}

TEST_CASE("after any batches a store of several link types equals the model", "[graph][store]") {
    ways const tried = apply_and_compare(900, types::several);
    CHECK(tried.short_rows > 500);
    CHECK(tried.long_rows > 500);
}

TEST_CASE("after any settings a store equals the model", "[graph][store]") {
    law::for_all(700, [](law::gen& g) {
        said_graph const said = any_graph(g, 30, g.flag() ? types::several : types::one);
        runnel::graph::built b = built(said);
        model should{said.nodes, said.links};
        if (!said.links.empty()) {
            auto const settings = g.list(25, [&] {
                auto const link = g.integer(0U, b.graph.link_count() - 1, "link");
                auto const lw = any_raw(g);
                g.show("  lw", lw);
                return runnel::weight_setting{
                    runnel::link_id{link}, runnel::log_weight::from_raw(lw)};
            });
            g.holds(b.store.assign(settings).has_value(), "valid settings are taken");
            should.assign(settings);
        }
        compare(g, b, should);
    });
}

TEST_CASE("the order in which batches are passed changes nothing", "[graph][store]") {
    law::for_all(500, [](law::gen& g) {
        said_graph const said = any_graph(g, 20, g.flag() ? types::several : types::one);
        g.assume(!said.links.empty());
        runnel::graph::built first = built(said);
        runnel::graph::built second = built(said);
        auto batches = any_batches(g, first.graph, 12);
        g.holds(first.store.apply(batches).has_value(), "valid batches are taken");
        g.shuffle(batches);
        g.holds(second.store.apply(batches).has_value(), "in any order");
        std::string const wrong = difference(observe(second), observe(first));
        g.holds(wrong.empty(), wrong);
    });
}

TEST_CASE("one call with many batches equals many calls in their order", "[graph][store]") {
    law::for_all(300, [](law::gen& g) {
        said_graph const said = any_graph(g, 20, types::several);
        g.assume(!said.links.empty());
        runnel::graph::built whole = built(said);
        runnel::graph::built singly = built(said);
        auto batches = any_batches(g, whole.graph, 12);
        g.holds(whole.store.apply(batches).has_value(), "taken at once");
        std::sort(batches.begin(), batches.end(), [](auto const& a, auto const& b) {
            return std::pair{a.field, a.frame} < std::pair{b.field, b.frame};
        });
        for (auto const& batch : batches)
            g.holds(singly.store.apply({&batch, 1}).has_value(), "and one by one");
        facts a = observe(whole);
        facts b = observe(singly);
        for (facts* all : {&a, &b})
            for (node_fact& n : all->nodes)
                n.stamp = 0; // a stamp counts calls that changed the row
        std::string const wrong = difference(a, b);
        g.holds(wrong.empty(), wrong);
    });
}

TEST_CASE("a graph built from the weights after a write has the same rows", "[graph][store]") {
    law::for_all(500, [](law::gen& g) {
        said_graph said = any_graph(g, 30, g.flag() ? types::several : types::one);
        // Parallels that overtake each other would change names: here every (to, type) is said once.
        std::map<std::tuple<std::uint32_t, std::uint32_t, std::uint16_t>, said_link> unique;
        for (said_link const& l : said.links) unique.insert({{l.from, l.to, l.type}, l});
        said.links.clear();
        for (auto const& [ends, link] : unique) said.links.push_back(link);
        g.assume(!said.links.empty());

        runnel::graph::built b = built(said);
        auto const batches = any_batches(g, b.graph, 25);
        g.holds(b.store.apply(batches).has_value(), "valid batches are taken");
        for (std::uint32_t i = 0; i < said.links.size(); ++i)
            said.links[i].lw = b.store.lw(node_at(said.links[i].from), runnel::link_id{i}).raw();
        facts after = observe(b);
        for (node_fact& n : after.nodes) n.stamp = 0;
        std::string const wrong = difference(after, observe(built(said)));
        g.holds(wrong.empty(), wrong);
    });
}

TEST_CASE("a graph built from parallels after a write has the same weights", "[graph][store]") {
    law::for_all(300, [](law::gen& g) {
        said_graph said = any_graph(g, 30, types::several);
        g.assume(!said.links.empty());
        runnel::graph::built b = built(said);
        g.holds(b.store.apply(any_batches(g, b.graph, 25)).has_value(), "taken");
        facts after = observe(b);
        for (std::size_t i = 0; i < said.links.size(); ++i) {
            link_fact const& l = after.links[i];
            said.links[i] = {l.from, l.to, l.type, l.lw};
        }
        facts again = observe(built(said));
        auto const forget_names = [](facts& all) {
            for (node_fact& n : all.nodes) {
                n.stamp = 0;
                n.loops.clear(); // self loops keep the place they had
                for (row_fact& l : n.row) l.link = 0;
                for (row_fact& l : n.tied) l.link = 0;
                n.best.link = 0;
            }
            all.links.clear();
        };
        forget_names(after);
        forget_names(again);
        std::string const wrong = difference(after, again);
        g.holds(wrong.empty(), wrong);
    });
}

TEST_CASE("a change that changes nothing leaves every stamp", "[graph][store]") {
    law::for_all(300, [](law::gen& g) {
        said_graph const said = any_graph(g, 20, types::several);
        g.assume(!said.links.empty());
        runnel::graph::built b = built(said);
        runnel::batch quiet;
        quiet.changes = g.list(20, [&] {
            runnel::weight_change change = any_change(g, b.graph);
            auto const now = b.store.lw(change.source, change.link);
            // Either no delta, or a clamp that already holds in the delta's direction.
            if (g.flag())
                change.delta = 0;
            else if (change.delta > 0)
                change.high = change.low = now;
            else
                change.low = change.high = now;
            return change;
        });
        facts const before = observe(b);
        g.holds(b.store.apply({&quiet, 1}).has_value(), "taken");
        std::string const wrong = difference(observe(b), before);
        g.holds(wrong.empty(), wrong);
    });
}

TEST_CASE("there and back in one call leaves the stamp", "[graph][store]") {
    law::for_all(300, [](law::gen& g) {
        said_graph said = any_graph(g, 20, types::several);
        g.assume(!said.links.empty());
        for (said_link& l : said.links) l.lw /= 2; // room on both sides
        runnel::graph::built b = built(said);
        auto const link = runnel::link_id{g.integer(0U, b.graph.link_count() - 1, "link")};
        std::int64_t const delta = g.integer(-(1 << 29), 1 << 29, "delta");
        runnel::batch both;
        both.changes = {{b.graph.source(link), link, delta}, {b.graph.source(link), link, -delta}};
        facts const before = observe(b);
        g.holds(b.store.apply({&both, 1}).has_value(), "taken");
        std::string const wrong = difference(observe(b), before);
        g.holds(wrong.empty(), wrong);
    });
}
