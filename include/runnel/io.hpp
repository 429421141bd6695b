// SPDX-License-Identifier: MIT
// room: io. Door: graphs out of files, events into them.
//
// Why:  somebody else's links come in and what happened goes out as text that any program reads. The one room that
//       opens files.
#pragma once

#include <runnel/io/closest.hpp>
#include <runnel/io/edge_list.hpp>
#include <runnel/io/faults.hpp>
#include <runnel/io/json.hpp>
#include <runnel/io/json_lines.hpp>
#include <runnel/io/matrix_market.hpp>
#include <runnel/io/read.hpp>
#include <runnel/io/settings.hpp>
#include <runnel/io/source.hpp>
#include <runnel/io/weights.hpp>
