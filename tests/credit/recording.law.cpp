// SPDX-License-Identifier: MIT
// A recording changes nothing and costs nothing steady; what is told of it hangs on what happened, not on names.
#include <cstddef>
#include <cstdint>
#include <map>
#include <new>
#include <utility>
#include <vector>

#include <runnel/credit.hpp>
#include <runnel/runnel.hpp>

#include "credit/recorded_world.hpp"
#include "support/allocations.hpp"
#include "support/catch.hpp"
#include "support/law.hpp"

namespace {

using namespace recorded;
namespace credit = runnel::credit;

/// Gifts and frames, to be lived through more than once.
struct event_of_life {
    bool is_frame = false;
    runnel::time_step step{};
    std::size_t node = 0;
    double units = 0;
};
std::vector<event_of_life> a_script(law::gen& g, std::size_t nodes) {
    return g.list(30, [&] {
        event_of_life e;
        e.is_frame = g.choose(2) != 2;
        if (e.is_frame)
            e.step = a_step(g);
        else
            e.node = g.integer<std::size_t>(0, nodes - 1, "into"), e.units = an_amount(g);
        return e;
    });
}
template <class Session> void live(Session& run, event_of_life const& e) {
    if (e.is_frame)
        run.tick(e.step).value();
    else
        run.inject(id_of(e.node), e.units).value();
}

/// Links of different weights, so that no name decides what is chosen.
world without_ties(law::gen& g, std::size_t most) {
    world w = a_world(g, most);
    for (std::size_t i = 0; i < w.arrows.size(); ++i)
        w.arrows[i].lw += static_cast<double>(i + 1) / 1024;
    w.settings.retry_budget = 0;
    return w;
}

struct answers {
    std::vector<oracle::traced> of_energy;
    std::vector<oracle::traced> of_received;
    std::size_t strides = 0;
};
answers lived(world const& w, std::vector<event_of_life> const& script) {
    auto const built = w.build();
    credit::flow_recorder flow;
    auto const engine =
        runnel::make_engine(
            built.graph, built.store, w.settings, runnel::pipeline{}.with_sink(flow))
            .value();
    runnel::session run{engine};
    for (auto const& e : script) live(run, e);
    answers out;
    out.strides = flow.stride_count();
    credit::provenance trace{flow};
    for (std::size_t n = 0; n < w.size(); ++n) {
        out.of_energy.push_back(said(trace.of_energy(id_of(n), run.energy_of(id_of(n)))));
        out.of_received.push_back(said(trace.of_received(id_of(n))));
    }
    return out;
}

/// A ring with chords, where energy comes by everywhere.
runnel::graph::built ring(std::uint32_t nodes) {
    runnel::graph::builder b;
    b.nodes(nodes);
    for (std::size_t n = 0; n < nodes; ++n) {
        b.link({id_of(n), id_of((n + 1) % nodes)});
        b.link({id_of(n), id_of((n * 7 + 3) % nodes)});
    }
    return std::move(b).build().value();
}

wide apart(wide x, wide y) { return x < y ? y - x : x - y; }

} // namespace

TEST_CASE("a recorder changes no bit of a field", "[credit]") {
    law::for_all(1'000, [](law::gen& g) {
        auto const w = a_world(g);
        auto const built = w.build();
        auto const& store = built.store;
        credit::flow_recorder flow;
        auto const heard =
            runnel::make_engine(built.graph, store, w.settings, runnel::pipeline{}.with_sink(flow))
                .value();
        auto const unheard = runnel::make_engine(built.graph, store, w.settings).value();
        runnel::session one{heard};
        runnel::session other{unheard};
        for (auto const& e : a_script(g, w.size())) {
            live(one, e), live(other, e);
            g.holds(one.field().digest() == other.field().digest(), "the same field after each");
        }
        for (std::size_t n = 0; n < w.size(); ++n) {
            g.holds(one.energy_of(id_of(n)) == other.energy_of(id_of(n)), "the same energies");
            g.holds(one.received(id_of(n)) == other.received(id_of(n)), "the same received");
        }
    });
}

