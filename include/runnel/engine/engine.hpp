// SPDX-License-Identifier: MIT
// room: engine. The engine: one graph, one config, one pipeline; any number of fields.
//
// Why:  an engine is immutable, so it may be shared by threads; everything a frame writes is in the
//       field it is given. Frame order: inject, snapshot and frontier, choose, stage, commit, decay.
// Laws: same inputs, config and seed give the same bits, whatever the order of sources. A refused call
//       changes nothing. A steady frame allocates nothing.
// Cost: a frame is O(active + received); with the default cost a source reads one 16-byte row head.
#pragma once

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
inline constexpr fault_kind bad_dt{
    "engine.bad_dt", "a step's dt must be finite, above 0 and below 2147483648 s"};
inline constexpr fault_kind bad_elapsed{
    "engine.bad_elapsed", "a step's elapsed time must be finite, above 0 and below 2147483648 s"};
inline constexpr fault_kind foreign_field{
    "engine.foreign_field",
    "this field was made for another graph, or for this one at another size"};
inline constexpr fault_kind other_settings{
    "engine.other_settings", "another engine ran this field with other thresholds or another "
                             "decay; engine.adopt(field) takes it over"};
} // namespace faults

/// Energy for one node.
struct stimulus {
    node_id node{};
    double units = 0;
};

namespace detail {
struct engine_factory;
inline std::uint64_t engines_made = 0; // a name for each, so that a field knows its own
} // namespace detail

template <class Rows, class Pipeline = pipeline<>> class engine {
public:
    using rows_type = Rows;
    using sink_type =
        decltype(Pipeline::sink) const; // an engine is immutable: it calls its sink as const
    using cost_type = decltype(Pipeline::cost);
    using learner_type = decltype(Pipeline::learner);
    static constexpr bool learns = weight::teaches<learner_type>;
    static constexpr bool has_workers = !std::is_same_v<decltype(Pipeline::workers), alone>;
    static constexpr bool measures = measures_divergence<decltype(Pipeline::divergence)>;

    engine(engine&&) noexcept = default;
    engine& operator=(engine&&) = delete;
    ~engine() = default;

    /// A new, empty field over this engine's graph; O(N/64). Its key orders what it learns among what others learn:
    /// fields whose lessons are applied together need different ones.
    template <class Amount = energy>
    [[nodiscard]] basic_field<Amount> make_field(field_key key = {}) const {
        auto made = detail::field_access::make(detail::field_state<Amount>{
            rows_.node_count(), config_.storage, pool_, rows_.identity(), {id_, rules<Amount>()}});
        state(made).lessons.field = key;
        return made;
    }
    /// Takes over a field that an engine of other settings ran: books what decay is pending by the old ones, and
    /// works out anew who is active. O(touched).
    template <class Amount> [[nodiscard]] status adopt(basic_field<Amount>& f) const;

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
        auto moves = stage(f, step, how);
        if (!moves) return moves.error();
        return std::move(*moves).commit().decay();
    }
    /// The first half of a frame, for callers that want to look or to drop it.
    template <class Amount>
    [[nodiscard]] result<staged<engine, Amount>> stage(
        basic_field<Amount>& f, time_step step = {}, report how = report::brief) const;

    [[nodiscard]] Rows const& rows() const noexcept { return rows_; }
    [[nodiscard]] config const& settings() const noexcept { return config_; }
    /// Sets it apart from every other engine of this program.
    [[nodiscard]] std::uint64_t id() const noexcept { return id_; }
    /// The pool its fields take pages from.
    [[nodiscard]] page_pool const& pool() const noexcept { return pool_; }

