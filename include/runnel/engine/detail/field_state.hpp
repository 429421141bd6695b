// SPDX-License-Identifier: MIT
// room: engine. What a field is made of: the state that frames read and write.
//
// Why:  everything a frame writes is in one object, so that many diffusions run over one graph without locks; what only
//       an open frame needs is kept too, so that the next frame takes no memory.
// Laws: a field that was cleared is like a new one. What mechanisms that are off would keep is empty.
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>

#include <runnel/core/array.hpp>
#include <runnel/core/ids.hpp>
#include <runnel/core/lease.hpp>
#include <runnel/core/trade.hpp>
#include <runnel/engine/decay.hpp>
#include <runnel/engine/detail/flat_matrix.hpp>
#include <runnel/engine/detail/frame_parts.hpp>
#include <runnel/engine/detail/memory.hpp>
#include <runnel/engine/ledger.hpp>
#include <runnel/engine/pages.hpp>
#include <runnel/graph/batch.hpp>
#include <runnel/weight/flow.hpp>
#include <runnel/weight/pairs.hpp>
#include <runnel/weight/utility.hpp>

namespace runnel::detail {

/// Which graph a field belongs to; moving takes it along.
struct home_graph {
    void const* graph;
    explicit home_graph(void const* of) noexcept : graph(of) {}
    home_graph(home_graph&& other) noexcept : graph(taken(other.graph)) {}
    home_graph& operator=(home_graph&& other) noexcept {
        graph = taken(other.graph);
        return *this;
    }
    ~home_graph() = default;
};

/// What one frame is told and what it counts.
struct open_frame : figures {
    config const* settings = nullptr; // the engine's, or those of safe mode
    double dt = 0;
    double elapsed = 0;
    double interval = 0;
    double dt_asked = 0;
    double headroom = 1;
    instant span{}; // what decay sees
    std::uint64_t switched_on = 0;
    std::uint64_t switched_off = 0;
    std::uint64_t unreached = 0;
    std::uint64_t limit = 0; // the budget that ended it
    tick_reason reason = tick_reason::caller;
    bool full = false;    // somebody wants all figures
    bool special = false; // moves and decay have more to do than to add and to multiply
    bool flat = false;    // its moves are summed, not listed
    bool truncated = false;
    bool shared = false; // several workers have its moves, each those of nodes of its own
};

/// Where a loop books and counts: a page for every other turn.
template <class Amount> struct booking {
    figures& counts;
    flows<Amount>* page;
    flows<Amount>* other;
};

/// What decay took, by type.
struct decay_figures {
    event::type_decay types[type_slots]{};
    std::size_t count = 0;
};

/// What one link takes of a node's energy in a matrix step.
template <class Amount> using matrix_share = typename energy_traits<Amount>::share;

/// The engine whose settings a field was made or adopted with.
template <class Amount> struct shaping {
    std::uint64_t engine;
    still_rules<Amount> rules;
};

template <class Amount> struct field_state : desk<Amount> {
    field_state(
        std::uint32_t nodes, storage kind, page_pool pool, void const* of,
        shaping<Amount> const& by)
        : table(nodes, kind, std::move(pool)), shape(by), home(of) {}

    node_table<Amount> table;
    node_list active;       // the frontier
    std::size_t parted = 0; // so many at its front stand worker by worker
    lane_holder lanes;      // what workers need, where there are any
    node_list received;     // nodes that received in the open frame and are not active
    open_frame open;        // what is going on; counts stay readable until the next stage
    node_list extra;        // sources of the open frame that are not active
    array<node_id> sources; // in the order they are asked, where that is not the frontier's
    array<weight::flow>
        flow_log; // likewise: the moves as learning sees them; after commit in (source, link) order
    array<weight::flow> unsorted;      // on the way there
    array<std::uint32_t> flow_of;      // where the flow of a move stands
    array<event::stride_exec> strides; // likewise, where strides are heard
    array<double> before;              // energies at frame start, where flips are heard
    array<event::node_flip> flips;
    ledger<Amount> books;
    shaping<Amount> shape;
    cold_column<std::uint32_t> radius; // hops from the seeds + 1; 0: none known
    cold_column<visit_cell> visits;
    cold_column<double> resistance; // 0: not worked out
    array<std::uint32_t> radii;     // of the senders of the open frame
    array<protection> guarded;      // in the open frame, by node
    array<protection> evidence;     // on the way there
    array<node_id> working_memory;  // by id
    neighbour_counts shadow;
    array<node_id> shadow_of;           // the active nodes that are counted in it
    array<matrix_share<Amount>> matrix; // of each row's links, in row order
    array<std::size_t> matrix_first;    // where a row's shares begin
    version matrix_stamp{};
    std::uint64_t matrix_engine = 0;
    flat_matrix flat; // the same for frames of which nobody asks for moves
    version flat_stamp{};
    std::uint64_t flat_engine = 0;
    batch lessons;                       // learned and not yet applied
    array<event::weight_update> updates; // of the last frame, where they are heard
    std::uint64_t gated = 0;             // strides of it that a newness gate held back
    weight::appraiser appraiser;         // what learning remembers of earlier flows
    weight::pair_flows pairs;            // likewise, where flows of links are heard
    keep_share<Amount> keep[type_slots]{};
    instant keep_span{}; // the span `keep` was worked out for; 0: none
    instant clock{};
    double visit_rate = 0; // of the engine that ran it last; 0: visits are not counted
    std::uint64_t frame = 0;
    std::uint64_t rounded_to_zero = 0;
    std::uint64_t touched = 0; // received in the open frame
    lease_reader lease;
    home_graph home;           // a moved-from field has none
    std::uint32_t crowded = 0; // frames on end with too many active nodes
    bool keeps_all = false;    // decay takes nothing of anybody
    bool staged = false;
    bool learns = false; // by the engine that ran it last
    bool safe = false;
    bool safe_told = false; // what was last said of it

    /// Takes decay off a node and books it.
    void lose(node_record<Amount>& r, keep_share<Amount> left) noexcept {
        lose(r, left, books.open[r.type]);
    }
    void lose(node_record<Amount>& r, keep_share<Amount> left, flows<Amount>& book) const noexcept {
        using traits = energy_traits<Amount>;
        using sum = typename flows<Amount>::sum;
        Amount const held = r.held;
        Amount kept = left.of_amount(held);
        book.decayed += static_cast<sum>(traits::raw(held)) - static_cast<sum>(traits::raw(kept));
        if (kept < shape.rules.flush_below) {
            book.flushed += static_cast<sum>(traits::raw(kept));
            kept = Amount{};
        }
        r.held = kept;
    }
    [[nodiscard]] keep_share<Amount> pending(
        node_id node, node_record<Amount> const& r) const noexcept {
        double const idle = (clock - instant::from_raw(r.stamp)).seconds();
        return keep_share<Amount>::of(rate_of(node, r), idle);
    }
    [[nodiscard]] double rate_of(node_id node, node_record<Amount> const& r) const noexcept {
        double const of_type = shape.rules.rates[r.type];
        if (!shape.rules.resistance.enabled) return of_type;
        double const by = resistance.get(table.slot(node));
        return by > 0 ? of_type / by : of_type;
    }
    /// Decay a quiet node is still to lose, taken off. Out of line: it is rare in the loops that call it, and would
    /// take their registers.
    [[gnu::noinline]] void settle(node_id node, node_record<Amount>& r) noexcept {
        settle(node, r, books.open[r.type]);
    }
    void settle(node_id node, node_record<Amount>& r, flows<Amount>& book) const noexcept {
        lose(r, pending(node, r), book);
        r.stamp = clock.raw();
    }
    void settle_all() noexcept {
        table.each([&](node_id node, auto& r) {
            if (r.stamp != clock.raw()) settle(node, r);
        });
    }
    /// What a node would hold if it were settled.
    [[nodiscard]] Amount settled(node_id node, node_record<Amount> const& r) const noexcept {
        if (r.stamp == clock.raw()) return r.held;
        Amount const kept = pending(node, r).of_amount(r.held);
        return kept < shape.rules.flush_below ? Amount{} : kept;
    }

    void clear() noexcept {
        table.clear();
        active.shrink(0);
        parted = 0;
        received.shrink(0);
        books.clear();
        radius.clear();
        visits.clear();
        resistance.clear();
        working_memory.clear();
        shadow.clear();
        shadow_of.clear();
        this->readings.baselines().clear();
        this->of_targets.baselines().clear();
        appraiser.clear();
        pairs.clear();
        lessons.changes.clear();
        lessons.frame = 0;
        keep_span = clock = {};
        frame = rounded_to_zero = touched = 0;
        crowded = 0;
        safe = safe_told = false;
    }
    /// Room beside the records for the nodes that have pages. May allocate; what writes columns never does.
    void columns_room(config const& c) {
        if (c.track_radius) radius.room(table.slots());
        if (visit_rate > 0) visits.room(table.slots());
        if (shape.rules.resistance.enabled) resistance.room(table.slots());
    }
    [[nodiscard]] std::size_t more_bytes() const noexcept {
        return desk<Amount>::bytes() + lanes.bytes() + extra.bytes()
               + (sources.capacity() + working_memory.capacity()) * sizeof(node_id)
               + (flow_log.capacity() + unsorted.capacity()) * sizeof(weight::flow)
               + flow_of.capacity() * 4 + updates.capacity() * sizeof(event::weight_update)
               + appraiser.bytes() + pairs.bytes() + radius.bytes() + visits.bytes()
               + resistance.bytes() + radii.capacity() * 4
               + (guarded.capacity() + evidence.capacity()) * sizeof(protection) + shadow.bytes()
               + shadow_of.capacity() * sizeof(node_id)
               + (matrix.capacity() + matrix_first.capacity()) * 8 + flat.bytes()
               + lessons.changes.capacity() * sizeof(weight_change);
    }
    /// How often energy reached a node of late, before the open frame; 0 where nobody asks.
    [[nodiscard]] double familiarity_of(node_id node) const noexcept {
        if (visit_rate == 0) return 0;
        visit_cell const cell = visits.get(table.slot(node));
        if (cell.average == 0) return 0;
        return math::one_minus_exp_of_minus(cell.after(frame - 1, visit_rate));
    }
};

} // namespace runnel::detail
