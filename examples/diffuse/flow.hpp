// SPDX-License-Identifier: MIT
// The diffusion itself: injections, ticks, states.
#pragma once

#include <cstdint>
#include <string>
#include <utility>

#include <runnel/cost/context.hpp>
#include <runnel/cost/log_additive.hpp>
#include <runnel/engine.hpp>
#include <runnel/host/thread_pool.hpp>

#include "../command/output.hpp"
#include "plan.hpp"
#include "show.hpp"

namespace diffuse {

/// What a run notices and a user should know.
struct noticed {
    bool moved = false;
    bool out_of_reach = false;
    std::uint64_t rounded_to_zero = 0;
};

namespace detail {

template <class Amount, class Engine>
ledger flow(Engine const& engine, plan const& of, wishes const& how, printer& to, noticed& seen) {
    runnel::session<Engine, Amount> session{engine};
    command::progress progress{how.shared.voice()};
    auto next_injection = of.injections.begin();
    auto next_state = of.at.begin();
    std::uint32_t const nodes = engine.rows().node_count();
    for (std::uint64_t tick = 0;; ++tick) {
        for (; next_injection != of.injections.end() && next_injection->tick == tick;
             ++next_injection)
            if (auto const ok = session.inject(next_injection->node, next_injection->amount); !ok)
                throw command::failure(
                    "at tick " + std::to_string(tick) + ": " + command::sentence_of(ok.error()));
        if (next_state != of.at.end() && *next_state == tick) {
            progress.clear();
            to.state(tick, rows_of(session.field(), nodes, how));
            ++next_state;
        }
        if (tick == of.ticks) break;
        progress.show(
            [&] { return "tick " + std::to_string(tick) + " of " + std::to_string(of.ticks); });
        auto const frame = session.tick({.dt = of.dt});
        if (!frame)
            throw command::failure(
                "at tick " + std::to_string(tick) + ": " + command::sentence_of(frame.error()));
        seen.moved = seen.moved || frame->transferred > 0;
        seen.out_of_reach = frame->out_of_reach;
    }
    // What the states did not need: every node's decay up to now, so that the books are those of all energies.
    if (auto const ok = session.settle(); !ok)
        throw command::failure(command::sentence_of(ok.error()));
    seen.rounded_to_zero = session.field().rounded_to_zero();
    auto const books = session.field().books();
    auto const units = [&](auto sum) { return books.units(sum); };
    return {
        of.ticks,
        units(books.injected),
        units(books.sent),
        units(books.decayed),
        units(books.dissipated),
        units(books.flushed),
        units(books.after),
        units(books.residual())};
}

template <class Amount, class Pipeline>
ledger flow_with(
    runnel::graph::built const& graph, runnel::config const& settings, Pipeline policies,
    plan const& of, wishes const& how, printer& to, noticed& seen) {
    runnel::host::thread_pool pool{how.shared.threads};
    auto const run = [&](auto pipeline) {
        auto const engine =
            runnel::make_engine(graph.graph, graph.store, settings, pipeline.with_workers(pool));
        if (!engine) // settings that ask for what a graph of links has not
            throw command::wrong_usage("--set: " + command::sentence_of(engine.error()));
        return flow<Amount>(*engine, of, how, to, seen);
    };
    if (!how.events) return run(std::move(policies));
    command::event_file events{*how.events};
    ledger const books = run(policies.with_sink(events.lines()));
    events.close();
    return books;
}

} // namespace detail

/// Strides move exact energy; the matrix is linear algebra, on doubles.
inline ledger flow(
    runnel::graph::built const& graph, settings const& by, plan const& of, wishes const& how,
    printer& to, noticed& seen) {
    using runnel::pipeline;
    if (how.mode == mode::matrix)
        return detail::flow_with<double>(graph, by.engine, pipeline{}, of, how, to, seen);
    runnel::cost::config const plain{
        .goal = by.cost.goal,
        .resonance = by.cost.resonance,
        .complementarity = by.cost.complementarity,
        .complementarity_gate = by.cost.complementarity_gate};
    // A graph of links alone has neither goals nor moods: what is left of the cost may be the weight, which is quicker.
    if (by.cost == plain)
        return detail::flow_with<runnel::energy>(graph, by.engine, pipeline{}, of, how, to, seen);
    runnel::cost::context now{graph.graph};
    if (by.cost.hub > 0) now.count_links();
    return detail::flow_with<runnel::energy>(
        graph, by.engine, pipeline{}.with_cost(runnel::cost::log_additive{now, by.cost}), of, how,
        to, seen);
}

} // namespace diffuse
