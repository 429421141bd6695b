// SPDX-License-Identifier: MIT
// A list of links as the library's graph. (The lists themselves share nothing with it.)
#pragma once

#include <utility>

#include <runnel/graph.hpp>

#include "support/graphs.hpp"

namespace bench {

inline runnel::graph::built built_of(link_list const& list) {
    runnel::graph::builder b;
    b.nodes(list.nodes);
    for (link const& l : list.links)
        b.link({runnel::node_id{l.from}, runnel::node_id{l.to}, l.weight});
    return std::move(b).build().value();
}

} // namespace bench
