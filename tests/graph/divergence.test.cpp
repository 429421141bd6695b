// SPDX-License-Identifier: MIT
// Angles between signatures, and tables that refuse to answer for others.
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <numbers>
#include <utility>
#include <vector>

#include <runnel/graph.hpp>

#include "support/catch.hpp"
#include "support/law.hpp"
#include "support/stops.hpp"

namespace {

namespace faults = runnel::faults;
using runnel::angle;
using runnel::bit_signatures;
using runnel::divergence_table;
using runnel::node_id;
using runnel::version;
using vec = std::vector<float>;
constexpr double pi = std::numbers::pi;
constexpr version first{1};

vec any_vector(law::gen& g, std::size_t dimension) {
    double const size = g.one_of({1.0, 1e-6, 1e9}, "size");
    vec v(dimension);
    for (float& x : v) x = static_cast<float>(g.real(-size, size, "x"));
    return v;
}
double length(vec const& v) {
    double sum = 0;
    for (float const x : v) sum += double{x} * double{x};
    return std::sqrt(sum);
}
runnel::graph::built with_embeddings(std::vector<vec> const& rows) {
    runnel::graph::builder b;
    b.nodes(static_cast<std::uint32_t>(rows.size()));
    for (std::uint32_t n = 0; n < rows.size(); ++n)
        if (!rows[n].empty()) b.embedding(node_id{n}, rows[n]);
    return std::move(b).build().value();
}

} // namespace

TEST_CASE("angles everybody knows", "[graph][divergence]") {
    CHECK(angle(vec{1, 0}, vec{5, 0}) == 0);
    CHECK(angle(vec{1, 0}, vec{0, 2}) == pi / 2);
    CHECK(angle(vec{1, 0}, vec{-3, 0}) == pi);
    CHECK(angle(vec{1, 0}, vec{1, 1}) == Approx(pi / 4).epsilon(1e-15));
    CHECK(angle(vec{1, 0}, vec{0, 0}) == pi / 2); // nowhere is neither near nor far
    // What an arccosine of floats makes of a vector a ten-thousandth away: nothing, or five times that.
    CHECK(angle(vec{1, 0}, vec{1, 1e-4F}) == Approx(1e-4).epsilon(1e-6));
    CHECK(angle(vec{1, 0}, vec{1, 1e-7F}) == Approx(1e-7).epsilon(1e-6));
}

TEST_CASE("an angle is symmetric, 0 to oneself, and right", "[graph][divergence][law]") {
    law::for_all(5'000, [](law::gen& g) {
        std::size_t const d = 1 + g.choose(20);
        vec const u = any_vector(g, d);
        vec v = any_vector(g, d);
        if (g.flag("near")) {
            double const away = g.magnitude(-20, -1, "away");
            for (std::size_t i = 0; i < d; ++i)
                v[i] = u[i] * static_cast<float>(1 + away * g.real(-1, 1));
        }
        if (length(u) < 1e-8 || length(v) < 1e-8) return;
        double const theta = angle(u, v);
        g.holds(theta == angle(v, u), "symmetric, bit for bit");
        g.holds(theta >= 0 && theta <= pi, "a half turn at most");
        g.holds(angle(u, u) == 0, "nothing from itself");
        // By another road: the part of v along u and the part across it, in wider arithmetic.
        long double uu = 0;
        long double uv = 0;
        for (std::size_t i = 0; i < d; ++i) {
            uu += static_cast<long double>(u[i]) * u[i];
            uv += static_cast<long double>(u[i]) * v[i];
        }
        long double across = 0;
        for (std::size_t i = 0; i < d; ++i) {
            long double const x = v[i] - uv / uu * u[i];
            across += x * x;
        }
        auto const truth = static_cast<double>(std::atan2(std::sqrt(across), uv / std::sqrt(uu)));
        g.show("angle", theta);
        g.show("truth", truth);
        g.holds(std::abs(theta - truth) <= 1e-15 + 4e-15 * truth, "the angle");
    });
}

TEST_CASE("bits that differ are an angle", "[graph][divergence]") {
    for (std::uint32_t const bits : {1U, 7U, 64U, 1000U}) {
        runnel::bit_angles const angles{bits};
        CHECK(angles[0] == 0);
        CHECK(angles[bits] == pi);
        for (std::uint32_t h = 0; h <= bits; ++h) {
            auto const truth =
                static_cast<double>(std::acos(1 - 2 * static_cast<long double>(h) / bits));
            REQUIRE(angles[h] == Approx(truth).epsilon(1e-15).margin(0));
            if (h > 0) REQUIRE(angles[h] > angles[h - 1]);
        }
    }
    CHECK(runnel::bit_angles{64}[32] == pi / 2);
}

