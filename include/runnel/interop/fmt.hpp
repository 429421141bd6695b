// SPDX-License-Identifier: MIT
// room: interop. Prints ids, energies, log-weights and faults with fmt.
//
// Why:  the library prints nothing; whoever does should not have to cast an id first.
// Laws: an id prints as its number, an energy and a log-weight as the shortest decimal that reads back
//       to the same double, a fault as its one line.
#pragma once

#include <string_view>
#include <type_traits>

#include <fmt/format.h>

#include <runnel/core/energy.hpp>
#include <runnel/core/ids.hpp>
#include <runnel/core/log_weight.hpp>
#include <runnel/core/result.hpp>

namespace runnel::interop {

template <class Id>
concept printable_id =
    std::is_same_v<Id, node_id> || std::is_same_v<Id, link_id> || std::is_same_v<Id, row_place>;

} // namespace runnel::interop

template <runnel::interop::printable_id Id>
struct fmt::formatter<Id> : fmt::formatter<std::size_t> {
    template <class Context> auto format(Id id, Context& context) const {
        return fmt::formatter<std::size_t>::format(runnel::index(id), context);
    }
};

template <> struct fmt::formatter<runnel::energy> : fmt::formatter<double> {
    template <class Context> auto format(runnel::energy e, Context& context) const {
        return fmt::formatter<double>::format(e.units(), context);
    }
};

template <> struct fmt::formatter<runnel::log_weight> : fmt::formatter<double> {
    template <class Context> auto format(runnel::log_weight lw, Context& context) const {
        return fmt::formatter<double>::format(lw.log(), context);
    }
};

template <> struct fmt::formatter<runnel::fault> : fmt::formatter<std::string_view> {
    template <class Context> auto format(runnel::fault const& what, Context& context) const {
        return fmt::formatter<std::string_view>::format(what.text().view(), context);
    }
};
