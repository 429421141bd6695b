// SPDX-License-Identifier: MIT
// The shadow: neighbours of active nodes that are not active, counted as a naive recount counts them.
#include <cstddef>
#include <cstdint>
#include <set>
#include <utility>

#include <runnel/runnel.hpp>

#include "engine/sown.hpp"
#include "support/catch.hpp"
#include "support/law.hpp"

namespace {

using namespace runnel;
using sown::id_of;

struct naive {
    std::uint64_t shadow = 0;
    std::uint64_t left_out = 0;
};
naive recount(sown::bed const& bed, field const& f, std::uint32_t cap) {
    naive told;
    std::set<std::size_t> active;
    for (auto const n : f.active()) active.insert(index(n));
    std::set<std::size_t> near;
    for (auto const n : active) {
        if (bed.degree(n) > cap) {
            ++told.left_out;
            continue;
        }
        for (auto const& l : bed.links)
            if (l.from == n && !active.count(l.to)) near.insert(l.to);
    }
    told.shadow = near.size();
    return told;
}

} // namespace

TEST_CASE("the shadow equals its recount after any calls", "[engine][shadow][law]") {
    law::for_all(300, [](law::gen& g) {
        auto const bed = sown::a_bed(g);
        auto const built = bed.build();
        config c{.alpha = .3, .transfer_cap = 1, .threshold = .5};
        c.hysteresis = g.one_of({0.0, .5}, "hysteresis");
        c.decay.base = g.one_of({0.0, .3}, "decay");
        c.split.enabled = g.flag("split");
        c.storage = g.one_of({storage::paged, storage::dense});
        c.track_shadow = true;
        c.shadow_degree_cap = g.one_of<std::uint32_t>({1000, 3, 1, 0}, "cap");
        auto const engine = make_engine(built.graph, built.store, c).value();
        auto field = engine.make_field();
        static_cast<void>(g.list(15, [&] {
            switch (g.choose(7)) {
            case 0:
            case 1: engine.inject(field, sown::stimuli(g, bed)).value(); break;
            case 2: field.settle().value(); break;
            case 3: field.begin_query(); break;
            case 4: field.reset(); break;
            case 5: {
                auto const dropped = engine.stage(field);
                break;
            }
            default: {
                auto const r = engine.tick(field).value();
                auto const told = recount(bed, field, c.shadow_degree_cap);
                g.holds(r.shadow == told.shadow, "out-neighbours of active nodes, less those");
                g.holds(r.shadow_left_out == told.left_out, "hubs beyond the cap are told");
            }
            }
            return 0;
        }));
        auto const r = engine.tick(field).value();
        auto const told = recount(bed, field, c.shadow_degree_cap);
        g.holds(r.shadow == told.shadow && r.shadow_left_out == told.left_out, "at the end too");
    });
}

TEST_CASE("untracked, a report has no shadow", "[engine][shadow]") {
    sown::bed bed;
    bed.nodes.resize(3);
    bed.links = {{0, 1, 1}, {0, 2, .1}};
    auto const built = bed.build();
    for (bool const tracked : {false, true}) {
        config c;
        c.track_shadow = tracked;
        auto const engine = make_engine(built.graph, std::as_const(built.store), c).value();
        session s{engine};
        s.inject(id_of(0), 1).value();
        CHECK(s.tick({}, report::full).value().shadow == (tracked ? 2 : 0));
    }
}

TEST_CASE("a field that another engine ran untracked is counted right", "[engine][shadow]") {
    sown::bed bed;
    bed.nodes.resize(4);
    bed.links = {{0, 1, 1}, {0, 2, .1}, {3, 1, 1}};
    auto const built = bed.build();
    config c;
    auto const blind = make_engine(built.graph, std::as_const(built.store), c).value();
    c.track_shadow = true;
    auto const tracking = make_engine(built.graph, std::as_const(built.store), c).value();
    auto field = blind.make_field();
    auto const compare = [&] {
        auto const told = tracking.tick(field).value().shadow;
        CHECK(told == recount(bed, field, 1000).shadow);
        CHECK(told > 0);
    };
    blind.inject(field, {{id_of(0), 1}, {id_of(3), 1}}).value();
    blind.tick(field).value();
    compare();
    blind.inject(field, id_of(1), 1).value();
    blind.tick(field).value();
    compare();
}
