// SPDX-License-Identifier: MIT
// One hash per kind of number, each over 10^5 inputs, from either of two builds of the same source.
#pragma once

#include <cstdint>

namespace digest {

struct figures {
    std::uint64_t exp = 0;
    std::uint64_t log = 0;
    std::uint64_t loss = 0; ///< one_minus_exp_of_minus
    std::uint64_t arc = 0;
    std::uint64_t sum = 0;
    std::uint64_t part = 0; ///< fractions and what they take
    std::uint64_t weight = 0;
    std::uint64_t draws = 0;
    std::uint64_t product_and_sum = 0;  ///< a*b + c as the compiler likes it
    std::uint64_t product_then_sum = 0; ///< a*b rounded, then + c
};

namespace plain {
figures compute();
}
namespace wide {
figures compute();
}

} // namespace digest
