// SPDX-License-Identifier: MIT
// What does a matrix step cost beside a bare sparse product, and should it push or pull?
//
// Why:  pushing adds to sums here and there, pulling reads here and there and adds in a register: others pull where much
//       of a graph is active. Here every part is rounded to a quantum, and what a source sends is the sum of its parts:
//       who pulls must go through the rows a second time to know it. So both are measured, as bare loops.
// Against: y = M'x by rows of the transpose, doubles, 12 bytes a link. The frame keeps books, frontier and exact sums
//       besides. Bare loops over whole numbers, alike to the bit: a push, and a pull with the pass for what was sent.
//       With --check judged: the frame at most 1.1 times the product; of the directions that no pull saves a fifth.
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <string>
#include <utility>
#include <vector>

#include <runnel/engine.hpp>

#include "support/built.hpp"
#include "support/floor.hpp"
#include "support/graphs.hpp"
#include "support/harness.hpp"

namespace {

using runnel::node_id;

constexpr double sent = .1; // of what a node holds

template <class Share> struct rows {
    std::vector<std::uint64_t> first;
    std::vector<std::uint32_t> to;
    std::vector<Share> share;

    explicit rows(std::uint32_t nodes, std::size_t links)
        : first(std::size_t{nodes} + 1), to(links), share(links) {}
    [[nodiscard]] std::uint32_t nodes() const {
        return static_cast<std::uint32_t>(first.size() - 1);
    }
};
rows<double> shares(bench::link_list const& list) {
    rows<double> m{list.nodes, list.links.size()};
    std::vector<double> sum(list.nodes);
    for (bench::link const& l : list.links) {
        sum[l.from] += l.weight;
        ++m.first[l.from + 1];
    }
    for (std::uint32_t n = 0; n < list.nodes; ++n) m.first[n + 1] += m.first[n];
    for (std::size_t i = 0; i < list.links.size(); ++i) {
        m.to[i] = list.links[i].to;
        m.share[i] = sent * list.links[i].weight / sum[list.links[i].from];
    }
    return m;
}
template <class Share> rows<Share> transposed(rows<Share> const& m) {
    rows<Share> t{m.nodes(), m.to.size()};
    for (std::uint32_t const to : m.to) ++t.first[to + 1];
    for (std::uint32_t n = 0; n < m.nodes(); ++n) t.first[n + 1] += t.first[n];
    auto place = t.first;
    for (std::uint32_t n = 0; n < m.nodes(); ++n)
        for (std::size_t i = m.first[n]; i < m.first[n + 1]; ++i) {
            std::size_t const at = place[m.to[i]]++;
            t.to[at] = n;
            t.share[at] = m.share[i];
        }
    return t;
}
rows<std::uint64_t> whole(rows<double> const& m) {
    rows<std::uint64_t> w{m.nodes(), m.to.size()};
    w.first = m.first;
    w.to = m.to;
    for (std::size_t i = 0; i < m.share.size(); ++i)
        w.share[i] = static_cast<std::uint64_t>(m.share[i] * 0x1p64);
    return w;
}

struct amounts {
    std::vector<std::uint64_t> held;
    std::vector<std::uint64_t> received;
    std::vector<std::uint64_t> sent;
    explicit amounts(std::uint32_t nodes) : held(nodes), received(nodes), sent(nodes) {}
};

void product(rows<double> const& t, std::vector<double> const& x, std::vector<double>& y) {
    for (std::uint32_t n = 0; n < t.nodes(); ++n) {
        double sum = 0;
        for (std::size_t i = t.first[n]; i < t.first[n + 1]; ++i) sum += t.share[i] * x[t.to[i]];
        y[n] = sum;
    }
}
void push(rows<std::uint64_t> const& m, amounts& a) {
    for (std::uint32_t n = 0; n < m.nodes(); ++n) {
        std::uint64_t const held = a.held[n];
        if (held == 0) continue;
        std::uint64_t all = 0;
        for (std::size_t i = m.first[n]; i < m.first[n + 1]; ++i) {
            std::uint64_t const part = bench::floor::part(held, m.share[i]);
            a.received[m.to[i]] += part;
            all += part;
        }
        a.sent[n] = all;
    }
}
void pull(rows<std::uint64_t> const& t, rows<std::uint64_t> const& m, amounts& a) {
    for (std::uint32_t n = 0; n < t.nodes(); ++n) {
        std::uint64_t sum = 0;
        for (std::size_t i = t.first[n]; i < t.first[n + 1]; ++i)
            sum += bench::floor::part(a.held[t.to[i]], t.share[i]);
        a.received[n] = sum;
    }
    for (std::uint32_t n = 0; n < m.nodes(); ++n) {
        std::uint64_t const held = a.held[n];
        if (held == 0) continue;
        std::uint64_t all = 0;
        for (std::size_t i = m.first[n]; i < m.first[n + 1]; ++i)
            all += bench::floor::part(held, m.share[i]);
        a.sent[n] = all;
    }
}

void compare_steps(bench::suite& out, std::string const& name, bench::link_list const& list) {
    std::string const title = name + ", a step of all nodes";
    if (!out.wants(title)) return;
    auto const t = transposed(shares(list));
    std::vector<double> x(list.nodes, 1);
    std::vector<double> y(list.nodes);
    auto const on = bench::built_of(list);
    runnel::config c{
        .implementation = runnel::implementation::matrix, .storage = runnel::storage::dense};
    c.matrix = {.alpha = sent, .delta = 0};
    auto const engine = runnel::make_engine(on.graph, on.store, c).value();
    auto field = engine.make_field();
    for (std::uint32_t n = 0; n < list.nodes; ++n) engine.inject(field, node_id{n}, 1).value();
    engine.tick(field).value();
    auto const found = out.compare(
        {.title = title, .unit = "ns/link", .per = static_cast<double>(list.links.size())},
        {{"bare product",
          [&] {
              product(t, x, y);
              bench::do_not_optimise(y[0]);
          }},
         {"frame", [&] { bench::do_not_optimise(engine.tick(field)); }}});
    if (out.check()) out.limit(title + ": over the product", found[1].ratio.median, 1.1);
}

void compare_directions(
    bench::suite& out, std::string const& name, bench::link_list const& list, unsigned of) {
    std::string const title = name + ", push or pull, one node in " + std::to_string(of);
    if (!out.wants(title)) return;
    auto const m = whole(shares(list));
    auto const t = transposed(m);
    amounts a{list.nodes};
    for (std::uint32_t const n : bench::some_nodes(list.nodes, list.nodes / of, 3))
        a.held[n] = std::uint64_t{1} << 40;
    amounts z = a;
    push(m, a);
    pull(t, m, z);
    out.expect(title + ": the same bits", a.received == z.received && a.sent == z.sent);
    auto const found = out.compare(
        {.title = title, .unit = "ns/link", .per = static_cast<double>(list.links.size())},
        {{"bare push",
          [&] {
              push(m, a);
              bench::do_not_optimise(a.sent[0]);
          }},
         {"bare pull and what was sent", [&] {
              pull(t, m, z);
              bench::do_not_optimise(z.sent[0]);
          }}});
    if (out.check()) out.limit(title + ": push over pull", 1 / found[1].ratio.median, 1.2);
}

} // namespace

int main(int argc, char** argv) {
    bench::suite out{
        argc, argv, "matrix",
        "What does a matrix step cost beside a bare sparse product, and should it push or pull?"};
    if (!out.rest().empty()) {
        std::fprintf(
            stderr, "bench_matrix: unknown option %s; --help lists them\n", out.rest()[0].c_str());
        return 2;
    }
    for (int const scale : {14, 16, 20}) {
        if (scale == 20 && !out.full()) continue;
        std::string const name = "RMAT " + std::to_string(scale);
        out.progress("making " + name);
        auto const list = bench::rmat({.scale = scale});
        compare_steps(out, name, list);
        for (unsigned const of : {64U, 8U, 2U, 1U}) compare_directions(out, name, list, of);
    }
    return out.finish();
}