private:
    template <class, class, bool> friend struct detail::nodes;
    template <class, class, bool> friend struct detail::heads;
    template <class, class, bool> friend struct detail::few;
    template <class, class, bool> friend struct detail::one;
    template <class, class, bool> friend struct detail::choices;
    template <class, class, bool> friend struct detail::staging;
    template <class, class, bool> friend struct detail::committing;
    template <class, class, bool> friend struct detail::decaying;
    template <class, class, bool> friend struct detail::sharing;
    template <class, class> friend struct detail::chooser;
    template <class, class> friend struct detail::telling;
    template <class, class> friend class staged;
    template <class, class> friend class committed;
    friend struct detail::engine_factory;
    template <class Amount, bool Dense> using work = detail::work<engine, Amount, Dense>;

    engine(
        Rows rows, config const& settings, Pipeline policies, lease_board board, lease_claim claim,
        graph::store* writes)
        : rows_(rows),
          config_(settings),
          careful_(settings.in_safe_mode()),
          pipeline_(std::move(policies)),
          rules_(settings),
          rules_double_(settings),
          lowest_threshold_(rows.lowest_threshold(settings.threshold)),
          id_(__atomic_add_fetch(&detail::engines_made, 1, __ATOMIC_RELAXED)),
          board_(std::move(board)),
          claim_(std::move(claim)),
          falls_(settings.weight_decay.rates()),
          writes_(writes),
          special_(
              settings.stickiness.mode == stickiness::dissipative || settings.track_radius
              || visited() || settings.hysteresis > 0 || settings.resistance.enabled) {}

    template <class Amount> static auto& state(basic_field<Amount>& f) noexcept {
        return detail::field_access::of(f);
    }
    template <class Amount> static auto const& state(basic_field<Amount> const& f) noexcept {
        return detail::field_access::of(f);
    }
    template <class Amount>
    [[nodiscard]] detail::still_rules<Amount> const& rules() const noexcept {
        if constexpr (std::is_same_v<Amount, energy>)
            return rules_;
        else
            return rules_double_;
    }
    /// From where on a node is active.
    template <class Amount>
    [[nodiscard]] Amount threshold(
        detail::node_record<Amount> const& r, [[maybe_unused]] node_id node) const noexcept {
        if constexpr (has_thresholds<Rows>)
            if ((r.flags & detail::own_threshold_flag) != 0) [[unlikely]]
                return detail::still_rules<Amount>::active_from(rows_.threshold(node));
        return rules<Amount>().threshold[r.type];
    }
    [[nodiscard]] sink_type const& sink() const noexcept { return pipeline_.sink; }
    /// Expects a pipeline that measures: make_engine has asked.
    [[nodiscard]] double divergence(node_id node) const {
        if constexpr (measures) return static_cast<double>(pipeline_.divergence(node));
        return 0;
    }
    [[nodiscard]] cost_type const& cost() const noexcept { return pipeline_.cost; }
    /// Does a link's strength count.
    [[nodiscard]] bool reads() const noexcept {
        return config_.reader.source == weight::source::raw
               || (has_cohorts<Rows> && weight::compares_links(config_.reader.source))
               || weight::compares_targets(config_.reader.source);
    }
    /// With a cost that falls as weight rises, all that can come of a row is its head.
    [[nodiscard]] static bool head_is_enough(config const& c) noexcept {
        return !c.split.enabled && c.fanout.explore == 0 && c.max_strides == 0 && c.max_costs == 0
               && c.stickiness.mode != stickiness::retentive && !c.by_divergence.enabled;
    }
    /// Does the cost look at how often a node was visited.
    [[nodiscard]] bool visited() const noexcept {
        if constexpr (cost::asks_familiarity<cost_type>) return cost().asks_familiarity();
        return false;
    }

    /// Calls `use` with the loops that fit the field's storage.
    template <class Amount, class F>
    decltype(auto) with_work(basic_field<Amount>& f, F&& use) const {
        if (state(f).table.dense()) return use(work<Amount, true>{}, state(f));
        return use(work<Amount, false>{}, state(f));
    }
    template <class Amount>
    [[nodiscard]] event::stimulus_injected describe(
        detail::field_state<Amount>& s, node_id node, Amount before, Amount amount) const;
    template <class Amount> [[nodiscard]] status usable(basic_field<Amount> const& f) const {
        // A graph of one's own may have grown, or another may stand where it stood.
        if (state(f).home.graph != rows_.identity() || state(f).table.nodes() != rows_.node_count())
            return fault{faults::foreign_field};
        if (state(f).staged) return fault{faults::frame_open};
        return {};
    }
    template <class Amount> [[nodiscard]] status ready(basic_field<Amount>& f) const {
        if (auto const ok = usable(f); !ok) return ok.error();
        auto& shape = state(f).shape;
        if (shape.engine == id_) return {};
        if (!(shape.rules == rules<Amount>())) return fault{faults::other_settings};
        shape.engine = id_; // so that this is asked once
        return {};
    }

    // The steps of a frame, driven by the phase types.
    template <class Amount> void commit(basic_field<Amount>& f) const noexcept {
        with_work(f, [&](auto loops, auto& s) { loops.commit(*this, s, s.open); });
    }
    template <class Amount> void tell_committed(basic_field<Amount>& f) const;
    template <class Amount> void learn(basic_field<Amount>& f, frame_report& r) const;
    template <class Amount> void apply_lessons(basic_field<Amount>& f) const;
    template <class Amount> void follow_shadow(basic_field<Amount>& f, frame_report& r) const;
    template <class Amount> void watch(basic_field<Amount>& f, frame_report& r) const;
    template <class Amount>
    void tell_end(
        basic_field<Amount>& f, frame_report const& r, detail::decay_figures const& losses) const;
    template <class Amount>
    [[nodiscard]] detail::decay_figures by_type(
        basic_field<Amount> const& f, instant span) const noexcept;
    template <class Amount> void decay(basic_field<Amount>& f) const noexcept {
        with_work(f, [&](auto loops, auto& s) { loops.decay(*this, s, s.open); });
    }
    template <class Amount> frame_report finish(basic_field<Amount>& f) const noexcept;
    template <class Amount> frame_report end_frame(basic_field<Amount>& f) const;
    static void tell_choices(detail::choice_counts const& counts, frame_report& r) noexcept;
    template <class Amount>
    void count(basic_field<Amount> const& f, frame_report& r) const noexcept;
    template <class Amount> void close(basic_field<Amount>& f) const noexcept {
        state(f).staged = false;
        if (state(f).lease.joined()) state(f).lease.leave();
    }

    Rows rows_;
    config config_;
    config careful_; // in safe mode
    [[no_unique_address]] Pipeline pipeline_;
    detail::still_rules<energy> rules_;
    detail::still_rules<double> rules_double_;
    double lowest_threshold_;
    std::uint64_t id_;
    lease_board board_;    // of the store, if the rows have one
    lease_claim claim_;    // the store's only writer, if made on a writable one
    fall_rates falls_;     // how its weights fade
    graph::store* writes_; // that store; null: lessons are left with the field
    bool special_;         // moves and decay have more to do than to add and to multiply
    page_pool pool_;
};

} // namespace runnel

#include <runnel/engine/detail/engine_field.hpp>
#include <runnel/engine/detail/engine_frame.hpp>
#include <runnel/engine/detail/engine_learn.hpp>
#include <runnel/engine/detail/engine_watch.hpp>
