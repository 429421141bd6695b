// SPDX-License-Identifier: MIT
// Rows so long that single writes cut them into blocks, against the model: whatever comes after whatever.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <new>
#include <string>
#include <vector>

#include <runnel/graph.hpp>

#include "graph/cases.hpp"
#include "support/allocations.hpp"
#include "support/catch.hpp"
#include "support/law.hpp"

using namespace graph_test;
using runnel::link_id;
using runnel::log_weight;

namespace {

struct subject {
    runnel::graph::built b;
    model should;
    std::vector<std::uint32_t> row; // the links of node 0, loops too

    static subject any(law::gen& g) {
        said_graph const said = tall_graph(g, g.flag() ? types::several : types::one);
        subject s{built(said), model{said.nodes, said.links}, {}};
        for (std::uint32_t i = 0; i < s.b.graph.link_count(); ++i)
            if (s.b.graph.source(link_id{i}) == node_at(0)) s.row.push_back(i);
        return s;
    }
    /// What readers say of the first nodes; the others have no links.
    void compare(law::gen& g) const {
        facts is;
        facts all = should.expected();
        for (std::uint32_t n = 0; n < 6; ++n)
            is.nodes.push_back(observe(b.graph, b.store, node_at(n)));
        all.nodes.resize(6);
        is.links = observe_links();
        std::string const wrong = difference(is, all);
        g.holds(wrong.empty(), wrong);
        each_run_walks(g);
    }
    void each_run_walks(law::gen& g) const {
        std::vector<row_fact> left = observe(b.graph, b.store, node_at(0)).row;
        std::stable_sort(left.begin(), left.end(), [](row_fact const& a, row_fact const& c) {
            return a.lw > c.lw;
        });
        runnel::run_scratch scratch;
        std::size_t at = 0;
        b.store.each_run(node_at(0), scratch, [&](runnel::equal_links const& run) {
            for (std::uint32_t i = 0; i < run.count(); ++i, ++at)
                g.holds(
                    at < left.size() && fact_of(b.store, node_at(0), run[i]) == left[at],
                    "runs are the row by weight");
            return true;
        });
        g.holds(at == left.size(), "all of it");
    }
    [[nodiscard]] std::vector<link_fact> observe_links() const {
        std::vector<link_fact> links;
        for (std::uint32_t i = 0; i < b.graph.link_count(); ++i) {
            link_id const link{i};
            runnel::node_id const from = b.graph.source(link);
            links.push_back(
                {number(from), number(b.graph.target(link)),
                 static_cast<std::uint16_t>(b.graph.type(link)), b.store.lw(from, link).raw(),
                 number(b.store.place(from, link))});
        }
        return links;
    }
    void set(law::gen& g, std::uint32_t link, std::int64_t raw) {
        std::int64_t const most = raw_limits::max();
        std::int64_t const least = raw_limits::min();
        auto const lw =
            log_weight::from_raw(static_cast<std::int32_t>(std::clamp(raw, least, most)));
        runnel::weight_setting const setting{link_id{link}, lw};
        g.holds(b.store.assign({setting}).has_value(), "a setting is taken");
        should.assign({&setting, 1});
    }
};

/// How the weight that a link gets is found.
enum class aim { any, head, bottom, one_spot, falling_into_a_gap, equal_to_another, a_step };

/// Links chosen at random, aimed at one thing.
template <class Then> void burst(law::gen& g, subject& s, std::size_t writes, Then&& after_each) {
    auto const at = static_cast<aim>(g.integer(0, 6, "aim"));
    law::gen draws{g.integer(std::uint64_t{0}, ~std::uint64_t{0}, "seed of the burst")};
    auto const any_link = [&] { return s.row[draws.choose(s.row.size() - 1)]; };
    std::int64_t const spot = s.should.lw(any_link());
    std::int64_t const head = s.b.store.best(node_at(0)).lw.raw();
    for (std::int64_t i = 1; i <= static_cast<std::int64_t>(writes); ++i) {
        std::uint32_t const link = any_link();
        std::int64_t lw = s.should.lw(link);
        switch (at) {
        case aim::any: lw = draws.integer(raw_limits::min(), raw_limits::max()); break;
        case aim::head: lw = head + i; break;
        case aim::bottom: lw = -(std::int64_t{1} << 28) - i; break;
        case aim::one_spot: lw = spot + draws.integer(-3, 3); break;
        case aim::falling_into_a_gap: lw = spot - i; break;
        case aim::equal_to_another: lw = s.should.lw(any_link()); break;
        case aim::a_step: lw += draws.integer(-2, 2); break;
        }
        s.set(g, link, lw);
        after_each();
    }
}

} // namespace

