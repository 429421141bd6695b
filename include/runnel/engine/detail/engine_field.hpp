// SPDX-License-Identifier: MIT
// room: engine. What an engine does to a field between frames.
//
// Why:  injection checks everything first and takes all memory second, so that a refused or failed
//       call leaves the field bit-identical.
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <vector>

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
    std::vector<event::stimulus_injected> told;
    if constexpr (heard) told.reserve(many.size());
    with_work(f, [&](auto loops, auto&) {
        s.active.room(s.active.size() + many.size());
        for (stimulus const& one : many) loops.reserve(s, one.node);
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
    Amount const needed =
        s.table.dense()
            ? work<Amount, true>::threshold(*this, s.table.template at<true>(node), node)
            : work<Amount, false>::threshold(*this, s.table.template at<false>(node), node);
    auto const gap = [&](Amount held) {
        return held < needed ? traits::units(needed - held) : 0.0;
    };
    return {node, traits::units(amount), gap(before), gap(after)};
}

template <class Rows, class Pipeline>
template <class Amount>
Amount engine<Rows, Pipeline>::settled(
    detail::field_state<Amount> const& s, detail::node_record<Amount> const& r) const noexcept {
    if (r.stamp == s.clock.raw()) return r.held;
    double const idle = (s.clock - instant::from_raw(r.stamp)).seconds();
    Amount const kept = detail::keep_share<Amount>::of(rates_[r.type], idle).of_amount(r.held);
    return kept < cut<Amount>().flush_below ? Amount{} : kept;
}

template <class Rows, class Pipeline>
template <class Amount>
status engine<Rows, Pipeline>::settle(basic_field<Amount>& f) const {
    if (auto const ok = ready(f); !ok) return ok.error();
    with_work(f, [&](auto loops, auto& s) {
        s.table.each([&](node_id, auto& r) {
            if (r.stamp != s.clock.raw()) loops.settle(*this, s, r);
        });
    });
    return {};
}

template <class Rows, class Pipeline>
template <class Amount>
ranking engine<Rows, Pipeline>::top(basic_field<Amount> const& f, std::size_t k, rank_by by) const {
    using traits = energy_traits<Amount>;
    using key_type = decltype(detail::node_record<Amount>{}.received_raw());
    struct entry {
        key_type key;
        ranked what;
    };
    auto const& s = state(f);
    RUNNEL_EXPECTS(s.home.graph == rows_.identity(), "engine: a field of another graph");
    if (s.home.graph != rows_.identity()) return {};
    std::vector<entry> all;
    s.table.each([&](node_id node, auto const& r) {
        Amount const held = settled(s, r);
        key_type const key =
            by == rank_by::received ? r.received_raw() : static_cast<key_type>(traits::raw(held));
        if (key > key_type{}) all.push_back({key, {node, traits::units(held), r.received()}});
    });
    std::size_t const n = std::min(k, all.size());
    std::partial_sort(
        all.begin(), all.begin() + static_cast<std::ptrdiff_t>(n), all.end(),
        [](entry const& a, entry const& b) {
            if (a.key != b.key) return b.key < a.key;
            return a.what.node < b.what.node;
        });
    ranking best;
    best.nodes.reserve(n);
    for (std::size_t i = 0; i < n; ++i) best.nodes.push_back(all[i].what);
    best.what = all.empty() ? ranking::outcome::empty
                            : (n < k ? ranking::outcome::fewer : ranking::outcome::complete);
    return best;
}

} // namespace runnel
