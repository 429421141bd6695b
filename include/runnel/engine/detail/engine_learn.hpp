// SPDX-License-Identifier: MIT
// room: engine. The last step of a frame: links learn.
//
// Why:  a frame never writes shared state: it yields lessons. An engine that owns its store hands them over once its own
//       frame has let go of it; where others still read, they wait for the next frame's end and nothing is lost.
// Laws: lessons of one field reach the store in the order (frame, source, link). A policy that throws has changed no
//       weight, and the frame has ended.
//       Weight decay follows the frames of an engine that learns and owns its store, and of no other: who does not
//       learn never writes.
// Cost: one call of the policy per stride.
#pragma once

#include <cstddef>
#include <cstdint>

#include <runnel/engine/engine.hpp>

namespace runnel {

template <class Rows, class Pipeline>
template <class Amount>
void engine<Rows, Pipeline>::learn(basic_field<Amount>& f, frame_report& r) const {
    auto& s = state(f);
    detail::open_frame const& frame = s.open;
    constexpr double steps = 0x1p24; // of a log-weight
    std::size_t const known = s.lessons.changes.size();
    s.updates.clear();
    for (std::size_t i = 0; i < frame.moves; ++i) {
        weight::flow const& flow = s.flow_log[i];
        weight::lesson const taught = pipeline_.learner(flow);
        if (taught.gated) ++s.gated;
        double const wide = math::clip(taught.delta, -256, 256); // more than any weight can move
        if (!(wide == wide) || !(taught.low <= taught.high)) {
            ++r.senseless_lessons;
            continue;
        }
        weight_change const change{
            flow.source, flow.link, math::nearest(math::product(wide, steps)), taught.low,
            taught.high};
        if (change.delta == 0) continue;
        s.lessons.changes.push_back(change);
        if constexpr (event::hears<sink_type, event::weight_update>)
            s.updates.push_back(
                {s.frame - 1, flow.link, flow.source, flow.target, wide,
                 moved(flow.lw, change).log(), taught.tier, taught.utility, taught.affect_factor});
    }
    r.learned = s.lessons.changes.size() - known;
    s.lessons.frame = s.frame - 1;
}

template <class Rows, class Pipeline>
template <class Amount>
void engine<Rows, Pipeline>::apply_lessons(basic_field<Amount>& f) const {
    if (writes_ == nullptr) return;
    auto& s = state(f);
    detail::open_frame const& frame = s.open;
    if (!s.lessons.changes.empty() && writes_->apply({&s.lessons, 1}).has_value())
        s.lessons.changes.clear();
    // Refused while others read, the time is kept: the next frame's end tries again.
    static_cast<void>(writes_->elapse(falls_, frame.span.seconds()));
}

} // namespace runnel
