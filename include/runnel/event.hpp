// SPDX-License-Identifier: MIT
// room: event. Door: the events of a frame, sinks that hear them, a recorder, counters.
//
// Why:  what happens can be watched, and costs nothing when nobody does.
#pragma once

#include <runnel/core.hpp>
#include <runnel/event/counters.hpp>
#include <runnel/event/recorder.hpp>
#include <runnel/event/records.hpp>
#include <runnel/event/sink.hpp>
