// SPDX-License-Identifier: MIT
// Phrases: titles, names and spans that several notes share. They are the joints of the web.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include <runnel/core/reflect.hpp>

#include "corpus.hpp"
#include "text.hpp"

namespace ask {

/// Which spans become phrases.
struct phrase_settings {
    std::uint32_t least_notes = 2; ///< in fewer notes a phrase joins nothing
    double most_share = .1;        ///< in a larger share of all notes it says nothing,
    std::uint32_t few = 8;         ///< unless it is in so few, or fewer
    std::uint32_t longest = 8;     ///< words of a span that is no title
    std::uint32_t repeated = 0;    ///< also spans of small letters, up to so many words; 0: none

    friend bool operator==(phrase_settings const&, phrase_settings const&) = default;
    template <class Self, class F> static constexpr void visit(Self& self, F&& f) {
        static_assert(runnel::arity<phrase_settings>() == 5);
        f("least_notes", self.least_notes);
        f("most_share", self.most_share);
        f("few", self.few);
        f("longest", self.longest);
        f("repeated", self.repeated);
    }
};

struct phrase {
    std::vector<term> words;
    std::string text;                 ///< as it first stands in the notes
    std::vector<std::uint32_t> notes; ///< in which it occurs, ascending
};

class phrases {
public:
    /// `words`, `titles`: of each note, as words and as terms.
    struct texts {
        std::vector<note> const& notes;
        std::vector<std::vector<word>> titles;
        std::vector<std::vector<word>> bodies;
    };
    phrases(texts const& of, vocabulary const& known, phrase_settings const& how) {
        for (std::size_t n = 0; n < of.notes.size(); ++n) {
            propose_title(of.notes[n].title, of.titles[n], known);
            propose_names({of.notes[n].text, of.bodies[n]}, known, how);
            if (how.repeated != 0) propose_repeated({of.notes[n].text, of.bodies[n]}, known, how);
        }
        find_notes(of, known);
        keep(how, of.notes.size());
    }

    [[nodiscard]] std::vector<phrase> const& all() const noexcept { return kept_; }

    /// Calls f(phrase number, words of it) for the longest phrases of a text, one after another.
    template <class F> void longest_in(std::vector<term> const& text, F&& f) const {
        for (std::size_t at = 0; at < text.size();) {
            std::uint32_t longest = none;
            std::size_t words = 1;
            each_at(text, at, [&](std::uint32_t phrase, std::size_t length) {
                longest = phrase;
                words = length;
            });
            if (longest != none) f(longest, words);
            at += words;
        }
    }
    /// Calls f(phrase number) for every phrase that stands in this one.
    template <class F> void within(std::size_t of, F&& f) const {
        auto const& words = kept_[of].words;
        for (std::size_t at = 0; at < words.size(); ++at)
            each_at(words, at, [&](std::uint32_t inner, std::size_t) {
                if (inner != of) f(inner);
            });
    }

private:
    static constexpr std::uint32_t none = ~std::uint32_t{0};
    static constexpr std::uint32_t root = 0;

    struct body {
        std::string const& text;
        std::vector<word> const& words;
    };

    void propose_title(
        std::string_view title, std::vector<word> const& words, vocabulary const& known) {
        // "Mercury (element)" is mentioned as Mercury.
        std::size_t const aside = title.find(" (");
        std::size_t last = words.size();
        while (aside != std::string_view::npos && last > 0 && words[last - 1].begin > aside) --last;
        propose({title, words, 0, last}, known);
    }
    /// Runs of capitalised words; small words may stand between ("Duke of Wellington").
    void propose_names(body const& in, vocabulary const& known, phrase_settings const& how) {
        auto const& w = in.words;
        for (std::size_t first = 0; first < w.size();) {
            if (!w[first].capital) {
                ++first;
                continue;
            }
            std::size_t last = first;
            while (w[last].joins_next && last + 1 < w.size()) {
                if (w[last + 1].capital)
                    ++last;
                else if (
                    last + 2 < w.size() && joins_names(w[last + 1].lower) && w[last + 1].joins_next
                    && w[last + 2].capital)
                    last += 2;
                else
                    break;
            }
            std::size_t begin = first;
            while (begin < last && is_small(w[begin].lower)) ++begin;
            first = last + 1;
            std::size_t const length = first - begin;
            if (length > how.longest) continue;
            // One word at the beginning of a sentence has its capital from there.
            if (length == 1
                && (w[begin].opens || is_small(w[begin].lower)
                    || w[begin].end - w[begin].begin < 3))
                continue;
            propose({in.text, w, begin, first}, known);
        }
    }
    /// Spans that neither begin nor end with a small word; those that occur once go when phrases are chosen.
    void propose_repeated(body const& in, vocabulary const& known, phrase_settings const& how) {
        auto const& w = in.words;
        for (std::size_t begin = 0; begin < w.size(); ++begin) {
            if (is_small(w[begin].lower)) continue;
            for (std::size_t end = begin + 1; end <= w.size() && end - begin <= how.repeated;
                 ++end) {
                if (end - begin > 1 && !is_small(w[end - 1].lower))
                    propose({in.text, w, begin, end}, known);
                if (!w[end - 1].joins_next) break;
            }
        }
    }

