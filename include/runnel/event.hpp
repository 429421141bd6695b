// SPDX-License-Identifier: MIT
// room: event. Door: the events of a frame, and the sinks supplied to hear them.
//
// Why:  what happens can be watched, and costs nothing when nobody does.
#pragma once

#include <runnel/core.hpp>
#include <runnel/event/counters.hpp>
#include <runnel/event/parts.hpp>
#include <runnel/event/recorder.hpp>
#include <runnel/event/records.hpp>
#include <runnel/event/reorder.hpp>
#include <runnel/event/sampler.hpp>
#include <runnel/event/sink.hpp>
#include <runnel/event/tee.hpp>
