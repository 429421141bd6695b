// SPDX-License-Identifier: MIT
// Random calls as values, so that the same life can be led twice, by another engine or in another order.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include <runnel/runnel.hpp>

#include "engine/drawn_case.hpp"
#include "support/law.hpp"

namespace drawn {

struct call {
    enum class kind { tick, inject, settle, begin_query, reset } what = kind::tick;
    time_step step{};
    std::vector<stimulus> stimuli;
};

/// Ticks mostly; injections often enough that there is something to move.
inline call a_call(law::gen& g, std::size_t nodes) {
    call c;
    switch (g.choose(11)) {
    default:
        g.show("call", std::string_view{"tick"});
        c.step = a_step(g);
        break;
    case 7:
    case 8:
        g.show("call", std::string_view{"inject"});
        c.what = call::kind::inject;
        c.stimuli = stimuli(g, nodes, 4);
        break;
    case 9:
        g.show("call", std::string_view{"settle"});
        c.what = call::kind::settle;
        break;
    case 10:
        g.show("call", std::string_view{"begin_query"});
        c.what = call::kind::begin_query;
        break;
    case 11:
        g.show("call", std::string_view{"reset"});
        c.what = call::kind::reset;
        break;
    }
    return c;
}

/// A life begins with stimuli and then takes up to `most` calls.
inline std::vector<call> a_life(law::gen& g, std::size_t nodes, std::size_t most = 24) {
    std::vector<call> calls(1);
    calls[0].what = call::kind::inject;
    calls[0].stimuli = stimuli(g, nodes, 12);
    for (call& c : g.list(most, [&] { return a_call(g, nodes); })) calls.push_back(std::move(c));
    return calls;
}

template <class Engine, class Amount>
void make(Engine const& engine, runnel::basic_field<Amount>& field, call const& c) {
    switch (c.what) {
    case call::kind::tick: engine.tick(field, c.step).value(); break;
    case call::kind::inject: engine.inject(field, c.stimuli).value(); break;
    case call::kind::settle: field.settle().value(); break;
    case call::kind::begin_query: field.begin_query(); break;
    case call::kind::reset: field.reset(); break;
    }
}
template <class Engine, class Amount>
void make(
    Engine const& engine, runnel::basic_field<Amount>& field, std::vector<call> const& calls) {
    for (call const& c : calls) make(engine, field, c);
}

/// Quanta of an energy told in units; exact up to 2^53 quanta.
[[nodiscard]] inline oracle::quanta told_quanta(double units) { return oracle::quanta_of(units); }

/// So little energy that a double holds any node's quanta.
[[nodiscard]] inline bool told_exactly(runnel::field const& field) { return field.total() < 8'000; }
/// The nodes' energies, added up from what each tells.
[[nodiscard]] inline oracle::quanta recount(runnel::field const& field, std::size_t nodes) {
    oracle::quanta all = 0;
    for (std::size_t n = 0; n < nodes; ++n) all += told_quanta(field.energy_of(id_of(n)));
    return all;
}

} // namespace drawn
