// SPDX-License-Identifier: MIT
// From hits to an injection: shares, exact totals, what is dropped, what is refused.
#include <cmath>
#include <limits>
#include <utility>
#include <vector>

#include <runnel/engine.hpp>
#include <runnel/recall/seed.hpp>

#include "support/allocations.hpp"
#include "support/catch.hpp"

using runnel::node_id;
namespace recall = runnel::recall;

namespace {

recall::hit at(std::uint32_t slot, float similarity) { return {{slot, 1}, similarity}; }
recall::meaning node(std::uint32_t slot, float similarity, std::uint32_t id) {
    return {.found = at(slot, similarity), .node = node_id{id}};
}
template <class Seeds> double sum(Seeds const& seeds) {
    double all = 0;
    for (auto const& s : seeds) all += s.units;
    return all;
}
constexpr recall::seeding fine{.temperature = .1, .energy = 1, .grain = recall::grain::finest};

} // namespace

TEST_CASE("a lone hit gives all to its node", "[recall]") {
    recall::seeder<> seeder;
    recall::meaning const hits[] = {node(0, -.25F, 7)};
    auto const seeds = seeder.seed(hits, 8U, {.energy = .3}).value();
    REQUIRE(seeds.size() == 1);
    CHECK(seeds[0] == recall::seed{node_id{7}, .3});
    CHECK(seeder.hits()[0].share == 1);
}

TEST_CASE("shares follow the softmax of similarity over temperature", "[recall]") {
    recall::seeder<> seeder;
    recall::meaning const hits[] = {node(0, .75F, 2), node(1, .5F, 0), node(2, .25F, 1)};
    auto const seeds = seeder.seed(hits, 3U, fine).value();
    double const parts[] = {std::exp(-2.5), std::exp(-5.0), 1};
    double const all = parts[0] + parts[1] + parts[2];
    REQUIRE(seeds.size() == 3);
    for (std::uint32_t n = 0; n < 3; ++n) {
        CHECK(seeds[n].node == node_id{n});
        CHECK(seeds[n].units == Approx(parts[n] / all).epsilon(1e-13));
    }
    CHECK(seeder.hits()[1].share == Approx(parts[0] / all).epsilon(1e-13));
}

TEST_CASE("temperature, energy and grain each count", "[recall]") {
    recall::meaning const hits[] = {node(0, .9F, 0), node(1, .8F, 1), node(2, .7F, 2)};
    recall::seeder<> seeder;
    auto const with = [&](recall::seeding how) {
        auto const seeds = seeder.seed(hits, 3U, how).value();
        return std::vector<recall::seed>(seeds.begin(), seeds.end());
    };
    auto const plain = with({});
    CHECK(with({.temperature = 1})[0].units < .4);
    CHECK(with({.temperature = .01})[0].units > .9999);
    CHECK(with({.energy = 8})[0].units == Approx(8 * plain[0].units).epsilon(1e-11));
    auto const finest = with({.grain = recall::grain::finest});
    CHECK(finest != plain);
    CHECK(finest[0].units == Approx(plain[0].units).epsilon(1e-11));
    for (auto const& s : plain) CHECK(s.units * 0x1p40 == std::floor(s.units * 0x1p40));
}

TEST_CASE("an episode divides its hit's share as its energies stand", "[recall]") {
    recall::held const past[] = {{node_id{1}, 3}, {node_id{4}, 1}, {node_id{2}, 0}};
    recall::meaning const hits[] = {{.found = at(0, .5F), .episode = past}, node(1, .5F, 4)};
    recall::seeder<> seeder;
    auto const seeds = seeder.seed(hits, 5U, fine).value();
    REQUIRE(seeds.size() == 2); // node 2 held nothing
    CHECK(seeds[0] == recall::seed{node_id{1}, .375});
    CHECK(seeds[1] == recall::seed{node_id{4}, .625});
    auto const parts = seeder.parts(node_id{4});
    REQUIRE(parts.size() == 2);
    CHECK(parts[0].hit == 1);
    CHECK(parts[0].share == .5);
    CHECK(parts[1].hit == 0);
    CHECK(parts[1].share == .125);
    CHECK(seeder.parts(node_id{2}).empty());
    CHECK(seeder.parts(node_id{9}).empty());
}

