// SPDX-License-Identifier: MIT
// room: core. Taking and trading values, as <utility> does, for a tenth of what that costs a file.
//
// Why:  its exchange and swap ask a dozen questions of every type they meet, and a library of small owning classes meets
//       many: between them that was a tenth of what a door costs the compiler.
#pragma once

namespace runnel::detail {

/// What stood there, with something else in its place.
template <class T> constexpr T taken(T& from, T rest = T{}) noexcept {
    T was = static_cast<T&&>(from);
    from = static_cast<T&&>(rest);
    return was;
}
template <class T> constexpr void trade(T& a, T& b) noexcept { a = taken(b, static_cast<T&&>(a)); }

} // namespace runnel::detail
