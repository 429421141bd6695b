// SPDX-License-Identifier: MIT
// What value() of a fault does in a file compiled with exceptions, and in one compiled without.
#pragma once

namespace value_of_a_fault {

/// True if the call threw a fault_error with its message; false if it returned.
bool thrown_where_exceptions_are_on();
/// Returns only if value() did; it must stop the program.
void asked_where_exceptions_are_off();

} // namespace value_of_a_fault
