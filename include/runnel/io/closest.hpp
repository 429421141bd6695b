// SPDX-License-Identifier: MIT
// room: io. The name that was probably meant.
//
// Why:  whoever mistypes a setting, an option or a node is helped by the name next to it, and by nothing else.
// Laws: letters added, left out, changed or swapped with their neighbour count one each, capitals nothing. A name more
//       than a third of the letters away is not offered, unless what was given is how it begins. Of equally close names
//       the first offered counts.
// Cost: O(letters of both) memory, their product in time, per name.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace runnel::io {

/// `closest c{"tikcs"}; for (auto name : names) c.offer(name); c.found()` is "ticks".
class closest {
public:
    explicit closest(std::string_view given)
        : given_(given), best_(given.size() < 3 ? 2 : given.size() / 3 + 2) {}

    void offer(std::string_view name) {
        std::size_t const away = distance(name);
        if (away >= best_) return;
        best_ = away;
        found_ = name;
    }
    /// Empty: nothing that was offered is close.
    [[nodiscard]] std::string const& found() const noexcept { return found_; }

private:
    [[nodiscard]] static char small(char c) noexcept {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    }
    [[nodiscard]] bool begins(std::string_view name) const noexcept {
        if (given_.size() < 3 || given_.size() > name.size()) return false;
        for (std::size_t i = 0; i < given_.size(); ++i)
            if (small(given_[i]) != small(name[i])) return false;
        return true;
    }
    [[nodiscard]] std::size_t distance(std::string_view name) {
        std::size_t const a = given_.size();
        std::size_t const b = name.size();
        if ((a > b ? a - b : b - a) >= best_) {
            // Far by its letters; how a long name begins is still the best guess if there is no other.
            return found_.empty() && begins(name) ? best_ - 1 : best_;
        }
        for (auto& row : rows_) row.assign(b + 1, 0);
        for (std::size_t j = 0; j <= b; ++j) rows_[0][j] = j;
        for (std::size_t i = 1; i <= a; ++i) {
            auto const& above = rows_[(i - 1) % 3];
            auto& row = rows_[i % 3];
            row[0] = i;
            for (std::size_t j = 1; j <= b; ++j) {
                bool const same = small(given_[i - 1]) == small(name[j - 1]);
                std::size_t least = above[j - 1] + (same ? 0 : 1);
                if (above[j] + 1 < least) least = above[j] + 1;
                if (row[j - 1] + 1 < least) least = row[j - 1] + 1;
                if (i > 1 && j > 1 && small(given_[i - 1]) == small(name[j - 2])
                    && small(given_[i - 2]) == small(name[j - 1])
                    && rows_[(i - 2) % 3][j - 2] + 1 < least)
                    least = rows_[(i - 2) % 3][j - 2] + 1;
                row[j] = least;
            }
        }
        return rows_[a % 3][b];
    }

    std::string given_;
    std::string found_;
    std::size_t best_; // closer than this counts
    std::vector<std::size_t> rows_[3];
};

} // namespace runnel::io
