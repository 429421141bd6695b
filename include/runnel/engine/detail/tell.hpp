// SPDX-License-Identifier: MIT
// room: engine. What is told of a frame's moves, and who is given credit for a node that switched on.
//
// Why:  events come after commit, when what they say is true; figures that only listeners read are worked out here.
// Laws: each source first says what it looked at, then what it sent, in (source, rank) order; flows of links follow.
//       The shares of a flip's credit sum to 1.
#pragma once

#include <cstddef>
#include <cstdint>

#include <runnel/core/order.hpp>
#include <runnel/engine/detail/commit.hpp>

namespace runnel::detail {

template <class Engine, class Amount> struct telling {
    using state = field_state<Amount>;
    using sink = typename Engine::sink_type;

    /// Works out what the flows were good for, and puts them in the order in which links learn.
    static void appraise(state& s, open_frame const& f) {
        auto const n = static_cast<std::size_t>(f.moves);
        auto& flows = s.flow_log;
        auto const before = [](weight::flow const& a, weight::flow const& b) {
            return a.source != b.source ? a.source < b.source : a.link < b.link;
        };
        s.flow_of.resize(n);
        for (std::uint32_t i = 0; i < n; ++i) s.flow_of[i] = i;
        bool in_order = true;
        for (std::size_t i = 1; i < n && in_order; ++i) in_order = !before(flows[i], flows[i - 1]);
        if (!in_order) {
            s.unsorted.clear();
            s.unsorted.append(flows.data(), n);
            auto& order = s.radii; // free after commit
            order.resize(n);
            for (std::uint32_t i = 0; i < n; ++i) order[i] = i;
            sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
                if (before(s.unsorted[a], s.unsorted[b])) return true;
                return !before(s.unsorted[b], s.unsorted[a]) && a < b;
            });
            for (std::uint32_t i = 0; i < n; ++i) {
                flows[i] = s.unsorted[order[i]];
                s.flow_of[order[i]] = i;
            }
        }
        s.appraiser(flows.data(), n);
    }
    static void tell_strides(Engine const& e, state& s, open_frame const& f) {
        constexpr bool strides = event::hears<sink, event::stride_exec>;
        std::size_t next = 0;
        auto const tell_next = [&] {
            if constexpr (strides)
                event::emit<event::stride_exec>(
                    e.sink(), [&]() -> event::stride_exec const& { return s.strides[next]; });
            ++next;
        };
        if constexpr (strides)
            for (std::size_t i = 0; i < f.moves; ++i) {
                weight::flow const& flow = s.flow_log[s.flow_of[i]];
                s.strides[i].utility = flow.utility;
                s.strides[i].z_flow = flow.z_flow;
            }
        if constexpr (event::hears<sink, event::stride_selection>)
            for (std::size_t i = 0; i < s.choice.told.size(); ++i) {
                event::emit<event::stride_selection>(
                    e.sink(), [&]() -> event::stride_selection const& { return s.choice.told[i]; });
                node_id const source = s.choice.told[i].node;
                while (next < f.moves && s.moves[next].source == source) tell_next();
            }
        if constexpr (strides)
            while (next < f.moves) tell_next();
    }
    static void tell_flows(Engine const& e, state& s, open_frame const& f) {
        for (std::size_t i = 0; i < f.moves; ++i)
            s.pairs.add({s.flow_log[i].source, s.flow_log[i].target}, s.flow_log[i].gross, s.frame);
        for (std::size_t i = 0; i < f.moves; ++i)
            event::emit<event::link_flow>(e.sink(), [&] {
                weight::flow const& flow = s.flow_log[i];
                return event::link_flow{
                    s.frame,     flow.link,
                    flow.source, flow.target,
                    flow.gross,  flow.utility,
                    flow.z_flow, s.pairs.dominance({flow.source, flow.target}, s.frame)};
            });
    }
    /// Who brought the nodes over their thresholds that are active now.
    static void give_credit(state& s, open_frame const& f) {
        auto& order = s.radii; // free after commit
        order.resize(f.moves);
        for (std::uint32_t i = 0; i < f.moves; ++i) order[i] = i;
        auto const* const flows = s.flow_log.data();
        sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
            weight::flow const& x = flows[a];
            weight::flow const& y = flows[b];
            if (x.target != y.target) return x.target < y.target;
            if (x.causal_share != y.causal_share) return y.causal_share < x.causal_share;
            return a < b;
        });
        for (std::size_t i = 0; i < s.flips.size(); ++i) {
            event::node_flip& flip = s.flips[i];
            if (!flip.active) continue;
            std::size_t low = 0;
            std::size_t high = f.moves;
            while (low < high) {
                std::size_t const middle = low + (high - low) / 2;
                if (flows[order[middle]].target < flip.node)
                    low = middle + 1;
                else
                    high = middle;
            }
            for (; low < f.moves && flows[order[low]].target == flip.node; ++low) {
                weight::flow const& flow = flows[order[low]];
                if (flip.senders < 4) flip.credit[flip.senders] = {flow.source, flow.causal_share};
                ++flip.senders;
            }
        }
    }
};

} // namespace runnel::detail
