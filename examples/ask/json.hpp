// SPDX-License-Identifier: MIT
// Answers for programs: one object per question. Shares are given in quanta, 2^-40 of a unit, so that they sum exactly.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include <runnel/credit.hpp>
#include <runnel/io/json.hpp>

#include "asker.hpp"
#include "show.hpp"
#include "web.hpp"

namespace ask {

namespace detail {

using object = runnel::io::json_object;

inline void name(object& to, web const& of, runnel::node_id node) {
    to.field("node", node);
    if (of.is_note(node)) {
        auto const& note = of.notes[runnel::index(node)];
        to.field("note", note.id).field("title", note.title);
    } else {
        to.field("phrase", of.phrases.all()[runnel::index(node) - of.notes.size()].text);
    }
}
inline void origin(
    object& to, web const& of, runnel::credit::origin const& from, std::size_t most) {
    to.field("received", runnel::credit::in_units(from.total())).field("quanta", from.total());
    to.list("seeds", from.seeds(), [&](object& one, runnel::credit::seed_claim const& s) {
        name(one, of, s.node);
        one.field("quanta", s.amount);
    });
    auto const ways = ways_to(from, most);
    to.list("paths", ways.paths, [&](object& one, runnel::credit::path const& way) {
        one.field("quanta", way.amount);
        one.list("nodes", way.nodes, [&](object& node, runnel::node_id n) { name(node, of, n); });
        one.values("links", way.links);
    });
    to.field("rest", ways.rest);
}

} // namespace detail

template <class Why>
std::string as_json(
    web const& of, std::string_view question, answer const& found, method how, Why&& why) {
    using detail::object;
    std::string text;
    {
        object all{text};
        all.field("question", question);
        if (how != method::stride)
            all.list("bm25", found.plain, [&](object& one, bm25::hit const& h) {
                detail::name(one, of, of.node_of_note(h.note));
                one.field("score", h.score);
            });
        if (how != method::bm25) {
            all.list("given", found.seeds, [&](object& one, seed const& s) {
                detail::name(one, of, s.node);
                one.field("amount", s.amount);
            });
            all.list("stride", found.found, [&](object& one, hit const& h) {
                detail::name(one, of, of.node_of_note(h.note));
                detail::origin(one, of, why(h.note), 3);
            });
            all.field("links_scored", found.links_scored);
        }
    }
    return text + "\n";
}

inline std::string as_json(
    web const& of, std::string_view question, std::size_t note,
    runnel::credit::origin const& from) {
    std::string text;
    {
        detail::object all{text};
        all.field("question", question);
        detail::name(all, of, of.node_of_note(note));
        all.field("text", of.notes[note].text);
        detail::origin(all, of, from, 20);
    }
    return text + "\n";
}

} // namespace ask
