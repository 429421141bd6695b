// SPDX-License-Identifier: MIT
// room: event. Puts the events of a frame back into order, when they arrive in any.
//
// Why:  events that come from several threads or processes arrive as it happens; who writes a file or
//       compares two runs wants the one order there is.
// Laws: the events of frame f are handed on together when the first event of frame f + 2 or later
//       arrives, or on `flush`: frame start; by source what it looked at, then its strides by rank;
//       flows by source, target and link; flips by node; decay; weights by link; guards by name; frame
//       end. Any order in, within two frames: the same out; only what stands in one place keeps the order
//       it came in. At most `most` events are held: one more is dropped, as is one of a frame that was handed
//       on, and both are counted. Events without a frame pass at once. Lists come out empty. One
//       stream, of one field; `flush` before its frames begin anew.
// Cost: a copy and O(log n) per event; memory of the two fullest frames, kept.
//
//   runnel::event::reorder in_order{file};                   // then: pipeline.with_sink(in_order)
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <type_traits>
#include <utility>

#include <runnel/core/array.hpp>
#include <runnel/core/ids.hpp>
#include <runnel/core/order.hpp>
#include <runnel/event/records.hpp>
#include <runnel/event/sink.hpp>

namespace runnel::event {

namespace detail {
template <class E>
concept in_frame = requires(E const& e) {
    { e.frame } -> std::convertible_to<std::uint64_t>;
};

/// Letters in order of the alphabet, eight to a number.
[[nodiscard]] constexpr std::uint64_t letters(std::string_view text, std::size_t from) noexcept {
    std::uint64_t all = 0;
    for (std::size_t i = from; i < from + 8; ++i)
        all = all << 8 | (i < text.size() ? static_cast<unsigned char>(text[i]) : 0U);
    return all;
}
/// Where an event stands in its frame.
struct standing {
    std::uint64_t part = 0;
    std::uint64_t keys[3]{};
};
template <class E> [[nodiscard]] standing standing_of(E const& e) noexcept {
    if constexpr (std::is_same_v<E, frame_start>)
        return {0, {}};
    else if constexpr (std::is_same_v<E, stride_selection>)
        return {1, {index(e.node), 0, 0}};
    else if constexpr (std::is_same_v<E, stride_exec>)
        return {1, {index(e.source), 1, e.rank}};
    else if constexpr (std::is_same_v<E, link_flow>)
        return {2, {index(e.source), index(e.target), index(e.link)}};
    else if constexpr (std::is_same_v<E, node_flip>)
        return {3, {index(e.node), 0, 0}};
    else if constexpr (std::is_same_v<E, decay_tick>)
        return {4, {}};
    else if constexpr (std::is_same_v<E, weight_update>)
        return {5, {index(e.link), 0, 0}};
    else if constexpr (std::is_same_v<E, guard_acted>)
        return {7, {letters(e.guard, 0), letters(e.guard, 8), e.count}};
    else if constexpr (std::is_same_v<E, frame_end>)
        return {8, {}};
    else
        return {6, {}};
}

template <class E> struct shelf { runnel::detail::array<E> kept; };

/// The events of one frame, each kind on its shelf, and the order they stand in.
template <class Registry> struct held_frame;
template <class... Event> struct held_frame<event_list<Event...>> : shelf<Event>... {
    struct place {
        standing at{};
        std::size_t kind = 0;
        std::size_t slot = 0;
        std::size_t came = 0;
        [[nodiscard]] bool operator<(place const& other) const noexcept {
            if (at.part != other.at.part) return at.part < other.at.part;
            for (int k = 0; k < 3; ++k)
                if (at.keys[k] != other.at.keys[k]) return at.keys[k] < other.at.keys[k];
            return came < other.came;
        }
    };
    runnel::detail::array<place> places;

    template <class E> void add(E const& event) {
        auto& kept = shelf<E>::kept;
        std::size_t const slot = kept.size();
        kept.push_back(lasting(event)); // first: without its place it is merely not told
        places.push_back(
            {standing_of(event), event_list<Event...>::template position<E>(), slot,
             places.size()});
    }
    void clear() noexcept {
        places.clear();
        (shelf<Event>::kept.clear(), ...);
    }
    template <class Sink> void hand_to(Sink& to) {
        struct cleared {
            held_frame& frame;
            ~cleared() { frame.clear(); } // also when the sink throws: nothing is told twice
        } const at_last{*this};
        runnel::detail::sort(places.begin(), places.end());
        for (place const& p : places) (give<Event>(to, p), ...);
    }

private:
    template <class E, class Sink> void give(Sink& to, place const& p) {
        if (p.kind == event_list<Event...>::template position<E>())
            emit<E>(to, [&]() -> E const& { return shelf<E>::kept[p.slot]; });
    }
};
} // namespace detail

/// Remembers, so it is given to a pipeline by name. What is held when a stream ends is handed on by `flush`.
template <class Sink> class reorder {
    static_assert(sink<Sink>, "event: the sink behind this reordering hears nothing");

public:
    template <class S>
        requires std::is_same_v<event::held<S>, Sink>
    // NOLINTNEXTLINE(bugprone-forwarding-reference-overload): copies are no S that fits
    explicit reorder(S&& to, std::size_t most = 65536)
        : to_(static_cast<Sink>(std::forward<S>(to))), most_(most) {}

    template <registered E>
        requires(hears<Sink, E> || std::is_same_v<E, frame_start>)
    void operator()(E const& event) {
        if constexpr (!detail::in_frame<E>) {
            to_(event);
        } else {
            if (!begun_) newest_ = event.frame;
            begun_ = true;
            if (event.frame > newest_) {
                std::uint64_t const ahead = event.frame - newest_;
                frame(newest_ + 1).hand_to(to_); // the one before the newest
                if (ahead > 1) frame(newest_).hand_to(to_);
                newest_ = event.frame;
            }
            if constexpr (hears<Sink, E>) {
                if (newest_ - event.frame > 1)
                    ++late_;
                else if (held() >= most_)
                    ++refused_;
                else
                    frame(event.frame).add(event);
            }
        }
    }
    /// Hands on all that is held; the next event may be of any frame.
    void flush() {
        frame(newest_ + 1).hand_to(to_);
        frame(newest_).hand_to(to_);
        begun_ = false;
    }
    [[nodiscard]] std::size_t held() const noexcept {
        return frames_[0].places.size() + frames_[1].places.size();
    }
    /// Events of frames that had been handed on.
    [[nodiscard]] std::uint64_t late() const noexcept { return late_; }
    /// Events there was no room for.
    [[nodiscard]] std::uint64_t refused() const noexcept { return refused_; }
    /// Both, and what the sink behind dropped.
    [[nodiscard]] std::uint64_t dropped() const {
        return late_ + refused_ + detail::dropped_by(to_);
    }

private:
    /// Two frames are held at a time, neighbours: one is even.
    [[nodiscard]] detail::held_frame<registry>& frame(std::uint64_t f) noexcept {
        return frames_[f % 2];
    }

    [[no_unique_address]] Sink to_;
    std::size_t most_;
    detail::held_frame<registry> frames_[2];
    std::uint64_t newest_ = 0;
    std::uint64_t late_ = 0;
    std::uint64_t refused_ = 0;
    bool begun_ = false;
};
template <class S> reorder(S&&, std::size_t = 65536) -> reorder<held<S>>;

} // namespace runnel::event
