// SPDX-License-Identifier: MIT
// room: io. What a file may have wrong.
//
// Why:  whoever has a file that does not read wants to know the line, and what to do about it.
// Laws: the offender says where: "line 12: what stands there", and before it the file where a path was given.
#pragma once

#include <runnel/core/result.hpp>

namespace runnel::io::faults {

inline constexpr fault_kind cannot_open{"io.cannot_open", "the file cannot be opened for reading"};
inline constexpr fault_kind cannot_read{"io.cannot_read", "reading broke off"};
inline constexpr fault_kind cannot_write{"io.cannot_write", "the file cannot be written"};
inline constexpr fault_kind compressed{
    "io.compressed", "this is compressed with gzip: unpack it, or read it through "
                     "interop::gunzip of runnel/interop/zlib.hpp"};
inline constexpr fault_kind corrupt{
    "io.corrupt", "the compressed file is cut off or damaged; what it held is not used"};
inline constexpr fault_kind other_encoding{
    "io.other_encoding", "this is text in UTF-16: save it as UTF-8"};
inline constexpr fault_kind line_too_long{
    "io.line_too_long", "a line has at most 1048576 bytes: is this a text file?"};
inline constexpr fault_kind bad_setting{"io.bad_setting", "this reader's settings are at fault"};

inline constexpr fault_kind too_few_columns{
    "io.too_few_columns", "a link needs a source and a target"};
inline constexpr fault_kind too_many_columns{
    "io.too_many_columns", "a link has a source, a target, a weight and a type, and no more"};
inline constexpr fault_kind bad_quote{
    "io.bad_quote",
    "a quoted column ends with a quote, before the next comma; a quote in it is doubled"};
inline constexpr fault_kind not_a_number{
    "io.not_a_number", "the third column is the link's weight, a number"};
inline constexpr fault_kind not_an_id{
    "io.not_an_id", "nodes of this file are numbers, as its first link's are; if these are names, "
                    "say so to the reader"};
inline constexpr fault_kind id_out_of_range{
    "io.id_out_of_range",
    "a node's number lies below most_nodes, since every number up to the highest "
    "is a node; where they are sparse, read them as names"};
inline constexpr fault_kind too_many_nodes{
    "io.too_many_nodes", "the file has more nodes than most_nodes allows"};
inline constexpr fault_kind bad_weight{
    "io.bad_weight", "a weight lies in [2.58e-56, 3.88e55], a logarithm in [-128, 128)"};

inline constexpr fault_kind bad_header{
    "io.bad_header",
    "this is no Matrix Market file of a kind that holds a graph: matrix, coordinate, "
    "real, integer or pattern, general or symmetric"};
inline constexpr fault_kind bad_size{
    "io.bad_size", "after the head of a matrix stands its size: rows, columns, entries"};
inline constexpr fault_kind not_square{
    "io.not_square", "a graph's matrix has as many rows as columns"};
inline constexpr fault_kind bad_entry{
    "io.bad_entry", "an entry is a row, a column and, unless the matrix is a pattern, a number"};
inline constexpr fault_kind bad_index{
    "io.bad_index", "rows and columns are counted from 1 to the size of the matrix"};
inline constexpr fault_kind wrong_count{
    "io.wrong_count", "the file has another number of entries than its head says"};

} // namespace runnel::io::faults
