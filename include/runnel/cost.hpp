// SPDX-License-Identifier: MIT
// room: cost. Door: how expensive a link is to send along; lower is better.
//
// Why:  what a source prefers is a policy; the engine only finds the minimum.
#pragma once

#include <runnel/cost/colouring.hpp>
#include <runnel/cost/config.hpp>
#include <runnel/cost/context.hpp>
#include <runnel/cost/gates.hpp>
#include <runnel/cost/laws.hpp>
#include <runnel/cost/log_additive.hpp>
#include <runnel/cost/model.hpp>