TEST_CASE("nodes that no longer exist are dropped, listed, and leave no trace", "[recall]") {
    recall::held const past[] = {{node_id{1}, 3}, {node_id{9}, 1}, {node_id{0}, 1}};
    recall::held const lost[] = {{node_id{9}, 1}, {node_id{8}, 2}};
    recall::meaning const hits[] = {
        node(0, .9F, 9),
        {.found = at(1, .5F), .episode = past},
        {.found = at(2, .8F), .episode = lost},
        node(3, .4F, 2),
        {.found = at(4, .9F)}};
    recall::held const rest[] = {{node_id{1}, 3}, {node_id{0}, 1}};
    recall::meaning const never[] = {{.found = at(1, .5F), .episode = rest}, node(3, .4F, 2)};

    recall::seeder<> seeder;
    auto const seeds = seeder.seed(hits, [](node_id n) { return n < node_id{5}; }).value();
    REQUIRE(seeder.dropped().size() == 2);
    CHECK(seeder.dropped()[0] == node_id{8});
    CHECK(seeder.dropped()[1] == node_id{9});
    CHECK(seeder.hits()[0].lost == 1);
    CHECK(seeder.hits()[0].share == 0);
    CHECK(seeder.hits()[1].lost == 1);
    CHECK(seeder.hits()[2].lost == 2);
    CHECK(seeder.hits()[4].share == 0);
    recall::seeder<> other;
    auto const alone = other.seed(never, 5U).value();
    CHECK(std::vector(seeds.begin(), seeds.end()) == std::vector(alone.begin(), alone.end()));
    CHECK(seeder.hits()[1].share == other.hits()[0].share);
}

TEST_CASE("nothing left is said, with what was dropped", "[recall]") {
    recall::seeder<> seeder;
    recall::meaning const kept[] = {node(0, .5F, 0)};
    REQUIRE(seeder.seed(kept, 1U));
    recall::meaning const gone[] = {node(0, .5F, 3), node(1, .5F, 2)};
    auto const seeds = seeder.seed(gone, 1U);
    REQUIRE(!seeds);
    CHECK(seeds.error().is(recall::faults::empty));
    CHECK(seeds.error().offender() == "of 2 hits no node is there");
    CHECK(seeder.dropped().size() == 2);
    CHECK(seeder.seeds().empty());
    CHECK(seeder.seed({}, 1U).error().is(recall::faults::empty));
    recall::held const zero[] = {{node_id{0}, 0}};
    recall::meaning const silent[] = {{.found = at(0, 1), .episode = zero}};
    CHECK(seeder.seed(silent, 1U).error().is(recall::faults::empty));
}

TEST_CASE("what cannot be weighed is refused, and the last answer stands", "[recall]") {
    recall::seeder<> seeder;
    recall::meaning const good[] = {node(0, .5F, 0)};
    REQUIRE(seeder.seed(good, 1U));
    auto const refused = [&](recall::meaning bad, runnel::fault_kind kind) {
        recall::meaning const both[] = {good[0], bad};
        auto const seeds = seeder.seed(both, 1U);
        REQUIRE(!seeds);
        CHECK(seeds.error().is(kind));
        CHECK(seeds.error().position() == 1);
        CHECK(seeder.seeds().size() == 1);
        CHECK(seeder.hits().size() == 1);
    };
    using limits = std::numeric_limits<float>;
    refused(node(1, limits::quiet_NaN(), 0), recall::faults::non_finite);
    refused(node(1, limits::infinity(), 0), recall::faults::non_finite);
    recall::held one[] = {{node_id{0}, 1}};
    refused({.found = at(1, 1), .node = node_id{0}, .episode = one}, recall::faults::two_meanings);
    one[0].energy = -1;
    refused({.found = at(1, 1), .episode = one}, runnel::faults::energy_negative);
    one[0].energy = std::nan("");
    refused({.found = at(1, 1), .episode = one}, runnel::faults::energy_not_finite);
    one[0].energy = 1e9;
    refused({.found = at(1, 1), .episode = one}, runnel::faults::energy_over_limit);
    for (recall::seeding const bad :
         {recall::seeding{.temperature = 0}, recall::seeding{.temperature = HUGE_VAL},
          recall::seeding{.energy = -1}, recall::seeding{.energy = 0},
          recall::seeding{.energy = std::nan("")},
          recall::seeding{.grain = static_cast<recall::grain>(2)}})
        CHECK(seeder.seed(good, 1U, bad).error().is(recall::faults::invalid_config));
    CHECK(seeder.seeds().size() == 1);
}

