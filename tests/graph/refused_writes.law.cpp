// SPDX-License-Identifier: MIT
// A refused write names the offender and leaves the store bit-identical, written to before or not.
#include <cstddef>
#include <cstdint>
#include <new>
#include <string>
#include <string_view>
#include <vector>

#include <runnel/graph.hpp>

#include "graph/cases.hpp"
#include "support/allocations.hpp"
#include "support/catch.hpp"
#include "support/law.hpp"

using namespace graph_test;
namespace faults = runnel::faults;

namespace {

/// A store, what it looked like, and batches it would take.
struct subject {
    runnel::graph::built b;
    std::vector<runnel::batch> batches;
    facts before;
    std::size_t bytes;

    static subject any(law::gen& g) {
        said_graph const said = any_graph(g, 12, g.flag() ? types::several : types::one);
        g.assume(!said.links.empty());
        subject s{built(said), {}, {}, 0};
        if (g.flag("written before"))
            g.holds(s.b.store.apply(any_batches(g, s.b.graph, 5)).has_value(), "valid");
        s.batches = any_batches(g, s.b.graph, 12);
        s.before = observe(s.b);
        s.bytes = s.b.store.bytes();
        return s;
    }
    void unchanged(law::gen& g) const {
        std::string const wrong = difference(observe(b), before);
        g.holds(wrong.empty(), wrong);
        g.holds(b.store.bytes() == bytes, "not even its memory grew");
    }
    /// Puts a change anywhere among the others; returns its position, counted over all batches.
    std::uint64_t plant(law::gen& g, runnel::weight_change const& bad) {
        auto const which = g.integer(std::size_t{0}, batches.size() - 1, "batch");
        auto& changes = batches[which].changes;
        auto const at = g.integer(std::size_t{0}, changes.size(), "at");
        changes.insert(changes.begin() + static_cast<std::ptrdiff_t>(at), bad);
        std::uint64_t position = at;
        for (std::size_t i = 0; i < which; ++i) position += batches[i].changes.size();
        return position;
    }
};

void refuses_change(
    runnel::fault_kind kind, runnel::weight_change (*make)(law::gen&, runnel::graph const&),
    std::string (*offender)(runnel::weight_change const&)) {
    law::for_all(300, [&](law::gen& g) {
        subject s = subject::any(g);
        auto const bad = make(g, s.b.graph);
        auto const position = s.plant(g, bad);
        auto const said = s.b.store.apply(s.batches);
        g.holds(!said, "refused");
        g.holds(said.error().is(kind), "by its kind");
        g.holds(said.error().offender() == offender(bad), "the offender is named");
        g.holds(said.error().position() == position, "and its place among all changes");
        s.unchanged(g);
        for (runnel::batch& b : s.batches)
            std::erase_if(b.changes, [&](auto const& c) {
                return c.source == bad.source && c.link == bad.link && c.delta == bad.delta;
            });
        g.holds(s.b.store.apply(s.batches).has_value(), "without it the rest is taken");
    });
}
std::string link_of(runnel::weight_change const& c) { return std::to_string(number(c.link)); }
std::string source_of(runnel::weight_change const& c) { return std::to_string(number(c.source)); }

constexpr std::int64_t marked = 4242; // a delta no other change has

} // namespace

TEST_CASE("a change of an unknown node is refused", "[graph][store]") {
    refuses_change(
        faults::unknown_node,
        [](law::gen& g, runnel::graph const& graph) {
            auto const nodes = graph.node_count();
            auto const source = g.flag() ? nodes : g.integer(nodes, ~0U, "source");
            return runnel::weight_change{node_at(source), runnel::link_id{0}, marked};
        },
        source_of);
}

TEST_CASE("a change of an unknown link is refused", "[graph][store]") {
    refuses_change(
        faults::unknown_link,
        [](law::gen& g, runnel::graph const& graph) {
            auto const links = graph.link_count();
            auto const link = g.flag() ? links : g.integer(links, ~0U, "link");
            auto const source = g.integer(0U, graph.node_count() - 1, "source");
            return runnel::weight_change{node_at(source), runnel::link_id{link}, marked};
        },
        link_of);
}

TEST_CASE("a change of a link that leaves another node is refused", "[graph][store]") {
    refuses_change(
        faults::foreign_link,
        [](law::gen& g, runnel::graph const& graph) {
            runnel::link_id const link{g.integer(0U, graph.link_count() - 1, "link")};
            runnel::node_id const source{g.integer(0U, graph.node_count() - 1, "source")};
            g.assume(graph.source(link) != source);
            return runnel::weight_change{source, link, marked};
        },
        link_of);
}

TEST_CASE("a change whose clamps are crossed is refused", "[graph][store]") {
    refuses_change(
        faults::clamp_order,
        [](law::gen& g, runnel::graph const& graph) {
            runnel::link_id const link{g.integer(0U, graph.link_count() - 1, "link")};
            auto const low = g.integer(-127, 127, "low");
            return runnel::weight_change{
                graph.source(link), link, marked, runnel::log_weight::from_raw(low << 24),
                runnel::log_weight::from_raw((low << 24) - (1 << 23))};
        },
        [](runnel::weight_change const& c) {
            int const low = c.low.raw() >> 24; // half above the high one
            std::string const whole = low > 0 ? std::to_string(low - 1) : std::to_string(low);
            std::string const high = low == 0 ? "-0.5" : whole + ".5";
            return "low " + std::to_string(low) + ", high " + high;
        });
}

