// SPDX-License-Identifier: MIT
// room: engine. Door: config, pipeline, fields, frames, `make_engine`, `session`.
//
// Why:  the room where policies meet and energy moves; nothing else writes an energy.
#pragma once

#include <runnel/engine/compare.hpp>
#include <runnel/engine/config.hpp>
#include <runnel/engine/engine.hpp>
#include <runnel/engine/field.hpp>
#include <runnel/engine/frame.hpp>
#include <runnel/engine/ledger.hpp>
#include <runnel/engine/make.hpp>
#include <runnel/engine/phases.hpp>
#include <runnel/engine/pipeline.hpp>
#include <runnel/engine/presets.hpp>
#include <runnel/engine/session.hpp>
#include <runnel/event/counters.hpp>
#include <runnel/event/recorder.hpp>
#include <runnel/event/sink.hpp>
#include <runnel/graph/builder.hpp>
