// SPDX-License-Identifier: MIT
// What do more threads bring: one frame that several share, and many fields of one graph?
//
// Why:  the bits are those of one thread whatever their number; what is left to ask is the time, from the first to the
//       last of them. A frame in the caches is bound by its cores; one far beyond them by the memory they share.
// Against: the same frame by the caller alone; one field on one thread, for many; a small graph, for what a reset costs.
//       By the clock on the wall: what others on the machine do is in it. With --check judged: shared frames in cache at
//       most 1/1.6 of the time, beyond it at most 1/.95; fields beside each other at most 1.1; reset at most 1.5.
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <runnel/engine.hpp>
#include <runnel/host/thread_pool.hpp>

#include "support/built.hpp"
#include "support/graphs.hpp"
#include "support/harness.hpp"

namespace {

using runnel::node_id;

/// Everybody sends a trifle and nobody switches.
runnel::config steady(std::uint32_t share) {
    return {
        .min_transfer = 0,
        .threshold = 1,
        .storage = runnel::storage::dense,
        .reader = {.source = runnel::weight::source::unit},
        .fanout = {.ties = runnel::fanout::ties::by_id},
        .split = {.enabled = share > 1, .k = share},
        .decay = {.base = 1e-3, .flush_below = 0}};
}
/// Everybody sends along all links.
runnel::config whole_step() {
    runnel::config c{
        .implementation = runnel::implementation::matrix, .storage = runnel::storage::dense};
    c.matrix = {.alpha = .1, .delta = 0};
    return c;
}
constexpr runnel::time_step trifle{.dt = 1e-9};

template <class Work> double on_the_wall(Work&& work) {
    auto const before = std::chrono::steady_clock::now();
    work();
    return std::chrono::duration<double, std::nano>(std::chrono::steady_clock::now() - before)
        .count();
}
template <class Engine>
runnel::field filled(Engine const& engine, std::vector<std::uint32_t> const& frontier) {
    auto field = engine.make_field();
    for (std::uint32_t const n : frontier) engine.inject(field, node_id{n}, 4).value();
    engine.tick(field, trifle).value();
    return field;
}

struct shape {
    std::string name;
    std::uint32_t active;
    runnel::config how;
    double limit; // of shared over alone
};

void compare_frames(
    bench::suite& out, shape const& of, bench::link_list const& list,
    runnel::graph::built const& on) {
    if (!out.wants(of.name)) return;
    runnel::host::thread_pool pool;
    auto const frontier = bench::some_nodes(list.nodes, of.active, 17);
    auto const alone = runnel::make_engine(on.graph, on.store, of.how).value();
    auto const shared =
        runnel::make_engine(on.graph, on.store, of.how, runnel::pipeline{}.with_workers(pool))
            .value();
    auto one = filled(alone, frontier);
    auto many = filled(shared, frontier);
    std::uint32_t const times =
        of.active < 50'000 ? 10 : 1; // a batch each: threads that were asked lately are awake
    auto const frames = [times](auto const& engine, runnel::field& field) {
        return on_the_wall([&] {
            for (std::uint32_t i = 0; i < times; ++i)
                bench::do_not_optimise(engine.tick(field, trifle));
        });
    };
    auto const found = out.compare(
        {.title = of.name,
         .unit = "ns/node",
         .per = static_cast<double>(of.active) * static_cast<double>(times)},
        {{"alone", {}, [&] { return frames(alone, one); }},
         {std::to_string(pool.lanes()) + " threads", {}, [&] { return frames(shared, many); }}});
    if (one.digest() != many.digest()) std::fprintf(stderr, "bench_threads: the bits differ\n");
    if (out.check() && pool.lanes() == 2)
        out.limit(of.name + ": two threads over one", found[1].ratio.median, of.limit);
}

void compare_fields(
    bench::suite& out, bench::link_list const& list, runnel::graph::built const& on) {
    std::string const title = "Fields of one engine, 3000 active each";
    if (!out.wants(title)) return;
    std::size_t const threads = std::thread::hardware_concurrency();
    auto const engine = runnel::make_engine(on.graph, on.store, steady(1)).value();
    std::vector<runnel::field> fields;
    for (std::size_t i = 0; i < threads; ++i)
        fields.push_back(filled(engine, bench::some_nodes(list.nodes, 3'000, 17 + i)));
    constexpr int times = 300; // so that starting threads is not what is measured
    auto const frames = [&](runnel::field& field) {
        for (int i = 0; i < times; ++i) bench::do_not_optimise(engine.tick(field, trifle));
    };
    auto const found = out.compare(
        {.title = title, .unit = "us/frame", .per = 1e3 * times},
        {{"one thread", {}, [&] { return on_the_wall([&] { frames(fields[0]); }); }},
         {std::to_string(threads) + " threads, a field each", {}, [&] {
              return on_the_wall([&] {
                  std::vector<std::jthread> others;
                  for (std::size_t i = 1; i < threads; ++i)
                      others.emplace_back([&, i] { frames(fields[i]); });
                  frames(fields[0]);
              });
          }}});
    if (out.check()) out.limit(title + ": beside each other", found[1].ratio.median, 1.1);
}

/// 10 000 nodes are given energy and taken from; what lies beside them should not matter.
void compare_resets(bench::suite& out) {
    std::string const title = "Reset of 10 000 nodes";
    if (!out.wants(title)) return;
    auto const touched_of = [](std::uint32_t nodes) {
        runnel::graph::builder b;
        b.nodes(nodes);
        return std::move(b).build().value();
    };
    auto const small = touched_of(1U << 16);
    auto const large = touched_of(1U << 22);
    auto const by_small = runnel::make_engine(small.graph, small.store, steady(1)).value();
    auto const by_large = runnel::make_engine(large.graph, large.store, steady(1)).value();
    auto a = by_small.make_field();
    auto b = by_large.make_field();
    auto const again = [](auto const& engine, runnel::field& field) {
        for (std::uint32_t n = 0; n < 10'000; ++n) engine.inject(field, node_id{n}, 1).value();
        return on_the_wall([&] { field.reset(); });
    };
    auto const found = out.compare(
        {.title = title, .unit = "us", .per = 1e3},
        {{"of 2^16", {}, [&] { return again(by_small, a); }},
         {"of 2^22", {}, [&] { return again(by_large, b); }}});
    if (out.check()) out.limit(title + ": of 64 times the nodes", found[1].ratio.median, 1.5);
}

} // namespace

int main(int argc, char** argv) {
    bench::suite out{
        argc, argv, "threads",
        "What do more threads bring: one frame that several share, and many fields of one graph?"};
    if (!out.rest().empty()) {
        std::fprintf(
            stderr, "bench_threads: unknown option %s; --help lists them\n", out.rest()[0].c_str());
        return 2;
    }
    constexpr double in_cache = 1 / 1.6;
    constexpr double beyond = 1 / .95;
    auto const small = bench::rmat({.scale = 16});
    auto const on_small = bench::built_of(small);
    compare_frames(out, {"RMAT 16, 3000 active", 3'000, steady(1), in_cache}, small, on_small);
    compare_frames(out, {"RMAT 16, 20000 active", 20'000, steady(1), in_cache}, small, on_small);
    compare_frames(
        out, {"RMAT 16, 20000 active, four share", 20'000, steady(4), in_cache}, small, on_small);
    compare_frames(
        out, {"RMAT 16, a matrix step", small.nodes, whole_step(), in_cache}, small, on_small);
    compare_fields(out, small, on_small);
    if (out.full() || out.check()) {
        auto const large = bench::rmat({.scale = 20});
        auto const on_large = bench::built_of(large);
        compare_frames(
            out, {"RMAT 20, 500000 active", 500'000, steady(1), beyond}, large, on_large);
        compare_frames(
            out, {"RMAT 20, 500000 active, four share", 500'000, steady(4), beyond}, large,
            on_large);
        compare_frames(
            out, {"RMAT 20, a matrix step", large.nodes, whole_step(), beyond}, large, on_large);
    }
    compare_resets(out);
    return out.finish();
}
