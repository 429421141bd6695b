// SPDX-License-Identifier: MIT
// Overlays of groups: what may be said, what is refused, whom it concerns.
#include <cmath>
#include <cstdint>
#include <limits>
#include <utility>
#include <vector>

#include <runnel/cost.hpp>
#include <runnel/graph.hpp>

#include "support/catch.hpp"

namespace {

namespace cost = runnel::cost;
namespace event = runnel::event;
namespace faults = runnel::faults;
using runnel::candidate;
using runnel::node_id;
using runnel::scope_id;
using table = std::vector<double>;

/// Three nodes in the groups 0, 1 and 2.
runnel::graph::built three_groups() {
    runnel::graph::builder b;
    b.nodes(3);
    b.scope(node_id{1}, scope_id{1}).scope(node_id{2}, scope_id{2});
    b.link({node_id{0}, node_id{1}}).link({node_id{0}, node_id{2}});
    return std::move(b).build().value();
}

} // namespace

TEST_CASE("an overlay concerns the links that lead into its group", "[cost][overlay]") {
    auto const built = three_groups();
    cost::context now{built.graph};
    CHECK(now.overlay_towards(node_id{1}) == 0);
    CHECK(now.greatest_overlay() == 0);
    now.overlay(table{0, .5, -2}).value();
    CHECK(now.overlay_towards(node_id{0}) == 0);
    CHECK(now.overlay_towards(node_id{1}) == .5);
    CHECK(now.overlay_towards(node_id{2}) == -2);
    CHECK(now.greatest_overlay() == .5);
    cost::log_additive const model{now};
    auto const out = model.breakdown({node_id{0}, node_id{1}, {}, {}, {}});
    CHECK(out.total == -.5);
    CHECK(out.why == event::cost_reason::strong_link);
    CHECK(model({node_id{1}, node_id{0}, {}, {}, {}}) == 0); // the source's group does not count
    CHECK(model({node_id{0}, node_id{2}, {}, {}, {}}) == 2);
}

TEST_CASE("groups beyond the table are left as they are; no table is none", "[cost][overlay]") {
    auto const built = three_groups();
    cost::context now{built.graph};
    now.overlay(table{0, 2}).value();
    CHECK(now.overlay_towards(node_id{2}) == 0);
    now.overlay({}).value();
    CHECK(now.overlay_towards(node_id{1}) == 0);
    CHECK(now.greatest_overlay() == 0);
}

TEST_CASE("an overlay out of range is refused and changes nothing", "[cost][overlay]") {
    auto const built = three_groups();
    cost::context now{built.graph};
    now.overlay(table{0, 1, -1}).value();
    auto const refused = [&](double x) {
        auto const said = now.overlay(table{.5, .5, x});
        CHECK(now.overlay_towards(node_id{1}) == 1);
        CHECK(now.greatest_overlay() == 1);
        return !said && said.error().is(faults::overlay_range) && said.error().position() == 2;
    };
    CHECK(refused(std::nextafter(2.0, 3.0)));
    CHECK(refused(std::nextafter(-2.0, -3.0)));
    CHECK(refused(std::numeric_limits<double>::quiet_NaN()));
    CHECK(refused(std::numeric_limits<double>::infinity()));
    CHECK(now.overlay(table{2, -2}));
    CHECK(now.overlay(table(65536, 1.0)));
    auto const long_one = now.overlay(table(65537, 1.0));
    CHECK(long_one.error().is(faults::overlay_groups));
    CHECK(long_one.error().offender() == "65537");
}
