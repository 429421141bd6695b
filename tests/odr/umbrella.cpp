// SPDX-License-Identifier: MIT
// The umbrella alone, without exceptions and type information.
#include "odr/facts.hpp"

odr::facts odr::in_umbrella() { return work_out(); }
