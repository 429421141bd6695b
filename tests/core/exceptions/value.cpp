// SPDX-License-Identifier: MIT
// Compiled twice, told not to inline, so that no chance decides: with exceptions and without.
#include "core/exceptions/value.hpp"

#include <string_view>

#include <runnel/core/result.hpp>

namespace {

constexpr runnel::fault_kind odd{"core.odd", "must be even"};

} // namespace

#ifdef __cpp_exceptions
bool value_of_a_fault::thrown_where_exceptions_are_on() {
    runnel::result<int> const held = runnel::fault{odd, 7};
    runnel::status const done = runnel::fault{odd, 7};
    int caught = 0;
    try {
        static_cast<void>(held.value());
    } catch (runnel::fault_error const& thrown) {
        caught += std::string_view(thrown.what()) == "core.odd: must be even: '7'" ? 1 : 0;
    }
    try {
        done.value();
    } catch (runnel::fault_error const&) { ++caught; }
    return caught == 2;
}
#else
void value_of_a_fault::asked_where_exceptions_are_off() {
    runnel::result<int> const held = runnel::fault{odd, 7};
    static_cast<void>(held.value());
}
#endif