    struct span {
        std::string_view text;
        std::vector<word> const& words;
        std::size_t begin;
        std::size_t end;
    };
    void propose(span const& of, vocabulary const& known) {
        if (of.begin >= of.end) return;
        std::uint32_t state = root;
        phrase one;
        for (std::size_t i = of.begin; i < of.end; ++i) {
            one.words.push_back(known.of(of.words[i].lower));
            auto const [next, made] = steps_.try_emplace(key(state, one.words.back()), states_ + 1);
            if (made) ++states_;
            state = next->second;
        }
        if (!ends_.try_emplace(state, static_cast<std::uint32_t>(kept_.size())).second) return;
        std::size_t const from = of.words[of.begin].begin;
        one.text = of.text.substr(from, of.words[of.end - 1].end - from);
        kept_.push_back(std::move(one));
    }

    void find_notes(texts const& of, vocabulary const& known) {
        for (std::uint32_t n = 0; n < of.notes.size(); ++n)
            for (auto const* words : {&of.titles[n], &of.bodies[n]}) {
                std::vector<term> terms;
                for (word const& w : *words) terms.push_back(known.of(w.lower));
                for (std::size_t at = 0; at < terms.size(); ++at)
                    each_at(terms, at, [&](std::uint32_t found, std::size_t) {
                        auto& notes = kept_[found].notes;
                        if (notes.empty() || notes.back() != n) notes.push_back(n);
                    });
            }
    }
    /// Those that join, in the order of their letters.
    void keep(phrase_settings const& how, std::size_t notes) {
        double const most =
            std::max(how.most_share * static_cast<double>(notes), static_cast<double>(how.few));
        auto const goes = [&](phrase const& p) {
            return p.notes.size() < how.least_notes || static_cast<double>(p.notes.size()) > most;
        };
        std::vector<std::uint32_t> order;
        for (std::uint32_t p = 0; p < kept_.size(); ++p)
            if (!goes(kept_[p])) order.push_back(p);
        std::sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
            return kept_[a].text != kept_[b].text ? kept_[a].text < kept_[b].text
                                                  : kept_[a].words < kept_[b].words;
        });
        std::vector<std::uint32_t> place(kept_.size(), none);
        std::vector<phrase> chosen;
        for (std::uint32_t const p : order) {
            place[p] = static_cast<std::uint32_t>(chosen.size());
            chosen.push_back(std::move(kept_[p]));
        }
        for (auto end = ends_.begin(); end != ends_.end();)
            if (place[end->second] == none) {
                end = ends_.erase(end);
            } else {
                end->second = place[end->second];
                ++end;
            }
        kept_ = std::move(chosen);
    }

    /// Calls f(phrase, words) for every phrase that begins here, the shortest first.
    template <class F> void each_at(std::vector<term> const& text, std::size_t at, F&& f) const {
        std::uint32_t state = root;
        for (std::size_t i = at; i < text.size() && text[i] != no_term; ++i) {
            auto const next = steps_.find(key(state, text[i]));
            if (next == steps_.end()) return;
            state = next->second;
            if (auto const end = ends_.find(state); end != ends_.end()) f(end->second, i + 1 - at);
        }
    }
    [[nodiscard]] static std::uint64_t key(std::uint32_t state, term next) noexcept {
        return std::uint64_t{state} << 32 | next;
    }
    [[nodiscard]] static bool joins_names(std::string const& lower) {
        static std::unordered_set<std::string> const words{"of", "the", "de",  "la",  "and",
                                                           "in", "on",  "for", "von", "van",
                                                           "du", "le",  "di",  "da"};
        return words.count(lower) != 0;
    }
    /// Words that carry no meaning of their own.
    [[nodiscard]] static bool is_small(std::string const& lower) {
        static std::unordered_set<std::string> const words{
            "a",       "after", "also",   "although", "an",   "and",   "are",   "as",      "at",
            "be",      "been",  "before", "between",  "both", "but",   "by",    "despite", "during",
            "for",     "from",  "had",    "has",      "have", "he",    "her",   "his",     "how",
            "however", "i",     "if",     "in",       "into", "is",    "it",    "its",     "may",
            "no",      "not",   "of",     "on",       "or",   "other", "she",   "since",   "some",
            "such",    "that",  "the",    "their",    "then", "there", "these", "they",    "this",
            "to",      "under", "was",    "were",     "what", "when",  "where", "which",   "while",
            "who",     "whom",  "whose",  "with"};
        return words.count(lower) != 0;
    }

    // A tree of words: from a state, by a word, to a state; where a phrase ends, its number.
    std::unordered_map<std::uint64_t, std::uint32_t> steps_;
    std::unordered_map<std::uint32_t, std::uint32_t> ends_;
    std::uint32_t states_ = 0;
    std::vector<phrase> kept_;
};

} // namespace ask
