// SPDX-License-Identifier: MIT
// --set KEY=VALUE and --show-settings, for any config whose fields can be walked.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <runnel/core/reflect.hpp>
#include <runnel/io/closest.hpp>
#include <runnel/io/settings.hpp>

#include "run.hpp"

namespace command {

/// In the order given.
template <runnel::has_fields Config>
void set_all(Config& to, std::vector<std::string> const& wishes) {
    namespace io = runnel::io;
    for (std::string const& wish : wishes) {
        std::size_t const equals = wish.find('=');
        if (equals == std::string::npos || equals == 0)
            throw wrong_usage("--set takes KEY=VALUE, not " + command::quoted(wish));
        std::string_view const name = std::string_view{wish}.substr(0, equals);
        std::string_view const text = std::string_view{wish}.substr(equals + 1);
        auto const ok = io::set(to, name, text);
        if (ok) continue;
        if (!ok.error().is(io::faults::unknown_setting)) {
            std::string_view sentence = ok.error().sentence(); // "this setting takes a number"
            sentence.remove_prefix(std::string_view{"this setting"}.size());
            throw wrong_usage(
                "--set: " + std::string{name} + std::string{sentence} + ", not "
                + command::quoted(text));
        }
        io::closest near{name};
        io::for_each_setting(
            to, [&](std::string_view known, std::string_view) { near.offer(known); });
        throw wrong_usage(
            "--set: there is no setting " + command::quoted(name)
            + (near.found().empty() ? "; --show-settings lists them"
                                    : "; did you mean " + near.found() + "?"));
    }
}
/// As --set takes them.
template <runnel::has_fields Config> void show_settings(Config const& all) {
    std::string out;
    runnel::io::for_each_setting(all, [&](std::string_view name, std::string_view text) {
        out.append(name).append("=").append(text) += '\n';
    });
    print(out);
}

} // namespace command
