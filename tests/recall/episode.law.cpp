// SPDX-License-Identifier: MIT
// An episode's figures against a dense oracle, on drawn graphs and patterns.
#include <cmath>
#include <utility>
#include <vector>

#include <runnel/graph.hpp>
#include <runnel/recall/episode.hpp>

#include "oracle/dense_spectrum.hpp"
#include "support/catch.hpp"
#include "support/law.hpp"

using runnel::node_id;
namespace recall = runnel::recall;

namespace {

struct drawn {
    std::uint32_t nodes = 0;
    std::vector<oracle::weighted_arc> arcs;
    runnel::graph::built built;
    std::vector<recall::held> pattern;
    Eigen::VectorXd dense;
};

runnel::graph::built build(std::uint32_t nodes, std::vector<oracle::weighted_arc>& arcs) {
    runnel::graph::builder b;
    (void)b.nodes(nodes);
    for (auto& a : arcs) {
        auto const lw = runnel::log_weight::from_weight(a.weight).value();
        a.weight = std::exp(lw.log());
        b.log_link(
            {node_id{static_cast<std::uint32_t>(a.from)}, node_id{static_cast<std::uint32_t>(a.to)},
             lw});
    }
    return std::move(b).build().value();
}

drawn draw(law::gen& g) {
    std::uint32_t const nodes = g.integer(1U, 40U, "nodes");
    auto const node = [&] { return std::size_t{g.integer(0U, nodes - 1)}; };
    int const low = g.one_of({-1, -20}, "least exponent of weights");
    auto arcs = g.list(160, [&] {
        return oracle::weighted_arc{node(), node(), g.magnitude(low, -low / 4)};
    });
    auto built = build(nodes, arcs);
    std::vector<recall::held> pattern;
    Eigen::VectorXd dense = Eigen::VectorXd::Zero(nodes);
    std::uint32_t const some = g.integer(1U, 20U);
    for (std::uint32_t i = 0; i < some; ++i) {
        std::uint32_t const n = static_cast<std::uint32_t>(node());
        double const energy = g.magnitude(-12, 6);
        pattern.push_back({node_id{n}, energy});
        dense[n] += energy;
    }
    return {nodes, std::move(arcs), std::move(built), std::move(pattern), std::move(dense)};
}

} // namespace

TEST_CASE("figures agree with all eigenvectors to 1e-9", "[recall]") {
    law::for_all(400, [](law::gen& g) {
        drawn const d = draw(g);
        std::uint32_t const order = g.integer(4U, 80U, "order");
        runnel::graph_rows const rows{d.built.graph, d.built.store};
        auto const spectrum = recall::spectrum::of(rows, {.order = order}).value();
        oracle::dense_spectrum const dense(d.nodes, d.arcs);
        auto const near = [](double a, double b) {
            return std::abs(a - b) <= 1e-9 * std::max(1.0, std::abs(b));
        };
        g.holds(near(spectrum.lambda_max(), dense.bound()), "the bound is Merris'");
        g.holds(spectrum.lambda_max() >= dense.largest() * (1 - 1e-12), "the bound is no lower");
        g.holds(spectrum.lambda_max() <= 2 * dense.largest() * (1 + 1e-12), "and at most twice it");
        for (std::uint32_t n = 0; n < d.nodes; ++n)
            g.holds(near(spectrum.degree(node_id{n}), dense.degree(n)), "degrees");

        recall::imprinter imprinter{spectrum};
        (void)imprinter.take(d.pattern).value(); // what it leaves behind must not show
        auto const made = imprinter.take(d.pattern).value();
        recall::features const& f = made.figures();
        if (dense.bound() > 0) {
            auto const bands = dense.filtered(d.dense, static_cast<int>(order));
            g.holds(near(f.quality, dense.quality(d.dense)), "quality");
            auto const ideal = dense.ideal(d.dense);
            double const leak = order < 48 ? 1 : .011 + dense.near_cuts(d.dense, .06);
            g.holds(std::abs(f.low - ideal.low) <= leak, "low, but for what is near the cuts");
            g.holds(std::abs(f.high - ideal.high) <= leak, "high, but for what is near the cuts");
            g.holds(near(f.low, bands.low), "low");
            g.holds(near(f.mid, bands.mid), "mid");
            g.holds(near(f.high, bands.high), "high");
        } else {
            g.holds(f.quality == 1 && f.low == 1, "without links nothing is rough");
        }
        g.holds(f.low >= 0 && f.mid >= 0 && f.high >= 0, "no band is negative");
        g.holds(std::abs(f.low + f.mid + f.high - 1) < 1e-15, "bands sum to 1");

        double const sum = d.dense.sum();
        double entropy = 0;
        int support = 0;
        for (double const x : d.dense)
            if (x > 0) entropy -= x / sum * std::log(x / sum), ++support;
        if (support > 1) entropy /= std::log(support);
        g.holds(f.support == static_cast<std::uint32_t>(support), "support");
        g.holds(near(f.entropy, entropy), "entropy");
        g.holds(near(f.energy, sum), "energy");
        g.holds(
            near(f.participation, sum * sum / (support * d.dense.squaredNorm())), "participation");
        g.holds(f.quality >= 0 && f.quality <= 1, "quality lies in [0, 1]");
    });
}

TEST_CASE("the order of a pattern and the scale of its energies change nothing", "[recall]") {
    law::for_all(300, [](law::gen& g) {
        drawn const d = draw(g);
        runnel::graph_rows const rows{d.built.graph, d.built.store};
        auto const spectrum = recall::spectrum::of(rows).value();
        recall::imprinter imprinter{spectrum};
        auto const made = imprinter.take(d.pattern).value();
        auto mixed = d.pattern;
        g.shuffle(mixed);
        g.holds(imprinter.take(mixed).value().figures() == made.figures(), "no order shows");
        for (auto& h : mixed) h.energy *= 0x1p-9;
        auto scaled = imprinter.take(mixed).value().figures();
        scaled.energy *= 0x1p9;
        g.holds(scaled == made.figures(), "no power of two shows");
        double shares = 0;
        auto const grouped =
            imprinter.take(mixed, 0, [](node_id n) { return index(n) % 3; }).value();
        for (auto const& s : grouped.groups()) shares += s.share;
        g.holds(std::abs(shares - 1) < 1e-14, "groups' shares sum to 1");
    });
}

TEST_CASE("what a damped step lets through on the wrong side", "[recall]") {
    // The figures of recall/spectrum.hpp. They are the polynomial's alone, so they hold for every graph.
    auto const worst = [](int order, double from) {
        double most = 0;
        for (double at = 0; at <= 1; at += 1e-4) {
            if (std::abs(at - .25) < from) continue;
            double const ideal = at < .25 ? 1 : 0;
            most = std::max(most, std::abs(oracle::damped_step(-.5, order, 2 * at - 1) - ideal));
        }
        return most;
    };
    CHECK(worst(48, .02) > .2);
    CHECK(worst(48, .06) < .011);
    CHECK(worst(48, .12) < .0011);
    CHECK(worst(96, .03) < .011);
    CHECK(worst(96, .06) < .0011);
    for (int const order : {4, 5, 48, 200})
        for (double at = 0; at <= 1; at += 1e-3) {
            double const low = oracle::damped_step(-.5, order, 2 * at - 1);
            double const high = 1 - oracle::damped_step(.5, order, 2 * at - 1);
            REQUIRE(low > -1e-12);
            REQUIRE(high > -1e-12);
            REQUIRE(low + high < 1 + 1e-12);
        }
}
