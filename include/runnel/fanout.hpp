// SPDX-License-Identifier: MIT
// room: fanout. Door: which of a node's links are considered at all.
//
// Why:  a source must not pay for every link it has.
#pragma once

#include <runnel/fanout/laws.hpp>
#include <runnel/fanout/reduce.hpp>
#include <runnel/fanout/strategy.hpp>
#include <runnel/fanout/ties.hpp>
