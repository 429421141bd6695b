// SPDX-License-Identifier: MIT
// room: graph. What a row keeps of one link.
//
// Why:  8 bytes a link is what a scan reads; type, name and source of a link are known from where it stands.
#pragma once

#include <runnel/core/ids.hpp>
#include <runnel/core/log_weight.hpp>

namespace runnel {

/// A link's target and its log-weight as it was written, and higher by what had gone before.
struct row_entry {
    node_id target{};
    log_weight lw{};
};
static_assert(sizeof(row_entry) == 8);

} // namespace runnel
