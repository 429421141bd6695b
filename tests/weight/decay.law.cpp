// SPDX-License-Identifier: MIT
// To an engine a store that forgot is one built with what is left.
#include <cstddef>
#include <cstdint>
#include <set>
#include <tuple>
#include <utility>
#include <vector>

#include <runnel/engine.hpp>
#include <runnel/weight.hpp>

#include "support/catch.hpp"
#include "support/law.hpp"

namespace {

namespace weight = runnel::weight;
using runnel::link_id;
using runnel::link_type;
using runnel::node_id;
using runnel::node_type;

struct said {
    std::vector<std::tuple<node_type, runnel::scope_id>> nodes;
    std::vector<runnel::log_link_spec> links;
};
runnel::graph::built built(said const& all) {
    runnel::graph::builder b;
    for (auto const& [type, scope] : all.nodes) b.scope(b.node(type), scope);
    for (auto const& link : all.links) b.log_link(link);
    return std::move(b).build().value();
}
said any_said(law::gen& g) {
    said all;
    for (std::size_t n = 2 + g.choose(20); n > 0; --n)
        all.nodes.emplace_back(
            g.one_of({node_type::task, node_type::memory, node_type::other}),
            runnel::scope_id{static_cast<std::uint16_t>(g.choose(1))});
    std::set<std::tuple<node_id, node_id, link_type>> seen;
    auto const last = static_cast<std::uint32_t>(all.nodes.size() - 1);
    for (std::size_t i = 1 + g.choose(80); i > 0; --i) {
        runnel::log_link_spec link{node_id{g.integer(0U, last)}, node_id{g.integer(0U, last)}};
        link.type = g.one_of({link_type::relates, link_type::blocks, link_type::remembers});
        // Halves above what 6 units leave of the floor: equals stay equals, and none comes to it.
        link.lw = runnel::log_weight::from_log(g.integer(3, 8) * .5).value();
        if (seen.insert({link.from, link.to, link.type}).second) all.links.push_back(link);
    }
    return all;
}

} // namespace

TEST_CASE("an engine runs on what is left as on a store built with it", "[weight][law]") {
    std::size_t far = 0;
    law::for_all(400, [&](law::gen& g) {
        said all = any_said(g);
        auto old = built(all);
        weight::decay_config decay{.relax = g.choose(3) == 0};
        if (g.flag()) decay.multiplier.set(link_type::relates, weight::by_source_type);
        for (int round = 0; round < 2; ++round) {
            g.holds(old.store.forget(decay.rates(), g.real(0, 1e6, "s")).has_value(), "time");
            auto const link = link_id{g.integer(0U, old.graph.link_count() - 1, "link")};
            auto const lw = runnel::log_weight::from_log(g.integer(0, 8) * .5).value();
            g.holds(old.store.assign({{link, lw}}).has_value(), "a weight is set");
        }
        for (auto& l : all.links) {
            auto link = old.graph.find({l.from, l.to}); // several types: the one of this type
            while (old.graph.type(link) != l.type)
                link = link_id{static_cast<std::uint32_t>(link) + 1};
            l.lw = old.store.lw(link);
        }
        auto const fresh = built(all);
        runnel::config c{.alpha = .3, .min_transfer = 0, .threshold = .001, .seed = g.choose(3)};
        c.reader.source = g.one_of({weight::source::link, weight::source::raw});
        if (decay.relax) c.reader.source = weight::source::raw; // sums relaxed are near, not equal
        auto const run = [&](runnel::graph::built const& made) {
            auto const engine = runnel::make_engine(made.graph, made.store, c).value();
            auto field = engine.make_field();
            engine.inject(field, node_id{0}, 10).value();
            for (int frame = 0; frame < 6; ++frame) engine.tick(field, {.dt = 1}).value();
            far += field.active().size() > 2 ? 1U : 0U;
            return field.digest();
        };
        g.holds(run(old) == run(fresh), "bit for bit");
    });
    CHECK(far > 100);
}
