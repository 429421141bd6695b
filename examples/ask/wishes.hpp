// SPDX-License-Identifier: MIT
// The command line: what can be wished for, and whether it makes sense.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "../command/output.hpp"
#include "../command/run.hpp"
#include "../command/settings.hpp"
#include "settings.hpp"
#include "show.hpp"

namespace ask {

struct wishes {
    std::string folder;
    std::string corpus;
    std::string bench;
    std::string rankings;
    std::string why;
    std::string events;
    method how = method::both;
    std::uint32_t top = 5;
    std::vector<std::string> set;
    bool learn = false;
    bool json = false;
    bool show_settings = false;
    std::optional<std::string> question;
    command::shared_options shared;
    all_settings settings{};
};

inline command::options declared(wishes& all) {
    command::options o{
        "ask", "[options] [\"question\"]",
        "Notes become a graph, a question becomes energy, and what lights up comes back with the "
        "ways the energy took. "
        "Without a question it reads them line by line; at a terminal, or where there are none, it "
        "shows two."};
    o.positional({"question", "what you want to know"}, all.question);
    o.group("notes");
    o.value(
        {"dir", "FOLDER", "text files (.txt, .md, .org) of a folder and the folders in it"},
        all.folder);
    o.value(
        {"corpus", "FILE",
         "a note a line: id, title and text between tabs (default: the built-in notes)"},
        all.corpus);
    o.group("answers");
    o.choice(
        {"method", "", "plain search, diffusion, or both side by side (default)"}, all.how,
        {{"both", method::both}, {"stride", method::stride}, {"bm25", method::bm25}}, {"pagerank"});
    o.value({"top", "K", "so many notes (default 5)"}, all.top);
    o.value(
        {"why", "NOTE",
         "instead of an answer, all that is known of why this note (id or title) came up"},
        all.why);
    o.flag({"json", "", "one object per question"}, all.json);
    o.value({"events", "FILE", "what happened, stride by stride, as JSON Lines"}, all.events);
    o.flag(
        {"learn", "",
         "after an answer, `yes 1` and `no 2` teach the links what was right; `reset` takes all of "
         "it back"},
        all.learn);
    o.group("measuring");
    o.value(
        {"bench", "FILE",
         "questions with known answers: id, kind, question, answer and ids of notes between tabs"},
        all.bench);
    o.value(
        {"rankings", "FILE", "of --bench, the first ten notes of each question and method"},
        all.rankings);
    o.group("settings");
    o.value(
        {"set", "KEY=VALUE",
         "any setting of the engine (threshold=.005), of costs (cost.goal=4), or of this program "
         "(ask.seeds.plain=3); repeatable"},
        all.set);
    o.flag(
        {"show-settings", "", "print all settings as --set takes them, and end"},
        all.show_settings);
    command::add_shared(o, all.shared);
    for (char const* name : {"save", "load", "replay"}) o.later({name, "FILE", ""});
    o.note(
        "Exit code 0: done; 1: a file could not be read or written; 2: the command line is wrong.\n"
        "Examples:\n"
        "  ask \"Who built the mansion on Hven?\"\n"
        "  ask --dir ~/notes --why ideas.md \"what did I want to try with graphs?\"\n"
        "  ask --corpus notes.tsv --bench questions.tsv\n");
    return o;
}

inline void apply(wishes& all) {
    auto const told = [](runnel::fault const& what) {
        return command::wrong_usage("--set: " + command::sentence_of(what));
    };
    command::set_all(all.settings, all.set);
    if (auto const ok = all.settings.engine.validate(); !ok) throw told(ok.error());
    if (auto const ok = all.settings.cost.validate(); !ok) throw told(ok.error());
    if (auto const ok = all.settings.own.validate(); !ok) throw told(ok.error());
    if (all.top == 0) throw command::wrong_usage("--top takes at least 1");
    if (all.shared.threads == 0 || all.shared.threads > 1024)
        throw command::wrong_usage("--threads takes at least 1 and at most 1024");
    if (!all.folder.empty() && !all.corpus.empty())
        throw command::wrong_usage("--dir and --corpus name two sources of notes; name one");
    if (!all.rankings.empty() && all.bench.empty())
        throw command::wrong_usage("--rankings belongs to --bench");
    if (!all.why.empty() && !all.question) throw command::wrong_usage("--why wants a question");
    if (!all.why.empty() && all.how == method::bm25)
        throw command::wrong_usage("--why is of diffusion; plain search has no ways");
    if (all.learn && all.how == method::bm25)
        throw command::wrong_usage("--learn teaches links; plain search has none");
    if (!all.bench.empty() && (all.learn || !all.events.empty()))
        throw command::wrong_usage(
            "--bench teaches nothing and tells no events: no --learn or --events");
    for (auto const& [option, out] :
         {std::pair{"--events", &all.events}, std::pair{"--rankings", &all.rankings}})
        for (std::string const* in : {&all.corpus, &all.bench}) command::apart(option, *out, *in);
    if (!all.bench.empty() && all.question)
        throw command::wrong_usage("--bench asks the questions of its file, and no other");
}

} // namespace ask
