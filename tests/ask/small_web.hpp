// SPDX-License-Identifier: MIT
// A handful of notes, and what is asked of them.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "asker.hpp"
#include "web.hpp"

namespace small {

inline std::vector<ask::note> notes() {
    return {
        {"a", "Ada Lovelace",
         "She wrote notes on the Analytical Engine. Her father was Lord Byron."},
        {"b", "Analytical Engine", "Charles Babbage wanted to drive it by punched cards."},
        {"c", "Lord Byron", "The poet died in Greece, far from his daughter Ada Lovelace."},
        {"d", "Jacquard loom",
         "It wove silk after punched cards; Charles Babbage owned a portrait made on one."},
        {"e", "Charles Babbage", "He disliked street music and planned the Analytical Engine."},
        {"f", "Greece", "Olives and marble. Lord Byron lies elsewhere."},
        {"g", "Turnip", "A root."}};
}
inline ask::web woven(std::vector<ask::note> of, ask::settings const& how = {}) {
    return ask::weave(ask::in_order(std::move(of), "test"), how, [](std::string_view) {});
}

} // namespace small
