// SPDX-License-Identifier: MIT
// The matrix step is the matrix step, and strides with nothing left out are it too.
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include <Eigen/Dense>

#include <runnel/runnel.hpp>

#include "engine/drawn_case.hpp"
#include "support/catch.hpp"
#include "support/law.hpp"

namespace {

using drawn::id_of;
using runnel::config;

struct arrow {
    std::size_t from;
    std::size_t to;
    double lw;
};
struct net {
    std::size_t nodes = 0;
    std::vector<arrow> arrows;
    std::vector<double> seeds;

    [[nodiscard]] runnel::graph::built build() const {
        runnel::graph::builder b;
        b.nodes(static_cast<std::uint32_t>(nodes));
        for (arrow const& a : arrows)
            b.log_link({id_of(a.from), id_of(a.to), runnel::log_weight::from_log(a.lw).value()});
        return std::move(b).build().value();
    }
    /// Row by row exp(lw) without self loops, each summing to 1; a row without links stays where it is.
    [[nodiscard]] Eigen::MatrixXd rows() const {
        auto const n = static_cast<Eigen::Index>(nodes);
        Eigen::MatrixXd p = Eigen::MatrixXd::Zero(n, n);
        for (arrow const& a : arrows)
            if (a.from != a.to)
                p(static_cast<Eigen::Index>(a.from), static_cast<Eigen::Index>(a.to)) +=
                    std::exp(a.lw);
        for (Eigen::Index i = 0; i < n; ++i) {
            double const sum = p.row(i).sum();
            if (sum > 0)
                p.row(i) /= sum;
            else
                p(i, i) = 1;
        }
        return p;
    }
};
/// Weights in steps of 1/64, which a stored weight holds exactly.
net a_net(law::gen& g) {
    net w;
    w.nodes = g.integer<std::size_t>(1, 30, "nodes");
    auto const links = g.integer<std::size_t>(0, 4 * w.nodes, "links");
    for (std::size_t i = 0; i < links; ++i)
        w.arrows.push_back(
            {g.integer<std::size_t>(0, w.nodes - 1), g.integer<std::size_t>(0, w.nodes - 1),
             g.integer<int>(-128, 128) / 64.0});
    for (std::size_t i = 0; i < w.nodes; ++i) w.seeds.push_back(g.flag() ? g.real(0, 5) : 0);
    return w;
}
config by_matrix(double alpha, double delta) {
    config c;
    c.implementation = runnel::implementation::matrix;
    c.matrix = {alpha, delta};
    return c;
}
/// Strides with nothing left out: every node sends, along all links, in proportion to their weights.
config by_strides(double alpha, double delta) {
    config c;
    c.alpha = alpha;
    c.transfer_cap = 1;
    c.min_transfer = 0;
    c.threshold = 0;
    c.reader.source = runnel::weight::source::unit;
    c.fanout.reduction = runnel::fanout::reduction::none;
    c.split = {.enabled = true, .all_kept = true, .temperature = 1};
    c.decay.base = -std::log(1 - delta);
    c.decay.multiplier = 1;
    c.decay.flush_below = 0;
    c.decay.scope = runnel::decay_scope::support;
    return c;
}
template <class Amount, class Engine>
std::vector<double> after(Engine const& engine, net const& w, int frames) {
    auto field = engine.template make_field<Amount>();
    for (std::size_t i = 0; i < w.nodes; ++i)
        if (w.seeds[i] > 0) engine.inject(field, id_of(i), w.seeds[i]).value();
    for (int f = 0; f < frames; ++f) engine.tick(field).value();
    std::vector<double> all;
    for (std::size_t i = 0; i < w.nodes; ++i) all.push_back(field.energy_of(id_of(i)));
    return all;
}
double apart(std::vector<double> const& a, std::vector<double> const& b) {
    double most = 0;
    for (std::size_t i = 0; i < a.size(); ++i) most = std::max(most, std::fabs(a[i] - b[i]));
    return most;
}
double sum(std::vector<double> const& a) {
    double all = 0;
    for (double x : a) all += x;
    return all;
}

} // namespace

TEST_CASE("strides with nothing left out are the matrix step", "[engine][matrix][parity]") {
    law::for_all(60, [](law::gen& g) {
        net const w = a_net(g);
        double const alpha = g.real(.01, .9, "alpha");
        double const delta = g.real(0, .5, "delta");
        auto const built = w.build();
        auto const& store = built.store;
        auto const matrix =
            runnel::make_engine(built.graph, store, by_matrix(alpha, delta)).value();
        auto const strides =
            runnel::make_engine(built.graph, store, by_strides(alpha, delta)).value();
        double const scale = std::max(1.0, sum(w.seeds));
        for (int const frames : {1, 2, 10, 100})
            g.holds(
                apart(after<double>(matrix, w, frames), after<double>(strides, w, frames))
                    <= 1e-12 * scale,
                "parity to 1e-12");
    });
}

