// SPDX-License-Identifier: MIT
// room: engine. A field: the state of one diffusion over a shared graph.
//
// Why:  graph and weights are shared and read-only while frames run, so everything a frame writes is
//       here: one field per query, user or thread, and no locks between them.
// Laws: memory and reset are O(touched), plus one directory word per 64 nodes. A reset field is
//       bit-identical to a new one. Only an engine writes energies.
// Cost: about 16 KiB of books per field.
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <utility>

#include <runnel/core/array.hpp>
#include <runnel/core/ids.hpp>
#include <runnel/core/lease.hpp>
#include <runnel/core/result.hpp>
#include <runnel/core/ticks.hpp>
#include <runnel/engine/decay.hpp>
#include <runnel/engine/detail/drive.hpp>
#include <runnel/engine/detail/memory.hpp>
#include <runnel/engine/frame.hpp>
#include <runnel/engine/ledger.hpp>
#include <runnel/engine/pages.hpp>
#include <runnel/event/records.hpp>
#include <runnel/fanout/reduce.hpp>
#include <runnel/graph/batch.hpp>
#include <runnel/graph/concepts.hpp>
#include <runnel/graph/runs.hpp>
#include <runnel/split/softmax.hpp>
#include <runnel/weight/flow.hpp>
#include <runnel/weight/pairs.hpp>
#include <runnel/weight/utility.hpp>

namespace runnel {

namespace detail {

/// Why a move is made.
struct pick {
    event::cost_breakdown cost{};
    double share = 1;
    log_weight lw{};
    std::uint32_t rank = 0;
    link_type type = link_type::relates;
    event::reason reason = event::reason::argmin;
};

/// How much of a node's decay evidence holds back.
struct protection {
    node_id node{};
    double share = 0;
};

/// What choosing needs to remember from one source to the next.
struct choosing {
    array<out_link> row;                 // of a graph that does not keep runs of equals
    array<out_link> kept;                // what fanout left, in order of weight and draw
    array<split::part<double>> parts;    // the chosen, cheapest first: costs, then shares
    array<event::stride_selection> told; // where somebody hears or counts selections
    array<std::uint64_t> places;         // of the kept, where one is drawn from the others
    array<double> wishes;                // shares of the source's energy the chosen ask for
    run_scratch runs;
    fanout::reducer reduce;
    fanout::tie_order order;

