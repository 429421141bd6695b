// SPDX-License-Identifier: MIT
// Every header backwards: none leans on what an earlier one included. Optimised, checks off.
#include "every_header_backwards.hpp"
#include "odr/facts.hpp"

odr::facts odr::in_backwards() { return work_out(); }
