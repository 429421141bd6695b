// SPDX-License-Identifier: MIT
// What does one call of a small function cost, and one tick of a small frontier?
//
// Digits of one machine at one moment: good for seeing that a change made a function three times slower, not for
// comparing machines. What is judged is in bench/penalty. Catch2's options apply: bench_kernels "[tick]",
// --benchmark-samples 50; and of ours --json FILE and --full, which takes Catch2's own, larger samples.
#include <cmath>
#include <cstdint>
#include <fstream>
#include <iostream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <runnel/engine.hpp>
#include <runnel/learn.hpp>

#include "support/catch.hpp"
#include "support/graphs.hpp"
#include "support/json.hpp"

namespace {

using runnel::node_id;

TEST_CASE("numbers", "[numbers]") {
    // Each result feeds the next call, so that what is seen is the time until a result is there.
    double x = .7;
    BENCHMARK("math::exp") { return x = runnel::math::exp(-x); };
    BENCHMARK("std::exp") { return x = std::exp(-x); };
    BENCHMARK("math::log") { return x = runnel::math::log(2 + x); };
    BENCHMARK("std::log") { return x = std::log(2 + x); };

    std::uint64_t draw = 0;
    BENCHMARK("counter_rng: key and one draw") {
        return draw = runnel::counter_rng{{.seed = 1, .frame = 2, .node = draw}}(0);
    };
    runnel::counter_rng const draws{{.seed = 1, .frame = 2, .node = 3}};
    BENCHMARK("counter_rng: one more draw") { return draw = draws(draw); };
    BENCHMARK("counter_rng: bounded draw") { return draw = draws.bounded(1000, draw); };

    auto const whole = runnel::energy::from_units(100).value();
    auto const share = runnel::fraction::of(.999999);
    auto held = whole;
    BENCHMARK("part of an energy") {
        held = runnel::part(held, share);
        return held += whole;
    };
}

TEST_CASE("fanout", "[fanout]") {
    runnel::fanout::config const settings;
    std::uint32_t degree = 0;
    BENCHMARK("select_strategy") {
        return degree = runnel::fanout::select_strategy(degree % 64 + 1, settings).k;
    };
    runnel::fanout::reducer keep;
    for (std::size_t const links : {100U, 10'000U}) {
        std::vector<float> weights(links);
        for (std::size_t i = 0; i < links; ++i)
            weights[i] = static_cast<float>(runnel::mix(i) % 1000);
        BENCHMARK("5 heaviest of " + std::to_string(links) + " in any order") {
            return keep(weights, 5, [](float w) { return w; })[0];
        };
    }
    runnel::fanout::tie_order order;
    std::uint64_t frame = 0;
    BENCHMARK("5 of a million equals") {
        std::uint32_t last = 0;
        order.draw(
            runnel::fanout::ties::sampled, {1, ++frame, node_id{0}}, {1'000'000, 5, 0},
            [&](std::uint32_t i) { last = i; });
        return last;
    };
}

TEST_CASE("split", "[split]") {
    for (std::size_t const count : {3U, 100U}) {
        std::vector<double> costs(count);
        for (std::size_t i = 0; i < count; ++i)
            costs[i] = static_cast<double>(runnel::mix(i) % 1000) / 250;
        runnel::split::part<double> shares[3];
        BENCHMARK("top 3 of " + std::to_string(count) + " costs") {
            return runnel::split::top_k_split<double>(costs, 3, 1.0, shares).value();
        };
    }
}

/// As many strides as a busy frame makes, as learning sees them: of four cohorts, a few of them bringing a node over its
/// threshold together.
std::vector<runnel::weight::flow> some_flows(std::uint32_t count) {
    std::vector<runnel::weight::flow> flows(count);
    for (std::uint32_t i = 0; i < count; ++i) {
        auto& f = flows[i];
        f.source = node_id{i};
        f.target = node_id{static_cast<std::uint32_t>(runnel::mix(i) % (count / 4))};
        f.link = runnel::link_id{i};
        f.of.type = static_cast<runnel::link_type>(i % 4);
        f.gross = f.retained = static_cast<double>(runnel::mix(i + 1) % 1000) / 1000;
        f.gap = i % 3 == 0 ? 1.5 : 0;
        f.flipped = i % 12 == 0;
        f.source_active = true;
    }
    return flows;
}

TEST_CASE("learn", "[learn]") {
    auto flows = some_flows(1000);
    runnel::weight::appraiser appraise;
    BENCHMARK("appraise 1000 strides") {
        appraise(flows.data(), flows.size());
        return flows[0].z_flow;
    };
    runnel::learn::strengthen const teach;
    std::size_t at = 0;
    BENCHMARK("strengthen: one stride") {
        at = at + 1 < flows.size() ? at + 1 : 0;
        return teach(flows[at]).delta;
    };
    runnel::weight::pair_flows pairs;
    std::uint64_t frame = 0;
    BENCHMARK("flows between 1000 pairs") {
        ++frame;
        for (auto const& f : flows) pairs.add({f.source, f.target}, f.gross, frame);
        return pairs.dominance({flows[0].source, flows[0].target}, frame);
    };
}

/// An engine over a graph of 2^14 nodes and a field whose frontier stays as it is.
template <class Pipeline = runnel::pipeline<>> struct frontier {
    explicit frontier(
        std::uint32_t active, runnel::config const& with = settings(), Pipeline policies = {})
        : built(make()),
          engine(runnel::make_engine(
                     built.graph, std::as_const(built.store), with, std::move(policies))
                     .value()),
          field(engine.make_field()) {
        for (std::uint32_t const node : bench::some_nodes(built.graph.node_count(), active, 5))
            engine.inject(field, node_id{node}, 100).value();
    }
    static runnel::config settings() {
        runnel::config c;
        c.threshold = 1; // targets stay below it
        c.storage = runnel::storage::dense;
        return c;
    }
    static runnel::graph::built make() {
        auto const list = bench::rmat({.scale = 14});
        runnel::graph::builder all;
        all.nodes(list.nodes);
        for (bench::link const& l : list.links)
            all.link({node_id{l.from}, node_id{l.to}, l.weight});
        return std::move(all).build().value();
    }

    runnel::graph::built built;
    runnel::engine<runnel::graph_rows, Pipeline> engine;
    runnel::field field;
};

TEST_CASE("reader", "[reader]") {
    frontier<> const f{0};
    auto const& sums = f.built.store.cohorts();
    runnel::weight::config const how;
    BENCHMARK("what is usual in a cohort") {
        return runnel::weight::reading_of(sums, runnel::cohort{}, how).slope;
    };
    auto const reading = runnel::weight::reading_of(sums, runnel::cohort{}, how);
    auto lw = runnel::log_weight::from_log(.3).value();
    BENCHMARK("strength of a link") {
        return lw = runnel::log_weight::from_log(-reading(lw)).value_or(lw);
    };
}

TEST_CASE("inject", "[inject]") {
    frontier<> f{0};
    std::uint32_t node = 0;
    BENCHMARK("inject into one node after another") {
        node = (node + 1) & 0x3FFF;
        return f.engine.inject(f.field, node_id{node}, 1e-9).has_value();
    };
}

TEST_CASE("tick", "[tick]") {
    for (std::uint32_t const active : {1U, 100U, 10'000U}) {
        frontier<> f{active};
        BENCHMARK("tick of " + std::to_string(active) + " active nodes") {
            return f.engine.tick(f.field, {.dt = 1e-6}).has_value();
        };
    }
    auto const learning = runnel::pipeline{}.with_learning(runnel::learn::strengthen{});
    frontier f{10'000, frontier<>::settings(), learning};
    BENCHMARK("tick of 10000 active nodes that learn") {
        bool const ok = f.engine.tick(f.field, {.dt = 1e-6}).has_value();
        return ok && f.field.take_lessons().changes.size() > 0;
    };
}

TEST_CASE("matrix", "[matrix]") {
    auto settings = frontier<>::settings();
    settings.implementation = runnel::implementation::matrix;
    settings.matrix.delta = 0; // nothing drains
    frontier<> f{10'000, settings};
    for (int i = 0; i < 10; ++i) f.engine.tick(f.field).value(); // everywhere by now
    std::uint64_t const links = f.engine.tick(f.field).value().costs_computed;
    BENCHMARK("matrix step over " + std::to_string(links) + " links") {
        return f.engine.tick(f.field).value().strides;
    };
}

std::vector<bench::json> found;

#if __has_include(<catch2/catch_all.hpp>)
using listens = Catch::EventListenerBase;
#else
using listens = Catch::TestEventListenerBase;
#endif
struct notes : listens {
    using listens::listens;
    void benchmarkEnded(Catch::BenchmarkStats<> const& of) override {
        auto const mean = bench::json{}
                              .number("mean", of.mean.point.count())
                              .number("low", of.mean.lower_bound.count())
                              .number("high", of.mean.upper_bound.count());
        found.push_back(bench::json{}.text("name", of.info.name).object("figure", mean));
    }
};
CATCH_REGISTER_LISTENER(notes)

} // namespace

int main(int argc, char** argv) {
    std::string json_to;
    bool full = false;
    std::vector<char const*> words{argv[0]};
    for (int i = 1; i < argc; ++i) {
        std::string_view const word = argv[i];
        if (word == "--json" && i + 1 < argc)
            json_to = argv[++i];
        else if (word == "--seconds" && i + 1 < argc)
            ++i; // of all benchmarks; here the number of samples counts
        else if (word == "--full")
            full = true;
        else
            words.push_back(argv[i]);
    }
    // A third of Catch2's samples and fewer resamplings: 10 s instead of 50. What the caller says comes later, and wins.
    if (!full)
        words.insert(
            words.begin() + 1, {"--benchmark-samples", "30", "--benchmark-resamples", "2000",
                                "--benchmark-warmup-time", "20"});
    int const failed = Catch::Session().run(static_cast<int>(words.size()), words.data());
    if (json_to.empty()) return failed;
    auto const all = bench::json{}
                         .text("title", "Single functions")
                         .text("unit", "ns")
                         .list("candidates", found);
    auto const out = bench::json{}.text("bench", "kernels").list("comparisons", {all});
    if (std::ofstream(json_to) << out.str() << "\n") return failed;
    std::cerr << "bench_kernels: cannot write " << json_to << "\n";
    return 1;
}