TEST_CASE("after every single write of a tall row readers agree with the model", "[graph][tall]") {
    law::for_all(30, [](law::gen& g) {
        subject s = subject::any(g);
        for (auto rounds = g.integer(1, 3, "rounds"); rounds > 0; --rounds)
            burst(g, s, g.integer(std::size_t{1}, 20U, "writes"), [&] { s.compare(g); });
    });
}

TEST_CASE("after any writes of a tall row readers agree with the model", "[graph][tall]") {
    std::size_t sorted = 0;
    law::for_all(150, [&](law::gen& g) {
        subject s = subject::any(g);
        for (auto rounds = g.integer(1, 5, "rounds"); rounds > 0; --rounds) {
            switch (g.choose(3)) {
            case 0:
            case 1: burst(g, s, g.integer(std::size_t{1}, 600U, "writes"), [] {}); break;
            case 2: { // some moved one by one, some sorted with the row
                auto const batches =
                    any_batches(g, s.b.graph, g.one_of<std::size_t>({5, 30, 120}, "changes"));
                for (auto const& b : batches) sorted += b.changes.size() > 90 ? 1U : 0U;
                g.holds(s.b.store.apply(batches).has_value(), "batches are taken");
                s.should.apply(batches);
                break;
            }
            default: { // a part of the row at once
                runnel::batch b;
                law::gen draws{g.integer(std::uint64_t{0}, ~std::uint64_t{0}, "seed")};
                for (auto n = g.integer(1, 300, "at once"); n > 0; --n) {
                    auto const link = s.row[draws.choose(s.row.size() - 1)];
                    b.changes.push_back(
                        {node_at(0), link_id{link}, draws.integer(-(1 << 25), 1 << 25)});
                }
                sorted += b.changes.size() > 90 ? 1U : 0U;
                g.holds(s.b.store.apply({b}).has_value(), "a batch is taken");
                s.should.apply({&b, 1});
            }
            }
            s.compare(g);
        }
    });
    CHECK(sorted > 50);
}

TEST_CASE("a store that moves away keeps its tall rows", "[graph][tall]") {
    law::for_all(20, [](law::gen& g) {
        subject s = subject::any(g);
        burst(g, s, 50, [] {});
        subject other = subject::any(g);
        burst(g, other, 50, [] {});
        s.b = std::move(other.b);
        s.should = other.should;
        s.row = other.row;
        s.compare(g);
        burst(g, s, 50, [] {});
        s.compare(g);
    });
}

TEST_CASE("a tall row takes half as much again, as reported and as allocated", "[graph][tall]") {
    law::for_all(30, [](law::gen& g) {
        subject s = subject::any(g);
        support::allocation_watch const watch;
        std::size_t const unwritten = s.b.store.bytes();
        s.set(g, s.row[0], 3);
        std::size_t const links = s.b.graph.link_count();
        std::size_t const tables = links * 8 + s.b.graph.node_count() * 8;
        std::size_t const slack = s.b.store.bytes() - unwritten - tables;
        g.holds(slack <= links * 6 + 4096, "half of 12 bytes a link, and two blocks");
        if (support::counting())
            g.holds(
                watch.kept_bytes() == static_cast<std::ptrdiff_t>(s.b.store.bytes() - unwritten),
                "what is reported is what is allocated");
        std::size_t const written = s.b.store.bytes();
        burst(g, s, 300, [] {});
        // Another stretch may have become tall.
        g.holds(s.b.store.bytes() <= written + links * 6 + 4096, "no more than that");
    });
}

TEST_CASE("when memory runs out as a row becomes tall nothing is written", "[graph][tall]") {
    std::size_t failures = 0;
    law::for_all(20, [&](law::gen& g) {
        if (!support::counting()) return;
        said_graph const said = tall_graph(g, g.flag() ? types::several : types::one);
        runnel::graph::built const first = built(said);
        facts const before = observe(first);
        runnel::batch few;
        for (auto n = g.integer(1, 8, "changes"); n > 0; --n)
            few.changes.push_back(any_change(g, first.graph));
        bool const decayed = g.flag("decayed");
        for (std::size_t after = 0;; ++after) {
            runnel::graph::built b = built(said);
            if (decayed) g.holds(b.store.forget({.of_links = 1e-12}, 1).has_value(), "a little");
            std::size_t const bytes = b.store.bytes();
            bool threw = false;
            bool ran_out = false;
            {
                support::failing_allocation failing{after};
                try {
                    static_cast<void>(b.store.apply({few}));
                } catch (std::bad_alloc const&) { threw = true; }
                ran_out = failing.happened();
            }
            if (!ran_out) break;
            if (!threw) continue;
            ++failures;
            std::string const wrong = difference(observe(b), before);
            g.holds(wrong.empty(), wrong);
            g.holds(b.store.bytes() == bytes, "not even its memory grew");
            runnel::lease_reader reader = b.store.board().join();
            g.holds(reader.enter(), "the writer is out");
        }
    });
    if (support::counting()) CHECK(failures > 100);
}
