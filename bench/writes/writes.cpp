// SPDX-License-Identifier: MIT
// What does one link's new weight cost at a hub, as its links grow a thousandfold?
//
// Why:  who learns writes a link at a time; rows stay in order all the while, and a hub must not make that dear.
// Against: a loop that writes one random float and reads another, as many as the hub has links: what memory takes for
//       that much; and one whose next read waits for the last, through as many bytes as the row has: finding a link, its
//       block and its new block is some six of those. One link per call, 10^5 calls, the first one (which finds out which link stands where) among them.
//       Then the scan of such a row and of one that nothing wrote, against the scan of a bare array.
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <utility>
#include <vector>

#include <runnel/core/rng.hpp>
#include <runnel/graph.hpp>

#include "support/harness.hpp"

namespace {

using runnel::link_id;
using runnel::log_weight;
using runnel::node_id;

enum class weights { distinct, equal };

/// Between neighbours by weight, in raw steps: the heaviest and the lightest are always about a unit apart.
constexpr std::int32_t step(std::uint32_t links) {
    return static_cast<std::int32_t>(16'000'000 / links);
}

runnel::graph::built star(std::uint32_t links, weights kind) {
    runnel::graph::builder b;
    b.nodes(links + 1);
    for (std::uint32_t n = 0; n < links; ++n) {
        auto const rank = static_cast<std::int32_t>(n * std::uint64_t{7919} % links);
        b.log_link(
            {node_id{0}, node_id{n + 1},
             log_weight::from_raw(kind == weights::equal ? 0 : -rank * step(links)),
             runnel::link_type::relates});
    }
    return std::move(b).build().value();
}

struct drawn {
    std::uint64_t at = 0;
    std::uint32_t below(std::uint32_t most) {
        std::uint64_t const word = runnel::mix(++at * 0x9E37'79B9'7F4A'7C15U);
        return static_cast<std::uint32_t>((word >> 32) * most >> 32);
    }
};

enum class workload { nearly_equal, a_hundredth, to_the_head };

/// One link a call, again and again.
struct writer {
    runnel::graph::built on;
    workload what;
    drawn draws{};
    runnel::batch one{};

