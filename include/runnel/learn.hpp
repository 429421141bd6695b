// SPDX-License-Identifier: MIT
// room: learn. Door: what strides teach their links.
//
// Why:  a link that was of use is followed sooner next time. The engine asks per stride after commit and hands what
//       was learned on as a batch of wishes; without this room weights stay as they are.
#pragma once

#include <runnel/learn/laws.hpp>
#include <runnel/learn/strengthen.hpp>