TEST_CASE("an `exists` that throws leaves no answer", "[recall]") {
    recall::seeder<> seeder;
    recall::meaning const good[] = {node(0, .5F, 0), node(1, .5F, 1)};
    REQUIRE(seeder.seed(good, 2U));
    auto const throws = [](node_id n) -> bool {
        if (n == node_id{1}) throw 1;
        return true;
    };
    CHECK_THROWS_AS((void)seeder.seed(good, throws), int);
    CHECK(seeder.seeds().empty());
    CHECK(seeder.hits().empty());
    CHECK(seeder.parts(node_id{0}).empty());
}

TEST_CASE("shares too small for the grain are counted and left out", "[recall]") {
    recall::seeder<> seeder;
    recall::meaning const hits[] = {node(0, 1, 0), node(1, -1, 1), node(2, -300, 2)};
    auto const seeds = seeder.seed(hits, 3U, {.temperature = .05}).value(); // e^-40 < 2^-41
    REQUIRE(seeds.size() == 1);
    CHECK(seeds[0].units == 1);
    CHECK(seeder.rounded_to_zero() == 2);
    CHECK(seeder.seed(hits, 3U, {.temperature = .1}).value().size() == 2);
    CHECK(seeder.rounded_to_zero() == 1);
}

TEST_CASE("next to no energy among many nodes is whole and not negative", "[recall]") {
    std::vector<recall::meaning> hits;
    for (std::uint32_t n = 0; n < 5; ++n) hits.push_back(node(n, .5F, n));
    recall::seeder<> seeder;
    // 3 quanta among 5: each has .6 of one, and rounding to the nearest would hand out 5.
    auto const seeds = seeder.seed(hits, 5U, {.energy = 0x3p-40}).value();
    CHECK(sum(seeds) == 0x3p-40);
    for (auto const& s : seeds) CHECK(s.units > 0);
}

TEST_CASE("an engine holds what was asked for, to the quantum", "[recall]") {
    runnel::graph::builder b;
    (void)b.nodes(100);
    auto const [graph, store] = std::move(b).build().value();
    auto const engine = runnel::make_engine(graph, store, runnel::config{}).value();
    runnel::session session{engine};
    std::vector<recall::meaning> hits;
    for (std::uint32_t n = 0; n < 100; ++n) hits.push_back(node(n, .3F + .003F * float(n % 71), n));
    recall::seeder<runnel::stimulus> seeder;
    auto const seeds = seeder.seed(hits, graph.node_count()).value();
    session.inject(seeds).value();
    CHECK(session.total() == 1);
    // A seed of ours becomes a stimulus by itself.
    recall::seed const one{node_id{3}, .5};
    runnel::stimulus const same = one;
    CHECK(same.units == .5);
}

TEST_CASE("a warm seeder allocates nothing, and counts its bytes", "[recall]") {
    if (!support::counting()) return;
    std::vector<recall::held> past;
    for (std::uint32_t n = 0; n < 50; ++n) past.push_back({node_id{n * 3}, n + .5});
    std::vector<recall::meaning> hits;
    for (std::uint32_t n = 0; n < 20; ++n) hits.push_back(node(n, .05F * float(n), n));
    hits.push_back({.found = at(20, .5F), .episode = past});
    auto const cold = support::allocated();
    recall::seeder<> seeder;
    REQUIRE(seeder.seed(hits, 120U));
    CHECK(support::allocated().live_bytes - cold.live_bytes == seeder.bytes());
    auto const before = support::allocated().count;
    bool const done = seeder.seed(hits, 100U, {.temperature = .2}).has_value();
    CHECK(support::allocated().count == before);
    CHECK(done);
}
