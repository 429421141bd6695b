// SPDX-License-Identifier: MIT
// room: engine. What a field tells about all its nodes at once.
//
// Why:  an answer is a ranking, and a replay is judged by one number; both walk what was touched, in an
//       order of their own, so that neither depends on which node came first.
// Laws: ranks are total: the key, then the node id. Two fields share a digest exactly when they are in the
//       same state (up to chance, 2^-64).
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include <runnel/core/order.hpp>
#include <runnel/core/rng.hpp>
#include <runnel/engine/field.hpp>

namespace runnel {

template <class Amount> ranking basic_field<Amount>::top(std::size_t k, rank_by by) const {
    using traits = energy_traits<Amount>;
    using key_type = decltype(detail::node_record<Amount>{}.received_raw());
    struct entry {
        key_type key;
        ranked what;
    };
    std::vector<entry> all;
    state_.table.each([&](node_id node, auto const& r) {
        Amount const held = state_.settled(node, r);
        key_type const key =
            by == rank_by::received ? r.received_raw() : static_cast<key_type>(traits::raw(held));
        if (key > key_type{}) all.push_back({key, {node, traits::units(held), r.received()}});
    });
    std::size_t const n = k < all.size() ? k : all.size();
    detail::best_first(
        all.data(), all.data() + n, all.data() + all.size(), [](entry const& a, entry const& b) {
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

template <class Amount> status basic_field<Amount>::hold(std::span<node_id const> nodes) {
    for (std::size_t i = 0; i < nodes.size(); ++i)
        if (index(nodes[i]) >= state_.table.nodes())
            return fault{faults::unknown_node, index(nodes[i]), i};
    detail::array<node_id> held;
    held.append(nodes.data(), nodes.size());
    detail::sort(held.begin(), held.end());
    held.swap(state_.working_memory);
    return {};
}

template <class Amount> std::uint64_t basic_field<Amount>::digest() const {
    std::vector<std::pair<node_id, detail::node_record<Amount> const*>> nodes;
    state_.table.each([&](node_id node, auto const& r) {
        if (r.held != Amount{} || r.received_raw() != 0) nodes.emplace_back(node, &r);
    }); // the others were touched once, and nothing is left of it
    detail::sort(nodes.data(), nodes.data() + nodes.size(), [](auto const& a, auto const& b) {
        return a.first < b.first;
    });
    std::uint64_t h = 0;
    std::uint64_t place = 0; // every word is mixed with where it stands, so that a 0 counts too
    auto const add = [&](auto word) {
        static_assert(sizeof word == 8 || sizeof word == 16);
        constexpr std::uint64_t odd = 0x9E3779B97F4A7C15U;
        if constexpr (sizeof word == 16) {
            auto const wide = static_cast<uint128>(word);
            h = mix(h + odd * ++place) ^ static_cast<std::uint64_t>(wide >> 64);
            h = mix(h + odd * ++place) ^ static_cast<std::uint64_t>(wide);
        } else {
            h = mix(h + odd * ++place) ^ std::bit_cast<std::uint64_t>(word);
        }
    };
    add(std::uint64_t{state_.table.nodes()});
    add(std::uint64_t{nodes.size()});
    for (auto const& [node, r] : nodes) {
        add(std::uint64_t{index(node)} << 16 | (r->flags & detail::active_flag));
        add(energy_traits<Amount>::raw(r->held));
        add(r->received_raw());
        add(r->held != Amount{} ? r->stamp : std::int64_t{0});
        std::size_t const slot = state_.table.slot(node);
        std::uint32_t const hops = state_.radius.get(slot);
        detail::visit_cell const visits = state_.visits.get(slot);
        if (hops != 0) add(std::uint64_t{hops});
        if (visits.average != 0) add(visits.average), add(visits.frame);
    }
    for (node_id const held : state_.working_memory) add(std::uint64_t{index(held)});
    for (weight_change const& change : state_.lessons.changes) {
        add(std::uint64_t{index(change.link)});
        add(change.delta);
    }
    auto const add_usual = [&](auto of, weight::usual const& past, weight::usual const& present,
                               std::uint64_t since) {
        add(std::uint64_t{index(of.scope)} << 32 | index(of.type));
        add(past.mean), add(past.variance), add(present.mean), add(present.variance), add(since);
    };
    state_.readings.baselines().each(state_.frame, add_usual);
    state_.of_targets.baselines().each(state_.frame, add_usual);
    // What only listeners look at is no state of the diffusion; what links learn by is.
    if (state_.learns)
        state_.appraiser.windows().each([&](cohort of, weight::ranked what, double value) {
            add(std::uint64_t{index(of.scope)} << 32 | std::uint64_t{index(of.type)} << 8
                | static_cast<std::uint64_t>(what));
            add(value);
        });
    add(std::uint64_t{state_.crowded} << 1 | static_cast<std::uint64_t>(state_.safe));
    add(state_.frame);
    add(state_.clock.raw());
    add(state_.rounded_to_zero);
    for (std::size_t t = 0; t < detail::type_slots; ++t) {
        balance<Amount> const b = state_.books.since_reset(t);
        for (auto sum : {b.injected, b.arrived, b.sent, b.decayed, b.flushed, b.after}) add(sum);
    }
    return mix(h);
}

} // namespace runnel
