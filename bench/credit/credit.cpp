// SPDX-License-Identifier: MIT
// What does it cost to be able to say why?
//
// Why:  a recorder listens to every stride, and a question goes back over all of them.
// Against: the same ten frames with nobody listening, and with an ear that only counts: what is above that is the recorder's
//       own. Then questions about the recording. All in ns per stride.
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <string>
#include <utility>
#include <vector>

#include <runnel/core/rng.hpp>
#include <runnel/runnel.hpp>

#include "support/harness.hpp"

namespace {

using runnel::node_id;

runnel::graph::built drawn(std::uint32_t nodes, std::uint32_t links) {
    runnel::counter_rng const draw{{.seed = 3}};
    runnel::graph::builder b;
    b.nodes(nodes);
    for (std::uint64_t l = 0; l < links; ++l)
        b.link(
            {node_id{static_cast<std::uint32_t>(draw(3 * l) % nodes)},
             node_id{static_cast<std::uint32_t>(draw(3 * l + 1) % nodes)},
             draw.unit(3 * l + 2) + .01});
    return std::move(b).build().value();
}

runnel::config settings() {
    auto c = runnel::presets::associate().engine;
    c.fanout.reduction = runnel::fanout::reduction::quick;
    c.threshold = 1e-4;
    return c;
}

/// One question's worth of frames.
template <class Sink> struct life {
    life(runnel::graph::built const& on, Sink& ear)
        : engine(
            runnel::make_engine(on.graph, on.store, settings(), runnel::pipeline{}.with_sink(ear))
                .value()),
          run(engine) {}
    std::uint64_t operator()() {
        run.reset();
        std::uint64_t strides = 0;
        for (std::uint32_t seed = 0; seed < 4; ++seed) run.inject(node_id{seed}, .25).value();
        for (int frame = 0; frame < 10; ++frame) strides += run.tick().value().strides;
        return strides;
    }
    decltype(runnel::make_engine(
                 std::declval<runnel::graph const&>(), std::declval<runnel::graph::store const&>(),
                 runnel::config{}, runnel::pipeline{}.with_sink(std::declval<Sink&>()))
                 .value()) engine;
    runnel::session<decltype(engine)> run;
};

struct counting {
    std::uint64_t strides = 0;
    void operator()(runnel::event::stride_exec const&) { ++strides; }
};

void compare(bench::suite& out, std::string const& name, std::uint32_t nodes) {
    auto const built = drawn(nodes, nodes * 5);
    runnel::event::none nobody;
    counting counts;
    runnel::credit::flow_recorder flow;
    life deaf{built, nobody};
    life counted{built, counts};
    life recorded{built, flow};
    auto const strides = static_cast<double>(deaf());
    out.compare(
        {.title = name + ": frames", .unit = "ns/stride", .per = strides},
        {{"nobody listens", [&] { bench::do_not_optimise(deaf()); }},
         {"an ear that counts", [&] { bench::do_not_optimise(counted()); }},
         {"recorder", [&] {
              flow.clear();
              bench::do_not_optimise(recorded());
          }}});
    flow.clear();
    recorded();
    runnel::credit::provenance trace{flow};
    node_id const best = recorded.run.top(1)[0].node;
    auto const from = trace.of_received(best);
    out.compare(
        {.title = name + ": questions about the best node", .unit = "ns/stride", .per = strides},
        {{"a look at each stride",
          [&] {
              std::int64_t sum = 0;
              for (std::size_t f = 0; f < flow.frames(); ++f)
                  for (auto const& m : flow.strides(f)) sum += m.retained;
              bench::do_not_optimise(sum);
          }},
         {"of_received", [&] { bench::do_not_optimise(trace.of_received(best)); }},
         {"its three ways", [&] { bench::do_not_optimise(from.paths(3)); }}});
    out.say(
        std::to_string(static_cast<std::uint64_t>(strides)) + " strides, "
        + std::to_string(flow.bytes() / 1024) + " KiB of recording");
}

} // namespace

int main(int argc, char** argv) {
    bench::suite out{argc, argv, "credit", "What does it cost to be able to say why?"};
    if (!out.rest().empty()) {
        std::fprintf(
            stderr, "bench_credit: unknown option %s; --help lists them\n", out.rest()[0].c_str());
        return 2;
    }
    for (auto const& [name, nodes] : {std::pair{"1 000 nodes", 1'000U}, {"20 000 nodes", 20'000U}})
        if (out.wants(name)) compare(out, name, nodes);
    return out.finish();
}