TEST_CASE("a table is the angles from its origins", "[graph][divergence][law]") {
    law::for_all(500, [](law::gen& g) {
        std::vector<vec> rows;
        for (std::size_t n = 1 + g.choose(15); n > 0; --n)
            rows.push_back(g.choose(5) == 1 ? vec{} : any_vector(g, 3));
        rows[0] = {1, 2, 3};
        auto const built = with_embeddings(rows);
        std::vector<node_id> origins{node_id{0}};
        for (std::uint32_t n = 1; n < rows.size(); ++n)
            if (!rows[n].empty() && length(rows[n]) > 1e-8 && g.flag())
                origins.push_back(node_id{n});
        auto const made = divergence_table::of(built.graph.embeddings(), origins, first);
        auto const& table = made.value();
        g.holds(table.node_count() == rows.size(), "of every node");
        g.holds(table.origin_count() == origins.size(), "from every origin");
        for (node_id const o : origins) {
            auto const from = table.from({o, first}).value();
            g.holds(from.origin() == o && from[o] == 0, "nothing from the origin itself");
            for (std::uint32_t n = 0; n < rows.size(); ++n) {
                vec const row = rows[n].empty() ? vec{0, 0, 0} : rows[n];
                double const expected = angle(rows[index(o)], row);
                g.holds(from[node_id{n}] == expected, "the angle of the two");
                g.holds(from.at(node_id{n}).value() == expected, "also where it is checked");
            }
        }
    });
}

TEST_CASE("a table of bits is the table of what differs", "[graph][divergence][law]") {
    law::for_all(500, [](law::gen& g) {
        std::uint32_t const bits = 1 + static_cast<std::uint32_t>(g.choose(200));
        auto const nodes = 1 + static_cast<std::uint32_t>(g.choose(9));
        auto signatures = bit_signatures::of({nodes, bits}).value();
        std::vector<std::vector<bool>> naive(nodes, std::vector<bool>(bits));
        for (std::uint32_t n = 0; n < nodes; ++n) {
            std::vector<std::uint64_t> words((bits + 63) / 64);
            for (std::uint32_t i = 0; i < bits; ++i)
                if (g.flag()) words[i / 64] |= std::uint64_t{1} << i % 64, naive[n][i] = true;
            signatures.set(node_id{n}, words).value();
        }
        node_id const o{static_cast<std::uint32_t>(g.choose(nodes - 1))};
        auto const made = divergence_table::of(signatures, std::vector{o}, first);
        auto const from = made->from({o, first}).value();
        for (std::uint32_t n = 0; n < nodes; ++n) {
            std::uint32_t differ = 0;
            for (std::uint32_t i = 0; i < bits; ++i) differ += naive[n][i] != naive[index(o)][i];
            g.holds(signatures.differing({o, node_id{n}}) == differ, "counted");
            g.holds(from[node_id{n}] == runnel::bit_angles{bits}[differ], "looked up");
        }
    });
}

TEST_CASE("a table refuses what it was not measured for", "[graph][divergence]") {
    auto const built = with_embeddings({{1, 0}, {0, 1}, {}});
    auto const& rows = built.graph.embeddings();
    auto const table = divergence_table::of(rows, {node_id{0}, node_id{1}}, version{7}).value();
    CHECK(table.from({node_id{1}, version{7}}).value()[node_id{0}] == pi / 2);
    CHECK(table.from({node_id{2}, version{7}}).error().is(faults::other_origin));
    auto const older = table.from({node_id{1}, version{6}});
    CHECK(older.error().is(faults::other_signatures));
    CHECK(older.error().offender() == "7, 6");
    auto const from = table.from({node_id{0}, version{7}}).value();
    CHECK(from.at(node_id{3}).error().is(faults::unknown_node));
    CHECK(from.at(node_id{2}).value() == pi / 2);

    auto const refused = [&](std::vector<node_id> const& origins) {
        return divergence_table::of(rows, origins, first).error();
    };
    CHECK(refused({}).is(faults::no_origin));
    CHECK(refused({node_id{0}, node_id{3}}).is(faults::unknown_node));
    CHECK(refused({node_id{0}, node_id{3}}).position() == 1);
    CHECK(refused({node_id{0}, node_id{2}}).is(faults::origin_without_direction));
    auto const bare = with_embeddings({{}, {}});
    CHECK(divergence_table::of(bare.graph.embeddings(), {node_id{0}}, first)
              .error()
              .is(faults::no_signatures));
}

TEST_CASE("a signature of another shape is refused and changes nothing", "[graph][divergence]") {
    CHECK(bit_signatures::of({2, 0}).error().is(faults::signature_bits));
    CHECK(bit_signatures::of({2, 65537}).error().is(faults::signature_bits));
    auto signatures = bit_signatures::of({2, 65}).value();
    using words = std::vector<std::uint64_t>;
    signatures.set(node_id{0}, words{1, 1}).value();
    auto const short_one = signatures.set(node_id{0}, words{1});
    CHECK(short_one.error().is(faults::signature_length));
    CHECK(short_one.error().offender() == "2, 1");
    CHECK(signatures.set(node_id{0}, words{0, 2}).error().is(faults::signature_beyond));
    CHECK(signatures.set(node_id{2}, words{0, 0}).error().is(faults::unknown_node));
    CHECK(signatures.differing({node_id{0}, node_id{1}}) == 2);
    auto whole = bit_signatures::of({1, 64}).value();
    CHECK(whole.set(node_id{0}, words{~std::uint64_t{0}}));
}

#if RUNNEL_TEST_CAN_STOP
TEST_CASE("a node beyond the table is a mistake", "[graph][divergence]") {
    auto const built = with_embeddings({{1, 0}, {0, 1}});
    auto const table = divergence_table::of(built.graph.embeddings(), {node_id{0}}, first).value();
    auto const from = table.from({node_id{0}, first}).value();
    CHECK(support::stops([&] { static_cast<void>(from[node_id{2}]); }));
    CHECK_FALSE(support::stops([&] { static_cast<void>(from[node_id{1}]); }));
}
#endif
