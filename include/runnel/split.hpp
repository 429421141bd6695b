// SPDX-License-Identifier: MIT
// room: split. Door: how a node's energy is divided among its cheapest links.
//
// Why:  sending all to the best link is a choice of its own, and often the wrong one.
#pragma once

#include <runnel/split/by_divergence.hpp>
#include <runnel/split/laws.hpp>
#include <runnel/split/softmax.hpp>
