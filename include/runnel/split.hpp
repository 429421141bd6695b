// SPDX-License-Identifier: MIT
// room: split. Divides one node's outgoing energy among its cheapest links.
#pragma once

#include <runnel/split/softmax.hpp>
