// SPDX-License-Identifier: MIT
// room: credit. What strides moved, frame by frame, kept so that it can be traced back.
//
// Why:  "why did this light up" is a question about the past. An engine forgets a stride once it is committed; this
//       sink keeps what tracing needs of it, a sixth of what the event says.
// Laws: hears strides, injections and starts of frames of one field. Amounts are whole quanta: exact for nodes that
//       hold up to 8192 units, beyond which a figure of an event rounds. A frame that does not follow the one before it
//       (frames nobody heard, a field reset without `clear`, a second field) is marked: what came before is not traced.
// Cost: 40 bytes per stride, 24 per injection, 24 per frame; 12 ns of its own per event. An engine whose strides are heard
//       works out what a stride's event tells, which costs more than its frame: listen where you want to know.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include <runnel/core/array.hpp>
#include <runnel/core/energy.hpp>
#include <runnel/core/ids.hpp>
#include <runnel/event/records.hpp>

namespace runnel::credit {

/// Energies in quanta of 2^-40 of a unit.
using quanta = std::int64_t;

[[nodiscard]] constexpr quanta in_quanta(double units) noexcept {
    return static_cast<quanta>(units * 0x1p40);
}
[[nodiscard]] constexpr double in_units(quanta amount) noexcept {
    return static_cast<double>(amount) * energy::quantum;
}

/// One stride.
struct moved {
    node_id source{};
    node_id target{};
    link_id link = no_link;
    quanta gross = 0;         ///< what left the source
    quanta retained = 0;      ///< what the target kept
    quanta target_before = 0; ///< at frame start
};
/// Energy from outside, before the frame that comes next.
struct given {
    node_id node{};
    quanta before = 0;
    quanta amount = 0;
};

/// A sink: `pipeline{}.with_sink(flow)`. Where several fields run, each wants its own engine and its own recorder.
class flow_recorder {
public:
    void operator()(event::frame_start const& e) {
        bool const follows = frames_.empty() || e.frame == last_ + 1;
        frames_.push_back({strides_.size(), gifts_.size(), !follows});
        last_ = e.frame;
    }
    void operator()(event::stride_exec const& e) {
        if (frames_.empty()) { // the frame began before anybody listened
            frames_.push_back({0, gifts_.size(), false});
            last_ = e.frame;
        }
        strides_.push_back(
            {e.source, e.target, e.link, in_quanta(e.gross), in_quanta(e.retained),
             in_quanta(e.target_before)});
        see(e.source);
        see(e.target);
    }
    void operator()(event::stimulus_injected const& e) {
        gifts_.push_back({e.node, in_quanta(e.before), in_quanta(e.energy)});
        see(e.node);
    }

    [[nodiscard]] std::size_t frames() const noexcept { return frames_.size(); }
    /// Of one frame, in order of source and rank.
    template <class = void>
    [[nodiscard]] std::span<moved const> strides(std::size_t frame) const noexcept {
        std::size_t const first = frames_[frame].strides;
        std::size_t const end =
            frame + 1 < frames_.size() ? frames_[frame + 1].strides : strides_.size();
        return strides_.stretch(first, end - first);
    }
    /// Given between the frame before this one and this one; frames(): after the last.
    template <class = void>
    [[nodiscard]] std::span<given const> gifts(std::size_t frame) const noexcept {
        std::size_t const first = frame == 0 ? 0 : frames_[frame - 1].gifts;
        std::size_t const end = frame < frames_.size() ? frames_[frame].gifts : gifts_.size();
        return gifts_.stretch(first, end - first);
    }
    /// In order of time; a seed is known by its place here.
    template <class = void> [[nodiscard]] std::span<given const> gifts() const noexcept {
        return gifts_.stretch(0, gifts_.size());
    }
    /// Is something missing between this frame (counted from 1, as the moment before it is) and the one before?
    [[nodiscard]] bool missed_before(std::size_t moment) const noexcept {
        return moment < frames_.size() && frames_[moment].missed;
    }
    [[nodiscard]] std::size_t stride_count() const noexcept { return strides_.size(); }
    /// One above the highest node that took part.
    [[nodiscard]] std::uint32_t nodes() const noexcept { return nodes_; }
    [[nodiscard]] std::size_t bytes() const noexcept {
        return strides_.capacity() * sizeof(moved) + gifts_.capacity() * sizeof(given)
               + frames_.capacity() * sizeof(begins);
    }
    /// When the field is reset.
    void clear() noexcept {
        strides_.clear();
        gifts_.clear();
        frames_.clear();
        nodes_ = 0;
    }

private:
    /// Where a frame's own begin: strides of it, and gifts that came after its start.
    struct begins {
        std::size_t strides;
        std::size_t gifts;
        bool missed; // frames between the one before and this
    };
    void see(node_id node) noexcept {
        if (index(node) >= nodes_) nodes_ = static_cast<std::uint32_t>(index(node) + 1);
    }

    runnel::detail::array<moved> strides_;
    runnel::detail::array<given> gifts_;
    runnel::detail::array<begins> frames_;
    std::uint64_t last_ = 0; // the last frame's number
    std::uint32_t nodes_ = 0;
};

} // namespace runnel::credit
