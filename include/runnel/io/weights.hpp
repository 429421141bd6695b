// SPDX-License-Identifier: MIT
// room: io. What a line of a file says of a link.
//
// Why:  lists of links and matrices ask the same questions: is the figure a weight or its logarithm, and is a line one
//       link or two? What they ask alike is checked alike.
#pragma once

#include <cstdint>
#include <string_view>

#include <runnel/core/ids.hpp>
#include <runnel/core/log_weight.hpp>
#include <runnel/core/result.hpp>
#include <runnel/io/detail/numbers.hpp>
#include <runnel/io/faults.hpp>

namespace runnel::io {

/// What the figure of a link means.
enum class weights : std::uint8_t {
    linear, ///< a weight above 0
    logs,   ///< the logarithm of one
    ignored ///< nothing, whatever stands there: all links weigh 1
};
/// What a line is.
enum class links : std::uint8_t {
    as_written, ///< one link, from source to target
    both_ways   ///< that and its reverse, with the same weight; a self loop is one link
};

/// What the first two columns mean.
enum class nodes : std::uint8_t {
    by_first_link, ///< numbers where both of the first link are
    numbers,
    names
};

/// Node numbers a reader believes without being told; a typing error shall not cost gigabytes.
inline constexpr std::uint32_t usual_most_nodes = 1U << 27;

namespace detail {
/// The settings of any reader of links; what a reader does not have is not asked for.
template <class Config> [[nodiscard]] constexpr status check_of_links(Config const& how) noexcept {
    auto const bad = [](std::string_view sentence, std::uint64_t offender) {
        return fault{fault_kind{faults::bad_setting.code, sentence}, offender};
    };
    if (how.weights > weights::ignored)
        return bad("io.weights is none of its names", static_cast<unsigned>(how.weights));
    if constexpr (requires { how.nodes; })
        if (how.nodes > nodes::names)
            return bad("io.nodes is none of its names", static_cast<unsigned>(how.nodes));
    if (how.links > links::both_ways)
        return bad("io.links is none of its names", static_cast<unsigned>(how.links));
    if (how.most_nodes > max_nodes)
        return bad("io.most_nodes is at most 4294967294", how.most_nodes);
    return {};
}

/// The fault has no place yet.
[[nodiscard]] inline result<log_weight> weight_of(std::string_view text, weights mean) {
    if (mean == weights::ignored) return log_weight{};
    double number = 0;
    if (!read_decimal(text, number)) return fault{faults::not_a_number};
    auto const lw =
        mean == weights::logs ? log_weight::from_log(number) : log_weight::from_weight(number);
    if (!lw) return fault{faults::bad_weight};
    return lw;
}
} // namespace detail

} // namespace runnel::io
