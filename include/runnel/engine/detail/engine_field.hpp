// SPDX-License-Identifier: MIT
// room: engine. What an engine does to a field between frames.
//
// Why:  injection checks everything first and takes all memory second, so that a refused or failed
//       call leaves the field bit-identical.
#pragma once

#include <cstdint>
#include <span>

#include <runnel/core/array.hpp>
#include <runnel/engine/engine.hpp>

namespace runnel {

template <class Rows, class Pipeline>
template <class Amount>
status engine<Rows, Pipeline>::inject(
    basic_field<Amount>& f, std::span<stimulus const> many) const {
    using traits = energy_traits<Amount>;
    if (auto const ok = ready(f); !ok) return ok.error();
    auto& s = state(f);
    auto total = static_cast<typename traits::total>(s.books.stored());
    auto const most = traits::raw(*traits::from_units(energy::limit));
    for (std::size_t i = 0; i < many.size(); ++i) {
        if (index(many[i].node) >= rows_.node_count())
            return fault{faults::unknown_node, index(many[i].node), i};
        auto const amount = traits::from_units(many[i].units);
        if (!amount) {
            fault const& why = amount.error();
            return fault{fault_kind{why.code(), why.sentence()}, why.offender(), i};
        }
        total += traits::raw(*amount);
        if (total > most) return fault{faults::energy_over_limit, many[i].units, i};
    }
    constexpr bool heard = event::hears<sink_type, event::stimulus_injected>;
    detail::array<event::stimulus_injected> told;
    if constexpr (heard) told.reserve(many.size());
    with_work(f, [&](auto loops, auto&) {
        s.active.room(s.active.size() + many.size());
        for (stimulus const& one : many) loops.reserve(s, one.node);
        if (visited()) s.visit_rate = config_.visit_rate;
        s.columns_room(config_);
        for (stimulus const& one : many) {
            Amount const amount = *traits::from_units(one.units);
            Amount const before = loops.inject(*this, s, one.node, amount);
            if constexpr (heard) told.push_back(describe(s, one.node, before, amount));
        }
    });
    for (event::stimulus_injected const& event : told)
        event::emit<event::stimulus_injected>(
            sink(), [&]() -> event::stimulus_injected const& { return event; });
    return {};
}

template <class Rows, class Pipeline>
template <class Amount>
event::stimulus_injected engine<Rows, Pipeline>::describe(
    detail::field_state<Amount>& s, node_id node, Amount before, Amount amount) const {
    using traits = energy_traits<Amount>;
    Amount const after = before + amount;
    Amount const needed = threshold(*s.table.find(node), node);
    auto const gap = [&](Amount held) {
        return held < needed ? traits::units(needed - held) : 0.0;
    };
    return {node, traits::units(amount), gap(before), gap(after), traits::units(before)};
}

template <class Rows, class Pipeline>
template <class Amount>
status engine<Rows, Pipeline>::adopt(basic_field<Amount>& f) const {
    if (auto const ok = usable(f); !ok) return ok.error();
    auto& s = state(f);
    std::size_t touched = 0;
    s.table.each([&](node_id, auto const&) { ++touched; });
    s.active.room(touched);
    if (config_.resistance.enabled) s.resistance.room(s.table.slots());
    s.settle_all();
    s.shape = {id_, rules<Amount>()};
    s.keep_span = {};
    if (config_.resistance.enabled)
        s.table.each([&](node_id node, auto const&) {
            s.resistance[s.table.slot(node)] =
                detail::resistance_of(rows_, node, config_.resistance);
        });
    s.active.shrink(0);
    s.parted = 0;
    s.table.each([&](node_id node, auto& r) {
        r.flags &= static_cast<std::uint16_t>(~detail::active_flag);
        if (r.held < threshold(r, node)) return;
        r.flags |= detail::active_flag;
        s.active.push(node);
    });
    return {};
}

} // namespace runnel