TEST_CASE("two batches of one field and frame are refused", "[graph][store]") {
    law::for_all(300, [](law::gen& g) {
        subject s = subject::any(g);
        auto const which = g.integer(std::size_t{0}, s.batches.size() - 1, "batch");
        runnel::batch again;
        again.field = s.batches[which].field;
        again.frame = s.batches[which].frame;
        s.batches.push_back(again);
        g.shuffle(s.batches);
        auto const said = s.b.store.apply(s.batches);
        g.holds(!said && said.error().is(faults::batch_twice), "refused");
        g.holds(
            said.error().offender()
                == "field " + std::to_string(static_cast<std::uint64_t>(again.field)) + ", frame "
                       + std::to_string(again.frame),
            "field key and frame are named");
        s.unchanged(g);
    });
}

TEST_CASE("a setting of an unknown link is refused", "[graph][store]") {
    law::for_all(300, [](law::gen& g) {
        subject s = subject::any(g);
        auto settings = g.list(6, [&] {
            return runnel::weight_setting{
                runnel::link_id{g.integer(0U, s.b.graph.link_count() - 1)},
                runnel::log_weight::from_raw(any_raw(g))};
        });
        auto const at = g.integer(std::size_t{0}, settings.size(), "at");
        auto const links = s.b.graph.link_count();
        auto const link = g.flag() ? links : g.integer(links, ~0U, "link");
        settings.insert(
            settings.begin() + static_cast<std::ptrdiff_t>(at), {runnel::link_id{link}, {}});
        auto const said = s.b.store.assign(settings);
        g.holds(!said && said.error().is(faults::unknown_link), "refused");
        g.holds(said.error().offender() == std::to_string(link), "the link is named");
        g.holds(said.error().position() == at, "and which setting it was");
        s.unchanged(g);
    });
}

TEST_CASE("while a reader is inside nothing is written", "[graph][store]") {
    law::for_all(300, [](law::gen& g) {
        subject s = subject::any(g);
        s.batches.front().changes.push_back(any_change(g, s.b.graph));
        runnel::lease_reader reader = s.b.store.board().join();
        g.holds(reader.enter(), "the reader is in");
        auto const said = s.b.store.apply(s.batches);
        g.holds(!said && said.error().is(faults::store_busy), "apply is refused");
        runnel::weight_setting const setting{runnel::link_id{0}, {}};
        auto const set = s.b.store.assign({&setting, 1});
        g.holds(!set && set.error().is(faults::store_busy), "assign is refused");
        s.unchanged(g);
        reader.leave();
        g.holds(s.b.store.apply(s.batches).has_value(), "the next call is taken");
        g.holds(reader.enter(), "and the writer is out again");
    });
}

TEST_CASE("while another writer is inside nothing is written", "[graph][store]") {
    law::for_all(100, [](law::gen& g) {
        subject s = subject::any(g);
        s.batches.front().changes.push_back(any_change(g, s.b.graph));
        g.holds(s.b.store.board().try_write(), "the other writer is in");
        auto const said = s.b.store.apply(s.batches);
        g.holds(!said && said.error().is(faults::store_busy), "refused");
        s.unchanged(g);
        g.holds(!s.b.store.board().try_write(), "the other is still in");
        s.b.store.board().end_write();
        g.holds(s.b.store.apply(s.batches).has_value(), "the next call is taken");
    });
}

TEST_CASE("when memory runs out during a write nothing is written", "[graph][store]") {
    std::size_t failures = 0;
    law::for_all(60, [&](law::gen& g) {
        said_graph const said = any_graph(g, 12, g.flag() ? types::several : types::one);
        g.assume(!said.links.empty());
        runnel::graph::built const first = built(said);
        facts const before = observe(first);
        auto batches = any_batches(g, first.graph, 12);
        batches.front().changes.push_back(any_change(g, first.graph));
        for (std::size_t after = 0;; ++after) {
            runnel::graph::built b = built(said);
            bool threw = false;
            bool ran_out = false;
            {
                support::failing_allocation failing{after};
                try {
                    static_cast<void>(b.store.apply(batches));
                } catch (std::bad_alloc const&) { threw = true; }
                ran_out = failing.happened();
            }
            if (!ran_out) break;  // apply needs no more than `after` allocations
            if (!threw) continue; // done with less memory than it asked for
            ++failures;
            std::string const wrong = difference(observe(b), before);
            g.holds(wrong.empty(), wrong);
            g.holds(b.store.bytes() == first.store.bytes(), "not even its memory grew");
            runnel::lease_reader reader = b.store.board().join();
            g.holds(reader.enter(), "the writer is out");
        }
    });
    CHECK(failures > 300);
}