TEST_CASE("a cleared recorder hears the same life again without asking for memory", "[credit]") {
    if (!support::counting()) return;
    auto const built = ring(500);
    runnel::config restless{.alpha = .4, .transfer_cap = .5, .threshold = .02};
    credit::flow_recorder flow;
    auto const engine =
        runnel::make_engine(built.graph, built.store, restless, runnel::pipeline{}.with_sink(flow))
            .value();
    runnel::session run{engine};
    std::size_t asked[2] = {};
    std::size_t strides[2] = {};
    std::size_t bytes[2] = {};
    for (int life = 0; life < 2; ++life) {
        flow.clear();
        run.reset();
        for (int frame = 0; frame < 40; ++frame) {
            run.inject(id_of(static_cast<std::size_t>(frame) * 11), 3).value();
            support::allocation_watch const watch;
            run.tick().value();
            asked[life] += watch.count();
        }
        strides[life] = flow.stride_count();
        bytes[life] = flow.bytes();
    }
    CHECK(strides[0] > 1'000);
    CHECK(strides[1] == strides[0]);
    CHECK(asked[0] > 0);
    CHECK(asked[1] == 0);
    CHECK(bytes[1] == bytes[0]);
}

TEST_CASE("a recorder says to the byte what it holds", "[credit]") {
    if (!support::counting()) return;
    law::for_all(100, [](law::gen& g) {
        auto const frames = g.integer(0, 300, "frames");
        auto const gifts = g.integer(0, 300, "gifts");
        auto const strides = g.integer(0, 300, "strides");
        support::allocation_watch const watch;
        credit::flow_recorder flow;
        for (int i = 0; i < frames; ++i) flow(runnel::event::frame_start{});
        for (int i = 0; i < gifts; ++i) flow(runnel::event::stimulus_injected{});
        for (int i = 0; i < strides; ++i) flow(runnel::event::stride_exec{});
        auto const kept = watch.kept_bytes();
        g.holds(static_cast<std::ptrdiff_t>(flow.bytes()) == kept, "all of it, and no more");
    });
}

TEST_CASE("a question that found no memory can be asked again", "[credit]") {
    if (!support::counting()) return;
    auto const built = ring(12);
    runnel::config restless{.alpha = .4, .transfer_cap = .5, .threshold = .02};
    credit::flow_recorder flow;
    auto const engine =
        runnel::make_engine(built.graph, built.store, restless, runnel::pipeline{}.with_sink(flow))
            .value();
    runnel::session run{engine};
    run.inject(id_of(0), 3).value();
    run.inject(id_of(5), 2).value();
    run.run(9).value();
    credit::provenance fresh{flow};
    std::vector<oracle::traced> right;
    for (std::size_t n = 0; n < 12; ++n) {
        right.push_back(said(fresh.of_energy(id_of(n), run.energy_of(id_of(n)))));
        right.push_back(said(fresh.of_received(id_of(n))));
    }
    bool failed_once = false;
    for (std::size_t after = 0; after < 200; ++after) {
        credit::provenance trace{flow};
        bool happened = false;
        {
            support::failing_allocation const none_left{after};
            try {
                static_cast<void>(trace.of_energy(id_of(1), run.energy_of(id_of(1))));
                static_cast<void>(trace.of_received(id_of(2)));
            } catch (std::bad_alloc const&) { failed_once = true; }
            happened = none_left.happened();
        }
        for (std::size_t n = 0; n < 12; ++n) {
            CHECK(said(trace.of_energy(id_of(n), run.energy_of(id_of(n)))) == right[2 * n]);
            CHECK(said(trace.of_received(id_of(n))) == right[2 * n + 1]);
        }
        if (!happened) break;
    }
    CHECK(failed_once);
}

TEST_CASE("in which order links were given changes no claim", "[credit]") {
    law::for_all(600, [](law::gen& g) {
        world w = without_ties(g, 8);
        auto const script = a_script(g, w.size());
        auto const before = lived(w, script);
        g.shuffle(w.arrows);
        auto const after = lived(w, script);
        g.holds(after.of_energy == before.of_energy, "claims on what nodes hold");
        g.holds(after.of_received == before.of_received, "claims on what they received");
    });
}

TEST_CASE("how a field is stored changes no claim", "[credit]") {
    law::for_all(300, [](law::gen& g) {
        world w = a_world(g);
        auto const script = a_script(g, w.size());
        auto const before = lived(w, script);
        w.settings.storage = runnel::storage::dense;
        auto const after = lived(w, script);
        g.holds(after.of_energy == before.of_energy, "claims on what nodes hold");
        g.holds(after.of_received == before.of_received, "claims on what they received");
    });
}

// Arrivals are told by source, so another naming splits in another order. What a prefix sum is rounded by, less than a
// quantum, moves between neighbours, once for every arrival and every gift: hence the bound, for each of the two lives.
TEST_CASE("under other names totals stay and claims move by quanta at most", "[credit]") {
    law::for_all(600, [](law::gen& g) {
        world const w = without_ties(g, 8);
        auto const script = a_script(g, w.size());
        std::vector<std::size_t> name(w.size());
        for (std::size_t n = 0; n < name.size(); ++n) name[n] = n;
        g.shuffle(name);
        world renamed = w;
        auto renamed_script = script;
        for (std::size_t n = 0; n < w.size(); ++n) renamed.types[name[n]] = w.types[n];
        for (arrow& one : renamed.arrows) one = {name[one.from], name[one.to], one.lw};
        for (auto& e : renamed_script) e.node = name[e.node];
        auto const before = lived(w, script);
        auto const after = lived(renamed, renamed_script);
        g.holds(after.strides == before.strides, "the same life");
        wide const most = static_cast<wide>(2 * (before.strides + script.size()));
        auto const alike = [&](oracle::traced const& x, oracle::traced const& y, wide slack) {
            g.holds(x.total == y.total, "the same total");
            g.holds(apart(x.unknown, y.unknown) == 0, "all of it is known");
            std::map<std::size_t, wide> gifts = x.of_gift;
            for (auto const& [gift, amount] : y.of_gift) gifts[gift] -= amount;
            for (auto const& one : gifts) g.holds(apart(one.second, 0) <= slack, "but for quanta");
        };
        for (std::size_t n = 0; n < w.size(); ++n) {
            alike(before.of_energy[n], after.of_energy[name[n]], most);
            alike(before.of_received[n], after.of_received[name[n]], most);
        }
    });
}

TEST_CASE("beyond 8192 units what is said still adds up", "[credit]") {
    law::for_all(500, [](law::gen& g) {
        auto const w = a_world(g, 5);
        auto const built = w.build();
        credit::flow_recorder flow;
        auto const engine =
            runnel::make_engine(
                built.graph, built.store, w.settings, runnel::pipeline{}.with_sink(flow))
                .value();
        runnel::session run{engine};
        static_cast<void>(g.list(12, [&] {
            if (g.choose(3) == 0)
                static_cast<void>(
                    run.inject(id_of(g.choose(w.size() - 1)), g.magnitude(10, 20)).has_value());
            else
                run.tick(a_step(g)).value();
            return 0;
        }));
        credit::provenance trace{flow};
        for (std::size_t n = 0; n < w.size(); ++n) {
            auto const from = trace.of_energy(id_of(n), run.energy_of(id_of(n)));
            wide sum = from.unknown();
            g.holds(from.unknown() >= 0, "nobody claims less than nothing");
            for (auto const& seed : from.seeds()) {
                sum += seed.amount;
                g.holds(seed.amount > 0, "nor does a seed");
            }
            g.holds(sum == from.total(), "claims sum to the total");
            g.holds(
                from.total() == exactly(run.energy_of(id_of(n))), "which is what was asked for");
            auto const ways = from.paths(100'000, {.looks = 100'000});
            g.holds(index(id_of(n)) >= flow.nodes() || ways.rest == 0, "and all of it came a way");
        }
    });
}
