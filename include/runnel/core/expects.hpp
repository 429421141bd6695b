// SPDX-License-Identifier: MIT
// room: core. Checks for the programmer's own mistakes.
//
// Why:  a node id of another graph in a hot call is a bug in the program, not an event in the world;
//       it deserves a stop at the place, never a branch in release.
// Cost: nothing under NDEBUG unless RUNNEL_CHECKED is defined. Define RUNNEL_EXPECTS(condition,
//       sentence) before the first include to replace the answer (it prints nothing by itself).
#pragma once

#if defined(__FAST_MATH__) || defined(__ASSOCIATIVE_MATH__) || defined(__RECIPROCAL_MATH__) \
    || (defined(__FINITE_MATH_ONLY__) && __FINITE_MATH_ONLY__ > 0)
#    error \
        "runnel: energies and orders are exact; compile the including file without -ffast-math or its parts"
#endif

#if !defined(__cplusplus) || __cplusplus < 202002L
#    error "runnel: C++20 is needed; compile the including file with -std=c++20"
#endif

namespace runnel::detail {
/// Stops the program; the sentence is visible as the argument in any debugger.
[[noreturn]] inline void violated(char const* /*sentence*/) noexcept { __builtin_trap(); }
} // namespace runnel::detail

#ifndef RUNNEL_EXPECTS
#    if !defined(NDEBUG) || defined(RUNNEL_CHECKED)
#        define RUNNEL_EXPECTS(condition, sentence) \
            ((condition) ? static_cast<void>(0) : ::runnel::detail::violated(sentence))
#    else
#        define RUNNEL_EXPECTS(condition, sentence) static_cast<void>(0)
#    endif
#endif
