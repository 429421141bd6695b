// SPDX-License-Identifier: MIT
// room: event. Lets a share of the strides through, the strongest of each frame among them.
//
// Why:  strides outnumber every other event by far; a tenth of them shows as much. But the one that did
//       most must not be missed, nor anything while the engine runs in safe mode.
// Laws: whether a stride passes depends on seed, frame and link alone (where links are not named: on its
//       ends and rank). Of every frame a stride of highest utility passes: one that the draws left out is
//       held, and comes behind the frame's other strides. From "safe_mode_on" to
//       "safe_mode_off" all pass. Other events pass at once. Every stride heard has passed, was left out,
//       or is held and may still pass. One stream, of one field.
// Cost: one draw per stride; one stride of memory.
//
//   runnel::event::sampler some{file, {.rate = .01}};        // then: pipeline.with_sink(some)
#pragma once

#include <cstdint>
#include <string_view>
#include <type_traits>
#include <utility>

#include <runnel/core/expects.hpp>
#include <runnel/core/ids.hpp>
#include <runnel/core/math.hpp>
#include <runnel/core/reflect.hpp>
#include <runnel/core/result.hpp>
#include <runnel/core/rng.hpp>
#include <runnel/event/records.hpp>
#include <runnel/event/sink.hpp>

namespace runnel::faults {
inline constexpr fault_kind bad_sampling{"event.bad_sampling", "sampling.rate must lie in [0, 1]"};
} // namespace runnel::faults

namespace runnel::event {

struct sampling {
    double rate = .1;       ///< share of strides let through, [0, 1]
    std::uint64_t seed = 0; ///< keys the draws

    friend bool operator==(sampling const&, sampling const&) = default;

    template <class Self, class F> static constexpr void visit(Self& self, F&& f) {
        static_assert(arity_is<sampling, 2>, "event: a setting is missing from this walk");
        f("rate", self.rate);
        f("seed", self.seed);
    }
    [[nodiscard]] constexpr status validate() const noexcept {
        if (rate >= 0 && rate <= 1) return {};
        return fault{faults::bad_sampling, rate};
    }
};
static_assert(sampling{}.validate().has_value());

/// Remembers, so it is given to a pipeline by name. What is held when a stream ends is handed on by `flush`.
template <class Sink> class sampler {
    static_assert(sink<Sink>, "event: the sink behind this sampler hears nothing");
    static constexpr bool strides = hears<Sink, stride_exec>;
    /// Events that tell where a frame's strides end, and whether all are wanted; not `frame_end`, whose figures cost
    /// time wherever they are heard.
    template <class E>
    static constexpr bool watched =
        strides
        && (std::is_same_v<
                E, frame_start> || std::is_same_v<E, decay_tick> || std::is_same_v<E, guard_acted>);

public:
    /// Expects settings that are valid.
    template <class S>
        requires std::is_same_v<held<S>, Sink>
    // NOLINTNEXTLINE(bugprone-forwarding-reference-overload): copies are no S that fits
    explicit sampler(S&& to, sampling const& settings = {})
        : to_(static_cast<Sink>(std::forward<S>(to))), settings_(settings) {
        RUNNEL_EXPECTS(settings.validate().has_value(), "event: a rate lies in [0, 1]");
    }

    template <registered E>
        requires(hears<Sink, E> || watched<E>)
    void operator()(E const& event) {
        if constexpr (std::is_same_v<E, stride_exec>) {
            stride(event);
        } else {
            if constexpr (std::is_same_v<E, guard_acted>) {
                if (event.guard == "safe_mode_on") safe_ = true;
                if (event.guard == "safe_mode_off") safe_ = false;
            }
            if constexpr (
                std::is_same_v<
                    E,
                    frame_start> || std::is_same_v<E, decay_tick> || std::is_same_v<E, frame_end>)
                flush();
            emit<E>(to_, [&]() -> E const& { return event; });
        }
    }
    /// Ends the frame: hands on the stride that is held, if none as strong has passed.
    void flush() {
        bool const outdone = this->outdone();
        passed_any_ = false;
        if (!std::exchange(holds_, false)) return;
        if (outdone) {
            ++left_out_;
            return;
        }
        ++passed_;
        emit<stride_exec>(to_, [&]() -> stride_exec const& { return held_; });
    }
    [[nodiscard]] std::uint64_t passed() const noexcept { return passed_; }
    [[nodiscard]] std::uint64_t left_out() const noexcept {
        return left_out_ + (outdone() ? 1 : 0);
    }
    /// Strides left out, and what the sink behind dropped.
    [[nodiscard]] std::uint64_t dropped() const { return left_out() + detail::dropped_by(to_); }

private:
    static constexpr std::uint64_t first_draw = std::uint64_t{1} << 40; // nobody else draws there

    /// The held stride will not pass: one as strong has.
    [[nodiscard]] bool outdone() const noexcept {
        return holds_ && passed_any_ && !(held_.utility > strongest_);
    }
    void stride(stride_exec const& e) {
        if (e.frame != frame_ || !begun_) {
            flush();
            begun_ = true;
            frame_ = e.frame;
        }
        if (safe_ || drawn(e)) {
            if (!passed_any_ || e.utility > strongest_) strongest_ = e.utility;
            passed_any_ = true;
            ++passed_;
            to_(e);
        } else if (!holds_ || e.utility > held_.utility) {
            left_out_ += holds_ ? 1 : 0;
            holds_ = true;
            held_ = e;
        } else {
            ++left_out_;
        }
    }
    [[nodiscard]] bool drawn(stride_exec const& e) const noexcept {
        bool const named = e.link != no_link;
        std::uint64_t const ends = std::uint64_t{index(e.source)} << 32 | index(e.target);
        counter_rng const draws{
            {.seed = settings_.seed, .frame = e.frame, .node = named ? index(e.link) : mix(ends)}};
        return draws.unit(named ? first_draw : first_draw + 1 + e.rank) < settings_.rate;
    }

    [[no_unique_address]] Sink to_;
    sampling settings_;
    stride_exec held_{}; // the strongest the draws left out in this frame
    double strongest_ = 0;
    std::uint64_t frame_ = 0;
    std::uint64_t passed_ = 0;
    std::uint64_t left_out_ = 0;
    bool begun_ = false;
    bool holds_ = false;
    bool passed_any_ = false; // in this frame; the strongest of those is `strongest_`
    bool safe_ = false;
};
template <class S> sampler(S&&, sampling const& = {}) -> sampler<held<S>>;

} // namespace runnel::event
