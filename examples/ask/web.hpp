// SPDX-License-Identifier: MIT
// The memory: a graph of notes and of the phrases they share.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <unordered_set>
#include <utility>
#include <vector>

#include <runnel/graph.hpp>

#include "bm25.hpp"
#include "corpus.hpp"
#include "lsa.hpp"
#include "phrases.hpp"
#include "settings.hpp"
#include "text.hpp"

namespace ask {

/// Notes are its first nodes, in the order of their ids; phrases are the others.
struct web {
    std::vector<note> notes;
    vocabulary words;
    bm25 plain;
    lsa meaning;
    ask::phrases phrases;
    runnel::graph::built memory;
    std::unordered_multiset<std::string> titles{};

    [[nodiscard]] runnel::node_id node_of_note(std::size_t n) const noexcept {
        return runnel::node_id{static_cast<std::uint32_t>(n)};
    }
    [[nodiscard]] runnel::node_id node_of_phrase(std::size_t p) const noexcept {
        return runnel::node_id{static_cast<std::uint32_t>(notes.size() + p)};
    }
    [[nodiscard]] bool is_note(runnel::node_id node) const noexcept {
        return runnel::index(node) < notes.size();
    }
    /// A note by its title, and by its id where another has that title too or it has none; a phrase in quotation marks.
    [[nodiscard]] std::string name(runnel::node_id node) const {
        if (is_note(node)) return title(runnel::index(node));
        return '"' + command::visible(phrases.all()[runnel::index(node) - notes.size()].text) + '"';
    }
    [[nodiscard]] std::string title(std::size_t n) const {
        note const& one = notes[n];
        if (one.title.empty()) return command::visible(one.id);
        if (titles.count(one.title) == 1) return command::visible(one.title);
        return command::visible(one.title + " (" + one.id + ")");
    }
};

namespace detail {

inline std::vector<float> mean_of(
    std::vector<std::vector<float>> const& vectors, std::vector<std::uint32_t> const& which,
    std::size_t dimension) {
    std::vector<float> sum(dimension, 0.F);
    for (std::uint32_t const n : which)
        for (std::size_t d = 0; d < dimension; ++d) sum[d] += vectors[n][d];
    return sum;
}

inline runnel::graph::built join(
    std::vector<note> const& notes, phrases const& joints,
    std::vector<std::vector<float>> const& meanings, settings const& how) {
    runnel::graph::builder b;
    auto const note_type = b.declare_node_type("note");
    auto const phrase_type = b.declare_node_type("phrase");
    auto const mentions = b.declare_link_type("mentions");
    auto const stands_in = b.declare_link_type("stands_in");
    std::size_t const dimension = meanings.front().size();
    for (std::size_t n = 0; n < notes.size(); ++n) b.embedding(b.node(note_type), meanings[n]);
    for (phrase const& p : joints.all())
        b.embedding(b.node(phrase_type), mean_of(meanings, p.notes, dimension));
    auto const node = [](std::size_t i) { return runnel::node_id{static_cast<std::uint32_t>(i)}; };
    for (std::size_t p = 0; p < joints.all().size(); ++p) {
        auto const& in = joints.all()[p].notes;
        auto const joint = node(notes.size() + p);
        for (std::uint32_t const n : in) {
            b.link({joint, node(n), 1, stands_in});
            b.link({node(n), joint, 1 / static_cast<double>(in.size()), mentions});
        }
        if (how.phrase_links > 0)
            joints.within(p, [&](std::size_t inner) {
                auto const part = node(notes.size() + inner);
                b.link({joint, part, how.phrase_links}).link({part, joint, how.phrase_links});
            });
    }
    return std::move(b).build().value();
}

} // namespace detail

/// Calls told(what) before each step.
template <class Told> web weave(std::vector<note> notes, settings const& how, Told&& told) {
    told("reading words");
    vocabulary words;
    phrases::texts texts{notes, {}, {}};
    std::vector<std::vector<term>> terms(notes.size());
    for (std::size_t n = 0; n < notes.size(); ++n) {
        texts.titles.push_back(words_of(notes[n].title));
        texts.bodies.push_back(words_of(notes[n].text));
        for (auto const* of : {&texts.titles[n], &texts.bodies[n]})
            for (word const& w : *of) terms[n].push_back(words.add(w.lower));
    }
    if (words.size() == 0) throw command::failure("there is no word in any of the notes");
    told("finding phrases");
    phrases joints{texts, words, how.phrases};
    told("decomposing");
    bm25 plain{terms, words.size()};
    lsa meaning{plain, how.dimension};
    told("joining");
    std::vector<std::vector<float>> meanings;
    for (auto const& of : terms) meanings.push_back(meaning(of));
    auto memory = detail::join(notes, joints, meanings, how);
    std::unordered_multiset<std::string> titles;
    for (note const& n : notes) titles.insert(n.title);
    return {std::move(notes),  std::move(words),  std::move(plain), std::move(meaning),
            std::move(joints), std::move(memory), std::move(titles)};
}

} // namespace ask
