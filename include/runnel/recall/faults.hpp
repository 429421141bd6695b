// SPDX-License-Identifier: MIT
// room: recall. What a memory refuses, in one place.
//
// Why:  one NaN in a vector poisons every order it takes part in, one vector of another length reads past
//       its row; both are refused at the boundary with their place, and the memory is as it was.
#pragma once

#include <runnel/core/result.hpp>

namespace runnel::recall::faults {

inline constexpr fault_kind dimension_mismatch{
    "recall.dimension_mismatch", "a vector has as many numbers as the memory's others"};
inline constexpr fault_kind non_finite{
    "recall.non_finite", "a vector's numbers must be finite and its length below 9e18"};
inline constexpr fault_kind zero_norm{
    "recall.zero_norm", "under cosine a vector needs a direction: a length of at least 1e-12"};
inline constexpr fault_kind capacity_exceeded{
    "recall.capacity_exceeded", "the budget is used up; what is not pinned frees too few bytes"};
inline constexpr fault_kind entry_too_large{
    "recall.entry_too_large",
    "an entry of so many bytes is larger than what the budget leaves to entries"};
inline constexpr fault_kind invalid_config{
    "recall.invalid_config", "a setting of the memory is out of its range"};
inline constexpr fault_kind off_scale{
    "recall.off_scale", "a figure to rank by is a number on the scale it is said to be on"};
inline constexpr fault_kind empty{"recall.empty", "there is nothing to choose from"};
inline constexpr fault_kind stale_handle{
    "recall.stale_handle", "the entry is no longer in the memory, or never was"};
inline constexpr fault_kind index_corrupt{
    "recall.index_corrupt", "the index does not hold together; searches scan until it is rebuilt"};
inline constexpr fault_kind score_not_a_number{
    "recall.score_not_a_number", "what keeping an entry is worth must be a number"};
inline constexpr fault_kind bad_outcome{
    "recall.bad_outcome", "an outcome lies in [0, 1]: 0 did harm, 1 was of full use"};

inline constexpr fault_kind not_pinned{
    "recall.not_pinned", "an entry is unpinned as often as it was pinned"};
inline constexpr fault_kind nothing_asked{
    "recall.nothing_asked", "k is how many entries are wanted: at least 1"};
inline constexpr fault_kind not_a_row{
    "recall.not_a_row", "a vector to be borrowed is a row of the matrix that was lent"};
inline constexpr fault_kind two_meanings{
    "recall.two_meanings", "a hit stands for one node or for an episode, not for both"};
inline constexpr fault_kind low_quality{
    "recall.low_quality", "the pattern is rougher over the graph than the gate lets in"};

} // namespace runnel::recall::faults
