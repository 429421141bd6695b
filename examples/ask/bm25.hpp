// SPDX-License-Identifier: MIT
// Plain search: BM25 over all words of title and text. What diffusion is compared with, and half of its seeds.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "text.hpp"

namespace ask {

class bm25 {
public:
    /// `notes`: each the terms of a note, in order.
    bm25(std::vector<std::vector<term>> const& notes, std::size_t terms)
        : held_by_(terms), length_(notes.size()) {
        std::vector<std::uint32_t> seen(terms, 0);
        double all = 0;
        for (std::size_t n = 0; n < notes.size(); ++n) {
            for (term const t : notes[n]) ++seen[t];
            for (term const t : notes[n])
                if (seen[t] != 0) {
                    held_by_[t].push_back({static_cast<std::uint32_t>(n), seen[t]});
                    seen[t] = 0;
                }
            length_[n] = static_cast<double>(notes[n].size());
            all += length_[n];
        }
        mean_ = notes.empty() ? 1 : all / static_cast<double>(notes.size());
    }

    struct hit {
        std::uint32_t note;
        double score;
    };
    /// The best `most` notes that share a word with the question; ties by note.
    [[nodiscard]] std::vector<hit> operator()(std::vector<term> question, std::size_t most) const {
        std::sort(question.begin(), question.end());
        question.erase(std::unique(question.begin(), question.end()), question.end());
        std::vector<double> score(length_.size());
        std::vector<hit> found;
        for (term const t : question) {
            if (t == no_term) continue;
            double const rare = rarity(t);
            for (occurrence const& o : held_by_[t]) {
                double const n = o.times;
                if (score[o.note] == 0) found.push_back({o.note, 0});
                score[o.note] +=
                    rare * n * (k1 + 1) / (n + k1 * (1 - b + b * length_[o.note] / mean_));
            }
        }
        for (hit& h : found) h.score = score[h.note];
        auto const before = [](hit const& x, hit const& y) {
            return x.score != y.score ? x.score > y.score : x.note < y.note;
        };
        most = std::min(most, found.size());
        std::partial_sort(
            found.begin(), found.begin() + static_cast<std::ptrdiff_t>(most), found.end(), before);
        found.resize(most);
        return found;
    }
    /// In how many notes a term occurs.
    [[nodiscard]] std::size_t notes_with(term t) const noexcept { return held_by_[t].size(); }
    struct occurrence {
        std::uint32_t note;
        std::uint32_t times;
    };
    [[nodiscard]] std::vector<occurrence> const& occurrences(term t) const noexcept {
        return held_by_[t];
    }
    [[nodiscard]] std::size_t terms() const noexcept { return held_by_.size(); }
    [[nodiscard]] std::size_t notes() const noexcept { return length_.size(); }

private:
    static constexpr double k1 = 1.2;
    static constexpr double b = .75;
    [[nodiscard]] double rarity(term t) const noexcept {
        auto const n = static_cast<double>(length_.size());
        auto const with = static_cast<double>(held_by_[t].size());
        return std::log(1 + (n - with + .5) / (with + .5));
    }

    std::vector<std::vector<occurrence>> held_by_;
    std::vector<double> length_;
    double mean_ = 1;
};

} // namespace ask
