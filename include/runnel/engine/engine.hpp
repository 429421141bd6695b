// SPDX-License-Identifier: MIT
// room: engine. The engine: one graph, one config, one pipeline; any number of fields.
//
// Why:  an engine is immutable, so it may be shared by threads; everything a frame writes is in the
//       field it is given. Frame order: inject, snapshot and frontier, choose, stage, commit, decay.
// Laws: same inputs, config and seed give the same bits, whatever the order of sources. A refused call
//       changes nothing. A steady frame allocates nothing.
// Cost: a frame is O(active + received); with the default cost a source reads one 16-byte row head.
#pragma once

#include <algorithm>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <type_traits>
#include <utility>

#include <runnel/core/lease.hpp>
#include <runnel/core/result.hpp>
#include <runnel/core/ticks.hpp>
#include <runnel/engine/config.hpp>
#include <runnel/engine/decay.hpp>
#include <runnel/engine/field.hpp>
#include <runnel/engine/frame.hpp>
#include <runnel/engine/phases.hpp>
#include <runnel/engine/pipeline.hpp>
#include <runnel/graph/concepts.hpp>
#include <runnel/graph/store.hpp>

namespace runnel {

namespace faults {
inline constexpr fault_kind frame_open{
    "engine.frame_open", "a stage of this field is open: commit it or drop it first"};
inline constexpr fault_kind bad_dt{
    "engine.bad_dt", "a step's dt must be finite, above 0 and below 2147483648 s"};
inline constexpr fault_kind bad_elapsed{
    "engine.bad_elapsed", "a step's elapsed time must be finite, above 0 and below 2147483648 s"};
inline constexpr fault_kind foreign_field{
    "engine.foreign_field", "this field was made for another graph"};
} // namespace faults

/// Energy for one node.
struct stimulus {
    node_id node{};
    double units = 0;
};

namespace detail {
struct engine_factory;
} // namespace detail

template <class Rows, class Pipeline = pipeline<>> class engine {
public:
    using rows_type = Rows;
    using sink_type =
        decltype(Pipeline::sink) const; // an engine is immutable: it calls its sink as const
    using cost_type = decltype(Pipeline::cost);

    engine(engine&&) noexcept = default;
    engine& operator=(engine&&) = delete;
    ~engine() = default;

    /// A new, empty field over this engine's graph; O(N/64).
    template <class Amount = energy> [[nodiscard]] basic_field<Amount> make_field() const {
        return detail::field_access::make(detail::field_state<Amount>{
            rows_.node_count(), config_.storage, pool_, rows_.identity()});
    }

    /// Adds energy to a node, or to many at once: all or none.
    template <class Amount>
    [[nodiscard]] status inject(basic_field<Amount>& f, node_id node, double units) const {
        stimulus const one{node, units};
        return inject(f, std::span<stimulus const>{&one, 1});
    }
    template <class Amount>
    [[nodiscard]] status inject(basic_field<Amount>& f, std::span<stimulus const> many) const;

    template <class Amount>
    [[nodiscard]] status inject(
        basic_field<Amount>& f, std::initializer_list<stimulus> many) const {
        return inject(f, std::span<stimulus const>{many.begin(), many.size()});
    }

    /// One frame.
    template <class Amount>
    [[nodiscard]] result<frame_report> tick(
        basic_field<Amount>& f, time_step step = {}, report how = report::brief) const {
        auto moves = stage(f, step);
        if (!moves) return moves.error();
        return std::move(*moves).commit().decay(how);
    }
    /// The first half of a frame, for callers that want to look or to drop it.
    template <class Amount>
    [[nodiscard]] result<staged<engine, Amount>> stage(
        basic_field<Amount>& f, time_step step = {}) const;

    /// What a node holds now, units, pending decay taken off. Writes nothing.
    template <class Amount>
    [[nodiscard]] double energy_of(basic_field<Amount> const& f, node_id node) const {
        RUNNEL_EXPECTS(index(node) < rows_.node_count(), "engine: a node of another graph");
        RUNNEL_EXPECTS(state(f).home.graph == rows_.identity(), "engine: a field of another graph");
        if (index(node) >= rows_.node_count() || state(f).home.graph != rows_.identity()) return 0;
        auto const* r = state(f).table.find(node);
        return r == nullptr ? 0 : energy_traits<Amount>::units(settled(state(f), *r));
    }
    /// The k nodes with the most, best first.
    template <class Amount>
    [[nodiscard]] ranking top(
        basic_field<Amount> const& f, std::size_t k, rank_by by = rank_by::received) const;
    /// Books all pending decay: after it the nodes' energies sum to the field's total exactly.
    template <class Amount> [[nodiscard]] status settle(basic_field<Amount>& f) const;

    [[nodiscard]] Rows const& rows() const noexcept { return rows_; }
    [[nodiscard]] config const& settings() const noexcept { return config_; }
    /// The pool its fields take pages from.
    [[nodiscard]] page_pool const& pool() const noexcept { return pool_; }

private:
    template <class, class, bool> friend struct detail::work;
    template <class, class> friend class staged;
    template <class, class> friend class committed;
    friend struct detail::engine_factory;
    template <class Amount, bool Dense> using work = detail::work<engine, Amount, Dense>;

    engine(
        Rows rows, config const& settings, Pipeline policies, lease_board board, lease_claim claim)
        : rows_(rows),
          config_(settings),
          pipeline_(std::move(policies)),
          cut_(settings),
          cut_double_(settings),
          rates_(settings.decay),
          lowest_threshold_(find_lowest_threshold()),
          board_(std::move(board)),
          claim_(std::move(claim)) {}

    [[nodiscard]] double find_lowest_threshold() const noexcept {
        double lowest = *std::min_element(config_.threshold.begin(), config_.threshold.end());
        if constexpr (requires { rows_.lowest_threshold(); })
            if (rows_.lowest_threshold() >= 0) lowest = std::min(lowest, rows_.lowest_threshold());
        return lowest;
    }
    template <class Amount> static auto& state(basic_field<Amount>& f) noexcept {
        return detail::field_access::of(f);
    }
    template <class Amount> static auto const& state(basic_field<Amount> const& f) noexcept {
        return detail::field_access::of(f);
    }
    template <class Amount> [[nodiscard]] detail::limits<Amount> const& cut() const noexcept {
        if constexpr (std::is_same_v<Amount, energy>)
            return cut_;
        else
            return cut_double_;
    }
    [[nodiscard]] detail::rate_table const& rates() const noexcept { return rates_; }
    [[nodiscard]] sink_type const& sink() const noexcept { return pipeline_.sink; }

    /// Calls `use` with the loops that fit the field's storage.
    template <class Amount, class F>
    decltype(auto) with_work(basic_field<Amount>& f, F&& use) const {
        if (state(f).table.dense()) return use(work<Amount, true>{}, state(f));
        return use(work<Amount, false>{}, state(f));
    }
    template <class Amount>
    [[nodiscard]] Amount settled(
        detail::field_state<Amount> const& s, detail::node_record<Amount> const& r) const noexcept;
    template <class Amount>
    [[nodiscard]] event::stimulus_injected describe(
        detail::field_state<Amount>& s, node_id node, Amount before, Amount amount) const;
    template <class Amount> [[nodiscard]] status ready(basic_field<Amount> const& f) const {
        if (state(f).home.graph != rows_.identity()) return fault{faults::foreign_field};
        if (state(f).staged) return fault{faults::frame_open};
        return {};
    }
    template <class State>
    [[nodiscard]] status choose(
        State& s, node_id source, detail::chosen& best, std::uint64_t& costs) const;

    // The steps of a frame, driven by the phase types.
    template <class Amount>
    void commit(basic_field<Amount>& f, detail::open_frame const& frame) const noexcept {
        with_work(f, [&](auto loops, auto& s) { loops.commit(*this, s, frame); });
    }
    template <class Amount>
    void tell_committed(basic_field<Amount>& f, detail::open_frame const& frame) const;
    template <class Amount>
    void decay(basic_field<Amount>& f, detail::open_frame& frame) const noexcept {
        with_work(f, [&](auto loops, auto& s) { loops.decay(*this, s, frame); });
    }
    template <class Amount>
    frame_report finish(basic_field<Amount>& f, detail::open_frame const& frame) const noexcept;
    template <class Amount>
    frame_report end_frame(
        basic_field<Amount>& f, detail::open_frame const& frame, report how) const;
    template <class Amount>
    void count(basic_field<Amount> const& f, frame_report& r) const noexcept;
    template <class Amount> void close(basic_field<Amount>& f) const noexcept {
        state(f).staged = false;
        if (state(f).lease.joined()) state(f).lease.leave();
    }

    Rows rows_;
    config config_;
    [[no_unique_address]] Pipeline pipeline_;
    detail::limits<energy> cut_;
    detail::limits<double> cut_double_;
    detail::rate_table rates_;
    double lowest_threshold_;
    lease_board board_; // of the store, if the rows have one
    lease_claim claim_; // the store's only writer, if made on a writable one
    page_pool pool_;
};

} // namespace runnel

#include <runnel/engine/detail/choose.hpp>
#include <runnel/engine/detail/engine_field.hpp>
#include <runnel/engine/detail/engine_frame.hpp>
