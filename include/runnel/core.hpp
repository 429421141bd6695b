// SPDX-License-Identifier: MIT
// room: core. Door: ids, energy, log-weights, results, random numbers, time, leases, reflection.
//
// Why:  everything every room needs and nothing else; std only, cheap to include.
#pragma once

#include <runnel/core/arc.hpp>
#include <runnel/core/energy.hpp>
#include <runnel/core/expects.hpp>
#include <runnel/core/ids.hpp>
#include <runnel/core/lease.hpp>
#include <runnel/core/log_weight.hpp>
#include <runnel/core/math.hpp>
#include <runnel/core/reflect.hpp>
#include <runnel/core/result.hpp>
#include <runnel/core/rng.hpp>
#include <runnel/core/ticks.hpp>
#include <runnel/core/versions.hpp>
