// SPDX-License-Identifier: MIT
// Every header in order, twice: each is guarded. No optimisation, checks on.
#include "every_header_twice.hpp"
#include "odr/facts.hpp"

odr::facts odr::in_twice() { return work_out(); }
