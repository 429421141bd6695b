// SPDX-License-Identifier: MIT
// room: io. What a file may have wrong.
//
// Why:  whoever has a file that does not read wants to know the line, and what to do about it.
// Laws: the offender says where: "line 12: what stands there".
#pragma once

#include <runnel/core/result.hpp>

namespace runnel::io::faults {

inline constexpr fault_kind cannot_open{"io.cannot_open", "the file cannot be opened for reading"};
inline constexpr fault_kind cannot_read{"io.cannot_read", "reading broke off"};
inline constexpr fault_kind cannot_write{"io.cannot_write", "the file cannot be written"};
inline constexpr fault_kind too_few_columns{
    "io.too_few_columns", "a link needs a source and a target"};
inline constexpr fault_kind too_many_columns{
    "io.too_many_columns", "a link has a source, a target, a weight and a type, and no more"};
inline constexpr fault_kind not_a_number{
    "io.not_a_number", "the third column is the link's weight, a number"};
inline constexpr fault_kind not_an_id{
    "io.not_an_id",
    "nodes of this file are numbers, since the first line's are; read them as names"};
inline constexpr fault_kind id_out_of_range{
    "io.id_out_of_range", "a node's number lies below 4294967295"};
inline constexpr fault_kind bad_weight{
    "io.bad_weight", "a weight is above 0 and finite; a logarithm lies in [-128, 128)"};
inline constexpr fault_kind bad_header{
    "io.bad_header",
    "this is no Matrix Market file of a kind that holds a graph: coordinate, real, "
    "integer or pattern, general or symmetric"};
inline constexpr fault_kind wrong_count{
    "io.wrong_count", "the file has another number of entries than its head says"};
inline constexpr fault_kind not_square{
    "io.not_square", "a graph's matrix has as many rows as columns"};

} // namespace runnel::io::faults
