// SPDX-License-Identifier: MIT
// room: event. What a sink is, how events reach it, and the sinks for everyday use.
//
// Why:  an event nobody hears must cost nothing, not even its construction: whether a sink hears is a
//       question of types, and the struct is built inside the answer.
// Laws: `emit` calls the sink at most once; with `none` it compiles to nothing. A named sink is held
//       by reference and must outlive the engine; a temporary one is held by value and called const.
//       Spans and lists in an event last for the call.
#pragma once

#include <concepts>
#include <cstdint>
#include <type_traits>
#include <utility>

#include <runnel/event/records.hpp>

namespace runnel::event {

template <class Sink, class E>
concept hears = registered<E> && std::is_invocable_v<Sink&, E const&>;

/// Hears nothing, and says so.
struct none {};

/// Anything callable with at least one registered event.
template <class Sink>
concept sink = std::is_same_v<Sink, none> || registry::any_heard<Sink>;

/// An engine is immutable and calls the sink it holds as const: what a sink would only hear as
/// non-const, it would never hear.
template <class Sink>
concept hears_all_as_const = registry::none_lost_as_const<Sink>;

/// Builds the event and hands it over, if the sink hears it.
template <class E, class Sink, class Make> constexpr void emit(Sink& to, Make&& make) {
    static_assert(
        registered<E>, "event: this struct is not in event::registry; only registered "
                       "events can be emitted (add it in event/records.hpp)");
    if constexpr (hears<Sink, E>) to(std::forward<Make>(make)());
}

/// Several lambdas as one sink: `callback{[](stride_exec const&) {...}, [](frame_end const&) {...}}`.
template <class... F> struct callback : F... { using F::operator()...; };
template <class... F> callback(F...) -> callback<F...>;

/// A sink that counts what it could not keep; the end of a frame reports it.
template <class Sink>
concept drops = requires(Sink const& sink) {
    { sink.dropped() } -> std::convertible_to<std::uint64_t>;
};

/// A sink somebody else owns.
template <class Sink> class reference {
public:
    explicit reference(Sink& sink) noexcept : sink_(&sink) {}
    template <registered E>
        requires hears<Sink, E>
    void operator()(E const& event) const { (*sink_)(event); }
    [[nodiscard]] std::uint64_t dropped() const requires drops<Sink> { return sink_->dropped(); }

private:
    Sink* sink_;
};

/// How a sink keeps the sinks behind it: named ones by reference, temporary ones by value.
template <class Sink>
using held = std::conditional_t<
    std::is_lvalue_reference_v<Sink>, reference<std::remove_reference_t<Sink>>,
    std::remove_cvref_t<Sink>>;

namespace detail {
template <class Sink> [[nodiscard]] std::uint64_t dropped_by(Sink const& sink) {
    if constexpr (drops<Sink>)
        return sink.dropped();
    else
        return 0;
}
/// What may be kept of an event: lists last for the call that hands them over, and come out empty.
template <class E> [[nodiscard]] E lasting(E const& event) noexcept {
    E copy = event;
    if constexpr (requires { copy.types.first; }) copy.types = {};
    return copy;
}
} // namespace detail

} // namespace runnel::event
