// SPDX-License-Identifier: MIT
// diffuse GRAPH --seed NODE: energy flows along the links of a file. `diffuse --help` says the rest.
#include <string>
#include <string_view>

#include "../command/run.hpp"
#include "flow.hpp"
#include "load.hpp"
#include "plan.hpp"
#include "show.hpp"
#include "wishes.hpp"

namespace {

void run(diffuse::wishes const& wishes) {
    auto const settings = diffuse::settings_of(wishes);
    if (wishes.show_settings) return command::show_settings(settings);
    auto const first = diffuse::first_plan(wishes);
    command::talk const voice = wishes.shared.voice();

    command::progress progress{voice};
    progress.show([&] { return "reading " + *wishes.graph; });
    auto const file = diffuse::load(*wishes.graph, wishes);
    progress.clear();

    diffuse::labels const nodes{file.built.graph, file.first};
    auto const plan = diffuse::whole_plan(first, wishes, nodes);
    diffuse::printer printer{wishes, plan, nodes};
    diffuse::noticed seen;
    auto const books = diffuse::flow(file.built, settings, plan, wishes, printer, seen);
    printer.end(file.built.graph, books);

    if (seen.rounded_to_zero > 0)
        command::note(voice, "diffuse: an amount below 2^-41 is no energy at all");
    if (plan.ticks > 0 && !seen.moved)
        command::note(
            voice, seen.out_of_reach
                       ? "diffuse: nothing moved: all energy together is below every threshold; "
                         "seed more, or say --set threshold=0.001"
                       : "diffuse: nothing moved");
    command::note(voice, "diffuse: " + books.line());
}

} // namespace

int main(int argc, char** argv) {
    diffuse::wishes wishes;
    auto const line = diffuse::command_line(wishes);
    return command::run(line, argc, argv, [&] { run(wishes); });
}
