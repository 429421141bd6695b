// SPDX-License-Identifier: MIT
// A memory that may not grow: what helped stays, what misled goes first, what is pinned goes never.
#include <array>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include <fmt/core.h>

#include <runnel/recall.hpp>

namespace recall = runnel::recall;

/// A line of a lighthouse keeper's log, and perhaps a photograph.
struct line {
    std::uint32_t day = 0;
    std::vector<char> photo{};
    [[nodiscard]] std::size_t bytes() const { return photo.capacity(); } // which it holds elsewhere
};

int main() {
    auto const weather = [](std::uint32_t day) { // as sixteen readings
        std::array<float, 16> out{};
        for (float& x : out) x = static_cast<float>(day = day * 747796405U + 12345U) / 0x1p31F - 1;
        return out;
    };
    recall::memory_config const small{.dimension = 16, .budget = {.limit = 256 * 1024}};
    auto log = recall::make_memory<line>(small).value();
    std::vector<recall::entry_id> days;
    bool within = true;
    for (std::uint32_t day = 0; day < 4000; ++day) {
        days.push_back(log.add(weather(day), {.day = day}).value());
        if (day == 1) log.pin(days[1]).value(); // where the spare key hangs
        // On some days a forecast made from this line came true three times, on some it misled.
        for (int i = 0; i < 3; ++i) {
            if (day % 20 == 0) log.tell(days[day], 1).value();
            if (day % 20 == 10) log.tell(days[day], 0).value();
        }
        within = within && log.bytes() <= small.budget.limit;
    }

    double kept[20] = {};
    log.each([&](recall::entry_id, line const& l) { kept[l.day % 20] += 1. / 20; });
    fmt::print("of ten lines that came true {:2.0f} stay\n", kept[0]);
    fmt::print("of ten of the rest          {:2.0f}\n", kept[5]);
    fmt::print("of ten that misled          {:2.0f}\n", kept[10]);
    fmt::print("the pinned one: {}\n", log.holds(days[1]) ? "there" : "gone");
    auto const counts = log.counts();
    fmt::print("{} added, some {} thousand evicted", counts.adds, (counts.evictions + 500) / 1000);
    fmt::print(", all others there: {}\n", log.size() + counts.evictions == counts.adds);
    fmt::print("never above the limit: {}\n", within);

    line wreck{.day = 4000, .photo = std::vector<char>(1024 * 1024)};
    auto const before = log.size();
    auto const refused = log.add(weather(4000), std::move(wreck));
    fmt::print("{}, nothing went for it: {}\n", refused.error().code(), log.size() == before);
}
