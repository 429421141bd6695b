// SPDX-License-Identifier: MIT
// Questions one after another, from the command line, a terminal or a pipe, and what is said about their answers.
#pragma once

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <cstdio>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include <fmt/format.h>

#include <runnel/io/closest.hpp>

#include "../command/run.hpp"
#include "asker.hpp"
#include "json.hpp"
#include "learn.hpp"
#include "show.hpp"
#include "web.hpp"
#include "wishes.hpp"

namespace ask {

/// What is shown where nothing is asked: questions that need two notes.
inline constexpr std::string_view tour[]{
    "Lyon's weaver started from a machine left in a museum. What clockwork creature had its "
    "first "
    "builder shown to the "
    "public?",
    "Who fathered the woman that imagined a mill and store of numbers composing music?"};

inline std::string counted(std::size_t n, char const* what) {
    return fmt::format("{} {}{}", n, what, n == 1 ? "" : "s");
}

template <class Asker> class conversation {
public:
    conversation(web& of, Asker& mind, wishes const& all)
        : web_(&of), mind_(&mind), all_(&all), teacher_(of.memory) {}

    void ask_only(std::string_view question) {
        asked_ = question;
        last_ = all_->how == method::bm25 ? mind_->plain(question, all_->top)
                                          : (*mind_)(question, all_->top);
    }
    void answer(std::string_view question) {
        ask_only(question);
        auto const why = [&](std::uint32_t note) { return mind_->why(note); };
        if (all_->json)
            command::print(as_json(*web_, question, last_, all_->how, why));
        else
            command::print(shown(*web_, question, last_, all_->how, width_, why));
    }
    /// Of the last question.
    void explain(std::size_t note) {
        auto const from = mind_->why(note);
        command::print(
            all_->json ? as_json(*web_, asked_, note, from) : explained(*web_, note, from, width_));
    }
    static constexpr char const* understood =
        "why 1: the ways to the first note of the last answer; yes 1, no 2 (with --learn): it was "
        "right, it was wrong; "
        "reset: as if nothing had been taught; quit. All else is a question.";
    /// False: no more of it.
    bool hear(std::string const& line) {
        if (line == "quit" || line == "exit") return false;
        if (line == "help" || line == "?")
            remark(understood);
        else
            act(line);
        return true;
    }

private:
    void act(std::string const& line) {
        std::string word = line.substr(0, line.find(' '));
        std::uint32_t place = 0;
        std::string_view rest{line};
        rest.remove_prefix(std::min(word.size() + 1, rest.size()));
        auto const told = std::from_chars(rest.data(), rest.data() + rest.size(), place);
        bool const numbered = told.ec == std::errc{} && told.ptr == rest.data() + rest.size();
        if (numbered && (word == "why" || word == "yes" || word == "no")) {
            if (word != "why" && !all_->learn) return refuse("start with --learn to teach");
            if (place == 0 || place > last_.found.size())
                return refuse("the last answer has " + counted(last_.found.size(), "note"));
            if (word == "why") return explain(last_.found[place - 1].note);
            return teach(place - 1, word == "yes" ? verdict::right : verdict::wrong);
        }
        if (all_->learn && (word == "yes" || word == "no")) return refuse(understood);
        if (line == "reset") return reset();
        answer(line);
    }
    void teach(std::size_t place, verdict what) {
        std::size_t const links = teacher_.teach(mind_->why(last_.found[place].note), what);
        remark(
            counted(links, "link") + " made " + (what == verdict::right ? "stronger" : "weaker"));
        answer(std::string{asked_});
    }
    void reset() {
        remark(counted(teacher_.forget(), "link") + " as before");
        if (!asked_.empty()) answer(std::string{asked_});
    }
    /// Also where notes are not wanted: nothing was done.
    static void refuse(std::string_view text) { command::note(command::talk::yes, text); }
    void remark(std::string_view text) const { command::note(all_->shared.voice(), text); }

    web* web_;
    Asker* mind_;
    wishes const* all_;
    teacher teacher_;
    std::size_t width_ = command::width(stdout);
    std::string asked_;
    ask::answer last_;
};

inline std::size_t named(web const& of, std::string const& name) {
    std::vector<std::size_t> titled;
    for (std::size_t n = 0; n < of.notes.size(); ++n) {
        if (of.notes[n].id == name) return n;
        if (of.notes[n].title == name) titled.push_back(n);
    }
    if (titled.size() == 1) return titled[0];
    if (!titled.empty())
        throw command::wrong_usage(
            "--why: " + counted(titled.size(), "note") + " have the title " + command::quoted(name)
            + "; give an id, such as " + command::quoted(of.notes[titled[0]].id));
    runnel::io::closest near{name};
    for (auto const& note : of.notes) {
        near.offer(note.id);
        near.offer(note.title);
    }
    throw command::wrong_usage(
        "--why: there is no note " + command::quoted(name)
        + (near.found().empty() ? std::string{}
                                : "; did you mean " + command::quoted(near.found()) + "?"));
}

/// nullopt at the end.
inline std::optional<std::string> next_line() {
    std::string line;
    for (int c = std::getchar();; c = std::getchar()) {
        if (c == EOF && line.empty()) return std::nullopt;
        if (c == EOF || c == '\n') return line;
        if (c != '\r') line += static_cast<char>(c);
    }
}

template <class Asker> void converse(web& of, Asker& mind, wishes const& all) {
    conversation talk{of, mind, all};
    if (all.question) {
        if (all.why.empty()) {
            talk.answer(*all.question);
        } else {
            auto const note = named(of, all.why);
            talk.ask_only(*all.question);
            talk.explain(note);
        }
        if (!all.learn) return;
    }
    bool const terminal = command::is_terminal(stdin);
    bool const built_in = all.folder.empty() && all.corpus.empty();
    auto const show_tour = [&] {
        for (std::string_view const question : tour) {
            if (!all.json) command::print(fmt::format("> {}\n", question));
            talk.answer(question);
            if (!all.json) command::print("\n");
        }
    };
    if (terminal && built_in && !all.question) show_tour();
    if (terminal)
        command::note(
            all.shared.voice(),
            all.learn ? "Ask; or: why 1, yes 1, no 2, reset, help. An empty line ends."
                      : "Ask; or: why 1, help. An empty line ends.");
    bool const echo = !terminal && !all.json; // answers of a pipe tell what was asked
    for (bool first = true;; first = false) {
        if (terminal) {
            std::fflush(stdout);
            std::fputs("> ", stderr);
        }
        auto const line = next_line();
        if (!line && first && built_in && !terminal && !all.question) show_tour();
        if (!line || (line->empty() && terminal)) return;
        if (line->empty()) continue;
        if (echo) command::print("> " + command::visible(*line) + "\n");
        if (!talk.hear(*line)) return;
        if (echo) command::print("\n");
    }
}

} // namespace ask
