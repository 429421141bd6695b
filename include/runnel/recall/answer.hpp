// SPDX-License-Identifier: MIT
// room: recall. What a memory is told with an entry, what it is asked, and what it answers.
//
// Why:  plain values with names, so that a call reads as a sentence.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include <runnel/recall/diverse.hpp>
#include <runnel/recall/hit.hpp>

namespace runnel::recall {

/// What is known of an entry when it comes.
struct details {
    std::uint16_t of_class = 0;
    std::optional<double> quality{}; ///< judged by the gate where it is given
};

/// What is asked for.
struct wish {
    std::size_t k = 10;
    std::size_t effort = 0; ///< of a walk; 0: what the index was made with
    /// A number for the filter given with it, so that answers may be kept: same number, same filter. 0: they are not.
    std::uint64_t filter = 0;
};

/// What was found, best first, and how.
template <class Hit> struct basic_answer {
    std::vector<Hit> hits;
    search_info info;

    [[nodiscard]] auto begin() const noexcept { return hits.begin(); }
    [[nodiscard]] auto end() const noexcept { return hits.end(); }
    [[nodiscard]] std::size_t size() const noexcept { return hits.size(); }
    [[nodiscard]] bool empty() const noexcept { return hits.empty(); }
    [[nodiscard]] Hit const& operator[](std::size_t i) const noexcept { return hits[i]; }
    [[nodiscard]] Hit const& front() const noexcept { return hits.front(); }
    friend bool operator==(basic_answer const&, basic_answer const&) = default;
};
using answer = basic_answer<hit>;

/// A pick, and how similar it is to the query.
struct diverse_hit : diverse_pick {
    float similarity = 0;
};
struct diverse_answer : basic_answer<diverse_hit> {
    recall::fell_short fell_short = recall::fell_short::no;
};

} // namespace runnel::recall
