// SPDX-License-Identifier: MIT
// room: event. One stream, several listeners.
//
// Why:  a pipeline has one place for a sink, and a program often wants a recorder, counters and a file.
// Laws: hears what any of its sinks hears; each gets what it hears, in the order the sinks are named. A
//       sink that throws keeps the event from those behind it. Named sinks are held by reference and
//       outlive the tee; temporary ones are held by value and called const. `dropped` is the sum.
// Cost: a call per listener that hears; no memory of its own.
//
//   runnel::event::counters counted;
//   runnel::event::recorder<runnel::event::stride_exec> seen{1024};
//   auto const policies = runnel::pipeline{}.with_sink(runnel::event::tee{counted, seen});
#pragma once

#include <cstddef>
#include <cstdint>
#include <type_traits>
#include <utility>

#include <runnel/event/records.hpp>
#include <runnel/event/sink.hpp>

namespace runnel::event {

namespace detail {
template <std::size_t Place, class Sink> struct branch { [[no_unique_address]] Sink sink; };

template <class Places, class... Sink> struct branches;
template <std::size_t... Place, class... Sink>
struct branches<std::index_sequence<Place...>, Sink...> : branch<Place, Sink>... {
    template <class... S>
    explicit branches(S&&... sinks)
        : branch<Place, Sink>{static_cast<Sink>(std::forward<S>(sinks))}... {}
    template <class F> void each(F&& f) const {
        (f(static_cast<branch<Place, Sink> const&>(*this).sink), ...);
    }
};
} // namespace detail

template <class... Sink> class tee {
    static_assert((sink<Sink> && ...), "event: a sink of this tee hears nothing");
    static_assert(
        (hears_all_as_const<Sink> && ...),
        "event: a temporary sink in a tee is called as const and would miss an event here; give "
        "the sink a name and pass that (a named sink is held by reference)");

public:
    template <class... S>
        requires(std::is_same_v<held<S>, Sink>&&...)
    explicit tee(S&&... sinks) : branches_(std::forward<S>(sinks)...) {}

    template <registered E>
        requires(hears<Sink const, E> || ...)
    void operator()(E const& event) const {
        branches_.each([&](auto const& to) { emit<E>(to, [&]() -> E const& { return event; }); });
    }
    [[nodiscard]] std::uint64_t dropped() const requires(drops<Sink> || ...) {
        std::uint64_t sum = 0;
        branches_.each([&](auto const& to) { sum += detail::dropped_by(to); });
        return sum;
    }

private:
    [[no_unique_address]] detail::branches<std::index_sequence_for<Sink...>, Sink...> branches_;
};
template <class... S> tee(S&&...) -> tee<held<S>...>;

} // namespace runnel::event
