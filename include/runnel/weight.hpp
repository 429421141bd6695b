// SPDX-License-Identifier: MIT
// room: weight. Door: how stored weights are read, and how they fade.
//
// Why:  what is stored is history; what drives energy is how a link compares with its like.
#pragma once

#include <runnel/weight/flow.hpp>
#include <runnel/weight/decay.hpp>
#include <runnel/weight/reader.hpp>
