// SPDX-License-Identifier: MIT
// room: weight. Door: how stored weights are read, how they fade, and how strides are appraised.
//
// Why:  what is stored is history; what drives energy is how a link compares with its like, and what it learns by is
//       how its strides do.
#pragma once

#include <runnel/weight/decay.hpp>
#include <runnel/weight/flow.hpp>
#include <runnel/weight/pairs.hpp>
#include <runnel/weight/ranks.hpp>
#include <runnel/weight/reader.hpp>
#include <runnel/weight/utility.hpp>
