// SPDX-License-Identifier: MIT
// room: host. Door: what connects a diffusion with the world's time.
//
// Why:  the engine is told everything, the time included; here is who may tell it. The one room that may
//       rest on all others and that none rests on.
#pragma once

#include <runnel/host/thread_pool.hpp>
#include <runnel/host/tick_clock.hpp>
