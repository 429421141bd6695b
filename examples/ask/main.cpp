// SPDX-License-Identifier: MIT
// Associative memory in one process: ask a question, energy spreads through a graph of notes, and what connects comes
// back, with the way it took.
#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "../command/input.hpp"
#include "../command/output.hpp"
#include "../command/run.hpp"
#include "asker.hpp"
#include "bench.hpp"
#include "conversation.hpp"
#include "corpus.hpp"
#include "web.hpp"
#include "wishes.hpp"

namespace {

constexpr char const* built_in_notes = ASK_DATA "/notes.tsv";

ask::web woven(ask::wishes const& all) {
    auto const begin = std::chrono::steady_clock::now();
    command::progress shown{all.shared.voice()};
    shown.show([] { return std::string{"reading notes"}; });
    ask::left_out none;
    auto notes = !all.folder.empty()
                     ? ask::notes_in(all.folder, none)
                     : ask::notes_of(
                         command::contents(all.corpus.empty() ? built_in_notes : all.corpus),
                         all.corpus.empty() ? built_in_notes : all.corpus);
    auto made = ask::weave(std::move(notes), all.settings.own, [&](std::string_view step) {
        shown.show([&] { return std::string{step}; });
    });
    shown.clear();
    command::note(
        all.shared.voice(),
        fmt::format(
            "{}, {}, {}, woven in {:.2f} s", ask::counted(made.notes.size(), "note"),
            ask::counted(made.phrases.all().size(), "phrase"),
            ask::counted(made.memory.graph.link_count(), "link"),
            std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count()));
    for (auto const& [n, why] :
         {std::pair{none.not_text, "no text"}, std::pair{none.empty, "empty"},
          std::pair{none.unreadable, "not readable"}})
        if (n != 0)
            command::note(all.shared.voice(), ask::counted(n, "file") + " left out: " + why);
    return made;
}

void measured(ask::web const& of, ask::wishes const& all) {
    auto questions = ask::questions_of(command::contents(all.bench), all.bench);
    std::optional<command::output> file;
    if (!all.rankings.empty()) file.emplace(all.rankings);
    auto result = ask::measure(of, all.settings, std::move(questions), all.shared.threads);
    result.how = all.how;
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
    ask::wishes all;
    auto const options = ask::declared(all);
    return command::run(options, argc, argv, [&] {
        all.settings.engine.seed = all.shared.seed_random;
        ask::apply(all);
        if (all.show_settings) return command::show_settings(all.settings);
        auto notes = woven(all);
        if (auto const ok = ask::asker<>::check(notes, all.settings); !ok)
            throw command::wrong_usage("--set: " + command::sentence_of(ok.error()));
        if (!all.bench.empty()) return measured(notes, all);
        if (all.events.empty()) {
            ask::asker<> mind{notes, all.settings};
            return ask::converse(notes, mind, all);
        }
        command::event_file events{all.events};
        ask::asker<runnel::io::json_lines> mind{notes, all.settings, events.lines()};
        ask::converse(notes, mind, all);
        events.close();
    });
}