    [[nodiscard]] std::size_t bytes() const noexcept {
        return (row.capacity() + kept.capacity()) * sizeof(out_link)
               + parts.capacity() * sizeof(split::part<double>) + places.capacity() * 8
               + runs.capacity() * sizeof(run_stretch) + wishes.capacity() * sizeof(double)
               + told.capacity() * sizeof(event::stride_selection) + reduce.bytes() + order.bytes();
    }
};

/// One staged transfer.
template <class Amount> struct move {
    node_id source{};
    node_id target{};
    row_place place{};
    std::uint32_t unused = 0;
    Amount amount{};
};

/// A list of nodes that only allocates in `room`.
class node_list {
public:
    void room(std::size_t n) {
        if (ids_.size() < n) ids_.resize(n);
    }
    void push(node_id node) noexcept { ids_[count_++] = node; }
    void shrink(std::size_t n) noexcept { count_ = n; }
    [[nodiscard]] std::size_t size() const noexcept { return count_; }
    [[nodiscard]] node_id* begin() noexcept { return ids_.data(); }
    [[nodiscard]] node_id* end() noexcept { return ids_.data() + count_; }
    [[nodiscard]] node_id const* begin() const noexcept { return ids_.data(); }
    [[nodiscard]] node_id const* end() const noexcept { return ids_.data() + count_; }
    [[nodiscard]] std::size_t bytes() const noexcept { return ids_.capacity() * sizeof(node_id); }

private:
    array<node_id> ids_;
    std::size_t count_ = 0;
};

/// Which graph a field belongs to; moving takes it along.
struct home_graph {
    void const* graph;
    explicit home_graph(void const* of) noexcept : graph(of) {}
    home_graph(home_graph&& other) noexcept : graph(std::exchange(other.graph, nullptr)) {}
    home_graph& operator=(home_graph&& other) noexcept {
        graph = std::exchange(other.graph, nullptr);
        return *this;
    }
    ~home_graph() = default;
};

/// What one frame is told and what it counts.
struct open_frame {
    config const* settings = nullptr; // the engine's, or those of safe mode
    double dt = 0;
    double elapsed = 0;
    double interval = 0;
    double dt_asked = 0;
    double headroom = 1;
    double hub_entropy = 0; // summed over pruned sources
    instant span{};         // what decay sees
    std::uint64_t moves = 0;
    std::uint64_t skipped = 0;
    std::uint64_t capped = 0;
    std::uint64_t costs = 0;
    std::uint64_t switched_on = 0;
    std::uint64_t switched_off = 0;
    std::uint64_t decayed_nodes = 0;
    std::uint64_t unreached = 0;
    std::uint64_t unsure = 0;
    std::uint64_t links_of_sources = 0;
    std::uint64_t links_kept = 0;
    std::uint64_t pruned_sources = 0;
    std::uint64_t resistant = 0;
    double resistances = 0;
    std::uint64_t k_histogram[8]{};
    tick_reason reason = tick_reason::caller;
    bool full = false;    // somebody wants all figures
    bool special = false; // moves and decay have more to do than to add and to multiply
    bool truncated = false;
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

template <class Amount> struct field_state {
    field_state(
        std::uint32_t nodes, storage kind, page_pool pool, void const* of,
        shaping<Amount> const& by)
        : table(nodes, kind, std::move(pool)), shape(by), home(of) {}

    node_table<Amount> table;
    node_list active;       // the frontier
    node_list received;     // nodes that received in the open frame and are not active
    open_frame open;        // what is going on; counts stay readable until the next stage
    node_list extra;        // sources of the open frame that are not active
    array<node_id> sources; // in the order they are asked, where that is not the frontier's
    array<move<Amount>> moves;
    array<pick> picks; // what the moves follow, where somebody hears or learns of them
    array<weight::flow>
        flow_log; // likewise: the moves as learning sees them; after commit in (source, link) order
    array<weight::flow> unsorted;      // on the way there
    array<std::uint32_t> flow_of;      // where the flow of a move stands
    array<event::stride_exec> strides; // likewise, where strides are heard
    array<double> before;              // energies at frame start, where flips are heard
    array<event::node_flip> flips;
    choosing choice;
    detail::readings readings;          // of links
    detail::target_readings of_targets; // of nodes
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
    bool staged = false;
    bool learns = false; // by the engine that ran it last
    bool safe = false;
    bool safe_told = false; // what was last said of it

    /// Takes decay off a node and books it.
    void lose(node_record<Amount>& r, keep_share<Amount> left) noexcept {
        using traits = energy_traits<Amount>;
        using sum = typename flows<Amount>::sum;
        Amount const held = r.held;
        Amount kept = left.of_amount(held);
        flows<Amount>& book = books.open[r.type];
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
        lose(r, pending(node, r));
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
        received.shrink(0);
        books.clear();
        radius.clear();
        visits.clear();
        resistance.clear();
        working_memory.clear();
        shadow.clear();
        shadow_of.clear();
        readings.baselines().clear();
        of_targets.baselines().clear();
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
        return extra.bytes() + (sources.capacity() + working_memory.capacity()) * sizeof(node_id)
               + (flow_log.capacity() + unsorted.capacity()) * sizeof(weight::flow)
               + flow_of.capacity() * 4 + updates.capacity() * sizeof(event::weight_update)
               + appraiser.bytes() + pairs.bytes() + radius.bytes() + visits.bytes()
               + resistance.bytes() + radii.capacity() * 4
               + (guarded.capacity() + evidence.capacity()) * sizeof(protection) + shadow.bytes()
               + shadow_of.capacity() * sizeof(node_id)
               + (matrix.capacity() + matrix_first.capacity()) * 8
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

struct field_access;

} // namespace detail

namespace faults {
inline constexpr fault_kind frame_open{
    "engine.frame_open", "a stage of this field is open: commit it or drop it first"};
} // namespace faults

/// Made by `engine.make_field()`. It is run by that engine, by others of the same graph whose thresholds and decay are
/// the same, and by any other that has adopted it.
template <class Amount = energy> class basic_field {
public:
    using amount_type = Amount;

    basic_field(basic_field&&) noexcept = default;
    basic_field& operator=(basic_field&&) noexcept = default;

    /// Frames run since the last reset.
    [[nodiscard]] std::uint64_t frame() const noexcept { return state_.frame; }
    /// Time that has passed for it, in seconds.
    [[nodiscard]] double time() const noexcept { return state_.clock.seconds(); }
    /// Energy stored, units; what is pending decay included.
    [[nodiscard]] double total() const noexcept {
        using traits = energy_traits<Amount>;
        return traits::units_of_total(static_cast<typename traits::total>(state_.books.stored()));
    }
    /// The nodes above their thresholds, in no particular order.
    [[nodiscard]] std::span<node_id const> active() const noexcept {
        return {state_.active.begin(), state_.active.size()};
    }
    /// What a node holds now, units, pending decay taken off. Writes nothing.
    [[nodiscard]] double energy_of(node_id node) const noexcept {
        RUNNEL_EXPECTS(index(node) < state_.table.nodes(), "engine: a node of another graph");
        if (index(node) >= state_.table.nodes()) return 0;
        auto const* r = state_.table.find(node);
        return r == nullptr ? 0 : energy_traits<Amount>::units(state_.settled(node, *r));
    }
    /// The k nodes with the most, best first. O(touched).
    [[nodiscard]] ranking top(std::size_t k, rank_by by = rank_by::received) const;
    /// What strides brought a node since `reset` or `begin_query`, units; injections apart.
    [[nodiscard]] double received(node_id node) const noexcept {
        RUNNEL_EXPECTS(index(node) < state_.table.nodes(), "engine: a node of another graph");
        if (index(node) >= state_.table.nodes()) return 0;
        auto const* r = state_.table.find(node);
        return r == nullptr ? 0 : r->received();
    }
    /// The books since the last reset, all types or one.
    [[nodiscard]] balance<Amount> books() const noexcept { return state_.books.since_reset(); }
    [[nodiscard]] balance<Amount> books(node_type type) const noexcept {
        return state_.books.since_reset(per_type<int>::slot(type));
    }
    /// Injections so small that they were 0 quanta.
    [[nodiscard]] std::uint64_t rounded_to_zero() const noexcept { return state_.rounded_to_zero; }
    /// A stage of this field is open: it must be committed or dropped before anything else.
    [[nodiscard]] bool staged() const noexcept { return state_.staged; }

    /// Back to a new field, O(touched). Expects no open stage.
    void reset() noexcept {
        RUNNEL_EXPECTS(!state_.staged, "engine: reset of a field with an open stage");
        state_.clear();
    }
    /// Books all pending decay: after it the nodes' energies sum to the total exactly. O(touched).
    [[nodiscard]] status settle() noexcept {
        if (state_.staged) return fault{faults::frame_open};
        state_.settle_all();
        return {};
    }
    /// Forgets what was received; energies stay. O(touched).
    void begin_query() noexcept {
        RUNNEL_EXPECTS(!state_.staged, "engine: begin_query of a field with an open stage");
        state_.table.each([](node_id, auto& r) { r.forget_received(); });
        state_.visits.clear();
        state_.radius.clear();
    }
    /// How often energy reached a node of late, [0, 1): what novelty looks at. 0 where the cost asks for none.
    [[nodiscard]] double familiarity(node_id node) const noexcept {
        RUNNEL_EXPECTS(index(node) < state_.table.nodes(), "engine: a node of another graph");
        if (index(node) >= state_.table.nodes()) return 0;
        return state_.familiarity_of(node);
    }
    /// Hops from the nearest seed, where the engine tracks them; a node nothing reached says 0.
    [[nodiscard]] std::uint32_t radius(node_id node) const noexcept {
        RUNNEL_EXPECTS(index(node) < state_.table.nodes(), "engine: a node of another graph");
        if (index(node) >= state_.table.nodes()) return 0;
        std::uint32_t const hops = state_.radius.get(state_.table.slot(node));
        return hops == 0 ? 0 : hops - 1;
    }
    /// What the caller holds in working memory, all at once: consolidation protects it. Ids beyond the graph are a fault.
    [[nodiscard]] status hold(std::span<node_id const> nodes);
    [[nodiscard]] status hold(std::initializer_list<node_id> nodes) {
        return hold(std::span<node_id const>{nodes.begin(), nodes.size()});
    }
    /// From the next frame on with small steps; see `safe_mode` in the config. Reports say so.
    void enter_safe_mode() noexcept { state_.safe = true; }
    void leave_safe_mode() noexcept {
        state_.safe = false;
        state_.crowded = 0;
    }
    [[nodiscard]] bool safe() const noexcept { return state_.safe; }
    /// What orders its lessons among those of other fields.
    [[nodiscard]] field_key key() const noexcept { return state_.lessons.field; }
    /// What was learned and not yet applied: by an engine on a const store, all since the last `take_lessons`.
    [[nodiscard]] batch const& lessons() const noexcept { return state_.lessons; }
    /// Hands them over, for `store.apply`. Left alone they add up.
    [[nodiscard]] batch take_lessons() {
        batch taken{state_.lessons.field, state_.lessons.frame, {}};
        taken.changes.swap(state_.lessons.changes);
        return taken;
    }
    /// Bytes it holds.
    [[nodiscard]] std::size_t bytes() const noexcept {
        return sizeof *this + state_.table.bytes() + state_.active.bytes() + state_.received.bytes()
               + state_.moves.capacity() * sizeof(detail::move<Amount>)
               + state_.picks.capacity() * sizeof(detail::pick)
               + state_.strides.capacity() * sizeof(event::stride_exec)
               + state_.before.capacity() * sizeof(double)
               + state_.flips.capacity() * sizeof(event::node_flip) + state_.choice.bytes()
               + state_.readings.bytes() + state_.of_targets.bytes() + state_.more_bytes();
    }
    /// A number that two fields share exactly when they are in the same state, however they got there.
    [[nodiscard]] std::uint64_t digest() const;

private:
    friend struct detail::field_access;
    explicit basic_field(detail::field_state<Amount> state) : state_(std::move(state)) {}
    detail::field_state<Amount> state_;
};

using field = basic_field<energy>;

namespace detail {
/// The engine's key to a field.
struct field_access {
    template <class Amount> static field_state<Amount>& of(basic_field<Amount>& f) noexcept {
        return f.state_;
    }
    template <class Amount>
    static field_state<Amount> const& of(basic_field<Amount> const& f) noexcept {
        return f.state_;
    }
    template <class Amount> static basic_field<Amount> make(field_state<Amount> state) {
        return basic_field<Amount>{std::move(state)};
    }
};
} // namespace detail

} // namespace runnel

#include <runnel/engine/detail/field_tell.hpp>
