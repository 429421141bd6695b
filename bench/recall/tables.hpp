// SPDX-License-Identifier: MIT
// The tables of bench_recall, a file each.
#pragma once

#include <string>
#include <vector>

#include "support/harness.hpp"

namespace bench {

void table_scan(suite& out);
void table_walk(suite& out);
void table_churn(suite& out);
void table_copies(suite& out);
void table_filter(suite& out);
void table_sizes(suite& out);
void table_latency(suite& out);
void table_bytes(suite& out);
void table_episodes(suite& out);

/// Files of somebody else's vectors: see drive.cpp. Throws `refused`.
void drive(suite& out, std::vector<std::string> const& words);

/// What is wrong with what the program was told, in a line.
struct refused {
    std::string what;
};

} // namespace bench
