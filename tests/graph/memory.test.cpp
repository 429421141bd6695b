// SPDX-License-Identifier: MIT
// Bytes per link and per node, as the headers promise, both as reported and as allocated.
#include <cstdint>
#include <utility>

#include <runnel/graph.hpp>

#include "support/allocations.hpp"
#include "support/catch.hpp"

using runnel::link_id;
using runnel::link_type;
using runnel::node_id;

namespace {

constexpr std::uint32_t nodes = 1000;
constexpr std::uint32_t links = 10 * nodes;

enum class kind { one_type, five_types };

runnel::graph::builder said(kind types) {
    runnel::graph::builder g;
    g.nodes(nodes);
    for (std::uint32_t i = 0; i < links; ++i) {
        auto const type = static_cast<std::uint16_t>(types == kind::five_types ? i / nodes % 5 : 1);
        g.link({node_id{i % nodes}, node_id{(i * 7 + 1) % nodes}, 1.0 + i % 9, link_type{type}});
    }
    return g;
}

} // namespace

TEST_CASE("a graph takes 4 bytes a link and 6 a node", "[graph][memory]") {
    auto const made = said(kind::one_type).build().value();
    CHECK(made.graph.bytes() == 4 * links + 6 * nodes + 4);
}

TEST_CASE("so does one whose nodes were said one by one", "[graph][memory]") {
    runnel::graph::builder g;
    for (std::uint32_t n = 0; n < nodes; ++n) g.node();
    CHECK(std::move(g).build().value().graph.bytes() == 6 * nodes + 4);
}

TEST_CASE("a scope takes 2 bytes a node more", "[graph][memory]") {
    auto g = said(kind::one_type);
    g.scope(node_id{3}, runnel::scope_id{1});
    CHECK(std::move(g).build().value().graph.bytes() == 4 * links + 8 * nodes + 4);
}

TEST_CASE("a second link type takes 2 bytes a link and a table of stretches", "[graph][memory]") {
    auto const made = said(kind::five_types).build().value();
    std::size_t stretches = 0;
    for (std::uint32_t n = 0; n < nodes; ++n) stretches += made.graph.segments(node_id{n}).size();
    CHECK(stretches > 4 * nodes);
    CHECK(made.graph.bytes() == 6 * links + 6 * nodes + 4 + 4 * (nodes + 1) + 8 * stretches);
}

TEST_CASE("a store takes 8 bytes a link and 16 a node", "[graph][memory]") {
    auto const made = said(kind::one_type).build().value();
    CHECK(made.store.bytes() == 8 * links + 16 * nodes + made.store.cohorts().bytes());
    CHECK(made.store.cohorts().bytes() <= 1024);
}

TEST_CASE("a store that was written takes 8 bytes a link and a node more", "[graph][memory]") {
    auto made = said(kind::five_types).build().value();
    runnel::weight_setting const setting{link_id{7}, {}};
    made.store.assign({&setting, 1}).value();
    CHECK(made.store.bytes() == 16 * links + 24 * nodes + made.store.cohorts().bytes());
}

TEST_CASE("what is reported is what is allocated", "[graph][memory]") {
    support::allocation_watch const watch;
    {
        auto made = said(kind::five_types).build().value();
        auto const small =
            static_cast<std::ptrdiff_t>(512); // who reads and writes: the lease board
        std::ptrdiff_t kept = watch.kept_bytes();
        auto reported = static_cast<std::ptrdiff_t>(made.graph.bytes() + made.store.bytes());
        CHECK(kept >= reported);
        CHECK(kept <= reported + small);
        runnel::weight_setting const setting{link_id{7}, {}};
        made.store.assign({&setting, 1}).value();
        kept = watch.kept_bytes();
        reported = static_cast<std::ptrdiff_t>(made.graph.bytes() + made.store.bytes());
        CHECK(kept >= reported);
        CHECK(kept <= reported + small);
    }
    std::ptrdiff_t const left = watch.kept_bytes();
    CHECK(left == 0);
}

TEST_CASE("a second write needs no memory that stays", "[graph][memory]") {
    auto made = said(kind::one_type).build().value();
    runnel::weight_setting const settings[] = {{link_id{7}, {}}, {link_id{8}, {}}};
    made.store.assign({settings, 1}).value();
    support::allocation_watch const watch;
    made.store.assign(settings).value();
    std::ptrdiff_t const kept = watch.kept_bytes();
    CHECK(kept == 0);
}

TEST_CASE("a long row that is written one by one gives all back", "[graph][memory]") {
    support::allocation_watch const watch;
    {
        runnel::graph::builder g;
        g.nodes(3001);
        for (std::uint32_t n = 1; n <= 3000; ++n) g.link({node_id{0}, node_id{n}});
        auto made = std::move(g).build().value();
        for (std::uint32_t i = 0; i < 3000; ++i) {
            runnel::weight_setting const setting{
                link_id{i}, runnel::log_weight::from_raw(static_cast<std::int32_t>(i % 7))};
            made.store.assign({&setting, 1}).value();
        }
        CHECK(made.store.bytes() > 16 * 3000 + 24 * 3001);
        auto moved_away = std::move(made);
    }
    std::ptrdiff_t const left = watch.kept_bytes();
    CHECK(left == 0);
}