    writer(std::uint32_t links, workload w)
        : on(star(links, w == workload::nearly_equal ? weights::equal : weights::distinct)),
          what(w) {
        one.changes.resize(1);
    }
    void operator()() {
        std::uint32_t const links = on.graph.link_count();
        link_id const link{draws.below(links)};
        std::int32_t delta = 1;
        switch (what) {
        case workload::nearly_equal:
            delta = static_cast<std::int32_t>(draws.below(1000)) - 500;
            break;
        case workload::a_hundredth:
            delta = static_cast<std::int32_t>(links / 100) * step(links);
            if (draws.below(2) == 0) delta = -delta;
            break;
        case workload::to_the_head: {
            auto const above = log_weight::from_raw(on.store.best(node_id{0}).lw.raw() + 1);
            on.store.assign({{link, above}}).value();
            return;
        }
        }
        one.changes[0] = {node_id{0}, link, delta};
        on.store.apply({&one, 1}).value();
    }
};

/// A random write and a random read.
struct bare {
    std::vector<float> all;
    drawn draws{};
    float sum = 0;
    explicit bare(std::uint32_t links) : all(links, 1.F) {}
    void operator()() {
        auto const links = static_cast<std::uint32_t>(all.size());
        all[draws.below(links)] += 1;
        sum += all[draws.below(links)];
    }
};

/// A read that says where the next is, over the 16 bytes a link that a written row takes.
struct chain {
    struct stop {
        std::uint32_t next = 0;
        std::uint32_t unread[3] = {};
    };
    std::vector<stop> all;
    std::uint32_t at = 0;
    explicit chain(std::uint32_t links) : all(links) {
        drawn draws;
        for (std::uint32_t i = 0; i < links; ++i) all[i].next = i;
        for (std::uint32_t i = links - 1; i > 0; --i) // one circle through all
            std::swap(all[i].next, all[draws.below(i)].next);
    }
    void operator()() { at = all[at].next; }
};

template <class Call> double time_of(Call& call, int calls) {
    double const from = bench::thread_time();
    for (int i = 0; i < calls; ++i) call();
    return bench::thread_time() - from;
}

void writes(bench::suite& out, int calls) {
    struct kind {
        workload what;
        char const* name;
    };
    std::vector<bench::row> first_calls;
    for (kind const k :
         {kind{workload::nearly_equal, "Equal weights, one becomes another"},
          kind{workload::a_hundredth, "Distinct weights, one moves by 1 % of the row"},
          kind{workload::to_the_head, "A link becomes the heaviest"}}) {
        bench::row first{k.name, {}};
        for (std::uint32_t links = 1000; links <= 1'000'000; links *= 10) {
            std::string const title = std::string(k.name) + ", " + std::to_string(links) + " links";
            if (!out.wants(title)) continue;
            std::vector<double> firsts;
            auto const found = out.compare(
                {.title = title,
                 .unit = "ns/call",
                 .per = static_cast<double>(calls),
                 .rounds = out.check() ? 3 : 5},
                {{"a write and a read",
                  {},
                  [&] {
                      bare b{links};
                      double const took = time_of(b, calls);
                      bench::do_not_optimise(b.sum);
                      return took;
                  }},
                 {"a read after a read",
                  {},
                  [&] {
                      chain c{links};
                      double const took = time_of(c, calls);
                      bench::do_not_optimise(c.at);
                      return took;
                  }},
                 {"a link's weight", {}, [&] {
                      writer w{links, k.what};
                      firsts.push_back(time_of(w, 1));
                      return firsts.back() + time_of(w, calls - 1);
                  }}});
            first.figures.push_back(bench::spread::of(firsts).median / 1e6);
            if (links == 1'000'000 && out.check())
                out.limit(
                    std::string(k.name) + ", 10^6 links: reads that wait for each other",
                    found[2].figure.median / found[1].figure.median, 16);
        }
        if (first.figures.size() == 4) first_calls.push_back(first);
    }
    if (!first_calls.empty())
        out.table("The first call, ms", {"10^3 links", "10^4", "10^5", "10^6"}, first_calls);
}

std::uint64_t scan(runnel::graph::store const& s) {
    std::uint64_t sum = 0;
    for (auto const& link : s.links(node_id{0}))
        sum += static_cast<std::uint32_t>(link.target)
               ^ static_cast<std::uint64_t>(static_cast<std::uint32_t>(link.lw.raw()));
    return sum;
}

void scans(bench::suite& out) {
    for (std::uint32_t links = 1000; links <= 1'000'000; links *= 10) {
        std::string const title = "Scan of " + std::to_string(links) + " links";
        if (!out.wants(title)) continue;
        auto const unwritten = star(links, weights::distinct);
        writer written{links, workload::a_hundredth};
        for (int i = 0; i < 100'000; ++i) written();
        std::vector<runnel::row_entry> plain;
        for (auto const& link : unwritten.store.links(node_id{0}))
            plain.push_back({link.target, link.lw});
        out.compare(
            {.title = title, .unit = "ns/link", .per = static_cast<double>(links)},
            {{"bare array",
              [&] {
                  std::uint64_t sum = 0;
                  for (auto const& link : plain)
                      sum +=
                          static_cast<std::uint32_t>(link.target)
                          ^ static_cast<std::uint64_t>(static_cast<std::uint32_t>(link.lw.raw()));
                  bench::do_not_optimise(sum);
              }},
             {"a row that nothing wrote", [&] { bench::do_not_optimise(scan(unwritten.store)); }},
             {"a row after 10^5 writes", [&] { bench::do_not_optimise(scan(written.on.store)); }}});
    }
}

} // namespace

int main(int argc, char** argv) {
    bench::suite out{
        argc, argv, "writes",
        "What does one link's new weight cost at a hub, as its links grow a thousandfold?\n"
        "    --calls N       links written per run (default 100000)"};
    int calls = 100'000;
    for (std::size_t i = 0; i < out.rest().size(); ++i) {
        if (out.rest()[i] == "--calls" && i + 1 < out.rest().size()
            && std::atoi(out.rest()[i + 1].c_str()) > 1) {
            calls = std::atoi(out.rest()[++i].c_str());
        } else {
            std::fprintf(
                stderr, "bench_writes: unknown option %s; --help lists them\n",
                out.rest()[i].c_str());
            return 2;
        }
    }
    writes(out, calls);
    if (!out.check()) scans(out);
    return out.finish();
}
