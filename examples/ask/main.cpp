// SPDX-License-Identifier: MIT
// Associative memory in one process: ask a question, energy spreads through a graph of notes, and what connects comes
// back, with the way it took.
#include <cerrno>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include <runnel/interop/fmt.hpp>
#include <runnel/io.hpp>

#include "../command/run.hpp"
#include "asker.hpp"
#include "bench.hpp"
#include "corpus.hpp"
#include "json.hpp"
#include "learn.hpp"
#include "show.hpp"
#include "web.hpp"

namespace {

constexpr char const* built_in_notes = ASK_DATA "/notes.tsv";

/// What is shown where nothing is asked: questions that need two notes.
constexpr std::string_view tour[]{
    "Lyon's weaver started from a machine left in a museum. What clockwork creature had its first "
    "builder shown to the "
    "public?",
    "Who fathered the woman that imagined a mill and store of numbers composing music?"};

struct wishes {
    std::string folder;
    std::string corpus;
    std::string bench;
    std::string rankings;
    std::string why;
    std::string events;
    ask::method how = ask::method::both;
    std::uint32_t top = 5;
    std::vector<std::string> set;
    bool learn = false;
    bool json = false;
    std::optional<std::string> question;
    command::shared_options shared;
    ask::settings settings{};
    runnel::preset preset = ask::diffusion();
};

command::options declared(wishes& all) {
    command::options o{
        "ask", "[options] [\"question\"]",
        "Notes become a graph, a question becomes energy, and what lights up comes back with the "
        "ways the energy took. "
        "Without a question it reads them line by line; at a terminal it shows two first."};
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
        {{"both", ask::method::both}, {"stride", ask::method::stride}, {"bm25", ask::method::bm25}},
        {"pagerank"});
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

void apply(wishes& all) {
    auto const told = [](runnel::fault const& what) {
        return command::wrong_usage("--set: " + command::sentence_of(what));
    };
    for (std::string const& one : all.set) {
        std::string_view const text{one};
        runnel::status done;
        if (text.starts_with("ask."))
            done = runnel::io::set(all.settings, text.substr(4));
        else if (text.starts_with("cost."))
            done = runnel::io::set(all.preset.cost, text.substr(5));
        else
            done = runnel::io::set(all.preset.engine, text);
        if (!done) throw told(done.error());
    }
    if (auto const ok = all.preset.engine.validate(); !ok) throw told(ok.error());
    if (auto const ok = all.preset.cost.validate(); !ok) throw told(ok.error());
    if (auto const ok = all.settings.validate(); !ok) throw told(ok.error());
    if (all.top == 0) throw command::wrong_usage("--top takes at least 1");
    if (all.shared.threads == 0) throw command::wrong_usage("--threads takes at least 1");
    if (!all.folder.empty() && !all.corpus.empty())
        throw command::wrong_usage("--dir and --corpus name two sources of notes; name one");
    if (!all.rankings.empty() && all.bench.empty())
        throw command::wrong_usage("--rankings belongs to --bench");
    if (!all.why.empty() && !all.question) throw command::wrong_usage("--why wants a question");
    if (!all.why.empty() && all.how == ask::method::bm25)
        throw command::wrong_usage("--why is of diffusion; plain search has no ways");
    if (!all.bench.empty() && all.question)
        throw command::wrong_usage("--bench asks the questions of its file, and no other");
}

std::string counted(std::size_t n, char const* what) {
    return fmt::format("{} {}{}", n, what, n == 1 ? "" : "s");
}

ask::web woven(wishes const& all) {
    auto const begin = std::chrono::steady_clock::now();
    command::progress shown{all.shared.voice()};
    shown.show([] { return std::string{"reading notes"}; });
    auto notes = !all.folder.empty()
                     ? ask::notes_in(all.folder)
                     : ask::notes_of(
                         command::contents(all.corpus.empty() ? built_in_notes : all.corpus),
                         all.corpus.empty() ? built_in_notes : all.corpus);
    auto made = ask::weave(std::move(notes), all.settings, [&](std::string_view step) {
        shown.show([&] { return std::string{step}; });
    });
    shown.clear();
    command::note(
        all.shared.voice(),
        fmt::format(
            "{}, {}, {}, woven in {:.2f} s", counted(made.notes.size(), "note"),
            counted(made.phrases.all().size(), "phrase"),
            counted(made.memory.graph.link_count(), "link"),
            std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count()));
    return made;
}

/// A file that is written, and told of when it cannot be.
class output {
public:
    explicit output(std::string path)
        : path_(std::move(path)), file_(std::fopen(path_.c_str(), "wb")) {
        if (file_ == nullptr) fail();
    }
    output(output const&) = delete;
    output& operator=(output const&) = delete;
    ~output() {
        if (file_ != nullptr) std::fclose(file_);
    }
    void write(std::string_view text) {
        if (std::fwrite(text.data(), 1, text.size(), file_) != text.size()) fail();
    }
    void close() {
        if (std::fclose(std::exchange(file_, nullptr)) != 0) fail();
    }
    [[noreturn]] void fail() const { throw command::failure(path_ + ": " + std::strerror(errno)); }
    [[nodiscard]] std::FILE* file() const noexcept { return file_; }

private:
    std::string path_;
    std::FILE* file_;
};

/// Questions one after another, and what is said about their answers.
template <class Asker> class conversation {
public:
    conversation(ask::web& of, Asker& mind, wishes const& all)
        : web_(&of), mind_(&mind), all_(&all), teacher_(of.memory) {}

    void ask_only(std::string_view question) {
        asked_ = question;
        last_ = (*mind_)(question, all_->top);
    }
    void answer(std::string_view question) {
        ask_only(question);
        auto const why = [&](std::uint32_t note) { return mind_->why(note); };
        if (all_->json)
            command::print(ask::as_json(*web_, question, last_, all_->how, why));
        else
            command::print(ask::shown(*web_, last_, all_->how, why));
    }
    /// Of the last question.
    void explain(std::size_t note) {
        auto const from = mind_->why(note);
        command::print(
            all_->json ? ask::as_json(*web_, asked_, note, from)
                       : ask::explained(*web_, note, from));
    }
    /// Understands `why 2`, `yes 1`, `no 2`, `reset`; what is none of these is a question.
    void hear(std::string const& line) {
        std::string word = line.substr(0, line.find(' '));
        std::uint32_t place = 0;
        std::string_view rest{line};
        rest.remove_prefix(std::min(word.size() + 1, rest.size()));
        auto const told = std::from_chars(rest.data(), rest.data() + rest.size(), place);
        bool const numbered = told.ec == std::errc{} && told.ptr == rest.data() + rest.size();
        if (numbered && (word == "why" || word == "yes" || word == "no")) {
            if (place == 0 || place > last_.found.size())
                return remark("the last answer has " + counted(last_.found.size(), "note"));
            if (word == "why") return explain(last_.found[place - 1].note);
            return teach(place - 1, word == "yes" ? ask::verdict::right : ask::verdict::wrong);
        }
        if (line == "reset") return reset();
        answer(line);
    }

private:
    void teach(std::size_t place, ask::verdict what) {
        if (!all_->learn) return remark("start with --learn to teach");
        std::size_t const links = teacher_.teach(mind_->why(last_.found[place].note), what);
        remark(
            counted(links, "link") + " made "
            + (what == ask::verdict::right ? "stronger" : "weaker"));
        answer(std::string{asked_});
    }
    void reset() {
        remark(counted(teacher_.forget(), "link") + " as before");
        if (!asked_.empty()) answer(std::string{asked_});
    }
    void remark(std::string_view text) const { command::note(all_->shared.voice(), text); }

    ask::web* web_;
    Asker* mind_;
    wishes const* all_;
    ask::teacher teacher_;
    std::string asked_;
    ask::answer last_;
};

std::size_t named(ask::web const& of, std::string const& name) {
    for (std::size_t n = 0; n < of.notes.size(); ++n)
        if (of.notes[n].id == name || of.notes[n].title == name) return n;
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
std::optional<std::string> next_line() {
    std::string line;
    for (int c = std::getchar();; c = std::getchar()) {
        if (c == EOF && line.empty()) return std::nullopt;
        if (c == EOF || c == '\n') return line;
        if (c != '\r') line += static_cast<char>(c);
    }
}

template <class Asker> void converse(ask::web& of, Asker& mind, wishes const& all) {
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
            all.shared.voice(), all.learn
                                    ? "Ask; or: why 1, yes 1, no 2, reset. An empty line ends."
                                    : "Ask; or: why 1. An empty line ends.");
    for (bool first = true;; first = false) {
        if (terminal) {
            std::fflush(stdout);
            std::fputs("> ", stderr);
        }
        auto const line = next_line();
        if (!line && first && built_in && !terminal && !all.question) show_tour();
        if (!line || (line->empty() && terminal)) return;
        if (!line->empty()) talk.hear(*line);
    }
}

void measured(ask::web const& of, wishes const& all) {
    std::optional<output> file;
    if (!all.rankings.empty()) file.emplace(all.rankings);
    auto const result = ask::measure(
        of, all.settings, all.preset, ask::questions_of(command::contents(all.bench), all.bench),
        all.shared.threads);
    if (file) {
        file->write(ask::rankings(of, result));
        file->close();
    }
    command::print(
        all.json ? ask::as_json(result, all.shared.seed_random)
                 : ask::as_table(result, all.shared.seed_random));
}

} // namespace

int main(int argc, char** argv) {
    wishes all;
    auto const options = declared(all);
    return command::run(options, argc, argv, [&] {
        all.preset.engine.seed = all.shared.seed_random;
        apply(all);
        auto notes = woven(all);
        if (auto const ok = ask::asker<>::check(notes, all.preset); !ok)
            throw command::wrong_usage("--set: " + command::sentence_of(ok.error()));
        if (!all.bench.empty()) return measured(notes, all);
        if (all.events.empty()) {
            ask::asker<> mind{notes, all.settings, all.preset};
            return converse(notes, mind, all);
        }
        output file{all.events};
        runnel::io::json_lines lines{file.file()};
        ask::asker<runnel::io::json_lines> mind{notes, all.settings, all.preset, lines};
        converse(notes, mind, all);
        if (!lines.finish()) file.fail();
        file.close();
    });
}