TEST_CASE("the matrix step is what linear algebra says", "[engine][matrix][oracle]") {
    law::for_all(100, [](law::gen& g) {
        net const w = a_net(g);
        double const alpha = g.real(0, 1, "alpha");
        double const delta = g.real(0, 1, "delta");
        auto const built = w.build();
        auto const& store = built.store;
        auto const engine =
            runnel::make_engine(built.graph, store, by_matrix(alpha, delta)).value();
        Eigen::VectorXd e(static_cast<Eigen::Index>(w.nodes));
        for (std::size_t i = 0; i < w.nodes; ++i) e(static_cast<Eigen::Index>(i)) = w.seeds[i];
        Eigen::MatrixXd const p = w.rows();
        int const frames = g.integer<int>(1, 40, "frames");
        for (int f = 0; f < frames; ++f)
            e = (1 - delta) * ((1 - alpha) * e + alpha * (p.transpose() * e));
        std::vector<double> expected(e.data(), e.data() + e.size());
        double const scale = std::max(1.0, sum(w.seeds));
        g.holds(apart(after<double>(engine, w, frames), expected) <= 1e-12 * scale, "in doubles");
        g.holds(
            apart(after<runnel::energy>(engine, w, frames), expected) <= 0x1p-40 * (200.0 * frames),
            "in quanta, but for what each flow rounds down");
    });
}

TEST_CASE("a matrix step keeps the books of a frame", "[engine][matrix]") {
    law::for_all(60, [](law::gen& g) {
        net const w = a_net(g);
        auto const built = w.build();
        auto const& store = built.store;
        auto const engine =
            runnel::make_engine(built.graph, store, by_matrix(g.real(0, 1), g.real(0, 1))).value();
        auto field = engine.make_field();
        double in = 0;
        for (std::size_t i = 0; i < w.nodes; ++i) {
            engine.inject(field, id_of(i), w.seeds[i]).value();
            in += w.seeds[i];
        }
        for (int f = 0; f < 10; ++f) {
            auto const r =
                engine.tick(field, {.dt = .1, .elapsed = 1e6}, runnel::report::full).value();
            g.holds(r.residual == 0, "nothing is unexplained");
            g.holds(r.flushed == 0, "nothing is flushed");
            if (f == 0) g.holds(std::fabs(r.injected - in) < 1e-9, "injections are booked");
        }
        double all = 0;
        for (std::size_t i = 0; i < w.nodes; ++i) all += field.energy_of(id_of(i));
        g.holds(std::fabs(all - field.total()) < 1e-9, "nodes sum to the total");
    });
}

TEST_CASE("a node without ways out keeps its energy", "[engine][matrix]") {
    runnel::graph::builder b;
    b.nodes(3);
    b.link({id_of(1), id_of(1)}); // a self loop is no way out
    b.link({id_of(2), id_of(0)}).link({id_of(2), id_of(2), 5});
    auto const built = std::move(b).build().value();
    auto const engine = runnel::make_engine(built.graph, built.store, by_matrix(.25, 0)).value();
    auto field = engine.make_field();
    for (std::size_t i = 0; i < 3; ++i) engine.inject(field, id_of(i), 1).value();
    engine.tick(field).value();
    CHECK(field.energy_of(id_of(0)) == 1.25);
    CHECK(field.energy_of(id_of(1)) == 1);
    CHECK(field.energy_of(id_of(2)) == .75);
    CHECK(field.received(id_of(0)) == .25);
}

TEST_CASE("weights that change, change the matrix", "[engine][matrix]") {
    runnel::graph::builder b;
    b.nodes(3);
    b.link({id_of(0), id_of(1)}).link({id_of(0), id_of(2)});
    auto built = std::move(b).build().value();
    auto const& store = built.store;
    auto const engine = runnel::make_engine(built.graph, store, by_matrix(.5, 0)).value();
    auto field = engine.make_field();
    engine.inject(field, id_of(0), 1).value();
    engine.tick(field).value();
    CHECK(field.energy_of(id_of(1)) == .25);
    built.store
        .assign({{built.graph.find({id_of(0), id_of(1)}), runnel::log_weight::from_log(5).value()}})
        .value();
    double const before = field.energy_of(id_of(1));
    engine.tick(field).value();
    CHECK(field.energy_of(id_of(1)) - before > .24);
}

TEST_CASE("strides of a matrix step are told like any other", "[engine][matrix][event]") {
    runnel::graph::builder b;
    b.nodes(3);
    b.link({id_of(0), id_of(1), 3}).link({id_of(0), id_of(2), 1});
    auto const built = std::move(b).build().value();
    runnel::event::recorder<runnel::event::stride_exec, runnel::event::decay_tick> heard{16};
    auto const engine =
        runnel::make_engine(
            built.graph, built.store, by_matrix(.5, .1), runnel::pipeline{}.with_sink(heard))
            .value();
    auto field = engine.make_field();
    engine.inject(field, id_of(0), 1).value();
    auto const r = engine.tick(field).value();
    CHECK(r.strides == 2);
    CHECK(r.costs_computed == 2);
    REQUIRE(heard.size<runnel::event::stride_exec>() == 2);
    auto const& first = heard.get<runnel::event::stride_exec>(0);
    CHECK(first.target == id_of(1));
    CHECK(first.share == Approx(.75));
    CHECK(first.gross == Approx(.375));
    CHECK(heard.get<runnel::event::stride_exec>(1).rank == 1);
}
