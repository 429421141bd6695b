// SPDX-License-Identifier: MIT
// Books that do not close are impossible by construction; here energy is planted behind the engine's back.
#include <string>
#include <utility>
#include <vector>

#include <runnel/runnel.hpp>

#include "support/catch.hpp"

namespace {

using runnel::node_id;

runnel::graph::built pair() {
    runnel::graph::builder b;
    b.nodes(8);
    b.both_ways({node_id{0}, node_id{1}});
    return std::move(b).build().value();
}
/// One quantum out of nothing.
template <class Field> void plant(Field& field, node_id node) {
    auto& held = runnel::detail::field_access::of(field).table.template at<false>(node).held;
    if constexpr (std::is_same_v<Field, runnel::field>)
        held += runnel::energy::from_raw(1);
    else
        held += 1e-3;
}

} // namespace

TEMPLATE_TEST_CASE(
    "a quantum out of nothing trips the wire", "[engine][safe_mode]", runnel::energy, double) {
    auto const built = pair();
    runnel::config c;
    c.safe_mode.tripwire = true;
    std::vector<std::string> guards;
    auto const engine = runnel::make_engine(
                            built.graph, built.store, c,
                            runnel::pipeline{}.with_sink([&](runnel::event::guard_acted const& g) {
                                guards.emplace_back(g.guard);
                            }))
                            .value();
    auto field = engine.template make_field<TestType>();
    engine.inject(field, node_id{0}, 1).value();
    for (int i = 0; i < 5; ++i) CHECK_FALSE(engine.tick(field).value().safe);
    CHECK_FALSE(field.safe());
    plant(field, node_id{0});
    auto const found = engine.tick(field).value();
    CHECK(found.residual != 0);
    CHECK(field.safe());
    CHECK(guards == std::vector<std::string>{"safe_mode_on"});
    auto const careful = engine.tick(field, {.dt = 7}).value();
    CHECK(careful.safe);
    CHECK(careful.dt == 1);
}

TEST_CASE("without the wire nothing trips, and a full report still tells", "[engine][safe_mode]") {
    auto const built = pair();
    auto const engine = runnel::make_engine(built.graph, built.store).value();
    auto field = engine.make_field();
    engine.inject(field, node_id{0}, 1).value();
    engine.tick(field).value();
    plant(field, node_id{0});
    CHECK(engine.tick(field, {}, runnel::report::full).value().residual != 0);
    CHECK_FALSE(field.safe());
}
